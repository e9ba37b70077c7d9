//! What can be wrong with a text: nothing in it, too much of it, or a word in braces that stands for nothing.

use super::report::{MOST, Origin, Problem, near};
use super::tree::{Node, Value};

/// The longest text, in characters: several screens of a terminal.
const LONGEST: usize = 2_000;

/// Appends to `problems` what is wrong with the texts in `layer`, one of the person's files, and takes them as unknown;
/// `built_in` is the layer below all, which shows the words in braces that a text can have.
pub fn check(layer: &mut Node, built_in: &Node, problems: &mut Vec<Problem>) {
    walk(layer, built_in, &[], problems);
}

fn walk(node: &mut Node, built_in: &Node, path: &[&str], problems: &mut Vec<Problem>) {
    // More than this are not told.
    if problems.len() > MOST {
        return;
    }
    match &mut node.value {
        Value::Table(entries) => {
            for (key, entry) in entries {
                walk(&mut entry.node, built_in, &[path, &[key]].concat(), problems);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, built_in, path, problems)),
        Value::String(text) => {
            if let Some(problem) = problem(text, &node.origin, &allowed(built_in, path), path) {
                problems.push(problem);
                node.value = Value::Unknown;
            }
        }
        _ => {}
    }
}

/// What is wrong with `text` at `path`, where the words in braces can be the `known` ones.
pub fn problem(text: &str, origin: &Origin, known: &[&str], path: &[&str]) -> Option<Problem> {
    // What programs and systems read is no text for people.
    if matches!(path, ["voice", "command"] | ["sound", _, "file"]) {
        return None;
    }
    let wrong = |title: String, label: String| Some(Problem::new(origin.clone(), title, label));
    if text.trim().is_empty() {
        return wrong("an empty text".to_owned(), "expected something to read".to_owned());
    }
    let length = text.chars().count();
    if length > LONGEST {
        return wrong("a text too long".to_owned(), format!("expected at most {LONGEST} characters, not {length}"));
    }
    let words = text.split_whitespace().count();
    if let Some(count) = count(path).filter(|count| *count != words) {
        return wrong("wrong number of words".to_owned(), format!("expected {count} words, not {words}"));
    }
    if path == ["words", "common", "decimal"] && !(length == 1 && text.chars().all(|c| c.is_ascii_punctuation())) {
        return wrong("no decimal sign".to_owned(), "expected one sign, such as \".\" or \",\"".to_owned());
    }
    if let Some(name) = known.iter().find(|name| is_half(text, name)) {
        let title = format!("one of the two braces round `{name}` is missing");
        return Some(Problem::new(origin.clone(), title, format!("expected {{{name}}}")));
    }
    let unknown = names(text).into_iter().find(|name| !known.contains(name))?;
    let title = format!("`{{{unknown}}}` stands for nothing here");
    let label = match known.is_empty() {
        true => "expected a text without words in braces".to_owned(),
        false => {
            format!("known here: {}", known.iter().map(|name| format!("{{{name}}}")).collect::<Vec<_>>().join(", "))
        }
    };
    let problem = Problem::new(origin.clone(), title, label);
    Some(match near(unknown, known.iter().copied()) {
        Some(meant) => problem.help(format!("did you mean `{{{meant}}}`?")),
        None => problem,
    })
}

/// The words in braces that the text at `path` can have.
fn allowed<'a>(built_in: &'a Node, path: &[&str]) -> Vec<&'a str> {
    match path {
        ["exercise", _, "setup" | "change-over-tell"] => vec!["side"],
        ["test", _, "setup"] => vec!["toes"],
        ["test", _, "answer", _, "label"] => vec!["gap"],
        ["words", ..] => built_in.text_at(path).map(names).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// How many words the text at `path` must have, where it is a list of them.
fn count(path: &[&str]) -> Option<usize> {
    match path {
        ["words", "progress", "months"] => Some(12),
        ["words", "progress", "weekdays"] => Some(7),
        _ => None,
    }
}

/// Whether `name` stands in `text` with one brace alone.
fn is_half(text: &str, name: &str) -> bool {
    let is_of_a_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let mut places = text.match_indices(name).map(|(at, _)| (&text[..at], &text[at + name.len()..]));
    places.any(|(before, after)| match (before.strip_suffix('{').is_some(), after.strip_prefix('}').is_some()) {
        (true, false) => !after.starts_with(is_of_a_name),
        (false, true) => !before.ends_with(is_of_a_name),
        _ => false,
    })
}

/// Every `{name}` in `text`.
pub fn names(text: &str) -> Vec<&str> {
    let after = text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
    after.filter(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_with_one_brace_is_told_and_a_longer_one_is_not_taken_for_it() {
        for text in ["Move to {side", "side} foot", "{side: left", "{side} and {side"] {
            assert!(is_half(text, "side"), "{text}");
        }
        for text in ["{side}", "side", "{sideways}", "the {other-side}", "on each side", "{side}{side}"] {
            assert!(!is_half(text, "side"), "{text}");
        }
    }
}
