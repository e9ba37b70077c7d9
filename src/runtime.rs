//! The loop: the only code that reads a clock.
//!
//! It draws, then sleeps until a key, the session's deadline, or the next moment at which the picture changes by itself,
//! whichever is first; where none of them is due, it blocks. What a step records is on disk before the next picture.

mod clock;
mod score;

use std::io;
use std::sync::mpsc;
use std::time::Duration;

use crossterm::event::KeyEventKind;

use crate::app::{App, Effect, Notice, Screen, Seen, Sound};
use crate::audio::{Audio, Status};
use crate::awake::Awake;
use crate::keymap::{self, Action, Context, HeldKey, Key, OneButton, Press};
use crate::logging::kind;
use crate::store::{Store, StoreError};
use crate::terminal::{NoTerminal, Terminal, Wake};
use crate::view;
use crate::voice::Voice;
use clock::Clock;
use score::{HORIZON, Placed, Score};

/// How the program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The person left.
    Left,
    /// A signal asked for it.
    Signal(i32),
    /// The terminal went away.
    HungUp,
}

/// Runs the program on the terminal until it ends.
///
/// # Errors
/// When there is no terminal, or it can't be taken.
pub fn run(app: App, store: Option<Store>, begin: Option<&str>) -> Result<Exit, NoTerminal> {
    let mut terminal = Terminal::take()?;
    if begin.is_none() {
        // The first picture waits for nothing that is started below; in the loop it comes again, and nothing is written.
        terminal.draw(|frame| {
            view::draw(&app, frame);
        })?;
    }
    let waker = terminal.waker();
    let audio = Audio::start(&app.config.sound, app.config.settings.stereo, move || waker.wake());
    let waker = terminal.waker();
    let voice = Voice::start(&app.config.voice, move || waker.wake());
    // A file that somebody else uses too is not taken away under them.
    let alone = store.as_ref().filter(|store| store.read_only().is_none() && !store.is_shared());
    let damaged = alone.and_then(|store| {
        let (examine, waker) = (store.examination(), terminal.waker());
        let (tell, told) = mpsc::channel();
        let examine = move || {
            if examine() && tell.send(()).is_ok() {
                waker.wake();
            }
        };
        // The first picture does not wait for it; without the thread, damage is found when it is read.
        std::thread::Builder::new().name("examine".to_owned()).spawn(examine).ok().map(|_| told)
    });
    let awake = Awake::new(app.config.settings.keep_awake);
    let mut runtime = Runtime {
        app,
        store,
        damaged,
        terminal,
        audio,
        awake,
        voice,
        status: Status::Off,
        score: Score::default(),
        clock: Clock::start(),
        held: HeldKey::default(),
        button: OneButton::default(),
        rings: false,
    };
    if let Some(protocol) = begin.and_then(|id| runtime.app.config.protocols.get(id)).cloned() {
        let effects = runtime.app.begin(protocol);
        let _ = runtime.carry_out(effects)?;
    }
    let exit = runtime.run();
    log::info!("ends: {exit:?}");
    // The terminal first: a sound server that hangs must not keep it.
    drop(runtime.terminal);
    runtime.voice.quit();
    runtime.audio.quit();
    Ok(exit)
}

/// The person's date and time.
pub fn today() -> jiff::civil::DateTime {
    Clock::date().datetime()
}

struct Runtime {
    app: App,
    store: Option<Store>,
    /// Tells once when the file of sessions turns out to be damaged.
    damaged: Option<mpsc::Receiver<()>>,
    terminal: Terminal,
    audio: Audio,
    awake: Awake,
    voice: Voice,
    /// What is known of the loudspeaker.
    status: Status,
    score: Score,
    clock: Clock,
    held: HeldKey,
    button: OneButton,
    /// The bell is to be rung with the next picture.
    rings: bool,
}

/// What the loop does after an effect.
enum Then {
    GoOn,
    Quit,
}

impl Runtime {
    fn run(&mut self) -> Exit {
        let exit = match self.turns() {
            Ok(Exit::Left) => return Exit::Left,
            Ok(exit) => exit,
            // A terminal that can no longer be read or written is gone.
            Err(_) => Exit::HungUp,
        };
        let due = self.app.wake(self.clock.millis());
        self.keep(&due);
        let left = self.app.leave_for_later();
        self.keep(&left);
        exit
    }

    /// Draws, waits and does what is due, until the program ends.
    fn turns(&mut self) -> io::Result<Exit> {
        loop {
            self.app.now = self.clock.millis();
            self.listen();
            self.mend();
            self.draw()?;
            let keys = match self.terminal.wait(self.until_next())? {
                Wake::Signal(signal) => return Ok(Exit::Signal(signal)),
                Wake::HungUp => return Ok(Exit::HungUp),
                Wake::Up { keys } => keys,
            };
            let now = self.clock.millis();
            let effects = match self.button.wake(now) {
                true => self.app.press(now, Action::Twice),
                false => self.app.wake(now),
            };
            self.carry_out(effects)?;
            for key in keys {
                if let Then::Quit = self.key(key)? {
                    return Ok(Exit::Left);
                }
            }
        }
    }

    /// Rescues a damaged file of sessions, when no session is under way.
    fn mend(&mut self) {
        let is_home = matches!(self.app.screen, Screen::Home { .. });
        if !is_home || self.damaged.as_ref().is_none_or(|damaged| damaged.try_recv().is_err()) {
            return;
        }
        let known: Vec<_> = self.app.config.protocols.values().cloned().collect();
        match self.store.take().map(|store| store.rescue(&known)) {
            Some(Ok((store, notice))) => {
                self.app.remember(store.past().unwrap_or_default(), Some(notice), today());
                self.store = Some(store);
            }
            Some(Err(error)) => {
                self.app.cannot_save(crate::text::clean(&error.to_string()));
            }
            None => {}
        }
    }

    /// Draws, and lets the program know what could be seen; where that changes something, draws that too.
    fn draw(&mut self) -> io::Result<()> {
        let (app, mut seen) = (&self.app, Seen::default());
        self.terminal.draw(|frame| seen = view::draw(app, frame))?;
        if std::mem::take(&mut self.rings) {
            self.terminal.ring()?;
        }
        let effects = self.app.was_seen(seen);
        if effects.is_empty() {
            return Ok(());
        }
        self.carry_out(effects)?;
        let app = &self.app;
        self.terminal.draw(|frame| {
            view::draw(app, frame);
        })
    }

    /// How long nothing is due.
    fn until_next(&self) -> Option<Duration> {
        let next =
            [self.app.deadline(), view::next_change(&self.app), self.button.deadline()].into_iter().flatten().min()?;
        Some(Duration::from_millis(next.saturating_sub(self.clock.millis())))
    }

    fn key(&mut self, event: crossterm::event::KeyEvent) -> io::Result<Then> {
        if self.app.context() == Context::Note
            && event.kind != KeyEventKind::Release
            && let Some(request) = keymap::text_input(event)
        {
            self.app.type_note(request);
            return Ok(Then::GoOn);
        }
        let key = Key::from(event);
        match event.kind {
            KeyEventKind::Press => {}
            KeyEventKind::Release => {
                self.held.release(key);
                return Ok(Then::GoOn);
            }
            KeyEventKind::Repeat => return Ok(Then::GoOn),
        }
        let now = self.clock.millis();
        let action = self.app.context().action(key, &self.app.config.keys);
        if action == Some(Action::Go) && self.app.config.settings.one_button {
            let action = match self.button.press(key, now, &mut self.held) {
                Press::Once => Action::Go,
                Press::Twice => Action::Twice,
                Press::Nothing => return Ok(Then::GoOn),
            };
            let effects = self.app.press(now, action);
            return self.carry_out(effects);
        }
        let repeat = self.held.is_repeat(key, now);
        let Some(action) = action else { return Ok(Then::GoOn) };
        if repeat && self.app.context().counts_once(action) {
            return Ok(Then::GoOn);
        }
        log::info!("key: {} in {}", kind(&action), kind(&self.app.context()));
        let effects = self.app.press(now, action);
        self.carry_out(effects)
    }

    fn carry_out(&mut self, effects: Vec<Effect>) -> io::Result<Then> {
        // No sound waits for the disk.
        self.sound(&effects);
        self.speak(&effects);
        let troubles = self.keep(&effects);
        let mut then = Then::GoOn;
        for effect in effects {
            match effect {
                Effect::LookBack => self.look_back(),
                Effect::ReadHistory => self.read_history(),
                Effect::Open(id) => self.open(id),
                Effect::Suspend => self.terminal.suspend()?,
                Effect::Redraw => self.terminal.redraw()?,
                Effect::Quit => then = Then::Quit,
                Effect::Begin(_) | Effect::TakeUp(_) | Effect::Record(_) | Effect::Settle(_) | Effect::Cue(..) => {}
                Effect::Listen => {}
                Effect::Amend(..) | Effect::Note(..) | Effect::Remove(_) | Effect::Close => {}
            }
        }
        if !troubles.is_empty() {
            self.carry_out(troubles)?;
        }
        Ok(then)
    }

    /// Puts on disk what has to be there before anything is shown, and returns what follows where that fails.
    fn keep(&mut self, effects: &[Effect]) -> Vec<Effect> {
        log_effects(effects);
        let mut troubles = Vec::new();
        for effect in effects {
            match effect {
                Effect::Begin(protocol) => {
                    troubles.extend(self.saved(|store| store.begin(protocol, &Clock::date())));
                }
                Effect::TakeUp(id) => troubles.extend(self.saved(|store| store.take_up(*id))),
                Effect::Amend(id, events, digest) => {
                    troubles.extend(self.saved(|store| store.amend(*id, events, digest)));
                }
                Effect::Note(id, note) => troubles.extend(self.saved(|store| store.note(*id, note))),
                Effect::Remove(id) => troubles.extend(self.saved(|store| store.remove(*id))),
                _ => {}
            }
        }
        let events: Vec<_> = effects
            .iter()
            .filter_map(|effect| match effect {
                Effect::Record(event) => Some(event),
                _ => None,
            })
            .collect();
        let digest = effects.iter().find_map(|effect| match effect {
            Effect::Settle(digest) => Some(&**digest),
            _ => None,
        });
        if !events.is_empty() {
            let failed = self.saved(|store| store.record(&events, digest));
            if self.store.as_ref().is_some_and(|store| !store.has_unsaved()) {
                self.app.not_saved = None;
            }
            troubles.extend(failed);
        }
        troubles
    }

    /// Has the loudspeaker follow what has just happened and what lies ahead.
    fn sound(&mut self, effects: &[Effect]) {
        let sounded: Vec<Placed> = effects
            .iter()
            .filter_map(|effect| match effect {
                Effect::Cue(at, cue, side) => Some((*at, *cue, *side)),
                _ => None,
            })
            .collect();
        for effect in effects {
            match effect {
                Effect::Begin(_) | Effect::TakeUp(_) | Effect::Listen => {
                    if self.app.sound != Sound::Remote {
                        self.audio.open();
                    }
                    self.awake.hold();
                }
                Effect::Close => {
                    self.audio.close();
                    self.awake.release();
                }
                _ => {}
            }
        }
        // The moment that the effects belong to; reading the clock anew would let cues of the meantime sound twice.
        let now = self.app.now;
        let orders = self.score.follow(now, &sounded, self.app.upcoming(now + HORIZON));
        self.audio.set_volume(if self.app.muted { 0 } else { self.app.volume });
        if orders.silence {
            self.audio.silence();
        }
        for (at, cue, side) in orders.play {
            self.audio.play(cue, side, self.clock.instant(at));
        }
        self.rings |= !sounded.is_empty() && self.app.is_time_for(self.app.config.settings.bell);
    }

    /// Has the voice say what there is to say.
    fn speak(&mut self, effects: &[Effect]) {
        if self.app.sound == Sound::Remote || self.app.muted {
            self.voice.hush();
        } else if let Some(text) = self.app.spoken(effects) {
            self.voice.say(text);
        }
    }

    /// Takes over what is known of the loudspeaker and the voice.
    fn listen(&mut self) {
        self.app.voiceless = self.voice.is_missing();
        let status = self.audio.status();
        if status != self.status {
            match &status {
                // The words of the sound system tell the cause; a device's name may tell its owner.
                Status::Missing { why } => log::warn!("sound: Missing: {why}"),
                status => log::info!("sound: {}", kind(status)),
            }
            self.status = status.clone();
        }
        self.app.device = match &status {
            Status::On { device: told } | Status::Missing { why: told } => crate::text::clean(told),
            Status::Off | Status::Opening => String::new(),
        };
        self.app.sound = match status {
            _ if self.app.sound == Sound::Remote => Sound::Remote,
            Status::Missing { .. } => Sound::Missing,
            Status::Off | Status::Opening | Status::On { .. } => Sound::Fine,
        };
    }

    /// Does something with the store; where that fails, asks whether to go on without saving. What could not be written
    /// is written as soon as something else can.
    fn saved(&mut self, write: impl FnOnce(&mut Store) -> Result<(), StoreError>) -> Vec<Effect> {
        let Some(store) = &mut self.store else { return Vec::new() };
        match write(store) {
            Ok(()) => Vec::new(),
            Err(error) => {
                log::error!("store: {error}");
                self.app.cannot_save(crate::text::clean(&error.to_string()))
            }
        }
    }

    fn look_back(&mut self) {
        if let Some(store) = &self.store
            && let Ok(past) = store.past()
        {
            let shared = store.is_shared().then_some(Notice::Shared);
            self.app.remember(past, shared, Clock::date().datetime());
        }
    }

    fn read_history(&mut self) {
        if let Some(store) = &self.store {
            match store.history() {
                Ok(history) => self.app.read(history),
                Err(error) => self.app.not_saved = Some(crate::text::clean(&error.to_string())),
            }
        }
    }

    fn open(&mut self, id: i64) {
        match self.store.as_ref().map(|store| store.session(id)) {
            Some(Ok(kept)) => self.app.opened(kept),
            Some(Err(error)) => self.app.not_saved = Some(crate::text::clean(&error.to_string())),
            None => {}
        }
    }
}

/// Logs what is done, and of a session's events kind, place and time.
fn log_effects(effects: &[Effect]) {
    for effect in effects {
        match effect {
            Effect::Record(event) => {
                let stage = event.fact.stage().map(|stage| format!(" {stage}")).unwrap_or_default();
                log::info!("event: {}{stage} at {} ms", kind(&event.fact), event.at.millis());
            }
            Effect::Cue(at, cue, _) => log::info!("cue: {} at {at} ms", kind(cue)),
            effect => log::info!("effect: {}", kind(effect)),
        }
    }
}
