//! Whether a write-ahead log ends in the middle of a write.
//!
//! SQLite reads such a log up to the last commit that is whole, and says nothing about the rest. The format is stable and
//! documented as "WAL-mode File Format": a header of 32 bytes, then frames of a 24-byte header and a page, each with a
//! checksum over everything before it and with the salts of the header; frames of an older round have other salts.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// Whether the log at `path` has, after its last whole frame, bytes of a frame that belongs to the same round.
pub fn is_torn(path: &Path) -> bool {
    #[expect(clippy::disallowed_methods, reason = "the store's own file, before SQLite changes it")]
    let opened = File::open(path);
    opened.is_ok_and(|log| ends_torn(BufReader::new(log)).unwrap_or(false))
}

/// The same of a log that is read piece by piece: it can be of any size.
fn ends_torn(mut log: impl Read) -> io::Result<bool> {
    let mut header = [0; HEADER];
    match fill(&mut log, &mut header)? {
        0 => return Ok(false),
        HEADER => {}
        _ => return Ok(true),
    }
    let big_endian = match word(&header, 0) {
        0x377f_0682 => false,
        0x377f_0683 => true,
        _ => return Ok(true),
    };
    let mut sum = checksum((0, 0), &header[..24], big_endian);
    let page = word(&header, 8) as usize;
    let is_page = page.is_power_of_two() && (512..=65_536).contains(&page);
    if !is_page || sum != (word(&header, 24), word(&header, 28)) {
        return Ok(true);
    }
    let salts = &header[16..24];
    let mut frame = vec![0; FRAME_HEADER + page];
    loop {
        let read = fill(&mut log, &mut frame)?;
        if read < frame.len() {
            // A piece of a frame: of an older round, or one that was being written.
            return Ok(read > 0 && (read < 16 || &frame[8..16] == salts));
        }
        if &frame[8..16] != salts {
            return Ok(false);
        }
        sum = checksum(sum, &frame[..8], big_endian);
        sum = checksum(sum, &frame[FRAME_HEADER..], big_endian);
        if sum != (word(&frame, 16), word(&frame, 20)) {
            return Ok(true);
        }
    }
}

/// Reads until `bytes` are full or there are no more; how many were read.
fn fill(from: &mut impl Read, bytes: &mut [u8]) -> io::Result<usize> {
    let mut read = 0;
    while read < bytes.len() {
        match from.read(&mut bytes[read..]) {
            Ok(0) => break,
            Ok(more) => read += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
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
