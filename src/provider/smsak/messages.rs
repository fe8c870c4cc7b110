//! SMSAK's messages: the rows of `all-sms`. Knows neither a request nor what else there is to know of an
//! activation.

use jiff::Timestamp;
use serde_json::Value;

use super::wire::malformed;
use crate::domain::Sms;
use crate::provider::Fault;
use crate::provider::read::{plain, utc};

/// Every message so far, oldest first; the answer has the newest first. A row whose code and text are both
/// empty stands for a message that has not come (`UPSTREAMS.md` section 2). A message without a readable
/// time gets `fallback`.
pub fn all(answer: &Value, fallback: Timestamp) -> Result<Vec<Sms>, Fault> {
    let rows = answer.as_array().ok_or_else(|| malformed("all-sms answered no list"))?;
    let mut messages = Vec::new();
    for row in rows.iter().rev() {
        messages.extend(message(row, fallback)?);
    }
    Ok(messages)
}

/// `{"number":"+7…","from":"VKcom","text":"509752 - код…","small":"509752","time":"2019-02-07 09:34:03"}`.
fn message(row: &Value, fallback: Timestamp) -> Result<Option<Sms>, Fault> {
    if row.get("small").is_none() && row.get("text").is_none() {
        return Err(malformed("a row of all-sms has neither small nor text"));
    }
    let text = said(row.get("text"));
    // Where no code could be found in the text, the text is all there is.
    let code = said(row.get("small")).or_else(|| text.clone());
    let received_at = said(row.get("time")).and_then(|time| utc(&time)).unwrap_or(fallback);
    Ok(code.map(|code| Sms { code, text, sender: said(row.get("from")), service: None, received_at }))
}

/// A field that says something: nothing yet is null, empty or a dash.
fn said(field: Option<&Value>) -> Option<String> {
    plain(field).filter(|text| text != "-")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn row(small: Value, text: Value) -> Value {
        json!({"number":"+79777777777","from":"VKcom","text":text,"small":small,"time":"2019-02-07 09:34:03"})
    }

    fn codes(answer: &Value) -> Vec<String> {
        all(answer, NOW).unwrap().into_iter().map(|sms| sms.code).collect()
    }

    #[test]
    fn the_newest_comes_last() {
        let answer = json!([row(json!("2"), json!("two")), row(json!("1"), json!("one"))]);
        assert_eq!(codes(&answer), ["1", "2"]);
        let newest = all(&answer, NOW).unwrap().pop().unwrap();
        assert_eq!(newest.text.as_deref(), Some("two"));
        assert_eq!(newest.sender.as_deref(), Some("VKcom"));
        assert_eq!(newest.received_at.to_string(), "2019-02-07T09:34:03Z");
    }

    #[test]
    fn a_repeated_code_is_a_message_of_its_own() {
        let same = row(json!("1"), json!("one"));
        assert_eq!(codes(&json!([same, same])), ["1", "1"]);
    }

    #[test]
    fn nothing_yet_has_several_forms() {
        assert_eq!(codes(&json!([])), [""; 0]);
        for nothing in [json!(null), json!("-"), json!("")] {
            assert_eq!(codes(&json!([row(nothing.clone(), nothing.clone())])), [""; 0], "{nothing}");
            let waiting =
                json!({"number":nothing,"from":nothing,"text":nothing,"small":nothing,"time":nothing});
            assert_eq!(codes(&json!([waiting])), [""; 0], "{nothing}");
        }
    }

    #[test]
    fn without_a_code_the_text_stands_for_it() {
        for nothing in [json!(null), json!("-"), json!("")] {
            let answer = json!([row(nothing, json!("call: me\nnow"))]);
            assert_eq!(codes(&answer), ["call: me\nnow"]);
        }
        let bare = all(&json!([row(json!(509752), json!("-"))]), NOW).unwrap();
        assert_eq!((bare[0].code.as_str(), bare[0].text.as_deref()), ("509752", None));
    }

    #[test]
    fn an_unreadable_time_or_sender_withholds_no_message() {
        let answer = json!([{"from":null,"text":"t","small":"1","time":"yesterday"}]);
        let sms = all(&answer, NOW).unwrap().remove(0);
        assert_eq!((sms.sender, sms.received_at), (None, NOW));
    }

    #[test]
    fn what_is_no_list_of_messages_is_neither_a_message_nor_waiting() {
        for answer in [json!(null), json!(1), json!("-"), json!({}), json!([7]), json!([{}]), json!([[]])] {
            assert!(all(&answer, NOW).is_err(), "{answer}");
        }
    }
}
