//! What an account of a service that speaks the dialect holds: its lists of living activations and rents. Knows
//! nothing of who bought them.
//!
//! Sources: `api/sms-activate.txt`, "Запрос активных активаций" and "Вывести список текущих активаций"; `WIRE.md`
//! section 5 (a bare list). That there is none is said by a word: `NO_ACTIVATIONS` and `NO_NUMBERS`.

use serde_json::Value;

use super::fold::{Body, malformed};
use super::rent::Heard;
use super::rent::shapes::{is_success, moment, values};
use super::{HandlerApi, ask};
use crate::domain::{Country, Currency, Held, Money, Phone, Service};
use crate::provider::http::Purpose;
use crate::provider::read::{self, plain, utc};
use crate::provider::{Capability, Cx, Fault, FaultKind};

impl HandlerApi {
    pub(super) async fn living(&self, cx: &Cx) -> Result<Vec<Held>, Fault> {
        self.quirks.require(Capability::Holdings)?;
        match self.ask(cx, Purpose::List, "getActiveActivations", &[]).await {
            Ok(body) => activations(&body.json()?, self.currency),
            Err(fault) if is_none(&fault, "NO_ACTIVATIONS") => Ok(Vec::new()),
            Err(fault) => Err(ask::lacking(Capability::Holdings, fault)),
        }
    }

    pub(super) async fn living_rents(&self, cx: &Cx) -> Result<Vec<Held>, Fault> {
        self.quirks.require(Capability::RentHoldings)?;
        match self.hear(cx, Purpose::List, "getRentList", &[]).await {
            Ok(Heard::Body(body)) => rents(&body),
            Ok(Heard::Word(_)) => Err(malformed("getRentList answered an undocumented word")),
            Err(fault) if fault.kind == FaultKind::NoStock => Ok(Vec::new()),
            Err(fault) => Err(ask::lacking(Capability::RentHoldings, fault)),
        }
    }
}

fn is_none(fault: &Fault, word: &str) -> bool {
    matches!(&fault.kind, FaultKind::Word(said) if said == word)
}

/// `{"status":"success","activeActivations":[{"activationId","serviceCode","phoneNumber","activationCost",
/// "activationTime","countryCode",…}]}`. A time is taken as UTC (`UPSTREAMS.md` section 8).
fn activations(answer: &Value, currency: Currency) -> Result<Vec<Held>, Fault> {
    let rows = answer.get("activeActivations").unwrap_or(answer).as_array();
    let rows = rows.ok_or_else(|| malformed("getActiveActivations answered no list"))?;
    let row = |row: &Value| {
        let text = |name: &str| plain(row.get(name));
        Some(Held {
            phone: text("phoneNumber").and_then(|phone| Phone::parse(&phone).ok()),
            service: text("serviceCode").and_then(|code| Service::parse(&code).ok()),
            country: text("countryCode").and_then(|code| Country::parse(&code).ok()),
            price: read::price(row.get("activationCost")).map(|amount| Money { amount, currency }),
            bought_at: text("activationTime").and_then(|time| utc(&time)),
            ..Held::new(read::id(row.get("activationId"))?)
        })
    };
    let all: Option<Vec<_>> = rows.iter().map(row).collect();
    all.ok_or_else(|| malformed("a row of getActiveActivations has no id"))
}

/// `{"status":"success","values":{"0":{"id":"123456","phone":"79181234567"}}}`; an end, which `getRentNumber` calls
/// `endDate`, is read where there is one.
fn rents(body: &Body) -> Result<Vec<Held>, Fault> {
    let answer = body.json()?;
    let listed = answer.get("values").filter(|rows| rows.is_object() || rows.is_array());
    if !is_success(&answer) || listed.is_none() {
        return Err(malformed("getRentList answered no list"));
    }
    let row = |row: &Value| {
        let text = |name: &str| plain(row.get(name));
        Some(Held {
            phone: text("phone").and_then(|phone| Phone::parse(&phone).ok()),
            ends_at: text("endDate").and_then(|end| moment(&end)),
            ..Held::new(read::id(row.get("id"))?)
        })
    };
    let all: Option<Vec<_>> = values(listed).into_iter().map(row).collect();
    all.ok_or_else(|| malformed("a row of getRentList has no id"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_activation_is_read_as_the_document_has_it_and_in_a_bare_list() {
        let row = json!({
            "activationId": "635468021", "serviceCode": "vk", "phoneNumber": "79181234567",
            "activationCost": "12.50", "activationTime": "2022-06-01 16:59:16", "countryCode": "0",
        });
        let whole = json!({ "status": "success", "activeActivations": [row] });
        for answer in [whole, json!([row])] {
            let held = activations(&answer, Currency::RUB).unwrap().pop().unwrap();
            assert_eq!(held.upstream_id, "635468021");
            assert_eq!(held.phone.unwrap().digits(), "79181234567");
            assert_eq!(held.service.unwrap().as_str(), "vk");
            assert_eq!(held.country, Some(Country(0)));
            assert_eq!(held.price, Some(Money::rub("12.50".parse().unwrap())));
            assert_eq!(held.bought_at.unwrap().to_string(), "2022-06-01T16:59:16Z");
        }
        // The document's own example hides the number.
        let hidden = json!([{ "activationId": 1, "phoneNumber": "79********1" }]);
        assert_eq!(activations(&hidden, Currency::RUB), Ok(vec![Held::new("1".into())]));
    }

    #[test]
    fn a_list_with_a_row_that_cannot_be_told_from_the_others_is_none() {
        for bad in [json!([{}]), json!([{ "activationId": "1" }, 7]), json!({ "data": [] }), json!(null)] {
            assert!(activations(&bad, Currency::RUB).is_err(), "{bad}");
        }
        for bad in [r#"{"status":"success"}"#, r#"{"status":"success","values":[{}]}"#, "[]"] {
            assert!(rents(&Body::Text(bad.into())).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_rent_is_read_from_an_object_and_from_a_list() {
        let row = r#"{"id":"123456","phone":"79181234567","endDate":"2020-01-31T12:01:52"}"#;
        for values in [format!("[{row}]"), format!(r#"{{"0":{row}}}"#)] {
            let body = Body::Text(format!(r#"{{"status":"success","values":{values}}}"#));
            let held = rents(&body).unwrap().pop().unwrap();
            assert_eq!((held.upstream_id.as_str(), held.phone.unwrap().digits()), ("123456", "79181234567"));
            assert_eq!(held.ends_at.unwrap().to_string(), "2020-01-31T12:01:52Z");
        }
    }
}
