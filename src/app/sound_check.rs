//! The sound check: each cue with its meaning, and whether it was heard.

use super::{App, Effect, Screen, Sound};
use crate::cue::Cue;
use crate::keymap::Action;
use crate::progress::Habit;

/// How far a sound check has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SoundCheck {
    /// Index of the cue in the configuration's order; past the last, all were heard.
    pub at: usize,
    /// It was played.
    pub played: bool,
    /// It was not heard: what to do is shown.
    pub unheard: bool,
}

impl App {
    /// The cue that the sound check is at.
    pub fn checked_cue(&self, check: SoundCheck) -> Option<Cue> {
        self.config.sound.tones().get(check.at).map(|(cue, _)| *cue)
    }

    /// Whether nobody has trained here yet, so that the sounds are new.
    pub fn is_new_here(&self) -> bool {
        self.past.unfinished.is_none() && self.past.earlier.is_empty() && self.past.habit == Habit::default()
    }

    pub(super) fn begin_sound_check(&mut self) -> Vec<Effect> {
        self.screen = Screen::SoundCheck(SoundCheck::default());
        vec![Effect::Listen]
    }

    pub(super) fn sound_check(&mut self, action: Action, mut check: SoundCheck) -> Vec<Effect> {
        let mut effects = Vec::new();
        match action {
            Action::Go | Action::Right if check.at < self.config.sound.tones().len() => {
                if check.played {
                    check.at += 1;
                }
                effects.extend(self.play(&mut check));
            }
            Action::Back | Action::Left if check.played => effects.extend(self.play(&mut check)),
            Action::Down if check.played => check.unheard = true,
            Action::Go | Action::Right | Action::Quit | Action::Pause => {
                self.screen = Screen::Home { cursor: 0 };
                return vec![Effect::Close];
            }
            _ => {}
        }
        self.screen = Screen::SoundCheck(check);
        effects
    }

    fn play(&mut self, check: &mut SoundCheck) -> Option<Effect> {
        check.unheard = false;
        let cue = self.checked_cue(*check);
        check.played = cue.is_some();
        cue.filter(|_| self.sound == Sound::Fine).map(|cue| Effect::Cue(self.now, cue, None))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::app::Past;
    use crate::config::Config;

    #[test]
    fn every_cue_is_played_once_and_again_when_asked() {
        let mut app = App::new(Arc::new(Config::built_in()), Past::default());
        assert_eq!(app.press(0, Action::SoundCheck), [Effect::Listen]);
        let cues: Vec<Cue> = app.config.sound.tones().into_iter().map(|(cue, _)| cue).collect();
        for cue in &cues {
            assert_eq!(app.press(10, Action::Go), [Effect::Cue(10, *cue, None)]);
            assert_eq!(app.press(20, Action::Back), [Effect::Cue(20, *cue, None)], "once more");
            assert_eq!(app.press(30, Action::Down), [], "not heard");
            assert!(matches!(app.screen, Screen::SoundCheck(SoundCheck { unheard: true, .. })));
        }
        assert_eq!(app.press(40, Action::Go), []);
        assert_eq!(app.press(50, Action::Go), [Effect::Close]);
        assert!(matches!(app.screen, Screen::Home { .. }));
    }

    #[test]
    fn one_key_leaves_it() {
        for key in [Action::Quit, Action::Pause] {
            let mut app = App::new(Arc::new(Config::built_in()), Past::default());
            app.press(0, Action::SoundCheck);
            assert_eq!(app.press(10, key), [Effect::Close]);
        }
    }
}
