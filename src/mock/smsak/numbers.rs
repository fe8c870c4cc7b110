//! How SMSAK sells a number, takes it back, and is asked for another message.

use serde_json::json;

use super::reply::{BAD_REQUEST, NO_ACTIVATION, NO_FORWARDING, NO_SMS, Outcome, Reply, TOO_EARLY};
use super::tables::SERVICES;
use super::visit::Visit;
use crate::mock::lot::{Lot, later};
use crate::mock::want::{BuyError, StepError, Want};

/// getnumber: `{"id":707,"number":"+79777777777","send":0}`.
pub(super) fn get(visit: &Visit<'_>) -> Outcome {
    let service = visit.service()?;
    let country = visit.country()?;
    match visit.market().buy(Want::new(country.code, service.id)) {
        Ok(lot) => {
            let id = lot.id.parse::<u64>().ok();
            Ok(Reply::Json(json!({ "id": id, "number": format!("+{}", lot.phone), "send": 0 })))
        }
        Err(BuyError::NoStock) if visit.house.quirks.empty_number => {
            Ok(Reply::Json(json!({ "id": 0, "number": "", "send": 0 })))
        }
        Err(error) => Err(error.into()),
    }
}

/// play: another message is wanted (UPSTREAMS.md section 2). Before the first there is none to follow
/// [assumed].
pub(super) fn play(visit: &Visit<'_>) -> Outcome {
    let lot = visit.activation()?;
    match visit.market().another(&lot.id) {
        Ok(_) => Ok(Reply::bare("1")),
        Err(StepError::NoMessage) => visit.blamed(NO_SMS, "play before the first message"),
        Err(_) => Err(NO_ACTIVATION),
    }
}

/// setstatus.
pub(super) fn set_status(visit: &Visit<'_>) -> Outcome {
    let status = visit.required("status", BAD_REQUEST)?;
    match status {
        "1" if visit.call.get("forward").is_some() => visit.blamed(BAD_REQUEST, "forward with status 1"),
        "1" => give_back(visit, &visit.activation()?),
        "2" => forward(visit),
        _ => visit.blamed(BAD_REQUEST, &format!("status {status:?} is not documented")),
    }
}

/// 1: the money comes back only if no message has come; the answer is the same either way.
fn give_back(visit: &Visit<'_>, lot: &Lot) -> Outcome {
    let market = visit.market();
    if market.now() < later(lot.bought_at, market.settings().early_cancel.unwrap_or_default()) {
        return Err(TOO_EARLY);
    }
    let ended = match market.cancel(&lot.id) {
        Err(StepError::HasMessage) => market.finish(&lot.id),
        other => other,
    };
    ended.map(|_| Reply::bare("1")).map_err(|_| NO_ACTIVATION)
}

/// 2: calls go to another number from now on.
fn forward(visit: &Visit<'_>) -> Outcome {
    let to = visit.required("forward", BAD_REQUEST)?;
    if !to.bytes().all(|byte| byte.is_ascii_digit()) {
        return visit.blamed(BAD_REQUEST, "forward is not digits only");
    }
    let lot = visit.activation()?;
    if !forwards(&lot) {
        return visit.blamed(NO_FORWARDING, &format!("service {} does not forward calls", lot.service));
    }
    if lot.messages.is_empty() {
        return visit.blamed(NO_SMS, "status 2 before the first message");
    }
    Ok(Reply::bare("1"))
}

fn forwards(lot: &Lot) -> bool {
    SERVICES.iter().any(|service| service.id == lot.service && service.forwards)
}
