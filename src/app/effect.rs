//! What the program asks of the world outside.

use std::sync::Arc;

use crate::cue::Cue;
use crate::kept::Amendment;
use crate::protocol::{Protocol, Side};
use crate::session::digest::Digest;
use crate::session::event::Event;

/// Something that the world outside has to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// A new session began: make a place for its events.
    Begin(Arc<Protocol>),
    /// The unfinished session was taken up again: its events go on in this place.
    TakeUp(i64),
    /// Make this event durable.
    Record(Event),
    /// The session is over, and amounts to this.
    Settle(Box<Digest>),
    /// More events of a session in which nobody is.
    Amend(Amendment),
    /// The note on the session with this number, or else on the one that was just trained.
    Note(Option<i64>, String),
    /// Remove the session with this number.
    Remove(i64),
    /// The session under way goes on with this protocol, an edited form of the one that it began with.
    Rewrite(Arc<Protocol>),
    /// The configuration has changed: sounds, voice and display are to follow it.
    Reconfigure,
    /// The loudspeaker is needed, though there is no session.
    Listen,
    /// Read all sessions.
    ReadHistory,
    /// Read the session with this number.
    Open(i64),
    /// What earlier sessions left behind has changed.
    LookBack,
    /// Sound this cue, of the ankle if it speaks of one; the moment it belongs to is in milliseconds of the program's
    /// clock.
    Cue(u64, Cue, Option<Side>),
    /// The session is over or left: sound is needed no more.
    Close,
    /// Leave the program.
    Quit,
    /// Give the terminal back to the shell for a while.
    Suspend,
    /// Draw everything anew.
    Redraw,
}
