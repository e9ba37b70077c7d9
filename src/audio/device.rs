//! The device: which one, how it is opened, and how its loss is noticed.

use std::collections::HashMap;
use std::error::Error;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use rodio::cpal::{self, HostId, traits::HostTrait};
use rodio::{CpalError, CpalErrorKind, DeviceSinkBuilder, DeviceSinkError, DeviceTrait, MixerDeviceSink};

use super::engine::{Engine, Feed, Order, Pan};
use super::shared::Shared;
use super::tone;
use crate::config::sound::Sound;
use crate::cue::Cue;
use crate::protocol::Side;
use crate::text;

/// How long a stream that reports errors may go without samples being taken.
///
/// ALSA's PulseAudio plugin reports thousands of errors while it starts, and plays all the same.
const GRACE: Duration = Duration::from_millis(300);

/// So many errors in a row are no longer a hiccup.
const HICCUPS: u32 = 20;

/// How long the thread of the device sleeps on each further error: of a lost device, errors come as fast as they are
/// taken.
const BRAKE: Duration = Duration::from_millis(2);

/// Why no device was opened, in the words of the sound system.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// A failure for this reason.
    pub fn new(why: &str) -> Failure {
        Failure(text::clean(why))
    }

    /// Why.
    pub fn why(self) -> String {
        self.0
    }
}

impl From<CpalError> for Failure {
    fn from(error: CpalError) -> Failure {
        Failure::new(&error.to_string())
    }
}

impl From<DeviceSinkError> for Failure {
    fn from(error: DeviceSinkError) -> Failure {
        let cause = error.source().and_then(|cause| cause.downcast_ref::<CpalError>());
        match cause {
            Some(cause) => Failure::new(&format!("{error}: {cause}")),
            None => Failure::new(&error.to_string()),
        }
    }
}

/// A device that plays.
pub struct Stream {
    /// Taken when it is dropped, in a thread of its own.
    sink: Option<MixerDeviceSink>,
    name: String,
    orders: mpsc::Sender<Order>,
    waves: HashMap<Cue, Arc<[f32]>>,
    /// An ankle's cue comes from its side.
    stereo: bool,
    beats: Arc<AtomicU64>,
}

impl Stream {
    /// Opens the default device. This may take as long as the sound server likes.
    ///
    /// `on_lost` is called at most once, from the thread of the device, when it can't go on.
    ///
    /// # Errors
    /// When no sound system gives a device, the reason of the first.
    pub fn open(
        sounds: &Sound,
        stereo: bool,
        systems: &Mutex<Systems>,
        shared: &Arc<Shared>,
        on_lost: impl FnOnce(String) + Send + 'static,
    ) -> Result<Stream, Failure> {
        let (name, builder) = systems.lock().unwrap_or_else(PoisonError::into_inner).default_output()?;
        let beats = Arc::new(AtomicU64::new(0));
        let mut watch = Watch::new(Arc::clone(&beats), on_lost);
        let mut sink = builder.with_error_callback(move |error| watch.heard(&error)).open_stream()?;
        sink.log_on_drop(false);

        let (channels, rate) = (sink.config().channel_count(), sink.config().sample_rate());
        let waves =
            sounds.tones().into_iter().map(|(cue, tone)| (cue, tone::render(tone, rate.get()).into())).collect();
        let (orders, inbox) = mpsc::channel();
        let engine = Engine::new(rate.get(), inbox, Arc::clone(shared), Instant::now());
        sink.mixer().add(Feed::new(engine, channels, rate, Arc::clone(&beats)));
        let stereo = stereo && channels.get() > 1;
        Ok(Stream { sink: Some(sink), name, orders, waves, stereo, beats })
    }

    /// The name of the device.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Plans `cue`, of the ankle `side` if it speaks of one, for `at`.
    pub fn play(&self, cue: Cue, side: Option<Side>, at: Instant) {
        if let Some(samples) = self.waves.get(&cue) {
            let pan = Pan::to(side.filter(|_| self.stereo));
            self.order(Order::Play(Arc::clone(samples), pan, at));
        }
    }

    /// Withdraws what has not begun.
    pub fn silence(&self) {
        self.order(Order::Silence);
    }

    fn order(&self, order: Order) {
        // The engine is gone only when the device is lost, which is told elsewhere.
        let _ = self.orders.send(order);
    }

    /// A number that changes as long as the device takes samples.
    pub fn beats(&self) -> u64 {
        self.beats.load(Ordering::Relaxed)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // A server that hangs keeps whoever closes a stream until it is well again.
        if let Some(sink) = self.sink.take() {
            let _ = thread::Builder::new().name("audio-close".to_owned()).spawn(move || drop(sink));
        }
    }
}

/// The connections to sound systems that outlive their devices.
///
/// Each connection of cpal's PulseAudio host keeps a thread until the server closes it, so that one is made and asked
/// again and again, however often a device is looked for.
#[derive(Default)]
pub struct Systems {
    #[cfg(target_os = "linux")]
    pulse: Option<cpal::Host>,
}

impl Systems {
    /// The default device, by name, of the first sound system that has a usable one.
    fn default_output(&mut self) -> Result<(String, DeviceSinkBuilder), Failure> {
        let mut first = None;
        for host in hosts() {
            match self.default_output_of(host) {
                Ok(output) => return Ok(output),
                Err(failure) => {
                    first.get_or_insert(failure);
                }
            }
        }
        Err(first.unwrap_or_else(|| Failure::new("no sound system")))
    }

    fn default_output_of(&mut self, host: HostId) -> Result<(String, DeviceSinkBuilder), Failure> {
        let device = self.default_device(host)?.ok_or_else(|| Failure::new("no output device"))?;
        let name = device.description().map_or_else(|_| "default".to_owned(), |told| text::clean(told.name()));
        // ALSA always names a default device; its configuration, asked for here, tells whether there is one.
        Ok((name, DeviceSinkBuilder::from_device(device)?))
    }

    #[cfg(target_os = "linux")]
    fn default_device(&mut self, host: HostId) -> Result<Option<cpal::Device>, Failure> {
        if host != HostId::PulseAudio {
            return Ok(cpal::host_from_id(host)?.default_output_device());
        }
        // A server that has closed the connection has ended its thread too, and answers nothing any more.
        self.pulse.take_if(|connected| connected.devices().is_err());
        let connected = match self.pulse.take() {
            Some(connected) => connected,
            None => cpal::host_from_id(host)?,
        };
        Ok(self.pulse.insert(connected).default_output_device())
    }

    #[cfg(not(target_os = "linux"))]
    fn default_device(&mut self, host: HostId) -> Result<Option<cpal::Device>, Failure> {
        Ok(cpal::host_from_id(host)?.default_output_device())
    }
}

#[cfg(target_os = "linux")]
fn hosts() -> Vec<HostId> {
    // PipeWire is reached through its PulseAudio socket, since its ALSA plugin makes cpal spin; PulseAudio through ALSA,
    // since cpal's PulseAudio host wakes the server far more often.
    let pipewire = ["PIPEWIRE_RUNTIME_DIR", "XDG_RUNTIME_DIR"]
        .into_iter()
        .filter_map(std::env::var_os)
        .any(|directory| std::path::Path::new(&directory).join("pipewire-0").exists());
    let mut hosts = cpal::available_hosts();
    hosts.sort_by_key(|host| (*host == HostId::Alsa) == pipewire);
    hosts
}

#[cfg(not(target_os = "linux"))]
fn hosts() -> Vec<HostId> {
    cpal::available_hosts()
}

/// Listens to the errors of a stream, and tells a lost device from a hiccup.
struct Watch<F> {
    beats: Arc<AtomicU64>,
    /// The beats at the last error.
    heard_at: u64,
    /// Errors since samples were last taken, and when the first of them came.
    errors: u32,
    first: Instant,
    on_lost: Option<F>,
}

impl<F: FnOnce(String)> Watch<F> {
    fn new(beats: Arc<AtomicU64>, on_lost: F) -> Watch<F> {
        Watch { beats, heard_at: 0, errors: 0, first: Instant::now(), on_lost: Some(on_lost) }
    }

    fn heard(&mut self, error: &CpalError) {
        let beats = self.beats.load(Ordering::Relaxed);
        if beats != self.heard_at || self.errors == 0 {
            (self.heard_at, self.errors, self.first) = (beats, 0, Instant::now());
        }
        self.errors = self.errors.saturating_add(1);
        if is_lost(error.kind(), self.errors, self.first.elapsed())
            && let Some(on_lost) = self.on_lost.take()
        {
            on_lost(error.to_string());
        }
        if self.errors > 2 {
            thread::sleep(BRAKE);
        }
    }
}

/// Whether a stream is lost after `errors` in a row over `time`, the last of them of this `kind`.
fn is_lost(kind: CpalErrorKind, errors: u32, time: Duration) -> bool {
    match kind {
        CpalErrorKind::DeviceNotAvailable | CpalErrorKind::StreamInvalidated | CpalErrorKind::HostUnavailable => true,
        CpalErrorKind::Xrun | CpalErrorKind::DeviceChanged | CpalErrorKind::RealtimeDenied => false,
        _ => errors > HICCUPS && time > GRACE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_storm_is_a_loss_only_where_no_samples_are_taken() {
        let (sender, lost) = mpsc::channel();
        let beats = Arc::new(AtomicU64::new(0));
        let mut watch = Watch::new(Arc::clone(&beats), move |why| sender.send(why).unwrap());
        watch.first = Instant::now();
        let error = CpalError::with_message(CpalErrorKind::BackendError, "a storm");
        for _ in 0..100 {
            beats.fetch_add(1, Ordering::Relaxed);
            watch.heard(&error);
        }
        assert_eq!(lost.try_recv(), Err(mpsc::TryRecvError::Empty));

        (watch.errors, watch.first) = (HICCUPS, Instant::now() - GRACE * 2);
        watch.heard(&error);
        watch.heard(&error);
        assert_eq!(lost.try_iter().collect::<Vec<_>>(), ["a storm"], "told once");
    }

    #[test]
    fn some_errors_say_all_and_some_say_nothing() {
        assert!(is_lost(CpalErrorKind::StreamInvalidated, 1, Duration::ZERO));
        assert!(!is_lost(CpalErrorKind::DeviceChanged, 1000, GRACE * 10));
        assert!(!is_lost(CpalErrorKind::BackendError, HICCUPS, GRACE * 2));
        assert!(!is_lost(CpalErrorKind::BackendError, 10_000, GRACE / 2));
    }

    #[test]
    fn a_failure_tells_its_cause() {
        let cause = || CpalError::with_message(CpalErrorKind::DeviceBusy, "in\nuse");
        assert_eq!(Failure::from(cause()).why(), "in use");
        let sink = Failure::from(DeviceSinkError::BuildError(cause())).why();
        assert!(sink.ends_with(": in use"), "{sink}");
    }
}
