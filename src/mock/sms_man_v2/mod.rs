//! A stand-in for SMS-Man's API v2.0: its paths, its numeric ids, its JSON. Knows nothing of any adapter.
//!
//! Source: `UPSTREAMS.md` section 4 and the page that it names, sms-man.com/site/docs-apiv2 (later /api),
//! for calls, parameters, examples and `wrong_token`; published clients for the other errors (smsman 1.0.3:
//! `balance`, `no_numbers`). What neither shows is marked as assumed where it is decided.

mod lists;
mod numbers;
mod reply;
mod status;
mod tables;
#[cfg(test)]
mod tests;
mod visit;

use std::sync::Arc;

use axum::http::Method;

use super::call::{Answer, Call};
use super::journal::Journal;
use super::market::Market;
use super::registry::{Built, Quirk, Setup};
use super::server::Upstream;
use super::sms_man;
use reply::Outcome;
use visit::Visit;

/// What was met in the wild beside the document; only the first is in `UPSTREAMS.md` section 0, the rest
/// is what published clients read.
pub(super) static QUIRKS: &[Quirk] = &[
    Quirk { name: "v2-http400", doc: "errors come with HTTP 400" },
    Quirk { name: "error-object", doc: "error_msg is an object: {\"token\":\"Wrong token!\"}" },
    Quirk { name: "string-ids", doc: "get-number and get-sms have ids as texts" },
    Quirk { name: "flat-prices", doc: "get-prices with a country is rows with their ids, by application" },
    Quirk { name: "keyed-limits", doc: "limits with a country is an object by application, not a list" },
    Quirk { name: "title-applications", doc: "applications says title instead of name" },
    Quirk { name: "list-countries", doc: "countries and applications are lists instead of objects" },
    Quirk { name: "extra-fields", doc: "get-balance also has hold and channels, get-sms full_sms" },
];

#[derive(Debug, Clone, Copy, Default)]
struct Quirks {
    http400: bool,
    error_object: bool,
    string_ids: bool,
    flat_prices: bool,
    keyed_limits: bool,
    title_applications: bool,
    list_countries: bool,
    extra_fields: bool,
}

struct SmsManV2 {
    market: Arc<Market>,
    token: String,
    quirks: Quirks,
}

/// Builds it, over the same kind of market as the compatible API's: what its lots and shelves are called
/// are that API's codes.
pub(super) fn build(setup: &Setup) -> Built {
    let has = |name: &str| setup.quirks.iter().any(|quirk| quirk == name);
    let quirks = Quirks {
        http400: has("v2-http400"),
        error_object: has("error-object"),
        string_ids: has("string-ids"),
        flat_prices: has("flat-prices"),
        keyed_limits: has("keyed-limits"),
        title_applications: has("title-applications"),
        list_countries: has("list-countries"),
        extra_fields: has("extra-fields"),
    };
    let market = sms_man::market(setup);
    let upstream = SmsManV2 { market: market.clone(), token: setup.key.clone(), quirks };
    Built { market, upstream: Box::new(upstream) }
}

/// Each call with its documented parameters and what does it. `hasMultipleSms` is documented by now, on
/// the later page, as are `maxPrice` and `currency`.
type Handler = fn(&Visit<'_>) -> Outcome;
const CALLS: &[(&str, &[&str], Handler)] = &[
    ("get-balance", &[], lists::balance),
    ("limits", &["country_id", "application_id"], lists::limits),
    ("get-prices", &["country_id"], lists::prices),
    ("countries", &[], lists::countries),
    ("applications", &[], lists::applications),
    (
        "get-number",
        &["country_id", "application_id", "ref", "maxPrice", "currency", "hasMultipleSms"],
        numbers::number,
    ),
    ("get-sms", &["request_id"], status::sms),
    ("set-status", &["request_id", "status"], status::set),
];

impl Upstream for SmsManV2 {
    fn action<'call>(&self, call: &'call Call) -> Option<&'call str> {
        call.path.strip_prefix("/control/").filter(|name| !name.is_empty() && !name.contains('/'))
    }

    fn answer(&self, call: &Call, journal: &Journal) -> Answer {
        let known = self.action(call).and_then(|name| CALLS.iter().find(|(known, ..)| *known == name));
        let Some((name, parameters, handler)) = known else {
            journal.violation(format!("no such path: {}", call.path));
            return Answer::text("<h1>Not Found</h1>").with_status(404);
        };
        let visit = Visit { house: self, name, call, journal };
        if !matches!(call.method, Method::GET | Method::POST) {
            visit.blame(&format!("{} instead of GET or POST", call.method));
            return Answer::text("<h1>Method Not Allowed</h1>").with_status(405);
        }
        match visit.admit(parameters).and_then(|()| handler(&visit)) {
            Ok(value) => Answer::json(&value),
            Err(refusal) => refusal.answer(self.quirks.error_object, self.quirks.http400),
        }
    }
}
