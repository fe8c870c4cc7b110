//! What SMSAK answers.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| smsbridge::fuzzing::decoders("smsak", data));
