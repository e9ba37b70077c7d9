//! Conditions on earlier answers: which step or question each looks at, and whether its answers can be what is demanded.

use super::{Looking, Resolver};
use crate::config::definitions::{ConditionDef, Kind, ProtocolDef, StepDef};
use crate::config::report::Problem;
use crate::protocol::{Condition, Demand, Question, Subject, When};

/// The outcomes that an answer can have, and the values that decide on them.
struct Outcomes<'a> {
    ids: Vec<&'a str>,
    /// The largest number, where the answer is a number.
    most: Option<u8>,
    reads: Vec<Vec<&'a str>>,
}

impl<'a> Resolver<'a> {
    /// The index of the step `name`, which must come before that of `looking`.
    pub fn earlier_step(
        &mut self,
        path: &[&str],
        protocol: &ProtocolDef,
        looking: Looking,
        name: &str,
    ) -> Option<usize> {
        let index = match looking {
            Looking::Step(index) | Looking::Plan(index) => index,
            Looking::Remark => usize::MAX,
            Looking::Suggestion => {
                let label = "expected `earlier` and a question: a suggestion is made before the session has any step";
                let question = protocol.step.get(name).and_then(|step| step.question.as_deref());
                match question.map(|question| format!("write `earlier = \"{question}\"` in its place")) {
                    Some(help) => self.remedy(&[path], "a suggestion can't look at a step", label, help),
                    None => self.problem(&[path], "a suggestion can't look at a step", label),
                }
                return None;
            }
        };
        match protocol.step.get_index_of(name) {
            Some(at) if at < index => return Some(at),
            Some(at) => {
                let title = match looking {
                    Looking::Plan(_) => "advice on the plan can't depend on a step behind it",
                    _ if at == index => "a step can't depend on itself",
                    _ => "a step can't depend on a later one",
                };
                self.problem(&[path], title, format!("expected a step that comes before; `{name}` does not"));
            }
            None => {
                let step = [&path[..2], &["step", name]].concat();
                let asks = |(_, step): &(&String, &StepDef)| {
                    step.question.as_deref() == Some(name) || step.test.as_deref() == Some(name)
                };
                if let Some((meant, _)) = protocol.step.iter().take(index).find(asks) {
                    let label = "there is no such step; a condition names steps, not what they ask";
                    let help = format!("did you mean the step `{meant}`, which asks it?");
                    self.remedy(&[path, &step], format!("unknown step `{name}`"), label, help);
                    return None;
                }
                self.unknown(&[path, &step], "step", name, protocol.step.keys().map(String::as_str).take(index));
            }
        }
        None
    }

    pub fn when(
        &mut self,
        path: &[&str],
        protocol: &'a ProtocolDef,
        looking: Looking,
        lists: [&Vec<ConditionDef>; 2],
    ) -> When {
        let [every, any] = [("when", lists[0]), ("when-any", lists[1])]
            .map(|(key, conditions)| self.conditions(path, key, protocol, looking, conditions));
        When { every, any }
    }

    pub fn conditions(
        &mut self,
        path: &[&str],
        key: &str,
        protocol: &'a ProtocolDef,
        looking: Looking,
        conditions: &[ConditionDef],
    ) -> Vec<Condition> {
        let resolved = conditions.iter().enumerate().filter_map(|(at, condition)| {
            self.condition(&[path, &[key, &at.to_string()]].concat(), protocol, looking, condition)
        });
        resolved.collect()
    }

    fn condition(
        &mut self,
        path: &[&str],
        protocol: &'a ProtocolDef,
        looking: Looking,
        condition: &ConditionDef,
    ) -> Option<Condition> {
        let demand = self.demand(path, condition);
        let (subject, outcomes) = match (&condition.step, &condition.earlier) {
            (Some(name), None) => {
                let own = [path, &["step"]].concat();
                let at = self.earlier_step(&own, protocol, looking, name)?;
                (Subject::Step(at), self.outcomes_of_step(&own, protocol, at)?)
            }
            (None, Some(question)) => {
                let own = [path, &["earlier"]].concat();
                let (id, _) = self.look_up(&own, "question", question, &self.definitions.question)?;
                if self.looks_for_a_number(path, question, condition) {
                    return None;
                }
                let (id_there, found) = self.definitions.question.get_key_value(question)?;
                (Subject::Earlier(id), outcomes_of_question(id_there, found))
            }
            (step, _) => {
                let [one, other] = ["step", "earlier"].map(|key| [path, &[key]].concat());
                let label = match step {
                    Some(_) => "expected one of `step` and `earlier`, not both",
                    None => "expected `step` or `earlier` beside it",
                };
                self.problem(&[path, &one, &other], "what does it look at?", label);
                return None;
            }
        };
        let (key, demand) = demand?;
        self.fulfillable(path, key, &demand, &outcomes);
        Some(Condition { subject, demand })
    }

    /// What `condition` demands, and the key that says so.
    fn demand(&mut self, path: &[&str], condition: &ConditionDef) -> Option<(&'static str, Demand)> {
        let demands = [
            condition.is.clone().map(|ids| ("is", Demand::Is(ids))),
            condition.not.clone().map(|ids| ("not", Demand::Not(ids))),
            condition.all.clone().map(|ids| ("all", Demand::All(ids))),
            condition.at_least.map(|least| ("at-least", Demand::AtLeast(least))),
        ];
        let mut demands = demands.into_iter().flatten();
        match (demands.next(), demands.next()) {
            (Some(demand), None) => Some(demand),
            (first, second) => {
                let paths = ["is", "not", "all", "at-least"].map(|key| [path, &[key]].concat());
                let reads: Vec<&[&str]> = std::iter::once(path).chain(paths.iter().map(Vec::as_slice)).collect();
                let label = match first.zip(second) {
                    Some(((one, _), (other, _))) => {
                        format!("`{one}` and `{other}` are two conditions; expected each in braces of its own")
                    }
                    None => "expected one of `is`, `not`, `all` and `at-least`".to_owned(),
                };
                self.problem(&reads, "what does it demand?", label);
                None
            }
        }
    }

    /// Tells where `condition` looks at a number of an earlier session.
    fn looks_for_a_number(&mut self, path: &[&str], question: &str, condition: &ConditionDef) -> bool {
        let is_scale = self.definitions.question.get(question).is_some_and(|question| question.scale.is_some());
        if condition.at_least.is_none() && !is_scale {
            return false;
        }
        let key = if condition.at_least.is_some() { "at-least" } else { "earlier" };
        let (own, scale) = ([path, &[key]].concat(), ["question", question, "scale"]);
        let label = match is_scale {
            true => format!("of earlier sessions only options are known, and `{question}` asks for a number"),
            false => "of earlier sessions only options are known; expected `is`, `not` or `all`".to_owned(),
        };
        let reads: &[&[&str]] = if is_scale { &[&own, &scale] } else { &[&own] };
        self.problem(reads, "no number to compare", label);
        true
    }

    /// Tells of a demand that no answer can meet.
    fn fulfillable(&mut self, path: &[&str], key: &str, demand: &Demand, outcomes: &Outcomes<'_>) {
        let own = [path, &[key]].concat();
        match (demand, outcomes.most) {
            (Demand::AtLeast(least), Some(most)) if *least > most => {
                let label = format!("expected a number on the scale, at most {most}");
                self.mismatch(&own, outcomes, "a number off the scale", &label);
            }
            (Demand::AtLeast(_), Some(_)) => {}
            (Demand::AtLeast(_), None) => {
                let label = "expected the step to ask for a number on a scale";
                self.mismatch(&own, outcomes, "no number to compare", label);
            }
            (Demand::Is(ids) | Demand::Not(ids) | Demand::All(ids), most) => {
                if ids.is_empty() {
                    self.problem(&[&own], "an empty list", "expected at least one outcome");
                } else if most.is_some() {
                    let label = "expected `at-least`: what it looks at is a number on a scale";
                    return self.mismatch(&own, outcomes, "a number has no options", label);
                }
                for (at, id) in ids.iter().enumerate().filter(|(_, id)| !outcomes.ids.contains(&id.as_str())) {
                    self.unknown_outcome(&[&own[..], &[&at.to_string()]].concat(), id, outcomes);
                }
            }
        }
    }

    /// Tells that the demand at `path` does not fit the `outcomes`, with `label` at the demand itself.
    fn mismatch(&mut self, path: &[&str], outcomes: &Outcomes<'_>, title: &str, label: &str) {
        let reads: Vec<&[&str]> = std::iter::once(path).chain(outcomes.reads.iter().map(Vec::as_slice)).collect();
        let Some(origin) = self.place(&reads) else { return };
        let is_own = origin == self.tree.locate(path);
        let elsewhere = format!("this does not fit the condition of `{}`", path[..path.len().min(4)].join("."));
        self.push(Problem::new(origin, title, if is_own { label } else { &elsewhere }));
    }

    fn unknown_outcome(&mut self, path: &[&str], id: &str, outcomes: &Outcomes<'_>) {
        let would_be: Vec<Vec<&str>> = outcomes.reads.iter().map(|read| [read, &[id][..]].concat()).collect();
        let paths = outcomes.reads.iter().chain(&would_be).map(Vec::as_slice);
        let reads: Vec<&[&str]> = std::iter::once(path).chain(paths).collect();
        let Some(origin) = self.place(&reads) else { return };
        let label = match origin == self.tree.locate(path) {
            true => "there is no such outcome".to_owned(),
            false => format!("`{}` looks for this outcome, and here is none of that name", path[..4].join(".")),
        };
        let problem = Problem::new(origin, format!("unknown outcome `{id}`"), label);
        self.push(problem.suggest(id, outcomes.ids.iter().copied()));
    }

    fn outcomes_of_step(&mut self, path: &[&str], protocol: &'a ProtocolDef, at: usize) -> Option<Outcomes<'a>> {
        let (name, step) = protocol.step.get_index(at)?;
        let id = self.definitions.protocol.iter().find(|(_, known)| std::ptr::eq(*known, protocol))?.0;
        let read = |key| vec!["protocol", id.as_str(), "step", name.as_str(), key];
        let mut outcomes = match (step.kind, &step.test, &step.question) {
            (Kind::Measure, Some(test), _) => {
                let (test, found) = self.definitions.test.get_key_value(test)?;
                let ids = found.band.keys().map(String::as_str).collect();
                Outcomes { ids, most: None, reads: vec![vec!["test", test, "band"], read("test")] }
            }
            (Kind::Ask, _, Some(question)) => {
                let (question, found) = self.definitions.question.get_key_value(question)?;
                let mut outcomes = outcomes_of_question(question, found);
                outcomes.reads.push(read("question"));
                outcomes
            }
            (Kind::Measure | Kind::Ask, ..) => return None,
            _ => {
                let label = "expected a step of kind \"measure\" or \"ask\"";
                self.problem(&[path, &read("kind")], "a step without an answer", label);
                return None;
            }
        };
        outcomes.reads.push(read("kind"));
        Some(outcomes)
    }
}

fn outcomes_of_question<'a>(id: &'a str, question: &'a Question) -> Outcomes<'a> {
    Outcomes {
        ids: question.option.keys().map(String::as_str).collect(),
        most: question.scale.as_ref().map(|scale| scale.high),
        reads: vec![vec!["question", id, "option"], vec!["question", id, "scale", "high"]],
    }
}
