//! `getRentServicesAndCountries`: what there is to rent, and `OUT_OF_STOCK` where there is nothing.

use rust_decimal::Decimal;

use super::{golden, price, refuse, rent_cost, rent_error};
use crate::harness::World;

const ACTION: &str = "action=getRentServicesAndCountries";

#[tokio::test]
async fn offers_have_the_documented_shape() {
    let world = World::of("sandbox").await;
    let offers = world.bridge.json(&format!("{ACTION}&rent_time=4&country=0&operator=any")).await;
    let fields: Vec<_> = offers.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, ["countries", "operators", "services"]);
    assert_eq!(offers["countries"]["0"], 0);
    let operators: Vec<_> = offers["operators"].as_object().unwrap().values().collect();
    assert!(operators.iter().any(|name| *name == "any") && operators.iter().any(|name| *name == "mts"));
    assert!(operators.is_sorted_by_key(|name| name.as_str()));
    for service in ["full", "tg"] {
        let priced = &offers["services"][service];
        assert!(priced["cost"].is_number() && priced["quant"].is_u64(), "{service}: {priced}");
    }
    world.end().await;
}

#[tokio::test]
async fn what_is_named_is_for_the_hours_asked_for_by_any_spelling() {
    let world = World::of("sandbox").await;
    let single = price(&world.bridge, "tg", 0).await;
    assert_eq!(rent_cost(&world.bridge, "tg", 4).await, single * Decimal::from(2));
    let day = rent_cost(&world.bridge, "tg", 24).await;
    assert_eq!(day, single * Decimal::from(4));
    assert_eq!(rent_cost(&world.bridge, "full", 4).await, price_of_full(&world).await);
    for spelling in ["rent_time=24", "time=24", "time%20=24", "hours=24", "duration=1440"] {
        let offers = world.bridge.json(&format!("{ACTION}&{spelling}")).await;
        let cost: Decimal = offers["services"]["tg"]["cost"].to_string().parse().unwrap();
        assert_eq!(cost, day, "{spelling}");
    }
    let usual = world.bridge.ask(ACTION).await;
    assert_eq!(usual, world.bridge.ask(&format!("{ACTION}&rent_time=4&country=any")).await);
    world.end().await;
}

/// By what is charged for it.
async fn price_of_full(world: &World) -> Decimal {
    let before = super::balance(&world.bridge).await;
    super::rent(&world.bridge, "service=full").await;
    before - super::balance(&world.bridge).await
}

#[tokio::test]
async fn what_is_not_to_be_had_is_out_of_stock() {
    let world = World::of("sandbox").await;
    let nothing = rent_error("OUT_OF_STOCK");
    for query in [
        "rent_time=5",
        "rent_time=0",
        "rent_time=1368",
        "rent_time=x",
        "duration=30",
        "country=9999",
        "country=204",
        "incomingCall=true",
        "operator=nosuch",
    ] {
        refuse(&world.bridge, &format!("{ACTION}&{query}"), &nothing).await;
    }
    golden(&world.bridge, &[(&format!("{ACTION}&country=ru"), &rent_error("SQL_ERROR"))]).await;
    world.end().await;
}
