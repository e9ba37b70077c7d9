//! Letters and digits as large as there is room for.

use font8x8::UnicodeFonts;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

/// Text in an 8×8 font, drawn with quarters of a cell.
#[derive(Clone, Debug)]
pub struct Big {
    glyphs: Vec<Glyph>,
    size: Size,
    style: Style,
}

/// How large the pixels of the font are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size {
    /// Half rows to a pixel.
    tall: u16,
    /// Half columns to a pixel.
    wide: u16,
    ink: Ink,
}

/// What letters are drawn with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ink {
    /// Quarters of a cell.
    #[default]
    Quarters,
    /// Signs of ASCII: none of them has ink in one half of its column alone.
    Columns,
}

impl Ink {
    /// What there is where all signs are shown, or only those of `ascii`.
    pub fn of(ascii: bool) -> Ink {
        if ascii { Ink::Columns } else { Ink::Quarters }
    }

    /// Half columns that a pixel has at least.
    fn least(self) -> u16 {
        match self {
            Ink::Quarters => 1,
            Ink::Columns => 2,
        }
    }
}

impl Size {
    /// Pixels from the top of a letter to its bottom.
    const PIXELS: u16 = 8;
    /// Pixels from the top of a digit to its foot: it has nothing below.
    const DIGIT_PIXELS: u16 = 7;
    /// Rows of the smallest text.
    pub const ROWS: u16 = Size::PIXELS / 2;

    /// The largest size at which text of `pixels` fits into that many columns and rows, and can be read when it is drawn
    /// with `ink`; letters are never wider than high, and at most half as high again as the font has them.
    pub fn fitting(pixels: u16, columns: u16, rows: u16, ink: Ink) -> Option<Size> {
        Size::of(pixels, columns, rows * 2 / Size::PIXELS, ink)
    }

    /// The same for digits and signs, which end at their foot.
    pub fn fitting_digits(pixels: u16, columns: u16, rows: u16, ink: Ink) -> Option<Size> {
        Size::of(pixels, columns, rows * 2 / Size::DIGIT_PIXELS, ink)
    }

    /// The largest size of at most `tall` half rows to a pixel.
    fn of(pixels: u16, columns: u16, tall: u16, ink: Ink) -> Option<Size> {
        let wide = columns.saturating_mul(2) / pixels.max(1);
        let tall = tall.min((wide * 4 / 5).max(1));
        let wide = wide.min(tall * 2);
        (wide >= ink.least() && tall > 0).then_some(Size { tall, wide, ink })
    }

    /// Half of this size, as far as there are halves.
    pub fn smaller(self) -> Size {
        Size { tall: (self.tall / 2).max(1), wide: (self.wide / 2).max(self.ink.least()), ink: self.ink }
    }

    /// Whether [`Size::smaller`] is half as wide.
    pub fn is_halved(self) -> bool {
        self.smaller().wide * 2 <= self.wide
    }

    /// How many rows higher the foot of a letter of this size is than its last row.
    pub fn foot(self) -> u16 {
        self.tall / 2
    }

    /// Rows that text of this size takes.
    pub fn rows(self) -> u16 {
        self.tall * Size::ROWS
    }

    /// Rows that digits of this size take.
    pub fn digit_rows(self) -> u16 {
        self.rows() - self.foot()
    }

    /// Columns that `pixels` of this size take.
    pub fn columns(self, pixels: u16) -> u16 {
        pixels.saturating_mul(self.wide).div_ceil(2)
    }
}

/// The columns of a glyph that have ink, as eight rows of bits, the leftmost column in bit 0.
#[derive(Clone, Copy, Debug)]
struct Glyph {
    rows: [u8; 8],
    width: u16,
}

/// Glyphs that the font lacks, or has too much of: its 0 has a bar, which makes it an 8 from three metres.
const OWN: [(char, [u8; 8]); 5] = [
    ('0', [0x1e, 0x33, 0x33, 0x33, 0x33, 0x33, 0x1e, 0x00]),
    ('▲', [0x08, 0x08, 0x1c, 0x1c, 0x3e, 0x3e, 0x7f, 0x00]),
    ('▼', [0x7f, 0x3e, 0x3e, 0x1c, 0x1c, 0x08, 0x08, 0x00]),
    ('■', [0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x00]),
    ('●', [0x1c, 0x3e, 0x7f, 0x7f, 0x7f, 0x3e, 0x1c, 0x00]),
];

impl Glyph {
    fn of(c: char) -> Glyph {
        let own = OWN.iter().find(|(other, _)| *other == c).map(|(_, rows)| *rows);
        let font = || font8x8::BASIC_FONTS.get(c).or_else(|| font8x8::LATIN_FONTS.get(c));
        let rows = own.or_else(font).unwrap_or([0; 8]);
        let ink = rows.iter().fold(0, |ink, row| ink | row);
        if ink == 0 {
            return Glyph { rows, width: 3 };
        }
        let left = ink.trailing_zeros();
        Glyph { rows: rows.map(|row| row >> left), width: (8 - ink.leading_zeros() - left) as u16 }
    }

    fn has_ink(self) -> bool {
        self.rows != [0; 8]
    }

    /// Whether each row has ink in column `x`, the top row in bit 0.
    fn column(self, x: u16) -> u8 {
        self.rows.iter().enumerate().map(|(y, row)| (row >> x & 1) << y).sum()
    }
}

impl Big {
    /// `text` at `size`.
    pub fn new(text: &str, size: Size, style: Style) -> Big {
        Big { glyphs: text.chars().map(Glyph::of).collect(), size, style }
    }

    /// Pixels that `text` is wide: more than any screen has where there is no big letter for one of its own.
    pub fn pixels(text: &str) -> u16 {
        let width = |c: char| {
            let glyph = Glyph::of(c);
            if glyph.has_ink() || c.is_whitespace() { glyph.width + 1 } else { u16::MAX }
        };
        text.chars().map(width).fold(0, u16::saturating_add).saturating_sub(1)
    }

    /// Columns that it takes.
    pub fn width(&self) -> u16 {
        self.size.columns(self.glyphs.iter().map(|glyph| glyph.width + 1).sum::<u16>().saturating_sub(1))
    }

    /// The columns of pixels from left to right, each with its top row in bit 0, the space between letters included.
    fn columns(&self) -> Vec<u8> {
        let columns = self.glyphs.iter().flat_map(|glyph| (0..glyph.width).map(|x| glyph.column(x)).chain([0]));
        columns.collect()
    }
}

/// A cell's symbol by its quarters with ink: upper left, upper right, lower left and lower right are bits 0 to 3.
const QUARTERS: [&str; 16] = [" ", "▘", "▝", "▀", "▖", "▌", "▞", "▛", "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█"];

impl Widget for &Big {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let text = Rect { width: self.width().min(area.width), height: self.size.rows().min(area.height), ..area };
        let columns = self.columns();
        let pixels = |half_column: u16| columns.get(usize::from(half_column / self.size.wide)).copied().unwrap_or(0);
        for (x, column) in text.intersection(buffer.area).columns().enumerate() {
            let [left, right] = [0, 1].map(|half| pixels(x as u16 * 2 + half));
            for (y, position) in column.positions().enumerate() {
                let [upper, lower] = [0, 1].map(|half| (y as u16 * 2 + half) / self.size.tall);
                let quarters = [left >> upper, right >> upper, left >> lower, right >> lower];
                let bits = quarters.iter().rev().fold(0, |bits, pixels| bits << 1 | usize::from(pixels & 1));
                if bits > 0 {
                    buffer[position].set_symbol(QUARTERS[bits]).set_style(self.style);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_size_is_the_largest_that_fits_and_never_wider_than_high() {
        let fitting = |columns, rows| Size::fitting(Big::pixels("15"), columns, rows, Ink::Quarters);
        let size = |columns, rows| fitting(columns, rows).map(|size| (size.wide, size.tall));
        assert_eq!(size(26, 9), Some((4, 2)), "square");
        assert_eq!(size(200, 9), Some((4, 2)), "the rows are the limit");
        assert_eq!(size(20, 9), Some((3, 2)));
        assert_eq!(size(13, 40), Some((2, 1)), "not drawn out");
        assert_eq!(size(6, 40), None);
        assert_eq!(size(200, 3), None);
    }

    #[test]
    fn digits_take_no_room_below_their_foot() {
        for rows in 4..60 {
            let [text, digits] =
                [Size::fitting, Size::fitting_digits].map(|fitting| fitting(10, 500, rows, Ink::Quarters).unwrap());
            assert!(text.rows() <= rows && digits.digit_rows() <= rows, "{rows}");
            let larger = Size { tall: digits.tall + 1, ..digits };
            assert!(larger.digit_rows() > rows, "{rows}");
        }
        let mut buffer = Buffer::empty(Rect::new(0, 0, 80, 8));
        let size = Size { tall: 2, wide: 2, ink: Ink::Quarters };
        (&Big::new("0123456789▲▼■●", size, Style::new())).render(buffer.area, &mut buffer);
        let below = (0..80).all(|x| buffer[(x, size.digit_rows())].symbol() == " ");
        assert!(below && size.digit_rows() == 7);
    }

    #[test]
    fn in_ascii_no_pixel_is_narrower_than_a_column() {
        let fitting = |columns| Size::fitting(Big::pixels("15"), columns, 9, Ink::Columns);
        assert_eq!(fitting(12), None, "half a column is not enough");
        let sizes = (13..60).filter_map(fitting).collect::<Vec<_>>();
        assert_eq!(sizes.len(), 60 - 13);
        for size in sizes {
            assert!(size.smaller().wide >= 2, "{size:?}");
            assert_eq!(size.is_halved(), size.wide >= 4, "{size:?}");
        }
    }

    #[test]
    fn a_nought_is_no_eight() {
        let rows = |c| Glyph::of(c).rows;
        let differ = rows('0').iter().zip(rows('8')).filter(|(one, other)| **one != *other).count();
        assert_eq!((differ, Glyph::of('0').width), (1, Glyph::of('8').width), "the bar in the middle alone");
    }

    proptest! {
        #[test]
        fn text_that_fits_stays_in_its_place(
            text in "[0-9.A-Za-z▲■]{1,6}", columns in 1..90_u16, rows in 1..40_u16, x in 0..5_u16, y in 0..5_u16,
        ) {
            let area = Rect::new(x, y, columns, rows);
            let Some(size) = Size::fitting(Big::pixels(&text), columns, rows, Ink::Quarters) else { return Ok(()) };
            let big = Big::new(&text, size, Style::new());
            prop_assert!(big.width() <= columns && size.rows() <= rows);
            let mut buffer = Buffer::empty(Rect::new(0, 0, columns + 10, rows + 10));
            big.render(area, &mut buffer);
            for position in buffer.area.positions() {
                prop_assert!(area.contains(position) || buffer[position].symbol() == " ", "{position}");
            }
        }
    }

    #[test]
    fn text_that_does_not_fit_is_cut_at_its_area() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 10, 3));
        Big::new("88888", Size { tall: 3, wide: 3, ink: Ink::Quarters }, Style::new())
            .render(Rect::new(2, 1, 4, 1), &mut buffer);
        for (x, y) in (0..10).flat_map(|x| (0..3).map(move |y| (x, y))) {
            let inside = (2..6).contains(&x) && y == 1;
            assert!(inside || buffer[(x, y)].symbol() == " ", "{x} {y}");
        }
    }
}
