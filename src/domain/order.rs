//! An order for a number and what came of it. Knows neither how it was written on the wire nor who
//! fulfils it.

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::{ActivationId, Country, Extra, Money, Operator, Phone, Service};

/// What an order builds on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Nothing: a number from the shelf.
    Shelf,
    /// An activation that was used: its number once more, for the same service.
    Extra(ActivationId),
    /// An activation with call forwarding: its number, for another service.
    Additional(ActivationId),
    /// A rent: more time for it.
    Continued(ActivationId),
}

impl Origin {
    /// The purchase that it builds on.
    pub fn parent(self) -> Option<ActivationId> {
        match self {
            Self::Shelf => None,
            Self::Extra(parent) | Self::Additional(parent) | Self::Continued(parent) => Some(parent),
        }
    }
}

/// On which terms a number is rented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RentTerms {
    /// For how long.
    pub hours: u32,
    /// Where each of its messages is sent to, by the client's wish.
    pub webhook: Option<String>,
}

/// What a client asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// The service to be registered at.
    pub service: Service,
    /// The number's country.
    pub country: Country,
    /// Acceptable operators in the client's order of preference; none means any.
    pub operators: Vec<Operator>,
    /// The most the client would pay: in the currency of the dialect as it is ordered, in that of the
    /// account from the engine on.
    pub max_price: Option<Decimal>,
    /// Prefixes the number must not have.
    pub excluded: Vec<String>,
    /// Whether calls and SMS are to be forwarded to another number.
    pub forward: bool,
    /// Whether the number must be able to take a call.
    pub verification: bool,
    /// Whether the upstream may choose among several prices up to `max_price`.
    pub free_price: bool,
    /// Whether the upstream is to spend its cash-back first.
    pub use_cashback: bool,
    /// Whether the client wants price, operator and time along with the number.
    pub detailed: bool,
    /// What it builds on.
    pub origin: Origin,
    /// The terms, where the number is to be rented.
    pub rent: Option<RentTerms>,
}

impl Order {
    /// An order for any number of a service in a country.
    pub fn new(service: Service, country: Country) -> Self {
        Self {
            service,
            country,
            operators: Vec::new(),
            max_price: None,
            excluded: Vec::new(),
            forward: false,
            verification: false,
            free_price: false,
            use_cashback: false,
            detailed: false,
            origin: Origin::Shelf,
            rent: None,
        }
    }
}

/// A number that an upstream sold.
#[derive(Debug, Clone, PartialEq)]
pub struct Bought {
    /// The upstream's own id of the activation.
    pub upstream_id: String,
    /// The number.
    pub phone: Phone,
    /// What was charged, where the upstream says so.
    pub price: Option<Money>,
    /// The operator, where the upstream says so.
    pub operator: Option<Operator>,
    /// Until when the upstream keeps it, where that differs from the provider's usual lifetime.
    pub expires_at: Option<Timestamp>,
    /// What else the upstream said of it.
    pub extra: Extra,
}
