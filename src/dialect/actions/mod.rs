//! One file an action: what it needs, what its parameters mean, what it asks of the engine, how it is
//! written. None knows another, nor a provider.

pub mod active_activations;
pub mod balance;
pub mod countries;
pub mod full_sms;
pub mod history;
pub mod more_numbers;
pub mod number;
pub mod number_v2;
pub mod numbers_status;
pub mod operators;
pub mod prices;
pub mod rent_end;
pub mod rent_list;
pub mod rent_more;
pub mod rent_number;
pub mod rent_offers;
pub mod rent_prices;
pub mod rent_status;
pub mod services_list;
pub mod set_status;
pub mod status;
pub mod status_v2;
pub mod top_countries;
