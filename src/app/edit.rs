//! An edit of the configuration while the program runs: told of between two steps, and taken over when the person says so.

use std::sync::Arc;

use super::{App, Effect, Screen};
use crate::config::Config;

/// What became of the person's files since they were last read.
#[derive(Clone, Debug)]
pub enum Edit {
    /// They are right, and can be taken over.
    Offered(Arc<Config>),
    /// They are wrong: the first problem with its place, in one line.
    Wrong(String),
    /// They were taken over.
    TakenOver {
        /// The session under way goes on with them, too.
        in_session: bool,
    },
}

impl App {
    /// Whether nothing moves, so that an edit can be told of.
    pub fn is_between_steps(&self) -> bool {
        self.overlay.is_none() && self.context().takes_edits()
    }

    /// Takes in that the person's files were edited, and what they are now: a configuration, or what is wrong in one line.
    pub fn edited(&mut self, files: Result<Config, String>) {
        self.edit = Some(match files {
            Ok(config) => Edit::Offered(Arc::new(config)),
            Err(why) => Edit::Wrong(why),
        });
    }

    /// Whether there is an edit to take over.
    pub(super) fn can_take_over(&self) -> bool {
        matches!(self.edit, Some(Edit::Offered(_)))
    }

    /// Whether the person has made the choices of the plan in the session under way.
    pub fn has_chosen(&self) -> bool {
        matches!(&self.screen, Screen::Session(sitting) if sitting.session.record().choices().is_some())
    }

    /// Goes on with the edited configuration. A session keeps its protocol where the edited one has other steps.
    pub(super) fn take_over(&mut self) -> Vec<Effect> {
        let config = match self.edit.take() {
            Some(Edit::Offered(config)) => config,
            other => {
                self.edit = other;
                return Vec::new();
            }
        };
        let before = std::mem::replace(&mut self.config, config);
        self.place_sound();
        let settings = &self.config.settings;
        // What was changed in the session by key stays, unless the edit is about it.
        if settings.volume != before.settings.volume {
            self.volume = settings.volume;
        }
        if settings.units != before.settings.units {
            self.unit = settings.units;
        }
        self.look = self.config.look(self.ability);
        let mut effects = vec![Effect::Reconfigure, Effect::ReadHistory];
        let mut in_session = true;
        match &mut self.screen {
            Screen::Home { cursor } | Screen::Routines { cursor } => *cursor = 0,
            Screen::Session(sitting) => {
                let edited = self.config.protocols.get(&sitting.session.protocol().id).cloned();
                let session = &mut sitting.session;
                let (lead_in, pacing) = (settings.lead_in, settings.pacing);
                let planned = session.choices();
                in_session = edited.is_some_and(|edited| session.take_over(edited, lead_in, pacing));
                if in_session {
                    effects.push(Effect::Rewrite(Arc::clone(session.protocol())));
                    sitting.begin_draft_after(&planned);
                }
            }
            _ => {}
        }
        self.look_ahead();
        self.edit = Some(Edit::TakenOver { in_session });
        effects
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Sound;
    use crate::config::Source;
    use crate::kept::Past;
    use crate::keymap::{Action, Context};
    use crate::protocol::Side;
    use crate::protocol::quantity::Unit;
    use crate::session::event::Pacing;

    fn config(text: &str) -> Config {
        let source = Source { name: "mine.toml".to_owned(), text: text.to_owned() };
        Config::load(vec![source]).unwrap_or_else(|refusal| panic!("{refusal}"))
    }

    /// At the set-up of the warm-up's first exercise.
    fn at_set_up() -> App {
        let mut app = App::new(Arc::new(config("")), Past::default());
        let protocol = app.config.protocols["warm-up"].clone();
        app.begin(protocol);
        app.was_seen(crate::app::Seen { all: true, ..Default::default() });
        app.press(0, Action::Digit(1));
        app.press(0, Action::Go);
        app
    }

    fn reps(app: &App) -> String {
        let Screen::Session(sitting) = &app.screen else { panic!("a session") };
        sitting.session.exercise().map(|exercise| exercise.reps.to_string()).unwrap_or_default()
    }

    #[test]
    fn the_first_page_tells_the_length_of_the_edited_session() {
        let mut app = App::new(Arc::new(config("")), Past::default());
        let minutes = |app: &App| app.planned_minutes(&app.config.protocols["ankle"]);
        let before = minutes(&app);
        app.edited(Ok(config("[exercise.front-band]\nrounds = 1\nmost-rounds = 1\n")));
        assert_eq!(minutes(&app), before, "only offered");
        app.press(10, Action::TakeOver);
        assert!(minutes(&app) < before && minutes(&app) > 0, "{} and {before} minutes", minutes(&app));
    }

    #[test]
    fn an_edit_of_the_doses_counts_from_the_next_set_on_and_is_kept_with_the_session() {
        let mut app = at_set_up();
        assert_eq!((app.is_between_steps(), reps(&app).as_str()), (true, "10–15"));
        app.edited(Ok(config("[exercise.front-band]\nreps = [8, 12]\n[settings]\nunits = \"in\"\n")));
        assert_eq!(reps(&app), "10–15", "only offered");
        let effects = app.press(10, Action::TakeOver);
        assert_eq!((reps(&app).as_str(), app.unit), ("8–12", Unit::In));
        assert!(matches!(&effects[..], [Effect::Reconfigure, Effect::ReadHistory, Effect::Rewrite(_)]), "{effects:?}");
        assert!(matches!(app.edit, Some(Edit::TakenOver { in_session: true })));
        app.press(20, Action::Go);
        assert!(app.edit.is_none(), "told once");
    }

    #[test]
    fn what_was_asked_of_a_set_that_is_done_stays_as_it_was() {
        let mut app = at_set_up();
        let title = |app: &App| {
            let Screen::Session(sitting) = &app.screen else { panic!("a session") };
            sitting.session.exercise().map(|exercise| exercise.title.clone()).unwrap_or_default()
        };
        let first = title(&app);
        app.press(1_000, Action::Go);
        let mut now = 2_000;
        while title(&app) == first {
            now += 1_000;
            let is_set = app.context() == Context::Lead;
            app.press(now, if is_set { Action::EndSet } else { Action::Go });
            assert!(now < 60_000, "the first exercise has no end");
        }
        assert!(app.is_between_steps(), "at the set-up of the second exercise");
        app.edited(Ok(config("[exercise.front-band]\nreps = [8, 12]\n[exercise.behind-band]\nreps = [8, 12]\n")));
        app.press(now, Action::TakeOver);
        assert!(matches!(app.edit, Some(Edit::TakenOver { in_session: true })));
        let Screen::Session(sitting) = &app.screen else { panic!("a session") };
        let steps = sitting.session.protocol().steps.len();
        let doses = (0..steps).filter_map(|step| sitting.session.protocol().exercise(step));
        assert_eq!(doses.map(|exercise| exercise.reps.to_string()).collect::<Vec<_>>(), ["10–15", "8–12"]);
    }

    #[test]
    fn an_edit_of_nothing_but_what_was_trained_is_not_called_taken_over() {
        let mut app = at_set_up();
        app.press(1_000, Action::Go);
        let mut now = 2_000;
        while app.context() != Context::SetUp {
            now += 1_000;
            let is_set = app.context() == Context::Lead;
            app.press(now, if is_set { Action::EndSet } else { Action::Go });
        }
        app.edited(Ok(config("[exercise.front-band]\nreps = [8, 12]\n")));
        app.press(now, Action::TakeOver);
        assert!(matches!(app.edit, Some(Edit::TakenOver { in_session: false })), "{:?}", app.edit);
    }

    #[test]
    fn an_edit_that_would_lead_elsewhere_waits_for_the_next_session() {
        let mut app = at_set_up();
        app.edited(Ok(config("[exercise.front-band]\nsides = \"both\"\n")));
        let effects = app.press(10, Action::TakeOver);
        assert!(matches!(&effects[..], [Effect::Reconfigure, Effect::ReadHistory]), "{effects:?}");
        assert!(matches!(app.edit, Some(Edit::TakenOver { in_session: false })));
        assert_eq!(app.context(), Context::SetUp);
    }

    #[test]
    fn a_session_keeps_its_steps_when_an_edit_has_others() {
        let mut app = at_set_up();
        let text = "[protocol.warm-up.step.more]\nkind = \"note\"\ntitle = \"More\"\ntext = [\"One more step\"]\n";
        app.edited(Ok(config(&format!("{text}[exercise.front-band]\nreps = [8, 12]\n"))));
        let effects = app.press(10, Action::TakeOver);
        assert!(matches!(&effects[..], [Effect::Reconfigure, Effect::ReadHistory]), "{effects:?}");
        assert!(matches!(app.edit, Some(Edit::TakenOver { in_session: false })));
        assert_eq!(reps(&app), "10–15");
        assert_eq!(app.config.protocols["warm-up"].steps.len(), 4 + 1, "the next session has it");
    }

    #[test]
    fn what_was_changed_by_key_stays_unless_the_edit_is_about_it() {
        let mut app = at_set_up();
        app.press(0, Action::Quieter);
        app.unit = Unit::In;
        let volume = app.volume;
        app.edited(Ok(config("[exercise.front-band]\nreps = [8, 12]\n")));
        app.press(10, Action::TakeOver);
        assert_eq!((app.volume, app.unit), (volume, Unit::In));
        app.edited(Ok(config("[settings]\nvolume = 30\n")));
        app.press(20, Action::TakeOver);
        assert_eq!((app.volume, app.unit), (30, Unit::In));
    }

    #[test]
    fn an_edit_can_have_it_sound_over_ssh_and_no_more() {
        let mut app = at_set_up();
        app.remote = true;
        app.place_sound();
        assert_eq!(app.sound, Sound::Remote);
        app.edited(Ok(config("[settings]\nsound-over-ssh = true\n")));
        app.press(10, Action::TakeOver);
        assert_eq!(app.sound, Sound::Fine);
        app.sound = Sound::Missing;
        app.edited(Ok(config("[settings]\nsound-over-ssh = true\nvolume = 40\n")));
        app.press(20, Action::TakeOver);
        assert_eq!(app.sound, Sound::Missing, "where it sounds is not where it is not heard");
        app.edited(Ok(config("")));
        app.press(30, Action::TakeOver);
        assert_eq!(app.sound, Sound::Remote);
    }

    #[test]
    fn a_wrong_edit_changes_nothing() {
        let mut app = at_set_up();
        app.edited(Err("mine.toml:2: wrong value".to_owned()));
        assert_eq!(app.press(10, Action::TakeOver), []);
        assert!(matches!(app.edit, Some(Edit::Wrong(_))));
        assert_eq!(reps(&app), "10–15");
    }

    #[test]
    fn nothing_is_told_while_something_moves() {
        let mut app = at_set_up();
        app.press(10, Action::Go);
        assert!(!app.is_between_steps());
    }

    #[test]
    fn what_was_chosen_on_the_plan_stays_where_an_edit_is_taken_over_there() {
        let mut app = App::new(Arc::new(config("[exercise.behind-band]\nmost-rounds = 3\n")), Past::default());
        let protocol = app.config.protocols["warm-up"].clone();
        app.begin(protocol);
        app.was_seen(crate::app::Seen { all: true, ..Default::default() });
        app.press(0, Action::Digit(1));
        assert_eq!(app.context(), Context::Plan);
        // The right ankle alone.
        app.press(0, Action::Right);
        app.press(0, Action::Right);
        // The program leads, and the second exercise has all the rounds that it can have.
        for action in [Action::Down, Action::Right, Action::Down, Action::Down, Action::Right, Action::Right] {
            app.press(0, action);
        }
        let choices = |app: &App| {
            let Screen::Session(sitting) = &app.screen else { panic!("a session") };
            sitting.draft.choices.clone()
        };
        let before = choices(&app);
        assert_eq!((before.only, before.pacing), (Some(Side::Right), Pacing::Paced));
        assert_eq!(before.rounds.values().copied().collect::<Vec<_>>(), [2, 3]);
        app.edited(Ok(config(
            "[exercise.front-band]\nrounds = 1\n[exercise.behind-band]\nrounds = 1\nmost-rounds = 1\n",
        )));
        app.press(10, Action::TakeOver);
        let after = choices(&app);
        assert_eq!((after.only, after.pacing), (before.only, before.pacing));
        assert_eq!(
            after.rounds.values().copied().collect::<Vec<_>>(),
            [1, 1],
            "what was left as it was planned follows"
        );
    }
}
