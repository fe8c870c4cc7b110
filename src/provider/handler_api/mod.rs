//! A service that speaks the dialect itself: sms-activate's own API (`api/sms-activate.txt`) as its
//! successors and compatible services offer it. Its codes are its own, so nothing is unmapped; its
//! activation ids still go through the ledger. Knows nothing of what our clients sent beyond the order.
//!
//! Answers of the newer generation (HTTP 4xx with `{"title","details"}`, HTTP 204) are folded back into
//! the dialect (`WIRE.md` section 1, item 21). In what a service differs without showing it is set by its
//! preset, or by the user.

mod again;
mod ask;
mod calls;
pub(super) mod fold;
mod held;
pub(super) mod lists;
mod mail;
mod messages;
mod presets;
mod quirks;
mod rent;
pub(super) mod status;
pub(super) mod words;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;

use super::http::{Http, Purpose, Route};
use super::{
    Calls, Capability, Cx, Fault, FaultKind, ListedCountry, ListedService, Mailboxes, Parts, Provider,
    Relayed, Rentals, Spec,
};
use crate::catalog::Mapping;
use crate::clock::Clock;
use crate::domain::{
    Activation, Bought, BoughtProduct, Country, Currency, Extra, Held, Money, Offer, Operator, Order, Phone,
    ProductNumber, Progress, Service, Sms, Step,
};
use fold::{Body, malformed};
use quirks::Quirks;
use words::{is_refusal, is_unknown_action};

/// What is fixed about a compatible service.
pub static SPEC: Spec = Spec {
    kind: "sms-activate",
    summary: "any service that speaks sms-activate's own dialect",
    capabilities: &[
        Capability::Balance,
        Capability::Cashback,
        Capability::Market,
        Capability::Counts,
        Capability::Quote,
        Capability::TopCountries,
        Capability::Countries,
        Capability::Services,
        Capability::Operators,
        Capability::Buy,
        Capability::Operator,
        Capability::BuyDetailed,
        Capability::OperatorList,
        Capability::MaxPrice,
        Capability::PhoneException,
        Capability::Forward,
        Capability::Verification,
        Capability::CallPrices,
        Capability::Calls,
        Capability::MultiService,
        Capability::ExtraActivation,
        Capability::AdditionalService,
        Capability::Mail,
        Capability::Partner,
        Capability::Poll,
        Capability::StatusV2,
        Capability::FullText,
        Capability::Messages,
        Capability::Tell,
        Capability::Rent,
        Capability::RentOffers,
        Capability::RentContinue,
        Capability::Relay,
        Capability::Holdings,
        Capability::RentHoldings,
    ],
    speaks_dialect: true,
    in_process: false,
    needs_key: true,
    base_urls: &[],
    path: Some("/stubs/handler_api.php"),
    currency: Currency::RUB,
    lifetime: Duration::from_secs(20 * 60),
    expiry_refunds: false,
    options: &quirks::OPTIONS,
    variants: Some(presets::VARIANTS),
    counterpart: None,
    mapping: Mapping::open,
    build,
};

struct HandlerApi {
    http: Http,
    path: String,
    currency: Currency,
    referral: Option<String>,
    quirks: Quirks,
    clock: Arc<dyn Clock>,
}

fn build(parts: Parts) -> Result<Arc<dyn Provider>, String> {
    Ok(Arc::new(HandlerApi {
        currency: parts.currency,
        quirks: Quirks::read(&parts.options, parts.currency)?,
        referral: parts.options.text("ref").map(str::to_owned),
        http: parts.http,
        path: parts.path,
        clock: parts.clock,
    }))
}

#[async_trait]
impl Provider for HandlerApi {
    async fn balance(&self, cx: &Cx) -> Result<Money, Fault> {
        self.money(cx, "getBalance").await
    }

    async fn balance_and_cashback(&self, cx: &Cx) -> Result<Money, Fault> {
        self.quirks.require(Capability::Cashback)?;
        let money = self.money(cx, "getBalanceAndCashBack").await;
        money.map_err(|fault| ask::lacking(Capability::Cashback, fault))
    }

    async fn market(
        &self,
        cx: &Cx,
        service: Option<&Service>,
        country: Option<Country>,
    ) -> Result<Vec<Offer>, Fault> {
        self.priced(cx, Purpose::List, service, country).await
    }

    async fn call_prices(&self, cx: &Cx, service: Option<&Service>) -> Result<Vec<Offer>, Fault> {
        let query: Vec<_> = service.map(|service| ("service", service.as_str())).into_iter().collect();
        let body = self.read_if_any(cx, Capability::CallPrices, "getPricesVerification", &query).await?;
        let currency = self.currency;
        body.decoded(move |answer| lists::call_prices(&answer, currency)).await
    }

    async fn counts(
        &self,
        cx: &Cx,
        country: Country,
        operators: &[Operator],
    ) -> Result<BTreeMap<String, u64>, Fault> {
        if !operators.is_empty() && !self.quirks.takes_operator() {
            return Err(Fault::unsupported(Capability::Counts));
        }
        let (country, operators) = (country.to_string(), ask::joined(operators));
        let mut query = vec![("country", country.as_str())];
        query.extend(Some(("operator", operators.as_str())).filter(|(_, names)| !names.is_empty()));
        let body = self.read_if_any(cx, Capability::Counts, "getNumbersStatus", &query).await?;
        body.decoded(|answer| lists::counts(&answer)).await
    }

    /// Needed where an order takes no cap. The price list knows no operators, so theirs is the country's.
    async fn quote(
        &self,
        cx: &Cx,
        service: &Service,
        country: Country,
        _: Option<&Operator>,
    ) -> Result<Offer, Fault> {
        let offers = self.priced(cx, Purpose::Ahead, Some(service), Some(country)).await?;
        let found = offers.into_iter().find(|offer| offer.service == *service && offer.country == country);
        found.ok_or_else(|| Fault::new(FaultKind::NoStock, "the service is not in the country's price list"))
    }

    async fn top_countries(
        &self,
        cx: &Cx,
        service: Option<&Service>,
        free_price: bool,
    ) -> Result<Value, Fault> {
        let mut query = Vec::new();
        query.extend(service.map(|service| ("service", service.as_str())));
        query.extend(free_price.then_some(("freePrice", "true")));
        let body = self.read_if_any(cx, Capability::TopCountries, "getTopCountriesByService", &query).await?;
        body.decoded(lists::top_countries).await
    }

    async fn countries(&self, cx: &Cx) -> Result<Vec<ListedCountry>, Fault> {
        let body = self.read_if_any(cx, Capability::Countries, "getCountries", &[]).await?;
        body.decoded(lists::countries).await
    }

    async fn services(
        &self,
        cx: &Cx,
        country: Option<Country>,
        lang: Option<&str>,
    ) -> Result<Vec<ListedService>, Fault> {
        let number = country.map(|country| country.to_string());
        let mut query = Vec::new();
        query.extend(number.as_deref().map(|number| ("country", number)));
        query.extend(lang.map(|lang| ("lang", lang)));
        let body = self.read_if_any(cx, Capability::Services, "getServicesList", &query).await?;
        body.decoded(lists::services).await
    }

    async fn operators(
        &self,
        cx: &Cx,
        country: Option<Country>,
    ) -> Result<BTreeMap<Country, Vec<Operator>>, Fault> {
        if !self.quirks.takes_operator() {
            return Ok(BTreeMap::new());
        }
        let number = country.map(|country| country.to_string());
        let query: Vec<_> = number.as_deref().map(|number| ("country", number)).into_iter().collect();
        let body = self.read_if_any(cx, Capability::Operators, "getOperators", &query).await?;
        body.decoded(|answer| lists::operators(&answer)).await
    }

    /// The order in the form the client used; where the service has no second form, in the first.
    async fn buy(&self, cx: &Cx, order: &Order) -> Result<Bought, Fault> {
        self.quirks.admit(order)?;
        if order.detailed && !self.quirks.lacks(Capability::BuyDetailed) {
            match self.order(cx, "getNumberV2", order).await {
                Ok(body) => return fold::bought(&body, self.currency),
                Err(fault) if is_unknown_action(&fault) => {}
                Err(fault) => return Err(fault),
            }
        }
        fold::bought(&self.order(cx, "getNumber", order).await?, self.currency)
    }

    async fn buy_together(&self, cx: &Cx, orders: &[Order]) -> Result<Vec<Bought>, Fault> {
        self.several(cx, orders).await
    }

    async fn buy_again(&self, cx: &Cx, parent: &Activation) -> Result<Bought, Fault> {
        self.extra(cx, parent).await
    }

    async fn price_again(&self, cx: &Cx, parent: &Activation) -> Result<Money, Fault> {
        self.price_of_extra(cx, parent).await
    }

    async fn buy_additional(&self, cx: &Cx, parent: &Activation, service: &Service) -> Result<Bought, Fault> {
        self.additional(cx, parent, service).await
    }

    fn rentals(&self) -> &dyn Rentals {
        self
    }

    fn mail(&self) -> &dyn Mailboxes {
        self
    }

    async fn buy_product(&self, cx: &Cx, number: ProductNumber) -> Result<BoughtProduct, Fault> {
        self.product(cx, number).await
    }

    async fn poll(&self, cx: &Cx, activation: &Activation) -> Result<Progress, Fault> {
        let answer = self.look(cx, "getStatus", activation).await;
        status::progress(self.made_sure(cx, answer).await, self.clock.now())
    }

    async fn poll_v2(&self, cx: &Cx, activation: &Activation) -> Result<(Progress, Value), Fault> {
        self.quirks.require(Capability::StatusV2)?;
        let body = self.look(cx, "getStatusV2", activation).await;
        let body = body.map_err(|fault| ask::lacking(Capability::StatusV2, fault));
        let body = self.made_sure(cx, body).await;
        let value = body.as_ref().ok().and_then(|body| body.json().ok()).unwrap_or(Value::Null);
        Ok((status::progress(body, self.clock.now())?, value))
    }

    async fn full_text(&self, cx: &Cx, activation: &Activation) -> Result<Option<String>, Fault> {
        self.quirks.require(Capability::FullText)?;
        match self.look(cx, "getFullSms", activation).await {
            Ok(body) => status::full_text(body),
            Err(fault) if is_unknown_action(&fault) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    async fn messages(&self, cx: &Cx, activation: &Activation) -> Result<Vec<Sms>, Fault> {
        let body = self.look(cx, "getAllSms", activation).await;
        let body = body.map_err(|fault| ask::lacking(Capability::Messages, fault))?;
        messages::all(&body.json()?, self.clock.now())
    }

    async fn tell(
        &self,
        cx: &Cx,
        activation: &Activation,
        step: Step,
        forward: Option<&Phone>,
    ) -> Result<(), Fault> {
        if step == Step::Ready && !self.quirks.has_ready {
            return Ok(());
        }
        let (status, agreed) = self.quirks.status_of(step);
        if status == "6" && matches!(step, Step::Reject | Step::Cancel) {
            self.require_waiting(cx, activation).await?;
        }
        let mut query = vec![("status", status), ("id", activation.upstream_id.as_str())];
        query.extend(forward.map(|phone| ("forward", phone.digits())));
        match self.ask(cx, Purpose::Act, "setStatus", &query).await {
            Ok(Body::Empty) => Ok(()),
            Ok(body) if agreed.contains(&body.text()) => Ok(()),
            // Where 6 cancels, it finishes what has its code by now.
            Ok(body) if status == "6" && body.text() == "ACCESS_ACTIVATION" => {
                Err(Fault::upstream(FaultKind::BadStatus, body.text()))
            }
            Ok(_) => Err(malformed("setStatus answered another step than was asked for").in_doubt()),
            // Services of the newer generation have no notion of status 1 (WIRE.md section 1, items 19, 21);
            // a number to forward to that came with it must not be lost in silence.
            Err(fault) if step == Step::Ready && forward.is_none() && is_refusal(&fault) => Ok(()),
            Err(fault) => Err(fault),
        }
    }

    async fn held(&self, cx: &Cx) -> Result<Vec<Held>, Fault> {
        self.living(cx).await
    }

    async fn relay(&self, cx: &Cx, params: &[(String, String)]) -> Result<Relayed, Fault> {
        let mut query = vec![("api_key", cx.key.expose())];
        query.extend(params.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        // It may be an action that buys, so it is sent once.
        let answer = self.http.get(cx, Purpose::Act, Route::to(&self.path), &query).await?;
        fold::verbatim(&answer).map(|body| Relayed { body })
    }

    async fn relay_list(&self, cx: &Cx, params: &[(String, String)]) -> Result<Value, Fault> {
        let action = params.iter().find(|(name, _)| name == "action").map_or("", |(_, action)| action);
        let rest = params.iter().filter(|(name, _)| name != "action");
        let query: Vec<_> = rest.map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let body = self.read_if_any(cx, Capability::Relay, action, &query).await?;
        let decode = if action == "getTopCountriesByServiceRank" { lists::top_countries } else { Ok };
        body.decoded(decode).await
    }

    fn calls(&self) -> Option<&dyn Calls> {
        Some(self)
    }

    fn lacks(&self, capability: Capability) -> bool {
        self.quirks.lacks(capability)
    }
}

/// The fields of a JSON object other than `known`.
fn extra_of(object: &Extra, known: &[&str]) -> Extra {
    object
        .iter()
        .filter(|(name, _)| !known.contains(&name.as_str()))
        .map(|(n, v)| (n.clone(), v.clone()))
        .collect()
}
