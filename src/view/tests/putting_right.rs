//! Results that are put right on the page of their session.

use jiff::civil::date;

use super::lookback::{desk_with, kept, opened, trained};
use super::*;
use crate::kept::Amendment;
use crate::protocol::quantity::Length;
use crate::session::event::{Correction, Reading, SetEnd};

#[test]
fn results_are_put_right_as_facts_after_the_end() {
    let mut desk = opened();
    desk.press("c").look("correct");
    // The third of four results is the first ankle's test; the last one is the set of two reps.
    desk.press("right right down left left left down down down down right");
    desk.look("corrected");
    let effects = desk.app.press(0, Action::Go);
    let Some(Effect::Amend(Amendment { session: 1, events, digest, .. })) = effects.first() else {
        panic!("{effects:?}")
    };
    let facts: Vec<_> = events.iter().map(|event| &event.fact).collect();
    let corrections = facts.iter().map(|fact| match fact {
        Fact::Corrected { to, .. } => *to,
        other => panic!("{other:?}"),
    });
    let corrections: Vec<Correction> = corrections.collect();
    assert_eq!(
        corrections,
        [
            Correction::Scale(4),
            // What was judged by eye goes from answer to answer.
            Correction::Reading(Reading::Judged(Length::ZERO)),
            Correction::Reps { reps: 3, how: SetEnd::Short },
        ]
    );
    assert_eq!(digest.reps(), 3);
    let shown = desk.picture((80, 24));
    assert!(shown.contains("4 at the start · put right") && shown.contains("touches at 10 cm"), "{shown}");
    assert_eq!(
        shown.matches("put right").count(),
        3 + 1,
        "beside the key, not beside what was left as it was:\n{shown}"
    );
}

#[test]
fn what_is_put_right_stays_within_what_can_be() {
    let mut desk = opened();
    desk.press("c");
    for _ in 0..300 {
        desk.app.press(0, Action::Right);
    }
    desk.app.press(0, Action::Down);
    for _ in 0..300 {
        desk.app.press(0, Action::Left);
    }
    let shown = desk.picture((80, 24));
    assert!(shown.contains("10") && shown.contains("touches at"), "{shown}");
    for _ in 0..3 {
        assert!(desk.app.press(0, Action::Back).is_empty(), "what is taken back is not saved");
    }
    assert!(desk.picture((80, 24)).contains("2 at the start"));
}

#[test]
fn a_gap_by_eye_that_is_put_back_stays_one_by_eye() {
    let mut desk = opened();
    desk.press("c down right left");
    assert!(desk.app.press(0, Action::Go).is_empty(), "nothing was changed");
}

#[test]
fn no_key_loses_what_is_being_put_right() {
    let mut desk = opened();
    let changed = |desk: &Desk| {
        let Screen::Opened(opened) = &desk.app.screen else { panic!("an opened session") };
        opened.correcting.as_ref().map(|correcting| correcting.results.iter().filter(|it| it.now != it.was).count())
    };
    desk.press("c right down left");
    assert_eq!(changed(&desk), Some(2));
    for key in ["esc", "p", ".", "q"] {
        desk.press(key);
        assert_eq!(changed(&desk), Some(2), "{key}");
    }
    assert!(!desk.picture((80, 24)).contains("cancel"), "nothing offers to");
    let place = |desk: &Desk| {
        let Screen::Opened(opened) = &desk.app.screen else { panic!("an opened session") };
        opened.correcting.as_ref().map(|correcting| correcting.cursor)
    };
    desk.press("down backspace");
    assert_eq!((changed(&desk), place(&desk)), (Some(1), Some(1)), "the last that was changed is taken back first");
    desk.press("left up up backspace");
    assert_eq!((changed(&desk), place(&desk)), (Some(1), Some(0)), "or the one that is chosen");
    desk.press("backspace");
    assert_eq!(changed(&desk), Some(0), "the other one too");
    desk.press("backspace");
    assert_eq!(changed(&desk), None, "and nothing is put right");
}

#[test]
fn where_there_is_no_result_none_is_offered_to_be_put_right() {
    let mut before = Desk::new();
    before.press("space 2 space");
    let protocol = before.app.config.protocols["ankle"].clone();
    let mut desk = desk_with(vec![trained(1, date(2026, 11, 20).at(18, 30, 0, 0), None)]);
    desk.app.opened(Kept { id: 1, began: here(date(2026, 11, 20).at(18, 30, 0, 0)), protocol, events: before.events });
    assert_eq!(desk.app.context(), Context::Opened);
    assert!(!desk.picture((80, 24)).contains("put right"), "{}", desk.picture((80, 24)));
}

#[test]
fn what_was_put_right_and_could_not_be_saved_can_be_saved_again() {
    let mut desk = opened();
    desk.press("c right");
    assert!(matches!(desk.app.press(0, Action::Go)[..], [Effect::Amend(_), ..]));
    desk.app.refused(kept(true), "database is locked");
    assert_eq!(desk.app.context(), Context::Correct);
    let shown = desk.picture((80, 24));
    assert!(shown.contains("database is locked") && shown.contains(" *"), "{shown}");
    assert!(matches!(desk.app.press(0, Action::Go)[..], [Effect::Amend(_), ..]));
    // A session that has gone on meanwhile is another one.
    desk.app.refused(Kept { events: kept(true).events[..3].to_vec(), ..kept(true) }, "gone on");
    assert_ne!(desk.app.context(), Context::Correct);
}

#[test]
fn what_is_put_right_twice_is_added_to_what_was_put_right_before() {
    let mut desk = opened();
    let mut known = Vec::new();
    for keys in ["c right", "c right"] {
        desk.press(keys);
        let effects = desk.app.press(0, Action::Go);
        let Some(Effect::Amend(amendment)) = effects.first() else { panic!("{effects:?}") };
        known.push((amendment.known, amendment.events.len()));
    }
    let before = kept(true).events.len();
    assert_eq!(known, [(before, 1), (before + 1, 1)]);
}
