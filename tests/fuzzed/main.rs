//! What the fuzzers hold of any file at all (`fuzz/fuzz_targets`), held of the files that they have found so far.

mod config;
mod controls;
mod event_log;
mod import;
mod screens;
mod shelf;

use std::path::Path;

/// Has `holds` look at every file of the corpus `name`.
#[expect(clippy::disallowed_methods, reason = "the corpus is files")]
fn all_of(name: &str, holds: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let mut files: Vec<_> =
        std::fs::read_dir(&folder).expect("a corpus").map(|file| file.expect("a file").path()).collect();
    files.sort();
    assert!(files.len() > 20, "{} has only {} files", folder.display(), files.len());
    for file in files {
        // Told where an assertion fails.
        println!("{}", file.display());
        holds(&std::fs::read(&file).expect("a file of the corpus"));
    }
}

#[test]
fn every_config_of_the_corpus_is_refused_in_a_few_plain_lines_or_can_be_trained() {
    all_of("config", config::holds);
}

#[test]
fn every_import_of_the_corpus_is_taken_over_whole_or_leaves_the_store_as_it_was() {
    all_of("import", import::holds);
}

#[test]
fn every_event_log_of_the_corpus_can_be_read_or_put_aside() {
    all_of("event_log", event_log::holds);
}
