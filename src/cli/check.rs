//! `dorsi check`: everything that is wrong with a configuration, for people and for editors.

use serde::Serialize;

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
    use crate::config::{Config, Source};

    #[test]
    fn problems_have_stable_names_and_places() {
        let text = "[settings]\nunits = \"furlong\"\n# ä\nvolum = 3\n".to_owned();
        let refusal = Config::load(vec![Source { name: "mine.toml".to_owned(), text }]).unwrap_err();
        insta::assert_snapshot!(json(Some(&refusal)).unwrap());
        assert_eq!(json(None).unwrap(), "[]\n");
    }
}
