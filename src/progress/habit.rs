//! Training days: what keeps people at it, without a streak of days that makes them train through pain.

use std::collections::BTreeMap;
use std::ops::Bound;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Aims;

/// The day on which a week begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WeekStart {
    /// As in most of the world.
    Monday,
    /// As in North America.
    Sunday,
}

impl WeekStart {
    /// The first day of the week of `day`.
    pub fn week_of(self, day: Date) -> Date {
        let first = match self {
            WeekStart::Monday => Weekday::Monday,
            WeekStart::Sunday => Weekday::Sunday,
        };
        day.saturating_sub(i64::from(day.weekday().since(first)).days())
    }
}

/// The sessions of each training day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Habit {
    days: BTreeMap<Date, u32>,
    sessions: u64,
}

/// Weeks in a row in which the goal was reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Streak {
    /// Weeks that reached it.
    pub weeks: u32,
    /// Weeks between them that did not, and are forgiven.
    pub forgiven: u32,
}

/// Training up to a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weeks {
    /// Training days in the week of that day.
    pub days: u32,
    /// The weeks in a row up to it.
    pub streak: Streak,
    /// Sessions with training up to then.
    pub sessions: u64,
}

impl Habit {
    /// Training days with the number of sessions of each.
    pub fn of_counts(days: impl IntoIterator<Item = (Date, u32)>) -> Habit {
        let days: BTreeMap<_, _> = days.into_iter().filter(|(_, sessions)| *sessions > 0).collect();
        let sessions = days.values().map(|sessions| u64::from(*sessions)).sum();
        Habit { days, sessions }
    }

    /// Sessions with training, ever.
    pub fn sessions(&self) -> u64 {
        self.sessions
    }

    /// Sessions with training on `day`.
    pub fn sessions_on(&self, day: Date) -> u32 {
        self.days.get(&day).copied().unwrap_or(0)
    }

    /// The latest training day that is not after `day`.
    pub fn last_up_to(&self, day: Date) -> Option<Date> {
        self.days.range(..=day).next_back().map(|(day, _)| *day)
    }

    /// Training days in the week of `day`.
    pub fn days_in_week(&self, day: Date, starts: WeekStart) -> u32 {
        let first = starts.week_of(day);
        self.days.range(first..first.saturating_add(7.days())).count() as u32
    }

    /// Training up to `today`.
    pub fn weeks(&self, today: Date, aims: &Aims) -> Weeks {
        Weeks {
            days: self.days_in_week(today, aims.week_starts),
            streak: self.streak(today, aims),
            sessions: self.sessions - self.sessions_ahead(today),
        }
    }

    /// Sessions with training that seem to be of the day after the next or later: they were filed while a clock was wrong.
    fn sessions_ahead(&self, today: Date) -> u64 {
        let tomorrow = today.tomorrow().unwrap_or(Date::MAX);
        let ahead = self.days.range((Bound::Excluded(tomorrow), Bound::Unbounded));
        ahead.map(|(_, sessions)| u64::from(*sessions)).sum()
    }

    /// The weeks up to that of `today` in which the goal was reached, with no more than the weeks of grace in a row
    /// between them. The week of `today` is not over, so it counts only once it has reached it.
    pub fn streak(&self, today: Date, aims: &Aims) -> Streak {
        let mut first = aims.week_starts.week_of(today);
        let next_week = first.saturating_add(7.days());
        let mut days = self.days.range(..next_week).rev().map(|(day, _)| *day).peekable();
        let mut reached = |first| {
            let days_in_week = std::iter::from_fn(|| days.next_if(|day| *day >= first)).count();
            days_in_week >= usize::from(aims.weekly_goal)
        };
        let mut streak = Streak { weeks: u32::from(reached(first)), forgiven: 0 };
        let earliest = self.days.keys().next().copied().unwrap_or(today);
        let mut missed = 0;
        while first > earliest && missed <= u32::from(aims.grace_weeks) {
            first = first.saturating_sub(7.days());
            if reached(first) {
                streak.weeks += 1;
                streak.forgiven += missed;
                missed = 0;
            } else {
                missed += 1;
            }
        }
        streak
    }

    /// Every training day with the number of its sessions, the earliest first.
    pub fn days(&self) -> impl DoubleEndedIterator<Item = (Date, u32)> {
        self.days.iter().map(|(day, sessions)| (*day, *sessions))
    }
}

/// One day a session.
impl FromIterator<Date> for Habit {
    fn from_iter<T: IntoIterator<Item = Date>>(sessions: T) -> Habit {
        let mut habit = Habit::default();
        for day in sessions {
            *habit.days.entry(day).or_default() += 1;
            habit.sessions += 1;
        }
        habit
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::config::Config;

    fn aims() -> Aims {
        Config::built_in().progress
    }

    /// Training on these days of weeks that begin on Monday, 2 November 2026, and on the Mondays after it.
    fn weeks(days: &[u32]) -> Habit {
        let monday = date(2026, 11, 2);
        let week = |(week, days): (usize, &u32)| {
            (0..i64::from(*days)).map(move |day| monday.saturating_add((week as i64 * 7 + day).days()))
        };
        days.iter().enumerate().flat_map(week).collect()
    }

    #[test]
    fn two_sessions_on_a_day_are_one_training_day() {
        let habit: Habit = [date(2026, 11, 18), date(2026, 11, 18), date(2026, 11, 20)].into_iter().collect();
        assert_eq!(habit.days_in_week(date(2026, 11, 22), WeekStart::Monday), 2);
        assert_eq!((habit.sessions(), habit.sessions_on(date(2026, 11, 18))), (3, 2));
        let last = [17, 18, 19, 20].map(|day| habit.last_up_to(date(2026, 11, day)).map(|day| day.day()));
        assert_eq!(last, [None, Some(18), Some(18), Some(20)]);
    }

    #[test]
    fn a_session_that_lies_ahead_is_none_of_those_up_to_today() {
        let days = [date(2026, 11, 18), date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22), date(2030, 1, 1)];
        let sessions = |day| Habit::from_iter(days).weeks(date(2026, 11, day), &aims()).sessions;
        assert_eq!([sessions(17), sessions(20), sessions(21)], [1, 3, 4], "the next day may be today elsewhere");
    }

    #[test]
    fn a_week_begins_where_the_person_says() {
        let sunday: Habit = [date(2026, 11, 15)].into_iter().collect();
        let wednesday = date(2026, 11, 18);
        assert_eq!(sunday.days_in_week(wednesday, WeekStart::Monday), 0);
        assert_eq!(sunday.days_in_week(wednesday, WeekStart::Sunday), 1);
    }

    #[test]
    fn weeks_in_a_row_forgive_one_week_but_not_two_and_never_count_the_week_under_way_against_anybody() {
        // The last week in each is that of `today`.
        for (days, weeks_reached, forgiven) in [
            (&[3, 3, 3][..], 3, 0),
            (&[3, 3, 1], 2, 0),
            (&[3, 2, 4, 0], 2, 1),
            (&[3, 0, 0, 3], 1, 0),
            (&[3, 3, 0, 0], 2, 1),
            (&[3, 3, 0, 0, 0], 0, 0),
            (&[3, 1, 3, 1, 3], 3, 2),
            (&[0], 0, 0),
        ] {
            let today = date(2026, 11, 5).saturating_add((7 * (days.len() as i64 - 1)).days());
            let expected = Streak { weeks: weeks_reached, forgiven };
            assert_eq!(weeks(days).streak(today, &aims()), expected, "{days:?}");
        }
    }

    #[test]
    fn nothing_done_is_no_streak_at_either_end_of_time() {
        for today in [Date::MIN, date(2026, 11, 21), Date::MAX] {
            assert_eq!(Habit::default().streak(today, &aims()), Streak { weeks: 0, forgiven: 0 });
        }
    }
}
