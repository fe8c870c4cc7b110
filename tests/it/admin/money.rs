//! What was bought, what it cost and what is not known is counted as the upstream's books have it.

use std::sync::Arc;
use std::time::Duration;

use rust_decimal::prelude::ToPrimitive;
use smsbridge::mock::{Mishap, Settings};

use super::{ORDER, WATCHED, samples, upstream, watched};
use crate::harness::{Bridge, KINDS, World, telegram, trip};

const SPENT: &str = "spent_total{provider=\"main\",currency=\"RUB\"}";
const REFUNDED: &str = "refunded_total{provider=\"main\",currency=\"RUB\"}";
const OPEN: &str = "open_activations{provider=\"main\"}";
const UNKNOWN: &str = "unknown_purchases{provider=\"main\"}";

fn purchases(outcome: &str) -> String {
    format!("purchases_total{{provider=\"main\",outcome=\"{outcome}\"}}")
}

#[tokio::test]
async fn spent_less_refunded_is_what_the_upstream_took() {
    for kind in KINDS.into_iter().filter(|kind| *kind != "sandbox") {
        let world = watched(kind, "").await;
        let (used, _) = world.bridge.order(ORDER).await;
        world.let_message_come();
        assert!(world.bridge.status(&used).await.starts_with("STATUS_OK:"), "{kind}");
        world.bridge.set(&used, "6").await;
        let (returned, _) = world.bridge.order(ORDER).await;
        assert_eq!(world.bridge.set(&returned, "8").await, "ACCESS_CANCEL", "{kind}");
        let (_open, _) = world.bridge.order(ORDER).await;
        let seen = samples(&world).await;
        let price = upstream(&world).market().lots()[0].price.to_f64().unwrap();
        assert_eq!((seen.get(SPENT), seen.get(REFUNDED)), (3.0 * price, price), "{kind}\n{}", seen.text);
        assert_eq!((seen.get(OPEN), seen.get(&purchases("done"))), (1.0, 3.0), "{kind}\n{}", seen.text);
        world.end().await;
    }
}

#[tokio::test]
async fn what_runs_out_is_not_called_given_back_where_no_document_says_so() {
    let never = Settings { sms_delay: Duration::from_secs(24 * 3600), ..Settings::default() };
    let world = World::market("vak-sms", &[], WATCHED, never).await;
    let (country, service) = telegram("vak-sms");
    upstream(&world).market().set_stock(&country, &service, 100);
    let (id, _) = world.bridge.order(ORDER).await;
    let before = samples(&world).await;
    assert!(before.get(SPENT) > 0.0 && before.get(REFUNDED) == 0.0, "{}", before.text);
    world.bridge.advance(60 * 60);
    assert_eq!(world.bridge.status(&id).await, "STATUS_CANCEL");
    let seen = samples(&world).await;
    assert_eq!((seen.get(REFUNDED), seen.get(OPEN)), (0.0, 0.0), "{}", seen.text);
    world.end().await;
}

#[tokio::test]
async fn what_was_not_sold_costs_nothing() {
    let world = watched("vak-sms", "").await;
    let (country, service) = telegram("vak-sms");
    upstream(&world).market().set_stock(&country, &service, 0);
    assert_eq!(world.bridge.ask(&format!("action=getNumber&{ORDER}")).await, "NO_NUMBERS");
    let seen = samples(&world).await;
    assert_eq!((seen.get(&purchases("not_done")), seen.get(&purchases("done"))), (1.0, 0.0), "{}", seen.text);
    assert_eq!((seen.get(SPENT), seen.get(OPEN), seen.get(UNKNOWN)), (0.0, 0.0, 0.0));
    world.end().await;
}

#[tokio::test]
async fn what_nobody_knows_shows_until_it_is_known_and_after_a_restart() {
    let world = watched("vak-sms", "").await;
    trip(upstream(&world), Mishap::DropAfter, upstream(&world).names().order);
    assert_eq!(world.bridge.ask(&format!("action=getNumber&{ORDER}")).await, "ERROR_SQL");
    let seen = samples(&world).await;
    assert_eq!((seen.get(&purchases("unknown")), seen.get(UNKNOWN)), (1.0, 1.0), "{}", seen.text);
    assert_eq!((seen.get(SPENT), seen.get(OPEN)), (0.0, 0.0));
    let World { bridge, upstream, .. } = world;
    let clock = Arc::clone(&bridge.clock);
    let home = bridge.stop().await.unwrap();
    let toml = World::toml("vak-sms", &[], upstream.as_ref().unwrap(), WATCHED);
    let again = Bridge::over(&toml, clock, home.path()).await;
    let seen = super::Samples::of(&again).await;
    assert_eq!((seen.get(&purchases("unknown")), seen.get(UNKNOWN)), (0.0, 1.0), "{}", seen.text);
    again.stop().await;
    upstream.unwrap().stop().await;
}
