//! A stand-in for sms-activate: its one path, its words, its JSON. Written from the provider's
//! document, so that an adapter's misreading of it shows. Knows nothing of any adapter.
//!
//! Source: `api/sms-activate.txt`; where that is silent, `UPSTREAMS.md` sections 5 and 8 and, for the
//! newer generation's ways, `WIRE.md` section 1, item 21.

mod account;
mod again;
#[cfg(test)]
mod again_tests;
mod calls;
mod lists;
mod mail;
#[cfg(test)]
mod mail_tests;
mod numbers;
mod own_lists;
mod rent;
#[cfg(test)]
mod rent_tests;
mod reply;
mod status;
mod tables;
#[cfg(test)]
mod tests;
mod visit;

use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;

use super::call::{Answer, Call};
use super::journal::Journal;
use super::market::Market;
use super::registry::{Built, Quirk, Setup};
use super::server::Upstream;
use super::stock::Place;
use reply::{BAD_ACTION, Outcome, Refusal};
use visit::Visit;

/// Ids have long been larger than a signed 32-bit integer holds (WIRE.md section 1, item 8).
const FIRST_ID: u64 = 3_807_035_855;

/// "Нельзя отменить номер в первые 2 минуты".
const EARLY_CANCEL: Duration = Duration::from_secs(120);

/// The key of a second account, which is blocked.
const BLOCKED_KEY: &str = "blocked-key";

const PATH: &str = "/stubs/handler_api.php";

/// What was met in the wild beside the document: `UPSTREAMS.md` section 0; for `vague-errors` section 1
/// (VAK-SMS's own emulation), for `rus-countries` and `no-cancel-code` section 2 and `api/smsak.txt`
/// (SMSAK's), for `string-costs` and `no-numbersstatus` section 4 (SMS-Man's).
pub(super) static QUIRKS: &[Quirk] = &[
    Quirk {
        name: "modern-errors",
        doc: "errors are HTTP 4xx with {\"title\",\"details\"}; no setStatus=1; finishActivation and \
              cancelActivation answer 204",
    },
    Quirk { name: "extra-fields", doc: "JSON answers have undocumented fields beside the documented ones" },
    Quirk {
        name: "list-countries",
        doc: "getCountries and the values of getRentStatus and getRentList are lists instead of objects",
    },
    Quirk { name: "bare-numbersstatus", doc: "getNumbersStatus has keys without _0 and counts as strings" },
    Quirk { name: "json-ctype", doc: "JSON answers have the content type application/json" },
    Quirk { name: "string-costs", doc: "getPrices has costs as texts; rents have costs and ids as texts" },
    Quirk { name: "vague-errors", doc: "a wrong key, and getStatus of an unknown id, are BAD_ACTION" },
    Quirk { name: "no-numbersstatus", doc: "getNumbersStatus does not exist: BAD_ACTION" },
    Quirk {
        name: "rus-countries",
        doc: "getCountries has six countries, each with its id as a text and in Russian only",
    },
    Quirk {
        name: "own-lists",
        doc: "getTopCountriesByServiceRank, getPricesV2, getPricesV3, getPricesExtended and \
              getNumbersStatusAndCostHubFree exist",
    },
    Quirk { name: "no-cancel-code", doc: "setStatus knows 1, 3 and 6 only; 6 before a code cancels" },
];

/// What has to be declared of those that the answers do not show.
pub(super) static QUIRK_SETTINGS: &[(&str, &str)] = &[
    ("vague-errors", "words = \"BAD_ACTION=BAD_KEY, getStatus:BAD_ACTION=NO_ACTIVATION\""),
    ("no-numbersstatus", "lacks = \"getNumbersStatus\""),
    ("no-cancel-code", "cancel_status = \"6\""),
];

#[derive(Debug, Clone, Copy, Default)]
struct Quirks {
    modern_errors: bool,
    extra_fields: bool,
    list_countries: bool,
    bare_numbersstatus: bool,
    json_ctype: bool,
    string_costs: bool,
    vague_errors: bool,
    no_numbersstatus: bool,
    rus_countries: bool,
    no_cancel_code: bool,
    own_lists: bool,
}

struct SmsActivate {
    market: Arc<Market>,
    key: String,
    quirks: Quirks,
    exchange: calls::Exchange,
}

/// Builds it.
pub(super) fn build(setup: &Setup) -> Built {
    let has = |name: &str| setup.quirks.iter().any(|quirk| quirk == name);
    let quirks = Quirks {
        modern_errors: has("modern-errors"),
        extra_fields: has("extra-fields"),
        list_countries: has("list-countries"),
        bare_numbersstatus: has("bare-numbersstatus"),
        json_ctype: has("json-ctype"),
        string_costs: has("string-costs"),
        vague_errors: has("vague-errors"),
        no_numbersstatus: has("no-numbersstatus"),
        rus_countries: has("rus-countries"),
        no_cancel_code: has("no-cancel-code"),
        own_lists: has("own-lists"),
    };
    let mut settings = setup.market.clone();
    settings.early_cancel.get_or_insert(EARLY_CANCEL);
    let market = Market::new(settings, setup.clock.clone(), |_, nth| (FIRST_ID + nth).to_string(), place);
    let exchange = calls::Exchange::default();
    let upstream = SmsActivate { market: market.clone(), key: setup.key.clone(), quirks, exchange };
    // As in the example of what there is to rent.
    market.set_stock("0", rent::WHOLE, 20);
    market.set_stock("0", rent::OTHER, 42);
    Built { market, upstream: Box::new(upstream) }
}

fn place(country: &str) -> Place {
    let country = country.parse().ok().and_then(country_of);
    country.map_or_else(Place::default, |country| Place {
        prefix: country.prefix.to_owned(),
        length: country.length,
        operators: country.operators.iter().map(|name| (*name).to_owned()).collect(),
    })
}

fn country_of(id: u16) -> Option<&'static tables::Country> {
    tables::COUNTRIES.iter().find(|country| country.id == id)
}

fn is_of_rent(name: &str) -> bool {
    RENT_ACTIONS.iter().any(|action| action.name == name)
}

fn is_service(code: &str) -> bool {
    tables::SERVICES.iter().any(|service| service.code == code)
}

/// "допустимы только сервисы для переадресации".
fn can_forward(code: &str) -> bool {
    tables::SERVICES.iter().any(|service| service.code == code && service.forwards)
}

/// An action with its documented parameters and what does it.
struct Action {
    name: &'static str,
    parameters: &'static [&'static str],
    run: fn(&Visit<'_>) -> Outcome,
}

const fn action(
    name: &'static str,
    parameters: &'static [&'static str],
    run: fn(&Visit<'_>) -> Outcome,
) -> Action {
    Action { name, parameters, run }
}

/// The document names all but `freePrice`, which the vendor's own Python package sends with orders, as it
/// does with the ranking of countries, where it is documented.
const PURCHASE: &[&str] = &[
    "service",
    "forward",
    "operator",
    "ref",
    "country",
    "phoneException",
    "maxPrice",
    "freePrice",
    "verification",
    "useCashBack",
];

static ACTIONS: &[Action] = &[
    action("getBalance", &[], account::balance),
    action("getBalanceAndCashBack", &[], account::balance),
    action("getActiveActivations", &[], account::active),
    action("getHistory", &["start", "end"], account::history),
    action("getNumbersStatus", &["country", "operator"], lists::numbers_status),
    action("getPrices", &["service", "country"], lists::prices),
    action("getCountries", &[], lists::countries),
    action("getServicesList", &["country", "lang"], lists::services),
    action("getOperators", &["country"], lists::operators),
    action("getTopCountriesByService", &["service", "freePrice"], lists::top_countries),
    action("getListOfTopCountriesByService", &["service"], lists::top_ten),
    action("getNumber", PURCHASE, numbers::number),
    action("getNumberV2", PURCHASE, numbers::number_v2),
    action(
        "getMultiServiceNumber",
        &["multiService", "multiForward", "operator", "ref", "country"],
        numbers::multi_service,
    ),
    action("getAdditionalService", &["service", "id"], again::additional),
    action("getExtraActivation", &["activationId"], again::extra),
    action("checkExtraActivation", &["activationId"], again::check_extra),
    action("setStatus", &["status", "id", "forward"], status::set),
    action("getStatus", &["id"], status::get),
    action("getStatusV2", &["id"], status::get_v2),
    action("getFullSms", &["id"], status::full_sms),
    action("getDomains", &["site"], mail::domains),
    action("buyMailActivation", &["site", "mail_type", "mail_domain"], mail::buy),
    action("reorderMailActivation", &["id"], mail::reorder),
    action("getMailHistory", &["page", "per_page", "search", "sort"], mail::history),
    action("cancelMailActivation", &["id"], mail::cancel),
    action("checkMailActivation", &["id"], mail::check),
    action("buyPartnerProduct", &["productId"], mail::product),
    action("getAllSms", &["id", "page", "size"], status::all_sms),
    action("getPricesVerification", &["service"], lists::verification_prices),
    action("getIncomingCallStatus", &["activationId"], calls::incoming),
    action("createTaskForCall", &["activationId", "phone"], calls::create_task),
    action("getOutgoingCalls", &["date", "activationId"], calls::outgoing),
    action("parseCall", &["id", "newLang"], calls::parse),
];

/// "API АРЕНДЫ", whose errors have a form of their own.
static RENT_ACTIONS: &[Action] = &[
    action(
        "getRentServicesAndCountries",
        &["rent_time", "operator", "country", "incomingCall"],
        rent::services,
    ),
    action(
        "getRentNumber",
        &["service", "rent_time", "operator", "country", "url", "incomingCall"],
        rent::get,
    ),
    action("getRentStatus", &["id"], rent::status),
    action("setRentStatus", &["id", "status"], rent::set),
    action("getRentList", &[], rent::list),
    action("continueRentNumber", &["id", "rent_time"], rent::again),
    action("getContinueRentPriceNumber", &["id", "rent_time"], rent::price),
];

/// What the newer generation has besides.
static MODERN_ACTIONS: &[Action] = &[
    action("finishActivation", &["id"], status::finish_activation),
    action("cancelActivation", &["id"], status::cancel_activation),
];

/// What compatible services have besides. Asking for it is no mistake where there is none.
static OWN_LISTS: &[Action] = &[
    action("getTopCountriesByServiceRank", &["service", "freePrice"], own_lists::rank),
    action("getPricesV2", &["service", "country"], own_lists::prices_v2),
    action("getPricesV3", &["service", "country", "providerIds"], own_lists::prices_v3),
    action("getPricesExtended", &["service", "country", "freePrice"], own_lists::prices_extended),
    action("getNumbersStatusAndCostHubFree", &["country", "operator"], own_lists::hub_prices),
];

impl Upstream for SmsActivate {
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
        let name = call.get("action").unwrap_or_default();
        let visit = Visit { house: self, action: name, call, journal };
        let outcome = visit.admit().and_then(|()| self.run(name, &visit));
        let in_form = |refusal: Refusal| if is_of_rent(name) { refusal.of_rent() } else { refusal };
        let outcome = outcome.map_err(in_form);
        reply::answer(outcome, self.quirks.modern_errors, self.quirks.json_ctype)
    }
}

impl SmsActivate {
    fn run(&self, name: &str, visit: &Visit<'_>) -> Outcome {
        let modern = if self.quirks.modern_errors { MODERN_ACTIONS } else { &[] };
        let named = |action: &&Action| action.name == name;
        let own = OWN_LISTS.iter().find(named);
        match ACTIONS.iter().chain(RENT_ACTIONS).chain(modern).find(named).or(own) {
            Some(_) if own.is_some() && !self.quirks.own_lists => Err(BAD_ACTION),
            Some(action) => visit.only(action.parameters).and_then(|()| (action.run)(visit)),
            None => visit.blamed(BAD_ACTION, "action is missing or does not exist"),
        }
    }
}
