//! sms-activate's wire: which actions there are, what a request says, how an answer is written. Knows
//! no provider.
//!
//! Adding an action is a file in `actions/` and a line in [`ACTIONS`].

mod action;
pub mod actions;
mod at_once;
pub mod code;
pub mod matrix;
mod outcomes;
pub mod params;
pub mod rent;
pub mod reply;
pub mod shape;

use std::sync::Arc;

pub use action::{Action, How, Path, Support};
pub use at_once::answer_at_once;
pub use outcomes::outcomes;
pub use params::Params;
pub use reply::Reply;
pub use shape::Shape;

use crate::engine::{Caller, Engine};
use code::{Refusal, Word};

/// Every action this server knows: one line each.
pub static ACTIONS: &[&Action] = &[
    &actions::balance::GET_BALANCE,
    &actions::balance::GET_BALANCE_AND_CASH_BACK,
    &actions::balance::GET_BALANCE_AND_CASH_BACK_V2,
    &actions::numbers_status::ACTION,
    &actions::numbers_status_priced::ACTION,
    &actions::hub_prices::ACTION,
    &actions::prices::ACTION,
    &actions::prices_v2::ACTION,
    &actions::prices_v3::ACTION,
    &actions::prices_extended::ACTION,
    &actions::prices_verification::ACTION,
    &actions::countries::ACTION,
    &actions::services_list::ACTION,
    &actions::services_plain::ACTION,
    &actions::services_and_cost::ACTION,
    &actions::operators::ACTION,
    &actions::country_and_operators::ACTION,
    &actions::top_countries::ACTION,
    &actions::top_countries::RANK,
    &actions::top_countries_list::ACTION,
    &actions::number::GET_NUMBER,
    &actions::number_v2::ACTION,
    &actions::set_status::ACTION,
    &actions::endings::FINISH,
    &actions::endings::CANCEL,
    &actions::status::ACTION,
    &actions::status_v2::ACTION,
    &actions::full_sms::ACTION,
    &actions::all_sms::ACTION,
    &actions::active_activations::ACTION,
    &actions::active_list::ACTION,
    &actions::current_activations::CURRENT,
    &actions::current_activations::DATA_TABLES,
    &actions::history::ACTION,
    &actions::history::GET_ACTIVATION_HISTORY,
    &actions::incoming_call::ACTION,
    &actions::call_task::ACTION,
    &actions::outgoing_calls::ACTION,
    &actions::parse_call::ACTION,
    &actions::settings::SET_MAX_PRICE,
    &actions::settings::UPDATE_API_CURRENCY,
    &actions::settings::GET_QIWI_REQUISITES,
    &actions::multi_service::ACTION,
    &actions::extra_activation::GET_EXTRA_ACTIVATION,
    &actions::extra_activation::CHECK_EXTRA_ACTIVATION,
    &actions::extra_activation::REACTIVATE,
    &actions::extra_activation::REACTIVATION_PRICE,
    &actions::additional_service::ACTION,
    &actions::rent_offers::ACTION,
    &actions::rent_number::ACTION,
    &actions::rent_status::ACTION,
    &actions::rent_end::ACTION,
    &actions::rent_list::ACTION,
    &actions::rent_more::CONTINUE_RENT_NUMBER,
    &actions::rent_more::GET_CONTINUE_RENT_PRICE_NUMBER,
    &actions::rent_more::CONTINUE_RENT_INFO,
    &actions::rent_prices::GET_RENT_PRICES,
    &actions::rent_prices::SERVICE_COUNT_RENT,
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

/// Answers an authenticated request, in the shape that is wanted.
pub async fn answer(engine: &Arc<Engine>, caller: &Caller, params: Params) -> Reply {
    let shape = params.shape();
    let known = params.get("action").and_then(action);
    let reply = match known {
        Some(action) => match shape.demand(action.name, &params) {
            Ok(()) => (action.answer)(Arc::clone(engine), caller.clone(), params).await,
            Err(refusal) => refusal.into(),
        },
        // Boxed, so that no other action carries its place along.
        None => Box::pin(unknown(engine, caller, &params)).await,
    };
    let reply = Reply { detail: reply.detail.or_else(|| caller.meter.remarked()), ..reply };
    shape.finish(known.map_or("", |action| action.name), reply)
}

/// Answers a request that is turned away before anybody looks at its action, in the shape that is wanted.
pub fn turned_away(params: &Params, refusal: Refusal) -> Reply {
    params.shape().finish("", refusal.into())
}

/// Answers a request that could be carried out, but is not, since there is too much to do. The word is the one for a
/// failure of the server, in the section's form: there is none for this alone, and after this one software tries
/// again.
pub fn too_much(params: &Params, detail: &str) -> Reply {
    let name = params.get("action").unwrap_or_default();
    let refusal = Refusal::new(Word::ErrorSql, detail);
    let refusal = match rent::Part::of(name) {
        Some(part) => part.reword(refusal),
        None => refusal,
    };
    params.shape().finish(name, refusal.into())
}

async fn unknown(engine: &Arc<Engine>, caller: &Caller, params: &Params) -> Reply {
    let Some(name) = params.get("action") else {
        return Refusal::new(Word::BadAction, "the parameter action is missing").into();
    };
    // Passed on, it would be carried out by who reads capitals as small letters, and nobody here would know of what
    // was bought.
    if let Some(meant) = ACTIONS.iter().find(|action| action.name.eq_ignore_ascii_case(name)) {
        return Refusal::new(Word::BadAction, format!("this action is written {}", meant.name)).into();
    }
    if engine.can_relay() {
        return relay(engine, caller, params).await;
    }
    Refusal::new(Word::BadAction, "this action is not known here").into()
}

/// Whether a parameter of an action that nobody here knows may name an activation or a number in a way that cannot be
/// checked: PHP takes `id[]` for `id`, and others are not particular about capitals.
fn may_name_anothers(name: &str) -> bool {
    let small = name.to_ascii_lowercase();
    let telling = ["id", "phone", "number"].iter().any(|part| small.contains(part));
    telling && !["id", "activationId"].contains(&name)
}

/// An action that only the upstream knows. What it is about is known only by its id, and checked against that; one
/// without may be about the whole account, and is not for one of several clients.
async fn relay(engine: &Arc<Engine>, caller: &Caller, params: &Params) -> Reply {
    let has_id = params.get_any(&["id", "activationId"]).is_some();
    if caller.shares_account && params.names().any(may_name_anothers) {
        let detail = "a parameter may name what another client of the account has";
        return Refusal::new(Word::BadAction, detail).into();
    }
    if caller.shares_account && !has_id {
        let detail = "this action concerns the whole account, which several clients share";
        return Refusal::new(Word::BadAction, detail).into();
    }
    match engine.relay(caller, params.without_key()).await {
        Ok(relayed) => Reply::verbatim(relayed.body),
        Err(fault) => Refusal::from(fault).into(),
    }
}
