//! What is known of earlier sessions.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Zoned;
use jiff::civil::DateTime;

use crate::protocol::Protocol;
use crate::session::digest::Digest;
use crate::session::event::Event;
use crate::session::plan::Earlier;

/// A session that is in the store.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Its number in the store.
    pub id: i64,
    /// When it began, by the person's clock.
    pub began: DateTime,
    /// The protocol as it was when the session began.
    pub protocol: Arc<Protocol>,
    /// Its events.
    pub events: Vec<Event>,
}

impl Kept {
    /// Whether the session was left without an end.
    pub fn is_open(&self) -> bool {
        !self.events.iter().any(|event| event.fact.ends_session())
    }
}

/// What a new session has to know of earlier ones.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// The latest session, where it was left without an end.
    pub unfinished: Option<Kept>,
    /// The latest answers to questions.
    pub earlier: Arc<Earlier>,
}

/// A line of the history.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The session's number in the store.
    pub id: i64,
    /// When it began.
    pub began: Zoned,
    /// The person's note.
    pub note: String,
    /// What it amounts to.
    pub digest: Digest,
}

/// Something about the store that the person should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Another dorsi uses the same folder.
    Shared,
    /// The file ended in the middle of a write; the bytes as they were are kept.
    TornEnd {
        /// Where the bytes are.
        aside: PathBuf,
    },
    /// The file was damaged. What could be read is in a new one.
    Rescued {
        /// Where the damaged file is.
        aside: PathBuf,
        /// Sessions that were carried over, whole or in part.
        sessions: usize,
        /// Sessions that are missing events, or could not be read at all.
        damaged: usize,
    },
}
