//! The loop, which reads the clock that everything else goes by.
//!
//! It draws, then sleeps until a key, the session's deadline, or the next moment at which the picture changes by itself,
//! whichever is first; where none of them is due, it blocks. What a step records is on disk before the next picture.

mod clock;
mod keeping;
mod keyboard;
mod score;
// The bytes of keys are ours to read on Unix alone.
#[cfg(all(test, unix))]
mod tests;

use std::io;
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;

use crate::app::{App, Effect, Screen, Seen, Sound};
use crate::audio::{Audio, Status};
use crate::awake::Awake;
use crate::config::Config;
use crate::keymap::Context;
use crate::logging::kind;
use crate::store::{Store, StoreError};
use crate::terminal::{NoTerminal, Terminal, Wake};
use crate::view;
use crate::voice::Voice;
use clock::Clock;
use keyboard::Keyboard;
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
pub fn run(mut app: App, store: Option<Store>, begin: Option<&str>, edits: Edits) -> Result<Exit, NoTerminal> {
    let mut terminal = match Terminal::take() {
        Err(NoTerminal::Ended(signal)) => return Ok(Exit::Signal(signal)),
        taken => taken?,
    };
    // What was left open is offered first: nobody means to lose it.
    let (begin, later) = if app.goes_on_first() { (None, begin) } else { (begin, None) };
    app.asked_for = later.map(str::to_owned);
    if begin.is_none() {
        // The first picture waits for nothing that is started below; in the loop it comes again, and nothing is written.
        terminal.draw(|frame| {
            view::draw(&app, frame);
        })?;
    }
    let (audio, voice) = start_sound(&app, &terminal);
    let damaged = store.as_ref().filter(|store| store.read_only().is_none()).and_then(|store| {
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
    terminal.watch(&edits.places);
    let awake = Awake::new(app.config.settings.keep_awake);
    let mut runtime = Runtime {
        app,
        store,
        edits,
        damaged,
        terminal,
        audio,
        awake,
        voice,
        status: Status::Off,
        score: Score::default(),
        clock: Clock::start(),
        keyboard: Keyboard::default(),
        shown: None,
        read: 0,
        midnight: Some(0),
        rings: false,
    };
    if let Some(protocol) = begin.and_then(|id| runtime.app.config.protocols.get(id)).cloned() {
        let effects = runtime.app.start(protocol);
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

/// The sound and the voice of the configuration.
fn start_sound(app: &App, terminal: &Terminal) -> (Audio, Voice) {
    let [for_audio, for_voice] = [terminal.waker(), terminal.waker()];
    let audio = Audio::start(&app.config.sound, app.config.settings.stereo, move || for_audio.wake());
    (audio, Voice::start(&app.config.voice, &app.config.words.report.language, move || for_voice.wake()))
}

/// The person's date and time.
pub fn today() -> jiff::Zoned {
    Clock::date()
}

/// The configuration as the person's files have it now, or in one line what is wrong with them; `None` where they are what
/// they were when this was last asked.
pub type Changed = Box<dyn FnMut() -> Option<Result<Config, String>>>;

/// How edits of the person's files are found.
pub struct Edits {
    /// Asked between two steps.
    pub changed: Changed,
    /// The files, and the folders that they are in, which tell of an edit where the system can.
    pub places: Vec<PathBuf>,
}

struct Runtime {
    app: App,
    store: Option<Store>,
    edits: Edits,
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
    keyboard: Keyboard,
    /// Where a key would have been pressed by the last picture.
    shown: Option<Context>,
    /// When keys were read last.
    read: u64,
    /// When the day ends, in milliseconds of the program's clock; `None` where there is no next one.
    midnight: Option<u64>,
    /// The bell is to be rung with the next picture.
    rings: bool,
}

/// What the loop does after an effect.
#[must_use]
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
            self.turn_page()?;
            self.draw()?;
            if self.app.is_between_steps()
                && let Some(edit) = (self.edits.changed)()
            {
                self.app.edited(edit);
                continue;
            }
            let asked = self.clock.millis();
            let keys = match self.terminal.wait(self.until_next())? {
                Wake::Signal(signal) => return Ok(Exit::Signal(signal)),
                Wake::HungUp => return Ok(Exit::HungUp),
                Wake::Up { keys } => keys,
            };
            let now = self.clock.millis();
            // A key that says nothing of what is going on now leaves it all the same, and is let go of.
            let mut is_outdated = !keys.is_empty() && self.look_around()?;
            if self.clock.slept() {
                self.score.slept();
                let effects = self.app.slept(now);
                is_outdated |= !effects.is_empty();
                // Nobody leaves by sleeping.
                let _ = self.carry_out(effects)?;
            }
            // What is there at once may have waited since the last look, while the disk was slow.
            if now <= asked + 1 {
                self.keyboard.was_deaf(asked.saturating_sub(self.read));
            }
            self.read = now;
            let effects = self.keyboard.wake(&mut self.app, now);
            if let Then::Quit = self.carry_out(effects)? {
                return Ok(Exit::Left);
            }
            for key in keys {
                // No key says anything about what was not on the screen yet, as far as the terminal takes pictures.
                if self.app.is_unseen() || self.shown != Some(self.app.context()) {
                    self.draw()?;
                }
                let now = self.clock.millis();
                let effects = match is_outdated {
                    true => self.keyboard.outdated(&mut self.app, key, now),
                    false => self.keyboard.event(&mut self.app, key, now),
                };
                if let Then::Quit = self.carry_out(effects)? {
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
        let Some(store) = &mut self.store else { return };
        match store.rescue(&known) {
            Ok(notice) => {
                let now = today();
                let past = store.past_at(now.timestamp()).unwrap_or_else(|error| {
                    log::error!("store: {error}");
                    self.app.past.clone()
                });
                self.app.remember(past, Some(notice), now);
            }
            // It is not taken away under another window; the next start finds the damage again.
            Err(error @ StoreError::UnderRepair { .. }) => log::warn!("store: {error}"),
            Err(error) => {
                self.app.cannot_save(crate::text::clean(&error.to_string()));
            }
        }
    }

    /// Looks whether a session has begun or ended in another window since this was known, where that changes what there is to
    /// do; returns whether the lines to choose from are others now, so that no key means what it did.
    fn look_around(&mut self) -> io::Result<bool> {
        let looked = self.store.as_ref().filter(|_| self.app.is_between_sessions());
        if looked.is_none_or(|store| store.is_shared(self.app.shared) == self.app.shared) {
            return Ok(false);
        }
        // Nobody leaves by looking.
        let _ = self.carry_out(vec![Effect::LookBack, Effect::ReadHistory])?;
        Ok(matches!(self.app.screen, Screen::Home { .. }))
    }

    /// Looks back anew where a day has begun: what was done on the last one is not today's any more.
    fn turn_page(&mut self) -> io::Result<()> {
        let now = self.clock.millis();
        // Where it makes no difference it waits for the page on which it does.
        if !self.app.is_looking_ahead() || self.midnight.is_none_or(|midnight| now < midnight) {
            return Ok(());
        }
        let today = Clock::date();
        let left = today.tomorrow().and_then(|tomorrow| tomorrow.start_of_day()).map(|end| today.duration_until(&end));
        self.midnight = left.ok().map(|left| now + left.as_millis().max(0) as u64 + 1);
        if self.app.today.date() != today.date() {
            // Nobody leaves by looking.
            let _ = self.carry_out(vec![Effect::LookBack, Effect::ReadHistory])?;
        }
        Ok(())
    }

    /// Draws, and lets the program know what could be seen; where that changes something, draws that too.
    fn draw(&mut self) -> io::Result<()> {
        let (app, mut seen) = (&self.app, Seen::default());
        let is_drawn = self.terminal.draw(|frame| seen = view::draw(app, frame))?;
        if std::mem::take(&mut self.rings) {
            self.terminal.ring()?;
        }
        if !is_drawn {
            return Ok(());
        }
        let context = self.app.context();
        self.shown = Some(context);
        let effects = self.app.was_seen(seen);
        if effects.is_empty() && self.app.context() == context {
            return Ok(());
        }
        // Nobody leaves by looking.
        let _ = self.carry_out(effects)?;
        let app = &self.app;
        let is_drawn = self.terminal.draw(|frame| {
            view::draw(app, frame);
        })?;
        if is_drawn {
            self.shown = Some(self.app.context());
        }
        Ok(())
    }

    /// How long nothing is due.
    fn until_next(&self) -> Option<Duration> {
        let midnight = self.midnight.filter(|_| self.app.is_looking_ahead());
        let next = [self.app.deadline(), view::next_change(&self.app), self.keyboard.deadline(), midnight]
            .into_iter()
            .flatten()
            .min()?;
        Some(Duration::from_millis(next.saturating_sub(self.clock.millis())))
    }

    fn carry_out(&mut self, effects: Vec<Effect>) -> io::Result<Then> {
        // No sound waits for the disk.
        self.sound(&effects);
        self.speak(&effects);
        let troubles = self.keep(&effects);
        keeping::read(&mut self.app, self.store.as_ref(), &effects, Clock::date);
        let mut then = Then::GoOn;
        for effect in effects {
            match effect {
                Effect::Suspend => self.terminal.suspend()?,
                Effect::Redraw => self.terminal.redraw()?,
                Effect::Reconfigure => self.reconfigure(),
                Effect::Quit => then = Then::Quit,
                Effect::Begin(_) | Effect::TakeUp(_) | Effect::Record(_) | Effect::Settle(_) | Effect::Cue(..) => {}
                Effect::LookBack | Effect::ReadHistory | Effect::Open(_) | Effect::Listen | Effect::Rewrite(_) => {}
                Effect::Amend(_) | Effect::Note(..) | Effect::Remove(_) | Effect::Close => {}
            }
        }
        if !troubles.is_empty() {
            let _ = self.carry_out(troubles)?;
        }
        Ok(then)
    }

    /// Puts on disk what has to be there before anything is shown, and returns what follows where that fails.
    fn keep(&mut self, effects: &[Effect]) -> Vec<Effect> {
        log_effects(effects);
        keeping::keep(&mut self.app, &mut self.store, effects, Clock::date)
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

    /// Has sound, voice and display follow the configuration.
    fn reconfigure(&mut self) {
        // Those that are replaced end by themselves, and nobody waits for them.
        (self.audio, self.voice) = start_sound(&self.app, &self.terminal);
        self.score = Score::default();
        self.awake = Awake::new(self.app.config.settings.keep_awake);
        if let Screen::Session(_) = self.app.screen {
            self.sound(&[Effect::Listen]);
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
