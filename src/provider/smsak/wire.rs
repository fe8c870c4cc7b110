//! SMSAK's answers as its document prints them and as they were met in the wild: errors, bare values and
//! a sold number. Knows no catalog and no request.
//!
//! A bare value (`1`, `500`) is valid JSON too, so which of both an answer is follows from the call, and
//! never from whether it can be parsed.

use rust_decimal::Decimal;
use serde_json::Value;

use crate::domain::{Bought, Extra, Phone, amount_of_json};
use crate::provider::http::Answer;
use crate::provider::read::{self, plain, whole};
use crate::provider::{Fault, FaultKind};

/// A fault for an answer that the document does not allow.
pub fn malformed(detail: &str) -> Fault {
    read::malformed("SMSAK", detail)
}

/// What `{"error": text}` means as the answer to a call, by the text.
pub type Refusal = fn(&str) -> Fault;

/// The document has no such error there, so it may have come after the sale.
pub fn undocumented(_: &str) -> Fault {
    Fault::upstream(FaultKind::Malformed, "an error without a code").in_doubt()
}

/// A question about an activation, which there is not (`UPSTREAMS.md` section 6a).
pub fn unknown_activation(_: &str) -> Fault {
    Fault::upstream(FaultKind::UnknownActivation, "an error without a code")
}

/// A number was to be returned: not in its first 30 seconds ("Возврат возможен не ранее чем через 30
/// секунд после взятия"), and not if there is none (`UPSTREAMS.md` section 8). What any other reason says of
/// the number is not known, so that nothing is concluded from it.
pub fn not_returned(text: &str) -> Fault {
    let says = text.to_lowercase();
    match says.as_str() {
        _ if says.contains("не ранее") => {
            Fault::upstream(FaultKind::TooEarlyToCancel, "that it is too early")
        }
        _ if says.contains("не найден") => unknown_activation(text),
        _ => Fault::upstream(FaultKind::BadStatus, "that it cannot return this number"),
    }
}

/// Forwarding was to be set, and cannot be: the service has none, or no message has come.
pub fn not_forwarded(_: &str) -> Fault {
    Fault::upstream(FaultKind::BadStatus, "that it cannot forward this number")
}

/// Turns an answer into its JSON, or into the fault it means. Whatever is not one of its documented
/// errors leaves it open whether the upstream acted.
pub fn json(answer: &Answer, refusal: Refusal) -> Result<Value, Fault> {
    if let Some(fault) = read::failed(answer) {
        return Err(fault);
    }
    let value = read::json("SMSAK", &answer.body)?;
    match error_of(&value, refusal) {
        Some(fault) => Err(fault),
        None => read::odd_status(answer).map_or(Ok(value), Err),
    }
}

/// The same for a call that answers a bare value; that value as text.
pub fn bare(answer: &Answer, refusal: Refusal) -> Result<String, Fault> {
    if let Some(fault) = read::failed(answer) {
        return Err(fault);
    }
    let body = answer.body.trim();
    if body.starts_with('{') {
        json(answer, refusal)?;
        return Err(malformed("an object came where a bare value is documented").in_doubt());
    }
    match read::odd_status(answer) {
        Some(fault) => Err(fault),
        None => Ok(body.trim_matches('"').to_owned()),
    }
}

/// Either shape of an error: `{"name":"error","message":…,"code":103,…}` and `{"error":text}`.
fn error_of(value: &Value, refusal: Refusal) -> Option<Fault> {
    if value.get("name").and_then(Value::as_str) == Some("error") {
        return Some(fault_of(whole(value.get("code"))));
    }
    value.get("error").and_then(Value::as_str).map(refusal)
}

/// The table of its errors ("Possible error codes"). The message of 203 holds a reason in free words, so
/// none of the messages is repeated.
fn fault_of(code: Option<u64>) -> Fault {
    let kind = match code {
        Some(101) => FaultKind::UnknownService,
        Some(102) => FaultKind::NoFunds,
        Some(103) => FaultKind::NoStock,
        Some(201 | 202) => FaultKind::WrongKey,
        Some(203) => FaultKind::Banned(None),
        // An error that the document does not have may have happened after the sale.
        _ => return Fault::upstream(FaultKind::Malformed, "an undocumented error").in_doubt(),
    };
    Fault::upstream(kind, &format!("error {}", code.unwrap_or_default()))
}

/// The bare amount of `getbalance`.
pub fn balance(bare: &str) -> Result<Decimal, Fault> {
    amount_of_json(&Value::String(bare.to_owned())).ok_or_else(|| malformed("the balance is no amount"))
}

/// The bare `1` by which it agrees. It prints no other value, so what any other means is not known.
pub fn agreed(bare: &str) -> Result<(), Fault> {
    if bare == "1" { Ok(()) } else { Err(malformed("it answered something else than 1").in_doubt()) }
}

/// `{"id":707,"number":"+79777777777","send":0}`. Out of stock is the error 103, and in the wild also an
/// id of 0 with an empty number (`UPSTREAMS.md` section 0). Anything else leaves it open whether a number
/// was bought. What was charged it does not say.
pub fn bought(answer: &Value) -> Result<Bought, Fault> {
    let doubt = |what: &str| malformed(what).in_doubt();
    let (id, number) = (read::id(answer.get("id")), answer.get("number"));
    let upstream_id = id.ok_or_else(|| doubt("getnumber answered no id"))?;
    if upstream_id == "0" {
        return match number.and_then(Value::as_str) {
            Some("") => Err(Fault::upstream(FaultKind::NoStock, "an empty number")),
            _ => Err(doubt("getnumber answered the id 0")),
        };
    }
    // The ledger keeps this text with the doubt, so that the number can be looked for.
    let unreadable = format!("getnumber answered id {upstream_id:.40} and no readable number");
    let phone = plain(number).ok_or_else(|| doubt(&unreadable))?;
    Ok(Bought {
        upstream_id,
        phone: Phone::parse(&phone).map_err(|_| doubt(&unreadable))?,
        price: None,
        operator: None,
        expires_at: None,
        extra: Extra::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Effect;

    const EARLY: &str = r#"{"error":"Возврат возможен не ранее чем через 30 секунд после взятия"}"#;
    const UNKNOWN: &str = r#"{"error":"Активация не найдена"}"#;

    fn answer(status: u16, body: &str) -> Answer {
        Answer { status, body: body.to_owned() }
    }

    fn coded(code: &str) -> String {
        format!(
            r#"{{"name":"error","message":"k3y +79991112233","code":{code},"status":200,"type":"app\\helpers\\apiException"}}"#
        )
    }

    /// What an order comes to.
    fn sold(status: u16, body: &str) -> Result<Bought, Fault> {
        bought(&json(&answer(status, body), undocumented)?)
    }

    #[test]
    fn every_documented_error_is_known_to_every_form_of_answer() {
        let table = [
            (101, FaultKind::UnknownService),
            (102, FaultKind::NoFunds),
            (103, FaultKind::NoStock),
            (201, FaultKind::WrongKey),
            (202, FaultKind::WrongKey),
            (203, FaultKind::Banned(None)),
        ];
        for (code, kind) in table {
            for written in [code.to_string(), format!("\"{code}\"")] {
                let answer = answer(200, &coded(&written));
                for fault in
                    [json(&answer, undocumented).unwrap_err(), bare(&answer, not_returned).unwrap_err()]
                {
                    assert_eq!((&fault.kind, fault.effect), (&kind, Effect::None), "{code}");
                    assert_eq!(fault.upstream_code, Some(format!("error {code}")));
                    assert!(!fault.detail.contains("k3y") && !fault.detail.contains("7999"), "{fault}");
                }
            }
        }
        for code in ["104", "0", "null", "\"x\"", "-1"] {
            let fault = sold(200, &coded(code)).unwrap_err();
            assert_eq!((fault.kind, fault.effect), (FaultKind::Malformed, Effect::Unknown), "{code}");
        }
    }

    #[test]
    fn an_error_without_a_code_means_what_its_call_makes_of_it() {
        let kind = |body: &str, refusal| bare(&answer(200, body), refusal).unwrap_err().kind;
        assert_eq!(kind(EARLY, not_returned), FaultKind::TooEarlyToCancel);
        assert_eq!(kind(UNKNOWN, not_returned), FaultKind::UnknownActivation);
        assert_eq!(kind(r#"{"error":"Попробуйте позже"}"#, not_returned), FaultKind::BadStatus);
        assert_eq!(kind(UNKNOWN, unknown_activation), FaultKind::UnknownActivation);
        assert_eq!(kind(UNKNOWN, not_forwarded), FaultKind::BadStatus);
        for body in [EARLY, UNKNOWN] {
            let fault = sold(200, body).unwrap_err();
            assert!(fault.detail.is_ascii(), "{fault}");
            assert_eq!((fault.kind, fault.effect), (FaultKind::Malformed, Effect::Unknown));
        }
    }

    #[test]
    fn what_is_no_documented_answer_leaves_it_open_whether_something_was_bought() {
        let bodies = [
            (200, ""),
            (200, "null"),
            (200, "1"),
            (200, "[]"),
            (200, "{}"),
            (200, r#"{"id":707,"number":"+797"#),
            (200, r#"{"id":707}"#),
            (200, r#"{"id":707,"number":""}"#),
            (200, r#"{"id":707,"number":null}"#),
            (200, r#"{"id":707,"number":"abc"}"#),
            (200, r#"{"id":0,"number":"+79777777777"}"#),
            (200, r#"{"id":0}"#),
            (200, r#"{"number":"+79777777777"}"#),
            (200, r#"{"id":[7],"number":"+79777777777"}"#),
            (200, r#"{"error":7}"#),
            (200, "<html>502</html>"),
            (502, r#"{"id":707,"number":"+79777777777","send":0}"#),
            (500, r#"{"name":"error","code":103}"#),
            (302, r#"{"id":707,"number":"+79777777777","send":0}"#),
        ];
        for (status, body) in bodies {
            assert_eq!(sold(status, body).unwrap_err().effect, Effect::Unknown, "{status} {body}");
        }
        let huge = format!(r#"{{"id":707,"number":"{}"}}"#, "x".repeat(1 << 20));
        assert!(sold(200, &huge).unwrap_err().detail.len() < 200);
        let limited = sold(429, "slow down").unwrap_err();
        assert_eq!((limited.kind, limited.effect), (FaultKind::RateLimited, Effect::None));
    }

    #[test]
    fn a_number_is_read_without_its_plus_and_an_empty_one_is_no_stock() {
        for id in ["707", "\"707\""] {
            let body = format!(r#"{{"id":{id},"number":"+79777777777","send":0}}"#);
            let sold = sold(200, &body).unwrap();
            assert_eq!((sold.upstream_id.as_str(), sold.phone.digits()), ("707", "79777777777"));
        }
        let empty = sold(200, r#"{"id":0,"number":"","send":0}"#).unwrap_err();
        assert_eq!((empty.kind, empty.effect), (FaultKind::NoStock, Effect::None));
    }

    #[test]
    fn only_a_bare_1_is_an_agreement() {
        let told = |status, body: &str| agreed(&bare(&answer(status, body), not_returned)?);
        for body in ["1", " 1\n", "\"1\""] {
            assert_eq!(told(200, body), Ok(()), "{body:?}");
        }
        for body in ["", "0", "2", "11", "true", "[1]", "{}", r#"{"status":1}"#, "{\"err", "<html>1</html>"] {
            assert_eq!(told(200, body).unwrap_err().effect, Effect::Unknown, "{body:?}");
        }
        assert_eq!(told(301, "1").unwrap_err().effect, Effect::Unknown);
        assert_eq!(told(503, "1").unwrap_err().effect, Effect::Unknown);
    }

    #[test]
    fn a_balance_is_an_amount_and_nothing_else() {
        let read = |body: &str| balance(&bare(&answer(200, body), undocumented)?);
        for (body, amount) in [("500", "500"), ("463.02\n", "463.02"), ("\"12.5\"", "12.5"), ("0", "0")] {
            assert_eq!(read(body), Ok(amount.parse().unwrap()), "{body}");
        }
        for body in ["", "null", "BAD_KEY", "[500]", r#"{"balance":500}"#, "<html>500</html>", "500 RUB"] {
            assert!(read(body).is_err(), "{body}");
        }
    }
}
