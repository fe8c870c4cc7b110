//! Keys: each client by its own, kept as they are or as hashes, and a wrong one is answered alike whatever is wrong
//! with it.

use smsbridge::dialect::ACTIONS;

use super::{LISTED, NOBODY, RIVAL, SHOP, ask, seen};
use crate::harness::{Bridge, World};

#[tokio::test]
async fn everybody_sees_their_own() {
    let world = World::with("sandbox", &[], LISTED).await;
    let bridge = &world.bridge;
    for key in [SHOP, RIVAL, SHOP] {
        let answer = ask(bridge, key, "action=getNumber&service=tg").await.body;
        assert!(answer.starts_with("ACCESS_NUMBER:"), "{answer}");
    }
    for (key, many) in [(SHOP, 2), (RIVAL, 1)] {
        let json = |text: String| serde_json::from_str::<serde_json::Value>(&text).unwrap();
        let active = json(ask(bridge, key, "action=getActiveActivations").await.body);
        let history = json(ask(bridge, key, "action=getHistory").await.body);
        assert_eq!(active["activeActivations"].as_array().unwrap().len(), many);
        assert_eq!(history.as_array().unwrap().len(), many);
    }
    world.end().await;
}

#[tokio::test]
async fn where_any_key_will_do_all_keys_are_one_client() {
    let world = World::of("sandbox").await;
    let (id, _) = world.bridge.order("service=tg").await;
    let status = ask(&world.bridge, "another", &format!("action=getStatus&id={id}")).await.body;
    assert_eq!(status, "STATUS_WAIT_CODE");
    world.end().await;
}

/// A bare word at every action (`WIRE.md` section 1, item 10), and the same to the byte however near the key is.
#[tokio::test]
async fn a_wrong_key_is_a_wrong_key() {
    let lines = format!("{LISTED}[limits]\nwrong_keys_per_minute = 0\n");
    let world = World::with("sandbox", &[], &lines).await;
    let near =
        [&SHOP[..31], &SHOP.to_uppercase(), &format!("{SHOP}0"), &format!("1{}", &SHOP[1..]), "shop", "*"];
    let expected = ask(&world.bridge, "wrong", "action=getBalance").await;
    assert_eq!(expected.body, "BAD_KEY");
    for key in near {
        let answer = ask(&world.bridge, key, "action=getBalance").await;
        assert_eq!(seen(&answer, key), seen(&expected, "wrong"), "{key}");
    }
    for action in ACTIONS {
        let answer = ask(&world.bridge, "wrong", &format!("action={}&id=1", action.name)).await;
        assert_eq!(seen(&answer, "wrong"), seen(&expected, "wrong"), "{}", action.name);
    }
    world.end().await;
}

#[tokio::test]
async fn a_key_may_be_kept_as_its_hash() {
    let sha256 = "36c3fb4d8ce3ae92b7b8d8e6b29a40c37f4b9f0dfb49c93a0b7c9f83a8bbd1d5";
    let own = smsbridge::domain::KeyDigest::of(&smsbridge::domain::Secret::new(SHOP)).hex();
    let clients = format!(
        "[clients]\nmode = \"listed\"\n[clients.key.shop]\napi_key_sha256 = \"{}\"\n[clients.key.rival]\napi_key_sha256 = \"{sha256}\"\n",
        own.to_uppercase()
    );
    let bridge = Bridge::start(&clients).await;
    assert!(ask(&bridge, SHOP, "action=getBalance").await.body.starts_with("ACCESS_BALANCE:"));
    // The hash is no key.
    for key in [own.as_str(), sha256, NOBODY] {
        assert_eq!(ask(&bridge, key, "action=getBalance").await.body, "BAD_KEY", "{key}");
    }
    bridge.stop().await;
}
