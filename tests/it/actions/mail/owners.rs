//! What one client bought is nobody else's.

use super::super::DIALECT_PATH;
use super::*;
use crate::harness::get;

const SHOP: &str = "0123456789abcdef0123456789abcdef";
const RIVAL: &str = "fedcba9876543210fedcba9876543210";

const CLIENTS: &str = "\n[clients]\nmode = \"listed\"\n[clients.key.shop]\napi_key = \"0123456789abcdef0123456789abcdef\"\n[clients.key.rival]\napi_key = \"fedcba9876543210fedcba9876543210\"\n";

async fn ask(bridge: &Bridge, key: &str, query: &str) -> String {
    get(bridge.addr, &format!("{DIALECT_PATH}?api_key={key}&{query}"), &[]).await.body
}

#[tokio::test]
async fn a_foreign_mail_does_not_exist() {
    for kind in SELLERS {
        let world = World::with(kind, &[], CLIENTS).await;
        let bridge = &world.bridge;
        let sold: Value = serde_json::from_str(&ask(bridge, SHOP, ORDER).await).unwrap();
        let id = sold["response"]["id"].to_string();
        let requests = world.upstream.as_ref().map_or(0, |upstream| upstream.requests().len());
        assert_eq!(ask(bridge, RIVAL, &check(&id)).await, "BAD_ACTION", "{kind}");
        assert_eq!(ask(bridge, RIVAL, &cancel(&id)).await, "BAD_ACTION", "{kind}");
        let again = format!("action=reorderMailActivation&id={id}");
        assert_eq!(ask(bridge, RIVAL, &again).await, "ACTIVATION_NOT_FOUND", "{kind}");
        let none = r#"{"status":"OK","response":{"list":[],"pages":0,"count":0}}"#;
        assert_eq!(ask(bridge, RIVAL, "action=getMailHistory").await, none, "{kind}");
        // Nor does an action of activations reach it, or one that is only passed on, for anybody.
        for key in [SHOP, RIVAL] {
            assert_eq!(
                ask(bridge, key, &format!("action=getAllSms&id={id}")).await,
                "NO_ACTIVATION",
                "{kind}"
            );
            let relayed = ask(bridge, key, &format!("action=getFoo&id={id}")).await;
            let expected = if kind == "sms-activate" { "NO_ACTIVATION" } else { "BAD_ACTION" };
            assert_eq!(relayed, expected, "{kind}");
        }
        assert_eq!(
            world.upstream.as_ref().map_or(0, |upstream| upstream.requests().len()),
            requests,
            "{kind}"
        );
        assert_eq!(ask(bridge, SHOP, &check(&id)).await, NO_MAIL, "{kind}");
        world.end().await;
    }
}
