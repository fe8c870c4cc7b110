//! SMS-Man's variant (`api/sms-man.txt`; `UPSTREAMS.md` section 4): costs as texts, countries as a list, and
//! the words of its tables of errors.

use serde_json::Value;

use super::{flavoured, golden, keyless, over, refused};
use crate::harness::Bridge;

#[tokio::test]
async fn countries_are_a_list_with_two_names() {
    let bridge = flavoured("sms-man").await;
    let answer = bridge.ask("action=getCountries").await;
    let begin =
        r#"[{"id":0,"name":"Россия","name_en":"Russia"},{"id":1,"name":"Украина","name_en":"Ukraine"},"#;
    assert!(answer.starts_with(begin), "{}", answer.chars().take(200).collect::<String>());
    let list: Vec<Value> = serde_json::from_str(&answer).unwrap();
    assert!(list.len() > 100);
    for row in list {
        let row = row.as_object().unwrap();
        assert!(row.keys().eq(["id", "name", "name_en"]), "{row:?}");
        assert!(row["id"].is_u64() && row["name"].is_string() && row["name_en"].is_string(), "{row:?}");
    }
    bridge.stop().await;
}

#[tokio::test]
async fn costs_are_texts_and_counts_numbers() {
    let (bridge, plain) = (flavoured("sms-man").await, flavoured("sms-activate").await);
    for query in ["action=getPrices&service=tg&country=0", "action=getPrices&country=6"] {
        let (theirs, ours) = (bridge.json(query).await, plain.json(query).await);
        for (country, services) in ours.as_object().unwrap() {
            for (service, row) in services.as_object().unwrap() {
                let other = &theirs[country][service];
                assert_eq!(other["cost"], Value::String(row["cost"].to_string()), "{country} {service}");
                assert_eq!(other["count"], row["count"], "{country} {service}");
            }
        }
    }
    bridge.stop().await;
    plain.stop().await;
}

#[tokio::test]
async fn every_documented_error_has_its_condition() {
    let bridge = flavoured("sms-man").await;
    for query in ["action=getBalance", "action=getPrices", "action=getNumber&service=tg&country=0", ""] {
        assert_eq!(keyless(&bridge, query).await.body, "BAD_KEY", "{query}");
    }
    refused(
        &bridge,
        &[
            ("action=getNumber&service=nosuch&country=0", "NO_NUMBERS"),
            ("action=getNumber&service=tg&country=999", "NO_NUMBERS"),
            // Both parameters are mandatory; nothing is bought in a country that nobody named.
            ("action=getNumber&service=tg", "BAD_ACTION"),
            ("action=getNumber&service=tg&country=", "BAD_ACTION"),
            ("action=getNumber&country=0", "BAD_ACTION"),
            ("action=getPrices&service=nosuch", "BAD_ACTION"),
            ("action=getStatus", "BAD_ACTION"),
            ("action=getStatus&id=1", "NO_ACTIVATION"),
            ("action=getStatus&id=x", "NO_ACTIVATION"),
            ("action=setStatus&status=6", "BAD_ACTION"),
            ("action=setStatus&id=1", "BAD_ACTION"),
            ("action=setStatus&id=1&status=6", "NO_ACTIVATION"),
            ("action=setStatus&id=1&status=5", "BAD_STATUS"),
            ("action=nonsense", "BAD_ACTION"),
        ],
    )
    .await;
    assert_eq!(bridge.ask("action=getBalance").await, "ACCESS_BALANCE:463.02");
    bridge.stop().await;
}

#[tokio::test]
async fn no_money_is_no_balance() {
    let toml = "[dialect]\nflavour = \"sms-man\"\n[provider.main]\nkind = \"sandbox\"\nbalance = \"0.01\"\n";
    let bridge = Bridge::start(toml).await;
    refused(&bridge, &[("action=getNumber&service=tg&country=0", "NO_BALANCE")]).await;
    bridge.stop().await;
}

#[tokio::test]
async fn a_life_has_every_documented_state() {
    let world = over("sms-man", "sms-man").await;
    let (id, _) = world.bridge.order("service=tg&country=0&ref=r").await;
    let market = world.upstream.as_ref().unwrap().market();
    let lot = market.lots().pop().unwrap().id;
    assert_eq!(world.bridge.set(&id, "1").await, "ACCESS_READY");
    assert_eq!(world.bridge.status(&id).await, "STATUS_WAIT_CODE");
    market.hold_for_resend(&lot).unwrap();
    world.bridge.advance(2);
    assert_eq!(world.bridge.status(&id).await, "STATUS_WAIT_RESEND");
    assert_eq!(world.bridge.set(&id, "6").await, "ACCESS_RETRY_GET");
    market.deliver(&lot, "4242", "text").unwrap();
    world.bridge.advance(2);
    assert_eq!(world.bridge.status(&id).await, "STATUS_OK:4242");
    assert_eq!(world.bridge.set(&id, "3").await, "ACCESS_RETRY_GET");
    assert_eq!(world.bridge.status(&id).await, "STATUS_WAIT_RETRY:4242");
    assert_eq!(world.bridge.set(&id, "6").await, "ACCESS_ACTIVATION");
    let (other, _) = world.bridge.order("service=tg&country=0").await;
    assert_eq!(world.bridge.set(&other, "-1").await, "ACCESS_CANCEL");
    assert_eq!(world.bridge.status(&other).await, "STATUS_CANCEL");
    world.end().await;
}

#[tokio::test]
async fn a_cancellation_that_comes_too_early_is_a_bad_status() {
    let toml = "[dialect]\nflavour = \"sms-man\"\n[provider.main]\nkind = \"sandbox\"\nearly_cancel = \"2m\"\nsms_delay = \"10m\"\n";
    let bridge = Bridge::start(toml).await;
    let (id, _) = bridge.order("service=tg&country=0").await;
    refused(&bridge, &[(&format!("action=setStatus&id={id}&status=-1"), "BAD_STATUS")]).await;
    bridge.advance(121);
    golden(&bridge, &[(&format!("action=setStatus&id={id}&status=-1"), "ACCESS_CANCEL")]).await;
    bridge.stop().await;
}

#[tokio::test]
async fn what_its_document_does_not_have_is_sms_activates() {
    let (bridge, plain) = (flavoured("sms-man").await, flavoured("sms-activate").await);
    for query in [
        "action=getNumbersStatus&country=0",
        "action=getOperators&country=0",
        "action=getServicesList",
        "action=getTopCountriesByService&service=tg",
        "action=getActiveActivations",
        "action=getNumberV2&service=nosuch&country=0",
        "action=getNumber&service=tg&country=0&maxPrice=0.01",
        "action=getNumberV2&service=tg",
    ] {
        assert_eq!(bridge.ask(query).await, plain.ask(query).await, "{query}");
    }
    bridge.stop().await;
    plain.stop().await;
}
