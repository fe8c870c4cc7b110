//! The lists of a service that speaks the dialect, in every shape they were met in: objects, lists,
//! numbers as texts, a missing country level. Knows no catalog.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::{Number, Value};

use super::extra_of;
use super::fold::malformed;
use crate::domain::{Country, Currency, Extra, Money, Offer, Operator, Service};
use crate::provider::{Fault, ListedCountry, ListedService, read};

/// `{"Country":{"Service":{"cost","count"}}}` ("Получить актуальные цены по странам"); in the wild also
/// without the country level when one country was asked for (`UPSTREAMS.md` section 0, flat-prices), and with
/// a map of prices and stock, `{"15.50":158}`, for each service (SMSHub, `WIRE.md` section 4, getPricesV2).
pub fn offers(value: &Value, asked: Option<Country>, currency: Currency) -> Result<Vec<Offer>, Fault> {
    let Some(countries) = value.as_object() else {
        // PHP prints an empty map as [].
        return match value.as_array() {
            Some(list) if list.is_empty() => Ok(Vec::new()),
            _ => Err(malformed("the price list is not an object")),
        };
    };
    let mut found = Vec::new();
    for (key, inner) in countries {
        let Some(services) = inner.as_object() else { continue };
        if services.contains_key("cost") {
            let country = asked.unwrap_or(Country::DEFAULT);
            found.extend(
                Service::parse(key).ok().and_then(|service| offer(service, country, services, currency)),
            );
        } else if let Ok(country) = Country::parse(key) {
            let row = |(code, fields): (&String, &Value)| {
                offer(Service::parse(code).ok()?, country, fields.as_object()?, currency)
            };
            found.extend(services.iter().filter_map(row));
        }
    }
    Ok(found)
}

/// `{"Service":{"Country":{"count","price"}}}`: the other way round, and the price a text ("Получить актуальные
/// цены по сервисам для верификации").
pub fn call_prices(value: &Value, currency: Currency) -> Result<Vec<Offer>, Fault> {
    let Some(services) = value.as_object() else {
        return match value.as_array() {
            Some(list) if list.is_empty() => Ok(Vec::new()),
            _ => Err(malformed("the price list of calls is not an object")),
        };
    };
    let row = |service: &Service, (country, fields): (&String, &Value)| {
        Some(Offer {
            service: service.clone(),
            country: Country::parse(country).ok()?,
            price: Money { amount: read::price(fields.get("price").or(fields.get("cost")))?, currency },
            count: read::whole(fields.get("count"))?,
            extra: Extra::new(),
        })
    };
    let mut found = Vec::new();
    for (code, countries) in services {
        if let (Ok(service), Some(countries)) = (Service::parse(code), countries.as_object()) {
            found.extend(countries.iter().filter_map(|country| row(&service, country)));
        }
    }
    Ok(found)
}

fn offer(service: Service, country: Country, fields: &Extra, currency: Currency) -> Option<Offer> {
    let Some(amount) = read::price(fields.get("cost")) else {
        let (amount, count) = by_price(fields)?;
        let price = Money { amount, currency };
        return Some(Offer { service, country, price, count, extra: Extra::new() });
    };
    Some(Offer {
        service,
        country,
        price: Money { amount, currency },
        count: read::whole(fields.get("count"))?,
        extra: extra_of(fields, &["cost", "count"]),
    })
}

/// The lowest price that has stock, and the stock at all prices together.
fn by_price(fields: &Extra) -> Option<(Decimal, u64)> {
    let row = |(price, count): (&String, &Value)| {
        Some((read::price(Some(&Value::String(price.clone())))?, read::whole(Some(count))?))
    };
    let rows = fields.iter().map(row).collect::<Option<Vec<_>>>()?;
    let total = rows.iter().fold(0_u64, |sum, (_, count)| sum.saturating_add(*count));
    let sold = rows.iter().filter(|(_, count)| *count > 0 || total == 0);
    Some((sold.map(|(price, _)| *price).min()?, total))
}

/// `{"vk_0":76,…}` ("Запрос количества доступных номеров"); in the wild keys come without `_0`
/// (`UPSTREAMS.md` section 0, bare-numbersstatus) and counts as texts.
pub fn counts(value: &Value) -> Result<BTreeMap<String, u64>, Fault> {
    let rows = value.as_object().ok_or_else(|| malformed("the stock list is not an object"))?;
    let read = |(key, count): (&String, &Value)| {
        let key = if key.contains('_') { key.clone() } else { format!("{key}_0") };
        Some((key, read::whole(Some(count))?))
    };
    Ok(rows.iter().filter_map(read).collect())
}

/// `{"0":{"country","count","price","retail_price"},…}`; a list becomes an object, and numbers that
/// were printed as texts become numbers, since clients insist on both (`WIRE.md` section 1, items 11, 12).
///
/// A row without a country, a count and a price that can be read is left out; if none is left, the answer is
/// malformed.
pub fn top_countries(value: Value) -> Result<Value, Fault> {
    let Value::Object(mut rows) = as_object(value) else {
        return Err(malformed("the ranking is neither object nor list"));
    };
    let was_empty = rows.is_empty();
    // A remark beside the rows is no row, and stays.
    let is_remark = |key: &str, row: &Value| row.is_string() && key.parse::<u64>().is_err();
    rows.retain(|key, row| is_place(row) || is_ranking(row) || is_remark(key, row));
    if rows.is_empty() && !was_empty {
        return Err(malformed("no row of the ranking has country, count and price"));
    }
    Ok(Value::Object(rows))
}

/// Whether it is a row, whose numbers become numbers.
fn is_place(row: &mut Value) -> bool {
    number_fields(row);
    let whole = |name: &str| read::whole(row.get(name)).is_some();
    whole("country") && whole("count") && read::price(row.get("price")).is_some()
}

/// Whether it is the rows of one service; without a service they are one level deeper.
fn is_ranking(rows: &mut Value) -> bool {
    let Value::Object(inner) = rows else { return false };
    let is_bare_row = ["country", "count", "price"].iter().any(|name| inner.contains_key(*name));
    inner.retain(|_, row| is_place(row));
    !is_bare_row && !inner.is_empty()
}

fn number_fields(row: &mut Value) {
    let Value::Object(fields) = row else { return };
    for name in ["country", "count", "price", "retail_price"] {
        if let Some(Value::String(text)) = fields.get(name)
            && let Ok(number) = text.trim().parse::<Number>()
        {
            fields.insert(name.to_owned(), Value::Number(number));
        }
    }
}

fn as_object(value: Value) -> Value {
    match value {
        Value::Array(rows) => {
            Value::Object(rows.into_iter().enumerate().map(|(index, row)| (index.to_string(), row)).collect())
        }
        other => other,
    }
}

/// The rows of an object with their keys, or of a list without: a place in a list is no code of anything.
fn rows_of(value: Value) -> Option<Vec<(Option<String>, Value)>> {
    match value {
        Value::Object(rows) => Some(rows.into_iter().map(|(key, row)| (Some(key), row)).collect()),
        Value::Array(rows) => Some(rows.into_iter().map(|row| (None, row)).collect()),
        _ => None,
    }
}

/// The countries, keyed or as a list, each with its `id`.
pub fn countries(value: Value) -> Result<Vec<ListedCountry>, Fault> {
    let Some(rows) = rows_of(value) else {
        return Err(malformed("the list of countries is neither object nor list"));
    };
    let read = |(key, row): (Option<String>, Value)| {
        let Value::Object(fields) = row else { return None };
        let id = match fields.get("id") {
            Some(id) => read::whole(Some(id))?.to_string(),
            None => key?,
        };
        Some(ListedCountry { country: Country::parse(&id).ok()?, fields })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// `{"status":"success","services":[{"code","name"}]}`, a bare list, or an object keyed by code.
pub fn services(value: Value) -> Result<Vec<ListedService>, Fault> {
    let rows = match value {
        // What comes without the list is no list of its own.
        Value::Object(outer) if outer.contains_key("status") && !outer.contains_key("services") => None,
        Value::Object(mut outer) if outer.contains_key("services") => outer.shift_remove("services"),
        other => Some(other),
    };
    let Some(rows) = rows.and_then(rows_of) else {
        return Err(malformed("the list of services is neither object nor list"));
    };
    let read = |(key, row): (Option<String>, Value)| {
        let (code, name, extra) = match &row {
            Value::String(name) => (key?, name.clone(), Extra::new()),
            Value::Object(fields) => {
                let said =
                    |name: &str| fields.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
                let text = |name: &str| said(name).map(str::to_owned);
                let code = text("code").or_else(|| text("id")).or(key)?;
                let name = text("name").or_else(|| text("title")).unwrap_or_else(|| code.clone());
                (code, name, extra_of(fields, &["code", "id", "name", "title"]))
            }
            _ => return None,
        };
        Some(ListedService { service: Service::parse(&code).ok()?, name, extra })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// `{"status":"success","countryOperators":{"0":["mts",…],…}}` ("Запрос доступных операторов").
pub fn operators(value: &Value) -> Result<BTreeMap<Country, Vec<Operator>>, Fault> {
    let rows = value
        .get("countryOperators")
        .and_then(Value::as_object)
        .ok_or_else(|| malformed("no countryOperators in the answer"))?;
    let read = |(key, names): (&String, &Value)| {
        let names = names.as_array()?.iter().filter_map(Value::as_str);
        Some((Country::parse(key).ok()?, names.filter_map(|name| Operator::parse(name).ok()).collect()))
    };
    Ok(rows.iter().filter_map(read).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn prices_are_read_in_every_shape() {
        let nested = offers(
            &json(r#"{"0":{"tg":{"cost":"15","count":"3","physicalCount":2}},"1":{}}"#),
            None,
            Currency::RUB,
        )
        .unwrap();
        assert_eq!(nested.len(), 1);
        assert_eq!((nested[0].price, nested[0].count), (Money::rub(15.into()), 3));
        assert_eq!(nested[0].extra["physicalCount"], 2);
        let flat =
            offers(&json(r#"{"tg":{"cost":1.5,"count":3}}"#), Some(Country(6)), Currency::RUB).unwrap();
        assert_eq!((flat[0].country, flat[0].service.as_str()), (Country(6), "tg"));
        assert_eq!(offers(&json("[]"), None, Currency::RUB), Ok(Vec::new()));
        assert!(offers(&json("[1]"), None, Currency::RUB).is_err());
    }

    #[test]
    fn a_map_of_prices_is_the_lowest_one_in_stock_and_all_the_stock() {
        let text = r#"{"2":{"tx":{"3.50":"0","4":7,"12.25":"5"},"ot":{"9":0},"tg":{"odd":1},"wa":{}}}"#;
        let found = offers(&json(text), None, Currency::RUB).unwrap();
        let seen: Vec<_> =
            found.iter().map(|one| (one.service.as_str(), one.price.amount, one.count)).collect();
        assert_eq!(seen, [("tx", 4.into(), 12), ("ot", 9.into(), 0)]);
    }

    #[test]
    fn prices_of_calls_stand_the_other_way_round() {
        let text =
            r#"{"tg":{"0":{"count":3,"price":"15.50"},"x":{}},"vk":[],"wa":{"6":{"count":"1","price":2}}}"#;
        let found = call_prices(&json(text), Currency::RUB).unwrap();
        let seen: Vec<_> = found.iter().map(|one| (one.service.as_str(), one.country.0, one.count)).collect();
        assert_eq!(seen, [("tg", 0, 3), ("wa", 6, 1)]);
        assert_eq!(found[0].price.amount.to_string(), "15.50");
        assert_eq!(call_prices(&json("[]"), Currency::RUB), Ok(Vec::new()));
    }

    #[test]
    fn stock_keys_get_their_suffix() {
        let read = counts(&json(r#"{"tg":"5","av_1":7}"#)).unwrap();
        assert_eq!(read, BTreeMap::from([("av_1".to_owned(), 7), ("tg_0".to_owned(), 5)]));
    }

    #[test]
    fn lists_become_objects_and_texts_numbers() {
        let top = top_countries(json(r#"[{"country":"6","count":"2","price":"15.00","x":"1"}]"#)).unwrap();
        assert_eq!(top.to_string(), r#"{"0":{"country":6,"count":2,"price":15.00,"x":"1"}}"#);
        let deep = top_countries(json(r#"{"tg":{"0":{"country":"6","count":"2","price":"1"}}}"#)).unwrap();
        assert_eq!(deep.to_string(), r#"{"tg":{"0":{"country":6,"count":2,"price":1}}}"#);
    }

    #[test]
    fn a_place_in_a_list_is_no_code_and_half_a_row_no_row() {
        assert_eq!(countries(json(r#"[{"rus":"Россия"}]"#)), Ok(Vec::new()));
        assert_eq!(services(json(r#"[{"name":"Telegram"}]"#)), Ok(Vec::new()));
        assert!(top_countries(json(r#"{"0":{"country":6,"count":null,"price":1}}"#)).is_err());
        assert!(top_countries(json("0")).is_err());
        assert!(services(json(r#"{"status":"success"}"#)).is_err());
    }

    #[test]
    fn countries_and_services_are_read_from_lists_too() {
        let listed = countries(json(r#"[{"id":"0","rus":"Россия"},{"id":6}]"#)).unwrap();
        assert_eq!(listed.iter().map(|row| row.country.0).collect::<Vec<_>>(), [0, 6]);
        for text in [
            r#"{"status":"success","services":[{"code":"tg","name":"Telegram"}]}"#,
            r#"[{"code":"tg","name":"Telegram"}]"#,
            r#"{"tg":"Telegram"}"#,
        ] {
            let listed = services(json(text)).unwrap();
            assert_eq!((listed[0].service.as_str(), listed[0].name.as_str()), ("tg", "Telegram"), "{text}");
        }
    }
}
