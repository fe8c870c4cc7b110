//! `getRentNumber`: what is rented, for how long, what it costs, and each documented word of refusal.

use super::{balance, golden, price, refuse, rent, rent_cost, rent_error, say};
use crate::harness::World;

const ACTION: &str = "action=getRentNumber";

#[tokio::test]
async fn a_rent_is_answered_as_documented_and_costs_what_was_offered() {
    let world = World::of("sandbox").await;
    for (service, hours, end) in [
        ("tg", 4, "2026-01-01T04:00:00"),
        ("full", 4, "2026-01-01T04:00:00"),
        ("vk", 48, "2026-01-03T00:00:00"),
    ] {
        let cost = rent_cost(&world.bridge, service, hours).await;
        let before = balance(&world.bridge).await;
        let answer = say(&world.bridge, &format!("{ACTION}&service={service}&rent_time={hours}")).await;
        let json: serde_json::Value = serde_json::from_str(&answer).unwrap();
        let (id, number) = (&json["phone"]["id"], json["phone"]["number"].as_str().unwrap());
        assert!(id.as_i64().unwrap() < i64::from(i32::MAX) && number.bytes().all(|b| b.is_ascii_digit()));
        let expected =
            format!(r#"{{"status":"success","phone":{{"id":{id},"endDate":"{end}","number":"{number}"}}}}"#);
        assert_eq!(answer, expected);
        assert_eq!(before - balance(&world.bridge).await, cost, "{service}");
    }
    world.end().await;
}

#[tokio::test]
async fn hours_are_read_by_every_spelling() {
    let world = World::market("sandbox", &[], "", super::rich()).await;
    for (query, end) in [
        ("", "2026-01-01T04:00:00"),
        ("&rent_time=", "2026-01-01T04:00:00"),
        ("&rent_time=12", "2026-01-01T12:00:00"),
        ("&time=24", "2026-01-02T00:00:00"),
        ("&time%20=72&country%20=0&operator%20=any", "2026-01-04T00:00:00"),
        ("&hours=24", "2026-01-02T00:00:00"),
        ("&duration=240", "2026-01-01T04:00:00"),
        ("&rent_time=1344", "2026-02-26T00:00:00"),
        ("&incomingCall=false", "2026-01-01T04:00:00"),
    ] {
        assert_eq!(rent(&world.bridge, &format!("service=tg{query}")).await.1, end, "{query}");
    }
    world.end().await;
}

#[tokio::test]
async fn each_refusal_has_its_word_and_costs_nothing() {
    let world = World::of("sandbox").await;
    let before = balance(&world.bridge).await;
    for (query, word) in [
        ("", "BAD_SERVICE"),
        ("service=", "BAD_SERVICE"),
        ("service=nosuch", "BAD_SERVICE"),
        ("service=no%20such", "BAD_SERVICE"),
        ("service=nb", "NO_BALANCE"),
        ("service=nn", "NO_NUMBERS"),
        ("service=tg&country=204", "NO_NUMBERS"),
        ("service=tg&country=9999", "NO_NUMBERS"),
        ("service=tg&country=ru", "SQL_ERROR"),
        ("service=tg&operator=nosuch", "NO_NUMBERS"),
        ("service=tg&rent_time=5", "NO_NUMBERS"),
        ("service=tg&rent_time=36", "NO_NUMBERS"),
        ("service=tg&rent_time=1368", "NO_NUMBERS"),
        ("service=tg&rent_time=-4", "NO_NUMBERS"),
        ("service=tg&rent_time=four", "NO_NUMBERS"),
        ("service=tg&duration=24", "NO_NUMBERS"),
        ("service=tg&incomingCall=true", "NO_NUMBERS"),
        ("service=tg&incomingCall=1", "NO_NUMBERS"),
        ("service=full&rent_time=1344&country=181&operator=none", "NO_NUMBERS"),
    ] {
        refuse(&world.bridge, &format!("{ACTION}&{query}"), &rent_error(word)).await;
    }
    assert_eq!(balance(&world.bridge).await, before);
    golden(&world.bridge, &[("action=getRentList", &rent_error("NO_NUMBERS"))]).await;
    world.end().await;
}

#[tokio::test]
async fn a_webhook_at_a_host_that_is_not_allowed_is_refused() {
    let world = World::of("sandbox").await;
    let query = format!("{ACTION}&service=tg&url=http%3A%2F%2F127.0.0.1%2Fhook");
    refuse(&world.bridge, &query, &rent_error("NO_NUMBERS")).await;
    world.end().await;
}

#[tokio::test]
async fn a_rent_that_is_too_dear_is_no_balance() {
    let world = World::with("sandbox", &[], "").await;
    let cost = rent_cost(&world.bridge, "full", 1344).await;
    assert!(cost > balance(&world.bridge).await);
    refuse(&world.bridge, &format!("{ACTION}&service=full&rent_time=1344"), &rent_error("NO_BALANCE")).await;
    world.end().await;
}

#[tokio::test]
async fn the_operator_asked_for_is_the_one_that_is_had() {
    let world = World::of("sandbox").await;
    rent(&world.bridge, "service=tg&country=0&operator=mts,yota").await;
    // A whole number is for rents only.
    refuse(&world.bridge, "action=getNumber&service=full", "BAD_SERVICE").await;
    assert!(price(&world.bridge, "tg", 0).await > 0.into());
    world.end().await;
}
