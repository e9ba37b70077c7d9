//! What each cue sounds like: a few notes, synthesised.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::cue::Cue;

/// The longest sound of a cue, in milliseconds: a longer one would reach into the cue after it.
pub const LONGEST_MS: u32 = 3000;

/// A note, a glide, or a silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Note {
    /// Frequency at its start, in hertz; a note without one is a silence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 100, max = 4000))]
    pub hz: Option<u16>,
    /// Frequency at its end, in hertz, where the note glides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 100, max = 4000))]
    pub to: Option<u16>,
    /// Length in milliseconds.
    #[schemars(range(min = 10, max = 2000))]
    pub ms: u16,
}

/// What a sound file holds, in one channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// Samples a second.
    pub rate: std::num::NonZero<u32>,
    /// The samples, -1 to 1.
    pub samples: Vec<f32>,
}

impl Recording {
    /// Nothing at all.
    pub fn silence() -> Recording {
        Recording { rate: std::num::NonZero::<u32>::MIN, samples: Vec::new() }
    }

    /// Its length in milliseconds.
    pub fn ms(&self) -> u32 {
        let ms = self.samples.len() as u64 * 1000 / u64::from(self.rate.get());
        u32::try_from(ms).unwrap_or(u32::MAX)
    }
}

/// Reads the sound file of this name, or tells why not.
pub type Hear<'a> = dyn Fn(&str) -> Result<Recording, String> + 'a;

/// The sound of one cue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Tone {
    /// Amplitude in percent of the most that the device can give, before the volume of the settings.
    #[schemars(range(min = 0, max = 100))]
    pub level: u8,
    /// Its notes, one after the other.
    pub notes: Vec<Note>,
    /// A sound file instead of the notes: WAV, Ogg Vorbis or FLAC, up to 3 s, its path taken from the folder of the
    /// configuration file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// What is in the file.
    #[serde(skip)]
    pub recording: Option<Arc<Recording>>,
}

impl Tone {
    /// Its length in milliseconds.
    pub fn ms(&self) -> u32 {
        match &self.recording {
            Some(recording) => recording.ms(),
            None => self.notes.iter().map(|note| u32::from(note.ms)).sum(),
        }
    }
}

macro_rules! cues {
    ($($cue:ident $name:ident),* $(,)?) => {
        /// The sound of every cue.
        #[expect(missing_docs, reason = "the cue of the same name says what it is")]
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "kebab-case", deny_unknown_fields)]
        pub struct Sound {
            $(pub $name: Tone,)*
        }

        impl Sound {
            /// Every cue with its sound.
            pub fn tones(&self) -> Vec<(Cue, &Tone)> {
                vec![$((Cue::$cue, &self.$name)),*]
            }

            /// Every cue with its sound, to be changed.
            pub(super) fn tones_mut(&mut self) -> Vec<(Cue, &mut Tone)> {
                vec![$((Cue::$cue, &mut self.$name)),*]
            }

            /// The sound of `cue`.
            pub fn tone(&self, cue: Cue) -> &Tone {
                match cue {
                    $(Cue::$cue => &self.$name,)*
                }
            }

            /// The name of `cue` in the configuration.
            pub fn key(cue: Cue) -> String {
                match cue {
                    $(Cue::$cue => stringify!($name).replace('_', "-"),)*
                }
            }
        }
    };
}

cues! {
    Pip pip,
    Go go,
    Forward forward,
    Hold hold,
    HoldEnd hold_end,
    Back back,
    Rep rep,
    Enough enough,
    SetDone set_done,
    ChangeSides change_sides,
    RestOver rest_over,
    Finished finished,
    Warning warning,
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, Source};

    fn refusal(text: &str) -> String {
        let source = Source { name: "mine.toml".to_owned(), text: text.to_owned() };
        Config::load(vec![source]).expect_err("a wrong configuration").to_string()
    }

    #[test]
    fn a_wrong_sound_is_refused_with_its_place() {
        for (text, title) in [
            ("\n[sound.pipp]\nlevel = 10\n", "unknown key `pipp`"),
            ("[sound.pip]\nlevel = 101\n", "wrong value for `level`"),
            ("[sound.pip]\nnotes = [{ hz = 20, ms = 50 }]\n", "wrong value for `hz`"),
            ("[sound.pip]\nnotes = [{ hz = 440 }]\n", "`ms` is missing here"),
            ("[sound.pip]\nnotes = []\n", "a sound without notes"),
            ("[sound.pip]\nnotes = [{ to = 440, ms = 50 }]\n", "a glide from nowhere"),
            ("[sound.pip]\nnotes = [{ ms = 2000 }, { ms = 2000 }]\n", "a sound too long"),
        ] {
            let refusal = refusal(text);
            assert!(refusal.contains(title) && refusal.contains("mine.toml:2"), "{text}\n{refusal}");
        }
    }

    #[test]
    fn a_sound_file_is_read_where_one_is_named_and_told_of_where_it_cannot_be() {
        let load = |text: &str, hear: &super::Hear<'_>| {
            Config::load_with(vec![Source { name: "mine.toml".to_owned(), text: text.to_owned() }], hear)
        };
        let text = "[sound.go]\nlevel = 50\nfile = \"whistle.ogg\"\n";
        let refused = load(text, &|file| Err(format!("{file} is no sound"))).expect_err("a wrong file").to_string();
        for part in
            ["a sound that can't be played", "mine.toml:3", "whistle.ogg is no sound", "WAV, Ogg Vorbis or FLAC"]
        {
            assert!(refused.contains(part), "{part:?} is missing in:\n{refused}");
        }
        let recording = super::Recording { rate: 8_000.try_into().unwrap(), samples: vec![0.5; 800] };
        let config = load(text, &|_| Ok(recording.clone())).expect("a right file");
        assert_eq!((config.sound.go.ms(), config.sound.go.recording.as_deref()), (100, Some(&recording)));
        assert!(load("[voice]\ncommand = [\"say\", \"{text}\"]\n", &|_| Err(String::new())).is_ok());
        assert!(load("", &|file| panic!("{file} is not asked for")).is_ok());
    }

    #[test]
    fn no_two_cues_have_the_same_contour() {
        let config = Config::built_in();
        // What is left of a sound for an ear that can't tell pitches: which notes rise, fall or stay, each against its
        // own start and against the note before.
        let contour = |tone: &super::Tone| -> Vec<_> {
            let mut before = None;
            let heard = tone.notes.iter().filter_map(|note| note.hz.map(|hz| (hz, note.to.unwrap_or(hz))));
            heard.map(|(hz, to)| (before.replace(to).map(|before| hz.cmp(&before)), to.cmp(&hz))).collect()
        };
        // Where those are the same, one has to be more than twice as long as the other.
        let ms = |tone: &super::Tone| -> u16 {
            tone.notes.iter().filter(|note| note.hz.is_some()).map(|note| note.ms).sum()
        };
        let alike = |one: u16, other: u16| one.max(other) <= 2 * one.min(other);
        let tones = config.sound.tones();
        for (index, (cue, tone)) in tones.iter().enumerate() {
            for (other, other_tone) in &tones[..index] {
                let same = contour(tone) == contour(other_tone) && alike(ms(tone), ms(other_tone));
                assert!(!same, "{cue:?} and {other:?}");
            }
        }
    }
}
