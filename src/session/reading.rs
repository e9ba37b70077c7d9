//! Two readings compared: how large a change or a difference is, and what can honestly be said of it.

use super::event::Reading;
use crate::protocol::quantity::{Length, Unit};
use crate::protocol::{Side, Test};

/// The gap between knee and wall that a reading means at the test's toe distance.
pub fn gap(test: &Test, reading: Reading) -> Length {
    match reading {
        Reading::Judged(gap) | Reading::Gap(gap) => gap,
        Reading::Reach(reach) if reach >= told(test) => Length::ZERO,
        Reading::Reach(reach) => test.toe_distance.minus(reach),
    }
}

/// The toe distance as it is told, where that is a little less: whoever has put the toes at 10 cm, as told for 4 inches, and
/// touches the wall has done what is asked for.
fn told(test: &Test) -> Length {
    let distance = test.toe_distance;
    [Unit::Cm, Unit::In].map(|unit| distance.as_told(unit)).into_iter().fold(distance, Length::min)
}

/// The largest toe-to-wall distance that a reading stands for. With the foot fixed it is roughly the toe distance less
/// the gap, and a touch says only "at least" the toe distance; there is none below zero.
pub fn distance(test: &Test, reading: Reading) -> Length {
    range(test, reading).max(Length::ZERO)
}

/// The same, to be compared: negative where the knee stays behind the toes.
fn range(test: &Test, reading: Reading) -> Length {
    match reading {
        Reading::Judged(gap) | Reading::Gap(gap) => test.toe_distance.minus(gap),
        Reading::Reach(reach) => reach,
    }
}

/// Whether a reading only says that the distance is at least this much.
pub fn is_at_least(reading: Reading) -> bool {
    matches!(reading, Reading::Judged(Length::ZERO) | Reading::Gap(Length::ZERO))
}

/// Whether a gap was judged by eye. That the knee touches is seen well enough.
pub fn is_judged(reading: Reading) -> bool {
    matches!(reading, Reading::Judged(gap) if gap != Length::ZERO)
}

/// The form in which a test was taken; readings of different forms are not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// With the foot fixed: the gap between knee and wall.
    Gap,
    /// With the foot slid back: the largest distance.
    Reach,
}

fn form(reading: Reading) -> Form {
    match reading {
        Reading::Judged(_) | Reading::Gap(_) => Form::Gap,
        Reading::Reach(_) => Form::Reach,
    }
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
    /// The knee touches now, which it did not before; how much that is can't be told.
    TouchesNow,
    /// The knee touched before, and does not now; how much that is can't be told.
    TouchedBefore,
    /// The knee touches both times: only the largest distance would show a change.
    TouchesBoth,
    /// A reading was judged by eye, too coarse for a verdict.
    ByEye,
    /// The same was judged by eye both times; how much is between them can't be told.
    SameByEye,
    /// The test was taken in two forms, which are not compared.
    OtherForm,
}

/// The change between two readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Later distance less earlier distance: positive is more range.
    pub by: Length,
    /// The change is this or larger: the knee touches the wall in one of the readings.
    pub at_least: bool,
    /// What can be said of it.
    pub verdict: Verdict,
}

/// Compares two readings of the same test on the same side. Where one of them is a touch the change is a bound, and gets
/// a verdict only if the bound alone supports it.
pub fn change(test: &Test, before: Reading, after: Reading) -> Change {
    let by = range(test, after).minus(range(test, before));
    let at_least = is_at_least(before) != is_at_least(after);
    let more = by > Length::ZERO;
    let verdict = if form(before) != form(after) {
        Verdict::OtherForm
    } else if is_at_least(before) && is_at_least(after) {
        Verdict::TouchesBoth
    } else if is_judged(before) && before == after {
        Verdict::SameByEye
    } else if is_judged(before) || is_judged(after) {
        Verdict::ByEye
    } else {
        match (by.abs(), more) {
            (size, true) if size >= test.real_change => Verdict::More,
            (size, false) if size >= test.real_change => Verdict::Less,
            (size, true) if size >= test.possible_change => Verdict::PossiblyMore,
            (size, false) if size >= test.possible_change => Verdict::PossiblyLess,
            (_, true) if at_least => Verdict::TouchesNow,
            (_, false) if at_least => Verdict::TouchedBefore,
            _ => Verdict::NoClearChange,
        }
    };
    Change { by, at_least, verdict }
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

/// Compares the two ankles: how far they are apart, whether that is only the least it can be, and what it means.
///
/// `None` where the readings can't tell: a gap judged by eye is too coarse, two touches differ by nothing known, the least
/// that a touch can differ by does not make it usual, and readings of two forms are not compared.
pub fn difference(test: &Test, left: Reading, right: Reading) -> Option<(Length, bool, Difference)> {
    let readings = [left, right];
    let unlike = form(left) != form(right);
    if unlike || readings.into_iter().any(is_judged) || readings.into_iter().all(is_at_least) {
        return None;
    }
    let apart = range(test, left).minus(range(test, right)).abs();
    let verdict = match apart {
        apart if apart >= test.asymmetric_difference => Difference::Asymmetric,
        apart if apart >= test.watch_difference => Difference::Watch,
        _ => Difference::Usual,
    };
    let at_least = readings.into_iter().any(is_at_least);
    // Of a bound that is as in most people, nobody knows whether the ankles are.
    (!at_least || verdict != Difference::Usual).then_some((apart, at_least, verdict))
}

/// The ankle with less range; `None` where the readings are equal.
pub fn stiffer(test: &Test, left: Reading, right: Reading) -> Option<Side> {
    let (left, right) = (range(test, left), range(test, right));
    match left.cmp(&right) {
        std::cmp::Ordering::Less => Some(Side::Left),
        std::cmp::Ordering::Greater => Some(Side::Right),
        std::cmp::Ordering::Equal => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn wall() -> Test {
        let ankle = Config::built_in().protocols["ankle"].clone();
        let test = (0..ankle.steps.len()).find_map(|step| ankle.test(step)).cloned();
        test.expect("the ankle session has a test")
    }

    fn gap_of(mm: i32) -> Reading {
        Reading::Gap(Length::from_mm(mm))
    }

    fn reach(mm: i32) -> Reading {
        Reading::Reach(Length::from_mm(mm))
    }

    #[test]
    fn a_touch_at_the_distance_that_was_told_is_a_touch_in_either_unit() {
        let test = wall();
        let short = |reach: &str| gap(&test, Reading::Reach(reach.parse().unwrap()));
        assert_eq!([short("10 cm"), short("4 in"), short("12 cm")], [Length::ZERO; 3]);
        assert_eq!(short("9.9 cm"), "2.6 mm".parse().unwrap());
        // Half an inch is too much to be rounding.
        let far = Test { toe_distance: "12.05 cm".parse().unwrap(), ..test.clone() };
        let short_of = |reach: &str| gap(&far, Reading::Reach(reach.parse().unwrap()));
        assert_eq!([short_of("12 cm"), short_of("11.5 cm")], [Length::ZERO, "5.5 mm".parse().unwrap()]);
        // What is told exactly is to be reached.
        let odd = Test { toe_distance: "10.2 cm".parse().unwrap(), ..test.clone() };
        let short_of = |reach: &str| gap(&odd, Reading::Reach(reach.parse().unwrap()));
        assert_eq!([short_of("10.2 cm"), short_of("10 cm")], [Length::ZERO, "2 mm".parse().unwrap()]);
        assert_eq!(test.band_of(short("10 cm")), test.band_of(gap(&test, Reading::Judged(Length::ZERO))));
    }

    #[test]
    fn changes_get_the_verdict_of_their_size() {
        let worked = [
            (gap_of(30), gap_of(21), 9, Verdict::NoClearChange),
            (gap_of(30), gap_of(20), 10, Verdict::PossiblyMore),
            (gap_of(30), gap_of(12), 18, Verdict::PossiblyMore),
            (gap_of(30), gap_of(11), 19, Verdict::More),
            // The knee stays behind the toes at first.
            (gap_of(150), gap_of(10), 140, Verdict::More),
            (gap_of(150), gap_of(120), 30, Verdict::More),
            (reach(110), reach(95), -15, Verdict::PossiblyLess),
            (reach(110), reach(80), -30, Verdict::Less),
            (reach(110), reach(110), 0, Verdict::NoClearChange),
        ];
        for (before, after, mm, verdict) in worked {
            let by = Length::from_mm(mm);
            assert_eq!(change(&wall(), before, after), Change { by, at_least: false, verdict }, "{before:?} {after:?}");
        }
    }

    #[test]
    fn a_touch_is_a_bound_and_gets_no_more_of_a_verdict_than_the_bound_supports() {
        let touch = gap_of(0);
        for (before, after, verdict) in [
            (gap_of(5), touch, Verdict::TouchesNow),
            (gap_of(12), touch, Verdict::PossiblyMore),
            (gap_of(25), touch, Verdict::More),
            (touch, gap_of(5), Verdict::TouchedBefore),
            (touch, gap_of(25), Verdict::Less),
        ] {
            let change = change(&wall(), before, after);
            assert_eq!((change.at_least, change.verdict), (true, verdict), "{before:?} {after:?}");
        }
        assert_eq!(change(&wall(), touch, Reading::Judged(Length::ZERO)).verdict, Verdict::TouchesBoth);
        assert_eq!(change(&wall(), gap_of(25), Reading::Judged(Length::ZERO)).verdict, Verdict::More, "it is seen");
        assert!(difference(&wall(), Reading::Judged(Length::ZERO), gap_of(25)).is_some());
    }

    #[test]
    fn readings_of_two_forms_and_guesses_get_no_verdict() {
        let inch: Length = "1 in".parse().unwrap();
        for (before, after) in [(reach(125), gap_of(0)), (gap_of(0), reach(125)), (gap_of(10), reach(110))] {
            assert_eq!(change(&wall(), before, after).verdict, Verdict::OtherForm);
            assert_eq!(difference(&wall(), before, after), None);
        }
        assert_eq!(change(&wall(), Reading::Judged(inch), gap_of(0)).verdict, Verdict::ByEye);
        assert_eq!(change(&wall(), gap_of(30), Reading::Judged(inch)).verdict, Verdict::ByEye);
        assert_eq!(change(&wall(), Reading::Judged(inch), Reading::Judged(inch)).verdict, Verdict::SameByEye);
        assert_eq!(difference(&wall(), gap_of(0), gap_of(0)), None);
        assert_eq!(difference(&wall(), Reading::Judged(inch), gap_of(0)), None);
        assert_eq!(difference(&wall(), gap_of(0), Reading::Judged(inch)), None);
    }

    #[test]
    fn ankles_are_told_apart_by_how_far_they_are_apart() {
        for (right, verdict) in
            [(reach(115), Difference::Usual), (reach(100), Difference::Watch), (reach(95), Difference::Asymmetric)]
        {
            let (_, at_least, told) = difference(&wall(), reach(115), right).unwrap();
            assert_eq!((at_least, told), (false, verdict), "{right:?}");
        }
        let (apart, at_least, verdict) = difference(&wall(), gap_of(0), gap_of(21)).unwrap();
        assert_eq!((apart, at_least, verdict), (Length::from_mm(21), true, Difference::Asymmetric));
        assert_eq!(difference(&wall(), gap_of(0), gap_of(5)), None, "how far the knee that touches gets is not known");
    }

    #[test]
    fn a_knee_that_stays_behind_the_toes_gets_no_distance_below_none() {
        assert_eq!(distance(&wall(), gap_of(150)), Length::ZERO);
    }

    #[test]
    fn the_stiffer_ankle_is_the_one_with_less_range() {
        assert_eq!(stiffer(&wall(), gap_of(10), gap_of(20)), Some(Side::Right));
        assert_eq!(stiffer(&wall(), gap_of(150), gap_of(130)), Some(Side::Left), "both behind the toes");
        assert_eq!(stiffer(&wall(), gap_of(1), reach(120)), Some(Side::Left));
        assert_eq!(stiffer(&wall(), gap_of(0), Reading::Judged(Length::ZERO)), None);
    }
}
