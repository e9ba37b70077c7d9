//! What stands in ASCII for the signs that screens are drawn with: always one for one.

/// The signs and their counterparts.
const SIGNS: [(&str, char); 24] = [
    ("█■▉▊▋▙▟▛▜", '#'),
    ("▀▔▘▝", '"'),
    ("▄▃▅", 'm'),
    ("▁▂▖▗", '_'),
    ("▆▇", 'M'),
    ("▌▍▎▏▐▕│┃║╎┆┊", '|'),
    ("▚╲", '\\'),
    ("▞╱", '/'),
    ("━═", '='),
    ("·─╌┄┈‐‑‒–—―−", '-'),
    ("┌┐└┘├┤┬┴┼╭╮╰╯╔╗╚╝┏┓┗┛", '+'),
    ("▸▶►→»›≥", '>'),
    ("◂◀◄←«‹≤", '<'),
    ("↑▲▴", '^'),
    ("↓▼▾", 'v'),
    ("∙…", '.'),
    ("•★◆♦", '*'),
    ("●", '@'),
    ("○◯□◦°", 'o'),
    ("✓✔", '+'),
    ("×✗✘", 'x'),
    ("░", ':'),
    ("▒", '%'),
    ("▓", '&'),
];

/// The ASCII sign for `symbol`; `None` where there is none, as for letters of other scripts.
pub fn sign(symbol: &str) -> Option<char> {
    let mut chars = symbol.chars();
    let (Some(sign), None) = (chars.next(), chars.next()) else { return None };
    match sign {
        '\u{2800}'..='\u{28ff}' => Some(dots(sign as u32 - 0x2800)),
        '\u{a0}' => Some(' '),
        '‘' | '’' | '′' => Some('\''),
        '“' | '”' | '„' | '″' => Some('"'),
        '≈' | '±' => Some('~'),
        _ => SIGNS.iter().find(|(signs, _)| signs.contains(sign)).map(|(_, ascii)| *ascii),
    }
}

/// `text` with the signs in it in ASCII.
pub fn signs(text: &str) -> String {
    text.chars().map(|c| sign(c.encode_utf8(&mut [0; 4])).unwrap_or(c)).collect()
}

/// A braille pattern of two columns and four rows of dots, one bit each, by where its dots are.
fn dots(pattern: u32) -> char {
    const ROWS: [u32; 4] = [0o11, 0o22, 0o44, 0o300];
    const LEFT: u32 = 0o107;
    let rows = |column: u32| (0..4).filter(move |row| pattern & column & ROWS[*row] != 0);
    let (left, right) = (rows(LEFT), rows(!LEFT));
    let inked = ROWS.map(|row| pattern & row != 0);
    // A slope: all of one column is above all of the other, over three rows at least.
    let falls =
        |upper: Option<usize>, lower: Option<usize>| upper.zip(lower).is_some_and(|(upper, lower)| upper < lower);
    let steep = inked.iter().filter(|row| **row).count() >= 3;
    match (pattern.count_ones(), inked) {
        (0, _) => ' ',
        (6.., _) => '#',
        _ if steep && falls(left.clone().max(), right.clone().min()) => '\\',
        _ if steep && falls(right.max(), left.min()) => '/',
        (_, [_, false, false, false]) => '\'',
        (_, [true, true, false, false]) => '"',
        (_, [false, true, false, false] | [false, false, true, false] | [false, true, true, false]) => '-',
        (_, [false, false, _, true]) => '.',
        _ if pattern & LEFT == 0 || pattern & !LEFT == 0 => '|',
        _ => ':',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_has_one_counterpart_and_it_is_ascii() {
        let signs: Vec<char> = SIGNS.iter().flat_map(|(signs, _)| signs.chars()).collect();
        for (index, known) in signs.iter().enumerate() {
            assert!(!signs[..index].contains(known), "{known} twice");
        }
        assert!(SIGNS.iter().all(|(signs, ascii)| !signs.is_ascii() && ascii.is_ascii_graphic()));
    }

    #[test]
    fn dots_become_the_sign_that_has_ink_in_the_same_places() {
        let shown = |text: &str| text.chars().filter_map(|dot| sign(&dot.to_string())).collect::<String>();
        assert_eq!(shown("⠀⠁⠉⠛⠒⠤⣀⡇⢸⣿⢣⡜"), " ''\"--.||#\\/");
        assert!(('\u{2800}'..='\u{28ff}').all(|dot| sign(&dot.to_string()).is_some_and(|sign| sign.is_ascii())));
    }

    #[test]
    fn letters_of_other_scripts_have_none() {
        assert_eq!(signs("über ±0 cm → 2 · „a“"), "über ~0 cm > 2 - \"a\"");
        assert_eq!(["é", "漢", "א", "e\u{301}"].map(sign), [None; 4]);
    }
}
