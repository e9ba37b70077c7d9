//! Telling a key that is held down from one that is pressed again.

use std::collections::HashMap;

use super::Key;

/// Tells a key that is held down from one that is pressed again.
///
/// A terminal may report the release of a key, of some keys only, or of none, and may or may not mark repeats. So a key
/// whose release has been seen once is held until its next release; any other one is taken as held while it comes again
/// faster than a person would press it with a purpose: the first repeat of a keyboard comes after up to 0.66 s, the
/// others every few hundredths of a second, and nobody needs the same step twice within that time, in a lunge or reading.
#[derive(Clone, Debug, Default)]
pub struct HeldKey {
    pressed: Option<(Key, u64)>,
    seen: Option<(Key, u64)>,
    /// Keys whose release this terminal reports, and whether each is down.
    reported: HashMap<Key, bool>,
}

impl HeldKey {
    /// The longest that a held key's first repeat takes to come.
    const DELAY_MILLIS: u64 = 700;
    /// The longest between two repeats after that.
    const STREAM_MILLIS: u64 = 120;

    /// Notes that `key` arrived at `now` (milliseconds on any steady clock) and tells whether it is a repeat.
    pub fn is_repeat(&mut self, key: Key, now: u64) -> bool {
        let within = |before: Option<(Key, u64)>, millis| {
            before.is_some_and(|(other, at)| other == key && now.saturating_sub(at) < millis)
        };
        let repeat = match self.reported.get(&key) {
            // A release can get lost with the focus: after a while without a repeat the key is up all the same.
            Some(down) => *down && within(self.seen, Self::DELAY_MILLIS),
            None => within(self.seen, Self::STREAM_MILLIS) || within(self.pressed, Self::DELAY_MILLIS),
        };
        if let Some(down) = self.reported.get_mut(&key) {
            *down = true;
        }
        self.seen = Some((key, now));
        if !repeat {
            self.pressed = Some((key, now));
        }
        repeat
    }

    /// Notes that for so many `millis` nobody read the keys that came: a stream of repeats may have gone on all the while.
    pub fn was_deaf(&mut self, millis: u64) {
        for (_, at) in [&mut self.pressed, &mut self.seen].into_iter().flatten() {
            *at = at.saturating_add(millis);
        }
    }

    /// Whether the release of `key` has been seen.
    pub fn reports(&self, key: Key) -> bool {
        self.reported.contains_key(&key)
    }

    /// Notes that `key` was let go.
    pub fn release(&mut self, key: Key) {
        self.reported.insert(key, false);
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::KeyCode;

    use super::*;

    #[test]
    fn a_held_key_counts_once_and_a_key_pressed_again_counts_again() {
        let space = Key::plain(KeyCode::Char(' '));
        let mut held = HeldKey::default();
        let stream = std::iter::once(0).chain((0..100).map(|n| 500 + 33 * n));
        let counted = stream.filter(|at| !held.is_repeat(space, *at)).count();
        assert_eq!(counted, 1);
        assert!(!held.is_repeat(space, 500 + 33 * 99 + 800));

        held.is_repeat(Key::ctrl('r'), 5_010);
        assert!(!held.is_repeat(space, 5_020), "a key in between means that this one was let go");

        let mut held = HeldKey::default();
        held.is_repeat(space, 0);
        held.release(space);
        assert!(!held.is_repeat(space, 100), "let go and pressed again");
        let stream = (0..60).map(|n| 600 + 33 * n).filter(|at| !held.is_repeat(space, *at)).count();
        assert_eq!(stream, 0, "held until its release, marked or not");

        let mut held = HeldKey::default();
        held.is_repeat(space, 0);
        held.was_deaf(2_000);
        assert!(held.is_repeat(space, 2_010), "it may have been held while nobody read it");
        assert!(!held.is_repeat(space, 2_810));

        let mut held = HeldKey::default();
        let mashed: Vec<u64> = (0..10).map(|n| n * 300).filter(|at| !held.is_repeat(space, *at)).collect();
        assert_eq!(mashed, [0, 900, 1800, 2700]);
    }

    #[test]
    fn a_slow_keyboard_repeats_no_step_and_neither_does_one_that_was_not_read_for_a_while() {
        let space = Key::plain(KeyCode::Char(' '));
        let mut held = HeldKey::default();
        // Ten in a second, as the console has it unless it is told otherwise.
        let counted = std::iter::once(0).chain((0..30).map(|n| 500 + 92 * n)).filter(|at| !held.is_repeat(space, *at));
        assert_eq!(counted.count(), 1);
        held.was_deaf(2_000);
        assert!(held.is_repeat(space, 500 + 92 * 29 + 2_090), "the stream may have gone on all the while");
    }

    #[test]
    fn a_key_whose_release_got_lost_counts_again_after_a_while() {
        let space = Key::plain(KeyCode::Char(' '));
        let mut held = HeldKey::default();
        held.release(space);
        assert!(!held.is_repeat(space, 1_000));
        assert!(held.is_repeat(space, 1_500), "down");
        assert!(!held.is_repeat(space, 2_300), "the window was left while it was down");
    }
}
