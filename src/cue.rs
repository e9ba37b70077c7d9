//! The moments of a session that have a sound of their own.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A moment that is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Cue {
    /// One of the last three seconds before a rep begins.
    Pip,
    /// A lead-in is over: movement begins, or goes on.
    Go,
    /// The way forward begins.
    Forward,
    /// A hold begins.
    Hold,
    /// A hold has ended, and the next one begins at once.
    HoldEnd,
    /// The way back begins; where a hold went before, it has ended.
    Back,
    /// A rep has counted.
    Rep,
    /// The low end of the range is reached.
    Enough,
    /// A set is done.
    SetDone,
    /// A set is done, and the band goes to the other ankle.
    ChangeSides,
    /// A rest or the time to change over is over.
    RestOver,
    /// The session is done.
    Finished,
    /// Something is amiss: the screen says what.
    Warning,
}
