//! Pictures of every screen, each reached by keys and time as a person reaches it.

mod afar;
mod dressed;
mod german;
mod lookback;
mod measuring;
mod moving;
mod offers;
mod planning;
mod putting_right;
mod safety;
mod scripts;
mod several;
mod written;

use std::sync::Arc;

use jiff::Zoned;
use jiff::civil::DateTime;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::app::{App, Effect, Screen, Seen, Sound};
use crate::config::{Config, Source};
use crate::kept::{Kept, Line, Notice, Past};
use crate::keymap::{Action, Context, Key};
use crate::session::digest::Digest;
use crate::session::earlier::{Chosen, Earlier};
use crate::session::event::{Answer, Event, Fact};
use crate::session::plan::Plan;
use crate::session::record::Record;

/// The sizes that every screen is composed for.
const SIZES: [(u16, u16); 3] = [(80, 24), (40, 12), (200, 60)];

/// The configuration of somebody whose own file has this text.
fn mine(text: &str) -> Config {
    let source = Source { name: "mine.toml".to_owned(), text: text.to_owned() };
    Config::load(vec![source]).unwrap_or_else(|refusal| panic!("{refusal}"))
}

/// A person at the keyboard, with a clock that jumps.
struct Desk {
    app: App,
    now: u64,
    events: Vec<Event>,
}

impl Desk {
    fn new() -> Desk {
        Desk::after(Past::default())
    }

    fn after(past: Past) -> Desk {
        Desk::of(Config::built_in(), past)
    }

    /// Somebody who knows the sounds, so that a session begins at once.
    fn of(config: Config, past: Past) -> Desk {
        let app = App { sounds_known: true, ..App::new(Arc::new(config), past) };
        Desk { app, now: 0, events: Vec::new() }
    }

    /// Presses the keys one after the other, by name or as typed.
    fn press(&mut self, keys: &str) -> &mut Desk {
        for name in keys.split_whitespace() {
            let key: Key = name.parse().unwrap_or_else(|error| panic!("{error}"));
            let action = self.app.context().action(key, &self.app.config.keys);
            let action = action.unwrap_or_else(|| panic!("{name} means nothing on {:?}", self.app.context()));
            let effects = self.app.press(self.now, action);
            self.take(effects);
            self.see((80, 24));
        }
        self
    }

    /// Looks at the screen, and lets the program know what could be seen.
    fn see(&mut self, (width, height): (u16, u16)) {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        let mut seen = Seen::default();
        terminal.draw(|frame| seen = super::draw(&self.app, frame)).unwrap();
        let effects = self.app.was_seen(seen);
        self.take(effects);
    }

    fn wait(&mut self, millis: u64) -> &mut Desk {
        let end = self.now + millis;
        while let Some(due) = self.app.deadline().filter(|due| *due <= end) {
            let effects = self.app.wake(due);
            self.take(effects);
        }
        self.now = end;
        let effects = self.app.wake(end);
        self.take(effects);
        self
    }

    fn take(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Record(event) = effect {
                self.events.push(event);
            }
        }
    }

    /// Through safety, pain, both tests, squat check and triage of two stiff ankles, to the plan.
    fn to_plan() -> Desk {
        let mut desk = Desk::new();
        desk.press("space 1 2 space").press("space 2 space 3").press("2 2 3");
        desk
    }

    /// To the first rep of the first band exercise, counted by key.
    fn to_lunge() -> Desk {
        let mut desk = Desk::to_plan();
        desk.press("space s space").wait(5_000);
        desk
    }

    fn picture(&self, (width, height): (u16, u16)) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal
            .draw(|frame| {
                super::draw(&self.app, frame);
            })
            .unwrap();
        terminal.backend().to_string()
    }

    /// Holds the picture in every size against the one on file.
    fn look(&self, name: &str) {
        for size in SIZES {
            insta::assert_snapshot!(format!("{name}@{}x{}", size.0, size.1), self.picture(size));
            self.can_be_ascii(name, size);
        }
        self.look_dressed(name);
    }
}

#[test]
fn where_both_legs_train_together_nobody_is_asked_for_an_ankle() {
    let mut desk = Desk::new();
    let protocol = Arc::clone(&desk.app.config.protocols["goblet-squat"]);
    desk.app.begin(protocol);
    desk.see((80, 24));
    desk.press("1");
    let plan = desk.picture((80, 24));
    assert!(plan.contains("Counting") && plan.contains("Goblet squat"), "{plan}");
    assert!(!plan.contains("ankle"), "{plan}");
}

#[test]
fn home() {
    Desk::new().look("home");
}

/// What the store knows where this session was left open, and no other was trained.
fn left_open(kept: Kept) -> Past {
    let record = Record::of(&kept.events);
    let earlier = Plan { protocol: &kept.protocol, record: &record }.passed_on();
    Past { earlier: Arc::new(Earlier::from_iter(earlier)), unfinished: Some(kept), ..Past::default() }
}

/// This time by the clock of the person's one zone.
fn here(time: DateTime) -> Zoned {
    time.to_zoned(jiff::tz::TimeZone::UTC).unwrap()
}

#[test]
fn home_with_a_session_left_open_and_nothing_saved() {
    let mut before = Desk::to_lunge();
    before.press("space").wait(5_000).press("space").wait(5_000);
    let began = here("2026-11-20T18:30:00".parse().unwrap());
    let protocol = before.app.config.protocols["ankle"].clone();
    let kept = Kept { id: 1, began, protocol, events: before.events };
    let mut desk = Desk::after(left_open(kept));
    desk.app.not_saved = Some("/gym/dorsi.sqlite3: attempt to write a readonly database".to_owned());
    desk.app.sound = Sound::Missing;
    desk.look("home-unfinished");
    desk.press("space").look("taken-up");
    desk.press("q").look("leave");
    desk.press("1 b").wait(2_999);
    desk.look("lead-in");
}

#[test]
fn questions() {
    let mut desk = Desk::new();
    desk.press("space").look("safety");
    desk.press("down down down down down down down down down").look("safety-last");
    desk.press("1 6").look("pain");
    desk.press("5 space").look("wall-set-up");
    desk.press("space").look("wall");
    desk.press("4 3 . 5").look("wall-typed");
    desk.press("backspace backspace backspace 9 9 9").look("wall-typed-wrong");
    desk.press("u backspace backspace backspace 1 space space 1").look("squat");
    desk.press("1").look("feel");
}

#[test]
fn training_by_key() {
    let mut desk = Desk::to_plan();
    desk.press("space s").look("set-up");
    desk.press("space").wait(2_500);
    desk.look("get-ready");
    desk.wait(2_500).look("forward");
    desk.press("space").wait(700);
    desk.look("hold");
    desk.wait(1_300).wait(1_000);
    desk.look("back");
    for _ in 0..9 {
        desk.wait(2_000).press("space").wait(3_000);
    }
    desk.look("enough");
    desk.press("p").look("paused");
    desk.press("space").wait(3_000).press("o").look("hurt");
    desk.press("3").wait(5_000).press("o").look("hurt-again");
    desk.press("1").wait(4_000);
    desk.look("change-over");
}

#[test]
fn the_band_behind() {
    let mut desk = Desk::to_plan();
    desk.press("space s s").look("behind-set-up");
    desk.press("space").wait(5_000 + 700);
    desk.look("behind-forward");
    desk.press("space").wait(700);
    desk.look("behind-hold");
    desk.wait(1_300).wait(700);
    desk.look("behind-backward");
}

#[test]
fn a_pause_that_nobody_asked_for_says_why() {
    let mut desk = Desk::to_lunge();
    desk.now += 3_600_000;
    let effects = desk.app.slept(desk.now);
    desk.take(effects);
    desk.look("slept");
    desk.press("space").wait(5_000);
    desk.press("o 3").look("repositioning");
}

#[test]
fn a_session_ended_by_pain_says_so_and_what_to_do() {
    let mut desk = Desk::to_lunge();
    desk.press("space").wait(4_000);
    desk.press("o 2").look("ended-by-pain");
    assert!(matches!(&desk.app.screen, Screen::Session(sitting) if sitting.ending().is_some()));
}

#[test]
fn training_at_the_programs_pace() {
    let mut desk = Desk::to_plan();
    while !desk.picture((80, 24)).contains("▸ Counting") {
        desk.press("down");
    }
    desk.press("right space s space").wait(5_000 + 1_200);
    desk.look("paced-forward");
    desk.wait(10 * 6_000).look("paced-enough");
    desk.wait(5 * 6_000 + 25_000 + 5_000 + 15 * 6_000 + 1_000).look("rest");
}

#[test]
fn steps_that_are_neither_asked_nor_trained() {
    let text = r#"
        [settings]
        protocols = ["mine"]
        [protocol.mine]
        title = "Mine"
        summary = "Three steps"
        [protocol.mine.step.things]
        kind = "prepare"
        title = "You need"
        text = ["A band.", "Something solid to tie it to."]
        [protocol.mine.step.breath]
        kind = "rest"
        title = "Breathe"
        seconds = 20
        [protocol.mine.step.word]
        kind = "note"
        title = "A word"
        text = ["Slow is fine.", "So is less."]
    "#;
    let config = mine(text);
    let mut desk = Desk::of(config, Past::default());
    desk.press("space").look("step-prepare");
    desk.press("space").wait(4_000);
    desk.look("step-rest");
    desk.wait(16_000).look("step-note");
    desk.press("space").look("step-end");
}

#[test]
fn nothing_can_be_saved() {
    let mut desk = Desk::to_lunge();
    let effects = desk.app.cannot_save("/gym/dorsi.sqlite3: database or disk is full".to_owned());
    desk.take(effects);
    desk.look("trouble");
    desk.press("1").look("trouble-paused");
    desk.press("q").look("leave-unsaved");
}

#[test]
fn a_change_of_position_is_offered_once_for_the_ankle_that_hurts_between_sets_too() {
    let mut desk = Desk::to_lunge();
    desk.press("o 3 space").wait(3_000).press("e o");
    let shown = desk.picture((80, 24));
    assert!(shown.contains("Band in front, Right ankle") && shown.contains("End this exercise: Right ankle"));
    assert!(!shown.contains("change position"), "{shown}");
    desk.press("2");
    assert!(matches!(&desk.app.screen, Screen::Session(sitting) if sitting.ending().is_some()), "{shown}");
    let lines = desk.picture((80, 24));
    assert!(lines.contains("hurt or pinched, position changed"), "{lines}");
}

#[test]
fn rolling_leads_by_itself() {
    let mut desk = Desk::to_plan();
    desk.press("space space").wait(5_000 + 17_300);
    desk.look("roll");
}

#[test]
fn summary_of_a_whole_session() {
    let mut desk = Desk::to_lunge();
    for _ in 0..15 {
        desk.wait(2_000).press("space").wait(4_000);
    }
    desk.press("space").wait(5_000);
    for _ in 0..11 {
        desk.wait(2_000).press("space").wait(4_000);
    }
    desk.press("e space").wait(5_000).press("s space s space").wait(5_000).press("e space s space s space s");
    desk.press("space 5 8 . 5 space space 4 3 . 2 space 1 space");
    assert!(matches!(&desk.app.screen, Screen::Session(sitting) if sitting.ending().is_some()));
    desk.look("summary");
    desk.press("down down down down down down down down down down").look("summary-scrolled");
}

#[test]
fn a_window_that_is_too_small_says_so_and_one_of_any_size_is_drawn() {
    let desk = Desk::to_lunge();
    insta::assert_snapshot!("too-small", desk.picture((39, 11)));
    for width in (1..60).chain([500]) {
        for height in (1..30).chain([200]) {
            desk.picture((width, height));
        }
    }
}

#[test]
fn in_a_window_too_small_to_read_no_key_answers_and_leaving_keeps_the_session() {
    let mut desk = Desk::to_plan();
    desk.see((39, 11));
    let (stage, events) = (desk.app.context(), desk.events.len());
    for action in [Action::Go, Action::Digit(2), Action::Back, Action::Skip, Action::Help, Action::EndSet, Action::Down]
    {
        assert_eq!(desk.app.press(desk.now, action), [], "{action:?}");
    }
    assert_eq!((desk.app.context(), desk.app.overlay, desk.events.len()), (stage, None, events));
    assert_eq!(desk.app.clone().press(desk.now, Action::Quit), [Effect::Quit], "the session can be gone on with");
    desk.see((40, 12));
    desk.app.press(desk.now, Action::Help);
    assert!(desk.app.overlay.is_some(), "in a window that is large enough a key counts again");
}

#[test]
fn routines_are_listed_and_suggested_by_what_was_found() {
    let mut desk = Desk::new();
    assert!(!desk.picture((80, 24)).contains("Suggested"));
    desk.press("down down space").look("routines");
    desk.press("3").look("routine-safety");
    let earlier = [("feel", "back"), ("squat", "lift"), ("safety", "none")];
    let earlier = earlier.map(|(question, option)| Chosen::of(question, None, option));
    let mut desk = Desk::after(Past { earlier: Arc::new(earlier.into_iter().collect()), ..Past::default() });
    desk.look("home-suggested");
    let shown = desk.picture((80, 24));
    assert!(shown.contains("3  Calf release") && shown.contains("Suggested: It felt tight at the back"), "{shown}");
    desk.press("5").look("routines-suggested");
    desk.press("esc 3");
    assert!(desk.picture((80, 24)).contains("Since last time"), "the suggested routine begins");
}

#[test]
fn an_edit_of_the_configuration_is_told_of_between_two_steps() {
    let mut desk = Desk::to_plan();
    desk.press("space");
    desk.app.edited(Err("unknown key `rep` (dorsi.toml:12)".to_owned()));
    desk.look("edit-wrong");
    desk.app.edited(Ok(Config::built_in()));
    desk.look("edit-offered");
    desk.press("r");
    desk.look("edit-taken");
}

#[test]
fn the_sound_check() {
    let mut desk = Desk::new();
    desk.app.device = "Built-in speakers".to_owned();
    desk.press("t").look("sound-check");
    desk.press("space").look("sound-check-asked");
    desk.press("down").look("sound-check-unheard");
    desk.app.device = "no output device".to_owned();
    desk.press("space").app.sound = Sound::Missing;
    desk.look("sound-check-missing");
    desk.app.sound = Sound::Fine;
    for _ in 2..=desk.app.config.sound.tones().len() {
        desk.press("space");
    }
    desk.look("sound-check-done");
    desk.press("space");
    assert!(matches!(desk.app.screen, Screen::Home { .. }));
}

#[test]
fn the_sound_check_before_the_first_session() {
    let mut desk = Desk::after(Past::default());
    desk.app.sounds_known = false;
    desk.app.device = "Built-in speakers".to_owned();
    desk.press("space").look("first-sounds");
    desk.app.sound = Sound::Missing;
    desk.app.device = "no output device".to_owned();
    desk.look("first-sounds-missing");
    desk.app.sound = Sound::Fine;
    desk.press("space").look("first-sounds-asked");
    for _ in 0..desk.app.config.sound.tones().len() {
        desk.press("space");
    }
    desk.look("first-sounds-done");
    desk.press("space");
    assert!(matches!(desk.app.screen, Screen::Session(_)));
}

#[test]
fn a_flash_lights_the_whole_screen_for_a_moment_and_leaves_every_word_where_it_is() {
    let mut desk = Desk::to_lunge();
    desk.app.sound = Sound::Missing;
    desk.press("space");
    let begun = desk.app.now;
    let lit = |desk: &Desk| {
        let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
        terminal
            .draw(|frame| {
                super::draw(&desk.app, frame);
            })
            .unwrap();
        let buffer = terminal.backend().buffer().clone();
        buffer.content.iter().filter(|cell| cell.modifier.contains(ratatui::style::Modifier::REVERSED)).count()
    };
    assert_eq!(lit(&desk), 80 * 24);
    let words = desk.picture((80, 24));
    assert_eq!(super::next_change(&desk.app), Some(begun + 100), "the number beside it changes first");
    desk.app.now = begun + 199;
    assert_eq!((lit(&desk), super::next_change(&desk.app)), (80 * 24, Some(begun + 200)));
    desk.app.now = begun + 200;
    assert_eq!(lit(&desk), 0);
    desk.app.now = begun;
    desk.app.sound = Sound::Fine;
    let without = Desk::to_lunge().press("space").picture((80, 24));
    let heading = |picture: &str| picture.lines().skip(3).collect::<Vec<_>>().join("\n");
    assert_eq!(heading(&words), heading(&without), "all but the mark for the sound");
}
