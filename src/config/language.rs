//! Languages: files that hold nothing but texts, laid on what is built in and below what the person changes.
//!
//! Which values are texts is told by the types: they, or a table above them, are marked `translatable` in the schema.

use serde_json::Value as Json;

use super::files::LANGUAGES;
use super::report::{MOST, Origin, Problem};
use super::tree::{Node, Value};
use super::{AUTO, schema, texts};

/// The language of the texts in `config.example.toml`.
pub const ENGLISH: &str = "en";

/// The mark of a text in the schema.
const MARK: &str = "translatable";

/// The compiled-in text of the language `name`, with the name of its file.
pub fn built_in(name: &str) -> Option<(&'static str, &'static str)> {
    LANGUAGES.iter().find(|(known, ..)| *known == name).map(|(_, file, text)| (*file, *text))
}

/// The language that `layers` ask for, where the person's own are called `own` and the system's `locale` is one such as
/// `de_AT.UTF-8`. One that there is not becomes a problem, unless only the locale asks for it; English stands in for it.
pub fn wanted(layers: &[&Node], own: &[&str], locale: Option<&str>, problems: &mut Vec<Problem>) -> String {
    let path = ["settings", "language"];
    let asked = layers.iter().rev().find_map(|layer| Some((layer.text_at(&path)?, layer.locate(&path))));
    match asked {
        Some((name, place)) if name != AUTO => {
            let known: Vec<&str> = known(own).collect();
            if !known.contains(&name) {
                let problem = Problem::new(place, format!("unknown language `{name}`"), "there is no such language");
                problems.push(problem.suggest(name, known.iter().copied().chain([AUTO])));
            }
            name.to_owned()
        }
        _ => of_locale(locale, own).to_owned(),
    }
}

/// The languages that there are, where the person's own are called `own`.
fn known<'a>(own: &[&'a str]) -> impl Iterator<Item = &'a str> {
    [ENGLISH].into_iter().chain(LANGUAGES.map(|(name, ..)| name)).chain(own.iter().copied())
}

/// The language that `locale` means, where the person's own are called `own`: that of its country before that of its
/// language alone, and English where there is neither.
pub fn of_locale<'a>(locale: Option<&str>, own: &[&'a str]) -> &'a str {
    let plain = |name: &str| name.replace('-', "_").to_lowercase();
    let locale = plain(locale.unwrap_or_default().split(['.', '@']).next().unwrap_or_default());
    let language = locale.split('_').next().unwrap_or_default();
    let named = |wanted: &str| known(own).find(|name| plain(name) == wanted);
    named(&locale).or_else(|| named(language)).unwrap_or(ENGLISH)
}

/// Appends to `problems` all that is wrong with `layer`, a language: what is no text, what is no text of `english`, the
/// built-in tree, and texts whose words in braces are not those of the English one.
pub fn check(layer: &Node, english: &Node, schema: &Json, problems: &mut Vec<Problem>) {
    let at = Place { schema, marked: false, name: "the language" };
    Checker { root: schema, problems, path: Vec::new() }.node(layer, english, at);
}

struct Checker<'a> {
    root: &'a Json,
    problems: &'a mut Vec<Problem>,
    path: Vec<&'a str>,
}

/// Where in the schema a value stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    schema: &'a Json,
    /// Whether it, or a table above it, has the mark of a text.
    marked: bool,
    name: &'a str,
}

impl<'a> Place<'a> {
    fn below(self, root: &'a Json, name: &'a str) -> Place<'a> {
        let schema = schema::below(root, self.schema, name);
        let marked = |schema: &Json| schema[MARK] == true;
        Place { schema, marked: self.marked || marked(schema) || marked(schema::resolved(root, schema)), name }
    }
}

impl<'a> Checker<'a> {
    fn node(&mut self, node: &'a Node, english: &Node, at: Place<'a>) {
        // More than this are not told.
        if self.problems.len() > MOST {
            return;
        }
        match (&node.value, &english.value) {
            (Value::Unknown, _) => {}
            (Value::Table(entries), Value::Table(known)) => {
                for (key, entry) in entries {
                    let Some(below) = known.get(key) else {
                        let problem = Problem::new(
                            entry.key.clone(),
                            format!("unknown text `{key}`"),
                            "nothing to translate has this name",
                        );
                        self.problems.push(problem.suggest(key, known.keys().map(String::as_str)));
                        continue;
                    };
                    self.path.push(key);
                    self.node(&entry.node, &below.node, at.below(self.root, key));
                    self.path.pop();
                }
            }
            (_, english) if !at.marked && !matches!(english, Value::Table(_)) => {
                let title = format!("`{}` is no text", at.name);
                self.problem(&node.origin, title, "expected nothing but texts in a language");
            }
            (Value::String(_), Value::String(_)) => self.text(node, english),
            (Value::Array(items), Value::Array(_)) if items.iter().all(|item| item.text_at(&[]).is_some()) => {
                self.text(node, english);
            }
            (_, english) => {
                let expected = match english {
                    Value::Table(_) => "expected a table",
                    Value::Array(_) => "expected a list of texts in brackets",
                    _ => "expected text in quotes",
                };
                self.problem(&node.origin, format!("wrong value for `{}`", at.name), expected);
            }
        }
    }

    fn text(&mut self, node: &Node, english: &Node) {
        let known = names(english);
        let strings = strings(node);
        let before = self.problems.len();
        let problem = |(text, origin): &(&str, &Origin)| texts::problem(text, origin, &known, &self.path);
        self.problems.extend(strings.iter().filter_map(problem));
        let said = names(node);
        let missing = known.into_iter().find(|name| !said.contains(name));
        if let (Some(missing), true) = (missing, self.problems.len() == before) {
            let title = format!("`{{{missing}}}` is missing");
            let label = format!("expected a text in which `{{{missing}}}` stands for its value, as in the English one");
            self.problem(&node.origin, title, &label);
        }
    }

    fn problem(&mut self, origin: &Origin, title: String, label: &str) {
        self.problems.push(Problem::new(origin.clone(), title, label));
    }
}

/// The text that `node` is, or the texts that it lists.
fn strings(node: &Node) -> Vec<(&str, &Origin)> {
    match &node.value {
        Value::String(text) => vec![(text, &node.origin)],
        Value::Array(items) => items.iter().flat_map(strings).collect(),
        _ => Vec::new(),
    }
}

/// Every word in braces of `node`.
fn names(node: &Node) -> Vec<&str> {
    strings(node).into_iter().flat_map(|(text, _)| texts::names(text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{BUILT_INS, Config, Definitions, Files, Source, merged, syntax};

    fn english() -> Node {
        merged(BUILT_INS.iter().map(|(_, text)| parsed(text)).collect())
    }

    fn parsed(text: &str) -> Node {
        let mut problems = Vec::new();
        let node = syntax::parse(0, text, &mut problems);
        assert!(problems.is_empty(), "{problems:?}");
        node
    }

    fn schema() -> Json {
        schemars::schema_for!(Definitions).to_value()
    }

    /// The names of all values in `node` that `wanted` takes.
    fn paths(node: &Node, schema: &Json, wanted: fn(Place<'_>) -> bool) -> Vec<String> {
        fn collect(node: &Node, at: Place<'_>, root: &Json, path: &str, found: &mut dyn FnMut(&str, Place<'_>)) {
            match &node.value {
                Value::Table(entries) => entries.iter().for_each(|(key, entry)| {
                    collect(&entry.node, at.below(root, key), root, &format!("{path}.{key}"), found);
                }),
                _ => found(path.trim_start_matches('.'), at),
            }
        }
        let mut found = Vec::new();
        let mut take = |path: &str, at: Place<'_>| found.extend(wanted(at).then(|| path.to_owned()));
        collect(node, Place { schema, marked: false, name: "" }, schema, "", &mut take);
        found
    }

    #[test]
    fn each_built_in_language_has_every_text_and_nothing_else() {
        let (english, schema) = (english(), schema());
        let texts = paths(&english, &schema, |at| at.marked);
        assert!(texts.len() > 500, "the mark of a text is found: {}", texts.len());
        for (name, _, text) in LANGUAGES {
            let language = parsed(text);
            let translated = paths(&language, &schema, |_| true);
            let without = |these: &[String], those: &[String]| {
                these.iter().filter(|path| !those.contains(path)).cloned().collect::<Vec<_>>()
            };
            let (missing, unused) = (without(&texts, &translated), without(&translated, &texts));
            assert!(missing.is_empty() && unused.is_empty(), "{name}: missing {missing:#?}, unused {unused:#?}");
            let mut problems = Vec::new();
            check(&language, &english, &schema, &mut problems);
            assert!(problems.is_empty(), "{name}: {problems:#?}");
        }
    }

    #[test]
    fn a_key_that_has_a_label_of_its_own_in_english_has_one_in_every_language() {
        let labels = |node: &Node| -> Vec<String> {
            let keys = paths(&english(), &schema(), |at| at.marked);
            let keys = keys.iter().filter_map(|path| path.strip_prefix("words.keys."));
            keys.filter_map(|key| node.text_at(&["words", "keys", key]).map(str::to_owned)).collect()
        };
        let distinct = |labels: Vec<String>| {
            let count = labels.len();
            count - labels.into_iter().collect::<std::collections::BTreeSet<_>>().len()
        };
        for (name, _, text) in LANGUAGES {
            assert_eq!(
                distinct(labels(&parsed(text))),
                distinct(labels(&english())),
                "{name}: keys of one label are one line"
            );
        }
    }

    fn source(name: &str, text: &str) -> Source {
        Source { name: name.to_owned(), text: text.to_owned() }
    }

    fn french(text: &str) -> Files {
        let languages = vec![("fr".to_owned(), source("languages/fr.toml", text))];
        Files { languages, locale: Some("fr_CA.UTF-8".to_owned()), ..Files::default() }
    }

    #[test]
    fn the_locale_chooses_a_language_and_english_where_there_is_none() {
        for (locale, hold) in [
            (Some("de_DE.UTF-8"), "Halten"),
            (Some("de_AT@euro"), "Halten"),
            (Some("de"), "Halten"),
            (Some("den"), "Hold"),
            (Some("C.UTF-8"), "Hold"),
            (Some("sv_SE.UTF-8"), "Hold"),
            (Some(""), "Hold"),
            (None, "Hold"),
        ] {
            let config = Config::load(Files { locale: locale.map(str::to_owned), ..Files::default() }).unwrap();
            let shown = &config.protocols["warm-up"].exercise(2).unwrap().phase["hold"].name;
            assert_eq!(shown, hold, "{locale:?}");
        }
    }

    #[test]
    fn a_language_changes_no_number() {
        let german = Config::load(Files { locale: Some("de".to_owned()), ..Files::default() }).unwrap();
        let english = Config::built_in();
        for (id, protocol) in &english.protocols {
            let durations = |protocol: &std::sync::Arc<crate::protocol::Protocol>| {
                crate::session::rehearsal::Rehearsal::of(protocol).length().millis()
            };
            assert_eq!(durations(protocol), durations(&german.protocols[id]), "{id}");
        }
        assert_ne!(german.words.train.rest, english.words.train.rest);
    }

    #[test]
    fn a_persons_own_language_wins_over_a_built_in_one_and_their_configuration_over_both() {
        let languages =
            vec![("de".to_owned(), source("de.toml", "[words.train]\nrest = \"Ruhe\"\npaused = \"Halt\"\n"))];
        let own = vec![source("config.toml", "[settings]\nlanguage = \"de\"\n[words.train]\npaused = \"Stopp\"\n")];
        let words = Config::load(Files { languages, own, ..Files::default() }).unwrap().words;
        assert_eq!((words.train.rest.as_str(), words.train.paused.as_str()), ("Ruhe", "Stopp"));
        assert_eq!(words.train.change_over, "Wechsel", "the rest is that of the built-in language");
    }

    #[test]
    fn a_language_that_lacks_a_text_says_it_in_english() {
        let words = Config::load(french("[words.train]\nrest = \"Repos\"\n")).unwrap().words;
        assert_eq!((words.train.rest.as_str(), words.train.paused.as_str()), ("Repos", "Paused"));
    }

    #[test]
    fn a_language_is_looked_at_where_it_is_spoken_and_whenever_files_are_checked() {
        let wrong = "[settings]\nlead-in = 9\n";
        let elsewhere = |locale: &str| Files { locale: Some(locale.to_owned()), ..french(wrong) };
        assert_eq!(Config::load(elsewhere("C")).unwrap().settings.lead_in, Config::built_in().settings.lead_in);
        assert!(Config::load(elsewhere("fr")).is_err());
        assert!(Config::check(elsewhere("C"), &|_| Err(String::new())).is_some());
    }

    #[test]
    fn what_no_language_may_hold_is_told_at_its_place() {
        let text = r#"
            [exercise.front-band]
            title = "Élastique devant"
            titel = "?"
            reps = [1, 99]
            setup = "Un pas"
            change-over-tell = "Élastique à la cheville"
            [exercise.front-band.phase.hold]
            name = "Tenir {side}"
            tell = " "
            cue = "back"
            [exercise.mine]
            title = "À moi"
            [settings]
            volume = 5
            protocols = ["warm-up"]
            [words]
            keys = "?"
            [words.progress]
            months = "Jan Fév"
        "#;
        insta::assert_snapshot!("wrong_language", Config::load(french(text)).unwrap_err().to_string());
    }

    #[test]
    fn an_unknown_language_that_is_asked_for_is_told_at_its_place() {
        let own = vec![source("config.toml", "[settings]\nlanguage = \"ed\"\n")];
        insta::assert_snapshot!("unknown_language", Config::load(own).unwrap_err().to_string());
    }

    #[test]
    fn the_example_of_the_documents_is_right() {
        let document = include_str!("../../docs/translating.md");
        let blocks: Vec<_> =
            document.split("```toml\n").skip(1).filter_map(|block| block.split("```").next()).collect();
        let [language, own] = blocks[..] else { panic!("a language, and the setting that asks for it") };
        let languages = vec![("fr".to_owned(), source("fr.toml", language))];
        let config = Config::load(Files { languages, own: vec![source("config.toml", own)], ..Files::default() });
        let config = config.unwrap_or_else(|refusal| panic!("{refusal}"));
        assert_eq!(config.settings.language, "fr");
        assert_ne!(config.words.train.rest, Config::built_in().words.train.rest);
    }
}
