//! `dorsi history`: the sessions so far, for people and for other programs.

use std::io;

use serde::Serialize;

use crate::app::Line;
use crate::protocol::Side;
use crate::session::digest::{Digest, SetDone};

/// One set, as a row for other programs. The names are stable.
#[derive(Debug, Serialize)]
struct SetRow<'a> {
    /// When the session began, with its time zone (RFC 9557).
    session: String,
    /// Id of the protocol.
    protocol: &'a str,
    /// Id of the exercise.
    exercise: &'a str,
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
}

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

/// A table for people: a line a session, latest first.
pub fn table(history: &[Line]) -> String {
    let mut table = String::new();
    for line in history {
        let date = line.began.strftime("%Y-%m-%d %H:%M");
        let ending = match line.digest.ending {
            Some(ending) => serde_json::to_value(ending).ok().and_then(|text| text.as_str().map(str::to_owned)),
            None => None,
        };
        let ending = ending.unwrap_or_else(|| "open".to_owned());
        table.push_str(&format!("{date}  {:<24} {:>5} reps  {ending}\n", line.digest.title, line.digest.reps()));
    }
    table
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
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    for line in history.iter().rev() {
        for set in &line.digest.sets {
            writer.serialize(row(line, set)).map_err(io::Error::other)?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

fn row<'a>(line: &'a Line, set: &'a SetDone) -> SetRow<'a> {
    SetRow {
        session: line.began.to_string(),
        protocol: &line.digest.protocol,
        exercise: &set.exercise,
        side: set.side,
        round: set.round,
        reps: set.reps,
        reps_low: set.range.low(),
        reps_high: set.range.high(),
        ended: set.how,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::quantity::RepRange;
    use crate::session::event::{Ending, SetEnd};

    fn history() -> Vec<Line> {
        let set = |side, reps, how| SetDone {
            exercise: "front-band".to_owned(),
            title: "Band, in front".to_owned(),
            side: Some(side),
            round: 1,
            reps,
            range: RepRange::new(10, 15).unwrap(),
            how,
        };
        let digest = Digest {
            protocol: "ankle".to_owned(),
            title: "Ankle session".to_owned(),
            ending: Some(Ending::Early),
            sets: vec![set(Side::Left, 15, Some(SetEnd::Full)), set(Side::Right, 4, Some(SetEnd::Short))],
            ..Digest::default()
        };
        let began = "2026-11-20T18:30:00+01:00[Europe/Berlin]".parse().unwrap();
        vec![Line { id: 1, began, note: "tired, but fine".to_owned(), digest }]
    }

    #[test]
    fn the_table_has_a_line_a_session() {
        assert_eq!(table(&history()), "2026-11-20 18:30  Ankle session               19 reps  early\n");
    }

    #[test]
    fn the_values_have_a_row_a_set_under_stable_names() {
        let expected = "session,protocol,exercise,side,round,reps,reps_low,reps_high,ended\n\
             2026-11-20T18:30:00+01:00[Europe/Berlin],ankle,front-band,left,1,15,10,15,full\n\
             2026-11-20T18:30:00+01:00[Europe/Berlin],ankle,front-band,right,1,4,10,15,short\n";
        assert_eq!(csv(&history()).unwrap(), expected);
    }

    #[test]
    fn the_objects_have_stable_names() {
        insta::assert_snapshot!(json(&history()).unwrap());
    }
}
