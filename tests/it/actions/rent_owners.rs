//! What one client rented is nobody else's: another client's rent is `INVALID_PHONE` everywhere, and does not show
//! in lists.

use super::{DIALECT_PATH, rent_error};
use crate::harness::{Bridge, World, get};

const SHOP: &str = "0123456789abcdef0123456789abcdef";
const RIVAL: &str = "fedcba9876543210fedcba9876543210";

const CLIENTS: &str = "\n[clients]\nmode = \"listed\"\n[clients.key.shop]\napi_key = \"0123456789abcdef0123456789abcdef\"\n[clients.key.rival]\napi_key = \"fedcba9876543210fedcba9876543210\"\n";

async fn ask(bridge: &Bridge, key: &str, query: &str) -> String {
    let response = get(bridge.addr, &format!("{DIALECT_PATH}?api_key={key}&{query}"), &[]).await;
    assert_eq!(response.status, 200, "{query}");
    response.body
}

#[tokio::test]
async fn a_foreign_rent_does_not_exist() {
    let world = World::with("sandbox", &[], CLIENTS).await;
    let bridge = &world.bridge;
    let rented = ask(bridge, SHOP, "action=getRentNumber&service=zz").await;
    let rented: serde_json::Value = serde_json::from_str(&rented).unwrap();
    let id = rented["phone"]["id"].to_string();
    for query in [
        "getRentStatus",
        "setRentStatus&status=1",
        "setRentStatus&status=2",
        "continueRentNumber&rent_time=4",
        "getContinueRentPriceNumber&rent_time=4",
        "continueRentInfo&hours=4",
    ] {
        let query = format!("action={query}&id={id}");
        assert_eq!(ask(bridge, RIVAL, &query).await, rent_error("INVALID_PHONE"), "{query}");
    }
    assert_eq!(ask(bridge, RIVAL, "action=getRentList").await, rent_error("NO_NUMBERS"));
    assert!(ask(bridge, SHOP, "action=getRentList").await.contains(&id));
    let status = ask(bridge, SHOP, &format!("action=getRentStatus&id={id}")).await;
    assert_eq!(status, rent_error("STATUS_WAIT_CODE"));
    world.end().await;
}

#[tokio::test]
async fn a_wrong_key_is_a_bare_word_at_every_action() {
    let world = World::with("sandbox", &[], CLIENTS).await;
    for action in [
        "getRentServicesAndCountries",
        "getRentNumber",
        "getRentStatus",
        "setRentStatus",
        "getRentList",
        "continueRentNumber",
        "getContinueRentPriceNumber",
        "continueRentInfo",
        "getRentPrices",
        "serviceCountRent",
    ] {
        assert_eq!(ask(&world.bridge, "wrong", &format!("action={action}")).await, "BAD_KEY", "{action}");
    }
    world.end().await;
}
