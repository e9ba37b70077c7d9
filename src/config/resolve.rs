//! From definitions that name each other to protocols that hold all they need; and every name that leads nowhere.

mod conditions;
mod poses;

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;

use super::definitions::{Kind, ProtocolDef, StepDef};
use super::report::{MOST, Problem};
use super::sound::{self, Hear, Sound};
use super::tree::Node;
use super::{AUTO, BUILT_INS, Config, Definitions, merged};
use crate::keymap::Misbound;
use crate::protocol::{Protocol, Remark, Sides, Step, Suggestion, When, Work};

/// The most steps that a protocol has, and the most phases in all its rounds and reps: several times a long day.
const MOST_STEPS: usize = 100;
const MOST_PHASES: usize = 20_000;

/// Resolves every name in `definitions`; appends to `problems` what does not resolve, with its place in `tree`.
///
/// The result is of use only while there are no problems.
pub fn resolve(mut definitions: Definitions, tree: &Node, hear: &Hear<'_>, problems: &mut Vec<Problem>) -> Config {
    recordings(&mut definitions.sound, tree, hear, problems);
    poses::copy(&mut definitions);
    let mut resolver = Resolver { definitions: &definitions, tree, problems };
    resolver.tests();
    resolver.questions();
    resolver.exercises();
    resolver.figures();
    resolver.keys();
    resolver.sounds();
    resolver.theme();
    let protocols = resolver.protocols();
    resolver.home_screen();
    arranged(definitions, protocols, tree)
}

/// The same for definitions that a test has found right; `None` where a name leads nowhere all the same.
pub fn prepared(mut definitions: Definitions) -> Option<Config> {
    poses::copy(&mut definitions);
    let (tree, mut problems) = (merged(Vec::new()), Vec::new());
    let protocols = Resolver { definitions: &definitions, tree: &tree, problems: &mut problems }.protocols();
    problems.is_empty().then(|| arranged(definitions, protocols, &tree))
}

type Protocols = IndexMap<String, Arc<Protocol>>;

/// The configuration, with those `protocols` first that are on the home screen.
fn arranged(definitions: Definitions, mut protocols: Protocols, tree: &Node) -> Config {
    let wanted = &definitions.settings.protocols;
    let is_own = |id: &str| tree.locate(&["protocol", id]).source >= BUILT_INS.len();
    let places: HashMap<&String, usize> = wanted.iter().enumerate().rev().map(|(at, id)| (id, at)).collect();
    let place = |id: &String| match places.get(id) {
        Some(at) => *at,
        None if is_own(id) => wanted.len(),
        None => usize::MAX,
    };
    protocols.sort_by_cached_key(|id, _| place(id));
    let at_home = protocols.keys().filter(|id| place(id) < usize::MAX).count();
    Config {
        progress: definitions.progress,
        settings: definitions.settings,
        keys: definitions.keys,
        protocols,
        at_home,
        themes: definitions.theme,
        sound: definitions.sound,
        learn: definitions.learn,
        voice: definitions.voice,
        words: definitions.words,
    }
}

/// How many phases there are in all the rounds and reps of `work`, where it is an exercise.
fn phases(work: &Work) -> usize {
    let Work::Exercise { exercise, .. } = work else { return 0 };
    let sides = match exercise.sides {
        Sides::Each => 2,
        Sides::Both => 1,
    };
    sides * usize::from(exercise.most_rounds) * usize::from(exercise.reps.high()) * exercise.phase.len()
}

/// Reads the sound files that stand for notes.
fn recordings(sounds: &mut Sound, tree: &Node, hear: &Hear<'_>, problems: &mut Vec<Problem>) {
    for (cue, tone) in sounds.tones_mut() {
        let Some(file) = &tone.file else { continue };
        match hear(file) {
            Ok(recording) => tone.recording = Some(Arc::new(recording)),
            Err(why) => {
                let origin = tree.locate(&["sound", &Sound::key(cue), "file"]);
                let problem = Problem::new(origin, "a sound that can't be played", why);
                problems.push(problem.help(
                    "expected a WAV, Ogg Vorbis or FLAC file of up to 3 s, its path taken from the folder of this file; \
                     without `file` the notes sound",
                ));
            }
        }
    }
}

struct Resolver<'a> {
    definitions: &'a Definitions,
    tree: &'a Node,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Resolver<'a> {
    /// The first of `paths` that leads into a file of the person's, or else the first.
    fn blame<'p>(&self, paths: &[&'p [&'p str]]) -> &'p [&'p str] {
        let own = paths.iter().find(|path| self.tree.locate(path).source >= BUILT_INS.len());
        own.or(paths.first()).copied().unwrap_or(&[])
    }

    fn problem(&mut self, path: &[&str], title: impl AsRef<str>, label: impl AsRef<str>) {
        if self.problems.len() <= MOST {
            self.problems.push(Problem::new(self.tree.locate(path), title, label));
        }
    }

    fn unknown<'n>(&mut self, path: &[&str], what: &str, wrong: &str, names: impl IntoIterator<Item = &'n str>) {
        // More than this are not told, and the search for what was meant takes time.
        if self.problems.len() > MOST {
            return;
        }
        let problem = Problem::new(
            self.tree.locate(path),
            format!("unknown {what} `{wrong}`"),
            format!("there is no such {what}"),
        );
        self.problems.push(problem.suggest(wrong, names));
    }

    fn sounds(&mut self) {
        for (cue, tone) in self.definitions.sound.tones() {
            let key = Sound::key(cue);
            let path = ["sound", &key, "notes"];
            if tone.notes.is_empty() {
                self.problem(&path, "a sound without notes", "expected at least one; `level = 0` makes a cue silent");
            }
            if tone.notes.iter().any(|note| note.to.is_some() && note.hz.is_none()) {
                self.problem(&path, "a glide from nowhere", "expected `hz`, where the glide to `to` starts");
            }
            if tone.ms() > sound::LONGEST_MS {
                let label = format!("expected at most {} ms in all", sound::LONGEST_MS);
                self.problem(&path, "a sound too long", label);
            }
        }
    }

    fn theme(&mut self) {
        let wanted = &self.definitions.settings.theme;
        if wanted != AUTO && !self.definitions.theme.contains_key(wanted) {
            let known = self.definitions.theme.keys().map(String::as_str).chain([AUTO]);
            self.unknown(&["settings", "theme"], "theme", wanted, known);
        }
    }

    fn tests(&mut self) {
        for (id, test) in &self.definitions.test {
            if test.band.is_empty() {
                self.problem(&["test", id, "band"], "a test needs bands", "expected at least one band");
            }
            if test.answer.is_empty() || test.answer.len() > 9 {
                self.problem(
                    &["test", id, "answer"],
                    "wrong number of answers",
                    "expected 1 to 9, a digit key for each",
                );
            }
            let mut edges = test.band.iter().map(|(band, definition)| (band, definition.up_to)).peekable();
            while let Some((band, edge)) = edges.next() {
                let Some((next, next_edge)) = edges.peek() else { break };
                let ascending = match (edge, next_edge) {
                    (Some(edge), Some(next)) => edge < *next,
                    (edge, None) => edge.is_some(),
                    (None, Some(_)) => false,
                };
                if !ascending {
                    let label =
                        format!("expected more than the band before, `{band}`; only the last may have no `up-to`");
                    let paths = [["test", id, "band", next, "up-to"], ["test", id, "band", band, "up-to"]];
                    let path = self.blame(&paths.each_ref().map(|path| path.as_slice()));
                    self.problem(path, "bands out of order", label);
                }
            }
            if test.possible_change > test.real_change {
                let paths = [["test", id, "possible-change"], ["test", id, "real-change"]];
                let path = self.blame(&paths.each_ref().map(|path| path.as_slice()));
                self.problem(path, "thresholds out of order", "expected `possible-change` to be at most `real-change`");
            }
            if test.watch_difference > test.asymmetric_difference {
                let paths = [["test", id, "watch-difference"], ["test", id, "asymmetric-difference"]];
                let path = self.blame(&paths.each_ref().map(|path| path.as_slice()));
                self.problem(
                    path,
                    "thresholds out of order",
                    "expected `watch-difference` to be at most `asymmetric-difference`",
                );
            }
        }
    }

    fn questions(&mut self) {
        for (id, question) in &self.definitions.question {
            let path = ["question", id.as_str()];
            match (&question.scale, question.option.len()) {
                (None, 0) => {
                    self.problem(&path, "a question without answers", "expected `option` tables, or a `scale`");
                }
                (Some(_), 1..) => {
                    self.problem(
                        &["question", id, "option"],
                        "options and a scale",
                        "expected either `option` tables or a `scale`, not both",
                    );
                }
                (None, 11..) => {
                    self.problem(&path, "too many options", "expected at most 10, a digit key for each");
                }
                _ => {}
            }
            if let Some(scale) = &question.scale {
                if scale.low >= scale.high {
                    self.problem(&["question", id, "scale", "low"], "an empty scale", "expected less than `high`");
                }
                if scale.stop_from.is_some_and(|from| !(scale.low..=scale.high).contains(&from)) {
                    let label = format!("expected a number on the scale, {} to {}", scale.low, scale.high);
                    self.problem(&["question", id, "scale", "stop-from"], "a stop off the scale", label);
                }
                if scale.stop_from.is_some() != scale.stop.is_some() {
                    self.problem(
                        &["question", id, "scale"],
                        "half a stop",
                        "expected both `stop-from` and `stop`, or neither",
                    );
                }
            }
        }
    }

    fn exercises(&mut self) {
        for (id, exercise) in &self.definitions.exercise {
            if exercise.phase.is_empty() {
                self.problem(&["exercise", id, "phase"], "an exercise without phases", "expected at least one phase");
            }
            if exercise.rounds > exercise.most_rounds {
                let label = format!(
                    "expected `rounds` ({}) to be at most `most-rounds` ({})",
                    exercise.rounds, exercise.most_rounds
                );
                let paths = [["exercise", id, "rounds"], ["exercise", id, "most-rounds"]];
                let path = self.blame(&paths.each_ref().map(|path| path.as_slice()));
                self.problem(path, "more rounds than are good", label);
            }
            for (phase_id, _) in exercise.phase.iter().filter(|(_, phase)| phase.hold && phase.wait) {
                let paths = ["wait", "hold"].map(|key| ["exercise", id, "phase", phase_id, key]);
                let path = self.blame(&paths.each_ref().map(|path| path.as_slice()));
                let label = "a hold takes its time, and can't wait for the key as well";
                self.problem(path, "a hold that waits", label);
            }
            let counting: Vec<&String> =
                exercise.phase.iter().filter(|(_, phase)| phase.counts).map(|(id, _)| id).collect();
            if let [_, second, ..] = counting[..] {
                let path = ["exercise", id, "phase", second, "counts"];
                self.problem(
                    &path,
                    "a rep can count only once",
                    "expected `counts = true` on one phase of the exercise",
                );
            }
        }
    }

    fn keys(&mut self) {
        let keys = &self.definitions.keys;
        for wrong in keys.misbound() {
            let (action, index) = match wrong {
                Misbound::None(action) => (action, None),
                Misbound::Reserved(action, index)
                | Misbound::Alike(action, index, _)
                | Misbound::Taken(action, index, _) => (action, Some(index)),
            };
            let (name, index) = (keys.name(action), index.map(|index| index.to_string()));
            let own = ["keys", &name].into_iter().chain(index.as_deref()).collect::<Vec<_>>();
            match wrong {
                Misbound::None(_) => {
                    self.problem(&own, format!("no key for `{name}`"), "expected at least one key");
                }
                Misbound::Reserved(..) => {
                    let label = "digits choose and type, and Ctrl-C, Ctrl-Z and Ctrl-L are the same everywhere";
                    self.problem(&own, "this key is taken", label);
                }
                Misbound::Alike(_, _, other) => {
                    let other = String::from(other);
                    let label = format!("a plain terminal can't tell it from `{other}`: name that, or another key");
                    self.problem(&own, "this key is another one", label);
                }
                Misbound::Taken(_, _, other) => {
                    let other = keys.name(other);
                    let others = ["keys", other.as_str()];
                    let path = self.blame(&[&own, &others]).to_vec();
                    self.problem(
                        &path,
                        "one key for two things",
                        format!("`{name}` and `{other}` are offered on the same screen"),
                    );
                }
            }
        }
    }

    fn home_screen(&mut self) {
        let wanted = &self.definitions.settings.protocols;
        if wanted.is_empty() {
            self.problem(&["settings", "protocols"], "nothing to start", "expected the name of at least one protocol");
        }
        for (index, id) in wanted.iter().enumerate() {
            if !self.definitions.protocol.contains_key(id) {
                let names = self.definitions.protocol.keys().map(String::as_str);
                self.unknown(&["settings", "protocols", &index.to_string()], "protocol", id, names);
            }
        }
    }

    fn protocols(&mut self) -> Protocols {
        let definitions = self.definitions;
        let protocol = |(id, definition): (&String, _)| (id.clone(), Arc::new(self.protocol(id, definition)));
        definitions.protocol.iter().map(protocol).collect()
    }

    fn protocol(&mut self, id: &str, definition: &ProtocolDef) -> Protocol {
        let path = ["protocol", id, "step"];
        match definition.step.len() {
            0 => self.problem(&path, "a protocol without steps", "expected at least one step"),
            1..=MOST_STEPS => {}
            many => {
                let label = format!("expected at most {MOST_STEPS} steps, not {many}");
                self.problem(&path, "a protocol too long", label);
            }
        }
        let steps = definition.step.iter().enumerate().filter_map(|(index, (name, step))| {
            let path = ["protocol", id, "step", name];
            let when = self.when(&path, definition, index, [&step.when, &step.when_any]);
            let sides = step.sides.unwrap_or_default();
            let work = self.work(&path, definition, index, step)?;
            Some(Step { id: name.clone(), sides, when, work })
        });
        let steps: Vec<Step> = steps.take(MOST_STEPS).collect();
        let phases: usize = steps.iter().map(|step| phases(&step.work)).sum();
        if phases > MOST_PHASES {
            let label = format!("expected at most {MOST_PHASES} phases in all rounds and reps of it, not {phases}");
            self.problem(&["protocol", id], "a protocol too long", label);
        }
        let remarks = definition.remark.iter().map(|(name, remark)| {
            let path = ["protocol", id, "remark", name];
            let when = self.when(&path, definition, usize::MAX, [&remark.when, &remark.when_any]);
            Remark { place: remark.place, text: remark.text.clone(), when }
        });
        let remarks = remarks.collect();
        let conditions = self.conditions(&["protocol", id], "suggest-when", definition, 0, &definition.suggest_when);
        if definition.suggest.is_none() && !definition.suggest_when.is_empty() {
            let label = "expected `suggest` beside it: the reason, in a sentence";
            self.problem(&["protocol", id, "suggest-when"], "suggested without a reason", label);
        }
        let suggestion = definition.suggest.clone().map(|reason| {
            let when = When { every: conditions, any: Vec::new() };
            Suggestion { reason, when }
        });
        Protocol {
            suggestion,
            id: id.to_owned(),
            title: definition.title.clone(),
            summary: definition.summary.clone(),
            steps,
            remarks,
        }
    }

    fn work(&mut self, path: &[&str], protocol: &ProtocolDef, index: usize, step: &StepDef) -> Option<Work> {
        self.keys_fit(path, step);
        let repeats = match &step.repeats {
            Some(name) => {
                let at = self.earlier_step(&[path, &["repeats"]].concat(), protocol, index, name)?;
                let first = &protocol.step[at];
                let same =
                    |one: &StepDef| (one.kind, one.test.clone(), one.question.clone(), one.sides.unwrap_or_default());
                if same(first) != same(step) || first.repeats.is_some() {
                    let label = "expected a step with the same test or question, on the same sides";
                    self.problem(&[path, &["repeats"]].concat(), "nothing to compare with", label);
                }
                Some(at)
            }
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
        for (key, present) in present {
            if needs.contains(&key) && !present {
                let label = format!("expected `{key}` beside `kind = {kind}`");
                self.problem(path, format!("the step needs `{key}`"), label);
            } else if present && !needs.contains(&key) && !takes.contains(&key) {
                let label = format!("a step of `kind = {kind}` takes no `{key}`");
                self.problem(&[path, &[key]].concat(), format!("`{key}` does not belong here"), label);
            }
        }
    }

    fn look_up<T>(
        &mut self,
        path: &[&str],
        what: &str,
        id: &str,
        known: &IndexMap<String, Arc<T>>,
    ) -> Option<(String, Arc<T>)> {
        let found = known.get(id).cloned();
        if found.is_none() {
            self.unknown(path, what, id, known.keys().map(String::as_str));
        }
        Some((id.to_owned(), found?))
    }
}
