//! What one client bought is nobody else's: another client's id is `NO_ACTIVATION` everywhere, and does
//! not show in lists.

use super::{DIALECT_PATH, NO_ACTIVATIONS, balance, rich};
use crate::harness::{Bridge, KINDS, World, get};

const SHOP: &str = "0123456789abcdef0123456789abcdef";
const RIVAL: &str = "fedcba9876543210fedcba9876543210";

const CLIENTS: &str = "\n[clients]\nmode = \"listed\"\n[clients.key.shop]\napi_key = \"0123456789abcdef0123456789abcdef\"\n[clients.key.rival]\napi_key = \"fedcba9876543210fedcba9876543210\"\n";

async fn ask(bridge: &Bridge, key: &str, query: &str) -> String {
    let response = get(bridge.addr, &format!("{DIALECT_PATH}?api_key={key}&{query}"), &[]).await;
    assert_eq!(response.status, 200, "{query}");
    response.body
}

#[tokio::test]
async fn a_foreign_activation_does_not_exist() {
    for kind in KINDS {
        let world = World::market(kind, &[], CLIENTS, rich()).await;
        let bridge = &world.bridge;
        let bought = ask(bridge, SHOP, "action=getNumber&service=tg&country=0").await;
        let id = bought.split(':').nth(1).unwrap();
        let foreign = |action: &str| format!("action={action}&id={id}");
        let mut queries: Vec<_> =
            ["getStatus", "getStatusV2", "getFullSms", "getAllSms", "finishActivation", "cancelActivation"]
                .map(foreign)
                .into();
        queries.extend(
            ["1", "3", "6", "8", "-1"].map(|status| format!("action=setStatus&id={id}&status={status}")),
        );
        for query in &queries {
            assert_eq!(ask(bridge, RIVAL, query).await, "NO_ACTIVATION", "{kind} {query}");
        }
        assert_eq!(ask(bridge, RIVAL, "action=getActiveActivations").await, NO_ACTIVATIONS, "{kind}");
        assert_eq!(ask(bridge, RIVAL, "action=getHistory").await, "[]", "{kind}");
        for (action, word) in [
            ("getIncomingCallStatus", "INVALID_ACTIVATION_ID"),
            ("createTaskForCall&phone=78006007664", "WRONG_ACTIVATION_ID"),
            ("parseCall", "WRONG_ACTIVATION_ID"),
            ("getOutgoingCalls", "{}"),
        ] {
            let answer = ask(bridge, RIVAL, &format!("action={action}&activationId={id}")).await;
            assert_eq!(answer, word, "{kind} {action}");
        }
        for action in ["getListOfActiveActivations", "getCurrentActivations", "getActivationHistory"] {
            assert!(!ask(bridge, RIVAL, &format!("action={action}")).await.contains(id), "{kind} {action}");
        }
        // An action that is only passed on must not reach it either.
        let relayed = ask(bridge, RIVAL, &format!("action=getFoo&activationId={id}")).await;
        let expected = if kind == "sms-activate" { "NO_ACTIVATION" } else { "BAD_ACTION" };
        assert_eq!(relayed, expected, "{kind}");

        assert_eq!(ask(bridge, SHOP, &foreign("getStatus")).await, "STATUS_WAIT_CODE", "{kind}");
        assert!(ask(bridge, SHOP, "action=getActiveActivations").await.contains(id), "{kind}");
        assert!(ask(bridge, SHOP, "action=getHistory").await.contains(id), "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn everybody_sees_their_own() {
    let world = World::with("sandbox", &[], CLIENTS).await;
    let bridge = &world.bridge;
    for key in [SHOP, RIVAL, SHOP] {
        assert!(ask(bridge, key, "action=getNumber&service=tg").await.starts_with("ACCESS_NUMBER:"));
    }
    for (key, many) in [(SHOP, 2), (RIVAL, 1)] {
        let active: serde_json::Value =
            serde_json::from_str(&ask(bridge, key, "action=getActiveActivations").await).unwrap();
        let history: serde_json::Value =
            serde_json::from_str(&ask(bridge, key, "action=getHistory").await).unwrap();
        assert_eq!(active["activeActivations"].as_array().unwrap().len(), many);
        assert_eq!(history.as_array().unwrap().len(), many);
    }
    assert_eq!(ask(bridge, "any", "action=getHistory").await, "BAD_KEY");
    world.end().await;
}

#[tokio::test]
async fn where_any_key_will_do_all_keys_are_one_client() {
    let world = World::of("sandbox").await;
    let (id, _) = world.bridge.order("service=tg").await;
    let status = ask(&world.bridge, "another", &format!("action=getStatus&id={id}")).await;
    assert_eq!(status, "STATUS_WAIT_CODE");
    assert!(balance(&world.bridge).await > rust_decimal::Decimal::ZERO);
    world.end().await;
}
