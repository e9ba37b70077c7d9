//! Looking back: weeks, days, the list, and one session opened, noted on, put right and removed.

use jiff::ToSpan;
use jiff::civil::date;

use super::*;
use crate::app::Page;
use crate::kept::Amendment;
use crate::progress::Habit;
use crate::protocol::Side;
use crate::protocol::quantity::{Length, RepRange};
use crate::session::digest::{Measured, SetDone};
use crate::session::event::{Ending, Reading, SetEnd};
use crate::session::reading::distance;
use crate::session::record::Record;

/// A session of training, with a test of both ankles where there is one: how far each was from the wall, in mm.
pub fn trained(id: i64, began: DateTime, test: Option<[i32; 2]>) -> Line {
    let config = Config::built_in();
    let wall = config.test("wall").unwrap();
    let readings = test.into_iter().flat_map(|gaps| {
        Side::BOTH.into_iter().zip(gaps).map(|(side, gap)| {
            let reading = Reading::Gap(Length::from_mm(gap));
            let distance = distance(wall, reading);
            Measured { test: "wall".to_owned(), side: Some(side), again: false, reading, distance }
        })
    });
    let sets = Side::BOTH.map(|side| SetDone {
        exercise: "front-band".to_owned(),
        title: "Band in front".to_owned(),
        side: Some(side),
        round: 1,
        reps: 12,
        range: RepRange::new(10, 15).unwrap(),
        how: Some(SetEnd::Enough),
        repositioned: false,
    });
    let digest = Digest {
        protocol: "ankle".to_owned(),
        title: "Ankle session".to_owned(),
        ending: Some(Ending::Finished),
        readings: readings.collect(),
        sets: sets.into(),
        ..Digest::default()
    };
    Line { id, began: began.in_tz("Europe/Berlin").unwrap(), note: String::new(), digest }
}

/// Weeks of training on three days each, with one week left out; the left ankle gains, the right one does not.
pub fn weeks() -> Vec<Line> {
    let monday = date(2026, 10, 12);
    let days = [0, 2, 4, 7, 9, 11, 14, 16, 18, 28, 30, 32, 35, 37, 39];
    let gaps = [[32, 41], [30, 40], [24, 41], [18, 40], [11, 39], [8, 40]];
    let lines = days.into_iter().enumerate().map(|(index, day)| {
        let test = (index % 3 == 0 || index == 14).then(|| gaps[index.div_ceil(3)]);
        let mut line = trained(index as i64 + 1, monday.saturating_add(day.days()).at(18, 30, 0, 0), test);
        if index == 13 {
            line.note = "new band, the red one".to_owned();
        }
        line
    });
    let mut lines: Vec<Line> = lines.collect();
    lines.reverse();
    lines
}

/// A desk with `lines` in the store, on Friday, 20 November 2026.
pub fn desk_with(lines: Vec<Line>) -> Desk {
    desk_of(Desk::new(), lines)
}

/// The same in the words of `desk`.
pub fn desk_of(mut desk: Desk, lines: Vec<Line>) -> Desk {
    let habit: Habit = lines.iter().map(|line| line.began.date()).collect();
    desk.app.remember(Past { habit, ..Past::default() }, None, here(date(2026, 11, 20).at(20, 0, 0, 0)));
    desk.app.read(lines);
    desk
}

/// A session that was ended early after two reps, as the store keeps it.
pub fn kept(ended: bool) -> Kept {
    let mut before = Desk::to_lunge();
    before.press("space").wait(5_000).press("space").wait(5_000);
    if ended {
        before.press("q 3");
    }
    let protocol = before.app.config.protocols["ankle"].clone();
    Kept { id: 1, began: here(date(2026, 11, 20).at(18, 30, 0, 0)), protocol, events: before.events }
}

/// The desk with that session opened.
pub fn opened() -> Desk {
    let mut desk = desk_with(vec![trained(1, date(2026, 11, 20).at(18, 30, 0, 0), None)]);
    desk.press("h space space");
    assert_eq!(desk.app.press(0, Action::Go), [Effect::Open(1)]);
    desk.app.opened(kept(true));
    desk
}

#[test]
fn a_rating_after_exercise_is_shown_where_the_one_before_was_skipped() {
    let text = r#"
        [settings]
        protocols = ["mine"]
        [protocol.mine]
        title = "Mine"
        summary = "A number, twice"
        [protocol.mine.step.before]
        kind = "ask"
        question = "pain"
        [protocol.mine.step.after]
        kind = "ask"
        question = "pain"
        repeats = "before"
    "#;
    let config = mine(text);
    let protocol = config.protocols["mine"].clone();
    let mut desk = Desk::of(config, Past::default());
    desk.press("space s right right space");
    let told = |desk: &Desk| {
        let shown = desk.picture((80, 24));
        assert!(shown.contains("2 afterwards") && !shown.contains("at the start"), "{shown}");
    };
    told(&desk);
    let digest = Digest::of(&protocol, &Record::of(&desk.events));
    let rated: Vec<_> = crate::phrase::rated(&digest).into_iter().map(|rated| rated.numbers).collect();
    assert_eq!(rated, ["→ 2"]);
    let began = date(2026, 11, 20).at(18, 30, 0, 0);
    desk.app.opened(Kept { id: 1, began: here(began), protocol, events: desk.events.clone() });
    told(&desk);
}

#[test]
fn home_tells_of_the_week() {
    let desk = desk_with(weeks());
    desk.look("home-week");
    let shown = desk.picture((80, 24));
    assert!(shown.contains("This week: 3 of 3 days"), "{shown}");
    assert!(shown.contains("5 weeks in a row, 1 forgiven") && shown.contains("15 sessions in all"), "{shown}");
}

#[test]
fn the_sum_of_all_sessions_is_one_line_with_its_words_however_little_room_there_is() {
    for (config, total) in
        [(Config::built_in(), "15 sessions in all"), (super::german::german(), "bisher 15 Einheiten")]
    {
        let mut desk = desk_of(Desk::of(config, Past::default()), weeks());
        desk.press("h");
        for width in 40..=120 {
            let shown = desk.picture((width, 24));
            assert!(shown.contains(total), "{width}: {shown}");
        }
    }
}

#[test]
fn a_third_session_in_a_day_gets_a_warning_at_home_and_on_the_plan() {
    let today = date(2026, 11, 20);
    let once = trained(1, today.at(7, 0, 0, 0), None);
    let twice = vec![trained(2, today.at(12, 0, 0, 0), None), once.clone()];
    let warning = "2 sessions today. That is enough";
    assert!(!desk_with(vec![once]).picture((80, 24)).contains("That is enough"));
    let desk = desk_with(twice);
    assert!(desk.picture((80, 24)).contains(warning));
    let mut plan = Desk::to_plan();
    plan.app.remember(desk.app.past.clone(), None, desk.app.today);
    assert!(plan.picture((80, 24)).contains(warning));
}

#[test]
fn a_session_that_can_go_on_is_none_of_those_that_are_enough_until_another_is_begun_beside_it() {
    let today = date(2026, 11, 20);
    let warning = "2 sessions today. That is enough";
    let past = Past {
        unfinished: Some(kept(false)),
        habit: crate::progress::Habit::of_counts([(today, 2)]),
        ..Past::default()
    };
    let mut desk = Desk::new();
    desk.app.remember(past.clone(), None, here(today.at(20, 0, 0, 0)));
    assert!(!desk.picture((80, 24)).contains("That is enough"), "one is done, and the other goes on");
    let mut plan = Desk::to_plan();
    plan.app.remember(past.clone(), None, here(today.at(20, 0, 0, 0)));
    assert!(plan.picture((80, 24)).contains(warning), "this would be the third");
    desk.app.remember(Past { unfinished: None, ..past }, None, here(today.at(20, 0, 0, 0)));
    assert!(desk.picture((80, 24)).contains(warning));
}

#[test]
fn the_plan_warns_above_the_cap_of_an_exercise() {
    let config = mine("[exercise.front-band]\nrounds = 3\nmost-rounds = 3\n[exercise.behind-band]\nreps = [20, 30]");
    let mut desk = Desk::of(config, Past::default());
    desk.press("space 1 2 space").press("space 2 space 3").press("2 2 3").look("plan-above-cap");
    let warned = desk.picture((200, 60)).matches("More than 15 reps or 2 rounds").count();
    assert_eq!(warned, 2, "one exercise has too many rounds, the other too many reps");
}

#[test]
fn progress_over_weeks() {
    let mut desk = desk_with(weeks());
    desk.press("h").look("progress");
    let shown = desk.picture((200, 60));
    assert!(shown.contains("since 2026-10-12: +2.4 cm: more range, beyond measuring error"), "{shown}");
    assert!(shown.contains("15 sessions in 5 weeks, and no gain beyond measuring error since 2026-10-12"), "{shown}");
    desk.press("right").look("days");
    desk.press("right down").look("sessions");
    desk.press("left left left");
    assert!(matches!(desk.app.screen, Screen::LookBack { page: Page::Sessions, .. }), "the pages go round");
}

#[test]
fn years_of_days_are_turned_page_by_page_without_a_week_left_out() {
    let day = |index: i64| date(2026, 11, 20).saturating_sub((index * 3).days()).at(7, 0, 0, 0);
    for (size, least) in [((40, 12), 3), ((80, 24), 10), ((200, 60), 24)] {
        let mut desk = desk_with((0..400).map(|index| trained(400 - index, day(index), None)).collect());
        desk.press("h right").see(size);
        let mut before = String::new();
        for _ in 0..180 {
            let shown = desk.picture(size);
            // What stood at an edge is the same a line further up.
            let is_week = |line: &str| line.contains('●') && !line.contains("trained");
            let is_covered = |line: &str| line.contains("more ") || before == shown;
            for (line, above) in before.lines().skip(1).zip(shown.lines()) {
                let told = is_week(line) && !is_covered(above) || is_week(above) && !is_covered(line);
                assert!(line == above || !told, "{line}\n{above}\n{before}\n{shown}");
            }
            before.clone_from(&shown);
            let weeks: Vec<bool> = shown.lines().map(is_week).collect();
            let (first, last) = (weeks.iter().position(|is| *is).unwrap(), weeks.iter().rposition(|is| *is).unwrap());
            assert!(last - first >= least && weeks[first..=last].iter().all(|is| *is), "{shown}");
            desk.app.press(0, Action::Down);
            desk.see(size);
        }
        assert!(desk.picture(size).contains("●11 "), "the first day was the 11th: {}", desk.picture(size));
    }
}

#[test]
fn years_of_sessions_are_scrolled_to_their_end() {
    let day = |index: i64| date(2026, 11, 20).saturating_sub(index.days()).at(7, 0, 0, 0);
    let mut desk = desk_with((0..1_000).map(|index| trained(1_000 - index, day(index), None)).collect());
    desk.press("h space space");
    for _ in 0..1_100 {
        desk.app.press(0, Action::Down);
    }
    let shown = desk.picture((80, 24));
    assert!(shown.contains("▸ 2024-02-25 07:00"), "{shown}");
}

#[test]
fn nothing_done_yet() {
    let mut desk = desk_with(Vec::new());
    desk.press("h").look("progress-empty");
    desk.press("right").look("days-empty");
    desk.press("right").look("sessions-empty");
    assert!(desk.app.press(0, Action::Go).is_empty(), "there is nothing to open");
}

#[test]
fn a_session_is_opened_in_full() {
    let mut desk = opened();
    desk.look("opened");
    desk.press("down down down down down down down down down down").look("opened-scrolled");
    desk.press("esc");
    assert!(matches!(desk.app.screen, Screen::LookBack { page: Page::Sessions, cursor: 0, .. }));
}

#[test]
fn a_session_is_removed_after_asking() {
    let mut desk = opened();
    desk.press("r").look("remove");
    desk.press("space");
    assert!(matches!(desk.app.screen, Screen::Opened(_)), "the first line keeps it");
    desk.press("delete");
    let effects = desk.app.press(0, Action::Digit(2));
    assert_eq!(effects.first(), Some(&Effect::Remove(1)));
    assert!(matches!(desk.app.screen, Screen::LookBack { page: Page::Sessions, .. }));
}

#[test]
fn a_note_is_typed_and_kept() {
    let mut desk = opened();
    desk.press("n");
    assert_eq!(desk.app.context(), Context::Note);
    for c in "Q: slept badly\u{202e}".chars() {
        desk.app.type_note(tui_input::InputRequest::InsertChar(c));
    }
    desk.look("note");
    let effects = desk.app.press(0, Action::Go);
    assert_eq!(effects.first(), Some(&Effect::Note(Some(1), "Q: slept badly".to_owned())));
    assert!(desk.picture((80, 24)).contains("Q: slept badly"));
    desk.press("n");
    desk.app.type_note(tui_input::InputRequest::DeleteLine);
    assert!(desk.app.press(0, Action::Pause).is_empty());
    assert!(desk.picture((80, 24)).contains("Q: slept badly"), "Esc keeps what was there");
}

#[test]
fn a_page_keeps_its_place_while_a_note_is_written() {
    let mut desk = opened();
    desk.press("down down down");
    let place = |desk: &mut Desk| {
        desk.picture((40, 12));
        let mut seen = Seen::default();
        let mut screen = ratatui::Terminal::new(ratatui::backend::TestBackend::new(40, 12)).unwrap();
        screen.draw(|frame| seen = super::super::draw(&desk.app, frame)).unwrap();
        desk.app.was_seen(seen);
        let Screen::Opened(opened) = &desk.app.screen else { panic!("an opened session") };
        opened.top
    };
    assert_eq!(place(&mut desk), 3);
    desk.press("n");
    assert_eq!(place(&mut desk), 3);
}

#[test]
fn a_note_has_an_end() {
    let mut desk = opened();
    desk.press("n");
    for _ in 0..1_000 {
        desk.app.type_note(tui_input::InputRequest::InsertChar('x'));
    }
    desk.look("note-long");
    assert!(desk.picture((40, 12)).contains('▏'), "the place that is written at is seen");
    let cut_and_put_in = [tui_input::InputRequest::DeleteLine, tui_input::InputRequest::Yank];
    for request in cut_and_put_in.into_iter().chain([tui_input::InputRequest::Yank; 3]) {
        desk.app.type_note(request);
    }
    let [Effect::Note(_, note), ..] = &desk.app.press(0, Action::Go)[..] else { panic!("a note") };
    assert_eq!(note.len(), 400);
}

#[test]
fn the_session_just_trained_can_be_noted_on() {
    let mut desk = Desk::to_lunge();
    desk.press("q 3 n");
    desk.app.type_note(tui_input::InputRequest::InsertChar('!'));
    let effects = desk.app.press(desk.now, Action::Go);
    assert_eq!(effects.first(), Some(&Effect::Note(None, "!".to_owned())));
    assert!(desk.picture((80, 24)).contains("Note  !"));
}

#[test]
fn the_summary_tells_of_the_weeks_before() {
    let mut desk = Desk::new();
    let lines = weeks();
    desk.app.remember(Past::default(), None, here(lines[0].began.datetime()));
    // What was filed by a clock that was years ahead is no latest test of anything.
    let ahead = trained(99, date(2099, 1, 5).at(18, 0, 0, 0), Some([0, 0]));
    desk.app.read([ahead].into_iter().chain(lines).collect());
    desk.press("space 1 2 space").press("space 2 space 3").press("2 2 3").press("q 3");
    desk.look("summary-weeks");
}

#[test]
fn a_session_left_open_is_continued_or_filed_as_stopped_early() {
    let mut desk = Desk::new();
    let past = left_open(kept(false));
    desk.app.remember(past.clone(), None, here(date(2026, 11, 20).at(20, 0, 0, 0)));
    desk.look("home-left-open");
    desk.press("down");
    let effects = desk.app.press(0, Action::Go);
    let Some(Effect::Amend(Amendment { session: 1, events, digest, .. })) = effects.first() else {
        panic!("{effects:?}")
    };
    let facts: Vec<_> = events.iter().map(|event| &event.fact).collect();
    assert!(matches!(facts[..], [Fact::SetEnded { how: SetEnd::Short, .. }, Fact::Ended { .. }]), "{facts:?}");
    assert_eq!((digest.ending, digest.reps()), (Some(Ending::Early), 2));
    assert!(desk.picture((80, 24)).contains("ended early"));

    // The tests of yesterday are no start for exercises of today.
    desk.app.screen = Screen::Home { cursor: 0 };
    desk.app.remember(past, None, here(date(2026, 11, 21).at(20, 0, 0, 0)));
    let shown = desk.picture((200, 60));
    assert!(!shown.contains("Continue where you stopped"), "{shown}");
    assert!(shown.contains("▸ 1  Ankle session") && shown.contains("Keep what was done"), "{shown}");
    assert!(shown.contains("Band in front, right, round 1, rep 3"), "{shown}");
}

#[test]
fn a_session_left_open_is_offered_last_where_another_was_closed_since() {
    let mut desk = Desk::new();
    let past = Past { unfinished: Some(kept(false)), overtaken: true, ..Past::default() };
    desk.app.remember(past, None, here(date(2026, 11, 20).at(20, 0, 0, 0)));
    desk.look("home-overtaken");
    let lines = desk.app.home_lines().len();
    for _ in 0..lines {
        desk.press("down");
    }
    desk.press("up");
    let effects = desk.app.press(0, Action::Go);
    assert_eq!(effects, [Effect::TakeUp(1)]);
}

#[test]
fn a_session_left_open_long_ago_is_filed_from_the_list() {
    let mut desk = desk_with(vec![trained(1, date(2026, 11, 20).at(18, 30, 0, 0), None)]);
    desk.press("h space space");
    desk.app.opened(kept(false));
    desk.look("opened-left-open");
    let effects = desk.app.press(0, Action::EndSet);
    assert!(matches!(effects.first(), Some(Effect::Amend(Amendment { session: 1, .. }))), "{effects:?}");
    assert_eq!(desk.app.context(), Context::Opened);
}

#[test]
fn a_session_that_may_be_under_way_in_another_window_is_only_looked_at() {
    let mut desk = desk_with(vec![trained(1, date(2026, 11, 20).at(18, 30, 0, 0), None)]);
    desk.app.remember(Past::default(), Some(Notice::Shared), here(date(2026, 11, 20).at(20, 0, 0, 0)));
    desk.app.opened(kept(false));
    for action in [Action::EndSet, Action::Remove, Action::Correct] {
        assert_eq!(desk.app.press(0, action), [], "{action:?}");
        assert_eq!(desk.app.context(), Context::LeftOpen, "{action:?}");
        assert!(desk.app.offers().all(|(offered, _)| *offered != action), "{action:?}");
    }
    desk.app.opened(kept(true));
    assert_eq!((desk.app.press(0, Action::Remove), desk.app.context()), (vec![], Context::Choice), "one that is over");
}

#[test]
fn a_note_that_was_given_up_is_there_again_until_the_summary_is_left() {
    let mut desk = Desk::to_lunge();
    desk.press("q 3 n");
    desk.app.type_note(tui_input::InputRequest::InsertChar('!'));
    desk.press("esc");
    assert!(!desk.picture((80, 24)).contains("Note  !"), "not taken");
    desk.press("n");
    let written = desk.app.note.as_ref().map(|note| note.line.value());
    assert_eq!(written, Some("!"));
    desk.press("esc");
    while desk.app.context().is_summary() {
        desk.press("space");
    }
    assert!(desk.app.written.is_none());
}

#[test]
fn what_is_left_open_is_none_of_todays_sessions_only_where_it_was_counted_as_one() {
    let today = date(2026, 11, 20);
    let untrained = Kept { events: kept(false).events[..2].to_vec(), ..kept(false) };
    let yesterday = Kept { began: here(date(2026, 11, 19).at(22, 0, 0, 0)), ..kept(false) };
    for (unfinished, days, sessions) in [
        (kept(false), vec![(today, 2)], 1),
        (untrained, vec![(today, 2)], 2),
        (yesterday, vec![(today, 2), (date(2026, 11, 19), 1)], 2),
    ] {
        let habit = Habit::of_counts(days);
        let mut desk = Desk::new();
        let past = Past { unfinished: Some(unfinished), habit, ..Past::default() };
        desk.app.remember(past, None, here(today.at(8, 0, 0, 0)));
        assert_eq!(desk.app.sessions_today(), sessions);
    }
}

#[test]
fn a_session_left_open_is_not_offered_while_another_window_may_be_in_it() {
    let mut desk = Desk::new();
    let today = date(2026, 11, 20).at(20, 0, 0, 0);
    desk.app.remember(left_open(kept(false)), None, here(today));
    assert!(desk.picture((80, 24)).contains("Continue where you stopped"));
    desk.app.remember(left_open(kept(false)), Some(Notice::Shared), here(today));
    let shown = desk.picture((80, 24));
    assert!(!shown.contains("Continue where you stopped") && !shown.contains("Keep what was done"), "{shown}");
}

#[test]
fn the_session_asked_for_by_name_is_the_next_line_where_another_was_left_open() {
    let mut desk = Desk::new();
    desk.app.remember(left_open(kept(false)), None, here(date(2026, 11, 20).at(20, 0, 0, 0)));
    // One that the first screen would not list.
    desk.app.asked_for = Some("goblet-squat".to_owned());
    let shown = desk.picture((80, 24));
    assert!(shown.contains("▸ 1  Continue") && shown.contains("3  Goblet squat"), "{shown}");
    // Kept as it is, which shows it.
    desk.press("2 backspace backspace");
    desk.app.remember(Past::default(), None, here(date(2026, 11, 20).at(20, 0, 0, 0)));
    assert!(desk.picture((80, 24)).contains("▸ 1  Goblet squat"), "{}", desk.picture((80, 24)));
    desk.press("space");
    assert!(desk.app.context() != Context::Home && desk.app.asked_for.is_none());
}

#[test]
fn a_session_that_is_continued_goes_on_behind_its_last_event() {
    let mut desk = Desk::new();
    let left = kept(false);
    let last = left.events.last().unwrap().at;
    desk.app.remember(left_open(left), None, here(date(2026, 11, 20).at(20, 0, 0, 0)));
    desk.now = 1_000_000;
    desk.app.wake(1_000_000);
    assert_eq!(desk.app.press(desk.now, Action::Go), [Effect::TakeUp(1)]);
    desk.now += 5_000;
    desk.press("space");
    assert_eq!(desk.events.first().map(|event| event.at), Some(last.plus_millis(5_000)));
}
