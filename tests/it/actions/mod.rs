//! One file an action: requests and the bytes they must be answered with, by `api/sms-activate.txt` and
//! `WIRE.md` sections 1, 3 and 4, over every kind of provider where the kinds could differ.

mod active_activations;
mod additional_service;
mod all_sms;
mod balance;
mod bare_lists;
mod calls;
mod countries;
mod endings;
mod extra_activation;
mod full_sms;
mod history;
mod mail;
mod multi_service;
mod number;
mod number_operators;
mod number_price;
mod number_refusals;
mod number_v2;
mod numbers_status;
mod operators;
mod partner_product;
mod phone_exception;
mod phone_exception_emulated;
mod price_forms;
mod prices;
mod prices_verification;
mod rent_elsewhere;
mod rent_end;
mod rent_list;
mod rent_more;
mod rent_number;
mod rent_offers;
mod rent_prices;
mod rent_status;
mod services_list;
mod set_status;
mod set_status_money;
mod settings;
mod status;
mod status_end;
mod status_v2;
mod tables;
mod top_countries;
mod top_countries_list;

use rust_decimal::Decimal;
use smsbridge::mock::{Lot, Running, Settings};

use crate::harness::{Bridge, World};

/// The time at which the clock stands, as the dialect writes it and as a Unix time.
const START: &str = "2026-01-01 00:00:00";
const START_SECONDS: i64 = 1_767_225_600;

/// What getActiveActivations answers when there is none.
const NO_ACTIVATIONS: &str = r#"{"status":"error","error":"NO_ACTIVATIONS"}"#;

/// Asks, and makes sure of what holds for every answer: status 200 and no byte around the words.
async fn say(bridge: &Bridge, query: &str) -> String {
    let response = bridge.get(query).await;
    assert_eq!(response.status, 200, "{query}");
    assert_eq!(response.body.trim(), response.body, "{query}");
    assert_eq!(response.bytes, response.body.as_bytes(), "{query}");
    response.body
}

/// Asks for what has to be refused with this word and a reason.
async fn refuse(bridge: &Bridge, query: &str, word: &str) {
    let response = bridge.get(query).await;
    assert_eq!((response.status, response.body.as_str()), (200, word), "{query}");
    assert!(response.header("x-smsbridge-detail").is_some(), "{query}: {word} without a reason");
}

/// Asks one question after another.
async fn golden(bridge: &Bridge, cases: &[(&str, &str)]) {
    for (query, expected) in cases {
        assert_eq!(say(bridge, query).await, *expected, "{query}");
    }
}

/// The balance as an amount.
async fn balance(bridge: &Bridge) -> Decimal {
    let answer = say(bridge, "action=getBalance").await;
    answer.strip_prefix("ACCESS_BALANCE:").unwrap_or_else(|| panic!("{answer}")).parse().unwrap()
}

/// A service's price in a country, by getPrices.
async fn price(bridge: &Bridge, service: &str, country: u16) -> Decimal {
    let prices = bridge.json(&format!("action=getPrices&service={service}&country={country}")).await;
    prices[country.to_string()][service]["cost"].to_string().parse().unwrap()
}

/// What the rent section answers instead of what was asked for.
fn rent_error(word: &str) -> String {
    format!(r#"{{"status":"error","message":"{word}"}}"#)
}

/// Rents a number; its id, its end and its digits.
async fn rent(bridge: &Bridge, query: &str) -> (String, String, String) {
    let answer = say(bridge, &format!("action=getRentNumber&{query}")).await;
    let json: serde_json::Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(json["status"], "success", "{query}: {answer}");
    let phone = &json["phone"];
    let text = |field: &str| phone[field].as_str().unwrap().to_owned();
    (phone["id"].as_i64().unwrap().to_string(), text("endDate"), text("number"))
}

/// `getRentStatus`.
async fn rent_status(bridge: &Bridge, id: &str) -> String {
    say(bridge, &format!("action=getRentStatus&id={id}")).await
}

/// What a service's rent costs, by getRentServicesAndCountries.
async fn rent_cost(bridge: &Bridge, service: &str, hours: u32) -> Decimal {
    let offers = bridge.json(&format!("action=getRentServicesAndCountries&rent_time={hours}")).await;
    offers["services"][service]["cost"].to_string().parse().unwrap()
}

/// The stand-in of a world that has one.
fn upstream(world: &World) -> &Running {
    world.upstream.as_ref().unwrap()
}

/// The number that was sold last, as the upstream sees it.
fn last_lot(world: &World) -> Lot {
    upstream(world).market().lots().pop().unwrap()
}

/// Enough money for a long table, messages after five seconds, and cancelling at once.
fn rich() -> Settings {
    Settings {
        balance: Decimal::from(1_000_000),
        early_cancel: Some(std::time::Duration::ZERO),
        ..Settings::default()
    }
}
