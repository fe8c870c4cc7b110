//! Stateful stand-ins of upstreams over one simulated market: for tests, for those who rehearse, and
//! for measuring. Written from the providers' documents; knows no adapter.
//!
//! [`Market`] is of use without any server. [`start`] runs a server that behaves as one of the
//! upstreams in [`STAND_INS`] does; whatever it is asked that the upstream's document does not allow it
//! refuses as documented *and* keeps in [`Running::violations`].

mod admin;
mod book;
mod call;
mod extra;
mod faults;
mod journal;
mod lot;
mod market;
mod post;
mod registry;
mod seed;
mod server;
mod sms_activate;
mod sms_man;
mod sms_man_v2;
mod sms_service_online;
mod smsak;
mod stock;
mod tenancy;
#[cfg(test)]
mod testing;
mod vak_sms;
mod want;

pub use faults::{FaultPlan, Mishap};
pub use lot::{Lot, LotState, Message};
pub use market::{Market, Naming, Settings, Totals};
pub use post::{MailShelf, Mailbox, SoldProduct};
pub use registry::{Calls, MockError, Quirk, STAND_INS, Setup, StandIn, stand_in, start};
pub use seed::hex32;
pub use server::Running;
pub use stock::{Place, Quote};
pub use want::{BuyError, Scope, Special, StepError, Want};
