//! The last pass over a picture: roles become colours, and signs become ASCII where that is wanted.

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use super::colour::Depth;
use super::{Role, Theme, ascii};

/// A theme as one terminal can show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    background: Color,
    text: Color,
    roles: [Color; Role::ALL.len()],
    depth: Depth,
    ascii: bool,
}

impl Look {
    /// `theme` with as many colours as `depth` allows, in plain `ascii` or with all signs that there are.
    pub fn new(theme: &Theme, depth: Depth, ascii: bool) -> Look {
        Look {
            background: theme.background.at(depth),
            text: theme.text.at(depth),
            roles: Role::ALL.map(|role| theme.role(role).at(depth)),
            depth,
            ascii,
        }
    }

    /// Whether only ASCII is shown.
    pub fn is_ascii(&self) -> bool {
        self.ascii
    }

    /// Puts the look on a whole `picture`: to be done once, when all of it is drawn.
    pub fn dress(&self, picture: &mut Buffer) {
        // Without colours a warning is told by its background.
        if self.depth == Depth::None {
            let warns = |cell: &&mut Cell| Role::of(cell.fg) == Some(Role::Warning) && cell.symbol().is_ascii();
            picture.content.iter_mut().filter(warns).for_each(|cell| cell.modifier.insert(Modifier::REVERSED));
        }
        for cell in &mut picture.content {
            cell.fg = self.colour(cell.fg, self.text);
            cell.bg = self.colour(cell.bg, self.background);
        }
        if self.ascii {
            picture.content.iter_mut().for_each(to_ascii);
        }
    }

    fn colour(&self, drawn: Color, plain: Color) -> Color {
        match (drawn, Role::of(drawn)) {
            (Color::Reset, _) => plain,
            (_, Some(role)) => self.roles[role as usize],
            (_, None) => drawn,
        }
    }
}

fn to_ascii(cell: &mut Cell) {
    if cell.symbol().is_ascii() {
        return;
    }
    if let Some(sign) = ascii::sign(cell.symbol()) {
        cell.set_char(sign);
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;

    use super::super::{ACCENT, QUIET, WARNING};
    use super::*;
    use crate::config::Config;

    fn dressed(depth: Depth, ascii: bool) -> Buffer {
        let mut picture = Buffer::empty(Rect::new(0, 0, 8, 1));
        picture.set_string(0, 0, "▸ a", ACCENT);
        picture.set_string(3, 0, "b", QUIET);
        picture.set_string(4, 0, "c█漢", WARNING);
        Look::new(&Config::built_in().themes["dark"], depth, ascii).dress(&mut picture);
        picture
    }

    #[test]
    fn every_role_gets_the_colour_of_the_theme_on_its_background() {
        let theme = &Config::built_in().themes["dark"];
        for depth in [Depth::True, Depth::Indexed, Depth::Sixteen] {
            let picture = dressed(depth, false);
            let told = |column: u16| (picture[(column, 0)].fg, picture[(column, 0)].bg);
            let background = theme.background.at(depth);
            assert_eq!(told(0), (theme.accent.at(depth), background));
            assert_eq!(told(3), (theme.quiet.at(depth), background));
            assert_eq!(told(7), (theme.text.at(depth), background));
        }
    }

    #[test]
    fn without_colours_weight_tells_what_is_chosen_and_the_background_what_is_wrong() {
        let picture = dressed(Depth::None, false);
        assert!(picture.content.iter().all(|cell| (cell.fg, cell.bg) == (Color::Reset, Color::Reset)));
        let weight = |column: u16| picture[(column, 0)].modifier;
        assert_eq!(weight(0), Modifier::BOLD);
        assert_eq!(weight(3), Modifier::empty());
        assert_eq!(weight(4), Modifier::BOLD | Modifier::REVERSED);
        // A block that is turned inside out would be a hole.
        assert_eq!(weight(5), Modifier::BOLD);
    }

    #[test]
    fn signs_become_ascii_and_other_scripts_stay() {
        let picture = dressed(Depth::True, true);
        let row: String = picture.content.iter().map(Cell::symbol).collect();
        assert_eq!(row, "> abc#漢 ");
    }
}
