//! Sessions to carry about in tests.

use std::sync::Arc;

use super::Carried;
use crate::config::Config;
use crate::protocol::Protocol;
use crate::protocol::quantity::Length;
use crate::session::event::{Answer, Ending, Event, Fact, Part, Reading, Stage};
use crate::session::time::SessionTime;

/// The built-in protocol with tests and exercises.
pub fn ankle() -> Arc<Protocol> {
    Config::built_in().protocols["ankle"].clone()
}

fn whole(step: usize) -> Stage {
    Stage { step, part: Part::Whole, side: None, round: 0 }
}

/// An answer to the safety questions.
pub fn answered(at: u64, option: &str) -> Event {
    let step = ankle().steps.iter().position(|step| step.id == "safety").unwrap();
    let answer = Answer::Option(option.to_owned());
    Event { at: SessionTime::from_millis(at), fact: Fact::Answered { stage: whole(step), answer } }
}

/// A reading in this step.
pub fn measured(step: usize) -> Event {
    let reading = Reading::Gap(Length::from_mm(20));
    Event { at: SessionTime::from_millis(7), fact: Fact::Measured { stage: whole(step), reading } }
}

/// A session that was closed, with three events.
pub fn example() -> Carried {
    let ended = Fact::Ended { ending: Ending::Early };
    let step = ankle().steps.iter().position(|step| step.id == "wall").unwrap();
    Carried {
        uid: "0123456789abcdef".to_owned(),
        began: "2026-11-20T18:30:00+01:00[Europe/Berlin]".parse().unwrap(),
        note: "a bit stiff, \"fine\" later".to_owned(),
        protocol: ankle(),
        closed: true,
        events: vec![measured(step), answered(9, "none"), Event { at: SessionTime::from_millis(11), fact: ended }],
    }
}
