//! The training screen, read from three metres: which ankle, what now, how much longer, which rep.

use ratatui::Frame;
use ratatui::layout::{Alignment, Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::digits::Big;
use super::{parts, theme};
use crate::app::{App, Seen, Sitting};
use crate::protocol::{Exercise, Work};
use crate::session::event::{Part, Stage};
use crate::session::time::SessionTime;
use crate::session::{Run, Session};
use crate::text::fill;

/// The steps in which a phase is shown, in milliseconds.
pub const TENTH: u64 = 100;
/// The steps in which a countdown is shown, in milliseconds.
pub const SECOND: u64 = 1_000;

/// What the screen says, whatever is going on.
struct Picture {
    /// Ankle and round.
    place: String,
    /// The phase, in one word.
    phase: String,
    /// What to do, in a few words.
    tell: String,
    /// The number on the left, with what it counts.
    count: Option<(String, String)>,
    /// The time on the right, with its unit.
    time: Option<(String, String)>,
    /// What comes next, the fullest wording first.
    next: Vec<String>,
    /// How much of the phase is over.
    progress: f64,
    /// The colour of the phase.
    style: Style,
}

pub fn draw(app: &App, sitting: &Sitting, frame: &mut Frame<'_>) -> Seen {
    let Some(stage) = sitting.session.stage() else { return Seen::default() };
    let title = match sitting.session.exercise() {
        Some(exercise) => exercise.title.clone(),
        None => rest_title(&sitting.session, stage),
    };
    let body = parts::around(app, frame, &title);
    let picture = match sitting.session.run() {
        Run::Phase { index, .. } => in_rep(app, sitting, stage, *index),
        Run::Lead { .. } => before_rep(app, sitting, stage),
        _ => between(app, sitting, stage),
    };
    if let Some(picture) = picture {
        compose(&picture, frame, body);
    }
    Seen { all: true, ..Seen::default() }
}

/// Puts the picture together: the larger the screen, the larger the digits.
fn compose(picture: &Picture, frame: &mut Frame<'_>, body: Rect) {
    // Place, tell, captions and bar take a row each, what comes next one or two; the rest must be seen from afar.
    let room = body.height.saturating_sub(5);
    // The word gets a quarter of it, the digits the rest.
    let word_scale = Big::scale_for(&picture.phase, body.width, room / (Big::ROWS * 3)).min(room / 12);
    let word = Big::new(&picture.phase, word_scale, picture.style);
    let big_word = word_scale > 0;
    let word_rows = if big_word { word.height() + 1 } else { 0 };
    let longest = picture.next.first().map_or(0, |text| textwrap::wrap(text, usize::from(body.width.max(1))).len());
    let next_rows = if body.height >= 18 { longest.clamp(1, 2) as u16 } else { 1 };
    let [place, phase, tell, digits, captions, bar, next] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(word_rows),
        Constraint::Length(1),
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(next_rows),
    ])
    .areas(body);

    let mut headline = Line::default();
    if big_word {
        frame.render_widget(&word, Rect { y: phase.y + 1, height: word.height(), ..phase });
    } else {
        headline.push_span(Span::styled(format!("▶ {}  ", picture.phase), picture.style));
    }
    headline.push_span(Span::styled(picture.place.as_str(), theme::STRONG));
    frame.render_widget(headline, place);
    frame.render_widget(Line::styled(picture.tell.as_str(), theme::TEXT), tell);
    numbers(picture, frame, digits, captions, room.saturating_sub(word_rows));
    parts::thin_bar(frame, bar, picture.progress, picture.style);
    let wrapped = picture.next.iter().map(|text| textwrap::wrap(text, usize::from(next.width)));
    let fitting = wrapped.into_iter().find(|lines| lines.len() <= usize::from(next_rows));
    for (line, row) in fitting.unwrap_or_default().into_iter().zip(next.rows()) {
        frame.render_widget(Line::styled(line, theme::QUIET), row);
    }
}

/// The count on the left, the time on the right, each with its caption below.
fn numbers(picture: &Picture, frame: &mut Frame<'_>, digits: Rect, captions: Rect, rows: u16) {
    let halves = Layout::horizontal([Constraint::Percentage(50), Constraint::Percentage(50)]);
    let [mut left, mut right] = halves.areas::<2>(digits);
    let [mut left_caption, mut right_caption] = halves.areas::<2>(captions);
    // A number alone has the whole width to itself.
    if picture.count.is_none() {
        (right, right_caption) = (digits, captions);
    }
    if picture.time.is_none() {
        (left, left_caption) = (digits, captions);
    }
    let most = (rows / Big::ROWS).max(1);
    let scale = |text: &str, area: Rect| Big::scale_for(text, area.width, most);
    let sides =
        [(&picture.count, left, left_caption, theme::STRONG), (&picture.time, right, right_caption, picture.style)];
    for (number, area, caption, style) in sides {
        let Some((number, unit)) = number else { continue };
        let big = Big::new(number, scale(number, area), style);
        let centred = Rect { y: area.y + area.height.saturating_sub(big.height()) / 2, ..area };
        frame.render_widget(&big, centred.intersection(digits));
        frame.render_widget(Line::styled(unit.as_str(), theme::QUIET).alignment(Alignment::Left), caption);
    }
}

fn in_rep(app: &App, sitting: &Sitting, stage: Stage, index: usize) -> Option<Picture> {
    let session = &sitting.session;
    let words = &app.config.words;
    let exercise = session.exercise()?;
    let phase = exercise.phase_at(index)?;
    let now = sitting.time(app.now);
    let run = session.run();
    let left = run.left(now);
    let time = left.map(|left| (tenths(left), words.common.seconds.clone()));
    let waits = left.is_none();
    let after = match exercise.phase_at(index + 1) {
        Some(next) => next.name.clone(),
        None => after_rep(app, session, exercise, stage),
    };
    let next =
        if waits { parts::with_keys(app, &words.train.press_at_end) } else { format!("{} {after}", words.common.next) };
    let next = vec![next];
    Some(Picture {
        place: place(app, session, stage),
        phase: phase.name.clone(),
        tell: phase.tell.clone(),
        count: count(app, session, exercise, stage),
        time,
        next,
        progress: progress(run, now, TENTH),
        style: theme::phase(phase.cue),
    })
}

fn before_rep(app: &App, sitting: &Sitting, stage: Stage) -> Option<Picture> {
    let session = &sitting.session;
    let words = &app.config.words.train;
    let exercise = session.exercise()?;
    let now = sitting.time(app.now);
    let first = exercise.phase_at(0)?;
    let next = &app.config.words.common.next;
    Some(Picture {
        place: place(app, session, stage),
        phase: words.get_ready.clone(),
        // After pain nobody is told to go further.
        tell: match session.record().was_repositioned(stage.step, stage.side) {
            true => words.pain_free.clone(),
            false => exercise.tip.clone().unwrap_or_default(),
        },
        count: count(app, session, exercise, stage),
        time: session.run().left(now).map(|left| (whole_seconds(left), app.config.words.common.seconds.clone())),
        next: vec![format!("{next} {}: {}", first.name, first.tell), format!("{next} {}", first.name)],
        progress: progress(session.run(), now, SECOND),
        style: theme::BETWEEN,
    })
}

fn between(app: &App, sitting: &Sitting, stage: Stage) -> Option<Picture> {
    let session = &sitting.session;
    let words = &app.config.words.train;
    let now = sitting.time(app.now);
    let side = parts::side_word(app, stage.side);
    let (phase, tell) = match stage.part {
        Part::ChangeOver => {
            let tell = session.exercise().map(|exercise| fill(&exercise.change_over_tell, &[("side", side)]));
            (words.change_over.clone(), tell.unwrap_or_default())
        }
        Part::Rest => (words.rest.clone(), fill(&words.rest_then, &[("side", side)])),
        _ => (words.rest.clone(), String::new()),
    };
    let time = session.run().left(now).map(|left| (whole_seconds(left), app.config.words.common.seconds.clone()));
    Some(Picture {
        place: place(app, session, stage),
        phase,
        tell,
        count: None,
        time,
        next: vec![words.stop_rules.clone(), words.stop_short.clone()],
        progress: progress(session.run(), now, SECOND),
        style: theme::BETWEEN,
    })
}

/// The heading of a rest that is a step of its own.
fn rest_title(session: &Session, stage: Stage) -> String {
    match &session.protocol().steps[stage.step].work {
        Work::Rest { title, .. } => title.clone(),
        _ => String::new(),
    }
}

/// "LEFT ANKLE · round 1 of 2".
fn place(app: &App, session: &Session, stage: Stage) -> String {
    if stage.part == Part::Whole {
        return String::new();
    }
    let ankle = parts::ankle(app, stage.side).to_uppercase();
    let rounds = session.choices().rounds.get(&stage.step).copied().unwrap_or(0);
    if stage.round == 0 || rounds < 2 {
        return ankle;
    }
    let round = [("round", stage.round.to_string()), ("rounds", rounds.to_string())];
    format!("{ankle} · {}", fill(&app.config.words.train.round_of, &round))
}

/// The reps done, and what they are out of; nothing where one long rep is the whole set.
fn count(app: &App, session: &Session, exercise: &Exercise, stage: Stage) -> Option<(String, String)> {
    let words = &app.config.words.train;
    let reps = session.record().reps(stage);
    let (low, high) = (exercise.reps.low(), exercise.reps.high());
    if high == 1 {
        return None;
    }
    let values = [("range", exercise.reps.to_string()), ("reps", reps.to_string()), ("high", high.to_string())];
    let template = if reps >= high {
        &words.full
    } else if reps >= low {
        &words.enough
    } else {
        &words.reps_of
    };
    Some((reps.to_string(), fill(template, &values)))
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
    match stages.get(at).map(|next| next.part) {
        Some(Part::ChangeOver) => words.change_over.clone(),
        Some(Part::Rest) => words.rest.clone(),
        _ => words.set_over.clone(),
    }
}

/// How much is over, in steps of `grain`, so that the bar moves with the number beside it and not in between.
fn progress(run: &Run, now: SessionTime, grain: u64) -> f64 {
    let (Some(left), Some(whole)) = (run.left(now), run.whole()) else { return 0.0 };
    1.0 - (left.div_ceil(grain) * grain) as f64 / whole.max(1) as f64
}

/// Milliseconds as seconds with tenths, rounded up, so that it reads 0.1 until it is over.
fn tenths(millis: u64) -> String {
    let tenths = millis.div_ceil(100);
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn whole_seconds(millis: u64) -> String {
    millis.div_ceil(1_000).to_string()
}
