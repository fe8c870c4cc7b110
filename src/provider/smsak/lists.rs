//! SMSAK's lists: what a country has in stock, and which countries there are. Knows no catalog and no
//! request.

use std::collections::HashMap;

use rust_decimal::Decimal;
use serde_json::Value;

use super::wire::malformed;
use crate::provider::Fault;
use crate::provider::read::{self, plain, whole};

/// A row of `numbersstatus`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Listed {
    /// How many.
    pub count: u64,
    /// In the account's currency.
    pub price: Decimal,
}

/// The rows of `numbersstatus` by the service's number: `[{"id":"2","name":…,"count":"108","logo":…,
/// "cost":"15"}]`, its values texts there and integers in its other list. A row that lacks one of them is
/// passed over; an answer without a single good row, unless it is empty, is malformed.
pub fn stock(answer: &Value) -> Result<HashMap<String, Listed>, Fault> {
    let rows = answer.as_array().ok_or_else(|| malformed("numbersstatus answered no list"))?;
    let read = |row: &Value| {
        let price = read::price(row.get("cost"))?;
        Some((plain(row.get("id"))?, Listed { count: whole(row.get("count"))?, price }))
    };
    let good: HashMap<_, _> = rows.iter().filter_map(read).collect();
    if good.is_empty() && !rows.is_empty() {
        return Err(malformed("no row of numbersstatus has id, count and cost"));
    }
    Ok(good)
}

/// The rows of `countries` as code and Russian name: `[{"name":"Россия","code":"RU"}]`. The same holds of
/// rows that lack a code; a name may be missing.
pub fn countries(answer: &Value) -> Result<Vec<(String, Option<String>)>, Fault> {
    let rows = answer.as_array().ok_or_else(|| malformed("countries answered no list"))?;
    let read = |row: &Value| Some((plain(row.get("code"))?, plain(row.get("name"))));
    let good: Vec<_> = rows.iter().filter_map(read).collect();
    if good.is_empty() && !rows.is_empty() {
        return Err(malformed("no row of countries has a code"));
    }
    Ok(good)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn stock_is_read_as_texts_and_as_numbers() {
        let texts = json!([{"id":"2","name":"Вконтакте","count":"108","logo":"/vk.png","cost":"15"}]);
        let numbers = json!([{"id":2,"name":"Вконтакте","count":108,"logo":"/vk.png","cost":15.0}]);
        for answer in [texts, numbers] {
            let listed = stock(&answer).unwrap()["2"];
            assert_eq!(listed, Listed { count: 108, price: Decimal::from(15) });
        }
    }

    #[test]
    fn a_bad_row_hides_no_good_one_and_bad_rows_alone_are_no_list() {
        let good = json!({"id":"2","count":"108","cost":"15"});
        let bad = [
            json!(7),
            json!({"id":"3"}),
            json!({"id":"4","count":"-","cost":"1"}),
            json!({"count":1,"cost":1}),
        ];
        for bad in bad {
            assert_eq!(stock(&json!([bad, good])).unwrap().len(), 1, "{bad}");
            assert!(stock(&json!([bad])).is_err(), "{bad}");
        }
        assert_eq!(stock(&json!([])), Ok(HashMap::new()));
        for other in [json!({}), json!(1), json!(null), json!("2")] {
            assert!(stock(&other).is_err() && countries(&other).is_err(), "{other}");
        }
    }

    #[test]
    fn countries_have_a_code_and_mostly_a_name() {
        let answer = json!([{"name":"Белоруссия","code":"BL"}, {"code":"RU"}, {"name":"?"}]);
        let named = (String::from("BL"), Some(String::from("Белоруссия")));
        assert_eq!(countries(&answer), Ok(vec![named, ("RU".into(), None)]));
        assert!(countries(&json!([{"name":"Россия"}])).is_err());
        assert_eq!(countries(&json!([])), Ok(Vec::new()));
    }
}
