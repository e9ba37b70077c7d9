//! The thread of the sound: when the device is opened, what is done when it is lost, when it is closed.
//!
//! It never touches the device itself: threads of their own open and close streams, and tell it here. While no session
//! is open it sleeps until it is told something.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::Status;
use super::device::{Failure, Stream, Systems};
use super::engine::{MOST_PLANNED, STALE};
use super::shared::Shared;
use crate::config::sound::Sound;
use crate::cue::Cue;
use crate::protocol::Side;

/// How often it is looked whether the device takes samples.
const HEARTBEAT: Duration = Duration::from_millis(250);

/// A device that takes no samples for so long is lost.
const STALL: Duration = Duration::from_secs(3);

/// A device that has not opened after so long is missing, though it may still come.
const SLOW: Duration = Duration::from_secs(3);

/// A lost device is tried again after this time, and after twice the time whenever that fails.
const FIRST_RETRY: Duration = Duration::from_millis(250);

/// The longest time between two tries: with it, and a slow start of the device, sound is back within 6 s.
const LAST_RETRY: Duration = Duration::from_secs(4);

/// How long the device stays open after the last cue: so long may samples be on their way to the ear.
const LINGER: Duration = Duration::from_secs(1);

/// What the thread is told.
pub enum Message {
    /// A session begins.
    Open,
    /// The session is over.
    Close,
    /// A cue is planned, of this ankle if it speaks of one.
    Play(Cue, Option<Side>, Instant),
    /// What is planned is withdrawn.
    Silence,
    /// The stream of this number is open, or could not be opened.
    Opened(u64, Result<Box<Stream>, Failure>),
    /// The stream of this number can't go on.
    Lost(u64, String),
    /// The program ends; the sender is answered.
    Quit(Option<Sender<()>>),
}

enum Output {
    Closed,
    /// A thread is at it since then.
    Opening(Instant),
    /// The next try is then.
    Waiting(Instant),
    Open(Playing),
}

struct Playing {
    stream: Box<Stream>,
    /// The beats that were last seen, and since when they are the same.
    beats: u64,
    since: Instant,
}

/// The state of the thread.
pub struct Control {
    sounds: Sound,
    stereo: bool,
    shared: Arc<Shared>,
    systems: Arc<Mutex<Systems>>,
    sender: Sender<Message>,
    on_change: Box<dyn Fn() + Send>,
    session: bool,
    output: Output,
    /// The number of the stream that is open or being opened.
    number: u64,
    retry: Duration,
    /// What has not begun: a stream that is opened anew goes on with it.
    planned: Vec<(Cue, Option<Side>, Instant)>,
    /// When the last cue has sounded.
    quiet: Instant,
}

impl Control {
    /// The state at the start: nothing is open.
    pub fn new(
        sounds: Sound,
        stereo: bool,
        shared: Arc<Shared>,
        sender: Sender<Message>,
        on_change: Box<dyn Fn() + Send>,
    ) -> Control {
        Control {
            sounds,
            stereo,
            shared,
            systems: Arc::default(),
            sender,
            on_change,
            session: false,
            output: Output::Closed,
            number: 0,
            retry: FIRST_RETRY,
            planned: Vec::new(),
            quiet: Instant::now(),
        }
    }

    /// Runs until [`Message::Quit`].
    pub fn run(mut self, inbox: &Receiver<Message>) {
        loop {
            let message = match self.wake_up() {
                Some(at) => inbox.recv_timeout(at.saturating_duration_since(Instant::now())),
                None => inbox.recv().map_err(RecvTimeoutError::from),
            };
            match message {
                Ok(Message::Quit(reply)) => {
                    self.output = Output::Closed;
                    if let Some(reply) = reply {
                        let _ = reply.send(());
                    }
                    return;
                }
                Ok(message) => self.take(message, Instant::now()),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            self.look(Instant::now());
        }
    }

    /// When something is to be looked at, though nothing was told.
    fn wake_up(&self) -> Option<Instant> {
        match &self.output {
            Output::Closed => None,
            Output::Opening(since) => {
                let due = *since + SLOW;
                (self.session && due > Instant::now()).then_some(due)
            }
            Output::Waiting(until) => Some(*until),
            Output::Open(_) => Some(Instant::now() + HEARTBEAT),
        }
    }

    fn take(&mut self, message: Message, now: Instant) {
        match message {
            Message::Open => {
                self.session = true;
                match self.output {
                    Output::Closed => self.try_to_open(now),
                    Output::Opening(_) => self.tell(Status::Opening),
                    Output::Waiting(_) | Output::Open(_) => {}
                }
            }
            Message::Close => {
                self.session = false;
                if !matches!(self.output, Output::Open(_)) {
                    self.planned.clear();
                    self.tell(Status::Off);
                }
                if matches!(self.output, Output::Waiting(_)) {
                    self.output = Output::Closed;
                }
            }
            Message::Play(cue, side, at) => self.plan(cue, side, at, now),
            Message::Silence => {
                self.planned.clear();
                let longest = self.sounds.tones().iter().map(|(_, tone)| tone.ms()).max().unwrap_or(0);
                self.quiet = self.quiet.min(now + Duration::from_millis(longest.into()));
                if let Output::Open(playing) = &self.output {
                    playing.stream.silence();
                }
            }
            Message::Opened(number, result) if number == self.number => self.opened(result, now),
            Message::Lost(number, why) if number == self.number => self.lost(why, now),
            Message::Opened(..) | Message::Lost(..) | Message::Quit(_) => {}
        }
    }

    fn plan(&mut self, cue: Cue, side: Option<Side>, at: Instant, now: Instant) {
        let playing = match &self.output {
            Output::Open(playing) => Some(playing),
            _ if self.session => None,
            _ => return,
        };
        self.planned.retain(|(.., at)| *at + STALE > now);
        if at + STALE <= now || self.planned.len() >= MOST_PLANNED {
            return;
        }
        self.planned.push((cue, side, at));
        let length = Duration::from_millis(self.sounds.tone(cue).ms().into());
        self.quiet = self.quiet.max(at.max(now) + length);
        if let Some(playing) = playing {
            playing.stream.play(cue, side, at);
        }
    }

    /// Looks after what changes by itself: time.
    fn look(&mut self, now: Instant) {
        match &mut self.output {
            Output::Closed => {}
            Output::Opening(since) => {
                if self.session && now.duration_since(*since) >= SLOW {
                    self.tell(Status::Missing { why: "the sound system does not answer".to_owned() });
                }
            }
            Output::Waiting(until) => {
                if now >= *until {
                    self.try_to_open(now);
                }
            }
            Output::Open(playing) => {
                let beats = playing.stream.beats();
                if beats != playing.beats {
                    (playing.beats, playing.since) = (beats, now);
                    self.retry = FIRST_RETRY;
                } else if now.duration_since(playing.since) > STALL {
                    return self.lost("the device takes no sound".to_owned(), now);
                }
                if !self.session && now > self.quiet + LINGER {
                    self.end_of_stream();
                    self.tell(Status::Off);
                }
            }
        }
    }

    fn try_to_open(&mut self, now: Instant) {
        self.number += 1;
        let number = self.number;
        let (sounds, shared, sender) = (self.sounds.clone(), Arc::clone(&self.shared), self.sender.clone());
        let (systems, stereo) = (Arc::clone(&self.systems), self.stereo);
        let open = move || {
            let lost = sender.clone();
            // Nobody listens when the program has ended in the meantime.
            let result = Stream::open(&sounds, stereo, &systems, &shared, move |why| {
                drop(lost.send(Message::Lost(number, why)))
            });
            let _ = sender.send(Message::Opened(number, result.map(Box::new)));
        };
        // A device that is missing stays so for the screen until it is there again.
        if matches!(self.output, Output::Closed) {
            self.tell(Status::Opening);
        }
        match thread::Builder::new().name("audio-open".to_owned()).spawn(open) {
            Ok(_) => self.output = Output::Opening(now),
            Err(error) => self.missing(Failure::new(&error.to_string()), now),
        }
    }

    fn opened(&mut self, result: Result<Box<Stream>, Failure>, now: Instant) {
        match result {
            Ok(stream) if self.session => {
                self.planned.retain(|(.., at)| *at + STALE > now);
                for (cue, side, at) in &self.planned {
                    stream.play(*cue, *side, *at);
                }
                self.tell(Status::On { device: stream.name().to_owned() });
                self.output = Output::Open(Playing { beats: stream.beats(), stream, since: now });
            }
            Err(failure) if self.session => self.missing(failure, now),
            Ok(_) | Err(_) => self.output = Output::Closed,
        }
    }

    fn lost(&mut self, why: String, now: Instant) {
        // A stream that is lost before it is known to be open is found out by its stall.
        if !matches!(self.output, Output::Open(_)) {
            return;
        }
        // What was due has sounded, or is lost with the device; the next one must not sound it again.
        self.planned.retain(|(.., at)| *at > now);
        self.end_of_stream();
        if self.session {
            self.missing(Failure::new(&why), now);
        } else {
            self.tell(Status::Off);
        }
    }

    fn end_of_stream(&mut self) {
        self.output = Output::Closed;
        // What the stream still tells is about the past.
        self.number += 1;
    }

    fn missing(&mut self, failure: Failure, now: Instant) {
        self.output = Output::Waiting(now + self.retry);
        self.retry = (self.retry * 2).min(LAST_RETRY);
        self.tell(Status::Missing { why: failure.why() });
    }

    fn tell(&self, status: Status) {
        if self.shared.set_status(status) {
            (self.on_change)();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;

    use super::*;
    use crate::config::Config;

    /// A control that has a session and waits for a device; how often it told of a change.
    fn waiting() -> (Control, Arc<Shared>, Arc<AtomicUsize>) {
        let changes = Arc::new(AtomicUsize::new(0));
        let (shared, count) = (Arc::new(Shared::new()), Arc::clone(&changes));
        let on_change = Box::new(move || {
            count.fetch_add(1, Ordering::Relaxed);
        });
        let sounds = Config::built_in().sound;
        let mut control = Control::new(sounds, true, Arc::clone(&shared), mpsc::channel().0, on_change);
        control.session = true;
        (control, shared, changes)
    }

    fn busy() -> Failure {
        Failure::new("busy")
    }

    #[test]
    fn a_device_that_is_missing_is_tried_ever_more_seldom_but_every_four_seconds() {
        let (mut control, shared, changes) = waiting();
        let now = Instant::now();
        let mut pause = |failure: Failure| {
            control.missing(failure, now);
            control.wake_up().expect("another try") - now
        };
        let pauses: Vec<u128> = (0..7).map(|_| pause(busy()).as_millis()).collect();
        assert_eq!(pauses, [250, 500, 1000, 2000, 4000, 4000, 4000]);
        assert_eq!(changes.load(Ordering::Relaxed), 1, "the same again is no change");
        pause(Failure::new("none"));
        assert_eq!(changes.load(Ordering::Relaxed), 2);
        assert_eq!(shared.status(), Status::Missing { why: "none".to_owned() });
    }

    #[test]
    fn without_a_session_nothing_is_tried_planned_or_woken_up_for() {
        let (mut control, shared, _) = waiting();
        let now = Instant::now();
        control.missing(busy(), now);
        control.take(Message::Play(Cue::Go, None, now), now);
        assert_eq!(control.planned.len(), 1);
        control.take(Message::Close, now);
        control.take(Message::Play(Cue::Go, None, now), now);
        control.look(now + Duration::from_secs(60));
        assert!(control.planned.is_empty() && control.wake_up().is_none());
        assert!(matches!(control.output, Output::Closed));
        assert_eq!(shared.status(), Status::Off);
    }

    #[test]
    fn while_there_is_no_device_cues_grow_stale_and_never_too_many() {
        let (mut control, ..) = waiting();
        let now = Instant::now();
        let later = now + Duration::from_secs(60);
        control.missing(busy(), now);
        for _ in 0..1000 {
            control.take(Message::Play(Cue::Pip, None, now), now);
        }
        assert_eq!(control.planned.len(), MOST_PLANNED);
        control.take(Message::Play(Cue::Pip, None, now), later);
        control.take(Message::Play(Cue::Go, None, later), later);
        assert_eq!(control.planned, [(Cue::Go, None, later)]);
        control.take(Message::Silence, later);
        assert!(control.planned.is_empty());
    }

    #[test]
    fn a_device_that_does_not_open_is_missing_until_it_does() {
        let (mut control, shared, _) = waiting();
        let now = Instant::now();
        control.number = 1;
        control.output = Output::Opening(now);
        control.look(now);
        assert_eq!(shared.status(), Status::Off);
        control.look(now + SLOW);
        assert!(matches!(shared.status(), Status::Missing { .. }));
        control.take(Message::Opened(0, Err(busy())), now);
        assert!(matches!(control.output, Output::Opening(_)), "the failure of an older try is old");
        control.take(Message::Close, now);
        assert_eq!(shared.status(), Status::Off);
        control.take(Message::Opened(1, Err(busy())), now);
        assert!(matches!(control.output, Output::Closed));
    }
}
