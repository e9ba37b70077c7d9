//! Looking back: progress over weeks, training days, the list of sessions, and one of them opened in full.

use jiff::civil::DateTime;
use tui_input::{Input as Line, InputRequest};

use super::correcting::{Correcting, results};
use super::cursor::step;
use super::{App, Effect, Overlay, Screen};
use crate::kept::{self, Amendment, Kept};
use crate::keymap::Action;
use crate::progress::{Dated, Overview};
use crate::session::digest::Digest;
use crate::session::event::{Event, Fact};
use crate::session::record::Record;
use crate::session::{Input, Output, Session};
use crate::text::fill;

/// The longest note, in characters: a few lines on the screen.
const LONGEST_NOTE: usize = 400;

/// What is looked at over weeks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Page {
    /// The tests over weeks.
    #[default]
    Trends,
    /// Training days, week by week.
    Days,
    /// The list of sessions.
    Sessions,
}

impl Page {
    const ALL: [Page; 3] = [Page::Trends, Page::Days, Page::Sessions];

    /// The page `by` pages further on, with the first following the last.
    fn turned(self, by: usize) -> Page {
        let at = Page::ALL.iter().position(|page| *page == self).unwrap_or(0);
        Page::ALL[(at + by) % Page::ALL.len()]
    }
}

/// A session opened in full.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Its number in the store.
    pub id: i64,
    /// When it began.
    pub began: DateTime,
    /// The person's note.
    pub note: String,
    /// The session.
    pub session: Session,
    /// How many events it has in the store.
    known: usize,
    /// The first line that is shown.
    pub top: usize,
    /// Why the last change of it was not made, if it was not.
    pub refused: Option<String>,
    /// What is being put right, if something is.
    pub correcting: Option<Correcting>,
    /// What was put right last, until it is on disk.
    tried: Option<Correcting>,
}

/// A note that is being written.
#[derive(Clone, Debug)]
pub struct Note {
    /// The session that it is on; `None` for the one that was just trained.
    pub session: Option<i64>,
    /// The line as it stands.
    pub line: Line,
}

impl Opened {
    /// Whether there is a result that can be put right.
    pub fn has_results(&self) -> bool {
        results(&self.session).next().is_some()
    }

    /// Whether the session was left without an end.
    pub fn is_open(&self) -> bool {
        self.session.record().ending().is_none()
    }

    /// What has to be written so that the session, with this record so far, goes on with `events`.
    fn amend(&mut self, mut record: Record, events: Vec<Event>) -> Vec<Effect> {
        events.iter().for_each(|event| record.apply(event));
        let digest = Box::new(Digest::of(self.session.protocol(), &record));
        let known = self.known;
        self.known += events.len();
        self.refused = None;
        let amendment = Amendment { session: self.id, known, events, digest };
        vec![Effect::Amend(amendment), Effect::LookBack, Effect::ReadHistory]
    }
}

impl App {
    /// Takes in all sessions, the latest first.
    pub fn read(&mut self, history: Vec<kept::Line>) {
        let today = self.today.date();
        let lines = history.iter().rev().filter(|line| line.can_have_begun(today));
        let dated: Vec<_> = lines.map(|line| Dated { day: line.began.date(), digest: &line.digest }).collect();
        self.overview = Overview::of(&dated, &self.config.progress, |id| self.config.test(id));
        self.trained = self.overview.habit.weeks(today, &self.config.progress);
        self.history = history;
        match &mut self.screen {
            Screen::LookBack { cursor, .. } => *cursor = (*cursor).min(self.history.len().saturating_sub(1)),
            Screen::Opened(opened) => {
                if let Some(line) = self.history.iter().find(|line| line.id == opened.id) {
                    opened.note.clone_from(&line.note);
                }
            }
            _ => {}
        }
    }

    /// Opens a session in full.
    pub fn opened(&mut self, kept: Kept) {
        let note = self.history.iter().find(|line| line.id == kept.id).map(|line| line.note.clone());
        let session = self.session_of(&kept);
        self.screen = Screen::Opened(Box::new(Opened {
            id: kept.id,
            began: kept.began.datetime(),
            note: note.unwrap_or_default(),
            session,
            known: kept.events.len(),
            top: 0,
            refused: None,
            correcting: None,
            tried: None,
        }));
    }

    /// Shows a session as it is on disk, since a change of it could not be written. What was put right in it can be saved
    /// again, unless the session is another one by now.
    pub fn refused(&mut self, kept: Kept, why: &str) {
        let tried = match &mut self.screen {
            Screen::Opened(opened) if opened.id == kept.id => opened.tried.take(),
            _ => None,
        };
        self.opened(kept);
        if let Screen::Opened(opened) = &mut self.screen {
            let were: Vec<_> = results(&opened.session).map(|result| (result.stage, result.was)).collect();
            let is_same = |tried: &Correcting| tried.results.iter().map(|result| (result.stage, result.was)).eq(were);
            opened.correcting = tried.filter(is_same);
            opened.refused = Some(fill(&self.config.words.opened.refused, &[("why", why)]));
        }
    }

    /// Files the session that was left open as one that was stopped early, and shows what was done in it.
    pub(super) fn file_unfinished(&mut self) -> Vec<Effect> {
        let Some(kept) = self.past.unfinished.take() else { return Vec::new() };
        self.look_ahead();
        self.opened(kept);
        self.file_opened()
    }

    /// Files the opened session, which was left open, as one that was stopped early.
    fn file_opened(&mut self) -> Vec<Effect> {
        let Screen::Opened(opened) = &mut self.screen else { return Vec::new() };
        let before = opened.session.record().clone();
        let recorded = opened.session.step(before.last(), Input::End).into_iter().filter_map(|output| match output {
            Output::Record(event) => Some(event),
            Output::Cue(..) => None,
        });
        let recorded = recorded.collect();
        opened.amend(before, recorded)
    }

    /// A key on the pages of what was done over weeks.
    pub(super) fn look_back(
        &mut self,
        action: Action,
        mut page: Page,
        mut top: usize,
        mut cursor: usize,
    ) -> Vec<Effect> {
        let count = self.history.len();
        match action {
            Action::Right => (page, top) = (page.turned(1), 0),
            Action::Left => (page, top) = (page.turned(2), 0),
            Action::Go if page != Page::Sessions || count == 0 => (page, top) = (page.turned(1), 0),
            Action::Go => return self.history.get(cursor).map(|line| Effect::Open(line.id)).into_iter().collect(),
            Action::Up | Action::Down if page == Page::Sessions => step(&mut cursor, action, count),
            Action::Up | Action::Down => step(&mut top, action, usize::MAX),
            _ => {
                self.screen = Screen::Home { cursor: 0 };
                return Vec::new();
            }
        }
        self.screen = Screen::LookBack { page, top, cursor };
        Vec::new()
    }

    /// A key on a session that is opened in full.
    pub(super) fn one_session(&mut self, action: Action) -> Vec<Effect> {
        let Screen::Opened(opened) = &mut self.screen else { return Vec::new() };
        if let Some(correcting) = &mut opened.correcting {
            match action {
                Action::Up | Action::Down => step(&mut correcting.cursor, action, correcting.results.len()),
                Action::Left | Action::Right => {
                    if let Some(result) = correcting.results.get_mut(correcting.cursor) {
                        result.change(opened.session.protocol(), action == Action::Right, self.unit);
                    }
                }
                Action::Go => return self.put_right(),
                // One key loses nothing that was put right: it takes back one after the other, and then leaves.
                Action::Back if correcting.take_back() => {}
                _ if correcting.is_changed() => {}
                _ => opened.correcting = None,
            }
            return Vec::new();
        }
        let may_be_under_way = self.shared && opened.is_open();
        match action {
            Action::Up | Action::Down => step(&mut opened.top, action, usize::MAX),
            Action::EndSet | Action::Remove | Action::Correct if may_be_under_way => {}
            Action::Note => {
                let (session, note) = (Some(opened.id), opened.note.clone());
                self.begin_note(session, note);
            }
            Action::Correct => {
                let results: Vec<_> = results(&opened.session).collect();
                opened.correcting = (!results.is_empty()).then_some(Correcting { results, cursor: 0 });
            }
            Action::Remove => self.overlay = Some(Overlay::Remove { cursor: 0 }),
            Action::EndSet => return self.file_opened(),
            _ => self.close_opened(),
        }
        Vec::new()
    }

    /// Goes back to the list, at the session that was open.
    pub fn close_opened(&mut self) {
        let Screen::Opened(opened) = &self.screen else { return };
        let cursor = self.history.iter().position(|line| line.id == opened.id).unwrap_or(0);
        self.screen = Screen::LookBack { page: Page::Sessions, top: 0, cursor };
    }

    /// Removes the opened session.
    pub(super) fn remove_opened(&mut self) -> Vec<Effect> {
        let Screen::Opened(opened) = &self.screen else { return Vec::new() };
        let id = opened.id;
        self.close_opened();
        vec![Effect::Remove(id), Effect::LookBack, Effect::ReadHistory]
    }

    /// Records what was put right.
    fn put_right(&mut self) -> Vec<Effect> {
        let Screen::Opened(opened) = &mut self.screen else { return Vec::new() };
        let Some(correcting) = opened.correcting.take() else { return Vec::new() };
        opened.tried = Some(correcting.clone());
        let at = opened.session.record().last();
        let changed = correcting.results.into_iter().filter(|result| result.now != result.was);
        let events: Vec<Event> =
            changed.map(|result| Event { at, fact: Fact::Corrected { stage: result.stage, to: result.now } }).collect();
        if events.is_empty() {
            return Vec::new();
        }
        let effects = opened.amend(opened.session.record().clone(), events.clone());
        opened.session.correct(&events);
        effects
    }

    /// Types in the note that is being written; nothing where none is.
    pub fn type_note(&mut self, request: InputRequest) {
        let Some(note) = self.note.as_mut().filter(|_| !self.is_blank) else { return };
        let mut line = note.line.clone();
        line.handle(request);
        // What was cut can be put in again, as often as one likes.
        let length = |line: &Line| line.value().chars().count();
        if length(&line) <= LONGEST_NOTE.max(length(&note.line)) {
            note.line = line;
        }
    }

    /// Begins to write the note on `session`, or on the one just trained: with what was written and given up, or as it is.
    pub(super) fn begin_note(&mut self, session: Option<i64>, note: String) {
        let written = self.written.take().filter(|written| written.session == session);
        self.note = Some(written.unwrap_or_else(|| Note { session, line: note.into() }));
    }

    /// A key that ends the writing of a note.
    pub(super) fn end_note(&mut self, action: Action) -> Vec<Effect> {
        let Some(note) = self.note.take() else { return Vec::new() };
        if action != Action::Go {
            // What was written is there again when the note is.
            self.written = Some(note);
            return Vec::new();
        }
        let text = crate::text::clean(note.line.value()).trim().to_owned();
        match (&mut self.screen, note.session) {
            (Screen::Opened(opened), _) => opened.note.clone_from(&text),
            (Screen::Session(sitting), None) => sitting.note.clone_from(&text),
            _ => {}
        }
        vec![Effect::Note(note.session, text), Effect::ReadHistory]
    }

    /// The session that a row of the store holds, standing still.
    pub(super) fn session_of(&self, kept: &Kept) -> Session {
        let settings = &self.config.settings;
        Session::resume(kept.protocol.clone(), settings.lead_in, settings.pacing, &kept.events)
    }
}
