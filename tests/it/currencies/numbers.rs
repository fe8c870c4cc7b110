//! Numbers that were bought: their cost in the clients' currency, and in the ledger as it was charged.

use rust_decimal::Decimal;

use super::{DOLLARS, in_rubles, selling};
use crate::harness::{Books, Bridge, KINDS, World};

#[tokio::test]
async fn what_a_number_cost_is_converted_wherever_it_is_shown() {
    for kind in KINDS {
        let (world, price) = selling(kind, &[], DOLLARS).await;
        let (bridge, shown) = (&world.bridge, in_rubles(price));
        let written = format!("{shown:.2}");
        let sold = bridge.json("action=getNumberV2&service=tg&country=0").await;
        assert_eq!(sold["activationCost"], written, "{kind}");
        assert!(sold.get("currency").is_none(), "{kind}: {sold}");
        let id = sold["activationId"].to_string();
        let active = bridge.json("action=getActiveActivations").await;
        assert_eq!(active["activeActivations"][0]["activationCost"], written, "{kind}");
        world.let_message_come();
        assert!(bridge.status(&id).await.starts_with("STATUS_OK:"));
        assert_eq!(bridge.set(&id, "6").await, "ACCESS_ACTIVATION");
        let history = bridge.json("action=getHistory").await;
        assert_eq!(history[0]["cost"].to_string().parse::<Decimal>(), Ok(shown), "{kind}");
        // The ledger keeps the money as it was charged.
        let World { bridge, upstream, .. } = world;
        let clock = bridge.clock.clone();
        let home = bridge.stop().await.unwrap();
        let books = Books::read(home.path(), &clock).await;
        let kept = books.activations[0].price.unwrap();
        assert_eq!((kept.amount, kept.currency.as_str()), (price, "USD"), "{kind}");
        if let Some(upstream) = upstream {
            assert_eq!(upstream.market().totals().charged, price);
            upstream.stop().await;
        }
    }
}

#[tokio::test]
async fn the_undocumented_currency_is_that_of_the_amount_beside_it() {
    // The stand-in says 643, rubles, whatever its account is in.
    for (lines, currency) in [
        (DOLLARS, Some(643)),
        ("currency = \"RUB\"\n[dialect]\ncurrency = \"USD\"\n[dialect.rates]\nRUB = \"0.0108\"", Some(840)),
        ("currency = \"RUB\"\n[dialect]\ncurrency = \"XAU\"\n[dialect.rates]\nRUB = \"0.0001\"", None),
    ] {
        let (world, _) = selling("sms-activate", &["extra-fields"], lines).await;
        let sold = world.bridge.json("action=getNumberV2&service=tg&country=0").await;
        assert_eq!(sold.get("currency").and_then(serde_json::Value::as_u64), currency, "{sold}");
        assert!(sold.get("activationEndTime").is_some(), "{sold}");
        world.end().await;
    }
}

#[tokio::test]
async fn a_cost_without_a_rate_is_unknown_and_comes_back_with_it() {
    let (world, price) = selling("vak-sms", &[], DOLLARS).await;
    let (used, _) = world.bridge.order("service=tg&country=0").await;
    world.let_message_come();
    assert!(world.bridge.status(&used).await.starts_with("STATUS_OK:"));
    assert_eq!(world.bridge.set(&used, "6").await, "ACCESS_ACTIVATION");
    let (open, _) = world.bridge.order("service=tg&country=0").await;
    let World { bridge, upstream, .. } = world;
    let (upstream, clock) = (upstream.unwrap(), bridge.clock.clone());
    let home = bridge.stop().await.unwrap();
    let written = format!("{:.2}", in_rubles(price));
    let cost = in_rubles(price).to_string();
    for (lines, active, used) in
        [("", "0.00", "0"), ("[dialect.rates]\nUSD = \"92.50\"", written.as_str(), cost.as_str())]
    {
        let bridge =
            Bridge::over(&World::toml("vak-sms", &[], &upstream, lines), clock.clone(), home.path()).await;
        let shown = bridge.json("action=getActiveActivations").await;
        assert_eq!(shown["activeActivations"][0]["activationId"], open);
        assert_eq!(shown["activeActivations"][0]["activationCost"], active);
        assert_eq!(bridge.json("action=getHistory").await[1]["cost"].to_string(), used);
        bridge.stop().await;
    }
    let books = Books::read(home.path(), &clock).await;
    assert!(books.activations.iter().all(|one| one.price.is_some_and(|paid| paid.amount == price)));
}
