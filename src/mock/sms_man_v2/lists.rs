//! What API v2.0 says of balance, stock, prices, countries and applications. Ids are texts in all of
//! them, as the examples show.

use serde_json::{Map, Value, json};

use super::reply::{NO_NUMBERS, Outcome};
use super::tables::{APPLICATIONS, Application, COUNTRIES, Country};
use super::visit::Visit;
use crate::domain::two_decimals;
use crate::mock::stock::Quote;

/// get-balance: `{"balance":"799.70"}`, rubles.
pub(super) fn balance(visit: &Visit<'_>) -> Outcome {
    let mut answer = json!({ "balance": two_decimals(visit.market().balance()) });
    if visit.quirks().extra_fields {
        answer["hold"] = json!(0);
        answer["channels"] = json!(50);
    }
    Ok(answer)
}

fn quote(visit: &Visit<'_>, country: &Country, application: &Application) -> Quote {
    visit.market().quote(&country.dialect.to_string(), application.code, &[])
}

fn places(only: Option<&Country>) -> impl Iterator<Item = &'static Country> {
    let only = only.map(|country| country.id);
    COUNTRIES.iter().filter(move |country| only.is_none_or(|only| only == country.id))
}

/// limits: `[{"application_id":"1","country_id":"1","numbers":"32302"}]`.
pub(super) fn limits(visit: &Visit<'_>) -> Outcome {
    let country = match visit.country() {
        Err(NO_NUMBERS) => return Ok(json!([])),
        found => found?,
    };
    let only = visit.application()?.map(|application| application.id);
    let applications =
        || APPLICATIONS.iter().filter(|application| only.is_none_or(|only| only == application.id));
    let row = |country: &Country, application: &Application| {
        json!({
            "application_id": application.id.to_string(),
            "country_id": country.id.to_string(),
            "numbers": quote(visit, country, application).count.to_string(),
        })
    };
    if let (Some(country), true) = (country, visit.quirks().keyed_limits) {
        let rows = applications().map(|application| (application.id.to_string(), row(country, application)));
        return Ok(Value::Object(rows.collect()));
    }
    let rows = places(country)
        .flat_map(|country| applications().map(move |application| (country, application)))
        .map(|(country, application)| row(country, application));
    Ok(rows.collect())
}

/// get-prices: `{"1":{"3":{"cost":"15","count":6455}}}`, by country and application; with a country
/// some have met rows with their ids instead.
pub(super) fn prices(visit: &Visit<'_>) -> Outcome {
    let only = match visit.country() {
        Err(NO_NUMBERS) => return Ok(json!({})),
        found => found?,
    };
    if let (Some(country), true) = (only, visit.quirks().flat_prices) {
        let mut rows = priced(visit, country);
        for (id, row) in &mut rows {
            row["application_id"] = json!(id);
            row["country_id"] = json!(country.id.to_string());
        }
        return Ok(Value::Object(rows));
    }
    let rows = places(only).map(|country| (country.id.to_string(), Value::Object(priced(visit, country))));
    Ok(Value::Object(rows.collect()))
}

fn priced(visit: &Visit<'_>, country: &Country) -> Map<String, Value> {
    let row = |application: &Application| {
        let quote = quote(visit, country, application);
        json!({ "cost": quote.price.normalize().to_string(), "count": quote.count })
    };
    APPLICATIONS.iter().map(|application| (application.id.to_string(), row(application))).collect()
}

/// countries: `{"1":{"id":"1","title":"Russia","code":"RU"}}`.
pub(super) fn countries(visit: &Visit<'_>) -> Outcome {
    let rows = COUNTRIES.iter().map(|country| {
        let id = country.id.to_string();
        let row = json!({ "id": id, "title": country.title, "code": country.code });
        (id, row)
    });
    Ok(keyed(visit, rows))
}

/// applications: `{"1":{"id":"1","name":"Vkontakte","code":"vk"}}`.
pub(super) fn applications(visit: &Visit<'_>) -> Outcome {
    let label = if visit.quirks().title_applications { "title" } else { "name" };
    let rows = APPLICATIONS.iter().map(|application| {
        let id = application.id.to_string();
        let row = json!({ "id": id, label: application.name, "code": application.code });
        (id, row)
    });
    Ok(keyed(visit, rows))
}

fn keyed(visit: &Visit<'_>, rows: impl Iterator<Item = (String, Value)>) -> Value {
    if visit.quirks().list_countries {
        rows.map(|(_, row)| row).collect()
    } else {
        Value::Object(rows.collect())
    }
}
