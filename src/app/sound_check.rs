//! The sound check: each cue with its meaning, and whether it was heard.

use std::sync::Arc;

use super::{App, Effect, Screen, Sound};
use crate::cue::Cue;
use crate::keymap::{Action, Context};
use crate::progress::Habit;
use crate::protocol::Protocol;

/// How far a sound check has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SoundCheck {
    /// The session that it goes before; `None` where it was asked for by itself.
    pub before: Option<Arc<Protocol>>,
    /// Index of the cue in the configuration's order; past the last, all were heard.
    pub at: usize,
    /// It was played.
    pub played: bool,
    /// It was not heard: what to do is shown.
    pub unheard: bool,
}

impl App {
    /// The cue that the sound check is at.
    pub fn checked_cue(&self, check: &SoundCheck) -> Option<Cue> {
        self.config.sound.tones().get(check.at).map(|(cue, _)| *cue)
    }

    /// Whether there is a sound left to play: where nothing can be heard there is nothing to try.
    fn has_sounds_left(&self, check: &SoundCheck) -> bool {
        self.sound == Sound::Fine && self.checked_cue(check).is_some()
    }

    pub(super) fn context_of_sounds(&self, check: &SoundCheck) -> Context {
        match (self.has_sounds_left(check), check.before.is_some()) {
            (true, false) => Context::SoundCheck,
            (true, true) => Context::FirstSounds,
            (false, false) => Context::SoundsOver,
            (false, true) => Context::FirstSoundsOver,
        }
    }

    /// Whether nobody has trained here yet, so that the sounds are new.
    fn is_new_here(&self) -> bool {
        self.past.unfinished.is_none() && self.past.earlier.is_empty() && self.past.habit == Habit::default()
    }

    /// Starts what the person has chosen: before their first session with the sounds that will lead them.
    pub fn start(&mut self, protocol: Arc<Protocol>) -> Vec<Effect> {
        let wanted = self.config.settings.sound_check && !self.sounds_known && self.sound != Sound::Remote;
        if wanted && self.is_new_here() { self.begin_sound_check(Some(protocol)) } else { self.begin(protocol) }
    }

    pub(super) fn begin_sound_check(&mut self, before: Option<Arc<Protocol>>) -> Vec<Effect> {
        self.screen = Screen::SoundCheck(SoundCheck { before, ..SoundCheck::default() });
        vec![Effect::Listen]
    }

    pub(super) fn sound_check(&mut self, action: Action) -> Vec<Effect> {
        let Screen::SoundCheck(check) = &self.screen else { return Vec::new() };
        let mut check = check.clone();
        let goes_on = self.has_sounds_left(&check);
        let mut effects = Vec::new();
        match action {
            Action::Go | Action::Right if goes_on => {
                if check.played {
                    check.at += 1;
                }
                effects.extend(self.play(&mut check));
            }
            Action::Back | Action::Left if check.played => effects.extend(self.play(&mut check)),
            Action::Down if check.played => check.unheard = true,
            Action::Go | Action::Right | Action::Skip => return self.after_sound_check(check.before),
            Action::Quit | Action::Pause => return self.after_sound_check(None),
            _ => {}
        }
        self.screen = Screen::SoundCheck(check);
        effects
    }

    fn after_sound_check(&mut self, session: Option<Arc<Protocol>>) -> Vec<Effect> {
        if let Some(protocol) = session {
            self.sounds_known = true;
            return self.begin(protocol);
        }
        self.screen = Screen::Home { cursor: 0 };
        vec![Effect::Close]
    }

    fn play(&mut self, check: &mut SoundCheck) -> Option<Effect> {
        check.unheard = false;
        let cue = self.checked_cue(check);
        check.played = cue.is_some();
        cue.map(|cue| Effect::Cue(self.now, cue, None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Source};
    use crate::kept::Past;

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

    /// The app of somebody who has never trained, with the warm-up chosen.
    fn newcomer(settings: &str) -> (App, Vec<Effect>) {
        let text = format!("[settings]\n{settings}\n");
        let config = Config::load(vec![Source { name: "mine.toml".to_owned(), text }]).unwrap();
        let mut app = App::new(Arc::new(config), Past::default());
        let protocol = app.config.protocols["warm-up"].clone();
        let effects = app.start(protocol);
        (app, effects)
    }

    #[test]
    fn the_first_session_begins_with_the_sounds_and_with_nothing_else_to_decide() {
        let (mut app, effects) = newcomer("");
        assert_eq!(effects, [Effect::Listen]);
        for _ in 0..app.config.sound.tones().len() {
            assert!(matches!(app.press(10, Action::Go)[..], [Effect::Cue(..)]));
        }
        assert_eq!(app.press(20, Action::Go), []);
        assert!(matches!(app.press(30, Action::Go)[..], [Effect::Begin(_)]));
        assert!(matches!(app.screen, Screen::Session(_)));
    }

    #[test]
    fn it_comes_once_and_can_be_passed() {
        let (mut app, _) = newcomer("");
        assert!(matches!(app.press(10, Action::Skip)[..], [Effect::Begin(_)]));
        let protocol = app.config.protocols["warm-up"].clone();
        app.start(protocol);
        assert!(matches!(app.screen, Screen::Session(_)), "the sounds are known now");

        let (mut app, _) = newcomer("");
        assert_eq!(app.press(10, Action::Quit), [Effect::Close]);
        assert!(matches!(app.screen, Screen::Home { .. }));
    }

    #[test]
    fn it_does_not_come_where_it_is_not_wanted_or_nothing_can_be_heard() {
        let (_, effects) = newcomer("sound-check = false");
        assert!(matches!(effects[..], [Effect::Begin(_)]));

        let mut app = App::new(Arc::new(Config::built_in()), Past::default());
        app.sound = Sound::Remote;
        let protocol = app.config.protocols["warm-up"].clone();
        assert!(matches!(app.start(protocol)[..], [Effect::Begin(_)]));

        let (mut app, _) = newcomer("");
        app.sound = Sound::Missing;
        assert!(matches!(app.press(10, Action::Go)[..], [Effect::Begin(_)]), "no device: nothing to try");
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
