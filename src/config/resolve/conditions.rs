//! Conditions on earlier answers: which step or question each looks at, and whether its answers can be what is demanded.

use super::Resolver;
use crate::config::definitions::{ConditionDef, Kind, ProtocolDef, StepDef};
use crate::protocol::{Condition, Demand, Subject, When};

/// The outcomes that an answer can have.
struct Outcomes<'a> {
    ids: Vec<&'a str>,
    scale: bool,
}

impl<'a> Resolver<'a> {
    /// The index of the step `name`, which must come before the step `index`.
    pub fn earlier_step(&mut self, path: &[&str], protocol: &ProtocolDef, index: usize, name: &str) -> Option<usize> {
        let found = protocol.step.get_index_of(name);
        match found {
            Some(at) if at < index => return found,
            Some(at) => {
                let title =
                    if at == index { "a step can't depend on itself" } else { "a step can't depend on a later one" };
                self.problem(path, title, format!("expected a step that comes before; `{name}` does not"));
            }
            None => self.unknown(path, "step", name, protocol.step.keys().map(String::as_str).take(index)),
        }
        None
    }

    pub fn when(
        &mut self,
        path: &[&str],
        protocol: &ProtocolDef,
        index: usize,
        lists: [&Vec<ConditionDef>; 2],
    ) -> When {
        let [every, any] = [("when", lists[0]), ("when-any", lists[1])]
            .map(|(key, conditions)| self.conditions(path, key, protocol, index, conditions));
        When { every, any }
    }

    pub fn conditions(
        &mut self,
        path: &[&str],
        key: &str,
        protocol: &ProtocolDef,
        index: usize,
        conditions: &[ConditionDef],
    ) -> Vec<Condition> {
        let resolved = conditions.iter().enumerate().filter_map(|(at, condition)| {
            self.condition(&[path, &[key, &at.to_string()]].concat(), protocol, index, condition)
        });
        resolved.collect()
    }

    fn condition(
        &mut self,
        path: &[&str],
        protocol: &ProtocolDef,
        index: usize,
        condition: &ConditionDef,
    ) -> Option<Condition> {
        let (subject, outcomes) = match (&condition.step, &condition.earlier) {
            (Some(name), None) => {
                let at = self.earlier_step(&[path, &["step"]].concat(), protocol, index, name)?;
                (Subject::Step(at), self.outcomes_of_step(&[path, &["step"]].concat(), &protocol.step[at])?)
            }
            (None, Some(question)) => {
                if condition.at_least.is_some() {
                    let label = "of earlier sessions only options are known; expected `is`, `not` or `all`";
                    self.problem(&[path, &["at-least"]].concat(), "no number to compare", label);
                    return None;
                }
                let (id, _) =
                    self.look_up(&[path, &["earlier"]].concat(), "question", question, &self.definitions.question)?;
                let outcomes = self.outcomes_of_question(question)?;
                (Subject::Earlier(id), outcomes)
            }
            _ => {
                self.problem(path, "what does it look at?", "expected one of `step` and `earlier`");
                return None;
            }
        };
        let demand = match (&condition.is, &condition.not, &condition.all, condition.at_least) {
            (Some(ids), None, None, None) => ("is", Demand::Is(ids.clone())),
            (None, Some(ids), None, None) => ("not", Demand::Not(ids.clone())),
            (None, None, Some(ids), None) => ("all", Demand::All(ids.clone())),
            (None, None, None, Some(least)) => ("at-least", Demand::AtLeast(least)),
            _ => {
                self.problem(path, "what does it demand?", "expected one of `is`, `not`, `all` and `at-least`");
                return None;
            }
        };
        match &demand.1 {
            Demand::AtLeast(_) if !outcomes.scale => {
                self.problem(
                    &[path, &["at-least"]].concat(),
                    "no number to compare",
                    "expected the step to ask for a number on a scale",
                );
            }
            Demand::AtLeast(_) => {}
            Demand::Is(ids) | Demand::Not(ids) | Demand::All(ids) => {
                if ids.is_empty() {
                    self.problem(&[path, &[demand.0]].concat(), "an empty list", "expected at least one outcome");
                }
                for (at, id) in ids.iter().enumerate() {
                    if !outcomes.ids.contains(&id.as_str()) {
                        self.unknown(
                            &[path, &[demand.0, &at.to_string()]].concat(),
                            "outcome",
                            id,
                            outcomes.ids.iter().copied(),
                        );
                    }
                }
            }
        }
        Some(Condition { subject, demand: demand.1 })
    }

    fn outcomes_of_step(&mut self, path: &[&str], step: &StepDef) -> Option<Outcomes<'a>> {
        match (step.kind, &step.test, &step.question) {
            (Kind::Measure, Some(test), _) => {
                let ids = self.definitions.test.get(test)?.band.keys().map(String::as_str).collect();
                Some(Outcomes { ids, scale: false })
            }
            (Kind::Ask, _, Some(question)) => self.outcomes_of_question(question),
            (Kind::Measure | Kind::Ask, ..) => None,
            _ => {
                self.problem(path, "a step without an answer", "expected a step of kind \"measure\" or \"ask\"");
                None
            }
        }
    }

    fn outcomes_of_question(&self, question: &str) -> Option<Outcomes<'a>> {
        let question = self.definitions.question.get(question)?;
        Some(Outcomes { ids: question.option.keys().map(String::as_str).collect(), scale: question.scale.is_some() })
    }
}
