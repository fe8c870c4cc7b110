//! `getActiveActivations`: the documented thirteen fields in their order, every one a text but the list of
//! codes; none at all is an error as JSON that a client compares whole (`WIRE.md` section 1, item 10).

use super::{NO_ACTIVATIONS, START, golden, last_lot, price, refuse, upstream};
use crate::harness::{KINDS, World, gives_texts};

const ASK: &str = "action=getActiveActivations";

/// One row as documented.
fn row(id: &str, phone: &str, cost: &str, codes: &str, text: &str) -> String {
    format!(
        r#"{{"activationId":"{id}","serviceCode":"tg","phoneNumber":"{phone}","activationCost":"{cost}","activationStatus":"4","smsCode":{codes},"smsText":"{text}","activationTime":"{START}","discount":"0.00","repeated":"0","countryCode":"0","countryName":"Russia","canGetAnotherSms":"1"}}"#
    )
}

fn list(rows: &[String]) -> String {
    format!(r#"{{"status":"success","activeActivations":[{}]}}"#, rows.join(","))
}

#[tokio::test]
async fn none_is_an_error_in_json() {
    for kind in KINDS {
        let world = World::of(kind).await;
        refuse(&world.bridge, ASK, NO_ACTIVATIONS).await;
        world.end().await;
    }
}

#[tokio::test]
async fn the_list_to_the_byte() {
    // SMS-Man's API v2.0 does not tell a second message with the same code at once.
    for kind in ["vak-sms", "smsak", "sms-activate", "sms-man"] {
        let world = World::of(kind).await;
        let cost = format!("{:.2}", price(&world.bridge, "tg", 0).await);
        let (first, phone_1) = world.bridge.order("service=tg&country=0").await;
        let lot = last_lot(&world).id;
        let (second, phone_2) = world.bridge.order("service=tg&country=0").await;
        let fresh = row(&second, &phone_2, &cost, "[]", "");
        let waiting = list(&[fresh.clone(), row(&first, &phone_1, &cost, "[]", "")]);
        golden(&world.bridge, &[(ASK, &waiting)]).await;

        upstream(&world).market().deliver(&lot, "4242", "text 4242").unwrap();
        world.bridge.advance(2);
        // It is as fresh as a poll would be; nobody has asked for the message itself.
        let rows = world.bridge.json(ASK).await;
        assert_eq!(rows["activeActivations"][1]["smsCode"], serde_json::json!(["4242"]), "{kind}");

        world.bridge.ask(&format!("action=getFullSms&id={first}")).await;
        let text = if gives_texts(kind) { "text 4242" } else { "4242" };
        let received = list(&[fresh.clone(), row(&first, &phone_1, &cost, r#"["4242"]"#, text)]);
        golden(&world.bridge, &[(ASK, &received)]).await;

        world.bridge.set(&first, "3").await;
        upstream(&world).market().deliver(&lot, "4242", "again").unwrap();
        world.bridge.advance(2);
        world.bridge.ask(&format!("action=getFullSms&id={first}")).await;
        let text = if gives_texts(kind) { "again" } else { "4242" };
        let twice = list(&[fresh, row(&first, &phone_1, &cost, r#"["4242","4242"]"#, text)]);
        golden(&world.bridge, &[(ASK, &twice)]).await;
        world.end().await;
    }
}

#[tokio::test]
async fn what_has_ended_is_not_active() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let ids = async || {
            let rows = world.bridge.json(ASK).await;
            let rows = rows["activeActivations"].as_array().cloned().unwrap_or_default();
            rows.iter().map(|row| row["activationId"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let (cancelled, _) = world.bridge.order("service=tg&country=0").await;
        let (finished, _) = world.bridge.order("service=wa&country=0").await;
        let (left, _) = world.bridge.order("service=vk&country=1").await;
        assert_eq!(ids().await, [&*left, &*finished, &*cancelled], "{kind}");
        world.bridge.set(&cancelled, "8").await;
        assert_eq!(ids().await, [&*left, &*finished], "{kind}");
        world.let_message_come();
        world.bridge.status(&finished).await;
        world.bridge.set(&finished, "6").await;
        assert_eq!(ids().await, [&*left], "{kind}");
        world.bridge.advance(20 * 60 - 7);
        assert_eq!(ids().await, [&*left], "{kind}");
        world.bridge.advance(1);
        refuse(&world.bridge, ASK, NO_ACTIVATIONS).await;
        world.end().await;
    }
}

#[tokio::test]
async fn texts_stay_texts_whatever_the_country() {
    for kind in KINDS {
        let world = World::of(kind).await;
        world.bridge.order("service=wa&country=1").await;
        let rows = world.bridge.json(ASK).await;
        let row = rows["activeActivations"][0].as_object().unwrap();
        for (field, value) in row {
            assert_eq!(value.is_string(), field != "smsCode", "{kind} {field}");
        }
        assert_eq!(
            (row["serviceCode"].as_str(), row["countryCode"].as_str()),
            (Some("wa"), Some("1")),
            "{kind}"
        );
        assert_eq!(row["countryName"], "Ukraine", "{kind}");
        world.end().await;
    }
}
