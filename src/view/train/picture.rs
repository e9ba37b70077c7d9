//! What the training screen says, whatever is going on.

use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::movement;
use crate::app::{App, Sitting};
use crate::protocol::Exercise;
use crate::session::event::{Part, Stage};
use crate::session::{Run, Session};
use crate::text::fill;
use crate::view::digits::Ink;
use crate::view::figure::Scene;
use crate::view::{parts, theme};

/// A number that is read from afar.
pub struct Number {
    /// The number itself.
    pub text: String,
    /// Its tenths, which are smaller.
    pub tenths: String,
    /// What it counts.
    pub caption: String,
    /// As wide as it gets while it has this place, its tenths apart.
    pub widest: String,
    /// Columns that the words for what it counts need, whatever they are.
    pub room: u16,
    /// It is as much as is wanted: the set may end.
    pub is_enough: bool,
}

/// What is on the screen.
pub struct Picture {
    /// Ankle and round.
    pub place: String,
    /// The same in fewer columns.
    pub place_in_brief: String,
    /// The ankle in one word.
    pub side: String,
    /// The phase, in one word.
    pub phase: String,
    /// The shape that stands for the phase.
    pub sign: char,
    /// What to do, in a few words.
    pub tell: String,
    /// The reps done.
    pub count: Option<Number>,
    /// The time left, or the sign of the phase.
    pub time: Option<Number>,
    /// What comes next, the fullest wording first.
    pub next: Vec<String>,
    /// Whether it is a pause between two sets.
    pub is_between: bool,
    /// How much of the phase is over.
    pub progress: f64,
    /// How much of the set is done, where it has reps.
    pub done: Option<f64>,
    /// The colour of the phase.
    pub style: Style,
    /// What its letters are drawn with.
    pub ink: Ink,
    /// The figure.
    pub scene: Option<Scene>,
}

impl Picture {
    /// The picture of what is going on.
    pub fn of(app: &App, sitting: &Sitting, stage: Stage) -> Option<Picture> {
        match sitting.session.run() {
            Run::Phase { index, .. } => in_rep(app, sitting, stage, *index),
            Run::Lead { .. } => before_rep(app, sitting, stage),
            _ => between(app, sitting, stage),
        }
    }

    /// What is worth a line where there is no more than one, the best wording first: between sets there is something to do
    /// before what comes next.
    pub fn afar(&self) -> Vec<&str> {
        let to_do = Some(&self.tell).filter(|tell| self.is_between && !tell.is_empty());
        // That the set may end is seen as well as heard.
        let enough = self.count.as_ref().filter(|count| count.is_enough).map(|count| &count.caption);
        to_do.into_iter().chain(enough).chain(&self.next).map(String::as_str).collect()
    }
}

fn in_rep(app: &App, sitting: &Sitting, stage: Stage, index: usize) -> Option<Picture> {
    let session = &sitting.session;
    let words = &app.config.words;
    let exercise = session.exercise()?;
    let phase = exercise.phase_at(index)?;
    let run = session.run();
    let sign = theme::sign(phase.cue);
    let left = run.left(sitting.time(app.now));
    let widest = widest(run.whole());
    let time = match left {
        Some(left) => {
            let (text, tenths) = movement::time_text(app, sitting, left);
            Number { text, tenths, caption: words.common.seconds.clone(), widest, room: 0, is_enough: false }
        }
        // The place stays as wide as it is in the phases that have a time.
        None => Number {
            text: sign.to_string(),
            tenths: String::new(),
            caption: String::new(),
            widest,
            room: 0,
            is_enough: false,
        },
    };
    let after = match exercise.phase_at(index + 1) {
        Some(next) => next.name.clone(),
        None => after_rep(app, session, exercise, stage),
    };
    let next = if left.is_none() {
        parts::with_keys(app, &words.train.press_at_end)
    } else {
        format!("{} {after}", words.common.next)
    };
    let style = theme::phase(phase.cue);
    let (place, place_in_brief) = places(app, session, stage);
    Some(Picture {
        place,
        place_in_brief,
        side: side(app, stage),
        phase: phase.name.clone(),
        sign,
        tell: phase.tell.clone(),
        count: count(app, session, exercise, stage),
        time: Some(time),
        next: vec![next],
        is_between: false,
        progress: movement::progress(app, sitting),
        done: done(session, exercise, stage),
        style,
        ink: Ink::of(app.look.is_ascii()),
        scene: movement::scene(app, sitting, stage, style),
    })
}

fn before_rep(app: &App, sitting: &Sitting, stage: Stage) -> Option<Picture> {
    let session = &sitting.session;
    let words = &app.config.words.train;
    let exercise = session.exercise()?;
    let first = exercise.phase_at(0)?;
    let next = &app.config.words.common.next;
    let (place, place_in_brief) = places(app, session, stage);
    Some(Picture {
        place,
        place_in_brief,
        side: side(app, stage),
        phase: words.get_ready.clone(),
        sign: theme::WAIT_SIGN,
        // After pain nobody is told to go further.
        tell: match session.record().was_repositioned(stage.step, stage.side) {
            true => words.pain_free.clone(),
            false => exercise.tip.clone().unwrap_or_default(),
        },
        count: count(app, session, exercise, stage),
        time: whole_time(app, sitting),
        next: vec![format!("{next} {} · {}", first.name, first.tell), format!("{next} {}", first.name)],
        is_between: false,
        progress: movement::progress(app, sitting),
        done: done(session, exercise, stage),
        style: theme::BETWEEN,
        ink: Ink::of(app.look.is_ascii()),
        scene: movement::scene(app, sitting, stage, theme::BETWEEN),
    })
}

fn between(app: &App, sitting: &Sitting, stage: Stage) -> Option<Picture> {
    let session = &sitting.session;
    let words = &app.config.words.train;
    let side_word = parts::side_word(app, stage.side);
    let change_over = || {
        let tell = session.exercise().map(|exercise| fill(&exercise.change_over_tell, &[("side", side_word)]));
        tell.unwrap_or_default()
    };
    let (phase, tell) = match stage.part {
        Part::ChangeOver => (words.change_over.clone(), change_over()),
        // The band is still round the other ankle.
        Part::Rest if session.changes_ankles(stage) && !change_over().is_empty() => (words.rest.clone(), change_over()),
        Part::Rest if stage.side.is_none() => (words.rest.clone(), words.rest_then_both.clone()),
        Part::Rest => (words.rest.clone(), fill(&words.rest_then, &[("side", side_word)])),
        _ => (words.rest.clone(), after_rest(app, session, stage)),
    };
    let (place, place_in_brief) = places(app, session, stage);
    Some(Picture {
        place,
        place_in_brief,
        side: side(app, stage),
        phase,
        sign: theme::WAIT_SIGN,
        tell,
        count: None,
        time: whole_time(app, sitting),
        next: vec![words.stop_rules.clone(), words.stop_short.clone()],
        is_between: true,
        progress: movement::progress(app, sitting),
        done: None,
        style: theme::BETWEEN,
        ink: Ink::of(app.look.is_ascii()),
        scene: movement::scene(app, sitting, stage, theme::BETWEEN),
    })
}

/// What follows a rest that is a step of its own.
fn after_rest(app: &App, session: &Session, stage: Stage) -> String {
    let following = session.plan().stages().into_iter().skip_while(|other| *other != stage).nth(1);
    let title = following.map(|next| session.protocol().steps[next.step].work.title());
    title.map(|title| format!("{} {title}", app.config.words.common.next)).unwrap_or_default()
}

/// The whole seconds that are left.
fn whole_time(app: &App, sitting: &Sitting) -> Option<Number> {
    let run = sitting.session.run();
    let left = run.left(sitting.time(app.now))?;
    let widest = widest(run.whole());
    let text = left.div_ceil(movement::SECOND).to_string();
    let caption = app.config.words.common.seconds.clone();
    Some(Number { text, tenths: String::new(), caption, widest, room: 0, is_enough: false })
}

/// As wide as a time gets that lasts `whole` milliseconds.
fn widest(whole: Option<u64>) -> String {
    "0".repeat(whole.map_or(0, |whole| whole.div_ceil(movement::SECOND)).to_string().len())
}

/// "LEFT ANKLE · round 1 of 2", and "LEFT ANKLE · 1/2".
fn places(app: &App, session: &Session, stage: Stage) -> (String, String) {
    if stage.part == Part::Whole {
        return Default::default();
    }
    let ankle = parts::ankle(app, stage.side).to_uppercase();
    let rounds = session.choices().rounds.get(&stage.step).copied().unwrap_or(0);
    if stage.round == 0 || rounds < 2 {
        return (ankle.clone(), ankle);
    }
    let round = [("round", stage.round.to_string()), ("rounds", rounds.to_string())];
    let brief = format!("{ankle} · {}/{rounds}", stage.round);
    (format!("{ankle} · {}", fill(&app.config.words.train.round_of, &round)), brief)
}

/// "left".
fn side(app: &App, stage: Stage) -> String {
    match stage.part {
        Part::Whole => String::new(),
        _ => parts::side_word(app, stage.side).to_owned(),
    }
}

/// The reps done, and what they are out of; nothing where one long rep is the whole set.
fn count(app: &App, session: &Session, exercise: &Exercise, stage: Stage) -> Option<Number> {
    let words = &app.config.words.train;
    let reps = session.record().reps(stage);
    let (low, high) = (exercise.reps.low(), exercise.reps.high());
    if high == 1 {
        return None;
    }
    let values = [("range", exercise.reps.to_string()), ("reps", reps.to_string()), ("high", high.to_string())];
    let captions = [&words.reps_of, &words.enough, &words.full].map(|template| fill(template, &values));
    let room = captions.iter().map(|caption| caption.width()).max().unwrap_or(0) as u16;
    let [below, enough, full] = captions;
    let caption = if reps >= high {
        full
    } else if reps >= low {
        enough
    } else {
        below
    };
    let widest = "0".repeat(high.to_string().len());
    Some(Number { text: reps.to_string(), tenths: String::new(), caption, widest, room, is_enough: reps >= low })
}

/// How much of the set is done; nothing where one long rep is the whole set.
fn done(session: &Session, exercise: &Exercise, stage: Stage) -> Option<f64> {
    let high = exercise.reps.high();
    (high > 1).then(|| f64::from(session.record().reps(stage)) / f64::from(high))
}

/// What follows the last phase of a rep.
fn after_rep(app: &App, session: &Session, exercise: &Exercise, stage: Stage) -> String {
    let words = &app.config.words.train;
    let reps = session.record().reps(stage);
    let counted = session.run().counted_already(exercise);
    if reps + u16::from(!counted) < exercise.reps.high() {
        return exercise.phase_at(0).map(|phase| phase.name.clone()).unwrap_or_default();
    }
    let stages = session.plan().stages();
    let at = stages.iter().position(|other| *other == stage).map_or(0, |at| at + 1);
    match stages.get(at) {
        Some(next) if next.part == Part::ChangeOver => words.change_over.clone(),
        Some(next) if next.part == Part::Rest => words.rest.clone(),
        Some(next) => session.protocol().steps[next.step].work.title().to_owned(),
        None => words.set_over.clone(),
    }
}
