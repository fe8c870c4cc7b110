//! Accounts in another currency than the clients': what they are told is converted and rounded so that
//! nobody is misled, and what the upstream is told never exceeds what the client said.

mod caps;
mod lists;
mod numbers;

use rust_decimal::{Decimal, RoundingStrategy};
use smsbridge::mock::Settings;

use crate::harness::World;

/// More lines of `[provider.main]`: an account in dollars, of which one is 92.50 rubles.
const DOLLARS: &str = "currency = \"USD\"\n[dialect.rates]\nUSD = \"92.50\"";

/// A cost in dollars as clients are to see it.
fn in_rubles(dollars: Decimal) -> Decimal {
    (dollars * Decimal::new(9250, 2)).round_dp_with_strategy(2, RoundingStrategy::ToPositiveInfinity)
}

/// A world with an account in dollars, where Telegram in Russia costs 17 cents, 15.725 rubles; the
/// sandbox has its own price. Gives that price too.
async fn selling(kind: &'static str, quirks: &[&str], lines: &str) -> (World, Decimal) {
    let market = || Settings {
        balance: Decimal::from(1000),
        early_cancel: Some(std::time::Duration::ZERO),
        ..Settings::default()
    };
    let world = World::market(kind, quirks, lines, market()).await;
    let cents = Decimal::new(17, 2);
    if let Some(upstream) = &world.upstream {
        upstream.market().set_price(if kind == "vak-sms" { "ru" } else { "0" }, "tg", cents);
        return (world, cents);
    }
    // The same market, seen without a rate between.
    let plain = World::market(kind, &[], "", market()).await;
    let prices = plain.bridge.json("action=getPrices&service=tg&country=0").await;
    (world, prices["0"]["tg"]["cost"].to_string().parse().unwrap())
}
