//! What the dialect writes, read back.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| smsbridge::fuzzing::round_trip(data));
