//! How SMSAK rents numbers: whole ones, for the days of a tariff, with neither a service nor a way back.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::messages::time;
use super::reply::{BAD_REQUEST, NO_NUMBERS, Outcome, Refusal, Reply};
use super::tables::{TARIFFS, Tariff};
use super::visit::Visit;
use crate::domain::two_decimals;
use crate::mock::lot::Lot;
use crate::mock::want::Want;

/// What the market calls a rented number's service.
pub(super) const SERVICE: &str = "full";

/// getfullnumbers: `{"RU":"10","UA":"5","KZ":"8"}`.
pub(super) fn stock(visit: &Visit<'_>) -> Outcome {
    let mut answer = Map::new();
    for tariff in TARIFFS {
        let count = visit.market().quote(tariff.code, SERVICE, &[]).count;
        answer.entry(tariff.code).or_insert_with(|| Value::from(count.to_string()));
    }
    Ok(Reply::Json(Value::Object(answer)))
}

/// getalltarifs: `[{"id":1,"days":1,"cost":"150.00","country_id":1,"code":"RU"},…]`.
pub(super) fn tariffs(_: &Visit<'_>) -> Outcome {
    let rows = TARIFFS.iter().map(|tariff| {
        json!({
            "id": tariff.id,
            "days": tariff.days,
            "cost": two_decimals(tariff.cost()),
            "country_id": tariff.country_id,
            "code": tariff.code,
        })
    });
    Ok(Reply::Json(rows.collect()))
}

/// getfullnumber.
pub(super) fn get(visit: &Visit<'_>) -> Outcome {
    let country = visit.country()?;
    if !TARIFFS.iter().any(|tariff| tariff.code == country.code) {
        return visit.blamed(NO_NUMBERS, &format!("{} has no tariffs", country.code));
    }
    let tariff = tariff(visit, country.code)?;
    let want = Want {
        rental: Some(tariff.cost()),
        lifetime: Some(time_of(tariff)),
        ..Want::new(country.code, SERVICE)
    };
    Ok(sold(visit, &visit.market().buy(want)?))
}

/// rebuynumber: the same number for another tariff's days.
pub(super) fn again(visit: &Visit<'_>) -> Outcome {
    let lot = visit.rented()?;
    let tariff = tariff(visit, &lot.country)?;
    Ok(sold(visit, &visit.market().prolong(&lot.id, time_of(tariff), tariff.cost())?))
}

/// getallfullnumbers: `[{"id":19999999,"time":"2012-10-14 20:48:12","number":"+3809999999999","is_work":0}]`.
pub(super) fn all(visit: &Visit<'_>) -> Outcome {
    let lots = visit.market().lots();
    let rented = lots.iter().filter(|lot| lot.is_active() && lot.rented);
    Ok(Reply::Json(rented.map(|lot| row(visit, lot)).collect()))
}

/// What a purchase answers has no example; a row of the list is assumed (UPSTREAMS.md section 8).
fn sold(visit: &Visit<'_>, lot: &Lot) -> Reply {
    if visit.house.quirks.rent_bare_1 { Reply::bare("1") } else { Reply::Json(row(visit, lot)) }
}

fn row(visit: &Visit<'_>, lot: &Lot) -> Value {
    json!({
        "id": lot.id.parse::<u64>().ok(),
        "time": time(lot.expires_at),
        "number": format!("+{}", lot.phone),
        "is_work": u8::from(visit.house.sims.is_on(&lot.id, visit.market().now())),
    })
}

/// The tariff that `tarif` names, which has to be the country's.
fn tariff(visit: &Visit<'_>, country: &str) -> Result<&'static Tariff, Refusal> {
    let id = visit.required("tarif", BAD_REQUEST)?;
    let found = TARIFFS.iter().find(|tariff| tariff.id.to_string() == id && tariff.code == country);
    match found {
        Some(tariff) => Ok(tariff),
        None => visit.blamed(BAD_REQUEST, &format!("{country} has no tariff {id:?}")),
    }
}

fn time_of(tariff: &Tariff) -> Duration {
    Duration::from_secs(u64::from(tariff.days) * 24 * 3600)
}
