//! From line to line, in lists and in texts.

use crate::keymap::Action;

/// Lines of a text that the key goes on by: fewer than the smallest window has.
pub const TURN: usize = 5;

/// Moves a cursor up or down among `count` lines.
pub fn step(cursor: &mut usize, action: Action, count: usize) {
    match action {
        Action::Up => *cursor = cursor.saturating_sub(1),
        Action::Down => *cursor = (*cursor + 1).min(count.saturating_sub(1)),
        _ => {}
    }
}
