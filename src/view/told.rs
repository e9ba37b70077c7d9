//! Readings and changes in the words and the unit of the screen.

use crate::app::App;
use crate::phrase;
use crate::protocol::Test;
use crate::protocol::quantity::Length;
use crate::session::event::Reading;
use crate::session::reading::{Change, Difference};

/// A reading in words: "about 2.5 cm short".
pub fn reading(app: &App, test: &Test, reading: Reading) -> String {
    phrase::reading(&app.config.words.ask, app.notation(), test, test.toe_distance, reading)
}

/// A change, and what can be said of it.
pub fn verdict(app: &App, change: &Change) -> String {
    phrase::change(&app.config.words.summary, app.notation(), change)
}

/// How far two ankles are apart, whether that is only the least it can be, and what it means.
pub fn difference(app: &App, told: (Length, bool, Difference)) -> String {
    phrase::difference(&app.config.words.summary, app.notation(), told)
}
