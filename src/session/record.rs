//! What is known of a session: the fold of its events.

use std::collections::{BTreeMap, BTreeSet};

use super::earlier::{Chosen, Earlier};
use super::event::{Answer, Choices, Correction, Ending, Event, Fact, Reading, Relief, SetEnd, Stage};
use super::time::SessionTime;
use crate::protocol::{Protocol, Side, Work};

/// How a part of a session was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Close {
    /// Done, or answered.
    Done,
    /// Skipped.
    Skipped,
    /// A set, ended this way.
    Set(SetEnd),
}

/// Everything that the events of a session say; changed by [`Record::apply`] alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    earlier: Earlier,
    closed: BTreeMap<Stage, Close>,
    answers: BTreeMap<Stage, Answer>,
    readings: BTreeMap<Stage, Reading>,
    reps: BTreeMap<Stage, u16>,
    choices: Option<Choices>,
    started: BTreeSet<Stage>,
    painful: BTreeSet<(usize, Option<Side>)>,
    repositioned: BTreeSet<Stage>,
    corrected: BTreeSet<Stage>,
    hurting: Option<Stage>,
    ending: Option<Ending>,
    last: SessionTime,
    /// As it was at the end, where something was put right afterwards.
    at_the_end: Option<Box<Record>>,
}

impl Record {
    /// The record that `events` make.
    pub fn of<'a>(events: impl IntoIterator<Item = &'a Event>) -> Record {
        let mut record = Record::default();
        for event in events {
            record.apply(event);
        }
        record
    }

    /// The record of a session before its first event, of a person who answered this in `earlier` ones.
    pub fn after(earlier: Earlier) -> Record {
        Record { earlier, ..Record::default() }
    }

    /// What the person had answered in earlier sessions, as far as this one asks.
    pub fn earlier(&self) -> &Earlier {
        &self.earlier
    }

    /// Whether something hurt that was no slip, or hurts still.
    pub fn has_pain(&self) -> bool {
        self.hurting.is_some() || !self.painful.is_empty()
    }

    /// Whether a set was stopped for pain, or gone on with in another position.
    pub fn has_painful_set(&self) -> bool {
        !self.repositioned.is_empty() || self.closed.values().any(|close| *close == Close::Set(SetEnd::Pain))
    }

    /// Whether nothing is answered, taken, done or skipped so far.
    pub fn is_at_its_beginning(&self) -> bool {
        self.closed.is_empty() && self.reps.is_empty()
    }

    /// What was known as long as the session went on: by that it was decided what there was to do.
    pub fn as_it_went(&self) -> &Record {
        self.at_the_end.as_deref().unwrap_or(self)
    }

    /// Takes in one event.
    pub fn apply(&mut self, event: &Event) {
        let corrects = matches!(event.fact, Fact::Corrected { .. });
        if corrects && self.ending.is_some() && self.at_the_end.is_none() {
            self.at_the_end = Some(Box::new(self.clone()));
        }
        self.last = self.last.max(event.at);
        match &event.fact {
            Fact::Recalled { answers } => self.earlier.clone_from(answers),
            Fact::Answered { stage, answer } => {
                self.answers.insert(*stage, answer.clone());
                self.closed.insert(*stage, Close::Done);
            }
            Fact::Measured { stage, reading } => {
                self.readings.insert(*stage, *reading);
                self.closed.insert(*stage, Close::Done);
            }
            Fact::Planned { stage, choices } => {
                self.choices = Some(choices.clone());
                self.closed.insert(*stage, Close::Done);
            }
            Fact::Done { stage } => {
                self.closed.insert(*stage, Close::Done);
            }
            Fact::StepSkipped { stage } => {
                self.closed.insert(*stage, Close::Skipped);
            }
            Fact::RepCompleted { stage, rep } => {
                self.reps.insert(*stage, *rep);
            }
            Fact::RepUndone { stage, rep } => {
                self.reps.insert(*stage, rep.saturating_sub(1));
            }
            Fact::SetEnded { stage, how } => {
                self.closed.insert(*stage, Close::Set(*how));
            }
            Fact::Reopened { stage } => {
                // It hurt, and is gone on with: in another position, as after any pain.
                if self.closed.remove(stage) == Some(Close::Set(SetEnd::Pain)) {
                    self.repositioned.insert(*stage);
                }
                self.answers.remove(stage);
                self.readings.remove(stage);
                // Whoever takes a set up again that hurt means to go on with it.
                self.painful.remove(&(stage.step, stage.side));
            }
            Fact::Relieved { stage, relief } => self.relieve(*stage, *relief),
            Fact::Hurt { stage } => self.hurting = Some(*stage),
            Fact::Ended { ending } => {
                self.ending = Some(*ending);
                self.hurting = None;
            }
            Fact::Corrected { stage, to } => self.correct(*stage, *to),
            Fact::SetStarted { stage } => {
                self.started.insert(*stage);
            }
            Fact::Paused { .. } | Fact::Resumed => {}
        }
    }

    /// Takes in what was done about pain.
    fn relieve(&mut self, stage: Stage, relief: Relief) {
        let place = (stage.step, stage.side);
        self.hurting = None;
        match relief {
            Relief::Reposition => {
                self.repositioned.insert(stage);
            }
            Relief::EndExercise => {
                self.painful.insert(place);
            }
            Relief::EndSession | Relief::Slip => {}
        }
    }

    /// Takes in what was put right afterwards.
    fn correct(&mut self, stage: Stage, to: Correction) {
        self.corrected.insert(stage);
        match to {
            Correction::Reps { reps, how } => {
                self.reps.insert(stage, reps);
                self.closed.insert(stage, Close::Set(how));
            }
            Correction::Reading(reading) => {
                self.readings.insert(stage, reading);
            }
            Correction::Scale(number) => {
                self.answers.insert(stage, Answer::Scale(number));
            }
        }
    }

    /// The same record with other choices, to see what they would lead to.
    pub fn with_choices(&self, choices: &Choices) -> Record {
        Record { choices: Some(choices.clone()), ..self.clone() }
    }

    /// How `stage` was closed, if it was.
    pub fn closed(&self, stage: Stage) -> Option<Close> {
        self.closed.get(&stage).copied()
    }

    /// The reps of a set so far.
    pub fn reps(&self, stage: Stage) -> u16 {
        self.reps.get(&stage).copied().unwrap_or(0)
    }

    /// What was chosen on the plan.
    pub fn choices(&self) -> Option<&Choices> {
        self.choices.as_ref()
    }

    /// Why the session ended, if it has.
    pub fn ending(&self) -> Option<Ending> {
        self.ending
    }

    /// The set in which pain was reported, until the person says what to do about it.
    pub fn hurting(&self) -> Option<Stage> {
        self.hurting
    }

    /// The time of the latest event.
    pub fn last(&self) -> SessionTime {
        self.last
    }

    /// Whether the exercise of this step was ended on this side because of pain.
    pub fn is_painful(&self, step: usize, side: Option<Side>) -> bool {
        self.painful.contains(&(step, side))
    }

    /// Whether the person already changed position once because of pain in this step on this side.
    pub fn was_repositioned(&self, step: usize, side: Option<Side>) -> bool {
        self.repositioned.iter().any(|stage| (stage.step, stage.side) == (step, side))
    }

    /// Whether pain in this set was answered by a change of position.
    pub fn was_repositioned_in(&self, set: Stage) -> bool {
        self.repositioned.contains(&set)
    }

    /// The answers to step `step`, with the side that each was given for.
    pub fn answers(&self, step: usize) -> impl Iterator<Item = (Option<Side>, &Answer)> {
        self.answers.iter().filter(move |(stage, _)| stage.step == step).map(|(stage, answer)| (stage.side, answer))
    }

    /// The answer to step `step` on `side`.
    pub fn answer(&self, step: usize, side: Option<Side>) -> Option<&Answer> {
        self.answers(step).find(|(of, _)| *of == side).map(|(_, answer)| answer)
    }

    /// The results of the test in step `step`, with the side of each.
    pub fn readings(&self, step: usize) -> impl Iterator<Item = (Option<Side>, Reading)> {
        self.readings.iter().filter(move |(stage, _)| stage.step == step).map(|(stage, reading)| (stage.side, *reading))
    }

    /// The result of the test in step `step` on `side`.
    pub fn reading(&self, step: usize, side: Option<Side>) -> Option<Reading> {
        self.readings(step).find(|(of, _)| *of == side).map(|(_, reading)| reading)
    }

    /// Whether what is known of this part was put right afterwards.
    pub fn was_corrected(&self, stage: Stage) -> bool {
        self.corrected.contains(&stage)
    }

    /// Whether the first rep of this set was begun.
    pub fn was_started(&self, set: Stage) -> bool {
        self.started.contains(&set)
    }

    /// The sets that were begun or closed in step `step`, in the order of rounds and sides.
    pub fn sets(&self, step: usize) -> BTreeMap<Stage, (u16, Option<SetEnd>)> {
        let ended = self.closed.iter().filter_map(|(stage, close)| match close {
            Close::Set(how) => Some((*stage, (self.reps(*stage), Some(*how)))),
            _ => None,
        });
        let begun = self.started.iter().map(|stage| (*stage, (self.reps(*stage), None)));
        let open = self.reps.iter().filter(|(_, reps)| **reps > 0).map(|(stage, reps)| (*stage, (*reps, None)));
        begun.chain(open).chain(ended).filter(|(stage, _)| stage.step == step).collect()
    }

    /// Every option that was chosen, in the order of the steps.
    pub fn chosen(&self, protocol: &Protocol) -> impl Iterator<Item = Chosen> {
        self.answers.iter().filter_map(|(stage, answer)| match (&protocol.steps.get(stage.step)?.work, answer) {
            (Work::Ask { question_id, .. }, Answer::Option(option)) => {
                Some(Chosen::of(question_id, stage.side, option))
            }
            _ => None,
        })
    }
}
