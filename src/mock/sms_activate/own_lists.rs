//! Lists in forms that sms-activate's document does not have, as its later page and compatible services show
//! them: the vendor's page for the rank and `getPricesExtended`, typed clients of SMSBower's API for `getPricesV2`
//! and `getPricesV3`, and the comments of SMSHub's bots for its price map.

use serde_json::{Map, Value, json};

use super::lists::{quote, top_countries};
use super::reply::{Outcome, Reply};
use super::tables::{COUNTRIES, Country, SERVICES, Service};
use super::visit::Visit;
use crate::domain::{json_number, two_decimals};
use crate::mock::stock::Quote;

/// getTopCountriesByServiceRank: the other ranking, with a mark by which it is told.
pub(super) fn rank(visit: &Visit<'_>) -> Outcome {
    match top_countries(visit)? {
        Reply::Json(Value::Object(mut rows)) => {
            for row in rows.values_mut().filter_map(Value::as_object_mut) {
                row.insert("rank".to_owned(), json!(1));
            }
            Ok(Reply::Json(Value::Object(rows)))
        }
        other => Ok(other),
    }
}

/// getPricesV2.
pub(super) fn prices_v2(visit: &Visit<'_>) -> Outcome {
    each(visit, |quote| json!({ two_decimals(quote.price): quote.count }))
}

/// getPricesV3: everything is provider 2319's.
pub(super) fn prices_v3(visit: &Visit<'_>) -> Outcome {
    each(
        visit,
        |quote| json!({ "2319": { "count": quote.count, "price": json_number(quote.price), "provider_id": 2319 } }),
    )
}

/// getPricesExtended.
pub(super) fn prices_extended(visit: &Visit<'_>) -> Outcome {
    visit.switch("freePrice", "false", "true")?;
    each(
        visit,
        |quote| json!({ "cost": json_number(quote.price), "count": quote.count, "physicalCount": quote.count / 2 }),
    )
}

/// getNumbersStatusAndCostHubFree.
pub(super) fn hub_prices(visit: &Visit<'_>) -> Outcome {
    let country = visit.country()?;
    let operators = visit.operators(country)?;
    let row = |service: &Service| {
        let quote = quote(visit, country, service.code, &operators);
        let row = json!({ "priceMap": { two_decimals(quote.price): quote.count }, "work": true });
        (service.code.to_owned(), row)
    };
    Ok(Reply::Json(Value::Object(SERVICES.iter().map(row).collect())))
}

/// By country and service, as getPrices is.
fn each(visit: &Visit<'_>, show: impl Fn(Quote) -> Value) -> Outcome {
    let (only, service) = (visit.country_id()?, visit.call.get("service"));
    let countries = COUNTRIES.iter().filter(|country| only.is_none_or(|only| only == country.id));
    let row = |country: &Country| {
        let services = SERVICES.iter().filter(|known| service.is_none_or(|only| only == known.code));
        let rows: Map<_, _> = services
            .map(|service| (service.code.to_owned(), show(quote(visit, country, service.code, &[]))))
            .collect();
        (country.id.to_string(), Value::Object(rows))
    };
    Ok(Reply::Json(Value::Object(countries.map(row).collect())))
}
