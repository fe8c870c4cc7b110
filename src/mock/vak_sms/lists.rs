//! What VAK-SMS says of balance, stock and prices.

use serde_json::{Map, Value, json};

use super::{Outcome, Visit, float};
use crate::domain::json_number;

/// `{"balance": 100.0}`.
pub(super) fn balance(visit: &Visit<'_>) -> Outcome {
    Ok(json!({ "balance": float(visit.market().balance()) }))
}

/// `{"SERVICE": 332}`, with `price` also `"price": 2.0`.
pub(super) fn count(visit: &Visit<'_>) -> Outcome {
    let service = visit.required("service")?;
    visit.service(service)?;
    let country = visit.country()?;
    let operators = visit.operators(country)?;
    let quote = visit.market().quote(country, service, &operators);
    let mut answer = Map::new();
    answer.insert(service.to_owned(), json!(quote.count));
    if visit.call.get("price").is_some() {
        answer.insert("price".to_owned(), float(quote.price));
    }
    Ok(Value::Object(answer))
}

/// `{"ig": {"code": "ig", "count": 403, "price": 3}, …}`: here a price may be an integer, as the
/// document's example shows.
pub(super) fn count_list(visit: &Visit<'_>) -> Outcome {
    let country = visit.country()?;
    let operators = visit.operators(country)?;
    let services = visit.house.vocabulary.services.iter().map(|code| {
        let quote = visit.market().quote(country, code, &operators);
        let price = json_number(quote.price);
        (code.clone(), json!({ "code": code, "count": quote.count, "price": price }))
    });
    Ok(Value::Object(services.collect()))
}
