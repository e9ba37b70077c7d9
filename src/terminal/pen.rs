//! Pictures as bytes for the terminal: each in one write, in no more bytes than it needs.
//!
//! It matters over SSH, where a moving figure is a stream. ratatui's own backend says both colours where one has changed,
//! moves by row and column within a row, and resets everything after each picture.

use std::io::{self, Write};

use crossterm::cursor::{Hide, MoveRight, MoveTo, Show};
use crossterm::queue;
use crossterm::style::{
    Attribute, Color as Colour, Colors, SetAttribute, SetBackgroundColor, SetColors, SetForegroundColor,
};
use crossterm::terminal::{self, BeginSynchronizedUpdate, Clear, EndSynchronizedUpdate};
use ratatui::backend::{Backend, ClearType, IntoCrossterm, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

/// Writes pictures to `out`.
#[derive(Debug)]
pub struct Pen<W: Write> {
    out: W,
    /// The bytes of the picture that is being drawn.
    picture: Vec<u8>,
    /// Whether the cursor is to be seen; unknown before the first picture.
    cursor: Option<bool>,
}

/// How the terminal draws the next character.
#[derive(Clone, Copy, Default)]
struct Ink {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

const ATTRIBUTES: [(Modifier, Attribute); 9] = [
    (Modifier::BOLD, Attribute::Bold),
    (Modifier::DIM, Attribute::Dim),
    (Modifier::ITALIC, Attribute::Italic),
    (Modifier::UNDERLINED, Attribute::Underlined),
    (Modifier::SLOW_BLINK, Attribute::SlowBlink),
    (Modifier::RAPID_BLINK, Attribute::RapidBlink),
    (Modifier::REVERSED, Attribute::Reverse),
    (Modifier::HIDDEN, Attribute::Hidden),
    (Modifier::CROSSED_OUT, Attribute::CrossedOut),
];

/// What one sequence takes back.
const INTENSITY: Modifier = Modifier::BOLD.union(Modifier::DIM);

/// What is seen of a space beside its background.
const SEEN_ON_SPACE: Modifier = Modifier::UNDERLINED.union(Modifier::REVERSED).union(Modifier::CROSSED_OUT);

impl<W: Write> Pen<W> {
    /// A pen that writes to `out`.
    pub fn new(out: W) -> Pen<W> {
        Pen { out, picture: Vec::new(), cursor: None }
    }

    /// Writes the picture that was drawn, if anything of it has changed; a terminal that can shows it at once.
    ///
    /// # Errors
    /// When the terminal can't be written to.
    pub fn show(&mut self) -> io::Result<()> {
        if self.picture.is_empty() {
            return Ok(());
        }
        let mut bytes = Vec::with_capacity(self.picture.len() + 16);
        queue!(bytes, BeginSynchronizedUpdate)?;
        bytes.append(&mut self.picture);
        queue!(bytes, EndSynchronizedUpdate)?;
        self.out.write_all(&bytes)?;
        self.out.flush()
    }

    /// Changes from `ink` to that of `cell`.
    fn dip(&mut self, ink: Ink, cell: &Cell) -> io::Result<Ink> {
        let mut ink = ink;
        let is_empty = cell.symbol() == " " && !cell.modifier.intersects(SEEN_ON_SPACE);
        let modifier = if is_empty { ink.modifier.difference(SEEN_ON_SPACE) } else { cell.modifier };
        if modifier != ink.modifier {
            let mut more = modifier.difference(ink.modifier);
            let less = ink.modifier.difference(modifier);
            if less.intersects(INTENSITY) && INTENSITY.contains(less) {
                // Taken back alone, it leaves the colours as they are.
                queue!(self.picture, SetAttribute(Attribute::NormalIntensity))?;
                more = modifier.difference(ink.modifier.difference(INTENSITY));
            } else if !less.is_empty() {
                queue!(self.picture, SetAttribute(Attribute::Reset))?;
                (ink, more) = (Ink::default(), modifier);
            }
            for (_, attribute) in ATTRIBUTES.iter().filter(|(modifier, _)| more.contains(*modifier)) {
                queue!(self.picture, SetAttribute(*attribute))?;
            }
            ink.modifier = modifier;
        }
        let fg = if is_empty { ink.fg } else { cell.fg };
        let front = || -> Colour { fg.into_crossterm() };
        let ground = || -> Colour { cell.bg.into_crossterm() };
        match (fg != ink.fg, cell.bg != ink.bg) {
            (true, true) => queue!(self.picture, SetColors(Colors::new(front(), ground())))?,
            (true, false) => queue!(self.picture, SetForegroundColor(front()))?,
            (false, true) => queue!(self.picture, SetBackgroundColor(ground()))?,
            (false, false) => {}
        }
        Ok(Ink { fg, bg: cell.bg, ..ink })
    }

    fn set_cursor(&mut self, is_seen: bool) -> io::Result<()> {
        match self.cursor.replace(is_seen) {
            Some(before) if before == is_seen => Ok(()),
            _ if is_seen => queue!(self.picture, Show),
            _ => queue!(self.picture, Hide),
        }
    }
}

impl<W: Write> Backend for Pen<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut ink = Ink::default();
        let mut next = None;
        let mut is_drawn = false;
        for (x, y, cell) in content {
            match next {
                Some(place) if place == (x, y) => {}
                // A step to the right takes fewer bytes than the column's number.
                Some((before, row)) if row == y && x == before + 1 => self.picture.extend_from_slice(b"\x1b[C"),
                Some((before, row)) if row == y && x > before => queue!(self.picture, MoveRight(x - before))?,
                _ => queue!(self.picture, MoveTo(x, y))?,
            }
            // After a wide sign, or one of several characters that terminals measure differently, the next place is named.
            next = is_narrow(cell.symbol()).then_some((x + 1, y));
            is_drawn = true;
            ink = self.dip(ink, cell)?;
            self.picture.extend_from_slice(cell.symbol().as_bytes());
        }
        if is_drawn {
            queue!(self.picture, SetAttribute(Attribute::Reset))?;
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.set_cursor(false)
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.set_cursor(true)
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        // Only the terminal knows, and it is asked nothing.
        Err(io::ErrorKind::Unsupported.into())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let Position { x, y } = position.into();
        queue!(self.picture, MoveTo(x, y))
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, _all: ClearType) -> io::Result<()> {
        // Whoever clears does not know what is there, and so neither how the cursor is.
        self.cursor = None;
        queue!(self.picture, Clear(terminal::ClearType::All))
    }

    fn size(&self) -> io::Result<Size> {
        let size = size()?;
        Ok(Size::new(size.width.min(LARGEST.width), size.height.min(LARGEST.height)))
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        let window = terminal::window_size()?;
        let pixels = Size::new(window.width, window.height);
        Ok(WindowSize { columns_rows: Size::new(window.columns, window.rows), pixels })
    }

    fn flush(&mut self) -> io::Result<()> {
        // The picture goes out whole, with `show`.
        Ok(())
    }
}

/// Whether every terminal takes one column for it.
fn is_narrow(symbol: &str) -> bool {
    symbol.len() == 1 || symbol.chars().nth(1).is_none() && symbol.width() == 1
}

/// More columns and rows than this belong to no window: a picture of them would take gigabytes.
const LARGEST: Size = Size::new(1_000, 500);

/// The window's size. crossterm would start `tput` where the terminal is gone.
#[cfg(unix)]
fn size() -> io::Result<Size> {
    let size = rustix::termios::tcgetwinsize(rustix::stdio::stdout())?;
    Ok(Size::new(size.ws_col, size.ws_row))
}

#[cfg(not(unix))]
fn size() -> io::Result<Size> {
    terminal::size().map(Size::from)
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::TerminalOptions;
    use ratatui::Viewport;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    const AREA: Rect = Rect::new(0, 0, 12, 3);

    fn terminal() -> Terminal<Pen<Vec<u8>>> {
        let options = TerminalOptions { viewport: Viewport::Fixed(AREA) };
        Terminal::with_options(Pen::new(Vec::new()), options).unwrap()
    }

    #[test]
    fn behind_a_sign_that_terminals_measure_differently_the_place_is_named() {
        for (sign, is_named) in [("x", false), ("ä", false), ("⌚\u{fe0e}", true), ("☀\u{fe0f}", true), ("漢", true)]
        {
            let picture = |it: &mut Buffer| {
                it.set_string(1, 1, "a", Style::new());
                it[(2, 1)].set_symbol(sign);
                it.set_string(2 + u16::from(sign.width() == 2), 1, "", Style::new());
                it.set_string(5, 1, "b", Style::new());
            };
            let bytes = written(&mut terminal(), picture);
            let named = String::from_utf8(bytes).unwrap().contains("\x1b[2;6Hb");
            assert_eq!(named, is_named, "{sign:?}");
        }
    }

    /// Draws `picture`, and returns what was written for it.
    fn written(terminal: &mut Terminal<Pen<Vec<u8>>>, picture: impl Fn(&mut Buffer)) -> Vec<u8> {
        terminal.draw(|frame| picture(frame.buffer_mut())).unwrap();
        terminal.backend_mut().show().unwrap();
        std::mem::take(&mut terminal.backend_mut().out)
    }

    #[test]
    fn a_terminal_shows_what_was_drawn_after_every_change() {
        let (mut pen, mut screen) = (terminal(), vt100::Parser::new(rows(3), rows(12), 0));
        let dressed = Style::new().fg(Color::Indexed(221)).bg(Color::Indexed(234));
        let pictures: [&dyn Fn(&mut Buffer); 4] = [
            &|it| it.set_style(AREA, dressed),
            &|it| {
                it.set_style(AREA, dressed);
                it.set_string(1, 0, "hold 漢字 9", dressed.add_modifier(Modifier::BOLD));
                it.set_string(4, 2, "░░ e", Style::new().fg(Color::Red));
            },
            &|it| {
                it.set_style(AREA, Style::new().bg(Color::Rgb(1, 2, 3)));
                it.set_string(1, 0, "hold 漢字 8", Style::new().add_modifier(Modifier::REVERSED));
                it.set_string(9, 2, "end", Style::new().add_modifier(Modifier::UNDERLINED | Modifier::DIM));
            },
            &|_| {},
        ];
        for picture in pictures {
            screen.process(&written(&mut pen, picture));
            let mut wanted = Buffer::empty(AREA);
            picture(&mut wanted);
            for (row, column) in (0..AREA.height).flat_map(|row| (0..AREA.width).map(move |column| (row, column))) {
                let (cell, shown) = (&wanted[(column, row)], screen.screen().cell(row, column).unwrap());
                if shown.is_wide_continuation() {
                    continue;
                }
                let place = format!("row {row}, column {column}");
                assert_eq!(if shown.contents().is_empty() { " " } else { shown.contents() }, cell.symbol(), "{place}");
                assert_eq!(shown.bgcolor(), colour(cell.bg), "{place}");
                assert_eq!(shown.inverse(), cell.modifier.contains(Modifier::REVERSED), "{place}");
                assert_eq!(shown.underline(), cell.modifier.contains(Modifier::UNDERLINED), "{place}");
                if cell.symbol() != " " {
                    assert_eq!(shown.fgcolor(), colour(cell.fg), "{place}");
                    assert_eq!(shown.bold(), cell.modifier.contains(Modifier::BOLD), "{place}");
                    assert_eq!(shown.dim(), cell.modifier.contains(Modifier::DIM), "{place}");
                }
            }
        }
    }

    fn rows(count: u16) -> std::num::NonZero<u16> {
        std::num::NonZero::new(count).unwrap()
    }

    fn colour(colour: Color) -> vt100::Color {
        match colour {
            Color::Red => vt100::Color::Idx(1),
            Color::Indexed(index) => vt100::Color::Idx(index),
            Color::Rgb(red, green, blue) => vt100::Color::Rgb(red, green, blue),
            _ => vt100::Color::Default,
        }
    }

    #[test]
    fn a_picture_that_is_the_same_writes_nothing() {
        let mut pen = terminal();
        let picture = |it: &mut Buffer| it.set_string(0, 0, "stay", Style::new());
        assert_ne!(
            written(&mut pen, |it| {
                picture(it);
            }),
            b""
        );
        assert_eq!(
            written(&mut pen, |it| {
                picture(it);
            }),
            b""
        );
    }

    #[test]
    fn a_cell_that_changes_costs_its_place_its_colours_and_itself() {
        let mut pen = terminal();
        let style = Style::new().fg(Color::Indexed(221)).bg(Color::Indexed(234));
        written(&mut pen, |it| it.set_style(AREA, style));
        let changed = written(&mut pen, |it| {
            it.set_style(AREA, style);
            it.set_string(3, 1, "a", style);
            it.set_string(8, 1, "b", Style::new().fg(Color::Indexed(243)));
        });
        let expected = "\x1b[?2026h\x1b[2;4H\x1b[38;5;221;48;5;234ma\x1b[4C\x1b[38;5;243mb\x1b[0m\x1b[?2026l";
        assert_eq!(String::from_utf8(changed).unwrap(), expected);
    }

    #[test]
    fn bold_is_taken_back_without_the_colours() {
        let mut pen = terminal();
        let style = Style::new().fg(Color::Indexed(221)).bg(Color::Indexed(234));
        let bold = style.add_modifier(Modifier::BOLD);
        let picture = |it: &mut Buffer| {
            it.set_string(0, 0, "a", bold);
            it.set_string(1, 0, "b", bold.add_modifier(Modifier::DIM));
            it.set_string(2, 0, "c", style.add_modifier(Modifier::DIM));
            it.set_string(3, 0, "d", style);
        };
        let told = String::from_utf8(written(&mut pen, picture)).unwrap();
        let expected = "\x1b[1m\x1b[38;5;221;48;5;234ma\x1b[2mb\x1b[22m\x1b[2mc\x1b[22md\x1b[0m";
        assert!(told.contains(expected), "{told:?}");
    }
}
