//! What services in sms-activate's manner answer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| smsbridge::fuzzing::decoders("sms-activate", data));
