//! Whatever stands in a file of sessions: all of it is taken over and can be looked at, or the store is as it was before.

use std::io::Cursor;
use std::sync::{Arc, LazyLock};

use dorsi::config::Config;
use dorsi::store::transfer::Reader;
use dorsi::store::{Imported, Store, StoreError};

use crate::screens::is_plain;
use crate::shelf::look_through;

static BUILT_IN: LazyLock<Arc<Config>> = LazyLock::new(|| Arc::new(Config::built_in()));

/// A file with a session in it, which the store has already.
const HERE: &[u8] = include_bytes!("here.jsonl");

pub fn holds(bytes: &[u8]) {
    let file = sealed(bytes);
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(folder.path()).expect("a new store");
    import(&mut store, &sealed(HERE)).expect("a file that is right");
    let before = export(&store);
    let imported = match import(&mut store, &file) {
        Ok(imported) => imported,
        Err(error) => {
            let told = error.to_string();
            assert!(is_plain(&told) && told.lines().count() == 1, "{told:?}");
            return assert!(export(&store) == before, "a file that was refused has changed the store");
        }
    };
    let after = export(&store);
    let again = import(&mut store, &file).expect("what was taken over once can be taken over again");
    assert_eq!((again.added, again.continued), (0, 0), "{imported:?}, then {again:?}");
    assert!(export(&store) == after, "importing twice has changed something");
    store.verify().expect("nothing is damaged by an import");
    look_through(&store, &BUILT_IN).expect("what was imported can be looked at");

    let elsewhere = tempfile::tempdir().expect("a folder");
    let mut other = Store::open(elsewhere.path()).expect("a new store");
    import(&mut other, &after).expect("what was exported can be imported");
    assert!(export(&other) == after, "the other machine exports the same file");
}

fn import(store: &mut Store, bytes: &[u8]) -> Result<Imported, StoreError> {
    store.import(Reader::open(Cursor::new(bytes))?)
}

fn export(store: &Store) -> Vec<u8> {
    let mut bytes = Vec::new();
    store.export(&mut bytes).expect("an export");
    bytes
}

/// `bytes` with a check at the end of every line that has none, so that what stands in the lines is looked at.
fn sealed(bytes: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut crc = crc32fast::Hasher::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let is_open = !line.windows(9).any(|part| part == b",\"crc32\":");
        let start = file.len();
        match line.strip_suffix(b"}\n").filter(|_| is_open) {
            Some(body) => {
                file.extend_from_slice(body);
                crc.update(body);
                let check = format!(",\"crc32\":\"{:08x}\"}}\n", crc.clone().finalize());
                file.extend_from_slice(check.as_bytes());
                crc.update(check.as_bytes());
            }
            None => {
                file.extend_from_slice(line);
                crc.update(&file[start..]);
            }
        }
    }
    file
}
