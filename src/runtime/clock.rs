//! A steady clock that goes on while the machine sleeps.

use jiff::tz::TimeZone;

use crate::session::SLEPT;

/// Milliseconds since the program began.
#[derive(Debug)]
pub struct Clock {
    start: Moment,
    /// The same moment on a clock that stands still while the machine sleeps.
    awake: std::time::Instant,
    /// How far the two were apart when that was last asked, in milliseconds.
    apart: u64,
}

#[cfg(unix)]
type Moment = std::time::Duration;

#[cfg(not(unix))]
type Moment = std::time::Instant;

impl Clock {
    /// A clock that begins now.
    #[expect(clippy::disallowed_methods, reason = "a sleep is told by what this clock misses")]
    pub fn start() -> Clock {
        Clock { start: now(), awake: std::time::Instant::now(), apart: 0 }
    }

    /// Whether the machine slept since this was last asked, for longer than a session takes no notice of.
    pub fn slept(&mut self) -> bool {
        self.grew_apart(self.awake.elapsed().as_millis() as u64)
    }

    /// The same where the machine was awake for so many milliseconds in all.
    fn grew_apart(&mut self, awake: u64) -> bool {
        let apart = self.millis().saturating_sub(awake);
        apart.saturating_sub(std::mem::replace(&mut self.apart, apart)) > SLEPT
    }

    /// The person's date and time.
    #[expect(clippy::disallowed_methods, reason = "a session is filed under the date at which it began")]
    pub fn date() -> jiff::Zoned {
        jiff::Timestamp::now().to_zoned(zone())
    }

    /// The moment `millis` of this clock on the clock that threads and sound go by, as far as the machine stays awake.
    #[expect(clippy::disallowed_methods, reason = "cues are placed by the sound thread's clock")]
    pub fn instant(&self, millis: u64) -> std::time::Instant {
        let (now, here) = (std::time::Instant::now(), self.millis());
        let ahead = std::time::Duration::from_millis(millis.saturating_sub(here));
        let behind = std::time::Duration::from_millis(here.saturating_sub(millis));
        (now + ahead).checked_sub(behind).unwrap_or(now)
    }

    /// Milliseconds since it began.
    pub fn millis(&self) -> u64 {
        elapsed(self.start).as_millis() as u64
    }
}

/// The person's time zone, by its name where the system has one for it.
///
/// `TimeZone::system` looks through the whole database of zones to know their names: a fifth of the time until the first
/// picture. Unless a variable says otherwise, the file of the system is the zone, and the name is where it leads to.
fn zone() -> TimeZone {
    match std::env::var_os("TZ") {
        Some(_) => None,
        None => local_zone(),
    }
    .unwrap_or_else(TimeZone::system)
}

#[cfg(unix)]
#[expect(clippy::disallowed_methods, reason = "the system's time zone is a file")]
fn local_zone() -> Option<TimeZone> {
    const ZONE: &str = "/etc/localtime";
    let place = std::fs::read_link(ZONE).ok()?;
    let (_, name) = place.to_str()?.rsplit_once("zoneinfo/")?;
    TimeZone::tzif(name, &std::fs::read(ZONE).ok()?).ok()
}

#[cfg(not(unix))]
fn local_zone() -> Option<TimeZone> {
    None
}

// `Instant` stands still while a Linux machine or a Mac sleeps.
#[cfg(any(target_os = "linux", target_os = "android"))]
const GOES_ON: rustix::time::ClockId = rustix::time::ClockId::Boottime;

// On a Mac this is the one that goes on.
#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
const GOES_ON: rustix::time::ClockId = rustix::time::ClockId::Monotonic;

#[cfg(unix)]
#[expect(clippy::disallowed_methods, reason = "the one place that reads a clock")]
fn now() -> Moment {
    let time = rustix::time::clock_gettime(GOES_ON);
    std::time::Duration::new(time.tv_sec.max(0) as u64, time.tv_nsec.clamp(0, 999_999_999) as u32)
}

#[cfg(unix)]
fn elapsed(start: Moment) -> std::time::Duration {
    now().saturating_sub(start)
}

#[cfg(not(unix))]
#[expect(clippy::disallowed_methods, reason = "the one place that reads a clock")]
fn now() -> Moment {
    std::time::Instant::now()
}

#[cfg(not(unix))]
fn elapsed(start: Moment) -> std::time::Duration {
    start.elapsed()
}

#[cfg(all(test, target_os = "linux"))]
#[expect(clippy::disallowed_methods, reason = "two clocks are compared")]
mod tests {
    use std::process::Command;

    use super::*;

    /// A machine can't be put to sleep for a test. But a namespace can have both clocks as far apart as after a sleep.
    #[test]
    fn the_clock_goes_on_while_the_machine_sleeps() {
        let asleep = || {
            let mut command = Command::new("unshare");
            command.args(["--map-root-user", "--time", "--boottime", "1000000", "--fork"]);
            command
        };
        let can = asleep().arg("true").status().is_ok_and(|status| status.success());
        assert!(can || std::env::var_os("CI").is_none(), "this machine allows no clocks of one's own");
        if !can {
            return eprintln!("not tried: this machine allows no clocks of one's own");
        }
        let test = std::env::current_exe().expect("this program");
        let told = asleep().arg(test).args(["runtime::clock::tests::slept", "--exact", "--ignored"]).output();
        let told = told.expect("it runs");
        let text = String::from_utf8_lossy(&told.stdout);
        assert!(told.status.success() && text.contains("1 passed"), "{text}");
    }

    #[test]
    fn a_sleep_is_told_once_by_what_the_other_clock_missed() {
        let mut clock = Clock::start();
        clock.start = clock.start.saturating_sub(std::time::Duration::from_secs(60));
        assert!(!clock.grew_apart(clock.millis()));
        assert!(clock.grew_apart(clock.millis() - 5_000), "five seconds of sleep");
        assert!(!clock.grew_apart(clock.millis() - 5_000), "and no more since");
        assert!(!clock.grew_apart(clock.millis() - 6_000), "a moment is none");
    }

    #[test]
    #[ignore = "runs as the child of another test"]
    fn slept() {
        let awake = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic).tv_sec as u64;
        assert!(now().as_secs() > awake + 900_000, "{:?} is not what has gone by since {awake} s", now());
    }

    #[test]
    fn the_time_zone_is_that_of_the_system_under_the_same_name() {
        let (ours, theirs) = (zone(), TimeZone::system());
        assert_eq!(ours.iana_name(), theirs.iana_name());
        let noon = |month: i8| jiff::civil::date(2026, month, 15).at(12, 0, 0, 0);
        for month in [1, 7] {
            assert_eq!(ours.to_timestamp(noon(month)).unwrap(), theirs.to_timestamp(noon(month)).unwrap());
        }
    }
}
