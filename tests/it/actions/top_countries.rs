//! `getTopCountriesByService`: `{ 0: { "country: 0, "count": 43575, "price": 15.00, "retail_price": 30.00 }, ... }`
//! and with `freePrice` a `freePriceMap`; objects and numbers throughout (`WIRE.md` section 1, items 11, 12).

use std::cmp::Reverse;

use rust_decimal::Decimal;
use serde_json::Value;

use super::{golden, refuse, say};
use crate::harness::{KINDS, World};

/// The ranking as it follows from the price list, as written.
fn ranking(prices: &Value, service: &str, free_price: bool) -> String {
    let offer = |(country, services): (&String, &Value)| {
        let offer = services.get(service)?;
        let country: u16 = country.parse().unwrap();
        Some((country, offer["count"].as_u64().unwrap(), offer["cost"].to_string()))
    };
    let mut places: Vec<_> = prices.as_object().unwrap().iter().filter_map(offer).collect();
    places.sort_by_key(|(country, count, _)| (Reverse(*count), *country));
    let row = |(place, (country, count, cost)): (usize, &(u16, u64, String))| {
        let map = if free_price {
            let price: Decimal = cost.parse().unwrap();
            format!(r#","freePriceMap":{{"{price:.2}":{count}}}"#)
        } else {
            String::new()
        };
        format!(
            r#""{place}":{{"country":{country},"count":{count},"price":{cost},"retail_price":{cost}{map}}}"#
        )
    };
    format!("{{{}}}", places.iter().enumerate().map(row).collect::<Vec<_>>().join(","))
}

#[tokio::test]
async fn countries_are_ranked_by_stock_to_the_byte() {
    for kind in ["sandbox", "vak-sms"] {
        let world = World::of(kind).await;
        let prices = world.bridge.json("action=getPrices&service=tg").await;
        let ask = "action=getTopCountriesByService&service=tg";
        let plain = ranking(&prices, "tg", false);
        for query in ["", "&freePrice=", "&freePrice=false", "&freePrice=False", "&freePrice=0"] {
            assert_eq!(say(&world.bridge, &format!("{ask}{query}")).await, plain, "{kind} {query}");
        }
        let free = ranking(&prices, "tg", true);
        // The document; ASA; PHP; and PHPO, which sends the dollar sign too.
        for query in ["&freePrice=true", "&freePrice=True", "&freePrice=1", "&$freePrice=true"] {
            assert_eq!(say(&world.bridge, &format!("{ask}{query}")).await, free, "{kind} {query}");
        }
        world.end().await;
    }
}

#[tokio::test]
async fn without_a_service_every_service_has_its_ranking() {
    let world = World::of("vak-sms").await;
    let all = world.bridge.json("action=getTopCountriesByService").await;
    let prices = world.bridge.json("action=getPrices").await;
    for service in ["tg", "wa", "vk"] {
        assert_eq!(all[service].to_string(), ranking(&prices, service, false), "{service}");
    }
    world.end().await;
}

#[tokio::test]
async fn an_upstreams_own_ranking_is_kept_with_its_numbers() {
    for quirks in [&[][..], &["extra-fields"]] {
        let world = World::with("sms-activate", quirks, "").await;
        let top = world.bridge.json("action=getTopCountriesByService&service=tg&freePrice=true").await;
        let places = top.as_object().unwrap();
        assert!(
            places.keys().map(String::as_str).eq((0..places.len())
                .map(|n| n.to_string())
                .collect::<Vec<_>>()
                .iter()
                .map(String::as_str))
        );
        for row in places.values() {
            let numbers = ["country", "count", "price", "retail_price"];
            assert!(numbers.iter().all(|name| row[name].is_number()), "{row}");
            let price: Decimal = row["price"].to_string().parse().unwrap();
            // The stand-in's own retail price, which nobody could have made up here.
            assert_eq!(row["retail_price"].to_string().parse(), Ok(price * Decimal::TWO));
            assert_eq!(row["freePriceMap"][format!("{price:.2}")], row["count"]);
            assert_eq!(row.get("physicalTotalCount").is_some(), !quirks.is_empty());
        }
        world.end().await;
    }
}

#[tokio::test]
async fn an_unknown_service_is_bad_and_an_unsold_one_an_empty_object() {
    for kind in KINDS {
        let world = World::of(kind).await;
        refuse(&world.bridge, "action=getTopCountriesByService&service=no_code", "BAD_SERVICE").await;
        world.end().await;
    }
    let world = World::of("sandbox").await;
    refuse(&world.bridge, "action=getTopCountriesByService&service=nosuch", "BAD_SERVICE").await;
    world.end().await;
    let world = World::of("vak-sms").await;
    golden(&world.bridge, &[("action=getTopCountriesByService&service=ss", "{}")]).await;
    world.end().await;
}
