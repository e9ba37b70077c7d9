//! The schema of the configuration, for editors that complete and check it.

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

fn relax(schema: &mut serde_json::Value) {
    match schema {
        serde_json::Value::Object(object) => {
            object.remove("required");
            object.values_mut().for_each(relax);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(relax),
        _ => {}
    }
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
