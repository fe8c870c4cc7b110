//! Time at upstreams is not smsbridge's own, and neither is waiting for a call that another request made.

use std::time::Duration;

use smsbridge::mock::{FaultPlan, Mishap};

use super::{ORDER, samples, upstream, watched};
use crate::process::asked;
use crate::webhooks::until;

const SLOW: Duration = Duration::from_millis(800);

#[tokio::test]
async fn overhead_is_without_upstreams_and_without_waiting_for_them() {
    let world = watched("vak-sms", "").await;
    let (id, _) = world.bridge.order(ORDER).await;
    let before = samples(&world).await;
    upstream(&world).fault(FaultPlan::once(Mishap::Latency(SLOW)).on("getSmsCode"));
    let second = async {
        asked(upstream(&world), &["getSmsCode"], 1).await;
        world.bridge.status(&id).await
    };
    let (first, second) = tokio::join!(world.bridge.status(&id), second);
    assert_eq!((first.as_str(), second.as_str()), ("STATUS_WAIT_CODE", "STATUS_WAIT_CODE"));
    let seen = samples(&world).await;
    let rose = |name: &str| seen.get(name) - before.get(name);
    let elsewhere = rose("request_duration_seconds_sum") - rose("overhead_seconds_sum");
    // The one that asked, and some of it the one that waited.
    assert!(elsewhere > SLOW.as_secs_f64() * 1.1, "{elsewhere}\n{}", seen.text);
    assert_eq!(rose("upstream_duration_seconds_count{provider=\"main\"}"), 1.0);
    assert!(rose("upstream_duration_seconds_sum{provider=\"main\"}") >= SLOW.as_secs_f64());
    world.end().await;
}

/// The clock stands, so that what is too much waits until the test moves it.
#[tokio::test]
async fn calls_that_wait_for_their_turn_show() {
    let world = watched("vak-sms", "rate_limit = \"1/s\"\n").await;
    let waiting = "upstream_calls_waiting{provider=\"main\"}";
    assert!(world.bridge.ask("action=getBalance").await.starts_with("ACCESS_BALANCE"));
    let held = async {
        until("the wait", async || samples(&world).await.get(waiting) == 1.0).await;
        world.bridge.advance(1);
    };
    let (answer, ()) = tokio::join!(world.bridge.ask("action=getBalance"), held);
    assert!(answer.starts_with("ACCESS_BALANCE"), "{answer}");
    assert_eq!(samples(&world).await.get(waiting), 0.0);
    world.end().await;
}

#[tokio::test]
async fn a_call_whose_turn_would_come_too_late_is_counted_and_is_no_call() {
    let world = watched("vak-sms", "rate_limit = \"1/min\"\n").await;
    assert!(world.bridge.ask("action=getBalance").await.starts_with("ACCESS_BALANCE"));
    assert_eq!(world.bridge.ask("action=getBalance").await, "ERROR_SQL");
    let seen = samples(&world).await;
    let held_back = seen.get("upstream_calls_held_back_total{provider=\"main\"}");
    assert_eq!((held_back, seen.sum("upstream_calls_total")), (1.0, 1.0), "{}", seen.text);
    world.end().await;
}
