//! A service that speaks the dialect itself: sms-activate's own API (`api/sms-activate.txt`) as its
//! successors and compatible services offer it. Its codes are its own, so nothing is unmapped; its
//! activation ids still go through the ledger. Knows nothing of what our clients sent beyond the order.
//!
//! Answers of the newer generation (HTTP 4xx with `{"title","details"}`, HTTP 204) are folded back into
//! the dialect (`WIRE.md` section 1, item 21).

pub(super) mod fold;
pub(super) mod lists;
pub(super) mod status;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;

use super::http::{Http, Purpose, Route};
use super::{
    Capability, Cx, Fault, ListedCountry, ListedService, OptionKey, OptionKind, Parts, Provider, Relayed,
    Spec,
};
use crate::catalog::Mapping;
use crate::clock::Clock;
use crate::domain::{
    Activation, Bought, Country, Currency, Extra, Money, Offer, Operator, Order, Phone, Progress, Service,
    Step, amount_of_json,
};
use fold::{Body, malformed};

/// What is fixed about a compatible service.
pub static SPEC: Spec = Spec {
    kind: "sms-activate",
    summary: "any service that speaks sms-activate's own dialect",
    capabilities: &[
        Capability::Balance,
        Capability::Cashback,
        Capability::Market,
        Capability::Counts,
        Capability::TopCountries,
        Capability::Countries,
        Capability::Services,
        Capability::Operators,
        Capability::Buy,
        Capability::BuyDetailed,
        Capability::OperatorList,
        Capability::MaxPrice,
        Capability::PhoneException,
        Capability::Forward,
        Capability::Verification,
        Capability::Poll,
        Capability::StatusV2,
        Capability::FullText,
        Capability::Tell,
        Capability::Relay,
    ],
    speaks_dialect: true,
    in_process: false,
    needs_key: true,
    base_urls: &[],
    path: Some("/stubs/handler_api.php"),
    currency: Currency::RUB,
    lifetime: Duration::from_secs(20 * 60),
    options: &[OptionKey {
        name: "ref",
        kind: OptionKind::Text,
        default: "",
        doc: "your software's referral id at this service, sent as ref with every order; a client's own ref is \
              meant for another service and is not passed on",
    }],
    variants: None,
    counterpart: None,
    mapping: Mapping::open,
    build,
};

struct HandlerApi {
    http: Http,
    path: String,
    currency: Currency,
    referral: Option<String>,
    clock: Arc<dyn Clock>,
}

fn build(parts: Parts) -> Result<Arc<dyn Provider>, String> {
    Ok(Arc::new(HandlerApi {
        currency: parts.currency,
        referral: parts.options.text("ref").map(str::to_owned),
        http: parts.http,
        path: parts.path,
        clock: parts.clock,
    }))
}

impl HandlerApi {
    async fn ask(
        &self,
        cx: &Cx,
        purpose: Purpose,
        action: &str,
        query: &[(&str, &str)],
    ) -> Result<Body, Fault> {
        let mut all = vec![("api_key", cx.key.expose()), ("action", action)];
        all.extend_from_slice(query);
        fold::fold(&self.http.get(cx, purpose, Route::to(&self.path), &all).await?)
    }

    async fn read(&self, cx: &Cx, action: &str, query: &[(&str, &str)]) -> Result<Body, Fault> {
        self.ask(cx, Purpose::List, action, query).await
    }

    /// A question about an activation.
    async fn look(&self, cx: &Cx, action: &str, activation: &Activation) -> Result<Body, Fault> {
        self.ask(cx, Purpose::Poll, action, &[("id", activation.upstream_id.as_str())]).await
    }

    async fn money(&self, cx: &Cx, action: &str) -> Result<Money, Fault> {
        let body = self.read(cx, action, &[]).await?;
        let amount = body.text().strip_prefix("ACCESS_BALANCE:");
        let amount = amount.and_then(|amount| amount_of_json(&Value::String(amount.to_owned())));
        amount
            .map(|amount| Money { amount, currency: self.currency })
            .ok_or_else(|| malformed("the balance is no amount"))
    }

    async fn order(&self, cx: &Cx, action: &str, order: &Order) -> Result<Body, Fault> {
        let country = order.country.to_string();
        let operators = joined(&order.operators);
        let excluded = order.excluded.join(",");
        let max_price = order.max_price.map(|price| price.normalize().to_string());
        let mut query = vec![("service", order.service.as_str()), ("country", country.as_str())];
        if !operators.is_empty() {
            query.push(("operator", &operators));
        }
        if order.forward {
            query.push(("forward", "1"));
        }
        if let Some(max_price) = &max_price {
            query.push(("maxPrice", max_price));
        }
        if !excluded.is_empty() {
            query.push(("phoneException", &excluded));
        }
        let switches = [
            ("freePrice", order.free_price),
            ("verification", order.verification),
            ("useCashBack", order.use_cashback),
        ];
        query.extend(switches.iter().filter(|(_, on)| *on).map(|(name, _)| (*name, "true")));
        query.extend(self.referral.as_deref().map(|referral| ("ref", referral)));
        self.ask(cx, Purpose::Act, action, &query).await
    }
}

fn joined(operators: &[Operator]) -> String {
    operators.iter().map(Operator::as_str).collect::<Vec<_>>().join(",")
}

fn operator_query(operators: &str) -> Option<(&'static str, &str)> {
    (!operators.is_empty()).then_some(("operator", operators))
}

#[async_trait]
impl Provider for HandlerApi {
    async fn balance(&self, cx: &Cx) -> Result<Money, Fault> {
        self.money(cx, "getBalance").await
    }

    async fn balance_and_cashback(&self, cx: &Cx) -> Result<Money, Fault> {
        self.money(cx, "getBalanceAndCashBack").await
    }

    async fn market(
        &self,
        cx: &Cx,
        service: Option<&Service>,
        country: Option<Country>,
    ) -> Result<Vec<Offer>, Fault> {
        let number = country.map(|country| country.to_string());
        let mut query = Vec::new();
        query.extend(service.map(|service| ("service", service.as_str())));
        query.extend(number.as_deref().map(|number| ("country", number)));
        lists::offers(&self.read(cx, "getPrices", &query).await?.json()?, country, self.currency)
    }

    async fn counts(
        &self,
        cx: &Cx,
        country: Country,
        operators: &[Operator],
    ) -> Result<BTreeMap<String, u64>, Fault> {
        let (country, operators) = (country.to_string(), joined(operators));
        let mut query = vec![("country", country.as_str())];
        query.extend(operator_query(&operators));
        lists::counts(&self.read(cx, "getNumbersStatus", &query).await?.json()?)
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
        lists::top_countries(self.read(cx, "getTopCountriesByService", &query).await?.json()?)
    }

    async fn countries(&self, cx: &Cx) -> Result<Vec<ListedCountry>, Fault> {
        lists::countries(self.read(cx, "getCountries", &[]).await?.json()?)
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
        lists::services(self.read(cx, "getServicesList", &query).await?.json()?)
    }

    async fn operators(
        &self,
        cx: &Cx,
        country: Option<Country>,
    ) -> Result<BTreeMap<Country, Vec<Operator>>, Fault> {
        let number = country.map(|country| country.to_string());
        let query: Vec<_> = number.as_deref().map(|number| ("country", number)).into_iter().collect();
        lists::operators(&self.read(cx, "getOperators", &query).await?.json()?)
    }

    /// The order in the form the client used; where the service has no second form, in the first.
    async fn buy(&self, cx: &Cx, order: &Order) -> Result<Bought, Fault> {
        if order.detailed {
            match self.order(cx, "getNumberV2", order).await {
                Ok(body) => return fold::bought(&body, self.currency),
                Err(fault) if fold::is_unknown_action(&fault) => {}
                Err(fault) => return Err(fault),
            }
        }
        fold::bought(&self.order(cx, "getNumber", order).await?, self.currency)
    }

    async fn poll(&self, cx: &Cx, activation: &Activation) -> Result<Progress, Fault> {
        status::progress(self.look(cx, "getStatus", activation).await, self.clock.now())
    }

    async fn poll_v2(&self, cx: &Cx, activation: &Activation) -> Result<(Progress, Value), Fault> {
        let body = self.look(cx, "getStatusV2", activation).await;
        let value = body.as_ref().ok().and_then(|body| body.json().ok()).unwrap_or(Value::Null);
        Ok((status::progress(body, self.clock.now())?, value))
    }

    async fn full_text(&self, cx: &Cx, activation: &Activation) -> Result<Option<String>, Fault> {
        match self.look(cx, "getFullSms", activation).await {
            Ok(body) => status::full_text(body),
            Err(fault) if fold::is_unknown_action(&fault) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    async fn tell(
        &self,
        cx: &Cx,
        activation: &Activation,
        step: Step,
        forward: Option<&Phone>,
    ) -> Result<(), Fault> {
        let (status, agreed) = status::of_step(step);
        let mut query = vec![("status", status), ("id", activation.upstream_id.as_str())];
        query.extend(forward.map(|phone| ("forward", phone.digits())));
        match self.ask(cx, Purpose::Act, "setStatus", &query).await {
            Ok(Body::Empty) => Ok(()),
            Ok(body) if agreed.contains(&body.text()) => Ok(()),
            Ok(_) => Err(malformed("setStatus answered another step than was asked for").in_doubt()),
            // Services of the newer generation have no notion of status 1 (WIRE.md section 1, items 19, 21);
            // a number to forward to that came with it must not be lost in silence.
            Err(fault) if step == Step::Ready && forward.is_none() && fold::is_refusal(&fault) => Ok(()),
            Err(fault) => Err(fault),
        }
    }

    async fn relay(&self, cx: &Cx, params: &[(String, String)]) -> Result<Relayed, Fault> {
        let mut query = vec![("api_key", cx.key.expose())];
        query.extend(params.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        // It may be an action that buys, so it is sent once.
        let answer = self.http.get(cx, Purpose::Act, Route::to(&self.path), &query).await?;
        fold::verbatim(&answer).map(|body| Relayed { body })
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
