//! sms-activate's wire: which actions there are, what a request says, how an answer is written. Knows
//! no provider.
//!
//! Adding an action is a file in `actions/` and a line in [`ACTIONS`].

mod action;
pub mod actions;
pub mod code;
pub mod matrix;
pub mod params;
pub mod reply;

use std::sync::Arc;

pub use action::{Action, How, Path, Support};
pub use params::Params;
pub use reply::Reply;

use crate::engine::{Caller, Engine};
use code::{Refusal, Word};

/// Every action this server knows: one line each.
pub static ACTIONS: &[&Action] = &[
    &actions::balance::GET_BALANCE,
    &actions::balance::GET_BALANCE_AND_CASH_BACK,
    &actions::numbers_status::ACTION,
    &actions::prices::ACTION,
    &actions::countries::ACTION,
    &actions::services_list::ACTION,
    &actions::operators::ACTION,
    &actions::top_countries::ACTION,
    &actions::number::GET_NUMBER,
    &actions::number_v2::ACTION,
    &actions::set_status::ACTION,
    &actions::status::ACTION,
    &actions::status_v2::ACTION,
    &actions::full_sms::ACTION,
    &actions::active_activations::ACTION,
    &actions::history::ACTION,
    &actions::more_numbers::GET_MULTI_SERVICE_NUMBER,
    &actions::more_numbers::GET_EXTRA_ACTIVATION,
    &actions::more_numbers::GET_ADDITIONAL_SERVICE,
    &actions::mail_domains::ACTION,
    &actions::mail_orders::BUY,
    &actions::mail_orders::REORDER,
    &actions::mail_history::ACTION,
    &actions::mail_check::CANCEL,
    &actions::mail_check::CHECK,
    &actions::partner_product::ACTION,
];

/// The action called `name`.
pub fn action(name: &str) -> Option<&'static Action> {
    ACTIONS.iter().copied().find(|action| action.name == name)
}

/// Answers an authenticated request.
pub async fn answer(engine: &Arc<Engine>, caller: &Caller, params: Params) -> Reply {
    let Some(name) = params.get("action") else {
        return Refusal::new(Word::BadAction, "the parameter action is missing").into();
    };
    match action(name) {
        Some(action) => (action.answer)(Arc::clone(engine), caller.clone(), params).await,
        None if engine.can_relay() => relay(engine, caller, &params).await,
        None => Refusal::new(Word::BadAction, "this action is not known here").into(),
    }
}

/// Actions that are about nobody in particular, so that any client of an account may ask them.
const ABOUT_NOBODY: [&str; 9] = [
    "getListOfTopCountriesByService",
    "getTopCountriesByServiceRank",
    "getPricesV2",
    "getPricesV3",
    "getPricesExtended",
    "getPricesVerification",
    "getRentServicesAndCountries",
    "getNumbersStatusAndCostHubFree",
    "getServices",
];

/// An action that only the upstream knows. What belongs to a whole account (its rents, its messages) is
/// not for one of several clients; what has an id is checked against that.
async fn relay(engine: &Arc<Engine>, caller: &Caller, params: &Params) -> Reply {
    let action = params.get("action").unwrap_or_default();
    let has_id = params.get_any(&["id", "activationId"]).is_some();
    if caller.shares_account && !has_id && !ABOUT_NOBODY.contains(&action) {
        let detail = "this action concerns the whole account, which several clients share";
        return Refusal::new(Word::BadAction, detail).into();
    }
    match engine.relay(caller, params.without_key()).await {
        Ok(relayed) => Reply::verbatim(relayed.body),
        Err(fault) => Refusal::from(fault).into(),
    }
}
