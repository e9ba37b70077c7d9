//! Keeps what libraries write to standard error off the picture.
//!
//! ALSA reports every missing device there, twenty lines at a time. From the first picture on the stream goes to the log, or
//! nowhere without one, also where it leads to a file; it is back before a panic or an error is reported.

#[cfg(unix)]
mod unix {
    use std::fs::OpenOptions;
    use std::os::fd::OwnedFd;
    use std::sync::Mutex;

    static SAVED: Mutex<Option<OwnedFd>> = Mutex::new(None);

    pub fn hide() {
        let Ok(mut saved) = SAVED.lock() else { return };
        if saved.is_some() {
            return;
        }
        let nowhere = || OpenOptions::new().write(true).open("/dev/null").ok();
        let Some(elsewhere) = crate::logging::file().or_else(nowhere) else { return };
        if let Ok(copy) = rustix::io::dup(rustix::stdio::stderr())
            && rustix::stdio::dup2_stderr(elsewhere).is_ok()
        {
            *saved = Some(copy);
        }
    }

    pub fn show() {
        let Ok(mut saved) = SAVED.lock() else { return };
        if let Some(copy) = saved.take() {
            let _ = rustix::stdio::dup2_stderr(copy);
        }
    }
}

#[cfg(unix)]
pub use unix::{hide, show};

#[cfg(not(unix))]
pub fn hide() {}

#[cfg(not(unix))]
pub fn show() {}
