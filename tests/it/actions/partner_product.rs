//! `buyPartnerProduct`.

use rust_decimal::Decimal;

use super::{balance, refuse, say, upstream};
use crate::harness::{Bridge, Canned, KINDS, World};

const ORDER: &str = "action=buyPartnerProduct&productId=7";

#[tokio::test]
async fn a_key_is_sold_with_its_instructions() {
    for kind in ["sandbox", "sms-activate"] {
        let world = World::of(kind).await;
        let before = balance(&world.bridge).await;
        let answer = say(&world.bridge, ORDER).await;
        let value: serde_json::Value = serde_json::from_str(&answer).unwrap();
        let (key, manual) = (value["key"].as_str().unwrap(), value["manual"].as_str().unwrap());
        let expected = format!(r#"{{"status":"success","key":"{key}","manual":"{manual}"}}"#);
        assert_eq!((answer.as_str(), key.len()), (expected.as_str(), 25), "{kind}");
        assert!(balance(&world.bridge).await < before, "{kind}");
        assert_ne!(say(&world.bridge, ORDER).await, answer, "{kind}: the next is another one");
        let by_its_other_name = world.bridge.json("action=buyPartnerProduct&id=7").await;
        assert_eq!(by_its_other_name["status"], "success", "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn an_id_that_is_none_is_bad_data_wherever_it_is_asked_for() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let asked = world.upstream.as_ref().map_or(0, |upstream| upstream.requests().len());
        for odd in
            ["", "&productId=", "&productId=abc", "&productId=-7", "&productId=1.5", "&productId=99999999999"]
        {
            refuse(&world.bridge, &format!("action=buyPartnerProduct{odd}"), "BAD_DATA").await;
        }
        let now = world.upstream.as_ref().map_or(0, |upstream| upstream.requests().len());
        assert_eq!(now, asked, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn what_is_not_sold_has_its_word() {
    for kind in ["sandbox", "sms-activate"] {
        let world = World::of(kind).await;
        refuse(&world.bridge, "action=buyPartnerProduct&productId=4711", "BAD_DATA").await;
        world.end().await;
    }
    let world = World::of("sms-activate").await;
    upstream(&world).market().set_balance(Decimal::ZERO);
    refuse(&world.bridge, ORDER, "NO_BALANCE").await;
    world.end().await;
    // A reseller that is not verified.
    let upstream = Canned::answering(|_| (200, "BAD_ACTION".to_owned())).await;
    let toml = format!(
        "[provider.main]\nkind = \"sms-activate\"\nbase_url = \"{}\"\napi_key = \"k\"\n",
        upstream.url()
    );
    refuse(&Bridge::start(&toml).await, ORDER, "BAD_ACTION").await;
    assert_eq!(upstream.asked(), ["/stubs/handler_api.php?api_key=k&action=buyPartnerProduct&productId=7"]);
}
