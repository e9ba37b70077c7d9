//! The file in which sessions go from one machine to another.
//!
//! It is UTF-8 text, a JSON object a line (JSON Lines), each line ended by a line feed:
//!
//! ```text
//! {"dorsi":{"format":1,"by":"0.1.0"},"crc32":"…"}
//! {"protocol":{…},"crc32":"…"}
//! {"session":{"uid":"…","began":"…","note":"","protocol":0,"closed":true,"events":[[1200,{…}],…]},"crc32":"…"}
//! {"end":{"sessions":1},"crc32":"…"}
//! ```
//!
//! - `dorsi` comes first: the version of this format, and the version of the program that wrote it.
//! - `protocol` is a protocol as it was when it was trained. The sessions behind it name it by its number, from 0.
//! - `session`: `uid` is the same in every copy of the session; `began` has the time zone (RFC 9557); `closed` tells
//!   that it is over. An event is its session time in milliseconds and its fact. What the session amounts to is not in
//!   the file: it is made anew from the events.
//! - `end` comes last, with the number of sessions.
//! - `crc32` is the last member of every line: the CRC-32 (ISO-HDLC, eight hexadecimal digits) of all bytes of the file
//!   before its own comma. So a file that was cut or altered anywhere is known as such, and the first wrong line with it.
//!   It guards against accidents, not against forgery.
//!
//! A file of a newer format keeps the first line as it is here.

mod lines;

use std::io::{self, BufRead, Seek, Write};
use std::sync::Arc;

use crc32fast::Hasher;
use jiff::Zoned;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};

use super::rows;
use crate::protocol::Protocol;
use crate::session::check;
use crate::session::event::{Event, Fact};
use crate::session::time::SessionTime;
use crate::text;
pub use lines::BEGINNING;
use lines::Lines;

/// The version of the format that this program writes, and the newest it reads.
pub const FORMAT: u32 = 1;

/// The largest file that is read, in bytes: several times what ten years of daily sessions take.
pub const MAX_BYTES: u64 = 128 << 20;

/// The most that its protocols may take together, in bytes: some 1,500 of the length of the longest built-in one. All of
/// them are kept until the last session is read.
const MAX_PROTOCOLS: usize = 24 << 20;

/// The longest line that is read or written, in bytes: a session of a few hundred thousand events.
const MAX_LINE: usize = 16 << 20;

/// The end of every line, but for the digits: `,"crc32":"01234567"}`.
const CHECK: (&str, &str) = (",\"crc32\":\"", "\"}");
const CHECK_LENGTH: usize = CHECK.0.len() + 8 + CHECK.1.len();

/// A session on its way from one store to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Carried {
    /// The same in every copy of the session: letters, digits and hyphens.
    pub uid: String,
    /// When it began.
    pub began: Zoned,
    /// The person's note.
    pub note: String,
    /// The protocol as it was.
    pub protocol: Arc<Protocol>,
    /// It is over.
    pub closed: bool,
    /// Its events, in order.
    pub events: Vec<Event>,
}

/// Why a file is not imported.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum Refused {
    /// It is something else.
    #[error("line 1: not a file of sessions; `dorsi export` writes one")]
    Foreign,
    /// A newer program wrote it.
    #[error("written by dorsi {by} in a newer format ({found}, this one knows {FORMAT}); please update dorsi")]
    Newer {
        /// Its version of the format.
        found: u32,
        /// The program's version.
        by: String,
    },
    /// Its end is missing.
    #[error("the file was cut off in line {line}; copy it again from where it was exported")]
    Cut {
        /// The last line that there is.
        line: usize,
    },
    /// It is not what was written.
    #[error("line {line} is not as it was exported; copy the file again, or export it again")]
    Altered {
        /// The first line that is wrong.
        line: usize,
    },
    /// A line can't be understood.
    #[error("line {line}: {why}{}", newer_hint(.by))]
    Wrong {
        /// The line.
        line: usize,
        /// What is wrong with it.
        why: String,
        /// The version of the program that wrote it.
        by: String,
    },
    /// The system says no.
    #[error("it can't be read: {0}")]
    Unreadable(String),
    /// It is beyond all bounds.
    #[error("the file is larger than {} MB; ten years of daily sessions are less than half of that", MAX_BYTES >> 20)]
    TooLarge,
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Refused {
        Refused::Unreadable(error.to_string())
    }
}

/// What helps where a line of another version's file can't be understood.
fn newer_hint(by: &str) -> String {
    match by == env!("CARGO_PKG_VERSION") {
        true => String::new(),
        false => format!("; the file was written by dorsi {by}, an update of this one may help"),
    }
}

/// A line of the file, without its check.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Line {
    Dorsi(Head),
    Protocol(Protocol),
    Session(Row),
    End(End),
}

/// The first line; a newer format may have more in it.
#[derive(Serialize, Deserialize)]
struct Head {
    format: u32,
    by: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    uid: String,
    #[serde(deserialize_with = "began")]
    began: Zoned,
    note: String,
    protocol: usize,
    closed: bool,
    events: Vec<(u64, Fact)>,
}

fn began<'de, D: Deserializer<'de>>(source: D) -> Result<Zoned, D::Error> {
    super::began::parse(&String::deserialize(source)?).map_err(D::Error::custom)
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    sessions: u64,
}

/// Writes a file of sessions.
pub struct Writer<W: Write> {
    out: W,
    crc: Hasher,
    protocols: Vec<Arc<Protocol>>,
    sessions: u64,
}

impl<W: Write> Writer<W> {
    /// Begins a file.
    ///
    /// # Errors
    /// When `out` can't be written to.
    pub fn begin(out: W) -> io::Result<Writer<W>> {
        let mut writer = Writer { out, crc: Hasher::new(), protocols: Vec::new(), sessions: 0 };
        writer.line(&Line::Dorsi(Head { format: FORMAT, by: env!("CARGO_PKG_VERSION").to_owned() }))?;
        Ok(writer)
    }

    /// Adds a session.
    ///
    /// # Errors
    /// When the file can't be written to, or the session is too long for it.
    pub fn session(&mut self, session: &Carried) -> io::Result<()> {
        let is_same = |known: &Arc<Protocol>| Arc::ptr_eq(known, &session.protocol) || *known == session.protocol;
        let protocol = match self.protocols.iter().position(is_same) {
            Some(known) => known,
            None => {
                self.line(&Line::Protocol(Protocol::clone(&session.protocol)))?;
                self.protocols.push(session.protocol.clone());
                self.protocols.len() - 1
            }
        };
        self.sessions += 1;
        self.line(&Line::Session(Row {
            uid: session.uid.clone(),
            began: session.began.clone(),
            note: session.note.clone(),
            protocol,
            closed: session.closed,
            events: session.events.iter().map(|event| (event.at.millis(), event.fact.clone())).collect(),
        }))
    }

    /// Ends the file, and returns how many sessions are in it.
    ///
    /// # Errors
    /// When it can't be written to.
    pub fn end(mut self) -> io::Result<u64> {
        self.line(&Line::End(End { sessions: self.sessions }))?;
        self.out.flush()?;
        Ok(self.sessions)
    }

    fn line(&mut self, line: &Line) -> io::Result<()> {
        let mut text = serde_json::to_string(line)?;
        text.pop();
        self.crc.update(text.as_bytes());
        let check = format!("{}{:08x}{}\n", CHECK.0, self.crc.clone().finalize(), CHECK.1);
        self.crc.update(check.as_bytes());
        if text.len() + check.len() > MAX_LINE {
            return Err(io::Error::other("a session is too long for a file of sessions"));
        }
        self.out.write_all(text.as_bytes())?;
        self.out.write_all(check.as_bytes())
    }
}

/// Reads a file of sessions that is whole: an iterator of its sessions.
///
/// A session that comes as an error is the last one: nothing of the file is to be used then.
#[derive(Debug)]
pub struct Reader<R> {
    lines: Lines<R>,
    by: String,
    protocols: Vec<Arc<Protocol>>,
    /// The bytes that the protocols take in the file.
    protocols_took: usize,
    sessions: u64,
    /// The end was read, or something that is wrong.
    over: bool,
}

impl<R: BufRead + Seek> Reader<R> {
    /// Looks through the whole file, a line at a time: for cuts and changes, and for what no session can be.
    ///
    /// So nothing is begun with a file that is wrong at its end.
    ///
    /// # Errors
    /// When it is no file of sessions, of a newer program, not whole, or wrong in a line.
    pub fn open(file: R) -> Result<Reader<R>, Refused> {
        let mut reader = Reader::at_beginning(Lines::of(file)?)?;
        while reader.read()?.is_some() {}
        Reader::at_beginning(reader.lines.again()?)
    }

    /// A reader behind the first line.
    fn at_beginning(mut lines: Lines<R>) -> Result<Reader<R>, Refused> {
        let head = lines.next()?.ok_or(Refused::Cut { line: 1 })?;
        newer(&head)?;
        let Ok(Line::Dorsi(head)) = json(&head) else {
            return Err(Refused::Foreign);
        };
        Ok(Reader {
            lines,
            by: text::clean(&head.by),
            protocols: Vec::new(),
            protocols_took: 0,
            sessions: 0,
            over: false,
        })
    }

    /// The next line, and how many bytes it has.
    fn line(&mut self) -> Result<(Line, usize), Refused> {
        let line = self.lines.next()?.ok_or(Refused::Cut { line: self.lines.number })?;
        let read = json(&line).map_err(|why| self.wrong(why))?;
        Ok((read, line.len()))
    }

    fn wrong(&self, why: impl Into<String>) -> Refused {
        // What is wrong may quote the file.
        Refused::Wrong { line: self.lines.number, why: text::clean(&why.into()), by: self.by.clone() }
    }

    /// The next session, or the end of the file.
    fn read(&mut self) -> Result<Option<Carried>, Refused> {
        loop {
            let (line, length) = self.line()?;
            match line {
                Line::Dorsi(_) => return Err(self.wrong("a second beginning")),
                Line::Protocol(protocol) => {
                    self.protocols_took += length;
                    if self.protocols_took > MAX_PROTOCOLS {
                        return Err(self.wrong(format!("the protocols take more than {} MB", MAX_PROTOCOLS >> 20)));
                    }
                    check::protocol(&protocol).map_err(|why| self.wrong(format!("the protocol {why}")))?;
                    let is_clean = serde_json::to_string(&protocol).is_ok_and(|json| rows::is_clean(&json));
                    if !is_clean {
                        return Err(self.wrong("the protocol has control characters in its words"));
                    }
                    self.protocols.push(Arc::new(protocol));
                }
                Line::Session(row) => return self.session(row).map(Some),
                Line::End(end) => {
                    let is_right = end.sessions == self.sessions;
                    return match is_right && self.lines.next()?.is_none() {
                        true => Ok(None),
                        false => Err(self.wrong(format!("an end after {} of its sessions", self.sessions))),
                    };
                }
            }
        }
    }

    fn session(&mut self, row: Row) -> Result<Carried, Refused> {
        let is_uid = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if row.uid.is_empty() || row.uid.len() > 64 || !row.uid.chars().all(is_uid) {
            return Err(self.wrong("the session has no proper uid"));
        }
        let Some(protocol) = self.protocols.get(row.protocol).cloned() else {
            return Err(self.wrong(format!("there is no protocol {} before this session", row.protocol)));
        };
        for (number, (at, fact)) in row.events.iter().enumerate() {
            let is_time = i64::try_from(*at).is_ok();
            let fits = if is_time { check::fact(&protocol, fact) } else { Err("its time is out of bounds".to_owned()) };
            fits.map_err(|why| self.wrong(format!("event {}: {why}", number + 1)))?;
        }
        self.sessions += 1;
        let events = row.events.into_iter().map(|(at, fact)| Event { at: SessionTime::from_millis(at), fact });
        Ok(Carried {
            uid: row.uid,
            began: row.began,
            note: text::clean(&row.note),
            protocol,
            closed: row.closed,
            events: events.collect(),
        })
    }
}

impl<R: BufRead + Seek> Iterator for Reader<R> {
    type Item = Result<Carried, Refused>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let read = self.read().transpose();
        self.over = !matches!(read, Some(Ok(_)));
        read
    }
}

/// What a line says, or what is wrong with it.
///
/// It is read as text, as what the store holds is: read as bytes, all that reads it would be in the program twice.
fn json<T: DeserializeOwned>(line: &[u8]) -> Result<T, String> {
    let text = std::str::from_utf8(line).map_err(|error| error.to_string())?;
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// Refuses a file whose first line tells of a newer format.
fn newer(head: &[u8]) -> Result<(), Refused> {
    let head: serde_json::Value = json(head).map_err(|_| Refused::Foreign)?;
    match u32::try_from(head["dorsi"]["format"].as_u64().unwrap_or(0)).unwrap_or(u32::MAX) {
        0 => Err(Refused::Foreign),
        FORMAT => Ok(()),
        found => Err(Refused::Newer { found, by: text::clean(head["dorsi"]["by"].as_str().unwrap_or("?")) }),
    }
}

#[cfg(test)]
pub mod examples;
#[cfg(test)]
mod tests;
