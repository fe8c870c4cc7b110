//! What goes wrong at an upstream, and what of its own is ordered with: every upstream has names of its own.

use smsbridge::catalog::Mapping;
use smsbridge::domain::{Country, Service};
use smsbridge::mock::{self, FaultPlan, Mishap, Running};
use smsbridge::provider;

/// The next time that an upstream is asked for one of these, it goes wrong.
pub fn trip(upstream: &Running, mishap: Mishap, names: &[&str]) {
    upstream.fault(FaultPlan::once(mishap).on_any(names));
}

/// The cross-walk of a kind.
pub fn mapping(kind: &str) -> Mapping {
    let kind = mock::stand_in(kind).map_or(kind, |stand_in| stand_in.kind);
    provider::spec(kind).unwrap().codes()
}

/// The country and the service by which a kind sells Telegram in Russia.
pub fn telegram(kind: &str) -> (String, String) {
    let mapping = mapping(kind);
    let country = mapping.country(Country(0)).unwrap().into_owned();
    (country, mapping.services(&Service::parse("tg").unwrap())[0].clone())
}

/// Whether a kind tells the operators of Russia apart; where it does not, none can be ordered from.
pub fn has_operators(kind: &str) -> bool {
    !mapping(kind).operators(Country(0)).is_empty()
}
