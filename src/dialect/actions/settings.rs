//! `setMaxPrice`, `updateApiCurrency` and `getQiwiRequisites`: settings of an account, and how to pay into it.
//! Refused everywhere. A cap comes with each order here, and the currency is the configuration's: to agree to
//! either and keep neither would cost money. What is paid into, the provider's own page says.
//!
//! Source: `WIRE.md` section 4 (SMSHub's two); `api/sms-activate.txt`, "API JAVA"; the word is every action's
//! documented one for what cannot be done.

use std::sync::Arc;

use crate::dialect::action::{Answering, answering};
use crate::dialect::code::{Refusal, Word};
use crate::dialect::{Action, Params};
use crate::engine::{Caller, Engine};

/// A price cap for all orders of a service.
pub static SET_MAX_PRICE: Action = refused("setMaxPrice", |engine, caller, params| {
    refuse(engine, caller, params, "no cap is kept here; send maxPrice with each order")
});

/// The currency of amounts.
pub static UPDATE_API_CURRENCY: Action = refused("updateApiCurrency", |engine, caller, params| {
    refuse(engine, caller, params, "the currency is set by [dialect] currency in the configuration")
});

/// Where to pay into the account.
pub static GET_QIWI_REQUISITES: Action = refused("getQiwiRequisites", |engine, caller, params| {
    refuse(engine, caller, params, "the account is at the provider; pay there")
});

const fn refused(name: &'static str, answer: fn(Arc<Engine>, Caller, Params) -> Answering) -> Action {
    Action { name, paths: &[], refusal: Word::BadAction, answer }
}

fn refuse(_: Arc<Engine>, _: Caller, _: Params, why: &'static str) -> Answering {
    answering(async move { Err(Refusal::new(Word::BadAction, why)) })
}
