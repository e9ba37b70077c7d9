//! A session under way.
//!
//! [`Session`] is a state machine that is handed everything: inputs, and the time of each. It does no I/O and reads no
//! clock. Its contract with whoever drives it:
//!
//! 1. Call [`Session::step`] with each input, and with [`Input::Tick`] when [`Session::deadline`] is reached.
//! 2. Carry out the outputs in order. An [`Output::Record`] is made durable before anything that follows from it is shown.
//! 3. Being early is harmless: nothing happens. Being late by up to [`SLEPT`] produces the same events at their own,
//!    planned times; by more means that the machine slept, and the session pauses itself.
//!
//! All that is recorded is in the [`Record`], changed by [`Record::apply`] alone, so a session taken up again is the fold
//! of its events, paused at the start of the rep that was under way.

mod back;
pub mod check;
pub mod digest;
pub mod earlier;
pub mod event;
mod input;
mod pain;
pub mod plan;
pub mod reading;
pub mod record;
pub mod rehearsal;
mod run;
#[cfg(test)]
mod tests;
pub mod time;

use std::sync::Arc;

use crate::cue::Cue;
use crate::protocol::quantity::Seconds;
use crate::protocol::{Exercise, Protocol, Question, Side};
use earlier::Earlier;
use event::{Answer, Choices, Ending, Event, Fact, Pacing, Part, PauseReason, Reading, SetEnd, Stage};
use plan::Plan;
use record::Record;
use time::SessionTime;

pub use input::Input;
pub use run::Run;

/// How late a deadline may be met, in milliseconds, before the session takes it that the machine slept.
pub const SLEPT: u64 = 2_000;

/// What the session wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Make this fact durable.
    Record(Event),
    /// Sound this cue, of the ankle if it speaks of one; the time is the moment it belongs to.
    Cue(SessionTime, Cue, Option<Side>),
}

/// A session under way.
#[derive(Clone, Debug)]
pub struct Session {
    protocol: Arc<Protocol>,
    /// Whether the record knows of earlier answers that are not told as a fact yet.
    recalls: bool,
    record: Record,
    lead_in: Seconds,
    pacing: Pacing,
    stage: Option<Stage>,
    run: Run,
    outputs: Vec<Output>,
}

impl Session {
    /// A new session. `lead_in` is the countdown after a pause, `pacing` who leads unless the person chooses otherwise.
    pub fn begin(protocol: Arc<Protocol>, earlier: &Earlier, lead_in: Seconds, pacing: Pacing) -> Session {
        let earlier = earlier.asked_for_by(&protocol);
        let recalls = !earlier.is_empty();
        let mut session = Session { recalls, ..Session::of(protocol, Record::after(earlier), lead_in, pacing) };
        // A rest may come first, and its time passes from the beginning.
        session.run = session.stage.map_or(Run::Still, |first| session.start_of(first, SessionTime::ZERO));
        session
    }

    fn of(protocol: Arc<Protocol>, record: Record, lead_in: Seconds, pacing: Pacing) -> Session {
        let mut session = Session {
            protocol,
            recalls: false,
            record,
            lead_in,
            pacing,
            stage: None,
            run: Run::Still,
            outputs: Vec::new(),
        };
        session.stage = session.plan().current();
        session
    }

    /// The session that `events` belong to, taken up again: paused, at the start of the rep that was under way.
    pub fn resume(protocol: Arc<Protocol>, lead_in: Seconds, pacing: Pacing, events: &[Event]) -> Session {
        let mut session = Session::of(protocol, Record::of(events), lead_in, pacing);
        if session.record.hurting().is_some() {
            session.run = Run::Hurt;
        } else if session.record.ending().is_none() && session.stage.is_some_and(|stage| session.is_timed(stage)) {
            session.run = Run::Paused { why: PauseReason::Returned, left: session.timer() };
        }
        session
    }

    /// Whether something was trained, be it a part of a rep.
    pub fn was_trained(&self) -> bool {
        self.was_trained_before(self.protocol.steps.len())
    }

    /// Whether something was trained before this step.
    pub fn was_trained_before(&self, step: usize) -> bool {
        let mut sets = (0..step).flat_map(|step| self.record.sets(step));
        sets.any(|(stage, (reps, how))| reps > 0 || how != Some(SetEnd::Skipped) && self.record.was_started(stage))
    }

    /// Goes on with `protocol`, an edited form of the one that is trained, with this countdown after a pause, and, where
    /// the person has not chosen, with this one to lead; whether that can be: between two parts, and where it has the same
    /// steps and leads to the same one next. Its remarks may be others. An exercise of which a set is done stays as it was:
    /// what was asked for then is on record, and so is a session that is over.
    pub fn take_over(&mut self, protocol: Arc<Protocol>, lead_in: Seconds, pacing: Pacing) -> bool {
        let is_over = self.record.ending().is_some();
        if is_over || self.run != Run::Still || !check::has_the_steps_of(&protocol, &self.protocol) {
            return false;
        }
        let kept = self.with_what_was_trained(&protocol);
        if kept == *self.protocol && *protocol != kept {
            return false;
        }
        let protocol = Arc::new(kept);
        let edited = Plan { protocol: &protocol, record: &self.record };
        let stays = edited.current() == self.stage;
        if stays {
            self.protocol = protocol;
            (self.lead_in, self.pacing) = (lead_in, pacing);
        }
        stays
    }

    /// `edited`, with every exercise that has a set already as it was when that was trained.
    fn with_what_was_trained(&self, edited: &Protocol) -> Protocol {
        let mut kept = edited.clone();
        for stage in self.plan().stages().iter().filter(|stage| stage.part == Part::Set) {
            if self.record.closed(*stage).is_some() || self.record.reps(*stage) > 0 {
                kept.steps[stage.step] = self.protocol.steps[stage.step].clone();
            }
        }
        kept
    }

    /// Takes in what was put right in a session that is over.
    pub fn correct(&mut self, corrections: &[Event]) {
        corrections.iter().for_each(|correction| self.record.apply(correction));
    }

    /// What is trained.
    pub fn protocol(&self) -> &Arc<Protocol> {
        &self.protocol
    }

    /// What has happened.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// The protocol and the record together, which tell what the session consists of.
    pub fn plan(&self) -> Plan<'_> {
        Plan { protocol: &self.protocol, record: &self.record }
    }

    /// The part that the session is at; `None` when it is over.
    pub fn stage(&self) -> Option<Stage> {
        self.stage.filter(|_| self.record.ending().is_none())
    }

    /// What is going on in that part.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// Who leads through the reps.
    pub fn pacing(&self) -> Pacing {
        self.record.choices().map_or(self.pacing, |choices| choices.pacing)
    }

    /// Whether the program leads through the open exercise: because the person wants it, or because no phase of it
    /// waits for them.
    pub fn program_leads(&self) -> bool {
        let waits = self.exercise().is_some_and(|exercise| exercise.phase.values().any(|phase| phase.wait));
        self.pacing() == Pacing::Paced || !waits
    }

    /// What is chosen on the plan, or would be.
    pub fn choices(&self) -> Choices {
        let default = self.plan().default_choices(self.pacing);
        match self.record.choices() {
            Some(chosen) => {
                Choices { rounds: default.rounds.into_iter().chain(chosen.rounds.clone()).collect(), ..chosen.clone() }
            }
            None => default,
        }
    }

    /// The exercise that is open, if it is one.
    pub fn exercise(&self) -> Option<&Exercise> {
        self.protocol.exercise(self.stage()?.step)
    }

    /// The question that is open, if it is one.
    pub fn question(&self) -> Option<&Question> {
        self.protocol.question(self.stage()?.step)
    }

    /// The advice that an answer called for instead of exercise, until it is taken back or accepted.
    pub fn advice(&self) -> Option<&str> {
        self.plan().advice(self.stage()?)
    }

    /// The moment at which [`Input::Tick`] is due; `None` while nothing but a person can go on.
    pub fn deadline(&self) -> Option<SessionTime> {
        self.run.deadline()
    }

    /// The cues that will be due up to `end` if the person does nothing, so that they can be placed ahead of time.
    pub fn upcoming(&self, end: SessionTime) -> Vec<(SessionTime, Cue, Option<Side>)> {
        let mut cues = Vec::new();
        if self.deadline().is_none_or(|due| due > end) {
            return cues;
        }
        let mut ahead = self.clone();
        while let Some(due) = ahead.deadline().filter(|due| *due <= end) {
            cues.extend(ahead.step(due, Input::Tick).into_iter().filter_map(|output| match output {
                Output::Cue(at, cue, side) => Some((at, cue, side)),
                Output::Record(_) => None,
            }));
        }
        cues
    }

    /// Whether the open part can be skipped.
    pub fn can_skip(&self) -> bool {
        use crate::protocol::Work;
        let Some(stage) = self.stage() else { return false };
        let is_needed = stage.part == Part::Plan
            || matches!(self.protocol.steps[stage.step].work, Work::Ask { required: true, .. });
        !is_needed && self.advice().is_none() && self.run != Run::Hurt
    }

    /// Takes one input at time `now`, after everything that was due by then.
    pub fn step(&mut self, now: SessionTime, input: Input) -> Vec<Output> {
        self.tick(now);
        if self.record.ending().is_none() {
            match input {
                Input::Tick => {}
                Input::Slept => self.slept(now),
                Input::Go => self.go(now),
                Input::Back => self.back(now),
                Input::Pause => self.pause_or_resume(now),
                Input::Skip => self.skip(now),
                Input::EndSet => self.end_set_by_hand(now),
                Input::Ouch => self.ouch(now),
                Input::Relieve(relief) => self.relieve(now, relief),
                Input::Answer(answer) => self.answer(now, answer),
                Input::Measure(reading) => self.measure(now, reading),
                Input::Choose(choices) => self.choose(now, choices),
                // However it is left, what called for advice is on record.
                Input::End if self.advice().is_some() => self.end(now, Ending::Advised),
                Input::End => self.end(now, Ending::Early),
            }
            self.tick(now);
        }
        std::mem::take(&mut self.outputs)
    }

    // --- what the person says -------------------------------------------------------------------------------------

    fn go(&mut self, now: SessionTime) {
        if self.advice().is_some() {
            return self.end(now, Ending::Advised);
        }
        let Some(stage) = self.stage() else { return };
        match self.run {
            Run::Paused { .. } => self.resume_at(now),
            Run::Hurt => {}
            Run::Countdown { .. } => self.countdown_over(stage, now),
            Run::Lead { left, .. } => self.lead_over(stage, left, now),
            Run::Phase { .. } => self.go_in_set(stage, now),
            Run::Still => self.go_where_still(stage, now),
        }
    }

    fn go_where_still(&mut self, stage: Stage, now: SessionTime) {
        use crate::protocol::Work;
        match (stage.part, &self.protocol.steps[stage.step].work) {
            (Part::Plan, _) => {
                let choices = self.choices();
                self.choose(now, choices);
            }
            (Part::Setup, _) | (_, Work::Prepare { .. } | Work::Note { .. }) => {
                self.note(now, Fact::Done { stage });
                self.enter(now);
            }
            // A question or a test wants its own answer.
            _ => {}
        }
    }

    fn answer(&mut self, now: SessionTime, answer: Answer) {
        let Some(stage) = self.stage().filter(|_| self.is_open() && self.advice().is_none()) else { return };
        let Some(question) = self.protocol.question(stage.step) else { return };
        let known = match (&answer, &question.scale) {
            (Answer::Option(id), None) => question.option.contains_key(id),
            (Answer::Scale(number), Some(scale)) => (scale.low..=scale.high).contains(number),
            _ => false,
        };
        if known {
            self.note(now, Fact::Answered { stage, answer });
            self.enter(now);
        }
    }

    fn measure(&mut self, now: SessionTime, reading: Reading) {
        let Some(stage) = self.stage().filter(|_| self.is_open()) else { return };
        if self.protocol.test(stage.step).is_some() {
            self.note(now, Fact::Measured { stage, reading });
            self.enter(now);
        }
    }

    fn choose(&mut self, now: SessionTime, choices: Choices) {
        let Some(stage) = self.stage().filter(|stage| stage.part == Part::Plan && self.is_open()) else { return };
        self.note(now, Fact::Planned { stage, choices });
        self.enter(now);
    }

    fn skip(&mut self, now: SessionTime) {
        let Some(stage) = self.stage().filter(|_| self.can_skip()) else { return };
        self.resumed(now);
        match stage.part {
            Part::Set if self.is_full(stage) => self.end_set(stage, SetEnd::Full, now),
            // What was done of it is not skipped.
            Part::Set if self.record.reps(stage) > 0 => self.end_set(stage, self.end_by_hand(stage), now),
            Part::Set => self.end_set(stage, SetEnd::Skipped, now),
            _ => {
                if self.is_timed(stage) {
                    self.cue(now, Cue::RestOver);
                }
                self.note(now, Fact::StepSkipped { stage });
                self.enter(now);
            }
        }
    }

    fn end_set_by_hand(&mut self, now: SessionTime) {
        let Some(stage) = self.stage().filter(|stage| stage.part == Part::Set) else { return };
        if self.run != Run::Hurt {
            self.resumed(now);
            self.end_set(stage, self.end_by_hand(stage), now);
        }
    }

    /// How a set ends that the person ends now.
    fn end_by_hand(&self, stage: Stage) -> SetEnd {
        let low = self.protocol.exercise(stage.step).map_or(0, |exercise| exercise.reps.low());
        match self.record.reps(stage) {
            _ if self.is_full(stage) => SetEnd::Full,
            // In the countdown to its first rep nothing was trained yet.
            0 if !self.record.was_started(stage) => SetEnd::Skipped,
            reps if reps >= low => SetEnd::Enough,
            _ => SetEnd::Short,
        }
    }

    fn end(&mut self, now: SessionTime, ending: Ending) {
        if let Some(stage) = self.record.hurting().filter(|_| self.run == Run::Hurt) {
            return self.end_for_pain(stage, now);
        }
        if let Some(stage) =
            self.stage().filter(|stage| stage.part == Part::Set && self.record.closed(*stage).is_none())
        {
            self.note(now, Fact::SetEnded { stage, how: self.end_by_hand(stage) });
        }
        self.run = Run::Still;
        self.stage = None;
        self.note(now, Fact::Ended { ending });
    }

    // --- what is recorded, and where that leads --------------------------------------------------------------------

    fn note(&mut self, at: SessionTime, fact: Fact) {
        // A session in which nothing happens is none, so what it recalls comes with the first fact.
        if std::mem::take(&mut self.recalls) {
            let answers = self.record.earlier().clone();
            self.outputs.push(Output::Record(Event { at, fact: Fact::Recalled { answers } }));
        }
        let event = Event { at, fact };
        self.record.apply(&event);
        self.outputs.push(Output::Record(event));
    }

    fn cue(&mut self, at: SessionTime, cue: Cue) {
        let side = self.stage.and_then(|stage| stage.side);
        self.outputs.push(Output::Cue(at, cue, side));
    }

    /// Enters the first part that is not closed, or ends the session.
    fn enter(&mut self, at: SessionTime) {
        self.stage = self.plan().current();
        match self.stage {
            None => {
                self.cue(at, Cue::Finished);
                self.end(at, Ending::Finished);
            }
            Some(stage) if self.is_full(stage) => self.end_set(stage, SetEnd::Full, at),
            Some(stage) => self.run = self.start_of(stage, at),
        }
    }

    /// Whether `stage` is a set that has all its reps already, and only lacks its end.
    fn is_full(&self, stage: Stage) -> bool {
        let high = self.protocol.exercise(stage.step).map_or(u16::MAX, |exercise| exercise.reps.high());
        stage.part == Part::Set && self.record.reps(stage) >= high
    }

    /// Whether the open part waits for an answer.
    fn is_open(&self) -> bool {
        self.run == Run::Still
    }
}
