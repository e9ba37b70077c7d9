//! Text from files and from people, made safe and fitted.
//!
//! Room is counted in columns of the terminal: a sign can take two of them or none, and what a reader takes for one sign
//! can be several characters.

mod wrap;
mod wrapped;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

pub use wrap::wrap;

/// `text` without the characters that can disturb a terminal: controls (newline and tab become spaces) and the
/// invisible marks that reorder a line (bidi overrides and isolates).
pub fn clean(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '\n' | '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
            c => (!disturbs(c)).then_some(c),
        })
        .collect()
}

/// Whether [`clean`] leaves `text` as it is.
pub fn is_clean(text: &str) -> bool {
    match text.is_ascii() {
        true => !text.bytes().any(|byte| byte.is_ascii_control()),
        false => !text.chars().any(disturbs),
    }
}

/// `text` with a sign of the same length in the place of each character that can disturb a terminal, but for the ends of
/// lines and tabs: places in it stay where they are.
pub fn masked(text: &str) -> String {
    let mask = |c: char| match (c, c.len_utf8()) {
        ('\n' | '\t', _) => c,
        (c, _) if !disturbs(c) => c,
        (_, 1) => '?',
        (_, 2) => '¿',
        _ => '\u{fffd}',
    };
    text.chars().map(mask).collect()
}

/// `text` as far as so many `characters`, with a sign that there is more of it.
pub fn shortened(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Whether `c` moves the cursor, reorders a line, or does anything else but stand in its place.
fn disturbs(c: char) -> bool {
    match c {
        '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}' => true,
        '\u{2028}' | '\u{2029}' | '\u{feff}' => true,
        c => c.is_control(),
    }
}

/// `text` with spaces behind it up to so many `columns`; longer text stays as it is.
pub fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(text.width())))
}

/// As much of `text` as fits into so many `columns`, with a sign for what is left out.
pub fn clip(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut clipped = String::new();
    for sign in text.graphemes(true) {
        if clipped.width() + sign.width() >= columns {
            break;
        }
        clipped.push_str(sign);
    }
    clipped.push('…');
    clipped
}

/// `template` with each `{name}` replaced; a name that is not in `values` stays as it is written.
pub fn fill(template: &str, values: &[(&str, impl AsRef<str>)]) -> String {
    let value = |name: &str| values.iter().find(|(other, _)| *other == name).map(|(_, value)| value.as_ref());
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let (before, from) = rest.split_at(open);
        filled.push_str(before);
        let known = from.find('}').and_then(|close| Some((close, value(&from[1..close])?)));
        match known {
            Some((close, value)) => {
                filled.push_str(value);
                rest = &from[close + 1..];
            }
            None => {
                filled.push('{');
                rest = &from[1..];
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clean_drops_escape_sequences_and_bidi_marks_and_keeps_words() {
        assert_eq!(clean("a\x1b[31mb\u{9b}2Jc\u{202e}d\u{2066}e\nf\tü"), "a[31mb2Jcde f ü");
    }

    #[test]
    fn a_mask_takes_as_much_room_as_what_it_covers() {
        let text = "a\x1b[31m\u{9b}\u{85}\u{61c}\u{202e}\tü\r\n";
        assert_eq!(masked(text), "a?[31m¿¿¿\u{fffd}\tü?\n");
        assert_eq!(masked(text).len(), text.len());
    }

    #[test]
    fn a_shortened_text_says_that_there_is_more() {
        assert_eq!((shortened("für", 3), shortened("für", 2)), ("für".to_owned(), "fü…".to_owned()));
    }

    #[test]
    fn fill_replaces_known_names_only() {
        assert_eq!(fill("{a} of {b}, {c}, {", &[("a", "1"), ("b", "{a}")]), "1 of {a}, {c}, {");
    }

    /// Chinese, a letter with its accent apart, a family of emoji, Hebrew, Arabic with vowels.
    const SCRIPTS: [(&str, usize); 5] = [("脚踝", 4), ("e\u{301}te\u{301}", 3), ("👨‍👩‍👧", 2), ("קרסול", 5), ("كَاحِل", 4)];

    #[test]
    fn clipping_counts_columns_in_every_script() {
        for (text, columns) in SCRIPTS {
            assert_eq!(clip(text, columns), text);
            let clipped = clip(text, columns - 1);
            assert!(clipped.ends_with('…') && clipped.width() < columns, "{clipped}");
        }
    }

    #[test]
    fn padding_counts_columns_in_every_script() {
        for (text, columns) in SCRIPTS {
            assert_eq!(text.width(), columns, "{text}");
            assert_eq!(pad(text, 8).width(), 8, "{text}");
            assert_eq!(pad(text, 1), text);
        }
    }

    proptest::proptest! {
        #[test]
        fn clean_leaves_nothing_that_moves_a_cursor(text in ".*") {
            assert!(!clean(&text).chars().any(|c| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)));
            assert!(is_clean(&clean(&text)) && is_clean(&masked(&text).replace(['\n', '\t'], "")));
            assert_eq!(is_clean(&text), clean(&text) == text);
        }
    }
}
