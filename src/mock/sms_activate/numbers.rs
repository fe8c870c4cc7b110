//! How sms-activate sells numbers.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::account::{id, time};
use super::reply::{BAD_ACTION, BAD_SERVICE, NO_NUMBERS, Outcome, Refusal, Reply, WRONG_EXCEPTION_PHONE};
use super::visit::Visit;
use super::{can_forward, is_service};
use crate::domain::two_decimals;
use crate::mock::lot::Lot;
use crate::mock::want::Want;

/// getNumber: `ACCESS_NUMBER:635468024:79584123456`.
pub(super) fn number(visit: &Visit<'_>) -> Outcome {
    let lot = buy(visit)?;
    Ok(Reply::Text(format!("ACCESS_NUMBER:{}:{}", lot.id, lot.phone)))
}

/// getNumberV2.
pub(super) fn number_v2(visit: &Visit<'_>) -> Outcome {
    let lot = buy(visit)?;
    let mut answer = json!({
        "activationId": id(&lot),
        "phoneNumber": lot.phone,
        "activationCost": two_decimals(lot.price),
        "countryCode": lot.country,
        "canGetAnotherSms": "1",
        "activationTime": time(lot.bought_at),
        "activationOperator": lot.operator.as_deref().unwrap_or("any"),
    });
    if visit.house.quirks.extra_fields {
        answer["currency"] = json!(643);
        answer["activationEndTime"] = json!(time(lot.expires_at));
    }
    Ok(Reply::Json(answer))
}

fn buy(visit: &Visit<'_>) -> Result<Lot, Refusal> {
    let service = visit.service()?;
    let country = visit.country()?;
    let operators = visit.operators(country)?;
    let excluded = excluded(visit)?;
    let max_price = max_price(visit)?;
    // There is but one price here, so it makes no difference.
    visit.switch("freePrice", "false", "true")?;
    let by_call = visit.switch("verification", "false", "true")?;
    visit.switch("useCashBack", "false", "true")?;
    let forwards = visit.switch("forward", "0", "1")?;
    if forwards && !can_forward(service) {
        return Err(NO_NUMBERS);
    }
    let want =
        Want { operators, excluded, max_price, forwards, ..Want::new(&country.id.to_string(), service) };
    let lot = visit.market().buy(want)?;
    if by_call {
        visit.house.exchange.sold_for_call(&lot);
    }
    Ok(lot)
}

/// "код страны и от 3 до 6 цифр маски (например 7918,7900111)".
fn excluded(visit: &Visit<'_>) -> Result<Vec<String>, Refusal> {
    let Some(text) = visit.call.get("phoneException") else { return Ok(Vec::new()) };
    let is_prefix =
        |part: &str| (4..=9).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if text.split(',').all(is_prefix) {
        Ok(text.split(',').map(str::to_owned).collect())
    } else {
        Err(WRONG_EXCEPTION_PHONE)
    }
}

fn max_price(visit: &Visit<'_>) -> Result<Option<Decimal>, Refusal> {
    let Some(text) = visit.call.get("maxPrice") else { return Ok(None) };
    match Decimal::from_str_exact(text) {
        Ok(most) => Ok(Some(most)),
        Err(_) => visit.blamed(BAD_ACTION, "maxPrice is no amount"),
    }
}

/// getMultiServiceNumber: one number for several services, all or none.
pub(super) fn multi_service(visit: &Visit<'_>) -> Outcome {
    let services: Vec<&str> = match visit.call.get("multiService") {
        Some(text) if !text.is_empty() => text.split(',').collect(),
        _ => return visit.blamed(BAD_SERVICE, "multiService is missing"),
    };
    if !services.iter().all(|code| is_service(code)) {
        return Err(BAD_SERVICE);
    }
    let country = visit.country()?;
    let operators = visit.operators(country)?;
    let forwarded = forwarded(visit, services.len())?;
    if forwarded.is_some_and(|nth| !can_forward(services[nth])) {
        return Err(NO_NUMBERS);
    }
    let want = |(nth, service): (usize, &&str)| Want {
        operators: operators.clone(),
        forwards: forwarded == Some(nth),
        ..Want::new(&country.id.to_string(), service)
    };
    let lots = visit.market().buy_together(services.iter().enumerate().map(want).collect())?;
    let rows =
        lots.iter().map(|lot| json!({ "phone": lot.phone, "activation": id(lot), "service": lot.service }));
    Ok(Reply::Json(rows.collect::<Value>()))
}

/// Which of the services is to be forwarded: "количество цифр переадресации должно совпадать с количеством
/// передаваемых сервисов", and one of them at most.
fn forwarded(visit: &Visit<'_>, services: usize) -> Result<Option<usize>, Refusal> {
    let Some(flags) = visit.call.get("multiForward") else { return Ok(None) };
    let flags: Vec<&str> = flags.split(',').collect();
    let ones = flags.iter().filter(|flag| **flag == "1").count();
    let known = flags.iter().all(|flag| matches!(*flag, "0" | "1"));
    if !known || ones > 1 || flags.len() != services {
        return visit.blamed(BAD_ACTION, "multiForward does not fit multiService");
    }
    Ok(flags.iter().position(|flag| *flag == "1"))
}
