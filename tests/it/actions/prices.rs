//! `getPrices`: "JSON - объект в формате {"Страна":{"Сервис":{"cost":Стоимость,"count":Количество}}}",
//! with numbers as numbers and objects as objects (`WIRE.md` section 1, items 11 and 12).

use rust_decimal::Decimal;

use super::{golden, refuse, say, upstream};
use crate::harness::{KINDS, World};

#[tokio::test]
async fn one_service_in_one_country_to_the_byte() {
    for (kind, country) in [("vak-sms", "ru"), ("sms-activate", "0")] {
        let world = World::of(kind).await;
        let market = upstream(&world).market();
        for (cost, count, written) in [
            (Decimal::new(1550, 2), 158, r#"{"0":{"tg":{"cost":15.5,"count":158}}}"#),
            (Decimal::new(2000, 2), 0, r#"{"0":{"tg":{"cost":20,"count":0}}}"#),
            (Decimal::new(705, 2), 1, r#"{"0":{"tg":{"cost":7.05,"count":1}}}"#),
        ] {
            market.set_price(country, "tg", cost);
            market.set_stock(country, "tg", count);
            // Lists are kept for a minute.
            world.bridge.advance(60);
            golden(&world.bridge, &[("action=getPrices&service=tg&country=0", written)]).await;
        }
        world.end().await;
    }
}

#[tokio::test]
async fn every_offer_has_a_cost_and_a_count_as_numbers() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let by_country = world.bridge.json("action=getPrices&country=0").await;
        let by_service = world.bridge.json("action=getPrices&service=tg").await;
        assert_eq!(by_country.as_object().unwrap().keys().collect::<Vec<_>>(), ["0"], "{kind}");
        assert!(by_service.as_object().unwrap().len() >= 10, "{kind}");
        assert_eq!(by_service["0"]["tg"], by_country["0"]["tg"], "{kind}");
        for (country, services) in
            by_country.as_object().unwrap().iter().chain(by_service.as_object().unwrap())
        {
            assert!(country.parse::<u16>().is_ok(), "{kind} {country}");
            // An empty one makes JAVA fail.
            assert!(!services.as_object().unwrap().is_empty(), "{kind} {country}");
            for (service, offer) in services.as_object().unwrap() {
                let fields = offer.as_object().unwrap();
                assert_eq!(fields.keys().collect::<Vec<_>>(), ["cost", "count"], "{kind} {service}");
                assert!(offer["cost"].is_number() && offer["count"].as_u64().is_some(), "{kind} {offer}");
            }
        }
        let only_tg =
            by_service.as_object().unwrap().values().all(|services| services.as_object().unwrap().len() == 1);
        assert!(only_tg, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn no_country_named_means_all_of_them() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let all = say(&world.bridge, "action=getPrices&service=tg").await;
        for query in ["&country=", "&country=any"] {
            assert!(
                say(&world.bridge, &format!("action=getPrices&service=tg{query}")).await == all,
                "{kind}"
            );
        }
        let countries: serde_json::Value = serde_json::from_str(&all).unwrap();
        let listed = world.bridge.json("action=getCountries").await;
        let keys = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&countries), keys(&listed), "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn what_is_not_sold_is_an_empty_object_and_what_is_not_a_service_an_error() {
    for kind in KINDS {
        let world = World::of(kind).await;
        refuse(&world.bridge, "action=getPrices&country=ru", "ERROR_SQL").await;
        refuse(&world.bridge, "action=getPrices&service=no_code", "BAD_SERVICE").await;
        // The stand-in for sms-activate counts codes that do not exist as violations.
        if kind != "sms-activate" {
            golden(&world.bridge, &[("action=getPrices&service=tg&country=999", "{}")]).await;
            refuse(&world.bridge, "action=getPrices&service=nosuch", "BAD_SERVICE").await;
        }
        world.end().await;
    }
    // VAK-SMS has neither the virtual USA nor Hezzl.
    let world = World::of("vak-sms").await;
    golden(&world.bridge, &[("action=getPrices&country=12", "{}"), ("action=getPrices&service=ss", "{}")])
        .await;
    world.end().await;
}

#[tokio::test]
async fn fields_that_no_document_names_survive() {
    let world = World::with("sms-activate", &["extra-fields"], "").await;
    upstream(&world).market().set_price("0", "tg", Decimal::from(15));
    upstream(&world).market().set_stock("0", "tg", 8);
    let expected = r#"{"0":{"tg":{"cost":15,"count":8,"physicalCount":4}}}"#;
    golden(&world.bridge, &[("action=getPrices&service=tg&country=0", expected)]).await;
    world.end().await;
}
