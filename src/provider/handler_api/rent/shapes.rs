//! The JSON of the rent section, in every shape that the rest of the dialect was met in: amounts and ids as
//! numbers or texts, objects or lists. Knows no error word and no request.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::domain::{Bought, Country, Currency, Extra, Money, Offer, Operator, Phone, Service, Sms};
use crate::provider::handler_api::extra_of;
use crate::provider::handler_api::fold::malformed;
use crate::provider::read::{self, plain, utc, whole};
use crate::provider::{Fault, RentOffers};

/// `{"countries":{"0":0},"operators":{"0":"aiva","1":"any"},"services":{"full":{"cost":42.93,"quant":20}}}`
/// ("Запросить доступные страны и сервисы"). `any` is no operator. A row that cannot be read is passed over.
pub fn offers(answer: &Value, country: Country, currency: Currency) -> Result<RentOffers, Fault> {
    let services = match answer.get("services") {
        Some(Value::Object(rows)) => rows.clone(),
        // PHP prints an empty map as [].
        Some(Value::Array(rows)) if rows.is_empty() => Extra::new(),
        _ => return Err(malformed("the answer has no services to rent for")),
    };
    let offer = |(code, fields): (&String, &Value)| {
        let fields = fields.as_object()?;
        Some(Offer {
            service: Service::parse(code).ok()?,
            country,
            price: Money { amount: read::price(fields.get("cost"))?, currency },
            count: whole(fields.get("quant"))?,
            extra: extra_of(fields, &["cost", "quant"]),
        })
    };
    let good: Vec<_> = services.iter().filter_map(offer).collect();
    if good.is_empty() && !services.is_empty() {
        return Err(malformed("no service to rent for has cost and quant"));
    }
    let countries = values(answer.get("countries")).into_iter();
    let operators = values(answer.get("operators")).into_iter();
    Ok(RentOffers {
        countries: countries.filter_map(|value| Country::parse(&plain(Some(value))?).ok()).collect(),
        operators: operators
            .filter_map(|value| Operator::parse(value.as_str()?).ok())
            .filter(|operator| operator.as_str() != "any")
            .collect(),
        services: good,
    })
}

/// `{"status":"success","phone":{"id":1049,"endDate":"2020-01-31T12:01:52","number":"79959707564"}}` ("Заказ
/// номера для Аренды", "Продлить аренду"); `until` is when the hours are over, where no end can be read.
/// What was charged it does not say. Anything else leaves it open whether a number was rented.
pub fn rented(answer: &Value, until: Option<Timestamp>) -> Result<Bought, Fault> {
    let doubt = |what: &str| malformed(what).in_doubt();
    let phone = answer.get("phone").and_then(Value::as_object).filter(|_| is_success(answer));
    let phone = phone.ok_or_else(|| doubt("the answer is no rented number"))?;
    let id = read::id(phone.get("id")).ok_or_else(|| doubt("the rented number has no id"))?;
    // The ledger keeps this text with the doubt, so that the number can be looked for.
    let unreadable = format!("the rented number with id {id:.40} cannot be read");
    let number = plain(phone.get("number")).and_then(|number| Phone::parse(&number).ok());
    Ok(Bought {
        upstream_id: id,
        phone: number.ok_or_else(|| doubt(&unreadable))?,
        price: None,
        operator: None,
        expires_at: plain(phone.get("endDate")).and_then(|end| moment(&end)).or(until),
        extra: extra_of(phone, &["id", "endDate", "number"]),
    })
}

/// `{"status":"success","quantity":"2","values":{"0":{"phoneFrom","text","service","date"},…}}` ("Получить статус
/// для Аренды"): every message, oldest first; the example has the newest first. There is no code beside the
/// text, which stands for it. One without a readable date gets `fallback`; one that says nothing has not come.
pub fn messages(answer: &Value, fallback: Timestamp) -> Result<Vec<Sms>, Fault> {
    if !is_success(answer) || answer.get("values").is_none_or(|rows| !rows.is_object() && !rows.is_array()) {
        return Err(malformed("getRentStatus answered no messages"));
    }
    let rows = values(answer.get("values"));
    let date = |row: &Value| utc(&plain(row.get("date"))?);
    let dates: Vec<_> = rows.iter().filter_map(|row| date(row)).collect();
    let oldest_first = dates.first() < dates.last();
    let message = |row: &Value| {
        let text = row.get("text").and_then(Value::as_str).map(str::to_owned);
        let text = text.or_else(|| plain(row.get("text")));
        let text = text.ok_or_else(|| malformed("a message of a rent has no text"))?;
        Ok(Some(text).filter(|text| !text.trim().is_empty()).map(|text| Sms {
            code: text.clone(),
            text: Some(text),
            sender: plain(row.get("phoneFrom")),
            service: plain(row.get("service")).and_then(|code| Service::parse(&code).ok()),
            received_at: date(row).unwrap_or(fallback),
        }))
    };
    let all = rows.into_iter().map(message).filter_map(Result::transpose);
    if oldest_first { all.collect() } else { all.rev().collect() }
}

/// `{"status":"success","price":6.33}` ("Получить стоимость продления аренды").
pub fn price(answer: &Value) -> Result<Decimal, Fault> {
    let price = read::price(answer.get("price")).filter(|_| is_success(answer));
    price.ok_or_else(|| malformed("getContinueRentPriceNumber answered no price"))
}

/// A time: with its offset where that is there, else in UTC.
pub fn moment(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| utc(text))
}

/// Whether it says that it went well.
pub fn is_success(answer: &Value) -> bool {
    answer.get("status").and_then(Value::as_str) == Some("success")
}

/// The values of an object in the order of their numbers, or of a list.
pub fn values(field: Option<&Value>) -> Vec<&Value> {
    match field {
        Some(Value::Array(rows)) => rows.iter().collect(),
        Some(Value::Object(rows)) => {
            let mut rows: Vec<_> = rows.iter().collect();
            rows.sort_by_key(|(key, _)| key.parse::<u64>().unwrap_or(u64::MAX));
            rows.into_iter().map(|(_, value)| value).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
#[path = "shapes_tests.rs"]
mod tests;
