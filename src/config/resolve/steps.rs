//! Steps: whether each has the keys of its kind, and what it names.

use super::{Looking, Resolver};
use crate::config::definitions::{Kind, ProtocolDef, StepDef};
use crate::protocol::Work;

impl Resolver<'_> {
    /// What is done in `step`, the one with this index; `None` where that is not known.
    pub fn work(&mut self, path: &[&str], protocol: &ProtocolDef, index: usize, step: &StepDef) -> Option<Work> {
        self.keys_fit(path, step);
        let repeats = match &step.repeats {
            Some(name) => Some(self.repeated(path, protocol, index, step, name)?),
            None => None,
        };
        let title = || step.title.clone().unwrap_or_default();
        let text = || step.text.clone().unwrap_or_default();
        Some(match step.kind {
            Kind::Measure => {
                let (test_id, test) =
                    self.look_up(&[path, &["test"]].concat(), "test", step.test.as_deref()?, &self.definitions.test)?;
                Work::Measure { test_id, test, repeats }
            }
            Kind::Ask => {
                let (question_id, question) = self.look_up(
                    &[path, &["question"]].concat(),
                    "question",
                    step.question.as_deref()?,
                    &self.definitions.question,
                )?;
                Work::Ask { question_id, question, repeats, required: step.required.unwrap_or(false) }
            }
            Kind::Exercise => {
                let (exercise_id, exercise) = self.look_up(
                    &[path, &["exercise"]].concat(),
                    "exercise",
                    step.exercise.as_deref()?,
                    &self.definitions.exercise,
                )?;
                Work::Exercise { exercise_id, exercise }
            }
            Kind::Prepare => Work::Prepare { title: title(), text: text() },
            Kind::Rest => Work::Rest { title: title(), seconds: step.seconds? },
            Kind::Note => Work::Note { title: title(), text: text() },
        })
    }

    /// The index of the earlier step `name`, which `step` repeats.
    fn repeated(
        &mut self,
        path: &[&str],
        protocol: &ProtocolDef,
        index: usize,
        step: &StepDef,
        name: &str,
    ) -> Option<usize> {
        let own = [path, &["repeats"]].concat();
        let at = self.earlier_step(&own, protocol, Looking::Step(index), name)?;
        let first = &protocol.step[at];
        let other = [&path[..3], &[name]].concat();
        let same = |one: &StepDef| (one.kind, one.test.clone(), one.question.clone(), one.sides.unwrap_or_default());
        if same(first) != same(step) || first.repeats.is_some() {
            let keys = ["kind", "test", "question", "sides"];
            let paths = [&other, path].map(|path| keys.map(|key| [path, &[key]].concat()));
            let again = [other.as_slice(), &["repeats"]].concat();
            let reads = [own.as_slice(), &again].into_iter().chain(paths.iter().flatten().map(Vec::as_slice));
            let label = match first.repeats.is_some() {
                true => format!("expected the first step of its kind; `{name}` repeats another one itself"),
                false => format!(
                    "expected `{}` to have the same `kind`, `test`, `question` and `sides` as `{name}`",
                    path[3]
                ),
            };
            self.problem(&reads.collect::<Vec<_>>(), "nothing to compare with", label);
        }
        Some(at)
    }

    /// Whether the step has the keys that its kind needs, and none that it does not take.
    fn keys_fit(&mut self, path: &[&str], step: &StepDef) {
        let needs: &[&str] = match step.kind {
            Kind::Measure => &["test"],
            Kind::Ask => &["question"],
            Kind::Exercise => &["exercise"],
            Kind::Prepare | Kind::Note => &["title", "text"],
            Kind::Rest => &["title", "seconds"],
        };
        let takes: &[&str] = match step.kind {
            Kind::Measure => &["sides", "repeats"],
            Kind::Ask => &["sides", "repeats", "required"],
            _ => &[],
        };
        let present = [
            ("test", step.test.is_some()),
            ("question", step.question.is_some()),
            ("exercise", step.exercise.is_some()),
            ("title", step.title.is_some()),
            ("text", step.text.is_some()),
            ("seconds", step.seconds.is_some()),
            ("sides", step.sides.is_some()),
            ("repeats", step.repeats.is_some()),
            ("required", step.required.is_some()),
        ];
        let kind = toml::Value::try_from(step.kind).map(|kind| kind.to_string()).unwrap_or_default();
        let of_kind = [path, &["kind"]].concat();
        for (key, present) in present {
            let own = [path, &[key]].concat();
            if needs.contains(&key) && !present {
                let label = format!("expected `{key}` beside `kind = {kind}`");
                self.problem(&[&of_kind, &own], format!("the step needs `{key}`"), label);
            } else if present && !needs.contains(&key) && !takes.contains(&key) {
                let label = format!("a step of `kind = {kind}` takes no `{key}`");
                self.problem(&[&own, &of_kind], format!("`{key}` does not belong here"), label);
            }
        }
    }
}
