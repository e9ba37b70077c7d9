//! What is kept of sessions, as those know it who write it, read it back and tell of it.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::{SignedDuration, Zoned};

use crate::progress::Habit;
use crate::protocol::Protocol;
use crate::session::digest::Digest;
use crate::session::earlier::Earlier;
use crate::session::event::Event;
use crate::session::record::Record;

/// A session that is in the store.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Its number in the store.
    pub id: i64,
    /// When it began, by the person's clock of that moment.
    pub began: Zoned,
    /// The protocol as it was when the session began.
    pub protocol: Arc<Protocol>,
    /// Its events.
    pub events: Vec<Event>,
}

/// How long a session that was left open can be continued, its own time not counted, the time away from it counted: the tests
/// in it are to be of the same day.
const CONTINUED_WITHIN: SignedDuration = SignedDuration::from_hours(12);

impl Kept {
    /// Whether the session is so old at `now` that it can't sensibly go on; the clock may be one of another zone.
    pub fn is_stale(&self, now: &Zoned) -> bool {
        let last = self.events.last().map_or(0, |event| event.at.millis());
        let left = SignedDuration::from_millis(i64::try_from(last).unwrap_or(i64::MAX));
        now.timestamp().duration_since(self.began.timestamp()) > left.saturating_add(CONTINUED_WITHIN)
    }

    /// Whether a rep was done.
    pub fn is_trained(&self) -> bool {
        Digest::of(&self.protocol, &Record::of(&self.events)).reps() > 0
    }

    /// Whether the session was left without an end.
    pub fn is_open(&self) -> bool {
        !self.events.iter().any(|event| event.fact.ends_session())
    }
}

/// What comes after the events of a session in which nobody is.
#[derive(Clone, Debug, PartialEq)]
pub struct Amendment {
    /// The session's number in the store.
    pub session: i64,
    /// How many events it had when it was read.
    pub known: usize,
    /// Those that follow.
    pub events: Vec<Event>,
    /// What it amounts to then.
    pub digest: Box<Digest>,
}

/// What a new session has to know of earlier ones.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// The session that was left without an end, and can be continued or filed.
    pub unfinished: Option<Kept>,
    /// Another session was closed since that one began.
    pub overtaken: bool,
    /// The latest answers to questions, those of sessions left open included.
    pub earlier: Arc<Earlier>,
    /// The days on which there was training.
    pub habit: Habit,
    /// The day of the latest session, where that ended with advice instead of exercise, or one of the day was ended, or an
    /// exercise in it, because something hurt, or a number that was given after exercise advised against going on.
    pub stopped: Option<Date>,
}

/// A line of the history.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The session's number in the store.
    pub id: i64,
    /// When it began.
    pub began: Zoned,
    /// The person's note.
    pub note: String,
    /// What it amounts to.
    pub digest: Digest,
}

impl Line {
    /// Whether it can have begun by `today`: what seems to begin after the day that follows was filed while a clock was wrong,
    /// and is no latest test of anything.
    pub fn can_have_begun(&self, today: Date) -> bool {
        self.began.date() <= today.tomorrow().unwrap_or(Date::MAX)
    }
}

/// Something about the store that the person should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Another dorsi uses the same folder.
    Shared,
    /// The file ended in the middle of a write; the bytes as they were are kept.
    TornEnd {
        /// Where the bytes are.
        aside: PathBuf,
    },
    /// The file was damaged. What could be read is in a new one.
    Rescued {
        /// Where the damaged file is.
        aside: PathBuf,
        /// Sessions that were carried over, whole or in part.
        sessions: usize,
        /// Sessions that are missing events, or could not be read at all.
        damaged: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::session::event::Fact;
    use crate::session::time::SessionTime;

    #[test]
    fn a_session_goes_stale_half_a_day_after_it_was_left_however_long_it_took() {
        let protocol = Config::built_in().protocols["ankle"].clone();
        let hours = |hours: u64| SessionTime::from_millis(hours * 60 * 60 * 1_000);
        let left = Event { at: hours(3), fact: Fact::Resumed };
        let moment = |text: &str| text.parse::<Zoned>().expect("a moment");
        let began = moment("2026-11-20T06:00+01:00[Europe/Berlin]");
        let kept = Kept { id: 1, began, protocol, events: vec![left] };
        assert!(!kept.is_stale(&moment("2026-11-20T21:00+01:00[Europe/Berlin]")));
        assert!(kept.is_stale(&moment("2026-11-20T21:00:01+01:00[Europe/Berlin]")));
        // Flown east, where it is later by the clock, and west, where it is earlier.
        assert!(!kept.is_stale(&moment("2026-11-21T05:00+09:00[Asia/Tokyo]")));
        assert!(kept.is_stale(&moment("2026-11-20T15:00:01-05:00[America/New_York]")));
        let at_once = Kept { events: Vec::new(), ..kept };
        assert!(at_once.is_stale(&moment("2026-11-20T18:00:01+01:00[Europe/Berlin]")));
    }
}
