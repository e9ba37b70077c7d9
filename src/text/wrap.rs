//! Text broken into lines.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::wrapped;

/// What holds two words together.
const NO_BREAK: char = '\u{a0}';

/// `text` in lines of at most so many `columns`, broken between words, and within a word only where it is too long; at
/// least one line, and never within a sign. A no-break space holds two words together, and is a space in the line.
pub fn wrap(text: &str, columns: usize) -> Vec<Cow<'_, str>> {
    let columns = columns.max(1);
    // No sign takes more columns than bytes.
    let fits = text.len() <= columns || text.width() <= columns;
    if fits && !text.contains(['\n', NO_BREAK]) {
        return vec![Cow::Borrowed(text.trim_end_matches(' '))];
    }
    wrapped::lines(text, columns, || wrap_anew(text, columns))
}

fn wrap_anew(text: &str, columns: usize) -> Vec<Cow<'_, str>> {
    let owned = |line: Cow<'_, str>| Cow::Owned(line.replace(NO_BREAK, " "));
    match held(text) {
        Cow::Borrowed(text) if !text.contains(NO_BREAK) => broken(text, columns),
        text => broken(&text, columns).into_iter().map(owned).collect(),
    }
}

/// `text` with a number and its unit held together, and a dot between two things with the first of them.
fn held(text: &str) -> Cow<'_, str> {
    let is_unit = |after: &str| {
        let unit = after.split(|c: char| !c.is_alphanumeric() && c != '%').next();
        matches!(unit, Some("cm" | "in" | "%"))
    };
    let is_held = |(at, space): (usize, char)| {
        let (before, after) = (&text[..at], &text[at + space.len_utf8()..]);
        space == ' ' && (after.starts_with('·') || before.ends_with(|c: char| c.is_ascii_digit()) && is_unit(after))
    };
    match text.char_indices().any(is_held) {
        true => text.char_indices().map(|it| if is_held(it) { NO_BREAK } else { it.1 }).collect(),
        false => Cow::Borrowed(text),
    }
}

fn broken(text: &str, columns: usize) -> Vec<Cow<'_, str>> {
    let splitter = textwrap::WordSplitter::Custom(hyphens);
    let mut options = textwrap::Options::new(columns).break_words(false).word_splitter(splitter);
    if text.chars().all(is_latin) {
        // Words end at spaces there, and Unicode's rules for every script take several times as long.
        options = options.word_separator(textwrap::WordSeparator::AsciiSpace);
    }
    let lines = textwrap::wrap(text, options).into_iter();
    // A word is split only where it has a line to itself and is too long for it.
    lines.flat_map(|line| if line.width() <= columns { vec![line] } else { split(&line, columns) }).collect()
}

/// The places behind the hyphens of `word` at which a line may end: between letters, so that dates and ranges stay whole.
fn hyphens(word: &str) -> Vec<usize> {
    let joins = |at: usize| {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
        letter(word[..at].chars().next_back()) && letter(word[at + 1..].chars().next())
    };
    word.match_indices('-').filter(|(at, _)| joins(*at)).map(|(at, _)| at + 1).collect()
}

/// Whether `c` is of the Latin script, or of its signs.
fn is_latin(c: char) -> bool {
    matches!(c, '\0'..='\u{24f}' | '\u{2010}'..='\u{2027}')
}

/// A line that is too long, in parts that are not, as far as its signs allow.
fn split(line: &str, columns: usize) -> Vec<Cow<'static, str>> {
    let mut parts = vec![String::new()];
    let mut used = 0;
    for sign in line.graphemes(true) {
        if used > 0 && used + sign.width() > columns {
            parts.push(String::new());
            used = 0;
        }
        used += sign.width();
        if let Some(part) = parts.last_mut() {
            part.push_str(sign);
        }
    }
    parts.into_iter().map(Cow::Owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::clean;

    #[test]
    fn a_word_too_long_is_broken_between_signs() {
        let family = "👨‍👩‍👧";
        assert_eq!(wrap(&family.repeat(2), 3), [family, family]);
        assert_eq!(wrap("e\u{301}e\u{301}e\u{301} x", 2), ["e\u{301}e\u{301}", "e\u{301}", "x"]);
        assert_eq!(wrap("脚踝 脚", 1), ["脚", "踝", "脚"]);
        assert_eq!(wrap("", 10), [""]);
    }

    #[test]
    fn a_range_stays_on_one_line() {
        assert_eq!(wrap("rep 3 of 10–15", 12), ["rep 3 of", "10–15"]);
    }

    #[test]
    fn a_line_ends_at_a_hyphen_between_letters_and_not_within_a_date() {
        assert_eq!(wrap("since 2026-11-29", 14), ["since", "2026-11-29"]);
        assert_eq!(wrap("since the re-test", 13), ["since the re-", "test"]);
        assert_eq!(wrap("脚踝 2026-11-29", 12), ["脚踝", "2026-11-29"]);
    }

    #[test]
    fn a_unit_stays_with_its_number_and_no_line_begins_with_a_dot() {
        assert_eq!(wrap("touches at 10 cm, more", 13), ["touches at", "10 cm, more"]);
        assert_eq!(wrap("10 centimetres", 10), ["10", "centimetre", "s"]);
        assert_eq!(wrap("round 1 · 2 reps", 8), ["round", "1 · 2", "reps"]);
        assert_eq!(wrap("one\u{a0}two three", 8), ["one two", "three"]);
    }

    #[test]
    fn no_sign_takes_more_columns_than_bytes() {
        let mut room = [0; 4];
        for c in '\0'..=char::MAX {
            let sign = &*c.encode_utf8(&mut room);
            assert!(sign.width() <= sign.len(), "{c:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn wrapped_lines_fit_and_lose_nothing_but_spaces(text in "[a-c é· 0%脚踝אב☺️👍🏽]{0,40}", columns in 2_usize..12) {
            let text = clean(&text);
            let lines = wrap(&text, columns);
            let signs = |line: &str| line.graphemes(true).filter(|sign| sign.width() > 0).count();
            assert!(lines.iter().all(|line| line.width() <= columns || signs(line) == 1), "{lines:?}");
            let ink = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
            assert_eq!(ink(&lines.concat()), ink(&text));
        }
    }
}
