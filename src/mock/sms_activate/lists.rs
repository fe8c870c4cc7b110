//! What sms-activate says of stock, prices, countries, services and operators.

use rust_decimal::Decimal;
use serde_json::{Map, Number, Value, json};

use super::reply::{BAD_ACTION, OPERATORS_NOT_FOUND, Outcome, Reply, WRONG_SERVICE};
use super::tables::{COUNTRIES, Country, SERVICES, Service};
use super::visit::Visit;
use super::{country_of, is_service};
use crate::domain::{json_number, two_decimals};
use crate::mock::stock::Quote;

pub(super) fn quote(visit: &Visit<'_>, country: &Country, service: &str, operators: &[String]) -> Quote {
    visit.market().quote(&country.id.to_string(), service, operators)
}

/// getNumbersStatus: every service, `_1` for those whose numbers forward calls (of which there are none
/// here).
pub(super) fn numbers_status(visit: &Visit<'_>) -> Outcome {
    if visit.house.quirks.no_numbersstatus {
        // The dialect has it, so asking for it is no mistake.
        return Err(BAD_ACTION);
    }
    let country = country_of(visit.country_id()?.unwrap_or(0));
    let operators = match country {
        Some(country) => visit.operators(country)?,
        None => Vec::new(),
    };
    let count = |service: &Service| {
        country.map_or(0, |country| quote(visit, country, service.code, &operators).count)
    };
    let mut answer = Map::new();
    for service in SERVICES {
        if visit.house.quirks.bare_numbersstatus {
            answer.insert(service.code.to_owned(), json!(count(service).to_string()));
            continue;
        }
        answer.insert(format!("{}_0", service.code), json!(count(service)));
        if service.forwards {
            answer.insert(format!("{}_1", service.code), json!(0));
        }
    }
    Ok(Reply::Json(Value::Object(answer)))
}

/// getPrices: `{"0":{"tg":{"cost":15.5,"count":158}}}`.
pub(super) fn prices(visit: &Visit<'_>) -> Outcome {
    let only = visit.country_id()?;
    let service = visit.call.get("service");
    let countries = COUNTRIES.iter().filter(|country| only.is_none_or(|only| only == country.id));
    let mut answer = Map::new();
    for country in countries {
        let services = SERVICES.iter().filter(|known| service.is_none_or(|only| only == known.code));
        let priced: Map<String, Value> =
            services.map(|service| (service.code.to_owned(), price(visit, country, service.code))).collect();
        if !priced.is_empty() {
            answer.insert(country.id.to_string(), Value::Object(priced));
        }
    }
    Ok(Reply::Json(Value::Object(answer)))
}

fn price(visit: &Visit<'_>, country: &Country, service: &str) -> Value {
    let quote = quote(visit, country, service, &[]);
    let mut price = json!({ "cost": json_number(quote.price), "count": quote.count });
    if visit.house.quirks.string_costs {
        price["cost"] = json!(quote.price.normalize().to_string());
    }
    if visit.house.quirks.extra_fields {
        price["physicalCount"] = json!(quote.count / 2);
    }
    price
}

/// getPricesVerification: by service, then country; the price is a text.
pub(super) fn verification_prices(visit: &Visit<'_>) -> Outcome {
    let only = visit.call.get("service");
    let services = SERVICES.iter().filter(|known| only.is_none_or(|only| only == known.code));
    let price = |country: &Country, service: &Service| {
        let quote = quote(visit, country, service.code, &[]);
        json!({ "count": quote.count, "price": two_decimals(quote.price) })
    };
    let rows = services.map(|service| {
        let countries = COUNTRIES.iter().map(|country| (country.id.to_string(), price(country, service)));
        (service.code.to_owned(), Value::Object(countries.collect()))
    });
    Ok(Reply::Json(Value::Object(rows.collect())))
}

/// The countries of SMSAK's emulation (`api/smsak.txt`, its getCountries).
const SIX: [u16; 6] = [0, 1, 6, 16, 34, 40];

/// getCountries.
pub(super) fn countries(visit: &Visit<'_>) -> Outcome {
    let six = visit.house.quirks.rus_countries;
    let rows = COUNTRIES.iter().filter(|country| !six || SIX.contains(&country.id)).map(|country| {
        let mut row = json!({
            "id": country.id,
            "rus": country.rus,
            "eng": country.eng,
            "chn": country.chn,
            "visible": 1,
            "retry": 1,
            "rent": u8::from(country.id == 0),
            "multiService": 1,
        });
        if six {
            row = json!({
                "id": country.id.to_string(),
                "rus": country.rus,
                "visible": 1,
                "retry": 1,
                "rent": 0,
                "multiService": 0,
            });
        }
        if visit.house.quirks.extra_fields {
            row["prefix"] = json!(country.prefix);
        }
        (country.id.to_string(), row)
    });
    if visit.house.quirks.list_countries {
        return Ok(Reply::Json(rows.map(|(_, row)| row).collect()));
    }
    Ok(Reply::Json(Value::Object(rows.collect())))
}

/// getServicesList, which is later than the document (UPSTREAMS.md section 5).
pub(super) fn services(_: &Visit<'_>) -> Outcome {
    let rows = SERVICES.iter().map(|service| json!({ "code": service.code, "name": service.name }));
    Ok(Reply::Json(json!({ "status": "success", "services": rows.collect::<Value>() })))
}

/// getOperators.
pub(super) fn operators(visit: &Visit<'_>) -> Outcome {
    let only = visit.country_id()?;
    let fitting = COUNTRIES.iter().filter(|country| only.is_none_or(|only| only == country.id));
    let rows: Map<String, Value> =
        fitting.map(|country| (country.id.to_string(), json!(country.operators))).collect();
    if rows.is_empty() {
        return Err(OPERATORS_NOT_FOUND);
    }
    Ok(Reply::Json(json!({ "status": "success", "countryOperators": rows })))
}

/// getTopCountriesByService; for all services, one object a service (the document shows no example).
pub(super) fn top_countries(visit: &Visit<'_>) -> Outcome {
    let free_price = visit.switch("freePrice", "false", "true")?;
    if let Some(service) = visit.call.get("service") {
        return Ok(Reply::Json(if is_service(service) {
            top(visit, service, free_price)
        } else {
            json!({})
        }));
    }
    let all = SERVICES.iter().map(|service| (service.code.to_owned(), top(visit, service.code, free_price)));
    Ok(Reply::Json(Value::Object(all.collect())))
}

fn top(visit: &Visit<'_>, service: &str, free_price: bool) -> Value {
    let rows = ranked(visit, service).into_iter().enumerate().map(|(place, (country, quote))| {
        let mut row = json!({
            "country": country.id,
            "count": quote.count,
            "price": fixed(quote.price),
            "retail_price": fixed(quote.price * Decimal::TWO),
        });
        if free_price {
            row["freePriceMap"] = json!({ two_decimals(quote.price): quote.count });
        }
        if visit.house.quirks.extra_fields {
            row["physicalTotalCount"] = json!(quote.count / 2);
        }
        (place.to_string(), row)
    });
    Value::Object(rows.collect())
}

/// The countries that have numbers for a service, most first.
fn ranked(visit: &Visit<'_>, service: &str) -> Vec<(&'static Country, Quote)> {
    let quotes = COUNTRIES.iter().map(|country| (country, quote(visit, country, service, &[])));
    let mut rows: Vec<_> = quotes.filter(|(_, quote)| quote.count > 0).collect();
    rows.sort_by_key(|(country, quote)| (std::cmp::Reverse(quote.count), country.id));
    rows
}

/// `15.00`, as the document prints a price here.
pub(super) fn fixed(amount: Decimal) -> Value {
    two_decimals(amount).parse::<Number>().map_or(Value::Null, Value::Number)
}

/// getListOfTopCountriesByService: like the document's example.
pub(super) fn top_ten(visit: &Visit<'_>) -> Outcome {
    let service = match visit.call.get("service") {
        Some(code) if is_service(code) => code,
        Some(_) => return Err(WRONG_SERVICE),
        None => return visit.blamed(WRONG_SERVICE, "service is missing"),
    };
    let rows = ranked(visit, service).into_iter().take(10);
    let rows = rows.map(|(country, _)| json!({ "country": country.id, "share": 50, "rate": 50 }));
    Ok(Reply::Json(rows.collect()))
}
