//! What is listed is what is charged, what is charged leaves the balance, and the history says the same.

use rust_decimal::Decimal;
use serde_json::Value;
use smsbridge::mock::{FaultPlan, Mishap};

use super::stage::{easy, everywhere, on_market};

#[tokio::test]
async fn a_number_costs_what_is_listed_and_the_history_says_so_once_it_is_used() {
    everywhere(async |stage| {
        let (price, _) = stage.listed("tg").await;
        let before = stage.balance().await;
        let sold = stage.bridge().json("action=getNumberV2&service=tg&country=0").await;
        assert_eq!(sold["activationCost"], Value::String(format!("{price:.2}")));
        assert_eq!(stage.balance().await, before - price);
        let cost = async || stage.bridge().json("action=getHistory").await[0]["cost"].to_string();
        // "Если активация не завершена, то cost = 0".
        assert_eq!(cost().await, "0");
        let id = sold["activationId"].to_string();
        stage.world.let_message_come();
        assert!(stage.bridge().status(&id).await.starts_with("STATUS_OK:"));
        assert_eq!(cost().await, "0");
        assert_eq!(stage.bridge().set(&id, "6").await, "ACCESS_ACTIVATION");
        assert_eq!(cost().await.parse::<Decimal>().unwrap(), price);
        assert_eq!(stage.balance().await, before - price);
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_number_costs_nothing() {
    everywhere(async |stage| {
        let before = stage.balance().await;
        for status in ["8", "-1", "6"] {
            let (id, _) = stage.bridge().order("service=tg&country=0").await;
            assert!(stage.balance().await < before);
            assert_eq!(stage.bridge().set(&id, status).await, "ACCESS_CANCEL");
            assert_eq!(stage.balance().await, before, "after {status}");
        }
        let history = stage.bridge().json("action=getHistory").await;
        for row in history.as_array().unwrap() {
            assert_eq!((row["cost"].to_string().as_str(), row["status"].as_str()), ("0", Some("8")));
        }
    })
    .await;
}

#[tokio::test]
async fn everything_on_offer_is_charged_as_listed() {
    let rich = smsbridge::mock::Settings { balance: Decimal::from(1_000_000), ..easy() };
    on_market(rich, async |stage| {
        if !stage.quirks.is_empty() {
            return;
        }
        let listed = stage.bridge().json("action=getPrices&country=0").await;
        let rows = listed["0"].as_object().unwrap();
        // The sandbox sells two thousand services in one and the same way.
        let step = if stage.upstream().is_some() { 1 } else { 50 };
        let mut balance = stage.balance().await;
        for (service, row) in rows.iter().step_by(step) {
            let answer = stage.bridge().ask(&format!("action=getNumber&service={service}&country=0")).await;
            let after = stage.balance().await;
            if row["count"] == 0 {
                assert_eq!((answer.as_str(), after), ("NO_NUMBERS", balance), "{service}");
                continue;
            }
            if ["nn", "nb"].contains(&service.as_str()) && stage.upstream().is_none() {
                continue;
            }
            assert!(answer.starts_with("ACCESS_NUMBER:"), "{service}: {answer}");
            assert_eq!(balance - after, row["cost"].to_string().parse().unwrap(), "{service}");
            balance = after;
        }
    })
    .await;
}

#[tokio::test]
async fn prices_are_positive_numbers_and_no_country_is_empty() {
    everywhere(async |stage| {
        let prices = stage.bridge().json("action=getPrices&service=tg").await;
        let countries = prices.as_object().unwrap();
        assert!(countries.len() >= 10, "{}", countries.len());
        for (country, services) in countries {
            assert!(country.parse::<u16>().is_ok(), "{country}");
            assert_eq!(services.as_object().unwrap().keys().collect::<Vec<_>>(), ["tg"]);
            let row = &services["tg"];
            assert!(row["cost"].is_number() && row["count"].is_u64(), "{country}: {row}");
            // 0 is what some upstreams print for what is out of stock.
            let free = row["cost"].to_string().parse::<Decimal>().unwrap() <= Decimal::ZERO;
            assert!(!free || (row["cost"] == 0 && row["count"] == 0), "{country}: {row}");
        }
    })
    .await;
}

#[tokio::test]
async fn stock_and_ranking_agree_with_the_price_list() {
    everywhere(async |stage| {
        let (price, count) = stage.listed("tg").await;
        let stock = stage.bridge().json("action=getNumbersStatus&country=0").await;
        assert_eq!(stock["tg_0"], Value::String(count.to_string()));
        let top = stage.bridge().json("action=getTopCountriesByService&service=tg").await;
        let place = top.as_object().unwrap().values().find(|place| place["country"] == 0).unwrap();
        assert_eq!(place["count"], count);
        assert_eq!(place["price"].to_string().parse::<Decimal>().unwrap(), price);
        let counts: Vec<_> =
            top.as_object().unwrap().values().map(|place| place["count"].as_u64().unwrap()).collect();
        assert!(counts.is_sorted_by(|one, next| one >= next), "{counts:?}");
    })
    .await;
}

#[tokio::test]
async fn too_little_money_and_too_little_stock_are_told_apart_and_cost_nothing() {
    let poor = smsbridge::mock::Settings { balance: Decimal::new(150, 2), ..easy() };
    on_market(poor, async |stage| {
        // No price of these markets is below two rubles.
        stage.expect("action=getNumber&service=tg&country=0", "NO_BALANCE").await;
        stage.expect("action=getNumberV2&service=tg&country=0", "NO_BALANCE").await;
        match stage.market() {
            Some(market) => {
                market.set_stock(&stage.country(0), &stage.service("tg"), 0);
                stage.expect("action=getNumber&service=tg&country=0", "NO_NUMBERS").await;
            }
            None => stage.expect("action=getNumber&service=nn&country=0", "NO_NUMBERS").await,
        }
        stage.expect("action=getBalance", "ACCESS_BALANCE:1.50").await;
        stage.expect("action=getActiveActivations", r#"{"status":"error","error":"NO_ACTIVATIONS"}"#).await;
    })
    .await;
}

#[tokio::test]
async fn a_price_that_nobody_could_say_is_looked_up_afterwards() {
    everywhere(async |stage| {
        let Some(upstream) = stage.upstream() else { return };
        let down = FaultPlan::once(Mishap::ServerError).on_any(upstream.names().prices).times(u32::MAX);
        upstream.fault(down);
        let (id, _) = stage.bridge().order("service=tg&country=0").await;
        stage.world.let_message_come();
        assert!(stage.bridge().status(&id).await.starts_with("STATUS_OK:"));
        assert_eq!(stage.bridge().set(&id, "6").await, "ACCESS_ACTIVATION");
        upstream.forgive();
        stage.bridge().advance(60);
        stage.bridge().tidy().await;
        let cost = stage.bridge().json("action=getHistory").await[0]["cost"].to_string();
        assert_eq!(
            cost.parse::<Decimal>().unwrap(),
            upstream.market().lots()[0].price,
            "{}",
            stage.world.kind
        );
    })
    .await;
}
