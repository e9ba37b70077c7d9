//! A session with the person in front of it: what they are entering, and what a key means there.

use super::Seen;
use super::cursor::TURN;
use super::draft::{Draft, Entry};
use super::shown::Shown;
use crate::keymap::{Action, Context};
use crate::protocol::quantity::Unit;
use crate::protocol::{Place, Work};
use crate::session::event::{Answer, Choices, Ending, Part, Stage};
use crate::session::time::SessionTime;
use crate::session::{Input, Run, Session};

/// A session with what the person is just entering.
#[derive(Clone, Debug)]
pub struct Sitting {
    /// The session.
    pub session: Session,
    /// What is entered or chosen, but not said yet; it stays as it is over a pause.
    pub draft: Draft,
    /// The line that is chosen in a menu over the session, or the first one that is shown of an advice.
    pub menu: usize,
    /// The person's note on it, as far as it was written just now.
    pub note: String,
    shown: Shown,
    /// The moment of the program's clock that is the session's beginning, in milliseconds; negative for a session that
    /// began before the program did.
    origin: i64,
    saw: Option<Saw>,
    /// What it came to then was in no picture yet.
    pub(super) is_new: bool,
}

/// What a session was at when it was last looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Saw {
    stage: Option<Stage>,
    run: std::mem::Discriminant<Run>,
    advice: bool,
}

/// How many options the key that reads on goes down.
const READ_ON: usize = 2;

impl Sitting {
    /// A person who sits down to `session`, whose beginning is the moment `origin` of the program's clock.
    pub(crate) fn new(session: Session, origin: i64) -> Sitting {
        let draft = Draft::new(&session);
        let mut sitting = Sitting {
            session,
            draft,
            menu: 0,
            note: String::new(),
            shown: Shown::default(),
            origin,
            saw: None,
            is_new: true,
        };
        sitting.look();
        sitting
    }

    /// Begins a new draft: what could be entered has changed.
    pub(super) fn begin_draft(&mut self) {
        self.draft = Draft::new(&self.session);
        self.shown.begin_text();
    }

    /// Begins a new draft with what was chosen in the one before, which began with what was `planned`.
    pub(super) fn begin_draft_after(&mut self, planned: &Choices) {
        let chosen = std::mem::take(&mut self.draft.choices);
        self.begin_draft();
        self.draft.keep(planned, chosen, &self.session);
    }

    /// The session's time at `now` of the program's clock.
    pub fn time(&self, now: u64) -> SessionTime {
        SessionTime::from_millis((now as i64).saturating_sub(self.origin).max(0) as u64)
    }

    pub(super) fn clock(&self, time: SessionTime) -> u64 {
        (time.millis() as i64).saturating_add(self.origin).max(0) as u64
    }

    /// Whether time passes: a countdown, or a rep.
    pub fn is_moving(&self) -> bool {
        matches!(self.session.run(), Run::Countdown { .. } | Run::Lead { .. } | Run::Phase { .. })
    }

    /// Where a key would be pressed now.
    pub fn context(&self) -> Context {
        let session = &self.session;
        let Some(stage) = session.stage() else {
            return if self.shown.goes_on() { Context::SummaryOn } else { Context::Summary };
        };
        if session.advice().is_some() {
            return Context::Advice;
        }
        match session.run() {
            Run::Paused { .. } => Context::Paused,
            Run::Hurt => Context::Hurt,
            Run::Countdown { .. } if stage.part == Part::Whole => Context::Rest,
            Run::Countdown { .. } => Context::Timer,
            Run::Lead { .. } => Context::Lead,
            Run::Phase { .. } if !session.program_leads() => Context::Counted,
            Run::Phase { .. } => {
                let low = session.exercise().map_or(0, |exercise| exercise.reps.low());
                if session.record().reps(stage) >= low { Context::PacedEnough } else { Context::Paced }
            }
            Run::Still => match (stage.part, &session.protocol().steps[stage.step].work) {
                (_, work) if self.shown.has_more() && self.is_text(stage.part, work) => Context::ReadOn,
                (Part::Plan, _) => Context::Plan,
                (Part::Setup, _) => Context::SetUp,
                (_, Work::Measure { .. }) if self.draft.set_up => Context::Measure,
                (_, Work::Ask { question, .. }) if question.scale.is_some() => Context::Scale,
                (_, Work::Ask { .. }) if self.is_read() => Context::Ask,
                (_, Work::Ask { .. }) => Context::Unread,
                _ => Context::Read,
            },
        }
    }

    /// Whether the open question may be answered by the key that goes on: "none of them" can't be said of what was never
    /// on the screen.
    fn is_read(&self) -> bool {
        !self.stops() || self.shown.is_read()
    }

    /// Whether the plan is open.
    pub fn is_at_plan(&self) -> bool {
        self.session.stage().is_some_and(|stage| stage.part == Part::Plan)
    }

    /// Whether the plan is open, and advises against training today.
    pub fn is_warned(&self) -> bool {
        self.is_at_plan() && self.session.plan().remarks(Place::Plan).any(|(_, remark)| remark.urgent)
    }

    /// Whether a set is under way in which enough reps are done.
    pub fn has_enough(&self) -> bool {
        let session = &self.session;
        let low = session.exercise().map(|exercise| exercise.reps.low());
        let reps = session.stage().filter(|stage| stage.part == Part::Set).map(|stage| session.record().reps(stage));
        matches!((self.context(), reps, low), (Context::Counted | Context::PacedEnough, Some(reps), Some(low)) if reps >= low)
    }

    /// Whether what is open is read before it is gone on from, rather than answered.
    fn is_text(&self, part: Part, work: &Work) -> bool {
        match work {
            Work::Measure { .. } => !self.draft.set_up,
            Work::Ask { .. } => false,
            _ => matches!(part, Part::Plan | Part::Setup | Part::Whole),
        }
    }

    /// Takes in how much of what is open could be seen; a menu over it shows nothing of it.
    pub(super) fn saw(&mut self, seen: &Seen) {
        self.is_new = false;
        if *self.session.run() != Run::Still || self.session.advice().is_some() {
            return;
        }
        if self.shown.is_new_text() && self.is_at_plan() {
            // The findings and the advice come first, and then what can be changed.
            self.draft.top = (!seen.all || seen.above).then_some(0);
        }
        self.shown.saw(seen);
        if self.shown.is_at_once() && self.is_at_plan() {
            self.draft.stay_on_settings(&self.session);
        }
    }

    /// The first line that is shown of the text that is read.
    fn top(&mut self) -> &mut usize {
        match &mut self.draft.top {
            Some(top) => top,
            None => &mut self.draft.cursor,
        }
    }

    /// Goes some options further down, and from the end back to the first.
    fn read_on(&mut self, options: usize) {
        let is_at_end = self.shown.read_on();
        self.draft.cursor = if is_at_end { 0 } else { (self.draft.cursor + READ_ON).min(options.saturating_sub(1)) };
    }

    /// Whether an option of the open question ends the session.
    fn stops(&self) -> bool {
        self.session.question().is_some_and(|question| question.option.values().any(|option| option.stop.is_some()))
    }

    /// Takes in the last line that the text on the screen can be scrolled to.
    pub(super) fn scrolled(&mut self, end: usize) {
        match self.context() {
            Context::Advice | Context::Summary | Context::SummaryOn => {
                self.menu = self.menu.min(end);
                self.shown.scrolled(self.menu, end);
            }
            Context::Plan if self.draft.top.is_none() => {}
            Context::Read | Context::SetUp | Context::ReadOn | Context::Plan => *self.top() = (*self.top()).min(end),
            _ => {}
        }
    }

    fn is_test(&self) -> bool {
        self.session.stage().is_some_and(|stage| self.session.protocol().test(stage.step).is_some())
    }

    /// Whether the advice goes on below what is on the screen.
    pub(super) fn advice_goes_on(&self) -> bool {
        self.session.advice().is_some() && self.shown.goes_on()
    }

    /// Whether the open question can't be skipped.
    pub(super) fn must_answer(&self) -> bool {
        let step = self.session.stage().map(|stage| &self.session.protocol().steps[stage.step].work);
        matches!(step, Some(Work::Ask { required: true, .. }))
    }

    /// Begins a new draft when the session has moved on, and a new menu when what is going on has changed.
    pub(super) fn look(&mut self) {
        let now = Saw {
            stage: self.session.stage(),
            run: std::mem::discriminant(self.session.run()),
            advice: self.session.advice().is_some(),
        };
        let before = self.saw.replace(now);
        if before.map(|before| before.stage) != Some(now.stage) {
            self.draft = Draft::new(&self.session);
            let text = |saw: Saw| saw.stage.map(|stage| (stage.step, stage.part));
            self.shown.begin(before.and_then(text) == text(now));
        }
        if before != Some(now) {
            self.menu = 0;
            self.shown.begin_page();
            self.is_new = true;
        }
    }

    /// What the key says to the session, after it has changed the draft; `None` where it only did that.
    pub(super) fn input(&mut self, action: Action, unit: Unit) -> Option<Input> {
        match self.drafted(action, unit) {
            Entry::Said(input) => Some(input),
            Entry::Drafted => None,
            Entry::Ignored => match action {
                Action::Go | Action::Right => Some(Input::Go),
                Action::Back | Action::Left => Some(Input::Back),
                // Where no number is typed, the point is what remotes have for a black screen.
                Action::Pause | Action::Point => Some(Input::Pause),
                Action::Skip => Some(Input::Skip),
                Action::EndSet | Action::Down => Some(Input::EndSet),
                Action::Ouch => Some(Input::Ouch),
                _ => None,
            },
        }
    }

    fn drafted(&mut self, action: Action, unit: Unit) -> Entry<Input> {
        let session = &self.session;
        match self.context() {
            Context::Ask | Context::Unread => {
                let Some(question) = session.question() else { return Entry::Ignored };
                let ids: Vec<&String> = question.option.keys().collect();
                // What ends the session may be said as soon as it is known.
                let lets_train =
                    |digit: usize| question.option.get_index(digit).is_none_or(|(_, one)| one.stop.is_none());
                let goes_on = match action {
                    Action::Go | Action::Right => true,
                    Action::Digit(digit) => lets_train((usize::from(digit) + 9) % 10),
                    _ => false,
                };
                if !self.is_read() && goes_on {
                    self.read_on(ids.len());
                    return Entry::Drafted;
                }
                if matches!(action, Action::Up | Action::Down) {
                    self.shown.chose();
                }
                self.draft.choose(action, ids.len()).map(|index| Input::Answer(Answer::Option(ids[index].clone())))
            }
            Context::Scale => match session.question().and_then(|question| question.scale.as_ref()) {
                Some(scale) => self.draft.scale(action, scale).map(|number| Input::Answer(Answer::Scale(number))),
                None => Entry::Ignored,
            },
            Context::Measure => match session.stage().and_then(|stage| session.protocol().test(stage.step)) {
                Some(test) => self.draft.measure(action, test, unit).map(Input::Measure),
                None => Entry::Ignored,
            },
            Context::ReadOn => match action {
                Action::Go | Action::Right => {
                    *self.top() += TURN;
                    Entry::Drafted
                }
                action => Entry::stepped(self.top(), action, usize::MAX),
            },
            Context::Plan => {
                let entry = self.draft.plan(action, session).map(Input::Choose);
                if self.shown.is_at_once() {
                    self.draft.stay_on_settings(session);
                }
                entry
            }
            Context::Read if self.is_test() && matches!(action, Action::Go | Action::Right) => {
                self.draft.set_up = true;
                self.draft.cursor = Draft::first_line(&self.session);
                Entry::Drafted
            }
            Context::Read | Context::SetUp => self.draft.step(action, usize::MAX),
            Context::Advice => Entry::stepped(&mut self.menu, action, usize::MAX),
            _ => Entry::Ignored,
        }
    }

    /// Why the session ended, if it has.
    pub fn ending(&self) -> Option<Ending> {
        self.session.record().ending()
    }
}
