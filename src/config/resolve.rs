//! From definitions that name each other to protocols that hold all they need; and every name that leads nowhere.

mod bindings;
mod conditions;
mod never;
mod poses;
mod reach;
mod steps;
mod trained;

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;

use super::definitions::{Kind, ProtocolDef};
use super::doubts::Doubts;
use super::report::{MOST, Origin, Problem};
use super::sound::{Hear, Sound};
use super::tree::Node;
use super::{AUTO, BUILT_INS, Config, Definitions, merged};
use crate::protocol::{Place, Protocol, Remark, Sides, Step, Suggestion, When, Work};
use crate::theme::colour::Colour;

/// The most steps that a protocol has, and the most phases in all its rounds and reps: several times a long day.
const MOST_STEPS: usize = 100;
const MOST_PHASES: usize = 20_000;

/// Resolves every name in `definitions`; appends to `problems` what does not resolve, with its place in `tree`, unless it
/// builds on one of the `doubts`.
///
/// The result is of use only while there are no problems.
pub fn resolve(
    mut definitions: Definitions,
    tree: &Node,
    doubts: &Doubts,
    hear: &Hear<'_>,
    problems: &mut Vec<Problem>,
) -> Config {
    recordings(&mut definitions.sound, tree, doubts, hear, problems);
    poses::copy(&mut definitions);
    let mut resolver = Resolver::new(&definitions, tree, doubts, problems);
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
    let (tree, doubts, mut problems) = (merged(Vec::new()), Doubts::default(), Vec::new());
    let mut resolver = Resolver::new(&definitions, &tree, &doubts, &mut problems);
    let protocols = resolver.protocols();
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
fn recordings(sounds: &mut Sound, tree: &Node, doubts: &Doubts, hear: &Hear<'_>, problems: &mut Vec<Problem>) {
    for (cue, tone) in sounds.tones_mut() {
        let key = Sound::key(cue);
        let path = ["sound", &key, "file"];
        let Some(file) = tone.file.as_ref().filter(|_| !doubts.cover(&path)) else { continue };
        match hear(file) {
            Ok(recording) => tone.recording = Some(Arc::new(recording)),
            Err(why) => {
                let origin = tree.locate(&path);
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
    doubts: &'a Doubts,
    problems: &'a mut Vec<Problem>,
    /// How many sets of conditions were tried so far.
    tried: Cell<usize>,
}

impl<'a> Resolver<'a> {
    fn new(
        definitions: &'a Definitions,
        tree: &'a Node,
        doubts: &'a Doubts,
        problems: &'a mut Vec<Problem>,
    ) -> Resolver<'a> {
        Resolver { definitions, tree, doubts, problems, tried: Cell::new(0) }
    }

    /// The place of a problem that lies in the values at `reads`: the first of them that is the person's own. `None`, where
    /// one of them is not known, or so much is wrong that no more of it is told.
    fn place(&self, reads: &[&[&str]]) -> Option<Origin> {
        if self.problems.len() > MOST || reads.iter().any(|path| self.doubts.void(path, self.tree)) {
            return None;
        }
        let own = |path: &&&[&str]| self.tree.locate(path).source >= BUILT_INS.len();
        let there = reads.iter().find(|path| self.tree.has(path) && own(path));
        let path = there.or_else(|| reads.iter().find(own)).or(reads.first());
        path.map(|path| self.tree.locate(path))
    }

    /// Tells `problem`, unless it was told of the same place: one value can be wrong for many that look at it.
    fn push(&mut self, problem: Problem) {
        let is_told = |told: &Problem| told.origin == problem.origin && told.title == problem.title;
        if !self.problems.iter().any(is_told) {
            self.problems.push(problem);
        }
    }

    /// Tells a problem that lies in the values at `reads`.
    fn problem(&mut self, reads: &[&[&str]], title: impl AsRef<str>, label: impl AsRef<str>) {
        if let Some(origin) = self.place(reads) {
            self.push(Problem::new(origin, title, label));
        }
    }

    /// Tells a problem that lies in the values at `reads`, with its remedy.
    fn remedy(&mut self, reads: &[&[&str]], title: impl AsRef<str>, label: impl AsRef<str>, help: impl AsRef<str>) {
        if let Some(origin) = self.place(reads) {
            self.push(Problem::new(origin, title, label).help(help));
        }
    }

    /// Tells that nothing of what there is, at one of `reads`, has the name `wrong` of a `what`.
    fn unknown<'n>(&mut self, reads: &[&[&str]], what: &str, wrong: &str, names: impl IntoIterator<Item = &'n str>) {
        // The search for what was meant takes time, and is for what is told.
        if let Some(origin) = self.place(reads) {
            let problem = Problem::new(origin, format!("unknown {what} `{wrong}`"), format!("there is no such {what}"));
            self.push(problem.suggest(wrong, names));
        }
    }

    fn theme(&mut self) {
        let definitions = self.definitions;
        for (name, theme) in &definitions.theme {
            let roles = [
                ("text", theme.text),
                ("quiet", theme.quiet),
                ("accent", theme.accent),
                ("warning", theme.warning),
                ("forward", theme.forward),
                ("hold", theme.hold),
                ("back", theme.back),
                ("between", theme.between),
            ];
            // The terminal's own colours differ, as far as its owner sees to it.
            let is_exact = theme.background != Colour::Terminal;
            for (role, _) in roles.into_iter().filter(|(_, colour)| is_exact && *colour == theme.background) {
                let label = "expected another colour than that of the background, which it stands on";
                self.problem(&[&["theme", name, role], &["theme", name, "background"]], "what can't be seen", label);
            }
        }
        let wanted = &self.definitions.settings.theme;
        if wanted != AUTO && !self.definitions.theme.contains_key(wanted) {
            let known = self.definitions.theme.keys().map(String::as_str).chain([AUTO]);
            self.unknown(&[&["settings", "theme"], &["theme", wanted]], "theme", wanted, known);
        }
    }

    fn home_screen(&mut self) {
        let wanted = &self.definitions.settings.protocols;
        if wanted.is_empty() {
            let label = "expected the name of at least one protocol";
            self.problem(&[&["settings", "protocols"]], "nothing to start", label);
        }
        for (index, id) in wanted.iter().enumerate() {
            if !self.definitions.protocol.contains_key(id) {
                let names = self.definitions.protocol.keys().map(String::as_str);
                let at = index.to_string();
                self.unknown(&[&["settings", "protocols", &at], &["protocol", id]], "protocol", id, names);
            }
        }
    }

    fn protocols(&mut self) -> Protocols {
        let definitions = self.definitions;
        let protocol = |(id, definition): (&String, _)| (id.clone(), Arc::new(self.protocol(id, definition)));
        definitions.protocol.iter().map(protocol).collect()
    }

    fn protocol(&mut self, id: &str, definition: &'a ProtocolDef) -> Protocol {
        let before = self.problems.len();
        let steps = definition.step.iter().enumerate().filter_map(|(index, (name, step))| {
            let path = ["protocol", id, "step", name];
            let when = self.when(&path, definition, Looking::Step(index), [&step.when, &step.when_any]);
            let sides = step.sides.unwrap_or_default();
            let work = self.work(&path, definition, index, step)?;
            Some(Step { id: name.clone(), sides, when, work })
        });
        let steps: Vec<Step> = steps.take(MOST_STEPS).collect();
        self.length(id, definition, &steps);
        // The plan comes before the first exercise.
        let planned = definition.step.values().position(|step| step.kind == Kind::Exercise).unwrap_or(usize::MAX);
        let remarks = definition.remark.iter().map(|(name, remark)| {
            let path = ["protocol", id, "remark", name];
            let looking = if remark.place == Place::Plan { Looking::Plan(planned) } else { Looking::Remark };
            let when = self.when(&path, definition, looking, [&remark.when, &remark.when_any]);
            Remark { place: remark.place, urgent: remark.urgent, text: remark.text.clone(), when }
        });
        let remarks = remarks.collect();
        let protocol = Protocol {
            suggestion: self.suggestion(id, definition),
            id: id.to_owned(),
            title: definition.title.clone(),
            summary: definition.summary.clone(),
            steps,
            remarks,
        };
        self.goes_on(&protocol);
        if self.problems.len() == before && self.is_own(&["protocol", id]) {
            self.never(&protocol, definition);
        }
        protocol
    }

    /// Whether the value at `path` is the person's own, or something below it is.
    pub fn is_own(&self, path: &[&str]) -> bool {
        self.tree.at(path).is_some_and(|node| node.has_source(BUILT_INS.len()..usize::MAX))
    }

    fn suggestion(&mut self, id: &str, definition: &'a ProtocolDef) -> Option<Suggestion> {
        let path = ["protocol", id];
        let demands = &definition.suggest_when;
        let conditions = self.conditions(&path, "suggest-when", definition, Looking::Suggestion, demands);
        let [reason, when] = ["suggest", "suggest-when"].map(|key| ["protocol", id, key]);
        if definition.suggest.is_none() && !demands.is_empty() {
            let label = "expected `suggest` beside it: the reason, in a sentence";
            self.problem(&[&when, &reason], "suggested without a reason", label);
        }
        if definition.suggest.is_some() && demands.is_empty() {
            let label = "expected `suggest-when` beside it: the earlier answers that call for it";
            self.problem(&[&reason, &when], "suggested without a condition", label);
        }
        let when = When { every: conditions, any: Vec::new() };
        definition.suggest.clone().map(|reason| Suggestion { reason, when })
    }

    /// Whether the protocol has steps, and neither too many of them nor too many phases.
    fn length(&mut self, id: &str, definition: &ProtocolDef, steps: &[Step]) {
        let path = ["protocol", id, "step"];
        let each: Vec<[&str; 4]> = definition.step.keys().rev().map(|step| ["protocol", id, "step", step]).collect();
        let each: Vec<&[&str]> = each.iter().map(<[&str; 4]>::as_slice).collect();
        match definition.step.len() {
            0 => self.problem(&[&path], "a protocol without steps", "expected at least one step"),
            1..=MOST_STEPS => {}
            many => {
                let label = format!("expected at most {MOST_STEPS} steps, not {many}");
                self.problem(&[&each, &[&path[..]][..]].concat(), "a protocol too long", label);
            }
        }
        let phases: usize = steps.iter().map(|step| phases(&step.work)).sum();
        if phases > MOST_PHASES {
            let label = format!("expected at most {MOST_PHASES} phases in all rounds and reps of it, not {phases}");
            let trained = steps.iter().filter_map(|step| match &step.work {
                Work::Exercise { exercise_id, .. } => Some(exercise_id.as_str()),
                _ => None,
            });
            let doses: Vec<[&str; 3]> = trained
                .flat_map(|id| ["reps", "most-rounds", "sides", "phase"].map(|key| ["exercise", id, key]))
                .collect();
            let doses: Vec<&[&str]> = doses.iter().map(<[&str; 3]>::as_slice).collect();
            self.problem(&[doses, each].concat(), "a protocol too long", label);
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
            self.unknown(&[path, &[what, id]], what, id, known.keys().map(String::as_str));
        }
        Some((id.to_owned(), found?))
    }
}

/// What it is that a condition decides on: it tells which answers there are by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Looking {
    /// The step with this index: the steps before it.
    Step(usize),
    /// A remark on the plan: the steps before it, which is where this one is.
    Plan(usize),
    /// Another remark: all steps.
    Remark,
    /// A suggestion: only earlier sessions.
    Suggestion,
}
