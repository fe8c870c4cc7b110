//! SMSAK: a native API of its own with the key in the path (`api/smsak.txt`), truly translated. Maps our
//! questions onto its calls and its answers onto our facts; knows no ids, limits or retries of ours.
//!
//! | ours | theirs | source |
//! |---|---|---|
//! | balance | `getbalance` (rubles) | `api/smsak.txt`, getbalance |
//! | offers, quote | `numbersstatus` of the country | numbersstatus |
//! | countries | `countries` (Russian names) | countries |
//! | buy | `getnumber` | getnumber |
//! | poll, full text | `all-sms` | all-sms |
//! | tell another | `play` | play; that it means this: `UPSTREAMS.md` section 2 |
//! | tell reject, cancel | `setstatus` 1, after a look for messages | setstatus |
//! | tell ready, finish | no call: it has no notion of either | `UPSTREAMS.md` section 6 |
//! | a number to forward to | `setstatus` 2, after the first message | setstatus |
//!
//! Its rents are in `rent`.

mod codes;
mod lists;
mod messages;
mod rent;
mod wire;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;

use super::http::{Answer, Http, Purpose, Route};
use super::read;
use super::{
    Capability, Counterpart, Cx, Effect, Fault, FaultKind, ListedCountry, Parts, Provider, Rentals, Spec,
};
use crate::catalog::{Catalog, Mapping};
use crate::clock::Clock;
use crate::domain::{
    Activation, Bought, Country, Currency, Extra, Inbox, Money, Offer, Operator, Order, Phone, Progress,
    Service, Sms, Step,
};

/// What is fixed about SMSAK.
pub static SPEC: Spec = Spec {
    kind: "smsak",
    summary: "SMSAK, by its native API",
    capabilities: &[
        Capability::Balance,
        Capability::Offers,
        Capability::Quote,
        Capability::Countries,
        Capability::Buy,
        Capability::Forward,
        Capability::Poll,
        Capability::FullText,
        Capability::Tell,
        Capability::Rent,
        Capability::RentOffers,
        Capability::RentContinue,
        Capability::RentHoldings,
    ],
    speaks_dialect: false,
    in_process: false,
    needs_key: true,
    base_urls: &["https://smsak.org"],
    path: Some("/api"),
    currency: Currency::RUB,
    // The document does not say how long a number waits; sms-activate's waited 20 minutes [assumed].
    lifetime: Duration::from_secs(20 * 60),
    expiry_refunds: false,
    options: &[],
    variants: None,
    // "SMS-activate API" (`api/smsak.txt`), at the same host.
    counterpart: Some(|_| Counterpart { kind: "sms-activate", options: &[("preset", "smsak-compat")] }),
    mapping: codes::mapping,
    build,
};

struct Smsak {
    http: Http,
    path: String,
    mapping: Mapping,
    currency: Currency,
    catalog: &'static Catalog,
    clock: Arc<dyn Clock>,
    renting: rent::Renting,
}

fn build(parts: Parts) -> Result<Arc<dyn Provider>, String> {
    Ok(Arc::new(Smsak {
        http: parts.http,
        path: parts.path.trim_end_matches('/').to_owned(),
        mapping: parts.mapping,
        currency: parts.currency,
        catalog: parts.catalog,
        clock: parts.clock,
        renting: rent::Renting::default(),
    }))
}

/// A fault of a call that went before the one that matters, which therefore was certainly not made.
fn beforehand(fault: Fault) -> Fault {
    Fault { effect: Effect::None, ..fault }
}

impl Smsak {
    async fn call(
        &self,
        cx: &Cx,
        purpose: Purpose,
        method: &str,
        query: &[(&str, &str)],
    ) -> Result<Answer, Fault> {
        let path = format!("{}/{method}", self.path);
        self.http.get(cx, purpose, Route::with_key(&path, &cx.key), query).await
    }

    async fn list(
        &self,
        cx: &Cx,
        purpose: Purpose,
        method: &str,
        query: &[(&str, &str)],
    ) -> Result<Value, Fault> {
        let answer = self.call(cx, purpose, method, query).await?;
        read::decoded(answer.body.len(), move || wire::json(&answer, wire::undocumented)).await
    }

    /// Makes a change to which it agrees with a bare `1`.
    async fn change(
        &self,
        cx: &Cx,
        method: &str,
        query: &[(&str, &str)],
        refusal: wire::Refusal,
    ) -> Result<(), Fault> {
        let answer = self.call(cx, Purpose::Act, method, query).await?;
        wire::agreed(&wire::bare(&answer, refusal)?)
    }

    /// Its number of a service: no service of the dialect is several of its own.
    fn service(&self, service: &Service) -> Result<String, Fault> {
        self.mapping.services(service).first().cloned().ok_or_else(|| {
            Fault::new(FaultKind::UnknownService, format!("SMSAK has no service for {service}"))
        })
    }

    /// Its letters of a country. Nothing there tells operators apart, so none can be asked for.
    fn place(&self, country: Country, operator: Option<&Operator>) -> Result<Cow<'_, str>, Fault> {
        if operator.is_some() {
            return Err(Fault::new(FaultKind::UnknownOperator, "SMSAK has no operators to choose from"));
        }
        self.mapping.country(country).ok_or_else(|| {
            Fault::new(FaultKind::UnknownCountry, format!("SMSAK has no country for {country}"))
        })
    }

    fn offer(&self, service: &Service, country: Country, listed: lists::Listed) -> Offer {
        Offer {
            service: service.clone(),
            country,
            price: Money { amount: listed.price, currency: self.currency },
            count: listed.count,
            extra: Extra::new(),
        }
    }

    /// Every message of an activation, oldest first.
    async fn received(&self, cx: &Cx, activation: &Activation) -> Result<Vec<Sms>, Fault> {
        let query = [("id", activation.upstream_id.as_str())];
        let answer = self.call(cx, Purpose::Poll, "all-sms", &query).await?;
        messages::all(&wire::json(&answer, wire::unknown_activation)?, self.clock.now())
    }

    /// Gives the number back. It answers the same `1` after a message has come, and refunds nothing then
    /// ("if no message has been received"), so what has come and was not seen yet is looked for first.
    async fn give_back(&self, cx: &Cx, activation: &Activation) -> Result<(), Fault> {
        let all = self.received(cx, activation).await.map_err(beforehand)?;
        if all.len() > activation.messages.len() {
            return Err(Fault::new(FaultKind::BadStatus, "a code has come meanwhile"));
        }
        let query = [("id", activation.upstream_id.as_str()), ("status", "1")];
        self.change(cx, "setstatus", &query, wire::not_returned).await
    }

    /// Sets the number to forward to ("ONLY after receiving the first SMS").
    async fn forward_to(&self, cx: &Cx, activation: &Activation, phone: &Phone) -> Result<(), Fault> {
        if activation.messages.is_empty() {
            let detail = "forwarding can be set only after the first message";
            return Err(Fault::new(FaultKind::BadStatus, detail));
        }
        let query = [("id", activation.upstream_id.as_str()), ("status", "2"), ("forward", phone.digits())];
        self.change(cx, "setstatus", &query, wire::not_forwarded).await
    }
}

#[async_trait]
impl Provider for Smsak {
    async fn balance(&self, cx: &Cx) -> Result<Money, Fault> {
        let answer = self.call(cx, Purpose::List, "getbalance", &[]).await?;
        let amount = wire::balance(&wire::bare(&answer, wire::undocumented)?)?;
        Ok(Money { amount, currency: self.currency })
    }

    async fn offers(
        &self,
        cx: &Cx,
        country: Country,
        operator: Option<&Operator>,
    ) -> Result<Vec<Offer>, Fault> {
        let code = self.place(country, operator)?;
        let query = [("code", code.as_ref())];
        let stock = lists::stock(&self.list(cx, Purpose::List, "numbersstatus", &query).await?)?;
        let offer = |service: &Service| {
            let listed = stock.get(self.mapping.services(service).first()?)?;
            Some(self.offer(service, country, *listed))
        };
        Ok(self.mapping.mapped_services().filter_map(offer).collect())
    }

    async fn quote(
        &self,
        cx: &Cx,
        service: &Service,
        country: Country,
        operator: Option<&Operator>,
    ) -> Result<Offer, Fault> {
        let (code, id) = (self.place(country, operator)?, self.service(service)?);
        let query = [("code", code.as_ref())];
        let stock = lists::stock(&self.list(cx, Purpose::Ahead, "numbersstatus", &query).await?)?;
        let listed = stock
            .get(&id)
            .ok_or_else(|| Fault::new(FaultKind::NoStock, format!("SMSAK does not list {service} there")))?;
        Ok(self.offer(service, country, *listed))
    }

    /// Its own countries by its own names; what the dialect has no number for cannot be ordered.
    async fn countries(&self, cx: &Cx) -> Result<Vec<ListedCountry>, Fault> {
        let rows = lists::countries(&self.list(cx, Purpose::List, "countries", &[]).await?)?;
        let known = |(code, name): (String, Option<String>)| {
            let fields = name.map(|name| ("rus".to_owned(), Value::String(name))).into_iter().collect();
            Some(ListedCountry { country: self.mapping.country_of(&code)?, fields })
        };
        Ok(rows.into_iter().filter_map(known).collect())
    }

    /// A number that is to forward is ordered as any other: where to is said after the first message. That
    /// goes "only for services with call forwarding", which nothing there lists, so the dialect's are taken.
    async fn buy(&self, cx: &Cx, order: &Order) -> Result<Bought, Fault> {
        let (code, id) = (self.place(order.country, order.operators.first())?, self.service(&order.service)?);
        let forwards = self.catalog.service(&order.service).is_some_and(|entry| entry.forwardable);
        if order.forward && !forwards {
            return Err(Fault::unsupported(Capability::Forward));
        }
        let query = [("id", id.as_str()), ("code", code.as_ref())];
        let answer = self.call(cx, Purpose::Act, "getnumber", &query).await?;
        wire::bought(&wire::json(&answer, wire::undocumented)?)
    }

    fn rentals(&self) -> &dyn Rentals {
        self
    }

    async fn poll(&self, cx: &Cx, activation: &Activation) -> Result<Progress, Fault> {
        match self.received(cx, activation).await {
            Ok(all) if all.is_empty() => Ok(Progress::Waiting),
            Ok(all) => Ok(Progress::Received(Inbox::All(all))),
            Err(fault) if fault.kind == FaultKind::UnknownActivation => Ok(Progress::Gone),
            Err(fault) => Err(fault),
        }
    }

    async fn full_text(&self, cx: &Cx, activation: &Activation) -> Result<Option<String>, Fault> {
        Ok(self.received(cx, activation).await?.pop().and_then(|sms| sms.text))
    }

    async fn tell(
        &self,
        cx: &Cx,
        activation: &Activation,
        step: Step,
        forward: Option<&Phone>,
    ) -> Result<(), Fault> {
        // Nothing is forwarded from a number that is given back.
        if matches!(step, Step::Reject | Step::Cancel) {
            return self.give_back(cx, activation).await;
        }
        if let Some(phone) = forward {
            let told = self.forward_to(cx, activation, phone).await;
            // Whether it forwards may be in doubt; whether another message was asked for is not.
            told.map_err(|fault| if step == Step::Another { beforehand(fault) } else { fault })?;
        }
        match step {
            Step::Another => {
                let query = [("id", activation.upstream_id.as_str())];
                self.change(cx, "play", &query, wire::unknown_activation).await
            }
            _ => Ok(()),
        }
    }
}
