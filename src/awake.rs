//! Keeps the display awake while a session is open.
//!
//! On Linux the desktop is asked through the session bus, by the interface that browsers use while a film plays
//! (`org.freedesktop.ScreenSaver`); it holds for as long as the connection stays open, so that a program that was killed
//! keeps nothing awake. On macOS a program of the system does it (`caffeinate`). A thread that ends with the answer asks,
//! and nobody waits for it. Where there is no desktop, no bus or no answer, nothing is different from a machine that
//! never sleeps.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// The wish that the display stay awake.
pub struct Awake {
    wanted: bool,
    state: Arc<Mutex<State<desktop::Held>>>,
}

impl Awake {
    /// Nothing is asked of the desktop yet; and never, where it is not `wanted`.
    pub fn new(wanted: bool) -> Awake {
        Awake { wanted, state: Arc::default() }
    }

    /// A session begins.
    pub fn hold(&self) {
        if !(self.wanted && with(&self.state, State::hold)) {
            return;
        }
        let state = Arc::clone(&self.state);
        let ask = move || {
            let held = desktop::ask();
            let _ = with(&state, |state| state.answered(held));
        };
        if thread::Builder::new().name("awake".to_owned()).spawn(ask).is_err() {
            with(&self.state, |state| state.answered(None));
        }
    }

    /// The session is over.
    pub fn release(&self) {
        let _ = with(&self.state, State::release);
    }
}

fn with<Held, T>(state: &Mutex<State<Held>>, change: impl FnOnce(&mut State<Held>) -> T) -> T {
    // What a thread that panicked has left is whole: no change takes two steps.
    change(&mut state.lock().unwrap_or_else(PoisonError::into_inner))
}

/// What is wished for, and what was got.
struct State<Held> {
    wished: bool,
    /// A thread is at it.
    asking: bool,
    held: Option<Held>,
}

impl<Held> Default for State<Held> {
    fn default() -> State<Held> {
        State { wished: false, asking: false, held: None }
    }
}

impl<Held> State<Held> {
    /// It is wished for; tells whether somebody has to ask.
    fn hold(&mut self) -> bool {
        self.wished = true;
        let ask = self.held.is_none() && !self.asking;
        self.asking |= ask;
        ask
    }

    /// It is wished for no more; what is returned is to be let go.
    fn release(&mut self) -> Option<Held> {
        self.wished = false;
        self.held.take()
    }

    /// Whoever asked has got this; what is returned is to be let go.
    fn answered(&mut self, held: Option<Held>) -> Option<Held> {
        self.asking = false;
        if self.wished { std::mem::replace(&mut self.held, held) } else { held }
    }
}

#[cfg(target_os = "linux")]
mod desktop {
    use std::time::Duration;

    use rustbus::MessageBuilder;
    use rustbus::connection::ll_conn::{DuplexConn, force_finish_on_error};
    use rustbus::connection::{Error, Timeout, get_session_bus_path};

    /// The connection that keeps the display on while it is open.
    pub type Held = DuplexConn;

    /// How long the bus may take for an answer; nothing but this thread waits for it.
    const PATIENCE: Timeout = Timeout::Duration(Duration::from_secs(5));

    /// Asks the desktop to leave the display on until the returned connection is closed.
    pub fn ask() -> Option<Held> {
        connect().ok()
    }

    fn connect() -> Result<DuplexConn, Error> {
        let mut bus = DuplexConn::connect_to_bus(get_session_bus_path()?, false)?;
        bus.send_hello(PATIENCE)?;
        let mut call = MessageBuilder::new()
            .call("Inhibit")
            .on("/org/freedesktop/ScreenSaver")
            .with_interface("org.freedesktop.ScreenSaver")
            .at("org.freedesktop.ScreenSaver")
            .build();
        call.body.push_param2("dorsi", "a training session")?;
        // Its answer would be a number with which to end it; closing the connection ends it too.
        bus.send.send_message(&call)?.write_all().map_err(force_finish_on_error)?;
        Ok(bus)
    }
}

#[cfg(target_os = "macos")]
mod desktop {
    pub use super::program::Held;

    /// Has the system's own program leave the display on; `-w` ends it with this one, even one that was killed.
    pub fn ask() -> Option<Held> {
        super::program::hold("caffeinate", &["-d", "-w", &std::process::id().to_string()])
    }
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
mod desktop {
    /// Nothing that could be let go of.
    pub struct Held;

    pub fn ask() -> Option<Held> {
        None
    }
}

#[cfg(any(target_os = "macos", test))]
mod program {
    use std::process::{Child, Command, Stdio};

    /// A program that runs for as long as this is held.
    pub struct Held(pub Child);

    /// Starts `program`; `None` where there is none.
    pub fn hold(program: &str, arguments: &[&str]) -> Option<Held> {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().ok().map(Held)
    }

    impl Drop for Held {
        fn drop(&mut self) {
            // It may have ended already.
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_asked_for_once_however_often_it_is_wished_and_let_go_at_the_end() {
        let mut state = State::default();
        assert!(state.hold(), "somebody has to ask");
        assert!(!state.hold(), "somebody is at it");
        assert_eq!(state.answered(Some("held")), None);
        assert!(!state.hold(), "it is held");
        assert_eq!(state.release(), Some("held"));
        assert_eq!(state.release(), None);
        assert!(state.hold());
    }

    #[test]
    fn an_answer_that_comes_too_late_is_let_go_at_once_and_no_answer_is_asked_for_again() {
        let mut state = State::default();
        assert!(state.hold());
        assert_eq!(state.release(), None);
        assert_eq!(state.answered(Some("late")), Some("late"));
        assert!(state.hold());
        assert_eq!(state.answered(None), None);
        assert!(state.hold(), "there was no answer");
        // Let go and wished for again while somebody asks: one answer does for both.
        assert_eq!(state.release(), None);
        assert!(!state.hold());
        assert_eq!((state.answered(Some("held")), state.held), (None, Some("held")));
    }

    #[test]
    fn a_program_that_holds_ends_when_it_is_let_go_and_one_that_is_missing_costs_nothing() {
        let mut held = program::hold("sleep", &["600"]).expect("sleep");
        assert!(matches!(held.0.try_wait(), Ok(None)), "it runs");
        drop(held);
        assert!(program::hold("a-program-that-nobody-has", &[]).is_none());
    }

    #[test]
    fn where_it_is_not_wanted_nobody_asks() {
        let awake = Awake::new(false);
        awake.hold();
        assert!(!with(&awake.state, |state| state.wished || state.asking));
    }
}
