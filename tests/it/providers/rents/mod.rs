//! What every kind that rents keeps to, at the level of `Provider::rentals`: on each of its stand-ins, with each of
//! their quirks. A kind that declares `Rent` is held to it without a line here.

mod ends;
mod faults;
mod flat;
mod lacking;
mod messages;
mod more;
mod smsak;
mod terms;
mod wire;

pub use flat::{TERMS, as_rent, order_of, rent_somehow};
