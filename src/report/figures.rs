//! The numbers of a report, gathered from digests.

use jiff::Zoned;
use jiff::civil::Date;

use super::Report;
use super::chart::{Days, Mark, Point};
use crate::config::words::Words;
use crate::kept::Line;
use crate::progress::{self, Dated, Overview, Plateau, WeekStart};
use crate::protocol::quantity::Length;
use crate::protocol::{Protocol, Scale, Side, Test, named};
use crate::session::earlier::Chosen;
use crate::session::event::SetEnd;
use crate::session::reading::{self, Difference};

/// A reading before the exercises, with its time.
#[derive(Clone, Debug)]
pub struct Reached {
    /// The moment, in days since the first day of the charts.
    pub moment: f64,
    pub point: progress::Point,
}

/// A test with its readings, by side, in order of time.
#[derive(Debug)]
pub struct Tested<'a> {
    pub test: &'a Test,
    pub sides: Vec<(Option<Side>, Vec<Reached>)>,
    /// Where weeks of training brought no gain, by side.
    pub plateaus: Vec<(Option<Side>, Plateau)>,
}

impl Tested<'_> {
    /// How far the ankles are apart by their latest readings, where both are of the same day.
    pub fn difference(&self) -> Option<(Length, bool, Difference)> {
        let latest = |wanted| self.sides.iter().find(|(side, _)| *side == Some(wanted))?.1.last();
        let (left, right) = (latest(Side::Left)?, latest(Side::Right)?);
        let (left, right) = (left.point, right.point);
        (left.day == right.day).then(|| reading::difference(self.test, left.reading, right.reading))?
    }
}

/// A scale with its numbers.
#[derive(Debug)]
pub struct Scaled<'a> {
    pub title: &'a str,
    pub side: Option<Side>,
    pub scale: &'a Scale,
    /// It was asked on others too, so that its numbers can't be compared.
    pub is_mixed: bool,
    pub before: Vec<Point>,
    pub after: Vec<Point>,
}

/// An exercise on one side: how its sets ended.
#[derive(Debug)]
pub struct Tally<'a> {
    pub exercise: &'a str,
    pub title: &'a str,
    pub side: Option<Side>,
    /// Sets with a rep.
    pub sets: u64,
    pub reps: u64,
    pub full: u64,
    pub enough: u64,
    pub short: u64,
    pub skipped: u64,
    pub pain: u64,
}

/// An option that was chosen, however often.
#[derive(Debug)]
pub struct Answered<'a> {
    pub question: &'a str,
    /// The ankle, where it was asked of each.
    pub side: Option<Side>,
    pub option: &'a str,
    pub times: u64,
    pub last: Date,
}

/// What a report counts.
#[derive(Debug)]
pub struct Figures<'a> {
    words: &'a Words,
    starts: WeekStart,
    /// The day of the first session.
    pub first: Option<Date>,
    /// The sessions with exercise of every week: the week's first day, counted from that of the charts, and their number.
    pub weeks: Vec<(f64, u32)>,
    pub exercises: Vec<Tally<'a>>,
    pub answers: Vec<Answered<'a>>,
}

impl<'a> Figures<'a> {
    pub fn of(report: &Report<'a>) -> Figures<'a> {
        let first = report.sessions.last().map(|line| line.began.date());
        let (words, starts) = (report.words, report.aims.week_starts);
        let mut figures =
            Figures { words, starts, first, weeks: Vec::new(), exercises: Vec::new(), answers: Vec::new() };
        // Flown west, the latest session can be of tomorrow.
        let last = report.sessions.first().map_or(report.today, |line| line.began.date().max(report.today));
        let days = figures.days(last);
        figures.weeks = (0..days.count).step_by(7).map(|day| (f64::from(day), 0)).collect();
        for line in report.sessions.iter().rev() {
            if line.digest.reps() > 0 {
                let week = day_of(&days, &line.began).max(0.0) as usize / 7;
                if let Some((_, count)) = figures.weeks.get_mut(week) {
                    *count += 1;
                }
            }
            figures.count_sets(line);
            figures.count_answers(line);
        }
        let firsts: Vec<&str> = figures.exercises.iter().map(|tally| tally.exercise).collect();
        let place = |tally: &Tally<'_>| firsts.iter().position(|exercise| *exercise == tally.exercise);
        figures.exercises.sort_by_key(|tally| (place(tally), tally.side));
        figures
    }

    /// The days of the charts: from the beginning of the week of the first session to `today`.
    pub fn days(&self, today: Date) -> Days<'a> {
        let first = self.starts.week_of(self.first.unwrap_or(today));
        Days { words: self.words, first, count: days_between(first, today).max(0) + 1 }
    }

    /// How many sessions had exercise.
    pub fn trained(&self) -> u64 {
        self.weeks.iter().map(|(_, count)| u64::from(*count)).sum()
    }

    fn count_sets(&mut self, line: &'a Line) {
        for set in &line.digest.sets {
            let is_same = |tally: &Tally<'_>| tally.exercise == set.exercise && tally.side == set.side;
            let place = self.exercises.iter().position(is_same).unwrap_or_else(|| {
                self.exercises.push(Tally {
                    exercise: &set.exercise,
                    title: &set.title,
                    side: set.side,
                    sets: 0,
                    reps: 0,
                    full: 0,
                    enough: 0,
                    short: 0,
                    skipped: 0,
                    pain: 0,
                });
                self.exercises.len() - 1
            });
            let tally = &mut self.exercises[place];
            tally.title = &set.title;
            tally.sets += u64::from(set.reps > 0);
            tally.reps += u64::from(set.counted_reps());
            match set.how {
                Some(SetEnd::Full) => tally.full += 1,
                Some(SetEnd::Enough) => tally.enough += 1,
                Some(SetEnd::Short) | None => tally.short += 1,
                Some(SetEnd::Skipped) => tally.skipped += 1,
                Some(SetEnd::Pain) => tally.pain += 1,
            }
        }
    }

    fn count_answers(&mut self, line: &'a Line) {
        for Chosen { question, side, option } in &line.digest.chosen {
            let last = line.began.date();
            let is_same =
                |chosen: &&mut Answered<'_>| (chosen.question, chosen.side, chosen.option) == (question, *side, option);
            match self.answers.iter_mut().find(is_same) {
                Some(chosen) => {
                    chosen.times += 1;
                    chosen.last = last;
                }
                None => {
                    // The answers to one question stand together.
                    let after = self.answers.iter().rposition(|chosen| chosen.question == question);
                    let place = after.map_or(self.answers.len(), |place| place + 1);
                    self.answers.insert(place, Answered { question, side: *side, option, times: 1, last });
                }
            }
        }
    }

    /// Every test that was taken, with its readings before exercise.
    pub fn tests(&self, report: &Report<'a>) -> Vec<Tested<'a>> {
        let days = self.days(report.today);
        let mut tests: Vec<(&str, Tested<'_>)> = Vec::new();
        let mut trained = progress::Trained::default();
        for line in report.sessions.iter().rev() {
            let day = line.began.date();
            if trained.earlier_on(day, &line.digest) {
                continue;
            }
            for measured in progress::first_of_each(&line.digest.readings) {
                if !tests.iter().any(|(id, _)| *id == measured.test) {
                    let Some(test) = named::tests(report.protocols, &measured.test).next() else { continue };
                    let plateaus = Vec::new();
                    tests.push((&measured.test, Tested { test, sides: Vec::new(), plateaus }));
                }
                let Some((_, tested)) = tests.iter_mut().find(|(id, _)| *id == measured.test) else { continue };
                if !tested.sides.iter().any(|(side, _)| *side == measured.side) {
                    tested.sides.push((measured.side, Vec::new()));
                }
                let Some((_, reached)) = tested.sides.iter_mut().find(|(side, _)| *side == measured.side) else {
                    continue;
                };
                let point = progress::Point { day, reading: measured.reading, distance: measured.distance };
                reached.push(Reached { moment: day_of(&days, &line.began), point });
            }
        }
        for trend in self.overview(report).trends {
            let tested = tests.iter_mut().find(|(id, _)| *id == trend.test);
            if let (Some((_, tested)), Some(plateau)) = (tested, trend.plateau) {
                tested.plateaus.push((trend.side, plateau));
            }
        }
        let mut tests: Vec<Tested<'_>> = tests.into_iter().map(|(_, tested)| tested).collect();
        tests.iter_mut().for_each(|tested| tested.sides.sort_by_key(|(side, _)| *side));
        tests
    }

    /// The weeks by the rules of the program, with the tests that were taken then.
    fn overview(&self, report: &Report<'a>) -> Overview {
        let lines = report.sessions.iter().rev();
        let dated: Vec<_> = lines.map(|line| Dated { day: line.began.date(), digest: &line.digest }).collect();
        Overview::of(&dated, report.aims, |id| named::tests(report.protocols, id).next())
    }

    /// Every scale that was used, on each side that it was asked of, with its numbers.
    pub fn scales(&self, report: &Report<'a>) -> Vec<Scaled<'a>> {
        let days = self.days(report.today);
        let mut scales: Vec<(&str, Scaled<'_>)> = Vec::new();
        for line in report.sessions.iter().rev() {
            for rated in &line.digest.scales {
                let is_same = |(id, scaled): &(&str, Scaled<'_>)| *id == rated.question && scaled.side == rated.side;
                if !scales.iter().any(is_same) {
                    let question =
                        named::questions(report.protocols, &rated.question).find(|question| question.scale.is_some());
                    let Some((question, scale)) =
                        question.and_then(|question| Some((question, question.scale.as_ref()?)))
                    else {
                        continue;
                    };
                    // Of the protocols in which a number was given.
                    let is_answered = |protocol: &&Protocol| {
                        let given = |line: &Line| line.digest.scales.iter().any(|one| one.question == rated.question);
                        report.sessions.iter().any(|line| line.digest.protocol == protocol.id && given(line))
                    };
                    let others = report.protocols.iter().filter(is_answered);
                    let is_mixed = others
                        .flat_map(|protocol| named::questions(std::slice::from_ref(protocol), &rated.question))
                        .filter_map(|question| question.scale.as_ref())
                        .any(|other| (other.low, other.high) != (scale.low, scale.high));
                    let (title, side) = (&question.title, rated.side);
                    let scaled = Scaled { title, side, scale, is_mixed, before: Vec::new(), after: Vec::new() };
                    scales.push((&rated.question, scaled));
                }
                let Some((_, scaled)) = scales.iter_mut().find(|scale| is_same(scale)) else { continue };
                let (points, mark) = match rated.again {
                    false => (&mut scaled.before, Mark::Circle),
                    true => (&mut scaled.after, Mark::Cross),
                };
                points.push(Point { day: day_of(&days, &line.began), value: f64::from(rated.number), mark });
            }
        }
        scales.into_iter().map(|(_, scaled)| scaled).collect()
    }
}

fn days_between(first: Date, last: Date) -> i32 {
    first.until(last).map_or(0, |span| span.get_days())
}

/// The moment `at` by its own clock, in days since the first of `days`.
fn day_of(days: &Days<'_>, at: &Zoned) -> f64 {
    let hours = f64::from(at.hour()) + f64::from(at.minute()) / 60.0;
    f64::from(days_between(days.first, at.date())) + hours / 24.0
}
