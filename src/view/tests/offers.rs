//! What the bar and the list of keys offer, and that it is so.

use jiff::civil::date;

use super::*;
use crate::text::fill;

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
fn one_key_reads_all_pages_and_is_home_again() {
    let mut desk = Desk::new();
    desk.press("i");
    for _ in 0..desk.app.config.learn.len() {
        assert_eq!(desk.app.context(), Context::Learn);
        desk.press("space");
    }
    assert_eq!(desk.app.context(), Context::Home);
}

#[test]
fn in_a_small_window_one_key_reads_all_of_every_page() {
    let small = (40, 12);
    let mut desk = Desk::new();
    desk.press("i");
    desk.see(small);
    let mut pages = vec![Vec::new(); desk.app.config.learn.len()];
    for _ in 0..200 {
        let Some(crate::app::Overlay::Learn { page, .. }) = desk.app.overlay else { break };
        let words = lines(&desk, small).join(" ");
        pages[page].extend(words.split_whitespace().map(str::to_owned));
        desk.app.press(desk.now, Action::Go);
        desk.see(small);
    }
    assert!(desk.app.overlay.is_none(), "it ends");
    for (page, seen) in desk.app.config.learn.values().zip(pages) {
        // One line after the other, some of them twice.
        let mut seen = seen.into_iter();
        for word in page.text.iter().chain([&page.source]).flat_map(|paragraph| paragraph.split_whitespace()) {
            assert!(seen.any(|other| other == word), "{word} is missing on {}", page.title);
        }
    }
}

#[test]
fn time_stands_still_while_leaving_is_asked_about_at_a_first_rest() {
    let text = "[protocol.quiet]\ntitle = \"Quiet\"\nsummary = \"Rests first\"\n\
                [protocol.quiet.step.breath]\nkind = \"rest\"\ntitle = \"Breathe\"\nseconds = 6\n\
                [protocol.quiet.step.word]\nkind = \"note\"\ntitle = \"Done\"\ntext = [\"That was it.\"]\n";
    let mut desk = Desk::of(mine(text), Past::default());
    let protocol = desk.app.config.protocols["quiet"].clone();
    let effects = desk.app.start(protocol);
    desk.take(effects);
    desk.wait(1_000).press("backspace");
    assert!(matches!(desk.app.overlay, Some(crate::app::Overlay::Leave { .. })));
    desk.wait(60_000);
    assert!(!desk.events.iter().any(|event| matches!(event.fact, Fact::Done { .. })), "{:?}", desk.events);
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
    let config = mine("[settings]\none-button = true\n");
    let mut desk = Desk::to_lunge();
    desk.app.config = Arc::new(config);
    desk.look("one-button-in-a-set");
    let now = desk.now;
    desk.app.press(now, Action::Pause);
    desk.look("one-button-in-a-menu");
}

/// The lines of a picture between header and bar, without the marks that there is more.
fn lines(desk: &Desk, size: (u16, u16)) -> Vec<String> {
    let picture = desk.picture(size);
    let lines =
        picture.lines().map(|line| line.trim_matches('"').trim().replace("▸ ", "")).filter(|line| !line.is_empty());
    let lines: Vec<String> = lines.collect();
    let marks = [&desk.app.config.words.common.more_above, &desk.app.config.words.common.more_below];
    let body = &lines[2..lines.len() - 1];
    body.iter().filter(|line| !marks.iter().any(|mark| line.ends_with(mark.as_str()))).cloned().collect()
}

/// Presses the key that goes on in a small window until all of a text was read, and returns the lines that were seen.
fn read_on(desk: &mut Desk) -> Vec<String> {
    let small = (40, 12);
    let mut seen = Vec::new();
    for _ in 0..30 {
        desk.see(small);
        seen.extend(lines(desk, small));
        if desk.app.context() != Context::ReadOn {
            return seen;
        }
        desk.app.press(desk.now, Action::Go);
    }
    panic!("it has no end: {seen:#?}");
}

#[test]
fn in_a_small_window_the_key_goes_through_all_of_a_text_before_it_goes_on() {
    for config in [Config::built_in(), german::german()] {
        for answers in ["2 2 3", "2 1 1", "3 3 2"] {
            let mut desk = Desk::of(config.clone(), Past::default());
            desk.press("space 1 4 space").press("space 2 space 3");
            // What is read first is seen in a small window only: the last answers are given unseen.
            for digit in answers.split(' ') {
                desk.app.press(desk.now, Action::Digit(digit.parse().unwrap()));
            }
            for context in [Context::Plan, Context::SetUp] {
                let all = lines(&desk, (40, 60));
                desk.see((40, 12));
                assert_eq!(desk.app.context(), Context::ReadOn);
                desk.app.press(desk.now, Action::Pause);
                desk.see((40, 12));
                desk.app.press(desk.now, Action::Pause);
                assert_eq!(desk.app.context(), Context::ReadOn, "a pause shows nothing of it");
                let seen = read_on(&mut desk);
                for line in all {
                    assert!(seen.contains(&line), "{line:?} was never on the screen: {seen:#?}");
                }
                assert_eq!(desk.app.context(), context);
                desk.app.press(desk.now, Action::Go);
            }
        }
    }
}

#[test]
fn a_plan_that_was_read_has_a_line_chosen_whatever_becomes_of_the_window() {
    let mut desk = Desk::new();
    desk.press("space 1 2 space").press("space 2 space 3").press("2 2");
    desk.app.press(desk.now, Action::Digit(3));
    desk.see((40, 12));
    assert_eq!(desk.app.context(), Context::ReadOn);
    desk.see((120, 40));
    assert_eq!(desk.app.context(), Context::Plan);
    assert!(desk.picture((120, 40)).contains("▸ Ankles"));
}

#[test]
fn what_speaks_against_training_is_on_the_first_screen_however_small_it_is() {
    let today = date(2026, 11, 20);
    let sessions = |count: u32| (0..count).map(|_| today).collect::<crate::progress::Habit>();
    for config in [Config::built_in(), german::german()] {
        for (count, saved) in [(0, true), (2, true), (2, false)] {
            let past = Past { stopped: Some(today), habit: sessions(count), ..Past::default() };
            let mut desk = Desk::of(config.clone(), past);
            desk.app.today = here(today.at(18, 0, 0, 0));
            desk.app.not_saved = (!saved).then(|| "/gym/dorsi.sqlite3: database or disk is full".to_owned());
            let shown = lines(&desk, (40, 12)).join(" ");
            assert!(shown.contains(&config.words.home.stopped_today), "{shown}");
        }
    }
    let mut desk = Desk::new();
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
        ("in a set with a rep", in_a_set("space", 6_000), "[EndSet, Skip, Ouch]"),
        ("between two sets", in_a_set("e", 1_000), "[Skip, Ouch]"),
    ] {
        paused.press("p");
        assert_eq!(paused.app.context(), Context::Paused, "{place}");
        let asked = [Action::EndSet, Action::Skip, Action::Ouch];
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

#[test]
fn in_the_smallest_window_a_set_names_the_key_for_pain_in_every_language_and_one_button_what_it_does() {
    for language in ["en", "de"] {
        for pacing in ["counted", "paced"] {
            let config = mine(&format!("[settings]\nlanguage = \"{language}\"\npacing = \"{pacing}\"\n"));
            let ouch = format!("o {}", config.words.keys.ouch);
            let mut desk = Desk::of(config, Past::default());
            desk.press("space 1 2 space").press("space 2 space 3").press("2 2 3").press("space space space");
            let mut contexts = Vec::new();
            for _ in 0..60 {
                desk.wait(1_000);
                if desk.app.context() == Context::Counted {
                    desk.press("space");
                }
                if let context @ (Context::Counted | Context::Paced | Context::PacedEnough) = desk.app.context() {
                    let shown = desk.picture((40, 12));
                    assert!(shown.contains(&ouch), "{language} {context:?}\n{shown}");
                    contexts.push(context);
                }
            }
            assert!(contexts.len() > 20, "{language} {pacing}: {contexts:?}");
        }
        let config = mine(&format!("[settings]\nlanguage = \"{language}\"\none-button = true\n"));
        let words = config.words.keys.clone();
        let starts = fill(&config.words.home.tagline, &[("go", "2×Space")]);
        let desk = Desk::of(config, Past::default());
        assert!(desk.picture((80, 24)).contains(&starts), "{starts}");
        let shown = desk.picture((40, 12));
        for told in [format!("Space {}", words.next_line), format!("2×Space {}", words.take)] {
            assert!(shown.contains(&told), "{told}\n{shown}");
        }
    }
}

#[test]
fn no_line_has_a_number_before_it_that_no_digit_chooses() {
    let own = |name: char| {
        let own = format!("[protocol.own-{name}]\ntitle = \"Own {name}\"\nsummary = \"o\"\n");
        own + &format!("[protocol.own-{name}.step.a]\nkind = \"note\"\ntitle = \"A\"\ntext = [\"t\"]\n")
    };
    let desk = Desk::of(mine(&"abcdefgh".chars().map(own).collect::<String>()), Past::default());
    let shown = desk.picture((80, 60));
    assert!(desk.app.home_lines().len() > 9, "{shown}");
    assert!(shown.contains(" 9  ") && !shown.contains("10  ") && !shown.contains("11  "), "{shown}");
}

#[test]
fn a_remote_that_only_goes_on_and_back_reaches_every_line_of_a_pause() {
    let mut desk = Desk::to_lunge();
    desk.press("space").wait(6_000).press("pageup space").wait(6_000);
    desk.press(".");
    let lines = desk.app.menu_lines().len();
    let marked = |desk: &Desk| desk.picture((80, 24)).lines().find(|line| line.contains('▸')).unwrap_or("").to_owned();
    let mut seen: Vec<String> = Vec::new();
    for _ in 0..lines {
        seen.push(marked(&desk));
        desk.press("pageup");
    }
    assert_eq!(marked(&desk), seen[0], "and the first again");
    assert!(seen[1].contains("It hurts"), "{seen:?}");
    seen.dedup();
    assert_eq!(seen.len(), lines, "{seen:?}");
    desk.press("pageup pagedown pageup");
    assert!(marked(&desk).contains("End the session"), "what to do about pain is chosen in the same way");
}

#[test]
fn a_remote_that_only_goes_on_and_back_can_give_every_answer() {
    let mut desk = Desk::new();
    let marked = |desk: &Desk| desk.picture((80, 24)).lines().find(|line| line.contains('▸')).unwrap_or("").to_owned();
    desk.press("pageup");
    assert!(marked(&desk).contains("2  Warm-up"), "{}", marked(&desk));
    desk.press("pageup pageup pageup pagedown").press("pageup pageup");
    assert!(marked(&desk).contains("3  "), "the safety list: {}", marked(&desk));
    for _ in 0..desk.app.menu_lines().len().max(8) {
        desk.press("pageup");
    }
    assert!(marked(&desk).contains("1  "), "and the first again: {}", marked(&desk));
    desk.press("pagedown pageup pageup pagedown pagedown pageup");
    assert!(marked(&desk).contains("2  "), "the wall test: {}", marked(&desk));
    desk.press("pagedown pagedown pagedown");
    let readings: Vec<_> = desk.events.iter().filter(|event| matches!(event.fact, Fact::Measured { .. })).collect();
    assert_eq!(readings.len(), 2, "{readings:?}");
    let scale = desk.events.iter().find_map(|event| match event.fact {
        Fact::Answered { answer: Answer::Scale(number), .. } => Some(number),
        _ => None,
    });
    assert_eq!(scale, Some(2), "pain");
    desk.press("q");
    assert!(marked(&desk).contains("1  "));
    desk.press("pageup");
    assert!(marked(&desk).contains("2  "), "whether to leave");
}

#[test]
fn the_keys_of_a_test_tell_of_typing() {
    let mut desk = Desk::new();
    desk.press("space 1 2 space space ?");
    let shown = desk.picture((80, 40));
    assert!(
        shown.contains("0–9 .") && shown.contains("type a measured one") && shown.contains("last digit"),
        "{shown}"
    );
}

#[test]
fn who_uses_a_remote_is_told_of_its_keys() {
    let mut desk = Desk::new();
    desk.press("space");
    assert!(!desk.picture((80, 24)).contains("Page"));
    desk.app.presenter = true;
    for size in [(80, 24), (40, 12)] {
        let shown = desk.picture(size);
        let bar = shown.lines().rev().find(|line| line.contains("keys")).unwrap();
        assert!(bar.contains("PageDown") && !bar.contains("Space"), "{shown}");
    }
    assert!(desk.picture((80, 24)).contains("PageDown take it   PageUp next"), "{}", desk.picture((80, 24)));
}

#[test]
fn after_the_last_rep_was_taken_back_in_a_pause_the_key_goes_on_and_ends_no_set() {
    let mut desk = Desk::to_lunge();
    desk.press("space").wait(6_000).press("p down down");
    assert!(desk.picture((80, 24)).contains("▸ 3  Take the last rep back"));
    desk.press("space");
    let shown = desk.picture((80, 24));
    assert!(shown.contains("▸ 1  Go on") && !shown.contains("Take the last rep back"), "{shown}");
}

#[test]
fn the_summary_is_read_to_its_end_by_the_key_that_goes_on_and_back_by_the_other() {
    let mut desk = Desk::to_lunge();
    desk.press("q 3");
    desk.see((80, 24));
    let mut pages = vec![desk.picture((80, 24))];
    while desk.app.context() == Context::SummaryOn {
        assert!(desk.picture((80, 24)).contains("Space read on"));
        desk.press("pagedown");
        desk.see((80, 24));
        pages.push(desk.picture((80, 24)));
        assert!(pages.len() < 10, "no end");
    }
    assert!(pages.len() > 1 && pages.last().unwrap().contains("Space home"), "{pages:?}");
    for _ in &pages {
        desk.press("pageup");
    }
    desk.see((80, 24));
    assert_eq!(desk.picture((80, 24)), pages[0]);
}
