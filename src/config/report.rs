//! What is wrong with a configuration, told with file, line, column, excerpt and remedy.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::Source;
use super::lines::Lines;
use crate::text;

/// Lines of a report that are on the screen at once: somebody who only wanted to train is not flooded.
const SCREEN: usize = 20;

/// The most problems that are told of; nobody reads on, and telling them takes time.
pub const MOST: usize = 1_000;

/// The longest name, in bytes, for which one that is like it is looked for, and among how many.
const LONGEST_NAME: usize = 64;
const MOST_NAMES: usize = 200;

/// The most names that are told as what there is.
const MOST_KNOWN: usize = 20;

/// The longest part of a problem, in characters: what is quoted from a file can be of any length.
const LONGEST: usize = 400;

/// How much of a line is shown on either side of a problem, in bytes; a window shows no more.
const NEAR: usize = 300;

/// A place in one of the files that a configuration was put together from.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Origin {
    /// Index of the file in the list of sources.
    pub source: usize,
    /// Bytes of its text.
    pub span: Range<usize>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it is.
    pub origin: Origin,
    /// What is wrong, in one line.
    pub title: String,
    /// What was expected at the place itself.
    pub label: String,
    /// The remedy, where there is a likely one.
    pub help: Option<String>,
}

impl Problem {
    /// A problem at `origin`.
    pub fn new(origin: Origin, title: impl AsRef<str>, label: impl AsRef<str>) -> Problem {
        Problem { origin, title: told(title), label: told(label), help: None }
    }

    /// The same problem with a remedy.
    pub fn help(mut self, help: impl AsRef<str>) -> Problem {
        self.help = Some(told(help));
        self
    }

    /// The same problem with "did you mean", where one of `names` is near `wrong`, or else the names there are.
    pub fn suggest<'a>(self, wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Problem {
        let names: Vec<&str> = names.into_iter().collect();
        match near(wrong, names.iter().copied()) {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None if names.is_empty() => self,
            None if names.len() > MOST_KNOWN => {
                let some = names[..MOST_KNOWN].join(", ");
                self.help(format!("known here: {some}, and {} more", names.len() - MOST_KNOWN))
            }
            None => self.help(format!("known here: {}", names.join(", "))),
        }
    }
}

/// A part of a problem in one line that can't disturb the terminal: it may quote the file.
fn told(text: impl AsRef<str>) -> String {
    text::shortened(&text::clean(text.as_ref()), LONGEST)
}

/// The one of `names` that is nearest to `wrong`, where it is near enough to be meant.
pub fn near<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // To measure takes the product of both lengths, and a file can be full of names.
    if wrong.len() > LONGEST_NAME {
        return None;
    }
    let wrong = wrong.to_lowercase();
    let allowed = |name: &str| (name.len().max(wrong.len()) / 3).max(1);
    let similar = names.into_iter().filter(|name| name.len().abs_diff(wrong.len()) <= allowed(name));
    let measured = similar.take(MOST_NAMES).map(|name| (strsim::damerau_levenshtein(&wrong, name), name));
    let (distance, best) = measured.min_by_key(|(distance, _)| *distance)?;
    // All letters of a short name changed make another name.
    (distance <= allowed(best) && distance < wrong.chars().count().max(2)).then_some(best)
}

/// Why a configuration was refused: all that is wrong with it, ready to be printed.
#[derive(Debug)]
pub struct Refusal {
    /// The problems, in the order of the files and of the lines in them; at most [`MOST`].
    pub problems: Vec<Problem>,
    /// There are more.
    more: bool,
    sources: Vec<Source>,
    /// The lines of each source.
    lines: Vec<Lines>,
}

impl Refusal {
    pub(super) fn new(mut problems: Vec<Problem>, sources: Vec<Source>) -> Refusal {
        problems.sort_by_key(|problem| (problem.origin.source, problem.origin.span.start));
        let more = problems.len() > MOST;
        problems.truncate(MOST);
        let lines = sources.iter().map(|source| Lines::of(&source.text)).collect();
        Refusal { problems, more, sources, lines }
    }

    /// Whether something is wrong: of an incomplete set of files it is only not known what they amount to.
    pub(super) fn has_problems(&self) -> bool {
        !self.problems.is_empty()
    }

    /// Each problem with its file, and the lines and columns, counted from 1, at which it begins and ends.
    pub fn places(&self) -> impl Iterator<Item = (&str, (usize, usize), (usize, usize), &Problem)> {
        self.problems.iter().map(|problem| {
            let source = &self.sources[problem.origin.source];
            let span = clamp(problem, &source.text);
            let place = |at| self.place(problem.origin.source, at);
            (source.name.as_str(), place(span.start), place(span.end), problem)
        })
    }

    /// The first problem in one line, and behind it, as a small window cuts the end off, the name of its file and its line.
    pub fn in_a_line(&self) -> String {
        let told = |(file, (line, _), _, problem): (&str, (usize, usize), _, &Problem)| {
            let name = std::path::Path::new(file).file_name().unwrap_or_default().to_string_lossy();
            format!("{} ({name}:{line})", problem.title)
        };
        self.places().next().map(told).unwrap_or_default()
    }

    /// The line and the column of byte `at` of a source, counted from 1.
    fn place(&self, source: usize, at: usize) -> (usize, usize) {
        let (line, start) = self.lines[source].around(at);
        (line, self.sources[source].text[start..at].chars().count() + 1)
    }

    /// As much of the report as one screen holds, at least the first problem, and that nothing was started.
    pub fn render(&self, colour: bool) -> String {
        let mut lines = 0;
        let fitting = self.told(colour).take_while(|told| {
            lines += told.lines().count() + 1;
            lines < SCREEN
        });
        let shown = fitting.count().max(1);
        format!("{}; nothing was started", self.report_of(shown, colour))
    }

    /// The report in the style of rustc, with colour where `colour` asks for it.
    pub fn report(&self, colour: bool) -> String {
        self.report_of(self.problems.len(), colour)
    }

    /// The report of the first `shown` problems.
    fn report_of(&self, shown: usize, colour: bool) -> String {
        let mut report: String = self.told(colour).take(shown).map(|told| told + "\n\n").collect();
        let count = match self.problems.len() {
            1 => "1 problem".to_owned(),
            n if self.more => format!("{n} problems and more"),
            n => format!("{n} problems"),
        };
        report.push_str(&count);
        if shown < self.problems.len() {
            report.push_str(", the first of them above; `dorsi check` tells all");
        }
        report
    }

    /// Each problem as it is told.
    fn told(&self, colour: bool) -> impl Iterator<Item = String> {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        self.problems.iter().map(move |problem| renderer.render(&[self.group(problem)]))
    }

    fn group<'a>(&'a self, problem: &'a Problem) -> Group<'a> {
        let source = &self.sources[problem.origin.source];
        let span = clamp(problem, &source.text);
        let (line, begin) = self.lines[problem.origin.source].around(span.start);
        let from = begin.max(border(&source.text, span.start.saturating_sub(NEAR)));
        let (excerpt, in_excerpt) = excerpt(&source.text, from, &span);
        let annotation = AnnotationKind::Primary.span(in_excerpt).label(problem.label.as_str());
        let snippet = Snippet::source(excerpt).line_start(line).annotation(annotation);
        let group = Level::ERROR.primary_title(problem.title.as_str());
        let group = if from == begin {
            group.element(snippet.path(source.name.as_str()))
        } else {
            // An excerpt that begins within its line can't tell the column.
            let (_, column) = self.place(problem.origin.source, span.start);
            let place = annotate_snippets::Origin::path(source.name.as_str()).line(line).char_column(column);
            group.element(place).element(snippet)
        };
        match &problem.help {
            Some(help) => group.element(Level::HELP.message(help.as_str())),
            None => group,
        }
    }
}

/// What `text` has from byte `from` to the end of the line in which `span` ends, as it can be shown, and the span in it. Of
/// what is too long there is only what is near the beginning of the span.
fn excerpt(text: &str, from: usize, span: &Range<usize>) -> (String, Range<usize>) {
    let last = border(text, span.end.min(span.start + NEAR)).max(span.start);
    let end = border(text, last + NEAR).max(last);
    let end = text[last..end].find('\n').map_or(end, |end| last + end);
    // A line end of Windows is no sign of its line.
    let shown = text[from..end].replace("\r\n", " \n");
    let shown = shown.strip_suffix('\r').filter(|shown| shown.len() >= last - from).unwrap_or(&shown);
    (text::masked(shown), span.start - from..last - from)
}

/// The nearest place at or before `at` that is between two characters of `text`.
fn border(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The span of `problem`, inside `text` and on character borders whatever the parser said.
fn clamp(problem: &Problem, text: &str) -> Range<usize> {
    let start = border(text, problem.origin.span.start);
    start..border(text, problem.origin.span.end).max(start)
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.report(false))
    }
}

impl std::error::Error for Refusal {}
