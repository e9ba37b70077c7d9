//! Pain in a session: which set it belongs to, and what becomes of it.

use super::event::{Ending, Fact, Part, PauseReason, Relief, SetEnd, Stage};
use super::time::SessionTime;
use super::{Run, Session};
use crate::cue::Cue;

impl Session {
    /// The set that pain belongs to that is reported now, if to any.
    pub fn set_of_pain(&self) -> Option<Stage> {
        match self.stage()? {
            stage if stage.part == Part::Set => Some(stage),
            stage if stage.part.is_between_sets() => {
                // Between two sets it is the ankle just trained that hurts, unless that has ended: then the next one.
                let last = self.last_set(stage)?;
                let has_ended = self.record.is_painful(last.step, last.side);
                if has_ended { self.next_set(stage) } else { Some(last) }
            }
            _ => None,
        }
    }

    pub(super) fn ouch(&mut self, now: SessionTime) {
        if let Some(stage) = self.set_of_pain().filter(|_| self.run != Run::Hurt) {
            self.resumed(now);
            self.run = Run::Hurt;
            self.note(now, Fact::Hurt { stage });
            self.cue(now, Cue::Warning);
        }
    }

    pub(super) fn relieve(&mut self, now: SessionTime, relief: Relief) {
        let Some(stage) = self.record.hurting().filter(|_| self.run == Run::Hurt) else { return };
        if relief == Relief::Reposition && self.record.was_repositioned(stage.step, stage.side) {
            return;
        }
        self.note(now, Fact::Relieved { stage, relief });
        match relief {
            // Nobody is hurried: the person says when the new position is found.
            Relief::Reposition => self.stand(PauseReason::Repositioning, now),
            Relief::Slip => self.enter(now),
            Relief::EndExercise if self.stage() == Some(stage) => self.end_set(stage, SetEnd::Pain, now),
            // The set that was over when it hurt is on record as stopped for pain, with the reps that it has.
            Relief::EndExercise => {
                self.note(now, Fact::SetEnded { stage, how: SetEnd::Pain });
                self.enter(now);
            }
            Relief::EndSession => self.end_for_pain(stage, now),
        }
    }

    /// Ends the session because of pain in a set, which may be over.
    pub(super) fn end_for_pain(&mut self, stage: Stage, now: SessionTime) {
        self.note(now, Fact::SetEnded { stage, how: SetEnd::Pain });
        self.run = Run::Still;
        self.stage = None;
        self.note(now, Fact::Ended { ending: Ending::Pain });
    }

    /// Whether `stage`, one between two sets, leads from one ankle to the other.
    pub fn changes_ankles(&self, stage: Stage) -> bool {
        self.last_set(stage).is_some_and(|last| last.side != stage.side)
    }

    /// The set before `stage`.
    fn last_set(&self, stage: Stage) -> Option<Stage> {
        let stages = self.plan().stages();
        let here = stages.iter().position(|other| *other == stage)?;
        stages[..here].iter().rfind(|other| other.part == Part::Set).copied()
    }

    /// The set behind `stage`.
    fn next_set(&self, stage: Stage) -> Option<Stage> {
        let stages = self.plan().stages();
        let here = stages.iter().position(|other| *other == stage)?;
        stages[here..].iter().find(|other| other.part == Part::Set).copied()
    }
}
