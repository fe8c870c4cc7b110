//! `/healthz` says that the program answers, `/readyz` whether an order could be carried out.

use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;
use smsbridge::clock::MovableClock;
use smsbridge::mock::{FaultPlan, Mishap};
use tempfile::TempDir;

use super::{ORDER, WATCHED, samples, upstream, watched};
use crate::harness::Bridge;
use crate::process::asked;

#[tokio::test]
async fn a_server_that_is_well_is_ready() {
    let world = watched("sandbox", "").await;
    for path in ["/healthz", "/readyz"] {
        let answer = world.bridge.watch(path).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "ok"), "{path}");
    }
    assert_eq!(samples(&world).await.get("ready"), 1.0);
    world.end().await;
}

/// Asking costs a write, so who asks often must not wear out the disk.
#[tokio::test]
async fn the_ledger_is_tried_once_a_second_however_often_somebody_asks() {
    let world = watched("sandbox", "").await;
    let writes = async || samples(&world).await.get("ledger_write_duration_seconds_count");
    world.bridge.watch("/readyz").await;
    let before = writes().await;
    for _ in 0..5 {
        world.bridge.watch("/readyz").await;
    }
    assert_eq!(writes().await, before);
    world.bridge.advance(1);
    world.bridge.watch("/readyz").await;
    world.bridge.watch("/readyz").await;
    assert_eq!(writes().await, before + 1.0);
    world.end().await;
}

/// What is done once a minute though nobody asks costs no write where there is nothing to do.
#[tokio::test]
async fn where_nothing_happened_nothing_is_written() {
    let world = watched("vak-sms", "").await;
    let writes = async || samples(&world).await.get("ledger_write_duration_seconds_count");
    let before = writes().await;
    world.bridge.settle_doubts().await;
    world.bridge.tidy().await;
    assert_eq!(writes().await, before);
    world.end().await;
}

#[tokio::test]
async fn without_its_ledger_a_server_lives_but_is_not_ready() {
    let (home, clock) = (TempDir::new().unwrap(), MovableClock::standing());
    let bridge = Bridge::over(WATCHED, Arc::clone(&clock), home.path()).await;
    let other = Connection::open(home.path().join("ledger.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let answer = bridge.watch("/readyz").await;
    assert_eq!(answer.status, 503, "{}", answer.body);
    assert!(answer.body.starts_with("the ledger cannot be written: "), "{}", answer.body);
    assert_eq!(bridge.watch("/healthz").await.status, 200);
    let seen = super::Samples::of(&bridge).await;
    assert_eq!((seen.get("ready"), seen.get("ledger_write_failures_total")), (0.0, 1.0), "{}", seen.text);
    other.execute_batch("ROLLBACK").unwrap();
    bridge.advance(1);
    assert_eq!(bridge.watch("/readyz").await.status, 200);
    bridge.stop().await;
}

#[tokio::test]
async fn one_upstream_that_works_is_enough_and_none_is_not() {
    // Nobody listens there.
    let dead = "[provider.main]\nkind = \"vak-sms\"\napi_key = \"k\"\nbase_url = \"http://127.0.0.1:1\"\nbreaker_failures = 1\n";
    for (other, status, ready) in [("", 503, 0.0), ("[provider.other]\nkind = \"sandbox\"\n", 200, 1.0)] {
        let bridge = Bridge::start(&format!("{WATCHED}{dead}{other}")).await;
        assert_eq!(bridge.watch("/readyz").await.status, 200);
        assert_eq!(bridge.ask("action=getBalance").await, "ERROR_SQL");
        let answer = bridge.watch("/readyz").await;
        assert_eq!(answer.status, status, "{}", answer.body);
        assert_eq!(status == 503, answer.body == "no upstream works", "{}", answer.body);
        let seen = super::Samples::of(&bridge).await;
        assert_eq!(seen.get("ready"), ready);
        assert!(seen.text.contains("smsbridge_breaker_state{provider=\"main\"} 2"), "{}", seen.text);
        bridge.stop().await;
    }
}

#[tokio::test]
async fn while_it_stops_it_is_not_ready() {
    let world = watched("vak-sms", "").await;
    let slow = Mishap::LateAnswer(Duration::from_millis(1500));
    upstream(&world).fault(FaultPlan::once(slow).on("getNumber"));
    let (addr, admin) = (world.bridge.addr, world.bridge.admin.unwrap());
    let order = tokio::spawn(async move {
        let path = smsbridge::server::DIALECT_PATH;
        crate::harness::get(addr, &format!("{path}?api_key=any&action=getNumber&{ORDER}"), &[]).await.body
    });
    asked(upstream(&world), &["getNumber"], 1).await;
    let stopping = tokio::spawn(world.bridge.stop());
    crate::webhooks::until("the end of readiness", async || {
        let answer = crate::harness::get(admin, "/readyz", &[]).await;
        answer.status == 503 && answer.body == "the server is shutting down"
    })
    .await;
    assert!(order.await.unwrap().starts_with("ACCESS_NUMBER:"));
    stopping.await.unwrap();
}
