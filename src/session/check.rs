//! Whether events from elsewhere can be events of a protocol, so that whatever reads them later can rely on it.

use super::event::{Answer, Correction, Fact, Part, Stage};
use crate::protocol::quantity::RepRange;
use crate::protocol::{Condition, Protocol, Step, Subject, Work};
use crate::text;

/// Checks that everything that `protocol` refers to by index is there.
///
/// # Errors
/// What is wrong, in words that go behind "the protocol".
pub fn protocol(protocol: &Protocol) -> Result<(), String> {
    let whens = protocol.steps.iter().map(|step| &step.when).chain(protocol.remarks.iter().map(|remark| &remark.when));
    let whens = whens.chain(protocol.suggestion.iter().map(|suggestion| &suggestion.when));
    let conditions = whens.flat_map(|when| when.every.iter().chain(&when.any));
    let is_missing = |condition: &Condition| match condition.subject {
        Subject::Step(step) => step >= protocol.steps.len(),
        Subject::Earlier(_) => false,
    };
    if conditions.into_iter().any(is_missing) {
        return Err("has a condition on a step that is not there".to_owned());
    }
    for (index, step) in protocol.steps.iter().enumerate() {
        let is_sound = match &step.work {
            Work::Measure { repeats: Some(first), .. } => *first < index && protocol.test(*first).is_some(),
            Work::Ask { repeats: Some(first), .. } if *first >= index || protocol.question(*first).is_none() => false,
            Work::Ask { question, .. } => match &question.scale {
                Some(scale) => question.option.is_empty() && scale.low <= scale.high,
                None => !question.option.is_empty(),
            },
            Work::Exercise { exercise, .. } => !exercise.phase.is_empty(),
            Work::Measure { .. } | Work::Prepare { .. } | Work::Rest { .. } | Work::Note { .. } => true,
        };
        if !is_sound {
            return Err(format!("has a step that can't be done: {}", step.id));
        }
    }
    Ok(())
}

/// Checks that `fact` speaks of something that `protocol` has.
///
/// # Errors
/// What is wrong.
pub fn fact(protocol: &Protocol, fact: &Fact) -> Result<(), String> {
    let fits = match fact {
        // What an edited protocol no longer asks for does no harm.
        Fact::Recalled { answers } => {
            answers.iter().all(|chosen| text::is_clean(&chosen.question) && text::is_clean(&chosen.option))
        }
        Fact::Answered { stage, answer } => match (protocol.question(stage.step), answer) {
            (Some(question), Answer::Option(id)) => question.option.contains_key(id),
            (Some(_), Answer::Scale(number)) => is_on_scale(protocol, *stage, *number),
            (None, _) => false,
        },
        Fact::Measured { stage, .. } | Fact::Corrected { stage, to: Correction::Reading(_) } => {
            protocol.test(stage.step).is_some()
        }
        Fact::Corrected { stage, to: Correction::Reps { reps, .. } } => {
            is_set(protocol, *stage) && *reps <= RepRange::MAX
        }
        Fact::Corrected { stage, to: Correction::Scale(number) } => is_on_scale(protocol, *stage, *number),
        Fact::Planned { choices, .. } => choices.rounds.keys().all(|step| protocol.exercise(*step).is_some()),
        // Pain is noted of a set, which may be ended for it later.
        Fact::SetStarted { stage }
        | Fact::SetEnded { stage, .. }
        | Fact::Hurt { stage, .. }
        | Fact::Relieved { stage, .. } => is_set(protocol, *stage),
        Fact::RepCompleted { stage, rep } | Fact::RepUndone { stage, rep } => {
            is_set(protocol, *stage) && (1..=RepRange::MAX).contains(rep)
        }
        Fact::Done { .. }
        | Fact::StepSkipped { .. }
        | Fact::Reopened { .. }
        | Fact::Paused { .. }
        | Fact::Resumed
        | Fact::Ended { .. } => true,
    };
    match fits && fact.stage().is_none_or(|stage| stage.step < protocol.steps.len()) {
        true => Ok(()),
        false => Err(format!("{fact:?} is nothing that can happen in {:?}", protocol.title)),
    }
}

/// Whether `edited` has the steps of `protocol`, so that whatever happened in the one makes sense in the other. Exercises
/// may have other doses, phases and words; tests and questions, which have been answered, are the same.
pub fn has_the_steps_of(edited: &Protocol, protocol: &Protocol) -> bool {
    let is_same = |(edited, step): (&Step, &Step)| {
        let is_same_work = match (&edited.work, &step.work) {
            (Work::Exercise { exercise_id: one, .. }, Work::Exercise { exercise_id: other, .. }) => one == other,
            (one, other) => one == other,
        };
        is_same_work && (&edited.id, edited.sides, &edited.when) == (&step.id, step.sides, &step.when)
    };
    edited.steps.len() == protocol.steps.len() && edited.steps.iter().zip(&protocol.steps).all(is_same)
}

fn is_on_scale(protocol: &Protocol, stage: Stage, number: u8) -> bool {
    let scale = protocol.question(stage.step).and_then(|question| question.scale.as_ref());
    scale.is_some_and(|scale| (scale.low..=scale.high).contains(&number))
}

fn is_set(protocol: &Protocol, stage: Stage) -> bool {
    stage.part == Part::Set && protocol.exercise(stage.step).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::protocol::{Demand, Sides, When};
    use crate::session::earlier::Chosen;
    use crate::session::event::{Reading, Relief, SetEnd};

    fn ankle() -> Protocol {
        Protocol::clone(&Config::built_in().protocols["ankle"])
    }

    fn stage(step: usize, part: Part) -> Stage {
        Stage { step, part, side: None, round: 1 }
    }

    #[test]
    fn the_built_in_protocols_are_sound() {
        for known in Config::built_in().protocols.values() {
            assert_eq!(protocol(known), Ok(()));
        }
    }

    #[test]
    fn what_a_protocol_refers_to_has_to_be_there() {
        let condition = Condition { subject: Subject::Step(99), demand: Demand::AtLeast(1) };
        let mut lost = ankle();
        lost.remarks[0].when = When { every: Vec::new(), any: vec![condition] };
        assert!(protocol(&lost).unwrap_err().contains("condition"));
        let mut backwards = ankle();
        backwards.steps.reverse();
        assert!(protocol(&backwards).is_err());
    }

    #[test]
    fn facts_have_to_fit_the_step_they_speak_of() {
        let ankle = ankle();
        let test = ankle.steps.iter().position(|step| step.id == "wall").unwrap();
        let safety = ankle.steps.iter().position(|step| step.id == "safety").unwrap();
        let set = ankle.steps.iter().position(|step| step.id == "front-band").unwrap();
        let reading = Reading::Judged("1 in".parse().unwrap());
        let answer = |option: &str| Answer::Option(option.to_owned());
        let recalled = |question: &str, option: &str| Fact::Recalled {
            answers: [Chosen::of(question, None, option)].into_iter().collect(),
        };
        for (known, fits) in [
            (Fact::Measured { stage: stage(test, Part::Whole), reading }, true),
            (Fact::Measured { stage: stage(safety, Part::Whole), reading }, false),
            (Fact::Answered { stage: stage(safety, Part::Whole), answer: answer("none") }, true),
            (Fact::Answered { stage: stage(safety, Part::Whole), answer: answer("maybe") }, false),
            (Fact::Answered { stage: stage(safety, Part::Whole), answer: Answer::Scale(3) }, false),
            (Fact::RepCompleted { stage: stage(set, Part::Set), rep: 1 }, true),
            (Fact::RepCompleted { stage: stage(set, Part::Set), rep: 0 }, false),
            (Fact::RepCompleted { stage: stage(set, Part::Rest), rep: 1 }, false),
            (Fact::Hurt { stage: stage(set, Part::Set) }, true),
            (Fact::Hurt { stage: stage(safety, Part::Whole) }, false),
            (Fact::Relieved { stage: stage(test, Part::Whole), relief: Relief::Reposition }, false),
            (
                Fact::Corrected { stage: stage(set, Part::Set), to: Correction::Reps { reps: 0, how: SetEnd::Short } },
                true,
            ),
            (Fact::Corrected { stage: stage(test, Part::Whole), to: Correction::Reading(reading) }, true),
            (Fact::Corrected { stage: stage(safety, Part::Whole), to: Correction::Scale(1) }, false),
            (Fact::Done { stage: stage(99, Part::Whole) }, false),
            (Fact::Resumed, true),
            (recalled("safety", "none"), true),
            (recalled("squat", "lift"), true),
            (recalled("\u{202e}", "lift"), false),
            (recalled("safety", "\u{1b}[2J"), false),
        ] {
            assert_eq!(fact(&ankle, &known).is_ok(), fits, "{known:?}");
        }
    }

    #[test]
    fn an_edit_has_the_same_steps_where_only_doses_and_words_are_others() {
        let ankle = ankle();
        let edited = |edit: fn(&mut Step)| {
            let mut edited = ankle.clone();
            edit(edited.steps.iter_mut().find(|step| step.id == "feel").unwrap());
            has_the_steps_of(&edited, &ankle)
        };
        assert!(edited(|_| {}));
        assert!(!edited(|step| step.sides = Sides::Both));
        assert!(!edited(|step| step.id = "felt".to_owned()));
        assert!(!edited(|step| step.when = When::default()));
    }
}
