//! Colours and weights. Nothing is told by colour alone.

use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::Marker;

use crate::cue::Cue;

/// Plain text.
pub const TEXT: Style = Style::new();
/// Less important text.
pub const QUIET: Style = Style::new().add_modifier(Modifier::DIM);
/// Headings and what is chosen.
pub const STRONG: Style = Style::new().add_modifier(Modifier::BOLD);
/// The one accent.
pub const ACCENT: Style = Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD);
/// What needs a look: pain, no sound, nothing saved.
pub const WARNING: Style = Style::new().fg(Color::Red).add_modifier(Modifier::BOLD);

/// The colour of the phase that begins with `cue`.
pub fn phase(cue: Cue) -> Style {
    let colour = match cue {
        Cue::Forward => Color::Green,
        Cue::Hold => Color::Yellow,
        Cue::Back => Color::Blue,
        _ => Color::Magenta,
    };
    Style::new().fg(colour).add_modifier(Modifier::BOLD)
}

/// The countdown before a rep, and the time between sets.
pub const BETWEEN: Style = Style::new().fg(Color::Magenta).add_modifier(Modifier::BOLD);

/// The colour of what is there but matters less: the floor, the leg that is farther away.
pub const FAINT: Color = Color::DarkGray;
/// The colour of the band round the ankle.
pub const BAND: Color = Color::Cyan;

/// The points that the figure is drawn with.
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
