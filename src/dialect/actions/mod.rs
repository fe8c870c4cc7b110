//! One file an action: what it needs, what its parameters mean, what it asks of the engine, how it is
//! written. None knows another, nor a provider.

pub mod active_activations;
pub mod active_list;
pub mod all_sms;
pub mod balance;
pub mod call_task;
pub mod countries;
pub mod country_and_operators;
pub mod current_activations;
pub mod endings;
pub mod full_sms;
pub mod history;
pub mod hub_prices;
pub mod incoming_call;
pub mod more_numbers;
pub mod number;
pub mod number_v2;
pub mod numbers_status;
pub mod numbers_status_priced;
pub mod operators;
pub mod outgoing_calls;
pub mod parse_call;
mod price_lists;
pub mod prices;
pub mod prices_extended;
pub mod prices_v2;
pub mod prices_v3;
pub mod prices_verification;
pub mod services_and_cost;
pub mod services_list;
pub mod services_plain;
pub mod set_status;
pub mod settings;
pub mod status;
pub mod status_v2;
pub mod top_countries;
pub mod top_countries_list;
