//! Text from files and from people, made safe and fitted.

/// `text` without the characters that can disturb a terminal: controls (newline and tab become spaces) and the
/// invisible marks that reorder a line (bidi overrides and isolates).
pub fn clean(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '\n' | '\t' => Some(' '),
            c if c.is_control() => None,
            '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => None,
            '\u{feff}' => None,
            c => Some(c),
        })
        .collect()
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
    fn fill_replaces_known_names_only() {
        assert_eq!(fill("{a} of {b}, {c}, {", &[("a", "1"), ("b", "{a}")]), "1 of {a}, {c}, {");
    }

    proptest::proptest! {
        #[test]
        fn clean_leaves_nothing_that_moves_a_cursor(text in ".*") {
            assert!(!clean(&text).chars().any(|c| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)));
        }
    }
}
