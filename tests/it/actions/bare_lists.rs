//! `getServices` of `api/sms-man.txt`, and `getServicesAndCost` and `getCountryAndOperators` of
//! `api/sms-service-online.txt`: lists where the dialect has objects.

use serde_json::Value;

use super::{golden, refuse, say, upstream};
use crate::harness::{KINDS, World, has_operators, telegram};

#[tokio::test]
async fn services_are_a_bare_list_of_the_same_services() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let bare = world.bridge.json("action=getServices").await;
        let listed = world.bridge.json("action=getServicesList").await;
        let pairs = |rows: &Value, id: &str| -> Vec<(String, String)> {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            rows.as_array().unwrap().iter().map(|row| (text(&row[id]), text(&row["name"]))).collect()
        };
        assert_eq!(pairs(&bare, "id"), pairs(&listed["services"], "code"), "{kind}");
        assert_eq!(bare[0].as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "name"], "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn services_with_cost_to_the_byte() {
    for kind in ["vak-sms", "sms-service-online", "sms-activate"] {
        let world = World::of(kind).await;
        let (country, service) = telegram(kind);
        let market = upstream(&world).market();
        market.set_price(&country, &service, "29.88".parse().unwrap());
        let ask = "action=getServicesAndCost&country=0&operator=any&lang=ru";
        // 0 is printed for the price of what is out of stock.
        for (count, expected) in
            [(19, r#""price":29.88,"quantity":"19"}"#), (0, r#""price":0,"quantity":"0"}"#)]
        {
            market.set_stock(&country, &service, count);
            world.bridge.advance(3600);
            let rows = say(&world.bridge, ask).await;
            assert!(rows.contains(&format!(r#"{{"id":"tg","name":"Telegram",{expected}"#)), "{kind} {count}");
        }
        world.end().await;
    }
}

#[tokio::test]
async fn countries_have_names_in_two_languages_and_any_operator() {
    for kind in KINDS {
        let world = World::of(kind).await;
        for (lang, name) in [("", "Россия"), ("&lang=ru", "Россия"), ("&lang=en", "Russia")] {
            let rows = world.bridge.json(&format!("action=getCountryAndOperators{lang}")).await;
            let russia = rows.as_array().unwrap().iter().find(|row| row["id"] == 0).unwrap();
            assert_eq!(russia["name"], name, "{kind}");
            let operators = russia["operators"].as_object().unwrap();
            assert_eq!(operators.keys().next().map(String::as_str), Some("any"), "{kind}");
            assert!(operators.iter().all(|(key, value)| key == value), "{kind} {operators:?}");
            assert_eq!(operators.len() > 1, has_operators(kind), "{kind} {operators:?}");
            let listed = world.bridge.json("action=getCountries").await;
            assert_eq!(rows.as_array().unwrap().len(), listed.as_object().unwrap().len(), "{kind}");
        }
        world.end().await;
    }
}

#[tokio::test]
async fn other_languages_and_countries_that_are_none_are_refused() {
    let world = World::of("vak-sms").await;
    refuse(&world.bridge, "action=getCountryAndOperators&lang=de", "BAD_LANG").await;
    refuse(&world.bridge, "action=getServicesAndCost&lang=de", "BAD_LANG").await;
    refuse(&world.bridge, "action=getServicesAndCost&country=ru&lang=ru", "ERROR_SQL").await;
    golden(&world.bridge, &[("action=getServicesAndCost&country=999&lang=en", "[]")]).await;
    world.end().await;
}
