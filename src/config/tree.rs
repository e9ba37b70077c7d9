//! TOML text as a tree in which every value still knows where it was written.

use std::ops::Range;

use indexmap::IndexMap;
use indexmap::map::Entry as MapEntry;
use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::report::{Origin, Problem};
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
    /// A date or time, as text: no setting takes one.
    Datetime(String),
    /// Something that is wrong and was told of.
    Unknown,
}

/// A key with its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where the key stands.
    pub key: Origin,
    /// Its value.
    pub node: Node,
}

/// The tree of `table`, which is read from the source with index `source`; of a value in one of the `holes` nothing is known.
pub fn of_table(source: usize, table: &DeTable<'_>, holes: &[Range<usize>], problems: &mut Vec<Problem>) -> Node {
    let mut grower = Grower { source, holes, problems };
    Node { origin: Origin { source, span: 0..0 }, value: grower.table(table) }
}

struct Grower<'a> {
    source: usize,
    holes: &'a [Range<usize>],
    problems: &'a mut Vec<Problem>,
}

impl Grower<'_> {
    fn table(&mut self, table: &DeTable<'_>) -> Value {
        let entries = table.iter().map(|(key, value)| {
            let node = self.node(value);
            let entry = Entry { key: Origin { source: self.source, span: key.span() }, node };
            (text::clean(key.get_ref()), entry)
        });
        Value::Table(entries.collect())
    }

    fn node(&mut self, spanned: &Spanned<DeValue<'_>>) -> Node {
        let origin = Origin { source: self.source, span: spanned.span() };
        let is_in = |hole: &Range<usize>| hole.start < origin.span.end && origin.span.start < hole.end;
        let value = match spanned.get_ref() {
            DeValue::Table(table) => self.table(table),
            _ if self.holes.iter().any(is_in) => Value::Unknown,
            DeValue::String(string) => Value::String(text::clean(string)),
            DeValue::Integer(integer) => match i64::from_str_radix(integer.as_str(), integer.radix()) {
                Ok(number) => Value::Integer(number),
                Err(_) => {
                    let problem = Problem::new(origin.clone(), "number out of range", "this number is too large");
                    self.problems.push(problem);
                    Value::Unknown
                }
            },
            DeValue::Float(float) => Value::Float(float.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Boolean(boolean) => Value::Boolean(*boolean),
            DeValue::Datetime(moment) => Value::Datetime(moment.to_string()),
            DeValue::Array(array) => Value::Array(array.iter().map(|item| self.node(item)).collect()),
        };
        Node { origin, value }
    }
}

/// The layers laid on each other, the first at the bottom.
pub fn merged(layers: Vec<Node>) -> Node {
    let nothing = Node { origin: Origin { source: 0, span: 0..0 }, value: Value::Table(IndexMap::new()) };
    let mut layers = layers.into_iter();
    let mut tree = layers.next().unwrap_or(nothing);
    layers.for_each(|layer| tree.merge(layer));
    tree
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
            // The check of the shape puts something else in the place of both, so this is never read.
            Value::Datetime(_) | Value::Unknown => serializer.serialize_str(""),
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

    /// The value at `path`, if there is one; numbers in `path` index lists.
    pub fn at(&self, path: &[impl AsRef<str>]) -> Option<&Node> {
        path.iter().try_fold(self, |node, step| match &node.value {
            Value::Table(entries) => entries.get(step.as_ref()).map(|entry| &entry.node),
            Value::Array(items) => step.as_ref().parse::<usize>().ok().and_then(|at| items.get(at)),
            _ => None,
        })
    }

    /// The keys that lead from table to table, the first of each, as far as there are any.
    pub fn first_path(&self) -> Vec<String> {
        let Value::Table(entries) = &self.value else { return Vec::new() };
        let first = entries.first().map(|(key, entry)| [vec![key.clone()], entry.node.first_path()].concat());
        first.unwrap_or_default()
    }

    /// Whether it, or something below it, was written in one of `sources`.
    pub fn has_source(&self, sources: Range<usize>) -> bool {
        let below = || match &self.value {
            Value::Table(entries) => entries
                .values()
                .any(|entry| sources.contains(&entry.key.source) || entry.node.has_source(sources.clone())),
            Value::Array(items) => items.iter().any(|item| item.has_source(sources.clone())),
            _ => false,
        };
        sources.contains(&self.origin.source) || below()
    }

    /// Whether there is a value at `path`; numbers in `path` index lists.
    pub fn has(&self, path: &[impl AsRef<str>]) -> bool {
        self.at(path).is_some()
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
            // Nothing with one of these in it is shown.
            Value::Datetime(_) | Value::Unknown => toml::Value::String(String::new()),
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
