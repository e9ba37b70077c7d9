#![no_main]

#[path = "../../tests/fuzzed/config.rs"]
mod config;
#[path = "../../tests/fuzzed/screens.rs"]
mod screens;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| config::holds(bytes));
