//! How sms-service-online is told of an activation's progress and tells of it: three statuses in, three words
//! out.

use super::visit::{BAD_ACTION, Outcome, Refusal, Visit};
use crate::mock::lot::{Lot, LotState};
use crate::mock::want::StepError;

/// setStatus. What is not possible in the state at hand is a malformed request (UPSTREAMS.md section 8,
/// assumed), and a violation where the client could know.
pub(super) fn set(visit: &Visit<'_>) -> Outcome {
    let status = visit.required("status", BAD_ACTION)?;
    if !matches!(status, "3" | "6" | "8") {
        return visit.blamed(BAD_ACTION, &format!("status {status:?} is not documented"));
    }
    let lot = visit.lot()?;
    let word = match status {
        "3" => another(visit, &lot),
        "6" => finish(visit, &lot),
        _ => cancel(visit, &lot),
    };
    word.map(str::to_owned)
}

type Word = Result<&'static str, Refusal>;

/// 3. Asking again while a message is on its way changes nothing and costs nothing [assumed].
fn another(visit: &Visit<'_>, lot: &Lot) -> Word {
    needs_a_code(visit, lot, "3")?;
    if visit.house.quirks.retry_paid && lot.state == LotState::Received {
        let price = visit.market().quote(&lot.country, &lot.service, &[]).price;
        visit.market().charge(&lot.id, price)?;
    }
    visit.market().another(&lot.id)?;
    Ok("ACCESS_RETRY_GET")
}

/// 6.
fn finish(visit: &Visit<'_>, lot: &Lot) -> Word {
    needs_a_code(visit, lot, "6")?;
    visit.market().finish(&lot.id)?;
    Ok("ACCESS_ACTIVATION")
}

/// 8. A message may have come that the client was not shown.
fn cancel(visit: &Visit<'_>, lot: &Lot) -> Word {
    match visit.market().cancel(&lot.id) {
        Ok(_) => Ok("ACCESS_CANCEL"),
        Err(StepError::HasMessage) if lot.seen > 0 => visit.blamed(BAD_ACTION, "status 8 after a code"),
        Err(error) => Err(error.into()),
    }
}

/// Whoever was shown no code yet can know that there is nothing to follow and nothing to finish.
fn needs_a_code(visit: &Visit<'_>, lot: &Lot, status: &str) -> Result<(), Refusal> {
    if lot.is_active() && lot.seen == 0 {
        visit.blame(&format!("status {status} before a code was shown"));
    }
    if lot.is_active() && !lot.messages.is_empty() { Ok(()) } else { Err(BAD_ACTION) }
}

/// There is no other word for it.
impl From<StepError> for Refusal {
    fn from(_: StepError) -> Self {
        BAD_ACTION
    }
}

/// getStatus.
pub(super) fn get(visit: &Visit<'_>) -> Outcome {
    let lot = visit.lot()?;
    visit.market().shown(&lot.id);
    let awaits = match lot.state {
        LotState::Waiting | LotState::Resend => true,
        LotState::Another => !visit.house.quirks.old_code,
        _ => false,
    };
    Ok(match lot.last() {
        _ if awaits => "STATUS_WAIT_CODE".to_owned(),
        Some(message) => format!("STATUS_OK:{}", message.code),
        None => "STATUS_CANCEL".to_owned(),
    })
}
