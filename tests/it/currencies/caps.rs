//! `maxPrice` on its way to the account's currency.

use rust_decimal::Decimal;

use super::{DOLLARS, in_rubles, selling};
use crate::harness::{KINDS, World};

const ORDER: &str = "service=tg&country=0";

/// What is left on the account, in its own currency, where that can be looked at.
fn left(world: &World) -> Option<Decimal> {
    world.upstream.as_ref().map(|upstream| upstream.market().balance())
}

#[tokio::test]
async fn a_cap_below_the_shown_price_is_refused_with_it() {
    for kind in KINDS {
        let (world, price) = selling(kind, &[], DOLLARS).await;
        let shown = in_rubles(price);
        let before = left(&world);
        // Of the last nothing is left in dollars; sent as 0 it might be taken for no cap at all.
        for cap in [shown - Decimal::new(1, 2), Decimal::ONE, Decimal::new(1, 3)] {
            for action in ["getNumber", "getNumberV2"] {
                let query = format!("action={action}&{ORDER}&maxPrice={cap}");
                let answer = world.bridge.get(&query).await;
                assert_eq!(answer.body, format!("WRONG_MAX_PRICE:{shown:.2}"), "{kind} {query}");
                let detail = answer.header("x-smsbridge-detail").unwrap();
                assert!(detail.contains(&format!("({price} USD there, {shown:.2} RUB here)")), "{detail}");
            }
        }
        let absurd = ["abc", "-5", "79228162514264337593543950335"];
        for cap in absurd {
            let answer = world.bridge.ask(&format!("action=getNumber&{ORDER}&maxPrice={cap}")).await;
            assert_eq!(answer.parse_min(), shown, "{kind} {cap}: {answer}");
        }
        assert_eq!(left(&world), before, "{kind}");
        if let Some(upstream) = &world.upstream {
            assert_eq!(upstream.market().totals().purchases, 0, "{kind}");
        }
        world.end().await;
    }
}

trait Min {
    fn parse_min(&self) -> Decimal;
}

impl Min for String {
    fn parse_min(&self) -> Decimal {
        self.strip_prefix("WRONG_MAX_PRICE:").unwrap_or_else(|| panic!("{self}")).parse().unwrap()
    }
}

#[tokio::test]
async fn a_cap_at_or_above_the_shown_price_buys() {
    for kind in KINDS {
        let (world, price) = selling(kind, &[], DOLLARS).await;
        let shown = in_rubles(price);
        for cap in [shown, shown + Decimal::ONE, Decimal::from(99_999)] {
            for name in ["maxPrice", "max_price"] {
                let before = left(&world);
                world.bridge.order(&format!("{ORDER}&{name}={cap}")).await;
                assert_eq!(left(&world), before.map(|before| before - price), "{kind} {cap}");
            }
        }
        world.end().await;
    }
}

#[tokio::test]
async fn what_is_sent_is_rounded_down_to_four_decimals() {
    // 15.73 / 92.5 is 0.170054…; 20 / 92.5 is 0.216216…; 1850 / 92.5 is 20.
    for (cap, sent) in [("15.73", "0.17"), ("20", "0.2162"), ("1850", "20")] {
        let (world, _) = selling("sms-activate", &[], DOLLARS).await;
        world.bridge.order(&format!("{ORDER}&maxPrice={cap}")).await;
        let requests = world.upstream.as_ref().unwrap().requests();
        let asked = requests.iter().rfind(|line| line.contains("action=getNumber")).unwrap();
        assert!(asked.split(['&', ' ']).any(|part| part == format!("maxPrice={sent}")), "{cap}: {asked}");
        world.end().await;
    }
}

#[tokio::test]
async fn a_price_that_rises_after_it_was_listed_is_named_as_it_is_now() {
    let (world, _) = selling("vak-sms", &[], DOLLARS).await;
    world.bridge.order(&format!("{ORDER}&maxPrice=15.73")).await;
    world.upstream.as_ref().unwrap().market().set_price("ru", "tg", Decimal::new(18, 2));
    let answer = world.bridge.ask(&format!("action=getNumber&{ORDER}&maxPrice=15.73")).await;
    assert_eq!(answer, "WRONG_MAX_PRICE:16.65");
    world.end().await;
}
