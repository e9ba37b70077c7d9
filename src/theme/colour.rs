//! Colours as they are written in a configuration, and what becomes of them where a terminal has fewer.

use std::fmt;
use std::str::FromStr;

use anstyle::RgbColor;
use anstyle_lossy::palette::VGA;
use ratatui::style::Color;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// How many colours there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum Depth {
    /// None: weight and signs must do.
    #[serde(rename = "none")]
    None,
    /// The sixteen that every terminal has, in whatever shades its owner likes.
    #[serde(rename = "16")]
    Sixteen,
    /// Sixteen, a cube of 216, and 24 greys.
    #[serde(rename = "256")]
    Indexed,
    /// All of them.
    #[serde(rename = "true")]
    True,
}

/// A colour: exact, one of the sixteen by name, or the terminal's own; with an exact one may go one of the sixteen, for
/// terminals that have no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Colour {
    /// The terminal's own colour.
    Terminal,
    /// One of the sixteen, by its number.
    Named(u8),
    /// Red, green and blue, and which of the sixteen stands for it; without one, the nearest.
    Exact([u8; 3], Option<u8>),
}

/// What a colour could have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected a colour: \"#rrggbb\", one of the sixteen such as \"red\" or \"bright-blue\", both as \
     \"#ff8800, yellow\", or \"terminal\""
)]
pub struct NotAColour;

/// The sixteen, in the order of their numbers.
pub const NAMES: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright-black",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "bright-white",
];

const SIXTEEN: [Color; 16] = [
    Color::Black,
    Color::Red,
    Color::Green,
    Color::Yellow,
    Color::Blue,
    Color::Magenta,
    Color::Cyan,
    Color::Gray,
    Color::DarkGray,
    Color::LightRed,
    Color::LightGreen,
    Color::LightYellow,
    Color::LightBlue,
    Color::LightMagenta,
    Color::LightCyan,
    Color::White,
];

impl Colour {
    /// What a terminal with that many colours is told.
    pub fn at(self, depth: Depth) -> Color {
        let sixteen = |index: u8| SIXTEEN[usize::from(index % 16)];
        let rgb = |[red, green, blue]: [u8; 3]| RgbColor(red, green, blue);
        match (self, depth) {
            (_, Depth::None) | (Colour::Terminal, _) => Color::Reset,
            (Colour::Named(index), _) => sixteen(index),
            (Colour::Exact([red, green, blue], _), Depth::True) => Color::Rgb(red, green, blue),
            (Colour::Exact(exact, _), Depth::Indexed) => Color::Indexed(anstyle_lossy::rgb_to_xterm(rgb(exact)).0),
            (Colour::Exact(_, Some(index)), Depth::Sixteen) => sixteen(index),
            (Colour::Exact(exact, None), Depth::Sixteen) => sixteen(anstyle_lossy::rgb_to_ansi(rgb(exact), VGA) as u8),
        }
    }
}

fn named(name: &str) -> Option<u8> {
    NAMES.iter().position(|known| *known == name).map(|index| index as u8)
}

impl FromStr for Colour {
    type Err = NotAColour;

    fn from_str(text: &str) -> Result<Colour, NotAColour> {
        if text == "terminal" {
            return Ok(Colour::Terminal);
        }
        if let Some(index) = named(text) {
            return Ok(Colour::Named(index));
        }
        let (exact, stand_in) = match text.split_once(',') {
            Some((exact, name)) => (exact.trim(), Some(named(name.trim()).ok_or(NotAColour)?)),
            None => (text, None),
        };
        let digits = exact.strip_prefix('#').filter(|digits| digits.len() == 6).ok_or(NotAColour)?;
        // A sign, which numbers may have, is none of the digits.
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(NotAColour);
        }
        let value = u32::from_str_radix(digits, 16).map_err(|_| NotAColour)?;
        let [_, red, green, blue] = value.to_be_bytes();
        Ok(Colour::Exact([red, green, blue], stand_in))
    }
}

impl TryFrom<String> for Colour {
    type Error = NotAColour;

    fn try_from(text: String) -> Result<Colour, NotAColour> {
        text.parse()
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Colour::Terminal => f.write_str("terminal"),
            Colour::Named(index) => f.write_str(NAMES[usize::from(index % 16)]),
            Colour::Exact([red, green, blue], stand_in) => {
                write!(f, "#{red:02x}{green:02x}{blue:02x}")?;
                match stand_in {
                    Some(index) => write!(f, ", {}", NAMES[usize::from(index % 16)]),
                    None => Ok(()),
                }
            }
        }
    }
}

impl From<Colour> for String {
    fn from(colour: Colour) -> String {
        colour.to_string()
    }
}

impl JsonSchema for Colour {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Colour".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A colour: `#rrggbb`, one of the sixteen such as `red` or `bright-blue`, both as \
                            `#ff8800, yellow` (the second where a terminal has only sixteen), or `terminal` for the \
                            terminal's own.",
            "type": "string",
            "format": "colour",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_written_as_it_was_read() {
        for text in ["terminal", "black", "bright-white", "#0a0b0c", "#ff8800, bright-yellow"] {
            assert_eq!(text.parse::<Colour>().map(|colour| colour.to_string()).as_deref(), Ok(text));
        }
        for text in ["", "#12345", "#12345g", "#+12345", "5", "Red", "reset", "red, #ffffff", "#ffffff, pink", "#fff,"]
        {
            assert_eq!(text.parse::<Colour>(), Err(NotAColour), "{text}");
        }
    }

    #[test]
    fn fewer_colours_make_it_coarser_and_none_leave_the_terminals_own() {
        let colour: Colour = "#5fd7ff, bright-cyan".parse().unwrap();
        let told = [Depth::True, Depth::Indexed, Depth::Sixteen, Depth::None].map(|depth| colour.at(depth));
        assert_eq!(told, [Color::Rgb(0x5f, 0xd7, 0xff), Color::Indexed(81), Color::LightCyan, Color::Reset]);
        let nearest: Colour = "#fe5252".parse().unwrap();
        assert_eq!(nearest.at(Depth::Sixteen), Color::LightRed);
    }
}
