//! What stands in a row, read so that whatever is done with it later can rely on it: a file can be damaged, or changed by
//! another program, and still be a database.

use serde::de::DeserializeOwned;

use crate::protocol::Protocol;
use crate::session::check;
use crate::session::digest::Digest;
use crate::session::event::Fact;
use crate::text;

/// What the row of a completed rep begins with, and that of a rep taken back.
pub const REP: &str = "{\"rep-completed\"";
pub const REP_UNDONE: &str = "{\"rep-undone\"";

/// The protocol that `json` is.
///
/// # Errors
/// Why it is none that can be trained, or shown.
pub fn protocol(json: &str) -> Result<Protocol, String> {
    let protocol = read(json)?;
    check::protocol(&protocol).map_err(|why| format!("the protocol {why}"))?;
    Ok(protocol)
}

/// The fact that `json` is, of a session with this protocol.
///
/// # Errors
/// Why it is none.
pub fn fact(json: &str, protocol: &Protocol) -> Result<Fact, String> {
    let fact = read(json)?;
    check::fact(protocol, &fact)?;
    Ok(fact)
}

/// What a session amounts to, by `json`.
///
/// # Errors
/// Why that can't be read.
pub fn digest(json: &str) -> Result<Digest, String> {
    read(json)
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, String> {
    if !is_clean(json) {
        return Err("there are control characters in its words".to_owned());
    }
    serde_json::from_str(json).map_err(|error| text::clean(&error.to_string()))
}

/// Whether no string in `json` has characters that could disturb a terminal; there, controls are written with a backslash.
pub fn is_clean(json: &str) -> bool {
    let (mut follows_backslash, mut is_ascii) = (false, true);
    for byte in json.bytes() {
        if byte.is_ascii_control() || follows_backslash && !matches!(byte, b'"' | b'\\') {
            return false;
        }
        follows_backslash = byte == b'\\' && !follows_backslash;
        is_ascii &= byte.is_ascii();
    }
    is_ascii || text::is_clean(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_backslashes_are_clean_and_every_other_escape_is_not() {
        for (json, clean) in [
            (r#"{"a":"b \"c\" \\ ü"}"#, true),
            (r#"{"a":"\\\u001b"}"#, false),
            (r#"{"a":"\u001b"}"#, false),
            (r#"{"a":"\n"}"#, false),
            ("{\"a\":\"\u{7f}\"}", false),
            ("{\"a\":\"\u{202e}\"}", false),
        ] {
            assert_eq!(is_clean(json), clean, "{json}");
        }
        assert!(is_clean(r#"{"a":"\\\\u001b"}"#), "a backslash, and then letters");
    }
}
