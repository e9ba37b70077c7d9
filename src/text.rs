//! Text from files and from people, made safe and fitted.
//!
//! Room is counted in columns of the terminal: a sign can take two of them or none, and what a reader takes for one sign
//! can be several characters.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

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

/// What holds two words together.
const NO_BREAK: char = '\u{a0}';

/// `text` in lines of at most so many `columns`, broken between words, and within a word only where it is too long; at
/// least one line, and never within a sign. A no-break space holds two words together, and is a space in the line.
pub fn wrap(text: &str, columns: usize) -> Vec<Cow<'_, str>> {
    let columns = columns.max(1);
    if text.width() <= columns && !text.contains(['\n', NO_BREAK]) {
        return vec![Cow::Borrowed(text.trim_end_matches(' '))];
    }
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

        #[test]
        fn clean_leaves_nothing_that_moves_a_cursor(text in ".*") {
            assert!(!clean(&text).chars().any(|c| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)));
            assert!(is_clean(&clean(&text)) && is_clean(&masked(&text).replace(['\n', '\t'], "")));
            assert_eq!(is_clean(&text), clean(&text) == text);
        }
    }
}
