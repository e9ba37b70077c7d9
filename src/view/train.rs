//! The training screen, read from three metres: which ankle, what now, how much longer, which rep.

mod movement;
mod picture;

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use ratatui::text::Line;
use unicode_width::UnicodeWidthStr;

use super::cut::Part::Just;
use super::cut::REST;
use super::digits::{Big, Size};
use super::line::put;
use super::{cut, parts, theme};
use crate::app::{App, Seen, Sitting};
use crate::protocol::Work;
use crate::session::Session;
use crate::session::event::Stage;
use crate::text::wrap;
pub use movement::{at_rest, next_change};
use picture::{Number, Picture};

/// The least room in which a figure stands beside the numbers, in columns and rows.
const FIGURE: (u16, u16) = (60, 13);
/// Columns between two things beside each other.
const GAP: u16 = 2;
/// Pixels of the font between the count and the time, where there is room for them.
const NUMBERS_GAP: u16 = 5;
/// Pixels of the font between seconds and their tenths.
const TENTHS_GAP: u16 = 1;

pub fn draw(app: &App, sitting: &Sitting, frame: &mut Frame<'_>) -> Seen {
    let Some(stage) = sitting.session.stage() else { return Seen::default() };
    let picture = Picture::of(app, sitting, stage);
    let mut figure = 0;
    if app.distant {
        let area = frame.area();
        let margin =
            Margin { horizontal: if area.width >= 60 { 2 } else { 1 }, vertical: u16::from(area.height >= 20) };
        let amiss = parts::amiss(app);
        if let Some(picture) = picture {
            let mut room = area.inner(margin);
            let best = picture.afar().first().map_or(0, |text| text.width());
            // What is amiss takes the end of the last line, and nothing else's.
            let is_beside = margin.vertical > 0 || best + amiss.width() < usize::from(room.width);
            if amiss.width() > 0 && !is_beside {
                room.height -= 1;
            }
            from_afar(&picture, frame, room);
        }
        let [_, below] = cut::rows(area, [REST, Just(1)]);
        let [_, right] = cut::columns(below, 0, [REST, Just(amiss.width() as u16 + 1)]);
        put(frame, amiss, right);
    } else {
        let title = match sitting.session.exercise() {
            Some(exercise) => exercise.title.clone(),
            None => rest_title(&sitting.session, stage),
        };
        let body = parts::around(app, frame, &title);
        if let Some(picture) = picture {
            figure = compose(&picture, frame, body);
        }
    }
    Seen { all: true, figure: Some(figure), ..Seen::default() }
}

/// The heading of a rest that is a step of its own.
fn rest_title(session: &Session, stage: Stage) -> String {
    match &session.protocol().steps[stage.step].work {
        Work::Rest { title, .. } => title.clone(),
        _ => String::new(),
    }
}

/// Everything: words and numbers, the figure beside them where there is room, what comes next below. Returns how many
/// points high the figure is.
fn compose(picture: &Picture, frame: &mut Frame<'_>, body: Rect) -> u16 {
    let longest = picture.next.first().map_or(0, |text| wrap(text, usize::from(body.width)).len());
    let next_rows = if body.height >= 18 { longest.clamp(1, 2) as u16 } else { 1 };
    let [main, next] = cut::rows(body, [REST, Just(next_rows)]);
    self::next(&picture.next, frame, next);
    match &picture.scene {
        Some(scene) if main.width >= FIGURE.0 && main.height >= FIGURE.1 => {
            let columns = scene.columns_for(main.height).min(main.width * 3 / 8);
            let [words, figure] = cut::columns(main, GAP, [REST, Just(columns)]);
            told(picture, frame, words);
            frame.render_widget(scene, figure);
            scene.points_high(figure)
        }
        _ => {
            told(picture, frame, main);
            0
        }
    }
}

/// What comes next, in the fullest wording that fits.
fn next(wordings: &[impl AsRef<str>], frame: &mut Frame<'_>, area: Rect) {
    let wrapped = wordings.iter().map(|text| wrap(text.as_ref(), usize::from(area.width)));
    let fitting = wrapped.into_iter().find(|lines| lines.len() <= usize::from(area.height));
    for (line, row) in fitting.unwrap_or_default().into_iter().zip(area.rows()) {
        put(frame, Line::styled(line, theme::QUIET), row);
    }
}

/// The phase as text: its sign, then its word.
fn phase_text(picture: &Picture) -> String {
    format!("{} {}", picture.sign, picture.phase)
}

/// Words, numbers and bars.
fn told(picture: &Picture, frame: &mut Frame<'_>, area: Rect) {
    let text = phase_text(picture);
    // The word gets a quarter of the height, the digits the rest.
    let word_rows = if area.height >= FIGURE.1 { (area.height / 4).max(Size::ROWS) } else { 0 };
    let size = Size::fitting(Big::pixels(&text), area.width, word_rows, picture.ink);
    let word_rows = size.map_or(0, |size| size.rows() + 1);
    let tell_rows = if area.height >= 30 { 2 } else { 1 };
    let parts = [Just(1), Just(word_rows), Just(tell_rows), REST, Just(1), Just(1)];
    let [place, word, tell, digits, captions, bars] = cut::rows(area, parts);

    let mut headline = Line::default();
    match size {
        Some(size) => {
            let below = Rect { y: word.y + 1, height: word.height - 1, ..word };
            frame.render_widget(&Big::new(&text, size, picture.style), below);
        }
        None => headline.push_span(ratatui::text::Span::styled(format!("{text}  "), picture.style)),
    }
    let fits = headline.width() + picture.place.width() <= usize::from(place.width);
    let told = if fits { &picture.place } else { &picture.place_in_brief };
    headline.push_span(ratatui::text::Span::styled(told.as_str(), theme::STRONG));
    put(frame, headline, place);
    let telling = Rect { y: tell.bottom().saturating_sub(1), height: 1, ..tell };
    let lines = wrap(&picture.tell, usize::from(tell.width));
    let room = if lines.len() <= usize::from(tell.height) && tell_rows > 1 { tell } else { telling };
    for (line, row) in lines.into_iter().zip(room.rows()) {
        put(frame, Line::styled(line, theme::TEXT), row);
    }

    let room = picture.count.as_ref().map_or(0, |number| number.room);
    let [count, time] = numbers(picture, frame, digits, room);
    let beside = |row: Rect, column: Rect| Rect { x: column.x, width: column.width, ..row };
    for (number, column) in [(&picture.count, count), (&picture.time, time)] {
        if let Some(Number { caption, .. }) = number {
            put(frame, Line::styled(caption.as_str(), theme::QUIET), beside(captions, column));
        }
    }
    if let Some(done) = picture.done {
        parts::thin_bar(frame, beside(bars, count), done, theme::STRONG);
    }
    parts::thin_bar(frame, beside(bars, time), picture.progress, picture.style);
}

/// The count on the left and the time on the right, as large as there is room for, and the columns that each has. In
/// place of a time that nobody knows stands the sign of the phase. Below the count there is room for `words` columns.
fn numbers(picture: &Picture, frame: &mut Frame<'_>, area: Rect, words: u16) -> [Rect; 2] {
    let texts = [&picture.count, &picture.time].map(|number| number.as_ref().map(|number| &number.widest));
    let [count, time] = texts.map(|widest| widest.map_or(0, |digits| Big::pixels(&digits.replace('0', "8"))));
    // Room for tenths there always is, so that the other digits keep their size and place.
    let tenths = if time > 0 { Big::pixels(".8") + TENTHS_GAP } else { 0 };
    let between = if count > 0 { GAP } else { 0 };
    let fitting = |tenths: u16| {
        let fitting = |pixels: u16, taken: u16| {
            Size::fitting_digits(pixels, area.width.saturating_sub(taken), area.height, picture.ink)
        };
        fitting(count + time + tenths, between).min(fitting(time + tenths, between + words))
    };
    // Half as wide, where that is more than nothing.
    let size = fitting(tenths.div_ceil(2)).filter(|size| size.is_halved()).or_else(|| fitting(tenths));
    let columns = size.map_or(area.width / 2, |size| size.columns(count).max(words));
    // As far apart as digits of two numbers have to be, where there is room for it: 11 and 2 is not 112.
    let apart = size.map_or(between, |size| {
        let taken = columns + size.columns(time + tenths.div_ceil(2));
        size.columns(NUMBERS_GAP).min(area.width.saturating_sub(taken)).max(between)
    });
    let [left, right] = match count {
        0 => [Rect { width: 0, ..area }, area],
        _ => cut::columns(area, apart, [Just(columns), REST]),
    };
    let is_enough = picture.count.as_ref().is_some_and(|count| count.is_enough);
    let count_style = if is_enough { theme::ACCENT } else { theme::STRONG };
    let numbers = [(&picture.count, left, count_style), (&picture.time, right, picture.style)];
    for (number, place, style) in numbers {
        let Some(number) = number else { continue };
        let Some(size) = size else {
            put(frame, Line::styled(format!("{}{}", number.text, number.tenths), style), place);
            continue;
        };
        let down = place.height.saturating_sub(size.digit_rows()) / 2;
        let place = Rect { y: place.y + down, height: place.height - down, ..place };
        let large = Big::new(&number.text, size, style);
        frame.render_widget(&large, place);
        let (small, right) = (size.smaller(), (large.width() + size.columns(TENTHS_GAP)).min(place.width));
        let down = size.digit_rows() - small.digit_rows();
        let beside = Rect { x: place.x + right, y: place.y + down, width: place.width - right, height: small.rows() };
        frame.render_widget(&Big::new(&number.tenths, small, style), beside);
    }
    [left, right]
}

/// Side, phase, rep and time over the whole screen, and in one line what comes next or, between sets, what to do.
fn from_afar(picture: &Picture, frame: &mut Frame<'_>, area: Rect) {
    let rows = headline(picture, frame, area);
    let air = u16::from(area.height >= 16);
    let told = picture.afar();
    // On a large screen it is read from afar too.
    let fitting = |text: &&str| Size::fitting(Big::pixels(text), area.width, area.height / 10, picture.ink);
    let next_size = told.iter().find_map(fitting);
    let parts = [Just(rows), Just(air), REST, Just(next_size.map_or(1, Size::rows))];
    let [_, _, digits, next] = cut::rows(area, parts);
    numbers(picture, frame, digits, 0);
    let fits = |text: &&&str, size: Size| size.columns(Big::pixels(text)) <= next.width;
    match next_size.and_then(|size| Some((size, told.iter().find(|text| fits(text, size))?))) {
        Some((size, text)) => frame.render_widget(&Big::new(text, size, theme::QUIET), next),
        None => self::next(&told, frame, next),
    }
}

/// Side and phase on top of `area`, beside each other or one below the other, as there is room; returns their rows.
fn headline(picture: &Picture, frame: &mut Frame<'_>, area: Rect) -> u16 {
    let (side, phase) = (picture.side.to_uppercase(), phase_text(picture));
    let words = format!("{side}  {phase}");
    let fitting = |text: &str, lines: u16| {
        let size = Size::fitting(Big::pixels(text), area.width, (area.height / 5).max(Size::ROWS), picture.ink);
        size.filter(|size| area.height > lines * size.rows() + Size::ROWS)
    };
    let beside = fitting(&words, 1);
    let below = fitting(&side, 2).min(fitting(&phase, 2)).filter(|_| !side.is_empty());
    let (size, places, rows) = match (beside, below) {
        (Some(size), _) => {
            let columns = size.columns(Big::pixels(&format!("{side}  ")) + 1);
            (size, cut::columns(area, 0, [Just(columns), REST]), size.rows())
        }
        (None, Some(size)) => (size, cut::rows(area, [Just(size.rows()), REST]), 2 * size.rows()),
        (None, None) => {
            put(frame, Line::styled(words, picture.style), area);
            return 1;
        }
    };
    let texts = [(side, theme::STRONG), (phase, picture.style)];
    for ((text, style), place) in texts.iter().zip(places) {
        frame.render_widget(&Big::new(text, size, *style), place);
    }
    rows
}
