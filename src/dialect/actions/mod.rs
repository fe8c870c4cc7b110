//! One file an action: what it needs, what its parameters mean, what it asks of the engine, how it is
//! written. None knows another, nor a provider.

pub mod active_activations;
pub mod balance;
pub mod countries;
pub mod full_sms;
pub mod history;
mod mail;
pub mod mail_check;
pub mod mail_domains;
pub mod mail_history;
pub mod mail_orders;
pub mod more_numbers;
pub mod number;
pub mod number_v2;
pub mod numbers_status;
pub mod operators;
pub mod partner_product;
pub mod prices;
pub mod services_list;
pub mod set_status;
pub mod status;
pub mod status_v2;
pub mod top_countries;
