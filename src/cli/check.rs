//! `dorsi check`: everything that is wrong with a configuration, for people and for editors.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;

use super::{Failure, Format, files, hear, print};
use crate::config::Config;
use crate::config::report::Refusal;

/// A problem, as an object for other programs. The names are stable.
#[derive(Debug, Serialize)]
struct ProblemObject<'a> {
    /// The file.
    file: &'a str,
    /// The line, from 1.
    line: usize,
    /// The column, in characters, from 1.
    column: usize,
    /// The line on which it ends.
    end_line: usize,
    /// The column after its last character.
    end_column: usize,
    /// What is wrong.
    title: &'a str,
    /// What was expected.
    expected: &'a str,
    /// The remedy, where there is a likely one.
    help: Option<&'a str>,
}

/// Tells everything that is wrong with `paths`, or else with the files in force.
///
/// # Errors
/// When a file can't be read, or nobody can be told.
pub fn check(config: &Option<PathBuf>, paths: &[PathBuf], format: Format) -> Result<ExitCode, Failure> {
    let (files, unreadable) = match paths {
        [] => (files::in_force(config)?, None),
        paths => files::named(paths),
    };
    let counts = [files.own.len(), files.routines.len(), files.languages.len()];
    let home = paths.last().cloned().or_else(|| files::config_path(config).ok()).unwrap_or_default();
    let refusal = Config::check(files, &|file| hear(&home, file));
    let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let text = match (format, &refusal) {
        // Of nothing it can't be said that it is right.
        _ if unreadable.is_some() && counts == [0; 3] => String::new(),
        (Format::Json, refusal) => json(refusal.as_ref()).map_err(Failure::failed)?,
        (Format::Text, Some(refusal)) => format!("{}\n", refusal.report(colour)),
        (Format::Text, None) if unreadable.is_some() => "in what can be read, no problems by itself\n".to_owned(),
        (Format::Text, None) => match (counts, paths) {
            ([0, 0, 0], _) => "no files of your own; the built-in configuration is in force\n".to_owned(),
            // What it is taken for goes by the folder that it is in.
            ([0, 1, 0], [_]) => "1 file, read as a routine, no problems\n".to_owned(),
            ([0, 0, 1], [_]) => "1 file, read as a language, no problems\n".to_owned(),
            ([1, 0, 0] | [0, 1, 0] | [0, 0, 1], _) => "1 file, no problems\n".to_owned(),
            (counts, _) => format!("{} files, no problems\n", counts.iter().sum::<usize>()),
        },
    };
    print(&text)?;
    // What can be read is checked all the same.
    if let Some(unreadable) = unreadable {
        return Err(unreadable);
    }
    if paths.is_empty() && matches!(format, Format::Text) {
        for line in files::passed_over(config) {
            print(&format!("{line}\n"))?;
        }
    }
    Ok(if refusal.is_some() { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// A JSON array of problems; an empty one where there are none.
///
/// # Errors
/// When a value does not become text.
pub fn json(refusal: Option<&Refusal>) -> serde_json::Result<String> {
    let places = refusal.into_iter().flat_map(Refusal::places);
    let objects = places.map(|(file, from, to, problem)| ProblemObject {
        file,
        line: from.0,
        column: from.1,
        end_line: to.0,
        end_column: to.1,
        title: &problem.title,
        expected: &problem.label,
        help: problem.help.as_deref(),
    });
    serde_json::to_string_pretty(&objects.collect::<Vec<_>>()).map(|text| text + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Source;

    #[test]
    fn problems_have_stable_names_and_places() {
        let text = "[settings]\nunits = \"furlong\"\n# ä\nvolum = 3\n".to_owned();
        let refusal = Config::load(vec![Source { name: "mine.toml".to_owned(), text }]).unwrap_err();
        insta::assert_snapshot!(json(Some(&refusal)).unwrap());
        assert_eq!(json(None).unwrap(), "[]\n");
    }
}
