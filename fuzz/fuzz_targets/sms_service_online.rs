//! What SMS-Service-Online answers.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| smsbridge::fuzzing::decoders("sms-service-online", data));
