//! Holds the tree of a file against the schema of the configuration's types, and finds everything that does not fit.
//!
//! The types are described once, in Rust; the schema is generated from them. It knows just as much of JSON Schema as
//! those types use.

use serde_json::Value as Json;

use super::doubts::Doubts;
use super::meant;
use super::report::{MOST, Problem, near};
use super::schema::{below, choices, kind, resolved};
use super::tree::{Node, Value};
use crate::protocol::quantity::{Length, RepRange};
use crate::theme::colour::Colour;

/// Appends to `problems` all that is wrong with the shape of `layer`, one file: unknown keys, which are taken out of it, and
/// wrong values, which become unknown ones. What is missing is for all files together to tell.
pub fn check(layer: &mut Node, schema: &Json, problems: &mut Vec<Problem>, doubts: &mut Doubts) {
    Checker { root: schema, problems, doubts, path: Vec::new() }.node(layer, schema, "the configuration");
}

/// What is wrong with the shape of `value` in the place to which the keys of `path` lead, if `schema` knows that place.
pub fn problem_of(value: &mut Node, schema: &Json, path: &[String]) -> Option<Problem> {
    let name = path.last()?;
    let place = path.iter().fold(schema, |table, key| below(schema, table, key));
    let mut problems = Vec::new();
    if place.is_object() {
        let path = path.to_vec();
        Checker { root: schema, problems: &mut problems, doubts: &mut Doubts::default(), path }
            .node(value, place, name);
    }
    problems.into_iter().next()
}

type Entries = indexmap::IndexMap<String, super::tree::Entry>;

struct Checker<'a> {
    root: &'a Json,
    problems: &'a mut Vec<Problem>,
    doubts: &'a mut Doubts,
    /// The keys that lead to the value at hand.
    path: Vec<String>,
}

impl<'a> Checker<'a> {
    fn node(&mut self, node: &mut Node, schema: &'a Json, name: &str) {
        let schema = resolved(self.root, schema);
        let fits = match (&mut node.value, kind(schema)) {
            (Value::Unknown, _) => true,
            (Value::Table(entries), "object") => {
                self.table(entries, schema, name);
                true
            }
            (Value::Array(items), "array") if schema["format"].is_null() => {
                for (at, item) in items.iter_mut().enumerate() {
                    self.below(&at.to_string(), |checker| checker.node(item, &schema["items"], name));
                }
                true
            }
            (Value::Table(_), _) | (_, "object") => false,
            (_, kind) => fits(node, kind, schema),
        };
        if !fits {
            let problem = Problem::new(node.origin.clone(), format!("wrong value for `{name}`"), expected(schema));
            self.problems.push(match meant::remedy(self.root, node, schema, name, &self.path) {
                Some(remedy) => problem.help(remedy),
                None => problem,
            });
            node.value = Value::Unknown;
        }
    }

    fn below(&mut self, key: &str, check: impl FnOnce(&mut Self)) {
        self.path.push(key.to_owned());
        check(self);
        self.path.pop();
    }

    fn table(&mut self, entries: &mut Entries, schema: &'a Json, name: &str) {
        let known = schema["properties"].as_object();
        let others = &schema["additionalProperties"];
        self.nameless(entries, resolved(self.root, others));
        entries.retain(|key, entry| {
            // More than this are not told.
            if self.problems.len() > MOST {
                return true;
            }
            match known.and_then(|known| known.get(key)) {
                Some(schema) => self.below(key, |checker| checker.node(&mut entry.node, schema, key)),
                None if others.is_object() && !key.starts_with(|c: char| c.is_alphanumeric() || c == '_') => {
                    let label = "expected a name that begins with a letter or a digit";
                    self.problems.push(Problem::new(entry.key.clone(), "a name that can't be used", label));
                    self.unknown(key, &entry.node, None);
                    return false;
                }
                None if others.is_object() => {
                    self.below(key, |checker| checker.node(&mut entry.node, others, key));
                }
                None => {
                    let names: Vec<&str> = known.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
                    let label = format!("not a key of {}", quoted(name));
                    let problem = Problem::new(entry.key.clone(), format!("unknown key `{key}`"), label);
                    // A line that was told of as a whole may be meant to be no key at all.
                    if !matches!(entry.node.value, Value::Unknown) {
                        // What stands in a list is small, and the keys that it takes are few.
                        let is_listed = self.path.iter().any(|part| part.parse::<usize>().is_ok());
                        // A name that is alike and takes no such value is not meant.
                        let taking = known.into_iter().flatten().filter(|(_, inner)| {
                            let is_table = kind(resolved(self.root, inner)) == "object";
                            is_table == matches!(entry.node.value, Value::Table(_))
                        });
                        let is_far = near(key, taking.map(|(name, _)| name.as_str())).is_none() && !is_listed;
                        let home = || meant::home(self.root, key, &entry.node, &self.path);
                        self.problems.push(match is_far.then(home).flatten() {
                            Some(home) => problem.help(format!("it belongs below {home}")),
                            None => problem.suggest(key, names.iter().copied()),
                        });
                    }
                    self.unknown(key, &entry.node, near(key, names));
                    return false;
                }
            }
            true
        });
    }

    /// Takes out of `entries`, where each is to be a table of the shape `inner` with a name of its own, the keys of such a table:
    /// the name was left out.
    fn nameless(&mut self, entries: &mut Entries, inner: &Json) {
        let belongs = |key: &str, entry: &super::tree::Entry| {
            !matches!(entry.node.value, Value::Table(_) | Value::Unknown) && !inner["properties"][key].is_null()
        };
        let Some((key, entry)) = entries.iter().find(|(key, entry)| belongs(key, entry)) else { return };
        let head = self.path.join(".");
        let problem = Problem::new(entry.key.clone(), format!("`{key}` of what?"), "expected in a table with a name");
        self.problems.push(problem.help(format!("write [{head}.NAME] above it, with a name of yours")));
        self.doubts.doubt(&self.path);
        entries.retain(|key, entry| !belongs(key, entry));
    }

    /// Leaves open what the unknown `key` was to be; most likely it is the `meant` one.
    fn unknown(&mut self, key: &str, node: &Node, meant: Option<&str>) {
        let Some(meant) = meant.filter(|meant| *meant != key) else {
            let told = self.problems.len().checked_sub(1).filter(|_| !matches!(node.value, Value::Unknown));
            return self.doubts.open(&self.path, told);
        };
        let holds = match &node.value {
            Value::Table(entries) => entries.keys().cloned().collect(),
            _ => Vec::new(),
        };
        self.doubts.misspelt([self.path.as_slice(), &[meant.to_owned()]].concat(), holds);
    }
}

/// `name` in backticks, unless it is several words.
pub fn quoted(name: &str) -> String {
    if name.contains(' ') { name.to_owned() } else { format!("`{name}`") }
}

fn fits(node: &Node, kind: &str, schema: &Json) -> bool {
    match (schema["format"].as_str(), &node.value) {
        (Some("rep-range"), _) => node.read::<RepRange>().is_ok(),
        (Some("length"), Value::String(text)) => text.parse::<Length>().is_ok(),
        (Some("colour"), Value::String(text)) => text.parse::<Colour>().is_ok(),
        (Some("key"), Value::String(text)) => text.parse::<crate::keymap::Key>().is_ok(),
        (_, value) => match (value, kind) {
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
