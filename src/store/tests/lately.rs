//! What a new session has to know of earlier ones, those that were left open included.

use super::*;
use crate::kept::Past;
use crate::session::event::Relief;

const MONDAY: &str = "2026-11-23T18:00:00+01:00[Europe/Berlin]";
const TUESDAY: &str = "2026-11-24T18:00:00+01:00[Europe/Berlin]";

/// Writes a session that was left open after these facts.
fn left(store: &mut Store, began: &str, facts: &[Fact]) {
    store.begin(&ankle(), &began.parse().unwrap()).unwrap();
    for fact in facts {
        store.record(&[&event(1, fact.clone())], None).unwrap();
    }
}

fn set() -> Stage {
    Stage { step: place("front-band"), part: Part::Set, side: Some(Side::Left), round: 1 }
}

fn place(step: &str) -> usize {
    ankle().steps.iter().position(|at| at.id == step).unwrap()
}

fn safety(option: &str) -> Fact {
    answer(place("safety"), option)
}

fn rated(step: &str, number: u8) -> Fact {
    let stage = Stage { step: place(step), part: Part::Whole, side: None, round: 0 };
    Fact::Answered { stage, answer: Answer::Scale(number) }
}

fn after(facts: &[Fact]) -> Past {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    left(&mut store, TUESDAY, facts);
    store.past_at("2026-11-24T20:00:00+01:00".parse().unwrap()).unwrap()
}

#[test]
fn the_answers_of_every_session_left_open_are_known_whichever_of_them_can_be_continued() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    left(&mut store, MONDAY, &[safety("none"), Fact::RepCompleted { stage: set(), rep: 1 }]);
    left(&mut store, TUESDAY, &[safety("calf")]);
    let past = store.past().unwrap();
    assert_eq!(past.unfinished.unwrap().began.datetime(), date(2026, 11, 23).at(18, 0, 0, 0), "the one with a rep");
    assert_eq!(latest(&past.earlier, "safety"), "calf");
    drop(store);
    assert_eq!(latest(&Store::open(folder.path()).unwrap().past().unwrap().earlier, "safety"), "calf");
}

#[test]
fn an_answer_that_was_taken_back_is_none() {
    let Fact::Answered { stage, .. } = safety("calf") else { unreachable!() };
    assert!(after(&[safety("calf"), Fact::Reopened { stage }]).earlier.is_empty());
    assert_eq!(latest(&after(&[safety("calf"), Fact::Reopened { stage }, safety("none")]).earlier, "safety"), "none");
}

#[test]
fn pain_and_advice_in_a_session_left_open_speak_against_training_that_day() {
    let (hurt, stage) = (Fact::Hurt { stage: set() }, set());
    let relieved = |relief| Fact::Relieved { stage, relief };
    let day = Some(date(2026, 11, 24));
    for (facts, told) in [
        (vec![safety("none")], None),
        (vec![safety("none"), hurt.clone()], day),
        (vec![safety("none"), hurt.clone(), relieved(Relief::Slip)], None),
        (vec![safety("none"), hurt.clone(), relieved(Relief::EndExercise)], day),
        (vec![safety("calf")], day),
        (vec![safety("none"), rated("pain-after", 3)], None),
        (vec![safety("none"), rated("pain-after", 6)], day),
    ] {
        assert_eq!(after(&facts).stopped, told, "{facts:?}");
    }
}

#[test]
fn pain_of_so_much_after_exercise_speaks_against_more_of_it_that_day() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let day = Some(began().date());
    for (number, told) in [(3, None), (0, None), (4, day), (0, day), (6, day)] {
        store.begin(&ankle(), &began()).unwrap();
        let events = [event(1, rated("pain-after", number)), event(2, Fact::Ended { ending: Ending::Finished })];
        let digest = Digest::of(&ankle(), &Record::of(&events));
        store.record(&events.iter().collect::<Vec<_>>(), Some(&digest)).unwrap();
        assert_eq!(store.past().unwrap().stopped, told, "after {number}");
    }
}

#[test]
fn advice_of_a_session_left_open_is_over_with_the_next_one_and_pain_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    left(&mut store, "2026-03-29T00:30:00+01:00[Europe/Berlin]", &[safety("calf")]);
    assert_eq!(store.past_at(began().timestamp()).unwrap().stopped, Some(began().date()));
    closed(&mut store, &["none"]);
    assert_eq!(store.past_at(began().timestamp()).unwrap().stopped, None);
    left(&mut store, "2026-03-29T00:40:00+01:00[Europe/Berlin]", &[Fact::Hurt { stage: set() }]);
    assert_eq!(store.past_at(began().timestamp()).unwrap().stopped, Some(began().date()));
}

#[test]
fn what_was_answered_while_the_clock_was_an_hour_ahead_is_the_latest_until_something_is_written_since() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let now = "2026-11-24T17:00:00+01:00".parse().unwrap();
    left(&mut store, MONDAY, &[safety("none")]);
    left(&mut store, TUESDAY, &[safety("calf")]);
    let past = store.past_at(now).unwrap();
    assert_eq!((latest(&past.earlier, "safety"), past.stopped), ("calf", Some(date(2026, 11, 24))));
    let next_week = store.past_at("2026-11-17T17:00:00+01:00".parse().unwrap()).unwrap();
    assert_eq!(next_week.stopped, None, "a week ahead is another clock");
    left(&mut store, "2026-11-24T16:59:00+01:00[Europe/Berlin]", &[safety("none")]);
    assert_eq!(latest(&store.past_at(now).unwrap().earlier, "safety"), "none");
}

#[test]
fn what_hurt_in_a_session_left_open_today_speaks_against_more_whatever_was_closed_before() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    store.begin(&ankle(), &MONDAY.parse().unwrap()).unwrap();
    let events =
        [event(1, Fact::SetEnded { stage: set(), how: SetEnd::Pain }), event(2, Fact::Ended { ending: Ending::Pain })];
    let digest = Digest::of(&ankle(), &Record::of(&events));
    store.record(&events.iter().collect::<Vec<_>>(), Some(&digest)).unwrap();
    left(&mut store, TUESDAY, &[Fact::Hurt { stage: set() }]);
    let past = store.past_at("2026-11-24T20:00:00+01:00".parse().unwrap()).unwrap();
    assert_eq!(past.stopped, Some(date(2026, 11, 24)));
}
