//! Lines of text put into a picture.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

/// Puts `line` into the first row of `area`, from the left, as ratatui's own widget does.
///
/// That looks for the ends of the signs in every text, which would be a sixth of the work for a page.
pub fn put<'a>(frame: &mut Frame<'_>, line: impl Into<Line<'a>>, area: Rect) {
    render(&line.into(), area, frame.buffer_mut());
}

fn render(line: &Line<'_>, area: Rect, buffer: &mut Buffer) {
    let area = area.intersection(buffer.area);
    let is_seen = |span: &Span<'_>| span.content.starts_with(is_plain) || span.width() > 0;
    if area.is_empty() || !line.spans.iter().any(is_seen) {
        return;
    }
    let mut room = Rect { height: 1, ..area };
    // A style that says nothing would be said to every cell.
    if line.style != Style::new() {
        buffer.set_style(room, line.style);
    }
    for span in &line.spans {
        let columns = if span.content.chars().all(is_plain) {
            render_plain(span, room, buffer)
        } else {
            let columns = span.width();
            if columns > 0 {
                span.render(room, buffer);
            }
            columns.min(room.width.into()) as u16
        };
        room = Rect { x: room.x + columns, width: room.width - columns, ..room };
        if room.is_empty() {
            break;
        }
    }
}

/// Puts a span of plain signs into `room`, and returns how many columns it took.
fn render_plain(span: &Span<'_>, room: Rect, buffer: &mut Buffer) -> u16 {
    let start = buffer.index_of(room.x, room.y);
    let cells = &mut buffer.content[start..start + usize::from(room.width)];
    let mut columns = 0;
    for (sign, cell) in span.content.chars().zip(cells) {
        cell.set_char(sign).set_style(span.style);
        columns += 1;
    }
    columns
}

/// Whether `c` is a sign by itself beside others like it, and takes one column.
fn is_plain(c: char) -> bool {
    match c {
        ' '..='~' => true,
        '\u{ad}' => false,
        // Latin letters and signs; dashes and quotation marks; frames, bars and blocks.
        '\u{a1}'..='\u{2ff}' | '\u{2010}'..='\u{2027}' | '\u{2190}'..='\u{2193}' | '\u{2500}'..='\u{25a0}' => true,
        '▸' | '◂' | '▲' | '▼' | '○' | '●' | '◆' | '✓' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::style::{Color, Modifier};

    use super::*;

    const ROOM: Rect = Rect { x: 2, y: 1, width: 12, height: 3 };

    fn style() -> impl Strategy<Value = Style> {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        prop::sample::select(vec![Style::new(), Style::new().fg(Color::Red), bold, bold.bg(Color::Blue)])
    }

    fn line() -> impl Strategy<Value = Line<'static>> {
        let span = ("[ -~]{0,5}|[a-cé–…▸●✓█ ]{0,5}|[a脚e\u{301}👨‍👩‍👧☺\u{fe0f}אب\u{ad}]{0,5}|.{0,3}", style());
        let spans = prop::collection::vec(span.prop_map(|(text, style)| Span::styled(text, style)), 0..4);
        (spans, style()).prop_map(|(spans, style)| Line::from(spans).style(style))
    }

    proptest! {
        #[test]
        fn a_line_is_put_as_ratatui_puts_it(below in line(), line in line(), x in 0..20_u16, y in 0..6_u16, width in 0..20_u16) {
            let area = Rect { x, y, width, height: 2 };
            let mut expected = Buffer::empty(ROOM);
            below.render(ROOM, &mut expected);
            let mut picture = expected.clone();
            render(&line, area, &mut picture);
            line.render(area, &mut expected);
            prop_assert_eq!(picture, expected);
        }
    }

    #[test]
    fn a_plain_sign_takes_a_column() {
        let plain = ('\0'..=char::MAX).filter(|c| is_plain(*c));
        let wrong: Vec<char> = plain.filter(|c| Span::raw(c.to_string()).width() != 1).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}
