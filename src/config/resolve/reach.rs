//! Steps and suggestions that no answers lead to.
//!
//! What can be answered is taken as wide as it may ever be, so whatever is told here can really never be.

use std::cell::Cell;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::protocol::{Condition, Demand, Question, Sides, Step, Subject, When, Work};

/// The most sets of conditions that are tried for all protocols together, the most conditions in one of them, and the most that
/// a step may have to be looked at; beyond them everything counts as what can be.
const MOST_TRIED: usize = 5_000;
const MOST_FACTS: usize = 30;
const MOST_CONDITIONS: usize = 12;

/// Which answers a condition looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// All of them: of both ankles, where each has its own.
    All,
    /// Those of one ankle; the number tells apart which one that is.
    Ankle(usize),
}

/// The ankle that a step is done on.
const OWN: View = View::Ankle(usize::MAX);

/// The conditions that can't be met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Never {
    /// The condition of `when` with this index, whatever the others are.
    Alone(usize),
    /// The condition of `when` with the first index, beside that with the second.
    Beside(usize, usize),
    /// The condition of `when` with this index, beside those before it.
    Among(usize),
    /// Every condition of `when-any`.
    Any,
}

/// One answer.
#[derive(Clone, Copy, Debug)]
enum Outcome<'a> {
    Id(&'a str),
    Number(u8),
}

/// A condition that holds, and the answers that it looks at.
type Fact<'a> = (&'a Condition, View);

/// The conditions of which one holds, and the answers that they look at.
type Choice<'a> = (&'a [Condition], View);

/// What the answers of a protocol can lead to.
pub struct Reach<'a> {
    steps: &'a [Step],
    questions: &'a IndexMap<String, Arc<Question>>,
    /// For each step so far whether it is never done: what looks at it is right once that step is.
    never: Vec<bool>,
    /// How many sets of conditions were tried so far.
    tried: &'a Cell<usize>,
}

impl<'a> Reach<'a> {
    pub fn new(steps: &'a [Step], questions: &'a IndexMap<String, Arc<Question>>, tried: &'a Cell<usize>) -> Reach<'a> {
        Reach { steps, questions, never: Vec::new(), tried }
    }

    /// Why the step after those that were asked for so far is never done, if so.
    pub fn next_step(&mut self) -> Option<Never> {
        let step = self.steps.get(self.never.len())?;
        let sides = match &step.work {
            Work::Exercise { exercise, .. } => exercise.sides,
            _ => step.sides,
        };
        let never = self.never(&step.when, if sides == Sides::Each { OWN } else { View::All });
        self.never.push(never.is_some());
        never
    }

    /// Why `when` never holds, if so.
    pub fn never(&self, when: &'a When, view: View) -> Option<Never> {
        if when.every.len() > MOST_CONDITIONS {
            return None;
        }
        let every: Vec<Fact<'a>> = when.every.iter().map(|condition| (condition, view)).collect();
        let can = |facts: &[Fact<'a>]| self.can(facts.to_vec(), Vec::new(), Vec::new(), Vec::new());
        if let Some(at) = (0..every.len()).find(|at| !can(&every[..=*at])) {
            let beside = (0..at).find(|before| !can(&[every[*before], every[at]]));
            return Some(match beside {
                _ if !can(&every[at..=at]) => Never::Alone(at),
                Some(before) => Never::Beside(at, before),
                None => Never::Among(at),
            });
        }
        let choices = if when.any.is_empty() { Vec::new() } else { vec![(when.any.as_slice(), view)] };
        (!self.can(every, choices, Vec::new(), Vec::new())).then_some(Never::Any)
    }

    /// Whether the conditions in `open` and one of each of the `choices` can hold together with the `facts`; the steps in
    /// `asked` are done, as those facts tell.
    fn can(
        &self,
        mut open: Vec<Fact<'a>>,
        mut choices: Vec<Choice<'a>>,
        mut facts: Vec<Fact<'a>>,
        mut asked: Vec<(usize, View)>,
    ) -> bool {
        self.tried.set(self.tried.get() + 1);
        if self.tried.get() > MOST_TRIED {
            return true;
        }
        while let Some((condition, view)) = open.pop() {
            facts.push((condition, view));
            if facts.len() > MOST_FACTS {
                return true;
            }
            let Subject::Step(step) = condition.subject else { continue };
            if matches!(condition.demand, Demand::Not(_)) || self.never.get(step).copied().unwrap_or(true) {
                continue;
            }
            // Whoever has given an answer was asked, so what it takes to be asked holds as well.
            let view = self.asked_in(step, view);
            if !asked.contains(&(step, view)) {
                asked.push((step, view));
                let when = &self.steps[step].when;
                open.extend(when.every.iter().map(|condition| (condition, view)));
                if !when.any.is_empty() {
                    choices.push((&when.any, view));
                }
            }
        }
        if !facts.iter().all(|(condition, view)| self.agree(&condition.subject, *view, &facts)) {
            return false;
        }
        let Some((any, view)) = choices.pop() else { return true };
        any.iter().any(|condition| self.can(vec![(condition, view)], choices.clone(), facts.clone(), asked.clone()))
    }

    /// The answers that the conditions of `step` look at, where something that sees `view` looks at one of its answers.
    fn asked_in(&self, step: usize, view: View) -> View {
        match (self.steps[step].sides, view) {
            (Sides::Both, _) => View::All,
            (Sides::Each, View::All) => View::Ankle(step),
            (Sides::Each, ankle) => ankle,
        }
    }

    /// Whether some answers to `subject` are as all of the `facts` with the same view of it tell.
    fn agree(&self, subject: &Subject, view: View, facts: &[Fact<'a>]) -> bool {
        let is_each = match subject {
            Subject::Step(step) => self.steps[*step].sides == Sides::Each,
            Subject::Earlier(_) => true,
        };
        let same = |other: View| !is_each || other == view;
        let about: Vec<&Demand> = facts
            .iter()
            .filter(|(condition, other)| condition.subject == *subject && same(*other))
            .map(|(condition, _)| &condition.demand)
            .collect();
        let possible: Vec<Outcome<'_>> =
            self.outcomes(subject).into_iter().filter(|outcome| about.iter().all(|it| allows(it, *outcome))).collect();
        let wanted: Vec<&&Demand> = about.iter().filter(|demand| !matches!(demand, Demand::Not(_))).collect();
        let all = |one, other| wanted.iter().all(|it| meets(it, one) || meets(it, other));
        match is_each && view == View::All {
            _ if wanted.is_empty() => true,
            true => possible.iter().any(|one| possible.iter().any(|other| all(*one, *other))),
            false => possible.iter().any(|one| all(*one, *one)),
        }
    }

    /// Every answer after which there is more of the session.
    fn outcomes(&self, subject: &Subject) -> Vec<Outcome<'_>> {
        let (question, is_here) = match subject {
            Subject::Earlier(question) => (self.questions.get(question), None),
            Subject::Step(step) => match &self.steps[*step].work {
                Work::Measure { test, .. } => return test.band.keys().map(|id| Outcome::Id(id)).collect(),
                Work::Ask { question, repeats, .. } => (Some(question), Some((*step, repeats.is_some()))),
                _ => return Vec::new(),
            },
        };
        let Some(question) = question else { return Vec::new() };
        let trains = |from: usize| self.steps.iter().skip(from).any(|step| matches!(step.work, Work::Exercise { .. }));
        let stops = is_here.is_some_and(|(step, repeats)| !repeats || trains(step));
        let options = question.option.iter().filter(|(_, option)| !stops || option.stop.is_none());
        let scale = question.scale.iter().flat_map(|scale| {
            let end = scale.stop_from.filter(|_| stops && scale.stop.is_some()).unwrap_or(u8::MAX);
            (scale.low..=scale.high).filter(move |number| *number < end)
        });
        options.map(|(id, _)| Outcome::Id(id)).chain(scale.map(Outcome::Number)).collect()
    }
}

/// Whether `demand` can hold where `outcome` is one of the answers.
fn allows(demand: &Demand, outcome: Outcome<'_>) -> bool {
    match (demand, outcome) {
        (Demand::Not(ids), Outcome::Id(id)) => !ids.iter().any(|other| other == id),
        (Demand::All(ids), Outcome::Id(id)) => ids.iter().any(|other| other == id),
        _ => true,
    }
}

/// Whether `outcome` is an answer that `demand` wants.
fn meets(demand: &Demand, outcome: Outcome<'_>) -> bool {
    match (demand, outcome) {
        (Demand::Is(ids) | Demand::All(ids), Outcome::Id(id)) => ids.iter().any(|other| other == id),
        (Demand::AtLeast(least), Outcome::Number(number)) => number >= *least,
        _ => false,
    }
}
