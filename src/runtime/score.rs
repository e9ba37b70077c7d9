//! What the loudspeaker has been told to play, and what it has to be told next.
//!
//! Cues are placed ahead of their time, so that they sound on the millisecond however late the loop wakes up. What was
//! placed and no longer holds, because a key changed the course of things, is withdrawn.

use crate::cue::Cue;
use crate::protocol::Side;

/// How far ahead cues are placed, in milliseconds.
pub const HORIZON: u64 = 2_500;

/// A cue with its moment, in milliseconds of the program's clock, and the ankle that it speaks of.
pub type Placed = (u64, Cue, Option<Side>);

/// What to tell the loudspeaker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Orders {
    /// Withdraw everything that has not begun yet, before the rest.
    pub silence: bool,
    /// Play these.
    pub play: Vec<Placed>,
}

/// The cues that are placed and may still sound.
#[derive(Clone, Debug, Default)]
pub struct Score {
    placed: Vec<Placed>,
    /// The loudspeaker may have been told of more than is in `placed`.
    is_stale: bool,
}

impl Score {
    /// The machine slept: what was placed is withdrawn with the next orders. The loudspeaker's clock stood still meanwhile, so
    /// that it would sound now, in a set that is paused.
    pub fn slept(&mut self) {
        self.placed.clear();
        self.is_stale = true;
    }

    /// Brings the score up to date at `now`: `sounded` is what has just become due, `upcoming` what will be due within
    /// the [`HORIZON`] if no key is pressed.
    pub fn follow(&mut self, now: u64, sounded: &[Placed], upcoming: Vec<Placed>) -> Orders {
        // What became due without having been placed came from a key, and sounds at once.
        let unplaced = sounded.iter().filter(|cue| !self.placed.contains(cue)).copied();
        let mut orders = Orders { silence: std::mem::take(&mut self.is_stale), play: unplaced.collect() };
        self.placed.retain(|(at, ..)| *at > now);
        if !upcoming.starts_with(&self.placed) {
            orders.silence = true;
            self.placed.clear();
        }
        orders.play.extend_from_slice(&upcoming[self.placed.len()..]);
        self.placed = upcoming;
        orders
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_placed_ahead_is_not_played_again_when_it_becomes_due() {
        let mut score = Score::default();
        let pips = vec![(1_000, Cue::Pip, None), (2_000, Cue::Pip, None)];
        assert_eq!(score.follow(0, &[], pips.clone()).play, pips);
        let orders =
            score.follow(1_004, &[(1_000, Cue::Pip, None)], vec![(2_000, Cue::Pip, None), (3_000, Cue::Pip, None)]);
        assert_eq!(orders, Orders { silence: false, play: vec![(3_000, Cue::Pip, None)] });
    }

    #[test]
    fn a_key_sounds_at_once_and_withdraws_what_no_longer_holds() {
        let mut score = Score::default();
        score.follow(0, &[], vec![(2_000, Cue::Back, None)]);
        let orders = score.follow(500, &[(500, Cue::SetDone, None)], vec![]);
        assert_eq!(orders, Orders { silence: true, play: vec![(500, Cue::SetDone, None)] });
        assert_eq!(score.follow(2_100, &[], vec![]), Orders::default());
    }

    #[test]
    fn after_a_sleep_nothing_sounds_but_what_tells_of_it() {
        let mut score = Score::default();
        score.follow(0, &[], vec![(1_000, Cue::Hold, None), (2_000, Cue::Back, None)]);
        score.slept();
        let woken = 3_600_000;
        let orders = score.follow(woken, &[(woken, Cue::Warning, None)], vec![]);
        assert_eq!(orders, Orders { silence: true, play: vec![(woken, Cue::Warning, None)] });
        assert_eq!(score.follow(woken + 10, &[], vec![]), Orders::default());
    }

    #[test]
    fn an_early_wake_up_changes_nothing() {
        let mut score = Score::default();
        let ahead = vec![(2_000, Cue::Back, None)];
        score.follow(0, &[], ahead.clone());
        assert_eq!(score.follow(700, &[], ahead), Orders::default());
    }

    #[test]
    fn a_wake_up_on_the_millisecond_withdraws_nothing() {
        let mut score = Score::default();
        score.follow(0, &[], vec![(1_000, Cue::Pip, None), (2_000, Cue::Pip, None)]);
        let orders = score.follow(1_000, &[(1_000, Cue::Pip, None)], vec![(2_000, Cue::Pip, None)]);
        assert_eq!(orders, Orders::default());
    }
}
