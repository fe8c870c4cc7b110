//! `getRentPrices` and `serviceCountRent`, as the clients of later services read them.

use super::{refuse, rent_cost, rent_error};
use crate::harness::World;

fn grizzly_error(word: &str) -> String {
    format!(r#"{{"status":"error","error":"{word}"}}"#)
}

#[tokio::test]
async fn rent_prices_are_by_country_and_service() {
    let world = World::of("sandbox").await;
    let cost = rent_cost(&world.bridge, "tg", 24).await;
    let one = world.bridge.json("action=getRentPrices&service=tg&country=0&rent_time=24").await;
    assert_eq!(one["status"], "success");
    let services = one["values"]["0"].as_object().unwrap();
    assert_eq!(services.len(), 1);
    assert_eq!(services["tg"]["cost"].to_string().parse::<rust_decimal::Decimal>().unwrap(), cost);
    assert!(services["tg"]["count"].is_u64());
    let all = world.bridge.json("action=getRentPrices").await;
    assert!(all["values"]["0"].as_object().unwrap().len() > 1000);
    world.end().await;
}

#[tokio::test]
async fn rent_prices_refuse_as_their_client_reads() {
    let world = World::of("sandbox").await;
    for (query, word) in [
        ("service=nosuch", "BAD_SERVICE"),
        ("service=nn", "NO_NUMBERS"),
        ("country=9999", "NO_NUMBERS"),
        ("rent_time=5", "INVALID_TIME"),
        ("country=ru", "SQL_ERROR"),
    ] {
        refuse(&world.bridge, &format!("action=getRentPrices&{query}"), &grizzly_error(word)).await;
    }
    world.end().await;
}

#[tokio::test]
async fn a_services_rents_are_counted_by_country_and_hours() {
    let world = World::of("sandbox").await;
    let counted = world.bridge.json("action=serviceCountRent&service=tg&country=0").await;
    let periods = counted["0"].as_object().unwrap();
    let hours: Vec<_> = periods.keys().map(String::as_str).collect();
    assert_eq!(hours, ["4", "12", "24", "48", "72", "168", "336", "720", "1344"]);
    for priced in periods.values() {
        assert!(priced["price"].is_number() && priced["count"].as_u64().unwrap() > 0, "{priced}");
    }
    for (query, word) in [
        ("", "BAD_SERVICE"),
        ("&service=nosuch", "BAD_SERVICE"),
        ("&service=nn", "OUT_OF_STOCK"),
        ("&service=tg&country=204", "OUT_OF_STOCK"),
        ("&service=tg&country=9999", "OUT_OF_STOCK"),
    ] {
        refuse(&world.bridge, &format!("action=serviceCountRent{query}"), &rent_error(word)).await;
    }
    world.end().await;
}
