//! How often a key may ask, and what comes of many wrong ones.

use smsbridge::server::{DIALECT_PATH, Turned};

use super::BALANCE;
use crate::harness::{Bridge, Response, get};

const CLIENTS: &str = "[clients]\nmode = \"listed\"\n[clients.key.shop]\napi_key = \"shop-key\"\n[clients.key.rival]\napi_key = \"rival-key\"\n";

async fn ask(bridge: &Bridge, key: &str, query: &str) -> Response {
    let response = get(bridge.addr, &format!("{DIALECT_PATH}?api_key={key}&{query}"), &[]).await;
    assert_eq!(response.status, 200);
    response
}

async fn balance(bridge: &Bridge, key: &str) -> String {
    ask(bridge, key, "action=getBalance").await.body
}

#[tokio::test]
async fn a_key_that_asks_too_often_is_told_so_by_a_word() {
    let limits = format!("{CLIENTS}[limits]\nrequests_per_second = 2\nrequests_burst = 3\n");
    let bridge = Bridge::start(&limits).await;
    for _ in 0..3 {
        assert_eq!(balance(&bridge, "shop-key").await, BALANCE);
    }
    for (action, word) in [
        ("getBalance", "ERROR_SQL"),
        ("getNumber&service=tg", "ERROR_SQL"),
        ("getRentNumber&service=tg", r#"{"status":"error","message":"SQL_ERROR"}"#),
        ("continueRentNumber&id=1", r#"{"status":"error","message":"SERVER_ERROR"}"#),
    ] {
        let answer = ask(&bridge, "shop-key", &format!("action={action}")).await;
        assert_eq!(answer.body, word);
        assert!(answer.header("x-smsbridge-detail").unwrap().contains("[limits] requests_per_second"));
    }
    assert_eq!(bridge.turned_away(Turned::TooFast), 4);
    assert_eq!(balance(&bridge, "rival-key").await, BALANCE, "another one's pace is its own");
    assert_eq!(balance(&bridge, "wrong").await, "BAD_KEY");
    bridge.advance(1);
    assert_eq!(ask(&bridge, "shop-key", "action=getHistory").await.body, "[]", "nothing was bought");
    assert_eq!(balance(&bridge, "shop-key").await, BALANCE);
    assert_eq!(balance(&bridge, "shop-key").await, "ERROR_SQL");
    bridge.stop().await;
}

#[tokio::test]
async fn after_many_wrong_keys_no_guess_is_told_from_another() {
    let bridge = Bridge::start(&format!("{CLIENTS}[limits]\nwrong_keys_per_minute = 3\n")).await;
    assert_eq!(balance(&bridge, "shop-key").await, BALANCE);
    // Software with an old key goes on asking; that is no guessing.
    for guess in ["old-key", "old-key", "old-key", "guess-1", "guess-2"] {
        assert_eq!(balance(&bridge, guess).await, "BAD_KEY");
    }
    let no_guess = ask(&bridge, "guess", "action=getBalance").await;
    assert_eq!(no_guess.body, "ERROR_SQL");
    assert!(no_guess.header("x-smsbridge-detail").unwrap().contains("wrong_keys_per_minute"));
    let right_guess = ask(&bridge, "rival-key", "action=getBalance").await;
    let no_key = ask(&bridge, "", "action=getBalance").await;
    for other in [right_guess, no_key] {
        assert_eq!(
            (&other.body, other.header("x-smsbridge-detail")),
            (&no_guess.body, no_guess.header("x-smsbridge-detail"))
        );
    }
    assert_eq!(bridge.turned_away(Turned::WrongKeys), 3);
    assert_eq!(
        balance(&bridge, "shop-key").await,
        BALANCE,
        "who was here before is not kept out by a neighbour"
    );
    bridge.advance(60);
    assert_eq!(balance(&bridge, "rival-key").await, BALANCE);
    bridge.stop().await;
}

/// A key that is passed through is right or wrong at the provider only.
#[tokio::test]
async fn keys_are_not_tried_at_a_provider_without_end() {
    use crate::harness::World;
    let lines = "\n[clients]\nmode = \"passthrough\"\n[limits]\nwrong_keys_per_minute = 3\n";
    let world = World::with("vak-sms", &[], lines).await;
    let upstream = world.upstream.as_ref().unwrap();
    for guess in 0..20 {
        // A list that needs no provider does not make a key a good one.
        ask(&world.bridge, &format!("guess-{guess}"), "action=getCountries").await;
        balance(&world.bridge, &format!("guess-{guess}")).await;
    }
    assert_eq!(upstream.calls("getBalance"), 3);
    assert_eq!(balance(&world.bridge, "mock-key").await, "ERROR_SQL");
    world.bridge.advance(60);
    assert!(balance(&world.bridge, "mock-key").await.starts_with("ACCESS_BALANCE:"));
    world.bridge.stop().await;
}
