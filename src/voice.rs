//! The voice: one program at a time that says one thing, in a thread of its own.
//!
//! Nobody waits for it. What is newer cuts off what is being said; what could not be said soon is not said at all.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use crate::config;

/// How often it is looked whether a program has said what it was given.
const LOOK: Duration = Duration::from_millis(50);

/// A program that still speaks after so long hangs.
const LONGEST: Duration = Duration::from_secs(15);

/// What could not be said for so long is no longer true.
const STALE: Duration = Duration::from_millis(1500);

/// How long the end of the program waits for the voice to end.
const PATIENCE: Duration = Duration::from_millis(200);

/// After so many failures in a row nothing more is tried.
const FAILURES: u32 = 3;

/// What stands for the text among the arguments.
const TEXT: &str = "{text}";

/// What stands for its language among those of the system's programs, of which some would read all of it as English.
const LANGUAGE: &str = "{language}";

enum Order {
    Say(String, Instant),
    Hush,
}

/// The voice.
#[derive(Debug)]
pub struct Voice {
    orders: Option<Sender<Order>>,
    missing: Arc<AtomicBool>,
    /// Closed when the thread has ended.
    ended: Receiver<()>,
}

impl Voice {
    /// A voice as it is configured, for texts in `language`; one that is off has no thread. `on_change` is called from there when
    /// [`Voice::is_missing`] has changed.
    pub fn start(settings: &config::Voice, language: &str, on_change: impl Fn() + Send + 'static) -> Voice {
        let missing = Arc::new(AtomicBool::new(false));
        let (end, ended) = mpsc::channel();
        if !settings.on {
            return Voice { orders: None, missing, ended };
        }
        let Some(command) = command(settings, language) else {
            missing.store(true, Ordering::Relaxed);
            return Voice { orders: None, missing, ended };
        };
        let (orders, inbox) = mpsc::channel();
        let speaker = Speaker { command, speaking: None, failures: 0, missing: missing.clone(), on_change, _end: end };
        let thread = thread::Builder::new().name("voice".to_owned()).spawn(move || speaker.run(&inbox));
        missing.store(thread.is_err(), Ordering::Relaxed);
        Voice { orders: thread.ok().map(|_| orders), missing, ended }
    }

    /// Says `text` now, instead of what is being said.
    pub fn say(&self, text: String) {
        self.tell(Order::Say(text, now()));
    }

    /// Says no more.
    pub fn hush(&self) {
        self.tell(Order::Hush);
    }

    fn tell(&self, order: Order) {
        if let Some(orders) = &self.orders {
            // The thread has given up, which is told elsewhere.
            let _ = orders.send(order);
        }
    }

    /// Ends what is being said, and the voice with it; returns within 200 ms.
    pub fn quit(self) {
        drop(self.orders);
        let _ = self.ended.recv_timeout(PATIENCE);
    }

    /// Whether a voice is wanted, and there is none.
    pub fn is_missing(&self) -> bool {
        self.missing.load(Ordering::Relaxed)
    }
}

/// The program that speaks and its arguments: the configured one, or the first of the system's that is there, told to speak
/// `language`, such as "en".
pub fn command(settings: &config::Voice, language: &str) -> Option<Vec<String>> {
    if !settings.command.is_empty() {
        return Some(settings.command.clone());
    }
    let found = SYSTEM.iter().find(|command| find(command[0]).is_some())?;
    Some(in_language(found, language))
}

#[cfg(not(any(target_os = "macos", windows)))]
const SYSTEM: &[&[&str]] = &[
    &["espeak-ng", "-v", LANGUAGE, "--", TEXT],
    &["spd-say", "--wait", "-l", LANGUAGE, "--", TEXT],
    &["espeak", "-v", LANGUAGE, "--", TEXT],
];

#[cfg(target_os = "macos")]
const SYSTEM: &[&[&str]] = &[&["say", "--", TEXT]];

#[cfg(windows)]
const SYSTEM: &[&[&str]] = &[&[
    "powershell.exe",
    "-NoProfile",
    "-NonInteractive",
    "-Command",
    "Add-Type -AssemblyName System.Speech; \
     (New-Object System.Speech.Synthesis.SpeechSynthesizer).Speak([Console]::In.ReadToEnd())",
]];

/// A command of the system's, told to speak `language`; how that is spoken in one country not every program knows.
fn in_language(command: &[&str], language: &str) -> Vec<String> {
    let (language, _) = language.split_once('-').unwrap_or((language, ""));
    command.iter().map(|word| word.replace(LANGUAGE, language)).collect()
}

/// The file of the program `name`, which is looked for as a shell would.
pub fn find(name: &str) -> Option<PathBuf> {
    if Path::new(name).components().count() > 1 {
        return Some(PathBuf::from(name)).filter(|path| path.is_file());
    }
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| path.is_file())
}

struct Speaker<F> {
    command: Vec<String>,
    /// The program that speaks, since when.
    speaking: Option<(Child, Instant)>,
    failures: u32,
    missing: Arc<AtomicBool>,
    on_change: F,
    _end: Sender<()>,
}

impl<F: Fn()> Speaker<F> {
    /// Runs until there is nobody to give orders, or nothing that follows them.
    fn run(mut self, inbox: &Receiver<Order>) {
        while self.failures < FAILURES {
            let order = match self.speaking {
                Some(_) => inbox.recv_timeout(LOOK),
                None => inbox.recv().map_err(RecvTimeoutError::from),
            };
            match order {
                Ok(first) => {
                    let newest = inbox.try_iter().last().unwrap_or(first);
                    self.cut_off();
                    if let Order::Say(text, since) = newest
                        && since.elapsed() < STALE
                    {
                        self.say(&text);
                    }
                }
                Err(RecvTimeoutError::Timeout) => self.look(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        self.cut_off();
    }

    fn say(&mut self, text: &str) {
        match start(&self.command, text) {
            Ok(child) => self.speaking = Some((child, now())),
            Err(_) => {
                // A program that is not there will not be there next time.
                self.failures = FAILURES;
                self.set_missing(true);
            }
        }
    }

    fn look(&mut self) {
        let Some((child, began)) = &mut self.speaking else { return };
        let success = match child.try_wait() {
            Ok(None) if began.elapsed() < LONGEST => return,
            Ok(Some(status)) => status.success(),
            Ok(None) | Err(_) => false,
        };
        self.cut_off();
        self.failures = if success { 0 } else { self.failures + 1 };
        self.set_missing(!success);
    }

    fn set_missing(&self, missing: bool) {
        if self.missing.swap(missing, Ordering::Relaxed) != missing {
            (self.on_change)();
        }
    }

    fn cut_off(&mut self) {
        let Some((mut child, _)) = self.speaking.take() else { return };
        if matches!(child.try_wait(), Ok(Some(_))) {
            return;
        }
        end_group(&child);
        let _ = child.kill();
        // It was killed, so that this takes no time worth mentioning.
        let _ = child.wait();
    }
}

/// Starts the program that says `text`.
fn start(command: &[String], text: &str) -> std::io::Result<Child> {
    let (program, arguments) = command.split_first().ok_or(std::io::ErrorKind::NotFound)?;
    let in_arguments = arguments.iter().any(|argument| argument.contains(TEXT));
    let mut started = Command::new(program);
    started
        .args(arguments.iter().map(|argument| argument.replace(TEXT, text)))
        .stdin(if in_arguments { Stdio::null() } else { Stdio::piped() })
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    own_group(&mut started);
    let mut child = started.spawn()?;
    if let Some(mut input) = child.stdin.take() {
        // A few words always fit into a pipe; a program that does not read them fails by itself.
        let _ = input.write_all(text.as_bytes());
    }
    Ok(child)
}

/// A group of its own: what the program starts in turn falls silent with it, and Ctrl-C in the terminal is not for it.
#[cfg(unix)]
fn own_group(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(not(unix))]
fn own_group(_command: &mut Command) {}

#[cfg(unix)]
fn end_group(child: &Child) {
    if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
}

#[cfg(not(unix))]
fn end_group(_child: &Child) {}

#[expect(clippy::disallowed_methods, reason = "what is said is said now or not at all")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voice_that_is_off_costs_nothing_and_misses_nothing() {
        let voice = Voice::start(&config::Voice { on: false, command: vec!["nothing".to_owned()] }, "en", || {});
        assert!(voice.orders.is_none() && !voice.is_missing());
        voice.say("one".to_owned());
    }

    #[test]
    fn a_program_of_the_system_is_told_the_language() {
        let told = in_language(&["espeak-ng", "-v", LANGUAGE, "--", TEXT], "de-AT");
        assert_eq!(told, ["espeak-ng", "-v", "de", "--", TEXT]);
        #[cfg(target_os = "linux")]
        assert!(SYSTEM.iter().all(|command| command.contains(&LANGUAGE)));
    }

    #[test]
    fn a_configured_program_is_taken_as_it_stands() {
        let mine = vec!["mine".to_owned(), "--loud".to_owned()];
        assert_eq!(command(&config::Voice { on: true, command: mine.clone() }, "de"), Some(mine));
    }

    #[test]
    fn programs_are_found_by_name_and_by_path() {
        let this = std::env::current_exe().unwrap();
        assert_eq!(find(&this.display().to_string()), Some(this));
        assert_eq!(find("/nowhere/speech"), None);
        assert_eq!(find("a-program-that-nobody-has"), None);
    }
}
