//! What sms-activate says of the buyer: the balance, what lives and what was.

use jiff::Timestamp;
use serde_json::{Number, Value, json};

use super::country_of;
use super::reply::{ERROR_SQL, NO_ACTIVATIONS, Outcome, Refusal, Reply};
use super::visit::Visit;
use crate::domain::{json_number, two_decimals};
use crate::mock::lot::{Lot, LotState};

/// `ACCESS_BALANCE:100.00`; there is no cashback here.
pub(super) fn balance(visit: &Visit<'_>) -> Outcome {
    Ok(Reply::Text(format!("ACCESS_BALANCE:{}", two_decimals(visit.market().balance()))))
}

/// getActiveActivations.
pub(super) fn active(visit: &Visit<'_>) -> Outcome {
    let lots = visit.market().lots();
    let living: Vec<&Lot> = lots.iter().filter(|lot| lot.is_active() && !lot.rented).collect();
    if living.is_empty() {
        return Err(NO_ACTIVATIONS);
    }
    for lot in &living {
        visit.market().shown(&lot.id);
    }
    let rows: Vec<Value> = living.into_iter().map(active_row).collect();
    Ok(Reply::Json(json!({ "status": "success", "activeActivations": rows })))
}

fn active_row(lot: &Lot) -> Value {
    let codes: Option<Vec<&str>> =
        lot.last().map(|_| lot.messages.iter().map(|message| message.code.as_str()).collect());
    let country = lot.country.parse().ok().and_then(country_of);
    json!({
        "activationId": lot.id,
        "serviceCode": lot.service,
        "phoneNumber": lot.phone,
        "activationCost": two_decimals(lot.price),
        "activationStatus": "4",
        "smsCode": codes,
        "smsText": lot.last().map(|message| message.text.as_str()),
        "activationTime": time(lot.bought_at),
        "discount": "0.00",
        "repeated": "0",
        "countryCode": lot.country,
        "countryName": country.map_or("", |country| country.eng),
        "canGetAnotherSms": "1",
    })
}

/// getHistory: `sms` is a string that holds a JSON list, as far as the document's example can be read.
pub(super) fn history(visit: &Visit<'_>) -> Outcome {
    let start = moment(visit, "start")?.unwrap_or(Timestamp::MIN);
    let end = moment(visit, "end")?.unwrap_or(Timestamp::MAX);
    let lots = visit.market().lots();
    let shown = |lot: &&Lot| !lot.rented && lot.bought_at >= start && lot.bought_at <= end;
    let rows = lots.iter().filter(shown).map(|lot| {
        let texts: Vec<&str> = lot.messages.iter().map(|message| message.text.as_str()).collect();
        let finished = lot.state == LotState::Finished;
        json!({
            "id": id(lot),
            "date": time(lot.bought_at),
            "phone": lot.phone,
            "sms": lot.last().map(|_| json!(texts).to_string()),
            "cost": if finished { json_number(lot.price) } else { Value::from(0) },
            "status": match lot.state {
                LotState::Finished => "6",
                LotState::Cancelled | LotState::Expired => "8",
                _ => "4",
            },
        })
    });
    Ok(Reply::Json(rows.collect()))
}

fn moment(visit: &Visit<'_>, name: &str) -> Result<Option<Timestamp>, Refusal> {
    let Some(text) = visit.call.get(name) else { return Ok(None) };
    match text.parse().map(Timestamp::from_second) {
        Ok(Ok(moment)) => Ok(Some(moment)),
        _ => visit.blamed(ERROR_SQL, &format!("{name} is no Unix timestamp")),
    }
}

/// `2022-06-01 16:59:16`, in UTC (UPSTREAMS.md section 8, assumed).
pub(super) fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// An id where the document shows a number.
pub(super) fn id(lot: &Lot) -> Value {
    lot.id.parse::<Number>().map_or(Value::Null, Value::Number)
}
