//! What an upstream that rents numbers can do: a family of its own, for most upstreams have none of it.
//! Knows no tariff, no wire and no ledger.
//!
//! A rent is an [`Activation`] with [`Activation::rent`]: a number that is the client's for hours, and takes
//! any number of messages.

use async_trait::async_trait;

use super::{Capability, Cx, Fault};
use crate::domain::{Activation, Bought, Country, Held, Money, Offer, Operator, Order, Progress};

/// What is looked for to rent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RentQuery {
    /// In which country.
    pub country: Country,
    /// From which operators; none for any.
    pub operators: Vec<Operator>,
    /// For how long.
    pub hours: u32,
    /// Whether the number must be able to take a call.
    pub incoming_call: bool,
}

/// What there is to rent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RentOffers {
    /// The countries there are.
    pub countries: Vec<Country>,
    /// The operators in the country that was asked for.
    pub operators: Vec<Operator>,
    /// The services there, each at the price of the hours asked for; `full` is the number as a whole.
    pub services: Vec<Offer>,
}

/// How a client ends a rent (`setRentStatus`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// 1: it is done with.
    Finish,
    /// 2: it is not wanted, and to be refunded.
    Cancel,
}

/// An upstream that rents numbers. Each method has a default that says it is not there.
#[async_trait]
pub trait Rentals: Send + Sync {
    /// What there is to rent.
    async fn offers(&self, cx: &Cx, query: &RentQuery) -> Result<RentOffers, Fault> {
        let _ = (cx, query);
        Err(Fault::unsupported(Capability::RentOffers))
    }

    /// Rents a number: `order.rent` has the hours, and `Bought::expires_at` the end. The fault's effect says
    /// whether it may have been rented after all. Hours that nobody rents for are
    /// [`WrongHours`](super::FaultKind::WrongHours).
    async fn rent(&self, cx: &Cx, order: &Order) -> Result<Bought, Fault> {
        let _ = (cx, order);
        Err(Fault::unsupported(Capability::Rent))
    }

    /// Every rent of the account that lives, whoever bought it; as [`Provider::held`](super::Provider::held).
    async fn held(&self, cx: &Cx) -> Result<Vec<Held>, Fault> {
        let _ = cx;
        Err(Fault::unsupported(Capability::RentHoldings))
    }

    /// What is to be done for a fresh rent once it is written down: nothing that can fail.
    async fn begin(&self, cx: &Cx, rent: &Activation) {
        let _ = (cx, rent);
    }

    /// What there is to know of a rent: all its messages, oldest first, where there are any.
    async fn messages(&self, cx: &Cx, rent: &Activation) -> Result<Progress, Fault> {
        let _ = (cx, rent);
        Err(Fault::unsupported(Capability::Rent))
    }

    /// Ends a rent. `Ok` means that the upstream agreed, or that it has no notion of this and nothing needs to
    /// be told. What cannot be cancelled is [`BadStatus`](super::FaultKind::BadStatus).
    async fn end(&self, cx: &Cx, rent: &Activation, ending: Ending) -> Result<(), Fault> {
        let _ = (cx, rent, ending);
        Err(Fault::unsupported(Capability::Rent))
    }

    /// What so many hours more would cost.
    async fn price_of_more(&self, cx: &Cx, rent: &Activation, hours: u32) -> Result<Money, Fault> {
        let _ = (cx, rent, hours);
        Err(Fault::unsupported(Capability::RentContinue))
    }

    /// Buys so many hours more: `Bought::expires_at` is the new end. An id that is not the rent's own makes
    /// another rent of it. The fault's effect says whether they may have been bought after all.
    async fn prolong(&self, cx: &Cx, rent: &Activation, hours: u32) -> Result<Bought, Fault> {
        let _ = (cx, rent, hours);
        Err(Fault::unsupported(Capability::RentContinue))
    }
}

/// Of an upstream that rents nothing.
#[derive(Debug)]
pub struct NoRentals;

impl Rentals for NoRentals {}
