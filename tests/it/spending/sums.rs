//! What was spent in an hour and in a day: by all and by each, at once and over restarts.

use std::time::Duration;

use futures_util::future::join_all;
use smsbridge::clock::MovableClock;
use smsbridge::mock::{FaultPlan, Mishap, STAND_INS, Settings};
use tempfile::TempDir;

use super::{ORDER, REFUSED, buys, clients, is_refused, priced, rival, selling, upstream};
use crate::harness::{Bridge, Log, World, trip};

const PER_DAY: &str = "[spending]\nper_day = \"25.00\"";
const REACHED: &str = "[spending] per_day = 25.00 RUB";

#[tokio::test]
async fn what_would_exceed_a_days_limit_is_not_bought_and_a_refund_makes_room() {
    for kind in STAND_INS.iter().map(|stand_in| stand_in.name) {
        let world = selling(kind, PER_DAY).await;
        let first = buys(&world.bridge).await;
        buys(&world.bridge).await;
        let asked = upstream(&world).orders();
        is_refused(&world.bridge, REACHED).await;
        assert_eq!(upstream(&world).orders(), asked, "{kind}: nothing was asked for");
        let history = world.bridge.json("action=getHistory").await;
        assert_eq!(history.as_array().unwrap().len(), 2, "{kind}");
        assert_eq!(world.bridge.set(&first, "8").await, "ACCESS_CANCEL", "{kind}");
        buys(&world.bridge).await;
        is_refused(&world.bridge, REACHED).await;
        world.bridge.advance(24 * 3600);
        buys(&world.bridge).await;
        drop(world.bridge.stop().await);
    }
}

#[tokio::test]
async fn an_hour_later_an_hours_limit_has_room_again() {
    let world = selling("sms-activate", "[spending]\nper_hour = 10").await;
    let (log, refused) = (Log::of("smsbridge::engine::spending"), "[spending] per_hour = 10 RUB");
    buys(&world.bridge).await;
    world.bridge.advance(3599);
    is_refused(&world.bridge, refused).await;
    is_refused(&world.bridge, refused).await;
    assert_eq!(log.lines(refused).len(), 1, "the log says it once");
    world.bridge.advance(1);
    buys(&world.bridge).await;
    world.end().await;
}

#[tokio::test]
async fn orders_at_once_do_not_exceed_a_limit_together() {
    for kind in ["vak-sms", "smsak", "sms-activate"] {
        for limits in ["[spending]\nper_hour = 100", "[spending.each_client]\nopen_activations = 10"] {
            let world = selling(kind, limits).await;
            let answers = join_all((0..50).map(|_| world.bridge.ask(ORDER))).await;
            let sold = answers.iter().filter(|answer| answer.starts_with("ACCESS_NUMBER:")).count();
            let refused = answers.iter().filter(|answer| *answer == REFUSED).count();
            assert_eq!((sold, refused), (10, 40), "{kind} {limits}: {answers:?}");
            assert_eq!(upstream(&world).market().totals().charged, 100.into(), "{kind} {limits}");
            world.end().await;
        }
    }
}

#[tokio::test]
async fn each_client_has_a_limit_of_its_own() {
    let lines = format!(
        "{}per_day = 10\n[spending]\nper_day = 40\n[spending.each_client]\nper_day = 20",
        clients("")
    );
    let world = selling("sms-activate", &lines).await;
    buys(&world.bridge).await;
    is_refused(&world.bridge, "[clients.key.shop] per_day = 10 RUB").await;
    for _ in 0..2 {
        assert!(rival(&world.bridge).await.starts_with("ACCESS_NUMBER:"));
    }
    assert_eq!(rival(&world.bridge).await, REFUSED);
    world.end().await;
}

#[tokio::test]
async fn what_was_spent_before_a_restart_counts_whoever_sold_it() {
    let (home, clock) = (TempDir::new().unwrap(), MovableClock::standing());
    let market = || Settings { early_cancel: Some(Duration::ZERO), ..Settings::default() };
    let limits = "[spending]\nper_day = \"25.00\"\n[spending.each_client]\nopen_activations = 2";
    let one = World::stand_in("vak-sms", &[], market(), &clock).await;
    priced("vak-sms", &one);
    let named = |lines| World::toml("vak-sms", &[], &one, lines).replace("[provider.main]", "[provider.old]");
    let bridge = Bridge::over(&named(limits), clock.clone(), home.path()).await;
    let cancelled = buys(&bridge).await;
    assert_eq!(bridge.set(&cancelled, "8").await, "ACCESS_CANCEL");
    buys(&bridge).await;
    // Nobody knows whether this one was bought, so that it counts.
    trip(&one, Mishap::DropAfter, one.names().order);
    assert_eq!(bridge.ask(ORDER).await, "ERROR_SQL");
    is_refused(&bridge, "[spending] per_day = 25.00 RUB").await;
    bridge.crash().await;

    let other = World::stand_in("sms-activate", &[], market(), &clock).await;
    priced("sms-activate", &other);
    let old = named("");
    let toml = World::toml("sms-activate", &[], &other, &format!("{old}\n{limits}"));
    let bridge = Bridge::over(&toml, clock.clone(), home.path()).await;
    is_refused(&bridge, "[spending] per_day = 25.00 RUB").await;
    assert_eq!(other.orders(), 0);
    bridge.advance(24 * 3600);
    // What was opened a day ago has long been over, and nobody has looked.
    buys(&bridge).await;
    is_refused(&bridge, "[spending.each_client] open_activations = 2").await;
    bridge.tidy().await;
    buys(&bridge).await;
}

#[tokio::test]
async fn what_nobody_knows_of_counts_with_its_expected_price() {
    let world = selling("sms-activate", PER_DAY).await;
    let lost = FaultPlan::once(Mishap::DropAfter).on_any(upstream(&world).names().order).times(2);
    upstream(&world).fault(lost);
    for _ in 0..2 {
        assert_eq!(world.bridge.ask(ORDER).await, "ERROR_SQL");
    }
    is_refused(&world.bridge, REACHED).await;
    world.end().await;
}
