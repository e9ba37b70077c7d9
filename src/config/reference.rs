//! The reference of the configuration in Markdown, made from the same schema that checks it.

use std::fmt::Write as _;

use serde_json::Value as Json;

use super::Definitions;
use super::shape;

/// The reference as Markdown: a section for each kind of table, a row for each key.
pub fn text() -> String {
    let schema = schemars::schema_for!(Definitions).to_value();
    let mut text = String::from(HEAD);
    for (name, property) in entries(&schema["properties"]) {
        // The words explain themselves in config.example.toml, and there are hundreds.
        if name == "words" {
            continue;
        }
        let (path, table) = named(&schema, name, property);
        section(&schema, &path, told(property), table, &mut text);
    }
    text.push_str(TAIL);
    text
}

const HEAD: &str = "# Configuration reference

<!-- Made by `dorsi config reference`; a test keeps it current. -->

A file of your own holds only what you change. Every default is in [config.example.toml](../config.example.toml), which
`dorsi config default` prints. A key without a default in this list has none where you define something new: it must be
there.
";

const TAIL: &str = "
## `[words.*]`

Every word that the program itself says. [config.example.toml](../config.example.toml) has all of them; a word in braces,
like `{rep}`, is replaced by its value.
";

fn entries(object: &Json) -> impl Iterator<Item = (&str, &Json)> {
    object.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

/// The path of a table, with `NAME` where the person chooses the name, and the schema of what is in it.
fn named<'a>(root: &'a Json, path: &str, schema: &'a Json) -> (String, &'a Json) {
    match &schema["additionalProperties"] {
        inner if inner.is_object() => (format!("{path}.NAME"), shape::resolved(root, inner)),
        _ => (path.to_owned(), shape::resolved(root, schema)),
    }
}

fn section(root: &Json, path: &str, about: &str, table: &Json, text: &mut String) {
    let _ =
        write!(text, "\n## `[{path}]`\n\n{about}\n\n| key | takes | default | meaning |\n| --- | --- | --- | --- |\n");
    let mut below = Vec::new();
    for (key, property) in entries(&table["properties"]) {
        let inner = shape::resolved(root, property);
        if inner["properties"].is_object() || property["additionalProperties"].is_object() {
            below.push((key, property));
        } else {
            let default = match &property["default"] {
                Json::Null => String::new(),
                default => format!("`{default}`"),
            };
            let (takes, about) = (cell(&shape::expected(inner)), cell(told(property)));
            let takes = takes.trim_start_matches("expected ");
            let _ = writeln!(text, "| `{key}` | {takes} | {default} | {about} |");
        }
    }
    for (key, property) in below {
        let (path, table) = named(root, &format!("{path}.{key}"), property);
        section(root, &path, told(property), table, text);
    }
}

fn told(schema: &Json) -> &str {
    schema["description"].as_str().unwrap_or_default()
}

/// A text that fits into a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    /// After a change of the types: `cargo run -- config reference > docs/configuration.md`.
    #[test]
    fn the_reference_on_file_is_that_of_the_types() {
        let on_file = include_str!("../../docs/configuration.md").replace("\r\n", "\n");
        assert!(on_file == super::text(), "docs/configuration.md is not that of the types; see this test's doc");
    }

    #[test]
    fn every_key_of_an_exercise_is_in_it() {
        let text = super::text();
        assert!(text.contains("## `[exercise.NAME.phase.NAME]`") && text.contains("| `reps` | [low, high]"), "{text}");
    }
}
