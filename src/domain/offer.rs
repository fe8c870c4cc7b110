//! What can be bought at what price. Knows nobody who sells it.

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::{Country, Money, Service};

/// Fields of an upstream's JSON answer that the dialect's document does not name. They are carried
/// along and printed after the documented ones, so that software which knows them still finds them.
pub type Extra = Map<String, Value>;

/// A service in a country, at a price, with what is in stock.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Which service.
    pub service: Service,
    /// In which country.
    pub country: Country,
    /// The price of one activation.
    pub price: Money,
    /// How many numbers are in stock.
    pub count: u64,
    /// What else the upstream said of it.
    pub extra: Extra,
}

/// A country's place in the ranking of one service (`getTopCountriesByService`).
#[derive(Debug, Clone, PartialEq)]
pub struct TopCountry {
    /// Which country.
    pub country: Country,
    /// How many numbers are in stock.
    pub count: u64,
    /// The price to this account.
    pub price: Decimal,
    /// The price to everybody.
    pub retail_price: Decimal,
    /// Price → count, where the upstream sells at several prices.
    pub free_price: Vec<(Decimal, u64)>,
    /// What else the upstream said of it.
    pub extra: Extra,
}
