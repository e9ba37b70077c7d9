//! The real program in a real pseudo-terminal.
#![cfg(unix)]

mod config;
mod session;
mod terminal;
mod tty;
