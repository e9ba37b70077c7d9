//! The figure: a person seen from the side, with the band, the floor and what else stands around.

mod body;
mod drawn;
mod raster;
pub mod still;
#[cfg(test)]
mod tests;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use ratatui::text::Line;
use ratatui::widgets::Widget;
use ratatui::widgets::canvas::{Canvas, Painter, Shape as Drawn};

use super::theme;
use crate::protocol::Side;
use crate::protocol::figure::{Band, Joint, Pose, Prop, Shape};
use body::{Body, Foot, HEAD, Leg, Point};
use raster::{Ink, Raster};

/// Words at a place of the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Where they stand, in heights of the body; without a height, in the row below the floor.
    place: (f64, Option<f64>),
    /// The words and how they lie to it, the best wording first; where none fits they are left out.
    words: Vec<(String, Lies)>,
    style: Style,
}

/// How words lie to their place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lies {
    /// Across it, or as near to that as there is room.
    Across,
    /// On from it, the way that the person faces, and nowhere else.
    Before,
    /// Up to it, from where the person comes from, and nowhere else.
    Behind,
}

/// A person in a pose, and what is around.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    body: Body,
    /// The bodies of all poses that the person will take, so that the picture keeps its scale.
    bodies: Vec<Body>,
    props: Vec<Prop>,
    band: Option<Band>,
    marks: Vec<Mark>,
    mirrored: bool,
    leg: Color,
}

/// The wall's height; it reaches out of most pictures.
const WALL: f64 = 100.0;
/// The floor is the upper edge of its row.
const FLOOR: &str = "▔";
/// Free space around everything, in heights of the body.
const MARGIN: f64 = 0.035;
/// Columns that words may be beside their place and still point at it: a foot has more.
const NEAR: f64 = 2.0;
/// The anchor of a band: half the width and the height of a post, in heights of the body.
const POST: (f64, f64) = (0.018, 0.24);

impl Scene {
    /// A person in `pose`, who will take all of `poses`. The trained leg has the colour `leg`; where it is the left one,
    /// the person faces left.
    pub fn new<'p>(pose: &Pose, poses: impl IntoIterator<Item = &'p Pose>, side: Option<Side>, leg: Color) -> Scene {
        let body = Body::of(pose);
        let bodies = poses.into_iter().map(Body::of).chain([body]).collect();
        let mirrored = side == Some(Side::Left);
        Scene { body, bodies, props: Vec::new(), band: None, marks: Vec::new(), mirrored, leg }
    }

    /// With these things around the person.
    pub fn props(mut self, props: impl IntoIterator<Item = Prop>) -> Scene {
        self.props.extend(props);
        self
    }

    /// With a band round the trained ankle or foot.
    pub fn band(mut self, band: Option<Band>) -> Scene {
        self.band = band;
        self
    }

    /// With a mark where the heel of the trained foot stays, and the words that say so.
    pub fn heel(mut self, words: Vec<String>) -> Scene {
        let sign = theme::HERE;
        // The sign is at the end where the heel is; words without it are true anywhere.
        let told = |words: String| {
            let (ends, begins) = (format!("{words} {sign}"), format!("{sign} {words}"));
            let (behind, before) = if self.mirrored { (begins, ends) } else { (ends, begins) };
            [(behind, Lies::Behind), (before, Lies::Before), (words, Lies::Across)]
        };
        let words = words.into_iter().flat_map(told).chain([(sign.to_string(), Lies::Behind)]).collect();
        let place = (self.body.front.foot.heel.x, None);
        self.marks.push(Mark { place, words, style: theme::STRONG });
        self
    }

    /// With a wall that stands `distance` body heights before the toes, with `words` below for that distance, and the
    /// words for the gap that the knee leaves, if any.
    pub fn wall(mut self, distance: f64, words: String, gap: Option<String>) -> Scene {
        let toes = self.body.front.foot.toes.x;
        let at = toes + distance;
        self.props.push(Prop { shape: Shape::Wall, at: at * 100.0, height: WALL, width: 4.0 });
        let middle = (toes + distance / 2.0, None);
        self.marks.push(Mark { place: middle, words: vec![(words, Lies::Across)], style: theme::STRONG });
        if let Some(gap) = gap {
            // Above the gap, where there is nothing else between the wall and the trunk.
            let place = (at - MARGIN, Some(self.body.front.knee.y + 2.0 * HIP));
            self.marks.push(Mark { place, words: vec![(gap, Lies::Behind)], style: theme::ACCENT });
        }
        self
    }

    /// How far the point moves that moves farthest from one pose to another, in heights of the body.
    pub fn farthest(from: &Pose, to: &Pose) -> f64 {
        let (from, to) = (Body::of(from).points(), Body::of(to).points());
        let moved = from.iter().zip(to).map(|(from, to)| (to.x - from.x).hypot(to.y - from.y));
        moved.fold(0.0, f64::max)
    }

    /// How many points of the canvas the body is high, drawn in `area`.
    pub fn points_high(&self, area: Rect) -> u16 {
        let ground = Rect { height: area.height.saturating_sub(1), ..area };
        if ground.is_empty() {
            return 0;
        }
        // Two points to a column, and twice as many to a row, which is as high as two columns are wide.
        (2.0 / self.scale(ground)) as u16
    }

    /// Heights of the body to a column, where all that is above the floor is as large as there is room for in `ground`.
    fn scale(&self, ground: Rect) -> f64 {
        let ([left, right], top) = self.extent();
        ((right - left) / f64::from(ground.width)).max(top / (f64::from(ground.height) * 2.0))
    }

    /// From where to where `ground` reaches, in heights of the body: the picture is in its middle.
    fn across(&self, ground: Rect) -> [f64; 2] {
        let ([left, right], _) = self.extent();
        let (middle, half) = (self.x((left + right) / 2.0), f64::from(ground.width) * self.scale(ground) / 2.0);
        [middle - half, middle + half]
    }

    /// Draws the person and what is around on `ground`.
    fn paint(&self, ground: Rect, buffer: &mut Buffer) {
        let top = f64::from(ground.height) * 2.0 * self.scale(ground);
        let canvas = Canvas::default().marker(theme::marker()).x_bounds(self.across(ground)).y_bounds([0.0, top]);
        canvas.paint(|context| context.draw(&Drawing(self, ground))).render(ground, buffer);
    }

    /// How far the knee of `pose` is before the ball of the foot, in heights of the body.
    pub fn knee_of(pose: &Pose) -> f64 {
        Body::of(pose).front.knee.x + KNEE
    }

    /// How far the toes of `pose` are before the ball of the foot, in heights of the body.
    pub fn toes_of(pose: &Pose) -> f64 {
        Body::of(pose).front.foot.toes.x
    }

    /// The width of the whole picture for its height, in the units of the screen: two columns are as wide as a row is high.
    pub fn columns_for(&self, rows: u16) -> u16 {
        let ([left, right], top) = self.extent();
        let rows = rows.saturating_sub(1).max(1);
        ((right - left) / top * f64::from(rows) * 2.0).ceil().min(f64::from(u16::MAX)) as u16
    }

    /// The height of the whole picture for its width, with the floor, in the units of the screen.
    pub fn rows_for(&self, columns: u16) -> u16 {
        let ([left, right], top) = self.extent();
        (top / (right - left) * f64::from(columns) / 2.0).ceil().min(f64::from(u16::MAX - 1)) as u16 + 1
    }

    /// From where to where the picture reaches, and how high, in heights of the body, before it is mirrored.
    fn extent(&self) -> ([f64; 2], f64) {
        let points = self.bodies.iter().flat_map(Body::points);
        // A weight reaches no farther than the limbs that carry it.
        let standing = self.props.iter().filter(|prop| matches!(prop.shape, Shape::Box | Shape::Roll));
        let props = standing.flat_map(|prop| {
            let (at, half) = (prop.at / 100.0, prop.width.max(prop.height) / 200.0);
            [-half, half].map(|beside| Point::new(at + beside, prop.height / 100.0))
        });
        let walls = self.props.iter().filter(|prop| prop.shape == Shape::Wall);
        let walls = walls.map(|prop| Point::new((prop.at + prop.width) / 100.0, 0.0));
        let anchor = self.anchor().map(|anchor| Point::new(anchor.x, POST.1));
        let all = points.chain(props).chain(walls).chain(anchor);
        let start = ([f64::MAX, f64::MIN], 0.0_f64);
        let ([left, right], top) =
            all.fold(start, |([left, right], top), point| ([left.min(point.x), right.max(point.x)], top.max(point.y)));
        ([left - MARGIN, right + MARGIN], top + MARGIN)
    }

    /// Where the band is tied, if it is: at the height at which it lies round the first body.
    fn anchor(&self) -> Option<Point> {
        let band = self.band?;
        let leg = &self.bodies.first()?.front;
        let joint = match band.at {
            Joint::Ankle => leg.ankle,
            Joint::Ball => leg.foot.ball,
        };
        Some(Point::new(joint.x + band.anchor? / 100.0, joint.y))
    }

    fn x(&self, x: f64) -> f64 {
        if self.mirrored { -x } else { x }
    }

    fn at(&self, point: Point) -> Point {
        Point::new(self.x(point.x), point.y)
    }
}

// Half the thickness of the parts, in heights of the body: enough to be read from three metres.
const HIP: f64 = 0.052;
const CHEST: f64 = 0.060;
const KNEE: f64 = 0.038;
const ANKLE_WIDTH: f64 = 0.027;
const SOLE: f64 = 0.015;
const ARM: f64 = 0.026;
const BAND: f64 = 0.011;
/// The middle of the band above the ankle joint: as low as it can be without hiding the foot.
const LEVEL: f64 = 0.028;
/// What the other leg has of the trained one's thickness.
const FAR: f64 = 0.8;

/// A scene on a canvas of so many columns and rows.
struct Drawing<'a>(&'a Scene, Rect);

impl Drawn for Drawing<'_> {
    fn draw(&self, painter: &mut Painter<'_, '_>) {
        let mut raster = Raster::over(painter, self.1);
        self.0.draw(&mut raster);
        raster.paint(painter, |ink| match ink {
            Ink::Far => theme::FAINT,
            Ink::Thing | Ink::Body | Ink::Arm => Color::Reset,
            Ink::Leg => self.0.leg,
            Ink::Band => theme::BAND,
        });
    }
}

impl Scene {
    fn draw(&self, raster: &mut Raster) {
        self.leg(raster, &self.body.back, FAR, Ink::Far);
        for prop in self.props.iter().filter(|prop| prop.shape != Shape::Weight) {
            self.prop(raster, prop);
        }
        if let Some(Point { x, .. }) = self.anchor() {
            let (half, height) = POST;
            raster.block(self.x(x), half, height, Ink::Thing);
            raster.block(self.x(x), half * 3.0, half, Ink::Thing);
        }
        let Body { hip, shoulder, head, elbow, hand, .. } = self.body;
        raster.limb(self.at(hip), HIP, self.at(shoulder), CHEST, Ink::Body);
        raster.limb(self.at(shoulder), ARM, self.at(head), ARM, Ink::Body);
        raster.limb(self.at(head), HEAD / 2.0, self.at(head), HEAD / 2.0, Ink::Body);
        self.leg(raster, &self.body.front, 1.0, Ink::Leg);
        // Where there are few points, a gap around the arm would cut the trunk into stripes.
        let arm = if raster.is_fine() { Ink::Arm } else { Ink::Body };
        raster.limb(self.at(shoulder), ARM, self.at(elbow), ARM, arm);
        raster.limb(self.at(elbow), ARM, self.at(hand), ARM * 0.8, Ink::Arm);
        for weight in self.props.iter().filter(|prop| prop.shape == Shape::Weight) {
            self.prop(raster, weight);
        }
        self.draw_band(raster);
    }

    fn leg(&self, raster: &mut Raster, leg: &Leg, thick: f64, ink: Ink) {
        let Leg { knee, ankle, foot } = *leg;
        let Foot { heel, ball, toes } = foot;
        // The points of a foot are on its sole.
        let above = |point: Point| self.at(Point::new(point.x, point.y + SOLE));
        raster.limb(self.at(self.body.hip), HIP * thick, self.at(knee), KNEE * thick, ink);
        raster.limb(self.at(knee), KNEE * thick, self.at(ankle), ANKLE_WIDTH * thick, ink);
        raster.limb(self.at(ankle), ANKLE_WIDTH * thick, above(heel), SOLE, ink);
        raster.limb(self.at(ankle), ANKLE_WIDTH * thick, above(ball), SOLE, ink);
        raster.limb(above(heel), SOLE, above(ball), SOLE, ink);
        raster.limb(above(ball), SOLE, above(toes), SOLE, ink);
    }

    fn draw_band(&self, raster: &mut Raster) {
        let Some(band) = self.band else { return };
        match (band.at, self.anchor()) {
            (Joint::Ankle, Some(anchor)) => self.band_round_ankle(raster, anchor),
            (Joint::Ankle, None) => self.strand(raster, self.body.front.ankle, self.body.hand),
            (Joint::Ball, anchor) => self.band_round_ball(raster, anchor),
        }
    }

    /// The band, pulling level from its anchor to the far side of the ankle.
    fn band_round_ankle(&self, raster: &mut Raster, anchor: Point) {
        let ankle = self.body.front.ankle;
        let far_side = if anchor.x < ankle.x { 1.0 } else { -1.0 };
        // The leg leans, so that its edge is elsewhere above and below.
        let round = Point::new(ankle.x + far_side * (ANKLE_WIDTH + BAND), ankle.y + LEVEL);
        let lean = (self.body.front.knee.x - ankle.x) / (self.body.front.knee.y - ankle.y).max(0.01);
        let end = |up: f64| Point::new(round.x + up * lean, round.y + up);
        self.strand(raster, end(-2.0 * BAND), end(2.0 * BAND));
        let tied = Point::new(anchor.x, ankle.y + LEVEL);
        self.strand(raster, round, tied);
        self.knot(raster, tied);
    }

    /// The band round the ball of the foot: over its top to an anchor, or under its sole to the hands.
    fn band_round_ball(&self, raster: &mut Raster, anchor: Option<Point>) {
        let Foot { heel, ball, .. } = self.body.front.foot;
        let degrees = (ball.y - heel.y).atan2(ball.x - heel.x).to_degrees();
        let (sole, top) = (ball.beside(0.0, -BAND, degrees), ball.beside(0.0, 2.0 * SOLE + BAND, degrees));
        self.strand(raster, sole, top);
        match anchor {
            Some(anchor) => {
                self.strand(raster, sole, anchor);
                self.knot(raster, anchor);
            }
            None => self.strand(raster, top, self.body.hand),
        }
    }

    fn strand(&self, raster: &mut Raster, from: Point, to: Point) {
        raster.limb(self.at(from), BAND, self.at(to), BAND, Ink::Band);
    }

    /// The knot round the post.
    fn knot(&self, raster: &mut Raster, tied: Point) {
        let end = |up: f64| self.at(Point::new(tied.x, tied.y + up));
        raster.limb(end(-BAND), POST.0 + BAND, end(BAND), POST.0 + BAND, Ink::Band);
    }

    fn prop(&self, raster: &mut Raster, prop: &Prop) {
        let (at, height, half) = (prop.at / 100.0, prop.height / 100.0, prop.width.max(1.0) / 200.0);
        match prop.shape {
            Shape::Wall => raster.block(self.x(at + half), half, height, Ink::Thing),
            Shape::Box => raster.block(self.x(at), half, height, Ink::Thing),
            Shape::Roll => {
                let middle = self.at(Point::new(at, height / 2.0));
                raster.limb(middle, height / 2.0, middle, height / 2.0, Ink::Thing);
            }
            Shape::Weight => {
                let hand = self.body.hand;
                let rise = (height / 2.0 - half).max(0.0);
                let end = |up: f64| self.at(Point::new(hand.x + at, hand.y + up));
                raster.limb(end(-rise), half, end(rise), half, Ink::Thing);
            }
        }
    }
}

impl Widget for &Scene {
    /// The person as large as there is room for, on a floor in the last row, which has words on it too.
    fn render(self, area: Rect, buffer: &mut Buffer) {
        if area.height < 2 || area.width == 0 {
            return;
        }
        let area = area.intersection(buffer.area);
        let ground = Rect { height: area.height.saturating_sub(1), ..area };
        if ground.is_empty() {
            return;
        }
        let (scale, [left, _]) = (self.scale(ground), self.across(ground));
        drawn::render(self, ground, buffer, |buffer| self.paint(ground, buffer));
        let floor = Rect { y: ground.bottom(), height: 1, ..ground };
        Line::styled(FLOOR.repeat(usize::from(floor.width)), Style::new().fg(theme::FAINT)).render(floor, buffer);
        let mut taken = Rect { width: 0, y: ground.bottom(), height: 1, ..ground };
        for mark in &self.marks {
            let (x, y) = mark.place;
            let column = (self.x(x) - left) / scale;
            let row = match y {
                Some(y) => ground.bottom().saturating_sub(1).saturating_sub((y / (scale * 2.0)) as u16),
                None => ground.bottom(),
            };
            let place = mark.words.iter().find_map(|(words, lies)| {
                let line = Line::raw(words.as_str());
                let width = line.width() as u16;
                let left = match (lies, self.mirrored) {
                    (Lies::Across, _) => column - f64::from(width) / 2.0,
                    (Lies::Before, false) | (Lies::Behind, true) => column,
                    (Lies::Before, true) | (Lies::Behind, false) => column - f64::from(width) + 1.0,
                };
                let (wanted, last) = (left.floor(), f64::from(area.width.saturating_sub(width)));
                let left = wanted.clamp(0.0, last);
                let fits = width <= area.width && (*lies == Lies::Across || (left - wanted).abs() <= NEAR);
                let place = Rect { x: area.x + left as u16, y: row, width, height: 1 };
                let free =
                    place.y != taken.y || taken.is_empty() || (place.x > taken.right() || place.right() < taken.x);
                (fits && area.contains((place.x, place.y).into()) && free).then_some((place, line))
            });
            let Some((place, line)) = place else { continue };
            if row == taken.y {
                taken = if taken.is_empty() { place } else { taken.union(place) };
            }
            buffer.set_style(place, Style::reset());
            line.style(mark.style).render(place, buffer);
        }
    }
}

/// The colour of a style, for those who draw with points.
pub fn colour(style: Style) -> Color {
    style.fg.unwrap_or_default()
}
