//! How much of what is open has been on the screen: nothing is answered or begun that could not be read.

use super::Seen;

/// How much of the open question, text or page has been on the screen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shown {
    /// The end of the open question has been on the screen.
    all: bool,
    /// The key that goes on is reading the question to its end, and then leads back to its first option.
    reading_on: bool,
    /// Whether the text has more than was on the screen so far; `None` before the first look at it.
    more: Option<bool>,
    /// All of the text is on the screen at once.
    at_once: bool,
    /// The advice or the summary goes on below what is on the screen.
    below: bool,
}

impl Shown {
    /// Another question or text is open: nothing of it was seen, unless it is the `same_text` as for the other ankle, and that
    /// was read to its end.
    pub fn begin(&mut self, same_text: bool) {
        let more = self.more.filter(|more| same_text && !more);
        *self = Shown { more, ..Shown::default() };
    }

    /// The text has changed.
    pub fn begin_text(&mut self) {
        self.more = None;
    }

    /// An advice, a menu or the summary is opened or closed.
    pub fn begin_page(&mut self) {
        self.below = false;
    }

    /// Takes in what could be seen of a question or a text.
    pub fn saw(&mut self, seen: &Seen) {
        self.all |= seen.all;
        self.at_once = seen.all && !seen.above;
        let is_whole = seen.all && (self.more.is_some() || !seen.above);
        self.more = Some(!is_whole && self.more.unwrap_or(true));
    }

    /// Takes in that a page shows its lines from `top` on, and could be scrolled to its line `end`.
    pub fn scrolled(&mut self, top: usize, end: usize) {
        self.below = top < end;
    }

    /// The key that goes on reads the open question further; returns whether it has led to its end.
    pub fn read_on(&mut self) -> bool {
        self.reading_on = !self.all;
        self.all
    }

    /// An option was chosen by its arrow: nobody is reading on any more.
    pub fn chose(&mut self) {
        self.reading_on = false;
    }

    /// Whether the question was read to its end.
    pub fn is_read(&self) -> bool {
        self.all && !self.reading_on
    }

    /// Whether the text was in no picture yet.
    pub fn is_new_text(&self) -> bool {
        self.more.is_none()
    }

    /// Whether the text is known to have more than was on the screen so far.
    pub fn has_more(&self) -> bool {
        self.more == Some(true)
    }

    /// Whether all of the text is on the screen at once.
    pub fn is_at_once(&self) -> bool {
        self.at_once
    }

    /// Whether the page goes on below what is on the screen.
    pub fn goes_on(&self) -> bool {
        self.below
    }
}
