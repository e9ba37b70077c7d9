//! Guided ankle-mobility sessions in a terminal.
//!
//! The way of the data, from a key to the screen:
//!
//! ```text
//! key ─▶ keymap ─▶ app ─▶ Session::step(now, input) ─▶ Record(Event) ─▶ store   (durable first)
//!                             ▲                      └▶ Cue           ─▶ audio   (never waited for)
//!          deadline reached ──┘
//! view::draw(&App, frame) reads the state and changes nothing.
//! ```
//!
//! - [`protocol`], [`session`] and [`progress`] are pure: time is handed to them, and they do no I/O.
//! - [`config`] turns TOML into protocols, words and keys, or into a list of everything that is wrong with it.
//! - [`theme`] has the roles that screens are drawn in, and the colours and signs that they get.
//! - [`app`] knows which screen is open and where each leads; [`keymap`] what a key means there; [`view`] how it looks.
//! - [`report`] writes the page for a physiotherapist; [`phrase`] says readings and changes in words.
//! - [`kept`] is what is known of sessions on disk, and [`store`] keeps them there.
//! - [`audio`] sounds cues, [`voice`] says what is next, [`awake`] keeps the display on.
//! - [`terminal`] enters and leaves the screen.
//! - [`logging`] writes a log, where one is asked for.
//! - [`runtime`] is the loop that ties them together, and reads the clock that they go by.

pub mod app;
pub mod audio;
pub mod awake;
pub mod cli;
pub mod config;
pub mod cue;
pub mod kept;
pub mod keymap;
pub mod logging;
pub mod phrase;
pub mod progress;
pub mod protocol;
pub mod report;
pub mod runtime;
pub mod session;
pub mod store;
pub mod terminal;
pub mod text;
pub mod theme;
pub mod view;
pub mod voice;
