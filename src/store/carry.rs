//! Sessions out of the store and into it, to go from one machine to another.

use std::collections::HashMap;
use std::io::{BufRead, Seek, Write};
use std::sync::Arc;

use jiff::Zoned;
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};

use super::transfer::{Carried, Reader, Writer};
use super::{Store, StoreError, answers, append, close, numbers};
use crate::protocol::Protocol;
use crate::session::digest::Digest;
use crate::session::plan::Plan;
use crate::session::record::Record;

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// Sessions that are new here.
    pub added: usize,
    /// Sessions that were here, and that the file knew more of: further events, an end, a note.
    pub continued: usize,
    /// Sessions that were here already, with all that the file has of them.
    pub known: usize,
    /// Sessions that went on differently here and in the file, by their beginning; they are as they were here.
    pub kept: Vec<Zoned>,
    /// Sessions that have another note here than in the file, by their beginning; the note is as it was here.
    pub other_notes: Vec<Zoned>,
}

impl Store {
    /// Writes every session to `out`, the earliest first, and returns how many there are.
    ///
    /// # Errors
    /// When a session can't be read, or `out` not be written to.
    pub fn export(&self, out: impl Write) -> Result<u64, StoreError> {
        // One look for all of them: meanwhile a session may be written.
        let _look = self.connection.unchecked_transaction().map_err(|error| self.sqlite(error))?;
        let mut protocols = HashMap::new();
        let mut writer = Writer::begin(out).map_err(StoreError::Export)?;
        let select = "SELECT id FROM session ORDER BY began_millis, id";
        for id in self.rows(select, |row| row.get::<_, i64>(0))? {
            writer.session(&self.carried(id, &mut protocols)?).map_err(StoreError::Export)?;
        }
        writer.end().map_err(StoreError::Export)
    }

    /// A session as it is carried; `protocols` are those that were read before, by number.
    pub(super) fn carried(&self, id: i64, protocols: &mut HashMap<i64, Arc<Protocol>>) -> Result<Carried, StoreError> {
        let select = "SELECT uid, began, note, protocol, digest IS NOT NULL FROM session WHERE id = ?1";
        let found = self.connection.query_row(select, [id], |row| {
            Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        });
        let (uid, began, note, protocol, closed) = found.map_err(|error| self.sqlite(error))?;
        let began = super::began::parse(&began).map_err(|error| self.damaged("session", id, error))?;
        let protocol = match protocols.get(&protocol) {
            Some(known) => known.clone(),
            None => {
                let read = Arc::new(self.protocol(protocol)?);
                protocols.insert(protocol, read.clone());
                read
            }
        };
        let events = self.events(id, &protocol)?;
        Ok(Carried { uid, began, note, protocol, closed, events })
    }

    /// Takes over the sessions of `file`: all of them, or none where something is wrong.
    ///
    /// A session that is here already gets what the file knows more of it. Where the events differ, so that neither are
    /// the beginning of the other, it stays as it is here.
    ///
    /// # Errors
    /// When the file is not to be used, the store can't be written to, or a session is under way in another dorsi.
    pub fn import(&mut self, file: Reader<impl BufRead + Seek>) -> Result<Imported, StoreError> {
        if let Some(why) = &self.read_only {
            return Err(StoreError::ReadOnly(why.clone()));
        }
        // A session that goes on in another window must not get events from here.
        if self.is_shared(false) {
            return Err(StoreError::InUse);
        }
        let transaction = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate);
        let transaction = transaction.map_err(|error| self.sqlite(error))?;
        let mut protocols = HashMap::new();
        let mut imported = Imported::default();
        for session in file {
            self.take_in(&transaction, session?, &mut protocols, &mut imported)?;
        }
        transaction.commit().map_err(|error| self.sqlite(error))?;
        Ok(imported)
    }

    pub(super) fn take_in(
        &self,
        transaction: &Transaction<'_>,
        theirs: Carried,
        protocols: &mut HashMap<i64, Arc<Protocol>>,
        imported: &mut Imported,
    ) -> Result<(), StoreError> {
        let found = transaction.query_row("SELECT id FROM session WHERE uid = ?1", [&theirs.uid], |row| row.get(0));
        let Some(id) = found.optional().map_err(|error| self.sqlite(error))? else {
            imported.added += 1;
            let text = serde_json::to_string(&*theirs.protocol)?;
            let (uid, began) = (Some(theirs.uid.as_str()), theirs.began.to_string());
            let id = numbers::add(transaction, uid, &began, &theirs.note, &text).map_err(|error| self.sqlite(error))?;
            return self.add(transaction, id, &theirs, 0);
        };
        let ours = self.carried(id, protocols)?;
        let is_same = ours.began == theirs.began && ours.protocol == theirs.protocol;
        if !is_same || !(theirs.events.starts_with(&ours.events) || ours.events.starts_with(&theirs.events)) {
            imported.kept.push(ours.began);
            return Ok(());
        }
        let longer = if theirs.events.len() > ours.events.len() { &theirs.events } else { &ours.events };
        let note = if ours.note.is_empty() { &theirs.note } else { &ours.note };
        if !theirs.note.is_empty() && theirs.note != *note {
            imported.other_notes.push(ours.began.clone());
        }
        let closed = ours.closed || theirs.closed;
        if (longer.len(), note, closed) == (ours.events.len(), &ours.note, ours.closed) {
            imported.known += 1;
            return Ok(());
        }
        imported.continued += 1;
        let both = Carried { note: note.clone(), closed, events: longer.clone(), ..ours.clone() };
        let update = "UPDATE session SET note = ?2 WHERE id = ?1";
        transaction.execute(update, params![id, note]).map_err(|error| self.sqlite(error))?;
        self.add(transaction, id, &both, ours.events.len())
    }

    /// Adds the events of `session` from number `from` on to those that are there, and closes it where it is closed.
    fn add(&self, transaction: &Transaction<'_>, id: i64, session: &Carried, from: usize) -> Result<(), StoreError> {
        let facts = super::as_rows(&session.events[from..])?;
        append(transaction, id, from as i64, &facts).map_err(|error| self.sqlite(error))?;
        let record = Record::of(&session.events);
        let passed_on = Plan { protocol: &session.protocol, record: &record }.passed_on();
        answers::replace(transaction, id, &passed_on).map_err(|error| self.sqlite(error))?;
        if session.closed || record.ending().is_some() {
            let digest = Digest::of(&session.protocol, &record);
            let text = serde_json::to_string(&digest)?;
            close(transaction, id, &digest, &text).map_err(|error| self.sqlite(error))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::slice::from_ref;

    use super::*;
    use crate::session::event::Fact;
    use crate::store::transfer::examples::{answered, example, measured};

    fn file(sessions: &[Carried]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut writer = Writer::begin(&mut bytes).unwrap();
        for session in sessions {
            writer.session(session).unwrap();
        }
        writer.end().unwrap();
        bytes
    }

    fn empty() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        (folder, store)
    }

    fn import(store: &mut Store, bytes: &[u8]) -> Result<Imported, StoreError> {
        store.import(Reader::open(Cursor::new(bytes))?)
    }

    fn export(store: &Store) -> Vec<u8> {
        let mut bytes = Vec::new();
        store.export(&mut bytes).unwrap();
        bytes
    }

    /// The example, with a uid of its own, begun on this day of 2026.
    fn on(uid: &str, day: &str) -> Carried {
        Carried { uid: uid.to_owned(), began: format!("2026-{day}T18:00[Europe/Berlin]").parse().unwrap(), ..example() }
    }

    #[test]
    fn what_is_imported_is_what_was_exported_and_twice_changes_nothing() {
        let left = on("open", "11-03");
        let left = Carried { closed: false, events: left.events[..2].to_vec(), note: String::new(), ..left };
        let bytes = file(&[on("a", "11-01"), on("b", "11-02"), left]);
        let (_folder, mut store) = empty();
        assert_eq!(import(&mut store, &bytes).unwrap(), Imported { added: 3, ..Imported::default() });
        assert_eq!(export(&store), bytes, "the other machine exports the same file");
        assert_eq!(import(&mut store, &bytes).unwrap(), Imported { known: 3, ..Imported::default() });
        assert_eq!(export(&store), bytes);
        assert!(store.past().unwrap().unfinished.is_some(), "what was left open can be continued");
        store.verify().unwrap();
    }

    #[test]
    fn a_session_goes_on_where_the_file_knows_more_of_it_and_loses_nothing_where_it_knows_less() {
        let whole = example();
        let half = Carried { closed: false, note: String::new(), events: whole.events[..2].to_vec(), ..whole.clone() };
        let (_folder, mut store) = empty();
        import(&mut store, &file(from_ref(&half))).unwrap();
        assert_eq!(import(&mut store, &file(from_ref(&whole))).unwrap().continued, 1);
        assert_eq!(export(&store), file(from_ref(&whole)));
        assert_eq!(store.history().unwrap()[0].digest.ending, Record::of(&whole.events).ending());
        assert_eq!(import(&mut store, &file(&[half])).unwrap().known, 1);
        assert_eq!(export(&store), file(&[whole]));
    }

    #[test]
    fn a_session_that_went_on_differently_stays_as_it_is_here_and_is_told() {
        let (ours, mut theirs) = (example(), example());
        theirs.events[1] = answered(5, "pop");
        let (_folder, mut store) = empty();
        import(&mut store, &file(from_ref(&ours))).unwrap();
        let imported = import(&mut store, &file(&[theirs, on("new", "11-02")])).unwrap();
        assert_eq!((imported.added, &imported.kept[..]), (1, &[ours.began.clone()][..]));
        assert_eq!(export(&store), file(&[on("new", "11-02"), ours]), "the earliest session first");
    }

    #[test]
    fn a_session_of_another_protocol_or_another_beginning_is_not_gone_on_with() {
        let whole = example();
        let half = Carried { closed: false, events: whole.events[..2].to_vec(), ..whole.clone() };
        let edited = Arc::new(Protocol { title: "Edited".to_owned(), ..Protocol::clone(&whole.protocol) });
        for theirs in [Carried { protocol: edited, ..whole.clone() }, Carried { began: on("", "11-02").began, ..whole }]
        {
            let (_folder, mut store) = empty();
            import(&mut store, &file(from_ref(&half))).unwrap();
            assert_eq!(import(&mut store, &file(&[theirs])).unwrap().kept, std::slice::from_ref(&half.began));
            assert_eq!(export(&store), file(from_ref(&half)));
        }
    }

    #[test]
    fn a_note_fills_an_empty_one_and_never_replaces_another() {
        let noted = |note: &str| Carried { note: note.to_owned(), ..example() };
        let (_folder, mut store) = empty();
        import(&mut store, &file(&[noted("")])).unwrap();
        assert_eq!(import(&mut store, &file(&[noted("theirs")])).unwrap().continued, 1);
        let imported = import(&mut store, &file(&[noted("another")])).unwrap();
        assert_eq!((imported.known, imported.other_notes), (1, vec![example().began]), "and that is told");
        for same in ["", "theirs"] {
            assert_eq!(import(&mut store, &file(&[noted(same)])).unwrap().other_notes, [], "{same:?}");
        }
        assert_eq!(store.history().unwrap()[0].note, "theirs");
    }

    #[test]
    fn a_record_that_is_wrong_keeps_everything_out() {
        let mut wrong = on("b", "11-02");
        wrong.events.push(measured(99));
        let bytes = file(&[on("a", "11-01"), wrong]);
        let (_folder, mut store) = empty();
        let error = import(&mut store, &bytes).unwrap_err().to_string();
        assert!(error.starts_with("line 4: event 4: "), "{error}");
        assert_eq!(store.history().unwrap(), []);
        for cut in [0, 1, bytes.len() / 2, bytes.len() - 1] {
            assert!(import(&mut store, &bytes[..cut]).is_err(), "{cut}");
        }
        assert_eq!(export(&store), file(&[]));
    }

    #[test]
    fn nothing_is_imported_while_a_session_is_under_way_in_another_window() {
        let (folder, mut first) = empty();
        first.take_up(1);
        let mut second = Store::open(folder.path()).unwrap();
        assert!(matches!(import(&mut second, &file(&[example()])), Err(StoreError::InUse)));
        assert_eq!(second.history().unwrap(), []);
    }

    #[test]
    fn what_is_latest_is_told_by_when_it_began_and_not_by_when_it_came_in() {
        let answer = |uid: &str, day: &str, option: &str| {
            let mut session = on(uid, day);
            session.events[1] = answered(5, option);
            session
        };
        let (_folder, mut store) = empty();
        import(&mut store, &file(&[answer("new", "11-20", "none")])).unwrap();
        let mut older = answer("old", "03-01", "calf");
        older.closed = false;
        older.events.retain(|event| !matches!(event.fact, Fact::Ended { .. }));
        import(&mut store, &file(&[answer("older", "02-01", "pop"), older])).unwrap();
        let past = store.past().unwrap();
        let safety: Vec<_> = past.earlier.to("safety", None).map(|chosen| chosen.option.as_str()).collect();
        assert_eq!(safety, ["none"]);
        assert!(past.unfinished.is_none(), "a later session was closed since");
        let months: Vec<_> = store.history().unwrap().iter().map(|line| line.began.month()).collect();
        assert_eq!(months, [11, 3, 2]);
    }
}
