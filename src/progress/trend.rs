//! One test on one side over weeks.
//!
//! Only readings from before any exercise count: what a session changes for an hour is no progress.

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Aims, Dated};
use crate::protocol::quantity::Length;
use crate::protocol::{Side, Test};
use crate::session::digest::{Digest, Measured};
use crate::session::event::Reading;
use crate::session::reading::{self, Change, Verdict};

/// A reading on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// The day, by the person's clock.
    pub day: Date,
    /// The reading.
    pub reading: Reading,
    /// The largest toe-to-wall distance that it stands for.
    pub distance: Length,
}

impl Point {
    /// Whether the distance was measured, and is neither a guess nor only the least that it can be.
    pub fn is_measured(&self) -> bool {
        !reading::is_judged(self.reading) && !reading::is_at_least(self.reading)
    }
}

/// A change since an earlier day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Since {
    /// What was read on that day.
    pub point: Point,
    /// How much it has changed since, and what that means.
    pub change: Change,
}

impl Since {
    /// Whether the two readings were taken in one form, so that they can be compared.
    pub fn is_of_one_form(&self) -> bool {
        self.change.verdict != Verdict::OtherForm
    }
}

/// The reading round which measuring error is shown: the one that the `latest` is compared with, or else the only one, where
/// it was measured.
pub fn origin(since_first: Option<&Since>, latest: Option<Point>) -> Option<Point> {
    let origin = match since_first {
        Some(since) => since.is_of_one_form().then_some(since.point),
        None => latest,
    };
    origin.filter(Point::is_measured)
}

/// Weeks of training without a change that is beyond measuring error, and the target not reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plateau {
    /// The day of the reading with which it began.
    pub since: Date,
    /// Whole weeks from there to the latest reading.
    pub weeks: u32,
    /// Sessions of training in these weeks.
    pub sessions: u32,
}

/// The readings of one test on one side, and what became of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// Id of the test.
    pub test: String,
    /// Its name, as it is today.
    pub title: String,
    /// The ankle.
    pub side: Option<Side>,
    /// The toe-to-wall distance that the test asks for: the target.
    pub target: Length,
    /// A change of this much is beyond measuring error.
    pub real_change: Length,
    /// The readings, the earliest first; never none.
    pub points: Vec<Point>,
    /// The change since the first reading that was taken like the latest one, or else since the first.
    pub since_first: Option<Since>,
    /// The change since the reading before the latest one.
    pub since_last: Option<Since>,
    /// Whether it is time to ask somebody.
    pub plateau: Option<Plateau>,
}

impl Trend {
    /// The latest reading.
    pub fn latest(&self) -> Option<Point> {
        self.points.last().copied()
    }
}

/// Every test on each side that it was taken on; the sides of a test stand together.
pub(super) fn trends<'a>(sessions: &[Dated<'_>], aims: &Aims, test: impl Fn(&str) -> Option<&'a Test>) -> Vec<Trend> {
    let mut all: Vec<(&str, Option<Side>, Vec<Point>)> = Vec::new();
    let mut trained = Trained::default();
    for session in sessions {
        if trained.earlier_on(session.day, session.digest) {
            continue;
        }
        for measured in first_of_each(&session.digest.readings) {
            let point = Point { day: session.day, reading: measured.reading, distance: measured.distance };
            match all.iter_mut().find(|(id, side, _)| *id == measured.test && *side == measured.side) {
                Some((_, _, points)) => points.push(point),
                None => all.push((&measured.test, measured.side, vec![point])),
            }
        }
    }
    let trends = all.into_iter().filter_map(|(id, side, points)| {
        let test = test(id)?;
        let trained = trained_on(sessions, side);
        Some(Trend {
            test: id.to_owned(),
            title: test.title.clone(),
            side,
            target: test.toe_distance,
            real_change: test.real_change,
            since_first: since_first(test, &points),
            since_last: points.len().checked_sub(2).and_then(|index| since(test, &points, index)),
            plateau: plateau(test, aims, &points, &trained),
            points,
        })
    });
    let mut trends: Vec<Trend> = trends.collect();
    let firsts: Vec<String> = trends.iter().map(|trend| trend.test.clone()).collect();
    trends.sort_by_key(|trend| (firsts.iter().position(|test| *test == trend.test), trend.side));
    trends
}

/// Tells of sessions, the earliest first, before which of them there was training on the same day: what that has changed in
/// their readings is no progress.
#[derive(Debug, Default)]
pub struct Trained {
    last: Option<Date>,
}

impl Trained {
    /// Whether there was training before the session on this `day` that amounts to `digest`, which is the next one.
    pub fn earlier_on(&mut self, day: Date, digest: &Digest) -> bool {
        let earlier = self.last == Some(day);
        if digest.reps() > 0 {
            self.last = Some(day);
        }
        earlier
    }
}

/// Of the readings of a session, the first of each test and side that was not taken again after exercise.
pub fn first_of_each(readings: &[Measured]) -> impl Iterator<Item = &Measured> {
    let before = |index: usize, measured: &Measured| {
        readings[..index]
            .iter()
            .any(|other| !other.again && (&other.test, other.side) == (&measured.test, measured.side))
    };
    readings
        .iter()
        .enumerate()
        .filter(move |(index, measured)| !measured.again && !before(*index, measured))
        .map(|(_, measured)| measured)
}

/// The days of the sessions in which `side` was trained, the earliest first.
fn trained_on(sessions: &[Dated<'_>], side: Option<Side>) -> Vec<Date> {
    let trained = |session: &&Dated<'_>| {
        let here = |of: Option<Side>| of.is_none() || side.is_none() || of == side;
        session.digest.sets.iter().any(|set| set.reps > 0 && here(set.side))
    };
    sessions.iter().filter(trained).map(|session| session.day).collect()
}

/// The change from `before` to `after`; readings at two toe distances are taken in two forms.
fn compare(test: &Test, before: &Point, after: &Point) -> Change {
    let change = reading::change(test, before.reading, after.reading);
    let as_today = |point: &Point| reading::distance(test, point.reading) == point.distance;
    match as_today(before) && as_today(after) {
        true => change,
        false => Change { by: after.distance.minus(before.distance), verdict: Verdict::OtherForm, ..change },
    }
}

fn since(test: &Test, points: &[Point], index: usize) -> Option<Since> {
    let (point, latest) = (points.get(index)?, points.last()?);
    Some(Since { point: *point, change: compare(test, point, latest) })
}

/// The change from the first of `points`, in order of time, that was taken like the latest one, or else from the first.
pub fn since_first(test: &Test, points: &[Point]) -> Option<Since> {
    let earlier = 0..points.len().saturating_sub(1);
    let mut changes = earlier.filter_map(|index| since(test, points, index));
    let first = changes.next()?;
    let is_comparable =
        |since: &Since| !matches!(since.change.verdict, Verdict::OtherForm | Verdict::ByEye | Verdict::SameByEye);
    if is_comparable(&first) {
        return Some(first);
    }
    Some(changes.find(is_comparable).unwrap_or(first))
}

/// The plateau rule: weeks of regular training and tests, the target not reached, and no gain beyond measuring error
/// since the first of these weeks. A long break ends what it looks at.
fn plateau(test: &Test, aims: &Aims, points: &[Point], trained: &[Date]) -> Option<Plateau> {
    let latest = points.last()?;
    if reading::gap(test, latest.reading) == Length::ZERO {
        return None;
    }
    let begun = after_the_last_break(aims, trained, latest.day);
    // Judged by eye or measured, but by the same form: a gain that can't be told is none that was seen.
    let comparable = |point: &&Point| compare(test, point, latest).verdict != Verdict::OtherForm;
    let stretch: Vec<&Point> = points.iter().filter(|point| point.day >= begun).filter(comparable).collect();
    let first = stretch.first()?;
    let weeks = (latest.day - first.day).get_days() / 7;
    let sessions = trained.iter().filter(|day| (first.day..=latest.day).contains(*day)).count();
    let mut test_days: Vec<Date> = stretch.iter().map(|point| point.day).collect();
    test_days.dedup();
    let long_enough = weeks >= i32::from(aims.plateau_weeks)
        && sessions >= usize::from(aims.plateau_sessions)
        && test_days.len() >= usize::from(aims.plateau_test_days);
    let gained = compare(test, first, latest).by >= test.real_change;
    (long_enough && !gained).then_some(Plateau { since: first.day, weeks: weeks as u32, sessions: sessions as u32 })
}

/// The first day of the unbroken stretch of training that reaches up to `latest`.
fn after_the_last_break(aims: &Aims, trained: &[Date], latest: Date) -> Date {
    let longest = (7 * i64::from(aims.break_weeks)).days();
    let mut begun = latest;
    for day in trained.iter().rev().filter(|day| **day <= latest) {
        if day.saturating_add(longest) < begun {
            break;
        }
        begun = *day;
    }
    begun
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::config::Config;
    use crate::progress::Overview;
    use crate::protocol::quantity::RepRange;
    use crate::session::digest::{Digest, SetDone};

    fn wall() -> Test {
        let ankle = Config::built_in().protocols["ankle"].clone();
        (0..ankle.steps.len()).find_map(|step| ankle.test(step)).unwrap().clone()
    }

    fn gap(mm: i32) -> Reading {
        Reading::Gap(Length::from_mm(mm))
    }

    /// A session on the left ankle, `day` days after the first, with this reading before and perhaps one after.
    fn session(day: i64, reading: Option<Reading>, again: Option<Reading>, reps: u16) -> (Date, Digest) {
        let measured = |reading, again| Measured {
            test: "wall".to_owned(),
            side: Some(Side::Left),
            again,
            reading,
            distance: reading::distance(&wall(), reading),
        };
        let readings =
            reading.map(|it| measured(it, false)).into_iter().chain(again.map(|it| measured(it, true))).collect();
        let set = SetDone {
            exercise: "front-band".to_owned(),
            title: String::new(),
            side: Some(Side::Left),
            round: 1,
            reps,
            range: RepRange::new(10, 15).unwrap(),
            how: None,
            repositioned: false,
        };
        (date(2026, 1, 5).saturating_add(day.days()), Digest { readings, sets: vec![set], ..Digest::default() })
    }

    fn overview(sessions: &[(Date, Digest)]) -> Overview {
        let config = Config::built_in();
        let wall = wall();
        let dated: Vec<_> = sessions.iter().map(|(day, digest)| Dated { day: *day, digest }).collect();
        Overview::of(&dated, &config.progress, |id| (id == "wall").then_some(&wall))
    }

    fn left(sessions: &[(Date, Digest)]) -> Trend {
        overview(sessions).trends.into_iter().next().unwrap()
    }

    /// Sessions every second day for `days` days, tested each time; the reading goes from 30 mm short to `last`.
    fn weeks(days: i64, last: Reading) -> Vec<(Date, Digest)> {
        let mut sessions: Vec<_> = (0..=days).step_by(2).map(|day| session(day, Some(gap(30)), None, 12)).collect();
        let (_, digest) = sessions.last_mut().unwrap();
        digest.readings[0].reading = last;
        digest.readings[0].distance = reading::distance(&wall(), last);
        sessions
    }

    #[test]
    fn changes_are_told_since_the_first_and_since_the_last_reading_before_exercise() {
        let trend = left(&[
            session(0, Some(gap(40)), Some(gap(30)), 12),
            session(7, Some(gap(25)), Some(gap(10)), 12),
            session(14, None, Some(gap(0)), 12),
            session(21, Some(gap(20)), None, 12),
        ]);
        let told = |since: Option<Since>| since.map(|since| (since.point.day, since.change.by, since.change.verdict));
        assert_eq!(trend.points.len(), 3, "what was read after exercise is no point");
        assert_eq!(told(trend.since_first), Some((date(2026, 1, 5), Length::from_mm(20), Verdict::More)));
        assert_eq!(told(trend.since_last), Some((date(2026, 1, 12), Length::from_mm(5), Verdict::NoClearChange)));
    }

    #[test]
    fn a_test_after_training_on_the_same_day_is_no_point() {
        let trend = left(&[session(0, Some(gap(40)), None, 12), session(0, Some(gap(20)), None, 12)]);
        assert_eq!(trend.points.iter().map(|point| point.reading).collect::<Vec<_>>(), [gap(40)]);
        let untrained = left(&[session(0, Some(gap(40)), None, 0), session(0, Some(gap(20)), None, 12)]);
        assert_eq!(untrained.points.len(), 2, "a test alone changes nothing");
    }

    #[test]
    fn the_first_reading_is_the_first_that_was_taken_like_the_latest() {
        let judged = Reading::Judged("1 in".parse().unwrap());
        let reach = Reading::Reach(Length::from_mm(120));
        let trend = left(&[
            session(0, Some(judged), None, 12),
            session(7, Some(gap(30)), None, 12),
            session(8, Some(reach), None, 12),
            session(9, Some(gap(18)), None, 12),
        ]);
        let first = trend.since_first.unwrap();
        assert_eq!((first.point.reading, first.change.verdict), (gap(30), Verdict::PossiblyMore));
        assert_eq!(trend.since_last.unwrap().change.verdict, Verdict::OtherForm);
        let round = |trend: &Trend| origin(trend.since_first.as_ref(), trend.latest()).map(|point| point.reading);
        assert_eq!(round(&trend), Some(gap(30)));
        let lonely = left(&[session(0, Some(judged), None, 12), session(8, Some(reach), None, 12)]);
        assert_eq!(lonely.since_first.unwrap().change.verdict, Verdict::OtherForm);
        let unlike = left(&[session(0, Some(gap(30)), None, 12), session(8, Some(reach), None, 12)]);
        assert_eq!(round(&unlike), None, "nothing that the latest is compared with");
        let guessed = left(&[session(0, Some(judged), None, 12), session(8, Some(gap(30)), None, 12)]);
        assert_eq!(round(&guessed), None, "no measuring error round a guess");
        let once = left(&[session(0, Some(judged), None, 12)]);
        assert_eq!((once.since_first, once.since_last, once.plateau), (None, None, None));
    }

    #[test]
    fn readings_at_two_toe_distances_are_not_compared() {
        let mut sessions = [session(0, Some(gap(30)), None, 12), session(7, Some(gap(10)), None, 12)];
        sessions[0].1.readings[0].distance = Length::from_mm(50);
        assert_eq!(left(&sessions).since_first.unwrap().change.verdict, Verdict::OtherForm);
    }

    #[test]
    fn a_test_that_is_known_no_more_is_left_out() {
        let mut sessions = [session(0, Some(gap(30)), None, 12)];
        sessions[0].1.readings[0].test = "gone".to_owned();
        assert!(overview(&sessions).trends.is_empty());
    }

    #[test]
    fn a_plateau_is_four_weeks_twelve_sessions_and_four_test_days_without_a_real_gain() {
        // Every second day for four weeks: 15 sessions, 15 test days.
        let plateau = left(&weeks(28, gap(12))).plateau.expect("a gain of 18 mm is not beyond 19 mm");
        assert_eq!(plateau, Plateau { since: date(2026, 1, 5), weeks: 4, sessions: 15 });
        assert_eq!(left(&weeks(28, gap(11))).plateau, None, "a gain of 19 mm");
        assert_eq!(left(&weeks(28, gap(0))).plateau, None, "the target is reached");
        assert!(left(&weeks(28, gap(40))).plateau.is_some(), "a loss is no gain");
        assert_eq!(left(&weeks(26, gap(30))).plateau, None, "less than four weeks");
    }

    #[test]
    fn a_plateau_wants_enough_sessions_and_enough_test_days() {
        let mut few = weeks(28, gap(30));
        few.iter_mut().skip(1).take(4).for_each(|(_, digest)| digest.sets[0].reps = 0);
        assert_eq!(left(&few).plateau, None, "eleven sessions of training");
        few[1].1.sets[0].reps = 1;
        assert!(left(&few).plateau.is_some(), "twelve");
        let mut other_side = weeks(28, gap(30));
        other_side.iter_mut().for_each(|(_, digest)| digest.sets[0].side = Some(Side::Right));
        assert_eq!(left(&other_side).plateau, None, "the other ankle was trained");
        let mut untested = weeks(28, gap(30));
        let last = untested.len() - 1;
        untested[3..last].iter_mut().for_each(|(_, digest)| digest.readings.clear());
        assert!(left(&untested).plateau.is_some(), "four test days");
        untested[2].1.readings.clear();
        assert_eq!(left(&untested).plateau, None, "three test days");
    }

    #[test]
    fn tests_in_another_form_and_twice_on_a_day_are_no_test_days_of_a_plateau() {
        let mut forms = weeks(28, gap(30));
        let last = forms.len() - 1;
        for (_, digest) in &mut forms[..last] {
            digest.readings[0].reading = Reading::Reach(Length::from_mm(70));
        }
        assert_eq!(left(&forms).plateau, None, "one test in the form of the latest");
        let mut twice = weeks(28, gap(30));
        twice[2..last].iter_mut().for_each(|(_, digest)| digest.readings.clear());
        // A test alone, before the session of the first and of the last day.
        for at in [last, 0] {
            let again = session((twice[at].0 - twice[0].0).get_days().into(), Some(gap(30)), None, 0);
            twice.insert(at, again);
        }
        assert_eq!(left(&twice).plateau, None, "five tests on three days");
    }

    #[test]
    fn judging_by_eye_shows_a_plateau_as_well() {
        let mut sessions = weeks(28, gap(30));
        for (_, digest) in &mut sessions {
            let reading = Reading::Judged("1 in".parse().unwrap());
            digest.readings[0].reading = reading;
            digest.readings[0].distance = reading::distance(&wall(), reading);
        }
        assert!(left(&sessions).plateau.is_some());
    }

    #[test]
    fn after_a_long_break_a_plateau_is_looked_for_anew() {
        let early = weeks(28, gap(30));
        let again = session(28 + 29, Some(gap(30)), None, 12);
        let sessions: Vec<_> = early.iter().cloned().chain([again]).collect();
        assert_eq!(left(&sessions).plateau, None, "more than four weeks without training");
        let soon = session(28 + 28, Some(gap(30)), None, 12);
        let sessions: Vec<_> = early.into_iter().chain([soon]).collect();
        assert!(left(&sessions).plateau.is_some());
    }
}
