//! SMS-Man's compatible API (`api/sms-man.txt`): seven actions, in words and shapes that it shares with other
//! services of the dialect, so that what reads theirs reads these. Knows no other action of the dialect:
//! what is not documented here is not asked.
//!
//! | ours | theirs | source |
//! |---|---|---|
//! | balance | `getBalance` | "Запрос баланса" |
//! | market, quote | `getPrices` | "Запрос количества доступных номеров" |
//! | countries | `getCountries` | "Получить список всех стран" |
//! | services | `getServices` | "Получить список всех сервисов" |
//! | buy | `getNumber`, country and service mandatory | "Заказ номера" |
//! | poll | `getStatus` | "Получить состояние активации" |
//! | tell ready, another, resent, finish, reject, cancel | `setStatus` 1, 3, 6, 6, 8, −1 | "Изменение статуса активации" |

use std::borrow::Cow;
use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;

use super::{malformed, no_country, no_service, refuse_operator};
use crate::catalog::Mapping;
use crate::clock::Clock;
use crate::domain::{
    Activation, Bought, Country, Currency, Money, Offer, Operator, Order, Phone, Progress, Service, Step,
    amount_of_json,
};
use crate::provider::handler_api::fold::{self, Body};
use crate::provider::handler_api::{lists, status, words};
use crate::provider::http::{Http, Purpose, Route};
use crate::provider::{Cx, Fault, FaultKind, ListedCountry, ListedService, Parts, Provider};

/// The compatible API.
pub struct Compatible {
    http: Http,
    path: String,
    mapping: Mapping,
    currency: Currency,
    referral: Option<String>,
    clock: Arc<dyn Clock>,
}

impl Compatible {
    /// Speaks it with these settings.
    pub fn new(parts: Parts) -> Self {
        Self {
            currency: parts.currency,
            referral: parts.options.text("ref").map(str::to_owned),
            http: parts.http,
            path: parts.path,
            mapping: parts.mapping,
            clock: parts.clock,
        }
    }

    async fn ask(
        &self,
        cx: &Cx,
        purpose: Purpose,
        action: &str,
        query: &[(&str, &str)],
    ) -> Result<Body, Fault> {
        let mut all = vec![("api_key", cx.key.expose()), ("action", action)];
        all.extend_from_slice(query);
        let answer = self.http.get(cx, purpose, Route::to(&self.path), &all).await?;
        fold::fold(&answer).map_err(not_the_clients)
    }

    async fn list(&self, cx: &Cx, action: &str) -> Result<Value, Fault> {
        self.ask(cx, Purpose::List, action, &[]).await?.decoded(Ok).await
    }

    /// What is on offer; what the upstream has no code for is not.
    async fn priced(
        &self,
        cx: &Cx,
        purpose: Purpose,
        service: Option<&Service>,
        country: Option<Country>,
    ) -> Result<Vec<Offer>, Fault> {
        let code = service.map(|service| self.service(service)).transpose();
        let place = country.map(|country| self.country(country)).transpose();
        let (Ok(code), Ok(place)) = (code, place) else { return Ok(Vec::new()) };
        let mut query = Vec::new();
        query.extend(place.as_deref().map(|code| ("country", code)));
        query.extend(code.as_deref().map(|code| ("service", code)));
        // Where the country's level is left out, the answer is about the one that was asked for.
        let asked = place.as_deref().and_then(|code| Country::parse(code).ok());
        let (mapping, currency) = (self.mapping.clone(), self.currency);
        let decode = move |answer: Value| {
            let offers = lists::offers(&answer, asked, currency)?;
            Ok(offers.into_iter().flat_map(|offer| translated(&mapping, offer)).collect())
        };
        self.ask(cx, purpose, "getPrices", &query).await?.decoded(decode).await
    }

    fn service(&self, service: &Service) -> Result<String, Fault> {
        self.mapping.services(service).first().cloned().ok_or_else(|| no_service(service))
    }

    fn country(&self, country: Country) -> Result<Cow<'_, str>, Fault> {
        self.mapping.country(country).ok_or_else(|| no_country(country))
    }
}

/// An offer in the upstream's codes, as all that it is in the dialect's.
fn translated(mapping: &Mapping, offer: Offer) -> Vec<Offer> {
    let Some(country) = mapping.country_of(&offer.country.to_string()) else { return Vec::new() };
    let services = mapping.services_of(offer.service.as_str());
    services.iter().map(|service| Offer { service: service.clone(), country, ..offer.clone() }).collect()
}

/// That an action is unknown or lacks something is nothing a client could mend (`UPSTREAMS.md` section 6a).
fn not_the_clients(fault: Fault) -> Fault {
    if words::is_unknown_action(&fault) { Fault { kind: FaultKind::Malformed, ..fault } } else { fault }
}

#[async_trait]
impl Provider for Compatible {
    async fn balance(&self, cx: &Cx) -> Result<Money, Fault> {
        let body = self.ask(cx, Purpose::List, "getBalance", &[]).await?;
        let amount = body.text().strip_prefix("ACCESS_BALANCE:");
        let amount = amount.and_then(|text| amount_of_json(&Value::String(text.to_owned())));
        let amount = amount.ok_or_else(|| malformed("the balance is no amount"))?;
        Ok(Money { amount, currency: self.currency })
    }

    async fn market(
        &self,
        cx: &Cx,
        service: Option<&Service>,
        country: Option<Country>,
    ) -> Result<Vec<Offer>, Fault> {
        self.priced(cx, Purpose::List, service, country).await
    }

    async fn quote(
        &self,
        cx: &Cx,
        service: &Service,
        country: Country,
        operator: Option<&Operator>,
    ) -> Result<Offer, Fault> {
        refuse_operator(operator)?;
        let _ = (self.service(service)?, self.country(country)?);
        let offers = self.priced(cx, Purpose::Ahead, Some(service), Some(country)).await?;
        let found = offers.into_iter().find(|offer| offer.service == *service && offer.country == country);
        found.ok_or_else(|| Fault::new(FaultKind::NoStock, "SMS-Man lists no price for this service there"))
    }

    async fn countries(&self, cx: &Cx) -> Result<Vec<ListedCountry>, Fault> {
        let listed = lists::countries(self.list(cx, "getCountries").await?)?;
        let ours = |row: ListedCountry| {
            let country = self.mapping.country_of(&row.country.to_string())?;
            Some(ListedCountry { country, ..row })
        };
        Ok(listed.into_iter().filter_map(ours).collect())
    }

    /// All of them, whatever country is asked about: there is one list, in one language.
    async fn services(
        &self,
        cx: &Cx,
        _country: Option<Country>,
        _lang: Option<&str>,
    ) -> Result<Vec<ListedService>, Fault> {
        let listed = lists::services(self.list(cx, "getServices").await?)?;
        let ours = |row: ListedService| {
            let services = self.mapping.services_of(row.service.as_str()).into_owned();
            services.into_iter().map(move |service| ListedService { service, ..row.clone() })
        };
        Ok(listed.into_iter().flat_map(ours).collect())
    }

    async fn buy(&self, cx: &Cx, order: &Order) -> Result<Bought, Fault> {
        refuse_operator(order.operators.first())?;
        let (country, service) = (self.country(order.country)?, self.service(&order.service)?);
        let mut query = vec![("service", service.as_str()), ("country", country.as_ref())];
        query.extend(self.referral.as_deref().map(|referral| ("ref", referral)));
        fold::bought(&self.ask(cx, Purpose::Act, "getNumber", &query).await?, self.currency)
    }

    async fn poll(&self, cx: &Cx, activation: &Activation) -> Result<Progress, Fault> {
        let query = [("id", activation.upstream_id.as_str())];
        status::progress(self.ask(cx, Purpose::Poll, "getStatus", &query).await, self.clock.now())
    }

    async fn tell(
        &self,
        cx: &Cx,
        activation: &Activation,
        step: Step,
        _forward: Option<&Phone>,
    ) -> Result<(), Fault> {
        let (status, agreed) = match step {
            // Here cancelling for any other reason than a used number has a number of its own.
            Step::Cancel => status::of_step(step, "-1"),
            step => status::of_step(step, "8"),
        };
        let query = [("id", activation.upstream_id.as_str()), ("status", status)];
        match self.ask(cx, Purpose::Act, "setStatus", &query).await {
            Ok(body) if agreed.contains(&body.text()) => Ok(()),
            Ok(_) => Err(malformed("setStatus answered another step than was asked for").in_doubt()),
            // It need not be told ("необязательно"), and the message may have come already.
            Err(fault) if step == Step::Ready && fault.kind == FaultKind::BadStatus => Ok(()),
            Err(fault) => Err(fault),
        }
    }
}
