//! How sms-activate sells a number again: once more for its service, and for another one beside it.
//!
//! Source: `api/sms-activate.txt`, "Дополнительный сервис для номеров с переадресацией", "Дополнительная
//! активация номера", "Получить цену за дополнительную активацию номера". Which of its two refusals of a
//! further activation stands for what, it does not say [assumed].

use rust_decimal::Decimal;
use serde_json::json;

use super::can_forward;
use super::reply::{
    NEW_ACTIVATION_IMPOSSIBLE, Outcome, RENEW_ACTIVATION_NOT_AVAILABLE, REPEAT_ADDITIONAL_SERVICE, Refusal,
    Reply, WRONG_ACTIVATION_ID, WRONG_ADDITIONAL_SERVICE, WRONG_SECURITY,
};
use super::visit::Visit;
use crate::domain::json_number;
use crate::mock::lot::Lot;
use crate::mock::want::{BuyError, Want};

/// "Стоимость дополнительного сервиса составляет всего 5р".
const ADDITIONAL_COSTS: i64 = 5;

/// getAdditionalService: `ADDITIONAL:id:phone`, on a living number that forwards, after its first message.
pub(super) fn additional(visit: &Visit<'_>) -> Outcome {
    let parent = parent(visit, "id")?;
    let service = match visit.call.get("service") {
        Some(code) if !code.is_empty() => code,
        _ => return visit.blamed(WRONG_ADDITIONAL_SERVICE, "service is missing"),
    };
    if !can_forward(service) {
        return Err(WRONG_ADDITIONAL_SERVICE);
    }
    if !parent.forwards || !parent.is_active() || parent.messages.is_empty() {
        return Err(WRONG_SECURITY);
    }
    let same = |lot: &Lot| lot.phone == parent.phone && lot.service == service && lot.is_active();
    if visit.market().lots().iter().any(same) {
        return Err(REPEAT_ADDITIONAL_SERVICE);
    }
    let want = Want {
        phone: Some(parent.phone),
        beside: true,
        price: Some(Decimal::from(ADDITIONAL_COSTS)),
        ..Want::new(&parent.country, service)
    };
    let lot = visit.market().buy(want)?;
    Ok(Reply::Text(format!("ADDITIONAL:{}:{}", lot.id, lot.phone)))
}

/// getExtraActivation: `ACCESS_NUMBER:id:phone`.
pub(super) fn extra(visit: &Visit<'_>) -> Outcome {
    let parent = used(visit)?;
    let want = Want { phone: Some(parent.phone), ..Want::new(&parent.country, &parent.service) };
    let lot = visit.market().buy(want).map_err(|error| match error {
        BuyError::NoStock | BuyError::Unsupported | BuyError::TooDear(_) => NEW_ACTIVATION_IMPOSSIBLE,
        BuyError::NoFunds => error.into(),
    })?;
    Ok(Reply::Text(format!("ACCESS_NUMBER:{}:{}", lot.id, lot.phone)))
}

/// checkExtraActivation.
pub(super) fn check_extra(visit: &Visit<'_>) -> Outcome {
    let parent = used(visit)?;
    let cost = visit.market().quote(&parent.country, &parent.service, &[]).price;
    Ok(Reply::Json(json!({
        "status": "success",
        "cost": json_number(cost),
        "service": parent.service,
        "phone": parent.phone.parse::<u64>().ok(),
        "country": parent.country.parse::<u16>().ok(),
    })))
}

/// "Если вы совершили успешную активацию на номере": one that had its message.
fn used(visit: &Visit<'_>) -> Result<Lot, Refusal> {
    let parent = parent(visit, "activationId")?;
    if parent.messages.is_empty() { Err(RENEW_ACTIVATION_NOT_AVAILABLE) } else { Ok(parent) }
}

fn parent(visit: &Visit<'_>, name: &str) -> Result<Lot, Refusal> {
    let id = visit.call.get(name).unwrap_or_default();
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return visit.blamed(WRONG_ACTIVATION_ID, &format!("{name} {id:?} is not a number"));
    }
    visit.market().lot(id).ok_or(WRONG_ACTIVATION_ID)
}
