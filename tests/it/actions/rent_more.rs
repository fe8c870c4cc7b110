//! `continueRentNumber`, `getContinueRentPriceNumber` and `continueRentInfo`: more time, its price, and each
//! documented word of refusal.

use super::{balance, golden, refuse, rent, rent_cost, rent_error, rent_status, say};
use crate::harness::World;

const ACTIONS: [&str; 3] =
    ["action=continueRentNumber", "action=getContinueRentPriceNumber", "action=continueRentInfo"];

#[tokio::test]
async fn a_rent_lives_longer_under_its_id_for_the_price_that_was_said() {
    let world = World::of("sandbox").await;
    let (id, _, number) = rent(&world.bridge, "service=zz").await;
    let mut end = 4;
    for (spelling, hours) in [("", 4), ("&rent_time=12", 12), ("&time=5", 5), ("&hours=4", 4)] {
        let price = world.bridge.json(&format!("action=getContinueRentPriceNumber&id={id}{spelling}")).await;
        let before = balance(&world.bridge).await;
        end += hours;
        let (day, hour) = (1 + end / 24, end % 24);
        let expected = format!(
            r#"{{"status":"success","phone":{{"id":{id},"endDate":"2026-01-{day:02}T{hour:02}:00:00","number":"{number}"}}}}"#
        );
        assert_eq!(
            say(&world.bridge, &format!("action=continueRentNumber&id={id}{spelling}")).await,
            expected
        );
        let paid = before - balance(&world.bridge).await;
        assert_eq!(paid, price["price"].to_string().parse().unwrap(), "{spelling}: {price}");
    }
    world.bridge.advance(24 * 3600);
    assert_eq!(rent_status(&world.bridge, &id).await, rent_error("STATUS_WAIT_CODE"));
    world.bridge.advance(5 * 3600);
    assert_eq!(rent_status(&world.bridge, &id).await, rent_error("STATUS_FINISH"));
    world.end().await;
}

#[tokio::test]
async fn prices_are_numbers_in_both_forms() {
    let world = World::of("sandbox").await;
    let (id, _, _) = rent(&world.bridge, "service=tg").await;
    let cost = rent_cost(&world.bridge, "tg", 24).await.normalize();
    golden(
        &world.bridge,
        &[
            (
                &format!("action=getContinueRentPriceNumber&id={id}&rent_time=24"),
                &format!(r#"{{"status":"success","price":{cost}}}"#),
            ),
            (
                &format!("action=continueRentInfo&id={id}&hours=24"),
                &format!(r#"{{"status":"success","price":{cost},"currency":643,"hours":24}}"#),
            ),
        ],
    )
    .await;
    world.end().await;
}

#[tokio::test]
async fn a_rent_that_has_ended_is_had_again_under_another_id() {
    for by_its_time in [true, false] {
        let world = World::of("sandbox").await;
        let (id, _, number) = rent(&world.bridge, "service=zz").await;
        if by_its_time {
            world.bridge.advance(4 * 3600);
        } else {
            world.bridge.ask(&format!("action=setRentStatus&id={id}&status=1")).await;
        }
        let again = world.bridge.json(&format!("action=continueRentNumber&id={id}&rent_time=4")).await;
        let other = again["phone"]["id"].to_string();
        assert_ne!(other, id);
        assert_eq!(again["phone"]["number"], number.as_str());
        assert_eq!(rent_status(&world.bridge, &id).await, rent_error("STATUS_FINISH"));
        assert_eq!(rent_status(&world.bridge, &other).await, rent_error("STATUS_WAIT_CODE"));
        world.bridge.advance(2 * 24 * 3600);
        for action in ["continueRentNumber", "continueRentNumber"] {
            let query = format!("action={action}&id={id}&rent_time=4");
            refuse(&world.bridge, &query, &rent_error("RENT_DIE")).await;
        }
        world.end().await;
    }
}

#[tokio::test]
async fn each_refusal_has_its_word_and_costs_nothing() {
    let world = World::market("sandbox", &[], "", super::rich()).await;
    let (id, _, _) = rent(&world.bridge, "service=zz").await;
    let (cancelled, _, _) = rent(&world.bridge, "service=zz").await;
    world.bridge.ask(&format!("action=setRentStatus&id={cancelled}&status=2")).await;
    let before = balance(&world.bridge).await;
    let most = r#"{"status":"error","message":"MAX_HOURS_EXCEED","info":{"max":1340}}"#;
    for action in ACTIONS {
        for (query, answer) in [
            ("", rent_error("NO_ID_RENT")),
            ("&rent_time=3", rent_error("NO_ID_RENT")),
            (&format!("&id={id}&rent_time=3"), rent_error("INVALID_TIME")),
            (&format!("&id={id}&rent_time=1345"), rent_error("INVALID_TIME")),
            (&format!("&id={id}&rent_time=x"), rent_error("INVALID_TIME")),
            (&format!("&id={id}&hours=-4"), rent_error("INVALID_TIME")),
            (&format!("&id={id}&duration=250"), rent_error("INVALID_TIME")),
            (&format!("&id={id}&rent_time=1344"), most.to_owned()),
            ("&id=1&rent_time=4", rent_error("INVALID_PHONE")),
            ("&id=abc&rent_time=4", rent_error("INVALID_PHONE")),
            (&format!("&id={cancelled}&rent_time=4"), rent_error("RENT_DIE")),
        ] {
            refuse(&world.bridge, &format!("{action}{query}"), &answer).await;
        }
    }
    assert_eq!(balance(&world.bridge).await, before);
    world.end().await;
}

#[tokio::test]
async fn more_time_than_there_is_money_for_is_no_balance() {
    let world = World::of("sandbox").await;
    let (id, _, _) = rent(&world.bridge, "service=full").await;
    let query = format!("action=continueRentNumber&id={id}&rent_time=1320");
    refuse(&world.bridge, &query, &rent_error("NO_BALANCE")).await;
    world.end().await;
}
