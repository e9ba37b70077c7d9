//! The schema of the configuration, for editors that complete and check it, and how a schema is read.

use serde_json::Value as Json;

use super::Definitions;

/// The schema as JSON text, generated from the types.
pub fn text() -> String {
    let mut schema = schemars::schema_for!(Definitions).to_value();
    schema["title"] = "dorsi configuration".into();
    // A person's file holds only what it changes, so nothing is required of it.
    relax(&mut schema);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

fn relax(schema: &mut Json) {
    match schema {
        Json::Object(object) => {
            // A question has a key of this name.
            if object.get("required").is_some_and(Json::is_array) {
                object.remove("required");
            }
            object.values_mut().for_each(relax);
        }
        Json::Array(items) => items.iter_mut().for_each(relax),
        _ => {}
    }
}

/// The schema that `schema` stands for in `root`: references followed, the "or nothing" of an optional value dropped.
pub fn resolved<'a>(root: &'a Json, schema: &'a Json) -> &'a Json {
    if let Some(reference) = schema["$ref"].as_str() {
        return resolved(root, root.pointer(reference.trim_start_matches('#')).unwrap_or(schema));
    }
    match schema["anyOf"].as_array() {
        Some(branches) => {
            branches.iter().find(|branch| branch["type"] != "null").map_or(schema, |branch| resolved(root, branch))
        }
        None => schema,
    }
}

/// The schema of what is called `key` in a table of the shape `table`; null, where nothing can be called so.
pub fn below<'a>(root: &'a Json, table: &'a Json, key: &str) -> &'a Json {
    let table = resolved(root, table);
    match &table["properties"][key] {
        Json::Null => &table["additionalProperties"],
        property => property,
    }
}

/// The one type that a schema takes.
pub fn kind(schema: &Json) -> &str {
    if !choices(schema).is_empty() {
        return "string";
    }
    match &schema["type"] {
        Json::Array(kinds) => kinds.iter().filter_map(Json::as_str).find(|kind| *kind != "null").unwrap_or(""),
        kind => kind.as_str().unwrap_or(""),
    }
}

/// The words that a schema takes, where it takes nothing but certain words.
pub fn choices(schema: &Json) -> Vec<&str> {
    let listed = schema["enum"].as_array().into_iter().flatten().filter_map(Json::as_str);
    let told = schema["oneOf"].as_array().into_iter().flatten().flat_map(|branch| {
        let listed = branch["enum"].as_array().into_iter().flatten().filter_map(Json::as_str);
        branch["const"].as_str().into_iter().chain(listed)
    });
    listed.chain(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{files::BUILT_INS, syntax};

    /// Everything in `node` that the schema on file does not know, as an editor that reads it would say.
    fn unknown(root: &Json, schema: &Json, node: &toml::Value, path: &str, found: &mut Vec<String>) {
        let schema = resolved(root, schema);
        match node {
            toml::Value::Table(table) => {
                for (key, value) in table {
                    let inner = below(root, schema, key);
                    match inner.is_object() {
                        true => unknown(root, inner, value, &format!("{path}.{key}"), found),
                        false => found.push(format!("{path}.{key}")),
                    }
                }
            }
            toml::Value::Array(items) => {
                items.iter().for_each(|item| unknown(root, &schema["items"], item, path, found));
            }
            _ => {}
        }
    }

    #[test]
    fn the_schema_knows_every_key_of_the_built_in_files() {
        let schema: Json = serde_json::from_str(&text()).unwrap();
        let skeleton = include_str!("../../assets/skeleton.toml").replace("{name}", "mine");
        for text in BUILT_INS.iter().map(|(_, text)| *text).chain([skeleton.as_str()]) {
            let mut problems = Vec::new();
            let tree = syntax::parse(0, text, &mut problems).to_toml();
            let mut found = Vec::new();
            unknown(&schema, &schema, &tree, "", &mut found);
            assert_eq!(found, Vec::<String>::new());
        }
    }

    /// After a change of the types: `cargo run -- config schema > assets/config.schema.json`.
    #[test]
    fn the_schema_on_file_is_that_of_the_types() {
        let on_file = include_str!("../../assets/config.schema.json").replace("\r\n", "\n");
        assert!(on_file == super::text(), "assets/config.schema.json is not that of the types; see this test's doc");
    }
}
