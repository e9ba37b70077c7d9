//! From files to a configuration: each is checked by itself, they are laid on each other, and what they amount to is checked.

use serde_json::Value as Json;

use super::doubts::Doubts;
use super::files::BUILT_INS;
use super::report::{MOST, Origin, Problem, Refusal};
use super::sound::Hear;
use super::tree::{Node, merged};
use super::{Config, Definitions, Files, Source, complete, language, resolve, routines, shape, syntax, texts};

/// The configuration of `files`, the tree that it was read from, and every file that is in it. Languages that nobody asks for
/// are looked at where `every_language` says so.
///
/// # Errors
/// Everything that is wrong with the files; where they are incomplete, what is wrong with each by itself.
pub fn load(files: Files, every_language: bool, hear: &Hear<'_>) -> Result<(Config, Node, Vec<Source>), Refusal> {
    let mut loader = Loader::new(&files);
    let is_incomplete = files.incomplete;
    let own = loader.own(files.routines, files.own);
    let spoken = loader.spoken(&own, files.languages, files.locale.as_deref(), every_language);
    if is_incomplete {
        return Err(Refusal::new(loader.problems, loader.sources));
    }
    let built_in = std::mem::take(&mut loader.built_in);
    let mut tree = merged(built_in.into_iter().chain(spoken).chain(own).collect());
    if !loader.schema.is_null() {
        loader.doubts.settle(&tree);
        complete::complete(&mut tree, &loader.schema, &mut loader.problems, &mut loader.doubts);
    }
    let Loader { mut problems, sources, doubts, .. } = loader;
    match config(&tree, &doubts, hear, &mut problems) {
        Some(config) if problems.is_empty() => Ok((config, tree, sources)),
        _ => Err(Refusal::new(problems, sources)),
    }
}

/// What `tree` amounts to, with all that is wrong with it beyond its shape.
fn config(tree: &Node, doubts: &Doubts, hear: &Hear<'_>, problems: &mut Vec<Problem>) -> Option<Config> {
    // More than this are not told.
    if problems.len() > MOST {
        return None;
    }
    match tree.read::<Definitions>() {
        Ok(definitions) => Some(resolve::resolve(definitions, tree, doubts, hear, problems)),
        Err(error) => {
            // What does not fit the types was told with its place; this is the net below.
            if problems.is_empty() {
                problems.push(Problem::new(Origin::default(), "wrong configuration", error.to_string()));
            }
            None
        }
    }
}

struct Loader {
    sources: Vec<Source>,
    problems: Vec<Problem>,
    doubts: Doubts,
    built_in: Vec<Node>,
    /// The schema of the types; nothing, where a person has no files to be held against it.
    schema: Json,
}

impl Loader {
    fn new(files: &Files) -> Loader {
        let sources: Vec<Source> = BUILT_INS.map(source).into();
        let mut problems = Vec::new();
        let parsed = sources.iter().enumerate().map(|(at, source)| syntax::parse(at, &source.text, &mut problems));
        let built_in = parsed.collect();
        let is_changed = !(files.languages.is_empty() && files.routines.is_empty() && files.own.is_empty());
        let schema = if is_changed { schemars::schema_for!(Definitions).to_value() } else { Json::Null };
        Loader { sources, problems, doubts: Doubts::default(), built_in, schema }
    }

    /// The person's files, each checked by itself.
    fn own(&mut self, routines: Vec<Source>, own: Vec<Source>) -> Vec<Node> {
        let count = routines.len();
        let mut layers = Vec::new();
        for (at, source) in routines.into_iter().chain(own).enumerate() {
            let mut layer =
                syntax::read(self.sources.len(), &source.text, &self.schema, &mut self.problems, &mut self.doubts);
            self.sources.push(source);
            if at < count {
                routines::without_shared(&mut layer, &mut self.problems);
            }
            shape::check(&mut layer, &self.schema, &mut self.problems, &mut self.doubts);
            texts::check(&mut layer, &self.built_in[0], &mut self.problems);
            layers.push(layer);
        }
        let Loader { built_in, sources, problems, doubts, .. } = self;
        routines::without_known(&mut layers[..count], built_in, sources, problems, doubts);
        layers
    }

    /// The language that is asked for, as layers between what is built in and what is the person's own.
    fn spoken(
        &mut self,
        own: &[Node],
        languages: Vec<(String, Source)>,
        locale: Option<&str>,
        every_language: bool,
    ) -> Vec<Node> {
        let names: Vec<&str> = languages.iter().map(|(name, _)| name.as_str()).collect();
        let asking: Vec<&Node> = self.built_in.iter().chain(own).collect();
        let language = language::wanted(&asking, &names, locale, &mut self.problems);
        let mut spoken = Vec::new();
        if let Some(file) = language::built_in(&language) {
            spoken.push(syntax::parse(self.sources.len(), file.1, &mut self.problems));
            self.sources.push(source(file));
        }
        for (name, source) in languages.into_iter().filter(|(name, _)| every_language || *name == language) {
            let mut wrong = Vec::new();
            let layer = syntax::parse(self.sources.len(), &source.text, &mut wrong);
            language::check(&layer, &merged(self.built_in.clone()), &self.schema, &mut wrong);
            // One that is wrong is left out, so that nothing of it is told twice.
            if wrong.is_empty() && name == language {
                spoken.push(layer);
            }
            self.problems.extend(wrong);
            self.sources.push(source);
        }
        spoken
    }
}

/// A built-in file.
fn source((name, text): (&str, &str)) -> Source {
    Source { name: name.to_owned(), text: text.to_owned() }
}
