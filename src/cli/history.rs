//! `dorsi history`: the sessions so far, for people and for other programs. What these get is told in docs/formats.md.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;
use tabwriter::TabWriter;

use crate::config::words::Words;
use crate::kept::Line;
use crate::phrase;
use crate::protocol::quantity::Unit;
use crate::protocol::{Protocol, Side, named};
use crate::session::digest::{Digest, SetDone};
use crate::text;

/// One set, as a row for other programs. The names are stable.
#[derive(Debug, Serialize)]
struct SetRow<'a> {
    /// When the session began, with its time zone (RFC 9557).
    session: String,
    /// Id of the protocol.
    protocol: Cow<'a, str>,
    /// Id of the exercise.
    exercise: Cow<'a, str>,
    /// `left`, `right`, or nothing.
    side: Option<Side>,
    /// The round, from 1.
    round: u8,
    /// Reps done.
    reps: u16,
    /// Reps that are enough.
    reps_low: u16,
    /// Reps at which the set ends.
    reps_high: u16,
    /// `full`, `enough`, `short`, `skipped`, `pain`; nothing where the set was left open.
    ended: Option<crate::session::event::SetEnd>,
    /// It hurt, and was gone on with in another position.
    repositioned: bool,
}

/// The names of a row's values, which stand above the rows and where there are none.
const HEADINGS: [&str; 10] =
    ["session", "protocol", "exercise", "side", "round", "reps", "reps_low", "reps_high", "ended", "repositioned"];

/// One session, as an object for other programs. The names are stable.
#[derive(Debug, Serialize)]
struct SessionObject<'a> {
    /// When the session began, with its time zone (RFC 9557).
    began: String,
    /// The person's note.
    note: &'a str,
    /// What it amounts to.
    #[serde(flatten)]
    digest: &'a Digest,
}

/// A test, by its id, on one ankle, or on both where there is none.
type Column<'a> = (&'a str, Option<Side>);

/// Every test with each side that it was taken on; the sides of a test stand together.
fn tested_in(history: &[Line]) -> Vec<Column<'_>> {
    let mut tests: Vec<&str> = Vec::new();
    let mut columns: Vec<Column<'_>> = Vec::new();
    for reading in history.iter().rev().flat_map(|line| &line.digest.readings) {
        if !tests.contains(&reading.test.as_str()) {
            tests.push(&reading.test);
        }
        if !columns.contains(&(&reading.test, reading.side)) {
            columns.push((&reading.test, reading.side));
        }
    }
    columns.sort_by_key(|(test, side)| (tests.iter().position(|other| other == test), *side));
    columns
}

/// "left, cm" for each column, with the title of its test before it where there are several.
fn head_of<'a>(
    columns: &'a [Column<'a>],
    protocols: &'a [Protocol],
    words: &'a Words,
    unit: Unit,
) -> impl Iterator<Item = String> + 'a {
    let is_one = columns.iter().all(|(test, _)| *test == columns[0].0);
    columns.iter().map(move |(test, side)| {
        let side = words.common.side(*side);
        let title = if is_one { String::new() } else { format!("{} · ", named::test_title(protocols, test)) };
        format!("{title}{side}, {}", unit.sign())
    })
}

/// A table for people: a line a session, latest first.
///
/// # Errors
/// When a line does not become text.
pub fn table(history: &[Line], protocols: &[Protocol], words: &Words, unit: Unit) -> io::Result<String> {
    if history.is_empty() {
        return Ok(format!("{}\n", words.history.empty));
    }
    let columns = tested_in(history);
    let heads = &words.report;
    let mut rows = vec![
        [&heads.date, &heads.session, &heads.sets, &heads.reps_done]
            .into_iter()
            .cloned()
            .chain(head_of(&columns, protocols, words, unit))
            .chain([heads.ending.clone()])
            .collect::<Vec<_>>(),
    ];
    for line in history {
        let tested = phrase::tested(&line.digest, words.notation(unit));
        let of = |column: &Column<'_>| {
            let of_column = tested.iter().filter(|told| (told.of, told.side) == *column);
            of_column.map(|told| told.numbers.as_str()).collect::<Vec<_>>().join(", ")
        };
        let cells = [
            words.moment(line.began.datetime()),
            line.digest.title.clone(),
            line.digest.sets_trained().to_string(),
            line.digest.counted_reps().to_string(),
        ];
        let tests = columns.iter().map(of);
        let ending = phrase::ended(&words.history, line.digest.ending, line.digest.has_painful_set());
        rows.push(cells.into_iter().chain(tests).chain([ending]).collect());
    }
    let mut table = TabWriter::new(Vec::new()).padding(2);
    for row in rows {
        // A tab would begin a cell of its own.
        let row: Vec<String> = row.iter().map(|cell| text::clean(cell)).collect();
        writeln!(table, "{}", row.join("\t"))?;
    }
    if !columns.is_empty() {
        writeln!(table, "\n{}\n{}", text::clean(&heads.distances), text::clean(&heads.marks))?;
    }
    let bytes = table.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

/// A JSON array of sessions, latest first.
///
/// # Errors
/// When a value does not become text.
pub fn json(history: &[Line]) -> serde_json::Result<String> {
    let sessions: Vec<_> = history
        .iter()
        .map(|line| SessionObject { began: line.began.to_string(), note: &line.note, digest: &line.digest })
        .collect();
    serde_json::to_string_pretty(&sessions).map(|text| text + "\n")
}

/// Comma-separated values with a heading, a row a set, the earliest session first.
///
/// # Errors
/// When a value does not become text.
pub fn csv(history: &[Line]) -> io::Result<String> {
    let mut writer = ::csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    writer.write_record(HEADINGS).map_err(io::Error::other)?;
    for line in history.iter().rev() {
        for set in &line.digest.sets {
            writer.serialize(row(line, set)).map_err(io::Error::other)?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

/// `id` so that no spreadsheet takes it for a formula: those of imported sessions are somebody else's.
fn no_formula(id: &str) -> Cow<'_, str> {
    match id.starts_with(['=', '+', '-', '@']) {
        true => Cow::Owned(format!("'{id}")),
        false => Cow::Borrowed(id),
    }
}

fn row<'a>(line: &'a Line, set: &'a SetDone) -> SetRow<'a> {
    SetRow {
        session: line.began.to_string(),
        protocol: no_formula(&line.digest.protocol),
        exercise: no_formula(&set.exercise),
        side: set.side,
        round: set.round,
        reps: set.reps,
        reps_low: set.range.low(),
        reps_high: set.range.high(),
        ended: set.how,
        repositioned: set.repositioned,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::protocol::Work;
    use crate::protocol::quantity::{Length, RepRange};
    use crate::session::digest::{Measured, Rated};
    use crate::session::earlier::Chosen;
    use crate::session::event::{Ending, Reading, SetEnd};

    fn history() -> Vec<Line> {
        let set = |side, reps, how, repositioned| SetDone {
            exercise: "front-band".to_owned(),
            title: "Band, in front".to_owned(),
            side: Some(side),
            round: 1,
            reps,
            range: RepRange::new(10, 15).unwrap(),
            how,
            repositioned,
        };
        let measured = |side, again, reading| Measured {
            test: "wall".to_owned(),
            side: Some(side),
            again,
            reading,
            distance: match reading {
                Reading::Judged(gap) | Reading::Gap(gap) => Length::from_mm(100).minus(gap),
                Reading::Reach(reach) => reach,
            },
        };
        let digest = Digest {
            protocol: "ankle".to_owned(),
            title: "Ankle session".to_owned(),
            ending: Some(Ending::Early),
            millis: 754_000,
            sets: vec![set(Side::Left, 15, Some(SetEnd::Full), false), set(Side::Right, 4, Some(SetEnd::Short), true)],
            readings: vec![
                measured(Side::Left, false, Reading::Gap(Length::from_mm(22))),
                measured(Side::Right, false, Reading::Judged(Length::from_mm(25))),
                measured(Side::Left, true, Reading::Gap(Length::ZERO)),
            ],
            scales: vec![Rated { question: "pain".to_owned(), side: None, again: false, number: 3 }],
            chosen: vec![Chosen::of("safety", None, "none")],
            too_much: true,
        };
        let began = "2026-11-20T18:30:00+01:00[Europe/Berlin]".parse().unwrap();
        vec![Line { id: 1, began, note: "tired, but fine".to_owned(), digest }]
    }

    #[test]
    fn the_table_has_a_line_a_session_in_columns_however_wide_the_letters() {
        let config = Config::built_in();
        let mut history = history();
        // What was skipped is no set.
        let skipped = SetDone { reps: 0, how: Some(SetEnd::Skipped), ..history[0].digest.sets[0].clone() };
        history[0].digest.sets.push(skipped);
        let mut wide = history[0].clone();
        wide.digest.title = "足首の\tセッション".to_owned();
        wide.digest.readings.clear();
        wide.digest.ending = None;
        history.push(wide);
        insta::assert_snapshot!(table(&history, &[], &config.words, Unit::Cm).unwrap());
        assert_eq!(table(&[], &[], &config.words, Unit::Cm).unwrap(), format!("{}\n", config.words.history.empty));
    }

    #[test]
    fn where_several_tests_were_taken_each_has_columns_under_its_title() {
        let config = Config::built_in();
        let mut protocol = Protocol::clone(&config.protocols["ankle"]);
        for step in &mut protocol.steps {
            if let Work::Measure { test_id, test, repeats: None } = &mut step.work {
                *test_id = "barefoot".to_owned();
                std::sync::Arc::make_mut(test).title = "Barefoot".to_owned();
            }
        }
        let mut history = history();
        history[0].digest.readings[1].test = "barefoot".to_owned();
        let table = table(&history, &[protocol], &config.words, Unit::Cm).unwrap();
        let heads: Vec<_> = table.lines().next().unwrap().split("  ").filter(|head| !head.is_empty()).collect();
        assert_eq!(heads[4..6], ["Wall test · left, cm", "Barefoot · right, cm"], "{table}");
    }

    /// The document that tells other programs' authors what they get.
    const FORMATS: &str = include_str!("../../docs/formats.md");

    fn names(value: &serde_json::Value, names: &mut Vec<String>) {
        match value {
            serde_json::Value::Object(object) => {
                for (name, value) in object {
                    names.push(name.clone());
                    self::names(value, names);
                }
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| self::names(item, names)),
            _ => {}
        }
    }

    #[test]
    fn every_name_that_other_programs_get_is_told_in_the_document() {
        let mut told = Vec::new();
        names(&serde_json::from_str(&json(&history()).unwrap()).unwrap(), &mut told);
        told.extend(csv(&history()).unwrap().lines().next().unwrap().split(',').map(str::to_owned));
        assert!(told.len() > 20);
        for name in told {
            assert!(FORMATS.contains(&format!("| `{name}` |")), "{name}");
        }
    }

    #[test]
    fn the_values_have_a_row_a_set_under_stable_names() {
        let expected = "session,protocol,exercise,side,round,reps,reps_low,reps_high,ended,repositioned\n\
             2026-11-20T18:30:00+01:00[Europe/Berlin],ankle,front-band,left,1,15,10,15,full,false\n\
             2026-11-20T18:30:00+01:00[Europe/Berlin],ankle,front-band,right,1,4,10,15,short,true\n";
        assert_eq!(csv(&history()).unwrap(), expected);
        let mut foreign = history();
        foreign[0].digest.protocol = "=1+1".to_owned();
        assert!(csv(&foreign).unwrap().contains(",'=1+1,"), "no formula");
        assert_eq!(csv(&[]).unwrap(), expected.lines().next().unwrap().to_owned() + "\n", "the names stand alone too");
    }

    #[test]
    fn the_objects_have_stable_names() {
        insta::assert_snapshot!(json(&history()).unwrap());
    }
}
