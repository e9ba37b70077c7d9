//! Taking back: the rep under way, the last that counted, or the last part that wanted the person.

use super::event::{Fact, Part, PauseReason, SetEnd, Stage};
use super::record::Close;
use super::time::SessionTime;
use super::{Run, Session};

impl Session {
    /// Takes back the last rep of a set; where there is none, takes up again the last part that wanted the person.
    pub(super) fn back(&mut self, now: SessionTime) {
        let Some(stage) = self.stage() else { return };
        if self.advice().is_some() {
            self.reopen(stage, now);
            return self.enter(now);
        }
        if self.run == Run::Hurt {
            return;
        }
        let reps = self.record.reps(stage);
        // The rep under way is taken back before one that has counted.
        if stage.part == Part::Set && reps > 0 && !self.is_before_its_count(now) {
            self.note(now, Fact::RepUndone { stage, rep: reps });
            return self.restart_rep(stage, now);
        }
        // There is no rep to take back, and nothing that was held is thrown away.
        if self.left_of_hold(now).is_some() {
            return self.pause_or_resume(now);
        }
        if let Run::Phase { .. } = self.run {
            return self.restart_rep(stage, now);
        }
        let stages = self.plan().stages();
        let here = stages.iter().position(|other| *other == stage).unwrap_or(0);
        let Some(target) = stages[..here].iter().rposition(|other| !self.ends_by_itself(*other)) else { return };
        let (target, was_still) = (stages[target], self.run == Run::Still);
        self.resumed(now);
        let hurt = self.record.closed(target) == Some(Close::Set(SetEnd::Pain));
        for reopened in stages[..here].iter().rev().take_while(|other| **other != target) {
            self.reopen(*reopened, now);
        }
        self.reopen(target, now);
        match target.part {
            Part::Set => self.enter_again(target, hurt, was_still, now),
            _ => self.enter(now),
        }
    }

    /// Enters `set`, which is open again: by itself, unless it `hurt`, or the person was at something that stands still.
    fn enter_again(&mut self, set: Stage, hurt: bool, was_still: bool, now: SessionTime) {
        // What leads there is behind the person, though it may have been passed over for pain.
        for passed in self.plan().stages().into_iter().take_while(|stage| *stage != set) {
            if self.ends_by_itself(passed) && self.record.closed(passed).is_none() {
                self.note(now, Fact::Done { stage: passed });
            }
        }
        if (hurt || was_still) && self.plan().current() == Some(set) {
            self.stage = Some(set);
            // What hurt does not move again by itself. Nobody who was reading or measuring is in position, and the key was not
            // meant for a rep.
            return self.stand(if hurt { PauseReason::Repositioning } else { PauseReason::Asked }, now);
        }
        if self.is_full(set) {
            // Or it would end at once.
            self.note(now, Fact::RepUndone { stage: set, rep: self.record.reps(set) });
        }
        self.enter(now);
    }

    /// Opens `stage` again.
    fn reopen(&mut self, stage: Stage, now: SessionTime) {
        if self.record.closed(stage).is_some() {
            self.note(now, Fact::Reopened { stage });
        }
    }
}
