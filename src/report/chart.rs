//! The report's charts: SVG that is read without colour.

use std::fmt::Display;

use jiff::civil::Date;
use plotters::coord::Shift;
use plotters::element::{Cross, DashedPathElement, EmptyElement, TriangleMarker};
use plotters::prelude::*;

use crate::config::words::Words;

/// A chart's width and height in pixels; the page scales it.
const WIDTH: u32 = 720;
const TEXT: (&str, u32) = ("sans-serif", 14);
const GREY: RGBColor = RGBColor(120, 120, 120);
const PALE: RGBColor = RGBColor(222, 222, 222);

/// Of more than this, marks are small and stand close enough to need no line.
const MANY: usize = 100;

/// A chart can't be drawn.
#[derive(Debug, thiserror::Error)]
#[error("a chart can't be drawn: {0}")]
pub struct NotDrawn(String);

fn failed(error: impl Display) -> NotDrawn {
    NotDrawn(error.to_string())
}

/// The shape of a mark, which tells what kind of reading it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A hollow circle.
    Circle,
    /// A filled square.
    Square,
    /// A triangle that points up.
    Triangle,
    /// A cross.
    Cross,
}

impl Mark {
    /// The mark as a character, for the key to the chart.
    pub fn sign(self) -> &'static str {
        match self {
            Mark::Circle => "○",
            Mark::Square => "■",
            Mark::Triangle => "▲",
            Mark::Cross => "×",
        }
    }

    /// Whether neighbours with this mark are joined by a line.
    fn is_joined(self) -> bool {
        matches!(self, Mark::Circle | Mark::Square)
    }
}

/// A value at a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Days since the chart's first day.
    pub day: f64,
    /// The value.
    pub value: f64,
    /// Its kind.
    pub mark: Mark,
}

/// The days that a chart shows.
#[derive(Clone, Copy, Debug)]
pub struct Days<'a> {
    /// The words, in which dates are told.
    pub words: &'a Words,
    /// The first.
    pub first: Date,
    /// How many.
    pub count: i32,
}

impl Days<'_> {
    fn range(self) -> std::ops::Range<f64> {
        -0.5..f64::from(self.count.max(7)) + 0.5
    }

    fn label(self, day: f64) -> String {
        let span = jiff::Span::new().try_days(day.round() as i64);
        let date = span.and_then(|span| self.first.checked_add(span));
        date.map(|date| self.words.date(date)).unwrap_or_default()
    }
}

/// Readings over time, with a target and the band that measuring error makes round the one that the latest is compared with.
#[derive(Clone, Debug)]
pub struct Readings<'a> {
    /// The days shown.
    pub days: Days<'a>,
    /// The readings, in order of time.
    pub points: &'a [Point],
    /// Where the target line is.
    pub target: f64,
    /// The band: its middle and half its height.
    pub band: Option<(f64, f64)>,
}

impl Readings<'_> {
    /// The chart as SVG.
    ///
    /// # Errors
    /// When there is no room for it.
    pub fn svg(&self) -> Result<String, NotDrawn> {
        let band = self.band.into_iter().flat_map(|(middle, half)| [middle - half, middle + half]);
        let values = || self.points.iter().map(|point| point.value).chain(band.clone()).chain([self.target]);
        let low = (values().fold(f64::INFINITY, f64::min) - 1.0).floor().max(0.0);
        let high = (values().fold(0.0, f64::max) + 1.0).ceil();
        drawn(260, |area| {
            let mut chart = builder(&area).build_cartesian_2d(self.days.range(), low..high).map_err(failed)?;
            let range = self.days.range();
            if let Some((middle, half)) = self.band {
                let corners = [(range.start, (middle - half).max(low)), (range.end, middle + half)];
                chart.draw_series([Rectangle::new(corners, PALE.filled())]).map_err(failed)?;
            }
            mesh(&mut chart, self.days, whole_numbers(high - low))?;
            let target = [(range.start, self.target), (range.end, self.target)];
            let dashes = DashedPathElement::new(target, 8, 5, BLACK.stroke_width(1));
            chart.draw_series([dashes]).map_err(failed)?;
            join(&mut chart, self.points)?;
            marks(&mut chart, self.points)
        })
    }
}

/// A number of sessions a week: the first day of each week and the number.
///
/// # Errors
/// When there is no room for the chart.
pub fn weeks(days: Days<'_>, weeks: &[(f64, u32)]) -> Result<String, NotDrawn> {
    let most = weeks.iter().map(|(_, count)| *count).max().unwrap_or(0).max(3);
    drawn(180, |area| {
        let top = f64::from(most) + 0.5;
        let mut chart = builder(&area).build_cartesian_2d(days.range(), 0.0..top).map_err(failed)?;
        mesh(&mut chart, days, whole_numbers(f64::from(most)))?;
        // A gap between hundreds of bars would be a pattern that means nothing.
        let gap = if weeks.len() > MANY { 0.0 } else { 0.5 };
        let bars = weeks.iter().map(|(day, count)| {
            Rectangle::new([(day + gap, 0.0), (day + 7.0 - gap, f64::from(*count))], GREY.filled())
        });
        chart.draw_series(bars).map_err(failed)?;
        Ok(())
    })
}

/// Numbers on a scale from `low` to `high`, before and after.
///
/// # Errors
/// When there is no room for the chart.
pub fn scale(days: Days<'_>, (low, high): (u8, u8), before: &[Point], after: &[Point]) -> Result<String, NotDrawn> {
    drawn(200, |area| {
        let range = f64::from(low) - 0.5..f64::from(high) + 0.5;
        let mut chart = builder(&area).build_cartesian_2d(days.range(), range).map_err(failed)?;
        mesh(&mut chart, days, whole_numbers(f64::from(high) - f64::from(low)))?;
        join(&mut chart, before)?;
        marks(&mut chart, before)?;
        marks(&mut chart, after)
    })
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Cartesian = Cartesian2d<plotters::coord::types::RangedCoordf64, plotters::coord::types::RangedCoordf64>;
type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian>;

/// What `draw` draws, as an SVG element of `height` that stands in a page.
fn drawn(height: u32, draw: impl FnOnce(Area<'_>) -> Result<(), NotDrawn>) -> Result<String, NotDrawn> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        draw(area.clone())?;
        area.present().map_err(failed)?;
    }
    // Inside a page an SVG needs no namespace, and the page names nothing outside itself.
    Ok(svg.replace(" xmlns=\"http://www.w3.org/2000/svg\"", ""))
}

fn builder<'a, 'b>(area: &'a Area<'b>) -> ChartBuilder<'a, 'b, SVGBackend<'b>> {
    let mut builder = ChartBuilder::on(area);
    builder.margin(6).margin_right(40).x_label_area_size(26).y_label_area_size(32);
    builder
}

/// How many labels an axis has at most that is so long: none between two whole numbers, since it would read as one of them.
fn whole_numbers(span: f64) -> usize {
    (span as usize + 1).min(8)
}

/// The axes: dates, and `labels` whole numbers.
fn mesh(chart: &mut Chart<'_, '_>, days: Days<'_>, labels: usize) -> Result<(), NotDrawn> {
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(PALE)
        .axis_style(GREY)
        .x_labels(6)
        .x_label_formatter(&|day| days.label(*day))
        .y_labels(labels)
        .y_label_formatter(&|value| format!("{value:.0}"))
        .label_style(TEXT)
        .draw()
        .map_err(failed)
}

/// Joins neighbours of the same kind; readings of different kinds are never joined.
fn join(chart: &mut Chart<'_, '_>, points: &[Point]) -> Result<(), NotDrawn> {
    if points.len() > MANY {
        return Ok(());
    }
    for run in points.chunk_by(|one, next| one.mark == next.mark && one.mark.is_joined()) {
        let path = run.iter().map(|point| (point.day, point.value));
        chart.draw_series(LineSeries::new(path, GREY)).map_err(failed)?;
    }
    Ok(())
}

fn marks(chart: &mut Chart<'_, '_>, points: &[Point]) -> Result<(), NotDrawn> {
    let size = if points.len() > MANY { 2 } else { 4 };
    for point in points {
        let at = (point.day, point.value);
        match point.mark {
            Mark::Circle => {
                let hollow = EmptyElement::at(at)
                    + Circle::new((0, 0), size, WHITE.filled())
                    + Circle::new((0, 0), size, BLACK.stroke_width(1));
                chart.draw_series([hollow]).map_err(failed)?;
            }
            Mark::Square => {
                let square = EmptyElement::at(at) + Rectangle::new([(-size, -size), (size, size)], BLACK.filled());
                chart.draw_series([square]).map_err(failed)?;
            }
            Mark::Triangle => {
                chart.draw_series([TriangleMarker::new(at, size + 1, BLACK.filled())]).map_err(failed)?;
            }
            Mark::Cross => {
                chart.draw_series([Cross::new(at, size, BLACK.stroke_width(1))]).map_err(failed)?;
            }
        }
    }
    Ok(())
}
