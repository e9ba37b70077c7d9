//! Options that were chosen, and what is known of them in a later session.

use serde::{Deserialize, Serialize};

use crate::protocol::{Protocol, Side, Subject};

/// An option that was chosen.
///
/// It is written as `["feel", "front", "left"]`, without the ankle where it was asked once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Chosen {
    /// Id of the question.
    pub question: String,
    /// The ankle, where it was asked of each.
    pub side: Option<Side>,
    /// Id of the option; behind it, where later sessions are to know, the questions that it had called for and that were
    /// answered since ([`Chosen::option_for`]).
    pub option: String,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Once(String, String),
    OfAnkle(String, String, Side),
}

impl From<Written> for Chosen {
    fn from(written: Written) -> Chosen {
        match written {
            Written::Once(question, option) => Chosen { question, side: None, option },
            Written::OfAnkle(question, option, side) => Chosen { question, side: Some(side), option },
        }
    }
}

impl From<Chosen> for Written {
    fn from(chosen: Chosen) -> Written {
        match chosen.side {
            None => Written::Once(chosen.question, chosen.option),
            Some(side) => Written::OfAnkle(chosen.question, chosen.option, side),
        }
    }
}

impl Chosen {
    /// This option of this question, by id.
    pub fn of(question: &str, side: Option<Side>, option: &str) -> Chosen {
        Chosen { question: question.to_owned(), side, option: option.to_owned() }
    }

    /// The same, with it that the question `by`, which it had called for, was answered since.
    pub fn settled_by(self, by: &str) -> Chosen {
        Chosen { option: self.option + SETTLED_BY + by, ..self }
    }

    /// The id of the option; none for the question `asking` where that was answered since: it calls for it no more.
    pub fn option_for(&self, asking: Option<&str>) -> Option<&str> {
        let mut parts = self.option.split(SETTLED_BY);
        let id = parts.next()?;
        parts.all(|by| asking != Some(by)).then_some(id)
    }
}

/// What stands in a filed option between its id and a question that was answered since.
const SETTLED_BY: &str = " < ";

/// What the person answered in earlier sessions: of each question the latest option, by ankle where it was asked of each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Earlier(Vec<Chosen>);

impl Earlier {
    /// Takes in an answer, later than all so far. One for both ankles replaces those of each, and the other way round.
    pub fn answer(&mut self, chosen: Chosen) {
        let is_replaced = |known: &Chosen| {
            known.question == chosen.question
                && (known.side == chosen.side || known.side.is_none() || chosen.side.is_none())
        };
        self.0.retain(|known| !is_replaced(known));
        self.0.push(chosen);
    }

    /// The latest answers to `question` that speak of `side`, or of any where that is `None`.
    pub fn to<'a>(&'a self, question: &str, side: Option<Side>) -> impl Iterator<Item = &'a Chosen> {
        let speaks = move |of: Option<Side>| of.is_none() || side.is_none() || of == side;
        self.0.iter().filter(move |chosen| chosen.question == question && speaks(chosen.side))
    }

    /// Those answers that decide what a session with `protocol` consists of.
    pub fn asked_for_by(&self, protocol: &Protocol) -> Earlier {
        let answers = self.0.iter().filter(|chosen| asks_for(protocol, &chosen.question));
        Earlier(answers.cloned().collect())
    }

    /// Every answer.
    pub fn iter(&self) -> impl Iterator<Item = &Chosen> {
        self.0.iter()
    }

    /// Whether nothing was answered.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Chosen> for Earlier {
    /// From answers in the order in which they were given.
    fn from_iter<I: IntoIterator<Item = Chosen>>(answers: I) -> Earlier {
        let mut earlier = Earlier::default();
        answers.into_iter().for_each(|chosen| earlier.answer(chosen));
        earlier
    }
}

/// Whether `protocol` looks at what was answered to `question` in earlier sessions.
fn asks_for(protocol: &Protocol, question: &str) -> bool {
    let steps = protocol.steps.iter().map(|step| &step.when);
    let whens = steps.chain(protocol.remarks.iter().map(|remark| &remark.when));
    let mut conditions = whens.flat_map(|when| when.every.iter().chain(&when.any));
    conditions.any(|condition| matches!(&condition.subject, Subject::Earlier(asked) if asked == question))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(earlier: &Earlier, side: Option<Side>) -> Vec<&str> {
        earlier.to("feel", side).map(|chosen| chosen.option.as_str()).collect()
    }

    #[test]
    fn each_ankle_keeps_its_own_answer() {
        let (left, right) = (Some(Side::Left), Some(Side::Right));
        let given =
            [Chosen::of("feel", left, "front"), Chosen::of("feel", right, "back"), Chosen::of("feel", left, "none")];
        let mut earlier = Earlier::from_iter(given);
        assert_eq!(options(&earlier, left), ["none"]);
        assert_eq!(options(&earlier, right), ["back"]);
        assert_eq!(options(&earlier, None), ["back", "none"]);
        earlier.answer(Chosen::of("feel", None, "both"));
        assert_eq!(options(&earlier, right), ["both"], "an answer for both ankles is one for each");
        earlier.answer(Chosen::of("feel", right, "front"));
        assert_eq!(options(&earlier, left), [""; 0], "and is none any more where the question is asked of each");
        assert_eq!(options(&earlier, right), ["front"]);
    }

    #[test]
    fn an_answer_is_settled_for_the_question_that_it_had_called_for_and_for_no_other() {
        let settled = Chosen::of("changed", None, "yes").settled_by("safety").settled_by("mood");
        assert_eq!([Some("safety"), Some("mood")].map(|asking| settled.option_for(asking)), [None; 2]);
        assert_eq!([Some("feel"), None].map(|asking| settled.option_for(asking)), [Some("yes"); 2]);
        assert!(crate::text::is_clean(&settled.option), "as what is recalled has to be");
    }

    #[test]
    fn an_answer_is_a_pair_and_where_it_is_of_an_ankle_that_comes_last() {
        for (chosen, text) in [
            (Chosen::of("feel", Some(Side::Left), "front"), r#"["feel","front","left"]"#),
            (Chosen::of("safety", None, "none"), r#"["safety","none"]"#),
        ] {
            assert_eq!(serde_json::to_string(&chosen).unwrap(), text);
            assert_eq!(serde_json::from_str::<Chosen>(text).unwrap(), chosen);
        }
        assert!(serde_json::from_str::<Chosen>(r#"["feel","front","up"]"#).is_err());
    }
}
