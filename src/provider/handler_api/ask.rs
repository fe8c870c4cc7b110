//! How a compatible service is asked, and how the words of its answers are read. Knows no shape of an answer
//! but a balance's.

use serde_json::Value;

use super::HandlerApi;
use super::fold::{self, Body, malformed};
use super::lists;
use super::words::is_unknown_action;
use crate::domain::{Activation, Country, Money, Offer, Operator, Order, Progress, Service, amount_of_json};
use crate::provider::http::{Answer, Purpose, Route};
use crate::provider::{Capability, Cx, Effect, Fault, FaultKind, Provider};

impl HandlerApi {
    pub(super) async fn ask(
        &self,
        cx: &Cx,
        purpose: Purpose,
        action: &str,
        query: &[(&str, &str)],
    ) -> Result<Body, Fault> {
        let answer = self.send(cx, purpose, action, query).await?;
        fold::fold(&answer).map_err(|fault| self.quirks.words.reread(action, fault))
    }

    /// The same, and the answer as it came.
    pub(super) async fn send(
        &self,
        cx: &Cx,
        purpose: Purpose,
        action: &str,
        query: &[(&str, &str)],
    ) -> Result<Answer, Fault> {
        let mut all = vec![("api_key", cx.key.expose()), ("action", action)];
        all.extend_from_slice(query);
        all.extend(self.quirks.currency_for(action));
        self.http.get(cx, purpose, Route::to(&self.path), &all).await
    }

    pub(super) async fn read(&self, cx: &Cx, action: &str, query: &[(&str, &str)]) -> Result<Body, Fault> {
        self.ask(cx, Purpose::List, action, query).await
    }

    /// The same of an action that a service may lack: declared, or seen by its answer.
    pub(super) async fn read_if_any(
        &self,
        cx: &Cx,
        part: Capability,
        action: &str,
        query: &[(&str, &str)],
    ) -> Result<Body, Fault> {
        self.quirks.require(part)?;
        self.read(cx, action, query).await.map_err(|fault| lacking(part, fault))
    }

    /// What is on offer: of a service, in a country, of both, or everything.
    pub(super) async fn priced(
        &self,
        cx: &Cx,
        purpose: Purpose,
        service: Option<&Service>,
        country: Option<Country>,
    ) -> Result<Vec<Offer>, Fault> {
        let number = country.map(|country| country.to_string());
        let mut query = Vec::new();
        query.extend(service.map(|service| ("service", service.as_str())));
        query.extend(number.as_deref().map(|number| ("country", number)));
        let (body, currency) = (self.ask(cx, purpose, "getPrices", &query).await?, self.currency);
        body.decoded(move |answer| lists::offers(&answer, country, currency)).await
    }

    /// A question about an activation.
    pub(super) async fn look(&self, cx: &Cx, action: &str, activation: &Activation) -> Result<Body, Fault> {
        self.ask(cx, Purpose::Poll, action, &[("id", activation.upstream_id.as_str())]).await
    }

    /// Makes sure of an unknown activation where the same word may mean a wrong key: it may end what the
    /// ledger has, and a key that was changed must not.
    pub(super) async fn made_sure(&self, cx: &Cx, answer: Result<Body, Fault>) -> Result<Body, Fault> {
        if let Err(fault) = &answer
            && fault.kind == FaultKind::UnknownActivation
            && self.quirks.words.may_mean_wrong_key(fault)
        {
            self.money(cx, "getBalance").await?;
        }
        answer
    }

    /// Looks whether a number still waits for its first message: 6 cancels only such a one, finishes one that
    /// has a message nobody has seen yet, and means something else where the service is to send again.
    pub(super) async fn require_waiting(&self, cx: &Cx, activation: &Activation) -> Result<(), Fault> {
        let refused = |word| Err(Fault::upstream(FaultKind::BadStatus, word));
        match self.poll(cx, activation).await {
            Ok(Progress::Received(_)) => refused("STATUS_OK"),
            Ok(Progress::Resend) => refused("STATUS_WAIT_RESEND"),
            Ok(Progress::Waiting | Progress::Cancelled | Progress::Gone) => Ok(()),
            // Nothing was changed by looking.
            Err(fault) => Err(Fault { effect: Effect::None, ..fault }),
        }
    }

    pub(super) async fn money(&self, cx: &Cx, action: &str) -> Result<Money, Fault> {
        let body = self.read(cx, action, &[]).await?;
        let amount = body.text().strip_prefix("ACCESS_BALANCE:");
        let amount = amount.and_then(|amount| amount_of_json(&Value::String(amount.to_owned())));
        amount
            .map(|amount| Money { amount, currency: self.currency })
            .ok_or_else(|| malformed("the balance is no amount"))
    }

    pub(super) async fn order(&self, cx: &Cx, action: &str, order: &Order) -> Result<Body, Fault> {
        let country = order.country.to_string();
        let operators = joined(&order.operators);
        let excluded = order.excluded.join(",");
        let caps = !self.quirks.lacks(Capability::MaxPrice);
        let max_price = order.max_price.filter(|_| caps).map(|price| price.normalize().to_string());
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
            ("freePrice", order.free_price && caps),
            ("verification", order.verification),
            ("useCashBack", order.use_cashback),
        ];
        query.extend(switches.iter().filter(|(_, on)| *on).map(|(name, _)| (*name, "true")));
        query.extend(self.referral.as_deref().map(|referral| ("ref", referral)));
        self.ask(cx, Purpose::Act, action, &query).await
    }
}

/// A fault that says that there is no such action, as what is lacking for it.
pub(super) fn lacking(part: Capability, fault: Fault) -> Fault {
    if !is_unknown_action(&fault) {
        return fault;
    }
    Fault { upstream_code: fault.upstream_code, ..Fault::unsupported(part) }
}

pub(super) fn joined(operators: &[Operator]) -> String {
    operators.iter().map(Operator::as_str).collect::<Vec<_>>().join(",")
}
