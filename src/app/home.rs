//! The first screen, and the list of every protocol: what there is to train, and how it begins.

use std::sync::Arc;

use super::cursor::step;
use super::{App, Effect, Overlay, Page, Screen, Sitting};
use crate::kept::Kept;
use crate::keymap::Action;
use crate::protocol::Protocol;
use crate::session::Session;

/// The most protocols that the home screen suggests at a time.
const MOST_SUGGESTED: usize = 2;

/// A line of the home screen.
#[derive(Clone, Debug)]
pub enum HomeLine<'a> {
    /// Take up the unfinished session.
    Continue(&'a Kept),
    /// Keep what was done in it, as a session that was stopped early.
    File(&'a Kept),
    /// Start this protocol.
    Start(&'a Arc<Protocol>),
    /// Start this protocol, which is a good next thing to do for this reason.
    Suggested(&'a Arc<Protocol>, &'a str),
    /// Show every protocol there is.
    All,
    /// Show the pages to learn from.
    Learn,
}

impl App {
    /// The lines of the home screen.
    pub fn home_lines(&self) -> Vec<HomeLine<'_>> {
        let (before, after) = match &self.past.unfinished {
            None => (vec![], vec![]),
            // What lies ahead comes before what is over.
            Some(kept) if kept.is_stale(&self.today) => (vec![], vec![HomeLine::File(kept)]),
            Some(kept) if self.past.overtaken => (vec![], vec![HomeLine::Continue(kept), HomeLine::File(kept)]),
            Some(kept) => (vec![HomeLine::Continue(kept), HomeLine::File(kept)], vec![]),
        };
        // What can't be written can't be filed.
        let possible = |line: &HomeLine<'_>| !matches!(line, HomeLine::File(_)) || self.not_saved.is_none();
        let protocols = self.config.protocols.values();
        let asked_for = self.asked_for.as_ref().and_then(|id| self.config.protocols.get(id));
        let is_other = |protocol: &&Arc<Protocol>| asked_for.is_none_or(|asked_for| asked_for.id != protocol.id);
        let others = protocols.take(self.config.at_home).filter(is_other);
        let protocols = asked_for.into_iter().chain(others).map(HomeLine::Start);
        let suggested = self
            .suggested()
            .filter(|(protocol, _)| is_other(protocol))
            .take(MOST_SUGGESTED)
            .map(|(protocol, why)| HomeLine::Suggested(protocol, why));
        let more = self.config.protocols.len() > self.config.at_home;
        let learn = (!self.config.learn.is_empty()).then_some(HomeLine::Learn);
        let protocols = protocols.chain(suggested).chain(more.then_some(HomeLine::All)).chain(learn);
        before.into_iter().chain(protocols).chain(after).filter(possible).collect()
    }

    /// Today's sessions with exercise, but for the one that was left open as long as it can go on: more of that is no further
    /// session. Whoever begins another one beside it has had that one too.
    pub fn sessions_today(&self) -> u32 {
        let today = self.today.date();
        let is_here = |kept: &Kept| match &self.screen {
            Screen::Session(sitting) => sitting.session.was_trained(),
            _ => !kept.is_stale(&self.today),
        };
        let goes_on = |kept: &&Kept| kept.began.date() == today && kept.is_trained() && is_here(kept);
        let going_on = u32::from(self.past.unfinished.as_ref().filter(goes_on).is_some());
        self.past.habit.sessions_on(today).saturating_sub(going_on)
    }

    /// Whether today's sessions are as many as a day should have.
    pub fn has_done_enough(&self) -> bool {
        self.sessions_today() >= u32::from(self.config.progress.sessions_a_day)
    }

    pub(super) fn home(&mut self, action: Action, cursor: usize) -> Vec<Effect> {
        let count = self.home_lines().len();
        match action {
            Action::Up | Action::Down => {
                let mut cursor = cursor;
                step(&mut cursor, action, count);
                self.screen = Screen::Home { cursor };
            }
            Action::Digit(digit) if (1..=count).contains(&usize::from(digit)) => {
                return self.open(usize::from(digit) - 1);
            }
            Action::Go | Action::Right => return self.open(cursor),
            Action::History => {
                self.screen = Screen::LookBack { page: Page::default(), top: 0, cursor: 0 };
                return vec![Effect::ReadHistory];
            }
            Action::SoundCheck => return self.begin_sound_check(None),
            Action::Quit => return vec![Effect::Quit],
            _ => {}
        }
        Vec::new()
    }

    /// Opens a line of the home screen.
    fn open(&mut self, line: usize) -> Vec<Effect> {
        match self.home_lines().get(line) {
            Some(HomeLine::Learn) => {
                self.overlay = Some(Overlay::Learn { page: 0, top: 0, below: false });
                Vec::new()
            }
            Some(HomeLine::All) => {
                self.screen = Screen::Routines { cursor: 0 };
                Vec::new()
            }
            Some(HomeLine::Start(protocol) | HomeLine::Suggested(protocol, _)) => {
                let protocol = Arc::clone(protocol);
                self.start(protocol)
            }
            Some(HomeLine::Continue(_)) => self.take_up(),
            Some(HomeLine::File(_)) => self.file_unfinished(),
            None => Vec::new(),
        }
    }

    /// A key on the list of every protocol.
    pub(super) fn routines(&mut self, action: Action, mut cursor: usize) -> Vec<Effect> {
        let protocols = &self.config.protocols;
        // The last line leads back, for whoever has one button.
        step(&mut cursor, action, protocols.len() + 1);
        let chosen = match action {
            Action::Digit(digit) => usize::from(digit).checked_sub(1),
            Action::Go | Action::Right => Some(cursor),
            _ => None,
        };
        if let Some((_, protocol)) = chosen.and_then(|index| protocols.get_index(index)) {
            let protocol = Arc::clone(protocol);
            return self.start(protocol);
        }
        self.screen = match action {
            Action::Back | Action::Left | Action::Pause | Action::Quit | Action::Go | Action::Right => {
                Screen::Home { cursor: 0 }
            }
            _ => Screen::Routines { cursor },
        };
        Vec::new()
    }

    /// Begins a session.
    pub fn begin(&mut self, protocol: Arc<Protocol>) -> Vec<Effect> {
        self.asked_for = None;
        let settings = &self.config.settings;
        let session = Session::begin(protocol.clone(), &self.past.earlier, settings.lead_in, settings.pacing);
        self.sit_down(session, self.now as i64);
        vec![Effect::Begin(protocol)]
    }

    /// Whether a session that was left open can be continued, and is what the first screen offers first.
    pub fn goes_on_first(&self) -> bool {
        matches!(self.home_lines().first(), Some(HomeLine::Continue(_)))
    }

    /// Takes up the unfinished session.
    fn take_up(&mut self) -> Vec<Effect> {
        self.asked_for = None;
        let Some(kept) = &self.past.unfinished else { return Vec::new() };
        let session = self.session_of(kept);
        let (id, last) = (kept.id, session.record().last().millis() as i64);
        self.sit_down(session, self.now as i64 - last);
        vec![Effect::TakeUp(id)]
    }

    fn sit_down(&mut self, session: Session, origin: i64) {
        self.screen = Screen::Session(Box::new(Sitting::new(session, origin)));
    }
}
