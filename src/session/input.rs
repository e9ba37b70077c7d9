//! What a session is told.

use super::event::{Answer, Choices, Reading, Relief};

/// What a person, or the clock, tells the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Time has passed.
    Tick,
    /// The machine slept, and is awake again.
    Slept,
    /// Go on: the one key that is always right.
    Go,
    /// Take back the last rep, or the last answer.
    Back,
    /// Pause, or go on after a pause.
    Pause,
    /// Skip the part that is open.
    Skip,
    /// End the set here.
    EndSet,
    /// It hurts, or pinches.
    Ouch,
    /// What to do about the pain.
    Relieve(Relief),
    /// The answer to the question that is open.
    Answer(Answer),
    /// The result of the test that is open.
    Measure(Reading),
    /// The plan as the person wants it.
    Choose(Choices),
    /// End the session here.
    End,
}
