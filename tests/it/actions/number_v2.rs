//! `getNumberV2`: the documented seven fields in their order and types (`WIRE.md` section 1, item 12).

use rust_decimal::Decimal;

use super::{START, balance, price, say, upstream};
use crate::harness::{KINDS, World, has_operators};

#[tokio::test]
async fn the_answer_to_the_byte() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let (before, cost) = (balance(&world.bridge).await, price(&world.bridge, "tg", 0).await);
        let operator = if has_operators(kind) { "mts" } else { "any" };
        let query = format!("action=getNumberV2&service=tg&country=0&operator={operator}");
        let answer = say(&world.bridge, &query).await;
        // The first id of a ledger that was begun when the clock stood where it stands.
        let id = super::START_SECONDS - 1_577_836_800;
        let phone = match &world.upstream {
            Some(_) => super::last_lot(&world).phone,
            None => world.bridge.json("action=getHistory").await[0]["phone"].as_str().unwrap().to_owned(),
        };
        assert!(phone.starts_with("79") && phone.len() == 11, "{kind}: {phone}");
        let expected = format!(
            r#"{{"activationId":{id},"phoneNumber":"{phone}","activationCost":"{cost:.2}","countryCode":"0","canGetAnotherSms":"1","activationTime":"{START}","activationOperator":"{operator}"}}"#
        );
        assert_eq!(answer, expected, "{kind}");
        assert_eq!(balance(&world.bridge).await, before - cost, "{kind}");
        assert_eq!(world.bridge.status(&id.to_string()).await, "STATUS_WAIT_CODE", "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn texts_are_never_null() {
    for kind in KINDS {
        let world = World::of(kind).await;
        world.bridge.advance(3600);
        let answer = world.bridge.json("action=getNumberV2&service=tg&country=1").await;
        for field in ["phoneNumber", "activationCost", "countryCode", "activationTime", "activationOperator"]
        {
            assert!(answer[field].as_str().is_some_and(|text| !text.is_empty()), "{kind} {field}");
        }
        assert_eq!(answer["countryCode"], "1", "{kind}");
        assert_eq!(answer["activationTime"], "2026-01-01 01:00:00", "{kind}");
        world.end().await;
    }
    // "any" where nobody says which operator it is: VAK-SMS was asked for none.
    let world = World::of("vak-sms").await;
    assert_eq!(
        world.bridge.json("action=getNumberV2&service=tg&country=0").await["activationOperator"],
        "any"
    );
    world.end().await;
}

#[tokio::test]
async fn what_was_really_charged_is_the_cost() {
    // The quirk "price-in-number": VAK-SMS says what it charged, which the kept list cannot know.
    let world = World::with("vak-sms", &["price-in-number"], "").await;
    price(&world.bridge, "tg", 0).await;
    upstream(&world).market().set_price("ru", "tg", Decimal::new(1234, 2));
    let answer = world.bridge.json("action=getNumberV2&service=tg&country=0").await;
    assert_eq!(answer["activationCost"], "12.34");
    world.end().await;
}

#[tokio::test]
async fn undocumented_fields_follow_the_documented_ones() {
    let world = World::with("sms-activate", &["extra-fields"], "").await;
    let answer = world.bridge.json("action=getNumberV2&service=tg&country=0").await;
    let documented = [
        "activationId",
        "phoneNumber",
        "activationCost",
        "countryCode",
        "canGetAnotherSms",
        "activationTime",
        "activationOperator",
    ];
    let keys: Vec<_> = answer.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys[..7], documented);
    assert_eq!(
        (answer["currency"].as_u64(), answer["activationEndTime"].as_str()),
        (Some(643), Some("2026-01-01 00:20:00"))
    );
    world.end().await;
}
