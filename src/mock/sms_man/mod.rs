//! A stand-in for SMS-Man's compatible API: seven actions at one path, words and JSON. Written from the
//! provider's document, so that an adapter's misreading of it shows. Knows nothing of any adapter.
//!
//! Source: `api/sms-man.txt`; where that is silent, `UPSTREAMS.md` sections 0, 4, 6a and 8.

mod lists;
mod numbers;
mod status;
pub(super) mod tables;
#[cfg(test)]
mod tests;
mod visit;

use std::sync::Arc;

use axum::http::Method;
use serde_json::Value;

use super::call::{Answer, Call};
use super::journal::Journal;
use super::market::Market;
use super::registry::{Built, Quirk, Setup};
use super::server::Upstream;
use super::stock::Place;
use visit::Visit;

/// Ids have nine digits by now (assumed; the document shows none).
const FIRST_ID: u64 = 572_295_481;

const PATH: &str = "/stubs/handler_api.php";

/// What was met in the wild beside the document (`UPSTREAMS.md` section 0).
pub(super) static QUIRKS: &[Quirk] = &[
    Quirk { name: "flat-prices", doc: "getPrices with a country has no country level" },
    Quirk { name: "title-services", doc: "getServices says title instead of name" },
    Quirk { name: "dict-countries", doc: "getCountries is an object instead of a list" },
    Quirk { name: "json-ctype", doc: "JSON answers have the content type application/json" },
];

#[derive(Debug, Clone, Copy, Default)]
struct Quirks {
    flat_prices: bool,
    title_services: bool,
    dict_countries: bool,
    json_ctype: bool,
}

struct SmsMan {
    market: Arc<Market>,
    key: String,
    quirks: Quirks,
}

/// Builds it.
pub(super) fn build(setup: &Setup) -> Built {
    let has = |name: &str| setup.quirks.iter().any(|quirk| quirk == name);
    let quirks = Quirks {
        flat_prices: has("flat-prices"),
        title_services: has("title-services"),
        dict_countries: has("dict-countries"),
        json_ctype: has("json-ctype"),
    };
    let market = market(setup);
    let upstream = SmsMan { market: market.clone(), key: setup.key.clone(), quirks };
    Built { market, upstream: Box::new(upstream) }
}

/// The house's one market: both of its APIs sell from it, and it goes by this API's codes.
pub(super) fn market(setup: &Setup) -> Arc<Market> {
    Market::new(setup.market.clone(), setup.clock.clone(), |_, nth| (FIRST_ID + nth).to_string(), place)
}

fn place(country: &str) -> Place {
    let country = country.parse().ok().and_then(tables::country_of);
    country.map_or_else(Place::default, |country| Place {
        prefix: country.prefix.to_owned(),
        length: country.length,
        // This upstream does not tell operators apart.
        operators: Vec::new(),
    })
}

/// What an action answers.
enum Reply {
    /// Words.
    Text(String),
    /// A document.
    Json(Value),
}

/// A documented error: the bare word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Refusal(&'static str);

const BAD_ACTION: Refusal = Refusal("BAD_ACTION");
const BAD_KEY: Refusal = Refusal("BAD_KEY");
const BAD_STATUS: Refusal = Refusal("BAD_STATUS");
const NO_ACTIVATION: Refusal = Refusal("NO_ACTIVATION");
const NO_BALANCE: Refusal = Refusal("NO_BALANCE");
const NO_NUMBERS: Refusal = Refusal("NO_NUMBERS");

type Outcome = Result<Reply, Refusal>;

/// Each action with its documented parameters and what does it.
type Handler = fn(&Visit<'_>) -> Outcome;
const ACTIONS: &[(&str, &[&str], Handler)] = &[
    ("getBalance", &[], lists::balance),
    ("getPrices", &["country", "service"], lists::prices),
    ("getNumber", &["country", "service", "ref"], numbers::number),
    ("getStatus", &["id"], status::get),
    ("setStatus", &["id", "status"], status::set),
    ("getCountries", &[], lists::countries),
    ("getServices", &[], lists::services),
];

impl Upstream for SmsMan {
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
        let visit = Visit { house: self, action, call, journal };
        match visit.admit().and_then(|()| run(action, &visit)) {
            Ok(Reply::Text(text)) => Answer::text(text),
            Ok(Reply::Json(value)) if self.quirks.json_ctype => Answer::json(&value),
            Ok(Reply::Json(value)) => Answer::text(value.to_string()),
            Err(Refusal(word)) => Answer::text(word),
        }
    }
}

fn run(name: &str, visit: &Visit<'_>) -> Outcome {
    match ACTIONS.iter().find(|(known, ..)| *known == name) {
        Some((_, parameters, handler)) => visit.only(parameters).and_then(|()| handler(visit)),
        None => visit.blamed(BAD_ACTION, "action is missing or does not exist"),
    }
}
