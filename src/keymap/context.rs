//! Where a key is pressed: what is offered there, under which word, and what each key means.

use super::{Action, Bindings, Key};
use crate::config::words::Keys as Labels;

/// Where a key is pressed: what there is to do there decides what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// The first screen.
    Home,
    /// Every protocol there is.
    Routines,
    /// Tests and training days over weeks.
    LookBack,
    /// The list of sessions so far.
    Sessions,
    /// A session opened in full.
    Opened,
    /// A session opened in full that was left without an end.
    LeftOpen,
    /// The results of a session, to be put right.
    Correct,
    /// A note that is being written.
    Note,
    /// A question with options.
    Ask,
    /// A question with a scale.
    Scale,
    /// A test.
    Measure,
    /// Something to read or to get ready.
    Read,
    /// Something to read, the plan or a set-up, of which there is more than was on the screen so far.
    ReadOn,
    /// How an exercise is set up.
    SetUp,
    /// Advice instead of exercise.
    Advice,
    /// The plan.
    Plan,
    /// The countdown before a rep.
    Lead,
    /// A set counted at the keyboard.
    Counted,
    /// A set that the program leads, below the low end of its range.
    Paced,
    /// A set that the program leads, from the low end on.
    PacedEnough,
    /// A rest, or the time to change over.
    Timer,
    /// A paused session.
    Paused,
    /// A choice to be made before anything goes on.
    Choice,
    /// It hurts: only an answer goes on.
    Hurt,
    /// A question with more options than were on the screen so far.
    Unread,
    /// A rest that is a step of its own.
    Rest,
    /// The summary.
    Summary,
    /// The summary, with more of it below.
    SummaryOn,
    /// The sound check.
    SoundCheck,
    /// The sound check with nothing left to play.
    SoundsOver,
    /// The sound check before the first session.
    FirstSounds,
    /// The sound check before the first session with nothing left to play.
    FirstSoundsOver,
    /// The list of keys.
    Help,
    /// A page to learn from.
    Learn,
    /// A page to learn from, with more below.
    LearnOn,
}

/// An action as a context offers it, with the word that says what it does there.
pub type Offer = (Action, fn(&Labels) -> &str);

macro_rules! offers {
    ($($action:ident $label:ident),* $(,)?) => { &[$((Action::$action, |labels| &labels.$label),)*] };
}

impl Context {
    pub(super) const ALL: [Context; 35] = [
        Context::Home,
        Context::Routines,
        Context::LookBack,
        Context::Sessions,
        Context::Opened,
        Context::LeftOpen,
        Context::Correct,
        Context::Note,
        Context::Ask,
        Context::Unread,
        Context::Scale,
        Context::Measure,
        Context::Read,
        Context::ReadOn,
        Context::SetUp,
        Context::Advice,
        Context::Plan,
        Context::Lead,
        Context::Counted,
        Context::Paced,
        Context::PacedEnough,
        Context::Timer,
        Context::Rest,
        Context::Paused,
        Context::Choice,
        Context::Hurt,
        Context::Summary,
        Context::SummaryOn,
        Context::SoundCheck,
        Context::SoundsOver,
        Context::FirstSounds,
        Context::FirstSoundsOver,
        Context::Help,
        Context::Learn,
        Context::LearnOn,
    ];

    /// What there is to do here, the most needed first.
    pub fn offers(self) -> &'static [Offer] {
        match self {
            Context::Home => offers![
                Go start, Up choose, Down choose, History history, Learn learn, Help help, Quit quit,
                SoundCheck sound_check, Right start, NextLine next_line, TakeOver take_over,
            ],
            Context::SoundCheck => offers![
                Go next_sound, Back once_more, Down not_heard, Quit home, Help help, Mute mute, Louder louder,
                Quieter quieter, Pause home, Right next_sound, Left once_more,
            ],
            Context::SoundsOver => offers![Go home, Help help, Quit home, Pause home, Right home],
            Context::FirstSounds => offers![
                Go next_sound, Skip without_sounds, Back once_more, Down not_heard, Quit home, Help help, Mute mute,
                Louder louder, Quieter quieter, Pause home, Right next_sound, Left once_more,
            ],
            Context::FirstSoundsOver => offers![Go begin, Help help, Quit home, Skip begin, Pause home, Right begin],
            Context::Routines => offers![
                Go start, Up choose, Down choose, Back home, Help help, Pause home, Quit home, Left home, Right start, NextLine next_line, TakeOver take_over,
            ],
            Context::LookBack => offers![
                Go page, Up scroll, Down scroll, Back home, Help help, Pause home, Quit home, History home, Left page,
                Right page,
            ],
            Context::Sessions => offers![
                Go open, Up choose, Down choose, Left page, Right page, Back home, Help help, Pause home, Quit home,
                History home,
            ],
            Context::Opened => offers![
                Go list, Up scroll, Down scroll, Note note, Correct correct, Remove remove, Help help, Back list,
                Pause list, Left list, Quit list,
            ],
            Context::LeftOpen => offers![
                Go list, EndSet file, Up scroll, Down scroll, Note note, Remove remove, Help help, Back list,
                Pause list, Left list, Quit list,
            ],
            Context::Correct => offers![
                Go save, Up choose, Down choose, Left change, Right change, Back undo, Quit cancel, Pause cancel, Help help,
            ],
            Context::Note => offers![Go save, Pause cancel],
            Context::Ask => offers![
                Go take, Up choose, Down choose, Back back, Skip skip, Quit quit, Help help, Pause pause, Right take,
                Left back, NextLine next_line, TakeOver take_over,
            ],
            Context::Scale => offers![
                Go take, Left change, Right change, Back back, Skip skip, Quit quit, Help help, Pause pause, Up change,
                Down change, NextLine next_line, TakeOver take_over,
            ],
            Context::Measure => offers![
                Go take, Up choose, Down choose, Units units, Back back, Skip skip, Learn learn, Quit quit, Help help,
                Pause pause, Right take, Left back, NextLine next_line, TakeOver take_over,
            ],
            Context::Read => offers![
                Go ready, Back back, Skip skip, Up scroll, Down scroll, Learn learn, Quit quit, Help help, Pause pause, Right ready,
                Left back, TakeOver take_over,
            ],
            Context::ReadOn => offers![
                Go more, Up scroll, Down scroll, Back back, Skip skip, Learn learn, Quit quit, Help help, Pause pause,
                Right more, Left back, TakeOver take_over,
            ],
            Context::SetUp => offers![
                Go ready, Back back, Skip skip_exercise, Learn learn, Up scroll, Down scroll, Quit quit, Help help,
                Pause pause, Right ready, Left back, TakeOver take_over,
            ],
            Context::Advice => {
                offers![Go end, Back mistake, Up scroll, Down scroll, Quit quit, Help help, Right end, Left mistake]
            }
            Context::Plan => offers![
                Go begin, Up choose, Down choose, Left change, Right change, Back back, Learn learn, Quit quit, Help help,
                Pause pause, TakeOver take_over,
            ],
            Context::Lead => offers![
                Go now, Ouch ouch, Pause pause, Back undo, Skip skip_set, Quit quit, Help help, Distance distance, EndSet end_set, Mute mute,
                Louder louder, Quieter quieter, Right now, Left undo, Down end_set,
            ],
            Context::Timer => offers![
                Go now, Ouch ouch, Pause pause, Back undo, Skip now, Quit quit, Help help, Distance distance, Mute mute, Louder louder,
                Quieter quieter, Right now, Left undo,
            ],
            Context::Rest => offers![
                Go now, Pause pause, Back back, Skip skip, Quit quit, Help help, Distance distance, Mute mute, Louder louder,
                Quieter quieter, Right now, Left back,
            ],
            Context::Unread => offers![
                Go more, Up choose, Down choose, Back back, Quit quit, Help help, Pause pause, Right more, Left back, TakeOver take_over,
            ],
            Context::Hurt => offers![
                Go take, Up choose, Down choose, NextLine next_line, Back choose, Right take, Left choose, Quit quit,
                Help help,
            ],
            Context::Counted => offers![
                Go count, Ouch ouch, Pause pause, Back undo, EndSet end_set, Skip skip_set, Quit quit, Help help, Distance distance, Mute mute,
                Louder louder, Quieter quieter, Right count, Left undo, Down end_set,
            ],
            Context::Paced => offers![
                Go pause, Ouch ouch, Back undo, EndSet end_set, Skip skip_set, Quit quit, Help help, Distance distance, Pause pause, Mute mute,
                Louder louder, Quieter quieter, Right pause, Left undo, Down end_set,
            ],
            Context::PacedEnough => offers![
                Go end_set, Ouch ouch, Pause pause, Back undo, Skip skip_set, Quit quit, Help help, Distance distance, EndSet end_set, Mute mute,
                Louder louder, Quieter quieter, Right end_set, Left undo, Down end_set,
            ],
            Context::Paused => offers![
                Go take, Up choose, Down choose, Pause go_on, Ouch ouch, EndSet end_set, Skip skip, Quit quit, Help help,
                NextLine next_line, Back choose, Right take, Left choose, Mute mute, Louder louder, Quieter quieter,
            ],
            Context::Choice => offers![
                Go take, Up choose, Down choose, Back back, Quit quit, Right take, Left back, Pause back, NextLine next_line,
            ],
            Context::Summary => offers![
                Go home, Up scroll, Down scroll, Back scroll, Left scroll, Note note, Learn learn, Help help, Quit home,
                Right home, TakeOver take_over,
            ],
            Context::SummaryOn => offers![
                Go more, Up scroll, Down scroll, Back scroll, Left scroll, Note note, Learn learn, Help help, Quit home,
                Right more, TakeOver take_over,
            ],
            Context::LearnOn => offers![
                Go more, Up scroll, Down scroll, Left page, Right page, Back close, Learn close, Pause close,
                Quit close,
            ],
            Context::Learn => offers![
                Go page, Up scroll, Down scroll, Left page, Right page, Back close, Learn close, Pause close,
                Quit close,
            ],
            Context::Help => offers![
                Go close, Up scroll, Down scroll, Back close, Help close, Quit close, Pause close, Left close,
                Right close,
            ],
        }
    }

    /// Whether the screen is looked at in the middle of an exercise, from metres away.
    pub fn is_seen_from_afar(self) -> bool {
        use Context::{Counted, Lead, Paced, PacedEnough, Rest, Timer};
        matches!(self, Lead | Counted | Paced | PacedEnough | Timer | Rest)
    }

    /// Whether it is a page to learn from, all of it or a part.
    pub fn is_page(self) -> bool {
        matches!(self, Context::Learn | Context::LearnOn)
    }

    /// Whether it is the summary, all of it or a part.
    pub fn is_summary(self) -> bool {
        matches!(self, Context::Summary | Context::SummaryOn)
    }

    /// Whether a line is chosen here among several.
    pub fn is_list(self) -> bool {
        matches!(
            self,
            Context::Home
                | Context::Routines
                | Context::Ask
                | Context::Scale
                | Context::Measure
                | Context::Paused
                | Context::Choice
                | Context::Hurt
        )
    }

    /// What one button does here, pressed once and twice, where that differs from the key that goes on.
    pub fn one_button(self) -> &'static [Offer] {
        match self {
            context if context.is_list() => offers![Go next_line, Twice take],
            Context::Lead | Context::Counted | Context::PacedEnough | Context::Timer | Context::Rest => {
                offers![Twice pause]
            }
            Context::Learn | Context::LearnOn => offers![Twice close],
            Context::Advice => offers![Go choose],
            _ => &[],
        }
    }

    /// Whether digits choose or type something here.
    pub fn takes_digits(self) -> bool {
        matches!(
            self,
            Context::Home
                | Context::Routines
                | Context::Ask
                | Context::Unread
                | Context::Scale
                | Context::Measure
                | Context::Paused
                | Context::Choice
                | Context::Hurt
        )
    }

    /// Whether an edit of the configuration can be taken over here: nothing moves, and nothing is typed.
    pub fn takes_edits(self) -> bool {
        self.has(Action::TakeOver)
    }

    /// Whether `action` must not be repeated here by a key that is only held down.
    pub fn counts_once(self, action: Action) -> bool {
        match action {
            Action::Up | Action::Down | Action::Point | Action::Louder | Action::Quieter => false,
            // A digit that is typed may be typed twice; one that answers must not answer the next screen too.
            Action::Digit(_) => !matches!(self, Context::Measure | Context::Scale),
            Action::Left | Action::Right => !matches!(self, Context::Plan | Context::Scale | Context::Correct),
            Action::Back => self != Context::Measure,
            _ => true,
        }
    }

    /// What `key` means here; `None` where it means nothing.
    pub fn action(self, key: Key, bindings: &Bindings) -> Option<Action> {
        match key {
            key if key == Key::ctrl('c') => return Some(Action::Leave),
            key if key == Key::ctrl('z') => return Some(Action::Suspend),
            key if key == Key::ctrl('l') => return Some(Action::Redraw),
            _ => {}
        }
        // What is typed there is text: only keys that type nothing mean something.
        if self == Context::Note && key.types() {
            return None;
        }
        if self.takes_digits()
            && let Some(digit) = key.digit()
        {
            return Some(Action::Digit(digit));
        }
        if self == Context::Measure && key.is_decimal_point() {
            return Some(Action::Point);
        }
        let all = bindings.all();
        let found = all.iter().find(|(action, _, keys)| keys.contains(&key) && self.has(*action));
        let takes_back = || bindings.next_line.contains(&key) && self.has(Action::Back);
        found.map(|(action, ..)| *action).or_else(|| takes_back().then_some(Action::Back))
    }

    /// Whether `action` is offered here.
    pub fn has(self, action: Action) -> bool {
        self.offers().iter().any(|(offer, _)| *offer == action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_is_held_down_chooses_and_types_and_answers_nothing_more() {
        for (context, action, once) in [
            (Context::Ask, Action::Down, false),
            (Context::Measure, Action::Digit(1), false),
            (Context::Measure, Action::Back, false),
            (Context::Scale, Action::Right, false),
            (Context::Correct, Action::Left, false),
            (Context::Ask, Action::Right, true),
            (Context::Ask, Action::Left, true),
            (Context::Ask, Action::Back, true),
            (Context::Counted, Action::Back, true),
            (Context::Ask, Action::Digit(1), true),
            (Context::Paused, Action::Digit(1), true),
        ] {
            assert_eq!(context.counts_once(action), once, "{action:?} in {context:?}");
        }
    }
}
