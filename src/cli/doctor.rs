//! `dorsi doctor`: what a session would find on this machine, and what to do about what is missing.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::files::passed_over;
use super::{Failure, is_remote, load, print};
use crate::audio::{Audio, Status};
use crate::config::words::Doctor as Words;
use crate::config::{self, Config};
use crate::store::{self, Store, StoreError};
use crate::text::fill;
use crate::theme::colour::Depth;
use crate::theme::terminal::{Ability, Colours};
use crate::{terminal, text, view, voice};

/// How long the device may take to open.
const PATIENCE: Duration = Duration::from_secs(4);

/// The width of the column that says what was looked at, in columns.
const LABEL: usize = 10;

/// The silence between two sounds.
const PAUSE: Duration = Duration::from_millis(500);

/// What was found, line by line, and how much of it is amiss.
#[derive(Default)]
struct Findings {
    text: String,
    amiss: u32,
}

impl Findings {
    fn note(&mut self, what: &str, found: impl AsRef<str>) {
        let _ = writeln!(self.text, "{} {}", text::pad(what, LABEL), text::clean(found.as_ref()));
    }

    fn amiss(&mut self, what: &str, found: impl AsRef<str>) {
        self.amiss += 1;
        self.note(what, format!("! {}", found.as_ref()));
    }

    /// A line that belongs to the one before.
    fn more(&mut self, told: &str) {
        self.note("", told);
    }

    /// Prints what was found since the last time.
    fn tell(&mut self) -> Result<(), Failure> {
        print(&std::mem::take(&mut self.text)).map(drop)
    }
}

/// Looks at everything, and tells it.
pub fn run(given: &Option<PathBuf>, data_dir: Option<PathBuf>, play: bool) -> Result<ExitCode, Failure> {
    let told = given.clone().or_else(config::default_path);
    let loaded = load(given);
    let words = loaded.as_ref().map_or_else(|_| Config::built_in().words.doctor, |config| config.words.doctor.clone());
    let mut found = Findings::default();
    found.note(&words.dorsi, env!("DORSI_VERSION"));
    let wanted = loaded.as_ref().map_or(Colours::Auto, |config| config.settings.colours);
    look_at_terminal(&mut found, &words, wanted);
    found.tell()?;
    // A configuration that is refused says why itself.
    let config = loaded?;
    match told.filter(|path| path.exists()) {
        Some(path) => found.note(&words.config, fill(&words.config_own, &[("file", path.display().to_string())])),
        None => found.note(&words.config, &words.config_built_in),
    }
    if !passed_over(given).is_empty() {
        found.more(&words.config_unread);
    }
    look_at_sessions(&mut found, &words, data_dir);
    look_at_voice(&mut found, &config);
    found.tell()?;
    let unheard = look_at_sound(&mut found, &config, play)?;
    found.tell()?;
    Ok(ExitCode::from(u8::from(found.amiss > 0 || unheard)))
}

/// `wanted` colours are those of the configuration.
fn look_at_terminal(found: &mut Findings, words: &Words, wanted: Colours) {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let name = variable("TERM").unwrap_or_else(|| words.unknown_terminal.clone());
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return found.note(&words.terminal, fill(&words.no_screen, &[("terminal", name)]));
    }
    let colours = match Ability::of(variable).depth(wanted) {
        Depth::None => &words.no_colours,
        Depth::Sixteen => &words.few_colours,
        Depth::Indexed => &words.many_colours,
        Depth::True => &words.true_colours,
    };
    let (least_width, least_height) = view::SMALLEST;
    let (width, height) = match crossterm::terminal::size() {
        Ok(size) => size,
        Err(error) => {
            let why = [("terminal", name), ("why", error.to_string())];
            return found.amiss(&words.terminal, fill(&words.size_unknown, &why));
        }
    };
    let is_small = width < least_width || height < least_height;
    let known = [
        ("terminal", name),
        ("width", width.to_string()),
        ("height", height.to_string()),
        ("colours", colours.clone()),
        ("least-width", least_width.to_string()),
        ("least-height", least_height.to_string()),
    ];
    match is_small {
        true => found.amiss(&words.terminal, fill(&words.screen_too_small, &known)),
        false => found.note(&words.terminal, fill(&words.screen, &known)),
    }
}

fn look_at_sessions(found: &mut Findings, words: &Words, data_dir: Option<PathBuf>) {
    let folder = data_dir.or_else(store::default_folder).ok_or(StoreError::NoPlace);
    let looked = folder.and_then(|folder| {
        let place = ("folder", folder.display().to_string());
        if !folder.exists() {
            return Ok(fill(&words.sessions_none, &[place]));
        }
        let store = Store::open(&folder)?;
        let count = store.history()?.len();
        Ok(fill(&words.sessions_kept, &[place, ("n", count.to_string())]))
    });
    match looked {
        Ok(kept) => found.note(&words.sessions, kept),
        Err(error) => found.amiss(&words.sessions, error.to_string()),
    }
}

fn look_at_voice(found: &mut Findings, config: &Config) {
    let words = &config.words.doctor;
    let program =
        voice::command(&config.voice, &config.words.report.language).and_then(|command| command.into_iter().next());
    let there = program.as_deref().and_then(voice::find).map(|path| path.display().to_string());
    let with = |template: &str, program: String| fill(template, &[("program", program)]);
    match (config.voice.on, program, there) {
        (true, _, Some(path)) => found.note(&words.voice, with(&words.voice_on, path)),
        (true, Some(program), None) => found.amiss(&words.voice, with(&words.voice_gone, program)),
        (true, None, None) => found.amiss(&words.voice, &words.voice_missing),
        (false, _, Some(path)) => found.note(&words.voice, with(&words.voice_off, path)),
        (false, ..) => found.note(&words.voice, &words.voice_none),
    }
}

/// Opens the device and plays the sounds; whether one was not heard.
fn look_at_sound(found: &mut Findings, config: &Config, play: bool) -> Result<bool, Failure> {
    let words = &config.words.doctor;
    if is_remote() && !config.settings.sound_over_ssh {
        found.note(&words.sound, &words.remote);
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
            let known = [("device", device), ("volume", config.settings.volume.to_string())];
            found.note(&words.sound, fill(&words.sound_on, &known));
            found.tell().and_then(|()| sound_check(config, &audio, play))
        }
        Status::Missing { why } => {
            found.amiss(&words.sound, fill(&words.sound_none, &[("why", why)]));
            found.more(&words.without_sound);
            Ok(true)
        }
        Status::Off | Status::Opening => {
            found.amiss(&words.sound, &words.no_answer);
            found.more(&words.without_sound);
            Ok(true)
        }
    };
    audio.quit();
    terminal::show_stderr();
    heard.map(|heard| !heard)
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
    let words = &config.words.doctor;
    let asks = !play && std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if !play && !asks {
        print(&format!("{} {}\n", text::pad("", LABEL), words.plays))?;
        return Ok(true);
    }
    // A device that was just opened takes a moment until it is heard.
    thread::sleep(PAUSE);
    if asks {
        print(&format!("\n{}\n\n", words.ask))?;
    }
    for (cue, tone) in config.sound.tones() {
        print(&format!("  {}\n", text::clean(config.words.cues.of(cue))))?;
        loop {
            audio.play(cue, None, Instant::now());
            thread::sleep(Duration::from_millis(tone.ms().into()) + PAUSE);
            if !asks {
                break;
            }
            print(&format!("    {} ", words.heard))?;
            match answer().as_deref() {
                Some("r") => {}
                Some("n") => {
                    print(&remedies(words))?;
                    return Ok(false);
                }
                Some("q") | None => return Ok(true),
                Some(_) => break,
            }
        }
    }
    Ok(true)
}

/// What to do where nothing is heard.
fn remedies(words: &Words) -> String {
    let steps = [&words.turn_up, &words.choose_output, &words.wake, &words.levels];
    let steps: String = steps.iter().map(|step| format!("  - {step}\n")).collect();
    format!("\n{}\n{steps}{}\n", words.unheard, words.flashes)
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
