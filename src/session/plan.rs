//! From answers to the list of stages: what a session consists of, as far as its answers tell.

use super::earlier::{Chosen, Earlier};
use super::event::{Answer, Choices, Pacing, Part, SetEnd, Stage};
use super::reading;
use super::record::{Close, Record};
use crate::protocol::{Condition, Demand, Place, Protocol, Remark, Side, Sides, Step, Subject, When, Work};

/// What a person takes, roughly, to set something up or to take a test, in milliseconds.
pub(super) const MEASURE_MILLIS: u64 = 40_000;
/// What a person takes, roughly, to read and answer a question, in milliseconds.
const ANSWER_MILLIS: u64 = 10_000;

/// How long a person takes over something that has no time of its own, roughly, in milliseconds.
pub(super) fn takes(stage: Stage, protocol: &Protocol) -> u64 {
    match (stage.part, &protocol.steps[stage.step].work) {
        (Part::Setup, _) | (_, Work::Measure { .. } | Work::Prepare { .. }) => MEASURE_MILLIS,
        _ => ANSWER_MILLIS,
    }
}

/// A session's protocol with all that decides which of its stages there are.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// What is trained.
    pub protocol: &'a Protocol,
    /// What has happened so far, and was answered in earlier sessions.
    pub record: &'a Record,
}

/// How long a session with `protocol` will take somebody with these `earlier` answers, rounded up to minutes.
pub fn planned_minutes(protocol: &Protocol, earlier: &Earlier) -> u64 {
    Plan { protocol, record: &Record::after(earlier.clone()) }.estimate(None).div_ceil(60_000)
}

impl<'a> Plan<'a> {
    /// The same with what was known while the session went on.
    fn as_it_went(self) -> Plan<'a> {
        Plan { record: self.record.as_it_went(), ..self }
    }

    /// Every stage of the session, in order: those behind and those ahead. What is put right after its end changes none.
    pub fn stages(self) -> Vec<Stage> {
        self.as_it_went().stages_now()
    }

    fn stages_now(self) -> Vec<Stage> {
        let trains = |stages: &[Stage]| stages.iter().any(|stage| stage.part == Part::Set);
        let mut stages = Vec::new();
        let mut planned = false;
        for (index, step) in self.protocol.steps.iter().enumerate() {
            match &step.work {
                Work::Exercise { .. } => {
                    if !planned && self.sides_that_apply(index).next().is_some() {
                        planned = true;
                        stages.push(stage(index, Part::Plan, None, 0));
                    }
                    self.exercise(index, &mut stages);
                }
                // Where all exercises are left out there is nothing to test again.
                Work::Measure { repeats: Some(_), .. } | Work::Ask { repeats: Some(_), .. }
                    if planned && !trains(&stages) => {}
                Work::Measure { repeats: Some(first), .. } => {
                    let tested = |side| self.record.reading(*first, side).is_some();
                    let sides = self.sides_that_apply(index).filter(|side| tested(*side));
                    stages.extend(sides.map(|side| stage(index, Part::Whole, side, 0)));
                }
                _ => stages.extend(self.sides_that_apply(index).map(|side| stage(index, Part::Whole, side, 0))),
            }
        }
        stages
    }

    /// What later sessions know of the answers in this one. Where it stands at a question that is due because of what was
    /// answered earlier, that answer holds, whatever it is now: "no" does not take back a list that was never gone through.
    /// An answer after which the question that it may call for was answered is settled, and calls for it no more.
    pub fn passed_on(self) -> Vec<Chosen> {
        let open = self.current().filter(|stage| self.record.closed(*stage).is_none());
        let asked = open.and_then(|stage| {
            let step = self.protocol.steps.get(stage.step)?;
            matches!(step.work, Work::Ask { .. }).then_some((step, stage.side))
        });
        let holds: Vec<&str> = asked.into_iter().flat_map(|(step, side)| self.earlier_that_hold(step, side)).collect();
        let settled = self.settled();
        let is_of = |chosen: &Chosen, (question, side, _): &(&str, Option<Side>, &str)| {
            *question == chosen.question && side.is_none_or(|side| chosen.side == Some(side))
        };
        let passed = self.record.chosen(self.protocol).filter(|chosen| !holds.contains(&chosen.question.as_str()));
        let told = passed.map(|chosen| {
            let by: Vec<&str> = settled.iter().filter(|one| is_of(&chosen, one)).map(|(.., by)| *by).collect();
            by.into_iter().fold(chosen, Chosen::settled_by)
        });
        told.collect()
    }

    /// The questions, each on one ankle or on any, that may call for another one, in later sessions too, where that was answered
    /// in this session on every ankle that it was called for; and the other one.
    fn settled(self) -> Vec<(&'a str, Option<Side>, &'a str)> {
        let mut settled = Vec::new();
        for (index, step) in self.protocol.steps.iter().enumerate() {
            let Work::Ask { question_id: by, .. } = &step.work else { continue };
            let conditions = || step.when.every.iter().chain(&step.when.any);
            let is_kept =
                |id: &str| conditions().any(|other| matches!(&other.subject, Subject::Earlier(kept) if kept == id));
            let sides: Vec<Option<Side>> = self.sides_that_apply(index).collect();
            let is_answered = |side: &Option<Side>| {
                self.record.answer(index, *side).is_some() && self.advice(stage(index, Part::Whole, *side, 0)).is_none()
            };
            for condition in conditions() {
                let Subject::Step(at) = condition.subject else { continue };
                let Work::Ask { question_id, .. } = &self.protocol.steps[at].work else { continue };
                if !is_kept(question_id) {
                    continue;
                }
                let by_ankle = step.sides == Sides::Each && self.protocol.steps[at].sides == Sides::Each;
                match by_ankle {
                    true => {
                        let answered = sides.iter().filter(|side| is_answered(side));
                        settled.extend(answered.map(|side| (question_id.as_str(), *side, by.as_str())));
                    }
                    false if !sides.is_empty() && sides.iter().all(is_answered) => {
                        settled.push((question_id.as_str(), None, by.as_str()));
                    }
                    false => {}
                }
            }
        }
        settled
    }

    /// The questions whose earlier answers are what `step` demands.
    fn earlier_that_hold(self, step: &'a Step, side: Option<Side>) -> impl Iterator<Item = &'a str> {
        let conditions = step.when.every.iter().chain(&step.when.any);
        let holds = move |condition: &&Condition| self.condition(condition, side, step.asks());
        conditions.filter(holds).filter_map(|condition| match &condition.subject {
            Subject::Earlier(question) => Some(question.as_str()),
            Subject::Step(_) => None,
        })
    }

    /// The stage that the session is at; `None` when all are closed. An answer that calls for advice instead of exercise
    /// holds the session where it was given.
    pub fn current(self) -> Option<Stage> {
        let holds = |stage: &Stage| self.record.closed(*stage).is_none() || self.advice(*stage).is_some();
        self.stages().into_iter().find(holds)
    }

    /// The advice that the answer given at `stage` calls for, instead of exercise. Where it repeats an earlier one and no
    /// exercise follows, there is nothing to keep the person from.
    pub fn advice(self, stage: Stage) -> Option<&'a str> {
        let Work::Ask { question, repeats, .. } = &self.protocol.steps.get(stage.step)?.work else { return None };
        let mut ahead = self.protocol.steps.iter().skip(stage.step);
        if repeats.is_some() && !ahead.any(|step| matches!(step.work, Work::Exercise { .. })) {
            return None;
        }
        match self.record.answer(stage.step, stage.side)? {
            Answer::Option(id) => question.option.get(id)?.stop.as_deref(),
            Answer::Scale(number) => {
                let scale = question.scale.as_ref()?;
                scale.stop.as_deref().filter(|_| scale.stop_from.is_some_and(|from| *number >= from))
            }
        }
    }

    /// What is chosen where the person has not chosen yet.
    pub fn default_choices(self, pacing: Pacing) -> Choices {
        let rounds = self.exercises().map(|(index, exercise)| (index, exercise.rounds.min(exercise.most_rounds)));
        Choices { only: None, rounds: rounds.collect(), pacing }
    }

    /// The exercises of the session with the index of their step; as for its stages, what is put right later changes none.
    pub fn exercises(self) -> impl Iterator<Item = (usize, &'a crate::protocol::Exercise)> {
        let plan = self.as_it_went();
        let steps = 0..self.protocol.steps.len();
        steps
            .filter(move |index| plan.sides_that_apply(*index).next().is_some())
            .filter_map(move |index| Some((index, self.protocol.exercise(index)?)))
    }

    /// The sides that step `index` is done on before the person chooses any; `None` is "both or neither".
    pub fn sides_that_apply(self, index: usize) -> impl Iterator<Item = Option<Side>> + use<'a> {
        let step = &self.protocol.steps[index];
        let per_side = match &step.work {
            Work::Exercise { exercise, .. } => exercise.sides,
            _ => step.sides,
        };
        let sides: &[Option<Side>] = match per_side {
            Sides::Both => &[None],
            Sides::Each => &[Some(Side::Left), Some(Side::Right)],
        };
        sides.iter().copied().filter(move |side| self.holds_for(&step.when, *side, step.asks()))
    }

    /// Whether an exercise of the session is done on one ankle after the other.
    pub fn is_by_ankle(self) -> bool {
        self.exercises().any(|(index, _)| self.sides_that_apply(index).any(|side| side.is_some()))
    }

    /// The ankle that trains first: the stiffer one by the first test that tells them apart, or else the left.
    pub fn first_side(self) -> Side {
        // A re-test comes after the exercises, and must not turn their order round.
        let mut tests = self.protocol.steps.iter().enumerate().filter_map(|(index, step)| {
            let Work::Measure { test, repeats: None, .. } = &step.work else { return None };
            let reading = |side| self.record.reading(index, Some(side));
            match (reading(Side::Left), reading(Side::Right)) {
                (Some(left), Some(right)) => reading::stiffer(test, left, right),
                // Of the other one nothing is known.
                (Some(_), None) => Some(Side::Left),
                (None, Some(_)) => Some(Side::Right),
                (None, None) => None,
            }
        });
        tests.next().unwrap_or(Side::Left)
    }

    /// The ankle of the first set that is for one ankle, with `choices` instead of those on record; an exercise may be called
    /// for on the less stiff ankle alone.
    pub fn begins_with(self, choices: &Choices) -> Option<Side> {
        let record = &self.record.with_choices(choices);
        let stages = Plan { record, ..self }.stages();
        stages.into_iter().filter(|stage| stage.part == Part::Set).find_map(|stage| stage.side)
    }

    /// The remarks for `place` that hold, each with its index.
    pub fn remarks(self, place: Place) -> impl Iterator<Item = (usize, &'a Remark)> {
        let remarks = self.protocol.remarks.iter().enumerate();
        remarks.filter(move |(_, remark)| remark.place == place && self.holds(&remark.when, None))
    }

    /// How long what is still open will take, roughly, in milliseconds; with `choices` instead of those on record.
    pub fn estimate(self, choices: Option<&Choices>) -> u64 {
        let chosen = choices.map(|choices| self.record.with_choices(choices));
        let record = chosen.as_ref().unwrap_or(self.record);
        let plan = Plan { record, ..self };
        let open = plan.stages().into_iter().filter(|stage| record.closed(*stage).is_none());
        // Of a test that is still to come the repetition is no stage yet.
        let repeated = plan.protocol.steps.iter().filter_map(|step| match step.work {
            Work::Measure { repeats, .. } => repeats,
            _ => None,
        });
        let to_come = |first| move |side: &Option<Side>| record.closed(stage(first, Part::Whole, *side, 0)).is_none();
        let retests = repeated.flat_map(|first| plan.sides_that_apply(first).filter(to_come(first)));
        open.map(|stage| plan.duration(stage)).sum::<u64>() + retests.count() as u64 * MEASURE_MILLIS
    }

    fn duration(self, stage: Stage) -> u64 {
        match (stage.part, &self.protocol.steps[stage.step].work) {
            (Part::Set, Work::Exercise { exercise, .. }) => {
                let done = self.record.reps(stage);
                let likely = (exercise.reps.low() + exercise.reps.high()) / 2;
                // Whoever is beyond what is likely has at least a rep to go.
                let ahead = likely.max(done + 1).min(exercise.reps.high()).saturating_sub(done);
                let ready = if done == 0 { exercise.get_ready.millis() } else { 0 };
                ready + u64::from(ahead) * exercise.rep_millis()
            }
            (Part::ChangeOver, Work::Exercise { exercise, .. }) => exercise.change_over.millis(),
            (Part::Rest, Work::Exercise { exercise, .. }) => exercise.rest.millis(),
            (_, Work::Rest { seconds, .. }) => seconds.millis(),
            _ => takes(stage, self.protocol),
        }
    }

    fn exercise(self, index: usize, stages: &mut Vec<Stage>) {
        let Some(exercise) = self.protocol.exercise(index) else { return };
        let choices = self.record.choices();
        let default = exercise.rounds.min(exercise.most_rounds);
        let rounds = choices.and_then(|choices| choices.rounds.get(&index).copied()).unwrap_or(default);
        let only = choices.and_then(|choices| choices.only);

        let mut sides: Vec<Option<Side>> =
            self.sides_that_apply(index).filter(|side| side.is_none() || only.is_none() || *side == only).collect();
        // An exercise that has begun keeps its order, whatever is put right in a session that was left.
        let begun = |side: &Option<Side>| self.record.closed(stage(index, Part::Setup, *side, 0)).is_some();
        match sides.iter().position(begun) {
            Some(first) => sides.rotate_left(first),
            None if self.first_side() == Side::Right => sides.reverse(),
            None => {}
        }
        let Some(first) = sides.first().copied() else { return };
        if rounds == 0 {
            return;
        }

        let setup = stage(index, Part::Setup, first, 0);
        stages.push(setup);
        if self.record.closed(setup) == Some(Close::Skipped) {
            return;
        }
        let mut last: Option<Stage> = None;
        for round in 1..=rounds {
            for side in &sides {
                let set = stage(index, Part::Set, *side, round);
                let is_painful = self.record.is_painful(index, *side);
                if is_painful && self.record.closed(set).is_none() {
                    continue;
                }
                // Nobody is led to an ankle that hurt before its first rep.
                let ended_with_pain = is_painful && self.record.closed(set) == Some(Close::Set(SetEnd::Pain));
                let without_a_rep = ended_with_pain && self.record.reps(set) == 0;
                match last {
                    _ if without_a_rep => {}
                    Some(before) if before.round != round => stages.push(stage(index, Part::Rest, *side, round)),
                    Some(before) if before.side != *side => stages.push(stage(index, Part::ChangeOver, *side, round)),
                    _ => {}
                }
                stages.push(set);
                last = Some(set);
            }
        }
    }

    /// Whether `when` holds, for `side` where the answers in question were given per side.
    pub fn holds(self, when: &When, side: Option<Side>) -> bool {
        self.holds_for(when, side, None)
    }

    /// The same for a step that is `asking` this question.
    fn holds_for(self, when: &When, side: Option<Side>, asking: Option<&str>) -> bool {
        when.every.iter().all(|condition| self.condition(condition, side, asking))
            && (when.any.is_empty() || when.any.iter().any(|condition| self.condition(condition, side, asking)))
    }

    fn condition(self, condition: &Condition, side: Option<Side>, asking: Option<&str>) -> bool {
        let (outcomes, asked) = match &condition.subject {
            Subject::Earlier(question) => {
                let chosen: Vec<_> = self.record.earlier().to(question, side).collect();
                let asked = if side.is_none() && chosen.iter().any(|chosen| chosen.side.is_some()) { 2 } else { 1 };
                (chosen.into_iter().filter_map(|chosen| chosen.option_for(asking)).map(Outcome::Id).collect(), asked)
            }
            Subject::Step(step) => self.outcomes(*step, side),
        };
        let one_of = |ids: &[String], outcome: &Outcome<'_>| match outcome {
            Outcome::Id(id) => ids.iter().any(|wanted| wanted == id),
            Outcome::Number(_) => false,
        };
        match &condition.demand {
            Demand::Is(ids) => outcomes.iter().any(|outcome| one_of(ids, outcome)),
            Demand::Not(ids) => !outcomes.iter().any(|outcome| one_of(ids, outcome)),
            Demand::All(ids) => {
                outcomes.len() == asked && asked > 0 && outcomes.iter().all(|outcome| one_of(ids, outcome))
            }
            Demand::AtLeast(least) => {
                outcomes.iter().any(|outcome| matches!(outcome, Outcome::Number(number) if number >= least))
            }
        }
    }

    /// What step `step` brought to light for `side`, or for every side; and how many answers it could have brought.
    fn outcomes(self, step: usize, side: Option<Side>) -> (Vec<Outcome<'a>>, usize) {
        let per_side = self.protocol.steps[step].sides == Sides::Each;
        let wanted = |of: &Option<Side>| !per_side || side.is_none() || *of == side;
        let asked = if per_side && side.is_none() { 2 } else { 1 };
        let record = self.record;
        let answers = record.answers(step).filter(|(of, _)| wanted(of)).map(|(_, answer)| match answer {
            Answer::Option(id) => Outcome::Id(id),
            Answer::Scale(number) => Outcome::Number(*number),
        });
        let readings = record.readings(step).filter(|(of, _)| wanted(of)).filter_map(|(_, reading)| {
            let test = self.protocol.test(step)?;
            Some(Outcome::Id(test.band_of(reading::gap(test, reading))))
        });
        (answers.chain(readings).collect(), asked)
    }
}

enum Outcome<'a> {
    Id(&'a str),
    Number(u8),
}

fn stage(step: usize, part: Part, side: Option<Side>, round: u8) -> Stage {
    Stage { step, part, side, round }
}
