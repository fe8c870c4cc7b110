//! The contract that every kind of provider keeps, through the wire of the dialect. It runs over the list
//! of kinds itself, so a new one is held to it without a line here.

mod capabilities;
mod caps;
mod codes;
mod compatible;
mod endings;
mod forwarding;
mod money;
mod ordering;
mod other_orders;
mod records;
mod rents;
mod sms_man;
mod sms_service_online;
mod smsak;
mod stage;
mod traps;

pub use rents::{TERMS, as_rent, order_of};
pub use stage::{Cast, casts, easy};
