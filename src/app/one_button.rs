//! A session with one button: a press goes on, or to the next line of a list; two take that line, or pause.

use super::cursor::TURN;
use super::{App, Effect, Overlay, Screen};
use crate::keymap::{Action, Context};

/// The last press of the button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pressed {
    context: Context,
    /// The line that was chosen before it, where it went to the next one.
    line: Option<usize>,
}

impl App {
    /// The button was pressed.
    pub(super) fn button(&mut self) -> Vec<Effect> {
        let context = self.context();
        let line = if context.is_list() { self.next_line() } else { None };
        self.pressed = Some(Pressed { context, line });
        match (line, context) {
            (Some(_), _) => Vec::new(),
            (None, Context::Advice) => self.button_at_advice(),
            (None, _) => self.act(Action::Go),
        }
    }

    /// Goes to the next line of the list, and from the last to the first; returns the one before it.
    pub(super) fn next_line(&mut self) -> Option<usize> {
        if let Screen::Session(sitting) = &mut self.screen
            && self.overlay.is_none()
        {
            sitting.draft.typed.clear();
        }
        let (line, count) = self.line()?;
        let before = *line;
        *line = if before + 1 < count { before + 1 } else { 0 };
        Some(before)
    }

    /// A press reads on, and then asks what is to become of the session: with one button an answer is easily a slip, and no
    /// other key takes it back.
    fn button_at_advice(&mut self) -> Vec<Effect> {
        match &mut self.screen {
            Screen::Session(sitting) if sitting.advice_goes_on() => sitting.menu += TURN,
            _ => self.overlay = Some(Overlay::Leave { cursor: 0 }),
        }
        Vec::new()
    }

    /// The button was pressed a second time: its first press is done already.
    pub(super) fn button_again(&mut self) -> Vec<Effect> {
        let Some(pressed) = self.pressed.take() else { return Vec::new() };
        let context = self.context();
        match pressed.line {
            // The line that the person saw when the first of the two came.
            Some(before) if context == pressed.context => {
                if let Some((line, _)) = self.line() {
                    *line = before;
                }
                self.act(Action::Go)
            }
            // A press that led here was meant for what was there before.
            _ if context.is_list() || context.is_page() && !pressed.context.is_page() => Vec::new(),
            _ if context.is_page() => self.act(Action::Quit),
            _ if context.one_button().iter().any(|(action, _)| *action == Action::Twice) => self.act(Action::Pause),
            _ => Vec::new(),
        }
    }

    /// The line that is chosen, of how many.
    fn line(&mut self) -> Option<(&mut usize, usize)> {
        let (context, lines, home) = (self.context(), self.menu_lines().len(), self.home_lines().len());
        match (&mut self.overlay, &mut self.screen) {
            (Some(Overlay::Leave { cursor } | Overlay::Trouble { cursor } | Overlay::Remove { cursor }), _) => {
                Some((cursor, lines))
            }
            (None, Screen::Home { cursor }) => Some((cursor, home)),
            (None, Screen::Routines { cursor }) => Some((cursor, self.config.protocols.len() + 1)),
            (None, Screen::Session(sitting)) => {
                let session = &sitting.session;
                let test = session.stage().and_then(|stage| session.protocol().test(stage.step));
                match context {
                    Context::Paused | Context::Hurt => Some((&mut sitting.menu, lines)),
                    Context::Ask => {
                        let count = session.question()?.option.len();
                        Some((&mut sitting.draft.cursor, count))
                    }
                    Context::Scale => {
                        let scale = session.question()?.scale.as_ref()?;
                        let count = usize::from(scale.high.saturating_sub(scale.low)) + 1;
                        Some((&mut sitting.draft.cursor, count))
                    }
                    Context::Measure => {
                        // With one button nothing can be typed.
                        let count = test?.answer.len();
                        Some((&mut sitting.draft.cursor, count))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::app::Seen;
    use crate::app::menu::MenuLine;
    use crate::config::{Config, Source};
    use crate::kept::Past;
    use crate::session::event::{Answer, Event, Fact};

    struct Button {
        app: App,
        facts: Vec<Fact>,
    }

    impl Button {
        fn new() -> Button {
            let text = "[settings]\none-button = true\n".to_owned();
            let config = Config::load(vec![Source { name: "mine.toml".to_owned(), text }]).unwrap();
            let mut app = App::new(Arc::new(config), Past::default());
            let protocol = app.config.protocols["ankle"].clone();
            app.begin(protocol);
            Button { app, facts: Vec::new() }
        }

        fn press(&mut self, action: Action) -> &mut Button {
            let now = self.app.now;
            let effects = self.app.press(now, action);
            self.facts.extend(effects.into_iter().filter_map(|effect| match effect {
                Effect::Record(Event { fact, .. }) => Some(fact),
                _ => None,
            }));
            // All of a screen is seen.
            self.app.was_seen(crate::app::Seen { all: true, ..Default::default() });
            self
        }

        fn once(&mut self) -> &mut Button {
            self.press(Action::Go)
        }

        /// The first press does its own, at once.
        fn twice(&mut self) -> &mut Button {
            self.press(Action::Go).press(Action::Twice)
        }

        fn wait(&mut self, millis: u64) -> &mut Button {
            let end = self.app.now + millis;
            while let Some(due) = self.app.deadline().filter(|due| *due <= end) {
                self.app.wake(due);
            }
            self.app.wake(end);
            self
        }

        fn reps(&self) -> u16 {
            let Screen::Session(sitting) = &self.app.screen else { return 0 };
            sitting.session.stage().map_or(0, |stage| sitting.session.record().reps(stage))
        }
    }

    #[test]
    fn every_answer_can_be_given_counted_paused_taken_back_and_left() {
        let mut button = Button::new();
        button.app.was_seen(crate::app::Seen { all: true, ..Default::default() });
        button.twice();
        let none = |fact: &Fact| matches!(fact, Fact::Answered { answer: Answer::Option(id), .. } if id == "none");
        assert!(button.facts.iter().any(none), "{:?}", button.facts);
        button.once().once().once().twice();
        let three = |fact: &Fact| matches!(fact, Fact::Answered { answer: Answer::Scale(3), .. });
        assert!(button.facts.iter().any(three), "{:?}", button.facts);
        // Two tests: the second answer on the left; round all lines to the first again on the right.
        button.once().once().twice().once().once().once().once().twice();
        let measured = button.facts.iter().filter(|fact| matches!(fact, Fact::Measured { .. })).count();
        assert_eq!(measured, 2);
        while button.app.context() != Context::Plan {
            button.twice();
        }
        while button.app.context() != Context::Lead {
            button.once();
        }
        while !matches!(button.app.context(), Context::Counted | Context::Paced | Context::PacedEnough) {
            button.wait(1_000);
        }
        if button.app.context() == Context::Counted {
            button.once().wait(8_000);
            assert_eq!(button.reps(), 1);
            // Counting is not put off by what a second press may mean.
            button.once();
            button.press(Action::Twice);
        } else {
            button.once().press(Action::Twice);
        }
        assert_eq!(button.app.context(), Context::Paused, "and stays so, whatever the first press did");
        let reps = button.reps();
        if reps > 0 {
            button.once().twice();
            assert_eq!(button.reps(), reps - 1, "the second line takes a rep back");
        }
        if button.app.context() != Context::Paused {
            button.once().press(Action::Twice);
        }
        let hurts = button.app.menu_lines().iter().position(|line| *line == MenuLine::Hurts).expect("a line for it");
        for _ in 0..hurts {
            button.once();
        }
        button.twice();
        assert_eq!(button.app.context(), Context::Hurt, "pain can be told");
    }

    #[test]
    fn an_answer_that_calls_for_advice_can_be_a_slip() {
        let mut button = Button::new();
        button.app.was_seen(Seen { all: true, ..Default::default() });
        button.once().twice();
        assert_eq!(button.app.context(), Context::Advice, "the second line is a reason not to train");
        button.app.was_seen(Seen { scroll_end: Some(TURN), ..Default::default() });
        button.once();
        assert_eq!(button.app.context(), Context::Advice, "there is more to read");
        button.app.was_seen(Seen { scroll_end: Some(TURN), all: true, ..Default::default() });
        button.once();
        assert_eq!(button.app.context(), Context::Choice, "nothing is over by one press");
        button.once().twice();
        assert_eq!(button.app.context(), Context::Ask, "it is asked again");
        assert!(!button.facts.iter().any(Fact::ends_session));

        button.once().twice().twice();
        assert_eq!(button.app.context(), Context::Choice, "and none by two in a row");
        button.once().once().once().twice();
        assert!(button.facts.iter().any(Fact::ends_session), "{:?}", button.facts);
    }

    #[test]
    fn every_routine_can_be_chosen_and_the_pages_to_learn_from_left() {
        let mut button = Button::new();
        button.app.sounds_known = true;
        button.app.screen = Screen::Routines { cursor: 0 };
        button.once().once();
        assert!(matches!(button.app.screen, Screen::Routines { cursor: 2 }), "a press goes to the next line");
        button.twice();
        let third = button.app.config.protocols.get_index(2).unwrap().0.clone();
        let Screen::Session(sitting) = &button.app.screen else { panic!("no session") };
        assert_eq!(sitting.session.protocol().id, third);

        button.app.screen = Screen::Home { cursor: 0 };
        button.app.overlay = Some(Overlay::Learn { page: 0, top: 0, below: false });
        button.once();
        assert!(matches!(button.app.overlay, Some(Overlay::Learn { page: 1, .. })));
        button.twice();
        assert_eq!(button.app.overlay, None);

        let lines = button.app.config.protocols.len();
        button.app.screen = Screen::Routines { cursor: lines };
        button.twice();
        assert!(matches!(button.app.screen, Screen::Home { .. }), "the last line leads back");
    }

    #[test]
    fn two_presses_of_which_the_first_went_on_do_nothing_more() {
        let mut button = Button::new();
        button.app.was_seen(crate::app::Seen { all: true, ..Default::default() });
        button.twice();
        let context = button.app.context();
        button.press(Action::Twice);
        assert_eq!(button.app.context(), context);
    }

    #[test]
    fn the_top_of_a_scale_is_a_line_too() {
        let mut button = Button::new();
        button.app.was_seen(Seen { all: true, ..Default::default() });
        button.twice();
        assert_eq!(button.app.context(), Context::Scale);
        for _ in 0..10 {
            button.once();
        }
        button.twice();
        let ten = |fact: &Fact| matches!(fact, Fact::Answered { answer: Answer::Scale(10), .. });
        assert!(button.facts.iter().any(ten), "{:?}", button.facts);
    }

    #[test]
    fn a_second_press_takes_no_line_of_a_choice_that_came_between() {
        let mut button = Button::new();
        button.app.was_seen(Seen { all: true, ..Default::default() });
        button.once();
        button.app.cannot_save("full".to_owned());
        button.press(Action::Twice);
        assert!(matches!(button.app.overlay, Some(Overlay::Trouble { cursor: 0 })));
    }
}
