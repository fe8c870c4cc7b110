//! The list of an activation's messages at a service that has one: `getAllSms`, bare or under `data`
//! (`WIRE.md` section 4). Knows neither a request nor an activation.

use jiff::Timestamp;
use serde_json::Value;

use super::fold::malformed;
use crate::domain::Sms;
use crate::provider::{Fault, read};

/// `[{id,phoneFrom,code,text,service,date,type}]`, put into the order in which they came; one without a
/// time that can be read gets `fallback`, and one without code and text is none.
pub fn all(value: &Value, fallback: Timestamp) -> Result<Vec<Sms>, Fault> {
    let rows = value.as_array().or_else(|| value.get("data")?.as_array());
    let rows = rows.ok_or_else(|| malformed("getAllSms answered no list"))?;
    // What came within one second is taken to stand as the lists of rents do: the newest first
    // (`api/sms-activate.txt`, "Получить статус аренды").
    let mut found: Vec<_> = rows.iter().rev().filter_map(|row| message(row, fallback)).collect();
    found.sort_by_key(|sms| sms.received_at);
    Ok(found)
}

fn message(row: &Value, fallback: Timestamp) -> Option<Sms> {
    let text = |name: &str| read::plain(row.get(name));
    Some(Sms {
        code: text("code").or_else(|| text("text"))?,
        text: text("text"),
        sender: text("phoneFrom"),
        service: None,
        received_at: text("date").and_then(|time| read::utc(&time)).unwrap_or(fallback),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<String> {
        let value = serde_json::from_str(text).unwrap();
        all(&value, Timestamp::MAX).unwrap().into_iter().map(|sms| sms.code).collect()
    }

    #[test]
    fn messages_are_read_bare_and_wrapped_in_the_order_in_which_they_came() {
        let rows = r#"[{"id":"2","phoneFrom":"1","code":"22","text":"b 22","date":"2026-01-01 00:00:09"},
            {"id":1,"code":11,"text":null,"date":"2026-01-01 00:00:05"},{"code":null,"text":""}]"#;
        assert_eq!(codes(rows), ["11", "22"]);
        assert_eq!(codes(&format!(r#"{{"data":{rows}}}"#)), ["11", "22"]);
        assert!(all(&serde_json::json!({"status": "success"}), Timestamp::MAX).is_err());
    }
}
