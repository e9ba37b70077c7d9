//! Filled shapes on the finest points that a canvas has, with a narrow gap where one lies over another.

use ratatui::layout::Rect;
use ratatui::style::Color;
use ratatui::widgets::canvas::Painter;

use super::body::Point;

/// What a point belongs to; what is named later lies over what is named before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ink {
    /// The other leg, which is farther away: only every second point is drawn.
    Far,
    Thing,
    Body,
    /// The trained leg.
    Leg,
    Arm,
    Band,
}

/// The points of a canvas, and what each belongs to.
pub struct Raster {
    points: Vec<Option<Ink>>,
    columns: usize,
    rows: usize,
    /// The place of the first column and the top row.
    corner: Point,
    /// The distance from one point to the next.
    step: Point,
    /// Points to a cell, beside and above each other.
    cell: [usize; 2],
}

/// How wide the gap is around a shape that lies over another, in points.
const GAP: f64 = 1.3;

/// How far outside of a shape a point still belongs to it, in points: even the thinnest shape has some.
const EDGE: f64 = 0.3;

/// How a point lies to a shape.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Relation {
    Within,
    /// In the gap around it.
    Beside,
    Apart,
}

impl Raster {
    /// An empty one, over the whole canvas, which has the size of `area`.
    pub fn over(painter: &Painter<'_, '_>, area: Rect) -> Raster {
        let (&[left, right], &[bottom, top]) = painter.bounds();
        let (last_column, last_row) = painter.get_point(right, bottom).unwrap_or((0, 0));
        let (columns, rows) = (last_column + 1, last_row + 1);
        let step = Point::new((right - left) / last_column.max(1) as f64, (top - bottom) / last_row.max(1) as f64);
        let cell = [columns / usize::from(area.width.max(1)), rows / usize::from(area.height.max(1))];
        let cell = cell.map(|points| points.max(1));
        Raster { points: vec![None; columns * rows], columns, rows, corner: Point::new(left, top), step, cell }
    }

    /// A limb from `one` to `other`, as thick as twice the number behind each.
    pub fn limb(&mut self, one: Point, one_half: f64, other: Point, other_half: f64, ink: Ink) {
        let along = Point::new(other.x - one.x, other.y - one.y);
        let square = along.x * along.x + along.y * along.y;
        let widest = one_half.max(other_half);
        let [low, high] = [one.y.min(other.y) - widest, one.y.max(other.y) + widest];
        let reach = widest + self.reach();
        // At a height, only that part of the limb is near that is no farther above or below it than its width.
        let beside = |y: f64| {
            let part = |y: f64| ((y - one.y) / along.y).clamp(0.0, 1.0);
            let parts = if along.y == 0.0 { [0.0, 1.0] } else { [part(y - reach), part(y + reach)] };
            let [from, to] = parts.map(|part| one.x + along.x * part);
            [from.min(to) - reach, from.max(to) + reach]
        };
        let [edge, gap] = self.around();
        let per_square = if square > 0.0 { 1.0 / square } else { 0.0 };
        self.fill([low, high], ink, beside, |point| {
            let (x, y) = (point.x - one.x, point.y - one.y);
            let part = ((x * along.x + y * along.y) * per_square).clamp(0.0, 1.0);
            let (x, y) = (x - along.x * part, y - along.y * part);
            let half = one_half + (other_half - one_half) * part;
            // Squares are compared, so that no root is taken for each point.
            let far = x * x + y * y;
            if far <= (half + edge) * (half + edge) {
                Relation::Within
            } else if far < (half + gap) * (half + gap) {
                Relation::Beside
            } else {
                Relation::Apart
            }
        });
    }

    /// A block on the floor, twice `half` wide.
    pub fn block(&mut self, middle: f64, half: f64, height: f64, ink: Ink) {
        let reach = half + self.reach();
        let [edge, gap] = self.around();
        self.fill(
            [0.0, height],
            ink,
            |_| [middle - reach, middle + reach],
            |point| match ((point.x - middle).abs() - half).max(point.y - height) {
                far if far <= edge => Relation::Within,
                far if far < gap => Relation::Beside,
                _ => Relation::Apart,
            },
        );
    }

    /// Whether there are so many points that an arm can be told from the trunk behind it.
    pub fn is_fine(&self) -> bool {
        self.step.x.max(self.step.y) < 0.012
    }

    /// How far around a shape points may change.
    fn reach(&self) -> f64 {
        self.step.x.max(self.step.y) * (GAP + 1.0)
    }

    /// How far around a shape its edge and its gap reach.
    fn around(&self) -> [f64; 2] {
        [EDGE, GAP].map(|points| points * self.step.x.max(self.step.y))
    }

    /// Fills what is within a shape that reaches from one height to the other, and at each from one column to another
    /// (`beside`, the surroundings included).
    fn fill(
        &mut self,
        [low, high]: [f64; 2],
        ink: Ink,
        beside: impl Fn(f64) -> [f64; 2],
        relation: impl Fn(Point) -> Relation,
    ) {
        let reach = self.reach();
        let index = |offset: f64, step: f64, count: usize| ((offset / step).max(0.0) as usize).min(count);
        let rows = index(self.corner.y - high - reach, self.step.y, self.rows)
            ..index(self.corner.y - low + reach, self.step.y, self.rows).saturating_add(1).min(self.rows);
        for row in rows {
            let y = self.corner.y - row as f64 * self.step.y;
            let [left, right] = beside(y);
            let columns = index(left - self.corner.x, self.step.x, self.columns)
                ..index(right - self.corner.x, self.step.x, self.columns).saturating_add(1).min(self.columns);
            let on_floor = y > -self.step.y / 2.0;
            for column in columns {
                let place = Point::new(self.corner.x + column as f64 * self.step.x, y);
                let at = &mut self.points[row * self.columns + column];
                match relation(place) {
                    Relation::Within if on_floor => *at = Some(ink),
                    Relation::Within | Relation::Beside if at.is_some_and(|below| below != ink) => *at = None,
                    _ => {}
                }
            }
        }
    }

    /// Puts the points on the canvas. Where points of several colours share a cell that has one colour only, most of them
    /// decide on it.
    pub fn paint(&self, painter: &mut Painter<'_, '_>, colour: impl Fn(Ink) -> Color) {
        let [wide, tall] = self.cell;
        // A cell of one point, or of two, has a colour for each.
        let one_colour = wide * tall > 2;
        let mut points = Vec::with_capacity(wide * tall);
        for top in (0..self.rows).step_by(tall) {
            for left in (0..self.columns).step_by(wide) {
                points.clear();
                for row in top..(top + tall).min(self.rows) {
                    let start = row * self.columns;
                    let beside = &self.points[start + left..start + (left + wide).min(self.columns)];
                    for (column, ink) in beside.iter().enumerate().filter_map(|(at, ink)| Some((left + at, (*ink)?))) {
                        if ink != Ink::Far || (column + row).is_multiple_of(2) {
                            points.push((ink, column, row));
                        }
                    }
                }
                if points.is_empty() {
                    continue;
                }
                let has = |ink: Ink| points.iter().filter(|(other, ..)| *other == ink).count();
                let most = match points[..] {
                    _ if !one_colour => None,
                    [(first, ..), ..] if has(first) == points.len() => Some(first),
                    _ => points.iter().map(|(ink, ..)| *ink).max_by_key(|ink| (has(*ink), *ink)),
                };
                for (ink, column, row) in &points {
                    painter.paint(*column, *row, colour(most.unwrap_or(*ink)));
                }
            }
        }
    }
}
