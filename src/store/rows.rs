//! What stands in a row, read so that whatever is done with it later can rely on it: a file can be damaged, or changed by
//! another program, and still be a database.

use serde::de::DeserializeOwned;

use crate::protocol::Protocol;
use crate::session::check;
use crate::session::digest::Digest;
use crate::session::event::Fact;
use crate::text;

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
    let mut bytes = json.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'\\' && !matches!(bytes.next(), Some(b'"' | b'\\')) {
            return false;
        }
    }
    text::is_clean(json)
}
