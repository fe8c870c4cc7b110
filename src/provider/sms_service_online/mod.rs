//! SMS-Service-Online: six calls in the manner of sms-activate, with lists and words of its own
//! (`api/sms-service-online.txt`). Maps our questions onto them; knows no ids, limits or retries of ours.
//!
//! | ours | theirs | source |
//! |---|---|---|
//! | balance | `getBalance`: a bare number | "getBalance" |
//! | offers, quote | `getServicesAndCost` of a country and an operator | "getServicesAndCost" |
//! | countries, operators | `getCountryAndOperators` | "getCountryAndOperators" |
//! | buy | `getNumber` | "getNumber" |
//! | poll | `getStatus` | "getStatus" |
//! | tell another, finish | `setStatus` 3, 6 | "setStatus" |
//! | tell reject, cancel | `setStatus` 8: it has no −1 | "setStatus" |
//! | tell ready, sent again | no call: it has no notion of either | `UPSTREAMS.md` section 3 |
//!
//! Every request carries `lang`, which chooses the language of names and also the currency in which the
//! balance and all prices are told, so that it is one setting of the account.

mod codes;
mod lists;
mod wire;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use rust_decimal::Decimal;

use super::http::{Http, Purpose, Route};
use super::{
    Capability, Cx, Fault, FaultKind, ListedCountry, OptionKey, OptionKind, Parts, Provider, Spec, Variant,
    Variants,
};
use crate::catalog::Mapping;
use crate::clock::Clock;
use crate::domain::{
    Activation, Bought, Country, Currency, Extra, Money, Offer, Operator, Order, Phone, Progress, Service,
    Step,
};

/// What is fixed about SMS-Service-Online.
pub static SPEC: Spec = Spec {
    kind: "sms-service-online",
    summary: "SMS-Service-Online, by its API in the manner of sms-activate",
    capabilities: &[
        Capability::Balance,
        Capability::Offers,
        Capability::Quote,
        Capability::Countries,
        Capability::Operators,
        Capability::Buy,
        Capability::Operator,
        Capability::Poll,
        Capability::Tell,
    ],
    speaks_dialect: false,
    in_process: false,
    needs_key: true,
    // Other sites have the same API (UPSTREAMS.md section 3), but accounts of their own: who has one there
    // names the address. To go over to them would be to ask strangers with this account's key.
    base_urls: &["https://sms-service-online.com"],
    // Without .php.
    path: Some("/stubs/handler_api"),
    currency: Currency::RUB,
    // The document names no time; this is that of the services it is made after.
    lifetime: Duration::from_secs(20 * 60),
    expiry_refunds: false,
    options: &[OptionKey {
        name: "lang",
        kind: OptionKind::Choice(&["ru", "en"]),
        default: "ru",
        doc: "the lang of every request, which chooses the currency of balance and prices: ru for rubles, en \
              for dollars",
    }],
    variants: Some(Variants { option: "lang", list: &[RUBLES, DOLLARS] }),
    counterpart: None,
    mapping: codes::mapping,
    build,
};

const RUBLES: Variant =
    Variant { currency: Some(Currency::RUB), ..Variant::new("ru", "balance and prices in rubles") };
const DOLLARS: Variant =
    Variant { currency: Some(Currency::USD), ..Variant::new("en", "balance and prices in dollars") };

/// What stands for any operator.
const ANY: &str = "any";

struct SmsServiceOnline {
    http: Http,
    path: String,
    lang: String,
    mapping: Mapping,
    currency: Currency,
    clock: Arc<dyn Clock>,
}

fn build(parts: Parts) -> Result<Arc<dyn Provider>, String> {
    let lang = parts.options.text("lang").ok_or("lang is not set")?;
    Ok(Arc::new(SmsServiceOnline {
        lang: lang.to_owned(),
        http: parts.http,
        path: parts.path,
        mapping: parts.mapping,
        currency: parts.currency,
        clock: parts.clock,
    }))
}

/// A country and an operator in its own codes.
struct Place<'a> {
    country: Cow<'a, str>,
    operator: &'a str,
}

impl SmsServiceOnline {
    fn money(&self, amount: Decimal) -> Money {
        Money { amount, currency: self.currency }
    }

    async fn call(
        &self,
        cx: &Cx,
        purpose: Purpose,
        action: &str,
        query: &[(&str, &str)],
    ) -> Result<String, Fault> {
        let mut all = vec![("api_key", cx.key.expose()), ("action", action)];
        all.extend_from_slice(query);
        all.push(("lang", &self.lang));
        wire::decode(&self.http.get(cx, purpose, Route::to(&self.path), &all).await?)
    }

    fn code(&self, service: &Service) -> Result<String, Fault> {
        let codes = self.mapping.services(service);
        codes.first().cloned().ok_or_else(|| {
            let detail = format!("SMS-Service-Online has no service for {service}");
            Fault::new(FaultKind::UnknownService, detail)
        })
    }

    fn place<'a>(&'a self, country: Country, operator: Option<&'a Operator>) -> Result<Place<'a>, Fault> {
        let code = self.mapping.country(country).ok_or_else(|| {
            let detail = format!("SMS-Service-Online has no country for {country}");
            Fault::new(FaultKind::UnknownCountry, detail)
        })?;
        let operator = match operator {
            None => ANY,
            Some(name) => self.mapping.operator(country, name).ok_or_else(|| {
                let detail = format!("SMS-Service-Online has no operator {name} there");
                Fault::new(FaultKind::UnknownOperator, detail)
            })?,
        };
        Ok(Place { country: code, operator })
    }

    /// What it sells at a place, by its own codes.
    async fn listed(&self, cx: &Cx, purpose: Purpose, place: &Place<'_>) -> Result<lists::Services, Fault> {
        let query = [("country", place.country.as_ref()), ("operator", place.operator)];
        let text = self.call(cx, purpose, "getServicesAndCost", &query).await?;
        lists::services(&wire::json(&text)?)
    }

    /// Those of our countries that it lists, each with our names of the operators that it lists there.
    async fn places(&self, cx: &Cx) -> Result<BTreeMap<Country, Vec<Operator>>, Fault> {
        let text = self.call(cx, Purpose::List, "getCountryAndOperators", &[]).await?;
        let listed = lists::countries(&wire::json(&text)?)?;
        let place = |country: Country| {
            let spelled = listed.get(self.mapping.country(country)?.as_ref())?;
            let mut operators = self.mapping.operators(country);
            operators.retain(|name| {
                self.mapping.operator(country, name).is_some_and(|theirs| spelled.contains(theirs))
            });
            Some((country, operators))
        };
        Ok(self.mapping.mapped_countries().filter_map(place).collect())
    }

    /// Why a status was refused. Its one word for that does not tell (`UPSTREAMS.md` section 6b), and of a
    /// number that is not to be cancelled it matters: where a message has come, the client should finish
    /// and pay; where it still waits, try again.
    async fn reason(&self, cx: &Cx, activation: &Activation, step: Step, refused: Fault) -> Fault {
        let state = match step {
            Step::Reject | Step::Cancel => self.poll(cx, activation).await,
            _ => return wire::refusal(FaultKind::BadStatus),
        };
        match state {
            Ok(Progress::Waiting) => wire::refusal(FaultKind::TooEarlyToCancel),
            Ok(_) => wire::refusal(FaultKind::BadStatus),
            Err(_) => refused,
        }
    }
}

#[async_trait]
impl Provider for SmsServiceOnline {
    async fn balance(&self, cx: &Cx) -> Result<Money, Fault> {
        let text = self.call(cx, Purpose::List, "getBalance", &[]).await?;
        wire::balance(&text).map(|amount| self.money(amount))
    }

    /// The price of what is out of stock is 0, as it says.
    async fn offers(
        &self,
        cx: &Cx,
        country: Country,
        operator: Option<&Operator>,
    ) -> Result<Vec<Offer>, Fault> {
        let listed = self.listed(cx, Purpose::List, &self.place(country, operator)?).await?;
        let offer = |service: &Service| {
            let row = listed.get(self.mapping.services(service).first()?)?;
            Some(Offer {
                service: service.clone(),
                country,
                price: self.money(row.price),
                count: row.count,
                extra: Extra::new(),
            })
        };
        Ok(self.mapping.mapped_services().filter_map(offer).collect())
    }

    /// From the list of the country, since it has no narrower question.
    async fn quote(
        &self,
        cx: &Cx,
        service: &Service,
        country: Country,
        operator: Option<&Operator>,
    ) -> Result<Offer, Fault> {
        let code = self.code(service)?;
        let listed = self.listed(cx, Purpose::Ahead, &self.place(country, operator)?).await?;
        let row = listed.get(&code).filter(|row| !row.is_unpriced()).ok_or_else(|| {
            // A cap cannot be held against the 0 of what is out of stock: it may be in stock the next moment.
            Fault::new(FaultKind::NoStock, "SMS-Service-Online names no price for this service there now")
        })?;
        Ok(Offer {
            service: service.clone(),
            country,
            price: self.money(row.price),
            count: row.count,
            extra: Extra::new(),
        })
    }

    /// Without names: the catalog has them in every language of the dialect, the list in one.
    async fn countries(&self, cx: &Cx) -> Result<Vec<ListedCountry>, Fault> {
        let places = self.places(cx).await?;
        Ok(places.into_keys().map(|country| ListedCountry { country, fields: Extra::new() }).collect())
    }

    async fn operators(
        &self,
        cx: &Cx,
        country: Option<Country>,
    ) -> Result<BTreeMap<Country, Vec<Operator>>, Fault> {
        let mut places = self.places(cx).await?;
        places.retain(|place, _| country.is_none_or(|country| *place == country));
        Ok(places)
    }

    /// One operator at most: the engine asks for several one after another.
    async fn buy(&self, cx: &Cx, order: &Order) -> Result<Bought, Fault> {
        let place = self.place(order.country, order.operators.first())?;
        let code = self.code(&order.service)?;
        let query =
            [("service", code.as_str()), ("operator", place.operator), ("country", place.country.as_ref())];
        wire::bought(&self.call(cx, Purpose::Act, "getNumber", &query).await?)
    }

    async fn poll(&self, cx: &Cx, activation: &Activation) -> Result<Progress, Fault> {
        let query = [("id", activation.upstream_id.as_str())];
        match self.call(cx, Purpose::Poll, "getStatus", &query).await {
            Ok(text) => wire::progress(&text, self.clock.now()),
            Err(fault) if fault.kind == FaultKind::UnknownActivation => Ok(Progress::Gone),
            Err(fault) => Err(fault),
        }
    }

    async fn tell(
        &self,
        cx: &Cx,
        activation: &Activation,
        step: Step,
        _forward: Option<&Phone>,
    ) -> Result<(), Fault> {
        let (status, word) = match step {
            // It knows 3, 6 and 8 only, and 1 would be BAD_ACTION (UPSTREAMS.md section 6).
            Step::Ready | Step::Resent => return Ok(()),
            Step::Another => ("3", "ACCESS_RETRY_GET"),
            Step::Finish => ("6", "ACCESS_ACTIVATION"),
            Step::Reject | Step::Cancel => ("8", "ACCESS_CANCEL"),
        };
        let query = [("id", activation.upstream_id.as_str()), ("status", status)];
        match self.call(cx, Purpose::Act, "setStatus", &query).await {
            Ok(text) => wire::agreed(&text, word),
            Err(fault) if wire::is_refusal(&fault) => Err(self.reason(cx, activation, step, fault).await),
            Err(fault) => Err(fault),
        }
    }
}
