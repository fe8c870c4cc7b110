//! `getStatusV2`: `{"verificationType":0,"sms":{"dateTime","code","text"},"call":null}`; JSON while waiting
//! too, text when cancelled (`WIRE.md` sections 4 and 5).

use super::{golden, last_lot, upstream};
use crate::harness::{KINDS, World, gives_texts};

const WAITING: &str = r#"{"verificationType":0,"sms":null,"call":null}"#;

#[tokio::test]
async fn a_life_to_the_byte() {
    for kind in ["vak-sms", "smsak", "sms-man", "sms-man-v2", "sms-activate"] {
        let world = World::of(kind).await;
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        let ask = format!("action=getStatusV2&id={id}");
        golden(&world.bridge, &[(&ask, WAITING)]).await;
        world.bridge.advance(3);
        upstream(&world)
            .market()
            .deliver(&last_lot(&world).id, "4242", "Код: \"4242\"\nне говорите")
            .unwrap();
        // Some give the code only, and no text is made up.
        let text = if !gives_texts(kind) { "4242" } else { r#"Код: \"4242\"\nне говорите"# };
        let received = format!(
            r#"{{"verificationType":0,"sms":{{"dateTime":"2026-01-01 00:00:03","code":"4242","text":"{text}"}},"call":null}}"#
        );
        golden(&world.bridge, &[(&ask, &received), (&ask, &received)]).await;
        assert_eq!(world.bridge.set(&id, "3").await, "ACCESS_RETRY_GET", "{kind}");
        golden(&world.bridge, &[(&ask, WAITING)]).await;
        world.bridge.advance(2);
        golden(&world.bridge, &[(&ask, WAITING)]).await;
        upstream(&world).market().deliver(&last_lot(&world).id, "77", "again: 77").unwrap();
        world.bridge.advance(2);
        let text = if !gives_texts(kind) { "77" } else { "again: 77" };
        let second = world.bridge.json(&format!("action=getStatusV2&id={id}")).await;
        assert_eq!(
            (second["sms"]["code"].as_str(), second["sms"]["text"].as_str()),
            (Some("77"), Some(text)),
            "{kind}"
        );
        assert_eq!(world.bridge.set(&id, "6").await, "ACCESS_ACTIVATION", "{kind}");
        let finished = world.bridge.json(&format!("action=getStatusV2&id={id}")).await;
        assert_eq!(finished, second, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn both_forms_of_the_state_agree() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        world.let_message_come();
        // Whichever is asked first.
        let (plain, detailed) = if kind == "sandbox" {
            let plain = world.bridge.status(&id).await;
            (plain, world.bridge.json(&format!("action=getStatusV2&id={id}")).await)
        } else {
            let detailed = world.bridge.json(&format!("action=getStatusV2&id={id}")).await;
            (world.bridge.status(&id).await, detailed)
        };
        let code = detailed["sms"]["code"].as_str().unwrap();
        assert_eq!(plain, format!("STATUS_OK:{code}"), "{kind}");
        let text = detailed["sms"]["text"].as_str().unwrap();
        assert_eq!(text == code, !gives_texts(kind), "{kind}: {text}");
        assert_eq!(
            detailed.as_object().unwrap().keys().collect::<Vec<_>>(),
            ["verificationType", "sms", "call"],
            "{kind}"
        );
        world.end().await;
    }
}

#[tokio::test]
async fn the_text_is_there_even_if_the_plain_form_was_asked_first() {
    let world = World::of("sms-activate").await;
    let (id, _) = world.bridge.order("service=tg&country=0").await;
    upstream(&world).market().deliver(&last_lot(&world).id, "4242", "your code: 4242").unwrap();
    assert_eq!(world.bridge.status(&id).await, "STATUS_OK:4242");
    let detailed = world.bridge.json(&format!("action=getStatusV2&id={id}")).await;
    assert_eq!(detailed["sms"]["text"], "your code: 4242");
    world.end().await;
}
