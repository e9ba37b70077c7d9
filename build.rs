//! Tells the program which commit it was built from, where there is one to tell, and prepares the built-in configuration.

use std::path::Path;
use std::process::Command;

use toml::{Table, Value};

#[path = "src/config/files.rs"]
mod files;

fn main() {
    prepare();
    println!("cargo::rerun-if-changed=build.rs");
    let commit = commit().map(|commit| format!(" ({commit})")).unwrap_or_default();
    let version = std::env::var("CARGO_PKG_VERSION").unwrap_or_default();
    println!("cargo::rustc-env=DORSI_VERSION={version}{commit}");
}

/// The commit that is checked out; a copy from a package has no history, and its version says enough.
fn commit() -> Option<String> {
    if !std::path::Path::new(".git").exists() {
        return None;
    }
    // It gets a line with every commit and checkout. A file that is not there would have everything built each time.
    let moves = git(&["rev-parse", "--git-path", "logs/HEAD"])?;
    if std::path::Path::new(&moves).exists() {
        println!("cargo::rerun-if-changed={moves}");
    }
    git(&["rev-parse", "--short=9", "HEAD"])
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

/// Writes down what the built-in files amount to in each language, for a start that needs no TOML.
#[expect(clippy::disallowed_methods, reason = "what is prepared goes into a file")]
fn prepare() {
    println!("cargo::rerun-if-changed=src/config/files.rs");
    let folder = std::env::var("OUT_DIR").expect("cargo names the folder");
    let languages = files::LANGUAGES.iter().map(|(name, file, text)| (*name, Some((*file, *text))));
    for (language, file) in languages.chain([("en", None)]) {
        let mut all = Table::new();
        for (name, text) in files::BUILT_INS.into_iter().chain(file) {
            lay(&mut all, text.parse().unwrap_or_else(|error| panic!("{name}: {error}")));
        }
        let text = serde_json::to_string(&all).expect("a table becomes text");
        std::fs::write(Path::new(&folder).join(format!("{language}.json")), text)
            .expect("the folder can be written to");
    }
}

/// Lays `over` on `table`: tables key by key, anything else is replaced.
fn lay(table: &mut Table, over: Table) {
    for (key, value) in over {
        match (table.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => lay(below, above),
            (_, value) => drop(table.insert(key, value)),
        }
    }
}
