//! SMS-Man's API v2.0 (`UPSTREAMS.md` section 4, from its own page and its clients): JSON, and numbers of its
//! own for countries, services and activations. Knows no ids, limits or retries of ours.
//!
//! | ours | theirs | source |
//! |---|---|---|
//! | balance | `get-balance` (rubles) | `UPSTREAMS.md` section 4 |
//! | market, quote | `get-prices`, which has stock as well; it knows no service to ask for | the same |
//! | countries, services | `countries`, `applications` by name | the same |
//! | buy | `get-number` | the same |
//! | poll | `get-sms` | the same |
//! | tell ready, another, finish | `set-status` ready, retrysms, close | the same |
//! | tell reject, cancel | `set-status` reject, after a look for a code | the same, and below |
//! | tell resent | no call: it has no notion of it | |
//!
//! `reject` is what its clients get their money back with, and what both ways of cancelling come to.
//! `used` is said by some to report a number that somebody used before, and sent by others after a code,
//! to report success. A cancellation must not hang on which of them is right, so it is not sent.

mod directory;
mod wire;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;

use super::{malformed, no_country, no_service, refuse_operator};
use crate::catalog::{Mapping, Names};
use crate::clock::Clock;
use crate::domain::{
    Activation, Bought, Country, Currency, Extra, Money, Offer, Operator, Order, Phone, Progress, Service,
    Step,
};
use crate::provider::http::{Http, Purpose, Route};
use crate::provider::{Cx, Effect, Fault, FaultKind, ListedCountry, ListedService, Parts, Provider, read};
use directory::{Directory, Kept};
use wire::Listed;

/// API v2.0.
pub struct V2 {
    http: Http,
    path: String,
    mapping: Mapping,
    currency: Currency,
    referral: Option<String>,
    multiple_sms: bool,
    directory: Kept,
    clock: Arc<dyn Clock>,
}

impl V2 {
    /// Speaks it with these settings.
    pub fn new(parts: Parts) -> Self {
        Self {
            currency: parts.currency,
            referral: parts.options.text("ref").map(str::to_owned),
            multiple_sms: parts.options.is_on("multiple_sms"),
            http: parts.http,
            path: parts.path.trim_end_matches('/').to_owned(),
            mapping: parts.mapping,
            directory: Kept::new(Arc::clone(&parts.clock)),
            clock: parts.clock,
        }
    }

    async fn ask(
        &self,
        cx: &Cx,
        purpose: Purpose,
        call: &str,
        query: &[(&str, &str)],
    ) -> Result<Value, Fault> {
        self.ask_for(cx, purpose, call, query, Ok).await
    }

    /// The same, and what is made of the answer.
    async fn ask_for<T: Send + 'static>(
        &self,
        cx: &Cx,
        purpose: Purpose,
        call: &str,
        query: &[(&str, &str)],
        decode: impl FnOnce(Value) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let mut all = vec![("token", cx.key.expose())];
        all.extend_from_slice(query);
        let path = format!("{}/{call}", self.path);
        let answer = self.http.get(cx, purpose, Route::to(&path), &all).await?;
        read::decoded(answer.body.len(), move || decode(wire::decode(&answer)?)).await
    }

    async fn directory(&self, cx: &Cx) -> Result<Arc<Directory>, Fault> {
        let fetch = async {
            // An order may be waiting for it, be it that somebody else asked for it first.
            let countries = wire::named(&self.ask(cx, Purpose::Ahead, "countries", &[]).await?)?;
            let applications = wire::named(&self.ask(cx, Purpose::Ahead, "applications", &[]).await?)?;
            Ok(Directory::new(Names::builtin(), &self.mapping, &countries, &applications))
        };
        self.directory.get(cx, fetch).await
    }

    /// What is on offer; what the upstream has no number for is not.
    async fn priced(
        &self,
        cx: &Cx,
        purpose: Purpose,
        service: Option<&Service>,
        country: Option<Country>,
    ) -> Result<Vec<Offer>, Fault> {
        let directory = self.directory(cx).await?;
        let place = country.and_then(|country| directory.country(country));
        let nothing = service.is_some_and(|service| directory.application(service).is_none());
        if nothing || country.is_some() != place.is_some() {
            return Ok(Vec::new());
        }
        let number = place.map(|id| id.to_string());
        let query: Vec<_> = number.as_deref().map(|id| ("country_id", id)).into_iter().collect();
        let (service, currency) = (service.cloned(), self.currency);
        let decode = move |answer: Value| {
            let rows = wire::prices(&answer, place)?;
            Ok(offers(&directory, &rows, service.as_ref(), country, currency))
        };
        self.ask_for(cx, purpose, "get-prices", &query, decode).await
    }

    /// What became of a message up to now.
    async fn look(&self, cx: &Cx, activation: &Activation) -> Result<Progress, Fault> {
        let query = [("request_id", activation.upstream_id.as_str())];
        match self.ask(cx, Purpose::Poll, "get-sms", &query).await {
            Ok(answer) => wire::progress(&answer, self.clock.now()),
            Err(fault) if fault.kind == FaultKind::UnknownActivation => Ok(Progress::Gone),
            Err(fault) => Err(fault),
        }
    }

    /// Whether a code has come, after which nothing is given back. Whether `reject` itself would say so, is
    /// not documented.
    async fn refuse_after_a_code(&self, cx: &Cx, activation: &Activation) -> Result<(), Fault> {
        let looked = self.look(cx, activation).await;
        match looked.map_err(|fault| Fault { effect: Effect::None, ..fault })? {
            Progress::Received(_) => Err(Fault::new(FaultKind::BadStatus, "a code has come meanwhile")),
            _ => Ok(()),
        }
    }
}

/// A refusal of an order that no order is refused with leaves it open what happened.
fn of_order(fault: Fault) -> Fault {
    match fault.kind {
        FaultKind::UnknownActivation | FaultKind::BadStatus => {
            Fault { kind: FaultKind::Malformed, ..fault }.in_doubt()
        }
        _ => fault,
    }
}

/// What these rows offer of the services and countries that are asked for.
fn offers(
    directory: &Directory,
    rows: &[Listed],
    service: Option<&Service>,
    country: Option<Country>,
    currency: Currency,
) -> Vec<Offer> {
    let rows: BTreeMap<_, _> = rows.iter().map(|row| ((row.country, row.application), row)).collect();
    let mut offers = Vec::new();
    for (ours, theirs) in directory.countries().filter(|(ours, _)| country.is_none_or(|one| one == *ours)) {
        for (own, entry) in directory.services().filter(|(own, _)| service.is_none_or(|one| one == *own)) {
            let Some(row) = rows.get(&(theirs, entry.id)) else { continue };
            offers.push(Offer {
                service: own.clone(),
                country: ours,
                price: Money { amount: row.price, currency },
                count: row.count,
                extra: Extra::new(),
            });
        }
    }
    offers
}

#[async_trait]
impl Provider for V2 {
    async fn balance(&self, cx: &Cx) -> Result<Money, Fault> {
        let amount = wire::balance(&self.ask(cx, Purpose::List, "get-balance", &[]).await?)?;
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
        let directory = self.directory(cx).await?;
        directory.application(service).ok_or_else(|| no_service(service))?;
        directory.country(country).ok_or_else(|| no_country(country))?;
        let found = self.priced(cx, Purpose::Ahead, Some(service), Some(country)).await?.pop();
        found.ok_or_else(|| Fault::new(FaultKind::NoStock, "SMS-Man lists no price for this service there"))
    }

    async fn countries(&self, cx: &Cx) -> Result<Vec<ListedCountry>, Fault> {
        let directory = self.directory(cx).await?;
        Ok(directory
            .countries()
            .map(|(country, _)| ListedCountry { country, fields: Extra::new() })
            .collect())
    }

    /// All of them, whatever country is asked about: there is one list, in one language.
    async fn services(
        &self,
        cx: &Cx,
        _country: Option<Country>,
        _lang: Option<&str>,
    ) -> Result<Vec<ListedService>, Fault> {
        let directory = self.directory(cx).await?;
        let line = |(service, entry): (&Service, &directory::Entry)| ListedService {
            service: service.clone(),
            name: entry.name.clone(),
            extra: Extra::new(),
        };
        Ok(directory.services().map(line).collect())
    }

    async fn buy(&self, cx: &Cx, order: &Order) -> Result<Bought, Fault> {
        refuse_operator(order.operators.first())?;
        let directory = self.directory(cx).await?;
        let application = directory.application(&order.service).ok_or_else(|| no_service(&order.service))?;
        let country = directory.country(order.country).ok_or_else(|| no_country(order.country))?;
        let (country, application) = (country.to_string(), application.to_string());
        let mut query = vec![("country_id", country.as_str()), ("application_id", application.as_str())];
        query.extend(self.multiple_sms.then_some(("hasMultipleSms", "true")));
        query.extend(self.referral.as_deref().map(|referral| ("ref", referral)));
        wire::bought(&self.ask(cx, Purpose::Act, "get-number", &query).await.map_err(of_order)?)
    }

    async fn poll(&self, cx: &Cx, activation: &Activation) -> Result<Progress, Fault> {
        self.look(cx, activation).await
    }

    async fn tell(
        &self,
        cx: &Cx,
        activation: &Activation,
        step: Step,
        _forward: Option<&Phone>,
    ) -> Result<(), Fault> {
        let status = match step {
            Step::Ready => "ready",
            Step::Another => "retrysms",
            Step::Resent => return Ok(()),
            Step::Finish => "close",
            Step::Reject | Step::Cancel => "reject",
        };
        if status == "reject" {
            self.refuse_after_a_code(cx, activation).await?;
        }
        let query = [("request_id", activation.upstream_id.as_str()), ("status", status)];
        match self.ask(cx, Purpose::Act, "set-status", &query).await {
            Ok(answer) => wire::agreed(&answer),
            // It need not be told, and the message may have come already.
            Err(fault) if step == Step::Ready && fault.kind == FaultKind::BadStatus => Ok(()),
            Err(fault) => Err(fault),
        }
    }
}
