//! What upstreams differ in where that shows in what clients are answered, by the names of their stand-ins.

/// Whether it gives the text of a message, and the time when it came; the others give codes only.
pub fn gives_texts(name: &str) -> bool {
    !["vak-sms", "sms-service-online", "sms-man", "sms-man-v2"].contains(&name)
}

/// Whether it shows no old code while another message is awaited. Where it may, a second message with the code
/// of the first is known for one only after the upstream was seen to wait, and a restart forgets that.
pub fn hides_old_codes(name: &str) -> bool {
    !["sms-service-online", "sms-man-v2"].contains(&name)
}

/// Whether it has a word for a cancellation that comes too early.
pub fn denies_early_cancels(name: &str) -> bool {
    !["sms-man", "sms-man-v2"].contains(&name)
}
