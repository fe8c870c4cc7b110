//! The answers of API v2.0 as its page prints them (`UPSTREAMS.md` section 4) and as they were met in the
//! wild: shapes, error codes and nothing else. Knows no catalog and no request.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;

use super::malformed;
use crate::domain::{Bought, Extra, Inbox, Money, Phone, Progress, Sms, amount_of_json};
use crate::provider::http::Answer;
use crate::provider::read::{self, plain, whole};
use crate::provider::{Fault, FaultKind};

/// One of the upstream's own numbers: a country's or an application's.
pub type Id = u64;

/// A price and what is in stock at it.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The country.
    pub country: Id,
    /// The application.
    pub application: Id,
    /// In the account's currency.
    pub price: Decimal,
    /// How many numbers.
    pub count: u64,
}

/// Turns an answer into its JSON, or into the fault it means; errors come with HTTP 400 too. Whatever is
/// not one of the known errors leaves it open whether the upstream acted.
pub fn decode(answer: &Answer) -> Result<Value, Fault> {
    if let Some(fault) = read::failed(answer) {
        return Err(fault);
    }
    let value = read::json("SMS-Man", &answer.body)?;
    if let Some(code) = plain(value.get("error_code")) {
        // While a message is awaited that is the answer, however it is dressed.
        return if code == "wait_sms" { Ok(value) } else { Err(fault_of(&code)) };
    }
    let failed = [Value::Bool(false), Value::from(0)].iter().any(|no| value.get("success") == Some(no));
    let said = value.get("error_msg").is_some_and(|text| !text.is_null() && text != "");
    if failed || said {
        return Err(malformed("an error without a code").in_doubt());
    }
    read::odd_status(answer).map_or(Ok(value), Err)
}

/// The table of its errors (`UPSTREAMS.md` sections 4 and 6a). What comes with them in `error_msg`, a text
/// or an object, is for people.
fn fault_of(code: &str) -> Fault {
    let kind = match code {
        "wrong_token" => FaultKind::WrongKey,
        "balance" => FaultKind::NoFunds,
        "no_numbers" => FaultKind::NoStock,
        "wrong_application_id" => FaultKind::UnknownService,
        "wrong_country_id" => FaultKind::UnknownCountry,
        "wrong_request_id" => FaultKind::UnknownActivation,
        "wrong_status" => FaultKind::BadStatus,
        // An error that nobody knows may have happened after the sale.
        _ => return Fault::upstream(FaultKind::Malformed, code).in_doubt(),
    };
    Fault::upstream(kind, code)
}

/// `{"balance":"799.70"}`.
pub fn balance(answer: &Value) -> Result<Decimal, Fault> {
    let found = answer.get("balance").and_then(amount_of_json);
    found.ok_or_else(|| malformed("get-balance answered no amount"))
}

/// The rows of `countries` or `applications`, keyed by id or as a list: each id with its name, which is
/// under `title`, or under `name` by older pages. A row without either is passed over; an answer without a
/// single good row is malformed.
pub fn named(answer: &Value) -> Result<BTreeMap<Id, String>, Fault> {
    let read = |(key, row): (Option<&str>, &Value)| {
        let key = key.and_then(|key| key.parse().ok());
        let name = plain(row.get("title")).or_else(|| plain(row.get("name")))?;
        Some((whole(row.get("id")).or(key)?, name))
    };
    let found: BTreeMap<_, _> = match answer {
        Value::Object(rows) => rows.iter().filter_map(|(key, row)| read((Some(key.as_str()), row))).collect(),
        Value::Array(rows) => rows.iter().filter_map(|row| read((None, row))).collect(),
        _ => BTreeMap::new(),
    };
    if found.is_empty() {
        return Err(malformed("a list of ids without a single row that has id and name"));
    }
    Ok(found)
}

/// `get-prices`: `{"1":{"3":{"cost":"20","count":5}}}`, a country's applications; asked for one country it
/// comes also as that country's applications alone, or as rows that name both ids. A row that lacks
/// something is passed over; an answer without a single good row, unless it is empty, is malformed.
pub fn prices(answer: &Value, asked: Option<Id>) -> Result<Vec<Listed>, Fault> {
    let outer: Vec<(Option<Id>, &Value)> = match answer {
        Value::Object(rows) => rows.iter().map(|(key, row)| (key.parse().ok(), row)).collect(),
        Value::Array(rows) => rows.iter().map(|row| (None, row)).collect(),
        _ => return Err(malformed("the price list is neither object nor list")),
    };
    let mut found = Vec::new();
    let mut is_empty = true;
    for (key, row) in outer {
        if row.get("cost").is_some() {
            is_empty = false;
            found.extend(listed(row, asked, key));
        } else if let Some(inner) = row.as_object() {
            is_empty &= inner.is_empty();
            found.extend(
                inner.iter().filter_map(|(application, row)| listed(row, key, application.parse().ok())),
            );
        } else {
            is_empty &= row.as_array().is_some_and(Vec::is_empty);
        }
    }
    if found.is_empty() && !is_empty {
        return Err(malformed("no row of the price list has cost and count"));
    }
    Ok(found)
}

/// A row; the ids that it names go before those of the keys that it stands under.
fn listed(row: &Value, country: Option<Id>, application: Option<Id>) -> Option<Listed> {
    Some(Listed {
        country: whole(row.get("country_id")).or(country)?,
        application: whole(row.get("application_id")).or(application)?,
        price: read::price(row.get("cost"))?,
        count: whole(row.get("count"))?,
    })
}

/// `{"request_id":1,"country_id":1,"application_id":1,"number":"79002415539"}`. Anything else leaves it
/// open whether a number was bought.
pub fn bought(answer: &Value) -> Result<Bought, Fault> {
    let doubt = |what: &str| malformed(what).in_doubt();
    let upstream_id =
        read::id(answer.get("request_id")).ok_or_else(|| doubt("get-number answered no request_id"))?;
    // The ledger keeps this text with the doubt, so that the number can be looked for.
    let no_number = format!("get-number answered request_id {upstream_id:.40} and no readable number");
    let phone = plain(answer.get("number")).and_then(|number| Phone::parse(&number).ok());
    Ok(Bought {
        phone: phone.ok_or_else(|| doubt(&no_number))?,
        upstream_id,
        price: None::<Money>,
        operator: None,
        expires_at: None,
        extra: Extra::new(),
    })
}

/// `get-sms`: `sms_code`, or `error_code` `wait_sms`. What is shown while another message is awaited, the
/// page does not say, so that it may be the old one.
pub fn progress(answer: &Value, now: Timestamp) -> Result<Progress, Fault> {
    if plain(answer.get("error_code")).is_some() {
        return Ok(Progress::Waiting);
    }
    let Some(shown) = answer.get("sms_code") else {
        return Err(malformed("get-sms answered neither sms_code nor wait_sms"));
    };
    let text = answer.get("full_sms").and_then(Value::as_str).filter(|text| !text.is_empty());
    match (plain(Some(shown)), shown) {
        (Some(code), _) => {
            let sms = Sms { text: text.map(str::to_owned), ..Sms::of_code(code, now) };
            Ok(Progress::Received(Inbox::Last(sms)))
        }
        (None, Value::Null | Value::String(_)) => Ok(Progress::Waiting),
        _ => Err(malformed("get-sms answered an unreadable code")),
    }
}

/// `set-status`: `{"request_id":1,"success":true}`. Nothing less is agreement.
pub fn agreed(answer: &Value) -> Result<(), Fault> {
    match answer.get("success") {
        Some(Value::Bool(true)) => Ok(()),
        _ => Err(malformed("set-status did not answer success").in_doubt()),
    }
}

#[cfg(test)]
mod tests;
