//! Conditions of the person's own that never hold.

use super::Resolver;
use super::reach::{Never, Reach, View};
use crate::config::definitions::{ConditionDef, ProtocolDef};
use crate::protocol::{Protocol, When, Work};

impl Resolver<'_> {
    /// Tells of each step of `protocol`, and of its suggestion, that no answers lead to. A step that is built in can't be left
    /// out but by such a condition.
    pub fn never(&mut self, protocol: &Protocol, definition: &ProtocolDef) {
        let id = protocol.id.as_str();
        let table = ["protocol", id];
        // A condition that is not known may be the one that is met.
        if self.doubts.touch(&table) || self.doubts.touch(&["question"]) || self.doubts.touch(&["test"]) {
            return;
        }
        let (questions, tried) = (&self.definitions.question, self.tried.clone());
        let mut reach = Reach::new(&protocol.steps, questions, &tried);
        for (name, step) in &definition.step {
            let never = reach.next_step();
            let own = ["protocol", id, "step", name];
            if let Some(never) = never.filter(|_| self.is_own(&[&own[..], &["kind"]].concat())) {
                self.tell(&own, ["when", "when-any"], &step.when, &never, "a step that is never done");
            }
        }
        let reach = Reach::new(&[], questions, &tried);
        if let Some(never) = protocol.suggestion.as_ref().and_then(|it| reach.never(&it.when, View::All)) {
            let title = "a routine that is never suggested";
            self.tell(&table, ["suggest-when", ""], &definition.suggest_when, &never, title);
        }
        self.tried = tried;
    }

    /// Tells of a question of `protocol` that is always asked, can't be skipped and ends the session with every answer, where
    /// there is more to come.
    pub fn goes_on(&mut self, protocol: &Protocol) {
        for (index, step) in protocol.steps.iter().enumerate().rev().skip(1) {
            let Work::Ask { question_id, question, repeats: None, required: true } = &step.work else { continue };
            let is_always = step.when == When::default();
            let ends = !question.option.is_empty() && question.option.values().all(|option| option.stop.is_some());
            if !(is_always && ends) {
                continue;
            }
            let options = question.option.keys().rev();
            let stops: Vec<[&str; 5]> =
                options.map(|option| ["question", question_id, "option", option, "stop"]).collect();
            let own = ["protocol", &protocol.id, "step", &step.id, "question"];
            let reads: Vec<&[&str]> = stops.iter().chain([&own]).map(<[&str; 5]>::as_slice).collect();
            let next = &protocol.steps[index + 1].id;
            let label = format!("every answer ends the session, so `protocol.{}` never comes to `{next}`", protocol.id);
            let help = "leave out `stop` for one of the answers, or let nothing follow";
            self.remedy(&reads, "a question that nothing comes after", label, help);
        }
    }

    fn tell(&mut self, path: &[&str], keys: [&str; 2], every: &[ConditionDef], never: &Never, title: &str) {
        let subject = |at: usize| every[at].step.as_deref().or(every[at].earlier.as_deref()).unwrap_or_default();
        let (key, at, label) = match never {
            Never::Alone(at) => {
                (keys[0], *at, format!("no answer to `{}` leads here: each of these ends the session", subject(*at)))
            }
            Never::Beside(at, other) if subject(*at) == subject(*other) => {
                (keys[0], *at, format!("no answer to `{}` meets both this and what is demanded before", subject(*at)))
            }
            Never::Beside(at, other) => {
                (keys[0], *at, format!("this can't hold together with the condition on `{}`", subject(*other)))
            }
            Never::Among(at) => (keys[0], *at, "this can't hold together with the conditions before it".to_owned()),
            Never::Any => (keys[1], 0, "none of these can hold".to_owned()),
        };
        let help = match never {
            Never::Beside(at, other) if every[*at].is.is_some() && every[*other].is.is_some() => {
                "where either will do, list them in one: is = [\"this\", \"that\"]"
            }
            _ => "leave out the condition, or what it decides on",
        };
        let at = at.to_string();
        let own = [path, &[key, &at]].concat();
        self.remedy(&[&own], title, label, help);
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, Source};

    const HEAD: &str = r#"
        [question.mood]
        title = "Mood"
        ask = "How much time?"
        option.little.label = "Ten minutes"
        option.enough.label = "Half an hour"
        option.ill = { label = "I am ill", stop = "Rest." }
        [protocol.p]
        title = "P"
        summary = "P"
        step.mood = { kind = "ask", question = "mood" }
        step.feel = { kind = "ask", question = "feel", sides = "each" }
        step.pain = { kind = "ask", question = "pain", when = [{ step = "mood", is = ["little"] }] }
        step.squat = { kind = "ask", question = "squat", when-any = [{ step = "mood", is = ["little"] }, { step = "pain", at-least = 1 }] }
    "#;

    /// The titles of the problems where this decides on a note, and on an exercise of each ankle.
    fn told(when: &str) -> Vec<String> {
        let note = format!("step.last = {{ kind = \"note\", title = \"N\", text = [\"N\"], {when} }}\n");
        let text = format!("{HEAD}\n{note}");
        match Config::load(vec![Source { name: "config.toml".to_owned(), text }]) {
            Ok(_) => Vec::new(),
            Err(refusal) => refusal.problems.iter().map(|it| format!("{}: {}", it.title, it.label)).collect(),
        }
    }

    #[test]
    fn a_step_that_no_answers_lead_to_is_told() {
        for (when, part) in [
            (r#"when = [{ step = "mood", is = ["little"] }, { step = "mood", is = ["enough"] }]"#, "meets both"),
            (r#"when = [{ step = "mood", is = ["little"] }, { step = "mood", not = ["little"] }]"#, "meets both"),
            (r#"when = [{ step = "feel", is = ["back"] }, { step = "feel", not = ["back"] }]"#, "meets both"),
            (r#"when = [{ step = "feel", all = ["back"] }, { step = "feel", all = ["front"] }]"#, "meets both"),
            (r#"when = [{ step = "mood", is = ["ill"] }]"#, "ends the session"),
            (r#"when = [{ step = "pain", at-least = 9 }]"#, "ends the session"),
            (r#"when = [{ step = "pain", at-least = 1 }, { step = "mood", is = ["enough"] }]"#, "on `pain`"),
            (r#"when = [{ step = "squat", is = ["lift"] }, { step = "mood", is = ["enough"] }]"#, "on `squat`"),
            (r#"when-any = [{ step = "mood", is = ["ill"] }]"#, "none of these"),
        ] {
            let told = told(when);
            assert!(told.len() == 1 && told[0].contains(part) && told[0].contains("never done"), "{when}: {told:?}");
        }
    }

    #[test]
    fn a_step_that_some_answers_lead_to_is_right() {
        for when in [
            r#"when = [{ step = "mood", is = ["little", "ill"] }]"#,
            r#"when = [{ step = "feel", is = ["back"] }, { step = "feel", is = ["front"] }]"#,
            r#"when = [{ earlier = "feel", is = ["back"] }, { earlier = "feel", is = ["front"] }]"#,
            r#"when = [{ step = "mood", not = ["little"] }, { step = "mood", not = ["enough", "ill"] }]"#,
            r#"when = [{ step = "pain", at-least = 5 }]"#,
            r#"when = [{ step = "squat", is = ["lift"] }, { step = "mood", not = ["enough"] }]"#,
            r#"when = [{ earlier = "safety", not = ["none"] }]"#,
            r#"when-any = [{ step = "mood", is = ["ill"] }, { step = "mood", is = ["little"] }]"#,
        ] {
            assert_eq!(told(when), [""; 0], "{when}");
        }
    }

    #[test]
    fn of_a_step_that_is_never_done_what_looks_at_it_is_not_told_as_well() {
        let when = r#"when = [{ step = "mood", is = ["ill"] }] }
            step.asked = { kind = "ask", question = "squat", when = [{ step = "mood", is = ["ill"] }] }
            step.then = { kind = "note", title = "N", text = ["N"], when = [{ step = "asked", is = ["lift"] }]"#;
        assert_eq!(told(when).len(), 2, "{:?}", told(when));
    }

    #[test]
    fn a_question_that_ends_the_session_with_every_answer_is_told_where_there_is_more_to_come() {
        let source = |text: &str| vec![Source { name: "config.toml".to_owned(), text: text.to_owned() }];
        let last = "[question.q]\ntitle = \"Q\"\nask = \"?\"\noption.a = { label = \"A\", stop = \"Advice.\" }\n\
                    [protocol.p]\ntitle = \"P\"\nsummary = \"P\"\nstep.q = { kind = \"ask\", question = \"q\", required = true }\n";
        assert!(Config::load(source(last)).is_ok());
        let more = format!("{last}step.n = {{ kind = \"note\", title = \"N\", text = [\"N\"] }}\n");
        let Err(refusal) = Config::load(source(&more)) else { panic!("accepted") };
        let told = refusal.to_string();
        assert!(told.contains("config.toml:4:") && told.contains("never comes to `n`"), "{told}");
        assert!(told.ends_with("\n1 problem"), "{told}");
    }

    #[test]
    fn a_built_in_step_can_be_left_out_by_a_condition_that_never_holds() {
        let text = r#"protocol.ankle.step.squat.when = [{ step = "safety", not = ["none"] }, { step = "safety", is = ["none"] }]"#;
        assert!(Config::load(vec![Source { name: "config.toml".to_owned(), text: text.to_owned() }]).is_ok());
    }
}
