//! The values in force, each with the place that it comes from.

use super::lines::Lines;
use super::sound::Recording;
use super::tree::{Node, Value};
use super::{Config, Files, Refusal, Source, files, load};

/// A value in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// Its name, as one would write it on one line: `exercise.front-band.reps`.
    pub key: String,
    /// The value as TOML.
    pub value: String,
    /// The file that says so, and that it is part of the program, if so.
    pub file: String,
    /// The line in it.
    pub line: usize,
}

impl Config {
    /// Every value in force with `files` laid on the built-in configuration.
    ///
    /// # Errors
    /// Everything that is wrong with the files.
    pub fn in_force(files: impl Into<Files>) -> Result<Vec<InForce>, Refusal> {
        let (_, tree, sources) = load::load(files.into(), false, &|_| Ok(Recording::silence()))?;
        let mut values = Vec::new();
        let lines = sources.iter().map(|source| Lines::of(&source.text)).collect::<Vec<_>>();
        let sources: Vec<_> = sources.iter().zip(&lines).collect();
        collect(&tree, &mut Vec::new(), &sources, &mut values);
        Ok(values)
    }
}

fn collect<'a>(node: &'a Node, path: &mut Vec<&'a str>, sources: &[(&Source, &Lines)], values: &mut Vec<InForce>) {
    if let Value::Table(entries) = &node.value
        && !entries.is_empty()
    {
        for (key, entry) in entries {
            path.push(key);
            collect(&entry.node, path, sources, values);
            path.pop();
        }
        return;
    }
    let (source, lines) = sources[node.origin.source];
    values.push(InForce {
        key: path.join("."),
        value: node.to_toml().to_string(),
        file: if is_built_in(source) { format!("built-in {}", source.name) } else { source.name.clone() },
        line: lines.around(node.origin.span.start).0,
    });
}

/// Whether the person has no such file: it is part of the program.
fn is_built_in(source: &Source) -> bool {
    let languages = files::LANGUAGES.iter().map(|(_, name, text)| (*name, *text));
    let mut all = files::BUILT_INS.into_iter().chain(languages);
    all.any(|(name, text)| name == source.name && text == source.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_tells_where_it_comes_from() {
        let text = "[exercise.front-band]\n\nreps = [8, 12]\n".to_owned();
        let values = Config::in_force(vec![Source { name: "mine.toml".to_owned(), text }]).unwrap();
        let of = |key: &str| values.iter().find(|value| value.key == key).unwrap();
        let reps = of("exercise.front-band.reps");
        assert_eq!((reps.value.as_str(), reps.file.as_str(), reps.line), ("[8, 12]", "mine.toml", 3));
        assert_eq!(of("exercise.behind-band.reps").file, "built-in config.example.toml");
        assert_eq!(of("protocol.retest.title").file, "built-in retest.toml");
    }
}
