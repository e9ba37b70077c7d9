//! Writing to the terminal without waiting for it.
//!
//! A terminal that does not read, because its connection stalls or its window hangs, fills up after some pictures, and a
//! plain write would then wait for as long as that lasts, deaf to every key and signal. So bytes are written as far as
//! there is room; what is left waits here, and no further picture is made before it is gone.

#[cfg(unix)]
mod unix {
    use std::fs::{File, OpenOptions};
    use std::io::{self, Write};
    use std::os::fd::{AsFd, BorrowedFd};
    use std::os::unix::fs::OpenOptionsExt;
    use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::fs::OFlags;
    use rustix::termios::QueueSelector;

    /// How long a terminal that is full may take to read on before what it has not read is thrown away.
    const PATIENCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };

    static OUTPUT: Mutex<Output> = Mutex::new(Output { open: false, waiting: Vec::new() });

    /// A way to the terminal that never waits. Without one, standard output has to do.
    static WAY: OnceLock<Option<File>> = OnceLock::new();

    struct Output {
        /// The screen is ours.
        open: bool,
        /// What there was no room for yet.
        waiting: Vec<u8>,
    }

    /// The terminal's screen, to be written to; nothing reaches it while it is not ours.
    pub struct Screen;

    impl Write for Screen {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut output = output();
            if output.open {
                output.waiting.extend_from_slice(bytes);
            }
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            output().push()
        }
    }

    fn output() -> MutexGuard<'static, Output> {
        OUTPUT.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on the screen is ours.
    pub fn open() {
        let mut output = output();
        output.open = true;
        output.waiting.clear();
    }

    /// The terminal, where it has not taken all of the last picture yet.
    pub fn behind() -> Option<BorrowedFd<'static>> {
        (!output().waiting.is_empty()).then(terminal)
    }

    /// Writes `last` in the place of everything that waits; nothing reaches the terminal after it. Where the terminal does
    /// not read, what it has not read makes room.
    pub fn close(last: &[u8]) {
        let mut output = output();
        for _ in 0..2 {
            output.waiting.clear();
            output.waiting.extend_from_slice(last);
            if output.drain() {
                break;
            }
            let _ = rustix::termios::tcflush(terminal(), QueueSelector::OFlush);
        }
        output.waiting.clear();
        output.open = false;
    }

    fn terminal() -> BorrowedFd<'static> {
        WAY.get_or_init(way).as_ref().map_or(rustix::stdio::stdout(), AsFd::as_fd)
    }

    /// Opens the terminal once more: a flag on standard output would be there for the shell and everybody else too.
    fn way() -> Option<File> {
        let never_wait = (OFlags::NONBLOCK | OFlags::NOCTTY).bits() as i32;
        let open = |path: &str| OpenOptions::new().write(true).custom_flags(never_wait).open(path).ok();
        // The terminal may be one whose file belongs to somebody else, as after `su`.
        open("/proc/self/fd/1").or_else(|| {
            let is_ours = rustix::termios::tcgetpgrp(rustix::stdio::stdout()).is_ok();
            is_ours.then(|| open("/dev/tty")).flatten()
        })
    }

    impl Output {
        /// Writes as much as there is room for.
        fn push(&mut self) -> io::Result<()> {
            while !self.waiting.is_empty() {
                match rustix::io::write(terminal(), &self.waiting) {
                    Ok(count) => drop(self.waiting.drain(..count)),
                    Err(rustix::io::Errno::INTR) => {}
                    Err(rustix::io::Errno::AGAIN) => break,
                    Err(error) => return Err(error.into()),
                }
            }
            Ok(())
        }

        /// Writes everything, unless the terminal does not read; whether it is written.
        fn drain(&mut self) -> bool {
            loop {
                match self.push() {
                    Ok(()) if self.waiting.is_empty() => return true,
                    Ok(()) => {}
                    // A terminal that is gone takes nothing, whatever else is tried.
                    Err(_) => return true,
                }
                let mut fds = [PollFd::from_borrowed_fd(terminal(), PollFlags::OUT)];
                match poll(&mut fds, Some(&PATIENCE)) {
                    Ok(0) => return false,
                    Ok(_) | Err(rustix::io::Errno::INTR) => {}
                    Err(_) => return true,
                }
            }
        }
    }
}

#[cfg(unix)]
pub use unix::{Screen, behind, close, open};

#[cfg(not(unix))]
mod elsewhere {
    use std::io::{self, Write};

    /// The terminal's screen, to be written to.
    pub struct Screen;

    impl Write for Screen {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            io::stdout().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            io::stdout().flush()
        }
    }

    pub fn open() {}

    pub fn behind() -> Option<()> {
        None
    }

    pub fn close(last: &[u8]) {
        let _ = io::stdout().write_all(last).and_then(|()| io::stdout().flush());
    }
}

#[cfg(not(unix))]
pub use elsewhere::{Screen, behind, close, open};
