//! What ids of tests and questions mean in the protocols that were trained, of which the latest comes last.

use super::{Protocol, Question, Test, Work};

/// The tests with this id, the latest first.
pub fn tests<'a>(protocols: &'a [Protocol], id: &str) -> impl Iterator<Item = &'a Test> {
    works(protocols).filter_map(move |work| match work {
        Work::Measure { test_id, test, .. } if test_id == id => Some(&**test),
        _ => None,
    })
}

/// The questions with this id, the latest first.
pub fn questions<'a>(protocols: &'a [Protocol], id: &str) -> impl Iterator<Item = &'a Question> {
    works(protocols).filter_map(move |work| match work {
        Work::Ask { question_id, question, .. } if question_id == id => Some(&**question),
        _ => None,
    })
}

/// The heading of a test, or its id where no protocol has it.
pub fn test_title<'a>(protocols: &'a [Protocol], id: &'a str) -> &'a str {
    tests(protocols, id).next().map_or(id, |test| &test.title)
}

/// The heading of a question, or its id where no protocol has it.
pub fn question_title<'a>(protocols: &'a [Protocol], id: &'a str) -> &'a str {
    questions(protocols, id).next().map_or(id, |question| &question.title)
}

/// The words of an answer, or its id where no protocol has it.
pub fn option_label<'a>(protocols: &'a [Protocol], question: &str, option: &'a str) -> &'a str {
    let known = questions(protocols, question).find_map(|question| question.option.get(option));
    known.map_or(option, |option| &option.label)
}

fn works(protocols: &[Protocol]) -> impl Iterator<Item = &Work> {
    protocols.iter().rev().flat_map(|protocol| &protocol.steps).map(|step| &step.work)
}
