//! Columns of wrapped text: what can be chosen in them, and what of them is seen.

use std::borrow::Cow;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::line::put;
use super::theme;
use crate::app::{App, Seen};
use crate::text::{clean, is_clean, pad, wrap};

/// The widest that running text is set.
pub const MEASURE: u16 = 84;

/// A column of text that is wrapped to the width it gets, and scrolled where it is too long.
#[derive(Default)]
pub struct Column {
    items: Vec<Item>,
    /// The item that must be visible.
    focus: Option<usize>,
    /// The first and the last one of those among which the focus goes.
    first: Option<usize>,
    last: Option<usize>,
}

/// The columns before the text of a choice, which what explains it has too.
const CHOICE: usize = 5;

/// The columns that the label of a setting has at least.
const LABEL: usize = 16;

struct Item {
    mark: String,
    /// What stands behind the mark in lines of its own, beside those of the text.
    label: String,
    /// What stands before the first line of the text, and room before the others.
    before: &'static str,
    text: String,
    style: Style,
}

impl Column {
    /// An empty column.
    pub fn new() -> Column {
        Column::default()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// A paragraph.
    pub fn text(&mut self, text: impl Into<String>, style: Style) -> &mut Column {
        self.item("", text, style)
    }

    /// A paragraph behind a mark, such as a number; its lines stand under each other.
    pub fn item(&mut self, mark: impl Into<String>, text: impl Into<String>, style: Style) -> &mut Column {
        let text = text.into();
        // A line that is being typed or pasted is not clean yet.
        let text = if is_clean(&text) { text } else { clean(&text) };
        self.items.push(Item { mark: mark.into(), label: String::new(), before: "", text, style });
        self
    }

    /// A line that is set already, and is not wrapped.
    pub fn line(&mut self, line: impl Into<String>) -> &mut Column {
        self.item(line, "", theme::TEXT)
    }

    /// A line of a list to choose from, `chosen` or not, with the digit that chooses it, if one does.
    pub fn choice(&mut self, number: usize, text: impl Into<String>, chosen: bool) -> &mut Column {
        let digit = if number <= 9 { number.to_string() } else { " ".to_owned() };
        self.choice_with(&digit, text, chosen)
    }

    /// A line of a list that is read before anything in it can be chosen, with the place that is read, if it is that.
    pub fn choice_to_read(&mut self, number: usize, text: impl Into<String>, is_here: bool) -> &mut Column {
        self.can_focus(is_here);
        self.item(format!("  {number}  "), text, theme::TEXT)
    }

    /// A line of a list to choose from in which digits are typed, so that none chooses it.
    pub fn choice_without_digit(&mut self, text: impl Into<String>, chosen: bool) -> &mut Column {
        self.choice_with(" ", text, chosen)
    }

    fn choice_with(&mut self, digit: &str, text: impl Into<String>, chosen: bool) -> &mut Column {
        let pointer = if chosen { "▸" } else { " " };
        self.can_focus(chosen);
        let style = if chosen { theme::ACCENT } else { theme::TEXT };
        self.item(format!("{pointer} {digit}  "), text, style)
    }

    /// The next item is one of those among which the focus goes.
    fn can_focus(&mut self, chosen: bool) {
        let here = Some(self.items.len());
        (self.first, self.last) = (self.first.or(here), here);
        if chosen {
            self.focus = here;
        }
    }

    /// A setting with its value, which the arrows change where it is `chosen`.
    pub fn setting(&mut self, label: &str, value: &str, chosen: bool) -> &mut Column {
        let (pointer, style) = if chosen { ("▸ ", theme::ACCENT) } else { ("  ", theme::TEXT) };
        self.can_focus(chosen);
        let (before, text) = if chosen { ("◂ ", format!("{value} ▸")) } else { ("  ", value.to_owned()) };
        self.items.push(Item { mark: pointer.to_owned(), label: label.to_owned(), before, text, style });
        self
    }

    /// A heading, set off from what stands above it.
    pub fn break_before(&mut self, heading: impl Into<String>) -> &mut Column {
        if !self.items.is_empty() {
            self.gap();
        }
        self.text(heading, theme::STRONG)
    }

    /// Keeps the item that was added last visible.
    pub fn focus(&mut self) -> &mut Column {
        self.focus = self.items.len().checked_sub(1);
        self
    }

    /// Keeps nothing visible but what it is scrolled to.
    pub fn unfocused(&mut self) -> &mut Column {
        self.focus = None;
        self
    }

    /// An empty line.
    pub fn gap(&mut self) -> &mut Column {
        self.text("", theme::TEXT)
    }

    /// Puts a paragraph above everything else.
    pub fn headed(&mut self, text: impl Into<String>, style: Style, area: Rect) -> &mut Column {
        let mut head = Column::new();
        head.text(text, style).roomy_gap(area);
        for place in [&mut self.focus, &mut self.first, &mut self.last].into_iter().flatten() {
            *place += head.items.len();
        }
        self.items.splice(0..0, head.items);
        self
    }

    /// An empty line where the screen is tall enough for luxury.
    pub fn roomy_gap(&mut self, area: Rect) -> &mut Column {
        if area.height >= 14 { self.gap() } else { self }
    }

    /// The column broken into lines for so many columns of the terminal.
    pub fn lines(&self, width: u16) -> Lines<'_> {
        let mut rows = Vec::with_capacity(self.items.len());
        let mut focus = None;
        for (index, item) in self.items.iter().enumerate() {
            let from = rows.len();
            rows.extend(item.rows(usize::from(width.min(MEASURE))));
            let explains = item.label.is_empty() && item.mark.trim().is_empty() && item.mark.width() >= CHOICE;
            match &mut focus {
                _ if self.focus == Some(index) => focus = Some(from..rows.len()),
                // What explains the item in focus is seen with it.
                Some(focus) if explains && focus.end == from => focus.end = rows.len(),
                _ => {}
            }
        }
        let is = |place: Option<usize>| self.focus.is_some() && self.focus == place;
        Lines { rows, focus, is_first: is(self.first), is_last: is(self.last) }
    }

    /// Draws the column into `area`: from line `top`, or so that the item in focus is visible.
    pub fn draw(&self, app: &App, frame: &mut Frame<'_>, area: Rect, top: usize) -> Seen {
        self.lines(area.width).draw(app, frame, area, top)
    }
}

/// A [`Column`] broken into lines for a width.
pub struct Lines<'a> {
    rows: Vec<Row<'a>>,
    /// The rows that must be visible.
    focus: Option<std::ops::Range<usize>>,
    /// They are the first that the focus can go to: of what stands above, as much is seen as can be.
    is_first: bool,
    /// They are the last: what stands below is reached from there.
    is_last: bool,
}

impl Lines<'_> {
    /// Rows that the whole column takes.
    pub fn height(&self) -> usize {
        self.rows.len()
    }

    /// Draws it into `area`, which is as wide as it was broken for: from line `top`, or so that what is in focus is visible.
    pub fn draw(self, app: &App, frame: &mut Frame<'_>, area: Rect, top: usize) -> Seen {
        let area = Rect { width: area.width.min(MEASURE), ..area };
        let height = usize::from(area.height);
        let last_top = self.height().saturating_sub(height);
        let top = match &self.focus {
            // The mark that more stands above takes a line.
            Some(focus) if self.is_last && focus.start > 0 => last_top.min(focus.start - 1),
            // What explains it may be hidden, but not the line itself.
            Some(focus) if self.is_first && focus.end + 1 > height => {
                (focus.start + 2).saturating_sub(height).min(last_top)
            }
            // A line at the bottom may be taken by the mark that more follows, so the focus stays above it.
            Some(focus) if focus.end + 1 > height => (focus.end + 1 - height).min(last_top),
            Some(_) => 0,
            None => top.min(last_top),
        };
        let words = &app.config.words.common;
        let below = self.height() > top + height;
        let mut shown: Vec<Line<'_>> = self.rows.into_iter().skip(top).take(height).map(Row::line).collect();
        if below && let Some(last) = shown.last_mut() {
            *last = Line::styled(format!("↓ {}", words.more_below), theme::QUIET);
        }
        if top > 0
            && let Some(first) = shown.first_mut()
        {
            *first = Line::styled(format!("↑ {}", words.more_above), theme::QUIET);
        }
        for (line, row) in shown.into_iter().zip(area.rows()) {
            put(frame, line, row);
        }
        let scroll_end = self.focus.is_none().then_some(last_top);
        Seen { nothing: false, all: !below, above: top > 0, scroll_end, figure: None }
    }
}

impl Item {
    /// Its rows in so many columns.
    fn rows(&self, width: usize) -> Vec<Row<'_>> {
        let mark_columns = self.mark.width();
        // A line that is set already is nothing but its mark.
        if self.text.is_empty() && self.label.is_empty() {
            let mark = Cow::Borrowed(self.mark.as_str());
            return vec![Row { style: self.style, mark, text: Cow::Borrowed("") }];
        }
        let labels = self.labels(width);
        let labelled = labels.first().map_or(0, |label| label.width());
        let indent = mark_columns + labelled;
        let texts = wrap(&self.text, width.saturating_sub(indent).max(1));
        let row = |at: usize| {
            let mark = match (at, labels.get(at)) {
                (0, None) => Cow::Borrowed(self.mark.as_str()),
                (0, Some(label)) => Cow::Owned(format!("{}{label}", self.mark)),
                (_, Some(label)) => Cow::Owned(format!("{}{label}", " ".repeat(mark_columns))),
                (_, None) => Cow::Owned(" ".repeat(indent)),
            };
            match texts.get(at) {
                Some(text) => Row { style: self.style, mark, text: text.clone() },
                None => {
                    Row { style: self.style, mark: Cow::Owned(mark.trim_end().to_owned()), text: Cow::Borrowed("") }
                }
            }
        };
        (0..texts.len().max(labels.len())).map(row).collect()
    }

    /// The lines of the label, all as wide as the widest: half of the room at most, so that the text has the other half.
    fn labels(&self, width: usize) -> Vec<String> {
        if self.label.is_empty() {
            return Vec::new();
        }
        let most = (width / 2).saturating_sub(self.mark.width() + 1).max(LABEL);
        let lines = wrap(&self.label, most);
        let widest = lines.iter().map(|line| line.width()).max().unwrap_or(0).max(LABEL);
        let befores = std::iter::once(self.before).chain(std::iter::repeat("  "));
        lines.iter().zip(befores).map(|(line, before)| pad(line, widest) + " " + before).collect()
    }
}

/// A line of a column.
struct Row<'a> {
    style: Style,
    /// The mark, or the columns left free before the text where it stands in a row above.
    mark: Cow<'a, str>,
    text: Cow<'a, str>,
}

impl<'a> Row<'a> {
    fn line(self) -> Line<'a> {
        // The style is the words', not that of the blanks behind them: those would be written too.
        let spans = [self.mark, self.text].into_iter().filter(|text| !text.is_empty());
        Line::from_iter(spans.map(|text| Span::styled(text, self.style)))
    }
}
