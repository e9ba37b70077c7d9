//! What somebody most likely meant by a value that does not fit.

use serde_json::Value as Json;

use super::report::near;
use super::schema::{choices, kind, resolved};
use super::tree::{Node, Value};
use crate::keymap::Key;
use crate::protocol::quantity::{Length, RepRange};
use crate::theme::colour::NAMES;

/// The remedy for the value of `name` in `node`, which does not fit `schema`, where a likely one is known.
pub fn remedy(root: &Json, node: &Node, schema: &Json, name: &str, path: &[String]) -> Option<String> {
    // Of a list, only what is wrong in it is written anew.
    let is_item = path.last().is_some_and(|part| part.parse::<usize>().is_ok());
    let write = |value: String| match is_item {
        true => Some(format!("write: {value}")),
        false => Some(format!("write: {name} = {value}")),
    };
    let wanted = kind(schema);
    match (&node.value, schema["format"].as_str(), wanted) {
        (Value::Array(_), _, "object") if schema["additionalProperties"].is_object() => {
            Some(format!("write [{}.NAME], with a name of its own for each", path.join(".")))
        }
        (Value::String(_) | Value::Integer(_) | Value::Float(_) | Value::Boolean(_), _, "object") => {
            let (key, above) = path.split_last()?;
            home(root, key, node, above).map(|home| format!("it belongs below {home}"))
        }
        (value, Some("rep-range"), _) => range(&written(value)?).and_then(write),
        (Value::String(text), Some("key"), _) => key(text).map(|meant| format!("did you mean `{meant}`?")),
        (Value::String(text), Some("length"), _) => length(text).and_then(|meant| write(format!("{meant:?}"))),
        (Value::Integer(number), Some("length"), _) => {
            Some(format!("write: {name} = \"{number} cm\", or \"{number} in\""))
        }
        (Value::String(text), Some("colour"), _) => colour(text).and_then(|meant| write(format!("{meant:?}"))),
        // What is expected lists the choices already.
        (Value::String(text), _, _) if !choices(schema).is_empty() => {
            choice(text, &choices(schema)).map(|meant| format!("did you mean `{meant}`?"))
        }
        (Value::String(text), _, "boolean") => yes_or_no(text).and_then(|meant| write(meant.to_owned())),
        (Value::String(_) | Value::Datetime(_), _, "integer" | "number") => written(&node.value)
            .and_then(|text| number(&text, schema["title"] == "seconds"))
            .filter(|it| wanted == "number" || it.fract() == 0.0)
            .and_then(|number| {
                let fits = schema["minimum"].as_f64().is_none_or(|low| number >= low)
                    && schema["maximum"].as_f64().is_none_or(|high| number <= high);
                if fits { write(number.to_string()) } else { None }
            }),
        (Value::Float(number), _, "integer") if number.fract() == 0.0 => write(number.to_string()),
        (Value::Table(_), _, "array") => Some("put it in brackets: [{ ... }]".to_owned()),
        (Value::String(text), None, "array") if schema["items"]["type"] != "integer" => {
            let items = items(text, resolved(root, &schema["items"])["format"] == "key");
            write(format!("[{}]", items.iter().map(|item| format!("{item:?}")).collect::<Vec<_>>().join(", ")))
        }
        (Value::Integer(number), None, "string") => {
            let text = number.to_string();
            let is_choice = choices(schema).is_empty() || choices(schema).contains(&text.as_str());
            if is_choice { write(format!("{text:?}")) } else { None }
        }
        _ => None,
    }
}

/// The items of the list that is meant by `text`: the keys or other names in it or, where it is a sentence, all of it.
fn items(text: &str, are_keys: bool) -> Vec<String> {
    let whole = text.trim();
    // A comma is a key itself.
    if are_keys && whole.parse::<Key>().is_ok() {
        return vec![whole.to_owned()];
    }
    let inside = whole.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(whole);
    let parts = inside.split([',', ';']).map(|part| unquoted(part.trim())).filter(|part| !part.is_empty());
    let named: Vec<String> = match are_keys {
        true => {
            let meant = |part: &str| key(part).filter(|_| part.parse::<Key>().is_err());
            parts.map(|part| meant(part).unwrap_or_else(|| part.to_owned())).collect()
        }
        false => parts.map(str::to_owned).collect(),
    };
    let are_names = are_keys || named.iter().all(|part| !part.contains(char::is_whitespace));
    if are_names && !named.is_empty() { named } else { vec![unquoted(whole).to_owned()] }
}

/// `text` without the quotes round it.
fn unquoted(text: &str) -> &str {
    let without = |quote: char| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    without('"').or_else(|| without('\'')).unwrap_or(text)
}

/// The one of `choices` that is meant by `text`: one that is alike, begins alike, or is called so elsewhere.
fn choice<'a>(text: &str, choices: &[&'a str]) -> Option<&'a str> {
    let small = text.trim().to_lowercase();
    let other = CHOICES.iter().find(|(name, _)| *name == small).map(|(_, meant)| *meant);
    let known = choices.iter().copied().find(|choice| other == Some(choice));
    let mut begins = choices.iter().copied().filter(|choice| small.starts_with(choice) || choice.starts_with(&small));
    let begins = begins.next().filter(|_| !small.is_empty() && begins.next().is_none());
    known.or_else(|| near(&small, choices.iter().copied())).or(begins)
}

/// What the kinds of steps could as well be called.
const CHOICES: [(&str, &str); 9] = [
    ("question", "ask"),
    ("test", "measure"),
    ("train", "exercise"),
    ("set", "exercise"),
    ("pause", "rest"),
    ("break", "rest"),
    ("text", "note"),
    ("info", "note"),
    ("checklist", "prepare"),
];

/// The length that is meant by `text`, which has its unit in another form.
fn length(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase().replace(',', ".");
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at(end);
    let unit = match unit.trim() {
        "inch" | "inches" | "\"" | "″" | "”" => "in",
        "centimetre" | "centimetres" | "centimeter" | "centimeters" | "cm" => "cm",
        "millimetre" | "millimetres" | "millimeter" | "millimeters" => "mm",
        "m" | "metre" | "metres" | "meter" | "meters" => {
            // In tenths of a millimetre, or 0.07 m would be 7.000000000000001 cm.
            let meant = format!("{} cm", (number.trim().parse::<f64>().ok()? * 10_000.0).round() / 100.0);
            return meant.parse::<Length>().is_ok().then_some(meant);
        }
        _ => return None,
    };
    let meant = format!("{number} {unit}");
    meant.parse::<Length>().is_ok().then_some(meant)
}

/// The colour that is meant by `text`, which is written as elsewhere.
fn colour(text: &str) -> Option<String> {
    let small = text.trim().to_lowercase();
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let hex = small.strip_prefix('#').or(small.strip_prefix("0x")).unwrap_or(&small);
    if is_hex(hex) {
        return match hex.len() {
            6 => Some(format!("#{hex}")),
            3 => Some(hex.chars().fold("#".to_owned(), |whole, digit| format!("{whole}{digit}{digit}"))),
            _ => None,
        };
    }
    if let Some((exact, name)) = small.split_once([' ', ';', '/']).filter(|(exact, _)| exact.starts_with('#')) {
        let (exact, name) = (colour(exact)?, colour(name.trim_start_matches([' ', ';', ',']))?);
        return Some(format!("{exact}, {name}"));
    }
    let name = small.replace([' ', '_'], "-").replace("light-", "bright-").replace("grey", "gray");
    let name = match name.as_str() {
        "gray" => "white",
        "dark-gray" => "bright-black",
        "bright-gray" => "white",
        "purple" | "violet" | "pink" => "magenta",
        name => name,
    };
    near(name, NAMES).map(str::to_owned)
}

/// The name of the key that is meant by `text`, which is no name of one.
fn key(text: &str) -> Option<String> {
    let small = text.trim().to_lowercase();
    let mut rest = small.as_str();
    let mut held = String::new();
    // A sign has to stand between the two, or `altgr` would be Alt and another key.
    while let Some((key, modifier)) = MODIFIERS.iter().find_map(|(name, modifier)| {
        let key = rest.strip_prefix(name)?.trim_start().strip_prefix(['-', '+', '_'])?;
        Some((key.trim_start(), modifier))
    }) {
        rest = key;
        held = held + modifier + "-";
    }
    let letters: String = rest.chars().filter(|c| !matches!(c, '-' | '_' | '+' | ' ')).collect();
    let other = KEYS.iter().find(|(name, _)| *name == letters).map(|(_, meant)| *meant);
    let is_key = |name: &&str| name.parse::<Key>().is_ok();
    let known = other.or(Some(rest).filter(is_key)).or(Some(letters.as_str()).filter(is_key));
    let meant = known.or_else(|| near(&letters, Key::NAMES))?;
    let meant = held + meant;
    meant.parse::<Key>().ok().map(|_| meant)
}

/// What other programs and keyboards call what is held with a key.
const MODIFIERS: [(&str, &str); 5] =
    [("ctrl", "ctrl"), ("control", "ctrl"), ("alt", "alt"), ("option", "alt"), ("shift", "shift")];

/// What other programs and keyboards call the keys.
const KEYS: [(&str, &str); 14] = [
    ("escape", "esc"),
    ("return", "enter"),
    ("spacebar", "space"),
    ("blank", "space"),
    ("pgup", "pageup"),
    ("prior", "pageup"),
    ("pgdn", "pagedown"),
    ("pgdown", "pagedown"),
    ("next", "pagedown"),
    ("del", "delete"),
    ("ins", "insert"),
    ("bksp", "backspace"),
    ("plus", "+"),
    ("hyphen", "-"),
];

/// The table, as its header is written, that `key` belongs below, where it was written below `path` and can't stand there: one in
/// the same part of the configuration before all others, and the highest. A table that takes its `value` comes before others.
pub fn home(root: &Json, key: &str, value: &Node, path: &[String]) -> Option<String> {
    let mut tables = Vec::new();
    having(root, root, key, &mut Vec::new(), &mut tables);
    let is_table = matches!(value.value, Value::Table(_));
    let is_near = |table: &[String]| table.first() == path.first();
    // Words are called like what they are said of.
    let is_said = |table: &[String]| table.first().is_none_or(|part| part == "words");
    tables.retain(|(table, schema)| (kind(schema) == "object") == is_table && (is_near(table) || !is_said(table)));
    if tables.iter().any(|(_, schema)| takes(schema, value)) {
        tables.retain(|(_, schema)| takes(schema, value));
    }
    let (near, far): (Vec<_>, Vec<_>) = tables.iter().map(|(table, _)| table).partition(|table| is_near(table));
    let tables = if near.is_empty() { far } else { near };
    let highest = tables.iter().map(|table| table.len()).min()?;
    let mut highest = tables.iter().filter(|table| table.len() == highest);
    match (highest.next(), highest.next()) {
        (Some(table), None) => Some(format!("[{}]", table.join("."))),
        _ => None,
    }
}

/// Whether a value of this kind can be meant for something of the shape `schema`.
fn takes(schema: &Json, value: &Node) -> bool {
    match (&value.value, kind(schema)) {
        (Value::Unknown, _) => true,
        (Value::Table(_), kind) => kind == "object",
        (Value::Array(_), kind) => kind == "array",
        (_, "object" | "array") => schema["format"] == "rep-range",
        (Value::String(text), _) if !choices(schema).is_empty() => choices(schema).contains(&text.as_str()),
        (Value::String(_), kind) => kind == "string",
        (Value::Boolean(_), kind) => kind == "boolean",
        (_, kind) => kind == "integer" || kind == "number",
    }
}

/// Adds to `tables` the path of each table below `path` that has `key`, and the shape of it there.
fn having<'a>(
    root: &'a Json,
    schema: &'a Json,
    key: &str,
    path: &mut Vec<String>,
    tables: &mut Vec<(Vec<String>, &'a Json)>,
) {
    let schema = resolved(root, schema);
    let properties = schema["properties"].as_object();
    if let Some(found) = properties.and_then(|properties| properties.get(key)).filter(|_| !path.is_empty()) {
        tables.push((path.clone(), resolved(root, found)));
    }
    let named = properties.into_iter().flatten().map(|(name, inner)| (name.as_str(), inner));
    let free = Some(("NAME", &schema["additionalProperties"])).filter(|(_, inner)| inner.is_object());
    for (name, inner) in named.chain(free) {
        path.push(name.to_owned());
        having(root, inner, key, path, tables);
        path.pop();
    }
}

/// The range of reps that is meant by `text`, as it is to be written; one number alone is that many, no more and no fewer.
pub fn range(text: &str) -> Option<String> {
    // Of a decimal number nobody knows what was meant.
    let is_decimal = text.trim().parse::<u16>().is_err() && text.trim().parse::<f64>().is_ok();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let (one, other) = match words[..] {
        _ if is_decimal => return None,
        [one] => (one, one),
        [one, other] | [one, "to", other] => (one, other),
        _ => return None,
    };
    let (one, other): (u16, u16) = (one.parse().ok()?, other.parse().ok()?);
    let [low, high] = RepRange::new(one.min(other), one.max(other))?.into();
    Some(format!("[{low}, {high}]"))
}

/// The text of `value`, where it is one that numbers could be written as.
fn written(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        // "10:15" is a time of the day in TOML.
        Value::Datetime(text) => Some(text.trim_end_matches(":00").to_owned()),
        Value::Array(items) => {
            let items: Option<Vec<String>> = items.iter().map(|item| written(&item.value)).collect();
            items.map(|items| items.join(" "))
        }
        _ => None,
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
    // A minus as it is printed.
    let number: f64 = number.trim().replace(',', ".").replace(['−', '–'], "-").parse().ok()?;
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
    fn a_key_that_stands_elsewhere_belongs_to_the_table_that_has_it_and_takes_its_value() {
        let schema = schemars::schema_for!(crate::config::Definitions).to_value();
        for (key, path, value, found) in [
            ("rounds", &["protocol", "p", "step", "s"][..], "2", Some("[exercise.NAME]")),
            ("reps", &[], "[8, 12]", Some("[exercise.NAME]")),
            ("volume", &["exercise", "front-band"], "50", Some("[settings]")),
            ("volume", &["exercise", "front-band"], "\"loud\"", Some("[settings]")),
            ("hold", &["exercise", "front-band"], "true", Some("[exercise.NAME.phase.NAME]")),
            ("units", &[], "\"in\"", Some("[settings]")),
            ("units", &[], "[\"u\"]", Some("[keys]")),
            ("theme", &[], "\"dark\"", Some("[settings]")),
            ("hold", &["settings"], "{ volume = 1.0 }", Some("[sound]")),
            ("forward", &["keys"], "[\"x\"]", None),
            ("title", &["settings"], "\"Mine\"", None),
            ("wallpaper", &["settings"], "1", None),
        ] {
            let path: Vec<String> = path.iter().map(|part| (*part).to_owned()).collect();
            let tree = crate::config::syntax::parse(0, &format!("value = {value}"), &mut Vec::new());
            let value = tree.at(&["value"]).unwrap();
            assert_eq!(home(&schema, key, value, &path).as_deref(), found, "{key}");
        }
    }

    #[test]
    fn a_list_is_found_in_names_with_commas_and_a_sentence_stays_whole() {
        for (text, are_keys, found) in [
            ("ankle, warm-up", false, &["ankle", "warm-up"][..]),
            ("space, enter", true, &["space", "enter"]),
            ("(\"ankle\")", false, &["ankle"]),
            ("ankle", false, &["ankle"]),
            (",", true, &[","]),
            ("Face away, and step forward.", false, &["Face away, and step forward."]),
            ("(slowly, at first)", false, &["(slowly, at first)"]),
            ("don't rush 'it'", false, &["don't rush 'it'"]),
            ("p, P", true, &["p", "P"]),
            ("Ctrl+P, Page Down", true, &["ctrl-p", "pagedown"]),
            ("", false, &[""]),
        ] {
            assert_eq!(items(text, are_keys), found, "{text:?}");
        }
    }

    #[test]
    fn a_range_is_found_however_it_is_written_and_in_which_order() {
        for (text, found) in [
            ("8-12", Some("[8, 12]")),
            ("8 – 12", Some("[8, 12]")),
            ("8 to 12", Some("[8, 12]")),
            ("8:12", Some("[8, 12]")),
            ("8, 12", Some("[8, 12]")),
            ("(08,12)", Some("[8, 12]")),
            ("8..12", Some("[8, 12]")),
            ("12-8", Some("[8, 12]")),
            ("10", Some("[10, 10]")),
            ("5.5", None),
            ("8-12-15", None),
            ("8-120", None),
            ("0", None),
            ("ten", None),
            ("", None),
        ] {
            assert_eq!(range(text).as_deref(), found, "{text:?}");
        }
    }

    #[test]
    fn lengths_colours_and_choices_are_found_as_they_are_written_elsewhere() {
        for (text, found) in [
            ("4 inches", Some("4 in")),
            ("2 inch", Some("2 in")),
            ("4\"", Some("4 in")),
            ("10,2 cm", Some("10.2 cm")),
            ("25 millimeters", Some("25 mm")),
            ("0.1 m", Some("10 cm")),
            ("0.07 m", Some("7 cm")),
            ("0.125 m", Some("12.5 cm")),
            ("1 m", Some("100 cm")),
            ("2 m", None),
            ("4 feet", None),
            ("far", None),
        ] {
            assert_eq!(length(text).as_deref(), found, "{text}");
        }
        for (text, found) in [
            ("e8ecf1", Some("#e8ecf1")),
            ("#FA0", Some("#ffaa00")),
            ("0xe8ecf1", Some("#e8ecf1")),
            ("Bright Yellow", Some("bright-yellow")),
            ("light blue", Some("bright-blue")),
            ("#ff8800 yellow", Some("#ff8800, yellow")),
            ("#ff8800; yelow", Some("#ff8800, yellow")),
            ("rde", Some("red")),
            ("grey", Some("white")),
            ("#12345", None),
            ("wallpaper", None),
        ] {
            assert_eq!(colour(text).as_deref(), found, "{text}");
        }
        let kinds = ["ask", "measure", "exercise", "rest", "note", "prepare"];
        for (text, found) in [("question", Some("ask")), ("test", Some("measure")), ("mesure", Some("measure"))] {
            assert_eq!(choice(text, &kinds), found, "{text}");
        }
        assert_eq!((choice("inch", &["cm", "in"]), choice("", &["cm", "in"])), (Some("in"), None));
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
