//! The other ways in which a compatible service sells numbers: one for several services, a used one once more,
//! a service beside that of a number that forwards. Knows no shape of their answers but the price's.
//!
//! Source: `api/sms-activate.txt`, "Заказ номера для нескольких сервисов", "Дополнительная активация номера",
//! "Получить цену за дополнительную активацию номера", "Дополнительный сервис для номеров с переадресацией".
//! HeroSMS has `reactivate` and `reactivationPrice` in place of two of them (PyPI `herosms` 0.1.1,
//! `_resources.py`).

use serde_json::Value;

use super::HandlerApi;
use super::ask::{joined, lacking};
use super::fold::{self, Body, malformed};
use super::words::is_unknown_action;
use crate::domain::{Activation, Bought, Money, Order, Service};
use crate::provider::http::Purpose;
use crate::provider::{Capability, Cx, Fault, read, words};

impl HandlerApi {
    /// One number for several services.
    pub(super) async fn several(&self, cx: &Cx, orders: &[Order]) -> Result<Vec<Bought>, Fault> {
        self.quirks.require(Capability::MultiService)?;
        orders.iter().try_for_each(|order| self.quirks.admit(order))?;
        let [first, ..] = orders else { return Err(malformed("nothing was ordered")) };
        let services: Vec<&str> = orders.iter().map(|order| order.service.as_str()).collect();
        let flags: Vec<&str> = orders.iter().map(|order| if order.forward { "1" } else { "0" }).collect();
        let (names, flags) = (services.join(","), flags.join(","));
        let (country, operators) = (first.country.to_string(), joined(&first.operators));
        let mut query = vec![("multiService", names.as_str()), ("country", country.as_str())];
        query.extend(orders.iter().any(|order| order.forward).then_some(("multiForward", flags.as_str())));
        query.extend(Some(("operator", operators.as_str())).filter(|(_, names)| !names.is_empty()));
        query.extend(self.referral.as_deref().map(|referral| ("ref", referral)));
        let body = self.ask(cx, Purpose::Act, "getMultiServiceNumber", &query).await;
        fold::bought_together(&body.map_err(|fault| lacking(Capability::MultiService, fault))?, &services)
    }

    /// The number of a used activation once more.
    pub(super) async fn extra(&self, cx: &Cx, parent: &Activation) -> Result<Bought, Fault> {
        let names = [("getExtraActivation", "activationId"), ("reactivate", "id")];
        let body = self.about_extra(cx, Purpose::Act, names, parent).await?;
        let sold = fold::bought(&body, self.currency)?;
        if sold.phone == parent.phone {
            return Ok(sold);
        }
        Err(malformed("another number than the one that was asked for").in_doubt())
    }

    /// What that would cost: `{"status":"success","cost":200,…}`, or HeroSMS's `{"data":{"price":…}}`.
    pub(super) async fn price_of_extra(&self, cx: &Cx, parent: &Activation) -> Result<Money, Fault> {
        let names = [("checkExtraActivation", "activationId"), ("reactivationPrice", "id")];
        let answer = self.about_extra(cx, Purpose::Ahead, names, parent).await?.json()?;
        let data = answer.get("data").unwrap_or(&Value::Null);
        let price = read::price(answer.get("cost")).or_else(|| read::price(data.get("price")));
        let amount = price.ok_or_else(|| malformed("no cost of a further activation"))?;
        Ok(Money { amount, currency: self.currency })
    }

    /// Asks by the first of two names, and where that is no action by the other.
    async fn about_extra(
        &self,
        cx: &Cx,
        purpose: Purpose,
        names: [(&str, &str); 2],
        parent: &Activation,
    ) -> Result<Body, Fault> {
        self.quirks.require(Capability::ExtraActivation)?;
        let [(action, id), (other, other_id)] = names;
        match self.ask(cx, purpose, action, &[(id, parent.upstream_id.as_str())]).await {
            Err(fault) if is_unknown_action(&fault) => {}
            answer => return answer,
        }
        let answer = self.ask(cx, purpose, other, &[(other_id, parent.upstream_id.as_str())]).await;
        answer.map_err(|fault| lacking(Capability::ExtraActivation, fault))
    }

    /// A further service on a number that forwards: `ADDITIONAL:id:phone`.
    pub(super) async fn additional(
        &self,
        cx: &Cx,
        parent: &Activation,
        service: &Service,
    ) -> Result<Bought, Fault> {
        self.quirks.require(Capability::AdditionalService)?;
        let query = [("service", service.as_str()), ("id", parent.upstream_id.as_str())];
        let body = self.ask(cx, Purpose::Act, "getAdditionalService", &query).await;
        let body = body.map_err(|fault| lacking(Capability::AdditionalService, fault))?;
        words::added(body.text())
            .filter(|sold| sold.phone == parent.phone)
            .ok_or_else(|| malformed("the answer to an order is not that number").in_doubt())
    }
}
