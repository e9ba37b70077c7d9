//! Clocks that are wrong, are set right, and change with the season or on a journey.

use jiff::Timestamp;
use jiff::civil::{DateTime, date};
use jiff::tz::TimeZone;

use super::*;
use crate::app::App;
use crate::kept::Past;

/// A session that began at `began`: closed with this answer to the safety questions and a rep, or left open without one.
fn session(store: &mut Store, began: &str, closed_with: Option<&str>) {
    let protocol = ankle();
    let began: Zoned = began.parse().unwrap_or_else(|error| panic!("{began}: {error}"));
    store.begin(&protocol, &began).unwrap();
    let step = |id: &str| protocol.steps.iter().position(|step| step.id == id).unwrap();
    let set = Stage { step: step("front-band"), part: Part::Set, side: None, round: 1 };
    let rep = event(2, Fact::RepCompleted { stage: set, rep: 1 });
    let Some(option) = closed_with else {
        return store.record(&[&rep], None).unwrap();
    };
    let end = Fact::SetEnded { stage: set, how: SetEnd::Short };
    let over = event(4, Fact::Ended { ending: Ending::Early });
    let events = [event(1, answer(step("safety"), option)), rep, event(3, end), over];
    let digest = Digest::of(&protocol, &Record::of(&events));
    store.record(&events.iter().collect::<Vec<_>>(), Some(&digest)).unwrap();
}

fn empty() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    (folder, store)
}

/// The moments at which the sessions began, the latest first.
fn order(store: &Store) -> Vec<DateTime> {
    store.history().unwrap().iter().map(|line| line.began.datetime()).collect()
}

fn at(moment: &str) -> Timestamp {
    moment.parse().unwrap()
}

#[test]
fn an_hour_that_comes_twice_or_not_at_all_keeps_sessions_in_their_order_and_on_their_day() {
    let (_folder, mut store) = empty();
    // The night in which summer time ends, once on each side of it, and the one in which it begins.
    for began in [
        "2026-10-25T02:30:00+01:00[Europe/Berlin]",
        "2026-10-25T02:45:00+02:00[Europe/Berlin]",
        "2026-03-29T03:10:00+02:00[Europe/Berlin]",
        "2026-03-29T01:50:00+01:00[Europe/Berlin]",
    ] {
        session(&mut store, began, Some("none"));
    }
    // Half past two does not exist in that night: it is half past three.
    session(&mut store, "2026-03-29T02:30[Europe/Berlin]", Some("none"));
    let spring = |hour, minute| date(2026, 3, 29).at(hour, minute, 0, 0);
    let autumn = |minute| date(2026, 10, 25).at(2, minute, 0, 0);
    assert_eq!(order(&store), [autumn(30), autumn(45), spring(3, 30), spring(3, 10), spring(1, 50)]);
    let habit = store.past().unwrap().habit;
    assert_eq!((habit.sessions_on(date(2026, 3, 29)), habit.sessions_on(date(2026, 10, 25))), (3, 2));
    store.verify().unwrap();
}

#[test]
fn across_the_date_line_each_session_counts_on_the_day_that_the_person_had() {
    let (_folder, mut store) = empty();
    // Monday's training, a flight to the east, and Monday once more; eight hours later, on the ground in Auckland, Wednesday.
    session(&mut store, "2026-11-23T21:00[Pacific/Auckland]", Some("none"));
    session(&mut store, "2026-11-23T07:00[Pacific/Honolulu]", Some("none"));
    session(&mut store, "2026-11-25T08:00[Pacific/Auckland]", Some("none"));
    let days: Vec<_> = store.past().unwrap().habit.days().collect();
    assert_eq!(days, [(date(2026, 11, 23), 2), (date(2026, 11, 25), 1)]);
    let (monday, wednesday) = (date(2026, 11, 23), date(2026, 11, 25));
    assert_eq!(order(&store).iter().map(|began| began.date()).collect::<Vec<_>>(), [wednesday, monday, monday]);
}

#[test]
fn a_session_begun_before_the_clock_was_set_back_hides_no_later_one() {
    let (_folder, mut store) = empty();
    session(&mut store, "2026-11-24T14:00[Europe/Berlin]", Some("calf"));
    // The clock is two hours fast, and is put right.
    session(&mut store, "2026-11-24T12:30[Europe/Berlin]", Some("none"));
    session(&mut store, "2026-11-24T12:40[Europe/Berlin]", None);
    let now = at("2026-11-24T11:45:00Z");
    let past = store.past_at(now).unwrap();
    let unfinished = past.unfinished.expect("a session that was left");
    assert_eq!(unfinished.began.datetime(), date(2026, 11, 24).at(12, 40, 0, 0));
    assert!(
        !unfinished
            .is_stale(&date(2026, 11, 24).at(12, 45, 0, 0).to_zoned(unfinished.began.time_zone().clone()).unwrap())
    );
    assert_eq!(
        latest(&past.earlier, "safety"),
        "none",
        "the latest answer is the one of the session that began last by now"
    );
    assert_eq!(past.habit.sessions_on(date(2026, 11, 24)), 3, "the one that was left is training too");
}

#[test]
fn a_session_left_with_reps_can_be_continued_although_another_was_closed_since() {
    let (_folder, mut store) = empty();
    session(&mut store, "2026-11-24T08:00[UTC]", Some("calf"));
    session(&mut store, "2026-11-24T09:00[UTC]", None);
    let left = store.past().unwrap().unfinished.unwrap().id;
    session(&mut store, "2026-11-24T10:00[UTC]", Some("none"));
    let found = |store: &Store, now: &str| {
        let past = store.past_at(at(now)).unwrap();
        assert_eq!(latest(&past.earlier, "safety"), "none", "the answers of the one that was left are not the latest");
        (past.unfinished.map(|kept| kept.id), past.overtaken)
    };
    assert_eq!(found(&store, "2026-11-24T11:00:00Z"), (Some(left), true));
    assert_eq!(found(&store, "2026-11-25T11:00:00Z"), (None, false), "a day later it is a matter of the list");

    // What was only opened since then takes nothing from it.
    store.begin(&ankle(), &"2026-11-24T10:30[UTC]".parse().unwrap()).unwrap();
    store.record(&[&event(1, Fact::Resumed)], None).unwrap();
    assert_eq!(found(&store, "2026-11-24T11:00:00Z"), (Some(left), true));
    store.remove(left).unwrap();
    let opened = found(&store, "2026-11-24T11:00:00Z");
    assert!(opened.0.is_some_and(|id| id != left) && !opened.1);
    // And once another session is closed, nobody misses one without a rep.
    session(&mut store, "2026-11-24T10:45[UTC]", Some("none"));
    assert_eq!(found(&store, "2026-11-24T11:00:00Z"), (None, false));
}

#[test]
fn years_far_away_are_kept_shown_and_hide_nothing() {
    let (folder, mut store) = empty();
    for began in ["1969-07-20T20:17[UTC]", "9999-12-29T23:00[America/Los_Angeles]", "2026-11-24T08:00[Europe/Berlin]"] {
        session(&mut store, began, Some("none"));
    }
    session(&mut store, "9999-12-29T08:00[UTC]", None);
    session(&mut store, "2026-11-24T09:00[Europe/Berlin]", None);
    let now = at("2026-11-24T09:00:00Z");
    let past = store.past_at(now).unwrap();
    assert_eq!(past.unfinished.as_ref().expect("a session that was left").began.year(), 2026);
    assert_eq!(order(&store).iter().map(|began| began.year()).collect::<Vec<_>>(), [9999, 9999, 2026, 2026, 1969]);
    store.verify().unwrap();

    // Every page over weeks can be looked at, and none is longer than a person can turn.
    let mut app = App::new(Arc::new(Config::built_in()), Past::default());
    app.remember(past, None, date(2026, 11, 24).at(10, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap());
    app.read(store.history().unwrap());
    app.press(0, crate::keymap::Action::History);
    for _ in 0..3 {
        let mut screen = ratatui::Terminal::new(ratatui::backend::TestBackend::new(80, 24)).unwrap();
        let mut seen = crate::app::Seen::default();
        screen.draw(|frame| seen = crate::view::draw(&app, frame)).unwrap();
        assert!(seen.scroll_end.is_none_or(|end| end < 500), "{seen:?}");
        app.press(0, crate::keymap::Action::Right);
    }
    let mut file = Vec::new();
    store.export(&mut file).unwrap();
    let other = tempfile::tempdir().unwrap();
    let imported = Store::open(other.path())
        .unwrap()
        .import(transfer::Reader::open(std::io::Cursor::new(&file)).unwrap())
        .unwrap();
    assert_eq!(imported.added, 5);
    drop((store, folder));
}

#[test]
fn a_zone_that_this_machine_does_not_know_is_no_damage() {
    let (folder, mut store) = empty();
    session(&mut store, "2026-11-24T08:00[Europe/Berlin]", Some("none"));
    session(&mut store, "2026-11-25T08:00[Europe/Berlin]", None);
    store
        .connection
        .execute("UPDATE session SET began = replace(began, 'Europe/Berlin', 'Mars/Olympus_Mons')", [])
        .unwrap();
    store.verify().unwrap();
    let mut file = Vec::new();
    store.export(&mut file).unwrap();
    drop(store);
    let Opened { store, notice, .. } = Store::open_or_rescue(folder.path(), &[], jiff::Timestamp::MAX).unwrap();
    assert_eq!(notice, None);
    let (morning, next) = (date(2026, 11, 24).at(8, 0, 0, 0), date(2026, 11, 25).at(8, 0, 0, 0));
    assert_eq!(order(&store), [next, morning]);
    assert_eq!(store.past().unwrap().unfinished.expect("a session that was left").began.datetime(), next);
    let text = String::from_utf8(file).unwrap();
    assert!(text.contains("2026-11-24T08:00:00+01:00"), "{text}");
}
