//! What upstreams differ in where that shows in what clients are answered, by the names of their stand-ins.

use smsbridge::catalog::Catalog;
use smsbridge::domain::Country;
use smsbridge::mock;
use smsbridge::provider;

/// Whether it tells the operators of Russia apart; where it does not, none can be ordered from.
pub fn has_operators(name: &str) -> bool {
    let kind = mock::stand_in(name).map_or(name, |stand_in| stand_in.kind);
    let mapping = (provider::spec(kind).unwrap().mapping)(Catalog::builtin());
    !mapping.operators(Country(0)).is_empty()
}

/// Whether it gives the text of a message, and the time when it came; the others give codes only.
pub fn gives_texts(name: &str) -> bool {
    !["vak-sms", "sms-man", "sms-man-v2"].contains(&name)
}

/// Whether it has a word for a cancellation that comes too early.
pub fn denies_early_cancels(name: &str) -> bool {
    !["sms-man", "sms-man-v2"].contains(&name)
}
