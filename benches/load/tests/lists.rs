//! The price lists of the stand-in.

use crate::upstream::lists::{COUNTRIES, Lists, SERVICES};

#[test]
fn the_lists_are_json_of_their_size() {
    let lists = Lists::default();
    let prices: serde_json::Value = serde_json::from_str(&lists.prices).unwrap();
    assert_eq!(prices.as_object().unwrap().len(), COUNTRIES);
    assert_eq!(prices["189"].as_object().unwrap().len(), SERVICES);
    let counts: serde_json::Value = serde_json::from_str(&lists.counts).unwrap();
    assert_eq!(counts["tg"]["price"].as_f64(), Some(2.0));
}
