//! Words in other scripts, as a translation or a person's own protocol brings them.

use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::{Desk, mine};
use crate::kept::Past;

/// Chinese; Hebrew; Arabic with its vowels; accents that stand apart; a family of emoji.
const TITLES: &str = r#"
    [exercise.calf-roll]
    title = "小腿滚压"
    [exercise.front-band]
    title = "גומייה מלפנים"
    [exercise.behind-band]
    title = "Pie\u0301ce 👨‍👩‍👧"
    [words.common]
    left-ankle = "كَاحِل"
    right-ankle = "右脚踝"
    [words.plan]
    sides = "أَيُّ كاحل"
"#;

#[test]
fn columns_line_up_in_every_script() {
    let mut desk = Desk::of(mine(TITLES), Past::default());
    desk.press("space 1 2 space").press("space 2 space 3").press("2 2 3");

    let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    terminal
        .draw(|frame| {
            crate::view::draw(&desk.app, frame);
        })
        .unwrap();
    let picture = terminal.backend().buffer();
    // The column of the screen, not of the text: a wide sign takes two cells, a combining one none.
    let columns = |text: &str| -> Vec<usize> {
        let signs: Vec<String> = text.chars().map(String::from).collect();
        let rows = picture.content.chunks(80);
        rows.filter_map(|row| {
            row.windows(signs.len()).position(|cells| cells.iter().map(|cell| cell.symbol()).eq(signs.iter()))
        })
        .collect()
    };
    let (rounds, findings) = (columns("2 rounds"), columns("about "));
    assert_eq!(rounds.len(), 3, "{picture:?}");
    assert!(rounds.iter().all(|column| *column == rounds[0]), "{rounds:?}\n{picture:?}");
    assert!(findings.len() >= 2 && findings[0] == findings[1], "{findings:?}\n{picture:?}");
}

#[test]
fn a_word_without_big_letters_is_shown_in_small_ones() {
    let words = "[words.common]\nleft = \"левая\"\nright = \"правая\"\n\
                 [exercise.front-band.phase.forward]\nname = \"Vpřed\"\n";
    for size in [(80, 24), (200, 60)] {
        let mut desk = Desk::of(mine(words), Past::default());
        desk.press("space 1 2 space").press("space 2 space 3").press("2 2 3");
        while desk.app.context() != crate::keymap::Context::Counted {
            desk.wait(800).press("space");
        }
        assert!(desk.picture(size).contains("Vpřed"), "{}", desk.picture(size));
        desk.press("d");
        let afar = desk.picture(size);
        assert!(afar.contains("Vpřed") && (afar.contains("ЛЕВАЯ") || afar.contains("ПРАВАЯ")), "{afar}");
    }
}
