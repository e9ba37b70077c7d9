//! The lines of a file of sessions, one at a time, each held against its check.

use std::io::{self, BufRead, Read, Seek};

use crc32fast::Hasher;

use super::{CHECK, CHECK_LENGTH, MAX_BYTES, MAX_LINE, Refused};

/// What every file of sessions begins with.
pub const BEGINNING: &[u8] = b"{\"dorsi\":";

/// A file, read line by line.
#[derive(Debug)]
pub struct Lines<R> {
    from: R,
    crc: Hasher,
    /// The number of the line that was read last, from 1.
    pub number: usize,
}

impl<R: BufRead + Seek> Lines<R> {
    /// The lines of a file from its beginning, if that is one of a file of sessions.
    ///
    /// # Errors
    /// When it is not, is too large, or can't be read.
    pub fn of(mut from: R) -> Result<Lines<R>, Refused> {
        if from.seek(io::SeekFrom::End(0))? > MAX_BYTES {
            return Err(Refused::TooLarge);
        }
        from.rewind()?;
        let mut head = Vec::new();
        from.by_ref().take(BEGINNING.len() as u64).read_to_end(&mut head)?;
        if head != BEGINNING {
            // A file cut in its very first bytes is hardly one; nothing at all most likely is.
            return Err(if BEGINNING.starts_with(&head) { Refused::Cut { line: 1 } } else { Refused::Foreign });
        }
        from.rewind()?;
        Ok(Lines { from, crc: Hasher::new(), number: 0 })
    }

    /// The same lines from the first on.
    pub fn again(mut self) -> Result<Lines<R>, Refused> {
        self.from.rewind()?;
        Ok(Lines { crc: Hasher::new(), number: 0, ..self })
    }

    /// The object of the next line, as it is without its check; `None` behind the last line.
    ///
    /// # Errors
    /// When the line is not whole, or can't be read.
    pub fn next(&mut self) -> Result<Option<Vec<u8>>, Refused> {
        let mut line = Vec::new();
        self.from.by_ref().take(MAX_LINE as u64 + 1).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        self.number += 1;
        if line.len() > MAX_LINE {
            let by = env!("CARGO_PKG_VERSION").to_owned();
            return Err(Refused::Wrong { line: self.number, why: "the line is too long".to_owned(), by });
        }
        let body = checked(&line, &mut self.crc).ok_or(match line.ends_with(b"\n") {
            true => Refused::Altered { line: self.number },
            false => Refused::Cut { line: self.number },
        })?;
        line.truncate(body);
        line.push(b'}');
        Ok(Some(line))
    }
}

/// How many bytes of `line` are before its check, where that is right for all that went before. The next line goes on from
/// there.
fn checked(line: &[u8], crc: &mut Hasher) -> Option<usize> {
    let (body, check) = line.strip_suffix(b"\n")?.split_last_chunk::<CHECK_LENGTH>()?;
    crc.update(body);
    let expected = format!("{}{:08x}{}", CHECK.0, crc.clone().finalize(), CHECK.1);
    crc.update(check);
    crc.update(b"\n");
    (check == expected.as_bytes()).then_some(body.len())
}
