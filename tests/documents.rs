//! What the documents name is there.
#![expect(clippy::disallowed_methods, reason = "documents and sources are files")]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below `folder` that end like `ending`.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.expect("an entry of the folder").path());
    let found = paths.flat_map(|path| match path.is_dir() {
        true => files(&path, ending),
        false => vec![path],
    });
    found.filter(|path| path.extension().is_some_and(|it| it == ending)).collect()
}

/// The sources of what a document calls `place`: a file of `tests/pty`, a room of `src`, or a folder of tests.
fn sources(place: &str) -> Vec<PathBuf> {
    let room = place.replace("::", "/");
    let homes = [root().join("tests/pty"), root().join("src"), root().to_owned()].map(|home| home.join(&room));
    let file = homes.iter().map(|home| home.with_extension("rs")).filter(|file| file.is_file());
    file.chain(homes.iter().flat_map(|folder| files(folder, "rs"))).collect()
}

/// Whether `name`, the beginning of one where it ends with an ellipsis, is a test in any of `sources`.
fn is_test(name: &str, sources: &[PathBuf]) -> bool {
    let called = match name.strip_suffix('…') {
        Some(beginning) => format!("fn {beginning}"),
        None => format!("fn {name}("),
    };
    sources.iter().any(|source| fs::read_to_string(source).expect("a source").contains(&called))
}

#[test]
fn every_test_that_a_promise_names_is_there() {
    let document = fs::read_to_string(root().join("docs/reliability.md")).expect("the document");
    let (mut named, mut missing) = (0, Vec::new());
    for (number, line) in document.lines().enumerate().filter(|(_, line)| line.starts_with('|')) {
        let mut place = "";
        for quoted in line.split('`').skip(1).step_by(2) {
            // The name of a test is a sentence, or the beginning of one.
            if quoted.matches('_').count() < 2 && !quoted.ends_with('…') {
                place = quoted;
                continue;
            }
            named += 1;
            if !is_test(quoted, &sources(place)) {
                missing.push(format!("line {}: {quoted} in {place}", number + 1));
            }
        }
    }
    assert!(named > 80, "only {named} tests were found in the document: is it still written the same way?");
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_link_between_the_documents_leads_to_a_file() {
    let top =
        ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"].map(|it| root().join(it));
    let below = ["docs", "tests"].into_iter().flat_map(|folder| files(&root().join(folder), "md"));
    let (mut followed, mut broken) = (0, Vec::new());
    for document in top.into_iter().chain(below) {
        let text = fs::read_to_string(&document).expect("a document");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link) {
            let file = link.split('#').next().unwrap_or_default();
            if file.is_empty() || link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            followed += 1;
            if !document.with_file_name(file).exists() {
                broken.push(format!("{}: {link}", document.display()));
            }
        }
    }
    assert!(followed > 20, "only {followed} links were found");
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// What the group that `text` begins in the middle of names first on each of its paths, however many lines it takes.
fn first_names(text: &str) -> Vec<&str> {
    let mut depth = 0;
    let mut end = text.len();
    let mut commas = Vec::new();
    for (at, sign) in text.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' if depth == 0 => {
                end = at;
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => commas.push(at),
            _ => {}
        }
    }
    let starts = std::iter::once(0).chain(commas.iter().map(|comma| comma + 1));
    let paths = starts.zip(commas.iter().copied().chain([end])).map(|(start, end)| text[start..end].trim());
    paths.filter_map(|path| path.split("::").next()).filter(|name| !name.is_empty()).collect()
}

#[test]
fn a_group_of_imports_is_read_over_lines_and_through_groups_in_it() {
    assert_eq!(first_names("app, view::{a, b::c},\n    store::Store,\n};\nuse x, y;"), ["app", "view", "store"]);
    assert_eq!(first_names("app}"), ["app"]);
}

/// The rooms of `src` that the sources of `room` use.
fn uses<'a>(room: &str, rooms: &'a [String]) -> Vec<&'a str> {
    let folder = root().join("src");
    let sources = files(&folder.join(room), "rs").into_iter().chain([folder.join(room).with_extension("rs")]);
    let is_test = |path: &Path| path.components().any(|part| part.as_os_str() == "tests") || path.ends_with("tests.rs");
    let text: String = sources
        .filter(|path| !is_test(path))
        .map(|path| fs::read_to_string(path).expect("a source"))
        .map(|text| text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned())
        .collect();
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let text = lines.join("\n");
    let grouped: Vec<&str> = text.split("use crate::{").skip(1).flat_map(first_names).collect();
    let is_used = |other: &&String| {
        let named = [format!("crate::{other}::"), format!("crate::{other};")];
        grouped.contains(&other.as_str()) || named.iter().any(|name| text.contains(name))
    };
    rooms.iter().filter(|other| *other != room).filter(is_used).map(String::as_str).collect()
}

#[test]
fn between_rooms_imports_go_one_way_but_for_one_pair() {
    let entries = fs::read_dir(root().join("src")).expect("the sources");
    let names = entries.filter_map(|entry| entry.expect("an entry").file_name().into_string().ok());
    let rooms: Vec<String> = names
        .filter_map(|name| name.strip_suffix(".rs").map(str::to_owned))
        .filter(|name| !["lib", "main"].contains(&name.as_str()))
        .collect();
    let reached = |room: &str| {
        let (mut found, mut open) = (Vec::new(), uses(room, &rooms));
        while let Some(next) = open.pop() {
            if !found.contains(&next) {
                open.extend(uses(next, &rooms));
                found.push(next);
            }
        }
        found
    };
    assert!(reached("cli").len() > 10, "{:?}", reached("cli"));
    let mut in_a_circle: Vec<&String> = rooms.iter().filter(|room| reached(room).contains(&room.as_str())).collect();
    in_a_circle.sort();
    assert_eq!(in_a_circle, ["config", "keymap"]);
}
