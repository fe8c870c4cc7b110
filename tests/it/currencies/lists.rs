//! Balances, prices and rankings.

use rust_decimal::Decimal;
use serde_json::Value;
use smsbridge::domain::json_number;
use smsbridge::mock::Settings;

use super::{DOLLARS, in_rubles, selling};
use crate::harness::{Bridge, Canned, KINDS, World};

fn decimal(value: &Value) -> Decimal {
    value.to_string().parse().unwrap()
}

#[tokio::test]
async fn a_balance_is_rounded_down() {
    // Exactly 1142.375, 0.925 and 0 rubles.
    for (dollars, rubles) in [("12.35", "1142.37"), ("0.01", "0.92"), ("0", "0.00"), ("100", "9250.00")] {
        for kind in KINDS {
            let market = Settings { balance: dollars.parse().unwrap(), ..Settings::default() };
            let world = World::market(kind, &[], DOLLARS, market).await;
            for action in ["getBalance", "getBalanceAndCashBack"] {
                let answer = world.bridge.ask(&format!("action={action}")).await;
                assert_eq!(answer, format!("ACCESS_BALANCE:{rubles}"), "{kind} {action}");
            }
            world.end().await;
        }
    }
}

#[tokio::test]
async fn every_price_in_the_list_is_rounded_up_and_nothing_else_is_touched() {
    for kind in KINDS {
        let (plain, world) = (World::of(kind).await, World::with(kind, &[], DOLLARS).await);
        for country in [0, 1] {
            let query = format!("action=getPrices&country={country}");
            let mut expected = plain.bridge.json(&query).await;
            for row in expected[country.to_string()].as_object_mut().unwrap().values_mut() {
                row["cost"] = json_number(in_rubles(decimal(&row["cost"])));
            }
            assert_eq!(world.bridge.json(&query).await, expected, "{kind} {country}");
        }
        let stock = "action=getNumbersStatus&country=0";
        assert_eq!(world.bridge.ask(stock).await, plain.bridge.ask(stock).await, "{kind}");
        plain.end().await;
        world.end().await;
    }
}

#[tokio::test]
async fn rankings_are_converted_native_or_made_here() {
    for kind in KINDS {
        let (plain, world) = (World::of(kind).await, World::with(kind, &[], DOLLARS).await);
        for query in ["&service=tg", "&service=tg&freePrice=true", ""] {
            // Without a service the ranking that is made here goes the same way, over every country.
            if query.is_empty() && kind != "sms-activate" {
                continue;
            }
            let query = format!("action=getTopCountriesByService{query}");
            let mut expected = plain.bridge.json(&query).await;
            convert(&mut expected);
            assert_eq!(world.bridge.json(&query).await, expected, "{kind} {query}");
        }
        plain.end().await;
        world.end().await;
    }
}

fn convert(value: &mut Value) {
    let fields = value.as_object_mut().unwrap();
    if !fields.contains_key("country") {
        fields.values_mut().for_each(convert);
        return;
    }
    for name in ["price", "retail_price"] {
        fields[name] = json_number(in_rubles(decimal(&fields[name])));
    }
    if let Some(map) = fields.get_mut("freePriceMap").and_then(Value::as_object_mut) {
        let priced = map
            .iter()
            .map(|(price, count)| (format!("{:.2}", in_rubles(price.parse().unwrap())), count.clone()));
        *map = priced.collect();
    }
}

#[tokio::test]
async fn prices_that_become_one_are_one_and_odd_rows_stay() {
    let top = r#"{"0":{"country":6,"count":"9","price":"0.00011","retail_price":null,"x":"1.5",
        "freePriceMap":{"0.0001":3,"0.00011":4,"1":2,"0.00009":5}},"note":"none"}"#;
    let upstream = Canned::answering(move |_| (200, top.to_owned())).await;
    let toml = format!(
        "[provider.main]\nkind = \"sms-activate\"\nbase_url = \"{}\"\napi_key = \"k\"\n{DOLLARS}",
        upstream.url()
    );
    let bridge = Bridge::start(&toml).await;
    assert_eq!(
        bridge.ask("action=getTopCountriesByService&service=tg&freePrice=true").await,
        r#"{"0":{"country":6,"count":9,"price":0.02,"retail_price":null,"x":"1.5","freePriceMap":{"0.01":8,"0.02":4,"92.50":2}},"note":"none"}"#
    );
}

#[tokio::test]
async fn a_price_beyond_all_reason_is_an_error_and_no_panic() {
    let answer = r#"{"0":{"tg":{"cost":79228162514264337593543950335,"count":1}}}"#;
    let upstream = Canned::answering(move |target| match target {
        _ if target.contains("getBalance") => {
            (200, "ACCESS_BALANCE:79228162514264337593543950335".to_owned())
        }
        _ => (200, answer.to_owned()),
    })
    .await;
    let toml = format!(
        "[provider.main]\nkind = \"sms-activate\"\nbase_url = \"{}\"\napi_key = \"k\"\n{DOLLARS}",
        upstream.url()
    );
    let bridge = Bridge::start(&toml).await;
    for action in ["getPrices&service=tg", "getBalance"] {
        assert_eq!(bridge.ask(&format!("action={action}")).await, "ERROR_SQL");
    }
}

#[tokio::test]
async fn in_one_currency_nothing_is_touched_whatever_it_is_called() {
    for kind in KINDS {
        let same = "currency = \"USD\"\n[dialect]\ncurrency = \"USD\"\n[dialect.rates]\nRUB = \"0.01\"";
        let (world, price) = selling(kind, &[], same).await;
        let prices = world.bridge.json("action=getPrices&service=tg&country=0").await;
        assert_eq!(decimal(&prices["0"]["tg"]["cost"]), price, "{kind}");
        assert_eq!(world.bridge.ask("action=getBalance").await, "ACCESS_BALANCE:1000.00", "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn a_services_own_lists_are_not_passed_on_in_its_currency() {
    let world = World::with("sms-activate", &["own-lists"], DOLLARS).await;
    let market = world.upstream.as_ref().unwrap().market();
    market.set_price("0", "tg", Decimal::new(17, 2));
    market.set_stock("0", "tg", 158);
    let price = "15.73";
    let table = [
        ("getPricesV2&service=tg&country=0", format!(r#"{{"0":{{"tg":{{"{price}":158}}}}}}"#)),
        (
            "getPricesV3&service=tg&country=0",
            format!(r#"{{"0":{{"tg":{{"1":{{"count":158,"price":{price},"provider_id":1}}}}}}}}"#),
        ),
        (
            "getPricesExtended&service=tg&country=0",
            format!(r#"{{"0":{{"tg":{{"cost":{price},"count":158,"physicalCount":158}}}}}}"#),
        ),
    ];
    for (query, expected) in table {
        assert_eq!(world.bridge.ask(&format!("action={query}")).await, expected, "{query}");
    }
    let hub = world.bridge.json("action=getNumbersStatusAndCostHubFree&country=0").await;
    assert_eq!(hub["tg"]["maxPrice"].to_string(), price);
    let calls = world.bridge.json("action=getPricesVerification&service=tg").await;
    assert_eq!(calls["tg"]["0"]["price"], price);
    let listed = world.bridge.ask("action=getServicesAndCost&country=0").await;
    assert!(listed.contains(&format!(r#""price":{price},"quantity":"158""#)), "{listed}");
    // The other ranking has amounts that are known, so it is converted.
    let top = world.bridge.ask("action=getTopCountriesByService&service=tg").await;
    assert_eq!(world.bridge.ask("action=getTopCountriesByServiceRank&service=tg").await, top);
    let asked = ["getPricesV2", "getPricesV3", "getPricesExtended", "getTopCountriesByServiceRank"];
    for action in asked {
        assert_eq!(world.upstream.as_ref().unwrap().calls(action), 0, "{action}");
    }
    world.end().await;
}
