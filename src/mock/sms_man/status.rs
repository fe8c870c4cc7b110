//! How SMS-Man is told of an activation's progress and tells of it.

use super::visit::Visit;
use super::{BAD_STATUS, Outcome, Refusal, Reply};
use crate::mock::lot::{Lot, LotState};
use crate::mock::want::StepError;

/// getStatus.
pub(super) fn get(visit: &Visit<'_>) -> Outcome {
    let lot = visit.lot()?;
    visit.market().shown(&lot.id);
    let last = lot.last().map_or("", |message| message.code.as_str());
    Ok(Reply::Text(match lot.state {
        LotState::Waiting => "STATUS_WAIT_CODE".to_owned(),
        LotState::Resend => "STATUS_WAIT_RESEND".to_owned(),
        LotState::Another => format!("STATUS_WAIT_RETRY:{last}"),
        LotState::Received | LotState::Finished => format!("STATUS_OK:{last}"),
        LotState::Cancelled | LotState::Expired => "STATUS_CANCEL".to_owned(),
    }))
}

/// setStatus.
pub(super) fn set(visit: &Visit<'_>) -> Outcome {
    let status = visit.required("status")?;
    if !matches!(status, "-1" | "1" | "3" | "6" | "8") {
        return visit.blamed(BAD_STATUS, &format!("status {status:?} is not documented"));
    }
    let lot = visit.lot()?;
    let answer = match status {
        "1" => ready(visit, &lot),
        "3" => another(visit, &lot),
        "6" => finish(visit, &lot),
        // "сообщить о том, что номер использован и отменить активацию" ends as -1 does.
        _ => cancel(visit, &lot, status),
    };
    answer.map(|word| Reply::Text(word.to_owned()))
}

type Word = Result<&'static str, Refusal>;

/// 1.
fn ready(visit: &Visit<'_>, lot: &Lot) -> Word {
    if !matches!(lot.state, LotState::Waiting | LotState::Resend) {
        return too_late(visit, lot, "status 1 after the code");
    }
    visit.market().ready(&lot.id).map(|_| "ACCESS_READY").map_err(|_| BAD_STATUS)
}

/// 3, which is free. A repetition is answered as before: the first answer may have been lost.
fn another(visit: &Visit<'_>, lot: &Lot) -> Word {
    if lot.is_active() && lot.messages.is_empty() {
        return visit.blamed(BAD_STATUS, "status 3 before a code");
    }
    visit.market().another(&lot.id).map(|_| "ACCESS_RETRY_GET").map_err(|_| BAD_STATUS)
}

/// 6 means three things: after the code it finishes, before it deletes, and where the message has to be
/// sent again it waits once more.
fn finish(visit: &Visit<'_>, lot: &Lot) -> Word {
    let market = visit.market();
    match lot.state {
        LotState::Waiting => market.cancel(&lot.id).map(|_| "ACCESS_CANCEL"),
        LotState::Resend => market.resent(&lot.id).map(|_| "ACCESS_RETRY_GET"),
        _ => market.finish(&lot.id).map(|_| "ACCESS_ACTIVATION"),
    }
    .map_err(|_| BAD_STATUS)
}

/// -1 and 8. The document knows no time in which this is denied, and no word for it.
fn cancel(visit: &Visit<'_>, lot: &Lot, status: &str) -> Word {
    match visit.market().cancel(&lot.id) {
        Ok(_) => Ok("ACCESS_CANCEL"),
        Err(StepError::HasMessage) => too_late(visit, lot, &format!("status {status} after a code")),
        Err(_) => Err(BAD_STATUS),
    }
}

/// Which the buyer cannot be blamed for unless it was shown the message.
fn too_late(visit: &Visit<'_>, lot: &Lot, what: &str) -> Word {
    if lot.is_active() && lot.seen > 0 {
        visit.blame(what);
    }
    Err(BAD_STATUS)
}
