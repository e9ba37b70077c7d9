//! The configuration: built-in TOML, with the person's own file laid on it.
//!
//! Text becomes a tree that knows its places ([`tree`]), is held against the shape of the types (`shape`), laid on the other
//! files (`load`), filled up where something is wrong or missing (`complete`), becomes those types, and its names are resolved
//! (`resolve`). Every problem is collected before any is told ([`report`]), but for those that could go away when another
//! is mended (`doubts`); with one of them, nothing is started.

mod complete;
pub mod definitions;
mod doubts;
pub mod edit;
mod files;
mod language;
mod lines;
mod load;
mod meant;
mod prepared;
pub mod reference;
pub mod report;
mod resolve;
mod routines;
pub mod schema;
mod shape;
pub mod show;
pub mod sound;
mod syntax;
#[cfg(test)]
mod tests;
mod texts;
pub mod tree;
pub mod words;

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::keymap::Bindings;
use crate::progress::Aims;
use crate::protocol::figure::Pose;
use crate::protocol::quantity::{Seconds, Unit};
use crate::protocol::{Exercise, Protocol, Question, Test, Work};
use crate::session::event::Pacing;
use crate::theme::terminal::{Ability, Colours, Glyphs};
use crate::theme::{Look, Theme};
use definitions::ProtocolDef;
use files::BUILT_INS;
use report::Refusal;
use sound::{Hear, Sound};
use tree::merged;
use words::Words;

/// The text of `config.example.toml`: the built-in configuration itself.
pub const BUILT_IN: &str = BUILT_INS[0].1;

/// The largest file that is read, in bytes; the longest that is built in is a sixth of it.
pub const MAX_BYTES: u64 = 256 << 10;

/// The most that all of a person's files hold together, in bytes.
pub const MAX_TOTAL: u64 = 1 << 20;

/// In the place of a name: the theme that suits the terminal, the language of the system.
pub const AUTO: &str = "auto";

/// A file of a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name, for messages.
    pub name: String,
    /// Its text.
    pub text: String,
}

impl Source {
    /// The file called `name`, which holds `bytes`.
    ///
    /// # Errors
    /// When there are more than [`MAX_BYTES`] of them, or they are no UTF-8 text.
    pub fn of_bytes(name: String, bytes: Vec<u8>) -> Result<Source, Unreadable> {
        if bytes.len() as u64 > MAX_BYTES {
            return Err(Unreadable::TooLarge { path: name });
        }
        match String::from_utf8(bytes) {
            // Windows editors put a byte order mark in front.
            Ok(text) => Ok(Source { name, text: text.trim_start_matches('\u{feff}').to_owned() }),
            Err(error) => {
                let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
                Err(Unreadable::NotText { path: name, line })
            }
        }
    }
}

/// What is laid on the built-in files, and what the system says of its language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// The person's own languages, each with its name.
    pub languages: Vec<(String, Source)>,
    /// The person's own protocols, which may come from somebody else.
    pub routines: Vec<Source>,
    /// The person's configuration.
    pub own: Vec<Source>,
    /// The locale of the system, such as `de_AT.UTF-8`.
    pub locale: Option<String>,
    /// Some file could not be read: what is missing in the others may stand there.
    pub incomplete: bool,
}

impl From<Vec<Source>> for Files {
    fn from(own: Vec<Source>) -> Files {
        Files { own, ..Files::default() }
    }
}

/// What a person sets once.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Settings {
    /// The language of all texts: `en`, `de`, the name of a file in the folder `languages`, or `auto` for that of the system.
    pub language: String,
    /// Unit of lengths on the screen.
    pub units: Unit,
    /// Who leads through the reps: you, with a key at the far end of each rep, or the program.
    pub pacing: Pacing,
    /// Protocols on the home screen, in order; the first is the one that Space starts.
    pub protocols: Vec<String>,
    /// Countdown after a pause.
    #[schemars(range(min = 0, max = 60))]
    pub lead_in: Seconds,
    /// Loudness in percent.
    #[schemars(range(min = 0, max = 100))]
    pub volume: u8,
    /// The figure steps from pose to pose instead of moving.
    pub reduced_motion: bool,
    /// The display stays on during a session, where the desktop can be asked for it.
    pub keep_awake: bool,
    /// The theme: a name, or `auto` for `light` where the terminal says that it is light, and `dark` everywhere else.
    pub theme: String,
    /// Which colours are used.
    pub colours: Colours,
    /// Which signs are used.
    pub glyphs: Glyphs,
    /// Left and right ankle sound from their own side, where the device is stereo.
    pub stereo: bool,
    /// The first session begins with the sounds that will lead through it.
    pub sound_check: bool,
    /// When the screen flashes at a cue.
    pub flash: Occasion,
    /// When the terminal's bell rings at a cue.
    pub bell: Occasion,
    /// The key that goes on is the only one: in a list one press goes to the next line and two quick ones take it; in a
    /// set, and between sets, two quick ones pause.
    pub one_button: bool,
    /// Sound also where dorsi runs on a machine that you are connected to by SSH: it sounds there, not where you are.
    pub sound_over_ssh: bool,
}

/// A voice that says what is next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Voice {
    /// Whether it speaks.
    pub on: bool,
    /// The program that speaks, and its arguments, run without a shell. `{text}` is replaced by what to say; where no
    /// argument holds it, the program reads it. Empty: the system's own speech.
    pub command: Vec<String>,
}

/// When something stands in for the sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Occasion {
    /// Never.
    Never,
    /// While no cue can be heard.
    WithoutSound,
    /// Always.
    Always,
}

/// A configuration as it is written in TOML.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Definitions {
    /// Settings.
    pub settings: Settings,
    /// Progress over weeks.
    pub progress: Aims,
    /// Keys. The name of a key is the sign that it types, one of `space`, `enter`, `tab`, `backspace`, `esc`, `up`, `down`,
    /// `left`, `right`, `home`, `end`, `pageup`, `pagedown`, `insert` and `delete`, or one of `f1` to `f35`. `ctrl-`, `alt-`
    /// and `shift-` before it stand for what is held with it. `dorsi keys learn` asks for each key, as a remote sends it.
    /// A digit can't be bound, and `.` and `,` only to what is not offered where lengths are typed, such as `pause`.
    pub keys: Bindings,
    /// Tests, by id.
    pub test: IndexMap<String, Arc<Test>>,
    /// Questions, by id.
    pub question: IndexMap<String, Arc<Question>>,
    /// Poses of the figure, by name.
    pub pose: IndexMap<String, Pose>,
    /// Exercises, by id.
    pub exercise: IndexMap<String, Arc<Exercise>>,
    /// Protocols, by id.
    pub protocol: IndexMap<String, ProtocolDef>,
    /// Themes, by name.
    pub theme: IndexMap<String, Theme>,
    /// Sounds, by cue.
    pub sound: Sound,
    /// Pages to learn from, by id, in order.
    #[serde(default)]
    pub learn: IndexMap<String, LearnPage>,
    /// The voice.
    pub voice: Voice,
    /// The program's own words.
    pub words: Words,
}

/// A page to learn from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct LearnPage {
    /// Heading.
    #[schemars(extend("translatable" = true))]
    pub title: String,
    /// The paragraphs.
    #[schemars(extend("translatable" = true))]
    pub text: Vec<String>,
    /// Where it comes from, and how sure it is.
    #[schemars(extend("translatable" = true))]
    pub source: String,
    /// The screens from which it is a key away.
    #[serde(default)]
    pub at: Vec<LearnAt>,
}

/// A screen from which pages are a key away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LearnAt {
    /// A test.
    Test,
    /// The plan.
    Plan,
    /// The set-up of an exercise.
    Setup,
    /// The summary.
    Summary,
}

/// A configuration that is known to be right.
#[derive(Clone, Debug)]
pub struct Config {
    /// Settings.
    pub settings: Settings,
    /// Progress over weeks.
    pub progress: Aims,
    /// Keys.
    pub keys: Bindings,
    /// The protocols, by id, those of the home screen first and in its order.
    pub protocols: IndexMap<String, Arc<Protocol>>,
    /// How many of them are on the home screen: those that are wanted there, and the person's own.
    pub at_home: usize,
    /// The themes, by name.
    pub themes: IndexMap<String, Theme>,
    /// What each cue sounds like.
    pub sound: Sound,
    /// Pages to learn from, by id, in order.
    pub learn: IndexMap<String, LearnPage>,
    /// The voice.
    pub voice: Voice,
    /// The program's own words.
    pub words: Words,
}

impl Config {
    /// The test with this id, where some protocol has it.
    pub fn test(&self, id: &str) -> Option<&Test> {
        let steps = self.protocols.values().flat_map(|protocol| &protocol.steps);
        steps
            .filter_map(|step| match &step.work {
                Work::Measure { test_id, test, .. } => (test_id == id).then_some(&**test),
                _ => None,
            })
            .next()
    }

    /// The built-in configuration.
    pub fn built_in() -> Config {
        // Tests ask for it hundreds of times.
        static BUILT_IN: LazyLock<Config> = LazyLock::new(|| {
            Config::load(Files::default()).expect("the built-in configuration is right; a test holds it so")
        });
        BUILT_IN.clone()
    }

    /// The built-in configuration with the language that is asked for and the person's `files` laid on it, in order.
    ///
    /// # Errors
    /// Everything that is wrong with the files, or with what they make of the built-in configuration. Languages that are
    /// not asked for are not looked at.
    pub fn load(files: impl Into<Files>) -> Result<Config, Refusal> {
        Config::load_with(files, &|_| Err("sound files are not read here".to_owned()))
    }

    /// The same, with the sound files that they name, each read by `hear`.
    ///
    /// # Errors
    /// As for [`Config::load`], and for every sound file that can't be used.
    pub fn load_with(files: impl Into<Files>, hear: &Hear<'_>) -> Result<Config, Refusal> {
        let files = files.into();
        let prepared = match files.own.is_empty() && files.routines.is_empty() && files.languages.is_empty() {
            true => prepared::definitions(language::of_locale(files.locale.as_deref(), &[])),
            false => None,
        };
        match prepared.and_then(resolve::prepared) {
            Some(config) => Ok(config),
            None => load::load(files, false, hear).map(|(config, ..)| config),
        }
    }

    /// Everything that is wrong with `files`, those of languages that are not asked for among them.
    pub fn check(files: impl Into<Files>, hear: &Hear<'_>) -> Option<Refusal> {
        load::load(files.into(), true, hear).err().filter(Refusal::has_problems)
    }

    /// The look of the settings, on a terminal that can show so much.
    pub fn look(&self, ability: Ability) -> Look {
        let name = match self.settings.theme.as_str() {
            AUTO if ability.light => "light",
            AUTO => "dark",
            name => name,
        };
        // Both names are known: `resolve` holds that of the settings, the built-in file has the others.
        Look::new(&self.themes[name], ability.depth(self.settings.colours), ability.ascii(self.settings.glyphs))
    }
}

/// Where the person's own file is looked for.
pub fn default_path() -> Option<PathBuf> {
    Some(directories::ProjectDirs::from("", "", "dorsi")?.config_dir().join("config.toml"))
}

/// Why a file could not even be read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// The system says no.
    #[error("{path}: {error}")]
    Io {
        /// The file.
        path: String,
        /// The system's word.
        error: std::io::Error,
    },
    /// It can't be a configuration.
    #[error("{path}: the file is larger than {} KB; a configuration is text of a few KB", MAX_BYTES >> 10)]
    TooLarge {
        /// The file.
        path: String,
    },
    /// It is one file more than can be laid on each other.
    #[error("{path}: with this file the configuration is larger than {} MB in all", MAX_TOTAL >> 20)]
    TooMuch {
        /// The file.
        path: String,
    },
    /// It is a folder, a pipe or a device.
    #[error("{path}: this is no file")]
    NoFile {
        /// What it is called.
        path: String,
    },
    /// It is not text.
    #[error("{path}: line {line} is not UTF-8 text; save the file as UTF-8")]
    NotText {
        /// The file.
        path: String,
        /// The first line that is wrong.
        line: usize,
    },
}

/// Reads a file of a configuration.
///
/// # Errors
/// When it is no file or can't be read, is larger than [`MAX_BYTES`], or is no UTF-8 text.
pub fn read(path: &Path) -> Result<Source, Unreadable> {
    let name = crate::text::clean(&path.display().to_string());
    let io = |error| Unreadable::Io { path: name.clone(), error };
    // A pipe that nobody writes to would be waited for without end.
    if !std::fs::metadata(path).map_err(io)?.is_file() {
        return Err(Unreadable::NoFile { path: name });
    }
    #[expect(clippy::disallowed_methods, reason = "the one place that reads a configuration file")]
    let file = std::fs::File::open(path).map_err(io)?;
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut std::io::Read::take(file, MAX_BYTES + 1), &mut bytes).map_err(io)?;
    Source::of_bytes(name, bytes)
}
