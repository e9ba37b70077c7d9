//! Looking back: progress over weeks, training days, the list of sessions, and one of them opened in full.

use jiff::civil::DateTime;
use tui_input::{Input as Line, InputRequest};

use super::sitting::step;
use super::{App, Effect, Overlay, Screen};
use crate::kept::{self, Amendment, Kept};
use crate::keymap::Action;
use crate::progress::{Dated, Overview};
use crate::protocol::Protocol;
use crate::protocol::quantity::{Length, Unit};
use crate::session::digest::Digest;
use crate::session::event::{Answer, Correction, Event, Fact, Part, Reading, SetEnd, Stage};
use crate::session::record::Record;
use crate::session::{Input, Output, Session};
use crate::text::fill;

use super::draft::{LONGEST_GAP, LONGEST_REACH};

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

/// A session's results while they are put right.
#[derive(Clone, Debug, PartialEq)]
pub struct Correcting {
    /// Every result, in the order of the session.
    pub results: Vec<Recorded>,
    /// The one that is chosen.
    pub cursor: usize,
}

/// A result that can be put right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recorded {
    /// Where.
    pub stage: Stage,
    /// What was recorded.
    pub was: Correction,
    /// What is so.
    pub now: Correction,
}

/// A note that is being written.
#[derive(Clone, Debug)]
pub struct Note {
    /// The session that it is on; `None` for the one that was just trained.
    pub session: Option<i64>,
    /// The line as it stands.
    pub line: Line,
}

/// Every result of a session that can be put right.
fn results(session: &Session) -> Vec<Recorded> {
    let (protocol, record) = (session.protocol(), session.record());
    let mut results = Vec::new();
    let mut add = |stage, is| results.push(Recorded { stage, was: is, now: is });
    for index in 0..protocol.steps.len() {
        let whole = |side| Stage { step: index, part: Part::Whole, side, round: 0 };
        for (side, reading) in record.readings(index) {
            add(whole(side), Correction::Reading(reading));
        }
        for (side, answer) in record.answers(index) {
            if let Answer::Scale(number) = answer {
                add(whole(side), Correction::Scale(*number));
            }
        }
        for (stage, (reps, how)) in record.sets(index) {
            add(stage, Correction::Reps { reps, how: how.unwrap_or(SetEnd::Short) });
        }
    }
    results
}

impl Correcting {
    /// Whether something is put right that is not saved yet.
    pub fn is_changed(&self) -> bool {
        self.results.iter().any(|result| result.now != result.was)
    }

    /// Has the chosen result, or else the last that was changed, be what it was again; whether there is one.
    fn take_back(&mut self) -> bool {
        let is_changed = |result: &Recorded| result.now != result.was;
        let chosen = Some(self.cursor).filter(|cursor| self.results.get(*cursor).is_some_and(is_changed));
        let Some(place) = chosen.or_else(|| self.results.iter().rposition(is_changed)) else { return false };
        self.cursor = place;
        self.results[place].now = self.results[place].was;
        true
    }
}

impl Recorded {
    /// Changes the result by a step, up or down, as far as it makes sense.
    fn change(&mut self, protocol: &Protocol, up: bool, unit: Unit) {
        self.now = match self.now {
            Correction::Reps { reps, .. } => {
                let Some(exercise) = protocol.exercise(self.stage.step) else { return };
                let (low, high) = (exercise.reps.low(), exercise.reps.high());
                let reps = if up { (reps + 1).min(high) } else { reps.saturating_sub(1) };
                let how = match (self.was, reps) {
                    (Correction::Reps { how: was @ (SetEnd::Pain | SetEnd::Skipped), .. }, _) => was,
                    (_, reps) if reps >= high => SetEnd::Full,
                    (_, reps) if reps >= low => SetEnd::Enough,
                    _ => SetEnd::Short,
                };
                Correction::Reps { reps, how }
            }
            Correction::Scale(number) => {
                let question = protocol.question(self.stage.step);
                let Some(scale) = question.and_then(|question| question.scale.as_ref()) else { return };
                let number = if up { number.saturating_add(1) } else { number.saturating_sub(1) };
                Correction::Scale(number.clamp(scale.low, scale.high))
            }
            Correction::Reading(reading) => {
                let Some(test) = protocol.test(self.stage.step) else { return };
                // By the last digit that is shown.
                let moved = |length: Length, least: Length, most: Length| {
                    let tenths = (length.in_unit(unit) * 10.0).round() + if up { 1.0 } else { -1.0 };
                    let next = Length::typed(&format!("{:.1}", tenths.max(0.0) / 10.0), unit);
                    next.unwrap_or(Length::ZERO).clamp(least, most)
                };
                Correction::Reading(match reading {
                    // What was judged by eye was one of the answers, and stays one.
                    Reading::Judged(gap) => {
                        let gaps = test.answer.values().map(|answer| answer.gap);
                        let next = if up {
                            gaps.filter(|next| *next > gap).min()
                        } else {
                            gaps.filter(|next| *next < gap).max()
                        };
                        Reading::Judged(next.unwrap_or(gap))
                    }
                    Reading::Gap(gap) => Reading::Gap(moved(gap, Length::ZERO, LONGEST_GAP)),
                    // A test can be taken further from the wall than anybody reaches.
                    Reading::Reach(reach) => {
                        let most = LONGEST_REACH.max(test.toe_distance);
                        Reading::Reach(moved(reach, Length::from_mm(1), most))
                    }
                })
            }
        };
        // Back where it was, it is as it was, to the last digit that is not shown.
        if let (Correction::Reading(was), Correction::Reading(now)) = (self.was, self.now)
            && let (Reading::Gap(was), Reading::Gap(now)) | (Reading::Reach(was), Reading::Reach(now)) = (was, now)
            && was.number(unit) == now.number(unit)
        {
            self.now = self.was;
        }
    }
}

impl Opened {
    /// Whether there is a result that can be put right.
    pub fn has_results(&self) -> bool {
        !results(&self.session).is_empty()
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
            began: kept.began,
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
            let were: Vec<_> = results(&opened.session).iter().map(|result| (result.stage, result.was)).collect();
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
                let results = results(&opened.session);
                opened.correcting = (!results.is_empty()).then_some(Correcting { results, cursor: 0 });
            }
            Action::Remove => self.overlay = Some(Overlay::Remove { cursor: 0 }),
            Action::EndSet => return self.file_opened(),
            _ => self.close_opened(),
        }
        Vec::new()
    }

    /// Goes back to the list, at the session that was open.
    pub(super) fn close_opened(&mut self) {
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
        let Some(note) = &mut self.note else { return };
        let full = note.line.value().chars().count() >= LONGEST_NOTE;
        if !(full && matches!(request, InputRequest::InsertChar(_))) {
            note.line.handle(request);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Source};
    use crate::protocol::Side;

    #[test]
    fn a_reach_can_be_put_right_however_far_from_the_wall_the_test_is_taken() {
        let text = "[test.wall]\ntoe-distance = \"70 cm\"\n".to_owned();
        let config = Config::load(vec![Source { name: "mine.toml".to_owned(), text }]).unwrap();
        let protocol = &config.protocols["ankle"];
        let step = (0..protocol.steps.len()).find(|step| protocol.test(*step).is_some()).unwrap();
        let stage = Stage { step, part: Part::Whole, side: None, round: 0 };
        for (was, up, now) in [
            ("11 cm", true, "11.1 cm"),
            ("8 cm", false, "7.9 cm"),
            ("70 cm", true, "70 cm"),
            ("70 cm", false, "69.9 cm"),
            ("1 mm", false, "1 mm"),
        ] {
            let was = Correction::Reading(Reading::Reach(was.parse().unwrap()));
            let mut recorded = Recorded { stage, was, now: was };
            recorded.change(protocol, up, Unit::Cm);
            assert_eq!(recorded.now, Correction::Reading(Reading::Reach(now.parse().unwrap())));
        }
        let was = Correction::Reading(Reading::Gap("38 mm".parse().unwrap()));
        let mut recorded = Recorded { stage, was, now: was };
        for (up, shown) in [(true, "1.6"), (true, "1.7"), (false, "1.6"), (false, "1.5")] {
            recorded.change(protocol, up, Unit::In);
            let Correction::Reading(Reading::Gap(gap)) = recorded.now else { panic!("{recorded:?}") };
            assert_eq!(gap.number(Unit::In), shown, "each press is seen");
        }
        assert_eq!(recorded.now, was, "to the tenth of a millimetre");
    }

    #[test]
    fn how_a_set_ended_follows_its_reps_but_where_it_hurt_or_was_skipped() {
        let protocol = &Config::built_in().protocols["ankle"];
        let step = protocol.steps.iter().position(|step| step.id == "front-band").unwrap();
        let stage = Stage { step, part: Part::Set, side: Some(Side::Left), round: 1 };
        for (reps, how, up, so) in [
            (9, SetEnd::Short, true, SetEnd::Enough),
            (10, SetEnd::Enough, false, SetEnd::Short),
            (14, SetEnd::Enough, true, SetEnd::Full),
            (15, SetEnd::Full, false, SetEnd::Enough),
            (15, SetEnd::Full, true, SetEnd::Full),
            (14, SetEnd::Pain, true, SetEnd::Pain),
            (3, SetEnd::Skipped, true, SetEnd::Skipped),
        ] {
            let was = Correction::Reps { reps, how };
            let mut recorded = Recorded { stage, was, now: was };
            recorded.change(protocol, up, Unit::Cm);
            let Correction::Reps { reps: now, how } = recorded.now else { panic!("{recorded:?}") };
            assert_eq!((now, how), (if up { (reps + 1).min(15) } else { reps - 1 }, so), "{was:?}");
        }
    }

    #[test]
    fn a_gap_by_eye_goes_from_each_answer_to_the_next() {
        let protocol = &Config::built_in().protocols["ankle"];
        let step = (0..protocol.steps.len()).find(|step| protocol.test(*step).is_some()).unwrap();
        let stage = Stage { step, part: Part::Whole, side: None, round: 0 };
        let judged = |gap: &str| Correction::Reading(Reading::Judged(gap.parse().unwrap()));
        for (was, up, now) in [
            ("0 in", true, "1 in"),
            ("1 in", true, "2 in"),
            ("2 in", true, "2 in"),
            ("2 in", false, "1 in"),
            ("0 in", false, "0 in"),
        ] {
            let mut recorded = Recorded { stage, was: judged(was), now: judged(was) };
            recorded.change(protocol, up, Unit::In);
            assert_eq!(recorded.now, judged(now), "from {was}");
        }
    }
}
