//! `getAllSms`: every message, newest first, every field a text (`WIRE.md` section 4, HERO and UNI).

use super::{START, golden, last_lot, refuse, upstream};
use crate::harness::{KINDS, World};

#[tokio::test]
async fn every_message_to_the_byte() {
    let world = World::of("sms-activate").await;
    let (id, _) = world.bridge.order("service=tg&country=0").await;
    let ask = format!("action=getAllSms&id={id}");
    golden(&world.bridge, &[(&ask, r#"{"data":[]}"#)]).await;
    let lot = last_lot(&world).id;
    let sender = {
        upstream(&world).market().deliver(&lot, "11", "first: 11").unwrap();
        last_lot(&world).messages[0].sender.clone()
    };
    let row = |nth: usize, code: &str, text: &str, second: usize| {
        let date = START.replace("00:00:00", &format!("00:00:0{second}"));
        format!(
            r#"{{"id":"{id}-{nth}","phoneFrom":"{sender}","code":"{code}","text":"{text}","service":"tg","date":"{date}","type":"sms"}}"#
        )
    };
    let first = row(1, "11", "first: 11", 0);
    world.bridge.advance(2);
    golden(&world.bridge, &[(&ask, &format!(r#"{{"data":[{first}]}}"#))]).await;
    // Two messages come before anybody looks again: a poll would show the newer one only.
    world.bridge.set(&id, "3").await;
    for (code, text) in [("22", "second: 22"), ("22", "third: 22")] {
        upstream(&world).market().deliver(&lot, code, text).unwrap();
    }
    world.bridge.advance(2);
    let (second, third) = (row(2, "22", "second: 22", 2), row(3, "22", "third: 22", 2));
    let all = format!(r#"{{"data":[{third},{second},{first}]}}"#);
    golden(
        &world.bridge,
        &[
            (&ask, &all),
            (&format!("{ask}&page=1&size=50"), &all),
            (&format!("{ask}&page=2&size=2"), &format!(r#"{{"data":[{first}]}}"#)),
            (&format!("{ask}&page=9&size=2"), r#"{"data":[]}"#),
        ],
    )
    .await;
    world.end().await;
}

#[tokio::test]
async fn where_nobody_lists_messages_they_are_those_that_were_seen() {
    let world = World::of("vak-sms").await;
    let (id, _) = world.bridge.order("service=tg&country=0").await;
    let lot = last_lot(&world).id;
    for code in ["11", "22"] {
        upstream(&world).market().deliver(&lot, code, "never shown").unwrap();
        world.bridge.advance(3);
        world.bridge.status(&id).await;
        world.bridge.set(&id, "3").await;
        world.bridge.advance(3);
    }
    let list = world.bridge.json(&format!("action=getAllSms&id={id}")).await;
    let shown: Vec<_> =
        list["data"].as_array().unwrap().iter().map(|row| (&row["code"], &row["text"])).collect();
    assert_eq!(shown.len(), 2);
    assert!(shown[0].0 == "22" && shown[0].1 == "22" && shown[1].0 == "11", "{list}");
    world.end().await;
}

#[tokio::test]
async fn what_is_over_still_has_its_messages_and_what_never_was_has_none() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        world.let_message_come();
        let ask = format!("action=getAllSms&id={id}");
        let living = world.bridge.json(&ask).await;
        assert_eq!(living["data"].as_array().unwrap().len(), 1, "{kind}");
        world.bridge.set(&id, "6").await;
        world.bridge.advance(24 * 3600);
        world.bridge.tidy().await;
        assert_eq!(world.bridge.json(&ask).await["data"][0]["code"], living["data"][0]["code"], "{kind}");
        for query in ["action=getAllSms", "action=getAllSms&id=x", "action=getAllSms&id=1"] {
            refuse(&world.bridge, query, "NO_ACTIVATION").await;
        }
        world.end().await;
    }
}
