//! The terminal: taken, waited on, and given back on every way out.
//!
//! Nothing here asks the terminal a question: a reply that never comes would cost seconds, and one that comes late would
//! be read as keys. Signals arrive through a pipe of our own, so that they are seen whatever state the key parser is in.

#[cfg(unix)]
pub(crate) mod input;
mod output;
pub(crate) mod pen;
mod signals;
mod stderr;
#[cfg(unix)]
mod timer;
#[cfg(unix)]
mod watch;

use std::collections::VecDeque;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use crossterm::event::{
    DisableBracketedPaste, EnableBracketedPaste, KeyEvent, KeyEventKind, KeyboardEnhancementFlags,
    PopKeyboardEnhancementFlags, PushKeyboardEnhancementFlags,
};
use crossterm::terminal::{self, EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::{Command, cursor, execute, queue};
use ratatui::layout::Size;

use output::Screen;
use pen::Pen;
use signals::Signals;
pub use signals::{Waker, leave_interrupts_to_others, take_limits_as_errors};
pub(crate) use stderr::{hide as hide_stderr, show as show_stderr};

/// What of the terminal is ours at the moment; the panic hook has no other way to know.
static TAKEN: AtomicU8 = AtomicU8::new(NOTHING);

const NOTHING: u8 = 0;
/// Each key as it is typed.
const KEYS: u8 = 1;
/// The keys and the screen.
const SCREEN: u8 = 2;

/// Why the program can't have a screen.
#[derive(Debug, thiserror::Error)]
pub enum NoTerminal {
    /// Input is no terminal.
    #[error(
        "dorsi needs a terminal to read keys from, but its input is a file or a pipe; start it in a terminal window"
    )]
    Input,
    /// Output is no terminal.
    #[error("dorsi needs a terminal to draw on, but its output is a file or a pipe; start it in a terminal window")]
    Output,
    /// A signal asked for the end before there was a screen.
    #[error("ended by signal {0}")]
    Ended(i32),
    /// The system says no.
    #[error("the terminal can't be set up: {0}")]
    Io(#[from] io::Error),
}

/// What ended a wait.
#[derive(Debug)]
pub enum Wake {
    /// Something to do for these keys, a new size, or a moment that is due; any of them may be nothing.
    Up {
        /// Keys, with the kind of event that they came as.
        keys: Vec<KeyEvent>,
    },
    /// A signal asks the program to end.
    Signal(i32),
    /// The terminal is gone.
    HungUp,
}

/// The terminal, for as long as it is ours.
pub struct Terminal {
    screen: ratatui::Terminal<Pen<Screen>>,
    signals: Signals,
    /// The size of the last picture.
    size: Option<Size>,
}

impl Terminal {
    /// Takes the terminal: alternate screen, raw mode, no cursor, keys with press and release where the terminal can.
    ///
    /// # Errors
    /// When input or output is no terminal, or the system refuses.
    pub fn take() -> Result<Terminal, NoTerminal> {
        look_for_terminal()?;
        let signals = Signals::new()?;
        wait_for_foreground(&signals)?;
        give_back_on_panic();
        // Taken from here on, whichever line below fails.
        enter()?;
        let screen = ratatui::Terminal::new(Pen::new(Screen)).inspect_err(|_| give_back())?;
        log_environment();
        Ok(Terminal { screen, signals, size: None })
    }

    /// Draws one picture; only cells that changed are written, and nothing where none has. None is drawn while the terminal
    /// has not taken the last one. Whether one was.
    ///
    /// # Errors
    /// When the terminal can't be written to.
    pub fn draw(&mut self, picture: impl FnOnce(&mut ratatui::Frame<'_>)) -> io::Result<bool> {
        Screen.flush()?;
        if output::behind().is_some() {
            return Ok(false);
        }
        let size = self.screen.draw(picture)?.area.as_size();
        if self.size.replace(size) != Some(size) {
            log::info!("window: {size}");
        }
        self.screen.backend_mut().show()?;
        Ok(true)
    }

    /// Forgets what is on the screen, so that the next picture is written whole.
    ///
    /// # Errors
    /// When the terminal can't be written to.
    pub fn redraw(&mut self) -> io::Result<()> {
        // `clear` would ask the terminal where its cursor is.
        let size = self.screen.size()?;
        self.screen.resize(size.into())
    }

    /// Rings the terminal's bell once.
    ///
    /// # Errors
    /// When the terminal can't be written to.
    pub fn ring(&mut self) -> io::Result<()> {
        execute!(Screen, crossterm::style::Print('\x07'))
    }

    /// Something by which another thread can end a wait.
    pub fn waker(&self) -> Waker {
        self.signals.waker()
    }

    /// Waits for a key, a signal or the end of `timeout`; without one, for as long as it takes.
    ///
    /// # Errors
    /// When the terminal can't be read.
    pub fn wait(&mut self, timeout: Option<Duration>) -> io::Result<Wake> {
        let mut woken = self.signals.wait(timeout)?;
        if let Some(signal) = self.signals.ended() {
            return Ok(Wake::Signal(signal));
        }
        if woken.hung_up {
            return Ok(Wake::HungUp);
        }
        if self.signals.continued() {
            if !signals::is_foreground() && !self.signals.is_to_end() {
                self.signals.stop(false);
            }
            // Whoever had the terminal meanwhile may have left it in any state. What was typed since is for this program.
            let_go(Typed::Kept);
            self.take_again()?;
            // It may have been read by somebody else, and is found by the next wait if not.
            woken.is_typed = false;
        }
        Ok(Wake::Up { keys: self.signals.keys(woken.is_typed)? })
    }

    /// Has an edit of any of `places`, files and folders, end a wait.
    pub fn watch(&mut self, places: &[PathBuf]) {
        self.signals.watch(places);
    }

    /// Gives the terminal to the shell, sleeps until it is given back, and takes it again.
    ///
    /// # Errors
    /// When the terminal can't be taken again.
    pub fn suspend(&mut self) -> io::Result<()> {
        give_back();
        self.signals.stop(true);
        self.take_again()
    }

    fn take_again(&mut self) -> io::Result<()> {
        // Somebody else's terminal is not needed for the end, and to ask for it would stop the program once more.
        if self.signals.ended().is_some() {
            return Ok(());
        }
        enter()?;
        self.redraw()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        give_back();
    }
}

/// The keys alone, each as it is typed, while the screen goes on line by line.
pub struct Keys {
    signals: Signals,
    typed: VecDeque<KeyEvent>,
}

/// What ended the wait for a key.
#[derive(Debug)]
pub enum Pressed {
    /// A key.
    Key(KeyEvent),
    /// A signal asks the program to end.
    Signal(i32),
    /// The terminal is gone.
    HungUp,
}

impl Keys {
    /// Takes the keys. Lines end with CR LF as long as they are taken.
    ///
    /// # Errors
    /// When input or output is no terminal, or the system refuses.
    pub fn take() -> Result<Keys, NoTerminal> {
        look_for_terminal()?;
        let signals = Signals::new()?;
        wait_for_foreground(&signals)?;
        give_back_on_panic();
        take_keys()?;
        Ok(Keys { signals, typed: VecDeque::new() })
    }

    /// Waits for the next key that is pressed.
    ///
    /// # Errors
    /// When the terminal can't be read.
    pub fn wait(&mut self) -> io::Result<Pressed> {
        loop {
            while let Some(key) = self.typed.pop_front() {
                if key.kind == KeyEventKind::Press {
                    return Ok(Pressed::Key(key));
                }
            }
            let mut woken = self.signals.wait(None)?;
            if let Some(signal) = self.signals.ended() {
                return Ok(Pressed::Signal(signal));
            }
            if woken.hung_up {
                return Ok(Pressed::HungUp);
            }
            if self.signals.continued() {
                give_back();
                take_keys()?;
                woken.is_typed = false;
            }
            self.typed.extend(self.signals.keys(woken.is_typed)?);
        }
    }

    /// Gives the terminal to the shell, sleeps until it is given back, and takes the keys again.
    ///
    /// # Errors
    /// When they can't be taken again.
    pub fn suspend(&mut self) -> io::Result<()> {
        give_back();
        self.signals.stop(true);
        if self.signals.ended().is_none() { take_keys() } else { Ok(()) }
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        give_back();
    }
}

fn look_for_terminal() -> Result<(), NoTerminal> {
    if !io::stdin().is_terminal() {
        return Err(NoTerminal::Input);
    }
    if !io::stdout().is_terminal() {
        return Err(NoTerminal::Output);
    }
    Ok(())
}

/// Sleeps as long as the terminal is somebody else's, as where the program was started in the background.
fn wait_for_foreground(signals: &Signals) -> Result<(), NoTerminal> {
    if signals::is_foreground() {
        return Ok(());
    }
    signals.stop(false);
    signals.ended().map_or(Ok(()), |signal| Err(NoTerminal::Ended(signal)))
}

fn take_keys() -> io::Result<()> {
    TAKEN.store(KEYS, Ordering::SeqCst);
    let taken = terminal::enable_raw_mode().and_then(|()| execute!(io::stdout(), EnableBracketedPaste));
    taken.inspect_err(|_| give_back())
}

fn enter() -> io::Result<()> {
    TAKEN.store(SCREEN, Ordering::SeqCst);
    stderr::hide();
    output::open();
    let entered = terminal::enable_raw_mode().and_then(|()| {
        execute!(
            Screen,
            SaveTitle,
            terminal::SetTitle("dorsi"),
            EnterAlternateScreen,
            // A program that was killed may have left its own alternate screen, and its picture on it.
            terminal::Clear(terminal::ClearType::All),
            cursor::Hide,
            EnableBracketedPaste,
            PushKeyboardEnhancementFlags(
                KeyboardEnhancementFlags::DISAMBIGUATE_ESCAPE_CODES
                    | KeyboardEnhancementFlags::REPORT_EVENT_TYPES
                    | KeyboardEnhancementFlags::REPORT_ALTERNATE_KEYS
            ),
        )
    });
    entered.inspect_err(|_| give_back())
}

/// Gives the terminal back, if it is ours. Errors don't matter: the terminal may be gone.
///
/// In the background, where a shell has set its terminal up anew, only the screen is left. Standard error stays hidden: what
/// libraries write must not get between a shell's lines either, and would stop a program in the background.
pub fn give_back() {
    let_go(Typed::Dropped);
}

/// What becomes of what was typed and not read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Typed {
    /// It is thrown away: replies and reports must not reach the shell.
    Dropped,
    /// It stays to be read.
    Kept,
}

fn let_go(typed: Typed) {
    let taken = TAKEN.swap(NOTHING, Ordering::SeqCst);
    if taken == NOTHING {
        return;
    }
    if taken == SCREEN {
        output::close(&if signals::is_silenced() { Vec::new() } else { leaving() });
    }
    if signals::is_foreground() {
        if taken == KEYS {
            let _ = execute!(io::stdout(), DisableBracketedPaste);
        }
        if typed == Typed::Dropped {
            signals::flush_input();
        }
        let _ = terminal::disable_raw_mode();
    }
}

/// What leaves the screen as it was.
fn leaving() -> Vec<u8> {
    let mut bytes = Vec::new();
    // Nothing can go wrong on the way into memory.
    let _ = queue!(
        bytes,
        terminal::EndSynchronizedUpdate,
        PopKeyboardEnhancementFlags,
        DisableBracketedPaste,
        cursor::Show,
        LeaveAlternateScreen,
        RestoreTitle,
    );
    bytes
}

/// Has a panic, in any thread, give the terminal back before it is reported.
///
/// The process ends with exit code 101 there and then, so nothing may rely on unwinding. Calling it again does nothing.
pub fn give_back_on_panic() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let report = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            give_back();
            stderr::show();
            log::error!("panic at {}", panic.location().map(ToString::to_string).unwrap_or_default());
            report(panic);
            // A thread that dies behind the screen would leave a program that draws over its own report, and an abort
            // would leave a core dump of somebody's answers.
            std::process::exit(101);
        }));
    });
}

/// Logs what tells terminals apart.
fn log_environment() {
    let of = |name| std::env::var(name).unwrap_or_default();
    log::info!("terminal: TERM={} COLORTERM={} TERM_PROGRAM={}", of("TERM"), of("COLORTERM"), of("TERM_PROGRAM"));
    let is_set = |name| std::env::var_os(name).is_some();
    log::info!("within: tmux={} screen={} ssh={}", is_set("TMUX"), is_set("STY"), is_set("SSH_TTY"));
}

/// Puts the window's title on the terminal's stack.
struct SaveTitle;

/// Takes the window's title from the terminal's stack.
struct RestoreTitle;

impl Command for SaveTitle {
    fn write_ansi(&self, f: &mut impl std::fmt::Write) -> std::fmt::Result {
        f.write_str("\x1b[22;2t")
    }

    #[cfg(windows)]
    fn execute_winapi(&self) -> io::Result<()> {
        Ok(())
    }
}

impl Command for RestoreTitle {
    fn write_ansi(&self, f: &mut impl std::fmt::Write) -> std::fmt::Result {
        f.write_str("\x1b[23;2t")
    }

    #[cfg(windows)]
    fn execute_winapi(&self) -> io::Result<()> {
        Ok(())
    }
}
