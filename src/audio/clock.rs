//! Which frame of a stream belongs to which moment.
//!
//! A device takes its samples in handfuls, a little late and never early: the frame `f` is taken at `f / rate` seconds
//! after the origin of the stream or somewhat later. The origin is therefore the earliest that any frame speaks for. It
//! is taken over the last few seconds only, since the clock of the device drifts against the computer's; and it moves on
//! gently, since a device that happens to wake up late for some seconds does not drift.

use std::time::{Duration, Instant};

/// Half of the time that the origin is taken over.
const WINDOW: Duration = Duration::from_secs(4);

/// So much later than the origin foretells, a frame is not late: the device stood still, and the origin has moved.
const STOOD_STILL: i64 = 150_000_000;

/// The origin moves on by so many millionths of the time; clocks drift by a hundred at most.
const GENTLY: i64 = 250;

/// An origin that has moved so far over the whole window did not drift there: the device skipped.
const SKIPPED: i64 = 5_000_000;

/// The clock of a stream. Times are nanoseconds after `base`.
#[derive(Debug)]
pub struct Clock {
    rate: u32,
    base: Instant,
    /// The earliest origin of the window before, and of this one.
    earliest: [i64; 2],
    turn: u64,
    origin: i64,
    /// The frame that was last learnt from.
    last: u64,
}

impl Clock {
    /// The clock of a stream at `rate` frames a second.
    pub fn new(rate: u32, now: Instant) -> Clock {
        Clock { rate, base: now, earliest: [i64::MAX; 2], turn: 0, origin: i64::MAX, last: 0 }
    }

    fn nanoseconds(&self, frames: u64) -> i64 {
        i64::try_from(u128::from(frames) * 1_000_000_000 / u128::from(self.rate)).unwrap_or(i64::MAX)
    }

    fn since_base(&self, at: Instant) -> i64 {
        let ns = |duration: Duration| i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX);
        match at.checked_duration_since(self.base) {
            Some(after) => ns(after),
            None => -ns(self.base.duration_since(at)),
        }
    }

    /// Learns that `frame` is taken `now`.
    pub fn observe(&mut self, frame: u64, now: Instant) {
        let origin = self.since_base(now) - self.nanoseconds(frame);
        if origin.saturating_sub(self.origin) > STOOD_STILL {
            self.earliest = [origin; 2];
        } else if frame >= self.turn {
            self.earliest = [self.earliest[1], origin];
            self.turn = frame + u64::from(self.rate) * WINDOW.as_secs();
        } else {
            self.earliest[1] = self.earliest[1].min(origin);
        }

        let target = self.earliest[0].min(self.earliest[1]);
        let step = self.nanoseconds(frame - self.last) * GENTLY / 1_000_000;
        let moved = target.saturating_sub(self.origin);
        self.origin = if moved > SKIPPED { target } else { target.min(self.origin.saturating_add(step)) };
        self.last = frame;
    }

    /// The frame that belongs to `at`; the first where that is before the stream.
    pub fn frame_at(&self, at: Instant) -> u64 {
        let ns = u64::try_from(self.since_base(at).saturating_sub(self.origin)).unwrap_or(0);
        let frame = (u128::from(ns) * u128::from(self.rate) + 500_000_000) / 1_000_000_000;
        u64::try_from(frame).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: u32 = 48_000;

    /// Takes `frames` in handfuls of 2048, each `late` (of its number) after it is due by a device clock off by `ppm`.
    fn run(clock: &mut Clock, start: Instant, from: u64, frames: u64, ppm: f64, late: impl Fn(u64) -> Duration) {
        for handful in from / 2048..(from + frames) / 2048 {
            let due = (handful * 2048) as f64 / f64::from(RATE) * (1.0 + ppm / 1e6);
            let now = start + Duration::from_secs_f64(due) + late(handful);
            for block in 0..32 {
                clock.observe(handful * 2048 + block * 64, now);
            }
        }
    }

    fn off_by(clock: &Clock, at: Instant, frame: f64) -> f64 {
        (clock.frame_at(at) as f64 - frame).abs() / f64::from(RATE)
    }

    #[test]
    fn late_handfuls_do_not_move_a_frame() {
        let start = Instant::now();
        let mut clock = Clock::new(RATE, start);
        run(&mut clock, start, 0, 480_000, 0.0, |handful| Duration::from_millis(handful * 7 % 13));
        // Within a handful all frames are taken at once, so that the origin lies a handful before the start.
        let at = start + Duration::from_secs(20);
        let frame = 20.0 * f64::from(RATE) + 1984.0;
        assert!(off_by(&clock, at, frame) < 0.000_1, "{}", off_by(&clock, at, frame));
    }

    #[test]
    fn a_drifting_device_is_followed() {
        for ppm in [-200.0, 200.0] {
            let start = Instant::now();
            let mut clock = Clock::new(RATE, start);
            run(&mut clock, start, 0, u64::from(RATE) * 600, ppm, |_| Duration::ZERO);
            let frame = f64::from(RATE) * 600.0;
            let at = start + Duration::from_secs_f64(600.0 * (1.0 + ppm / 1e6));
            assert!(off_by(&clock, at, frame + 1984.0) < 0.002, "{ppm} ppm: {}", off_by(&clock, at, frame + 1984.0));
        }
    }

    #[test]
    fn after_a_standstill_frames_belong_to_the_new_time() {
        let start = Instant::now();
        let mut clock = Clock::new(RATE, start);
        run(&mut clock, start, 0, 96_000, 0.0, |_| Duration::ZERO);
        run(&mut clock, start, 96_256, 96_000, 0.0, |_| Duration::from_secs(2));
        let at = start + Duration::from_secs(6);
        assert!(off_by(&clock, at, 4.0 * f64::from(RATE) + 1984.0) < 0.000_1);
    }

    #[test]
    fn after_a_skip_frames_soon_belong_to_the_new_time() {
        let start = Instant::now();
        let mut clock = Clock::new(RATE, start);
        run(&mut clock, start, 0, 96_000, 0.0, |_| Duration::ZERO);
        run(&mut clock, start, 96_256, 480_000, 0.0, |_| Duration::from_millis(60));
        let at = start + Duration::from_secs(20);
        assert!(off_by(&clock, at, 19.94 * f64::from(RATE) + 1984.0) < 0.000_1);
    }

    #[test]
    fn some_seconds_of_late_handfuls_are_no_drift() {
        let start = Instant::now();
        let mut clock = Clock::new(RATE, start);
        run(&mut clock, start, 0, 480_000, 0.0, |_| Duration::ZERO);
        run(&mut clock, start, 479_232, 288_000, 0.0, |_| Duration::from_millis(2));
        let at = start + Duration::from_secs(20);
        assert!(off_by(&clock, at, 20.0 * f64::from(RATE) + 1984.0) < 0.001);
    }

    #[test]
    fn a_moment_before_the_stream_is_its_first_frame() {
        let start = Instant::now() + Duration::from_secs(10);
        assert_eq!(Clock::new(RATE, start).frame_at(start - Duration::from_secs(5)), 0);
    }
}
