//! How sms-activate rents numbers: for hours, for one service or as a whole, with an end that can be moved. Knows
//! no webhook: one that is named is taken and never called.
//!
//! Source: `api/sms-activate.txt`, "API АРЕНДЫ". Where that is silent, and so assumed: what hours cost, that a
//! number with a message is not taken back, and for how long after its end a number can be had again.

use std::time::Duration;

use jiff::SignedDuration;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::account::{id as id_of, time};
use super::lists::fixed;
use super::reply::{
    ACCOUNT_INACTIVE, ALREADY_CANCEL, ALREADY_FINISH, BAD_SERVICE, CANT_CANCEL, INCORECT_STATUS,
    INVALID_PHONE, INVALID_TIME, NO_ID_RENT, NO_NUMBERS, OUT_OF_STOCK, Outcome, RENT_DIE, Refusal, Reply,
    STATUS_CANCEL, STATUS_FINISH, STATUS_WAIT_CODE, max_hours_exceed,
};
use super::visit::Visit;
use super::{country_of, is_service, tables};
use crate::domain::two_decimals;
use crate::mock::lot::{Lot, LotState, later};
use crate::mock::want::{BuyError, Want};

/// The number as a whole, and whatever is none of the services.
pub(super) const WHOLE: &str = "full";
pub(super) const OTHER: &str = "ot";

/// "По умолчанию: 4 часа".
const DEFAULT_HOURS: u32 = 4;

/// "Доступное количество часов от 4 до 1344".
const MOST_HOURS: u32 = 1344;

/// "невозможно отменить аренду (более 20 мин.)".
const CANCELLABLE: Duration = Duration::from_secs(20 * 60);

/// How long after a rent's end its number can be rented again ("срок жизни номера").
const KEPT: Duration = Duration::from_secs(24 * 3600);

/// getRentServicesAndCountries: rents are sold in Russia only.
pub(super) fn services(visit: &Visit<'_>) -> Outcome {
    visit.switch("incomingCall", "false", "true")?;
    let hours = hours(visit, OUT_OF_STOCK)?;
    let country = rented_in(visit.country_id()?.unwrap_or(0)).ok_or(OUT_OF_STOCK)?;
    let wanted = visit.operators(country)?;
    let names = (0..).zip(country.operators.iter().copied().chain(["any"]));
    let operators: Map<String, Value> =
        names.map(|(nth, name): (u32, _)| (nth.to_string(), json!(name))).collect();
    let codes = [WHOLE, OTHER].into_iter().chain(tables::SERVICES.iter().map(|service| service.code));
    let row = |code: &str| {
        let quant = visit.market().quote("0", code, &wanted).count;
        (code.to_owned(), json!({ "cost": amount(visit, cost(visit, code, hours)), "quant": quant }))
    };
    let services: Map<String, Value> = codes.map(row).collect();
    Ok(Reply::Json(json!({ "countries": { "0": 0 }, "operators": operators, "services": services })))
}

/// getRentNumber.
pub(super) fn get(visit: &Visit<'_>) -> Outcome {
    let service = match visit.call.get("service") {
        Some(code) if [WHOLE, OTHER].contains(&code) || is_service(code) => code,
        Some(code) if !code.is_empty() => return Err(BAD_SERVICE),
        _ => return visit.blamed(BAD_SERVICE, "service is missing"),
    };
    visit.switch("incomingCall", "false", "true")?;
    webhook(visit)?;
    let hours = hours(visit, NO_NUMBERS)?;
    let country = rented_in(visit.country_id()?.unwrap_or(0)).ok_or(NO_NUMBERS)?;
    let want = Want {
        operators: visit.operators(country)?,
        rental: Some(cost(visit, service, hours)),
        lifetime: Some(length(hours)),
        ..Want::new("0", service)
    };
    visit.market().buy(want).map(|lot| rented(visit, &lot)).map_err(|error| match error {
        // Known, and not served for now.
        BuyError::Unsupported => ACCOUNT_INACTIVE,
        other => other.into(),
    })
}

/// getRentStatus: every message, newest first.
pub(super) fn status(visit: &Visit<'_>) -> Outcome {
    let lot = rent(visit)?;
    match lot.state {
        LotState::Cancelled => return Err(STATUS_CANCEL),
        LotState::Finished | LotState::Expired => return Err(STATUS_FINISH),
        _ if lot.messages.is_empty() => return Err(STATUS_WAIT_CODE),
        _ => {}
    }
    visit.market().shown(&lot.id);
    visit.market().go_on(&lot);
    let service = if lot.service == WHOLE { OTHER } else { lot.service.as_str() };
    let rows = lot.messages.iter().rev().map(|message| {
        json!({
            "phoneFrom": message.sender,
            "text": message.text,
            "service": service,
            "date": time(message.arrived_at),
        })
    });
    let values = listed(visit, rows.collect());
    Ok(Reply::Json(json!({
        "status": "success",
        "quantity": lot.messages.len().to_string(),
        "values": values,
    })))
}

/// setRentStatus: 1 ends a rent, 2 takes it back.
pub(super) fn set(visit: &Visit<'_>) -> Outcome {
    named(visit)?;
    let status = visit.call.get("status").unwrap_or_default();
    if !matches!(status, "1" | "2") {
        return visit.blamed(INCORECT_STATUS, &format!("status {status:?} is not documented"));
    }
    let lot = rent(visit)?;
    match lot.state {
        LotState::Cancelled => return Err(ALREADY_CANCEL),
        LotState::Finished | LotState::Expired => return Err(ALREADY_FINISH),
        _ => {}
    }
    let market = visit.market();
    let ended = if status == "1" {
        market.vacate(&lot.id)
    } else if market.now() > later(lot.bought_at, CANCELLABLE) {
        return Err(CANT_CANCEL);
    } else {
        market.evict(&lot.id)
    };
    ended.map_err(|_| CANT_CANCEL)?;
    Ok(Reply::Json(json!({ "status": "success" })))
}

/// getRentList.
pub(super) fn list(visit: &Visit<'_>) -> Outcome {
    let lots = visit.market().lots();
    let living = lots.iter().filter(|lot| lot.rented && lot.is_active());
    let rows: Vec<Value> = living.map(|lot| json!({ "id": lot.id, "phone": lot.phone })).collect();
    if rows.is_empty() {
        return Err(NO_NUMBERS);
    }
    Ok(Reply::Json(json!({ "status": "success", "values": listed(visit, rows) })))
}

/// continueRentNumber: a rent that has ended is ordered anew, under another id.
pub(super) fn again(visit: &Visit<'_>) -> Outcome {
    let more = more(visit)?;
    let (market, lot) = (visit.market(), &more.lot);
    let longer = if lot.is_active() {
        market.prolong(&lot.id, length(more.hours), more.cost)?
    } else {
        let want = Want {
            phone: Some(lot.phone.clone()),
            rental: Some(more.cost),
            lifetime: Some(length(more.hours)),
            ..Want::new(&lot.country, &lot.service)
        };
        market.buy(want).map_err(|error| match error {
            // Somebody else has it by now.
            BuyError::NoStock => RENT_DIE,
            other => other.into(),
        })?
    };
    Ok(rented(visit, &longer))
}

/// getContinueRentPriceNumber.
pub(super) fn price(visit: &Visit<'_>) -> Outcome {
    let more = more(visit)?;
    Ok(Reply::Json(json!({ "status": "success", "price": amount(visit, more.cost) })))
}

/// More time for a rent.
struct More {
    lot: Lot,
    hours: u32,
    cost: Decimal,
}

fn more(visit: &Visit<'_>) -> Result<More, Refusal> {
    named(visit)?;
    let hours = match visit.call.get("rent_time") {
        None => DEFAULT_HOURS,
        Some(text) => match text.parse() {
            Ok(hours) => hours,
            Err(_) => return visit.blamed(INVALID_TIME, "rent_time is no number of hours"),
        },
    };
    if !(DEFAULT_HOURS..=MOST_HOURS).contains(&hours) {
        return Err(INVALID_TIME);
    }
    let lot = rent(visit)?;
    let now = visit.market().now();
    match lot.state {
        LotState::Cancelled => return Err(RENT_DIE),
        state if state.is_final() => {
            if now > later(lot.ended_at.unwrap_or(lot.expires_at), KEPT) {
                return Err(RENT_DIE);
            }
        }
        _ => {
            let left = lot.expires_at.duration_since(now) + SignedDuration::from_mins(59);
            let max = MOST_HOURS.saturating_sub(u32::try_from(left.as_hours()).unwrap_or(0));
            if hours > max {
                return Err(max_hours_exceed(max));
            }
        }
    }
    let cost = cost(visit, &lot.service, hours);
    Ok(More { lot, hours, cost })
}

/// That an id is there.
fn named<'a>(visit: &Visit<'a>) -> Result<&'a str, Refusal> {
    match visit.call.get("id") {
        Some(id) if !id.is_empty() => Ok(id),
        _ => visit.blamed(NO_ID_RENT, "id is missing"),
    }
}

/// The rent that `id` names.
fn rent(visit: &Visit<'_>) -> Result<Lot, Refusal> {
    let id = named(visit)?;
    if !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return visit.blamed(INVALID_PHONE, "id is not a number");
    }
    visit.market().lot(id).filter(|lot| lot.rented).ok_or(INVALID_PHONE)
}

/// "Следующий доступный временной период 12 часов, далее 24 часа. При запросе аренды на сутки и более,
/// необходимо передавать: 24, 48, 72 и т.д."
fn hours(visit: &Visit<'_>, refusal: Refusal) -> Result<u32, Refusal> {
    let Some(text) = visit.call.get("rent_time") else { return Ok(DEFAULT_HOURS) };
    match text.parse() {
        Ok(hours) if matches!(hours, 4 | 12) => Ok(hours),
        Ok(hours) if hours % 24 == 0 && (24..=MOST_HOURS).contains(&hours) => Ok(hours),
        _ => visit.blamed(refusal, &format!("rent_time is {text:?}")),
    }
}

/// A webhook, if there is one, has an address.
fn webhook(visit: &Visit<'_>) -> Result<(), Refusal> {
    match visit.call.get("url") {
        Some(url) if !url.starts_with("http://") && !url.starts_with("https://") => {
            visit.blamed(NO_NUMBERS, "url is no address")
        }
        _ => Ok(()),
    }
}

fn rented_in(country: u16) -> Option<&'static tables::Country> {
    country_of(country).filter(|country| country.id == 0)
}

/// What hours of a service cost; those of the document's example as there, for 4 hours.
fn cost(visit: &Visit<'_>, service: &str, hours: u32) -> Decimal {
    let four = match service {
        WHOLE => Decimal::new(4293, 2),
        "vk" => Decimal::new(2195, 2),
        "ok" => Decimal::new(768, 2),
        OTHER => Decimal::new(520, 2),
        _ => visit.market().quote("0", service, &[]).price,
    };
    (four * Decimal::from(hours) / Decimal::from(DEFAULT_HOURS)).round_dp(2)
}

fn length(hours: u32) -> Duration {
    Duration::from_secs(u64::from(hours) * 3600)
}

/// `{"status":"success","phone":{"id":1049,"endDate":"2020-01-31T12:01:52","number":"79959707564"}}`.
fn rented(visit: &Visit<'_>, lot: &Lot) -> Reply {
    let mut phone = json!({
        "id": id_of(lot),
        "endDate": lot.expires_at.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        "number": lot.phone,
    });
    if visit.house.quirks.extra_fields {
        phone["activeActivation"] = json!(true);
    }
    if visit.house.quirks.string_costs {
        phone["id"] = json!(lot.id);
    }
    Reply::Json(json!({ "status": "success", "phone": phone }))
}

/// Rows as an object with their places, or as the list that the quirk makes of it.
fn listed(visit: &Visit<'_>, rows: Vec<Value>) -> Value {
    if visit.house.quirks.list_countries {
        return Value::Array(rows);
    }
    Value::Object(rows.into_iter().enumerate().map(|(nth, row)| (nth.to_string(), row)).collect())
}

fn amount(visit: &Visit<'_>, amount: Decimal) -> Value {
    if visit.house.quirks.string_costs { json!(two_decimals(amount)) } else { fixed(amount) }
}
