//! How VAK-SMS is told of an activation's progress and tells of it.

use serde_json::{Value, json};

use super::numbers::is_rent;
use super::{BAD_STATUS, Outcome, Refusal, UNKNOWN_ID, Visit};
use crate::mock::lot::{Lot, LotState};
use crate::mock::want::StepError;

/// setStatus.
pub(super) fn set(visit: &Visit<'_>) -> Outcome {
    let id = visit.required("idNum")?;
    let status = visit.required("status")?;
    if !matches!(status, "send" | "end" | "bad") {
        return visit.blamed(BAD_STATUS, &format!("status {status} is not documented"));
    }
    let lot = living(visit, id)?;
    match status {
        "send" => send(visit, &lot),
        // Another one was asked for and is awaited: neither word ends it now.
        _ if lot.state == LotState::Another => Ok(word("waitSMS")),
        "bad" if lot.state == LotState::Received => {
            visit.market().finish(id).map_err(|_| UNKNOWN_ID)?;
            Ok(word("update"))
        }
        _ => give_back(visit, id),
    }
}

/// getSmsCode.
pub(super) fn code(visit: &Visit<'_>) -> Outcome {
    let lot = living(visit, visit.required("idNum")?)?;
    visit.market().shown(&lot.id);
    let all = visit.call.get("all").is_some();
    let codes = lot.messages.iter().map(|message| message.code.as_str());
    let value = match lot.last() {
        Some(_) if all => codes.collect(),
        // After `send` there is no code until the next one comes.
        Some(last) if lot.state == LotState::Received => Value::from(last.code.as_str()),
        _ if visit.house.quirks.empty_code => Value::from(""),
        _ => Value::Null,
    };
    Ok(json!({ "smsCode": value }))
}

/// `send` asks for one more message: "Отправлять запрос с параметрами status=send необходимо только в
/// случае получения еще одной смс с кодом".
fn send(visit: &Visit<'_>, lot: &Lot) -> Outcome {
    if lot.messages.is_empty() {
        return visit.blamed(BAD_STATUS, "status send before the first code");
    }
    if is_rent(lot) {
        visit.market().go_on(lot);
    } else {
        visit.market().another(&lot.id).map_err(|_| UNKNOWN_ID)?;
    }
    let mut answer = word("ready");
    if visit.house.quirks.count_sms {
        answer["countSMS"] = json!(lot.messages.len());
    }
    Ok(answer)
}

fn give_back(visit: &Visit<'_>, id: &str) -> Outcome {
    match visit.market().cancel(id) {
        Ok(_) => Ok(word("update")),
        Err(StepError::HasMessage) => Ok(word("smsReceived")),
        Err(StepError::TooEarly) => Ok(word("waitSMS")),
        Err(_) => Err(UNKNOWN_ID),
    }
}

/// An activation that lives: expired, cancelled and unknown ones are all the same to this provider.
fn living(visit: &Visit<'_>, id: &str) -> Result<Lot, Refusal> {
    visit.market().lot(id).filter(Lot::is_active).ok_or(UNKNOWN_ID)
}

fn word(status: &str) -> Value {
    json!({ "status": status })
}
