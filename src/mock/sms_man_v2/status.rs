//! How API v2.0 is told of an activation's progress and tells of it.

use serde_json::{Value, json};

use super::numbers::shown;
use super::reply::{Outcome, Refusal, WRONG_REQUEST, WRONG_STATUS};
use super::visit::Visit;
use crate::mock::lot::{Lot, LotState};
use crate::mock::want::StepError;

/// get-sms: the number once more, with `sms_code` or, while there is none, with `error_code` `wait_sms`.
///
/// Only the code, and only the newest: after `retrysms` it waits until the next one comes. What was given
/// back or ran out is no longer found; both are assumed.
pub(super) fn sms(visit: &Visit<'_>) -> Outcome {
    let lot = visit.lot()?;
    visit.market().shown(&lot.id);
    let mut answer = shown(visit, &lot);
    match (lot.state, lot.last()) {
        (LotState::Cancelled | LotState::Expired, _) => return Err(WRONG_REQUEST),
        (LotState::Received | LotState::Finished, Some(last)) => {
            answer["sms_code"] = json!(last.code);
            if visit.quirks().extra_fields {
                answer["full_sms"] = json!(last.text);
            }
        }
        _ => {
            answer["error_code"] = json!("wait_sms");
            answer["error_msg"] = json!("Still waiting...");
        }
    }
    Ok(answer)
}

/// set-status: `{"request_id":1,"success":true}`. The document has four words; clients also send a fifth,
/// `retrysms` (`UPSTREAMS.md` section 4).
pub(super) fn set(visit: &Visit<'_>) -> Outcome {
    let status = visit.call.get("status").unwrap_or_default();
    if !matches!(status, "ready" | "close" | "reject" | "used" | "retrysms") {
        return visit.blamed(WRONG_STATUS, &format!("status {status:?} is not documented"));
    }
    let lot = visit.lot()?;
    match status {
        "ready" => ready(visit, &lot)?,
        "close" => close(visit, &lot)?,
        "retrysms" => another(visit, &lot)?,
        // "used": somebody else used the number before, so it ends as a rejected one does.
        _ => reject(visit, &lot, status)?,
    }
    let mut answer = json!({ "request_id": visit.printed(&lot.id) });
    answer["success"] = Value::Bool(true);
    Ok(answer)
}

type Done = Result<(), Refusal>;

fn done(step: Result<Lot, StepError>) -> Done {
    step.map(drop).map_err(|_| WRONG_STATUS)
}

fn ready(visit: &Visit<'_>, lot: &Lot) -> Done {
    match lot.state {
        LotState::Waiting => done(visit.market().ready(&lot.id)),
        _ => too_late(visit, lot, "status ready after the code"),
    }
}

/// Ends a number that was used. That one without a code cannot be closed is assumed: it would be paid for.
fn close(visit: &Visit<'_>, lot: &Lot) -> Done {
    if lot.is_active() && lot.messages.is_empty() {
        return visit.blamed(WRONG_STATUS, "status close before a code");
    }
    done(visit.market().finish(&lot.id))
}

/// A repetition is answered as before: the first answer may have been lost.
fn another(visit: &Visit<'_>, lot: &Lot) -> Done {
    if lot.is_active() && lot.messages.is_empty() {
        return visit.blamed(WRONG_STATUS, "status retrysms before a code");
    }
    done(visit.market().another(&lot.id))
}

fn reject(visit: &Visit<'_>, lot: &Lot, status: &str) -> Done {
    match visit.market().cancel(&lot.id) {
        Err(StepError::HasMessage) => too_late(visit, lot, &format!("status {status} after a code")),
        step => done(step),
    }
}

/// Which the buyer cannot be blamed for unless it was shown the message.
fn too_late(visit: &Visit<'_>, lot: &Lot, what: &str) -> Done {
    if lot.is_active() && lot.seen > 0 {
        visit.blame(what);
    }
    Err(WRONG_STATUS)
}
