//! A number that an account holds, as its upstream lists it. Knows neither why it is asked nor who bought it.

use jiff::Timestamp;

use super::{Country, Money, Phone, Service};

/// A row of an upstream's list of what an account holds; what the list does not say of it is not there.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// The upstream's own id.
    pub upstream_id: String,
    /// The number.
    pub phone: Option<Phone>,
    /// What it was bought for.
    pub service: Option<Service>,
    /// Its country.
    pub country: Option<Country>,
    /// What was charged for it.
    pub price: Option<Money>,
    /// When it was bought.
    pub bought_at: Option<Timestamp>,
    /// Until when it is held.
    pub ends_at: Option<Timestamp>,
}

impl Held {
    /// Of which nothing but its id is known.
    pub fn new(upstream_id: String) -> Self {
        Self {
            upstream_id,
            phone: None,
            service: None,
            country: None,
            price: None,
            bought_at: None,
            ends_at: None,
        }
    }
}
