//! A stand-in for VAK-SMS: its paths, its checks in order, its JSON. Written from the provider's
//! document, so that an adapter's misreading of it shows. Knows nothing of any adapter.
//!
//! Source: `api/vak-sms.txt`; where that is silent, `UPSTREAMS.md` sections 0, 1 and 8.

mod lists;
mod numbers;
mod status;
mod tables;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use axum::http::Method;
use rust_decimal::Decimal;
use serde_json::{Number, Value, json};

use super::call::{Answer, Call};
use super::journal::Journal;
use super::market::Market;
use super::registry::{Built, Quirk, Setup};
use super::seed::{Draw, hex32};
use super::server::Upstream;
use super::stock::Place;

/// What was met in the wild beside the document (UPSTREAMS.md section 0).
pub(super) static QUIRKS: &[Quirk] = &[
    Quirk { name: "http400", doc: "errors come as HTTP 400 with the error wrapped into a message" },
    Quirk { name: "numeric-idnum", doc: "idNum is 16 digits instead of 32 hexadecimal ones" },
    Quirk { name: "price-in-number", doc: "getNumber also answers the price" },
    Quirk { name: "count-sms", doc: "setStatus=send also answers countSMS" },
    Quirk { name: "empty-code", doc: "while waiting, smsCode is \"\" instead of null" },
];

#[derive(Debug, Clone, Copy, Default)]
struct Quirks {
    http400: bool,
    price_in_number: bool,
    count_sms: bool,
    empty_code: bool,
}

/// The codes it knows.
struct Vocabulary {
    services: Vec<String>,
    countries: HashMap<String, Place>,
}

impl Default for Vocabulary {
    fn default() -> Self {
        let place = |country: &tables::Country| Place {
            prefix: country.prefix.to_owned(),
            length: country.length,
            operators: country.operators.iter().map(|name| (*name).to_owned()).collect(),
        };
        Self {
            services: tables::SERVICES.iter().map(|code| (*code).to_owned()).collect(),
            countries: tables::COUNTRIES
                .iter()
                .map(|country| (country.code.to_owned(), place(country)))
                .collect(),
        }
    }
}

struct VakSms {
    market: Arc<Market>,
    key: String,
    quirks: Quirks,
    vocabulary: Vocabulary,
}

/// Builds it.
pub(super) fn build(setup: &Setup) -> Built {
    let has = |name: &str| setup.quirks.iter().any(|quirk| quirk == name);
    let quirks = Quirks {
        http400: has("http400"),
        price_in_number: has("price-in-number"),
        count_sms: has("count-sms"),
        empty_code: has("empty-code"),
    };
    let naming: fn(u64, u64) -> String = if has("numeric-idnum") { sixteen_digits } else { hex32 };
    let vocabulary = Vocabulary::default();
    let places = vocabulary.countries.clone();
    let place = move |country: &str| places.get(country).cloned().unwrap_or_default();
    let market = Market::new(setup.market.clone(), setup.clock.clone(), naming, place);
    let upstream = VakSms { market: market.clone(), key: setup.key.clone(), quirks, vocabulary };
    Built { market, upstream: Box::new(upstream) }
}

/// Like "1725546315697382".
fn sixteen_digits(seed: u64, nth: u64) -> String {
    let start = 1_725_546_315_000_000 + Draw::of(seed, &["idNum"]).below(1_000_000);
    (start + nth * 97).to_string()
}

/// A documented error: the word in `{"error": …}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Refusal(&'static str);

const BAD_DATA: Refusal = Refusal("badData");
const BAD_SERVICE: Refusal = Refusal("badService");
const BAD_STATUS: Refusal = Refusal("badStatus");
const NO_COUNTRY: Refusal = Refusal("noCountry");
const NO_KEY: Refusal = Refusal("apiKeyNotFound");
const NO_MONEY: Refusal = Refusal("noMoney");
const NO_NUMBER: Refusal = Refusal("noNumber");
const NO_OPERATOR: Refusal = Refusal("noOperator");
const NO_SERVICE: Refusal = Refusal("noService");
const UNKNOWN_ID: Refusal = Refusal("idNumNotFound");

type Outcome = Result<Value, Refusal>;

/// One request on its way through the checks.
struct Visit<'a> {
    house: &'a VakSms,
    method: &'a str,
    call: &'a Call,
    journal: &'a Journal,
}

/// Each method with its documented parameters and what does it.
type Handler = fn(&Visit<'_>) -> Outcome;
const METHODS: &[(&str, &[&str], Handler)] = &[
    ("getBalance", &[], lists::balance),
    ("getCountNumber", &["service", "country", "operator", "price"], lists::count),
    ("getCountNumberList", &["country", "operator"], lists::count_list),
    ("getNumber", &["service", "rent", "country", "operator", "softId"], numbers::get),
    ("prolongNumber", &["service", "tel"], numbers::prolong),
    ("setStatus", &["status", "idNum"], status::set),
    ("getSmsCode", &["idNum", "all"], status::code),
];

impl Upstream for VakSms {
    fn action<'call>(&self, call: &'call Call) -> Option<&'call str> {
        let rest = call.path.strip_prefix("/api/")?;
        let name = rest.strip_suffix('/').unwrap_or(rest);
        (!name.is_empty() && !name.contains('/')).then_some(name)
    }

    fn answer(&self, call: &Call, journal: &Journal) -> Answer {
        let known = self.action(call).and_then(|name| METHODS.iter().find(|(known, ..)| *known == name));
        let Some((name, parameters, handler)) = known else {
            journal.violation(format!("no such path: {}", call.path));
            return Answer::text("<h1>Not Found</h1>").with_status(404);
        };
        let visit = Visit { house: self, method: name, call, journal };
        if call.method != Method::GET {
            visit.blame(&format!("{} instead of GET", call.method));
            return Answer::text("<h1>Method Not Allowed</h1>").with_status(405);
        }
        match visit.admit(parameters).and_then(|()| handler(&visit)) {
            Ok(value) => Answer::text(value.to_string()),
            Err(refusal) => self.refuse(refusal),
        }
    }
}

impl VakSms {
    fn refuse(&self, Refusal(word): Refusal) -> Answer {
        let error = json!({ "error": word });
        if !self.quirks.http400 {
            return Answer::text(error.to_string());
        }
        let message = format!("UserApiService error: {error}");
        Answer::json(&json!({ "statusCode": 400, "message": message })).with_status(400)
    }
}

impl<'a> Visit<'a> {
    fn market(&self) -> &'a Market {
        &self.house.market
    }

    /// Notes that the document does not allow this.
    fn blame(&self, what: &str) {
        self.journal.violation(format!("vak-sms {}: {what}", self.method));
    }

    /// Notes it, and refuses with a word.
    fn blamed<T>(&self, refusal: Refusal, what: &str) -> Result<T, Refusal> {
        self.blame(what);
        Err(refusal)
    }

    /// The key first, then that nothing stands there which the document does not name.
    fn admit(&self, parameters: &[&str]) -> Result<(), Refusal> {
        match self.call.get("apiKey") {
            None => return self.blamed(NO_KEY, "apiKey is missing"),
            Some(key) if key != self.house.key => return Err(NO_KEY),
            Some(_) => {}
        }
        let known: Vec<&str> = parameters.iter().copied().chain(["apiKey"]).collect();
        match self.call.stray(&known) {
            None => Ok(()),
            Some(name) => self.blamed(BAD_DATA, &format!("parameter {name} is unknown or repeated")),
        }
    }

    fn required(&self, name: &str) -> Result<&'a str, Refusal> {
        match self.call.get(name) {
            Some(value) if !value.is_empty() => Ok(value),
            _ => self.blamed(BAD_DATA, &format!("{name} is missing")),
        }
    }

    /// One known service.
    fn service(&self, code: &str) -> Result<(), Refusal> {
        if self.house.vocabulary.services.iter().any(|known| known == code) {
            return Ok(());
        }
        self.blamed(BAD_SERVICE, &format!("service {code} does not exist"))
    }

    /// The country, Russia by default.
    fn country(&self) -> Result<&'a str, Refusal> {
        let code = self.call.get("country").unwrap_or("ru");
        if self.house.vocabulary.countries.contains_key(code) {
            return Ok(code);
        }
        self.blamed(NO_COUNTRY, &format!("country {code} does not exist"))
    }

    /// The operator, which has to be one of the country's.
    fn operators(&self, country: &str) -> Result<Vec<String>, Refusal> {
        let Some(name) = self.call.get("operator") else { return Ok(Vec::new()) };
        let place = self.house.vocabulary.countries.get(country);
        if place.is_some_and(|place| place.operators.iter().any(|known| known == name)) {
            return Ok(vec![name.to_owned()]);
        }
        self.blamed(NO_OPERATOR, &format!("operator {name} does not exist in {country}"))
    }
}

/// An amount as the examples print it: `100.0`, `2.0`, `12.35`.
fn float(amount: Decimal) -> Value {
    let mut text = amount.normalize().to_string();
    if !text.contains('.') {
        text.push_str(".0");
    }
    text.parse::<Number>().map_or(Value::Null, Value::Number)
}
