//! What is said of readings and changes, on the screen and on paper, in the words of the configuration.

use crate::config::words::{Ask, History, Summary};
use crate::protocol::quantity::{Length, Notation};
use crate::protocol::{Side, Test};
use crate::session::digest::{Digest, Measured};
use crate::session::event::{Ending, Reading};
use crate::session::reading::{self, Change, Verdict};
use crate::text::fill;

/// A reading: `2.5 cm short`. A touch is told with the distance of the `toes` at which it was one, to the half unit; the
/// farthest of the answers by eye is also that of everybody who stops farther away.
pub fn reading(words: &Ask, notation: Notation, test: &Test, toes: Length, reading: Reading) -> String {
    let is_farthest = |gap| test.answer.values().all(|answer| answer.gap <= gap);
    let (template, length) = match reading {
        reading if reading::is_at_least(reading) => (&words.reads_touch, toes.about(notation)),
        Reading::Judged(gap) if is_farthest(gap) => (&words.reads_farthest, gap.about(notation)),
        Reading::Judged(gap) => (&words.reads_judged, gap.about(notation)),
        Reading::Gap(gap) => (&words.reads_gap, gap.display(notation)),
        Reading::Reach(reach) => (&words.reads_reach, reach.display(notation)),
    };
    fill(template, &[("length", &length)])
}

/// A change, with what can be said of it: `+2 cm: more range, beyond measuring error`.
pub fn change(words: &Summary, notation: Notation, change: &Change) -> String {
    let verdict = match change.verdict {
        Verdict::NoClearChange => &words.no_clear_change,
        Verdict::PossiblyMore => &words.possibly_more,
        Verdict::PossiblyLess => &words.possibly_less,
        Verdict::More => &words.more,
        Verdict::Less => &words.less,
        Verdict::TouchesNow => &words.touches_now,
        Verdict::TouchedBefore => &words.touched_before,
        Verdict::OtherForm => &words.other_form,
        Verdict::TouchesBoth => &words.touches_both,
        Verdict::ByEye => &words.by_eye,
        Verdict::SameByEye => &words.same_by_eye,
    };
    let signed = signed(notation, change.by);
    let by = match change.at_least {
        true if change.by < Length::ZERO => {
            fill(&words.at_least_less, &[("length", &whole(notation, change.by.abs()))])
        }
        true => fill(&words.at_least, &[("length", &signed)]),
        false => signed,
    };
    fill(verdict, &[("by", &by)])
}

/// What was told of a test or a question on one ankle in a session, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told<'a> {
    /// Id of the test, or of the question.
    pub of: &'a str,
    /// The ankle; `None` for both or neither.
    pub side: Option<Side>,
    /// The numbers.
    pub numbers: String,
}

/// The tests of a session in short, by test and side: the distance before the exercises, and after them where there is one.
/// `→ 9` was taken after them alone; `≥` marks a touch, `~` a judgement by eye.
pub fn tested(digest: &Digest, notation: Notation) -> Vec<Told<'_>> {
    let short = |measured: &Measured| {
        let mark = match measured.reading {
            reading if reading::is_at_least(reading) => "≥",
            Reading::Judged(_) => "~",
            Reading::Gap(_) | Reading::Reach(_) => "",
        };
        format!("{mark}{}", measured.distance.number(notation))
    };
    let (after, before): (Vec<&Measured>, Vec<&Measured>) = digest.readings.iter().partition(|measured| measured.again);
    let is_of = |one: &Measured, other: &Measured| one.side == other.side && one.test == other.test;
    let mut told: Vec<Told<'_>> = Vec::new();
    for first in &before {
        let again = after.iter().find(|again| is_of(again, first));
        let numbers = std::iter::once(first).chain(again).map(|measured| short(measured)).collect::<Vec<_>>();
        told.push(Told { of: &first.test, side: first.side, numbers: numbers.join(" → ") });
    }
    for alone in after.iter().filter(|again| !before.iter().any(|first| is_of(again, first))) {
        told.push(Told { of: &alone.test, side: alone.side, numbers: format!("→ {}", short(alone)) });
    }
    told
}

/// The numbers given on scales in a session, by question and side, before and after the exercises; `→ 3` was given after them
/// alone.
pub fn rated(digest: &Digest) -> Vec<Told<'_>> {
    let mut told: Vec<Told<'_>> = Vec::new();
    for rated in &digest.scales {
        match told.iter_mut().find(|told| (told.of, told.side) == (&*rated.question, rated.side)) {
            Some(told) => told.numbers += &format!(" → {}", rated.number),
            None => {
                let mark = if rated.again { "→ " } else { "" };
                told.push(Told { of: &rated.question, side: rated.side, numbers: format!("{mark}{}", rated.number) });
            }
        }
    }
    told
}

/// How a session ended.
pub fn ending(words: &History, ending: Option<Ending>) -> &str {
    match ending {
        Some(Ending::Finished) => &words.finished,
        Some(Ending::Advised) => &words.advised,
        Some(Ending::Pain) => &words.pain,
        Some(Ending::Early) => &words.early,
        None => &words.unfinished,
    }
}

/// How a session ended, and that something hurt in it, where its end does not say so.
pub fn ended(words: &History, how: Option<Ending>, is_painful: bool) -> String {
    let ending = ending(words, how);
    match how {
        Some(Ending::Pain) => ending.to_owned(),
        _ if is_painful => fill(&words.with_pain, &[("ending", ending)]),
        _ => ending.to_owned(),
    }
}

fn signed(notation: Notation, length: Length) -> String {
    // Less than is shown is neither more nor less.
    let is_nothing = length.abs().number(notation) == Length::ZERO.number(notation);
    let sign = match length.cmp(&Length::ZERO) {
        _ if is_nothing => "±",
        std::cmp::Ordering::Less => "−",
        _ => "+",
    };
    format!("{sign}{}", whole(notation, length.abs()))
}

/// A number that stays in one line with its unit.
fn whole(notation: Notation, length: Length) -> String {
    length.display(notation).replace(' ', "\u{a0}")
}

/// How far the ankles are apart, as [`reading::difference`] tells it.
pub fn difference(
    words: &Summary,
    notation: Notation,
    (apart, at_least, verdict): (Length, bool, reading::Difference),
) -> String {
    let apart = apart.display(notation);
    let apart = if at_least { fill(&words.at_least, &[("length", &apart)]) } else { apart };
    let template = match verdict {
        reading::Difference::Usual => &words.usual,
        reading::Difference::Watch => &words.watch,
        reading::Difference::Asymmetric => &words.asymmetric,
    };
    fill(template, &[("apart", &apart)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::protocol::quantity::Unit;

    #[test]
    fn a_bound_on_a_gain_is_a_lower_one_and_on_a_loss_an_upper_one() {
        let config = Config::built_in();
        let (words, wall) = (&config.words.summary, config.test("wall").unwrap());
        let told = |before, after| {
            let [before, after] = [before, after].map(|mm| Reading::Gap(Length::from_mm(mm)));
            change(words, config.words.notation(Default::default()), &reading::change(wall, before, after))
        };
        assert_eq!(told(25, 0), "at least +2.5\u{a0}cm: more range, beyond measuring error");
        assert_eq!(told(0, 25), "at least 2.5\u{a0}cm less: less range, beyond measuring error");
    }

    #[test]
    fn the_farthest_answer_by_eye_has_no_end() {
        let config = Config::built_in();
        let (words, wall) = (&config.words.ask, config.test("wall").unwrap());
        let told = |gap: &str| {
            let judged = Reading::Judged(gap.parse().unwrap());
            reading(words, config.words.notation(Unit::Cm), wall, wall.toe_distance, judged)
        };
        assert_eq!((told("1 in"), told("2 in")), ("about 2.5 cm short".into(), "about 5 cm short, or more".into()));
    }

    #[test]
    fn a_change_too_small_to_be_shown_has_no_direction() {
        let notation = |unit| Config::built_in().words.notation(unit);
        let told = |length: &str, unit| signed(notation(unit), length.parse().unwrap());
        assert_eq!(told("1 mm", Unit::In), "±0\u{a0}in");
        assert_eq!(signed(notation(Unit::In), Length::ZERO.minus(Length::from_mm(1))), "±0\u{a0}in");
        assert_eq!(
            (told("1 mm", Unit::Cm), told("0.4 mm", Unit::Cm)),
            ("+0.1\u{a0}cm".to_owned(), "±0\u{a0}cm".to_owned())
        );
    }

    #[test]
    fn a_touch_tells_the_least_by_which_the_ankles_differ() {
        let config = Config::built_in();
        let (words, wall) = (&config.words.summary, config.test("wall").unwrap());
        let told = |left, right| {
            let [left, right] = [left, right].map(|mm| Reading::Gap(Length::from_mm(mm)));
            let apart = reading::difference(wall, left, right).unwrap();
            difference(words, config.words.notation(Unit::Cm), apart)
        };
        assert!(told(0, 21).contains("at least 2.1 cm"), "{}", told(0, 21));
        assert!(!told(5, 26).contains("at least"), "{}", told(5, 26));
    }
}
