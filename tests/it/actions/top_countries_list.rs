//! `getListOfTopCountriesByService`: `[{"country":0,"share":50,"rate":50}]`, from the history of all clients of this
//! server where the service does not say.

use rust_decimal::Decimal;
use smsbridge::mock::Settings;

use super::{golden, refuse, rich, upstream};
use crate::harness::{Bridge, KINDS, World, get};

const ASK: &str = "action=getListOfTopCountriesByService&service=tg";

#[tokio::test]
async fn nothing_bought_is_an_empty_list_and_no_service_its_own_word() {
    for kind in KINDS {
        let world = World::of(kind).await;
        refuse(&world.bridge, "action=getListOfTopCountriesByService", "WRONG_SERVICE").await;
        refuse(&world.bridge, "action=getListOfTopCountriesByService&service=a_b", "WRONG_SERVICE").await;
        if kind == "sms-activate" {
            // Its own word, since it was asked.
            let unknown = "action=getListOfTopCountriesByService&service=nosuch";
            refuse(&world.bridge, unknown, "WRONG_SERVICE").await;
        } else {
            refuse(&world.bridge, &ASK.replace("=tg", "=nosuch"), "WRONG_SERVICE").await;
            golden(&world.bridge, &[(ASK, "[]")]).await;
        }
        world.end().await;
    }
}

#[tokio::test]
async fn shares_and_rates_are_those_of_this_servers_history() {
    let world = World::market("vak-sms", &[], "list_ttl = \"0s\"", rich()).await;
    let bridge = &world.bridge;
    let (answered, _) = bridge.order("service=tg&country=0").await;
    world.let_message_come();
    assert!(bridge.status(&answered).await.starts_with("STATUS_OK:"));
    golden(bridge, &[(ASK, r#"[{"country":0,"share":100,"rate":100}]"#)]).await;
    // One in three was answered here; cancelled ones were bought too.
    let (cancelled, _) = bridge.order("service=tg&country=0").await;
    bridge.set(&cancelled, "8").await;
    bridge.order("service=tg&country=0").await;
    bridge.order("service=tg&country=6").await;
    // Neither what cannot be had nor another service counts.
    bridge.ask("action=getNumber&service=tg&country=999").await;
    bridge.order("service=wa&country=1").await;
    golden(bridge, &[(ASK, r#"[{"country":0,"share":75,"rate":33},{"country":6,"share":25,"rate":0}]"#)])
        .await;
    let asked = upstream(&world).requests().len();
    golden(bridge, &[(&format!("{ASK}&length=1&page=2"), r#"[{"country":6,"share":25,"rate":0}]"#)]).await;
    assert_eq!(upstream(&world).requests().len(), asked);
    world.end().await;
}

#[tokio::test]
async fn ten_at_most_and_of_all_clients() {
    let clients = "[clients]\nmode = \"listed\"\n[clients.key.shop]\napi_key = \"shops-key\"\n\
                   [clients.key.pal]\napi_key = \"pals-key\"\n\
                   [provider.main]\nkind = \"sandbox\"\nbalance = \"100000\"";
    let bridge = Bridge::start(clients).await;
    let ask =
        async |query: &str| get(bridge.addr, &format!("/stubs/handler_api.php?{query}"), &[]).await.body;
    for country in 0..12 {
        let key = if country % 2 == 0 { "shops-key" } else { "pals-key" };
        // Some are sold out.
        for service in ["tg", "wa", "vk"] {
            ask(&format!("api_key={key}&action=getNumber&service={service}&country={country}")).await;
        }
    }
    let mut sizes = Vec::new();
    for service in ["tg", "wa", "vk"] {
        let query = format!("action=getListOfTopCountriesByService&service={service}&length=100");
        let rows = ask(&format!("api_key=shops-key&{query}")).await;
        assert_eq!(rows, ask(&format!("api_key=pals-key&{query}")).await);
        sizes.push(serde_json::from_str::<Vec<serde_json::Value>>(&rows).unwrap().len());
    }
    assert!(sizes.iter().all(|size| *size <= 10) && sizes.contains(&10), "{sizes:?}");
    bridge.stop().await;
}

#[tokio::test]
async fn a_service_that_knows_is_asked() {
    let market = Settings { balance: Decimal::ZERO, ..Settings::default() };
    let world = World::market("sms-activate", &[], "", market).await;
    let rows = world.bridge.json(ASK).await;
    assert_eq!(rows.as_array().map(Vec::len), Some(10));
    assert_eq!(upstream(&world).calls("getListOfTopCountriesByService"), 1);
    world.end().await;
}
