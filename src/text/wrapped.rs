//! Texts as they were wrapped last. A picture shows most of the texts of the one before, and to break them anew would be
//! a quarter of the work.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

/// How many bytes of text are kept: all that the longest page shows, in some widths.
const KEPT: usize = 64 * 1024;

thread_local! {
    /// The same text in the same room has the same lines, so nothing can tell whether they were kept.
    static WRAPPED: RefCell<Wrapped> = RefCell::default();
}

/// Lines by the columns and the text that they were broken from.
#[derive(Default)]
struct Wrapped {
    lines: HashMap<usize, HashMap<Box<str>, Box<[Line]>>>,
    bytes: usize,
}

enum Line {
    /// These bytes of the text.
    Part(Range<usize>),
    /// Something that does not stand in the text like that.
    Other(Box<str>),
}

/// The lines of `text` in so many `columns`; `wrap` breaks them where they were not kept.
pub fn lines<'a>(text: &'a str, columns: usize, wrap: impl FnOnce() -> Vec<Cow<'a, str>>) -> Vec<Cow<'a, str>> {
    WRAPPED.with_borrow_mut(|wrapped| {
        if let Some(lines) = wrapped.lines.get(&columns).and_then(|texts| texts.get(text)) {
            return lines.iter().map(|line| line.of(text)).collect();
        }
        let lines = wrap();
        wrapped.keep(text, columns, &lines);
        lines
    })
}

impl Wrapped {
    fn keep(&mut self, text: &str, columns: usize, lines: &[Cow<'_, str>]) {
        if text.len() > KEPT {
            return;
        }
        if self.bytes + text.len() > KEPT {
            *self = Wrapped::default();
        }
        self.bytes += text.len();
        let mut from = 0;
        let kept = lines.iter().map(|line| match text[from..].find(line.as_ref()) {
            Some(at) => {
                let start = from + at;
                from = start + line.len();
                Line::Part(start..from)
            }
            None => Line::Other(line.as_ref().into()),
        });
        let kept = kept.collect();
        self.lines.entry(columns).or_default().insert(text.into(), kept);
    }
}

impl Line {
    fn of<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self {
            Line::Part(range) => Cow::Borrowed(&text[range.clone()]),
            Line::Other(line) => Cow::Owned(line.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_what_was_broken() {
        for text in
            ["one two three", "one\u{a0}two three", "two two two", "a-b toolongforit", "脚踝 10 cm 10 cm", "\n\n"]
        {
            for columns in [4, 7, 9] {
                let fresh = crate::text::wrap(text, columns);
                assert_eq!(crate::text::wrap(text, columns), fresh);
            }
        }
        let broken = lines("a b", 1, || vec!["a".into(), "b".into()]);
        assert_eq!(lines("a b", 1, || panic!("not kept")), broken);
        assert_eq!(lines("a b", 2, Vec::new), [""; 0], "another room, other lines");
    }

    #[test]
    fn no_more_is_kept_than_has_room() {
        let long = "x".repeat(KEPT / 2);
        let kept = || WRAPPED.with_borrow(|wrapped| wrapped.lines.values().map(HashMap::len).sum::<usize>());
        lines("a b", 1, Vec::new);
        lines(&long.repeat(3), 1, Vec::new);
        assert_eq!(kept(), 1);
        for columns in 1..4 {
            lines(&long, columns, Vec::new);
            let bytes = WRAPPED.with_borrow(|wrapped| wrapped.bytes);
            assert!(bytes <= KEPT && kept() > 0, "{bytes}");
        }
        assert_eq!(kept(), 2);
    }
}
