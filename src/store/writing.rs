//! The session that is being written, and those before it of which something is not on disk yet.

use std::collections::HashMap;

use jiff::Zoned;
use rusqlite::{Transaction, params};

use super::{Store, StoreError, answers, append, close, numbers};
use crate::protocol::Protocol;
use crate::session::digest::Digest;
use crate::session::event::Event;

/// A session that is being written.
#[derive(Debug)]
pub struct Writing {
    place: Place,
    /// Events that are not on disk yet: normally none.
    pending: Vec<(u64, String)>,
    /// The edited protocol that it goes on with, unless it is on disk.
    protocol: Option<String>,
    /// What closes it, and the note on it, unless they are on disk.
    digest: Option<(Digest, String)>,
    note: Option<String>,
}

/// Where the events of a session go.
#[derive(Debug)]
enum Place {
    /// The session is not in the file yet.
    New { protocol: String, began: String },
    /// The session has this number.
    At(i64),
}

/// A session of which something is not on disk, on its way to another file that has the same sessions.
#[derive(Debug)]
pub struct Unsaved {
    writing: Writing,
    /// Where it is in the file already: the session's uid, and the number of its next event.
    known: Option<(String, i64)>,
}

impl Writing {
    fn at(place: Place) -> Writing {
        Writing { place, pending: Vec::new(), protocol: None, digest: None, note: None }
    }

    /// Whether what is on disk is not what the session has come to.
    fn is_behind(&self) -> bool {
        !self.pending.is_empty() || self.protocol.is_some() || self.digest.is_some()
    }

    fn is_unsaved(&self) -> bool {
        self.is_behind() || self.note.is_some()
    }

    /// The number of the session, where it is in the file.
    fn number(&self) -> Option<i64> {
        match self.place {
            Place::New { .. } => None,
            Place::At(session) => Some(session),
        }
    }

    /// The same with the number of the session in another file; `None` where it is not in that.
    pub(super) fn renumbered(mut self, numbers: &HashMap<i64, i64>) -> Option<Writing> {
        if let Some(number) = self.number() {
            self.place = Place::At(*numbers.get(&number)?);
        }
        Some(self)
    }

    fn is_at(&self, id: i64) -> bool {
        self.number() == Some(id)
    }

    /// Writes what is not on disk, and returns the session's number.
    fn write(&self, transaction: &Transaction<'_>) -> rusqlite::Result<i64> {
        let session = match &self.place {
            Place::At(session) => *session,
            Place::New { protocol, began } => numbers::add(transaction, None, began, "", protocol)?,
        };
        if let Some(protocol) = &self.protocol {
            replace_protocol(transaction, session, protocol)?;
        }
        append(transaction, session, next_number(transaction, session)?, &self.pending)?;
        if let Some((digest, text)) = &self.digest {
            close(transaction, session, digest, text)?;
        }
        if self.digest.is_some() || answers::are_in(&self.pending) {
            answers::file(transaction, session)?;
        }
        if let Some(note) = &self.note {
            write_note(transaction, session, note)?;
        }
        Ok(session)
    }
}

impl Store {
    /// Whether something of session `id` is not on disk.
    pub(super) fn is_unsaved(&self, id: i64) -> bool {
        self.unsaved.iter().chain(&self.writing).any(|writing| writing.is_at(id) && writing.is_unsaved())
    }

    /// Whether session `id` has come further than what is on disk; a note is no part of it.
    pub(super) fn is_behind(&self, id: i64) -> bool {
        self.unsaved.iter().chain(&self.writing).any(|writing| writing.is_at(id) && writing.is_behind())
    }

    /// The note on session `id` that is not on disk yet.
    pub(super) fn unsaved_note(&self, id: i64) -> Option<&str> {
        self.unsaved.iter().chain(&self.writing).find(|writing| writing.is_at(id))?.note.as_deref()
    }

    /// Whether there is something that is not on disk.
    pub fn has_unsaved(&self) -> bool {
        self.writing.as_ref().is_some_and(Writing::is_unsaved) || !self.unsaved.is_empty()
    }

    /// The numbers of the sessions in the file that are being written.
    pub(super) fn under_way(&self) -> Vec<i64> {
        self.unsaved.iter().chain(&self.writing).filter_map(Writing::number).collect()
    }

    /// Makes a place for a session that begins at `began`; the events that follow belong to it.
    ///
    /// # Errors
    /// When the protocol does not become text.
    pub fn begin(&mut self, protocol: &Protocol, began: &Zoned) -> Result<(), StoreError> {
        let place = Place::New { protocol: serde_json::to_string(protocol)?, began: began.to_string() };
        // Written with the first event: a session in which nothing happened is none.
        self.turn_to(place);
        Ok(())
    }

    /// Has the events that follow belong to the session `id` again.
    pub fn take_up(&mut self, id: i64) {
        self.turn_to(Place::At(id));
    }

    fn turn_to(&mut self, place: Place) {
        // Other windows have to know that something is under way.
        self.training.share();
        let before = self.writing.take();
        self.unsaved.extend(before.filter(Writing::is_unsaved));
        // What of it is not on disk yet stays with it, so that nothing older is written over what follows.
        let known = match place {
            Place::At(id) => self.unsaved.iter().position(|writing| writing.is_at(id)),
            Place::New { .. } => None,
        };
        self.writing = Some(match known {
            Some(known) => self.unsaved.remove(known),
            None => Writing::at(place),
        });
    }

    /// Nobody is in the session any more; what is written to it all the same belongs to it.
    pub fn rest(&mut self) {
        self.training.release();
    }

    /// Has the session under way be one of `protocol`, an edited form of the one that it began with.
    ///
    /// # Errors
    /// When it can't be written. It is kept, and written with what follows.
    pub fn rewrite(&mut self, protocol: &Protocol) -> Result<(), StoreError> {
        let text = serde_json::to_string(protocol)?;
        match &mut self.writing {
            None => Ok(()),
            Some(Writing { place: Place::New { protocol, .. }, .. }) => {
                *protocol = text;
                Ok(())
            }
            Some(writing) => {
                writing.protocol = Some(text);
                self.flush()
            }
        }
    }

    /// Makes events durable, all or none of them: when this returns they are on disk. `digest` closes the session.
    ///
    /// # Errors
    /// When they can't be written. They are kept, and written with what follows.
    pub fn record(&mut self, events: &[&Event], digest: Option<&Digest>) -> Result<(), StoreError> {
        let Some(writing) = &mut self.writing else { return Ok(()) };
        for event in events {
            writing.pending.push((event.at.millis(), serde_json::to_string(&event.fact)?));
        }
        if let Some(digest) = digest {
            writing.digest = Some((digest.clone(), serde_json::to_string(digest)?));
        }
        self.flush()
    }

    /// Replaces the note on session `id`, or else on the one that was written to last.
    ///
    /// # Errors
    /// When it can't be written. It is kept, and written with what follows, unless it can't be told whether the session is
    /// in the file.
    pub fn note(&mut self, id: Option<i64>, note: &str) -> Result<(), StoreError> {
        if id.is_some() && self.has_moved() {
            return Err(StoreError::Moved { path: self.path.clone() });
        }
        if let Some(id) = id
            && let Ok(None) = self.is_left_open(id)
        {
            return Err(StoreError::Gone);
        }
        let writing = match (id, &mut self.writing) {
            (None, None) => return Ok(()),
            (None, Some(writing)) => writing,
            (Some(id), Some(writing)) if writing.is_at(id) => writing,
            (Some(id), _) => {
                let known = self.unsaved.iter().position(|writing| writing.is_at(id));
                let place = known.unwrap_or(self.unsaved.len());
                if known.is_none() {
                    self.unsaved.push(Writing::at(Place::At(id)));
                }
                &mut self.unsaved[place]
            }
        };
        writing.note = Some(note.to_owned());
        self.flush()
    }

    /// What is not on disk, as far as it can be told which session it belongs to.
    pub(super) fn take_unsaved(&mut self) -> Vec<Unsaved> {
        let writings: Vec<Writing> = std::mem::take(&mut self.unsaved).into_iter().chain(self.writing.take()).collect();
        let unsaved = writings.into_iter().filter(Writing::is_unsaved).filter_map(|writing| {
            let known = match writing.place {
                Place::New { .. } => None,
                Place::At(id) => Some(self.uid_and_next(id)?),
            };
            Some(Unsaved { writing, known })
        });
        unsaved.collect()
    }

    /// Takes over what was not on disk in another file, and writes it, now or with what follows. Facts build on each other:
    /// those of a session that is missing some here are left, but for the note on it.
    pub(super) fn give_unsaved(&mut self, unsaved: Vec<Unsaved>) {
        for Unsaved { mut writing, known } in unsaved {
            if let Some((uid, next)) = known.filter(|_| self.read_only.is_none()) {
                let id = "SELECT id FROM session WHERE uid = ?1";
                let id = self.connection.query_row(id, [&uid], |row| row.get(0)).ok();
                let Some(id) = id else { continue };
                writing.place = Place::At(id);
                if self.uid_and_next(id).is_none_or(|(_, here)| here != next) {
                    (writing.pending, writing.protocol, writing.digest) = (Vec::new(), None, None);
                }
            }
            self.unsaved.extend(Some(writing).filter(Writing::is_unsaved));
        }
        // What can't be written is kept.
        let _ = self.flush();
    }

    fn uid_and_next(&self, id: i64) -> Option<(String, i64)> {
        let select = "SELECT uid, (SELECT coalesce(max(number) + 1, 0) FROM event WHERE session = ?1)
            FROM session WHERE id = ?1";
        self.connection.query_row(select, [id], |row| Ok((row.get(0)?, row.get(1)?))).ok()
    }

    /// Has no more events belong to session `id`.
    pub(super) fn leave(&mut self, id: i64) {
        self.writing.take_if(|writing| writing.is_at(id));
        self.unsaved.retain(|writing| !writing.is_at(id));
    }

    /// Writes what is not on disk yet, the earliest session first.
    ///
    /// # Errors
    /// When something can't be written. It is kept, and written with what follows.
    pub fn flush(&mut self) -> Result<(), StoreError> {
        if self.has_moved() {
            self.follow()?;
        }
        let mut failed: Option<StoreError> = None;
        for writing in std::mem::take(&mut self.unsaved) {
            // Who waited for another program in vain would do so for each of them.
            if failed.as_ref().is_some_and(StoreError::is_busy) {
                self.unsaved.push(writing);
            } else if let Err(error) = self.write(|transaction| writing.write(transaction)) {
                failed.get_or_insert(error);
                self.unsaved.push(writing);
            }
        }
        if let Some(mut writing) = self.writing.take() {
            if writing.is_unsaved() && !failed.as_ref().is_some_and(StoreError::is_busy) {
                match self.write(|transaction| writing.write(transaction)) {
                    Ok(session) => writing = Writing::at(Place::At(session)),
                    Err(error) => {
                        failed.get_or_insert(error);
                    }
                }
            }
            self.writing = Some(writing);
        }
        failed.map_or(Ok(()), Err)
    }
}

/// The number of the next event of `session`.
pub fn next_number(transaction: &Transaction<'_>, session: i64) -> rusqlite::Result<i64> {
    let next = "SELECT coalesce(max(number) + 1, 0) FROM event WHERE session = ?1";
    transaction.prepare_cached(next)?.query_row([session], |row| row.get(0))
}

fn replace_protocol(transaction: &Transaction<'_>, session: i64, text: &str) -> rusqlite::Result<()> {
    transaction.execute("INSERT OR IGNORE INTO protocol (text) VALUES (?1)", [text])?;
    transaction.execute(
        "UPDATE session SET protocol = (SELECT id FROM protocol WHERE text = ?2) WHERE id = ?1",
        params![session, text],
    )?;
    transaction.execute("DELETE FROM protocol WHERE id NOT IN (SELECT protocol FROM session)", []).map(|_| ())
}

fn write_note(transaction: &Transaction<'_>, session: i64, note: &str) -> rusqlite::Result<()> {
    transaction.execute("UPDATE session SET note = ?2 WHERE id = ?1", params![session, note]).map(|_| ())
}
