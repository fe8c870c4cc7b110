//! Folds an upstream's HTTP answer back into the dialect: a body, or the fault its error word means.
//! Knows the two generations of such services (plain words with HTTP 200; JSON `{"title","details"}`
//! with 4xx and empty 204), and no action but the form of a sold number.

use std::collections::BTreeSet;

use serde_json::Value;

use super::extra_of;
use super::words::{UNDOCUMENTED, fault_of};
use crate::aside::LONG;
use crate::domain::{Bought, Currency, Extra, Money, Operator, Phone, amount_of_json};
use crate::provider::http::Answer;
use crate::provider::{Fault, FaultKind, read, words};

/// Longer than any word that was ever met; what is longer says something else, and would be passed on whole.
pub(super) const LONGEST_WORD: usize = 40;

/// A successful answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// HTTP 204 or no bytes: done, nothing to say.
    Empty,
    /// Text or JSON.
    Text(String),
}

impl Body {
    /// The text; empty for nothing.
    pub fn text(&self) -> &str {
        match self {
            Self::Empty => "",
            Self::Text(text) => text,
        }
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<Value, Fault> {
        serde_json::from_str(self.text())
            .map_err(|_| malformed("the answer is not (complete) JSON").in_doubt())
    }

    /// What is made of the body as JSON; of a long one aside.
    pub async fn decoded<T: Send + 'static>(
        self,
        decode: impl FnOnce(Value) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let length = self.text().len();
        let decode = move || {
            let answer = self.json()?;
            // A long error was not yet seen to be one.
            json_word(&answer).map_or_else(|| decode(answer), |word| Err(fault_of(&word)))
        };
        read::decoded(length, decode).await
    }
}

/// A fault for an answer that the document does not allow.
pub fn malformed(detail: &str) -> Fault {
    read::malformed("the upstream", detail)
}

/// The body of an answer, or the fault it means.
pub fn fold(answer: &Answer) -> Result<Body, Fault> {
    let text = answer.body.trim_start_matches('\u{feff}').trim();
    match answer.status {
        204 => Ok(Body::Empty),
        429 => Err(Fault::upstream(FaultKind::RateLimited, "HTTP 429")),
        200..=299 => match error_word(text) {
            Some(word) => Err(fault_of(&word)),
            None if text.is_empty() => Err(malformed("an empty answer").in_doubt()),
            None if text.starts_with('<') => Err(malformed("HTML instead of an answer").in_doubt()),
            None => Ok(Body::Text(text.to_owned())),
        },
        400..=499 => Err(match error_word(text) {
            Some(word) => fault_of(&word),
            None => Fault::upstream(FaultKind::Malformed, &format!("HTTP {}", answer.status)).in_doubt(),
        }),
        status => Err(Fault::upstream(FaultKind::UpstreamFailed, &format!("HTTP {status}")).in_doubt()),
    }
}

/// The body of an answer to an action that is only passed on: as it is, error words too.
pub fn verbatim(answer: &Answer) -> Result<String, Fault> {
    match answer.status {
        // A client of the older generation takes no bytes for a failure.
        204 => Ok(r#"{"status":"success"}"#.to_owned()),
        200..=299 if !answer.body.trim_start().starts_with('<') => Ok(answer.body.clone()),
        400..=499 if answer.status != 429 => match error_word(answer.body.trim()) {
            Some(word) => Ok(word),
            None => fold(answer).map(|body| body.text().to_owned()),
        },
        _ => fold(answer).map(|body| body.text().to_owned()),
    }
}

/// The error word of a body, with its argument (`WRONG_MAX_PRICE:5`); `None` when it is no error. No error is long, but
/// the prices of all countries are, and would be read twice.
fn error_word(text: &str) -> Option<String> {
    if text.len() >= LONG {
        return None;
    }
    if text.starts_with('{') {
        let value: Value = serde_json::from_str(text).ok()?;
        return json_word(&value);
    }
    is_word(text).then(|| text.to_owned())
}

/// `{"title":"BAD_KEY","details":…}`, `{"status":"error","error":"NO_ACTIVATIONS"}` and the same with
/// `message` or `msg`.
fn json_word(value: &Value) -> Option<String> {
    let text = |field: &str| value.get(field).and_then(Value::as_str);
    let word = match text("title") {
        Some(title) => title,
        None if text("status") == Some("error") => {
            text("error").or_else(|| text("message")).or_else(|| text("msg"))?
        }
        None => text("error").filter(|word| is_word(word))?,
    };
    let word = word.trim();
    if !is_word(word) {
        return Some(UNDOCUMENTED.to_owned());
    }
    if word == "WRONG_MAX_PRICE" {
        let info = value.get("info").and_then(|info| info.get("min")).or_else(|| value.get("min"));
        if let Some(min) = info.and_then(amount_of_json) {
            return Some(format!("{word}:{min}"));
        }
    }
    Some(word.to_owned())
}

/// Whether a text is an error word: capitals, digits and underscores up to a colon, and none of the
/// words that mean success, nor the beginning of one that was cut off: clients take `ACCESS` for agreement.
fn is_word(text: &str) -> bool {
    let head = text.split(':').next().unwrap_or_default();
    let shaped = (3..=LONGEST_WORD).contains(&head.len())
        && head.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        && head.bytes().any(|b| b.is_ascii_uppercase())
        // With more of them it holds a phone number or a code.
        && head.bytes().filter(u8::is_ascii_digit).count() <= 3;
    let success = ["ACCESS_", "STATUS_", "FULL_SMS", "ADDITIONAL"];
    shaped && !success.iter().any(|prefix| head.starts_with(prefix) || prefix.starts_with(head))
}

/// `ACCESS_NUMBER:id:phone`, or the object of `getNumberV2` ("Запрос номера V2").
pub fn bought(body: &Body, currency: Currency) -> Result<Bought, Fault> {
    let doubt = || malformed("the answer to an order is no number").in_doubt();
    let text = body.text();
    if text.starts_with("ACCESS_NUMBER") {
        return words::sold(text).ok_or_else(doubt);
    }
    let value: Value = serde_json::from_str(text).map_err(|_| doubt())?;
    let object = value.as_object().ok_or_else(doubt)?;
    let plain = |name: &str| read::plain(object.get(name));
    let known = [
        "activationId",
        "phoneNumber",
        "activationCost",
        "countryCode",
        "canGetAnotherSms",
        "activationTime",
        "activationOperator",
    ];
    Ok(Bought {
        upstream_id: read::id(object.get("activationId")).ok_or_else(doubt)?,
        phone: plain("phoneNumber").and_then(|phone| Phone::parse(&phone).ok()).ok_or_else(doubt)?,
        price: read::price(object.get("activationCost")).map(|amount| Money { amount, currency }),
        operator: plain("activationOperator")
            .filter(|name| name != "any")
            .and_then(|name| Operator::parse(&name).ok()),
        expires_at: None,
        extra: extra_of(object, &known),
    })
}

/// The list of `getMultiServiceNumber` ("Заказ номера для нескольких сервисов"): a part for each service, in
/// their order, all on one number. What is a number and what an id is as in the document's Python example; its
/// legend has them the other way round (`UPSTREAMS.md` section 5).
pub fn bought_together(body: &Body, services: &[&str]) -> Result<Vec<Bought>, Fault> {
    let doubt = || malformed("the answer to an order is not a number for each service").in_doubt();
    let value: Value = serde_json::from_str(body.text()).map_err(|_| doubt())?;
    let rows = value.as_array().filter(|rows| rows.len() == services.len()).ok_or_else(doubt)?;
    let part = |service: &&str| {
        let row = rows.iter().find(|row| row.get("service").and_then(Value::as_str) == Some(service))?;
        Some(Bought {
            upstream_id: read::id(row.get("activation"))?,
            phone: Phone::parse(&read::plain(row.get("phone"))?).ok()?,
            price: None,
            operator: None,
            expires_at: None,
            extra: Extra::new(),
        })
    };
    let parts: Vec<_> = services.iter().map(part).collect::<Option<_>>().ok_or_else(doubt)?;
    let one_number = parts.windows(2).all(|pair| pair[0].phone == pair[1].phone);
    let ids: BTreeSet<_> = parts.iter().map(|part| &part.upstream_id).collect();
    let whole = one_number && ids.len() == parts.len();
    if whole { Ok(parts) } else { Err(doubt()) }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::provider::Effect;

    fn folded(status: u16, body: &str) -> Result<Body, Fault> {
        fold(&Answer { status, body: body.to_owned() })
    }

    fn kind(status: u16, body: &str) -> FaultKind {
        folded(status, body).unwrap_err().kind
    }

    #[test]
    fn both_generations_say_the_same() {
        let pairs = [
            ("BAD_KEY", 401, FaultKind::WrongKey),
            ("NO_BALANCE", 402, FaultKind::NoFunds),
            ("EARLY_CANCEL_DENIED", 409, FaultKind::TooEarlyToCancel),
            ("NO_ACTIVATION", 404, FaultKind::UnknownActivation),
            ("BAD_STATUS", 422, FaultKind::BadStatus),
            ("CHANNELS_LIMIT", 403, FaultKind::Word("CHANNELS_LIMIT".into())),
        ];
        for (word, status, expected) in pairs {
            assert_eq!(kind(200, word), expected, "{word}");
            assert_eq!(kind(status, &format!(r#"{{"title":"{word}","details":"x"}}"#)), expected, "{word}");
        }
        let min = FaultKind::PriceAboveCap("7.5".parse().unwrap());
        assert_eq!(kind(200, "WRONG_MAX_PRICE:7.5"), min);
        assert_eq!(kind(400, r#"{"title":"WRONG_MAX_PRICE","info":{"min":7.5}}"#), min);
        assert_eq!(folded(204, ""), Ok(Body::Empty));
    }

    #[test]
    fn a_success_is_never_taken_for_an_error_word() {
        for body in [
            "ACCESS_NUMBER:1:79",
            "STATUS_OK:BAD_KEY",
            "FULL_SMS:NO_BALANCE",
            "ACCESS_BALANCE:1.00",
            "ACCESS",
            "STATUS",
        ] {
            assert_eq!(folded(200, body), Ok(Body::Text(body.into())));
        }
        assert!(folded(200, r#"{"0":{"tg":{"cost":1,"count":2}}}"#).is_ok());
        let endless = "NO_".repeat(20);
        assert_eq!(folded(200, &endless), Ok(Body::Text(endless.clone())));
        assert_eq!(kind(400, &endless), FaultKind::Malformed);
        assert_eq!(
            kind(200, "BANNED:'2022-11-12 15-58-39'"),
            FaultKind::Word("BANNED:'2022-11-12 15-58-39'".into())
        );
    }

    #[test]
    fn what_is_no_answer_leaves_an_order_open() {
        for (status, body) in [
            (200, ""),
            (200, "<html>"),
            (200, "ERROR_SQL"),
            (500, "BAD_KEY"),
            (502, "<html>"),
            (302, ""),
            (404, "<html>"),
        ] {
            assert_eq!(folded(status, body).unwrap_err().effect, Effect::Unknown, "{status} {body}");
        }
        for body in
            ["ACCESS_NUMBER:1", "ACCESS_NUMBER::79", "{\"activationId\":1", "{\"activationId\":1}", "12"]
        {
            assert_eq!(
                bought(&Body::Text(body.into()), Currency::RUB).unwrap_err().effect,
                Effect::Unknown,
                "{body}"
            );
        }
        assert_eq!(folded(429, "").unwrap_err().effect, Effect::None);
    }

    #[test]
    fn a_number_is_read_in_both_forms_and_extras_survive() {
        let first =
            bought(&Body::Text("ACCESS_NUMBER:3807035855:79991112233".into()), Currency::RUB).unwrap();
        assert_eq!((first.upstream_id.as_str(), first.phone.digits()), ("3807035855", "79991112233"));
        let second = r#"{"activationId":"9","phoneNumber":"+7999","activationCost":"12.50","activationOperator":"mtt","currency":643}"#;
        let second = bought(&Body::Text(second.into()), Currency::RUB).unwrap();
        assert_eq!(second.price, Some(Money::rub("12.50".parse().unwrap())));
        assert_eq!(second.extra.keys().collect::<Vec<_>>(), ["currency"]);
    }

    #[test]
    fn several_services_are_sold_whole_or_nobody_knows() {
        let read = |body: &str| bought_together(&Body::Text(body.into()), &["vk", "tg"]);
        let (vk, tg) = (
            r#"{"phone":"79991112233","activation":5,"service":"vk"}"#,
            r#"{"phone":79991112233,"activation":"6","service":"tg"}"#,
        );
        let both = read(&format!("[{tg},{vk}]")).unwrap();
        assert_eq!([both[0].upstream_id.as_str(), both[1].upstream_id.as_str()], ["5", "6"]);
        for body in [
            vk.to_owned(),
            format!("[{vk}]"),
            format!("[{vk},{vk}]"),
            format!("[{vk},{tg},{tg}]"),
            format!("[{vk},{}]", tg.replace("2233", "2234")),
            format!("[{vk},{}]", tg.replace('6', "5")),
            format!("[{vk},{}]", tg.replace("phone", "tel")),
            format!("[{vk},"),
        ] {
            assert_eq!(read(&body).unwrap_err().effect, Effect::Unknown, "{body}");
        }
    }

    #[test]
    fn what_is_passed_on_keeps_its_bytes() {
        let same = |body: &str| verbatim(&Answer { status: 200, body: body.to_owned() }).unwrap();
        assert_eq!(same("{ \"a\" : 1 }\n"), "{ \"a\" : 1 }\n");
        assert_eq!(same("BAD_ACTION"), "BAD_ACTION");
        let modern = Answer { status: 404, body: r#"{"title":"NO_ACTIVATION"}"#.into() };
        assert_eq!(verbatim(&modern).unwrap(), "NO_ACTIVATION");
        assert!(verbatim(&Answer { status: 502, body: "<html>".into() }).is_err());
    }

    #[tokio::test]
    async fn what_is_long_is_read_once_and_where_it_holds_up_nobody() {
        let here = thread::current().id();
        for (letters, aside) in [(1, false), (LONG, true)] {
            let filler = "x".repeat(letters);
            let list = folded(200, &format!(r#"{{"name":"{filler}"}}"#)).unwrap();
            let thread = list.decoded(|_| Ok(thread::current().id())).await.unwrap();
            assert_eq!(thread != here, aside, "{letters}");
            let error = folded(200, &format!(r#"{{"title":"BAD_KEY","trace":"{filler}"}}"#));
            let read = async { error?.decoded(|_| Ok(())).await };
            assert_eq!(read.await.unwrap_err().kind, FaultKind::WrongKey, "{letters}");
        }
    }
}
