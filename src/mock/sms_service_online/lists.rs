//! What sms-service-online says of balance, countries, services, stock and prices.

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::visit::{Outcome, Visit};
use crate::domain::json_number;

/// `463.02`, a bare number; dollars have as many decimals as they need.
pub(super) fn balance(visit: &Visit<'_>) -> Outcome {
    let amount = visit.lang.amount(visit.market().balance()).normalize();
    Ok(if amount.scale() < 2 { format!("{amount:.2}") } else { amount.to_string() })
}

/// `[{"id":0,"name":"Россия","operators":{"any":"any","tele2":"tele2"}},…]`. The annex has but English
/// names, so they stand here in both languages.
pub(super) fn countries(visit: &Visit<'_>) -> Outcome {
    let rows = visit.house.tables.countries.iter().map(|country| {
        let names = country.operators.iter().map(|name| ((*name).to_owned(), Value::from(*name)));
        json!({ "id": country.id, "name": country.name, "operators": names.collect::<Map<_, _>>() })
    });
    Ok(rows.collect::<Value>().to_string())
}

/// `[{"id":"vk","name":"Вконтакте","price":29.88,"quantity":"19"},…]`: every service; the price is a number,
/// 0 when there is nothing to sell, and the quantity a string.
pub(super) fn services(visit: &Visit<'_>) -> Outcome {
    let country = visit.country()?;
    let operators = visit.operators(country)?;
    let code = country.id.to_string();
    let rows = visit.house.tables.services.iter().map(|service| {
        let quote = visit.market().quote(&code, service.id, &operators);
        let price = if quote.count == 0 { Decimal::ZERO } else { visit.lang.amount(quote.price) };
        json!({
            "id": service.id,
            "name": service.name,
            "price": json_number(price),
            "quantity": quote.count.to_string(),
        })
    });
    Ok(rows.collect::<Value>().to_string())
}
