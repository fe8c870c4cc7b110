//! How SMSAK shows messages: of activations, and of rented numbers.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::reply::{BAD_REQUEST, Outcome, Refusal, Reply};
use super::visit::Visit;
use crate::mock::lot::{Lot, Message};

/// Where no code could be made out in a text (UPSTREAMS.md section 2).
const NO_CODE: &str = "-";

/// getstatus: the newest message. While there is none everything but the number is null.
pub(super) fn status(visit: &Visit<'_>) -> Outcome {
    let lot = shown(visit)?;
    if let Some(message) = lot.last() {
        return Ok(Reply::Json(row(&lot, message)));
    }
    let none = if visit.house.quirks.dash { Value::from("-") } else { Value::Null };
    let number = number(&lot);
    Ok(Reply::Json(json!({ "number": number, "from": none, "text": none, "small": none, "time": none })))
}

/// all-sms: every message, newest first.
pub(super) fn all(visit: &Visit<'_>) -> Outcome {
    let lot = shown(visit)?;
    Ok(Reply::Json(lot.messages.iter().rev().map(|message| row(&lot, message)).collect()))
}

/// getlatestcode: `94983`, and nothing at all while there is none.
pub(super) fn latest_code(visit: &Visit<'_>) -> Outcome {
    let lot = shown(visit)?;
    Ok(Reply::bare(lot.last().map_or("", code)))
}

/// getallsmsofnumber: newest first [assumed].
pub(super) fn of_rented(visit: &Visit<'_>) -> Outcome {
    let lot = visit.rented_phone()?;
    visit.market().go_on(&lot);
    Ok(rented_rows(&lot, lot.messages.len()))
}

/// getlastsmsofnumber: the newest `count` of them.
pub(super) fn last_of_rented(visit: &Visit<'_>) -> Outcome {
    let count = visit.required("count", BAD_REQUEST)?;
    let Some(count) = count.parse().ok().filter(|count| *count > 0) else {
        return visit.blamed(BAD_REQUEST, &format!("count {count:?} is not a positive number"));
    };
    Ok(rented_rows(&visit.rented_phone()?, count))
}

fn shown(visit: &Visit<'_>) -> Result<Lot, Refusal> {
    let lot = visit.activation()?;
    visit.market().shown(&lot.id);
    Ok(lot)
}

fn row(lot: &Lot, message: &Message) -> Value {
    json!({
        "number": number(lot),
        "from": message.sender,
        "text": message.text,
        "small": code(message),
        "time": time(message.arrived_at),
    })
}

fn rented_rows(lot: &Lot, count: usize) -> Reply {
    let rows = lot.messages.iter().rev().take(count).map(|message| {
        json!({
            "time": time(message.arrived_at),
            "from": message.sender,
            "text": message.text,
            "number": number(lot),
        })
    });
    Reply::Json(rows.collect())
}

fn number(lot: &Lot) -> String {
    format!("+{}", lot.phone)
}

fn code(message: &Message) -> &str {
    if message.code.is_empty() { NO_CODE } else { &message.code }
}

/// `2017-08-06 12:47:29`, in UTC (UPSTREAMS.md section 8, assumed).
pub(super) fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}
