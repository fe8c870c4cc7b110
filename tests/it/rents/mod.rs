//! What happens to rents when things go wrong: upstreams that fail or are slow, clients that go away, time that runs
//! out. The landlord is inside the test, so that every call is seen.

mod ends;
mod landlord;
mod money;
mod polls;
mod words;

use landlord::{House, cost};

const DONE: &str = r#"{"status":"success"}"#;

/// What the rent section answers instead of what was asked for.
fn error(word: &str) -> String {
    format!(r#"{{"status":"error","message":"{word}"}}"#)
}

/// Rents a number for four hours; its id.
async fn rent(house: &House) -> String {
    let rented = house.bridge.json("action=getRentNumber&service=tg").await;
    assert_eq!(rented["status"], "success", "{rented}");
    rented["phone"]["id"].to_string()
}

async fn status(house: &House, id: &str) -> String {
    house.bridge.ask(&format!("action=getRentStatus&id={id}")).await
}

async fn set(house: &House, id: &str, status: u8) -> String {
    house.bridge.ask(&format!("action=setRentStatus&id={id}&status={status}")).await
}

async fn more(house: &House, id: &str) -> String {
    house.bridge.ask(&format!("action=continueRentNumber&id={id}&rent_time=4")).await
}
