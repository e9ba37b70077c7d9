//! Tests, questions and exercises: whether the values of each agree with each other.

use super::Resolver;
use crate::protocol::{Exercise, Question, Test};

impl Resolver<'_> {
    pub fn tests(&mut self) {
        let definitions = self.definitions;
        for (id, test) in &definitions.test {
            if test.band.is_empty() {
                self.problem(&[&["test", id, "band"]], "a test needs bands", "expected at least one band");
            }
            self.answers(id, test);
            self.bands(id, test);
            let thresholds = [
                ("possible-change", test.possible_change, "real-change", test.real_change),
                ("watch-difference", test.watch_difference, "asymmetric-difference", test.asymmetric_difference),
            ];
            for (less, low, more, high) in thresholds {
                if low > high {
                    let label = format!("expected `{less}` to be at most `{more}`");
                    self.problem(&[&["test", id, less], &["test", id, more]], "thresholds out of order", label);
                }
            }
        }
    }

    fn answers(&mut self, id: &str, test: &Test) {
        if test.answer.is_empty() || test.answer.len() > 9 {
            let each: Vec<[&str; 4]> = test.answer.keys().rev().map(|answer| ["test", id, "answer", answer]).collect();
            let mut reads: Vec<&[&str]> = each.iter().map(<[&str; 4]>::as_slice).collect();
            let all = ["test", id, "answer"];
            reads.push(&all);
            self.problem(&reads, "wrong number of answers", "expected 1 to 9, a digit key for each");
        }
    }

    fn bands(&mut self, id: &str, test: &Test) {
        let mut edges = test.band.iter().map(|(band, definition)| (band, definition.up_to)).peekable();
        while let Some((band, edge)) = edges.next() {
            let Some((next, next_edge)) = edges.peek() else { break };
            let ascending = match (edge, next_edge) {
                (Some(edge), Some(next)) => edge < *next,
                (edge, None) => edge.is_some(),
                (None, Some(_)) => false,
            };
            if !ascending {
                let label = format!("expected more than the band before, `{band}`; only the last may have no `up-to`");
                let [one, other] = [next, band].map(|band| ["test", id, "band", band, "up-to"]);
                self.problem(&[&one, &other], "bands out of order", label);
            }
        }
    }

    pub fn questions(&mut self) {
        let definitions = self.definitions;
        for (id, question) in &definitions.question {
            let each: Vec<[&str; 4]> =
                question.option.keys().rev().map(|option| ["question", id, "option", option]).collect();
            let each: Vec<&[&str]> = each.iter().map(<[&str; 4]>::as_slice).collect();
            let [options, scale] = ["option", "scale"].map(|key| ["question", id, key]);
            match (&question.scale, question.option.len()) {
                (None, 0) => {
                    let label = "expected `option` tables, or a `scale`";
                    self.problem(&[&options, &scale], "a question without answers", label);
                }
                (Some(_), 1..) => {
                    let label = "expected either `option` tables or a `scale`, not both";
                    self.problem(&[&options, &scale], "options and a scale", label);
                }
                (None, 11..) => {
                    self.problem(&each, "too many options", "expected at most 10, a digit key for each");
                }
                _ => {}
            }
            self.scale(id, question);
        }
    }

    fn scale(&mut self, id: &str, question: &Question) {
        let Some(scale) = &question.scale else { return };
        let [low, high, from, stop] = ["low", "high", "stop-from", "stop"].map(|key| ["question", id, "scale", key]);
        if scale.low >= scale.high {
            let label = format!("expected `low` ({}) to be less than `high` ({})", scale.low, scale.high);
            self.problem(&[&low, &high], "an empty scale", label);
        } else if scale.stop_from.is_some_and(|from| !(scale.low..=scale.high).contains(&from)) {
            let label = format!("expected `stop-from` to be on the scale, {} to {}", scale.low, scale.high);
            self.problem(&[&from, &low, &high], "a stop off the scale", label);
        }
        let missing = match (scale.stop_from.is_some(), scale.stop.is_some()) {
            (true, false) => "expected `stop` beside it: the advice that ends the session",
            (false, true) => "expected `stop-from` beside it: the number from which on the session ends",
            _ => return,
        };
        self.problem(&[&from, &stop], "half a stop", missing);
    }

    pub fn exercises(&mut self) {
        let definitions = self.definitions;
        for (id, exercise) in &definitions.exercise {
            if exercise.phase.is_empty() {
                let label = "expected at least one phase";
                self.problem(&[&["exercise", id, "phase"]], "an exercise without phases", label);
            }
            if exercise.rounds > exercise.most_rounds {
                let label = format!(
                    "expected `rounds` ({}) to be at most `most-rounds` ({})",
                    exercise.rounds, exercise.most_rounds
                );
                let [rounds, most] = ["rounds", "most-rounds"].map(|key| ["exercise", id, key]);
                let help = match [rounds, most].map(|path| self.is_own(&path)) {
                    [true, true] => {
                        format!("write: rounds = {}, or most-rounds = {}", exercise.most_rounds, exercise.rounds)
                    }
                    [false, true] => format!("write beside it: rounds = {}", exercise.most_rounds),
                    _ => format!("to allow it, write beside it: most-rounds = {}", exercise.rounds),
                };
                self.remedy(&[&rounds, &most], "more rounds than are good", label, help);
            }
            self.phases(id, exercise);
        }
    }

    fn phases(&mut self, id: &str, exercise: &Exercise) {
        for (phase_id, _) in exercise.phase.iter().filter(|(_, phase)| phase.hold && phase.wait) {
            let [wait, hold] = ["wait", "hold"].map(|key| ["exercise", id, "phase", phase_id, key]);
            let label = "a hold takes its time, and can't wait for the key as well";
            self.problem(&[&wait, &hold], "a hold that waits", label);
        }
        let counting = exercise.phase.iter().filter(|(_, phase)| phase.counts).map(|(id, _)| id.as_str());
        let counting: Vec<&str> = counting.collect();
        for (at, second) in counting.iter().enumerate().skip(1) {
            let [one, other] = [second, &counting[0]].map(|phase| ["exercise", id, "phase", phase, "counts"]);
            let label = format!("expected `counts = true` on one phase; `{}` and `{second}` have it", counting[0]);
            if at == 1 {
                self.problem(&[&one, &other], "a rep can count only once", label);
            }
        }
    }
}
