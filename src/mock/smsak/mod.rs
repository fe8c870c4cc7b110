//! A stand-in for SMSAK: its paths with the key in them, its JSON and its bare scalars. Written from the
//! provider's document, so that an adapter's misreading of it shows. Knows nothing of any adapter.
//!
//! Source: `api/smsak.txt`; where that is silent, `UPSTREAMS.md` sections 0, 2 and 8. Whatever neither
//! says is marked as assumed where it stands.

mod lists;
mod messages;
mod numbers;
mod rent;
#[cfg(test)]
mod rent_tests;
mod reply;
mod sims;
mod tables;
#[cfg(test)]
mod tests;
mod visit;

use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;

use super::call::{Answer, Call};
use super::journal::Journal;
use super::market::{Market, Settings};
use super::registry::{Built, Quirk, Setup};
use super::server::Upstream;
use super::stock::Place;
use reply::Outcome;
use sims::Sims;
use visit::Visit;

/// The id of the first number; the example of a rented one is as large.
const FIRST_ID: u64 = 19_999_999;

/// "Возврат возможен не ранее чем через 30 секунд после взятия".
const EARLY_RETURN: Duration = Duration::from_secs(30);

/// The key of a second account, which is blocked, so that error 203 can be had as well.
const BLOCKED_KEY: &str = "blocked-key";

/// What was met in the wild beside the document (UPSTREAMS.md section 0).
pub(super) static QUIRKS: &[Quirk] = &[
    Quirk {
        name: "empty-number",
        doc: "no stock is {\"id\":0,\"number\":\"\",\"send\":0} instead of code 103",
    },
    Quirk { name: "dash", doc: "while waiting, getstatus has \"-\" instead of null" },
    Quirk { name: "rent-bare-1", doc: "getfullnumber and rebuynumber answer just 1" },
];

#[derive(Debug, Clone, Copy, Default)]
struct Quirks {
    empty_number: bool,
    dash: bool,
    rent_bare_1: bool,
}

struct Smsak {
    market: Arc<Market>,
    key: String,
    quirks: Quirks,
    sims: Sims,
}

/// Builds it.
pub(super) fn build(setup: &Setup) -> Built {
    let has = |name: &str| setup.quirks.iter().any(|quirk| quirk == name);
    let quirks =
        Quirks { empty_number: has("empty-number"), dash: has("dash"), rent_bare_1: has("rent-bare-1") };
    let mut settings = setup.market.clone();
    settings.early_cancel.get_or_insert(EARLY_RETURN);
    let market = market(settings, setup);
    let upstream = Smsak { market: market.clone(), key: setup.key.clone(), quirks, sims: Sims::default() };
    Built { market, upstream: Box::new(upstream) }
}

/// A market with prices in whole rubles, as every example has them.
fn market(settings: Settings, setup: &Setup) -> Arc<Market> {
    let market = Market::new(settings, setup.clock.clone(), |_, nth| (FIRST_ID + nth).to_string(), place);
    for country in tables::COUNTRIES {
        for service in tables::SERVICES {
            let price = market.quote(country.code, service.id, &[]).price;
            market.set_price(country.code, service.id, price.ceil());
        }
    }
    market
}

fn place(code: &str) -> Place {
    let country = tables::COUNTRIES.iter().find(|country| country.code == code);
    country.map_or_else(Place::default, |country| Place {
        prefix: country.prefix.to_owned(),
        length: country.length,
        operators: Vec::new(),
    })
}

/// Each method with its documented parameters and what does it.
type Handler = fn(&Visit<'_>) -> Outcome;
const METHODS: &[(&str, &[&str], Handler)] = &[
    ("getbalance", &[], lists::balance),
    ("countries", &[], lists::countries),
    ("getservices", &[], lists::services),
    ("numbersstatus", &["code"], lists::numbers_status),
    ("getnumber", &["id", "code"], numbers::get),
    ("setstatus", &["id", "status", "forward"], numbers::set_status),
    ("play", &["id"], numbers::play),
    ("getstatus", &["id"], messages::status),
    ("all-sms", &["id"], messages::all),
    ("getlatestcode", &["id"], messages::latest_code),
    ("getfullnumbers", &[], rent::stock),
    ("getalltarifs", &[], rent::tariffs),
    ("getfullnumber", &["code", "tarif"], rent::get),
    ("rebuynumber", &["id", "tarif"], rent::again),
    ("getallfullnumbers", &[], rent::all),
    ("getallsmsofnumber", &["phone"], messages::of_rented),
    ("getlastsmsofnumber", &["phone", "count"], messages::last_of_rented),
    ("send-enable-sim", &["id"], sims::enable),
    ("send-disable-sim", &["id"], sims::disable),
];

/// The method and what follows it, which is the key as it was written: `/api/<method>/<key>`.
fn route(path: &str) -> (&str, &str) {
    let rest = path.strip_prefix("/api/").or(path.strip_prefix('/')).unwrap_or(path);
    rest.split_once('/').unwrap_or((rest, ""))
}

fn known(path: &str) -> Option<&'static (&'static str, &'static [&'static str], Handler)> {
    let (name, _) = route(path);
    METHODS.iter().find(|(known, ..)| path.starts_with("/api/") && *known == name)
}

impl Upstream for Smsak {
    fn action<'call>(&self, call: &'call Call) -> Option<&'call str> {
        known(&call.path).map(|_| route(&call.path).0)
    }

    fn secret<'call>(&self, call: &'call Call) -> &'call str {
        match route(&call.path) {
            // Who forgot the method wrote the key in its place.
            (only, "") if known(&call.path).is_none() => only,
            (_, rest) => rest,
        }
    }

    fn answer(&self, call: &Call, journal: &Journal) -> Answer {
        let Some((name, parameters, handler)) = known(&call.path) else {
            journal.violation(format!("no such path: {}", call.masked(self.secret(call))));
            return Answer::text("<h1>Not Found</h1>").with_status(404);
        };
        let visit = Visit { house: self, method: name, call, journal };
        if call.method != Method::GET {
            visit.blame(&format!("{} instead of GET", call.method));
            return Answer::text("<h1>Method Not Allowed</h1>").with_status(405);
        }
        let (_, key) = route(&call.path);
        reply::answer(visit.admit(key, parameters).and_then(|()| handler(&visit)))
    }
}
