//! Stateful stand-ins of upstreams over one simulated market.

mod book;
mod lot;
mod market;
mod seed;
mod stock;
mod want;

pub use lot::{Lot, LotState, Message};
pub use market::{Market, Naming, Settings, Totals};
pub use seed::hex32;
pub use stock::{Place, Quote};
pub use want::{BuyError, Scope, Special, StepError, Want};
