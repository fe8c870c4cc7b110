//! What SMS-Man says of balance, prices, countries and services.

use serde_json::{Map, Value, json};

use super::tables::{COUNTRIES, Country, SERVICES};
use super::visit::Visit;
use super::{NO_NUMBERS, Outcome, Reply};
use crate::domain::two_decimals;

/// getBalance: `ACCESS_BALANCE:100.00`.
pub(super) fn balance(visit: &Visit<'_>) -> Outcome {
    Ok(Reply::Text(format!("ACCESS_BALANCE:{}", two_decimals(visit.market().balance()))))
}

/// getPrices: `{"0":{"vk":{"cost":"15","count":6455}}}`. Its only documented error is the key's, so what
/// is not sold is left out.
pub(super) fn prices(visit: &Visit<'_>) -> Outcome {
    let only = match visit.call.get("country") {
        None => None,
        Some(text) => Some(match visit.country(text) {
            Err(NO_NUMBERS) => return Ok(Reply::Json(json!({}))),
            found => found?,
        }),
    };
    if let (Some(country), true) = (only, visit.house.quirks.flat_prices) {
        return Ok(Reply::Json(Value::Object(priced(visit, country))));
    }
    let countries = COUNTRIES.iter().filter(|country| only.is_none_or(|only| only.id == country.id));
    let rows = countries.map(|country| (country.id.to_string(), priced(visit, country)));
    let rows = rows.filter(|(_, services)| !services.is_empty());
    Ok(Reply::Json(Value::Object(rows.map(|(id, services)| (id, Value::Object(services))).collect())))
}

fn priced(visit: &Visit<'_>, country: &Country) -> Map<String, Value> {
    let only = visit.call.get("service");
    let services = SERVICES.iter().filter(|service| only.is_none_or(|only| only == service.code));
    let row = |code: &str| {
        let quote = visit.market().quote(&country.id.to_string(), code, &[]);
        json!({ "cost": quote.price.normalize().to_string(), "count": quote.count })
    };
    services.map(|service| (service.code.to_owned(), row(service.code))).collect()
}

/// getCountries: `[{"id":0,"name":"Россия","name_en":"Russia"}]`.
pub(super) fn countries(visit: &Visit<'_>) -> Outcome {
    let rows = COUNTRIES.iter().map(|country| {
        let row = json!({ "id": country.id, "name": country.name, "name_en": country.name_en });
        (country.id.to_string(), row)
    });
    Ok(Reply::Json(if visit.house.quirks.dict_countries {
        Value::Object(rows.collect())
    } else {
        rows.map(|(_, row)| row).collect()
    }))
}

/// getServices: `[{"id":"vk","name":"Вконтакте"}]`.
pub(super) fn services(visit: &Visit<'_>) -> Outcome {
    let label = if visit.house.quirks.title_services { "title" } else { "name" };
    let rows = SERVICES.iter().map(|service| json!({ "id": service.code, label: service.name }));
    Ok(Reply::Json(rows.collect()))
}
