//! The flash of the screen at a cue, for those who can't hear it.

use super::{App, Effect, Sound};
use crate::config::Occasion;
use crate::cue::Cue;

/// A flash of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flash {
    /// When it began, in milliseconds of the program's clock.
    began: u64,
    cue: Cue,
}

impl Flash {
    /// How long the screen is lit, in milliseconds.
    const MILLIS: u64 = 200;

    /// From one flash to the next, in milliseconds. More than three in a second can harm people with photosensitive
    /// epilepsy.
    const APART: u64 = 400;
}

impl App {
    /// The cue that the screen flashes for now.
    pub fn flashing(&self) -> Option<Cue> {
        self.flash.filter(|flash| self.now < flash.began + Flash::MILLIS).map(|flash| flash.cue)
    }

    /// When the flash is over, in milliseconds of the program's clock; `None` while there is none.
    pub fn flash_ends(&self) -> Option<u64> {
        self.flashing().and(self.flash).map(|flash| flash.began + Flash::MILLIS)
    }

    /// Whether no cue can be heard: there is no loudspeaker, or the person has turned it off.
    fn is_silent(&self) -> bool {
        self.sound != Sound::Fine || self.muted || self.volume == 0
    }

    /// Whether something that stands in for the sound is wanted now.
    pub fn is_time_for(&self, occasion: Occasion) -> bool {
        match occasion {
            Occasion::Never => false,
            Occasion::WithoutSound => self.is_silent(),
            Occasion::Always => true,
        }
    }

    /// Lights the screen up for the cues among `effects`.
    pub(super) fn light_up(&mut self, effects: &[Effect]) {
        let cue = effects.iter().find_map(|effect| match effect {
            Effect::Cue(_, cue, _) => Some(*cue),
            _ => None,
        });
        let Some(cue) = cue.filter(|_| self.is_time_for(self.config.settings.flash)) else { return };
        if self.flash.is_none_or(|before| self.now >= before.began + Flash::APART) {
            self.flash = Some(Flash { began: self.now, cue });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::config::{Config, Source};
    use crate::kept::Past;

    fn app(settings: &str) -> App {
        let source = Source { name: "mine.toml".to_owned(), text: format!("[settings]\n{settings}\n") };
        App::new(Arc::new(Config::load(vec![source]).unwrap()), Past::default())
    }

    /// Cues at these moments; the moments at which a flash begins.
    fn flashes(app: &mut App, cues: impl IntoIterator<Item = u64>) -> Vec<u64> {
        let mut seen = Vec::new();
        for at in cues {
            app.now = at;
            let before = app.flash;
            app.light_up(&[Effect::Cue(at, Cue::Pip, None)]);
            seen.extend((app.flash != before).then_some(at));
        }
        seen
    }

    #[test]
    fn a_cue_that_is_not_heard_is_seen_for_a_moment() {
        for (settings, sound, muted, seen) in [
            ("", Sound::Fine, false, false),
            ("", Sound::Fine, true, true),
            ("", Sound::Missing, false, true),
            ("", Sound::Remote, false, true),
            ("volume = 0", Sound::Fine, false, true),
            ("flash = \"always\"", Sound::Fine, false, true),
            ("flash = \"never\"", Sound::Missing, false, false),
        ] {
            let mut app = app(settings);
            (app.sound, app.muted, app.now) = (sound, muted, 1_000);
            app.light_up(&[Effect::Cue(1_000, Cue::Hold, None)]);
            assert_eq!(app.flashing().is_some(), seen, "{settings} {:?}", app.sound);
            assert_eq!(app.flash_ends(), seen.then_some(1_200));
            app.now = 1_200;
            assert_eq!((app.flashing(), app.flash_ends()), (None, None));
        }
    }

    #[test]
    fn there_are_never_more_than_three_flashes_in_a_second() {
        let mut app = app("flash = \"always\"");
        let seen = flashes(&mut app, (0..10_000).step_by(10));
        assert!(seen.len() > 20);
        assert!(seen.windows(4).all(|four| four[3] - four[0] >= 1_000), "{seen:?}");
    }
}
