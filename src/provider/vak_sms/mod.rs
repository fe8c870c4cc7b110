//! VAK-SMS: a native API of its own (`api/vak-sms.txt`), truly translated. Maps our questions onto its
//! calls and its answers onto our facts; knows no ids, limits or retries of ours.
//!
//! | ours | theirs | source |
//! |---|---|---|
//! | balance | `getBalance` (rubles) | "Баланс пользователя, в рублях" |
//! | offers | `getCountNumberList` | "Количество доступных номеров" |
//! | quote | `getCountNumber` with `price` | "Количество доступных номеров" |
//! | buy, buy together | `getNumber`, with one service or two | "Получение номера" |
//! | buy again | `prolongNumber` | "Продление полученного ранее номера" |
//! | poll | `getSmsCode` with `all` | "Состояние активации" |
//! | tell another, reject, cancel | `setStatus` send, end, end | "Изменение статуса" |
//! | tell ready, finish | no call: it has no notion of either | `UPSTREAMS.md` section 1 |
//!
//! Its rents are in `rent`.

mod codes;
mod more;
mod rent;
mod wire;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use rust_decimal::Decimal;
use serde_json::Value;

use super::http::{Http, Purpose, Route};
use super::read;
use super::{
    Capability, Counterpart, Cx, Fault, FaultKind, OptionKey, OptionKind, Parts, Provider, Rentals, Spec,
};
use crate::catalog::Mapping;
use crate::clock::Clock;
use crate::domain::{
    Activation, Bought, Country, Currency, Extra, Inbox, Money, Offer, Operator, Order, Phone, Progress,
    Service, Sms, Step,
};

/// What is fixed about VAK-SMS.
pub static SPEC: Spec = Spec {
    kind: "vak-sms",
    summary: "VAK-SMS, by its native API",
    capabilities: &[
        Capability::Balance,
        Capability::Offers,
        Capability::Quote,
        Capability::Buy,
        Capability::Operator,
        Capability::MultiService,
        Capability::ExtraActivation,
        Capability::Poll,
        Capability::Tell,
        Capability::Rent,
        Capability::RentOffers,
    ],
    speaks_dialect: false,
    in_process: false,
    needs_key: true,
    // The document's own host is vak-sms.ru; client libraries try these (UPSTREAMS.md section 1).
    base_urls: &["https://vak-sms.com", "https://vak-sms.ru", "https://moresms.net", "https://vaksms.ru"],
    path: Some("/api"),
    currency: Currency::RUB,
    lifetime: Duration::from_secs(20 * 60),
    expiry_refunds: false,
    options: &[OptionKey {
        name: "soft_id",
        kind: OptionKind::Integer,
        default: "",
        doc: "your software's number in VAK-SMS's referral system, sent as softId with every order",
    }],
    variants: None,
    // "an own `/stubs/handler_api.php`" (UPSTREAMS.md section 1).
    counterpart: Some(|_| Counterpart { kind: "sms-activate", options: &[("preset", "vak-sms-compat")] }),
    mapping: codes::mapping,
    build,
};

struct VakSms {
    http: Http,
    path: String,
    mapping: Mapping,
    currency: Currency,
    soft_id: Option<u64>,
    clock: Arc<dyn Clock>,
    rents_asked: rent::Asked,
}

fn build(parts: Parts) -> Result<Arc<dyn Provider>, String> {
    Ok(Arc::new(VakSms {
        currency: parts.currency,
        soft_id: parts.options.integer("soft_id"),
        http: parts.http,
        path: parts.path.trim_end_matches('/').to_owned(),
        mapping: parts.mapping,
        clock: parts.clock,
        rents_asked: rent::Asked::default(),
    }))
}

/// A service, country and operator in VAK-SMS's own codes.
struct Place<'a> {
    country: Cow<'a, str>,
    operator: Option<&'a str>,
}

impl VakSms {
    fn money(&self, amount: Decimal) -> Money {
        Money { amount, currency: self.currency }
    }

    async fn call(
        &self,
        cx: &Cx,
        purpose: Purpose,
        method: &str,
        query: &[(&str, &str)],
    ) -> Result<Value, Fault> {
        let mut all = vec![("apiKey", cx.key.expose())];
        all.extend_from_slice(query);
        let path = format!("{}/{method}/", self.path);
        let answer = self.http.get(cx, purpose, Route::to(&path), &all).await?;
        read::decoded(answer.body.len(), move || wire::decode(&answer)).await
    }

    /// Their codes of a service, in the order to be tried; at least one.
    fn codes(&self, service: &Service) -> Result<(String, Vec<String>), Fault> {
        let mut codes = self.mapping.services(service).into_owned().into_iter();
        let first = codes.next().ok_or_else(|| {
            Fault::new(FaultKind::UnknownService, format!("VAK-SMS has no service for {service}"))
        })?;
        Ok((first, codes.collect()))
    }

    fn place<'a>(&'a self, country: Country, operator: Option<&'a Operator>) -> Result<Place<'a>, Fault> {
        let code = self.mapping.country(country).ok_or_else(|| {
            Fault::new(FaultKind::UnknownCountry, format!("VAK-SMS has no country for {country}"))
        })?;
        let operator = match operator {
            None => None,
            Some(name) => Some(self.mapping.operator(country, name).ok_or_else(|| {
                Fault::new(FaultKind::UnknownOperator, format!("VAK-SMS has no operator {name} there"))
            })?),
        };
        Ok(Place { country: code, operator })
    }

    /// Orders a code, or two with a comma between, on these terms.
    async fn get_number(
        &self,
        cx: &Cx,
        codes: &str,
        place: &Place<'_>,
        terms: &[(&str, &str)],
    ) -> Result<Value, Fault> {
        let soft_id = self.soft_id.map(|id| id.to_string());
        let mut query = vec![("service", codes), ("country", place.country.as_ref())];
        query.extend_from_slice(terms);
        query.extend(place.operator.map(|operator| ("operator", operator)));
        query.extend(soft_id.as_deref().map(|id| ("softId", id)));
        self.call(cx, Purpose::Act, "getNumber", &query).await
    }

    async fn buy_code(
        &self,
        cx: &Cx,
        code: &str,
        place: &Place<'_>,
        terms: &[(&str, &str)],
    ) -> Result<Bought, Fault> {
        wire::bought(&self.get_number(cx, code, place, terms).await?, self.currency)
    }

    /// Buys on these terms. One operator at most: the engine asks for several one after another.
    async fn buy_with(&self, cx: &Cx, order: &Order, terms: &[(&str, &str)]) -> Result<Bought, Fault> {
        let place = self.place(order.country, order.operators.first())?;
        let (first, others) = self.codes(&order.service)?;
        let mut outcome = self.buy_code(cx, &first, &place, terms).await;
        // A cap was held against the first code's price only, so only that one may be bought under it.
        for code in others.iter().filter(|_| order.max_price.is_none()) {
            if !matches!(&outcome, Err(fault) if fault.kind == FaultKind::NoStock) {
                break;
            }
            outcome = self.buy_code(cx, code, &place, terms).await;
        }
        outcome
    }

    async fn set_status(&self, cx: &Cx, id: &str, status: &str) -> Result<String, Fault> {
        let query = [("status", status), ("idNum", id)];
        let answer = self.call(cx, Purpose::Act, "setStatus", &query).await?;
        wire::text(&answer, "status")
    }
}

#[async_trait]
impl Provider for VakSms {
    async fn balance(&self, cx: &Cx) -> Result<Money, Fault> {
        let answer = self.call(cx, Purpose::List, "getBalance", &[]).await?;
        wire::amount(&answer, "balance").map(|amount| self.money(amount))
    }

    async fn offers(
        &self,
        cx: &Cx,
        country: Country,
        operator: Option<&Operator>,
    ) -> Result<Vec<Offer>, Fault> {
        let place = self.place(country, operator)?;
        let mut query = vec![("country", place.country.as_ref())];
        query.extend(place.operator.map(|operator| ("operator", operator)));
        let answer = self.call(cx, Purpose::List, "getCountNumberList", &query).await?;
        let listed = wire::listed(&answer)?;
        let offer = |service: &Service| {
            let rows: Vec<_> =
                self.mapping.services(service).iter().filter_map(|code| listed.get(code.as_str())).collect();
            // Where two of their services are one of ours, the price is that of the one bought first.
            let first = rows.first()?;
            Some(Offer {
                service: service.clone(),
                country,
                price: self.money(first.price),
                count: rows.iter().fold(0, |sum, row| row.count.saturating_add(sum)),
                extra: Extra::new(),
            })
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
        let place = self.place(country, operator)?;
        let (code, _) = self.codes(service)?;
        let mut query = vec![("service", code.as_str()), ("country", place.country.as_ref())];
        query.extend(place.operator.map(|operator| ("operator", operator)));
        // Its presence asks for the price.
        query.push(("price", "true"));
        let answer = self.call(cx, Purpose::Ahead, "getCountNumber", &query).await?;
        Ok(Offer {
            service: service.clone(),
            country,
            price: self.money(wire::price(&answer)?),
            count: wire::count(&answer, &code)?,
            extra: Extra::new(),
        })
    }

    async fn buy(&self, cx: &Cx, order: &Order) -> Result<Bought, Fault> {
        self.buy_with(cx, order, &[]).await
    }

    fn rentals(&self) -> &dyn Rentals {
        self
    }

    async fn buy_together(&self, cx: &Cx, orders: &[Order]) -> Result<Vec<Bought>, Fault> {
        self.buy_two(cx, orders).await
    }

    async fn buy_again(&self, cx: &Cx, parent: &Activation) -> Result<Bought, Fault> {
        self.prolong(cx, parent).await
    }

    async fn price_again(&self, cx: &Cx, parent: &Activation) -> Result<Money, Fault> {
        self.price_of_more(cx, parent).await
    }

    async fn poll(&self, cx: &Cx, activation: &Activation) -> Result<Progress, Fault> {
        // `all` by its presence gives every code so far, so that a repeated code still counts.
        let query = [("idNum", activation.upstream_id.as_str()), ("all", "true")];
        let codes = match self.call(cx, Purpose::Poll, "getSmsCode", &query).await {
            Ok(answer) => wire::codes(&answer)?,
            Err(fault) if fault.kind == FaultKind::UnknownActivation => return Ok(Progress::Gone),
            Err(fault) => return Err(fault),
        };
        let now = self.clock.now();
        let sms = |code: String| Sms::of_code(code, now);
        Ok(match codes {
            wire::Codes::None => Progress::Waiting,
            wire::Codes::All(codes) => Progress::Received(Inbox::All(codes.into_iter().map(sms).collect())),
            // Only the newest was shown: it is new if we do not have it already.
            wire::Codes::One(code) => {
                let mut all = activation.messages.clone();
                if all.last().is_none_or(|last| last.code != code) {
                    all.push(sms(code));
                }
                Progress::Received(Inbox::All(all))
            }
        })
    }

    async fn tell(
        &self,
        cx: &Cx,
        activation: &Activation,
        step: Step,
        _forward: Option<&Phone>,
    ) -> Result<(), Fault> {
        let (status, agreed) = match step {
            // `send` means "one more SMS", and makes an unused number unrefundable, so it is not for
            // "ready"; and nothing is to be told of an end (UPSTREAMS.md section 1).
            Step::Ready | Step::Resent | Step::Finish => return Ok(()),
            Step::Another => ("send", "ready"),
            // `bad` is agreed to even after a code has come, and is then not refunded. `end` says smsReceived,
            // so that a code which comes at the same moment is not thrown away (UPSTREAMS.md section 6).
            Step::Reject | Step::Cancel => ("end", "update"),
        };
        let answer = self.set_status(cx, &activation.upstream_id, status).await?;
        match answer.as_str() {
            word if word == agreed => Ok(()),
            "waitSMS" => Err(Fault::upstream(FaultKind::TooEarlyToCancel, "waitSMS")),
            "smsReceived" => Err(Fault::upstream(FaultKind::BadStatus, "smsReceived")),
            _ => Err(wire::malformed("setStatus answered an undocumented status").in_doubt()),
        }
    }

    /// Services that wait longer than 20 minutes (`UPSTREAMS.md` section 1, from a client library).
    fn lifetime_of(&self, service: &Service) -> Option<Duration> {
        let minutes = match self.mapping.services(service).first()?.as_str() {
            "tf" => 120,
            "cp" | "mg" | "strh" => 60,
            "ai" | "ig" | "tw" => 30,
            _ => return None,
        };
        Some(Duration::from_secs(minutes * 60))
    }
}
