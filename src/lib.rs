//! smsbridge answers in sms-activate's dialect and does the work at another provider.

pub mod catalog;
pub mod cli;
pub mod clock;
pub mod config;
pub mod dialect;
pub mod domain;
pub mod engine;
pub mod ledger;
pub mod mock;
pub mod provider;
