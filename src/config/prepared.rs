//! What the built-in files amount to, prepared when dorsi is built: the start reads no TOML and finds no places in it.
//!
//! The build script lays the files on each other and writes the result down as JSON, once for each language. It is taken
//! where a person has no files of their own; a test holds it to be what the files are.

use super::Definitions;
use super::language::ENGLISH;

/// The definitions of the built-in files in this language.
pub fn definitions(language: &str) -> Option<Definitions> {
    let text = match language {
        ENGLISH => include_str!(concat!(env!("OUT_DIR"), "/en.json")),
        "de" => include_str!(concat!(env!("OUT_DIR"), "/de.json")),
        _ => return None,
    };
    serde_json::from_str(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::files::{BUILT_INS, LANGUAGES};
    use crate::config::{merged, syntax};

    #[test]
    fn what_is_prepared_is_what_the_files_amount_to_in_every_language() {
        let languages = LANGUAGES.iter().map(|(name, _, text)| (*name, Some(*text)));
        for (language, file) in languages.chain([(ENGLISH, None)]) {
            let mut problems = Vec::new();
            let texts = BUILT_INS.iter().map(|(_, text)| *text).chain(file);
            let layers = texts.map(|text| syntax::parse(0, text, &mut problems)).collect();
            let read: Definitions = merged(layers).read().unwrap();
            let prepared = definitions(language).unwrap();
            assert_eq!(serde_json::to_string(&prepared).unwrap(), serde_json::to_string(&read).unwrap(), "{language}");
            assert!(problems.is_empty(), "{problems:?}");
        }
    }
}
