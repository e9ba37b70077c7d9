//! What the store knows of earlier sessions when a new one begins, read at the start.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Row;

use super::{Store, StoreError, rows};
use crate::kept::Past;
use crate::progress::Habit;
use crate::session::digest::Digest;
use crate::session::plan::Plan;
use crate::session::record::Record;

/// Each day with training, and the number of its sessions.
pub(super) const TRAINING_DAYS: &str = "SELECT day, count(*) FROM session WHERE reps > 0 GROUP BY day";

/// How long ago a session can have begun that may still be continued: half a day after its last event, however long it took.
const RECENT: Duration = Duration::from_secs(24 * 60 * 60);

/// The longest that a day can have, in milliseconds, with a change of zone in it.
const DAY: i64 = 50 * 60 * 60 * 1_000;

/// How far a clock can have been ahead for what was filed by it to be taken as the latest all the same, in milliseconds.
const AHEAD: i64 = 24 * 60 * 60 * 1_000;

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
        let now = self.with_what_is_ahead(now.as_millisecond())?;
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
        Ok(Past {
            // One of which a part is only in memory is not what its rows say.
            unfinished: unfinished.filter(|kept| kept.is_open() && !self.is_behind(kept.id)),
            overtaken,
            earlier: Arc::new(self.latest_answers(now)?),
            habit: self.habit()?,
            stopped: self.stopped(now)?,
        })
    }

    /// `now`, or the moment at which a session seems to begin within a day from then, with none of the day before written since:
    /// the clock was ahead, and it is the latest. Others from the future were filed while a clock was wrong, and are not.
    fn with_what_is_ahead(&self, now: i64) -> Result<i64, StoreError> {
        let ahead = format!(
            "SELECT coalesce(max(began_millis), {now}) FROM session AS early
             WHERE began_millis > {now} AND began_millis <= {now} + {AHEAD} AND NOT EXISTS (
                 SELECT 1 FROM session WHERE id > early.id AND began_millis BETWEEN {now} - {AHEAD} AND {now}
             )"
        );
        Ok(self.rows(&ahead, |row| row.get(0))?.first().copied().unwrap_or(now))
    }

    /// The day of the latest session up to `now`, where that ended with advice instead of exercise, or something hurt in one
    /// of the day, or a number that was given after exercise advised against going on.
    fn stopped(&self, now: i64) -> Result<Option<Date>, StoreError> {
        let latest = format!(
            "WITH latest AS (
                 SELECT id, day, began_millis AS moment FROM session WHERE digest IS NOT NULL AND began_millis <= {now}
                 ORDER BY began_millis DESC, id DESC LIMIT 1
             )
             SELECT latest.day FROM latest CROSS JOIN session
             WHERE began_millis BETWEEN moment - {DAY} AND moment AND session.day = latest.day AND json_valid(digest) AND (
                 json_extract(digest, '$.ending') = 'pain'
                 OR json_extract(digest, '$.too_much')
                 OR json_extract(digest, '$.ending') = 'advised' AND session.id = latest.id
                 OR EXISTS (SELECT 1 FROM json_each(digest, '$.sets') WHERE json_extract(value, '$.how') = 'pain')
             )
             LIMIT 1"
        );
        let of_closed = self.rows(&latest, |row| row.get::<_, String>(0))?.into_iter().next();
        let day = self.stopped_in_open(now)?.into_iter().chain(of_closed).max();
        day.map(|day| day.parse().map_err(|error| self.damaged("a day of training", 0, error))).transpose()
    }

    /// The day of the latest session that was left open where something hurts, or at advice instead of exercise, with none
    /// closed since.
    fn stopped_in_open(&self, now: i64) -> Result<Option<String>, StoreError> {
        let open = format!(
            "SELECT id, day, NOT EXISTS (
                 SELECT 1 FROM session AS later
                 WHERE digest IS NOT NULL AND later.began_millis BETWEEN session.began_millis AND {now}
             )
             FROM session WHERE digest IS NULL AND began_millis BETWEEN {now} - {DAY} AND {now}
             ORDER BY began_millis DESC, id DESC"
        );
        let open =
            self.rows(&open, |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, bool>(2)?)))?;
        for (id, day, is_latest) in open {
            let kept = self.session(id)?;
            let record = Record::of(&kept.events);
            let plan = Plan { protocol: &kept.protocol, record: &record };
            let at_advice = || plan.current().is_some_and(|stage| plan.advice(stage).is_some());
            let too_much = Digest::of(&kept.protocol, &record).too_much;
            if too_much || record.has_pain() || is_latest && at_advice() {
                return Ok(Some(day));
            }
        }
        Ok(None)
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
