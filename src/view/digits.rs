//! Letters and digits as large as there is room for.

use font8x8::UnicodeFonts;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

/// Text in an 8×8 font whose pixels are `scale` columns wide and `scale` half rows high.
#[derive(Clone, Debug)]
pub struct Big {
    glyphs: Vec<Glyph>,
    scale: u16,
    style: Style,
}

/// The columns of a glyph that have ink, as eight rows of bits, the leftmost column in bit 0.
#[derive(Clone, Copy, Debug)]
struct Glyph {
    rows: [u8; 8],
    width: u16,
}

impl Glyph {
    fn of(c: char) -> Glyph {
        let rows = font8x8::BASIC_FONTS.get(c).or_else(|| font8x8::LATIN_FONTS.get(c)).unwrap_or([0; 8]);
        let ink = rows.iter().fold(0, |ink, row| ink | row);
        if ink == 0 {
            return Glyph { rows, width: 3 };
        }
        let left = ink.trailing_zeros();
        Glyph { rows: rows.map(|row| row >> left), width: (8 - ink.leading_zeros() - left) as u16 }
    }

    fn has(self, x: u16, y: u16) -> bool {
        self.rows[usize::from(y.min(7))] & (1 << x.min(7)) != 0
    }
}

impl Big {
    /// Rows that text of scale 1 takes.
    pub const ROWS: u16 = 4;

    /// `text` at `scale`.
    pub fn new(text: &str, scale: u16, style: Style) -> Big {
        Big { glyphs: text.chars().map(Glyph::of).collect(), scale: scale.max(1), style }
    }

    /// The largest scale up to `most` at which `text` fits into `width` columns; 0 where none does.
    pub fn scale_for(text: &str, width: u16, most: u16) -> u16 {
        let single = Big::new(text, 1, Style::new()).width().max(1);
        (width / single).min(most)
    }

    /// Columns that it takes.
    pub fn width(&self) -> u16 {
        let pixels: u16 = self.glyphs.iter().map(|glyph| glyph.width + 1).sum();
        pixels.saturating_sub(1) * self.scale
    }

    /// Rows that it takes.
    pub fn height(&self) -> u16 {
        Big::ROWS * self.scale
    }
}

impl Widget for &Big {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let mut left = 0;
        for glyph in &self.glyphs {
            for column in 0..glyph.width * self.scale {
                for row in 0..self.height() {
                    let ink = |half: u16| glyph.has(column / self.scale, (row * 2 + half) / self.scale);
                    let symbol = match (ink(0), ink(1)) {
                        (true, true) => "█",
                        (true, false) => "▀",
                        (false, true) => "▄",
                        (false, false) => continue,
                    };
                    let position = (area.x + left + column, area.y + row);
                    if area.contains(position.into())
                        && let Some(cell) = buffer.cell_mut(position)
                    {
                        cell.set_symbol(symbol).set_style(self.style);
                    }
                }
            }
            left += (glyph.width + 1) * self.scale;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scale_is_the_largest_that_fits() {
        let width = Big::new("15", 1, Style::new()).width();
        assert_eq!(Big::scale_for("15", width * 3 + 1, 9), 3);
        assert_eq!(Big::scale_for("15", width * 3 - 1, 9), 2);
        assert_eq!(Big::scale_for("15", width - 1, 9), 0);
        assert_eq!(Big::scale_for("15", 200, 2), 2);
    }

    #[test]
    fn a_digit_never_writes_outside_its_area() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 10, 3));
        Big::new("88888", 3, Style::new()).render(Rect::new(2, 1, 4, 1), &mut buffer);
        for (x, y) in (0..10).flat_map(|x| (0..3).map(move |y| (x, y))) {
            let inside = (2..6).contains(&x) && y == 1;
            assert!(inside || buffer[(x, y)].symbol() == " ", "{x} {y}");
        }
    }
}
