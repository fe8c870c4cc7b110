//! VAK-SMS's answers as its document prints them and as they were met in the wild: shapes, error words
//! and nothing else. Knows no catalog and no request.

use std::collections::HashMap;

use rust_decimal::Decimal;
use serde_json::Value;

use crate::domain::{Bought, Currency, Extra, Money, Phone, amount_of_json};
use crate::provider::http::Answer;
use crate::provider::read::{self, plain, whole};
use crate::provider::{Fault, FaultKind};

/// A row of `getCountNumberList`.
#[derive(Debug, PartialEq)]
pub struct Listed {
    /// How many.
    pub count: u64,
    /// In the account's currency.
    pub price: Decimal,
}

/// What `getSmsCode` showed.
#[derive(Debug, PartialEq, Eq)]
pub enum Codes {
    /// Nothing yet: `null`, and `""` as met in the wild.
    None,
    /// The newest only: an answer that took no notice of `all`.
    One(String),
    /// Every one, oldest first.
    All(Vec<String>),
}

/// A fault for an answer that the document does not allow.
pub fn malformed(detail: &str) -> Fault {
    read::malformed("VAK-SMS", detail)
}

/// Turns an answer into its JSON, or into the fault it means. Whatever is not one of its documented
/// errors leaves it open whether the upstream acted.
pub fn decode(answer: &Answer) -> Result<Value, Fault> {
    if let Some(fault) = read::failed(answer) {
        return Err(fault);
    }
    let value = read::json("VAK-SMS", &answer.body)?;
    match error_word(&value) {
        Some(word) => Err(fault_of(&word)),
        None => read::odd_status(answer).map_or(Ok(value), Err),
    }
}

/// The error's word in either of its two shapes: `{"error": "noMoney"}`, and HTTP 400 with
/// `{"statusCode":400,"message":"UserApiService error: {\"error\":\"noMoney\"}"}`.
fn error_word(value: &Value) -> Option<String> {
    if let Some(word) = value.get("error").and_then(Value::as_str) {
        return match value.get("message").and_then(Value::as_str) {
            // {"statusCode":400,"message":"…{\"error\":\"noMoney\"}","error":"Bad Request"}
            Some(message) => nested_word(message).or_else(|| Some(word.to_owned())),
            None => Some(word.to_owned()),
        };
    }
    nested_word(value.get("message")?.as_str()?)
}

fn nested_word(message: &str) -> Option<String> {
    let inner: Value = serde_json::from_str(&message[message.find('{')?..]).ok()?;
    inner.get("error")?.as_str().map(str::to_owned)
}

/// The table of its errors ("Варианты ошибок"; what they mean to us: `UPSTREAMS.md` section 6a).
fn fault_of(word: &str) -> Fault {
    let kind = match word {
        "apiKeyNotFound" => FaultKind::WrongKey,
        "noService" | "badService" => FaultKind::UnknownService,
        "noNumber" => FaultKind::NoStock,
        "noMoney" => FaultKind::NoFunds,
        "noCountry" => FaultKind::UnknownCountry,
        "noOperator" => FaultKind::UnknownOperator,
        "badStatus" => FaultKind::BadStatus,
        "idNumNotFound" => FaultKind::UnknownActivation,
        "badData" => FaultKind::Malformed,
        // An error that the document does not have may have happened after the sale.
        _ => return Fault::upstream(FaultKind::Malformed, word).in_doubt(),
    };
    Fault::upstream(kind, word)
}

/// A text field.
pub fn text(answer: &Value, field: &str) -> Result<String, Fault> {
    let found = answer.get(field).and_then(Value::as_str);
    found.map(str::to_owned).ok_or_else(|| malformed(&format!("no {field} in the answer")).in_doubt())
}

/// An amount, written as a number or a text; what an account owes is below zero.
pub fn amount(answer: &Value, field: &str) -> Result<Decimal, Fault> {
    let found = answer.get(field).and_then(amount_of_json);
    found.ok_or_else(|| malformed(&format!("no amount in {field}")))
}

/// What a number costs.
pub fn price(answer: &Value) -> Result<Decimal, Fault> {
    read::price(answer.get("price")).ok_or_else(|| malformed("no price in the answer"))
}

/// A count.
pub fn count(answer: &Value, field: &str) -> Result<u64, Fault> {
    whole(answer.get(field)).ok_or_else(|| malformed("no count for the service that was asked for"))
}

/// The rows of `getCountNumberList` by VAK-SMS's own code. A row that lacks a count or a price is
/// passed over; an answer without a single good row, unless it is empty, is malformed.
pub fn listed(answer: &Value) -> Result<HashMap<String, Listed>, Fault> {
    let rows = answer.as_object().ok_or_else(|| malformed("the price list is not an object"))?;
    let read = |row: &Value| {
        let price = read::price(row.get("price"))?;
        Some(Listed { count: whole(row.get("count"))?, price })
    };
    let good: HashMap<_, _> =
        rows.iter().filter_map(|(code, row)| Some((code.clone(), read(row)?))).collect();
    if good.is_empty() && !rows.is_empty() {
        return Err(malformed("no row of the price list has count and price"));
    }
    Ok(good)
}

/// `{"tel": 79991112233, "idNum": "3adb…"}`; in the wild also with `price`, and with a numeric idNum.
/// Anything else leaves it open whether a number was bought.
pub fn bought(answer: &Value, currency: Currency) -> Result<Bought, Fault> {
    let answer = match answer {
        Value::Array(rows) if rows.len() == 1 => &rows[0],
        other => other,
    };
    let doubt = |what: &str| malformed(what).in_doubt();
    let upstream_id = read::id(answer.get("idNum")).ok_or_else(|| doubt("getNumber answered no idNum"))?;
    // The ledger keeps this text with the doubt, so that the number can be looked for.
    let no_tel = format!("getNumber answered idNum {upstream_id:.40} and no readable tel");
    let phone = plain(answer.get("tel")).ok_or_else(|| doubt(&no_tel))?;
    Ok(Bought {
        upstream_id,
        phone: Phone::parse(&phone).map_err(|_| doubt(&no_tel))?,
        price: read::price(answer.get("price")).map(|amount| Money { amount, currency }),
        operator: None,
        expires_at: None,
        extra: Extra::new(),
    })
}

/// `[{"tel": 79221112233, "service": "wa", "idNum": "cdab…"}, …]`: a part for each of `codes`, in their order,
/// all on one number. Anything else leaves it open what was bought.
pub fn bought_together(answer: &Value, codes: &[String], currency: Currency) -> Result<Vec<Bought>, Fault> {
    let doubt = |what: &str| malformed(what).in_doubt();
    let rows = answer.as_array().ok_or_else(|| doubt("getNumber for two services answered no list"))?;
    if rows.len() != codes.len() {
        return Err(doubt("getNumber answered another number of services than it was asked for"));
    }
    let part = |code: &String| {
        let is_its = |row: &&Value| row.get("service").and_then(Value::as_str) == Some(code);
        let row = rows.iter().find(is_its);
        bought(row.ok_or_else(|| doubt("getNumber answered other services than it was asked for"))?, currency)
    };
    let parts = codes.iter().map(part).collect::<Result<Vec<_>, _>>()?;
    let one_number = parts.windows(2).all(|pair| pair[0].phone == pair[1].phone);
    let own_ids = parts.windows(2).all(|pair| pair[0].upstream_id != pair[1].upstream_id);
    if one_number && own_ids { Ok(parts) } else { Err(doubt("getNumber answered more than one number")) }
}

/// The answer to `prolongNumber`, which is that of `getNumber` with the number that was asked for.
pub fn prolonged(answer: &Value, phone: &Phone, currency: Currency) -> Result<Bought, Fault> {
    let sold = bought(answer, currency)?;
    if sold.phone == *phone {
        Ok(sold)
    } else {
        Err(malformed("prolongNumber answered another number").in_doubt())
    }
}

/// The codes of `getSmsCode`.
pub fn codes(answer: &Value) -> Result<Codes, Fault> {
    let field = answer.get("smsCode").ok_or_else(|| malformed("getSmsCode answered no smsCode"))?;
    match field {
        Value::Null => Ok(Codes::None),
        Value::Array(list) => {
            let codes: Vec<_> = list.iter().filter_map(|code| plain(Some(code))).collect();
            Ok(if codes.is_empty() { Codes::None } else { Codes::All(codes) })
        }
        other => match plain(Some(other)) {
            Some(code) => Ok(Codes::One(code)),
            None if other.as_str().is_some() => Ok(Codes::None),
            None => Err(malformed("smsCode is neither a code nor a list")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Effect;

    fn answer(status: u16, body: &str) -> Result<Value, Fault> {
        decode(&Answer { status, body: body.to_owned() })
    }

    #[test]
    fn every_documented_error_is_known_in_both_shapes() {
        let table = [
            ("apiKeyNotFound", FaultKind::WrongKey),
            ("noService", FaultKind::UnknownService),
            ("noNumber", FaultKind::NoStock),
            ("noMoney", FaultKind::NoFunds),
            ("noCountry", FaultKind::UnknownCountry),
            ("noOperator", FaultKind::UnknownOperator),
            ("badStatus", FaultKind::BadStatus),
            ("idNumNotFound", FaultKind::UnknownActivation),
            ("badService", FaultKind::UnknownService),
            ("badData", FaultKind::Malformed),
        ];
        for (word, kind) in table {
            let plain = answer(200, &format!(r#"{{"error": "{word}"}}"#)).unwrap_err();
            let wrapped = format!(
                r#"{{"statusCode":400,"message":"UserApiService error: {{\"error\":\"{word}\"}}","error":"Bad Request"}}"#
            );
            let wrapped = answer(400, &wrapped).unwrap_err();
            for fault in [plain, wrapped] {
                assert_eq!(fault.kind, kind, "{word}");
                assert_eq!(fault.effect, Effect::None, "{word}");
                assert_eq!(fault.upstream_code.as_deref(), Some(word));
            }
        }
    }

    #[test]
    fn what_is_no_documented_answer_leaves_it_open_whether_something_was_bought() {
        let bodies = [
            (200, ""),
            (200, "{\"tel\": 7999"),
            (200, "<html>502</html>"),
            (502, "{}"),
            (500, "{\"error\":\"noNumber\"}"),
            (302, "{}"),
        ];
        for (status, body) in bodies {
            assert_eq!(answer(status, body).unwrap_err().effect, Effect::Unknown, "{status} {body}");
        }
        for body in [r#"{"tel":79991112233}"#, r#"{"idNum":"a"}"#, r#"{"tel":"x","idNum":"a"}"#, "[]", "1"] {
            let value = serde_json::from_str(body).unwrap();
            assert_eq!(bought(&value, Currency::RUB).unwrap_err().effect, Effect::Unknown, "{body}");
        }
        assert_eq!(answer(429, "slow down").unwrap_err().effect, Effect::None);
    }

    #[test]
    fn two_services_are_sold_whole_or_nobody_knows() {
        let codes = ["wa".to_owned(), "vi".to_owned()];
        let read = |body: &str| bought_together(&serde_json::from_str(body).unwrap(), &codes, Currency::RUB);
        let row = |tel: u64, service: &str, id: &str| {
            format!(r#"{{"tel":{tel},"service":"{service}","idNum":"{id}"}}"#)
        };
        let (wa, vi) = (row(79_991_112_233, "wa", "a"), row(79_991_112_233, "vi", "b"));
        let both = read(&format!("[{vi},{wa}]")).unwrap();
        assert_eq!([both[0].upstream_id.as_str(), both[1].upstream_id.as_str()], ["a", "b"]);
        let other = row(79_990_000_000, "vi", "b");
        for body in [
            wa.clone(),
            format!("[{wa}]"),
            format!("[{wa},{wa}]"),
            format!("[{wa},{vi},{vi}]"),
            format!("[{wa},{other}]"),
            format!("[{wa},{}]", row(79_991_112_233, "vi", "a")),
            "[]".to_owned(),
        ] {
            assert_eq!(read(&body).unwrap_err().effect, Effect::Unknown, "{body}");
        }
    }

    #[test]
    fn a_prolonged_number_is_the_one_that_was_asked_for() {
        let answer = serde_json::from_str(r#"{"tel":79991112233,"idNum":"a"}"#).unwrap();
        let phone = |text| Phone::parse(text).unwrap();
        assert!(prolonged(&answer, &phone("79991112233"), Currency::RUB).is_ok());
        let other = prolonged(&answer, &phone("79991112234"), Currency::RUB).unwrap_err();
        assert_eq!(other.effect, Effect::Unknown);
    }

    #[test]
    fn numbers_and_texts_are_both_read() {
        let value =
            serde_json::from_str(r#"{"tel":79991112233,"idNum":1725546315697382,"price":2.5}"#).unwrap();
        let sold = bought(&value, Currency::RUB).unwrap();
        assert_eq!(sold.phone.digits(), "79991112233");
        assert_eq!(sold.upstream_id, "1725546315697382");
        assert_eq!(sold.price, Some(Money::rub("2.5".parse().unwrap())));
    }

    #[test]
    fn no_code_yet_has_three_forms() {
        let read = |body: &str| codes(&serde_json::from_str(body).unwrap());
        for body in [r#"{"smsCode":null}"#, r#"{"smsCode":""}"#, r#"{"smsCode":[]}"#] {
            assert_eq!(read(body), Ok(Codes::None), "{body}");
        }
        assert_eq!(read(r#"{"smsCode":"12"}"#), Ok(Codes::One("12".into())));
        assert_eq!(read(r#"{"smsCode":["1","1"]}"#), Ok(Codes::All(vec!["1".into(), "1".into()])));
        assert!(read(r#"{"code":"1"}"#).is_err());
    }
}
