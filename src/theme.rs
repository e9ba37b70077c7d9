//! Looks: the roles that screens are drawn in, and the one pass that turns them into what the terminal can show.
//!
//! A screen knows roles only: "quiet", "the way forward". They are written into the picture as stand-ins, and when it is
//! whole, [`Look::dress`] puts the theme's colours in their place, as far as the terminal has colours, and plain ASCII
//! in the place of everything else, where that is wanted. So no screen is handed a theme, and none can forget it.

pub mod ascii;
pub mod colour;
mod dress;
pub mod terminal;
#[cfg(test)]
mod tests;

use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::Marker;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::cue::Cue;
use colour::Colour;
pub use dress::Look;

/// Plain text.
pub const TEXT: Style = Style::new();
/// Less important text.
pub const QUIET: Style = Style::new().fg(Role::Quiet.stand_in());
/// Headings and what is chosen.
pub const STRONG: Style = Style::new().add_modifier(Modifier::BOLD);
/// The one accent.
pub const ACCENT: Style = strong(Role::Accent);
/// What needs a look: pain, no sound, nothing saved.
pub const WARNING: Style = strong(Role::Warning);
/// The countdown before a rep, and the time between sets.
pub const BETWEEN: Style = strong(Role::Between);

/// The colour of the phase that begins with `cue`.
pub const fn phase(cue: Cue) -> Style {
    strong(match cue {
        Cue::Forward => Role::Forward,
        Cue::Hold => Role::Hold,
        Cue::Back => Role::Back,
        _ => Role::Between,
    })
}

/// What is there but matters less, in a drawing: the floor, the empty part of a bar. No text.
pub const FAINT: Color = Role::Faint.stand_in();
/// The band round the ankle, in a drawing.
pub const BAND: Color = Role::Accent.stand_in();

/// The points that a drawing on a canvas is made of: fine dots, which in plain ASCII become the nearest sign.
pub fn marker() -> Marker {
    Marker::Braille
}

/// The shape that stands for the phase that begins with `cue`: it points the way that its sound glides.
pub fn sign(cue: Cue) -> char {
    match cue {
        Cue::Forward => '▲',
        Cue::Hold => '■',
        Cue::Back => '▼',
        _ => WAIT_SIGN,
    }
}

/// The shape of the time between.
pub const WAIT_SIGN: char = '●';

/// The shape that points at a place above it.
pub const HERE: char = '▲';

const fn strong(role: Role) -> Style {
    Style::new().fg(role.stand_in()).add_modifier(Modifier::BOLD)
}

/// What a colour is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Text of less weight.
    Quiet,
    /// Parts of drawings that are there but matter less.
    Faint,
    /// The one accent: keys, what is chosen, how far the session is.
    Accent,
    /// What needs a look.
    Warning,
    /// The way forward.
    Forward,
    /// A hold.
    Hold,
    /// The way back.
    Back,
    /// Before a rep and between sets.
    Between,
}

impl Role {
    /// Every role but plain text.
    pub const ALL: [Role; 8] =
        [Role::Quiet, Role::Faint, Role::Accent, Role::Warning, Role::Forward, Role::Hold, Role::Back, Role::Between];

    /// The colour that stands for the role until the picture is dressed.
    pub const fn stand_in(self) -> Color {
        Color::Indexed(self as u8)
    }

    /// The role that `colour` stands for.
    pub fn of(colour: Color) -> Option<Role> {
        match colour {
            Color::Indexed(index) => Role::ALL.get(usize::from(index)).copied(),
            _ => None,
        }
    }
}

/// A theme: a colour for every role, on its own background.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Theme {
    /// What everything stands on.
    pub background: Colour,
    /// Plain text, headings, numbers.
    pub text: Colour,
    /// Less important text.
    pub quiet: Colour,
    /// What is drawn but matters less: the floor, the empty part of bars.
    pub faint: Colour,
    /// Keys, what is chosen, how far the session is.
    pub accent: Colour,
    /// Pain, no sound, nothing saved.
    pub warning: Colour,
    /// The way forward.
    pub forward: Colour,
    /// A hold.
    pub hold: Colour,
    /// The way back.
    pub back: Colour,
    /// Countdowns, changes and rests.
    pub between: Colour,
}

impl Theme {
    /// The colour of `role`.
    pub fn role(&self, role: Role) -> Colour {
        match role {
            Role::Quiet => self.quiet,
            Role::Faint => self.faint,
            Role::Accent => self.accent,
            Role::Warning => self.warning,
            Role::Forward => self.forward,
            Role::Hold => self.hold,
            Role::Back => self.back,
            Role::Between => self.between,
        }
    }
}
