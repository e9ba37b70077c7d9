//! Areas cut into parts: some of a given length, at most one that takes what the others leave.
//!
//! ratatui's `Layout` solves a system of constraints instead, which took longer than all that is drawn in it.

use ratatui::layout::Rect;

/// The length of a part, in rows or columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// So much, as far as there is so much.
    Just(u16),
    /// What the others leave, and no more than this.
    Rest(u16),
}

/// All that the others leave.
pub const REST: Part = Part::Rest(u16::MAX);

/// `area` cut into rows, from the top.
pub fn rows<const N: usize>(area: Rect, parts: [Part; N]) -> [Rect; N] {
    pieces(area.height, 0, parts).map(|(y, height)| Rect { y: area.y + y, height, ..area })
}

/// `area` cut into columns, from the left, with a `gap` between them.
pub fn columns<const N: usize>(area: Rect, gap: u16, parts: [Part; N]) -> [Rect; N] {
    pieces(area.width, gap, parts).map(|(x, width)| Rect { x: area.x + x, width, ..area })
}

/// Where each part begins, and how long it is.
fn pieces<const N: usize>(whole: u16, gap: u16, parts: [Part; N]) -> [(u16, u16); N] {
    let given = parts.iter().map(|part| if let Part::Just(length) = part { *length } else { 0 });
    let taken = given.fold(gap.saturating_mul(N.saturating_sub(1) as u16), u16::saturating_add);
    let rest = whole.saturating_sub(taken);
    let mut next = 0;
    parts.map(|part| {
        let start = whole.min(next);
        let length = match part {
            Part::Just(length) => length.min(whole - start),
            Part::Rest(most) => rest.min(most),
        };
        next = start.saturating_add(length).saturating_add(gap);
        (start, length)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_part_takes_what_the_others_leave() {
        let area = Rect::new(2, 1, 40, 12);
        let [first, middle, last] = rows(area, [Part::Just(1), REST, Part::Just(2)]);
        assert_eq!((first.y, first.height), (1, 1));
        assert_eq!((middle.y, middle.height), (2, 9));
        assert_eq!((last.y, last.height, last.width), (11, 2, 40));
        let [words, figure] = columns(area, 3, [Part::Rest(20), Part::Just(10)]);
        assert_eq!((words.x, words.width, figure.x, figure.width), (2, 20, 25, 10));
    }

    proptest! {
        #[test]
        fn no_part_is_outside_however_small_the_area(width in 0..50_u16, gap in 0..5_u16, one in 0..60_u16, other in 0..60_u16) {
            let area = Rect::new(3, 0, width, 1);
            let parts = columns(area, gap, [Part::Just(one), REST, Part::Just(other)]);
            for part in parts {
                prop_assert!(part.left() >= area.left() && part.right() <= area.right(), "{part:?} in {area:?}");
            }
            prop_assert!(parts.windows(2).all(|pair| pair[0].right() <= pair[1].left()));
        }
    }
}
