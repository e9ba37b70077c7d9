//! TOML text as a tree in which every value still knows where it was written.

use indexmap::IndexMap;
use indexmap::map::Entry as MapEntry;
use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::report::{self, Origin, Problem};
use crate::text;

/// A value and where it was written.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where the value stands.
    pub origin: Origin,
    /// The value.
    pub value: Value,
}

/// A TOML value.
#[derive(Clone, Debug)]
pub enum Value {
    /// A table, in the order of its keys.
    Table(IndexMap<String, Entry>),
    /// A list.
    Array(Vec<Node>),
    /// Text, already free of control characters.
    String(String),
    /// A whole number.
    Integer(i64),
    /// A number.
    Float(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A date or time, which no setting takes.
    Datetime,
}

/// A key with its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where the key stands.
    pub key: Origin,
    /// Its value.
    pub node: Node,
}

/// Parses `text`, the source with index `source`; every syntax error becomes a problem.
pub fn parse(source: usize, text: &str, problems: &mut Vec<Problem>) -> Node {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut told: Option<usize> = None;
    for error in errors.iter().take(report::MOST + 1) {
        let span = error.span().unwrap_or(0..0);
        // Past the first error of a line the parser guesses.
        let before = told.replace(span.start).unwrap_or(usize::MAX);
        let between = text.as_bytes().get(before.min(span.start)..before.max(span.start));
        if between.is_some_and(|between| !between.contains(&b'\n')) {
            continue;
        }
        problems.push(Problem::new(Origin { source, span }, "this is not TOML", error.message().trim()));
    }
    let span = 0..0;
    Node { origin: Origin { source, span }, value: table_value(source, table.get_ref(), problems) }
}

fn table_value(source: usize, table: &DeTable<'_>, problems: &mut Vec<Problem>) -> Value {
    let entries = table.iter().map(|(key, value)| {
        let node = node(source, value, problems);
        let entry = Entry { key: Origin { source, span: key.span() }, node };
        (text::clean(key.get_ref()), entry)
    });
    Value::Table(entries.collect())
}

fn node(source: usize, spanned: &Spanned<DeValue<'_>>, problems: &mut Vec<Problem>) -> Node {
    let origin = Origin { source, span: spanned.span() };
    let value = match spanned.get_ref() {
        DeValue::String(string) => Value::String(text::clean(string)),
        DeValue::Integer(integer) => match i64::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(number) => Value::Integer(number),
            Err(_) => {
                problems.push(Problem::new(origin.clone(), "number out of range", "this number is too large"));
                Value::Integer(0)
            }
        },
        DeValue::Float(float) => Value::Float(float.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(boolean) => Value::Boolean(*boolean),
        DeValue::Datetime(_) => Value::Datetime,
        DeValue::Array(array) => Value::Array(array.iter().map(|item| node(source, item, problems)).collect()),
        DeValue::Table(table) => table_value(source, table, problems),
    };
    Node { origin, value }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.value {
            Value::Table(entries) => serializer.collect_map(entries.iter().map(|(key, entry)| (key, &entry.node))),
            Value::Array(items) => serializer.collect_seq(items),
            Value::String(string) => serializer.serialize_str(string),
            Value::Integer(number) => serializer.serialize_i64(*number),
            Value::Float(number) => serializer.serialize_f64(*number),
            Value::Boolean(boolean) => serializer.serialize_bool(*boolean),
            // The check of the shape refuses dates wherever they stand, so this is never read.
            Value::Datetime => serializer.serialize_str(""),
        }
    }
}

impl Node {
    /// Lays `over` on this node: tables merge key by key, anything else is replaced.
    pub fn merge(&mut self, over: Node) {
        match (&mut self.value, over.value) {
            (Value::Table(below), Value::Table(above)) => {
                for (key, entry) in above {
                    match below.entry(key) {
                        MapEntry::Occupied(mut old) => old.get_mut().node.merge(entry.node),
                        MapEntry::Vacant(free) => {
                            free.insert(entry);
                        }
                    }
                }
            }
            (_, value) => *self = Node { origin: over.origin, value },
        }
    }

    /// The text at `path`, where there is one.
    pub fn text_at(&self, path: &[&str]) -> Option<&str> {
        match (&self.value, path) {
            (Value::String(text), []) => Some(text),
            (Value::Table(entries), [key, below @ ..]) => entries.get(*key)?.node.text_at(below),
            _ => None,
        }
    }

    /// Takes away the value at `path`, if there is one.
    pub fn remove(&mut self, path: &[String]) {
        let Value::Table(entries) = &mut self.value else { return };
        match path {
            [] => {}
            [key] => {
                entries.shift_remove(key);
            }
            [key, below @ ..] => {
                if let Some(entry) = entries.get_mut(key) {
                    entry.node.remove(below);
                }
            }
        }
    }

    /// The value as the `toml` crate has it, to be shown.
    pub fn to_toml(&self) -> toml::Value {
        match &self.value {
            Value::Table(entries) => {
                toml::Value::Table(entries.iter().map(|(key, entry)| (key.clone(), entry.node.to_toml())).collect())
            }
            Value::Array(items) => toml::Value::Array(items.iter().map(Node::to_toml).collect()),
            Value::String(string) => toml::Value::String(string.clone()),
            Value::Integer(number) => toml::Value::Integer(*number),
            Value::Float(number) => toml::Value::Float(*number),
            Value::Boolean(boolean) => toml::Value::Boolean(*boolean),
            // The check of the shape refuses dates wherever they stand, so this is never read.
            Value::Datetime => toml::Value::String(String::new()),
        }
    }

    /// The value as one of the types that describe the configuration.
    ///
    /// The way leads through JSON, as that of what is prepared does: all that reads these types is in the program once.
    ///
    /// # Errors
    /// When the value does not have the shape of the type.
    pub fn read<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_str(&serde_json::to_string(self)?)
    }

    /// The place of the value at `path`, or of the nearest table above it; numbers in `path` index lists.
    pub fn locate(&self, path: &[&str]) -> Origin {
        let mut place = self.origin.clone();
        let mut node = self;
        for step in path {
            let next = match &node.value {
                Value::Table(entries) => entries.get(*step).map(|entry| {
                    let place = match entry.node.value {
                        Value::Table(_) => entry.key.clone(),
                        _ => entry.node.origin.clone(),
                    };
                    (place, &entry.node)
                }),
                Value::Array(items) => {
                    step.parse::<usize>().ok().and_then(|at| items.get(at)).map(|item| (item.origin.clone(), item))
                }
                _ => None,
            };
            let Some((found, below)) = next else { break };
            place = found;
            node = below;
        }
        place
    }
}
