//! Which screen is open, and where each leads.
//!
//! [`App`] is pure like the session that it holds: keys and time go in, [`Effect`]s come out, and whoever runs it carries
//! them out before the next picture is drawn.

mod correcting;
mod cursor;
pub mod draft;
mod edit;
mod effect;
mod flash;
mod home;
mod lookback;
mod menu;
mod offers;
mod one_button;
mod outlook;
mod pages;
mod screen;
mod shown;
mod sitting;
mod sound_check;
mod spoken;

use std::cell::OnceCell;
use std::path::Path;
use std::sync::Arc;

use jiff::Zoned;

use crate::config::Config;
use crate::cue::Cue;
use crate::kept::{Line, Notice, Past};
use crate::keymap::{Action, Context};
use crate::progress::{Overview, Weeks};
use crate::protocol::Side;
use crate::protocol::quantity::{Notation, Unit};
use crate::session::digest::Digest;
use crate::session::{Input, Output};
use crate::text::fill;
use crate::theme::Look;
use crate::theme::terminal::Ability;

pub use correcting::{Correcting, Recorded};
use cursor::{TURN, step};
pub use edit::Edit;
pub use effect::Effect;
use flash::Flash;
pub use home::HomeLine;
pub use lookback::{Note, Opened, Page};
pub use menu::MenuLine;
use one_button::Pressed;
use outlook::Outlook;
pub use screen::{Overlay, Screen, Seen};
pub use sitting::Sitting;
pub use sound_check::SoundCheck;

/// What is known of the loudspeaker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Sound {
    /// Not asked for, or fine.
    #[default]
    Fine,
    /// There is none, for now.
    Missing,
    /// The person is elsewhere: it would sound on the machine that they are connected to.
    Remote,
}

/// The program's state.
#[derive(Clone, Debug)]
pub struct App {
    /// The configuration.
    pub config: Arc<Config>,
    /// What earlier sessions left behind.
    pub past: Past,
    /// What follows from that for the first pages.
    pub(crate) outlook: OnceCell<Outlook>,
    /// All sessions, latest first, as far as they were read.
    pub history: Vec<Line>,
    /// What they amount to.
    pub overview: Overview,
    /// Training up to today, of these sessions.
    pub trained: Weeks,
    /// The person's date and time when something was last read.
    pub today: Zoned,
    /// The screen that is open.
    pub screen: Screen,
    /// Id of the protocol that was asked for by name, while a session that was left open is offered before it.
    pub asked_for: Option<String>,
    /// What lies over it.
    pub overlay: Option<Overlay>,
    /// The note that is being written, over everything else.
    pub note: Option<Note>,
    /// The note that was given up last, with what was written.
    pub written: Option<Note>,
    /// Unit of lengths.
    pub unit: Unit,
    /// Loudness in percent.
    pub volume: u8,
    /// Sound is off.
    pub muted: bool,
    /// Training is shown in the distance view.
    pub distant: bool,
    /// The person sits at another machine: all that is drawn goes through a wire, so there is less of it.
    pub remote: bool,
    /// How many points high the moving figure was when it was seen last: a small one needs fewer pictures.
    pub(crate) figure: u16,
    /// The loudspeaker.
    pub sound: Sound,
    /// The sounds were tried, or passed, before the first session.
    pub(crate) sounds_known: bool,
    /// The loudspeaker by its name, or why there is none; empty while that is not known.
    pub device: String,
    /// A voice is wanted, and there is none.
    pub voiceless: bool,
    /// Another dorsi has the same sessions open: one that was left open may be under way there.
    pub(crate) shared: bool,
    /// The keys of a presenter remote were used last: its keys are the ones to name.
    pub(crate) presenter: bool,
    /// Why nothing is saved, if so.
    pub not_saved: Option<String>,
    /// Something about the stored sessions that the person should know.
    pub notice: Option<String>,
    /// Colours and signs, as far as the terminal has them.
    pub look: Look,
    /// What the terminal can show.
    pub ability: Ability,
    /// What became of the person's files since they were read.
    pub edit: Option<Edit>,
    /// The moment that is shown, in milliseconds of the program's clock.
    pub now: u64,
    /// The window was too small for anything when it was seen last.
    pub(crate) is_blank: bool,
    /// The last flash of the screen.
    pub(crate) flash: Option<Flash>,
    /// The last press of the one button, until it is known what it was.
    pub(crate) pressed: Option<Pressed>,
}

impl App {
    /// The program as it starts: on its first screen.
    pub fn new(config: Arc<Config>, past: Past) -> App {
        App {
            outlook: OnceCell::new(),
            unit: config.settings.units,
            volume: config.settings.volume,
            look: config.look(Ability::default()),
            config,
            past,
            history: Vec::new(),
            overview: Overview::default(),
            trained: Weeks::default(),
            today: Zoned::default(),
            note: None,
            written: None,
            screen: Screen::Home { cursor: 0 },
            asked_for: None,
            overlay: None,
            muted: false,
            distant: false,
            remote: false,
            shared: false,
            presenter: false,
            figure: 0,
            sound: Sound::Fine,
            sounds_known: false,
            device: String::new(),
            voiceless: false,
            not_saved: None,
            notice: None,
            ability: Ability::default(),
            edit: None,
            now: 0,
            is_blank: false,
            flash: None,
            pressed: None,
        }
    }

    /// Has nothing sound on a machine that the person is not at, unless the configuration wants it.
    pub fn place_sound(&mut self) {
        match self.remote && !self.config.settings.sound_over_ssh {
            true => self.sound = Sound::Remote,
            false if self.sound == Sound::Remote => self.sound = Sound::Fine,
            false => {}
        }
    }

    /// Where a key would be pressed now.
    pub fn context(&self) -> Context {
        match (&self.overlay, &self.screen) {
            (Some(Overlay::Help { .. }), _) => Context::Help,
            (Some(Overlay::Learn { below: true, .. }), _) => Context::LearnOn,
            (Some(Overlay::Learn { .. }), _) => Context::Learn,
            (Some(_), _) => Context::Choice,
            (None, _) if self.note.is_some() => Context::Note,
            (None, Screen::Home { .. }) => Context::Home,
            (None, Screen::Routines { .. }) => Context::Routines,
            (None, Screen::LookBack { page: Page::Sessions, .. }) if !self.history.is_empty() => Context::Sessions,
            (None, Screen::LookBack { .. }) => Context::LookBack,
            (None, Screen::Opened(opened)) if opened.correcting.is_some() => Context::Correct,
            (None, Screen::Opened(opened)) if opened.is_open() => Context::LeftOpen,
            (None, Screen::Opened(_)) => Context::Opened,
            (None, Screen::SoundCheck(check)) => self.context_of_sounds(check),
            (None, Screen::Session(sitting)) => sitting.context(),
        }
    }

    /// How lengths are written on the screen.
    pub fn notation(&self) -> Notation {
        self.config.words.notation(self.unit)
    }

    /// Whether the session has come to something that was in no picture yet.
    pub fn is_unseen(&self) -> bool {
        self.overlay.is_none() && matches!(&self.screen, Screen::Session(sitting) if sitting.is_new)
    }

    /// Takes in how much of the last picture could be seen.
    pub fn was_seen(&mut self, seen: Seen) -> Vec<Effect> {
        // A note that is written stands over the page, which keeps its place.
        if let Some(end) = seen.scroll_end.filter(|_| self.note.is_none()) {
            match (&mut self.overlay, &mut self.screen) {
                (Some(Overlay::Help { top, .. }), _) => *top = (*top).min(end),
                (Some(Overlay::Learn { top, below, .. }), _) => {
                    *top = (*top).min(end);
                    *below = *top < end;
                }
                (None, Screen::LookBack { top, .. }) => *top = (*top).min(end),
                (None, Screen::Opened(opened)) => opened.top = opened.top.min(end),
                (None, Screen::Session(sitting)) => sitting.scrolled(end),
                _ => {}
            }
        }
        if let (None, Screen::Session(sitting)) = (self.overlay, &mut self.screen) {
            sitting.saw(&seen);
        }
        self.figure = seen.figure.unwrap_or(self.figure);
        self.is_blank = seen.nothing;
        // A set that nobody can see must not go on.
        if seen.nothing { self.pause_with_warning() } else { Vec::new() }
    }

    /// The moment at which [`App::wake`] is due, in milliseconds of the program's clock.
    pub fn deadline(&self) -> Option<u64> {
        match &self.screen {
            Screen::Session(sitting) => sitting.session.deadline().map(|due| sitting.clock(due)),
            _ => None,
        }
    }

    /// The cues that will be due up to `end` if nobody presses a key, with their moments of the program's clock.
    pub fn upcoming(&self, end: u64) -> Vec<(u64, Cue, Option<Side>)> {
        let Screen::Session(sitting) = &self.screen else { return Vec::new() };
        let cues = sitting.session.upcoming(sitting.time(end));
        cues.into_iter().map(|(at, cue, side)| (sitting.clock(at), cue, side)).collect()
    }

    /// Time has passed: does what was due by `now`.
    pub fn wake(&mut self, now: u64) -> Vec<Effect> {
        self.now = now;
        self.tell(Input::Tick)
    }

    /// The machine slept until `now`: what was under way then is not.
    pub fn slept(&mut self, now: u64) -> Vec<Effect> {
        let mut effects = self.wake(now);
        effects.extend(self.tell(Input::Slept));
        effects
    }

    /// A key was pressed at `now`.
    pub fn press(&mut self, now: u64, action: Action) -> Vec<Effect> {
        let mut effects = self.wake(now);
        self.edit.take_if(|edit| matches!(edit, Edit::TakenOver { .. }));
        effects.extend(match action {
            // Nobody answers what they can't see, or is asked where they can't read the question.
            Action::Quit if self.is_blank => self.leave_for_later(),
            action if self.is_blank && !matches!(action, Action::Leave | Action::Suspend | Action::Redraw) => {
                Vec::new()
            }
            Action::Go if self.config.settings.one_button => self.button(),
            Action::Twice => self.button_again(),
            action => self.act(action),
        });
        effects
    }

    fn act(&mut self, action: Action) -> Vec<Effect> {
        match (action, self.overlay) {
            (Action::Leave, _) => self.leave_for_later(),
            (Action::Suspend, _) => self.pause_if_running().into_iter().chain([Effect::Suspend]).collect(),
            (Action::Redraw, _) => vec![Effect::Redraw],
            (Action::NextLine, _) => {
                self.next_line();
                Vec::new()
            }
            (Action::Mute, _) => {
                self.muted = !self.muted;
                Vec::new()
            }
            (Action::Distance, _) => {
                self.distant = !self.distant;
                Vec::new()
            }
            (Action::Louder, _) => self.set_volume(self.volume.saturating_add(10)),
            (Action::Quieter, _) => self.set_volume(self.volume.saturating_sub(10)),
            (action, Some(Overlay::Help { top, about, must })) => self.help(action, top, about, must),
            (action, Some(Overlay::Learn { page, top, .. })) => self.turn_page(action, page, top),
            (Action::TakeOver, None) => self.take_over(),
            (Action::Learn, None) => {
                let at = self.learn_place();
                let first = self.config.learn.values().position(|page| at.is_some_and(|at| page.at.contains(&at)));
                self.overlay = Some(Overlay::Learn { page: first.unwrap_or(0), top: 0, below: false });
                self.pause_if_running()
            }
            (Action::Help, None) => {
                let (about, must) = (self.context(), self.must_answer());
                self.overlay = Some(Overlay::Help { top: 0, about, must });
                self.pause_if_running()
            }
            (action, Some(Overlay::Leave { cursor } | Overlay::Trouble { cursor } | Overlay::Remove { cursor })) => {
                self.overlay_menu(action, cursor)
            }
            (action, None) if self.note.is_some() => self.end_note(action),
            (action, None) => match self.screen {
                Screen::Home { cursor } => self.home(action, cursor),
                Screen::Routines { cursor } => self.routines(action, cursor),
                Screen::LookBack { page, top, cursor } => self.look_back(action, page, top, cursor),
                Screen::Opened(_) => self.one_session(action),
                Screen::SoundCheck(_) => self.sound_check(action),
                Screen::Session(_) => self.session(action),
            },
        }
    }

    /// The program is told to end: whatever is under way stays resumable.
    pub fn leave_for_later(&mut self) -> Vec<Effect> {
        let mut effects = self.pause_if_running();
        effects.push(Effect::Quit);
        effects
    }

    /// Whether what is shown depends on which day it is.
    pub fn is_looking_ahead(&self) -> bool {
        matches!(self.screen, Screen::Home { .. } | Screen::Routines { .. } | Screen::LookBack { .. })
    }

    /// Whether nobody is in a session, and what there is to do depends on what was trained, here or in another window.
    pub fn is_between_sessions(&self) -> bool {
        self.is_looking_ahead() || matches!(self.screen, Screen::Opened(_))
    }

    /// Takes in what the store knows, and what happened to it.
    pub fn remember(&mut self, past: Past, notice: Option<Notice>, today: Zoned) {
        self.today = today;
        self.shared = notice == Some(Notice::Shared);
        // A session left open may be under way in the other window.
        self.past = Past { unfinished: past.unfinished.filter(|_| !self.shared), ..past };
        self.look_ahead();
        let words = &self.config.words.home;
        let name = |path: &Path| crate::text::clean(&path.display().to_string());
        let told = notice.map(|notice| match notice {
            Notice::Shared => words.shared.clone(),
            Notice::TornEnd { aside } => fill(&words.torn, &[("file", &name(&aside))]),
            Notice::Rescued { aside, sessions: 0, .. } => fill(&words.lost, &[("file", &name(&aside))]),
            Notice::Rescued { aside, sessions, damaged } => {
                let [sessions, damaged] = [sessions, damaged].map(|count| count.to_string());
                fill(&words.rescued, &[("sessions", &sessions), ("damaged", &damaged), ("file", &name(&aside))])
            }
        });
        self.notice = told;
    }

    /// Nothing can be saved, for this reason: asks once whether to go on all the same.
    pub fn cannot_save(&mut self, why: String) -> Vec<Effect> {
        if self.not_saved.replace(why).is_some() {
            return Vec::new();
        }
        self.overlay = Some(Overlay::Trouble { cursor: 0 });
        self.pause_with_warning()
    }

    // --- the screens ---------------------------------------------------------------------------------------------------

    fn session(&mut self, action: Action) -> Vec<Effect> {
        let unit = self.unit;
        let Screen::Session(sitting) = &mut self.screen else { return Vec::new() };
        let context = sitting.context();
        match (context, action) {
            (_, Action::Quit) if !context.is_summary() => {
                self.overlay = Some(Overlay::Leave { cursor: 0 });
                self.pause_if_running()
            }
            (Context::SummaryOn, Action::Go | Action::Right) => {
                sitting.menu += TURN;
                Vec::new()
            }
            (context, Action::Back | Action::Left) if context.is_summary() => {
                sitting.menu = sitting.menu.saturating_sub(TURN);
                Vec::new()
            }
            (context, Action::Up | Action::Down) if context.is_summary() => {
                step(&mut sitting.menu, action, usize::MAX);
                Vec::new()
            }
            (context, Action::Note) if context.is_summary() => {
                let note = sitting.note.clone();
                self.begin_note(None, note);
                Vec::new()
            }
            (context, _) if context.is_summary() => {
                self.written = None;
                self.screen = Screen::Home { cursor: 0 };
                vec![Effect::Close, Effect::LookBack]
            }
            (Context::Paused | Context::Hurt, action) => self.session_menu(action),
            (Context::Measure, Action::Units) => {
                // What was typed stays: who changes the unit then has typed it in that one.
                self.unit = unit.other();
                Vec::new()
            }
            _ => {
                let Some(input) = sitting.input(action, unit) else { return Vec::new() };
                // There is nothing to take back before the first answer: whoever wants to go back wants to leave.
                let first = input == Input::Back && sitting.session.record().is_at_its_beginning();
                let mut effects = self.tell(input);
                if first {
                    effects.extend(self.pause_if_running());
                    self.overlay = Some(Overlay::Leave { cursor: 0 });
                }
                effects
            }
        }
    }

    // --- the session ---------------------------------------------------------------------------------------------------

    fn tell(&mut self, input: Input) -> Vec<Effect> {
        let Screen::Session(sitting) = &mut self.screen else { return Vec::new() };
        let at = sitting.time(self.now);
        let outputs = sitting.session.step(at, input);
        let mut effects = outputs
            .into_iter()
            .map(|output| match output {
                Output::Record(event) => Effect::Record(event),
                Output::Cue(at, cue, side) => Effect::Cue(sitting.clock(at), cue, side),
            })
            .collect::<Vec<_>>();
        self.light_up(&effects);
        let Screen::Session(sitting) = &mut self.screen else { return effects };
        let ended = |effect: &Effect| matches!(effect, Effect::Record(event) if event.fact.ends_session());
        if effects.iter().any(ended) {
            let digest = Digest::of(sitting.session.protocol(), sitting.session.record());
            effects.extend([Effect::Settle(Box::new(digest)), Effect::ReadHistory]);
        }
        sitting.look();
        effects
    }

    fn pause_if_running(&mut self) -> Vec<Effect> {
        match &self.screen {
            Screen::Session(sitting) if sitting.is_moving() => self.tell(Input::Pause),
            _ => Vec::new(),
        }
    }

    /// Pauses what moves, so that somebody who doesn't look hears of it.
    fn pause_with_warning(&mut self) -> Vec<Effect> {
        let mut effects = self.pause_if_running();
        if !effects.is_empty() {
            effects.push(Effect::Cue(self.now, Cue::Warning, None));
            self.light_up(&effects);
        }
        effects
    }

    fn set_volume(&mut self, volume: u8) -> Vec<Effect> {
        self.volume = volume.min(100);
        self.muted = false;
        Vec::new()
    }
}
