//! Calls at a service that speaks the dialect. Knows no activation but by the service's own id.
//!
//! Source: `api/sms-activate.txt`, "Получить статус входящего звонка", "Позвонить на сервис" and "Проверить
//! статус исходящего звонка". `parseCall` is later than the document: PyPI `aiosmsactivate` 1.5.1,
//! `client.py`, and the vendor's own later page ("Repeated voice parsing").

use async_trait::async_trait;
use jiff::civil::Date;
use serde_json::Value;

use super::fold::{Body, malformed};
use super::{HandlerApi, ask};
use crate::domain::{Activation, Phone};
use crate::provider::calls::{CallState, Calls, IncomingCall, OutgoingCall, Reread};
use crate::provider::http::Purpose;
use crate::provider::{Capability, Cx, Fault, read};

impl HandlerApi {
    /// Asks what a service may lack without its being known.
    async fn ring(
        &self,
        cx: &Cx,
        purpose: Purpose,
        action: &str,
        query: &[(&str, &str)],
    ) -> Result<Body, Fault> {
        self.ask(cx, purpose, action, query).await.map_err(|fault| ask::lacking(Capability::Calls, fault))
    }
}

#[async_trait]
impl Calls for HandlerApi {
    async fn incoming(&self, cx: &Cx, activation: &Activation) -> Result<IncomingCall, Fault> {
        let query = [("activationId", activation.upstream_id.as_str())];
        incoming(&self.ring(cx, Purpose::Poll, "getIncomingCallStatus", &query).await?.json()?)
    }

    async fn order(&self, cx: &Cx, activation: &Activation, to: &Phone) -> Result<(), Fault> {
        let query = [("activationId", activation.upstream_id.as_str()), ("phone", to.digits())];
        let body = self.ring(cx, Purpose::Act, "createTaskForCall", &query).await?;
        let agreed = match &body {
            Body::Empty => true,
            Body::Text(_) => body.json()?.get("status").and_then(Value::as_str) == Some("success"),
        };
        if agreed { Ok(()) } else { Err(malformed("createTaskForCall did not say success").in_doubt()) }
    }

    async fn outgoing(
        &self,
        cx: &Cx,
        activation: Option<&Activation>,
        day: Option<Date>,
    ) -> Result<Vec<OutgoingCall>, Fault> {
        let day = day.map(|day| day.to_string());
        let mut query = Vec::new();
        query.extend(day.as_deref().map(|day| ("date", day)));
        query.extend(activation.map(|activation| ("activationId", activation.upstream_id.as_str())));
        outgoing(&self.ring(cx, Purpose::List, "getOutgoingCalls", &query).await?.json()?)
    }

    async fn reread(
        &self,
        cx: &Cx,
        activation: &Activation,
        language: Option<&str>,
    ) -> Result<Reread, Fault> {
        let mut query = vec![("id", activation.upstream_id.as_str())];
        query.extend(language.map(|language| ("newLang", language)));
        let body = self.ring(cx, Purpose::Act, "parseCall", &query).await?;
        match body.text() {
            "" => Ok(Reread::Begun),
            "STATUS_CANCEL" => Ok(Reread::Cancelled),
            _ if body.json()?.get("result").and_then(Value::as_str) == Some("OK") => Ok(Reread::Begun),
            _ => Err(malformed("parseCall did not say OK").in_doubt()),
        }
    }
}

/// `{"status":"2","phone":false}`.
fn incoming(value: &Value) -> Result<IncomingCall, Fault> {
    let Some(status) = read::plain(value.get("status")) else {
        return Err(malformed("getIncomingCallStatus answered no status"));
    };
    let state = match status.as_str() {
        "2" => Some(CallState::New),
        "3" => Some(CallState::Closed),
        "4" => Some(CallState::Cancelled),
        "5" => Some(CallState::Returned),
        _ => None,
    };
    let caller = read::plain(value.get("phone")).and_then(|phone| Phone::parse(&phone).ok());
    Ok(IncomingCall { state, caller })
}

/// `{"958874106":{"date":"2022-07-29 16:03:23","phoneFrom":"79912556393","status":"IN_PROCESS"}}`; what is not
/// like that is left out.
fn outgoing(value: &Value) -> Result<Vec<OutgoingCall>, Fault> {
    let Some(rows) = value.as_object() else {
        // PHP prints an empty map as [].
        return match value.as_array() {
            Some(list) if list.is_empty() => Ok(Vec::new()),
            _ => Err(malformed("getOutgoingCalls answered no object")),
        };
    };
    let call = |(id, row): (&String, &Value)| {
        let text = |name: &str| read::plain(row.get(name));
        Some(OutgoingCall {
            upstream_id: id.clone(),
            ordered_at: read::utc(&text("date")?)?,
            from: Phone::parse(&text("phoneFrom")?).ok()?,
            status: text("status").filter(|status| is_word(status))?,
        })
    };
    Ok(rows.iter().filter_map(call).collect())
}

fn is_word(text: &str) -> bool {
    text.len() <= 40 && text.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_caller_is_a_number_and_never_a_switch() {
        let none = incoming(&json!({"status": "2", "phone": false})).unwrap();
        assert_eq!(none, IncomingCall { state: Some(CallState::New), caller: None });
        for phone in [json!("+79180230628"), json!(79_180_230_628_u64)] {
            let seen = incoming(&json!({"status": 3, "phone": phone})).unwrap();
            assert_eq!(seen.state, Some(CallState::Closed));
            assert_eq!(seen.caller.unwrap().digits(), "79180230628");
        }
        assert!(incoming(&json!({"phone": false})).is_err());
    }

    #[test]
    fn tasks_are_read_and_odd_rows_left_out() {
        let rows = json!({
            "958874106": {"date": "2022-07-29 16:03:23", "phoneFrom": "79912556393", "status": "IN_PROCESS"},
            "2": {"date": "yesterday", "phoneFrom": "1", "status": "X"},
        });
        let read = outgoing(&rows).unwrap();
        assert_eq!(read.len(), 1);
        assert_eq!((read[0].upstream_id.as_str(), read[0].status.as_str()), ("958874106", "IN_PROCESS"));
        assert_eq!(outgoing(&json!([])), Ok(Vec::new()));
        assert!(outgoing(&json!([1])).is_err());
    }
}
