//! A log for whoever looks for the cause of a fault: a file that is written only where one is asked for.
//!
//! A line is `MILLISECONDS ms WALL-TIME LEVEL WHAT`. It says what kind of thing happened, and never what was typed, noted
//! or configured; what it repeats of a session is kind, place and time of its events. The home folder is written as `~`.
//! Lines of another form are what libraries write to standard error meanwhile.

use std::fmt::Debug;
use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::OnceLock;
use std::time::Instant;

use log::{Level, LevelFilter, Metadata, Record};

/// The environment variable that names the file where no argument does.
pub const VARIABLE: &str = "DORSI_LOG";

static SINK: OnceLock<Sink> = OnceLock::new();

struct Sink {
    file: File,
    began: Instant,
    home: Option<String>,
}

/// Has everything from now on logged at the end of the file at `path`, which only its owner can read when it is new.
///
/// # Errors
/// When the file can't be opened for writing.
pub fn start(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // A pipe that nobody reads would be waited for at its opening, and when it is full.
        options.mode(0o600).custom_flags(rustix::fs::OFlags::NONBLOCK.bits() as i32);
    }
    let home = std::env::home_dir().map(|home| home.display().to_string()).filter(|home| home.len() > 1);
    let file = options.open(path)?;
    if file.is_terminal() {
        return Err(io::Error::other("it is a terminal; a log there would stand between what is shown"));
    }
    #[expect(clippy::disallowed_methods, reason = "a log is for telling when")]
    let sink = Sink { file, began: Instant::now(), home };
    if log::set_logger(SINK.get_or_init(|| sink)).is_ok() {
        log::set_max_level(LevelFilter::Info);
    }
    Ok(())
}

/// The file that is logged to, for what libraries write by themselves.
pub fn file() -> Option<File> {
    SINK.get()?.file.try_clone().ok()
}

/// What kind of thing `value` is: the first word of its `Debug` form, without anything that it holds.
pub fn kind(value: &impl Debug) -> String {
    let mut text = format!("{value:?}");
    text.truncate(text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len()));
    text
}

impl Sink {
    /// `text` on one line, and without the name of the home folder.
    fn fitted(&self, text: &str) -> String {
        let text = crate::text::clean(text);
        match &self.home {
            Some(home) => text.replace(home.as_str(), "~"),
            None => text,
        }
    }
}

impl log::Log for Sink {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= Level::Warn || metadata.target().starts_with("dorsi")
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        #[expect(clippy::disallowed_methods, reason = "a log is for telling when")]
        let wall = jiff::Zoned::now().strftime("%FT%T%.3f%:z").to_string();
        let what = self.fitted(&record.args().to_string());
        let millis = self.began.elapsed().as_millis();
        // One write, so that lines of several threads don't mix; a log that can't be written must not disturb a session.
        let _ = (&self.file).write_all(format!("{millis} ms {wall} {} {what}\n", record.level()).as_bytes());
    }

    fn flush(&self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_holds_nothing_of_the_value() {
        #[derive(Debug)]
        enum Thing {
            Note(#[expect(dead_code, reason = "only its Debug form is of interest")] &'static str),
            Measured {
                #[expect(dead_code, reason = "only its Debug form is of interest")]
                reading: u8,
            },
            Bare,
        }
        assert_eq!(kind(&Thing::Note("secret")), "Note");
        assert_eq!(kind(&Thing::Measured { reading: 7 }), "Measured");
        assert_eq!(kind(&Thing::Bare), "Bare");
    }

    #[test]
    fn a_line_is_one_line_without_the_home_folder() {
        let sink = Sink {
            file: tempfile::tempfile().expect("a file"),
            #[expect(clippy::disallowed_methods, reason = "a log is for telling when")]
            began: Instant::now(),
            home: Some("/home/anna".to_owned()),
        };
        assert_eq!(sink.fitted("/home/anna/x.sqlite3: no\n\x1b[2Jspace"), "~/x.sqlite3: no [2Jspace");
    }
}
