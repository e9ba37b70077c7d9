//! What screens are put together from: the frame around them, and words that several of them have.

use crossterm::event::{KeyCode, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::LineGauge;
use unicode_width::UnicodeWidthStr;

use super::column::MEASURE;
use super::line::put;
use super::{cut, theme};
use crate::app::{App, Edit, Screen, Sound};
use crate::config::words::KeyNames;
use crate::keymap::{Action, Context, Key, Offer};
use crate::progress::Weeks;
use crate::protocol::Side;
use crate::session::Session;
use crate::session::event::{Part, Stage};
use crate::text::{clip, fill, pad};

/// The tallest that a page to be read is set; a larger window has it in its middle.
const TALLEST: u16 = 40;

/// Draws header and help bar, and returns the space between them.
pub fn around(app: &App, frame: &mut Frame<'_>, title: &str) -> Rect {
    let [header, bar, body, help] = layout(app, frame.area());
    let marks = marks(app, header.width.saturating_sub(title.width() as u16));
    let [left, right] = cut::columns(header, 0, [cut::REST, cut::Part::Just(marks.width() as u16)]);
    put(frame, Line::styled(heading(title, left.width.into()), theme::STRONG), left);
    put(frame, marks, right);
    match edit(app) {
        Some((told, style)) => put(frame, Line::styled(clip(&told, bar.width.into()), style), bar),
        None => progress(app, frame, bar),
    }
    help_bar(app, frame, help);
    body
}

/// `title` in at most `columns`; what stands behind its last dot, as the ankle does, is kept whole where it can be.
fn heading(title: &str, columns: usize) -> String {
    match title.rsplit_once(" · ") {
        Some((what, of)) if title.width() > columns && of.width() + 5 < columns => {
            format!("{} · {of}", clip(what, columns - of.width() - 3))
        }
        _ => clip(title, columns),
    }
}

/// The space that [`around`] leaves in `window`.
pub fn body(app: &App, window: Rect) -> Rect {
    let [_, _, body, _] = layout(app, window);
    body
}

/// Header, bar, body and help bar.
fn layout(app: &App, window: Rect) -> [Rect; 4] {
    let fills = app.context().is_seen_from_afar();
    let area = if fills { window } else { page(window) };
    let margin = if area.width >= 60 { 2 } else { 1 };
    let tall = area.height >= 20;
    let inside = area.inner(Margin { horizontal: margin, vertical: u16::from(tall) });
    let [header, bar, _, body, _, help] = cut::rows(
        inside,
        [
            cut::Part::Just(1),
            cut::Part::Just(1),
            cut::Part::Just(u16::from(tall)),
            cut::REST,
            cut::Part::Just(u16::from(area.height >= 28 && !fills)),
            cut::Part::Just(1),
        ],
    );
    [header, bar, body, help]
}

/// The middle of `window`, as large as is good to read.
fn page(window: Rect) -> Rect {
    let (width, height) = (window.width.min(MEASURE + 4), window.height.min(TALLEST));
    let (x, y) = ((window.width - width) / 2, (window.height - height) / 2);
    Rect { x: window.x + x, y: window.y + y, width, height }
}

/// What became of an edit of the configuration, while nothing moves.
fn edit(app: &App) -> Option<(String, Style)> {
    let words = &app.config.words.common;
    let told = match app.edit.as_ref().filter(|_| app.is_between_steps())? {
        Edit::Offered(_) => (with_keys(app, &words.edited), theme::ACCENT),
        Edit::Wrong(why) => (fill(&words.edit_wrong, &[("why", why)]), theme::WARNING),
        Edit::TakenOver { in_session: true } if app.has_chosen() => (words.edit_taken_plan.clone(), theme::TEXT),
        Edit::TakenOver { in_session: true } => (words.edit_taken.clone(), theme::TEXT),
        Edit::TakenOver { in_session: false } => (words.edit_later.clone(), theme::TEXT),
    };
    Some(told)
}

/// A thin line: how much of the session is done.
fn progress(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let ratio = match &app.screen {
        Screen::Session(sitting) => done(&sitting.session),
        _ => 0.0,
    };
    thin_bar(frame, area, ratio, theme::ACCENT);
}

fn done(session: &Session) -> f64 {
    let stages = session.plan().stages();
    let closed = stages.iter().filter(|stage| session.record().closed(**stage).is_some()).count();
    closed as f64 / stages.len().max(1) as f64
}

/// A thin bar over the width of `area`, filled to `ratio`.
pub fn thin_bar(frame: &mut Frame<'_>, area: Rect, ratio: f64, style: Style) {
    let gauge = LineGauge::default()
        .ratio(if ratio.is_finite() { ratio.clamp(0.0, 1.0) } else { 0.0 })
        .label("")
        .filled_symbol("━")
        .unfilled_symbol("─")
        .filled_style(style)
        .unfilled_style(Style::new().fg(theme::FAINT));
    // The gauge leaves a column for its label, which is empty here.
    let area = Rect { x: area.x.saturating_sub(1), width: area.width.saturating_add(1), ..area };
    frame.render_widget(gauge, area.intersection(frame.area()));
}

/// What is wrong with saving and sound, where nothing else is shown of them.
pub fn amiss(app: &App) -> Line<'static> {
    let marks = marks(app, u16::MAX).spans.into_iter();
    Line::from_iter(marks.filter(|mark| mark.style == theme::WARNING).flat_map(|mark| [Span::raw("  "), mark]))
}

/// Sound and saving, as far as there is room; what is wrong is shown in any case.
fn marks(app: &App, room: u16) -> Line<'static> {
    let words = &app.config.words.common;
    let mut marks = Vec::new();
    if app.not_saved.is_some() {
        marks.push(Span::styled(words.not_saved.clone(), theme::WARNING));
    }
    // Outside of a session no loudspeaker is asked, so that nothing is known of it.
    let sitting = match &app.screen {
        Screen::Session(sitting) => Some(sitting),
        Screen::SoundCheck(_) => None,
        _ => return Line::from_iter(marks),
    };
    let trains = |session: &Session, stage: Stage| stage.part == Part::Set || session.ends_by_itself(stage);
    if let Some(sitting) = sitting
        && sitting.session.stage().is_some_and(|stage| trains(&sitting.session, stage))
    {
        let minutes = sitting.session.plan().estimate(None).div_ceil(60_000);
        let length = counted(minutes, &words.minute, &words.minutes);
        let left = fill(&app.config.words.train.time_left, &[("length", &length)]);
        marks.push(Span::styled(left, theme::QUIET));
    }
    marks.push(match (app.muted || app.volume == 0, &app.sound) {
        (_, Sound::Remote) => Span::styled(words.remote.clone(), theme::QUIET),
        (_, Sound::Missing) => Span::styled(words.no_sound.clone(), theme::WARNING),
        (true, _) => Span::styled(words.muted.clone(), theme::WARNING),
        (false, Sound::Fine) => {
            let volume = app.volume.to_string();
            Span::styled(fill(&words.volume, &[("volume", &volume)]), theme::QUIET)
        }
    });
    if app.voiceless {
        marks.push(Span::styled(words.no_voice.clone(), theme::QUIET));
    }
    let wide = |marks: &[Span<'_>]| marks.iter().map(|mark| mark.width() + 2).sum::<usize>();
    while wide(&marks) > usize::from(room)
        && let Some(last) = marks.iter().rposition(|mark| mark.style == theme::QUIET)
    {
        marks.remove(last);
    }
    Line::from_iter(marks.into_iter().flat_map(|mark| [Span::raw("  "), mark]))
}

/// The keys of this place, the most needed first, as many as there is room for, and the one for help last. In a set
/// the key for pain is not left out for another either, and what one button does comes before both.
fn help_bar(app: &App, frame: &mut Frame<'_>, area: Rect) {
    const GAP: usize = 3;
    let one_button = app.config.settings.one_button;
    let mut keys = key_help(app, app.offers());
    keys.sort_by_key(|help| help.action == Action::Help);
    let entries: Vec<Line<'static>> = keys
        .iter()
        .map(|help| {
            Line::from(vec![
                Span::styled(help.short.clone(), theme::ACCENT),
                Span::styled(format!(" {}", help.label), theme::QUIET),
            ])
        })
        .collect();
    let mut fitting: Vec<usize> = (0..keys.len()).collect();
    fitting.sort_by_key(|index| match keys[*index].action {
        Action::Go | Action::Twice if one_button => 0,
        Action::Help => 1,
        Action::Ouch if app.context().is_seen_from_afar() => 1,
        _ => 2,
    });
    let mut room = usize::from(area.width) + GAP;
    fitting.retain(|index| {
        let needs = entries[*index].width() + GAP;
        let fits = needs <= room;
        room -= if fits { needs } else { 0 };
        fits
    });
    let gap = || Span::raw(" ".repeat(GAP));
    let shown = entries.into_iter().enumerate().filter(|(index, _)| fitting.contains(index)).map(|(_, entry)| entry);
    let spans = shown.enumerate().flat_map(|(place, entry)| (place > 0).then(gap).into_iter().chain(entry.spans));
    put(frame, Line::from_iter(spans), area);
}

/// The keys of one thing that can be done.
pub struct KeyHelp {
    /// What is done.
    action: Action,
    /// The key that is named where there is little room.
    short: String,
    /// All of them.
    pub keys: String,
    /// What they do.
    pub label: String,
}

/// The keys of `offers`; those that do the same stand together.
pub fn key_help(app: &App, offers: impl IntoIterator<Item = &'static Offer>) -> Vec<KeyHelp> {
    let bindings = app.config.keys.all();
    let typing = app.context() == Context::Note;
    let offers: Vec<_> = offers.into_iter().collect();
    let has_lines = offers.iter().any(|(action, _)| *action == Action::NextLine);
    let mut help: Vec<KeyHelp> = Vec::new();
    for (action, label) in offers {
        let (label, key_names) = (label(&app.config.words.keys), &app.config.words.key_names);
        let bound = bindings.iter().find(|(bound, ..)| bound == action).map_or(&[][..], |(.., keys)| keys);
        // Where there is no list, the key that goes through one takes back.
        let takes_back = *action == Action::Back && !has_lines;
        let also = if takes_back { app.config.keys.next_line.as_slice() } else { &[] };
        let mut bound: Vec<&Key> = bound.iter().chain(also).filter(|key| !(typing && key.types())).collect();
        bound.sort_by_key(|key| !is_preferred(app, **key));
        let mut names: Vec<String> = bound.into_iter().map(|key| key_name(key_names, *key)).collect();
        if *action == Action::Twice {
            names.push(key_that_takes(app));
        }
        let Some(first) = names.first() else { continue };
        match help.iter_mut().find(|told| told.label == label) {
            Some(told) => {
                let pair = [("↑", Action::Down), ("←", Action::Right)];
                if pair.contains(&(told.short.as_str(), *action)) {
                    told.short.push_str(first);
                }
                told.keys = format!("{} {}", told.keys, names.join(" "));
            }
            None => help.push(KeyHelp {
                action: *action,
                short: first.clone(),
                keys: names.join(" "),
                label: label.to_owned(),
            }),
        }
    }
    help
}

/// What `key` is called on the screen: `Ctrl-L`, an arrow, a letter.
pub fn key_name(names: &KeyNames, key: Key) -> String {
    let held =
        [(KeyModifiers::CONTROL, &names.ctrl), (KeyModifiers::ALT, &names.alt), (KeyModifiers::SHIFT, &names.shift)];
    let held = held.into_iter().filter(|(modifier, _)| key.modifiers().contains(*modifier));
    let mut name: String = held.flat_map(|(_, name)| [name.as_str(), "-"]).collect();
    match key.code() {
        KeyCode::Char(' ') => name.push_str(&names.space),
        KeyCode::Char(letter) if key.modifiers().is_empty() => name.push(letter),
        KeyCode::Char(letter) => name.extend(letter.to_uppercase()),
        KeyCode::Enter => name.push_str(&names.enter),
        KeyCode::Tab => name.push_str(&names.tab),
        KeyCode::Backspace => name.push_str(&names.backspace),
        KeyCode::Esc => name.push_str(&names.esc),
        KeyCode::Insert => name.push_str(&names.insert),
        KeyCode::Delete => name.push_str(&names.delete),
        KeyCode::Home => name.push_str(&names.home),
        KeyCode::End => name.push_str(&names.end),
        KeyCode::PageUp => name.push_str(&names.pageup),
        KeyCode::PageDown => name.push_str(&names.pagedown),
        KeyCode::Up => name.push('↑'),
        KeyCode::Down => name.push('↓'),
        KeyCode::Left => name.push('←'),
        KeyCode::Right => name.push('→'),
        other => {
            let written = String::from(Key::plain(other));
            let mut letters = written.chars();
            name.extend(letters.next().into_iter().flat_map(char::to_uppercase).chain(letters));
        }
    }
    name
}

/// `template` with `{go}` and `{back}` replaced by the keys that go on and take back.
pub fn with_keys(app: &App, template: &str) -> String {
    let keys = &app.config.keys;
    let named = [
        ("go", &keys.go),
        ("back", &keys.back),
        ("skip", &keys.skip),
        ("check", &keys.sound_check),
        ("take-over", &keys.take_over),
    ];
    fill(template, &named.map(|(name, keys)| (name, first_key(app, keys))))
}

/// The key that takes the line that is chosen: one button goes from line to line, and takes one when it is pressed twice.
pub fn key_that_takes(app: &App) -> String {
    let twice = if app.config.settings.one_button { "2×" } else { "" };
    format!("{twice}{}", first_key(app, &app.config.keys.go))
}

/// The name of the first of `keys`.
pub fn first_key(app: &App, keys: &[Key]) -> String {
    let first = keys.iter().find(|key| is_preferred(app, **key)).or(keys.first());
    first.map(|key| key_name(&app.config.words.key_names, *key)).unwrap_or_default()
}

/// What the key of a remote for a black screen types.
const BLACK_SCREEN: char = '.';

/// Whether `key` is named before others for the same: the person has a remote in hand, and it is one of its keys.
fn is_preferred(app: &App, key: Key) -> bool {
    app.presenter && (key.is_of_remote() || key == Key::plain(KeyCode::Char(BLACK_SCREEN)))
}

/// `side` in words: "Left ankle".
pub fn ankle(app: &App, side: Option<Side>) -> &str {
    app.config.words.common.ankle(side)
}

/// The `title` of what is done on `side`, with the ankle where it is done on one.
pub fn titled(app: &App, title: &str, side: Option<Side>) -> String {
    match side {
        Some(_) => format!("{title} · {}", ankle(app, side)),
        None => title.to_owned(),
    }
}

/// `side` in words, as wide as the wider of the two ankles.
pub fn ankle_column(app: &App, side: Option<Side>) -> String {
    let width = Side::BOTH.map(|side| ankle(app, Some(side)).width()).into_iter().max().unwrap_or(0);
    let name = ankle(app, side);
    pad(name, width + 2)
}

/// `side` in one word: "left".
pub fn side_word(app: &App, side: Option<Side>) -> &str {
    app.config.words.common.side(side)
}

/// Training days of this week against the goal, weeks in a row, and the sum of all.
pub fn week_words(app: &App, weeks: Weeks) -> String {
    let words = &app.config.words.progress;
    let Weeks { days, streak, sessions } = weeks;
    let goal = app.config.progress.weekly_goal;
    let week = fill(&words.this_week, &[("days", &days.to_string()), ("goal", &goal.to_string())]);
    let template = if streak.forgiven > 0 { &words.streak_forgiven } else { &words.streak };
    let values = [("weeks", streak.weeks.to_string()), ("forgiven", streak.forgiven.to_string())];
    let row = (streak.weeks > 1).then(|| fill(template, &values));
    let total = (sessions > 0).then(|| counted(sessions, &words.total_one, &words.total));
    // Each of them stays in one line, where the room is short.
    let whole = |told: String| told.replace(' ', "\u{a0}");
    [Some(week), row, total].into_iter().flatten().map(whole).collect::<Vec<_>>().join(" · ")
}

/// A warning where something spoke against training today, or today's sessions are enough, beside the one that is under way
/// or can go on.
pub fn against_training(app: &App) -> Option<String> {
    let words = &app.config.words;
    if app.is_stopped() {
        return Some(words.home.stopped_today.clone());
    }
    let done = app.sessions_today();
    app.has_done_enough().then(|| counted(done.into(), &words.progress.enough_one, &words.progress.enough))
}

/// `count` with the right form of its noun.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    fill(if count == 1 { one } else { many }, &[("n", &count.to_string())])
}

#[cfg(test)]
mod tests {
    use super::{KeyCode, heading, key_name};
    use crate::config::Config;
    use crate::keymap::Key;

    #[test]
    fn a_key_is_called_by_its_words_or_its_sign() {
        let names = &Config::built_in().words.key_names;
        for (written, shown) in [
            ("space", "Space"),
            ("pagedown", "PageDown"),
            ("ctrl-l", "Ctrl-L"),
            ("ctrl-alt-left", "Ctrl-Alt-←"),
            ("f5", "F5"),
            ("p", "p"),
            ("?", "?"),
        ] {
            assert_eq!(key_name(names, written.parse().unwrap()), shown);
        }
        assert_eq!(key_name(names, Key::plain(KeyCode::Char('-'))), "-");
    }

    #[test]
    fn a_heading_that_is_too_long_keeps_its_ankle() {
        let title = "Was hält das Knie auf? · Linker Fuß";
        for (columns, shown) in
            [(35, title), (34, "Was hält das Knie au… · Linker Fuß"), (16, "Wa… · Linker Fuß"), (8, "Was häl…")]
        {
            assert_eq!(heading(title, columns), shown);
        }
        assert_eq!(heading("Calf rolling", 8), "Calf ro…");
    }
}
