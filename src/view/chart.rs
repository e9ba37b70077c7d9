//! A chart of one test on one side, drawn with characters alone: it reads without any colour.
//!
//! Each form of a reading has a mark of its own, the target is a dashed line, and what measuring error explains is a
//! shaded band round the reading that the latest one is compared with.

use jiff::civil::Date;
use unicode_width::UnicodeWidthStr;

use crate::config::words::Words;
use crate::progress::{self, Point, Trend};
use crate::protocol::quantity::{Length, Unit};
use crate::session::event::Reading;
use crate::session::reading;
use crate::text::{clip, pad};

/// The days that a chart spans at least, so that two readings of one week do not look like a long way.
const LEAST_DAYS: i64 = 28;

/// The lengths that a chart spans at least, so that a hair's breadth does not look like a long way.
const LEAST_SPAN: Length = Length::from_mm(20);

/// Less than any length that is told apart, in millimetres: an edge of the band is often the edge of the chart.
const HAIR: f64 = 0.05;

/// Columns that the scale on the left takes: a number and the axis.
const SCALE: usize = 6;

/// A chart of so many columns and rows.
#[derive(Clone, Copy)]
pub struct Chart<'a> {
    trend: &'a Trend,
    words: &'a Words,
    unit: Unit,
    width: usize,
    rows: usize,
    low: Length,
    high: Length,
    first: Date,
    days: i64,
}

impl<'a> Chart<'a> {
    /// A chart of `width` columns, with `height` rows for the readings. Its scale and its days are those of all that is `shown`
    /// beside it, so that one ankle can be held against the other.
    pub fn new(trend: &'a Trend, shown: &[Trend], words: &'a Words, unit: Unit, width: u16, height: u16) -> Chart<'a> {
        let bands = shown.iter().filter_map(band).flat_map(|(low, high)| [low, high]);
        let edges: Vec<Length> = bands.chain(shown.iter().map(|trend| trend.target)).collect();
        let points = || shown.iter().flat_map(|trend| &trend.points);
        let all = || points().map(|point| point.distance).chain(edges.iter().copied());
        let (low, high) = (all().min().unwrap_or(Length::ZERO), all().max().unwrap_or(Length::MAX));
        // Readings that are all the same still have a scale.
        let low = low.min(high.minus(LEAST_SPAN));
        let days = || points().map(|point| point.day);
        let first = days().min().unwrap_or(Date::ZERO);
        let days = days().max().map_or(0, |last| days_between(first, last));
        Chart {
            trend,
            words,
            unit,
            width: usize::from(width).saturating_sub(SCALE).max(8),
            rows: usize::from(height).max(3),
            low: low.max(Length::ZERO),
            high,
            first,
            days: days.max(LEAST_DAYS),
        }
    }

    /// The chart of `trend`, another one of those that it was to be held against.
    pub fn of(self, trend: &'a Trend) -> Chart<'a> {
        Chart { trend, ..self }
    }

    /// The chart below `heading`, line by line, each as wide as the chart.
    pub fn lines(&self, heading: &str) -> Vec<String> {
        let mut cells = vec![vec![' '; self.width]; self.rows];
        if let Some(band) = band(self.trend) {
            let shaded = cells.iter_mut().enumerate().filter(|(row, _)| self.is_within(*row, band));
            shaded.flat_map(|(_, cells)| cells).for_each(|cell| *cell = '░');
        }
        let target = self.row(self.trend.target);
        for cell in cells[target].iter_mut().step_by(2) {
            *cell = '╌';
        }
        for point in &self.trend.points {
            cells[self.place(point.distance)][self.column(point.day)] = mark(point);
        }
        let (top, bottom) = (0, self.rows - 1);
        let scale = |row: usize| match row {
            row if row == target => self.number(self.trend.target),
            row if row == top => self.number(self.high),
            row if row == bottom => self.number(self.low),
            _ => String::new(),
        };
        let wide = self.width + SCALE;
        let rows = cells.iter().enumerate().map(|(row, cells)| {
            let axis = if row == target || row == top || row == bottom { '┤' } else { '│' };
            let number = scale(row);
            // Each sign of the chart takes one column; a length of more than its place is cut off with the line.
            let mut line = String::with_capacity(wide * 3);
            line.extend(std::iter::repeat_n(' ', (SCALE - 1).saturating_sub(number.width())));
            line.push_str(&number);
            line.push(axis);
            line.extend(cells);
            if number.width() < SCALE { line } else { clip(&line, wide) }
        });
        let (from, to) = (self.words.date(self.first), self.words.date(self.last()));
        let between = self.width.saturating_sub(from.width() + to.width());
        let foot = [
            format!("{}└{}", " ".repeat(SCALE - 1), "─".repeat(self.width)),
            format!("{}{from}{}{to}", " ".repeat(SCALE), " ".repeat(between)),
        ];
        let padded = |line: &str| pad(&clip(line, wide), wide);
        std::iter::once(padded(heading)).chain(rows).chain(foot.map(|line| padded(&line))).collect()
    }

    fn last(&self) -> Date {
        self.first.saturating_add(jiff::Span::new().days(self.days))
    }

    /// The row of a distance, the largest on top.
    fn row(&self, distance: Length) -> usize {
        let tenths = |length: Length| i64::from(length.tenths_of_mm());
        let whole = tenths(self.high.minus(self.low)).max(1);
        nearest(tenths(self.high.minus(distance)).clamp(0, whole), whole, self.rows - 1)
    }

    /// The row of a reading: what falls short of the target stands below its line.
    fn place(&self, distance: Length) -> usize {
        let row = self.row(distance);
        let is_short = distance < self.trend.target && row == self.row(self.trend.target);
        if is_short { (row + 1).min(self.rows - 1) } else { row }
    }

    /// Whether a row is within the band: by its middle, but by the latest reading where that is in it, so that the picture
    /// says of that what the words say.
    fn is_within(&self, row: usize, (low, high): (Length, Length)) -> bool {
        let of_latest = self.trend.latest().filter(|point| self.place(point.distance) == row);
        match of_latest {
            Some(point) => low < point.distance && point.distance < high,
            None => {
                let whole = self.high.minus(self.low).mm();
                let middle = self.high.mm() - row as f64 / (self.rows - 1) as f64 * whole;
                (low.mm() - HAIR..=high.mm() + HAIR).contains(&middle)
            }
        }
    }

    fn column(&self, day: Date) -> usize {
        nearest(days_between(self.first, day).clamp(0, self.days), self.days, self.width - 1)
    }

    fn number(&self, length: Length) -> String {
        length.number(self.words.notation(self.unit))
    }
}

/// The step of `last` that is nearest to the part `of` of `whole`.
fn nearest(of: i64, whole: i64, last: usize) -> usize {
    ((2 * of * last as i64 + whole) / (2 * whole)) as usize
}

fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}

/// What measuring error explains, round the reading that the latest one is compared with; none round a guess, or round a
/// touch, which is only a bound.
fn band(trend: &Trend) -> Option<(Length, Length)> {
    let base = progress::origin(trend.since_first.as_ref(), trend.latest())?;
    let error = trend.real_change;
    Some((base.distance.minus(error), base.distance.plus(error)))
}

fn mark(point: &Point) -> char {
    match point.reading {
        reading if reading::is_at_least(reading) => '▲',
        reading if reading::is_judged(reading) => '○',
        Reading::Reach(_) => '◆',
        Reading::Gap(_) | Reading::Judged(_) => '●',
    }
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use jiff::civil::date;

    use super::*;
    use crate::config::Config;
    use crate::protocol::Side;

    fn trend(readings: &[(i64, Reading)]) -> Trend {
        let target = Length::from_mm(100);
        let points = readings.iter().map(|(day, reading)| Point {
            day: date(2026, 1, 5).saturating_add(jiff::Span::new().days(*day)),
            reading: *reading,
            distance: match *reading {
                Reading::Reach(reach) => reach,
                Reading::Gap(gap) | Reading::Judged(gap) => target.minus(gap),
            },
        });
        Trend {
            test: "wall".to_owned(),
            title: "Wall test".to_owned(),
            side: Some(Side::Left),
            target,
            real_change: Length::from_mm(19),
            points: points.collect(),
            since_first: None,
            since_last: None,
            plateau: None,
        }
    }

    #[test]
    fn every_form_of_a_reading_has_its_own_mark_at_its_day_and_distance() {
        let mm = Length::from_mm;
        let trend = trend(&[
            (0, Reading::Judged(mm(50))),
            (14, Reading::Gap(mm(30))),
            (28, Reading::Gap(mm(0))),
            (56, Reading::Reach(mm(120))),
        ]);
        let lines = Chart::new(&trend, from_ref(&trend), &Config::built_in().words, Unit::Cm, 46, 8)
            .lines("Wall test · Left ankle");
        insta::assert_snapshot!(lines.join("\n"));
        let at = |mark: char| {
            let row = lines.iter().position(|line| line.contains(mark)).unwrap();
            (row, lines[row].chars().position(|c| c == mark).unwrap())
        };
        let (judged, gap, touch, reach) = (at('○'), at('●'), at('▲'), at('◆'));
        assert!(judged.0 > gap.0 && gap.0 > touch.0 && touch.0 > reach.0, "more range is higher");
        assert_eq!((judged.1, reach.1), (SCALE, 45), "the first day is on the left edge, the last on the right");
        assert_eq!(gap.1 - judged.1, (39.0_f64 / 4.0).round() as usize, "two weeks of eight");
    }

    #[test]
    fn the_charts_of_two_ankles_have_one_scale() {
        let mm = Length::from_mm;
        let both = [
            trend(&[(0, Reading::Gap(mm(60))), (20, Reading::Gap(mm(50)))]),
            trend(&[(0, Reading::Gap(mm(10))), (60, Reading::Gap(mm(5)))]),
        ];
        let words = Config::built_in().words;
        let charts = both.each_ref().map(|trend| Chart::new(trend, &both, &words, Unit::Cm, 46, 8));
        let [left, right] = charts.each_ref().map(|chart| chart.lines("x"));
        let scale =
            |lines: &[String]| lines.iter().map(|line| line.chars().take(SCALE).collect()).collect::<Vec<String>>();
        assert_eq!((scale(&left), left.last()), (scale(&right), right.last()));
        let row = |chart: &Chart<'_>| chart.row(chart.trend.points[0].distance);
        assert!(row(&charts[0]) > row(&charts[1]), "the stiffer ankle stands lower");
    }

    #[test]
    fn the_latest_reading_stands_in_the_band_where_its_change_is_within_measuring_error_and_nowhere_else() {
        let words = Config::built_in().words;
        for (gap, is_within) in [(12, true), (30, true), (48, true), (11, false), (2, false), (49, false), (70, false)]
        {
            let mut trend = trend(&[(0, Reading::Gap(Length::from_mm(30))), (28, Reading::Gap(Length::from_mm(gap)))]);
            let change = reading::Change { by: Length::ZERO, at_least: false, verdict: reading::Verdict::More };
            trend.since_first = Some(progress::Since { point: trend.points[0], change });
            for height in 3..=20 {
                let chart = Chart::new(&trend, from_ref(&trend), &words, Unit::Cm, 46, height);
                let lines = chart.lines("x");
                let latest = &lines[1 + chart.place(trend.points[1].distance)];
                assert_eq!(latest.contains('░'), is_within, "{gap} mm, {height} rows: {lines:#?}");
            }
        }
    }

    #[test]
    fn what_falls_short_of_the_target_by_less_than_a_row_stands_below_its_line() {
        let words = Config::built_in().words;
        for (gap, is_below) in [(1, true), (0, false)] {
            let trend = trend(&[(0, Reading::Gap(Length::from_mm(60))), (28, Reading::Gap(Length::from_mm(gap)))]);
            let lines = Chart::new(&trend, from_ref(&trend), &words, Unit::Cm, 46, 8).lines("x");
            let row = |sign: &str| lines.iter().position(|line| line.contains(sign)).unwrap();
            let latest = row(if is_below { "●" } else { "▲" });
            assert_eq!(latest - row("╌"), usize::from(is_below), "{lines:#?}");
        }
    }

    #[test]
    fn a_chart_of_any_size_has_lines_of_one_width() {
        let one = trend(&[(0, Reading::Gap(Length::from_mm(200)))]);
        let words = Config::built_in().words;
        for (width, height) in [(0, 0), (1, 1), (14, 3), (40, 5), (500, 200)] {
            let lines = Chart::new(&one, from_ref(&one), &words, Unit::In, width, height).lines("x");
            let wide: Vec<usize> = lines.iter().map(|line| line.chars().count()).collect();
            assert!(wide.windows(2).all(|pair| pair[0] == pair[1]), "{width}x{height}: {wide:?}");
        }
    }
}
