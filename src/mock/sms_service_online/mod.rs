//! A stand-in for sms-service-online.com: its one path, its six actions, its two currencies. Written from
//! the provider's document, so that an adapter's misreading of it shows. Knows nothing of any adapter.
//!
//! Source: `api/sms-service-online.txt`; where that is silent, `UPSTREAMS.md` sections 0, 3, 6a and 8.
//! Whatever neither says is marked as assumed where it stands.

mod lang;
mod lists;
mod numbers;
mod status;
mod tables;
#[cfg(test)]
mod tests;
mod visit;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use axum::http::Method;

use super::call::{Answer, Call};
use super::journal::Journal;
use super::market::Market;
use super::registry::{Built, Quirk, Setup};
use super::server::Upstream;
use super::stock::Place;
use lang::Lang;
use tables::Tables;
use visit::{Outcome, Visit};

/// As the example of getNumber: `ACCESS_NUMBER:234242:79991728822`.
const FIRST_ID: u64 = 234_242;

/// Without `.php`.
const PATH: &str = "/stubs/handler_api";

/// What was met in the wild, or is hinted at by the document (UPSTREAMS.md sections 0 and 6b).
pub(super) static QUIRKS: &[Quirk] = &[
    Quirk { name: "retry-paid", doc: "status 3 costs the price again, or is NO_BALANCE" },
    Quirk {
        name: "old-code",
        doc: "after status 3, getStatus repeats the old code until the next one comes",
    },
];

#[derive(Debug, Clone, Copy, Default)]
struct Quirks {
    retry_paid: bool,
    old_code: bool,
}

struct SmsServiceOnline {
    market: Arc<Market>,
    key: String,
    quirks: Quirks,
    tables: Tables,
    /// The language, which is to say the currency, that was asked for first.
    lang: OnceLock<Lang>,
}

/// Builds it.
pub(super) fn build(setup: &Setup) -> Built {
    let has = |name: &str| setup.quirks.iter().any(|quirk| quirk == name);
    let quirks = Quirks { retry_paid: has("retry-paid"), old_code: has("old-code") };
    let tables = Tables::read();
    let places = tables.places();
    let market = Market::new(
        setup.market.clone(),
        setup.clock.clone(),
        |_, nth| (FIRST_ID + nth).to_string(),
        move |country: &str| places.get(country).cloned().unwrap_or_default(),
    );
    let (key, lang) = (setup.key.clone(), OnceLock::new());
    let upstream = SmsServiceOnline { market: market.clone(), key, quirks, tables, lang };
    Built { market, upstream: Box::new(upstream) }
}

/// An action with its documented parameters and what does it.
type Handler = fn(&Visit<'_>) -> Outcome;
const ACTIONS: &[(&str, &[&str], Handler)] = &[
    ("getBalance", &[], lists::balance),
    (COUNTRIES, &[], lists::countries),
    ("getServicesAndCost", &["country", "operator"], lists::services),
    ("getNumber", &["service", "operator", "country"], numbers::get),
    ("setStatus", &["id", "status"], status::set),
    ("getStatus", &["id"], status::get),
];

/// The one action in which no amount and no activation occurs.
const COUNTRIES: &str = "getCountryAndOperators";

impl Tables {
    fn places(&self) -> HashMap<String, Place> {
        let place = |country: &tables::Country| Place {
            prefix: country.prefix.to_owned(),
            length: country.length,
            operators: country.named_operators().map(str::to_owned).collect(),
        };
        self.countries.iter().map(|country| (country.id.to_string(), place(country))).collect()
    }
}

impl Upstream for SmsServiceOnline {
    fn action<'call>(&self, call: &'call Call) -> Option<&'call str> {
        (call.path == PATH).then(|| call.get("action")).flatten()
    }

    fn answer(&self, call: &Call, journal: &Journal) -> Answer {
        if call.path != PATH {
            journal.violation(format!("no such path: {}", call.path));
            return Answer::text("<h1>Not Found</h1>").with_status(404);
        }
        if !matches!(call.method, Method::GET | Method::POST) {
            journal.violation(format!("{} instead of GET or POST", call.method));
            return Answer::text("<h1>Method Not Allowed</h1>").with_status(405);
        }
        let action = call.get("action").unwrap_or_default();
        match Visit::admit(self, action, call, journal).and_then(|visit| run(&visit)) {
            Ok(text) => Answer::text(text),
            Err(refusal) => Answer::text(refusal.0),
        }
    }
}

fn run(visit: &Visit<'_>) -> Outcome {
    match ACTIONS.iter().find(|(name, ..)| *name == visit.action) {
        Some((_, parameters, handler)) => visit.only(parameters).and_then(|()| handler(visit)),
        None => visit.blamed(visit::BAD_ACTION, "action is missing or does not exist"),
    }
}
