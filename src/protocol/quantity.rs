//! Quantities a protocol is written in: lengths, durations, rep ranges.

use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A length in tenths of a millimetre, so that both 0.1 cm and 1 in (25.4 mm) are exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Length(i32);

/// The unit that lengths are shown and typed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Centimetres, to the millimetre.
    #[default]
    Cm,
    /// Inches, to the tenth.
    In,
}

impl Unit {
    /// The unit's sign as it is written behind a number.
    pub fn sign(self) -> &'static str {
        match self {
            Unit::Cm => "cm",
            Unit::In => "in",
        }
    }

    /// The other of the two units.
    pub fn other(self) -> Unit {
        match self {
            Unit::Cm => Unit::In,
            Unit::In => Unit::Cm,
        }
    }

    fn tenths_of_mm(self) -> f64 {
        match self {
            Unit::Cm => 100.0,
            Unit::In => 254.0,
        }
    }
}

/// How lengths are written for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notation {
    /// The unit.
    pub unit: Unit,
    /// The sign before the tenths.
    pub decimal: char,
}

impl From<Unit> for Notation {
    /// With a point, as programs and files write it.
    fn from(unit: Unit) -> Notation {
        Notation { unit, decimal: '.' }
    }
}

impl Length {
    /// No length at all: the knee at the wall.
    pub const ZERO: Length = Length(0);
    /// The longest length that a person's ankle or a config can mean: one metre.
    pub const MAX: Length = Length(10_000);

    /// A length of `mm` millimetres.
    pub const fn from_mm(mm: i32) -> Length {
        Length(mm.saturating_mul(10))
    }

    /// The length in millimetres.
    pub fn mm(self) -> f64 {
        f64::from(self.0) / 10.0
    }

    /// The length in tenths of a millimetre.
    pub fn tenths_of_mm(self) -> i32 {
        self.0
    }

    /// Reads a bare number, as typed by a person, in `unit`; a decimal comma counts as a point.
    ///
    /// Returns `None` where it is no number between 0 and 1 m.
    pub fn typed(text: &str, unit: Unit) -> Option<Length> {
        let number: f64 = text.trim().replace(',', ".").parse().ok()?;
        let tenths = (number * unit.tenths_of_mm()).round();
        (0.0..=f64::from(Length::MAX.0)).contains(&tenths).then_some(Length(tenths as i32))
    }

    /// The number alone, with one decimal where it needs one.
    pub fn number(self, notation: impl Into<Notation>) -> String {
        let Notation { unit, decimal } = notation.into();
        let tenths = (f64::from(self.0) / unit.tenths_of_mm() * 10.0).round() as i32;
        match tenths % 10 {
            0 => (tenths / 10).to_string(),
            _ => format!("{:.1}", f64::from(tenths) / 10.0).replace('.', decimal.encode_utf8(&mut [0; 4])),
        }
    }

    /// The length to the hundredth of its unit, for a threshold that a length as it is shown could seem to reach: `0.75 in`.
    pub fn fine(self, notation: impl Into<Notation>) -> String {
        let Notation { unit, decimal } = notation.into();
        let number = format!("{:.2}", self.in_unit(unit));
        let number = number.trim_end_matches('0').trim_end_matches('.');
        format!("{} {}", number.replace('.', decimal.encode_utf8(&mut [0; 4])), unit.sign())
    }

    /// The number with its unit: `2.5 cm`.
    pub fn display(self, notation: impl Into<Notation>) -> String {
        let notation = notation.into();
        format!("{} {}", self.number(notation), notation.unit.sign())
    }

    /// The number alone, in `unit`, for a chart's axis.
    pub fn in_unit(self, unit: Unit) -> f64 {
        f64::from(self.0) / unit.tenths_of_mm()
    }

    /// The length to the half unit where that is as good: `10 cm` for 4 in. What would be off by 2 mm or more is told as
    /// exactly as a ruler does, since somebody may set it up and have it counted with.
    pub fn about(self, notation: impl Into<Notation>) -> String {
        let notation = notation.into();
        self.as_told(notation.unit).display(notation)
    }

    /// The length that [`Length::about`] tells.
    pub fn as_told(self, unit: Unit) -> Length {
        let half = self.to_half(unit);
        let is_as_good = (half.0 - self.0).abs() < Length::from_mm(2).0;
        if is_as_good { half } else { self }
    }

    /// The length to the half unit.
    pub fn to_half(self, unit: Unit) -> Length {
        let half = unit.tenths_of_mm() / 2.0;
        let rounded = (f64::from(self.0) / half).round() * half;
        Length(rounded.round() as i32)
    }

    /// `self - other`, which may be negative.
    pub fn minus(self, other: Length) -> Length {
        Length(self.0.saturating_sub(other.0))
    }

    /// `self + other`.
    pub fn plus(self, other: Length) -> Length {
        Length(self.0.saturating_add(other.0))
    }

    /// The length in metres.
    pub fn metres(self) -> f64 {
        f64::from(self.0) / 10_000.0
    }

    /// The length without its sign.
    pub fn abs(self) -> Length {
        Length(self.0.saturating_abs())
    }
}

/// Why a text is no length.
#[derive(Debug, thiserror::Error)]
#[error("expected a length with its unit, such as \"4 in\", \"10.2 cm\" or \"25 mm\", up to \"100 cm\"")]
pub struct NotALength;

impl FromStr for Length {
    type Err = NotALength;

    fn from_str(text: &str) -> Result<Length, NotALength> {
        let text = text.trim();
        let split = text.find(|c: char| c.is_ascii_alphabetic()).ok_or(NotALength)?;
        let (number, unit) = text.split_at(split);
        let length = match unit {
            "cm" => Length::typed(number, Unit::Cm),
            "in" => Length::typed(number, Unit::In),
            "mm" => number.trim().parse::<f64>().ok().and_then(|mm| Length::typed(&(mm / 10.0).to_string(), Unit::Cm)),
            _ => None,
        };
        length.ok_or(NotALength)
    }
}

impl TryFrom<String> for Length {
    type Error = NotALength;

    fn try_from(text: String) -> Result<Length, NotALength> {
        text.parse()
    }
}

impl From<Length> for String {
    fn from(length: Length) -> String {
        format!("{:.1} mm", f64::from(length.0) / 10.0)
    }
}

impl JsonSchema for Length {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Length".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "length", "examples": ["4 in", "10.2 cm", "25 mm"] })
    }
}

/// A duration in whole milliseconds, written in TOML as a number of seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Seconds(u32);

impl Seconds {
    /// The longest duration that a config may ask for: one hour.
    pub const MAX: f64 = 3600.0;

    /// A duration of `ms` milliseconds.
    pub const fn from_millis(ms: u32) -> Seconds {
        Seconds(ms)
    }

    /// The duration in milliseconds.
    pub const fn millis(self) -> u64 {
        self.0 as u64
    }
}

impl TryFrom<f64> for Seconds {
    type Error = String;

    fn try_from(seconds: f64) -> Result<Seconds, String> {
        if (0.0..=Seconds::MAX).contains(&seconds) {
            Ok(Seconds((seconds * 1000.0).round() as u32))
        } else {
            Err(format!("expected a number of seconds from 0 to {}", Seconds::MAX))
        }
    }
}

impl From<Seconds> for f64 {
    fn from(seconds: Seconds) -> f64 {
        f64::from(seconds.0) / 1000.0
    }
}

impl JsonSchema for Seconds {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Seconds".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "minimum": 0, "maximum": Seconds::MAX, "title": "seconds" })
    }
}

/// How many reps a set asks for: from `low`, which is enough, to `high`, where the set ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "[u16; 2]", into = "[u16; 2]")]
pub struct RepRange {
    low: u16,
    high: u16,
}

impl RepRange {
    /// The most reps that one set may ask for.
    pub const MAX: u16 = 100;

    /// A range from `low` to `high`; `None` unless 1 <= low <= high <= [`RepRange::MAX`].
    pub fn new(low: u16, high: u16) -> Option<RepRange> {
        (1 <= low && low <= high && high <= RepRange::MAX).then_some(RepRange { low, high })
    }

    /// The rep count that is enough.
    pub fn low(self) -> u16 {
        self.low
    }

    /// The rep count at which the set ends by itself.
    pub fn high(self) -> u16 {
        self.high
    }
}

/// Why two numbers are no rep range.
#[derive(Debug, thiserror::Error)]
#[error("expected [low, high] with 1 <= low <= high <= {}, such as [10, 15]", RepRange::MAX)]
pub struct NotARange;

impl TryFrom<[u16; 2]> for RepRange {
    type Error = NotARange;

    fn try_from([low, high]: [u16; 2]) -> Result<RepRange, NotARange> {
        RepRange::new(low, high).ok_or(NotARange)
    }
}

impl From<RepRange> for [u16; 2] {
    fn from(range: RepRange) -> [u16; 2] {
        [range.low, range.high]
    }
}

impl fmt::Display for RepRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.low == self.high { write!(f, "{}", self.high) } else { write!(f, "{}–{}", self.low, self.high) }
    }
}

impl JsonSchema for RepRange {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "RepRange".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "format": "rep-range",
            "items": { "type": "integer", "minimum": 1, "maximum": RepRange::MAX },
            "minItems": 2,
            "maxItems": 2,
            "examples": [[10, 15]],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_inches_are_exact_in_both_units() {
        let four: Length = "4 in".parse().unwrap();
        assert_eq!(four, "101.6 mm".parse().unwrap());
        assert_eq!(four.display(Unit::In), "4 in");
        assert_eq!(four.display(Unit::Cm), "10.2 cm");
        assert_eq!((four.about(Unit::Cm), four.about(Unit::In)), ("10 cm".to_owned(), "4 in".to_owned()));
        let told = |text: &str, unit| text.parse::<Length>().unwrap().about(unit);
        assert_eq!((told("9.7 cm", Unit::Cm), told("3.3 cm", Unit::Cm)), ("9.7 cm".to_owned(), "3.3 cm".to_owned()));
        assert_eq!((told("4.25 in", Unit::In), told("1 in", Unit::Cm)), ("4.3 in".to_owned(), "2.5 cm".to_owned()));
        assert_eq!(Length::try_from(String::from(four)).unwrap(), four);
    }

    #[test]
    fn a_threshold_is_told_finer_than_what_it_is_held_against() {
        let told = |text: &str, unit| text.parse::<Length>().unwrap().fine(Notation { unit, decimal: ',' });
        assert_eq!((told("1.9 cm", Unit::Cm), told("1.9 cm", Unit::In)), ("1,9 cm".to_owned(), "0,75 in".to_owned()));
        assert_eq!((told("2 cm", Unit::Cm), told("4 in", Unit::In)), ("2 cm".to_owned(), "4 in".to_owned()));
    }

    #[test]
    fn a_typed_number_takes_a_comma_and_refuses_nonsense() {
        assert_eq!(Length::typed("2,5", Unit::Cm), Some(Length::from_mm(25)));
        for text in ["", "x", "-1", "NaN", "inf", "101"] {
            assert_eq!(Length::typed(text, Unit::Cm), None, "{text:?}");
        }
    }

    #[test]
    fn a_length_needs_a_known_unit() {
        for text in ["4", "4 ft", "in", "four in", "2 m"] {
            assert!(text.parse::<Length>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_rep_range_is_low_to_high_and_never_empty() {
        assert!(RepRange::try_from([12, 8]).is_err());
        assert!(RepRange::try_from([0, 8]).is_err());
        assert!(RepRange::try_from([8, 101]).is_err());
        assert_eq!(RepRange::new(8, 12).unwrap().to_string(), "8–12");
        assert_eq!(RepRange::new(1, 1).unwrap().to_string(), "1");
    }
}
