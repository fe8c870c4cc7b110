//! Rents: numbers that are a client's for hours. Ordered and given more time by the same purchases as
//! activations, kept in the same ledger and the same memory; read and ended in ways of their own. Knows no tariff
//! and no word of the wire.

mod end;
mod lapse;
mod list;
mod more;
mod offers;
mod order;
mod status;

pub use end::Ended;
