#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| meldpunt_fuzz::targets::bounce(bytes));
