//! `getBalance` and `getBalanceAndCashBack`: always a decimal point and two decimals (`WIRE.md` section 1,
//! item 9).

use rust_decimal::Decimal;
use smsbridge::mock::Settings;

use super::{balance, price, rich, say};
use crate::harness::{Bridge, Canned, KINDS, World};

#[tokio::test]
async fn a_balance_has_two_decimals_whatever_it_is() {
    let cases = [
        ("0", "0.00"),
        ("100", "100.00"),
        ("0.5", "0.50"),
        ("463.02", "463.02"),
        ("1234567.1", "1234567.10"),
    ];
    for kind in KINDS {
        for (amount, written) in cases {
            let market = Settings { balance: amount.parse().unwrap(), ..rich() };
            let world = World::market(kind, &[], "", market).await;
            for action in ["getBalance", "getBalanceAndCashBack"] {
                let answer = say(&world.bridge, &format!("action={action}")).await;
                assert_eq!(answer, format!("ACCESS_BALANCE:{written}"), "{kind} {action}");
            }
            world.end().await;
        }
    }
}

#[tokio::test]
async fn an_order_costs_what_the_price_list_says() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let (before, cost) = (balance(&world.bridge).await, price(&world.bridge, "tg", 0).await);
        assert!(cost > Decimal::ZERO, "{kind}");
        world.bridge.order("service=tg&country=0").await;
        assert_eq!(balance(&world.bridge).await, before - cost, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn balance_and_cash_back_apart() {
    for kind in KINDS {
        let market = Settings { balance: "463.10".parse().unwrap(), ..rich() };
        let world = World::market(kind, &[], "", market).await;
        let answer = say(&world.bridge, "action=getBalanceAndCashBackV2").await;
        assert_eq!(answer, r#"{"balance":463.1,"cashback":0}"#, "{kind}");
        world.end().await;
    }
    let upstream = Canned::answering(|target| {
        let balance = if target.contains("CashBack") { "110.35" } else { "100.00" };
        (200, format!("ACCESS_BALANCE:{balance}"))
    })
    .await;
    let toml = format!(
        "[provider.main]\nkind = \"sms-activate\"\nbase_url = \"{}\"\napi_key = \"k\"\n",
        upstream.url()
    );
    let bridge = Bridge::start(&toml).await;
    let answer = say(&bridge, "action=getBalanceAndCashBackV2").await;
    assert_eq!(answer, r#"{"balance":100,"cashback":10.35}"#);
}
