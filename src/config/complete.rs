//! What is missing in a configuration, once all of its files are laid on each other; and something in the place of all that is
//! missing or wrong, so that the rest can be read and checked.

use indexmap::IndexMap;
use serde_json::Value as Json;

use super::doubts::Doubts;
use super::report::{MOST, Origin, Problem, near};
use super::schema::{choices, kind, resolved};
use super::shape::{expected, quoted};
use super::tree::{Entry, Node, Value};

/// Appends to `problems` what is missing in `tree`, and puts a value that fits into the place of all that is not known.
pub fn complete(tree: &mut Node, schema: &Json, problems: &mut Vec<Problem>, doubts: &mut Doubts) {
    let at = Table { schema, key: &tree.origin.clone(), name: "the configuration", siblings: &[] };
    Completer { root: schema, problems, doubts, path: Vec::new(), renamed: false }.node(tree, &at);
}

/// Where a value stands.
struct Table<'a> {
    schema: &'a Json,
    key: &'a Origin,
    name: &'a str,
    /// The names beside it, where names are free.
    siblings: &'a [String],
}

struct Completer<'a> {
    root: &'a Json,
    problems: &'a mut Vec<Problem>,
    doubts: &'a mut Doubts,
    /// The keys that lead to the value at hand.
    path: Vec<String>,
    /// A table above is most likely another one under a misspelt name, and so nothing is missing in it.
    renamed: bool,
}

impl Completer<'_> {
    fn node(&mut self, node: &mut Node, at: &Table<'_>) {
        // More than this are not told.
        if self.problems.len() > MOST {
            return;
        }
        let schema = resolved(self.root, at.schema);
        match &mut node.value {
            Value::Unknown => {
                self.doubts.doubt(&self.path);
                node.value = stand_in(self.root, schema, &node.origin);
            }
            Value::Table(entries) => self.table(entries, at, schema),
            Value::Array(items) if schema["format"].is_null() => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.path.push(index.to_string());
                    let key = item.origin.clone();
                    self.node(item, &Table { schema: &schema["items"], key: &key, name: at.name, siblings: &[] });
                    self.path.pop();
                }
            }
            _ => {}
        }
    }

    fn table(&mut self, entries: &mut IndexMap<String, Entry>, at: &Table<'_>, schema: &Json) {
        let properties = &schema["properties"];
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str);
        let (given, missing): (Vec<&str>, Vec<&str>) = required.partition(|key| entries.contains_key(*key));
        // Whoever meant to change a thing and misspelt its name has begun a new thing, and gave little of it.
        let begun = missing.len() > given.len();
        let others = at.siblings.iter().map(String::as_str).filter(|other| begun && *other != at.name);
        let meant = near(at.name, others);
        self.missing(&missing, at, properties, meant);
        if let Some(meant) = meant {
            self.belongs_to(meant, entries);
        }

        let above = self.renamed;
        self.renamed |= meant.is_some();
        let free = &schema["additionalProperties"];
        let names = self.whole(entries, free);
        for (key, entry) in entries.iter_mut() {
            let (schema, siblings) = match &properties[key] {
                Json::Null => (free, names.as_slice()),
                schema => (schema, &[][..]),
            };
            self.path.push(key.clone());
            self.node(&mut entry.node, &Table { schema, key: &entry.key, name: key, siblings });
            self.path.pop();
        }
        self.renamed = above;

        for key in missing {
            self.doubts.doubt(&[self.path.as_slice(), &[key.to_owned()]].concat());
            let value = stand_in(self.root, &properties[key], at.key);
            let node = Node { origin: at.key.clone(), value };
            entries.insert(key.to_owned(), Entry { key: at.key.clone(), node });
        }
    }

    /// The names of the `entries`, each of the shape `schema`, in which nothing is missing: those that others can be meant to be.
    fn whole(&self, entries: &IndexMap<String, Entry>, schema: &Json) -> Vec<String> {
        let required = resolved(self.root, schema)["required"].as_array();
        let required: Vec<&str> = required.into_iter().flatten().filter_map(Json::as_str).collect();
        let is_whole = |entry: &Entry| required.iter().all(|key| entry.node.has(&[*key]));
        entries.iter().filter(|(_, entry)| is_whole(entry)).map(|(name, _)| name.clone()).collect()
    }

    /// Takes as unknown the table at hand, which was to change the table `meant` beside it, and what its `entries` were to
    /// change there.
    fn belongs_to(&mut self, meant: &str, entries: &IndexMap<String, Entry>) {
        self.doubts.doubt(&self.path);
        let Some((_, above)) = self.path.split_last() else { return };
        for (key, entry) in entries {
            let path = [above, &[meant.to_owned(), key.clone()]].concat();
            match &entry.node.value {
                Value::Table(inner) => {
                    inner
                        .keys()
                        .for_each(|name| self.doubts.doubt(&[path.as_slice(), std::slice::from_ref(name)].concat()));
                }
                _ => self.doubts.doubt(&path),
            }
        }
    }

    /// What `schema` takes below the table at hand, under the name `key`.
    fn expected(&self, key: &str, schema: &Json) -> String {
        let schema = resolved(self.root, schema);
        match schema["additionalProperties"].is_object() {
            true => format!("expected at least one table [{}.{key}.NAME]", self.path.join(".")),
            false => expected(schema),
        }
    }

    /// Tells which keys are `missing`, where none of them can be there under a wrong name.
    fn missing(&mut self, missing: &[&str], at: &Table<'_>, properties: &Json, meant: Option<&str>) {
        let unknown = |key: &&&str| self.doubts.cover(&[self.path.as_slice(), &[(**key).to_owned()]].concat());
        let missing: Vec<&str> = missing.iter().filter(|key| !unknown(key)).copied().collect();
        let [first, others @ ..] = missing.as_slice() else { return };
        if self.renamed {
            return;
        }
        if let Some(problem) = self.doubts.opened(&self.path) {
            let is_vague = |problem: &&mut Problem| problem.help.as_ref().is_none_or(|it| it.starts_with("known here"));
            if let Some(problem) = problem.and_then(|index| self.problems.get_mut(index)).filter(is_vague) {
                problem.help = Some(format!("missing beside it: {}", missing.join(", ")));
            }
            return;
        }
        let label = match others {
            [] => format!("`{first}` is missing here: {}", self.expected(first, &properties[*first])),
            _ => format!("missing here: {}", missing.join(", ")),
        };
        let problem = Problem::new(at.key.clone(), format!("{} is not complete", quoted(at.name)), label);
        self.problems.push(match meant {
            Some(meant) => problem.help(format!("did you mean `{meant}`?")),
            None => problem,
        });
    }
}

/// The least that fits `schema`.
fn stand_in(root: &Json, schema: &Json, origin: &Origin) -> Value {
    let schema = resolved(root, schema);
    let least = schema["minimum"].as_f64().unwrap_or(0.0);
    let text = |text: &str| Value::String(text.to_owned());
    match (schema["format"].as_str(), kind(schema)) {
        (Some("rep-range"), _) => {
            let one = Node { origin: origin.clone(), value: Value::Integer(1) };
            Value::Array(vec![one.clone(), one])
        }
        (Some("length"), _) => text("1 cm"),
        (Some("colour"), _) => text("red"),
        (Some("key"), _) => text("space"),
        (_, "string") => text(choices(schema).first().copied().unwrap_or("?")),
        (_, "integer") => Value::Integer(least.ceil() as i64),
        (_, "number") => Value::Float(least),
        (_, "boolean") => Value::Boolean(false),
        (_, "array") => Value::Array(Vec::new()),
        _ => {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str);
            let entry = |key: &str| {
                let value = stand_in(root, &schema["properties"][key], origin);
                let node = Node { origin: origin.clone(), value };
                (key.to_owned(), Entry { key: origin.clone(), node })
            };
            Value::Table(required.map(entry).collect())
        }
    }
}
