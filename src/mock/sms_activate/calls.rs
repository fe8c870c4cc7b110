//! How sms-activate tells of calls to its numbers and takes orders for calls from them.
//!
//! `parseCall` is later than the document: the vendor's later page, "Repeated voice parsing".

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::account::time;
use super::reply::{
    BAD_ACTION, CALL_TASK_ALREADY_EXIST, INVALID_ACTIVATION_ID, NO_CALL, NUMBER_NOT_EXIST, Outcome,
    PARSE_COUNT_EXCEED, Refusal, Reply, WRONG_ACTIVATION_ID,
};
use super::visit::Visit;
use crate::mock::lot::{Lot, LotState};

/// "limit of parsing attempts (maximum is 4)".
const MOST_PARSINGS: u8 = 4;

/// What is known of the calls of each lot.
#[derive(Default)]
pub(super) struct Exchange(Mutex<HashMap<String, Line>>);

#[derive(Default)]
struct Line {
    verified_by_call: bool,
    parsings: u8,
    task: Option<Timestamp>,
}

impl Exchange {
    fn open(&self) -> MutexGuard<'_, HashMap<String, Line>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a number was sold with `verification`.
    pub(super) fn sold_for_call(&self, lot: &Lot) {
        self.open().entry(lot.id.clone()).or_default().verified_by_call = true;
    }

    /// Who called: a number that ends with the code.
    fn caller(&self, lot: &Lot) -> Option<String> {
        let expected = self.open().get(&lot.id).is_some_and(|line| line.verified_by_call);
        lot.last().filter(|_| expected).map(|message| format!("7495{}", message.code))
    }
}

/// The activation that a parameter names. Naming none is a mistake, naming one that is not there is not.
fn lot_of(visit: &Visit<'_>, parameter: &str, word: Refusal) -> Result<Lot, Refusal> {
    let id = visit.call.get(parameter).unwrap_or_default();
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return visit.blamed(word, &format!("{parameter} {id:?} is not a number"));
    }
    visit.market().lot(id).ok_or(word)
}

/// getIncomingCallStatus.
pub(super) fn incoming(visit: &Visit<'_>) -> Outcome {
    let lot = lot_of(visit, "activationId", INVALID_ACTIVATION_ID)?;
    let status = match lot.state {
        LotState::Finished => "3",
        LotState::Cancelled => "4",
        LotState::Expired => "5",
        _ => "2",
    };
    let phone = visit.house.exchange.caller(&lot).map_or(Value::Bool(false), Value::String);
    Ok(Reply::Json(json!({ "status": status, "phone": phone })))
}

/// createTaskForCall: one call an activation.
pub(super) fn create_task(visit: &Visit<'_>) -> Outcome {
    let lot = Some(lot_of(visit, "activationId", WRONG_ACTIVATION_ID)?);
    let lot = lot.filter(Lot::is_active).ok_or(WRONG_ACTIVATION_ID)?;
    let phone = visit.call.get("phone").unwrap_or_default();
    if phone.is_empty() || !phone.bytes().all(|byte| byte.is_ascii_digit()) {
        return visit.blamed(NUMBER_NOT_EXIST, &format!("phone {phone:?} is no number"));
    }
    if !(7..=15).contains(&phone.len()) {
        return Err(NUMBER_NOT_EXIST);
    }
    let now = visit.market().now();
    let mut lines = visit.house.exchange.open();
    let line = lines.entry(lot.id).or_default();
    if line.task.is_some() {
        return Err(CALL_TASK_ALREADY_EXIST);
    }
    line.task = Some(now);
    Ok(Reply::Json(json!({ "status": "success", "msg": "Заявка на звонок успешно создана." })))
}

/// getOutgoingCalls: those of one day, "по умолчанию ... за текущий день".
pub(super) fn outgoing(visit: &Visit<'_>) -> Outcome {
    let date = |at: Timestamp| at.to_zoned(TimeZone::UTC).date();
    let day = match visit.call.get("date") {
        None => date(visit.market().now()),
        Some(text) => match text.parse() {
            Ok(day) => day,
            Err(_) => return visit.blamed(BAD_ACTION, "date is not written as ГГГГ-ММ-ДД"),
        },
    };
    let only = visit.call.get("activationId");
    let lots = visit.market().lots();
    let lines = visit.house.exchange.open();
    let row = |lot: &Lot| {
        let at = lines.get(&lot.id)?.task.filter(|at| date(*at) == day)?;
        let row = json!({ "date": time(at), "phoneFrom": lot.phone, "status": "IN_PROCESS" });
        only.is_none_or(|only| only == lot.id).then(|| (lot.id.clone(), row))
    };
    Ok(Reply::Json(Value::Object(lots.iter().filter_map(row).collect::<Map<_, _>>())))
}

/// parseCall.
pub(super) fn parse(visit: &Visit<'_>) -> Outcome {
    let lot = lot_of(visit, "id", WRONG_ACTIVATION_ID)?;
    if lot.was_refunded() {
        return Ok(Reply::Text("STATUS_CANCEL".to_owned()));
    }
    if !lot.is_active() {
        return Err(WRONG_ACTIVATION_ID);
    }
    visit.house.exchange.caller(&lot).ok_or(NO_CALL)?;
    let mut lines = visit.house.exchange.open();
    let line = lines.entry(lot.id).or_default();
    if line.parsings >= MOST_PARSINGS {
        return Err(PARSE_COUNT_EXCEED);
    }
    line.parsings += 1;
    Ok(Reply::Json(json!({ "result": "OK" })))
}
