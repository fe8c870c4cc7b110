//! What SMSAK says of balance, countries, services, stock and prices.

use serde_json::{Value, json};

use super::reply::{Outcome, Reply};
use super::tables::{COUNTRIES, SERVICES};
use super::visit::Visit;
use crate::domain::json_number;

/// `500`.
pub(super) fn balance(visit: &Visit<'_>) -> Outcome {
    Ok(Reply::Bare(visit.market().balance().normalize().to_string()))
}

/// `[{"name":"Россия","code":"RU"},…]`.
pub(super) fn countries(_: &Visit<'_>) -> Outcome {
    let rows = COUNTRIES.iter().map(|country| json!({ "name": country.name, "code": country.code }));
    Ok(Reply::Json(rows.collect()))
}

/// `[{"id":3,"name":"Odnoklassniki","logo":"/uploads/logo/ok.png","cost":6},…]`: numbers are numbers. It
/// knows no country; the costs are the first country's [assumed].
pub(super) fn services(visit: &Visit<'_>) -> Outcome {
    let rows = SERVICES.iter().map(|service| {
        let cost = visit.market().quote(COUNTRIES[0].code, service.id, &[]).price;
        json!({
            "id": service.id.parse::<u32>().ok(),
            "name": service.name,
            "logo": logo(service.logo),
            "cost": json_number(cost),
        })
    });
    Ok(Reply::Json(rows.collect()))
}

/// `[{"id":"2","name":"Вконтакте","count":"108","logo":"/uploads/logo/vk.png","cost":"15"},…]`: numbers are
/// strings.
pub(super) fn numbers_status(visit: &Visit<'_>) -> Outcome {
    let country = visit.country()?;
    let rows = SERVICES.iter().map(|service| {
        let quote = visit.market().quote(country.code, service.id, &[]);
        json!({
            "id": service.id,
            "name": service.name,
            "count": quote.count.to_string(),
            "logo": logo(service.logo),
            "cost": quote.price.normalize().to_string(),
        })
    });
    Ok(Reply::Json(rows.collect::<Value>()))
}

fn logo(file: &str) -> String {
    format!("/uploads/logo/{file}")
}
