//! Reads upstreams' answers where their documents and the wild differ in types only: numbers written as
//! texts, JSON that is none. Knows no upstream.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde_json::Value;

use super::http::Answer;
use super::{Fault, FaultKind};
use crate::aside::{LONG, aside};
use crate::domain::amount_of_json;

/// A fault for an answer that `upstream`'s document does not allow.
pub fn malformed(upstream: &str, detail: &str) -> Fault {
    Fault::new(FaultKind::Malformed, format!("{upstream}: {detail}"))
}

/// The fault of an answer that is none of the upstream's own: asked too often, or its server failed.
pub fn failed(answer: &Answer) -> Option<Fault> {
    let code = || format!("HTTP {}", answer.status);
    match answer.status {
        429 => Some(Fault::upstream(FaultKind::RateLimited, &code())),
        500.. => Some(Fault::upstream(FaultKind::UpstreamFailed, &code()).in_doubt()),
        _ => None,
    }
}

/// The fault of a status that no answer in the upstream's own words came with.
pub fn odd_status(answer: &Answer) -> Option<Fault> {
    let good = (200..300).contains(&answer.status);
    let code = format!("HTTP {}", answer.status);
    (!good).then(|| Fault::upstream(FaultKind::Malformed, &code).in_doubt())
}

/// A body as JSON.
pub fn json(upstream: &str, body: &str) -> Result<Value, Fault> {
    serde_json::from_str(body)
        .map_err(|_| malformed(upstream, "the answer is not (complete) JSON").in_doubt())
}

/// What is made of so many bytes of an answer; of many aside.
pub async fn decoded<T: Send + 'static>(
    bytes: usize,
    decode: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let lost = || Err(Fault::new(FaultKind::Closing, "the answer was not read to its end").in_doubt());
    aside(bytes >= LONG, decode).await.unwrap_or_else(lost)
}

/// A whole number, 0 or more, written as a number or a text.
pub fn whole(value: Option<&Value>) -> Option<u64> {
    match value? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// An amount, written as a number or a text; never below zero.
pub fn price(value: Option<&Value>) -> Option<Decimal> {
    amount_of_json(value?).filter(|amount| !amount.is_sign_negative())
}

/// A whole number, 0 or more, or a text that is not empty, as a text.
pub fn plain(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::Number(number) => number.as_u64().map(|number| number.to_string()),
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        _ => None,
    }
}

/// An upstream's own id of an activation, written as a number or a text: letters and digits, and dashes and
/// underscores between them. Whatever else is there is no id, and nobody could ask about it again.
pub fn id(value: Option<&Value>) -> Option<String> {
    let good = |id: &String| {
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        id.len() <= 64 && id.bytes().all(inner) && id.starts_with(|c: char| c.is_ascii_alphanumeric())
    };
    plain(value).filter(good)
}

/// `2022-06-01 17:30:57`, taken as UTC (`UPSTREAMS.md` section 8).
pub fn utc(text: &str) -> Option<Timestamp> {
    let time: DateTime = text.trim().replace(' ', "T").parse().ok()?;
    time.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_id_is_one_that_can_be_asked_about() {
        for good in ["707", "3adb61376b8f4adb90d6e758cf8084fd", "a-1_b"] {
            assert_eq!(id(Some(&json!(good))).as_deref(), Some(good));
        }
        assert_eq!(id(Some(&json!(1_725_546_315_697_382_u64))).as_deref(), Some("1725546315697382"));
        for bad in [
            json!("-1"),
            json!(-1),
            json!(1.5),
            json!("\u{0}"),
            json!("1\u{fffd}2"),
            json!("a b"),
            json!(true),
        ] {
            assert_eq!(id(Some(&bad)), None, "{bad}");
        }
    }

    #[test]
    fn numbers_are_read_as_texts_too_and_nothing_else_is() {
        for good in [json!(19), json!("19"), json!(" 19 ")] {
            assert_eq!(whole(Some(&good)), Some(19));
            assert_eq!(price(Some(&good)), Some(Decimal::from(19)));
            assert_eq!(plain(Some(&good)).as_deref(), Some("19"));
        }
        for bad in [json!(null), json!(""), json!([19]), json!({"a": 19}), json!(true)] {
            assert_eq!(
                (whole(Some(&bad)), price(Some(&bad)), plain(Some(&bad))),
                (None, None, None),
                "{bad}"
            );
        }
        assert_eq!(whole(Some(&json!(1.5))), None);
        assert_eq!(whole(Some(&json!(-1))), None);
        assert_eq!(price(Some(&json!("-1"))), None);
        assert_eq!(price(None), None);
    }
}
