//! What is asked before training, and what speaks against it.

use super::*;
use crate::progress::Habit;
use crate::protocol::Place;

#[test]
fn home_after_a_session_that_ended_with_advice() {
    let today = here("2026-11-20T18:30:00".parse().unwrap());
    let mut desk = Desk::new();
    desk.app.remember(Past { stopped: Some(today.date()), ..Past::default() }, None, today.clone());
    desk.look("home-stopped");
    let tight: Arc<Earlier> = Arc::new([Chosen::of("feel", None, "back")].into_iter().collect());
    for (stopped, suggested) in [(None, true), (Some(today.date()), false)] {
        desk.app.remember(Past { stopped, earlier: tight.clone(), ..Past::default() }, None, today.clone());
        assert_eq!(desk.picture((200, 60)).contains("Suggested"), suggested, "stopped: {stopped:?}");
    }
    let habit: Habit = [today.date(); 2].into_iter().collect();
    desk.app.remember(Past { habit, earlier: tight, ..Past::default() }, None, today.clone());
    let shown = desk.picture((200, 60));
    assert!(shown.contains("That is enough") && !shown.contains("Suggested"), "{shown}");
    desk.app.remember(
        Past { stopped: Some(today.date()), ..Past::default() },
        None,
        today.checked_add(jiff::Span::new().days(1)).unwrap(),
    );
    assert!(!desk.picture((80, 24)).contains("Earlier today"), "a day later it is asked anew");
}

#[test]
fn advice_instead_of_exercise() {
    let mut desk = Desk::new();
    desk.press("space 2").look("advice");
    desk.press("space").look("summary-advised");
}

/// A routine of one hold, and then this question.
fn held_and_then_asked(question: &str) -> String {
    let text = r#"
        [settings]
        protocols = ["mine"]
        [exercise.hold]
        title = "Hold"
        goal = "To hold"
        setup = ["Stand."]
        sides = "both"
        reps = [1, 1]
        rounds = 1
        most-rounds = 1
        get-ready = 1
        rest = 1
        [exercise.hold.phase.hold]
        name = "Hold"
        tell = "Stay"
        seconds = 1
        hold = true
        counts = true
        cue = "hold"
        [protocol.mine]
        title = "Mine"
        summary = "A hold, and a question"
        [protocol.mine.step.work]
        kind = "exercise"
        exercise = "hold"
        [protocol.mine.step.after]
        kind = "ask"
        question = "QUESTION"
    "#;
    text.replace("QUESTION", question)
}

#[test]
fn what_was_trained_before_advice_is_in_the_summary() {
    let config = mine(&held_and_then_asked("safety"));
    let mut desk = Desk::of(config, Past::default());
    desk.press("space space space").wait(4_000).press("2 space");
    let shown = desk.picture((80, 24));
    assert!(shown.contains("Summary") && shown.contains("Both ankles  round 1 · full"), "{shown}");
}

#[test]
fn advice_after_exercise_does_not_say_that_nothing_was_trained() {
    for (language, told) in [
        ("en", ["Stop here for today", "What was done counts", "Ended with advice. What was done counts"]),
        (
            "de",
            ["Hier ist heute Schluss", "Was geschafft ist, zählt", "Mit einem Rat beendet. Was geschafft ist, zählt"],
        ),
    ] {
        let text = held_and_then_asked("pain").replace("[settings]", &format!("[settings]\nlanguage = \"{language}\""));
        let mut desk = Desk::of(mine(&text), Past::default());
        desk.press("space space space").wait(4_000).press("right right right right right right right space");
        let shown = desk.picture((80, 24));
        assert!(shown.contains(told[0]) && shown.contains(told[1]), "{shown}");
        let Screen::Session(sitting) = &desk.app.screen else { panic!("the session is open") };
        let advice = sitting.session.advice().unwrap().to_owned();
        desk.press("space");
        let shown = desk.picture((80, 24));
        assert!(shown.contains(told[2]) && shown.contains(&advice[..20]), "{shown}");
        assert!(shown.contains(["7 afterwards", "7 danach"][usize::from(language == "de")]), "{shown}");
    }
}

#[test]
fn where_all_was_skipped_before_advice_nothing_was_trained() {
    let mut desk = Desk::of(mine(&held_and_then_asked("safety")), Past::default());
    desk.press("space space space s 2");
    assert!(desk.picture((80, 24)).contains("Not today"));
    desk.press("space");
    assert!(desk.picture((80, 24)).contains("Nothing was trained"));
}

#[test]
fn none_of_them_cannot_be_said_before_all_of_them_were_on_the_screen() {
    let mut desk = Desk::new();
    desk.press("space");
    desk.app.screen = match std::mem::replace(&mut desk.app.screen, Screen::Home { cursor: 0 }) {
        Screen::Session(sitting) => Screen::Session(Box::new(crate::app::Sitting::new(sitting.session.clone(), 0))),
        other => other,
    };
    desk.see((40, 12));
    for _ in 0..2 {
        desk.app.press(desk.now, Action::Pause);
        desk.see((40, 12));
    }
    assert_eq!(desk.app.context(), Context::Unread, "a pause shows nothing of it");
    let mut pictures = String::new();
    while desk.app.context() == Context::Unread || pictures.is_empty() {
        desk.see((40, 12));
        pictures.push_str(&desk.picture((40, 12)));
        // "None of these" has a digit of its own.
        let key = if pictures.len().is_multiple_of(2) { Action::Go } else { Action::Digit(1) };
        let effects = desk.app.press(desk.now, key);
        assert!(effects.is_empty(), "nothing is answered unread");
    }
    for condition in [
        "Fresh injury",
        "One calf",
        "fever",
        "pop or kick",
        "Fracture",
        "Numbness",
        "gives way",
        "Osteo",
        "Strong pain",
    ] {
        assert!(pictures.contains(condition), "{condition} was never on the screen:\n{pictures}");
    }
    let effects = desk.app.press(desk.now, Action::Go);
    let none = |effect: &Effect| matches!(effect, Effect::Record(event) if matches!(&event.fact, Fact::Answered { answer: Answer::Option(id), .. } if id == "none"));
    assert!(effects.iter().any(none), "{effects:?}");
}

#[test]
fn a_warning_on_the_summary_is_seen_without_turning_a_page() {
    for config in [Config::built_in(), super::german::german()] {
        let remarks = config.protocols["ankle"].remarks.clone();
        let warning = remarks.iter().find(|remark| remark.urgent && remark.place == Place::Summary).unwrap();
        let beginning = &warning.text[..24];
        let mut desk = Desk::of(config, Past::default());
        desk.press("space 1 2 space space 2 space 3 2 2 3 space s space").wait(5_000);
        desk.wait(2_000).press("space").wait(4_000);
        while !matches!(&desk.app.screen, Screen::Session(sitting) if sitting.ending().is_some()) {
            let asked = matches!(&desk.app.screen, Screen::Session(sitting) if sitting.session.question().is_some());
            desk.press(if asked { "5 space" } else { "s" });
        }
        for size in [(80, 24), (40, 12)] {
            let shown = desk.picture(size);
            assert!(shown.contains(beginning), "{beginning}\n{shown}");
        }
    }
}

#[test]
fn the_plan_says_so_where_something_hurt_earlier_in_the_day() {
    let mut desk = Desk::to_plan();
    let warns = |desk: &Desk| desk.picture((80, 40)).contains("spoke against training");
    assert!(!warns(&desk));
    desk.app.past.stopped = Some(desk.app.today.date());
    assert!(warns(&desk));
}

#[test]
fn pain_in_a_set_is_answered_on_the_summary_however_the_session_ended() {
    let advice = |keys: &str| {
        let mut desk = Desk::to_lunge();
        desk.press("space").wait(1_000).press(keys);
        desk.picture((80, 24)).matches("Let it calm down").count()
    };
    assert_eq!((advice("q 3"), advice("o 2"), advice("o 1 q 3"), advice("o 3 q 3")), (0, 1, 1, 1));
}
