//! What later sessions know of the answers in each session, closed or left open.

use rusqlite::{Connection, Transaction, params};

use super::{Store, StoreError, rows};
use crate::protocol::Side;
use crate::session::earlier::{Chosen, Earlier};
use crate::session::event::Event;
use crate::session::plan::Plan;
use crate::session::record::Record;
use crate::session::time::SessionTime;

/// What the rows begin with that can change which answers are passed on: those that answer, and those after which another
/// question may be open, whose answer decides over earlier ones.
const ANSWERED: [&str; 7] = [
    "{\"answered\"",
    "{\"planned\"",
    "{\"reopened\"",
    "{\"done\"",
    "{\"step-skipped\"",
    "{\"measured\"",
    "{\"set-ended\"",
];

/// Whether any of these facts changes which answers are passed on.
pub(super) fn are_in(facts: &[(u64, String)]) -> bool {
    facts.iter().any(|(_, fact)| ANSWERED.iter().any(|begins| fact.starts_with(begins)))
}

/// Files what `session`, as it is on disk, passes on to later ones. Where it can't be read, what is filed stays.
pub(super) fn file(transaction: &Transaction<'_>, session: i64) -> rusqlite::Result<()> {
    match passed_on(transaction, session)? {
        Some(answers) => replace(transaction, session, &answers),
        None => Ok(()),
    }
}

/// Files what every session that was left open passes on: older programs did not.
pub(super) fn file_all_open(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    let mut open = transaction.prepare("SELECT id FROM session WHERE digest IS NULL")?;
    let open: Vec<i64> = open.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    open.into_iter().try_for_each(|session| file(transaction, session))
}

/// Files that `session` passes on these answers, and no others.
pub(super) fn replace(transaction: &Transaction<'_>, session: i64, answers: &[Chosen]) -> rusqlite::Result<()> {
    transaction.prepare_cached("DELETE FROM chosen WHERE session = ?1")?.execute([session])?;
    let insert =
        "INSERT OR REPLACE INTO chosen SELECT ?1, ?2, coalesce(began_millis, 0), id, ?4 FROM session WHERE id = ?3";
    let mut insert = transaction.prepare_cached(insert)?;
    for Chosen { question, side, option } in answers {
        insert.execute(params![question, side.map_or("", Side::name), session, option])?;
    }
    Ok(())
}

fn passed_on(connection: &Connection, session: i64) -> rusqlite::Result<Option<Vec<Chosen>>> {
    let protocol = "SELECT text FROM protocol WHERE id = (SELECT protocol FROM session WHERE id = ?1)";
    let protocol: String = connection.prepare_cached(protocol)?.query_row([session], |row| row.get(0))?;
    let Ok(protocol) = rows::protocol(&protocol) else { return Ok(None) };
    let mut events = connection.prepare_cached("SELECT fact FROM event WHERE session = ?1 ORDER BY number")?;
    let mut facts = events.query([session])?;
    let mut record = Record::default();
    while let Some(row) = facts.next()? {
        let Ok(fact) = rows::fact(row.get_ref(0)?.as_str()?, &protocol) else { return Ok(None) };
        record.apply(&Event { at: SessionTime::ZERO, fact });
    }
    Ok(Some(Plan { protocol: &protocol, record: &record }.passed_on()))
}

impl Store {
    /// Of each question the latest answer up to `now`, in milliseconds since 1970.
    pub(super) fn latest_answers(&self, now: i64) -> Result<Earlier, StoreError> {
        // Jumps from question to question along the primary key, however many sessions there are.
        let select = format!(
            "WITH RECURSIVE asked (question) AS (
                 SELECT min(question) FROM chosen
                 UNION ALL
                 SELECT (SELECT min(question) FROM chosen WHERE question > asked.question) FROM asked
                 WHERE asked.question IS NOT NULL
             )
             SELECT chosen.question, chosen.side, option
             FROM asked
             CROSS JOIN (SELECT '' AS side UNION ALL SELECT 'left' UNION ALL SELECT 'right') AS ankle
             CROSS JOIN chosen
             WHERE chosen.question = asked.question AND chosen.side = ankle.side AND began_millis = coalesce(
                 (SELECT max(began_millis) FROM chosen
                  WHERE question = asked.question AND side = ankle.side AND began_millis <= {now}),
                 (SELECT max(began_millis) FROM chosen WHERE question = asked.question AND side = ankle.side))
             ORDER BY began_millis <= {now}, began_millis, session"
        );
        let answers = self.rows(&select, |row| {
            // Nothing stands for both.
            let side = Side::named(row.get_ref(1)?.as_str()?);
            Ok(Chosen { question: row.get(0)?, side, option: row.get(2)? })
        })?;
        Ok(Earlier::from_iter(answers))
    }
}
