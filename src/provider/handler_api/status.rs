//! The states of an activation in the dialect's words, as an upstream prints them. Knows no
//! request.

use jiff::Timestamp;
use serde_json::Value;

use super::fold::{Body, malformed};
use crate::domain::{Inbox, Progress, Sms, Step};
use crate::provider::read::utc;
use crate::provider::{Fault, FaultKind};

/// The number of `setStatus` for a step, where `cancel` is the one that cancels, and the words of agreement
/// ("Изменение статуса активации"). After 6 on "ожидает повтора" a message is waited for; which of two
/// words says so, the document leaves open.
pub fn of_step(step: Step, cancel: &str) -> (&str, &'static [&'static str]) {
    match step {
        Step::Ready => ("1", &["ACCESS_READY"]),
        Step::Another => ("3", &["ACCESS_RETRY_GET"]),
        Step::Resent => ("6", &["ACCESS_RETRY_GET", "ACCESS_ACTIVATION"]),
        Step::Finish => ("6", &["ACCESS_ACTIVATION"]),
        Step::Reject | Step::Cancel => (cancel, &["ACCESS_CANCEL"]),
    }
}

/// What the answer to `getStatus` or `getStatusV2` says; a message without a time gets `fallback`.
pub fn progress(answer: Result<Body, Fault>, fallback: Timestamp) -> Result<Progress, Fault> {
    let body = match answer {
        Ok(body) => body,
        Err(fault) if fault.kind == FaultKind::UnknownActivation => return Ok(Progress::Gone),
        Err(fault) => return Err(fault),
    };
    let text = body.text();
    if text.starts_with('{') {
        return of_json(&body.json()?, fallback);
    }
    // The code may itself hold a colon, and the document's prose sets a blank and quotes around it.
    let (head, rest) = text.split_once(':').unwrap_or((text, ""));
    match head {
        "STATUS_WAIT_CODE" | "STATUS_WAIT_RETRY" => Ok(Progress::Waiting),
        "STATUS_WAIT_RESEND" => Ok(Progress::Resend),
        // Tiger SMS documents the second one (GitHub, a Rust client made from live answers of 2026-08).
        "STATUS_CANCEL" | "ACCESS_CANCEL" => Ok(Progress::Cancelled),
        "STATUS_OK" => match rest.trim().trim_matches('\'').trim() {
            "" => Err(malformed("getStatus answered a code of nothing")),
            code => Ok(Progress::Received(Inbox::Newest(Sms::of_code(code, fallback)))),
        },
        _ => Err(malformed("getStatus answered an undocumented status")),
    }
}

/// What `getFullSms` says ("Получить полный текст смс"): the text, or nothing while there is none.
pub fn full_text(body: Body) -> Result<Option<String>, Fault> {
    match body.text().strip_prefix("FULL_SMS:") {
        Some(text) => Ok(Some(text.to_owned()).filter(|text| !text.is_empty())),
        // It says how the activation stands instead, or what it says is no answer.
        None => progress(Ok(body), Timestamp::UNIX_EPOCH).map(|_| None),
    }
}

/// `{"verificationType":0,"sms":{"dateTime","code","text"},"call":null}` (`WIRE.md` section 4).
fn of_json(value: &Value, fallback: Timestamp) -> Result<Progress, Fault> {
    if ["verificationType", "sms", "call"].iter().all(|field| value.get(*field).is_none()) {
        return Err(malformed("getStatusV2 answered an object that is no status"));
    }
    let message = ["sms", "call"].iter().find_map(|kind| value.get(*kind)?.as_object());
    let Some(message) = message else { return Ok(Progress::Waiting) };
    let text = |name: &str| message.get(name).and_then(Value::as_str).map(str::to_owned);
    let Some(code) = text("code").filter(|code| !code.trim().is_empty()) else {
        return Ok(Progress::Waiting);
    };
    Ok(Progress::Received(Inbox::Newest(Sms {
        code,
        text: text("text").filter(|text| !text.is_empty()),
        sender: text("from"),
        service: None,
        received_at: text("dateTime").and_then(|time| utc(&time)).unwrap_or(fallback),
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Progress, Fault> {
        progress(Ok(Body::Text(text.to_owned())), Timestamp::UNIX_EPOCH)
    }

    fn code(progress: Progress) -> String {
        match progress {
            Progress::Received(Inbox::Newest(sms)) => sms.code,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_documented_status_is_read() {
        assert_eq!(read("STATUS_WAIT_CODE"), Ok(Progress::Waiting));
        assert_eq!(read("STATUS_WAIT_RETRY:123"), Ok(Progress::Waiting));
        assert_eq!(read("STATUS_WAIT_RESEND"), Ok(Progress::Resend));
        assert_eq!(read("STATUS_CANCEL"), Ok(Progress::Cancelled));
        assert_eq!(code(read("STATUS_OK:12:34").unwrap()), "12:34");
        assert_eq!(code(read("STATUS_OK: '1234'").unwrap()), "1234");
        assert!(read("STATUS_NEW").is_err());
        for nothing in ["STATUS_OK", "STATUS_OK:", "STATUS_OK: ''", "STATUS_OK:' '"] {
            assert!(read(nothing).is_err(), "{nothing}");
        }
        assert_eq!(read("ACCESS_CANCEL"), Ok(Progress::Cancelled));
        let gone = Fault::upstream(FaultKind::UnknownActivation, "NO_ACTIVATION");
        assert_eq!(progress(Err(gone), Timestamp::UNIX_EPOCH), Ok(Progress::Gone));
    }

    #[test]
    fn the_second_form_carries_text_and_time() {
        let json = r#"{"verificationType":0,"sms":{"dateTime":"2022-06-01 17:30:57","code":"1","text":"code: 1"},"call":null}"#;
        let Ok(Progress::Received(Inbox::Newest(sms))) = read(json) else { panic!("no message") };
        assert_eq!(sms.text.as_deref(), Some("code: 1"));
        assert_eq!(sms.received_at.to_string(), "2022-06-01T17:30:57Z");
        assert_eq!(read(r#"{"verificationType":0,"sms":null,"call":null}"#), Ok(Progress::Waiting));
    }
}
