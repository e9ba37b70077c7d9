#![no_main]

#[path = "../../tests/fuzzed/event_log.rs"]
mod event_log;
#[path = "../../tests/fuzzed/screens.rs"]
mod screens;
#[path = "../../tests/fuzzed/shelf.rs"]
mod shelf;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| event_log::holds(bytes));
