//! What sessions amount to over weeks, and what can honestly be said of it.
//!
//! Pure functions over values. What a change means comes with each [`Test`], what is asked of weeks
//! with [`Aims`]; both are from TOML.

mod dose;
mod habit;
mod trend;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::protocol::Test;
use crate::session::digest::Digest;

pub use dose::is_above_cap;
pub use habit::{Habit, Streak, WeekStart, Weeks};
pub use trend::{Plateau, Point, Since, Trained, Trend, first_of_each, origin, since_first};

/// What is aimed at over weeks, and when something is said of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Aims {
    /// Training days in a week that are aimed at.
    #[schemars(range(min = 1, max = 7))]
    pub weekly_goal: u8,
    /// Weeks in a row below the goal that do not end a run of weeks.
    #[schemars(range(min = 0, max = 8))]
    pub grace_weeks: u8,
    /// The day on which a week begins.
    pub week_starts: WeekStart,
    /// Sessions a day after which a further one gets a warning.
    #[schemars(range(min = 1, max = 20))]
    pub sessions_a_day: u8,
    /// Weeks without any training after which a plateau is looked for anew.
    #[schemars(range(min = 1, max = 52))]
    pub break_weeks: u8,
    /// A plateau takes at least this many weeks of training.
    #[schemars(range(min = 1, max = 52))]
    pub plateau_weeks: u8,
    /// A plateau takes at least this many sessions of training.
    #[schemars(range(min = 1, max = 200))]
    pub plateau_sessions: u16,
    /// A plateau takes tests on at least this many days.
    #[schemars(range(min = 2, max = 200))]
    pub plateau_test_days: u16,
}

/// A session, with the day on which it began.
#[derive(Clone, Copy, Debug)]
pub struct Dated<'a> {
    /// The day, by the person's clock.
    pub day: Date,
    /// What it amounts to.
    pub digest: &'a Digest,
}

/// What all sessions together amount to.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// On which days there was training.
    pub habit: Habit,
    /// Every test on each side that it was taken on, the tests in the order in which they first came up.
    pub trends: Vec<Trend>,
}

impl Overview {
    /// What `sessions`, the earliest first, amount to. `test` finds a test by its id; one that is known no more is left out.
    pub fn of<'a>(sessions: &[Dated<'_>], aims: &Aims, test: impl Fn(&str) -> Option<&'a Test>) -> Overview {
        let trained = sessions.iter().filter(|session| session.digest.reps() > 0);
        Overview { habit: trained.map(|session| session.day).collect(), trends: trend::trends(sessions, aims, test) }
    }
}
