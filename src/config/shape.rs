//! Holds a tree against the schema of the configuration's types, and finds everything that does not fit.
//!
//! The types are described once, in Rust; the schema is generated from them. It knows just as much of JSON Schema as
//! those types use.

use serde_json::Value as Json;

use super::report::{MOST, Problem, near};
use super::tree::{Entry, Node, Value};
use crate::protocol::quantity::{Length, RepRange};
use crate::theme::colour::Colour;

/// Appends to `problems` all that is wrong with the shape of `node`, and returns the path of each value that is wrong.
pub fn check(node: &Node, schema: &Json, problems: &mut Vec<Problem>) -> Vec<Vec<String>> {
    let mut checker = Checker { root: schema, problems, path: Vec::new(), wrong: Vec::new() };
    checker.node(node, None, schema, "the configuration", None);
    checker.wrong
}

type Entries = indexmap::IndexMap<String, Entry>;

struct Checker<'a> {
    root: &'a Json,
    problems: &'a mut Vec<Problem>,
    /// The keys that lead to the value at hand.
    path: Vec<String>,
    wrong: Vec<Vec<String>>,
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

impl<'a> Checker<'a> {
    fn node(&mut self, node: &Node, entry: Option<&Entry>, schema: &'a Json, name: &str, siblings: Option<&Entries>) {
        let schema = resolved(self.root, schema);
        let fits = match (&node.value, kind(schema)) {
            (Value::Table(entries), "object") => {
                self.table(entries, node, entry, schema, name, siblings);
                true
            }
            (Value::Array(items), "array") if schema["format"].is_null() => {
                for item in items {
                    self.node(item, None, &schema["items"], name, None);
                }
                true
            }
            (Value::Table(_), _) | (_, "object") => false,
            (value, kind) => fits(value, kind, schema, node),
        };
        if !fits {
            self.wrong.push(self.path.clone());
            let problem = Problem::new(node.origin.clone(), format!("wrong value for `{name}`"), expected(schema));
            let choices = choices(schema);
            self.problems.push(match &node.value {
                // What is expected lists the choices already.
                Value::String(wrong) => match near(wrong, choices) {
                    Some(meant) => problem.help(format!("did you mean `{meant}`?")),
                    None => problem,
                },
                _ => problem,
            });
        }
    }

    fn below(&mut self, key: &str, check: impl FnOnce(&mut Self)) {
        self.path.push(key.to_owned());
        check(self);
        self.path.pop();
    }

    fn table(
        &mut self,
        entries: &Entries,
        node: &Node,
        entry: Option<&Entry>,
        schema: &'a Json,
        name: &str,
        siblings: Option<&Entries>,
    ) {
        let known = schema["properties"].as_object();
        let others = &schema["additionalProperties"];
        for (key, entry) in entries {
            // More than this are not told.
            if self.problems.len() > MOST {
                return;
            }
            match known.and_then(|known| known.get(key)) {
                Some(schema) => self.below(key, |checker| checker.node(&entry.node, Some(entry), schema, key, None)),
                None if others.is_object() => {
                    self.below(key, |checker| checker.node(&entry.node, Some(entry), others, key, Some(entries)));
                }
                None => {
                    self.below(key, |checker| checker.wrong.push(checker.path.clone()));
                    let names = known.into_iter().flatten().map(|(name, _)| name.as_str());
                    self.problems.push(
                        Problem::new(
                            entry.key.clone(),
                            format!("unknown key `{key}`"),
                            format!("not a key of {}", quoted(name)),
                        )
                        .suggest(key, names),
                    );
                }
            }
        }
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str);
        let missing: Vec<&str> = required.filter(|key| !entries.contains_key(*key)).collect();
        if let [first, others @ ..] = missing.as_slice() {
            self.wrong.push(self.path.clone());
            let origin = entry.map_or(&node.origin, |entry| &entry.key).clone();
            let label = match others {
                [] => {
                    let schema = known.and_then(|known| known.get(*first)).map(|schema| resolved(self.root, schema));
                    format!("`{first}` is missing here: {}", schema.map(expected).unwrap_or_default())
                }
                _ => format!("missing here: {}", missing.join(", ")),
            };
            let problem = Problem::new(origin, format!("{} is not complete", quoted(name)), label);
            // Whoever meant to change a thing and misspelt its name has begun a new thing instead.
            let siblings = siblings.into_iter().flat_map(Entries::keys).map(String::as_str);
            self.problems.push(match near(name, siblings.filter(|other| *other != name)) {
                Some(meant) => problem.help(format!("did you mean `{meant}`?")),
                None => problem,
            });
        }
    }
}

fn quoted(name: &str) -> String {
    if name.contains(' ') { name.to_owned() } else { format!("`{name}`") }
}

/// The one type that a schema takes.
fn kind(schema: &Json) -> &str {
    if !choices(schema).is_empty() {
        return "string";
    }
    match &schema["type"] {
        Json::Array(kinds) => kinds.iter().filter_map(Json::as_str).find(|kind| *kind != "null").unwrap_or(""),
        kind => kind.as_str().unwrap_or(""),
    }
}

/// The words that a schema takes, where it takes nothing but certain words.
fn choices(schema: &Json) -> Vec<&str> {
    let listed = schema["enum"].as_array().into_iter().flatten().filter_map(Json::as_str);
    let told = schema["oneOf"].as_array().into_iter().flatten().flat_map(|branch| {
        let listed = branch["enum"].as_array().into_iter().flatten().filter_map(Json::as_str);
        branch["const"].as_str().into_iter().chain(listed)
    });
    listed.chain(told).collect()
}

fn fits(value: &Value, kind: &str, schema: &Json, node: &Node) -> bool {
    match (schema["format"].as_str(), value) {
        (Some("rep-range"), _) => node.read::<RepRange>().is_ok(),
        (Some("length"), Value::String(text)) => text.parse::<Length>().is_ok(),
        (Some("colour"), Value::String(text)) => text.parse::<Colour>().is_ok(),
        (Some("key"), Value::String(text)) => text.parse::<crate::keymap::Key>().is_ok(),
        _ => match (value, kind) {
            (Value::String(text), "string") => {
                let choices = choices(schema);
                choices.is_empty() || choices.contains(&text.as_str())
            }
            (Value::Integer(number), "integer" | "number") => in_range(*number as f64, schema),
            (Value::Float(number), "number") => in_range(*number, schema),
            (Value::Boolean(_), "boolean") => true,
            _ => false,
        },
    }
}

fn in_range(number: f64, schema: &Json) -> bool {
    // Written so that "not a number" is in no range.
    schema["minimum"].as_f64().is_none_or(|low| number >= low)
        && schema["maximum"].as_f64().is_none_or(|high| number <= high)
        && number.is_finite()
}

/// What `schema` takes, in words.
pub fn expected(schema: &Json) -> String {
    let range = match (schema["minimum"].as_f64(), schema["maximum"].as_f64()) {
        (Some(low), Some(high)) => format!(" from {low} to {high}"),
        _ => String::new(),
    };
    let choices = choices(schema);
    match (schema["format"].as_str(), kind(schema)) {
        _ if !choices.is_empty() => {
            let quoted: Vec<String> = choices.iter().map(|choice| format!("{choice:?}")).collect();
            format!("expected one of {}", quoted.join(", "))
        }
        (Some("rep-range"), _) => crate::protocol::quantity::NotARange.to_string(),
        (Some("colour"), _) => crate::theme::colour::NotAColour.to_string(),
        (Some("length"), _) => crate::protocol::quantity::NotALength.to_string(),
        (Some("key"), _) => {
            "expected the name of a key, such as \"space\", \"pagedown\", \"ctrl-r\" or \"p\"".to_owned()
        }
        (_, "integer") => format!("expected a whole number{range}"),
        (_, "number") => match schema["title"].as_str() {
            Some(unit) => format!("expected a number of {unit}{range}"),
            None => format!("expected a number{range}"),
        },
        (_, "string") => "expected text in quotes".to_owned(),
        (_, "boolean") => "expected true or false".to_owned(),
        (_, "array") => "expected a list in brackets".to_owned(),
        (_, "object") => "expected a table".to_owned(),
        _ => "expected something else here".to_owned(),
    }
}
