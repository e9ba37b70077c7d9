//! Keeps the display awake while a session is open.
//!
//! On Linux the desktop is asked through the session bus, by the interface that browsers use while a film plays
//! (`org.freedesktop.ScreenSaver`); it holds for as long as the connection stays open, so that a program that was killed
//! keeps nothing awake. On macOS a program of the system does it (`caffeinate`). It happens in a thread of its own that nobody waits for. Where there is no desktop, no bus or
//! no answer, nothing is different from a machine that never sleeps.

use std::sync::mpsc;
use std::thread;

/// The wish that the display stay awake.
#[derive(Debug)]
pub struct Awake {
    wanted: bool,
    thread: Option<mpsc::Sender<Wish>>,
}

/// What the thread is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Hold,
    Release,
}

impl Awake {
    /// Nothing is asked of the desktop yet; and never, where it is not `wanted`.
    pub fn new(wanted: bool) -> Awake {
        Awake { wanted, thread: None }
    }

    /// A session begins.
    pub fn hold(&mut self) {
        if !self.wanted {
            return;
        }
        if self.thread.is_none() {
            let (sender, wishes) = mpsc::channel();
            let spawned = thread::Builder::new().name("awake".to_owned()).spawn(move || follow(&wishes, desktop::ask));
            self.thread = spawned.is_ok().then_some(sender);
        }
        self.tell(Wish::Hold);
    }

    /// The session is over.
    pub fn release(&self) {
        self.tell(Wish::Release);
    }

    fn tell(&self, wish: Wish) {
        if let Some(thread) = &self.thread {
            let _ = thread.send(wish);
        }
    }
}

/// Holds what `ask` returns for as long as it is wished for, until nobody can wish any more.
fn follow<Held>(wishes: &mpsc::Receiver<Wish>, ask: impl Fn() -> Option<Held>) {
    let mut held = None;
    for wish in wishes {
        held = match wish {
            Wish::Hold => held.or_else(&ask),
            Wish::Release => None,
        };
    }
}

#[cfg(target_os = "linux")]
mod desktop {
    use std::time::Duration;

    use rustbus::MessageBuilder;
    use rustbus::connection::ll_conn::{DuplexConn, force_finish_on_error};
    use rustbus::connection::{Error, Timeout, get_session_bus_path};

    /// How long the bus may take for an answer; nothing but this thread waits for it.
    const PATIENCE: Timeout = Timeout::Duration(Duration::from_secs(5));

    /// Asks the desktop to leave the display on until the returned connection is closed.
    pub fn ask() -> Option<DuplexConn> {
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
    /// Has the system's own program leave the display on; `-w` ends it with this one, even one that was killed.
    pub fn ask() -> Option<super::program::Held> {
        super::program::hold("caffeinate", &["-d", "-w", &std::process::id().to_string()])
    }
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
mod desktop {
    pub fn ask() -> Option<()> {
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
    use std::cell::Cell;
    use std::rc::Rc;

    use super::*;

    /// Counts what is held.
    struct Held(Rc<Cell<u32>>);

    impl Drop for Held {
        fn drop(&mut self) {
            self.0.set(self.0.get() - 1);
        }
    }

    #[test]
    fn it_is_held_once_however_often_it_is_wished_and_let_go_at_the_end() {
        let (held, asked) = (Rc::new(Cell::new(0)), Cell::new(0));
        let ask = || {
            asked.set(asked.get() + 1);
            assert_eq!(held.replace(1), 0, "held twice");
            Some(Held(held.clone()))
        };
        let (sender, wishes) = mpsc::channel();
        for wish in [Wish::Release, Wish::Hold, Wish::Hold, Wish::Release, Wish::Hold] {
            sender.send(wish).unwrap();
        }
        drop(sender);
        follow(&wishes, ask);
        assert_eq!((held.get(), asked.get()), (0, 2));
    }

    #[test]
    fn a_program_that_holds_ends_when_it_is_let_go_and_one_that_is_missing_costs_nothing() {
        let mut held = program::hold("sleep", &["600"]).expect("sleep");
        assert!(matches!(held.0.try_wait(), Ok(None)), "it runs");
        drop(held);
        assert!(program::hold("a-program-that-nobody-has", &[]).is_none());
    }

    #[test]
    fn where_it_is_not_wanted_no_thread_is_started() {
        let mut awake = Awake::new(false);
        awake.hold();
        awake.release();
        assert!(awake.thread.is_none());
    }
}
