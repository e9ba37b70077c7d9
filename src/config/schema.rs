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
            object.remove("required");
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
    /// After a change of the types: `cargo run -- config schema > assets/config.schema.json`.
    #[test]
    fn the_schema_on_file_is_that_of_the_types() {
        let on_file = include_str!("../../assets/config.schema.json").replace("\r\n", "\n");
        assert!(on_file == super::text(), "assets/config.schema.json is not that of the types; see this test's doc");
    }
}
