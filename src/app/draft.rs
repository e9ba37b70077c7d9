//! What a person is entering on a question, a test or the plan, before it is said.

use super::cursor::step;
use crate::keymap::Action;
use crate::protocol::quantity::{Length, Unit};
use crate::protocol::{Place, Scale, Side, Test, Work};
use crate::session::Session;
use crate::session::event::{Answer, Choices, Pacing, Part, Reading};

/// The largest gap between knee and wall that a person can mean.
pub const LONGEST_GAP: Length = Length::from_mm(200);
/// The largest toe-to-wall distance that a person can mean.
pub const LONGEST_REACH: Length = Length::from_mm(400);

/// What is chosen or typed, but not said yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// The first line that is shown of a plan that is read, until something on it is chosen.
    pub top: Option<usize>,
    /// The line that is chosen, or the first one that is shown where there is nothing to choose.
    pub cursor: usize,
    /// What is typed.
    pub typed: String,
    /// The plan as it stands.
    pub choices: Choices,
    /// The set-up of the test is read, and its result is asked for.
    pub set_up: bool,
}

/// What a key did to a draft.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry<T> {
    /// It said this.
    Said(T),
    /// It changed the draft.
    Drafted,
    /// Nothing: the key means something else here.
    Ignored,
}

impl<T> Entry<T> {
    /// A key that may move a cursor among `count` lines.
    pub fn stepped(cursor: &mut usize, action: Action, count: usize) -> Entry<T> {
        step(cursor, action, count);
        if matches!(action, Action::Up | Action::Down) { Entry::Drafted } else { Entry::Ignored }
    }

    /// The same with what was said put differently.
    pub fn map<U>(self, put: impl FnOnce(T) -> U) -> Entry<U> {
        match self {
            Entry::Said(said) => Entry::Said(put(said)),
            Entry::Drafted => Entry::Drafted,
            Entry::Ignored => Entry::Ignored,
        }
    }
}

/// A line of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanLine {
    /// What step `.0` brought to light about the ankle.
    Finding(usize, Option<Side>),
    /// The advice with this index in the protocol.
    Remark(usize),
    /// Which ankles.
    Sides,
    /// Who leads.
    Pacing,
    /// The rounds of the exercise in the step with this index.
    Rounds(usize),
}

impl PlanLine {
    /// Whether there is something to change on the line.
    pub fn is_setting(self) -> bool {
        matches!(self, PlanLine::Sides | PlanLine::Pacing | PlanLine::Rounds(_))
    }
}

/// The lines of the plan: what warns, what was found, ankle by ankle, the advice that goes with it, and what can be changed.
pub fn plan_lines(session: &Session) -> Vec<PlanLine> {
    let protocol = session.protocol();
    let sides = [None, Some(Side::Left), Some(Side::Right)];
    let findings = sides.into_iter().flat_map(|side| {
        let steps = (0..protocol.steps.len()).filter(move |step| found_something(session, *step, side));
        steps.map(move |step| PlanLine::Finding(step, side))
    });
    let remarks = |urgent| {
        let remarks = session.plan().remarks(Place::Plan).filter(move |(_, remark)| remark.urgent == urgent);
        remarks.map(|(index, _)| PlanLine::Remark(index))
    };
    let (urgent, remarks) = (remarks(true), remarks(false));
    let rounds = session.plan().exercises().map(|(index, _)| PlanLine::Rounds(index));
    let sides = session.plan().is_by_ankle().then_some(PlanLine::Sides);
    // Where no phase waits for a key, the program leads in any case.
    let mut exercises = session.plan().exercises();
    let waits = exercises.any(|(_, exercise)| exercise.phase.values().any(|phase| phase.wait));
    let pacing = waits.then_some(PlanLine::Pacing);
    urgent.chain(findings).chain(remarks).chain(sides).chain(pacing).chain(rounds).collect()
}

fn found_something(session: &Session, step: usize, side: Option<Side>) -> bool {
    match &session.protocol().steps[step].work {
        Work::Measure { repeats: None, .. } => session.record().reading(step, side).is_some(),
        Work::Ask { question, .. } => match session.record().answer(step, side) {
            Some(Answer::Option(id)) => question.option.get(id).is_some_and(|option| option.meaning.is_some()),
            _ => false,
        },
        _ => false,
    }
}

impl Draft {
    /// An empty draft for what `session` is at; a scale that repeats an earlier one begins at the earlier answer.
    pub fn new(session: &Session) -> Draft {
        let mut draft = Draft { choices: session.choices(), ..Draft::default() };
        let Some(stage) = session.stage() else { return draft };
        if stage.part == Part::Plan {
            draft.cursor = plan_lines(session).into_iter().position(PlanLine::is_setting).unwrap_or(0);
        }
        if let Work::Ask { question, repeats: Some(first), .. } = &session.protocol().steps[stage.step].work
            && stage.part == Part::Whole
            && let (Some(scale), Some(Answer::Scale(number))) =
                (&question.scale, session.record().answer(*first, stage.side))
        {
            draft.cursor = usize::from(number.saturating_sub(scale.low));
        }
        draft
    }

    /// Keeps what was `chosen` where it is not what was `planned`, as far as the exercises still allow it.
    pub fn keep(&mut self, planned: &Choices, chosen: Choices, session: &Session) {
        if chosen.only != planned.only {
            self.choices.only = chosen.only;
        }
        if chosen.pacing != planned.pacing {
            self.choices.pacing = chosen.pacing;
        }
        for (step, rounds) in chosen.rounds {
            let most = session.protocol().exercise(step).map_or(0, |exercise| exercise.most_rounds);
            let is_chosen = planned.rounds.get(&step).is_some_and(|planned| *planned != rounds);
            if let Some(now) = self.choices.rounds.get_mut(&step).filter(|_| is_chosen) {
                *now = rounds.min(most);
            }
        }
    }

    /// Moves the cursor up or down, or the text on a screen without one.
    pub fn step<T>(&mut self, action: Action, count: usize) -> Entry<T> {
        Entry::stepped(&mut self.cursor, action, count)
    }

    /// Among `count` options: the one that the key takes.
    pub fn choose(&mut self, action: Action, count: usize) -> Entry<usize> {
        let numbered = |number: usize| if number < count { Entry::Said(number) } else { Entry::Drafted };
        match action {
            Action::Digit(0) => numbered(9),
            Action::Digit(digit) => numbered(usize::from(digit) - 1),
            Action::Go | Action::Right => numbered(self.cursor),
            action => self.step(action, count),
        }
    }

    /// On a scale: the number that the key says.
    pub fn scale(&mut self, action: Action, scale: &Scale) -> Entry<u8> {
        let range = usize::from(scale.high.saturating_sub(scale.low));
        if let Action::Digit(digit) = action {
            return self.type_on_scale(digit, scale);
        }
        self.typed.clear();
        match action {
            Action::Go => return Entry::Said(scale.low + self.cursor.min(range) as u8),
            Action::Left | Action::Down => self.cursor = self.cursor.saturating_sub(1),
            Action::Right | Action::Up => self.cursor = (self.cursor + 1).min(range),
            _ => return Entry::Ignored,
        }
        Entry::Drafted
    }

    /// "1" and then "0" is ten where the scale has a ten; otherwise the last digit counts.
    fn type_on_scale(&mut self, digit: u8, scale: &Scale) -> Entry<u8> {
        self.typed.push(char::from(b'0' + digit));
        let on_scale = |text: &str| text.parse::<u8>().ok().filter(|number| (scale.low..=scale.high).contains(number));
        let number = on_scale(&self.typed).or_else(|| {
            self.typed = digit.to_string();
            on_scale(&self.typed)
        });
        match number {
            Some(number) => self.cursor = usize::from(number - scale.low),
            None => self.typed.clear(),
        }
        Entry::Drafted
    }

    /// On a test: the reading that the key says. Below the answers of one key are two lines to type on: the gap, and the
    /// largest toe-to-wall distance.
    pub fn measure(&mut self, action: Action, test: &Test, unit: Unit) -> Entry<Reading> {
        let answers = test.answer.len();
        let judged = |index: usize| test.answer.get_index(index).map(|(_, answer)| Reading::Judged(answer.gap));
        match action {
            Action::Go | Action::Right => {
                let reading = if self.is_typing(test) { self.typed_reading(test, unit) } else { judged(self.cursor) };
                return reading.map_or(Entry::Drafted, Entry::Said);
            }
            Action::Up | Action::Down => {
                self.typed.clear();
                return self.step(action, answers + 2);
            }
            Action::Digit(digit) if self.is_typing(test) => {
                if self.typed.len() < 5 {
                    self.typed.push(char::from(b'0' + digit));
                }
            }
            Action::Digit(digit) => {
                let index = usize::from(digit).wrapping_sub(1);
                if let Some(reading) = judged(index) {
                    return Entry::Said(reading);
                }
                if index < answers + 2 {
                    self.cursor = index;
                }
            }
            Action::Point if self.is_typing(test) => {
                if !self.typed.contains('.') {
                    self.typed.push('.');
                }
            }
            Action::Back | Action::Left => {
                if self.typed.pop().is_none() {
                    self.set_up = false;
                }
            }
            _ => return Entry::Ignored,
        }
        Entry::Drafted
    }

    /// The line on which a test begins: a re-test at the answer to the first one, or in the form in which that was typed. So a
    /// key pressed too soon tells of no change.
    pub fn first_line(session: &Session) -> usize {
        let Some(stage) = session.stage() else { return 0 };
        let Work::Measure { test, repeats: Some(first), .. } = &session.protocol().steps[stage.step].work else {
            return 0;
        };
        match session.record().reading(*first, stage.side) {
            Some(Reading::Gap(_)) => test.answer.len(),
            Some(Reading::Reach(_)) => test.answer.len() + 1,
            Some(Reading::Judged(gap)) => test.answer.values().position(|answer| answer.gap == gap).unwrap_or(0),
            None => 0,
        }
    }

    /// Whether the line for typing the gap, or the one for the largest distance, is chosen.
    pub fn is_typing(&self, test: &Test) -> bool {
        self.cursor >= test.answer.len()
    }

    /// The reading that is typed, where it makes sense: a gap up to [`LONGEST_GAP`], a reach up to [`LONGEST_REACH`].
    pub fn typed_reading(&self, test: &Test, unit: Unit) -> Option<Reading> {
        let length = Length::typed(&self.typed, unit)?;
        if self.cursor == test.answer.len() {
            (length <= LONGEST_GAP).then_some(Reading::Gap(length))
        } else {
            (length > Length::ZERO && length <= LONGEST_REACH).then_some(Reading::Reach(length))
        }
    }

    /// On the plan: the choices that the key accepts.
    pub fn plan(&mut self, action: Action, session: &Session) -> Entry<Choices> {
        let lines = plan_lines(session);
        if matches!(action, Action::Up | Action::Down | Action::Left | Action::Right) {
            self.top = None;
        }
        match action {
            Action::Go => Entry::Said(self.choices.clone()),
            Action::Left | Action::Right => {
                self.change(action == Action::Right, lines[self.cursor.min(lines.len() - 1)], session);
                Entry::Drafted
            }
            action => self.step(action, lines.len()),
        }
    }

    /// Keeps the mark on what can be changed: above it is only text, and all of it is seen.
    pub fn stay_on_settings(&mut self, session: &Session) {
        let first = plan_lines(session).into_iter().position(PlanLine::is_setting);
        self.cursor = self.cursor.max(first.unwrap_or(0));
    }

    fn change(&mut self, more: bool, line: PlanLine, session: &Session) {
        match line {
            PlanLine::Finding(..) | PlanLine::Remark(_) => {}
            PlanLine::Sides => {
                let order = [None, Some(Side::Left), Some(Side::Right)];
                let at = order.iter().position(|only| *only == self.choices.only).unwrap_or(0);
                self.choices.only = order[(at + if more { 1 } else { 2 }) % 3];
            }
            PlanLine::Pacing => {
                self.choices.pacing = match self.choices.pacing {
                    Pacing::Counted => Pacing::Paced,
                    Pacing::Paced => Pacing::Counted,
                };
            }
            PlanLine::Rounds(step) => {
                let most = session.protocol().exercise(step).map_or(1, |exercise| exercise.most_rounds);
                let rounds = self.choices.rounds.entry(step).or_insert(0);
                *rounds = if more { (*rounds + 1).min(most) } else { rounds.saturating_sub(1) };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Source};
    use crate::protocol::quantity::Seconds;
    use crate::session::Input;
    use crate::session::earlier::Earlier;
    use crate::session::time::SessionTime;

    /// A session of a scale from 1 to 5, and of the same again.
    fn rated_twice() -> Session {
        let text = "[question.stiff]\ntitle = \"Stiff\"\nask = \"How stiff?\"\n\
             [question.stiff.scale]\nlow = 1\nhigh = 5\nlow-label = \"l\"\nhigh-label = \"h\"\nnotable-change = 1\n\
             [protocol.own]\ntitle = \"Own\"\nsummary = \"o\"\n\
             [protocol.own.step.before]\nkind = \"ask\"\nquestion = \"stiff\"\n\
             [protocol.own.step.after]\nkind = \"ask\"\nquestion = \"stiff\"\nrepeats = \"before\"\n";
        let config = Config::load(vec![Source { name: "mine.toml".to_owned(), text: text.to_owned() }]);
        let protocol = config.unwrap_or_else(|refusal| panic!("{refusal}")).protocols["own"].clone();
        Session::begin(protocol, &Earlier::default(), Seconds::from_millis(3_000), Pacing::Counted)
    }

    #[test]
    fn a_scale_that_begins_at_one_is_answered_with_the_number_that_is_shown() {
        let mut session = rated_twice();
        let scale = session.question().unwrap().scale.clone().unwrap();
        let mut draft = Draft::new(&session);
        draft.scale(Action::Right, &scale);
        assert_eq!(draft.scale(Action::Go, &scale), Entry::Said(2));
        draft.scale(Action::Digit(4), &scale);
        assert_eq!(draft.scale(Action::Go, &scale), Entry::Said(4), "typed");
        draft.scale(Action::Digit(0), &scale);
        assert_eq!(draft.scale(Action::Go, &scale), Entry::Said(4), "there is no nought on it");
        session.step(SessionTime::ZERO, Input::Answer(Answer::Scale(4)));
        assert_eq!(Draft::new(&session).scale(Action::Go, &scale), Entry::Said(4), "again it begins at what was said");
    }

    #[test]
    fn a_reading_that_is_typed_is_one_that_a_person_can_mean() {
        let config = Config::built_in();
        let test = config.test("wall").unwrap();
        let typed = |line: usize, typed: &str| {
            let draft = Draft { cursor: test.answer.len() + line, typed: typed.to_owned(), ..Draft::default() };
            draft.typed_reading(test, Unit::Cm)
        };
        let length = |text: &str| text.parse::<Length>().unwrap();
        assert_eq!(typed(0, "0"), Some(Reading::Gap(Length::ZERO)), "a touch");
        assert_eq!((typed(0, "20"), typed(0, "20.1")), (Some(Reading::Gap(length("20 cm"))), None));
        assert_eq!((typed(1, "0"), typed(1, "0.1")), (None, Some(Reading::Reach(length("1 mm")))));
        assert_eq!((typed(1, "40"), typed(1, "40.1")), (Some(Reading::Reach(length("40 cm"))), None));
        assert_eq!((typed(0, ""), typed(1, ".")), (None, None));
    }

    #[test]
    fn a_retest_begins_at_the_answer_to_the_test_or_on_the_line_of_the_form_in_which_that_was_typed() {
        let protocol = Config::built_in().protocols["ankle"].clone();
        let (wall, again) = (place(&protocol, "wall"), place(&protocol, "wall-again"));
        let answers = protocol.test(wall).unwrap().answer.len();
        for (reading, line) in [
            (Reading::Judged(Length::ZERO), 0),
            (Reading::Judged("1 in".parse().unwrap()), 1),
            (Reading::Judged("2 in".parse().unwrap()), 2),
            (Reading::Gap(Length::from_mm(20)), answers),
            (Reading::Reach(Length::from_mm(90)), answers + 1),
        ] {
            let mut session =
                Session::begin(protocol.clone(), &Earlier::default(), Seconds::from_millis(3_000), Pacing::Counted);
            session.step(SessionTime::ZERO, Input::Answer(Answer::Option("none".to_owned())));
            session.step(SessionTime::ZERO, Input::Answer(Answer::Scale(0)));
            while session.stage().unwrap().step != again {
                let input = match session.stage().unwrap() {
                    stage if stage.step == wall => Input::Measure(reading),
                    stage if matches!(stage.part, Part::Plan | Part::Setup) => Input::Go,
                    _ => Input::Skip,
                };
                session.step(SessionTime::ZERO, input);
            }
            assert_eq!(Draft::first_line(&session), line, "{reading:?}");
        }
    }

    fn place(protocol: &crate::protocol::Protocol, id: &str) -> usize {
        protocol.steps.iter().position(|step| step.id == id).unwrap()
    }
}
