//! What SMSAK's document has of rents: stock, tariffs, rented numbers and their messages. Knows no catalog
//! and no request.

use std::collections::HashMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::domain::{Held, Phone, Sms};
use crate::provider::Fault;
use crate::provider::read::{self, plain, utc, whole};
use crate::provider::smsak::wire::malformed;

/// So many days of a number, at a price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tariff {
    /// Its own id.
    pub id: String,
    /// The country's letters.
    pub code: String,
    /// How many days.
    pub days: u64,
    /// In the account's currency.
    pub cost: Decimal,
}

/// The rows of `getalltarifs`: `[{"id":1,"days":1,"cost":"150.00","country_id":1,"code":"RU"}]`. One that
/// lacks something is passed over; an answer without a single good row, unless it is empty, is malformed.
pub fn tariffs(answer: &Value) -> Result<Vec<Tariff>, Fault> {
    let rows = answer.as_array().ok_or_else(|| malformed("getalltarifs answered no list"))?;
    let read = |row: &Value| {
        Some(Tariff {
            id: read::id(row.get("id"))?,
            code: plain(row.get("code"))?,
            days: whole(row.get("days")).filter(|days| *days > 0)?,
            cost: read::price(row.get("cost"))?,
        })
    };
    let good: Vec<_> = rows.iter().filter_map(read).collect();
    if good.is_empty() && !rows.is_empty() {
        return Err(malformed("no row of getalltarifs has id, days, cost and code"));
    }
    Ok(good)
}

/// How many whole numbers each country has, by `getfullnumbers`: `{"RU":"10","UA":"5"}`. PHP writes an empty
/// object as an empty list.
pub fn stock(answer: &Value) -> Result<HashMap<String, u64>, Fault> {
    match answer {
        Value::Array(rows) if rows.is_empty() => Ok(HashMap::new()),
        Value::Object(rows) => {
            let read = |(code, count): (&String, &Value)| Some((code.clone(), whole(Some(count))?));
            Ok(rows.iter().filter_map(read).collect())
        }
        _ => Err(malformed("getfullnumbers answered no object")),
    }
}

/// A rented number; what of it cannot be read is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rented {
    /// Its own id.
    pub id: String,
    /// The number.
    pub phone: Option<Phone>,
    /// Until when it is rented ("Date until which the number is rented"), taken as UTC (`UPSTREAMS.md`
    /// section 8).
    pub until: Option<Timestamp>,
}

impl Rented {
    /// The same as a row of what the account holds: a whole number is for no service in particular, and of its
    /// country the list says nothing.
    pub fn held(self) -> Held {
        Held { phone: self.phone, ends_at: self.until, ..Held::new(self.id) }
    }
}

/// One row, `{"id":19999999,"time":"2012-10-14 20:48:12","number":"+380…","is_work":0}`, if it has an id.
pub fn rented(row: &Value) -> Option<Rented> {
    Some(Rented {
        id: read::id(row.get("id")).filter(|id| id != "0")?,
        phone: plain(row.get("number")).and_then(|number| Phone::parse(&number).ok()),
        until: plain(row.get("time")).and_then(|time| utc(&time)),
    })
}

/// The rows of `getallfullnumbers`. Each of them has to have an id: a list is held against another one by
/// them, and one that cannot be told from the others might be any.
pub fn all_rented(answer: &Value) -> Result<Vec<Rented>, Fault> {
    let rows = answer.as_array().ok_or_else(|| malformed("getallfullnumbers answered no list"))?;
    let all: Option<Vec<_>> = rows.iter().map(rented).collect();
    all.ok_or_else(|| malformed("a row of getallfullnumbers has no id"))
}

/// The messages of `getallsmsofnumber`, oldest first. The document does not say in which order they come: where
/// their times do not, it is newest first as in its other list (`UPSTREAMS.md` section 2, all-sms).
///
/// `{"time":"2012-10-05 21:28:28","from":"Taxify","text":"9999 is your …","number":"+380…"}`: there is no code,
/// and the text stands for it. One without a readable time gets `fallback`.
pub fn messages(answer: &Value, fallback: Timestamp) -> Result<Vec<Sms>, Fault> {
    let rows = answer.as_array().ok_or_else(|| malformed("getallsmsofnumber answered no list"))?;
    let times: Vec<_> = rows.iter().filter_map(|row| utc(&plain(row.get("time"))?)).collect();
    let oldest_first = times.first() < times.last();
    let all = rows.iter().map(|row| message(row, fallback)).filter_map(Result::transpose);
    if oldest_first { all.collect() } else { all.rev().collect() }
}

/// One that says nothing has not come.
fn message(row: &Value, fallback: Timestamp) -> Result<Option<Sms>, Fault> {
    let text = row.get("text").and_then(Value::as_str).map(str::to_owned);
    let text = text.or_else(|| plain(row.get("text")));
    let text = text.ok_or_else(|| malformed("a row of getallsmsofnumber has no text"))?;
    Ok(Some(text).filter(|text| !text.trim().is_empty()).map(|text| Sms {
        code: text.clone(),
        text: Some(text),
        sender: plain(row.get("from")).filter(|from| from != "-"),
        service: None,
        received_at: plain(row.get("time")).and_then(|time| utc(&time)).unwrap_or(fallback),
    }))
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
