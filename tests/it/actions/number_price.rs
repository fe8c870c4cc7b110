//! `getNumber` with `maxPrice`: "WRONG_MAX_PRICE:$min - указанная максимальная цена меньше допустимой". A
//! cap is never passed over, and never paid where less will do.

use rust_decimal::Decimal;

use super::{balance, golden, price, say, upstream};
use crate::harness::{KINDS, World};

/// A world where Telegram in Russia costs this; the sandbox has its own price.
async fn selling_at(kind: &'static str, cost: Decimal) -> (World, Decimal) {
    let world = World::of(kind).await;
    if let Some(upstream) = &world.upstream {
        upstream.market().set_price(if kind == "vak-sms" { "ru" } else { "0" }, "tg", cost);
    }
    let listed = price(&world.bridge, "tg", 0).await;
    (world, listed)
}

/// The price that a refusal names; the balance must be untouched.
async fn named(world: &World, action: &str, cap: &str) -> Decimal {
    let before = balance(&world.bridge).await;
    let answer = say(&world.bridge, &format!("action={action}&service=tg&country=0&{cap}")).await;
    assert_eq!(balance(&world.bridge).await, before, "{} {cap}", world.kind);
    let min =
        answer.strip_prefix("WRONG_MAX_PRICE:").unwrap_or_else(|| panic!("{} {cap}: {answer}", world.kind));
    assert!(min.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'), "{answer}");
    min.parse().unwrap()
}

#[tokio::test]
async fn a_cap_below_the_price_is_answered_with_the_price() {
    let cent = Decimal::new(1, 2);
    for kind in KINDS {
        let (world, cost) = selling_at(kind, Decimal::new(753, 2)).await;
        for cap in [cost - cent, cent, Decimal::ONE] {
            for name in ["maxPrice", "max_price"] {
                for action in ["getNumber", "getNumberV2"] {
                    assert_eq!(named(&world, action, &format!("{name}={cap}")).await, cost, "{kind} {cap}");
                }
            }
        }
        if let Some(upstream) = &world.upstream {
            assert_eq!(upstream.market().totals().purchases, 0, "{kind}");
        }
        world.end().await;
    }
}

#[tokio::test]
async fn the_refusal_to_the_byte() {
    let (world, cost) = selling_at("sandbox", Decimal::ZERO).await;
    let expected = format!("WRONG_MAX_PRICE:{cost:.2}");
    golden(&world.bridge, &[("action=getNumber&service=tg&country=0&maxPrice=1", &expected)]).await;
    world.end().await;
}

#[tokio::test]
async fn a_cap_at_or_above_the_price_buys_at_the_price() {
    for kind in KINDS {
        let (world, cost) = selling_at(kind, Decimal::new(753, 2)).await;
        let caps =
            [cost.to_string(), format!("{cost}000"), (cost + Decimal::ONE).to_string(), "99999".to_owned()];
        for cap in &caps {
            for name in ["maxPrice", "max_price"] {
                let before = balance(&world.bridge).await;
                world.bridge.order(&format!("service=tg&country=0&{name}={cap}")).await;
                assert_eq!(balance(&world.bridge).await, before - cost, "{kind} {cap}");
            }
        }
        world.end().await;
    }
}

#[tokio::test]
async fn a_cap_that_is_no_amount_is_not_passed_over() {
    for kind in KINDS {
        let (world, cost) = selling_at(kind, Decimal::new(753, 2)).await;
        for cap in ["abc", "-5", "0", "maxPrice", "1e9", "NaN", "9%00"] {
            assert_eq!(named(&world, "getNumber", &format!("maxPrice={cap}")).await, cost, "{kind} {cap}");
        }
        world.end().await;
    }
}

#[tokio::test]
async fn the_price_of_the_moment_counts_not_the_one_that_was_listed() {
    // VAK-SMS takes no cap, so its price is asked for before the order (UPSTREAMS.md section 6).
    let (world, _) = selling_at("vak-sms", Decimal::from(5)).await;
    world.bridge.order("service=tg&country=0&maxPrice=5").await;
    upstream(&world).market().set_price("ru", "tg", Decimal::from(6));
    assert_eq!(named(&world, "getNumber", "maxPrice=5").await, Decimal::from(6));
    assert_eq!(upstream(&world).market().totals().purchases, 1);
    world.end().await;
}

#[tokio::test]
async fn out_of_stock_and_out_of_money_keep_their_words_under_a_cap() {
    let world = World::of("sandbox").await;
    let cases = [
        ("action=getNumber&service=nn&maxPrice=1000", "NO_NUMBERS"),
        ("action=getNumber&service=nb&maxPrice=1000", "NO_BALANCE"),
        ("action=getNumber&service=nosuch&maxPrice=1", "BAD_SERVICE"),
        ("action=getNumber&service=tg&country=999&maxPrice=1", "NO_NUMBERS"),
    ];
    golden(&world.bridge, &cases).await;
    world.end().await;
}
