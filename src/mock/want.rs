//! What is asked of the market, and why it may say no. Knows nothing of how it decides.

use std::time::Duration;

use rust_decimal::Decimal;

/// A number that somebody wants to buy.
#[derive(Debug, Clone)]
pub struct Want {
    /// The country's code.
    pub country: String,
    /// The service's code.
    pub service: String,
    /// Any one of these operators; any operator at all if empty.
    pub operators: Vec<String>,
    /// The most that may be paid.
    pub max_price: Option<Decimal>,
    /// Beginnings that the number must not have.
    pub excluded: Vec<String>,
    /// How long it is kept; `None` for the market's own lifetime.
    pub lifetime: Option<Duration>,
    /// How many times the price is charged (a rent costs a multiple).
    pub times: u32,
    /// This very number, which was sold before.
    pub phone: Option<String>,
    /// Whether a number that is in use may be had besides; only [`Want::phone`] names such a one.
    pub beside: bool,
    /// Whether its calls and messages are to be forwarded.
    pub forwards: bool,
    /// What it costs, where that is not the shelf's price.
    pub price: Option<Decimal>,
    /// Rented as a whole for this price instead of the shelf's: kept to its end and never refunded.
    pub rental: Option<Decimal>,
}

impl Want {
    /// A number of any operator at any price.
    pub fn new(country: &str, service: &str) -> Self {
        Self {
            country: country.to_owned(),
            service: service.to_owned(),
            operators: Vec::new(),
            max_price: None,
            excluded: Vec::new(),
            lifetime: None,
            times: 1,
            phone: None,
            beside: false,
            forwards: false,
            price: None,
            rental: None,
        }
    }
}

/// Why nothing was sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BuyError {
    /// The service is not served for now.
    #[error("the service is not supported")]
    Unsupported,
    /// There is no such number.
    #[error("out of stock")]
    NoStock,
    /// The balance does not reach.
    #[error("not enough money")]
    NoFunds,
    /// It costs this, which is more than may be paid.
    #[error("it costs {0}")]
    TooDear(Decimal),
}

/// Why a lot was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StepError {
    /// There never was such a lot.
    #[error("no such lot")]
    Unknown,
    /// It is over.
    #[error("the lot is over")]
    Over,
    /// No message has come yet.
    #[error("no message has come yet")]
    NoMessage,
    /// A message has come.
    #[error("a message has come")]
    HasMessage,
    /// It cannot be given back so soon.
    #[error("too early to give it back")]
    TooEarly,
    /// The service did not have to send its message again.
    #[error("no message has to be sent again")]
    NotHeld,
}

/// For what a special holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// A service, in every country.
    Service(String),
    /// A country, for every service.
    Country(String),
}

impl Scope {
    pub(super) fn covers(&self, country: &str, service: &str) -> bool {
        match self {
            Self::Service(code) => code == service,
            Self::Country(code) => code == country,
        }
    }
}

/// Something that holds for a service or a country, so that every outcome can be had on demand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Special {
    /// It is known but not served.
    Unsupported,
    /// There is never a number.
    OutOfStock,
    /// The money never suffices.
    NoFunds,
    /// No message ever comes by itself.
    NoMessage,
    /// The first message comes this long after the purchase.
    FirstAfter(Duration),
}
