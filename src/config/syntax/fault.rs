//! A syntax error in the words of somebody who writes such files, with the remedy where there is a likely one.

use std::ops::Range;

use serde_json::Value as Json;
use toml::de::DeTable;

use super::{Mend, Statement, is_bare_header, line_around, table_above, tree};
use crate::config::meant::{number, range, yes_or_no};
use crate::config::report::{Origin, Problem};
use crate::config::routines::{ADDED_TO, SHARED};
use crate::config::shape;

/// What every syntax error is called that has no better name.
pub const TITLE: &str = "this is not TOML";

/// The one key whose value is a range.
const RANGE: &str = "reps";

/// Quotes as they are printed.
const QUOTES: [char; 8] = ['“', '”', '„', '‘', '’', '«', '»', '`'];

/// What is wrong with a text that does not end in its line.
const UNQUOTED: &str = "expected the same quote at its end";

/// What is wrong with a path of another system.
const BACKSLASH: &str = "a backslash has a meaning of its own in double quotes; expected two, or single quotes";

/// The problem that the parser calls `message` at `span` of `text`, and that `mend` takes out.
///
/// Where the value that is likely meant does not fit `schema` either, its problem is told, as nobody wants two answers in a row.
pub fn told(source: usize, text: &str, span: Range<usize>, message: &str, mend: &Mend, schema: &Json) -> Problem {
    let problem = |span, title: &str, label: &str| Problem::new(Origin { source, span }, title, label);
    if message.contains("duplicate key") {
        return twice(source, text, span);
    }
    let line = line_around(text, mend.hole.start);
    let statement = Statement::of(text, &line);
    if is_bare_header(&text[line.clone()]) {
        let name = text[line.clone()].split(['#', ']']).next().unwrap_or_default().trim();
        let at = line.start + text[line.clone()].find(name).unwrap_or_default();
        let told = problem(at..at + name.len(), TITLE, "expected the name of a table in brackets");
        return told.help(format!("write: [{name}]"));
    }
    let value = statement.as_ref().map(|statement| Value::of(text, statement, line.end));
    let is_endless =
        mend.endless || message.trim().starts_with("unclosed array") || message.contains("unclosed inline");
    if let Some(value) = value.as_ref().filter(|_| is_endless) {
        let end = match text[value.span.clone()].chars().next() {
            Some('{') => "expected `}` at its end",
            Some('[') => "expected `]` at its end",
            _ => label(message),
        };
        let (span, title) =
            if end == label(message) { (span, TITLE) } else { (value.span.clone(), "a list without its end") };
        return problem(span, title, end);
    }
    let is_words = |value: &Value| !value.is_given && text[value.span.clone()].contains(' ');
    if let Some(value) = value.as_ref().filter(|it| is_words(it) && !is_value(&text[it.span.clone()])) {
        let told = problem(value.span.clone(), TITLE, "a comment begins with `#`");
        return told.help(format!("write: # {}", text[line].trim()));
    }
    if let Some((statement, value)) = statement.zip(value).filter(|(it, _)| span.end >= it.name.end)
        && let Some((label, meant)) = value.judged(text, &text[statement.name.clone()])
    {
        let told = problem(value.span.clone(), TITLE, label);
        let Some(meant) = meant else { return told };
        let meant = format!("{} = {meant}", &text[statement.name.clone()]);
        return match misfit(text, &statement, &meant, schema) {
            Some(misfit) => Problem { origin: told.origin, ..misfit },
            None => told.help(format!("write: {meant}")),
        };
    }
    let begin = text[line_around(text, span.start)].trim_start();
    if ["//", ";", "--", "/*", "%"].iter().any(|mark| begin.starts_with(mark)) {
        return problem(span, TITLE, "a comment begins with `#`");
    }
    if text.get(span.start..).is_some_and(|rest| rest.starts_with('\u{a0}')) {
        return problem(span, TITLE, "this is a no-break space; expected a plain one");
    }
    if let Some((name, _)) =
        begin.strip_prefix('[').and_then(|name| name.split_once(']')).filter(|(name, _)| name.contains('/'))
    {
        let told = problem(span, TITLE, "expected `.` between names");
        return told.help(format!("write: [{}]", name.replace('/', ".")));
    }
    if message.trim() == UNCLOSED_NAME && begin.contains(']') {
        let plain = begin.split(']').next().unwrap_or_default();
        // The first of several words may be the name of a kind.
        let kinds = ADDED_TO.iter().chain(&SHARED);
        let kind = kinds
            .copied()
            .find(|kind| plain.strip_prefix('[').is_some_and(|name| name.starts_with(&format!("{kind} "))));
        let plain = plain.replacen(' ', if kind.is_some() { "." } else { "-" }, 1).replace(' ', "-");
        let told = problem(span, TITLE, "a name has no spaces; expected letters, digits and `-`");
        return told.help(format!("write: {plain}]"));
    }
    problem(span, TITLE, label(message))
}

/// What is wrong with `meant`, which is to stand in the place of `statement`.
fn misfit(text: &str, statement: &Statement, meant: &str, schema: &Json) -> Option<Problem> {
    let table = DeTable::parse(meant).ok()?;
    let tree = tree::of_table(0, table.get_ref(), &[], &mut Vec::new());
    let path = tree.first_path();
    let mut value = tree.at(&path)?.clone();
    shape::problem_of(&mut value, schema, &[table_above(text, statement.name.start)?, path].concat())
}

/// What the parser says of the name of a table that does not end.
const UNCLOSED_NAME: &str = "unclosed table, expected `]`";

/// What the parser calls `message`, in other words where its own are those of people who make parsers.
pub fn label(message: &str) -> &str {
    match message.trim() {
        // A word that begins as "true" and "false" do is no more of a boolean than others.
        "string values must be quoted, expected literal string"
        | "invalid boolean, expected `true`"
        | "invalid boolean, expected `false`" => "expected text in quotes",
        "missing comma between array elements, expected `,`"
        | "missing comma between key-value pairs, expected `,`" => "expected `,` before it",
        "invalid basic string, expected `\"`" | "invalid literal string, expected `'`" => UNQUOTED,
        message if message.contains("unicode") || message.contains("escape") => BACKSLASH,
        UNCLOSED_NAME => "expected `]` at the end of the name",
        "unexpected key or value, expected newline, `#`" => "expected nothing more in this line",
        message => message,
    }
}

/// A text of several lines that does not end, where `message` at byte `at` says so: nothing is known of what follows.
pub fn endless_text(source: usize, text: &str, at: usize, message: &str) -> Option<Problem> {
    let quotes = if message.contains("literal") { "'''" } else { "\"\"\"" };
    let begin = message.contains("multi-line").then(|| text[..at].rfind(quotes))??;
    let label = format!("expected {quotes} at its end; nothing below it was read");
    let origin = Origin { source, span: begin..begin + quotes.len() };
    Some(Problem::new(origin, "a text without its end", label))
}

/// A name that has a value, or a table that has begun, already.
fn twice(source: usize, text: &str, span: Range<usize>) -> Problem {
    let name = text.get(span.clone()).unwrap_or_default();
    let line = line_around(text, span.start);
    let is_table = text[line.clone()].trim_start().starts_with('[');
    let same = |other: &str| match is_table {
        true => other.trim() == text[line.clone()].trim(),
        false => other.trim_start().strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('=')),
    };
    let before: Vec<&str> = text[..line.start].lines().collect();
    let first = before.iter().rposition(|other| same(other));
    let above = first.map_or_else(|| "above".to_owned(), |at| format!("in line {}", at + 1));
    let (label, help) = match is_table {
        true => (format!("this table has begun {above}"), "put what it holds below that line"),
        false => (format!("it has a value {above}"), "leave one of the two out"),
    };
    Problem::new(Origin { source, span }, format!("`{name}` is there twice"), label).help(help)
}

/// What stands behind a name.
struct Value {
    /// There is an `=` between the two.
    is_given: bool,
    /// There are more signs between them.
    has_signs: bool,
    span: Range<usize>,
}

impl Value {
    /// What stands behind the name of `statement`, up to byte `end`, without a comment.
    fn of(text: &str, statement: &Statement, end: usize) -> Value {
        let rest = &text[statement.name.end..end];
        let value = rest.trim_start();
        let is_given = value.starts_with('=');
        let value = value.strip_prefix(['=', ':']).unwrap_or(value).trim_start();
        let plain = value.trim_start_matches(['=', '>']).trim_start();
        let (has_signs, value) = (plain.len() < value.len(), plain);
        let start = end - value.len();
        let value = match value.starts_with(['"', '\'', '[', '{']) {
            true => value,
            false => value.split(" #").next().unwrap_or(value),
        };
        Value { is_given, has_signs, span: start..start + value.trim_end().len() }
    }

    /// What was expected instead for `name`, and the value that is likely meant.
    fn judged(&self, text: &str, name: &str) -> Option<(&'static str, Option<String>)> {
        let told = &text[self.span.clone()];
        if !self.is_given {
            let label = "expected `=` between a name and its value; a comment begins with `#`";
            return (!told.is_empty()).then(|| (label, Some(quoted_if_needed(told))));
        }
        if self.has_signs && !told.is_empty() {
            return Some(("expected one `=` between a name and its value", Some(quoted_if_needed(told))));
        }
        if let Some(meant) = commented(told) {
            let has_comment = meant.contains('#');
            let label = if has_comment { "a comment begins with `#`" } else { "expected nothing behind the value" };
            return Some((label, Some(meant)));
        }
        if name == RANGE && !told.is_empty() {
            return Some(("expected two numbers in brackets", range(told)));
        }
        let bare = told.trim_matches(QUOTES);
        let plain = told.replace(QUOTES, "\"");
        Some(match told.chars().next() {
            None => ("expected a value after `=`", None),
            Some('[' | '{') if plain != told && is_value(&plain) => ("expected plain quotes", Some(plain)),
            _ if bare.len() < told.len() => {
                ("expected plain quotes", Some(format!("{:?}", bare.trim_matches(['"', '\'']))))
            }
            Some('−' | '–') if number(told, true).is_some() => {
                ("expected a plain minus", number(told, true).map(|number| number.to_string()))
            }
            Some('[' | '{') => return list(told).map(|(label, meant)| (label, Some(meant))),
            Some('(') => match list(&told.replace('(', "[").replace(')', "]")) {
                Some((_, meant)) => ("expected a list in brackets", Some(meant)),
                None => ("expected text in quotes", Some(format!("{told:?}"))),
            },
            Some('"' | '\'') if told.ends_with(['"', '\'']) && is_value(&format!("[{told}]")) => {
                ("expected brackets around a list", Some(format!("[{told}]")))
            }
            Some('"' | '\'') => return quoted(told),
            _ if yes_or_no(told).is_some() => ("expected true or false", yes_or_no(told).map(str::to_owned)),
            Some('0'..='9' | '.' | '-' | '+') => numeric(told),
            _ => ("expected text in quotes", Some(format!("{told:?}"))),
        })
    }
}

/// What is meant by `told`, which is a value with a comment of another language behind it.
fn commented(told: &str) -> Option<String> {
    let (at, mark) =
        [" //", " --", " /*", " <!--", " (", ";"].iter().find_map(|mark| Some((told.find(mark)?, mark)))?;
    let (value, comment) = (told[..at].trim(), told[at + mark.len()..].trim());
    let comment = ["*/", "-->", ")"].iter().fold(comment, |comment, end| comment.trim_end_matches(end)).trim();
    let comment = if comment.is_empty() { String::new() } else { format!("  # {comment}") };
    (is_value(value) && !value.is_empty()).then(|| format!("{value}{comment}"))
}

/// What is wrong with `told`, which begins with a quote.
fn quoted(told: &str) -> Option<(&'static str, Option<String>)> {
    let quote = &told[..1];
    let inner = told[1..].strip_suffix(quote);
    let in_single = |inner: &str| (!inner.contains('\'')).then(|| format!("'{inner}'"));
    match told[1..].find(quote).map(|end| &told[..end + 2]) {
        None => Some((UNQUOTED, None)),
        Some(text) if text == told => told.contains('\\').then(|| (BACKSLASH, inner.and_then(in_single))),
        Some(text) if told[text.len()..].trim_matches([';', ',', '.', ' ']).is_empty() => {
            Some(("expected nothing behind the text", Some(text.to_owned())))
        }
        // Two texts are no text with quotes in it.
        Some(text) if told[text.len()..].trim_start().starts_with(['"', '\'']) => None,
        Some(_) => inner.map(|inner| {
            let label = "a quote in the text ends it; expected the other kind of quotes around it";
            (label, in_single(inner).or_else(|| (!inner.contains(['"', '\\'])).then(|| format!("\"{inner}\""))))
        }),
    }
}

/// What is wrong with `told`, which begins as a number does.
fn numeric(told: &str) -> (&'static str, Option<String>) {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unquoted = told.trim_end_matches(['"', '\'']);
    match told.split_once(',').map(|(whole, part)| (whole.trim(), part, part.trim())) {
        Some((whole, _, part)) if is_digits(whole) && is_digits(part) && part.len() == 3 => {
            ("expected a number without commas", Some(format!("{whole}{part}")))
        }
        Some((whole, behind, part)) if is_digits(whole) && is_digits(part) => match behind.len() == part.len() {
            true => ("expected a point in a number, no comma", Some(format!("{whole}.{part}"))),
            false => ("expected brackets around a list", Some(format!("[{whole}, {part}]"))),
        },
        _ if told.starts_with('.') && number(told, false).is_some() => {
            ("expected a digit before the point", Some(format!("0{told}")))
        }
        _ if told.ends_with('.') && number(told, false).is_some() => {
            ("expected a digit after the point", Some(format!("{told}0")))
        }
        _ => {
            let meant = number(unquoted, true).map_or_else(|| format!("{told:?}"), |number| number.to_string());
            ("expected a number and nothing else, or text in quotes", Some(meant))
        }
    }
}

/// What is wrong with the list `told`, and which one is meant, where nothing but quotes or commas is missing in it.
fn list(told: &str) -> Option<(&'static str, String)> {
    let inner = told.strip_prefix('[')?.strip_suffix(']')?;
    let is_plain = !inner.contains(['"', '\'', '[', ']', '{', '}']) && inner.split(',').all(|it| !it.trim().is_empty());
    let numbers: Vec<&str> = inner.split([',', ' ']).filter(|it| !it.is_empty()).collect();
    if is_plain && numbers.iter().all(|it| it.parse::<f64>().is_ok()) {
        let plain: Vec<String> = numbers.iter().map(|it| without_zeros(it)).collect();
        let label = match inner.split(',').count() == numbers.len() {
            true => "expected numbers without a zero before them",
            false => "expected `,` between the numbers",
        };
        return Some((label, format!("[{}]", plain.join(", "))));
    }
    let quoted: Vec<String> = inner.split(',').map(|word| quoted_if_needed(word.trim())).collect();
    is_plain.then(|| ("expected texts in quotes", format!("[{}]", quoted.join(", "))))
}

/// `number` without the zeros that a number of TOML can't begin with.
fn without_zeros(number: &str) -> String {
    let plain = number.trim_start_matches('0');
    if plain.starts_with(|c: char| c.is_ascii_digit()) { plain.to_owned() } else { format!("0{plain}") }
}

/// `told` as a value of TOML.
fn quoted_if_needed(told: &str) -> String {
    if is_value(told) { told.to_owned() } else { format!("{told:?}") }
}

/// Whether `told` is a value of TOML.
fn is_value(told: &str) -> bool {
    told.parse::<toml::Value>().is_ok()
}
