//! The tests over weeks: a chart for each ankle, and what can be said of it.

use ratatui::Frame;

use super::chart::Chart;
use super::column::{Column, MEASURE};
use super::parts;
use super::{theme, told};
use crate::app::{App, Seen};
use crate::phrase;
use crate::progress::{Since, Trend};
use crate::protocol::Side;
use crate::session::reading;
use crate::text::fill;

/// The width from which on two charts stand beside each other.
const TWO_CHARTS: u16 = 76;

pub fn draw(app: &App, top: usize, frame: &mut Frame<'_>) -> Seen {
    let words = &app.config.words.progress;
    let body = parts::around(app, frame, &words.title);
    let mut column = Column::new();
    column.text(parts::week_words(app, app.trained), theme::STRONG);
    if app.overview.trends.is_empty() {
        column.gap().text(words.none.clone(), theme::TEXT);
    }
    let width = body.width.min(MEASURE);
    let height = (body.height / 3).clamp(5, 14);
    let mut rest = &app.overview.trends[..];
    while let [first, ..] = rest {
        let pair = rest.iter().take_while(|trend| trend.test == first.test).count().min(2);
        let (shown, others) = rest.split_at(pair);
        rest = others;
        column.gap();
        if pair == 2 && width >= TWO_CHARTS {
            let half = (width - 2) / 2;
            let chart = Chart::new(first, shown, &app.config.words, app.unit, half, height);
            let charts = shown.iter().map(|trend| chart.of(trend).lines(&heading(app, trend)));
            let [left, right] = <[_; 2]>::try_from(charts.collect::<Vec<_>>()).unwrap_or_default();
            for (left, right) in left.into_iter().zip(right) {
                column.line(format!("{left}  {right}"));
            }
        } else {
            let chart = Chart::new(first, shown, &app.config.words, app.unit, width, height);
            for line in shown.iter().flat_map(|trend| chart.of(trend).lines(&heading(app, trend))) {
                column.line(line);
            }
        }
        for trend in shown {
            said(app, trend, &mut column);
        }
        if let [left, right] = shown {
            apart(app, left, right, &mut column);
        }
    }
    if !app.overview.trends.is_empty() {
        column.gap().text(words.legend.clone(), theme::QUIET);
    }
    column.draw(app, frame, body, top)
}

fn heading(app: &App, trend: &Trend) -> String {
    format!("{} · {}, {}", trend.title, parts::ankle(app, trend.side), app.unit.sign())
}

/// What has become of one ankle.
pub fn said(app: &App, trend: &Trend, column: &mut Column) {
    let words = &app.config.words.progress;
    let (Some(test), Some(latest)) = (app.config.test(&trend.test), trend.latest()) else { return };
    let mark = parts::ankle_column(app, trend.side);
    // Of a touch it is the distance at which it was one, wherever the test is taken today.
    let reading = phrase::reading(&app.config.words.ask, app.notation(), test, latest.distance, latest.reading);
    let values = [("reading", reading), ("date", app.config.words.date(latest.day))];
    column.item(mark, fill(&words.latest, &values), theme::TEXT);
    let since = |since: &Since, template: &str| {
        let verdict = told::verdict(app, &since.change);
        fill(template, &[("date", app.config.words.date(since.point.day)), ("verdict", verdict)])
    };
    if let Some(first) = &trend.since_first {
        column.item("  ", since(first, &words.since_first), theme::TEXT);
    }
    if let Some(last) = trend.since_last.filter(|_| trend.points.len() > 2) {
        column.item("  ", since(&last, &words.since_last), theme::QUIET);
    }
    if let Some(plateau) = trend.plateau {
        let values = [
            ("weeks", plateau.weeks.to_string()),
            ("sessions", plateau.sessions.to_string()),
            ("date", app.config.words.date(plateau.since)),
        ];
        column.item("! ", fill(&words.plateau, &values), theme::WARNING);
    }
}

/// How far the two ankles are apart, where both were tested last on the same day.
fn apart(app: &App, left: &Trend, right: &Trend, column: &mut Column) {
    let (Some(test), Some(one), Some(other)) = (app.config.test(&left.test), left.latest(), right.latest()) else {
        return;
    };
    let told = reading::difference(test, one.reading, other.reading);
    if left.side == Some(Side::Left)
        && right.side == Some(Side::Right)
        && one.day == other.day
        && let Some(told) = told
    {
        column.text(told::difference(app, told), theme::TEXT);
    }
}
