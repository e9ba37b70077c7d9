//! What the bar and the list of keys offer, and that it is so.

use super::*;

#[test]
fn keys_of_a_screen() {
    let mut desk = Desk::to_lunge();
    desk.press("?").look("help");
    desk.press("?").look("help-closed");
}

#[test]
fn before_the_first_answer_back_asks_whether_to_leave() {
    let mut desk = Desk::new();
    desk.press("space backspace");
    assert!(matches!(desk.app.overlay, Some(crate::app::Overlay::Leave { .. })));
    desk.press("backspace 1 backspace");
    assert!(desk.app.overlay.is_none(), "there the answer is taken back");
    assert!(desk.picture((80, 24)).contains("Does any of these apply"));
}

#[test]
fn a_required_question_offers_no_skip_on_its_screen_or_in_its_help() {
    let mut desk = Desk::new();
    desk.press("space");
    assert!(!desk.picture((80, 24)).contains(" skip"));
    desk.press("?");
    assert!(!desk.picture((80, 24)).contains("skip"));
    desk.press("? 1 2 space s");
    assert!(desk.picture((80, 24)).contains(" skip"), "a test can be skipped");
}

#[test]
fn with_one_button_the_bar_says_what_it_does() {
    let text = "[settings]\none-button = true\n".to_owned();
    let config = Config::load(vec![Source { name: "mine.toml".to_owned(), text }]).unwrap();
    let mut desk = Desk::to_lunge();
    desk.app.config = Arc::new(config);
    desk.look("one-button-in-a-set");
    let now = desk.now;
    desk.app.press(now, Action::Pause);
    desk.look("one-button-in-a-menu");
}

/// What can be seen at 40 × 12 while the key that goes on is pressed, until the bar no longer says "read on".
fn read_on(desk: &mut Desk) -> String {
    let small = (40, 12);
    desk.app.press(desk.now, Action::Redraw);
    desk.see(small);
    let mut seen = desk.picture(small);
    for _ in 0..20 {
        if desk.app.context() != Context::ReadOn {
            return seen;
        }
        assert!(seen.contains("Space read on"), "{seen}");
        desk.app.press(desk.now, Action::Go);
        desk.see(small);
        seen.push_str(&desk.picture(small));
    }
    panic!("it has no end:\n{seen}");
}

#[test]
fn in_a_small_window_the_key_goes_through_all_of_a_text_before_it_goes_on() {
    let mut desk = Desk::new();
    desk.press("space 1 2 space").press("space 2 space 3").press("2 2");
    // The plan comes with the last answer, and is seen in a small window first.
    let answer = Action::Digit(3);
    desk.app.press(desk.now, answer);
    let shown = read_on(&mut desk);
    for line in ["Left ankle", "the two band exercises,", "healthy young adults", "position once", "▸ Ankles"] {
        assert!(shown.contains(line), "{line} was never on the screen:\n{shown}");
    }
    assert_eq!(desk.app.context(), Context::Plan);
    desk.app.press(desk.now, Action::Go);
    let shown = read_on(&mut desk);
    assert!(shown.contains("1. Sit on the floor") && shown.contains("follow the words and the"), "{shown}");
    assert_eq!(desk.app.context(), Context::SetUp);
}

#[test]
fn what_speaks_against_training_is_on_the_first_screen_however_small_it_is() {
    let today = DateTime::default().date();
    let mut desk = Desk::after(Past { stopped: Some(today), ..Past::default() });
    desk.app.today = DateTime::default();
    assert!(desk.picture((40, 12)).contains("Earlier today pain"));
    // What stands below the list is reached from its last line.
    for _ in 0..9 {
        desk.app.press(0, Action::Down);
    }
    let shown = desk.picture((40, 12));
    assert!(shown.contains(" wall.") && !shown.contains("more below"), "{shown}");
}

#[test]
fn the_point_pauses_a_test_unless_a_number_is_typed() {
    let mut desk = Desk::new();
    desk.press("space 1 2 space space .");
    assert_eq!(desk.app.context(), Context::Paused);
    desk.press("p 4 3 . 5");
    assert_eq!(desk.app.context(), Context::Measure);
    assert!(desk.picture((80, 24)).contains("3.5_ cm"));
}

#[test]
fn pages_to_learn_from_are_a_key_away_where_they_matter() {
    let mut desk = Desk::new();
    desk.press("i").look("learn");
    for _ in 0..desk.app.config.learn.len() {
        let shown = desk.picture((200, 60));
        assert!(shown.contains("Source: "), "every page tells where it comes from:\n{shown}");
        desk.press("right");
    }
    assert!(desk.picture((80, 24)).contains("The joint"), "the pages go round");
    desk.press("esc");
    assert!(matches!(desk.app.screen, Screen::Home { .. }));
    let mut desk = Desk::to_plan();
    desk.press("i");
    assert!(desk.picture((80, 24)).contains("What the findings mean"));
    desk.press("i space");
    assert!(!desk.picture((80, 24)).contains("Calf rolling · Left"), "only the stiff one is rolled");
    desk.press("i");
    assert!(!desk.picture((80, 24)).contains("Which band"), "rolling takes no band");
    desk.press("esc s i").look("learn-band");
}

#[test]
fn a_pause_names_the_keys_that_do_something_in_it_and_no_others() {
    let before = |keys: &str| {
        let mut desk = Desk::new();
        desk.press(keys);
        desk
    };
    let in_a_set = |keys: &str, millis: u64| {
        let mut desk = Desk::to_lunge();
        desk.press(keys).wait(millis);
        desk
    };
    for (place, mut paused, expected) in [
        ("at a question that has to be answered", before("space"), "[]"),
        ("at a test", before("space 1 2 space"), "[Skip]"),
        ("on the plan", Desk::to_plan(), "[]"),
        ("in a set", in_a_set("", 100), "[EndSet, Skip, Ouch]"),
        ("in a set with a rep", in_a_set("space", 6_000), "[Back, EndSet, Skip, Ouch]"),
        ("between two sets", in_a_set("e", 1_000), "[Skip, Ouch]"),
    ] {
        paused.press("p");
        assert_eq!(paused.app.context(), Context::Paused, "{place}");
        let asked = [Action::Back, Action::EndSet, Action::Skip, Action::Ouch];
        let does = |action: &Action| !paused.app.clone().press(paused.now, *action).is_empty();
        let is_offered = |action: &Action| paused.app.offers().any(|(offer, _)| offer == action);
        let (does, offered): (Vec<_>, Vec<_>) =
            (asked.into_iter().filter(does).collect(), asked.into_iter().filter(is_offered).collect());
        assert_eq!(offered, does, "{place}");
        assert_eq!(format!("{offered:?}"), expected, "{place}");
    }
}

#[test]
fn at_the_usual_size_every_set_up_is_seen_whole() {
    for config in [Config::built_in(), german::german()] {
        let mut seen = 0;
        for protocol in config.protocols.values() {
            let mut desk = Desk::of(config.clone(), Past::default());
            desk.app.begin(protocol.clone());
            while desk.app.context() != Context::Summary {
                desk.see((80, 24));
                let Screen::Session(sitting) = &desk.app.screen else { panic!("no session") };
                if desk.app.context() == Context::ReadOn {
                    assert!(sitting.is_at_plan(), "{}:\n{}", protocol.id, desk.picture((80, 24)));
                }
                seen += usize::from(desk.app.context() == Context::SetUp);
                let action = match desk.app.context() {
                    Context::Ask => Action::Digit(1),
                    Context::Measure => Action::Digit(3),
                    _ => Action::Go,
                };
                match desk.app.deadline() {
                    Some(due) => {
                        desk.wait(due.saturating_sub(desk.now).max(1));
                    }
                    None => {
                        desk.now += 1;
                        desk.app.press(desk.now, action);
                    }
                }
            }
        }
        assert!(seen > config.protocols.len(), "{seen}");
    }
}
