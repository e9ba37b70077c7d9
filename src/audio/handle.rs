//! The program's end of the sound: messages out, a status in.

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use super::Status;
use super::control::{Control, Message};
use super::shared::Shared;
use crate::config::sound::Sound;
use crate::cue::Cue;
use crate::protocol::Side;

/// How long the end of the program waits for the sound to end.
const PATIENCE: Duration = Duration::from_millis(250);

/// Sound: cues in, and whether they are heard. Nothing here waits for a device.
#[derive(Debug)]
pub struct Audio {
    control: mpsc::Sender<Message>,
    shared: Arc<Shared>,
}

impl Audio {
    /// Starts the thread of the sound; no device is opened yet. With `stereo`, a cue of an ankle sounds from its side
    /// where the device is stereo. `on_change` is called from there when
    /// [`status`](Audio::status) has changed.
    pub fn start(sounds: &Sound, stereo: bool, on_change: impl Fn() + Send + 'static) -> Audio {
        let (sender, inbox) = mpsc::channel();
        let shared = Arc::new(Shared::new());
        let control = Control::new(sounds.clone(), stereo, Arc::clone(&shared), sender.clone(), Box::new(on_change));
        if let Err(error) = thread::Builder::new().name("audio".to_owned()).spawn(move || control.run(&inbox)) {
            shared.set_status(Status::Missing { why: error.to_string() });
        }
        Audio { control: sender, shared }
    }

    fn tell(&self, message: Message) {
        // Nobody listens where the thread could not be started, and the status says so.
        let _ = self.control.send(message);
    }

    /// A session begins: the device is opened, and opened anew whenever it was lost.
    pub fn open(&self) {
        self.tell(Message::Open);
    }

    /// The session is over: the device is closed when the last cue has sounded.
    pub fn close(&self) {
        self.tell(Message::Close);
    }

    /// Plans `cue`, of the ankle `side` if it speaks of one, for `at`, or for now where that is past. A cue that could begin only a quarter of a second too late
    /// is not heard at all.
    pub fn play(&self, cue: Cue, side: Option<Side>, at: Instant) {
        self.tell(Message::Play(cue, side, at));
    }

    /// Withdraws every cue that has not begun.
    pub fn silence(&self) {
        self.tell(Message::Silence);
    }

    /// Sets the overall volume in percent; 0 is mute.
    pub fn set_volume(&self, percent: u8) {
        self.shared.set_percent(percent);
    }

    /// Whether there is sound.
    pub fn status(&self) -> Status {
        self.shared.status()
    }

    /// Ends the sound; returns within 300 ms, whatever the sound system does.
    pub fn quit(self) {
        let (done, wait) = mpsc::channel();
        self.tell(Message::Quit(Some(done)));
        // Both a reply and the end of the thread end the wait; a timeout leaves the thread to the end of the process.
        let _ = wait.recv_timeout(PATIENCE);
    }
}

impl Drop for Audio {
    fn drop(&mut self) {
        self.tell(Message::Quit(None));
    }
}
