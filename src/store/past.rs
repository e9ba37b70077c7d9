//! What the store knows of earlier sessions when a new one begins, read at the start.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Row;

use super::{Store, StoreError, rows};
use crate::app::{Kept, Past};
use crate::progress::Habit;
use crate::protocol::Side;
use crate::session::earlier::{Chosen, Earlier};

/// Each day with training, and the number of its sessions.
pub(super) const TRAINING_DAYS: &str = "SELECT day, count(*) FROM session WHERE reps > 0 GROUP BY day";

/// How long ago a session can have begun that may still be continued: half a day after its last event, however long it took.
const RECENT: Duration = Duration::from_secs(24 * 60 * 60);

/// The longest that a day can have, in milliseconds, with a change of zone in it.
const DAY: i64 = 50 * 60 * 60 * 1_000;

impl Store {
    /// What a new session has to know of earlier ones: the one that was left open, and the latest answers.
    ///
    /// # Errors
    /// When the file can't be read, or holds something that this program did not write.
    pub fn past(&self) -> Result<Past, StoreError> {
        self.past_at(Timestamp::MAX)
    }

    /// The same at this moment. A session that begins only later was filed while a clock was wrong: it is not the latest one.
    ///
    /// # Errors
    /// When the file can't be read, or holds something that this program did not write.
    pub fn past_at(&self, now: Timestamp) -> Result<Past, StoreError> {
        // All of it in one transaction: each takes its locks anew.
        let reading = self.connection.unchecked_transaction().map_err(|error| self.sqlite(error))?;
        let past = self.past_in_transaction(now);
        reading.finish().map_err(|error| self.sqlite(error))?;
        past
    }

    fn past_in_transaction(&self, now: Timestamp) -> Result<Past, StoreError> {
        let now = now.as_millisecond();
        // Of the sessions left open since the last one that was closed, and of those with a rep that are recent enough to
        // be continued although another was closed since, the latest with a rep, or else the latest.
        let recent = now.saturating_sub(RECENT.as_millis() as i64);
        let rep = rows::REP;
        let open = format!(
            "WITH last AS (
                 SELECT began_millis AS millis, id FROM session WHERE digest IS NOT NULL AND began_millis <= {now}
                 ORDER BY began_millis DESC, id DESC LIMIT 1
             ), since AS (
                 SELECT coalesce(max(millis), -9223372036854775807) AS millis, coalesce(max(id), 0) AS id FROM last
             ), open AS (
                 SELECT session.id, began_millis, (began_millis, session.id) <= (since.millis, since.id) AS overtaken,
                     EXISTS (SELECT 1 FROM event WHERE session = session.id AND fact LIKE '{rep}%') AS trained
                 FROM session, since
                 WHERE digest IS NULL AND began_millis >= min(since.millis, {recent})
             )
             SELECT id, overtaken FROM open WHERE trained OR NOT overtaken
             ORDER BY trained DESC, began_millis <= {now} DESC, began_millis DESC, id DESC
             LIMIT 1"
        );
        let open = self.rows(&open, |row| Ok((row.get::<_, i64>(0)?, row.get::<_, bool>(1)?)))?;
        let unfinished = open.first().map(|(id, _)| self.session(*id)).transpose()?;
        let overtaken = open.first().is_some_and(|(_, overtaken)| *overtaken);
        // Jumps from question to question along the primary key, however many sessions there are.
        let chosen = format!(
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
        let chosen = self.rows(&chosen, |row| {
            // Nothing stands for both.
            let side = Side::named(row.get_ref(1)?.as_str()?);
            Ok(Chosen { question: row.get(0)?, side, option: row.get(2)? })
        })?;
        Ok(Past {
            unfinished: unfinished.filter(Kept::is_open),
            overtaken,
            earlier: Arc::new(Earlier::from_iter(chosen)),
            habit: self.habit()?,
            stopped: self.stopped(now)?,
        })
    }

    /// The day of the latest session up to `now`, where that ended with advice instead of exercise, or something hurt in one
    /// of the day.
    fn stopped(&self, now: i64) -> Result<Option<Date>, StoreError> {
        let latest = format!(
            "WITH latest AS (
                 SELECT id, day, began_millis AS moment FROM session WHERE digest IS NOT NULL AND began_millis <= {now}
                 ORDER BY began_millis DESC, id DESC LIMIT 1
             )
             SELECT latest.day FROM latest CROSS JOIN session
             WHERE began_millis BETWEEN moment - {DAY} AND {now} AND session.day = latest.day AND json_valid(digest) AND (
                 json_extract(digest, '$.ending') = 'pain'
                 OR json_extract(digest, '$.ending') = 'advised' AND session.id = latest.id
                 OR EXISTS (SELECT 1 FROM json_each(digest, '$.sets') WHERE json_extract(value, '$.how') = 'pain')
             )
             LIMIT 1"
        );
        let days = self.rows(&latest, |row| row.get::<_, String>(0))?;
        let day = days.first().map(|day| day.parse().map_err(|error| self.damaged("a day of training", 0, error)));
        day.transpose()
    }

    /// The days on which there was training, with the number of sessions of each.
    fn habit(&self) -> Result<Habit, StoreError> {
        let read = |row: &Row<'_>| {
            let day = row.get_ref(0)?.as_str()?;
            Ok((day.parse::<Date>().map_err(|error| error.to_string()), row.get::<_, u32>(1)?))
        };
        let day = |(day, sessions): (Result<Date, String>, u32)| match day {
            Ok(day) => Ok((day, sessions)),
            Err(error) => Err(self.damaged("a day of training", 0, error)),
        };
        let days = self.rows(TRAINING_DAYS, read)?.into_iter().map(day).collect::<Result<Vec<_>, _>>()?;
        Ok(Habit::of_counts(days))
    }
}
