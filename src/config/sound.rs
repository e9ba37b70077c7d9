//! What each cue sounds like: a few notes, synthesised.

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

/// The sound of one cue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Tone {
    /// Amplitude in percent of the most that the device can give, before the volume of the settings.
    #[schemars(range(min = 0, max = 100))]
    pub level: u8,
    /// Its notes, one after the other.
    pub notes: Vec<Note>,
}

impl Tone {
    /// Its length in milliseconds.
    pub fn ms(&self) -> u32 {
        self.notes.iter().map(|note| u32::from(note.ms)).sum()
    }
}

macro_rules! cues {
    ($($cue:ident $name:ident),* $(,)?) => {
        /// The sound of every cue.
        #[expect(missing_docs, reason = "the cue of the same name says what it is")]
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "kebab-case", deny_unknown_fields)]
        pub struct Sound {
            $(pub $name: Tone,)*
        }

        impl Sound {
            /// Every cue with its sound.
            pub fn tones(&self) -> Vec<(Cue, &Tone)> {
                vec![$((Cue::$cue, &self.$name)),*]
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
    Back back,
    Enough enough,
    SetDone set_done,
    ChangeSides change_sides,
    RestOver rest_over,
    Finished finished,
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
    fn no_two_cues_have_the_same_contour() {
        let config = Config::built_in();
        // What is left of a sound for an ear that can't tell pitches: which notes rise, fall or stay, each against its
        // own start and against the note before, and whether it is short or long.
        let contour = |notes: &[super::Note]| -> Vec<_> {
            let mut before = None;
            let heard = notes.iter().filter_map(|note| note.hz.map(|hz| (hz, note.to.unwrap_or(hz), note.ms)));
            heard
                .map(|(hz, to, ms)| {
                    let step = before.map(|before| hz.cmp(&before));
                    before = Some(to);
                    (step, to.cmp(&hz), ms >= 150)
                })
                .collect()
        };
        let tones = config.sound.tones();
        for (index, (cue, tone)) in tones.iter().enumerate() {
            for (other, other_tone) in &tones[..index] {
                assert_ne!(contour(&tone.notes), contour(&other_tone.notes), "{cue:?} and {other:?}");
            }
        }
    }
}
