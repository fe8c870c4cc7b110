//! `getPricesV2`, `getPricesV3`, `getPricesExtended`, `getNumbersStatus1` and `getNumbersStatusAndCostHubFree`: the
//! same prices in other forms, made of the price list, or the service's own where it has them.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{golden, refuse, say, upstream};
use crate::harness::{Bridge, Canned, KINDS, World, telegram};

/// A world in which Telegram in Russia costs this, with so many numbers.
async fn selling(kind: &'static str, quirks: &[&str], price: &str, count: u64) -> World {
    let world = World::with(kind, quirks, "").await;
    let (country, service) = telegram(kind);
    upstream(&world).market().set_price(&country, &service, price.parse().unwrap());
    upstream(&world).market().set_stock(&country, &service, count);
    world
}

#[tokio::test]
async fn each_form_to_the_byte() {
    for kind in ["vak-sms", "sms-man", "sms-activate"] {
        let world = selling(kind, &[], "15.50", 158).await;
        golden(
            &world.bridge,
            &[
                ("action=getPricesV2&service=tg&country=0", r#"{"0":{"tg":{"15.50":158}}}"#),
                (
                    "action=getPricesV3&service=tg&country=0",
                    r#"{"0":{"tg":{"1":{"count":158,"price":15.5,"provider_id":1}}}}"#,
                ),
                (
                    "action=getPricesExtended&service=tg&country=0",
                    r#"{"0":{"tg":{"cost":15.5,"count":158,"physicalCount":158}}}"#,
                ),
                (
                    "action=getPricesExtended&service=tg&country=0&freePrice=True",
                    r#"{"0":{"tg":{"cost":15.5,"count":158,"physicalCount":158,"freePriceMap":{"15.50":158}}}}"#,
                ),
            ],
        )
        .await;
        let stock = world.bridge.json("action=getNumbersStatus1&country=0").await;
        assert_eq!(stock["tg_0"].to_string(), r#"{"quant":"158","cost":15.5}"#, "{kind}");
        let hub = world.bridge.json("action=getNumbersStatusAndCostHubFree&country=0").await;
        assert_eq!(
            hub["tg"].to_string(),
            r#"{"priceMap":{"15.50":158},"maxPrice":15.5,"defaultPrice":15.5,"defaultMaxPrice":true,"random":true,"quantityForMaxPrice":158,"totalQuantity":158,"canAuction":false,"auctionMap":[],"work":true}"#,
            "{kind}"
        );
        world.end().await;
    }
}

#[tokio::test]
async fn what_is_out_of_stock_has_no_price_to_be_had() {
    let world = selling("vak-sms", &[], "15.50", 0).await;
    golden(&world.bridge, &[("action=getPricesV2&service=tg&country=0", "{}")]).await;
    let stock = world.bridge.json("action=getNumbersStatus1&country=0").await;
    assert_eq!(stock["tg_0"], json!({"quant": "0", "cost": 15.5}));
    let hub = world.bridge.json("action=getNumbersStatusAndCostHubFree").await;
    // A client takes each service that it knows for granted, sold or not (`WIRE.md` section 1, item 7).
    for service in ["tg", "ss", "full"] {
        let row = &hub[service];
        if service == "full" {
            assert_eq!(*row, Value::Null);
            continue;
        }
        let told = (&row["priceMap"], &row["maxPrice"], &row["totalQuantity"], &row["work"]);
        assert_eq!(told, (&json!({}), &json!(0), &json!(0), &json!(false)), "{service}");
    }
    world.end().await;
}

#[tokio::test]
async fn a_price_is_never_shown_too_low_to_be_a_cap() {
    let world = selling("sms-activate", &[], "0.1234", 3).await;
    golden(&world.bridge, &[("action=getPricesV2&service=tg&country=0", r#"{"0":{"tg":{"0.1234":3}}}"#)])
        .await;
    let price = Decimal::new(1234, 4);
    world.bridge.order(&format!("service=tg&country=0&maxPrice={price}")).await;
    world.end().await;
}

#[tokio::test]
async fn a_services_own_list_is_passed_on_as_it_is_and_kept() {
    let world = selling("sms-activate", &["own-lists"], "15.50", 158).await;
    let own = [
        (
            "getPricesV3&service=tg&country=0",
            r#"{"0":{"tg":{"2319":{"count":158,"price":15.5,"provider_id":2319}}}}"#,
        ),
        (
            "getPricesExtended&service=tg&country=0&freePrice=1",
            r#"{"0":{"tg":{"cost":15.5,"count":158,"physicalCount":79}}}"#,
        ),
        ("getPricesV2&service=tg&country=0", r#"{"0":{"tg":{"15.50":158}}}"#),
    ];
    for (query, expected) in own {
        // `freePrice=1` is how one client spells what the service knows as `true` only.
        let query = query.replace("freePrice=1", "freePrice=true");
        for _ in 0..3 {
            assert_eq!(say(&world.bridge, &format!("action={query}")).await, expected);
        }
        let action = query.split('&').next().unwrap();
        assert_eq!(upstream(&world).calls(action), 1, "{action}");
    }
    let hub = world.bridge.json("action=getNumbersStatusAndCostHubFree&country=0&operator=any").await;
    assert_eq!(hub["tg"], json!({"priceMap": {"15.50": 158}, "work": true}));
    let rank = world.bridge.json("action=getTopCountriesByServiceRank&service=tg").await;
    assert_eq!(rank["0"]["rank"], 1);
    assert_eq!(upstream(&world).calls("getPrices"), 0);
    world.end().await;
}

#[tokio::test]
async fn what_php_prints_as_a_list_is_an_object_again_and_pages_are_no_list() {
    let own = [
        (r#"[{"tg":{"1.50":3}}]"#, r#"{"0":{"tg":{"1.50":3}}}"#),
        ("[]", "{}"),
        (r#"{"6":{"tg":{"1.50":3}}}"#, r#"{"6":{"tg":{"1.50":3}}}"#),
        ("<html>", "ERROR_SQL"),
        ("[1,2]", "ERROR_SQL"),
        ("BAD_KEY", "BAD_KEY"),
        ("ACCESS_BALANCE:5", "ERROR_SQL"),
    ];
    for (says, hears) in own {
        let upstream = Canned::answering(move |_| (200, says.to_owned())).await;
        let toml = format!(
            "[provider.main]\nkind = \"sms-activate\"\nbase_url = \"{}\"\napi_key = \"k\"\n",
            upstream.url()
        );
        let bridge = Bridge::start(&toml).await;
        assert_eq!(say(&bridge, "action=getPricesV2").await, hears, "{says}");
    }
}

#[tokio::test]
async fn that_a_service_has_no_such_list_is_not_asked_again_and_again() {
    let world = selling("sms-activate", &[], "15.50", 158).await;
    for _ in 0..3 {
        say(&world.bridge, "action=getPricesV2&service=tg&country=0").await;
        let rank = world.bridge.json("action=getTopCountriesByServiceRank&service=tg&freePrice=true").await;
        // It is the ranking that the service does have.
        assert!(rank["0"].get("rank").is_none() && rank["0"]["freePriceMap"].is_object(), "{rank}");
    }
    for action in ["getPricesV2", "getPrices", "getTopCountriesByServiceRank", "getTopCountriesByService"] {
        assert_eq!(upstream(&world).calls(action), 1, "{action}");
    }
    world.end().await;
}

#[tokio::test]
async fn one_seller_is_chosen_or_not() {
    let world = selling("vak-sms", &[], "15.50", 158).await;
    let ask = "action=getPricesV3&service=tg&country=0";
    let all = say(&world.bridge, ask).await;
    for chosen in ["&providerIds=1", "&providerIds=7,1", "&exceptProviderIds=7", "&providerIds="] {
        assert_eq!(say(&world.bridge, &format!("{ask}{chosen}")).await, all, "{chosen}");
    }
    for none in ["&providerIds=2319", "&exceptProviderIds=1,2"] {
        assert_eq!(say(&world.bridge, &format!("{ask}{none}")).await, "{}", "{none}");
    }
    world.end().await;
}

#[tokio::test]
async fn operators_have_their_own_stock() {
    let world = World::of("sandbox").await;
    let counts = world.bridge.json("action=getNumbersStatus&country=0&operator=mts").await;
    let priced = world.bridge.json("action=getNumbersStatus1&country=0&operator=mts").await;
    let hub = world.bridge.json("action=getNumbersStatusAndCostHubFree&country=0&operator=mts").await;
    assert_eq!(priced["tg_0"]["quant"], counts["tg_0"]);
    assert_eq!(hub["tg"]["totalQuantity"].to_string(), counts["tg_0"].as_str().unwrap());
    let any = world.bridge.json("action=getNumbersStatus1&country=0").await;
    assert_ne!(any["tg_0"]["quant"], counts["tg_0"]);
    world.end().await;
}

#[tokio::test]
async fn what_is_no_service_and_no_country_is_refused() {
    for kind in KINDS {
        let world = World::of(kind).await;
        for action in ["getPricesV2", "getPricesV3", "getPricesExtended"] {
            refuse(&world.bridge, &format!("action={action}&service=no_code"), "BAD_SERVICE").await;
            refuse(&world.bridge, &format!("action={action}&country=ru"), "ERROR_SQL").await;
            if kind != "sms-activate" {
                refuse(&world.bridge, &format!("action={action}&service=nosuch"), "BAD_SERVICE").await;
                let none = format!("action={action}&service=tg&country=999");
                golden(&world.bridge, &[(&none, "{}")]).await;
            }
        }
        for action in ["getNumbersStatus1", "getNumbersStatusAndCostHubFree"] {
            refuse(&world.bridge, &format!("action={action}&country=ru"), "ERROR_SQL").await;
        }
        world.end().await;
    }
}
