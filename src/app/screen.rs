//! What is open, what lies over it, and how much of it could be seen.

use super::{Opened, Page, Sitting, SoundCheck};
use crate::keymap::Context;

/// The screen that is open.
#[derive(Clone, Debug)]
pub enum Screen {
    /// The first one.
    Home {
        /// The line that is chosen.
        cursor: usize,
    },
    /// Every protocol there is.
    Routines {
        /// The line that is chosen.
        cursor: usize,
    },
    /// What was done over weeks.
    LookBack {
        /// The page that is open.
        page: Page,
        /// The first line that is shown.
        top: usize,
        /// The session that is chosen in the list.
        cursor: usize,
    },
    /// One session, in full.
    Opened(Box<Opened>),
    /// The sound check.
    SoundCheck(SoundCheck),
    /// A session.
    Session(Box<Sitting>),
}

/// Something laid over the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// The keys.
    Help {
        /// The first line that is shown.
        top: usize,
        /// Where the help was asked for.
        about: Context,
        /// The open question can't be skipped.
        must: bool,
    },
    /// A page to learn from.
    Learn {
        /// Which, of all of them.
        page: usize,
        /// The first line that is shown.
        top: usize,
        /// It goes on below what was on the screen.
        below: bool,
    },
    /// "Leave?"
    Leave {
        /// The line that is chosen.
        cursor: usize,
    },
    /// "Remove this session?"
    Remove {
        /// The line that is chosen.
        cursor: usize,
    },
    /// "Nothing can be saved."
    Trouble {
        /// The line that is chosen.
        cursor: usize,
    },
}

/// How much of a picture could be seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The window is too small for anything.
    pub nothing: bool,
    /// The end of the text was on the screen.
    pub all: bool,
    /// Its beginning was not.
    pub above: bool,
    /// The last line that the text can be scrolled to, where it has no line in focus.
    pub scroll_end: Option<usize>,
    /// How many points high the person is that moves on the screen; 0 where there is no room for one.
    pub figure: Option<u16>,
}
