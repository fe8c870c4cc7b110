//! `maxPrice` is held against the price of the moment, and never becomes an ordinary order.
//! Source: `api/sms-activate.txt`, "Запрос номера" (`WRONG_MAX_PRICE:$min`).

use rust_decimal::Decimal;
use smsbridge::provider::Capability;

use super::stage::{Stage, everywhere};

fn price(stage: &Stage, kopecks: i64) {
    if let Some(market) = stage.market() {
        market.set_price(&stage.country(0), &stage.service("tg"), Decimal::new(kopecks, 2));
    }
}

#[tokio::test]
async fn a_cap_below_the_price_is_refused_with_the_price() {
    everywhere(async |stage| {
        price(stage, 1235);
        let (listed, _) = stage.listed("tg").await;
        let below = listed - Decimal::new(1, 2);
        let refused = format!("WRONG_MAX_PRICE:{listed}");
        for action in ["getNumber", "getNumberV2"] {
            stage.expect(&format!("action={action}&service=tg&country=0&maxPrice={below}"), &refused).await;
            stage.expect(&format!("action={action}&service=tg&country=0&max_price={below}"), &refused).await;
        }
        // Who cannot hold a cap itself is not even asked to sell.
        if !stage.spec.can(Capability::MaxPrice) {
            assert_eq!(stage.orders(), 0);
        }
        let before = stage.balance().await;
        stage.bridge().order(&format!("service=tg&country=0&maxPrice={listed}")).await;
        assert_eq!(stage.balance().await, before - listed);
    })
    .await;
}

#[tokio::test]
async fn the_price_of_the_moment_counts_and_not_the_one_in_a_list() {
    everywhere(async |stage| {
        price(stage, 1000);
        stage.listed("tg").await;
        if stage.market().is_none() {
            return;
        }
        price(stage, 1225);
        stage.expect("action=getNumber&service=tg&country=0&maxPrice=11", "WRONG_MAX_PRICE:12.25").await;
        let sold = stage.bridge().json("action=getNumberV2&service=tg&country=0&maxPrice=12.25").await;
        assert_eq!(sold["activationCost"], "12.25");
    })
    .await;
}

#[tokio::test]
async fn a_cap_that_is_no_amount_is_never_ignored() {
    everywhere(async |stage| {
        price(stage, 1235);
        let (listed, _) = stage.listed("tg").await;
        for cap in ["abc", "-5", "0", "NaN", "1e9"] {
            let query = format!("action=getNumber&service=tg&country=0&maxPrice={cap}");
            stage.expect(&query, &format!("WRONG_MAX_PRICE:{listed}")).await;
        }
        assert_eq!(stage.orders(), 0);
        // An empty one is none.
        stage.bridge().order("service=tg&country=0&maxPrice=").await;
    })
    .await;
}

#[tokio::test]
async fn among_several_operators_the_cap_holds_for_each() {
    everywhere(async |stage| {
        if !stage.has_operators() {
            return;
        }
        price(stage, 1235);
        let (listed, _) = stage.listed("tg").await;
        let below = listed - Decimal::new(1, 2);
        let query = format!("action=getNumber&service=tg&country=0&operator=mts,beeline&maxPrice={below}");
        stage.expect(&query, &format!("WRONG_MAX_PRICE:{listed}")).await;
        let query = format!("service=tg&country=0&operator=mts,beeline&maxPrice={listed}");
        stage.bridge().order(&query).await;
    })
    .await;
}
