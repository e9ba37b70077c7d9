//! `dorsi doctor`: what a session would find on this machine, and what to do about what is missing.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::{Failure, is_remote, load, print};
use crate::audio::{Audio, Status};
use crate::config::{self, Config};
use crate::store::{self, Store, StoreError};
use crate::{terminal, text, view, voice};

/// How long the device may take to open.
const PATIENCE: Duration = Duration::from_secs(4);

/// The silence between two sounds.
const PAUSE: Duration = Duration::from_millis(500);

/// What to do where nothing is heard.
const UNHEARD: &str = "\
Not heard? Then, one after the other:
  - turn the computer up, and take its mute off; other programs should be heard too
  - choose the right output in the sound settings of the system: dorsi plays on the default one
  - Bluetooth and HDMI: the output must be the one that you hear, and awake
  - `volume` and the `level` of the sound in your configuration must not be 0
Without sound dorsi flashes the screen at each cue (`flash` in the configuration).
";

/// What was found, line by line, and how much of it is amiss.
#[derive(Default)]
struct Findings {
    text: String,
    amiss: u32,
}

impl Findings {
    fn note(&mut self, what: &str, found: impl AsRef<str>) {
        let _ = writeln!(self.text, "{what:<10} {}", text::clean(found.as_ref()));
    }

    fn amiss(&mut self, what: &str, found: impl AsRef<str>) {
        self.amiss += 1;
        let _ = writeln!(self.text, "{what:<10} ! {}", text::clean(found.as_ref()));
    }

    /// Prints what was found since the last time.
    fn tell(&mut self) -> Result<(), Failure> {
        print(&std::mem::take(&mut self.text)).map(drop)
    }
}

/// Looks at everything, and tells it.
pub fn run(config: &Option<PathBuf>, data_dir: Option<PathBuf>, play: bool) -> Result<ExitCode, Failure> {
    let mut found = Findings::default();
    found.note("dorsi", env!("CARGO_PKG_VERSION"));
    look_at_terminal(&mut found);
    found.tell()?;
    // A configuration that is refused says why itself.
    let told = config.clone().or_else(config::default_path);
    let loaded = load(config)?;
    match told.filter(|path| path.exists()) {
        Some(path) => found.note("config", format!("{}, and nothing is wrong with it", path.display())),
        None => found.note("config", "the built-in one; you have no file of your own"),
    }
    look_at_sessions(&mut found, data_dir);
    look_at_voice(&mut found, &loaded);
    found.tell()?;
    let unheard = look_at_sound(&mut found, &loaded, play)?;
    found.tell()?;
    Ok(ExitCode::from(u8::from(found.amiss > 0 || unheard)))
}

fn look_at_terminal(found: &mut Findings) {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let name = variable("TERM").unwrap_or_else(|| "of an unknown kind".to_owned());
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return found
            .note("terminal", format!("{name}; output or input is a file or a pipe, so there is no screen here"));
    }
    let colours = match (variable("NO_COLOR"), variable("COLORTERM").as_deref()) {
        (Some(_), _) => "no colours, as NO_COLOR asks",
        (None, Some("truecolor" | "24bit")) => "16 million colours",
        _ if name.contains("256") => "256 colours",
        _ => "8 or 16 colours",
    };
    let (least_width, least_height) = view::SMALLEST;
    match crossterm::terminal::size() {
        Ok((width, height)) if width < least_width || height < least_height => {
            let needs =
                format!("dorsi needs {least_width} × {least_height}: enlarge the window, or take a smaller font");
            found.amiss("terminal", format!("{name}, {width} × {height} characters, {colours}; {needs}"));
        }
        Ok((width, height)) => {
            found.note("terminal", format!("{name}, {width} × {height} characters, {colours}"));
        }
        Err(error) => found.amiss("terminal", format!("{name}, of unknown size: {error}")),
    }
}

fn look_at_sessions(found: &mut Findings, data_dir: Option<PathBuf>) {
    let folder = data_dir.or_else(store::default_folder).ok_or(StoreError::NoPlace);
    let looked = folder.and_then(|folder| {
        if !folder.exists() {
            return Ok(format!("none yet; they will be kept in {}", folder.display()));
        }
        let store = Store::open(&folder)?;
        let count = store.history()?.len();
        if let Some(why) = store.read_only() {
            return Err(StoreError::ReadOnly(why.to_owned()));
        }
        Ok(format!("{count} in {}", folder.display()))
    });
    match looked {
        Ok(kept) => found.note("sessions", kept),
        Err(error) => found.amiss("sessions", error.to_string()),
    }
}

fn look_at_voice(found: &mut Findings, config: &Config) {
    let program = voice::command(&config.voice).and_then(|command| command.into_iter().next());
    let there = program.as_deref().and_then(voice::find);
    match (config.voice.on, program, there) {
        (true, _, Some(path)) => found.note("voice", format!("on, with {}", path.display())),
        (true, Some(program), None) => found.amiss("voice", format!("on, but there is no program {program}")),
        (true, None, None) => found.amiss("voice", "on, but nothing was found that speaks: install espeak-ng"),
        (false, _, Some(path)) => found.note("voice", format!("off; {} could speak", path.display())),
        (false, ..) => found.note("voice", "off; nothing was found that could speak"),
    }
}

/// Opens the device and plays the sounds; whether one was not heard.
fn look_at_sound(found: &mut Findings, config: &Config, play: bool) -> Result<bool, Failure> {
    if is_remote() && !config.settings.sound_over_ssh {
        found.note(
            "sound",
            "off: you are connected by SSH, and it would come from the other machine (`sound-over-ssh`)",
        );
        return Ok(false);
    }
    // What sound systems write about missing devices helps nobody.
    terminal::hide_stderr();
    let (change, changed) = mpsc::channel();
    let audio = Audio::start(&config.sound, config.settings.stereo, move || {
        // Nobody waits any more once it is known.
        let _ = change.send(());
    });
    audio.set_volume(config.settings.volume);
    audio.open();
    let opened = wait_for_device(&audio, &changed);
    let heard = match opened {
        Status::On { device } => {
            found.note("sound", format!("on {device}, at {} %", config.settings.volume));
            found.tell().and_then(|()| sound_check(config, &audio, play))
        }
        Status::Missing { why } => {
            found.amiss("sound", format!("none: {why}"));
            print_advice(found);
            Ok(true)
        }
        Status::Off | Status::Opening => {
            found.amiss("sound", "none: the sound system does not answer");
            print_advice(found);
            Ok(true)
        }
    };
    audio.quit();
    terminal::show_stderr();
    heard.map(|heard| !heard)
}

fn print_advice(found: &mut Findings) {
    found.text.push_str("           A session goes on without sound; the screen flashes instead.\n");
}

fn wait_for_device(audio: &Audio, changed: &mpsc::Receiver<()>) -> Status {
    let end = Instant::now() + PATIENCE;
    loop {
        match audio.status() {
            Status::Off | Status::Opening => {}
            known => return known,
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() || changed.recv_timeout(left).is_err() {
            return audio.status();
        }
    }
}

/// Plays each cue; whether all that was asked about was heard.
fn sound_check(config: &Config, audio: &Audio, play: bool) -> Result<bool, Failure> {
    let asks = !play && std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if !play && !asks {
        print("           `dorsi doctor --play` plays each sound\n")?;
        return Ok(true);
    }
    // A device that was just opened takes a moment until it is heard.
    thread::sleep(PAUSE);
    if asks {
        print("\nEach sound in turn. Enter: heard, go on. r: once more. n: not heard. q: enough.\n\n")?;
    }
    for (cue, tone) in config.sound.tones() {
        print(&format!("  {}\n", text::clean(config.words.cues.of(cue))))?;
        loop {
            audio.play(cue, None, Instant::now());
            thread::sleep(Duration::from_millis(tone.ms().into()) + PAUSE);
            if !asks {
                break;
            }
            print("    heard? ")?;
            match answer().as_deref() {
                Some("r") => {}
                Some("n") => {
                    print(&format!("\n{UNHEARD}"))?;
                    return Ok(false);
                }
                Some("q") | None => return Ok(true),
                Some(_) => break,
            }
        }
    }
    Ok(true)
}

/// A line from the keyboard; `None` at its end.
fn answer() -> Option<String> {
    let _ = std::io::stdout().flush();
    let mut line = String::new();
    match std::io::stdin().read_line(&mut line) {
        Ok(1..) => Some(line.trim().to_lowercase()),
        _ => None,
    }
}
