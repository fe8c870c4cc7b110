//! How VAK-SMS sells numbers: one service or two, rents, and a number once more.

use std::time::Duration;

use serde_json::{Number, Value, json};

use super::{BAD_DATA, NO_MONEY, NO_NUMBER, NO_SERVICE, Outcome, Refusal, Visit, float};
use crate::mock::lot::{Lot, later};
use crate::mock::want::{BuyError, Want};

/// "на 4 (четыре) часа".
const RENT: Duration = Duration::from_secs(4 * 3600);
/// What a rent costs more than an activation (UPSTREAMS.md section 8, assumed).
const RENT_TIMES: u32 = 5;

/// getNumber.
pub(super) fn get(visit: &Visit<'_>) -> Outcome {
    let services: Vec<&str> = visit.required("service")?.split(',').collect();
    if services.len() > 2 {
        return visit.blamed(BAD_DATA, "more than two services");
    }
    for service in &services {
        visit.service(service)?;
    }
    if services.len() == 2 && services[0] == services[1] {
        return visit.blamed(BAD_DATA, "the same service twice");
    }
    let rent = rent(visit)?;
    soft_id(visit)?;
    let country = visit.country()?;
    let operators = visit.operators(country)?;
    let wants = services.iter().map(|service| Want {
        operators: operators.clone(),
        lifetime: if rent { Some(RENT) } else { lifetime(service) },
        times: if rent { RENT_TIMES } else { 1 },
        ..Want::new(country, service)
    });
    let lots = visit.market().buy_together(wants.collect()).map_err(refusal)?;
    match lots.as_slice() {
        [lot] => Ok(number(visit, lot)),
        lots => Ok(lots.iter().map(number_of_service).collect()),
    }
}

/// prolongNumber: only a number that received a code, and only once its first time is over.
pub(super) fn prolong(visit: &Visit<'_>) -> Outcome {
    let service = visit.required("service")?;
    visit.service(service)?;
    let phone = visit.required("tel")?;
    if !phone.bytes().all(|byte| byte.is_ascii_digit()) {
        return visit.blamed(BAD_DATA, "tel is not digits only");
    }
    let lots = visit.market().lots();
    let used = |lot: &&Lot| lot.phone == phone && lot.service == service && !lot.messages.is_empty();
    let Some(parent) = lots.iter().find(used) else { return Err(NO_NUMBER) };
    let want = Want {
        lifetime: lifetime(service),
        phone: Some(phone.to_owned()),
        ..Want::new(&parent.country, service)
    };
    let lot = visit.market().buy(want).map_err(refusal)?;
    Ok(number(visit, &lot))
}

/// Whether a number was sold as a rent, which lasts as no other does.
pub(super) fn is_rent(lot: &Lot) -> bool {
    lot.expires_at == later(lot.bought_at, RENT)
}

fn rent(visit: &Visit<'_>) -> Result<bool, Refusal> {
    match visit.call.get("rent") {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(other) => visit.blamed(BAD_DATA, &format!("rent is {other}, not true or false")),
    }
}

fn soft_id(visit: &Visit<'_>) -> Result<(), Refusal> {
    match visit.call.get("softId") {
        Some(id) if id.parse::<u64>().is_err() => visit.blamed(BAD_DATA, "softId is not a number"),
        _ => Ok(()),
    }
}

/// How long a number is kept where it is not the usual time (UPSTREAMS.md section 1).
fn lifetime(service: &str) -> Option<Duration> {
    let minutes = match service {
        "tf" => 120,
        "cp" | "mg" | "strh" => 60,
        "ai" | "ig" | "tw" => 30,
        _ => return None,
    };
    Some(Duration::from_secs(minutes * 60))
}

fn refusal(error: BuyError) -> Refusal {
    match error {
        BuyError::Unsupported => NO_SERVICE,
        BuyError::NoStock | BuyError::TooDear(_) => NO_NUMBER,
        BuyError::NoFunds => NO_MONEY,
    }
}

fn number(visit: &Visit<'_>, lot: &Lot) -> Value {
    let mut answer = json!({ "tel": tel(lot), "idNum": lot.id });
    if visit.house.quirks.price_in_number {
        answer["price"] = float(lot.price);
    }
    answer
}

fn number_of_service(lot: &Lot) -> Value {
    json!({ "tel": tel(lot), "service": lot.service, "idNum": lot.id })
}

/// A JSON integer, as the example shows.
fn tel(lot: &Lot) -> Value {
    lot.phone.parse::<Number>().map_or(Value::Null, Value::Number)
}
