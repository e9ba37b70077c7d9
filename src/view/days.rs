//! Training days, a week a line, the latest week first.

use jiff::ToSpan;
use jiff::civil::Date;
use ratatui::Frame;

use super::column::Column;
use super::parts;
use super::theme;
use crate::app::{App, Seen};
use crate::progress::{Habit, WeekStart};
use crate::text::{fill, pad};

/// Columns before the first day: month and year.
const MONTH: usize = 9;

/// Days of a gap that is shown week by week.
const YEAR: i64 = 366;

pub fn draw(app: &App, top: usize, frame: &mut Frame<'_>) -> Seen {
    let words = &app.config.words.progress;
    let body = parts::around(app, frame, &words.days_title);
    let mut column = Column::new();
    let habit = &app.overview.habit;
    column.text(parts::week_words(app, app.trained), theme::STRONG).gap();
    let starts = app.config.progress.week_starts;
    column.line(format!("{}{}", " ".repeat(MONTH), weekdays(&words.weekdays, starts)));
    let today = app.today.date();
    let earliest = habit.days().next().map_or(today, |(day, _)| day.min(today));
    let latest = habit.days().next_back().map_or(today, |(day, _)| day.max(today));
    let lines = weeks(habit, starts, earliest, latest);
    // Years of days are not set in type for the dozen weeks that are seen.
    let height = usize::from(body.height);
    let first = top.min(lines.len().saturating_sub(height));
    let mut above = None;
    for (index, week) in lines.into_iter().enumerate() {
        let is_near = index + height >= first && index <= first + 2 * height;
        column.line(match week {
            Some(week) if is_near => told(app, week, above == Some(week.first_of_month())),
            Some(_) => String::new(),
            None => "…".to_owned(),
        });
        above = week.map_or(above, |week| Some(week.first_of_month()));
    }
    column.gap().text(words.days_legend.clone(), theme::QUIET);
    column.draw(app, frame, body, top)
}

/// The weeks from that of `latest` back to that of `earliest`, each by its first day; `None` stands for a gap of years.
fn weeks(habit: &Habit, starts: WeekStart, earliest: Date, latest: Date) -> Vec<Option<Date>> {
    let mut week = starts.week_of(latest);
    let mut weeks = vec![Some(week)];
    while week > earliest {
        let before = week.saturating_sub(7.days());
        week = after_the_gap(habit, before, starts);
        if week < before {
            weeks.push(None);
        }
        weeks.push(Some(week));
    }
    weeks
}

/// The week of `from` or, where a year before it has no training, the latest that has some: after years away, and where a
/// clock was wrong by centuries once, nobody wants to turn pages of nothing.
fn after_the_gap(habit: &Habit, from: Date, starts: WeekStart) -> Date {
    let last = habit.last_up_to(from.saturating_add(6.days())).map(|day| starts.week_of(day));
    last.filter(|last| last.saturating_add(YEAR.days()) < from).unwrap_or(from)
}

/// The days of a week and how many of them had training, behind the name of the month unless the week above has it.
fn told(app: &App, week: Date, is_labelled: bool) -> String {
    let words = &app.config.words.progress;
    let (habit, aims) = (&app.overview.habit, &app.config.progress);
    let days = (0..7).map(|day| week.saturating_add(day.days()));
    let cells: String = days.map(|day| cell(day, habit.sessions_on(day), app.today.date())).collect();
    let heading = if is_labelled { String::new() } else { month(&words.months, week) };
    let (done, goal) = (habit.days_in_week(week, aims.week_starts), u32::from(aims.weekly_goal));
    let said = match done {
        0 => String::new(),
        done => {
            let values = [("days", done.to_string()), ("goal", goal.to_string())];
            let reached = if done >= goal { " ✓" } else { "" };
            format!("  {}{reached}", fill(&words.of_goal, &values))
        }
    };
    format!("{}{cells}{said}", pad(&heading, MONTH))
}

/// A day: marked where there was training, and where it is today.
fn cell(day: Date, sessions: u32, today: Date) -> String {
    let mark = if sessions > 0 { '●' } else { ' ' };
    let here = if day == today { '◂' } else { ' ' };
    format!("{mark}{:>2}{here}", day.day())
}

/// "Nov 2026".
fn month(months: &str, day: Date) -> String {
    let name = months.split_whitespace().nth(usize::from(day.month().unsigned_abs()) - 1).unwrap_or_default();
    let name: String = name.chars().take(3).collect();
    format!("{name} {}", day.year())
}

fn weekdays(names: &str, starts: WeekStart) -> String {
    let mut names: Vec<&str> = names.split_whitespace().take(7).collect();
    if starts == WeekStart::Sunday {
        names.rotate_right(1);
    }
    names.into_iter().map(|name| format!(" {:<3}", name.chars().take(2).collect::<String>())).collect()
}
