//! Pictures with their colours: what each theme, and each kind of terminal, makes of a screen.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use super::{Desk, SIZES};
use crate::app::{App, Sound};
use crate::theme::colour::Depth;
use crate::theme::{Look, Role};

impl Desk {
    fn picture_in(&self, (width, height): (u16, u16), theme: &str, depth: Depth, ascii: bool) -> Buffer {
        let look = Look::new(&self.app.config.themes[theme], depth, ascii);
        let app = App { look, ..self.app.clone() };
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal
            .draw(|frame| {
                crate::view::draw(&app, frame);
            })
            .unwrap();
        terminal.backend().buffer().clone()
    }

    /// Holds that every sign of the picture has a counterpart in plain ASCII.
    pub fn can_be_ascii(&self, name: &str, size: (u16, u16)) {
        let picture = self.picture_in(size, "dark", Depth::True, true);
        let other: String = picture.content.iter().map(Cell::symbol).filter(|symbol| !symbol.is_ascii()).collect();
        assert!(other.is_empty(), "{name}@{size:?} in plain ASCII shows {other}");
    }

    /// Holds the styles in every size against those on file, in every theme and with fewer colours.
    pub fn look_dressed(&self, name: &str) {
        let themes = self.app.config.themes.keys().map(|theme| (theme.as_str(), theme.as_str(), Depth::True));
        let fewer = [("256", "dark", Depth::Indexed), ("16", "dark", Depth::Sixteen), ("none", "dark", Depth::None)];
        let looks: Vec<_> = themes.chain(fewer).collect();
        let mut known = Vec::new();
        let maps: Vec<String> = SIZES
            .iter()
            .map(|size| {
                let pictures = looks.iter().map(|(_, theme, depth)| self.picture_in(*size, theme, *depth, false));
                map(&pictures.collect::<Vec<_>>(), &mut known)
            })
            .collect();
        let legend = known.iter().enumerate().map(|(index, styles)| {
            let told = looks.iter().zip(styles).map(|((look, ..), style)| format!("  {look}: {}\n", told(*style)));
            format!("{}\n{}", letter(index), told.collect::<String>())
        });
        let legend: String = legend.collect();
        insta::assert_snapshot!(format!("{name}@styles"), format!("{}\n{legend}", maps.join("\n")));
    }
}

/// Colour, background and weight of a cell.
type Dress = (Color, Color, Modifier);

fn told((colour, background, weight): Dress) -> String {
    let weight = if weight.is_empty() { String::new() } else { format!(" {weight:?}") };
    format!("{colour} on {background}{weight}")
}

fn letter(index: usize) -> char {
    ('a'..='z').chain('A'..='Z').nth(index).expect("a screen has few styles")
}

/// A map of the styles of one screen in all `looks`: a letter for each combination of them, found in `known` or added.
fn map(looks: &[Buffer], known: &mut Vec<Vec<Dress>>) -> String {
    let mut at = 0..;
    rows(&looks[0], |cell| {
        let at = at.next().unwrap_or_default();
        if cell.symbol() == " " {
            return " ".to_owned();
        }
        let dress = |picture: &Buffer| {
            let cell = &picture.content[at];
            (cell.fg, cell.bg, cell.modifier)
        };
        let styles: Vec<Dress> = looks.iter().map(dress).collect();
        let index = known.iter().position(|other| *other == styles).unwrap_or_else(|| {
            known.push(styles);
            known.len() - 1
        });
        letter(index).to_string()
    })
}

fn rows(picture: &Buffer, mut sign: impl FnMut(&Cell) -> String) -> String {
    let rows = picture.content.chunks(picture.area.width.into());
    rows.map(|row| row.iter().map(&mut sign).collect::<String>().trim_end().to_owned() + "\n").collect()
}

fn symbols(picture: &Buffer) -> String {
    rows(picture, |cell| cell.symbol().to_owned())
}

/// The first cell of `text` in the picture.
fn cell<'a>(picture: &'a Buffer, text: &str) -> &'a Cell {
    let width = usize::from(picture.area.width);
    let signs: Vec<char> = text.chars().collect();
    let found = picture.content.chunks(width).enumerate().find_map(|(row, cells)| {
        let at = cells
            .windows(signs.len())
            .position(|window| window.iter().zip(&signs).all(|(cell, sign)| cell.symbol().chars().eq([*sign])))?;
        Some(row * width + at)
    });
    &picture.content[found.unwrap_or_else(|| panic!("{text} is not on the screen:\n{}", symbols(picture)))]
}

#[test]
fn main_screens_in_plain_ascii() {
    let look = |desk: &Desk, name: &str| {
        insta::assert_snapshot!(
            format!("{name}@ascii"),
            symbols(&desk.picture_in((80, 24), "dark", Depth::None, true))
        );
    };
    look(&Desk::new(), "home");
    look(&Desk::to_plan(), "plan");
    let mut desk = Desk::to_lunge();
    desk.app.sound = Sound::Missing;
    look(&desk, "forward");
    look(desk.press("d"), "distance");
    look(desk.press("d space").wait(700), "hold");
    look(desk.press("o").wait(300), "hurt");
}

#[test]
fn phases_what_is_chosen_and_warnings_have_their_own_colours() {
    let mut desk = Desk::to_lunge();
    desk.app.sound = Sound::Missing;
    let theme = desk.app.config.themes["dark"].clone();
    let colour = |role| theme.role(role).at(Depth::True);
    let dark = |desk: &Desk| desk.picture_in((40, 12), "dark", Depth::True, false);

    assert_eq!(cell(&dark(&desk), "Forward").fg, colour(Role::Forward));
    assert_eq!(cell(&dark(&desk), "no sound").fg, colour(Role::Warning));
    desk.press("space").wait(700);
    assert_eq!(cell(&dark(&desk), "Hold").fg, colour(Role::Hold));
    desk.wait(2_000);
    assert_eq!(cell(&dark(&desk), "Back").fg, colour(Role::Back));
    desk.press("p");
    let menu = dark(&desk);
    assert_eq!(cell(&menu, "▸ 1").fg, colour(Role::Accent));
    assert_eq!(cell(&menu, "2  ").fg, theme.text.at(Depth::True));
}

#[test]
fn without_colours_weight_and_signs_tell_the_same() {
    let mut desk = Desk::to_lunge();
    desk.app.sound = Sound::Missing;
    desk.press("p");
    let menu = desk.picture_in((80, 24), "dark", Depth::None, false);
    assert!(menu.content.iter().all(|cell| (cell.fg, cell.bg) == (Color::Reset, Color::Reset)));
    assert_eq!(cell(&menu, "▸ 1").modifier, Modifier::BOLD);
    assert_eq!(cell(&menu, "2  ").modifier, Modifier::empty());
    assert!(cell(&menu, "no sound").modifier.contains(Modifier::REVERSED));
}

#[test]
fn nothing_is_drawn_but_in_roles() {
    let mut desk = Desk::to_lunge();
    let mut pictures = vec![desk.picture_in((80, 24), "light", Depth::True, false)];
    desk.press("space").wait(700);
    pictures.push(desk.picture_in((200, 60), "light", Depth::True, false));
    desk.press("?");
    pictures.push(desk.picture_in((80, 24), "light", Depth::True, false));
    let theme = &desk.app.config.themes["light"];
    let of_theme: Vec<Color> = Role::ALL
        .map(|role| theme.role(role))
        .into_iter()
        .chain([theme.text])
        .map(|colour| colour.at(Depth::True))
        .collect();
    for cell in pictures.iter().flat_map(|picture| &picture.content) {
        assert!(of_theme.contains(&cell.fg), "{cell:?}");
        assert_eq!(cell.bg, theme.background.at(Depth::True), "{cell:?}");
    }
}

#[test]
fn between_two_tenths_only_the_cells_that_changed_are_written() {
    let mut desk = Desk::to_lunge();
    desk.press("space").wait(700);
    let picture = |desk: &Desk| desk.picture_in((200, 60), "dark", Depth::True, false);
    let before = picture(&desk);
    assert!(before.diff(&picture(&desk)).is_empty(), "nothing changed");
    let now = desk.now;
    desk.wait(crate::view::next_change(&desk.app).unwrap() - now);
    let after = picture(&desk);
    let written = before.diff(&after);
    assert!(written.iter().all(|(x, y, cell)| before[(*x, *y)] != **cell), "a cell was written that is the same");
    // Half of the screen is the most that one digit and a bar can take of it.
    let all = usize::from(after.area.width) * usize::from(after.area.height);
    assert!((1..all / 4).contains(&written.len()), "{} of {all}", written.len());
}
