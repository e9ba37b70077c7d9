//! The page for a physiotherapist: one HTML file that needs nothing else, for paper or screen.
//!
//! It is made from digests and the protocols that were trained, so that every threshold and label is one that the person
//! trained with. Every word of its own comes from the configuration, and every text goes through `maud`, which escapes it.

mod chart;
mod figures;
mod listed;
#[cfg(test)]
mod tests;

use jiff::civil::Date;
use maud::{DOCTYPE, Markup, PreEscaped, html};

pub use chart::NotDrawn;
use chart::{Mark, Point};
use figures::{Figures, Reached, Tally};

use crate::config::words::Words;
use crate::kept::Line;
use crate::phrase;
use crate::progress::{self, Aims};
use crate::protocol::quantity::{Length, Notation, Unit};
use crate::protocol::{Protocol, Side, Test, named};
use crate::session::digest::Digest;
use crate::session::event::Reading;
use crate::session::reading;
use crate::text::fill;

/// What a report is made from.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The words.
    pub words: &'a Words,
    /// The unit of lengths.
    pub unit: Unit,
    /// From when on something is said of weeks without a gain.
    pub aims: &'a Aims,
    /// The day on which it is made.
    pub today: Date,
    /// The sessions, latest first.
    pub sessions: &'a [Line],
    /// How many are left out because they lie ahead: they were filed while a clock was wrong.
    pub left_out: usize,
    /// The protocols that were trained, the latest last.
    pub protocols: &'a [Protocol],
}

impl Report<'_> {
    /// The page.
    ///
    /// # Errors
    /// When a chart can't be drawn.
    pub fn html(&self) -> Result<String, NotDrawn> {
        let words = &self.words.report;
        let figures = Figures::of(self);
        let (tests, scales) = (figures.tests(self), figures.scales(self));
        let page = html! {
            (DOCTYPE)
            html lang=(words.language) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width";
                    title { (words.title) }
                    style { (PreEscaped(include_str!("report/style.css"))) }
                }
                body {
                    h1 { (words.title) }
                    p.lead { (words.lead) }
                    div.fill { span { (words.name) } i {} }
                    div.fill { span { (words.question) } i {} }
                    (self.facts(&figures))
                    @for test in &tests { (self.test(&figures, test)?) }
                    (self.weeks(&figures)?)
                    @for scale in &scales { (self.scale(&figures, scale)?) }
                    (self.exercises(&figures))
                    (self.answers(&figures))
                    (self.notes())
                    (self.listed())
                    (self.meaning(&figures, !tests.is_empty(), !scales.is_empty()))
                    footer {
                        (fill(&words.made_by, &[
                            ("version", env!("CARGO_PKG_VERSION")), ("date", &self.words.date(self.today)),
                        ]))
                    }
                }
            }
        };
        Ok(page.into_string())
    }

    fn notation(&self) -> Notation {
        self.words.notation(self.unit)
    }

    fn ending(&self, digest: &Digest) -> &str {
        phrase::ending(&self.words.history, digest.ending)
    }

    /// The period, and how much was done in it.
    fn facts(&self, figures: &Figures<'_>) -> Markup {
        let words = &self.words.report;
        let mut endings: Vec<(String, usize)> = Vec::new();
        for line in self.sessions {
            let ending = phrase::ended(&self.words.history, line.digest.ending, line.digest.has_painful_set());
            match endings.iter_mut().find(|(known, _)| *known == ending) {
                Some((_, count)) => *count += 1,
                None => endings.push((ending, 1)),
            }
        }
        endings.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let endings: Vec<String> = endings.into_iter().map(|(ending, count)| format!("{count} {ending}")).collect();
        let sets: usize = self.sessions.iter().map(|line| line.digest.sets_trained()).sum();
        let reps: u64 = self.sessions.iter().map(|line| line.digest.counted_reps()).sum();
        let (trained, weeks) = (figures.trained(), figures.weeks.len());
        let average = self.words.tenths(trained as f64 / weeks.max(1) as f64);
        let sessions = [("n", trained.to_string()), ("weeks", weeks.to_string()), ("average", average)];
        let facts = match figures.first {
            None => vec![(&words.period, words.none.clone())],
            Some(first) => vec![
                (
                    &words.period,
                    fill(&words.period_value, &[("from", self.words.date(first)), ("to", self.words.date(self.today))]),
                ),
                (&words.sessions, fill(&words.sessions_value, &sessions)),
                (&words.endings, endings.join(", ")),
                (&words.reps, fill(&words.reps_value, &[("sets", sets.to_string()), ("reps", reps.to_string())])),
            ],
        };
        let left_out = (self.left_out > 0)
            .then(|| (&words.left_out, fill(&words.left_out_value, &[("n", self.left_out.to_string())])));
        let facts = facts.into_iter().chain(left_out);
        html! {
            h2 { (words.glance) }
            table.facts { tbody { @for (name, value) in facts { tr { th { (name) } td { (value) } } } } }
        }
    }

    /// A test: first and latest reading, and a chart a side.
    fn test(&self, figures: &Figures<'_>, tested: &figures::Tested<'_>) -> Result<Markup, NotDrawn> {
        let words = &self.words.report;
        let test = tested.test;
        let toes = test.toe_distance.display(self.notation());
        let charts: Result<Vec<Markup>, NotDrawn> =
            tested.sides.iter().map(|(side, reached)| self.readings(figures, test, *side, reached)).collect();
        Ok(html! {
            h2 { (fill(&words.test, &[("title", &test.title)])) }
            p.lead { (fill(&test.setup.join(" "), &[("toes", &toes)])) }
            p.lead { (fill(&words.test_lead, &[("toes", &toes)])) }
            p.lead { (self.thresholds(tested)) }
            table.whole {
                thead { tr { th { (words.side) } th { (words.first) } th { (words.latest) } th { (words.change) } } }
                tbody {
                    @for (side, reached) in &tested.sides { (self.first_and_latest(test, *side, reached)) }
                }
            }
            @if let Some(difference) = tested.difference() {
                p { (phrase::difference(&self.words.summary, self.notation(), difference)) }
            }
            @for (side, plateau) in &tested.plateaus { p { (self.plateau(*side, plateau)) } }
            @for chart in charts? { (chart) }
        })
    }

    /// What the person is told after weeks without a gain, without the advice.
    fn plateau(&self, side: Option<Side>, plateau: &progress::Plateau) -> String {
        let values = [
            ("ankle", self.words.common.ankle(side).to_owned()),
            ("sessions", plateau.sessions.to_string()),
            ("weeks", plateau.weeks.to_string()),
            ("date", self.words.date(plateau.since)),
        ];
        fill(&self.words.report.plateau, &values)
    }

    /// From where on a change or a difference has a name in this test.
    fn thresholds(&self, tested: &figures::Tested<'_>) -> String {
        let (words, test) = (&self.words.report, tested.test);
        let shown = |length: Length| length.fine(self.notation());
        let of_change = [
            ("error", shown(test.real_change)),
            ("possible", shown(test.possible_change)),
            ("toes", test.toe_distance.display(self.notation())),
        ];
        let apart = [("watch", shown(test.watch_difference)), ("asymmetric", shown(test.asymmetric_difference))];
        let of_change = fill(&words.test_error, &of_change);
        let is_by_ankle = tested.sides.iter().any(|(side, _)| side.is_some());
        let apart = is_by_ankle.then(|| fill(&words.test_apart, &apart));
        std::iter::once(of_change).chain(apart).collect::<Vec<_>>().join(" ")
    }

    fn first_and_latest(&self, test: &Test, side: Option<Side>, reached: &[Reached]) -> Markup {
        let points: Vec<progress::Point> = reached.iter().map(|reached| reached.point).collect();
        let Some(latest) = points.last() else { return html! {} };
        let since = progress::since_first(test, &points);
        let dated = |point: &progress::Point| {
            html! {
                (phrase::reading(&self.words.ask, self.notation(), test, point.distance, point.reading)) br; span.quiet { (self.words.date(point.day)) }
            }
        };
        html! {
            tr {
                th { (self.words.common.side(side)) }
                td { @if let Some(since) = since.filter(progress::Since::is_of_one_form) { (dated(&since.point)) } }
                td { (dated(latest)) }
                td { @if let Some(since) = &since { (phrase::change(&self.words.summary, self.notation(), &since.change)) } }
            }
        }
    }

    fn readings(
        &self,
        figures: &Figures<'_>,
        test: &Test,
        side: Option<Side>,
        reached: &[Reached],
    ) -> Result<Markup, NotDrawn> {
        let words = &self.words.report;
        let in_unit = |length: Length| length.in_unit(self.unit);
        let mark = |reading: Reading| match reading {
            reading if reading::is_at_least(reading) => Mark::Triangle,
            Reading::Judged(_) => Mark::Cross,
            Reading::Gap(_) => Mark::Circle,
            Reading::Reach(_) => Mark::Square,
        };
        let points: Vec<Point> = reached
            .iter()
            .map(|Reached { moment, point }| Point {
                day: *moment,
                value: in_unit(point.distance),
                mark: mark(point.reading),
            })
            .collect();
        let told: Vec<progress::Point> = reached.iter().map(|reached| reached.point).collect();
        let base = progress::origin(progress::since_first(test, &told).as_ref(), told.last().copied());
        let band = base.map(|base| (in_unit(base.distance), in_unit(test.real_change)));
        let target = in_unit(test.toe_distance);
        let svg = chart::Readings { days: figures.days(self.today), points: &points, target, band }.svg()?;
        let title = [("ankle", self.words.common.ankle(side)), ("unit", self.unit.sign())];
        let toes = test.toe_distance.display(self.notation());
        let error = test.real_change.fine(self.notation());
        let marks = [
            (Mark::Circle, &words.gap),
            (Mark::Square, &words.reach),
            (Mark::Triangle, &words.touch),
            (Mark::Cross, &words.by_eye),
        ];
        Ok(html! {
            figure {
                h3 { (fill(&words.chart_of, &title)) }
                (PreEscaped(svg))
                figcaption {
                    @for (mark, word) in marks {
                        @if points.iter().any(|point| point.mark == mark) { span { (mark.sign()) " " (word) } " " }
                    }
                    span { i.line {} " " (fill(&words.target, &[("toes", &toes)])) } " "
                    @if band.is_some() { span { i.band {} " " (fill(&words.error_band, &[("error", &error)])) } }
                }
            }
        })
    }

    fn weeks(&self, figures: &Figures<'_>) -> Result<Markup, NotDrawn> {
        let words = &self.words.report;
        if figures.trained() == 0 {
            return Ok(html! {});
        }
        let svg = chart::weeks(figures.days(self.today), &figures.weeks)?;
        Ok(html! {
            h2 { (words.per_week) }
            figure { (PreEscaped(svg)) figcaption { (words.per_week_lead) } }
        })
    }

    fn scale(&self, figures: &Figures<'_>, rated: &figures::Scaled<'_>) -> Result<Markup, NotDrawn> {
        let words = &self.words.report;
        let heading = html! {
            h2 { (rated.title) @if rated.side.is_some() { " · " (self.words.common.side(rated.side)) } }
        };
        if rated.is_mixed {
            return Ok(html! { (heading) p { (words.scale_mixed) } });
        }
        let ends = (rated.scale.low, rated.scale.high);
        let svg = chart::scale(figures.days(self.today), ends, &rated.before, &rated.after)?;
        let lead = [
            ("low", ends.0.to_string()),
            ("high", ends.1.to_string()),
            ("low-label", rated.scale.low_label.clone()),
            ("high-label", rated.scale.high_label.clone()),
            ("notable", rated.scale.notable_change.to_string()),
        ];
        Ok(html! {
            (heading)
            p.lead { (fill(&words.scale_lead, &lead)) }
            figure {
                (PreEscaped(svg))
                figcaption {
                    span { (Mark::Circle.sign()) " " (words.before) } " "
                    @if !rated.after.is_empty() { span { (Mark::Cross.sign()) " " (words.after) } }
                }
            }
        })
    }

    fn exercises(&self, figures: &Figures<'_>) -> Markup {
        let words = &self.words.report;
        let heads = [
            &words.sets,
            &words.reps_done,
            &words.sets_full,
            &words.sets_enough,
            &words.sets_short,
            &words.sets_skipped,
            &words.sets_pain,
        ];
        let row = |tally: &Tally<'_>| {
            // Of holds there are none to count.
            let reps = if tally.sets > 0 && tally.reps == 0 { "–".to_owned() } else { tally.reps.to_string() };
            html! {
                tr {
                    th { (tally.title) }
                    td { (self.words.common.side(tally.side)) }
                    td.n { (tally.sets) }
                    td.n { (reps) }
                    @for number in [tally.full, tally.enough, tally.short, tally.skipped, tally.pain] { td.n { (number) } }
                }
            }
        };
        html! {
            @if !figures.exercises.is_empty() {
                h2 { (words.exercises) }
                table.whole {
                    thead { tr { th { (words.exercise) } th { (words.side) } @for head in heads { th.n { (head) } } } }
                    tbody { @for tally in &figures.exercises { (row(tally)) } }
                }
            }
        }
    }

    fn answers(&self, figures: &Figures<'_>) -> Markup {
        let words = &self.words.report;
        html! {
            @if !figures.answers.is_empty() {
                h2 { (words.answers) }
                p.lead { (words.answers_lead) }
                table {
                    thead { tr { th { (words.asked) } th { (words.answered) } th.n { (words.times) } th { (words.last) } } }
                    tbody {
                        @for answer in &figures.answers {
                            tr {
                                td {
                                    (named::question_title(self.protocols, answer.question))
                                    @if answer.side.is_some() { " · " (self.words.common.side(answer.side)) }
                                }
                                td { (named::option_label(self.protocols, answer.question, answer.option)) }
                                td.n { (answer.times) }
                                td.d { (self.words.date(answer.last)) }
                            }
                        }
                    }
                }
            }
        }
    }

    fn notes(&self) -> Markup {
        let noted = || self.sessions.iter().filter(|line| !line.note.is_empty());
        html! {
            @if noted().next().is_some() {
                h2 { (self.words.report.notes) }
                table { tbody { @for line in noted() { tr { td.d { (self.words.date(line.began.date())) } td { (line.note) } } } } }
            }
        }
    }

    /// What the numbers mean, as far as such numbers are on the page.
    fn meaning(&self, figures: &Figures<'_>, has_tests: bool, has_scales: bool) -> Markup {
        let words = &self.words.report;
        let of_tests = [
            &words.meaning_distance,
            &words.meaning_error,
            &words.meaning_forms,
            &words.meaning_day,
            &words.meaning_usual,
        ];
        html! {
            @if has_tests || has_scales || !figures.exercises.is_empty() {
                h2 { (words.meaning) }
                ul {
                    @if has_tests { @for meaning in of_tests { li { (meaning) } } }
                    @if has_scales { li { (words.meaning_pain) } }
                    @if !figures.exercises.is_empty() { li { (words.meaning_reps) } }
                }
            }
        }
    }
}
