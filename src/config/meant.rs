//! What somebody most likely meant by a value that does not fit.

use serde_json::Value as Json;

use super::report::near;
use super::schema::{choices, kind, resolved};
use super::tree::{Node, Value};
use crate::keymap::Key;

/// The remedy for the value of `name` in `node`, which does not fit `schema`, where a likely one is known.
pub fn remedy(node: &Node, schema: &Json, name: &str, path: &[String]) -> Option<String> {
    let write = |value: String| Some(format!("write: {name} = {value}"));
    let wanted = kind(schema);
    match (&node.value, schema["format"].as_str(), wanted) {
        (Value::Array(_), _, "object") if schema["additionalProperties"].is_object() => {
            Some(format!("write [{}.NAME], with a name of its own for each", path.join(".")))
        }
        (Value::String(text), Some("rep-range"), _) => {
            let (low, high) = text.split_once(['-', '–']).or(text.split_once("to")).unwrap_or((text, text));
            write(format!("[{}, {}]", low.trim().parse::<u16>().ok()?, high.trim().parse::<u16>().ok()?))
        }
        (Value::Integer(reps), Some("rep-range"), _) => write(format!("[{reps}, {reps}]")),
        (Value::String(text), Some("key"), _) => {
            let plain = text.to_lowercase().replace(['+', ' '], "-");
            plain.parse::<Key>().ok().map(|_| format!("did you mean `{plain}`?"))
        }
        // What is expected lists the choices already.
        (Value::String(text), _, _) if !choices(schema).is_empty() => {
            near(text, choices(schema)).map(|meant| format!("did you mean `{meant}`?"))
        }
        (Value::String(text), _, "boolean") => yes_or_no(text).and_then(|meant| write(meant.to_owned())),
        (Value::String(text), _, "integer" | "number") => number(text, schema["title"] == "seconds")
            .filter(|it| wanted == "number" || it.fract() == 0.0)
            .and_then(|number| {
                let fits = schema["minimum"].as_f64().is_none_or(|low| number >= low)
                    && schema["maximum"].as_f64().is_none_or(|high| number <= high);
                if fits { write(number.to_string()) } else { None }
            }),
        (Value::Float(number), _, "integer") if number.fract() == 0.0 => write(number.to_string()),
        (Value::Table(_), _, "array") => Some("put it in brackets: [{ ... }]".to_owned()),
        (Value::String(text), None, "array") if schema["items"]["type"] != "integer" => write(format!("[{text:?}]")),
        (Value::Integer(number), None, "string") => {
            let text = number.to_string();
            let is_choice = choices(schema).is_empty() || choices(schema).contains(&text.as_str());
            if is_choice { write(format!("{text:?}")) } else { None }
        }
        _ => None,
    }
}

/// The table, as its header is written, that `key` belongs below, where it was written below `path` and can't stand there: one in
/// the same part of the configuration before all others, and the highest.
pub fn home(root: &Json, key: &str, path: &[String]) -> Option<String> {
    let mut tables = Vec::new();
    having(root, root, key, &mut Vec::new(), &mut tables);
    let (near, far): (Vec<_>, Vec<_>) = tables.iter().partition(|table| table.first() == path.first());
    // Words are called like what they are said of.
    let far: Vec<_> = far.into_iter().filter(|table| table.first().is_some_and(|part| part != "words")).collect();
    let tables = if near.is_empty() { far } else { near };
    let highest = tables.iter().map(|table| table.len()).min()?;
    let mut highest = tables.iter().filter(|table| table.len() == highest);
    match (highest.next(), highest.next()) {
        (Some(table), None) => Some(format!("[{}]", table.join("."))),
        _ => None,
    }
}

/// Adds to `tables` the path of each table below `path` that has `key`.
fn having(root: &Json, schema: &Json, key: &str, path: &mut Vec<String>, tables: &mut Vec<Vec<String>>) {
    let schema = resolved(root, schema);
    let properties = schema["properties"].as_object();
    if !path.is_empty() && properties.is_some_and(|properties| properties.contains_key(key)) {
        tables.push(path.clone());
    }
    let named = properties.into_iter().flatten().map(|(name, inner)| (name.as_str(), inner));
    let free = Some(("NAME", &schema["additionalProperties"])).filter(|(_, inner)| inner.is_object());
    for (name, inner) in named.chain(free) {
        path.push(name.to_owned());
        having(root, inner, key, path, tables);
        path.pop();
    }
}

/// The truth value that is meant by `text`.
pub fn yes_or_no(text: &str) -> Option<&'static str> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "on" => Some("true"),
        "false" | "no" | "off" => Some("false"),
        _ => None,
    }
}

/// The number that `text` is; with a unit of time, where `seconds` are wanted.
pub fn number(text: &str, seconds: bool) -> Option<f64> {
    let text = text.trim();
    if let Some((minutes, rest)) = text.split_once(':').filter(|_| seconds) {
        return Some(60.0 * f64::from(minutes.parse::<u16>().ok()?) + f64::from(rest.parse::<u16>().ok()?));
    }
    let end = text.find(|c: char| c.is_ascii_alphabetic() || c == '%').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number: f64 = number.trim().replace(',', ".").parse().ok()?;
    match unit {
        "" | "%" => Some(number),
        "s" | "sec" | "second" | "seconds" if seconds => Some(number),
        "m" | "min" | "minute" | "minutes" if seconds => Some(60.0 * number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_stands_elsewhere_belongs_to_the_table_that_has_it() {
        let schema = schemars::schema_for!(crate::config::Definitions).to_value();
        for (key, path, found) in [
            ("rounds", &["protocol", "p", "step", "s"][..], Some("[exercise.NAME]")),
            ("reps", &[], Some("[exercise.NAME]")),
            ("volume", &["exercise", "front-band"], Some("[settings]")),
            ("hold", &["exercise", "front-band"], Some("[exercise.NAME.phase.NAME]")),
            ("title", &["settings"], None),
            ("wallpaper", &["settings"], None),
        ] {
            let path: Vec<String> = path.iter().map(|part| (*part).to_owned()).collect();
            assert_eq!(home(&schema, key, &path).as_deref(), found, "{key}");
        }
    }

    #[test]
    fn a_number_is_found_with_its_unit_and_nothing_else_is_taken_for_one() {
        for (text, seconds, found) in [
            ("3", false, Some(3.0)),
            ("2,5", true, Some(2.5)),
            ("45 s", true, Some(45.0)),
            ("1 min", true, Some(60.0)),
            ("1:30", true, Some(90.0)),
            ("80%", false, Some(80.0)),
            ("45 s", false, None),
            ("3 kg", true, None),
            ("a:b", true, None),
            ("", true, None),
        ] {
            assert_eq!(number(text, seconds), found, "{text:?}");
        }
    }
}
