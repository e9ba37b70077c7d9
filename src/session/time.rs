//! The time that the session lives in: handed to it, never read.

use serde::{Deserialize, Serialize};

use crate::protocol::quantity::Seconds;

/// Milliseconds since the session began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionTime(u64);

impl SessionTime {
    /// The moment at which the session began.
    pub const ZERO: SessionTime = SessionTime(0);

    /// `ms` milliseconds after the session began.
    pub const fn from_millis(ms: u64) -> SessionTime {
        SessionTime(ms)
    }

    /// Milliseconds since the session began.
    pub const fn millis(self) -> u64 {
        self.0
    }

    /// The moment `seconds` later.
    pub const fn after(self, seconds: Seconds) -> SessionTime {
        self.plus_millis(seconds.millis())
    }

    /// The moment `ms` milliseconds later.
    pub const fn plus_millis(self, ms: u64) -> SessionTime {
        SessionTime(self.0.saturating_add(ms))
    }

    /// The moment `ms` milliseconds earlier, or the session's beginning.
    pub const fn minus_millis(self, ms: u64) -> SessionTime {
        SessionTime(self.0.saturating_sub(ms))
    }

    /// Milliseconds from `earlier` to this moment; zero if `earlier` is later.
    pub const fn since(self, earlier: SessionTime) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}
