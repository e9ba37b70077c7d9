//! The reference of the configuration in Markdown, made from the same schema that checks it.

use std::fmt::Write as _;

use serde_json::Value as Json;

use super::{Definitions, files, schema, shape};

/// The reference as Markdown: a section for each kind of table, a row for each key.
pub fn text() -> String {
    let schema = schemars::schema_for!(Definitions).to_value();
    let (_, example) = files::BUILT_INS[0];
    let built_in = example.parse().expect("the built-in configuration is TOML");
    let mut text = String::from(HEAD);
    for (name, property) in entries(&schema["properties"]) {
        // The words explain themselves in config.example.toml, and there are hundreds.
        if name == "words" {
            continue;
        }
        let (path, table) = named(&schema, name, property);
        section(&schema, &built_in, &path, told(property), table, &mut text);
    }
    text.push_str(TAIL);
    text
}

const HEAD: &str = "# Configuration reference

<!-- Made by `dorsi config reference`; a test keeps it current. -->

A file of your own holds only what you change. Every default is in [config.example.toml](../config.example.toml), which
`dorsi config default` prints. A table with `NAME` in its heading defines something new under a name of your choice, or
changes what has that name already; a key without a default must be there in a new one.
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
        inner if inner.is_object() => (format!("{path}.NAME"), schema::resolved(root, inner)),
        _ => (path.to_owned(), schema::resolved(root, schema)),
    }
}

fn section(root: &Json, built_in: &toml::Table, path: &str, about: &str, table: &Json, text: &mut String) {
    if let Some((names, inner)) = all_alike(root, table) {
        let about = format!("{about} One of {}.", names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "));
        return section(root, built_in, &format!("{path}.NAME"), &about, inner, text);
    }
    let _ =
        write!(text, "\n## `[{path}]`\n\n{about}\n\n| key | takes | default | meaning |\n| --- | --- | --- | --- |\n");
    let mut below = Vec::new();
    for (key, property) in entries(&table["properties"]) {
        let inner = schema::resolved(root, property);
        if inner["properties"].is_object() || property["additionalProperties"].is_object() {
            below.push((key, property));
        } else {
            let default = match (&property["default"], value(built_in, path, key)) {
                (_, Some(value)) => format!("`{}`", cell(&value.to_string())),
                (Json::Null, None) => String::new(),
                (default, None) => format!("`{default}`"),
            };
            let (takes, about) = (cell(&shape::expected(inner)), cell(told(property)));
            let takes = takes.trim_start_matches("expected ");
            let _ = writeln!(text, "| `{key}` | {takes} | {default} | {about} |");
        }
    }
    for (key, property) in below {
        let (path, table) = named(root, &format!("{path}.{key}"), property);
        section(root, built_in, &path, told(property), table, text);
    }
}

/// The names in `table`, and what each holds, where it has several and all hold the same.
fn all_alike<'a>(root: &'a Json, table: &'a Json) -> Option<(impl Iterator<Item = &'a str>, &'a Json)> {
    let mut inner = entries(&table["properties"]).map(|(_, property)| schema::resolved(root, property));
    let first = inner.next().filter(|first| first["properties"].is_object())?;
    let alike = table["properties"].as_object()?.len() > 1 && inner.all(|other| other == first);
    alike.then(|| (entries(&table["properties"]).map(|(name, _)| name), first))
}

/// The built-in value of `key` in the table at `path`.
fn value<'a>(built_in: &'a toml::Table, path: &str, key: &str) -> Option<&'a toml::Value> {
    let mut tables = path.split('.');
    let table = built_in.get(tables.next()?)?.as_table()?;
    let table = tables.try_fold(table, |table, name| table.get(name)?.as_table())?;
    table.get(key)
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
