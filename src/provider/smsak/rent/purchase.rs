//! What came of a purchase whose answer the document does not show: told by the list of rented numbers before
//! and after it. Knows no request.
//!
//! The answer may be the new row of that list, a bare `1`, or something else (`UPSTREAMS.md` sections 0 and 8).

use jiff::Timestamp;
use serde_json::Value;

use super::rows::{Rented, rented};
use crate::domain::{Bought, Extra, Money, Phone};
use crate::provider::Fault;
use crate::provider::smsak::wire::malformed;

/// What was ordered.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// What the tariff costs. The answer says nothing of money, so this is what was charged.
    pub price: Money,
    /// When the tariff's days are over, where no end can be read.
    pub until: Timestamp,
}

/// The number that the answer to `getfullnumber` shows, if it shows a whole one that was not there before.
pub fn shown(answer: &Value, before: &[Rented], terms: Terms) -> Option<Bought> {
    let row = rented(answer)?;
    if row.until.is_none() || is_in(before, &row.id) {
        return None;
    }
    Some(bought(row.id, row.phone?, row.until, terms))
}

/// The one number that there is after the purchase and was not before.
///
/// # Errors
/// In doubt when it is not exactly one, or is not the one that the answer names.
pub fn found(answer: &Value, before: &[Rented], after: Vec<Rented>, terms: Terms) -> Result<Bought, Fault> {
    let doubt = |what: &str| Err(malformed(what).in_doubt());
    let mut fresh: Vec<_> = after.into_iter().filter(|row| !is_in(before, &row.id)).collect();
    let row = match (fresh.pop(), fresh.is_empty()) {
        (Some(only), true) => only,
        (None, _) => return doubt("after getfullnumber there is no rented number that was not there before"),
        _ => return doubt("after getfullnumber there are several rented numbers that were not there before"),
    };
    if rented(answer).is_some_and(|named| named.id != row.id) {
        return doubt("getfullnumber answered another number than there is since");
    }
    match row.phone {
        Some(phone) => Ok(bought(row.id, phone, row.until, terms)),
        // The ledger keeps this text with the doubt, so that the number can be looked for.
        None => doubt(&format!("the rented number with id {:.40} cannot be read", row.id)),
    }
}

/// The rent as it is after `rebuynumber`, if its end has moved.
pub fn prolonged(row: Rented, before: &Rented, phone: &Phone, price: Money) -> Option<Bought> {
    let until = row.until.filter(|until| before.until.is_none_or(|before| *until > before))?;
    if row.id != before.id || row.phone.is_some_and(|other| other != *phone) {
        return None;
    }
    Some(bought(row.id, phone.clone(), Some(until), Terms { price, until }))
}

fn is_in(rows: &[Rented], id: &str) -> bool {
    rows.iter().any(|row| row.id == id)
}

fn bought(id: String, phone: Phone, until: Option<Timestamp>, terms: Terms) -> Bought {
    Bought {
        upstream_id: id,
        phone,
        price: Some(terms.price),
        operator: None,
        expires_at: Some(until.unwrap_or(terms.until)),
        extra: Extra::new(),
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;
    use serde_json::json;

    use super::*;
    use crate::provider::Effect;

    fn terms() -> Terms {
        Terms { price: Money::rub(Decimal::from(150)), until: Timestamp::from_second(86_400).unwrap() }
    }

    fn row(id: u64) -> Value {
        json!({"id":id,"time":"2012-10-14 20:48:12","number":format!("+38099{id}"),"is_work":0})
    }

    fn rows(ids: &[u64]) -> Vec<Rented> {
        ids.iter().map(|id| rented(&row(*id)).unwrap()).collect()
    }

    fn id(outcome: Result<Bought, Fault>) -> String {
        outcome.unwrap().upstream_id
    }

    #[test]
    fn a_row_is_taken_at_its_word_if_it_is_whole_and_new() {
        let sold = shown(&row(7), &rows(&[5]), terms()).unwrap();
        assert_eq!((sold.upstream_id.as_str(), sold.phone.digits()), ("7", "380997"));
        assert_eq!(sold.expires_at.unwrap().to_string(), "2012-10-14T20:48:12Z");
        assert_eq!(sold.price, Some(Money::rub(Decimal::from(150))));
        assert_eq!(shown(&row(7), &rows(&[5, 7]), terms()), None);
        for other in [json!(1), json!({"id":7}), json!({"id":7,"number":"+3"}), json!([row(7)]), json!(null)]
        {
            assert_eq!(shown(&other, &[], terms()), None, "{other}");
        }
    }

    #[test]
    fn otherwise_it_is_the_only_one_that_is_new() {
        for answer in [json!(1), json!(null), json!({"id":7}), json!({"ok":true}), json!("1")] {
            assert_eq!(id(found(&answer, &rows(&[5, 6]), rows(&[7, 6, 5]), terms())), "7", "{answer}");
            // One that ended meanwhile makes no difference.
            assert_eq!(id(found(&answer, &rows(&[5, 6]), rows(&[6, 7]), terms())), "7", "{answer}");
        }
        let none = found(&json!(1), &rows(&[5]), rows(&[5]), terms());
        let two = found(&json!(1), &rows(&[5]), rows(&[5, 6, 7]), terms());
        let another = found(&json!({"id":8}), &rows(&[5]), rows(&[5, 7]), terms());
        let nameless = vec![rented(&json!({"id":7,"time":"-","number":null})).unwrap()];
        let unreadable = found(&json!(1), &[], nameless, terms());
        for outcome in [none, two, another, unreadable] {
            assert_eq!(outcome.unwrap_err().effect, Effect::Unknown);
        }
    }

    #[test]
    fn without_a_readable_end_the_tariff_s_days_count() {
        let after = vec![rented(&json!({"id":7,"time":"-","number":"+380997"})).unwrap()];
        let sold = found(&json!(1), &[], after, terms()).unwrap();
        assert_eq!(sold.expires_at, Some(terms().until));
    }

    #[test]
    fn a_rent_is_longer_when_its_end_is_later() {
        let phone = Phone::parse("380997").unwrap();
        let before = rented(&row(7)).unwrap();
        let at = |id: u64, time: &str| rented(&json!({"id":id,"time":time,"number":"+380997"})).unwrap();
        let price = terms().price;
        let longer = prolonged(at(7, "2012-10-15 20:48:12"), &before, &phone, price).unwrap();
        assert_eq!(longer.expires_at.unwrap().to_string(), "2012-10-15T20:48:12Z");
        assert_eq!((longer.upstream_id.as_str(), longer.price), ("7", Some(price)));
        for (id, time) in [(7, "2012-10-14 20:48:12"), (7, "-"), (8, "2012-10-15 20:48:12")] {
            assert_eq!(prolonged(at(id, time), &before, &phone, price), None, "{id} {time}");
        }
        let other = Phone::parse("380998").unwrap();
        assert_eq!(prolonged(at(7, "2012-10-15 20:48:12"), &before, &other, price), None);
    }
}
