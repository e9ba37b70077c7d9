//! `dorsi export` and `dorsi import`: all sessions into a file, and out of one.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;
use std::process::ExitCode;

use super::output::{self, STANDARD};
use super::{Failure, print};
use crate::store::transfer::{BEGINNING, MAX_BYTES, Reader};
use crate::store::{Imported, Store, StoreError};
use crate::text;

/// Writes every session into the file `path`.
pub fn export(store: &Store, path: &Path, force: bool) -> Result<ExitCode, Failure> {
    spare(store, path)?;
    let sessions = output::write(path, force, |out| store.export(out)).map_err(Failure::failed)?;
    match path == Path::new(STANDARD) {
        true => Ok(ExitCode::SUCCESS),
        false => print(&format!("{} in {}\n", counted(sessions as usize, "session"), name(path))),
    }
}

/// Refuses to write to `path` where the sessions of `store` are kept in it.
pub fn spare(store: &Store, path: &Path) -> Result<(), Failure> {
    match store.is_kept_in(path) {
        true => Err(Failure::failed(format!("{} is where the sessions are kept; choose another name", name(path)))),
        false => Ok(()),
    }
}

/// Takes over the sessions of the file `path` into the store that `open` opens, once the file is there to be read.
pub fn import(open: impl FnOnce() -> Result<Store, StoreError>, path: &Path) -> Result<ExitCode, Failure> {
    let refused = |error: String| Failure::failed(format!("{}: {error}. Nothing was imported.", name(path)));
    let file = read(path).map_err(|error| refused(error.to_string()))?;
    let file = Reader::open(BufReader::new(file)).map_err(|error| refused(error.to_string()))?;
    let imported = open().and_then(|mut store| store.import(file)).map_err(|error| refused(error.to_string()))?;
    print(&told(&imported))
}

/// The file `path`, or a copy of what comes out of it, where that can be read only once.
#[expect(clippy::disallowed_methods, reason = "the file that the person wants imported")]
fn read(path: &Path) -> io::Result<File> {
    if path == Path::new(STANDARD) {
        return copy(io::stdin().lock());
    }
    let file = File::open(path)?;
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => copy(file),
    }
}

/// A file with all that comes out of `from`, as far as it could be imported.
fn copy(mut from: impl Read) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    let mut head = Vec::new();
    from.by_ref().take(BEGINNING.len() as u64).read_to_end(&mut head)?;
    file.write_all(&head)?;
    // What begins as something else is refused for that, whatever follows.
    if head == BEGINNING {
        // One byte more than can be imported tells that there are too many.
        io::copy(&mut from.take(MAX_BYTES), &mut file)?;
    }
    Ok(file)
}

/// What was done, a line each.
fn told(imported: &Imported) -> String {
    let lines = [
        (imported.added, "imported"),
        (imported.continued, "completed with what the file knows more of"),
        (imported.known, "here already"),
    ];
    let mut told: String = lines
        .iter()
        .filter(|(count, what)| *count > 0 || *what == lines[0].1)
        .map(|(count, what)| format!("{} {what}\n", counted(*count, "session")))
        .collect();
    let differ = [
        (&imported.kept, "The session of {date} went on differently in the file; it stays as it is here.\n"),
        (&imported.other_notes, "The session of {date} has another note in the file; the one here stays.\n"),
    ];
    for (sessions, what) in differ {
        let dates = sessions.iter().map(|began| began.strftime("%Y-%m-%d %H:%M").to_string());
        told.extend(dates.map(|date| what.replace("{date}", &date)));
    }
    told
}

fn counted(count: usize, one: &str) -> String {
    let many = if count == 1 { "" } else { "s" };
    format!("{count} {one}{many}")
}

fn name(path: &Path) -> String {
    match path == Path::new(STANDARD) {
        true => "standard input".to_owned(),
        false => text::clean(&path.display().to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_import_did_is_told_in_numbers_and_dates() {
        let began = "2026-11-20T18:30:00+01:00[Europe/Berlin]".parse().unwrap();
        let earlier = "2026-11-18T07:05:00+01:00[Europe/Berlin]".parse().unwrap();
        let imported = Imported { added: 12, continued: 0, known: 1, kept: vec![began], other_notes: vec![earlier] };
        assert_eq!(
            told(&imported),
            "12 sessions imported\n1 session here already\n\
             The session of 2026-11-20 18:30 went on differently in the file; it stays as it is here.\n\
             The session of 2026-11-18 07:05 has another note in the file; the one here stays.\n"
        );
        assert_eq!(told(&Imported::default()), "0 sessions imported\n");
    }
}
