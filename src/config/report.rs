//! What is wrong with a configuration, told with file, line, column, excerpt and remedy.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::Source;

/// Lines of a report that are on the screen at once: somebody who only wanted to train is not flooded.
const SCREEN: usize = 20;

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
    pub fn new(origin: Origin, title: impl Into<String>, label: impl Into<String>) -> Problem {
        Problem { origin, title: title.into(), label: label.into(), help: None }
    }

    /// The same problem with a remedy.
    pub fn help(mut self, help: impl Into<String>) -> Problem {
        self.help = Some(help.into());
        self
    }

    /// The same problem with "did you mean", where one of `names` is near `wrong`, or else the names there are.
    pub fn suggest<'a>(self, wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Problem {
        let names: Vec<&str> = names.into_iter().collect();
        match near(wrong, names.iter().copied()) {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None if names.is_empty() || names.len() > 20 => self,
            None => self.help(format!("known here: {}", names.join(", "))),
        }
    }
}

/// The one of `names` that is nearest to `wrong`, where it is near enough to be meant.
pub fn near<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_lowercase();
    let measured = names.into_iter().map(|name| (strsim::damerau_levenshtein(&wrong, name), name));
    let (distance, best) = measured.min_by_key(|(distance, _)| *distance)?;
    (distance <= (best.len().max(wrong.len()) / 3).max(1)).then_some(best)
}

/// Why a configuration was refused: all that is wrong with it, ready to be printed.
#[derive(Debug)]
pub struct Refusal {
    /// The problems, in the order of the files and of the lines in them.
    pub problems: Vec<Problem>,
    sources: Vec<Source>,
}

impl Refusal {
    pub(super) fn new(mut problems: Vec<Problem>, sources: Vec<Source>) -> Refusal {
        problems.sort_by_key(|problem| (problem.origin.source, problem.origin.span.start));
        Refusal { problems, sources }
    }

    /// Each problem with its file, and the lines and columns, counted from 1, at which it begins and ends.
    pub fn places(&self) -> impl Iterator<Item = (&str, (usize, usize), (usize, usize), &Problem)> {
        self.problems.iter().map(|problem| {
            let source = &self.sources[problem.origin.source];
            let place = |at: usize| {
                let before = &source.text[..at];
                let line = before.rsplit('\n').next().unwrap_or_default();
                (before.matches('\n').count() + 1, line.chars().count() + 1)
            };
            let span = clamp(problem, &source.text);
            (source.name.as_str(), place(span.start), place(span.end), problem)
        })
    }

    /// The first problem with the name of its file and its line, in one line.
    pub fn in_a_line(&self) -> String {
        let told = |(file, (line, _), _, problem): (&str, (usize, usize), _, &Problem)| {
            let name = std::path::Path::new(file).file_name().unwrap_or_default().to_string_lossy();
            format!("{} ({name}:{line})", problem.title)
        };
        self.places().next().map(told).unwrap_or_default()
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
        let snippet = Snippet::source(source.text.as_str())
            .path(source.name.as_str())
            .annotation(AnnotationKind::Primary.span(clamp(problem, &source.text)).label(problem.label.as_str()));
        let group = Level::ERROR.primary_title(problem.title.as_str()).element(snippet);
        match &problem.help {
            Some(help) => group.element(Level::HELP.message(help.as_str())),
            None => group,
        }
    }
}

/// The span of `problem`, inside `text` and on character borders whatever the parser said.
fn clamp(problem: &Problem, text: &str) -> Range<usize> {
    let border = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = border(problem.origin.span.start);
    start..border(problem.origin.span.end).max(start)
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.report(false))
    }
}

impl std::error::Error for Refusal {}
