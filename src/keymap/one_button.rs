//! One button that means two things: a press, and two presses in quick succession.

use super::{HeldKey, Key};

/// What a key event of the one button turns out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    /// A press. What it does is never put off to see whether another follows.
    Once,
    /// The second of two presses.
    Twice,
    /// Part of holding it down, or not known yet.
    Nothing,
}

/// Tells a press from two.
///
/// Where the terminal reports releases, the second press is one as soon as it comes. Where not, it may be the first repeat
/// of a key that is held down: that one is followed by more every few hundredths of a second, a second press by nothing.
#[derive(Clone, Debug, Default)]
pub struct OneButton {
    first: Option<(Key, u64)>,
    /// A second event has come; unless more come until then, it was a press.
    second_until: Option<u64>,
}

impl OneButton {
    /// The longest from the first press to the second, in milliseconds.
    const TWICE_MILLIS: u64 = 400;
    /// Repeats of a key that is held down come faster than this, in milliseconds.
    const STREAM_MILLIS: u64 = 130;

    /// Notes that `key`, the button, arrived at `now` (milliseconds on any steady clock).
    pub fn press(&mut self, key: Key, now: u64, held: &mut HeldKey) -> Press {
        let reported = held.reports(key);
        let repeat = held.is_repeat(key, now);
        let soon = self.first.is_some_and(|(first, at)| first == key && now.saturating_sub(at) <= Self::TWICE_MILLIS);
        let waited_for = self.second_until.take().is_some();
        match (repeat, reported) {
            (false, true) if soon => {
                self.first = None;
                Press::Twice
            }
            (false, _) => {
                self.first = Some((key, now));
                Press::Once
            }
            (true, false) if soon && !waited_for => {
                self.second_until = Some(now + Self::STREAM_MILLIS);
                Press::Nothing
            }
            (true, _) => {
                self.first = None;
                Press::Nothing
            }
        }
    }

    /// The moment at which [`OneButton::wake`] is due; `None` while nothing is open.
    pub fn deadline(&self) -> Option<u64> {
        self.second_until
    }

    /// Whether it is known at `now` that the last event was a second press.
    pub fn wake(&mut self, now: u64) -> bool {
        let known = self.second_until.take_if(|until| now >= *until).is_some();
        if known {
            self.first = None;
        }
        known
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::KeyCode;

    use super::*;

    const SPACE: Key = Key::plain(KeyCode::Char(' '));

    /// What is made of events at these moments, and when.
    fn told(events: &[u64], reported: bool) -> Vec<(u64, Press)> {
        let (mut button, mut held, mut told) = (OneButton::default(), HeldKey::default(), Vec::new());
        if reported {
            held.release(SPACE);
        }
        for at in events {
            if let Some(due) = button.deadline().filter(|due| due < at)
                && button.wake(due)
            {
                told.push((due, Press::Twice));
            }
            match button.press(SPACE, *at, &mut held) {
                Press::Nothing => {}
                press => told.push((*at, press)),
            }
            if reported {
                held.release(SPACE);
            }
        }
        if let Some(due) = button.deadline()
            && button.wake(due)
        {
            told.push((due, Press::Twice));
        }
        told
    }

    #[test]
    fn a_press_does_what_it_does_at_once_and_a_second_one_something_else() {
        for gap in [60, 120, 250, 400] {
            assert_eq!(told(&[1_000, 1_000 + gap], true), [(1_000, Press::Once), (1_000 + gap, Press::Twice)]);
            let due = 1_000 + gap + OneButton::STREAM_MILLIS;
            assert_eq!(told(&[1_000, 1_000 + gap], false), [(1_000, Press::Once), (due, Press::Twice)]);
        }
    }

    #[test]
    fn presses_apart_are_presses() {
        for reported in [true, false] {
            let presses: Vec<u64> = (0..10).map(|n| n * 1_000).collect();
            let expected: Vec<(u64, Press)> = presses.iter().map(|at| (*at, Press::Once)).collect();
            assert_eq!(told(&presses, reported), expected);
        }
        assert_eq!(told(&[0, 401], true), [(0, Press::Once), (401, Press::Once)]);
    }

    #[test]
    fn a_key_that_is_held_down_is_no_second_press() {
        for delay in [250, 400, 500, 660] {
            let stream: Vec<u64> = std::iter::once(0).chain((0..60).map(|n| delay + 33 * n)).collect();
            assert_eq!(told(&stream, false), [(0, Press::Once)], "repeats from {delay} ms on");
        }
    }

    #[test]
    fn three_quick_presses_are_two_and_one() {
        let presses = [0, 200, 400];
        assert_eq!(told(&presses, true), [(0, Press::Once), (200, Press::Twice), (400, Press::Once)]);
    }
}
