//! One test binary over the running server: requests go in as bytes and come out as bytes, upstreams are
//! strict stand-ins, and time moves only when a test moves it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests say what went wrong by failing")]

mod access;
mod actions;
mod admin;
mod afterwards;
mod circles;
mod currencies;
mod doubts;
mod faults;
mod flavours;
mod garbage;
mod gates;
mod harness;
mod https;
mod matrix;
mod pace;
mod polling;
mod presets;
mod process;
mod providers;
mod relay;
mod rents;
mod smoke;
mod spending;
mod strangers;
mod unmet;
mod unsaved;
mod unused;
mod webhooks;
mod wire;
mod written_lists;
