//! Waiting for files, up to a time that goes on while the machine sleeps.
//!
//! The timeout of `poll` stands still meanwhile: what became due in a sleep would be noticed too late by all that was
//! left of the wait, and the loudspeaker would play on until then.

use std::io;
use std::time::Duration;

use rustix::event::{PollFd, Timespec, poll};
use rustix::io::Errno;

/// A timer, where the system has one that knows of its sleep.
pub struct Timer {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    file: Option<std::os::fd::OwnedFd>,
}

impl Timer {
    /// A timer that is not set.
    pub fn new() -> Timer {
        Timer {
            #[cfg(any(target_os = "linux", target_os = "android"))]
            file: {
                use rustix::time::{TimerfdClockId, TimerfdFlags, timerfd_create};
                timerfd_create(TimerfdClockId::Boottime, TimerfdFlags::CLOEXEC).ok()
            },
        }
    }

    /// Waits until one of `files` is ready or `timeout` is over; whether it is over.
    pub fn wait<'a>(&'a self, files: &mut Vec<PollFd<'a>>, timeout: Option<Duration>) -> io::Result<bool> {
        let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
        #[cfg(any(target_os = "linux", target_os = "android"))]
        if let (Some(file), Some(timeout)) = (&self.file, timeout)
            && timeout != Timespec::default()
        {
            use rustix::event::PollFlags;
            use rustix::time::{Itimerspec, TimerfdTimerFlags, timerfd_settime};
            let once = Itimerspec { it_interval: Timespec::default(), it_value: timeout };
            timerfd_settime(file, TimerfdTimerFlags::empty(), &once)?;
            files.push(PollFd::new(file, PollFlags::IN));
            is_over(files, None)?;
            return Ok(files.pop().is_some_and(|timer| timer.revents().contains(PollFlags::IN)));
        }
        is_over(files, timeout)
    }
}

fn is_over(files: &mut [PollFd<'_>], timeout: Option<Timespec>) -> io::Result<bool> {
    match poll(files, timeout.as_ref()) {
        Ok(ready) => Ok(ready == 0),
        Err(Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
