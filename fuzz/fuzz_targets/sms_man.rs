//! What SMS-Man answers, by both of its APIs.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| smsbridge::fuzzing::decoders("sms-man", data));
