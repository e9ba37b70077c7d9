#![no_main]

#[path = "../../tests/fuzzed/import.rs"]
mod import;
#[path = "../../tests/fuzzed/screens.rs"]
mod screens;
#[path = "../../tests/fuzzed/shelf.rs"]
mod shelf;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| import::holds(bytes));
