//! What moves on the training screen, and when it changes.
//!
//! The figure moves in frames, and stands between the poses that a movement is shown in; numbers and bars change in steps
//! of their own. So the next change is known exactly, and nothing is drawn before it.

use ratatui::style::Style;

use crate::app::{App, Sitting};
use crate::cue::Cue;
use crate::protocol::Exercise;
use crate::protocol::figure::{Movement, Pose};
use crate::session::Run;
use crate::session::event::{Part, Stage};
use crate::text::fill;
use crate::view::figure::{Scene, colour};
use crate::view::{parts, theme};

/// The steps in which the last seconds of a phase are shown, in milliseconds.
const TENTH: u64 = 100;
/// The steps in which a longer time is shown, in milliseconds.
pub const SECOND: u64 = 1_000;
/// Tenths are shown when less than this is left, in milliseconds: before, they are only unrest.
pub const TENTHS_BELOW: u64 = 9_900;
/// The shortest time between two pictures of the moving figure, in milliseconds: twenty a second.
const FRAME: u64 = 50;

/// The time left in a phase, rounded up so that it reads 0.1 until it is over: the seconds, and in a hold the tenths.
pub fn time_text(app: &App, sitting: &Sitting, left: u64) -> (String, String) {
    match grain(app, sitting, left) {
        TENTH => {
            let tenths = left.div_ceil(TENTH);
            ((tenths / 10).to_string(), format!("{}{}", app.notation().decimal, tenths % 10))
        }
        _ => (left.div_ceil(SECOND).to_string(), String::new()),
    }
}

/// The steps in which time is shown while `left` is left, in milliseconds.
fn grain(app: &App, sitting: &Sitting, left: u64) -> u64 {
    if is_hold(sitting) && left <= TENTHS_BELOW && !app.remote { TENTH } else { SECOND }
}

/// Whether the phase under way is a hold: in a movement, tenths are only unrest.
fn is_hold(sitting: &Sitting) -> bool {
    let Run::Phase { index, .. } = *sitting.session.run() else { return false };
    sitting.session.exercise().and_then(|exercise| exercise.phase_at(index)).is_some_and(|phase| phase.hold)
}

/// How long a number that shows `left` stays as it is, in milliseconds.
fn until_time_changes(app: &App, sitting: &Sitting, left: u64) -> Option<u64> {
    let until = left.checked_sub(1)? % grain(app, sitting, left) + 1;
    Some(if is_hold(sitting) && left > TENTHS_BELOW { until.min(left - TENTHS_BELOW) } else { until })
}

/// A movement that is under way.
struct Moving<'a> {
    movement: Movement<'a>,
    /// How long it has been under way, in whole frames, in milliseconds.
    elapsed: u64,
    /// Milliseconds since the last frame.
    since: u64,
    /// How long it takes, in milliseconds.
    whole: u64,
    /// How many poses it is shown in, from one end to the other.
    steps: u16,
}

/// The fewest poses that a movement is shown in: the bar of the phase goes by them too.
const FEWEST: u16 = 8;
/// The most of them.
const MOST: u16 = 48;
/// How far the figure moves from one pose to the next, in points of its canvas.
const STRIDE: f64 = 1.0;
/// How many poses a movement is shown in where all of them go through a wire.
const THROUGH_A_WIRE: u16 = 2;

/// How many poses `movement` is shown in.
fn steps(app: &App, movement: Movement<'_>) -> u16 {
    if app.remote {
        return THROUGH_A_WIRE;
    }
    let way = Scene::farthest(movement.from, movement.to) * f64::from(app.figure);
    ((way / STRIDE).ceil() as u16).clamp(FEWEST, MOST)
}

impl Moving<'_> {
    fn part(&self) -> f64 {
        self.movement.part(self.elapsed, self.whole, self.steps)
    }

    /// Whether it leads from one pose to another, and not back.
    fn is_one_way(&self) -> bool {
        self.movement.from != self.movement.to && self.movement.to_and_fro.is_none()
    }

    /// How long the figure stands as it is, in milliseconds; `None` where it does not move any more.
    fn until_moved(&self) -> Option<u64> {
        if self.movement.from == self.movement.to {
            return None;
        }
        let now = self.part();
        // Past its end a movement stands still, so the last frame is the one at its end.
        let last = self.whole.div_ceil(FRAME) * FRAME;
        let mut frames = (self.elapsed + FRAME..=last).step_by(FRAME as usize);
        let next = frames.find(|elapsed| self.movement.part(*elapsed, self.whole, self.steps) != now)?;
        Some(next - self.elapsed - self.since)
    }
}

/// The movement of the phase that is under way, unless the figure is to step from pose to pose.
fn moving<'a>(app: &App, sitting: &'a Sitting) -> Option<Moving<'a>> {
    let Run::Phase { index, began, .. } = *sitting.session.run() else { return None };
    if app.config.settings.reduced_motion {
        return None;
    }
    let exercise = sitting.session.exercise()?;
    let movement = exercise.movement(index, is_again(sitting, exercise))?;
    let passed = sitting.time(app.now).since(began);
    let whole = exercise.phase_at(index)?.seconds.millis();
    let steps = steps(app, movement);
    Some(Moving { movement, elapsed: passed / FRAME * FRAME, since: passed % FRAME, whole, steps })
}

/// Whether the rep that is under way, or comes next, is not the first of its set.
fn is_again(sitting: &Sitting, exercise: &Exercise) -> bool {
    let session = &sitting.session;
    let reps = session.stage().map_or(0, |stage| session.record().reps(stage));
    reps > u16::from(session.run().counted_already(exercise))
}

/// The pose at this moment.
fn pose(app: &App, sitting: &Sitting) -> Option<Pose> {
    let exercise = sitting.session.exercise()?;
    let again = is_again(sitting, exercise);
    match (sitting.session.run(), moving(app, sitting)) {
        (_, Some(moving)) => Some(moving.movement.pose(moving.part())),
        (Run::Phase { index, .. }, None) => Some(*exercise.movement(*index, again)?.to),
        _ => exercise.pose_at_rest(again).copied(),
    }
}

/// The figure at this moment; none while the person rests.
pub fn scene(app: &App, sitting: &Sitting, stage: Stage, style: Style) -> Option<Scene> {
    if !matches!(stage.part, Part::Set | Part::ChangeOver) {
        return None;
    }
    let exercise = sitting.session.exercise()?;
    of_exercise(app, exercise, stage, pose(app, sitting)?, style)
}

/// The figure of `exercise` before its first rep.
pub fn at_rest(app: &App, exercise: &Exercise, stage: Stage) -> Option<Scene> {
    of_exercise(app, exercise, stage, *exercise.pose_at_rest(false)?, theme::phase(Cue::Forward))
}

/// The figure of `exercise` in `pose`, with all that is around it.
fn of_exercise(app: &App, exercise: &Exercise, stage: Stage, pose: Pose, style: Style) -> Option<Scene> {
    let figure = exercise.figure.as_ref()?;
    let scene = Scene::new(&pose, exercise.poses(), stage.side, colour(style));
    let scene = scene.props(figure.prop.values().copied()).band(figure.band);
    Some(match figure.heel_down {
        true => {
            let words = &app.config.words.train;
            let both = || words.heels_down.clone();
            let one = |_| fill(&words.heel_down, &[("side", parts::side_word(app, stage.side))]);
            scene.heel(vec![stage.side.map_or_else(both, one)])
        }
        false => scene,
    })
}

/// How much of what is going on is over: in the steps of a movement, or else of the number beside it.
pub fn progress(app: &App, sitting: &Sitting) -> f64 {
    let run = sitting.session.run();
    let way = moving(app, sitting).filter(|moving| moving.is_one_way() && !is_hold(sitting));
    match (run.left(sitting.time(app.now)), run.whole()) {
        (Some(left), Some(whole)) if way.is_none() => {
            let grain = grain(app, sitting, left);
            1.0 - (left.div_ceil(grain) * grain) as f64 / whole.max(1) as f64
        }
        _ => way.map_or(1.0, |moving| moving.part()),
    }
}

/// The moment at which the picture changes by itself, in milliseconds of the program's clock; `None` while it stands.
pub fn next_change(app: &App, sitting: &Sitting) -> Option<u64> {
    let run = sitting.session.run();
    let left = if let Run::Paused { .. } = run { None } else { run.left(sitting.time(app.now)) };
    let time = left.and_then(|left| until_time_changes(app, sitting, left));
    let figure = moving(app, sitting).and_then(|moving| moving.until_moved());
    Some(app.now + time.into_iter().chain(figure).min()?)
}
