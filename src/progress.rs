//! Measurements compared: how large a change or a difference is, and what can honestly be said of it.
//!
//! Pure functions over values; thresholds come with the [`Test`], so from TOML.

use crate::protocol::quantity::Length;
use crate::protocol::{Side, Test};
use crate::session::event::Reading;

/// The gap between knee and wall that a reading means at the test's toe distance.
pub fn gap(test: &Test, reading: Reading) -> Length {
    match reading {
        Reading::Judged(gap) | Reading::Gap(gap) => gap,
        Reading::Reach(reach) => test.toe_distance.minus(reach).max(Length::ZERO),
    }
}

/// The largest toe-to-wall distance that a reading stands for. With the foot fixed it is roughly the toe distance less
/// the gap, and a touch says only "at least" the toe distance.
pub fn distance(test: &Test, reading: Reading) -> Length {
    match reading {
        Reading::Judged(gap) | Reading::Gap(gap) => test.toe_distance.minus(gap),
        Reading::Reach(reach) => reach,
    }
}

/// Whether a reading only says that the distance is at least this much.
pub fn is_at_least(reading: Reading) -> bool {
    matches!(reading, Reading::Judged(Length::ZERO) | Reading::Gap(Length::ZERO))
}

/// What can be said of the change between two readings of the same test on the same side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Smaller than what measuring again would differ by anyway.
    NoClearChange,
    /// More range, perhaps.
    PossiblyMore,
    /// Less range, perhaps.
    PossiblyLess,
    /// More range than measuring error explains.
    More,
    /// Less range than measuring error explains.
    Less,
    /// The knee touches both times: only the largest distance would show a change.
    TouchesBoth,
    /// A reading was judged by eye, too coarse for a verdict.
    ByEye,
}

/// The change between two readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Later distance less earlier distance: positive is more range.
    pub by: Length,
    /// What can be said of it.
    pub verdict: Verdict,
}

/// Compares two readings of the same test on the same side.
pub fn change(test: &Test, before: Reading, after: Reading) -> Change {
    let by = distance(test, after).minus(distance(test, before));
    let judged = |reading| matches!(reading, Reading::Judged(gap) if gap != Length::ZERO);
    let verdict = if is_at_least(before) && is_at_least(after) {
        Verdict::TouchesBoth
    } else if judged(before) || judged(after) {
        Verdict::ByEye
    } else {
        let more = by > Length::ZERO;
        match by.abs() {
            size if size >= test.real_change => {
                if more {
                    Verdict::More
                } else {
                    Verdict::Less
                }
            }
            size if size >= test.possible_change => {
                if more {
                    Verdict::PossiblyMore
                } else {
                    Verdict::PossiblyLess
                }
            }
            _ => Verdict::NoClearChange,
        }
    };
    Change { by, verdict }
}

/// How far the two ankles are apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// As far as most healthy people's.
    Usual,
    /// Worth watching.
    Watch,
    /// Asymmetric.
    Asymmetric,
}

/// Compares the two ankles. Two touches differ by nothing that the test can tell.
pub fn difference(test: &Test, left: Reading, right: Reading) -> (Length, Difference) {
    let apart = distance(test, left).minus(distance(test, right)).abs();
    let verdict = match apart {
        apart if apart >= test.asymmetric_difference => Difference::Asymmetric,
        apart if apart >= test.watch_difference => Difference::Watch,
        _ => Difference::Usual,
    };
    (apart, verdict)
}

/// The ankle with less range; `None` where the readings are equal.
pub fn stiffer(test: &Test, left: Reading, right: Reading) -> Option<Side> {
    let (left, right) = (distance(test, left), distance(test, right));
    match left.cmp(&right) {
        std::cmp::Ordering::Less => Some(Side::Left),
        std::cmp::Ordering::Greater => Some(Side::Right),
        std::cmp::Ordering::Equal => None,
    }
}
