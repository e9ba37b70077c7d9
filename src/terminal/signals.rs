//! Waiting for keys, signals and other threads at once, in one thread.

#[cfg(unix)]
mod unix {
    use std::io::{self, Read, Write};
    use std::os::unix::net::UnixStream;
    use std::path::PathBuf;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::time::Duration;

    use crossterm::event::KeyEvent;
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::process::Signal;
    use rustix::stdio::stdin;
    use rustix::termios::{self, LocalModes, QueueSelector};
    use signal_hook::consts::{
        SIGALRM, SIGCONT, SIGHUP, SIGINT, SIGPROF, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGWINCH, SIGXCPU,
        SIGXFSZ,
    };

    use crate::terminal::input::Parser;
    use crate::terminal::output;
    use crate::terminal::timer::Timer;
    use crate::terminal::watch::Watch;

    /// The signals that ask the program to end, and those that would end it there and then.
    const ENDING: [i32; 10] =
        [SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGALRM, SIGPROF, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU];

    /// The same where they do.
    #[cfg(target_os = "linux")]
    const ENDING_HERE: [i32; 3] = [Signal::IO.as_raw(), Signal::POWER.as_raw(), Signal::STKFLT.as_raw()];
    #[cfg(not(target_os = "linux"))]
    const ENDING_HERE: [i32; 0] = [];

    /// How long signals that were sent together take to arrive, on a machine that is busy.
    const SETTLED: Timespec = Timespec { tv_sec: 1, tv_nsec: 0 };

    /// Ends a wait from another thread. All of them share one end of the pipe: a process may be out of file descriptors.
    #[derive(Debug)]
    pub struct Waker(Arc<UnixStream>);

    impl Waker {
        /// Ends the wait that is under way, or the next one.
        pub fn wake(&self) {
            // A full pipe wakes as well.
            let _ = (&*self.0).write(&[0]);
        }
    }

    /// What ended a wait.
    pub struct Woken {
        pub hung_up: bool,
        /// Keys can be read.
        pub is_typed: bool,
    }

    pub struct Signals {
        pipe: UnixStream,
        write: Arc<UnixStream>,
        ended: Arc<AtomicUsize>,
        continued: Arc<AtomicBool>,
        parser: Parser,
        timer: Timer,
        watch: Option<Watch>,
        /// How much longer the rest of what was begun is waited for.
        patience: Option<Duration>,
    }

    impl Signals {
        pub fn new() -> io::Result<Signals> {
            let (pipe, write) = UnixStream::pair()?;
            pipe.set_nonblocking(true)?;
            write.set_nonblocking(true)?;
            let ended = Arc::new(AtomicUsize::new(0));
            let continued = Arc::new(AtomicBool::new(false));
            // The flags first: by the time that the pipe wakes the loop, they say why.
            let ending = || ENDING.into_iter().chain(ENDING_HERE);
            for signal in ending() {
                signal_hook::flag::register_usize(signal, ended.clone(), signal as usize)?;
            }
            signal_hook::flag::register(SIGCONT, continued.clone())?;
            for signal in ending().chain([SIGCONT, SIGWINCH]) {
                signal_hook::low_level::pipe::register(signal, write.try_clone()?)?;
            }
            let (write, parser, timer) = (Arc::new(write), Parser::default(), Timer::new());
            Ok(Signals { pipe, write, ended, continued, parser, timer, watch: None, patience: None })
        }

        pub fn watch(&mut self, places: &[PathBuf]) {
            self.watch = Watch::of(places);
        }

        pub fn waker(&self) -> Waker {
            Waker(self.write.clone())
        }

        pub fn ended(&self) -> Option<i32> {
            match self.ended.load(Ordering::SeqCst) {
                0 => None,
                signal => Some(signal as i32),
            }
        }

        pub fn continued(&self) -> bool {
            self.continued.swap(false, Ordering::SeqCst)
        }

        /// The keys that were typed, where the wait has found any.
        pub fn keys(&mut self, is_typed: bool) -> io::Result<Vec<KeyEvent>> {
            let mut keys = Vec::new();
            if !is_typed {
                if self.patience.is_some_and(|left| left.is_zero()) {
                    self.patience = None;
                    keys.extend(self.parser.give_up());
                }
                return Ok(keys);
            }
            let mut bytes = [0; 1024];
            loop {
                match rustix::io::read(stdin(), &mut bytes) {
                    Ok(count) => {
                        keys.extend(self.parser.feed(&bytes[..count]));
                        self.patience = self.parser.patience();
                        // A further read could wait for what is typed next.
                        if count < bytes.len() || !is_readable()? {
                            return Ok(keys);
                        }
                    }
                    Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => return Ok(keys),
                    Err(error) => return Err(error.into()),
                }
            }
        }

        pub fn wait(&mut self, timeout: Option<Duration>) -> io::Result<Woken> {
            // One that came while the program was stopped may have woken somebody already, and wakes nobody again.
            if self.ended().is_some() {
                return Ok(Woken { hung_up: false, is_typed: false });
            }
            let mut files =
                vec![PollFd::from_borrowed_fd(stdin(), PollFlags::IN), PollFd::new(&self.pipe, PollFlags::IN)];
            files.extend(self.watch.as_ref().map(|watch| PollFd::from_borrowed_fd(watch.file(), PollFlags::IN)));
            files.extend(output::behind().map(|terminal| PollFd::from_borrowed_fd(terminal, PollFlags::OUT)));
            let wait = match (timeout, self.patience) {
                (Some(timeout), Some(patience)) => Some(timeout.min(patience)),
                (timeout, patience) => timeout.or(patience),
            };
            let is_over = self.timer.wait(&mut files, wait)?;
            let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
            let hung_up = files[0].revents().intersects(gone);
            if is_over {
                self.patience = self.patience.map(|left| left.saturating_sub(wait.unwrap_or_default()));
            }
            let is_typed = files[0].revents().contains(PollFlags::IN);
            let mut bytes = [0; 64];
            while files[1].revents().contains(PollFlags::IN)
                && (&self.pipe).read(&mut bytes).is_ok_and(|count| count == bytes.len())
            {}
            if let Some(watch) = self.watch.as_ref().filter(|_| files[2].revents().contains(PollFlags::IN)) {
                watch.note();
            }
            Ok(Woken { hung_up, is_typed })
        }

        /// Stops the whole job, as Ctrl-Z does outside of raw mode where it `is_asked` for, until it is to go on in the foreground.
        ///
        /// In the background it stops, or stops again, as every program does that needs the terminal: with a signal that
        /// `timeout`, which has such programs, does not take for its own. Where no shell waits for the job the system does not
        /// stop it at all, and a signal that asks for the end needs no terminal.
        pub fn stop(&self, is_asked: bool) {
            let mut signal = if is_asked { Signal::TSTP } else { Signal::TTOU };
            loop {
                let _ = rustix::process::kill_current_process_group(signal);
                signal = Signal::TTOU;
                let continued = self.continued();
                if is_foreground() || self.is_to_end() {
                    return;
                }
                // Another thread may have taken note of the continuation only now.
                if !continued && !self.continued() {
                    return;
                }
            }
        }

        /// Whether a signal asks for the end: one that came with the continuation, too, which another thread may be about to
        /// take note of.
        pub fn is_to_end(&self) -> bool {
            let mut bytes = [0; 64];
            while self.ended().is_none() {
                while (&self.pipe).read(&mut bytes).is_ok() {}
                let mut files = [PollFd::new(&self.pipe, PollFlags::IN)];
                // What was just read may have told of it.
                if self.ended().is_none() && matches!(poll(&mut files, Some(&SETTLED)), Ok(0)) {
                    break;
                }
            }
            self.ended().is_some()
        }
    }

    /// Has a write beyond the limit for files fail, so that it can be told of, instead of ending the program.
    pub fn take_limits_as_errors() -> io::Result<()> {
        signal_hook::flag::register(SIGXFSZ, Arc::default()).map(|_| ())
    }

    /// Has the keys that interrupt a program mean nothing to this one, while another has the terminal.
    pub fn leave_interrupts_to_others() -> io::Result<()> {
        for signal in [SIGINT, SIGQUIT] {
            signal_hook::flag::register(signal, Arc::default())?;
        }
        Ok(())
    }

    fn is_readable() -> io::Result<bool> {
        let mut fds = [PollFd::from_borrowed_fd(stdin(), PollFlags::IN)];
        match poll(&mut fds, Some(&Timespec::default())) {
            Ok(_) => Ok(fds[0].revents().contains(PollFlags::IN)),
            Err(rustix::io::Errno::INTR) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether the terminal is for this program to use; one that knows no jobs is.
    pub fn is_foreground() -> bool {
        termios::tcgetpgrp(stdin()).ok().is_none_or(|group| group == rustix::process::getpgrp())
    }

    /// Whether a write to the terminal would stop this program.
    pub fn is_silenced() -> bool {
        !is_foreground() && termios::tcgetattr(stdin()).is_ok_and(|it| it.local_modes.contains(LocalModes::TOSTOP))
    }

    /// Throws away what was typed and not read: replies and mouse reports must not reach the shell.
    pub fn flush_input() {
        let _ = termios::tcflush(stdin(), QueueSelector::IFlush);
    }
}

#[cfg(unix)]
pub use unix::{
    Signals, Waker, flush_input, is_foreground, is_silenced, leave_interrupts_to_others, take_limits_as_errors,
};

#[cfg(not(unix))]
mod elsewhere {
    use std::io;
    use std::path::PathBuf;
    use std::time::Duration;

    use crossterm::event::{self, Event, KeyEvent};

    /// Ends a wait from another thread; without Unix pipes the loop looks by itself, twice a second.
    #[derive(Debug)]
    pub struct Waker;

    impl Waker {
        /// Ends the wait that is under way, or the next one.
        pub fn wake(&self) {}
    }

    pub struct Woken {
        pub hung_up: bool,
        pub is_typed: bool,
    }

    pub struct Signals;

    impl Signals {
        pub fn new() -> io::Result<Signals> {
            Ok(Signals)
        }

        pub fn watch(&mut self, _places: &[PathBuf]) {}

        pub fn waker(&self) -> Waker {
            Waker
        }

        pub fn ended(&self) -> Option<i32> {
            None
        }

        pub fn continued(&self) -> bool {
            false
        }

        pub fn keys(&mut self, _is_typed: bool) -> io::Result<Vec<KeyEvent>> {
            let mut keys = Vec::new();
            while event::poll(Duration::ZERO)? {
                if let Event::Key(key) = event::read()? {
                    keys.push(key);
                }
            }
            Ok(keys)
        }

        pub fn wait(&mut self, timeout: Option<Duration>) -> io::Result<Woken> {
            let most = Duration::from_millis(500);
            crossterm::event::poll(timeout.map_or(most, |timeout| timeout.min(most)))?;
            Ok(Woken { hung_up: false, is_typed: true })
        }

        pub fn stop(&self, _is_asked: bool) {}

        pub fn is_to_end(&self) -> bool {
            false
        }
    }

    pub fn is_foreground() -> bool {
        true
    }

    pub fn is_silenced() -> bool {
        false
    }

    pub fn flush_input() {}

    /// There is nothing to do.
    pub fn take_limits_as_errors() -> io::Result<()> {
        Ok(())
    }

    /// There is nothing to do.
    pub fn leave_interrupts_to_others() -> io::Result<()> {
        Ok(())
    }
}

#[cfg(not(unix))]
pub use elsewhere::{
    Signals, Waker, flush_input, is_foreground, is_silenced, leave_interrupts_to_others, take_limits_as_errors,
};
