//! SMS-Service-Online's lists: what it sells in a country, and its countries with their operators. Knows
//! no catalog and no request.

use std::collections::{BTreeSet, HashMap};

use rust_decimal::Decimal;
use serde_json::Value;

use super::wire::malformed;
use crate::provider::{Fault, read};

/// A row of getServicesAndCost.
#[derive(Debug, PartialEq)]
pub struct Listed {
    /// In the account's currency; 0 for what is out of stock.
    pub price: Decimal,
    /// How many.
    pub count: u64,
}

/// The rows of getServicesAndCost by its own code.
pub type Services = HashMap<String, Listed>;

impl Listed {
    /// Whether the price is one: it prints 0 for what is out of stock.
    fn is_sound(&self) -> bool {
        self.count == 0 || !self.price.is_zero()
    }

    /// Whether nobody can tell what it would cost.
    pub fn is_unpriced(&self) -> bool {
        self.price.is_zero()
    }
}

/// `[{"id":"vk","name":…,"price":29.88,"quantity":"19"},…]` (getServicesAndCost), by its own code. A row
/// that lacks one of these is passed over, and so is one that is in stock for nothing; an answer without
/// a single good row, unless it is empty, is malformed.
pub fn services(answer: &Value) -> Result<Services, Fault> {
    rows(answer, |row| {
        let listed =
            Listed { price: read::price(row.get("price"))?, count: read::whole(row.get("quantity"))? };
        listed.is_sound().then_some(())?;
        Some((read::plain(row.get("id"))?, listed))
    })
}

/// `[{"id":0,"name":…,"operators":{"any":"any","tele2":"tele2"}},…]` (getCountryAndOperators): the names
/// of operators by its own code of the country. `any` stands for no operator and is not among them.
pub fn countries(answer: &Value) -> Result<HashMap<String, BTreeSet<String>>, Fault> {
    rows(answer, |row| Some((read::plain(row.get("id"))?, operators(row.get("operators")))))
}

/// Keyed by name, as the example prints it; the table beside it calls it an array.
fn operators(field: Option<&Value>) -> BTreeSet<String> {
    let names: Vec<String> = match field {
        Some(Value::Object(names)) => names.keys().cloned().collect(),
        Some(Value::Array(names)) => names.iter().filter_map(|name| read::plain(Some(name))).collect(),
        _ => Vec::new(),
    };
    names.into_iter().filter(|name| name != "any").collect()
}

fn rows<T>(
    answer: &Value,
    read: impl Fn(&Value) -> Option<(String, T)>,
) -> Result<HashMap<String, T>, Fault> {
    let rows = answer.as_array().ok_or_else(|| malformed("the list is no list"))?;
    let good: HashMap<_, _> = rows.iter().filter_map(read).collect();
    if good.is_empty() && !rows.is_empty() {
        return Err(malformed("no row of the list has what it should have"));
    }
    Ok(good)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn listed(price: &str, count: u64) -> Listed {
        Listed { price: price.parse().unwrap(), count }
    }

    #[test]
    fn prices_and_quantities_are_numbers_or_texts() {
        let answer = json!([
            {"id": "vk", "name": "Вконтакте", "price": 29.88, "quantity": "19"},
            {"id": "ok", "name": "Ok.ru", "price": "1.34", "quantity": 2776},
            {"id": "wa", "name": "Whatsapp", "price": 0, "quantity": "0"},
        ]);
        let rows = services(&answer).unwrap();
        assert_eq!(rows["vk"], listed("29.88", 19));
        assert_eq!(rows["ok"], listed("1.34", 2776));
        assert_eq!(rows["wa"], listed("0", 0));
        assert!(rows["wa"].is_unpriced() && !rows["ok"].is_unpriced());
        assert!(services(&json!([])).unwrap().is_empty());
    }

    #[test]
    fn a_row_that_cannot_be_right_is_passed_over() {
        let good = json!({"id": "vk", "price": 1, "quantity": "1"});
        for bad in [
            json!({"id": "tg", "price": 0, "quantity": "5"}),
            json!({"id": "tg", "price": -1, "quantity": "5"}),
            json!({"id": "tg", "price": 1, "quantity": "many"}),
            json!({"id": "tg", "price": 1}),
            json!({"id": null, "price": 1, "quantity": "5"}),
            json!("tg"),
            json!(null),
        ] {
            let rows = services(&json!([bad, good])).unwrap();
            assert_eq!(rows.keys().collect::<Vec<_>>(), ["vk"], "{bad}");
            assert!(services(&json!([bad])).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_list_of_another_shape_is_none() {
        for answer in [json!({}), json!({"vk": 1}), json!("vk"), json!(5), json!(null), json!(true)] {
            assert!(services(&answer).is_err() && countries(&answer).is_err(), "{answer}");
        }
    }

    #[test]
    fn countries_have_operators_by_name_and_any_is_none_of_them() {
        let answer = json!([
            {"id": 0, "name": "Россия", "operators": {"any": "any", "tele2": "tele2", "ttk": "ttk"}},
            {"id": "1", "name": "Украина", "operators": ["any", "life"]},
            {"id": 17, "name": "Мадагаскар", "operators": []},
        ]);
        let rows = countries(&answer).unwrap();
        let names = |id: &str| rows[id].iter().map(String::as_str).collect::<Vec<_>>();
        assert_eq!(names("0"), ["tele2", "ttk"]);
        assert_eq!(names("1"), ["life"]);
        assert!(names("17").is_empty());
    }
}
