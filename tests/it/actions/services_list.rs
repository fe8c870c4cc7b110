//! `getServicesList`: `{"status":"success","services":[{"code","name"}]}`, the shape most clients read
//! (`WIRE.md` section 5).

use serde_json::Value;

use super::say;
use crate::harness::{KINDS, World};

fn names(answer: &Value) -> Vec<(String, String)> {
    let services = answer["services"].as_array().unwrap();
    let text = |row: &Value, field: &str| row[field].as_str().unwrap().to_owned();
    services.iter().map(|row| (text(row, "code"), text(row, "name"))).collect()
}

#[tokio::test]
async fn services_are_codes_with_names() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let answer = say(&world.bridge, "action=getServicesList").await;
        assert!(answer.starts_with(r#"{"status":"success","services":[{"code":""#), "{kind}: {answer:.90}");
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert!(
            answer["services"].as_array().unwrap().iter().all(|row| row
                .as_object()
                .unwrap()
                .keys()
                .eq(["code", "name"]))
        );
        let names = names(&answer);
        assert!(names.contains(&("tg".into(), "Telegram".into())), "{kind}");
        let mut codes: Vec<_> = names.iter().map(|(code, _)| code).collect();
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), names.len(), "{kind}: a code twice");
        world.end().await;
    }
}

#[tokio::test]
async fn only_what_the_provider_sells_is_listed() {
    let world = World::of("vak-sms").await;
    let listed = names(&world.bridge.json("action=getServicesList").await);
    let codes: Vec<_> = listed.iter().map(|(code, _)| code.as_str()).collect();
    let prices = world.bridge.json("action=getPrices&country=0").await;
    assert!(prices["0"].as_object().unwrap().keys().all(|code| codes.contains(&code.as_str())));
    assert!(!codes.contains(&"ss") && codes.len() < 300, "{}", codes.len());
    world.end().await;
}

#[tokio::test]
async fn the_parameters_that_clients_send_do_not_change_the_shape() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let plain = say(&world.bridge, "action=getServicesList").await;
        for query in ["&country=0&lang=en", "&lang=ru", "&country="] {
            assert!(
                say(&world.bridge, &format!("action=getServicesList{query}")).await == plain,
                "{kind} {query}"
            );
        }
        world.end().await;
    }
}
