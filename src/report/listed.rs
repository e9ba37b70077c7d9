//! The table of the latest sessions.

use maud::{Markup, html};

use super::Report;
use crate::phrase::{self, Told};
use crate::protocol::named;
use crate::session::digest::{Digest, SetDone};
use crate::session::event::{Ending, SetEnd};
use crate::text::fill;

/// How many sessions the table lists: three months of daily ones would fill pages.
const LISTED: usize = 24;

impl Report<'_> {
    /// The latest sessions, a row each.
    pub(super) fn listed(&self) -> Markup {
        let words = &self.words.report;
        let listed = &self.sessions[..self.sessions.len().min(LISTED)];
        let earlier = self.sessions.len() - listed.len();
        let tests = ids(listed.iter().flat_map(|line| phrase::tested(&line.digest, self.notation())));
        let questions = ids(listed.iter().flat_map(|line| phrase::rated(&line.digest)));
        let test_title = |id| named::test_title(self.protocols, id);
        let question_title = |id| named::question_title(self.protocols, id);
        html! {
            @if !listed.is_empty() {
                h2 { (words.latest_sessions) }
                table {
                    thead {
                        tr {
                            th { (words.date) } th { (words.session) } th.n { (words.sets) } th.n { (words.reps_done) }
                            @if !tests.is_empty() { th { (self.head_of_tests(&tests)) } }
                            @match &questions[..] {
                                [] => {},
                                [one] => { th { (question_title(one)) } },
                                _ => { th { (words.rated_several) } },
                            }
                            th { (words.ending) }
                        }
                    }
                    tbody {
                        @for line in listed {
                            tr {
                                td.d { (self.words.moment(line.began.datetime())) }
                                td { (line.digest.title) }
                                td.n { (line.digest.sets_trained()) }
                                td.n { (line.digest.counted_reps()) }
                                @if !tests.is_empty() {
                                    td { (self.told(&phrase::tested(&line.digest, self.notation()), &tests, test_title)) }
                                }
                                @if !questions.is_empty() {
                                    td { (self.told(&phrase::rated(&line.digest), &questions, question_title)) }
                                }
                                td { (self.ending_with_pain(&line.digest)) }
                            }
                        }
                    }
                }
                p.quiet { @if !tests.is_empty() { (words.distances) " " } (words.marks) }
                @if earlier > 0 { p.quiet { (fill(&words.earlier_sessions, &[("n", earlier.to_string())])) } }
            }
        }
    }

    /// How a session ended, what of it was stopped for pain, and what was gone on with in another position.
    fn ending_with_pain(&self, digest: &Digest) -> String {
        let words = &self.words.report;
        let ending = self.ending(digest);
        let stopped = self.sets_named(digest, |set| set.how == Some(SetEnd::Pain));
        let told = match digest.ending {
            _ if stopped.is_empty() => ending.to_owned(),
            Some(Ending::Pain) => format!("{ending}: {stopped}"),
            _ => fill(&words.ending_pain, &[("ending", ending), ("sets", &stopped)]),
        };
        match self.sets_named(digest, |set| set.repositioned) {
            moved if moved.is_empty() => told,
            moved => fill(&words.ending_repositioned, &[("ending", &told), ("sets", &moved)]),
        }
    }

    /// The exercises and ankles of the sets that are meant, each once.
    fn sets_named(&self, digest: &Digest, is_meant: impl Fn(&SetDone) -> bool) -> String {
        let mut named: Vec<String> = Vec::new();
        for set in digest.sets.iter().filter(|set| is_meant(set)) {
            let side = set.side.map(|side| format!(", {}", self.words.common.side(Some(side)))).unwrap_or_default();
            let name = format!("{}{side}", set.title);
            if !named.contains(&name) {
                named.push(name);
            }
        }
        named.join("; ")
    }

    /// "Wall test, cm", where there is no other.
    fn head_of_tests(&self, tests: &[&str]) -> String {
        let words = &self.words.report;
        let unit = self.unit.sign();
        match tests {
            [one] => fill(&words.tested, &[("test", named::test_title(self.protocols, one)), ("unit", unit)]),
            _ => fill(&words.tested_several, &[("unit", unit)]),
        }
    }

    /// What was told of each of `ids` by ankle, below its title where there are several of them.
    fn told<'a>(&self, told: &[Told<'a>], ids: &[&'a str], title: impl Fn(&'a str) -> &'a str) -> Markup {
        html! {
            @for id in ids.iter().filter(|id| told.iter().any(|told| told.of == **id)) {
                div {
                    @if ids.len() > 1 { (title(id)) ": " }
                    @for told in told.iter().filter(|told| told.of == *id) {
                        span.d { @if told.side.is_some() { (self.words.common.side(told.side)) " " } (told.numbers) } " "
                    }
                }
            }
        }
    }
}

/// What `told` is of, each once, in the order in which it first comes up.
fn ids<'a>(told: impl Iterator<Item = Told<'a>>) -> Vec<&'a str> {
    let mut ids = Vec::new();
    for told in told {
        if !ids.contains(&told.of) {
            ids.push(told.of);
        }
    }
    ids
}
