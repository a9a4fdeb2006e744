#![no_main]

#[path = "../../tests/fuzz_seeds/checks.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::import(bytes));
