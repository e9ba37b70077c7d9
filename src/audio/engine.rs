//! The source of every sample: cues that begin on their frame, mixed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

use rodio::{ChannelCount, SampleRate, Source};

use super::clock::Clock;
use super::shared::Shared;
use crate::protocol::Side;

/// A cue that could begin only so late is not heard at all: after a standstill nothing comes in a burst.
pub const STALE: Duration = Duration::from_millis(250);

/// Of several cues that are late, only the last is heard, with what was meant to sound together with it.
const TOGETHER: Duration = Duration::from_millis(20);

/// How many cues can be planned at a time; a session plans one or two ahead.
pub const MOST_PLANNED: usize = 64;

/// How many cues can sound at a time.
const MOST_VOICES: usize = 8;

/// The volume goes from nothing to all in this time, so that no change of it clicks.
const FADE: Duration = Duration::from_millis(10);

/// How many frames are rendered at a time: 1.3 ms at 48 kHz.
const BLOCK: usize = 64;

/// How loud a cue is on the left and on the right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pan([f32; 2]);

impl Pan {
    /// The far side still hears it, 10 dB lower: somebody may wear but one earphone.
    const FAR: f32 = 0.3;

    /// The same on both, or louder on this side.
    pub fn to(side: Option<Side>) -> Pan {
        match side {
            None => Pan([1.0, 1.0]),
            Some(Side::Left) => Pan([1.0, Pan::FAR]),
            Some(Side::Right) => Pan([Pan::FAR, 1.0]),
        }
    }
}

/// What the engine is told.
#[derive(Debug)]
pub enum Order {
    /// To begin these samples at a moment.
    Play(Arc<[f32]>, Pan, Instant),
    /// To forget all that has not begun.
    Silence,
}

/// A sample for the left, and one for the right.
type Frame = [f32; 2];

struct Voice {
    samples: Arc<[f32]>,
    pan: Pan,
    /// The frame of the stream that it begins on.
    start: u64,
}

/// Mixes what it is told into two channels. It runs in the thread of the device: it neither waits nor allocates.
pub struct Engine {
    orders: Receiver<Order>,
    shared: Arc<Shared>,
    clock: Clock,
    frame: u64,
    planned: Vec<(Arc<[f32]>, Pan, Instant)>,
    voices: Vec<Voice>,
    gain: f32,
    gain_step: f32,
    /// Nobody is there to give orders: the stream is being closed.
    abandoned: bool,
}

impl Engine {
    /// An engine for a stream of `rate` frames a second that begins now.
    pub fn new(rate: u32, orders: Receiver<Order>, shared: Arc<Shared>, now: Instant) -> Engine {
        Engine {
            orders,
            clock: Clock::new(rate, now),
            frame: 0,
            planned: Vec::with_capacity(MOST_PLANNED),
            voices: Vec::with_capacity(MOST_VOICES),
            gain: shared.gain(),
            gain_step: 1.0 / (FADE.as_secs_f32() * rate as f32),
            shared,
            abandoned: false,
        }
    }

    /// Renders the next frames, which the device takes `now`.
    pub fn render(&mut self, now: Instant, block: &mut [Frame]) {
        self.clock.observe(self.frame, now);
        self.take_orders();
        let end = self.frame + block.len() as u64;
        self.begin_what_is_due(now, end);
        block.fill([0.0; 2]);
        for voice in &self.voices {
            voice.mix_into(block, self.frame);
        }
        self.apply_gain(block);
        self.voices.retain(|voice| voice.end() > end);
        self.frame = end;
    }

    fn take_orders(&mut self) {
        loop {
            match self.orders.try_recv() {
                Ok(Order::Play(samples, pan, at)) if self.planned.len() < MOST_PLANNED => {
                    self.planned.push((samples, pan, at));
                }
                Ok(Order::Play(..)) => {}
                Ok(Order::Silence) => self.planned.clear(),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => {
                    self.planned.clear();
                    self.abandoned = true;
                    break;
                }
            }
        }
    }

    fn begin_what_is_due(&mut self, now: Instant, end: u64) {
        let Engine { planned, voices, clock, frame, .. } = self;
        let due = planned.iter().map(|(.., at)| *at).filter(|at| clock.frame_at(*at) < end);
        let Some(newest) = due.max() else { return };
        planned.retain(|(samples, pan, at)| {
            let start = clock.frame_at(*at);
            if start >= end {
                return true;
            }
            let heard = now.saturating_duration_since(*at) <= STALE && newest.duration_since(*at) <= TOGETHER;
            if heard && voices.len() < MOST_VOICES {
                voices.push(Voice { samples: Arc::clone(samples), pan: *pan, start: start.max(*frame) });
            }
            false
        });
    }

    fn apply_gain(&mut self, block: &mut [Frame]) {
        let target = if self.abandoned { 0.0 } else { self.shared.gain() };
        for frame in block {
            self.gain += (target - self.gain).clamp(-self.gain_step, self.gain_step);
            *frame = frame.map(|sample| (sample * self.gain).clamp(-1.0, 1.0));
        }
    }
}

impl Voice {
    fn end(&self) -> u64 {
        self.start + self.samples.len() as u64
    }

    fn mix_into(&self, block: &mut [Frame], frame: u64) {
        // Either the voice begins within the block, or the block within the voice.
        let skip_block = usize::try_from(self.start.saturating_sub(frame)).unwrap_or(usize::MAX);
        let skip_voice = usize::try_from(frame.saturating_sub(self.start)).unwrap_or(usize::MAX);
        let samples = self.samples.iter().skip(skip_voice);
        let Pan([left, right]) = self.pan;
        for (sum, sample) in block.iter_mut().skip(skip_block).zip(samples) {
            *sum = [sum[0] + sample * left, sum[1] + sample * right];
        }
    }
}

/// How far samples may be taken ahead of the time that they last: no device has room for more.
const MOST_AHEAD: Duration = Duration::from_secs(4);

/// The longest that a device which takes them faster is kept waiting at once.
const REST: Duration = Duration::from_millis(100);

/// Tells a device that takes samples as fast as they can be made, as ALSA's "null" does, from one that plays them.
struct Pace {
    /// When everything that was taken had been played, if it was taken no later than that.
    begin: Instant,
    taken: Duration,
}

impl Pace {
    fn new(now: Instant) -> Pace {
        Pace { begin: now, taken: Duration::ZERO }
    }

    /// How long to keep the device waiting, which takes `length` more at `now`.
    fn rest(&mut self, now: Instant, length: Duration) -> Option<Duration> {
        let passed = now.saturating_duration_since(self.begin);
        if passed > self.taken {
            *self = Pace::new(now);
        }
        self.taken += length;
        let ahead = self.taken.saturating_sub(now.saturating_duration_since(self.begin));
        ahead.checked_sub(MOST_AHEAD).filter(|more| !more.is_zero()).map(|more| more.min(REST))
    }
}

/// The engine as a stream without end, in the first two channels; the rest are silent.
pub struct Feed {
    engine: Engine,
    channels: ChannelCount,
    rate: SampleRate,
    block: [Frame; BLOCK],
    frame: usize,
    channel: u16,
    beats: Arc<AtomicU64>,
    pace: Pace,
}

impl Feed {
    /// A stream of `engine`; `beats` is counted up while samples are taken.
    pub fn new(engine: Engine, channels: ChannelCount, rate: SampleRate, beats: Arc<AtomicU64>) -> Feed {
        Feed {
            engine,
            channels,
            rate,
            block: [[0.0; 2]; BLOCK],
            frame: BLOCK,
            channel: 0,
            beats,
            pace: Pace::new(Instant::now()),
        }
    }
}

impl Iterator for Feed {
    type Item = f32;

    fn next(&mut self) -> Option<f32> {
        if self.frame == BLOCK {
            self.frame = 0;
            self.beats.fetch_add(1, Ordering::Relaxed);
            let now = Instant::now();
            self.engine.render(now, &mut self.block);
            let length = Duration::from_secs(BLOCK as u64) / self.rate.get();
            if let Some(rest) = self.pace.rest(now, length) {
                std::thread::sleep(rest);
            }
        }
        let sample = self.block[self.frame].get(usize::from(self.channel)).copied().unwrap_or(0.0);
        self.channel += 1;
        if self.channel == self.channels.get() {
            self.channel = 0;
            self.frame += 1;
        }
        Some(sample)
    }
}

impl Source for Feed {
    fn current_span_len(&self) -> Option<usize> {
        None
    }

    fn channels(&self) -> ChannelCount {
        self.channels
    }

    fn sample_rate(&self) -> SampleRate {
        self.rate
    }

    fn total_duration(&self) -> Option<Duration> {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{self, Sender};

    use super::*;

    const RATE: u32 = 48_000;

    /// An engine on a device that takes every block just when it is due.
    struct Rig {
        engine: Engine,
        orders: Option<Sender<Order>>,
        shared: Arc<Shared>,
        start: Instant,
        frame: u64,
    }

    impl Rig {
        fn new() -> Rig {
            let (sender, orders) = mpsc::channel();
            let shared = Arc::new(Shared::new());
            let start = Instant::now();
            let engine = Engine::new(RATE, orders, Arc::clone(&shared), start);
            Rig { engine, orders: Some(sender), shared, start, frame: 0 }
        }

        fn at(&self, ms: u64) -> Instant {
            self.start + Duration::from_millis(ms)
        }

        fn order(&self, order: Order) {
            self.orders.as_ref().unwrap().send(order).unwrap();
        }

        fn play(&self, level: f32, ms: u64) {
            self.order(Order::Play(vec![level; 480].into(), Pan::to(None), self.at(ms)));
        }

        fn pull(&mut self, ms: u64) -> Vec<f32> {
            let mut samples = Vec::new();
            while self.frame < ms * u64::from(RATE) / 1000 {
                let now = self.start + Duration::from_nanos(self.frame * 1_000_000_000 / u64::from(RATE));
                let mut block = [[0.0; 2]; BLOCK];
                self.engine.render(now, &mut block);
                assert!(block.iter().all(|[left, right]| left == right), "the same on both sides");
                samples.extend(block.map(|[left, _]| left));
                self.frame += BLOCK as u64;
            }
            samples
        }
    }

    fn sounding(samples: &[f32]) -> Vec<usize> {
        samples.iter().enumerate().filter(|(_, sample)| **sample != 0.0).map(|(index, _)| index).collect()
    }

    #[test]
    fn a_cue_begins_on_its_frame_and_sounds_once() {
        let mut rig = Rig::new();
        rig.play(0.5, 100);
        rig.play(0.25, 201);
        let samples = rig.pull(400);
        let expected: Vec<usize> = (4800..5280).chain(9648..10_128).collect();
        assert_eq!(sounding(&samples), expected);
        assert_eq!((samples[4800], samples[9648]), (0.5, 0.25));
    }

    #[test]
    fn cues_at_once_are_mixed_and_never_louder_than_the_device() {
        let mut rig = Rig::new();
        rig.play(0.5, 10);
        rig.play(0.25, 10);
        rig.play(0.75, 100);
        rig.play(0.75, 100);
        let samples = rig.pull(200);
        assert_eq!((samples[480], samples[4800]), (0.75, 1.0));
    }

    #[test]
    fn a_late_cue_begins_at_once_and_a_stale_one_never() {
        let mut rig = Rig::new();
        rig.pull(1000);
        rig.play(0.5, 800);
        rig.play(0.5, 700);
        let samples = rig.pull(1500);
        assert_eq!(sounding(&samples), (0..480).collect::<Vec<_>>());
        assert_eq!(samples[0], 0.5, "one of the two");
    }

    #[test]
    fn of_late_cues_only_the_last_is_heard_and_what_belongs_to_it() {
        let mut rig = Rig::new();
        rig.pull(1000);
        for (level, ms) in [(0.1, 800), (0.2, 990), (0.3, 990), (0.1, 900)] {
            rig.play(level, ms);
        }
        let samples = rig.pull(1500);
        assert_eq!(sounding(&samples), (0..480).collect::<Vec<_>>());
        assert_eq!(samples[0], 0.2 + 0.3);
    }

    #[test]
    fn after_a_standstill_there_is_no_burst() {
        let mut rig = Rig::new();
        rig.pull(500);
        for ms in [600, 700, 800, 3000] {
            rig.play(0.5, ms);
        }
        // The device takes nothing for two seconds.
        rig.start += Duration::from_secs(2);
        let samples = rig.pull(1500);
        let first = 24_000;
        assert_eq!(sounding(&samples), (48_000 - first..48_480 - first).collect::<Vec<_>>(), "only the cue at 3 s");
    }

    #[test]
    fn silence_withdraws_what_has_not_begun_and_cuts_nothing_off() {
        let mut rig = Rig::new();
        rig.play(0.5, 100);
        rig.play(0.5, 200);
        let mut samples = rig.pull(105);
        rig.order(Order::Silence);
        rig.play(0.5, 300);
        samples.extend(rig.pull(400));
        let expected: Vec<usize> = (4800..5280).chain(14_400..14_880).collect();
        assert_eq!(sounding(&samples), expected);
    }

    #[test]
    fn volume_0_is_silence_and_no_change_of_the_volume_clicks() {
        let mut rig = Rig::new();
        rig.shared.set_percent(0);
        rig.engine.gain = 0.0;
        rig.order(Order::Play(vec![1.0; 48_000].into(), Pan::to(None), rig.at(0)));
        assert!(rig.pull(200).iter().all(|sample| *sample == 0.0));
        rig.shared.set_percent(50);
        let up = rig.pull(400);
        rig.shared.set_percent(0);
        let down = rig.pull(600);
        assert!((up[up.len() - 1] - 0.25).abs() < 1e-6, "the square of a half");
        assert_eq!(down[down.len() - 1], 0.0);
        let samples = [up, down].concat();
        assert!(samples.windows(2).all(|w| (w[1] - w[0]).abs() < 0.003));
    }

    #[test]
    fn an_engine_without_orders_fades_out() {
        let mut rig = Rig::new();
        rig.order(Order::Play(vec![1.0; 48_000].into(), Pan::to(None), rig.at(0)));
        rig.play(1.0, 500);
        rig.pull(100);
        rig.orders = None;
        let samples = rig.pull(1000);
        assert!(samples.windows(2).all(|w| (w[1] - w[0]).abs() < 0.003));
        assert!(sounding(&samples[480..]).is_empty());
    }

    #[test]
    fn there_is_a_most_of_what_sounds_and_of_what_is_planned() {
        let mut rig = Rig::new();
        for _ in 0..1000 {
            rig.play(0.01, 100);
        }
        let samples = rig.pull(200);
        let peak = samples.iter().fold(0.0_f32, |peak, sample| peak.max(*sample));
        assert!((peak - 0.08).abs() < 1e-6, "{peak}");
        assert!(rig.engine.planned.capacity() == MOST_PLANNED && rig.engine.voices.capacity() == MOST_VOICES);
    }

    #[test]
    fn a_device_that_takes_samples_faster_than_they_can_be_heard_is_kept_waiting_and_no_other() {
        let (start, block) = (Instant::now(), Duration::from_millis(10));
        let at = |ms: u64| start + Duration::from_millis(ms);
        let mut pace = Pace::new(start);
        // One that fills its buffer of two seconds, stands still for a minute, and goes on.
        let filled = (0..200).map(|_| 0).chain((0..1_000).map(|n| 10 * n)).chain((0..1_200).map(|n| 60_000 + 8 * n));
        for ms in filled {
            assert_eq!(pace.rest(at(ms), block), None, "{ms}");
        }
        let mut pace = Pace::new(start);
        let mut now = 0;
        for _ in 0..2_000 {
            now += pace.rest(at(now), block).map_or(0, |rest| rest.as_millis() as u64);
        }
        assert!((15_900..=16_100).contains(&now), "20 s of samples are taken in {now} ms");
    }

    #[test]
    fn a_feed_gives_an_ankles_cue_to_its_side_and_a_little_to_the_other() {
        let (sender, orders) = mpsc::channel();
        let samples = vec![0.5; 48_000].into();
        sender.send(Order::Play(samples, Pan::to(Some(Side::Right)), Instant::now())).unwrap();
        let engine = Engine::new(RATE, orders, Arc::new(Shared::new()), Instant::now());
        let [channels, rate] = [3, RATE].map(|n| std::num::NonZero::new(n).unwrap());
        let beats = Arc::new(AtomicU64::new(0));
        let feed = Feed::new(engine, channels.try_into().unwrap(), rate, Arc::clone(&beats));
        let samples: Vec<f32> = feed.take(3 * BLOCK * 2).collect();
        assert!(samples.chunks_exact(3).skip(BLOCK).all(|frame| frame == [0.15, 0.5, 0.0]));
        assert_eq!(beats.load(Ordering::Relaxed), 2);
    }
}
