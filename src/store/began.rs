//! The moment at which a session began, as text: a date with its offset and its zone (RFC 9557).

use std::collections::HashMap;

use jiff::Zoned;
use jiff::fmt::temporal::Pieces;
use jiff::tz::TimeZone;

/// Reads a moment that a program wrote.
///
/// Rules of zones change after the fact, and not every machine knows every zone. Where this one makes something else of the
/// zone than the program that wrote it, the offset counts: the hour is the one that the person saw.
///
/// # Errors
/// When it is no moment.
pub fn parse(text: &str) -> Result<Zoned, jiff::Error> {
    text.parse().or_else(|_| by_its_offset(text))
}

/// Reads a moment by its offset alone, without its zone, where it has one.
///
/// # Errors
/// When it is no moment.
pub fn by_its_offset(text: &str) -> Result<Zoned, jiff::Error> {
    let pieces = Pieces::parse(text)?;
    let civil = pieces.date().to_datetime(pieces.time().unwrap_or_default());
    match pieces.to_numeric_offset() {
        Some(offset) => Ok(offset.to_timestamp(civil)?.to_zoned(TimeZone::fixed(offset))),
        None => text.parse(),
    }
}

/// Reads many moments; looking a zone up is the slow part of it, so known ones are kept.
#[derive(Debug, Default)]
pub struct Moments {
    zones: HashMap<String, TimeZone>,
}

impl Moments {
    /// The same as [`parse`].
    ///
    /// # Errors
    /// When `text` is no moment.
    pub fn parse(&mut self, text: &str) -> Result<Zoned, jiff::Error> {
        let zone = text.rsplit_once('[').and_then(|(_, zone)| zone.strip_suffix(']')).unwrap_or_default();
        if let Some(known) = self.zones.get(zone) {
            let pieces = Pieces::parse(text)?;
            let civil = pieces.date().to_datetime(pieces.time().unwrap_or_default());
            let moment = pieces.to_numeric_offset().map(|offset| offset.to_timestamp(civil)).transpose()?;
            let zoned = moment.map(|moment| moment.to_zoned(known.clone()));
            if let Some(zoned) = zoned.filter(|zoned| zoned.datetime() == civil) {
                return Ok(zoned);
            }
        }
        let zoned = parse(text)?;
        if zoned.time_zone().iana_name() == Some(zone) {
            self.zones.insert(zone.to_owned(), zoned.time_zone().clone());
        }
        Ok(zoned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_that_is_not_known_here_or_has_other_rules_by_now_keeps_the_hour_that_the_person_saw() {
        for (text, civil, instant) in [
            ("2026-10-25T02:30:00+01:00[Europe/Berlin]", "2026-10-25T02:30:00", "2026-10-25T01:30:00Z"),
            ("2026-07-01T18:00:00+01:00[Europe/Berlin]", "2026-07-01T18:00:00", "2026-07-01T17:00:00Z"),
            ("2026-07-01T18:00:00+07:00[Mars/Olympus]", "2026-07-01T18:00:00", "2026-07-01T11:00:00Z"),
            ("9999-12-30T07:00:00-11:00[Mars/Olympus]", "9999-12-30T07:00:00", "9999-12-30T18:00:00Z"),
            ("1969-07-20T20:17:40+00:00[UTC]", "1969-07-20T20:17:40", "1969-07-20T20:17:40Z"),
        ] {
            let read = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(read.datetime(), civil.parse().expect("a time"), "{text}");
            assert_eq!(read.timestamp(), instant.parse().expect("a moment"), "{text}");
            let mut moments = Moments::default();
            moments.parse("2026-11-24T08:00:00+01:00[Europe/Berlin]").expect("a zone that is known");
            for _ in 0..2 {
                assert_eq!(moments.parse(text).expect(text), read, "{text}");
                assert_eq!(moments.parse(text).expect(text).datetime(), read.datetime(), "{text}");
            }
        }
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for text in ["", "yesterday", "2026-13-01T00:00:00+00:00[UTC]", "2026-07-01", "2026-07-01T18:00[Mars/Olympus]"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
