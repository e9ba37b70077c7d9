//! The part of a session that time moves: countdowns, and the phases of a rep.

use super::event::{Fact, Pacing, Part, PauseReason, SetEnd, Stage};
use super::time::SessionTime;
use super::{SLEPT, Session};
use crate::cue::Cue;
use crate::protocol::quantity::Seconds;
use crate::protocol::{Exercise, Phase, Work};

/// What is going on in the part that a session is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// Nothing moves; the person is asked for something.
    Still,
    /// A rest, or time to change over.
    Countdown {
        /// When it began, or would have begun had there been no pause.
        began: SessionTime,
        /// When it is over.
        ends: SessionTime,
    },
    /// The countdown before a rep.
    Lead {
        /// When it began.
        began: SessionTime,
        /// When the rep begins.
        ends: SessionTime,
        /// How many of the last seconds' pips are still to come.
        pips: u8,
        /// What is left of the hold that goes on then, in milliseconds; `None` where a rep begins.
        left: Option<u64>,
    },
    /// A phase of a rep.
    Phase {
        /// Index of the phase in its exercise.
        index: usize,
        /// When it began.
        began: SessionTime,
        /// When it ends; `None` while it waits for the person.
        ends: Option<SessionTime>,
    },
    /// Paused.
    Paused {
        /// Why.
        why: PauseReason,
        /// What is left of the countdown, or of the hold that is all of its set, in milliseconds.
        left: Option<u64>,
    },
    /// Stopped because of pain, until the person says what to do.
    Hurt,
}

/// For how long a key that takes back is about the rep before, once the next has begun by itself, in milliseconds.
const JUST_BEGUN: u64 = 1_000;

const PIPS: u8 = 3;
const PIP_MILLIS: u64 = 1_000;

impl Run {
    pub(super) fn deadline(&self) -> Option<SessionTime> {
        match *self {
            Run::Countdown { ends, .. } => Some(ends),
            Run::Lead { ends, pips, .. } => Some(ends.minus_millis(u64::from(pips) * PIP_MILLIS)),
            Run::Phase { ends, .. } => ends,
            Run::Still | Run::Paused { .. } | Run::Hurt => None,
        }
    }

    /// Whether the rep that is under way has counted: what is left of it is the way back.
    pub fn counted_already(&self, exercise: &Exercise) -> bool {
        matches!(self, Run::Phase { index, .. } if *index > exercise.counting_phase())
    }

    fn lead(at: SessionTime, seconds: Seconds) -> Run {
        let pips = (seconds.millis() / PIP_MILLIS).min(u64::from(PIPS)) as u8;
        Run::Lead { began: at, ends: at.after(seconds), pips, left: None }
    }

    /// The same countdown to what is left of a hold.
    fn going_on_with(self, rest: Option<u64>) -> Run {
        match self {
            Run::Lead { began, ends, pips, .. } => Run::Lead { began, ends, pips, left: rest },
            other => other,
        }
    }

    /// How long it takes in all, in milliseconds; `None` where nothing passes.
    pub fn whole(&self) -> Option<u64> {
        match *self {
            Run::Countdown { began, ends } | Run::Lead { began, ends, .. } => Some(ends.since(began)),
            Run::Phase { began, ends, .. } => ends.map(|ends| ends.since(began)),
            Run::Still | Run::Paused { .. } | Run::Hurt => None,
        }
    }

    /// How much of it is left at `now`, in milliseconds; `None` where nothing passes.
    pub fn left(&self, now: SessionTime) -> Option<u64> {
        match *self {
            Run::Countdown { ends, .. } | Run::Lead { ends, .. } => Some(ends.since(now)),
            Run::Phase { ends, .. } => ends.map(|ends| ends.since(now)),
            Run::Paused { left, .. } => left,
            Run::Still | Run::Hurt => None,
        }
    }
}

impl Session {
    /// Does everything that is due by `now`, each at its own time.
    pub(super) fn tick(&mut self, now: SessionTime) {
        while let (Some(due), None) = (self.run.deadline().filter(|due| *due <= now), self.record.ending()) {
            if now.since(due) > SLEPT {
                self.pause(due, PauseReason::Slept);
                self.cue(now, Cue::Warning);
                break;
            }
            self.fire(due);
        }
    }

    /// The machine slept: a set that waits for a key has no deadline that would have been missed.
    pub(super) fn slept(&mut self, now: SessionTime) {
        if let Run::Countdown { .. } | Run::Lead { .. } | Run::Phase { .. } = self.run {
            self.pause(now, PauseReason::Slept);
            self.cue(now, Cue::Warning);
        }
    }

    fn fire(&mut self, due: SessionTime) {
        let Some(stage) = self.stage() else { return };
        match self.run {
            Run::Countdown { .. } => self.countdown_over(stage, due),
            Run::Lead { began, ends, pips, left } if pips > 0 => {
                self.cue(due, Cue::Pip);
                self.run = Run::Lead { began, ends, pips: pips - 1, left };
            }
            Run::Lead { left, .. } => self.lead_over(stage, left, due),
            Run::Phase { index, .. } => self.phase_over(stage, index, due),
            Run::Still | Run::Paused { .. } | Run::Hurt => {}
        }
    }

    /// How the part begins when it is entered at `at`.
    pub(super) fn start_of(&self, stage: Stage, at: SessionTime) -> Run {
        if stage.part == Part::Set {
            return Run::lead(
                at,
                self.protocol.exercise(stage.step).map_or(self.lead_in, |exercise| exercise.get_ready),
            );
        }
        match self.duration(stage) {
            Some(seconds) => Run::Countdown { began: at, ends: at.after(seconds) },
            None => Run::Still,
        }
    }

    /// How long the part lasts, where time ends it.
    fn duration(&self, stage: Stage) -> Option<Seconds> {
        match (stage.part, &self.protocol.steps[stage.step].work) {
            (Part::ChangeOver, Work::Exercise { exercise, .. }) => Some(exercise.change_over),
            (Part::Rest, Work::Exercise { exercise, .. }) => Some(exercise.rest),
            (Part::Whole, Work::Rest { seconds, .. }) => Some(*seconds),
            _ => None,
        }
    }

    /// Whether the part is over by itself when its time is.
    pub fn ends_by_itself(&self, stage: Stage) -> bool {
        self.duration(stage).is_some()
    }

    /// Whether time passes in this part, so that it can be paused in the middle.
    pub(super) fn is_timed(&self, stage: Stage) -> bool {
        stage.part == Part::Set || self.ends_by_itself(stage)
    }

    /// The whole time of the open part, where it is a countdown.
    pub(super) fn timer(&self) -> Option<u64> {
        self.stage().and_then(|stage| self.duration(stage)).map(Seconds::millis)
    }

    pub(super) fn countdown_over(&mut self, stage: Stage, at: SessionTime) {
        self.cue(at, Cue::RestOver);
        self.note(at, Fact::Done { stage });
        self.enter(at);
    }

    /// After the countdown: the rep begins, or what is left of a hold.
    pub(super) fn lead_over(&mut self, stage: Stage, left: Option<u64>, at: SessionTime) {
        self.cue(at, Cue::Go);
        if self.record.reps(stage) == 0 {
            self.note(at, Fact::SetStarted { stage });
        }
        self.begin_phase(stage, 0, at);
        self.hold_on(left);
    }

    /// Has the hold that has just begun be the rest of one that was paused.
    fn hold_on(&mut self, left: Option<u64>) {
        if let (Run::Phase { index, began, ends: Some(ends) }, Some(left)) = (self.run, left) {
            let whole = ends.since(began);
            let ends = began.plus_millis(left.min(whole));
            self.run = Run::Phase { index, began: ends.minus_millis(whole), ends: Some(ends) };
        }
    }

    /// What is left of a hold that is all of its set, as a stretch of half a minute is: nobody does it anew for a pause.
    pub(super) fn left_of_hold(&self, at: SessionTime) -> Option<u64> {
        if let Run::Lead { left, .. } = self.run {
            return left;
        }
        let (Run::Phase { ends: Some(ends), .. }, Some(stage)) = (self.run, self.stage()) else { return None };
        let exercise = self.protocol.exercise(stage.step)?;
        let is_all = exercise.reps.high() == 1 && exercise.phase.len() == 1;
        (is_all && exercise.phase_at(0).is_some_and(|phase| phase.hold)).then(|| ends.since(at))
    }

    pub(super) fn begin_phase(&mut self, stage: Stage, index: usize, at: SessionTime) {
        let Some(exercise) = self.protocol.exercise(stage.step) else { return };
        let ends = exercise.phase_at(index).filter(|phase| !self.waits(phase)).map(|phase| at.after(phase.seconds));
        self.run = Run::Phase { index, began: at, ends };
    }

    fn waits(&self, phase: &Phase) -> bool {
        phase.wait && self.pacing() == Pacing::Counted
    }

    fn phase_over(&mut self, stage: Stage, index: usize, at: SessionTime) {
        let protocol = self.protocol.clone();
        let Some(exercise) = protocol.exercise(stage.step) else { return };
        if index == exercise.counting_phase() {
            self.count(stage, exercise, at);
        }
        match exercise.phase_at(index + 1) {
            Some(phase) => {
                self.cue(at, phase.cue);
                self.begin_phase(stage, index + 1, at);
            }
            None => self.rep_over(stage, exercise, at),
        }
    }

    fn count(&mut self, stage: Stage, exercise: &Exercise, at: SessionTime) {
        let rep = self.record.reps(stage) + 1;
        self.note(at, Fact::RepCompleted { stage, rep });
        let (low, high) = (exercise.reps.low(), exercise.reps.high());
        if rep == low && rep < high {
            self.cue(at, Cue::Enough);
        } else if rep < high || exercise.counting_phase() + 1 < exercise.phase.len() {
            // A last rep that ends its set at once is told by the end of the set.
            self.cue(at, Cue::Rep);
        }
    }

    /// After the last phase of a rep: the next rep, or the end of the set.
    fn rep_over(&mut self, stage: Stage, exercise: &Exercise, at: SessionTime) {
        if self.record.reps(stage) >= exercise.reps.high() {
            return self.end_set(stage, SetEnd::Full, at);
        }
        if let Some(phase) = exercise.phase_at(0) {
            let again = phase.hold && exercise.phase.len() == 1;
            self.cue(at, if again { Cue::HoldEnd } else { phase.cue });
        }
        self.begin_phase(stage, 0, at);
    }

    /// Whether the key that goes on does something in the phase that is under way, where the person counts: a hold, and a
    /// movement that is still to count, take their time.
    pub fn key_goes_on(&self) -> bool {
        let (Run::Phase { index, .. }, Some(exercise)) = (self.run, self.exercise()) else { return false };
        let phase = exercise.phase_at(index);
        phase.is_some_and(|phase| self.waits(phase) || index > exercise.counting_phase() && !phase.hold)
    }

    /// Whether a rep is under way that has not counted: one that has only just begun by itself is none yet, as a key is
    /// pressed for the one before it.
    pub(super) fn is_before_its_count(&self, now: SessionTime) -> bool {
        let (Run::Phase { index, began, ends }, Some(exercise)) = (self.run, self.exercise()) else { return false };
        let is_begun = index > 0 || ends.is_some() && now.since(began) >= JUST_BEGUN;
        is_begun && index <= exercise.counting_phase()
    }

    /// The key that goes on, in the middle of a set.
    pub(super) fn go_in_set(&mut self, stage: Stage, now: SessionTime) {
        let Run::Phase { index, .. } = self.run else { return };
        let protocol = self.protocol.clone();
        let Some(exercise) = protocol.exercise(stage.step) else { return };
        let Some(phase) = exercise.phase_at(index) else { return };
        if self.program_leads() {
            return match self.record.reps(stage) >= exercise.reps.low() {
                true => self.end_set(stage, self.end_by_hand(stage), now),
                false => self.pause(now, PauseReason::Asked),
            };
        }
        let returning = index > exercise.counting_phase() && !phase.hold;
        let is_full = self.record.reps(stage) >= exercise.reps.high();
        if self.waits(phase) {
            self.phase_over(stage, index, now);
        } else if returning && !is_full && self.waits_at_start(exercise) {
            // The rep has counted, and the key means the end of the next lunge: the way back is over already.
            self.phase_over(stage, 0, now);
        } else if returning {
            self.rep_over(stage, exercise, now);
        }
        // A hold, and a movement that is still to count, take their time.
    }

    fn waits_at_start(&self, exercise: &Exercise) -> bool {
        exercise.phase_at(0).is_some_and(|phase| self.waits(phase))
    }

    /// Begins the rep under way anew: with the lead-in where the program leads.
    pub(super) fn restart_rep(&mut self, stage: Stage, now: SessionTime) {
        if let Run::Phase { .. } = self.run {
            match self.program_leads() {
                false => self.begin_phase(stage, 0, now),
                true => self.run = Run::lead(now, self.lead_in),
            }
        }
    }

    pub(super) fn end_set(&mut self, stage: Stage, how: SetEnd, at: SessionTime) {
        self.note(at, Fact::SetEnded { stage, how });
        let next = self.plan().current();
        match next.map(|next| next.part) {
            Some(Part::ChangeOver) => self.cue(at, Cue::ChangeSides),
            _ => self.cue(at, Cue::SetDone),
        }
        self.enter(at);
    }

    // --- pauses ------------------------------------------------------------------------------------------------------

    pub(super) fn pause_or_resume(&mut self, now: SessionTime) {
        match self.run {
            Run::Paused { .. } => self.resume_at(now),
            Run::Hurt => {}
            _ if self.advice().is_some() => {}
            _ => self.pause(now, PauseReason::Asked),
        }
    }

    /// Stands still, with the whole of a countdown ahead.
    pub(super) fn stand(&mut self, why: PauseReason, now: SessionTime) {
        self.run = Run::Paused { why, left: self.timer() };
        self.note(now, Fact::Paused { why });
    }

    fn pause(&mut self, at: SessionTime, why: PauseReason) {
        let left = match self.run {
            Run::Countdown { ends, .. } => Some(ends.since(at)),
            Run::Lead { left, .. } => left,
            // How much of it was held while the machine slept nobody knows.
            _ if why == PauseReason::Slept => None,
            _ => self.left_of_hold(at),
        };
        self.run = Run::Paused { why, left };
        self.note(at, Fact::Paused { why });
    }

    /// Goes on after a pause: a rep from its beginning, a countdown or a hold that is all of its set with what was left, with
    /// the lead-in.
    pub(super) fn resume_at(&mut self, now: SessionTime) {
        let Run::Paused { left, .. } = self.run else { return };
        self.resumed(now);
        let Some(stage) = self.stage() else { return };
        if self.is_full(stage) {
            return self.end_set(stage, SetEnd::Full, now);
        }
        self.run = match (stage.part, left, self.duration(stage)) {
            (Part::Set, left, _) => Run::lead(now, self.lead_in).going_on_with(left),
            (_, Some(left), Some(whole)) => {
                let ends = now.plus_millis(left.max(self.lead_in.millis()));
                Run::Countdown { began: ends.minus_millis(whole.millis().max(ends.since(now))), ends }
            }
            _ => self.start_of(stage, now),
        };
    }

    /// Ends a pause, if there is one, without deciding what goes on.
    pub(super) fn resumed(&mut self, now: SessionTime) {
        if let Run::Paused { .. } = self.run {
            self.note(now, Fact::Resumed);
            self.run = Run::Still;
        }
    }
}
