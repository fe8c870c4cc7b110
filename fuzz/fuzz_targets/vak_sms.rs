//! What VAK-SMS answers.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| smsbridge::fuzzing::decoders("vak-sms", data));
