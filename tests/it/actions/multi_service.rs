//! `getMultiServiceNumber`: one number for several services, all or none, `[{"phone","activation","service"}]`;
//! the words of `api/sms-activate.txt`, "Заказ номера для нескольких сервисов", each with its condition.

use smsbridge::mock::{Scope, Special};

use super::{balance, last_lot, price, refuse, rich, say, upstream};
use crate::harness::{KINDS, World, mapping};

/// The kinds that sell a number for two services.
const SELLING: [&str; 3] = ["sandbox", "vak-sms", "sms-activate"];

async fn stocked(kind: &'static str) -> World {
    let world = World::market(kind, &[], "", rich()).await;
    if let Some(upstream) = &world.upstream {
        let codes = mapping(kind);
        let country = codes.country(smsbridge::domain::Country(0)).unwrap();
        for code in ["tg", "wa", "vk", "ma", "av"] {
            for service in codes.services(&smsbridge::domain::Service::parse(code).unwrap()).iter() {
                upstream.market().set_stock(&country, service, 100);
            }
        }
    }
    world
}

/// What was sold: the phone, the id and the service of each row.
fn rows(answer: &str) -> Vec<(String, i64, String)> {
    let rows: serde_json::Value = serde_json::from_str(answer).unwrap_or_else(|_| panic!("{answer}"));
    let row = |row: &serde_json::Value| {
        let text = |name: &str| row[name].as_str().unwrap().to_owned();
        (text("phone"), row["activation"].as_i64().unwrap(), text("service"))
    };
    rows.as_array().unwrap().iter().map(row).collect()
}

#[tokio::test]
async fn a_number_for_two_services_is_a_list_with_an_activation_for_each() {
    for kind in SELLING {
        for query in ["multiService=tg,wa", "service=tg,wa", "multiService=tg,%20wa&multiForward=0,0"] {
            let world = stocked(kind).await;
            let cost = price(&world.bridge, "tg", 0).await + price(&world.bridge, "wa", 0).await;
            let before = balance(&world.bridge).await;
            let answer = say(&world.bridge, &format!("action=getMultiServiceNumber&country=0&{query}")).await;
            let sold = rows(&answer);
            let [(phone, first, tg), (same, second, wa)] = &sold[..] else { panic!("{kind}: {answer}") };
            let bytes = format!(
                r#"[{{"phone":"{phone}","activation":{first},"service":"tg"}},{{"phone":"{phone}","activation":{second},"service":"wa"}}]"#
            );
            assert_eq!(answer, bytes, "{kind}");
            assert_eq!((phone, tg.as_str(), wa.as_str()), (same, "tg", "wa"), "{kind}");
            assert_ne!(first, second, "{kind}");
            assert!(phone.starts_with("79"), "{kind}: {phone}");
            assert_eq!(balance(&world.bridge).await, before - cost, "{kind}");
            // Each lives by itself.
            world.let_message_come();
            assert!(world.bridge.status(&first.to_string()).await.starts_with("STATUS_OK:"), "{kind}");
            assert!(world.bridge.status(&second.to_string()).await.starts_with("STATUS_OK:"), "{kind}");
            assert_eq!(world.bridge.set(&first.to_string(), "6").await, "ACCESS_ACTIVATION", "{kind}");
            let active = world.bridge.ask("action=getActiveActivations").await;
            assert!(active.contains(&second.to_string()) && !active.contains(&first.to_string()), "{kind}");
            world.end().await;
        }
    }
}

#[tokio::test]
async fn one_service_is_an_ordinary_number_in_a_list() {
    for kind in KINDS {
        let world = stocked(kind).await;
        let answer = say(&world.bridge, "action=getMultiServiceNumber&multiService=tg&country=0").await;
        let sold = rows(&answer);
        assert_eq!((sold.len(), sold[0].2.as_str()), (1, "tg"), "{kind}");
        assert_eq!(world.bridge.status(&sold[0].1.to_string()).await, "STATUS_WAIT_CODE", "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn where_several_cannot_be_had_nothing_is_asked() {
    for kind in KINDS.into_iter().filter(|kind| !SELLING.contains(kind)) {
        let world = stocked(kind).await;
        refuse(&world.bridge, "action=getMultiServiceNumber&multiService=tg,wa&country=0", "NO_NUMBERS")
            .await;
        assert_eq!(upstream(&world).orders(), 0, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn malformed_orders_are_refused_before_anybody_is_asked() {
    let cases = [
        ("country=0", "BAD_SERVICE"),
        ("multiService=&country=0", "BAD_SERVICE"),
        ("multiService=tg,,wa", "BAD_SERVICE"),
        ("multiService=tg,tg", "BAD_SERVICE"),
        ("multiService=tg,t%20g", "BAD_SERVICE"),
        ("multiService=tg,wa&multiForward=1", "BAD_ACTION"),
        ("multiService=tg,wa&multiForward=0,0,0", "BAD_ACTION"),
        ("multiService=tg,wa&multiForward=0,2", "BAD_ACTION"),
        ("multiService=av,ym&forward=1,1", "BAD_ACTION"),
        ("multiService=tg,wa&country=ru", "ERROR_SQL"),
        ("multiService=tg,wa&operator=%00", "NO_NUMBERS"),
    ];
    for kind in KINDS {
        let world = stocked(kind).await;
        let before = balance(&world.bridge).await;
        for (query, word) in cases {
            refuse(&world.bridge, &format!("action=getMultiServiceNumber&{query}"), word).await;
        }
        if kind != "sms-activate" {
            refuse(&world.bridge, "action=getMultiServiceNumber&multiService=tg,qqqq", "BAD_SERVICE").await;
            refuse(&world.bridge, "action=getMultiServiceNumber&multiService=tg,full", "BAD_SERVICE").await;
        }
        assert_eq!(balance(&world.bridge).await, before, "{kind}");
        assert_eq!(world.upstream.as_ref().map_or(0, |upstream| upstream.orders()), 0, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn forwarding_is_sold_where_it_exists_and_is_no_numbers_elsewhere() {
    let query = "action=getMultiServiceNumber&multiService=tg,av&multiForward=0,1&country=0";
    let world = stocked("vak-sms").await;
    refuse(&world.bridge, query, "NO_NUMBERS").await;
    assert_eq!(upstream(&world).orders(), 0);
    world.end().await;
    for kind in ["sandbox", "sms-activate"] {
        let world = stocked(kind).await;
        assert_eq!(rows(&say(&world.bridge, query).await).len(), 2, "{kind}");
        // Telegram does not forward, on the dialect's own list.
        let other = "action=getMultiServiceNumber&multiService=tg,av&forward=1,0&country=0";
        refuse(&world.bridge, other, "NO_NUMBERS").await;
        world.end().await;
    }
    let world = stocked("sms-activate").await;
    say(&world.bridge, query).await;
    assert!(last_lot(&world).forwards);
    world.end().await;
}

#[tokio::test]
async fn vak_sms_sells_two_services_and_no_two_that_are_one() {
    let world = stocked("vak-sms").await;
    for services in ["tg,wa,av", "vk,ma"] {
        let query = format!("action=getMultiServiceNumber&multiService={services}&country=0");
        refuse(&world.bridge, &query, "NO_NUMBERS").await;
    }
    // Noon has no counterpart there.
    refuse(&world.bridge, "action=getMultiServiceNumber&multiService=tg,tf", "BAD_SERVICE").await;
    assert_eq!(upstream(&world).orders(), 0);
    say(&world.bridge, "action=getMultiServiceNumber&multiService=tg,wa&country=0&ref=7&operator=mts").await;
    let asked = upstream(&world).requests().join("\n");
    assert!(asked.contains("service=tg%2Cwa") || asked.contains("service=tg,wa"), "{asked}");
    assert!(asked.contains("operator=mts") && !asked.contains("ref="), "{asked}");
    assert_eq!(upstream(&world).calls("getNumber"), 1);
    world.end().await;
}

#[tokio::test]
async fn all_are_sold_or_none() {
    for kind in ["vak-sms", "sms-activate"] {
        for (special, word) in [(Special::OutOfStock, "NO_NUMBERS"), (Special::NoFunds, "NO_BALANCE")] {
            let world = stocked(kind).await;
            let before = balance(&world.bridge).await;
            upstream(&world).market().declare(Scope::Service("wa".into()), special);
            refuse(&world.bridge, "action=getMultiServiceNumber&multiService=tg,wa&country=0", word).await;
            assert_eq!(balance(&world.bridge).await, before, "{kind}");
            assert_eq!(upstream(&world).market().totals().purchases, 0, "{kind}");
            assert_eq!(say(&world.bridge, "action=getHistory").await, "[]", "{kind}");
            world.end().await;
        }
    }
}
