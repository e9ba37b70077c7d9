//! What is no TOML in a file, and what can be read of the rest of it all the same.
//!
//! What follows the first fault is a guess of the parser. So a line that is at fault is taken out, with as little around it as
//! makes the parser go on, and the text is read anew.

use std::ops::Range;

use serde_json::Value as Json;
use toml::de::DeTable;

use super::doubts::Doubts;
use super::report::{MOST, Origin, Problem};
use super::routines::{ADDED_TO, SHARED};
use super::tree::{self, Node, Value};

mod fault;

/// The bytes that are read anew in all, and the most faults of a file that are taken out.
const MOST_BYTES: usize = 1 << 20;
const MOST_FAULTS: usize = 50;

/// Reads `text`, the source with index `source`, where nobody asks what is not known.
pub fn parse(source: usize, text: &str, problems: &mut Vec<Problem>) -> Node {
    read(source, text, &Json::Null, problems, &mut Doubts::default())
}

/// Reads `text`, the source with index `source`, of which `schema` knows what values it takes. Every syntax error becomes a
/// problem, and what can't be known for it a doubt.
pub fn read(source: usize, text: &str, schema: &Json, problems: &mut Vec<Problem>, doubts: &mut Doubts) -> Node {
    let mut mended = text.to_owned();
    let mut holes: Vec<Range<usize>> = Vec::new();
    for _ in 0..(MOST_BYTES / text.len().max(1)).clamp(2, MOST_FAULTS) {
        let (table, errors) = DeTable::parse_recoverable(&mended);
        let fault = errors.iter().min_by_key(|error| error.span().map_or(0, |span| span.start));
        let Some(fault) = fault else {
            return tree::of_table(source, table.get_ref(), &holes, problems);
        };
        let span = fault.span().unwrap_or(0..0);
        if errors.len() > MOST {
            break;
        }
        if let Some(problem) = fault::endless_text(source, &mended, span.start, fault.message()) {
            problems.push(problem);
            return unknown(source, doubts);
        }
        let Some(mend) = mend(&mended, span.start) else { break };
        problems.push(fault::told(source, text, span, fault.message(), &mend, schema));
        for path in &mend.unknown {
            doubts.doubt(path);
        }
        for path in &mend.open {
            doubts.open(path, None);
        }
        mended = mend.text;
        holes.push(mend.hole);
    }
    let (_, errors) = DeTable::parse_recoverable(&mended);
    problems.extend(first_of_each_line(source, &mended, &errors));
    unknown(source, doubts)
}

/// The tree of a file of which nothing is known: it may change anything.
fn unknown(source: usize, doubts: &mut Doubts) -> Node {
    doubts.doubt(&[""; 0]);
    Node { origin: Origin { source, span: 0..0 }, value: Value::Unknown }
}

/// The first error of each line: past it the parser guesses.
fn first_of_each_line<'a>(
    source: usize,
    text: &'a str,
    errors: &'a [toml::de::Error],
) -> impl Iterator<Item = Problem> + use<'a> {
    let mut told: Option<usize> = None;
    errors.iter().take(MOST + 1).filter_map(move |error| {
        let span = error.span().unwrap_or(0..0);
        let before = told.replace(span.start).unwrap_or(usize::MAX);
        let between = text.as_bytes().get(before.min(span.start)..before.max(span.start));
        let is_same_line = between.is_some_and(|between| !between.contains(&b'\n'));
        (!is_same_line).then(|| Problem::new(Origin { source, span }, fault::TITLE, fault::label(error.message())))
    })
}

/// A text without what is at fault in it.
struct Mend {
    text: String,
    /// What was taken out.
    hole: Range<usize>,
    /// The statement that was taken out is one that begins above the fault, and does not end.
    endless: bool,
    /// Paths of which nothing is known any more.
    unknown: Vec<Vec<String>>,
    /// Paths of tables that may hold more than is seen.
    open: Vec<Vec<String>>,
}

/// The least that is to be taken out of `text` to have a fault at byte `at` gone.
fn mend(text: &str, at: usize) -> Option<Mend> {
    let at = at.min(text.trim_end().len());
    let line = line_around(text, at);
    let begins_line = text[line.start..at.max(line.start).min(line.end)].trim().is_empty();
    let statement = Statement::of(text, &line);
    let above = Statement::above(text, line.start);
    let mut ways: Vec<Mend> = Vec::new();
    let is_next = begins_line && (statement.is_some() || is_header(text, &line));
    if let Some(above) = above.as_ref().filter(|_| is_next || line.end == text.trim_end().len()) {
        ways.push(without_value(text, above, line.start).endless());
    }
    match (&statement, is_header(text, &line)) {
        (_, true) => ways.push(without_table(text, &line)?),
        (Some(statement), _) => ways.push(without_value(text, statement, end_of_list(text, &line))),
        (None, _) if above.is_none() || depth(&text[line.clone()]) == 0 => {
            ways.push(without(text, line.clone()).open(table_above(text, line.start)?));
        }
        _ => {}
    }
    if let Some(above) = above {
        ways.push(without_value(text, &above, line.end));
        let end = next_header(text, line.end);
        ways.push(without_value(text, &above, end).open(table_above(text, line.start)?));
    }
    ways.into_iter().filter(|mend| mend.text != text).find(|mend| {
        let (_, errors) = DeTable::parse_recoverable(&mend.text);
        errors.iter().all(|error| error.span().is_some_and(|span| span.start > line.end.max(mend.hole.end)))
            || errors.is_empty()
    })
}

/// `text` with `hole` blank, all places the same.
fn without(text: &str, hole: Range<usize>) -> Mend {
    let blank: String = text[hole.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
    let text = [&text[..hole.start], &blank, &text[hole.end..]].concat();
    Mend { text, hole, endless: false, unknown: Vec::new(), open: Vec::new() }
}

/// `text` with a value that fits anywhere in the place of all that `statement` has up to byte `end`.
fn without_value(text: &str, statement: &Statement, end: usize) -> Mend {
    let mut mend = without(text, statement.name.end..end.max(statement.name.end));
    let room = mend.text[statement.name.end..].bytes().take_while(|byte| *byte == b' ').count();
    if room >= 2 {
        mend.text.replace_range(statement.name.end..statement.name.end + 2, "=0");
    } else {
        let whole = without(&mend.text, statement.name.start..mend.hole.end);
        mend.text = whole.text;
        mend.open.extend(table_above(text, statement.name.start));
    }
    mend
}

/// `text` without the table whose header is `line`.
fn without_table(text: &str, line: &Range<usize>) -> Option<Mend> {
    let mut mend = without(text, line.start..next_header(text, line.end));
    let name = text[line.clone()].split('#').next()?.trim().trim_start_matches('[').trim_end_matches(']');
    mend.unknown.push(path_of(&format!("[{}]", name.trim().replace(' ', "-").replace('/', ".")))?);
    Some(mend)
}

impl Mend {
    fn endless(mut self) -> Mend {
        self.endless = true;
        self
    }

    fn open(mut self, path: Vec<String>) -> Mend {
        self.open.push(path);
        self
    }
}

/// A line that gives a name a value, or is meant to.
#[derive(Clone, Debug)]
struct Statement {
    name: Range<usize>,
}

impl Statement {
    /// What `line` of `text` is meant to give a value.
    fn of(text: &str, line: &Range<usize>) -> Option<Statement> {
        let told = &text[line.clone()];
        let start = line.start + told.len() - told.trim_start().len();
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let length = text[start..line.end].find(|c| !is_name(c)).unwrap_or(line.end - start);
        let name = start..start + length;
        let next = text[name.end..line.end].chars().next();
        let begins = text[start..].starts_with(|c: char| c.is_ascii_alphanumeric());
        (begins && next.is_none_or(|next| matches!(next, ' ' | '\t' | '=' | ':'))).then_some(Statement { name })
    }

    /// The last statement with an `=` in the lines above byte `end`.
    fn above(text: &str, end: usize) -> Option<Statement> {
        let mut end = end;
        loop {
            let line = line_around(text, end.checked_sub(1)?);
            if is_header(text, &line) {
                return None;
            }
            let statement = Statement::of(text, &line);
            if let Some(statement) = statement.filter(|it| text[it.name.end..line.end].trim_start().starts_with('=')) {
                return Some(statement);
            }
            end = line.start;
        }
    }
}

/// How many brackets `text` opens more than it closes.
fn depth(text: &str) -> isize {
    let count = |marks: [char; 2]| text.matches(marks).count() as isize;
    count(['[', '{']) - count([']', '}'])
}

/// Where the list ends that `line` of `text` opens, if it opens one: no later than where the next thing begins.
fn end_of_list(text: &str, line: &Range<usize>) -> usize {
    let mut end = line.end;
    while depth(&text[line.start..end]) > 0 && end < text.len() {
        let next = line_around(text, end + 1);
        if is_header(text, &next) || Statement::of(text, &next).is_some() {
            break;
        }
        end = next.end;
    }
    end
}

/// The line of `text` that byte `at` is in, without its end.
fn line_around(text: &str, at: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let at = at.min(bytes.len());
    let start = bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let end = bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| at + end);
    start..end
}

/// Whether `line` of `text` is meant to begin a table.
fn is_header(text: &str, line: &Range<usize>) -> bool {
    let told = text[line.clone()].trim_start();
    let name = told.trim_start_matches('[');
    let has_bracket = told.len() > name.len();
    let is_begun = has_bracket && name.starts_with(|c: char| c.is_ascii_alphanumeric()) && !told.contains(',');
    is_begun || is_bare_header(told)
}

/// Whether `line` is a name of several parts and nothing else: a header that lacks a bracket.
fn is_bare_header(line: &str) -> bool {
    let told = line.split('#').next().unwrap_or_default().trim();
    let name = told.strip_suffix(']').unwrap_or(told);
    let is_known = || ADDED_TO.contains(&name) || SHARED.contains(&name);
    let has_parts = name.contains('.') || name.len() < told.len() || is_known();
    let is_part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    has_parts && name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.split('.').all(is_part)
}

/// Where the next table of `text` after byte `from` begins.
fn next_header(text: &str, from: usize) -> usize {
    let mut at = from;
    while at < text.len() {
        let line = line_around(text, at);
        if line.start >= from && is_header(text, &line) {
            return line.start;
        }
        at = line.end + 1;
    }
    text.len()
}

/// The path of the table that byte `at` of `text` is in.
fn table_above(text: &str, at: usize) -> Option<Vec<String>> {
    let mut end = at;
    while let Some(last) = end.checked_sub(1) {
        let line = line_around(text, last);
        if is_header(text, &line) {
            return path_of(&text[line]);
        }
        end = line.start;
    }
    Some(Vec::new())
}

/// The path of the table that `header` begins.
fn path_of(header: &str) -> Option<Vec<String>> {
    let table = DeTable::parse(header).ok()?;
    let path = tree::of_table(0, table.get_ref(), &[], &mut Vec::new()).first_path();
    (!path.is_empty()).then_some(path)
}
