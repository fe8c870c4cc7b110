//! The most that a purchase may cost, beside what the client itself would pay; and accounts in other currencies.

use rust_decimal::Decimal;
use smsbridge::mock::{FaultPlan, Mishap, STAND_INS};

use super::{ORDER, REFUSED, buys, is_refused, selling, upstream};
use crate::harness::telegram;

#[tokio::test]
async fn the_word_says_whose_cap_the_price_is_above() {
    for kind in STAND_INS.iter().map(|stand_in| stand_in.name) {
        let world = selling(kind, "[spending]\nmax_price = 5").await;
        for (cap, answer) in [
            ("", REFUSED),
            ("&maxPrice=3", "WRONG_MAX_PRICE:10"),
            ("&maxPrice=7", "WRONG_MAX_PRICE:10"),
            ("&maxPrice=20", REFUSED),
        ] {
            let answered = world.bridge.ask(&format!("{ORDER}{cap}")).await;
            // The upstreams write the price with more zeros or fewer.
            let same = answered.trim_end_matches(['0', '.']) == answer.trim_end_matches(['0', '.']);
            assert!(same, "{kind} {cap}: {answered}");
        }
        is_refused(&world.bridge, "[spending] max_price = 5 RUB").await;
        assert_eq!(upstream(&world).market().totals().purchases, 0, "{kind}");
        let (country, service) = telegram(kind);
        upstream(&world).market().set_price(&country, &service, Decimal::from(5));
        world.bridge.advance(61);
        buys(&world.bridge).await;
        world.end().await;
    }
}

#[tokio::test]
async fn a_price_that_rose_unseen_does_not_exceed_a_limit() {
    let v2 = "action=getNumberV2&service=tg&country=0";
    let cases = [
        ("vak-sms", "max_price = 12", ORDER),
        ("sms-activate", "max_price = 12", ORDER),
        ("sms-activate", "per_day = 22", v2),
    ];
    for (kind, limit, order) in cases {
        let world = selling(kind, &format!("[spending]\n{limit}")).await;
        buys(&world.bridge).await;
        let (country, service) = telegram(kind);
        upstream(&world).market().set_price(&country, &service, Decimal::from(15));
        assert_eq!(world.bridge.ask(order).await, REFUSED, "{kind} {limit}");
        assert_eq!(upstream(&world).market().totals().charged, 10.into(), "{kind} {limit}");
        world.end().await;
    }
}

/// A price that nobody knows may be any: all that is left is held for it, until it is known.
#[tokio::test]
async fn what_has_no_price_yet_takes_all_that_is_left() {
    let world = selling("vak-sms", "[spending]\nper_day = 25").await;
    let market = upstream(&world);
    market.fault(FaultPlan::once(Mishap::ServerError).on_any(market.names().prices).times(1000));
    buys(&world.bridge).await;
    is_refused(&world.bridge, "[spending] per_day = 25 RUB").await;
    assert_eq!(market.orders(), 1);
    market.forgive();
    world.bridge.advance(61);
    world.bridge.tidy().await;
    buys(&world.bridge).await;
    is_refused(&world.bridge, "[spending] per_day = 25 RUB").await;
    assert_eq!(market.market().totals().charged, 20.into());
    world.end().await;
}

#[tokio::test]
async fn dollars_count_as_what_they_are_in_rubles_rounded_up() {
    // 10 dollars at 92.501 are 925.01 rubles.
    for (limit, numbers) in [("1850.01", 1), ("1850.02", 2)] {
        let lines = format!(
            "currency = \"USD\"\n[dialect.rates]\nUSD = \"92.501\"\n[spending.each_client]\nper_hour = \"{limit}\""
        );
        let world = selling("sms-activate", &lines).await;
        for _ in 0..numbers {
            buys(&world.bridge).await;
        }
        is_refused(&world.bridge, &format!("[spending.each_client] per_hour = {limit} RUB")).await;
        world.end().await;
    }
}

#[tokio::test]
async fn a_limit_of_nothing_lets_nothing_pass() {
    for limits in ["max_price", "per_hour", "per_day", "open_activations"] {
        let world = selling("sms-activate", &format!("[spending]\n{limits} = 0")).await;
        assert_eq!(world.bridge.ask(ORDER).await, REFUSED, "{limits}");
        assert_eq!(upstream(&world).orders(), 0, "{limits}");
        world.end().await;
    }
}
