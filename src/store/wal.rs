//! Whether a write-ahead log ends in the middle of a write.
//!
//! SQLite reads such a log up to the last commit that is whole, and says nothing about the rest. The format is stable and
//! documented as "WAL-mode File Format": a header of 32 bytes, then frames of a 24-byte header and a page, each with a
//! checksum over everything before it and with the salts of the header; frames of an older round have other salts.

use std::path::Path;

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// Whether the log at `path` has, after its last whole frame, bytes of a frame that belongs to the same round.
pub fn is_torn(path: &Path) -> bool {
    #[expect(clippy::disallowed_methods, reason = "the store's own file, before SQLite changes it")]
    let Ok(bytes) = std::fs::read(path) else { return false };
    if bytes.is_empty() {
        return false;
    }
    let Some(header) = bytes.get(..HEADER) else { return true };
    let big_endian = match word(header, 0) {
        0x377f_0682 => false,
        0x377f_0683 => true,
        _ => return true,
    };
    let mut sum = checksum((0, 0), &header[..24], big_endian);
    if sum != (word(header, 24), word(header, 28)) {
        return true;
    }
    let page = word(header, 8) as usize;
    let salts = &header[16..24];
    let mut rest = &bytes[HEADER..];
    while !rest.is_empty() {
        let Some(frame) = rest.get(..FRAME_HEADER + page) else {
            // A piece of a frame: of an older round, or one that was being written.
            return rest.len() < 16 || &rest[8..16] == salts;
        };
        if &frame[8..16] != salts {
            return false;
        }
        sum = checksum(sum, &frame[..8], big_endian);
        sum = checksum(sum, &frame[FRAME_HEADER..], big_endian);
        if sum != (word(frame, 16), word(frame, 20)) {
            return true;
        }
        rest = &rest[FRAME_HEADER + page..];
    }
    false
}

/// The big-endian word at `at`.
fn word(bytes: &[u8], at: usize) -> u32 {
    bytes[at..at + 4].iter().fold(0, |word, byte| word << 8 | u32::from(*byte))
}

fn checksum((mut one, mut two): (u32, u32), bytes: &[u8], big_endian: bool) -> (u32, u32) {
    let read = |bytes: &[u8]| if big_endian { word(bytes, 0) } else { word(bytes, 0).swap_bytes() };
    for pair in bytes.chunks_exact(8) {
        one = one.wrapping_add(read(pair)).wrapping_add(two);
        two = two.wrapping_add(read(&pair[4..])).wrapping_add(one);
    }
    (one, two)
}
