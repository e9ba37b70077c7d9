//! The real program in a real pseudo-terminal, its screen read through a terminal emulator.

use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};

/// How long anything may take to appear on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The built-in session with a tempo that a test has time for.
pub const FAST: &str = "
[settings]
sound-check = false
lead-in = 0.2
[exercise.front-band]
reps = [2, 3]
rounds = 1
get-ready = 0.3
change-over = 0.4
rest = 0.4
[exercise.front-band.phase.forward]
seconds = 0.3
[exercise.front-band.phase.hold]
seconds = 0.4
[exercise.front-band.phase.back]
seconds = 0.2
[exercise.behind-band]
reps = [2, 2]
rounds = 2
get-ready = 0.3
change-over = 0.4
rest = 0.4
[exercise.behind-band.phase.forward]
seconds = 0.3
[exercise.behind-band.phase.hold]
seconds = 0.4
[exercise.behind-band.phase.backward]
seconds = 0.3
[exercise.calf-roll]
rounds = 1
get-ready = 0.3
[exercise.calf-roll.phase.roll]
seconds = 0.5
";

/// Longer than a held key takes to repeat: a key pressed again after it is a second press.
pub const APART: u64 = 720;

/// A person's home folder, with a configuration that is [`FAST`].
pub struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    pub fn new() -> Home {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("dorsi.toml"), FAST).expect("a config");
        Home { folder }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The arguments that make dorsi use this home's files.
    pub fn arguments(&self) -> [String; 4] {
        let place = |name: &str| self.path().join(name).display().to_string();
        ["--config".to_owned(), place("dorsi.toml"), "--data-dir".to_owned(), place("data")]
    }

    pub fn start(&self, arguments: &[&str], size: (u16, u16)) -> Tty {
        self.start_with(&[], arguments, size)
    }

    /// The same, with these variables in the environment of the program.
    pub fn start_with(&self, environment: &[(&str, &str)], arguments: &[&str], size: (u16, u16)) -> Tty {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_dorsi"));
        command.args(arguments);
        command.args(self.arguments());
        Tty::run_with(self.path(), environment, command, size)
    }
}

/// A program on a terminal.
pub struct Tty {
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    pub child: Box<dyn Child + Send + Sync>,
    screen: Arc<Mutex<vt100::Parser>>,
    raw: Arc<Mutex<Vec<u8>>>,
    /// When so many bytes had come.
    times: Arc<Mutex<Vec<(Instant, usize)>>>,
    /// Whether the terminal reads what is written to it.
    reads: Arc<AtomicU8>,
    reader: Option<JoinHandle<()>>,
}

const READS: u8 = 0;
const STALLS: u8 = 1;
const ENDS: u8 = 2;

impl Tty {
    /// Starts a command on a terminal of `columns` by `rows`; `home` stands in for the person's home folder.
    pub fn run(home: &Path, command: CommandBuilder, size: (u16, u16)) -> Tty {
        Tty::run_with(home, &[], command, size)
    }

    /// The same, with these variables in its environment.
    pub fn run_with(
        home: &Path,
        environment: &[(&str, &str)],
        mut command: CommandBuilder,
        (columns, rows): (u16, u16),
    ) -> Tty {
        command.env_clear();
        command.env("HOME", home);
        command.env("TERM", "xterm-256color");
        command.env("PATH", "/usr/bin:/bin");
        environment.iter().for_each(|(name, value)| command.env(name, value));
        command.cwd(home);
        let pair = native_pty_system()
            .openpty(PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 })
            .expect("a pseudo-terminal");
        let child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        let screen = Arc::new(Mutex::new(vt100::Parser::new(size(rows), size(columns), 0)));
        let raw = Arc::new(Mutex::new(Vec::new()));
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let times = Arc::new(Mutex::new(Vec::new()));
        let (parser, log, moments) = (screen.clone(), raw.clone(), times.clone());
        let reads = Arc::new(AtomicU8::new(READS));
        let state = reads.clone();
        let reader = std::thread::spawn(move || {
            let mut bytes = [0; 8192];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                let now = Instant::now();
                // Before the screen, so that whoever sees something there finds its bytes too.
                let mut log = log.lock().unwrap();
                log.extend_from_slice(&bytes[..count]);
                moments.lock().unwrap().push((now, log.len()));
                drop(log);
                parser.lock().unwrap().process(&bytes[..count]);
                while state.load(Ordering::SeqCst) == STALLS {
                    std::thread::sleep(Duration::from_millis(2));
                }
                if state.load(Ordering::SeqCst) == ENDS {
                    return;
                }
            }
        });
        let writer = Some(pair.master.take_writer().expect("a writer"));
        Tty { master: Some(pair.master), writer, child, screen, raw, times, reads, reader: Some(reader) }
    }

    /// What the screen shows.
    pub fn text(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    /// Reads from the emulated screen.
    pub fn screen<T>(&self, read: impl FnOnce(&vt100::Screen) -> T) -> T {
        read(self.screen.lock().unwrap().screen())
    }

    /// All bytes that the program has written so far.
    pub fn raw(&self) -> Vec<u8> {
        self.raw.lock().unwrap().clone()
    }

    /// What the screen has shown so far, each picture with the moment at which its last byte came.
    pub fn pictures(&self) -> Vec<(Instant, String)> {
        let (rows, columns) = self.screen(|screen| screen.size());
        let mut parser = vt100::Parser::new(rows, columns, 0);
        let (raw, times) = (self.raw(), self.times.lock().unwrap().clone());
        let starts = std::iter::once(0).chain(times.iter().map(|(_, end)| *end));
        let pictures = starts.zip(&times).map(|(start, (at, end))| {
            parser.process(&raw[start..*end]);
            (*at, parser.screen().contents())
        });
        pictures.collect()
    }

    /// Types `keys` as they are.
    pub fn keys(&mut self, keys: &str) -> &mut Tty {
        self.bytes(keys.as_bytes())
    }

    /// Sends `bytes` as if they were typed.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Tty {
        let writer = self.writer.as_mut().expect("the terminal is open");
        writer.write_all(bytes).expect("keys are typed");
        writer.flush().expect("keys are typed");
        self
    }

    /// Has the terminal read nothing more of what is written to it, but for one more piece; or read on.
    pub fn stall(&mut self, stalls: bool) -> &mut Tty {
        self.reads.store(if stalls { STALLS } else { READS }, Ordering::SeqCst);
        self
    }

    /// Has the terminal read one more piece of what is written to it, and then no more.
    pub fn end_reading(&mut self) -> &mut Tty {
        self.reads.store(ENDS, Ordering::SeqCst);
        self
    }

    /// Closes the terminal, as a window does.
    pub fn close(&mut self) {
        self.end_reading();
        // Whatever is drawn for the new size ends the wait of the reader.
        let mut columns = 90;
        while self.reader.as_ref().is_some_and(|reader| !reader.is_finished()) {
            columns += 1;
            assert!(columns < 1000, "nothing is written any more");
            let size = PtySize { rows: 30, cols: columns, pixel_width: 0, pixel_height: 0 };
            self.master.as_ref().expect("the terminal is open").resize(size).expect("a new size");
            std::thread::sleep(Duration::from_millis(20));
        }
        (self.reader, self.writer, self.master) = (None, None, None);
    }

    /// Waits until the screen shows `text`.
    pub fn wait_for(&mut self, text: &str) -> &mut Tty {
        self.wait_until(&format!("{text:?} to appear"), |screen| screen.contains(text))
    }

    /// Waits until the screen satisfies `condition`.
    pub fn wait_until(&mut self, what: &str, condition: impl Fn(&str) -> bool) -> &mut Tty {
        let end = Instant::now() + PATIENCE;
        while !condition(&self.text()) {
            assert!(Instant::now() < end, "waited in vain for {what}; the screen shows:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(5));
        }
        self
    }

    /// Waits until the emulated screen satisfies `condition`.
    pub fn wait_until_screen(&mut self, what: &str, condition: impl Fn(&vt100::Screen) -> bool) -> &mut Tty {
        let end = Instant::now() + PATIENCE;
        while !self.screen(&condition) {
            assert!(Instant::now() < end, "waited in vain for {what}; the screen shows:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(5));
        }
        self
    }

    /// Lets time pass, for keys that must not look held down.
    pub fn rest(&mut self, millis: u64) -> &mut Tty {
        std::thread::sleep(Duration::from_millis(millis));
        self
    }

    /// Changes the size of the terminal.
    pub fn resize(&mut self, columns: u16, rows: u16) -> &mut Tty {
        self.screen.lock().unwrap().screen_mut().set_size(size(rows), size(columns));
        let new = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        self.master.as_ref().expect("the terminal is open").resize(new).expect("a new size");
        self
    }

    /// Takes all rows and columns from the terminal.
    pub fn vanish(&mut self) -> &mut Tty {
        let none = PtySize { rows: 0, cols: 0, pixel_width: 0, pixel_height: 0 };
        self.master.as_ref().expect("the terminal is open").resize(none).expect("a new size");
        self
    }

    /// The number of the program's process.
    pub fn pid(&self) -> i32 {
        self.child.process_id().expect("a process") as i32
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_raw(self.pid()).expect("a process");
        rustix::process::kill_process(pid, signal).expect("the signal is sent");
    }

    /// How the terminal treats keys, as text to compare.
    pub fn modes(&self) -> String {
        let terminal = self.master.as_ref().expect("the terminal is open");
        format!("{:?}", terminal.get_termios().expect("a terminal has modes"))
    }

    /// Waits until the program has ended.
    pub fn end(&mut self) -> ExitStatus {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("the program is known") {
                // What it wrote last may still be on its way through the terminal.
                std::thread::sleep(Duration::from_millis(50));
                return status;
            }
            assert!(Instant::now() < end, "the program does not end; the screen shows:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// The count of reps that the big digits on the left of a training screen show, whatever their size.
pub fn big_count(screen: &vt100::Screen) -> Option<u64> {
    let (rows, columns) = (u16::from(screen.size().0), u16::from(screen.size().1));
    let line = |row: u16| screen.contents_between(row, 0, row, columns / 2);
    let is_caption = |text: &str| text.contains("reps") || text.contains("at most") || text.contains("that is all");
    let caption = (5..rows).find(|row| is_caption(&line(*row)))?;
    let ink = |half_column: u16, half_row: u16| {
        let cell = screen.cell(half_row / 2, half_column / 2).map(vt100::Cell::contents);
        let quarters = cell.and_then(|symbol| QUARTERS.iter().position(|other| *other == symbol)).unwrap_or(0);
        quarters >> (half_column % 2 + 2 * (half_row % 2)) & 1 == 1
    };
    let sizes = (1..=4).flat_map(|tall| (1..=8).map(move |wide| (tall, wide)));
    let places = sizes.flat_map(|(tall, wide)| (4..caption).map(move |top| (top, tall, wide)));
    places.into_iter().find_map(|(top, tall, wide)| {
        let column = |x: u16| -> u8 { (0..8).map(|y| u8::from(ink(4 + x * wide, top * 2 + y * tall)) << y).sum() };
        let mut digits = String::new();
        let mut x = 0;
        // Between the digits of a number is one column without ink, after it there are more.
        while column(x) != 0 {
            let glyph: Vec<u8> = (x..).map(column).take_while(|column| *column != 0).collect();
            x += glyph.len() as u16 + 1;
            digits.push(digit(&glyph)?);
        }
        digits.parse().ok()
    })
}

/// The symbols of a cell by its quarters with ink: upper left, upper right, lower left, lower right are bits 0 to 3.
const QUARTERS: [&str; 16] = [" ", "▘", "▝", "▀", "▖", "▌", "▞", "▛", "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█"];

/// The digit whose columns these are, top pixel in bit 0.
fn digit(columns: &[u8]) -> Option<char> {
    use font8x8::UnicodeFonts;
    ('0'..='9').find(|digit| {
        // The nought has no bar.
        let rows = match digit {
            '0' => [0x1e, 0x33, 0x33, 0x33, 0x33, 0x33, 0x1e, 0x00],
            _ => font8x8::BASIC_FONTS.get(*digit).unwrap_or_default(),
        };
        let column = |x: usize| -> u8 { (0..8).map(|y| (rows[y] >> x & 1) << y).sum() };
        let drawn: Vec<u8> = (0..8).map(column).skip_while(|column| *column == 0).collect();
        let end = drawn.iter().rposition(|column| *column != 0).map_or(0, |last| last + 1);
        drawn[..end] == *columns
    })
}

fn size(cells: u16) -> NonZero<u16> {
    NonZero::new(cells).expect("a terminal has rows and columns")
}

impl Drop for Tty {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}
