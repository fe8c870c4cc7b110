//! What upstreams call the few calls that tests count or let fail, and what of theirs is ordered with.
//! Every upstream knows its own names only, so all of them are counted together.

use smsbridge::catalog::{Catalog, Mapping};
use smsbridge::domain::{Country, Service};
use smsbridge::mock::{FaultPlan, Mishap, Running};
use smsbridge::provider;

/// An order.
pub const BUY: &[&str] = &["getNumber", "getNumberV2", "getnumber"];

/// A change of an activation.
pub const CHANGE: &[&str] = &["setStatus", "setstatus", "play"];

/// The question for the balance.
pub const BALANCE: &[&str] = &["getBalance", "getbalance"];

/// How often an upstream was asked for this.
pub fn calls(upstream: &Running, names: &[&str]) -> u64 {
    names.iter().map(|name| upstream.calls(name)).sum()
}

/// The next time that an upstream is asked for this, it goes wrong.
pub fn trip(upstream: &Running, mishap: Mishap, names: &[&str]) {
    for name in names {
        upstream.fault(FaultPlan::once(mishap).on(name));
    }
}

/// The cross-walk of a kind.
pub fn mapping(kind: &str) -> Mapping {
    (provider::spec(kind).unwrap().mapping)(Catalog::builtin())
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
