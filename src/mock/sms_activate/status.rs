//! How sms-activate is told of an activation's progress and tells of it.

use serde_json::{Value, json};

use super::account::time;
use super::reply::{BAD_ACTION, BAD_STATUS, EARLY_CANCEL_DENIED, NO_ACTIVATION, Outcome, Refusal, Reply};
use super::visit::Visit;
use crate::mock::lot::{Lot, LotState, Message};
use crate::mock::want::StepError;

/// setStatus.
pub(super) fn set(visit: &Visit<'_>) -> Outcome {
    let status = visit.call.get("status").unwrap_or_default();
    if !matches!(status, "1" | "3" | "6" | "8") {
        return visit.blamed(BAD_STATUS, &format!("status {status:?} is not documented"));
    }
    if status == "8" && visit.house.quirks.no_cancel_code {
        // The dialect has it, so sending it is no mistake; the word is assumed.
        return Err(BAD_STATUS);
    }
    let lot = visit.lot()?;
    let answer = match status {
        "1" => ready(visit, &lot),
        "3" => another(visit, &lot),
        "6" => finish(visit, &lot),
        _ => cancel(visit, &lot),
    };
    answer.map(|word| Reply::Text(word.to_owned()))
}

/// finishActivation of the newer generation.
pub(super) fn finish_activation(visit: &Visit<'_>) -> Outcome {
    let lot = visit.lot()?;
    finish(visit, &lot).map(|_| Reply::Empty)
}

/// cancelActivation of the newer generation.
pub(super) fn cancel_activation(visit: &Visit<'_>) -> Outcome {
    let lot = visit.lot()?;
    cancel(visit, &lot).map(|_| Reply::Empty)
}

type Word = Result<&'static str, Refusal>;

/// 1, which the newer generation does not know.
fn ready(visit: &Visit<'_>, lot: &Lot) -> Word {
    if visit.house.quirks.modern_errors {
        return Err(BAD_STATUS);
    }
    match lot.state {
        LotState::Waiting | LotState::Resend => {
            visit.market().ready(&lot.id).map_err(refusal)?;
            Ok("ACCESS_READY")
        }
        _ => after_the_fact(visit, lot, "status 1 after the code"),
    }
}

/// 3. A repetition is answered as before: the first answer may have been lost.
fn another(visit: &Visit<'_>, lot: &Lot) -> Word {
    if lot.is_active() && lot.messages.is_empty() {
        return visit.blamed(BAD_STATUS, "status 3 before a code");
    }
    visit.market().another(&lot.id).map_err(refusal)?;
    Ok("ACCESS_RETRY_GET")
}

/// 6, which means three things: "если был статус 'код получен' - помечает успешно и завершает, если был
/// 'подготовка' - удаляет и помечает ошибка, если был статус 'ожидает повтора' - переводит активацию в
/// ожидание смс".
fn finish(visit: &Visit<'_>, lot: &Lot) -> Word {
    let market = visit.market();
    match lot.state {
        LotState::Waiting => market.cancel(&lot.id).map(|_| "ACCESS_CANCEL"),
        LotState::Resend => market.resent(&lot.id).map(|_| "ACCESS_RETRY_GET"),
        _ => market.finish(&lot.id).map(|_| "ACCESS_ACTIVATION"),
    }
    .map_err(refusal)
}

/// 8.
fn cancel(visit: &Visit<'_>, lot: &Lot) -> Word {
    match visit.market().cancel(&lot.id) {
        Ok(_) => Ok("ACCESS_CANCEL"),
        Err(StepError::HasMessage) => after_the_fact(visit, lot, "status 8 after a code"),
        Err(error) => Err(refusal(error)),
    }
}

/// It came too late, which the buyer cannot be blamed for unless it was shown the message.
fn after_the_fact(visit: &Visit<'_>, lot: &Lot, what: &str) -> Word {
    if lot.is_active() && lot.seen > 0 {
        visit.blame(what);
    }
    Err(BAD_STATUS)
}

fn refusal(error: StepError) -> Refusal {
    match error {
        StepError::TooEarly => EARLY_CANCEL_DENIED,
        _ => BAD_STATUS,
    }
}

/// getStatus.
pub(super) fn get(visit: &Visit<'_>) -> Outcome {
    let vague = |refusal| match refusal {
        NO_ACTIVATION if visit.house.quirks.vague_errors => BAD_ACTION,
        other => other,
    };
    let lot = visit.lot().map_err(vague)?;
    visit.market().shown(&lot.id);
    Ok(Reply::Text(words(&lot)))
}

fn words(lot: &Lot) -> String {
    let last = lot.last().map_or("", |message| message.code.as_str());
    match lot.state {
        LotState::Waiting => "STATUS_WAIT_CODE".to_owned(),
        LotState::Resend => "STATUS_WAIT_RESEND".to_owned(),
        LotState::Another => format!("STATUS_WAIT_RETRY:{last}"),
        LotState::Received | LotState::Finished => format!("STATUS_OK:{last}"),
        LotState::Cancelled | LotState::Expired => "STATUS_CANCEL".to_owned(),
    }
}

/// getStatusV2, which is later than the document: JSON while it lives, `sms` null while one is awaited.
pub(super) fn get_v2(visit: &Visit<'_>) -> Outcome {
    let lot = visit.lot()?;
    visit.market().shown(&lot.id);
    let sms = match lot.state {
        LotState::Cancelled | LotState::Expired => return Ok(Reply::Text(words(&lot))),
        LotState::Received | LotState::Finished => lot.last(),
        _ => None,
    };
    let sms = sms.map(
        |message| json!({ "dateTime": time(message.arrived_at), "code": message.code, "text": message.text }),
    );
    Ok(Reply::Json(json!({ "verificationType": 0, "sms": sms, "call": Value::Null })))
}

/// getFullSms: the newest message's text.
pub(super) fn full_sms(visit: &Visit<'_>) -> Outcome {
    let lot = visit.lot()?;
    visit.market().shown(&lot.id);
    Ok(Reply::Text(match lot.last() {
        Some(message) => format!("FULL_SMS:{}", message.text),
        None if lot.is_active() => "STATUS_WAIT_CODE".to_owned(),
        None => "STATUS_CANCEL".to_owned(),
    }))
}

/// getAllSms, which is later than the document: newest first, every field a text (PyPI `herosms` 0.1.1,
/// `models.py`).
pub(super) fn all_sms(visit: &Visit<'_>) -> Outcome {
    let lot = visit.lot()?;
    visit.market().shown(&lot.id);
    let row = |(nth, message): (usize, &Message)| {
        json!({
            "id": nth.to_string(),
            "phoneFrom": message.sender,
            "code": message.code,
            "text": message.text,
            "service": lot.service,
            "date": time(message.arrived_at),
            "type": "sms",
        })
    };
    let rows = (1..).zip(&lot.messages).map(row).collect::<Vec<_>>();
    Ok(Reply::Json(json!({ "data": rows.into_iter().rev().collect::<Value>() })))
}
