//! Requests, upstream calls, calls saved and messages sent are counted one by one.

use smsbridge::mock::{FaultPlan, Mishap};

use super::{ORDER, samples, upstream, watched};
use crate::harness::get;
use crate::webhooks::{Answer, Receiver, sent_to};

/// How often an action at the only provider came to this.
fn request(action: &str, outcome: &str) -> String {
    format!("requests_total{{action=\"{action}\",provider=\"main\",outcome=\"{outcome}\"}}")
}

fn call(purpose: &str, result: &str) -> String {
    format!("upstream_calls_total{{provider=\"main\",purpose=\"{purpose}\",result=\"{result}\"}}")
}

fn saved(what: &str) -> String {
    format!("upstream_calls_saved_total{{provider=\"main\",what=\"{what}\"}}")
}

#[tokio::test]
async fn each_request_and_each_call_is_counted_once() {
    let world = watched("vak-sms", "").await;
    let (id, _) = world.bridge.order(ORDER).await;
    for _ in 0..3 {
        assert_eq!(world.bridge.status(&id).await, "STATUS_WAIT_CODE");
    }
    world.let_message_come();
    for _ in 0..2 {
        assert!(world.bridge.status(&id).await.starts_with("STATUS_OK:"));
    }
    assert_eq!(world.bridge.set(&id, "6").await, "ACCESS_ACTIVATION");
    assert_eq!(world.bridge.status("1").await, "NO_ACTIVATION");
    let seen = samples(&world).await;
    for (name, times) in [
        (request("getNumber", "ACCESS_NUMBER"), 1.0),
        (request("getStatus", "STATUS_WAIT_CODE"), 3.0),
        (request("getStatus", "STATUS_OK"), 2.0),
        (request("getStatus", "NO_ACTIVATION"), 1.0),
        (request("setStatus", "ACCESS_ACTIVATION"), 1.0),
        ("requests_in_flight".to_owned(), 0.0),
        ("request_duration_seconds_count".to_owned(), 8.0),
        ("overhead_seconds_count".to_owned(), 8.0),
        (call("act", "answered"), upstream(&world).orders() as f64 + upstream(&world).changes() as f64),
        (call("poll", "answered"), 2.0),
        // Two while it waited, and one after the code had come.
        (saved("poll"), 3.0),
        (
            "upstream_duration_seconds_count{provider=\"main\"}".to_owned(),
            upstream(&world).requests().len() as f64,
        ),
    ] {
        assert_eq!(seen.get(&name), times, "{name}\n{}", seen.text);
    }
    assert_eq!(seen.sum("requests_total"), 8.0);
    assert_eq!(seen.sum("upstream_calls_total"), upstream(&world).requests().len() as f64);
    world.end().await;
}

#[tokio::test]
async fn who_is_turned_away_concerns_no_provider() {
    let world =
        watched("sandbox", "\n[clients]\nmode = \"listed\"\n[clients.key.shop]\napi_key = \"k\"\n").await;
    assert_eq!(world.bridge.ask("action=getBalance").await, "BAD_KEY");
    let path = smsbridge::server::DIALECT_PATH;
    assert_eq!(get(world.bridge.addr, &format!("{path}?action=getBalance"), &[]).await.body, "NO_KEY");
    let seen = samples(&world).await;
    for outcome in ["BAD_KEY", "NO_KEY"] {
        let name = format!("requests_total{{action=\"getBalance\",provider=\"none\",outcome=\"{outcome}\"}}");
        assert_eq!(seen.get(&name), 1.0, "{}", seen.text);
    }
    world.end().await;
}

#[tokio::test]
async fn a_list_from_memory_is_a_call_saved() {
    let world = watched("vak-sms", "").await;
    let ask = async || world.bridge.ask("action=getPrices&country=0&service=tg").await;
    let first = ask().await;
    let calls = upstream(&world).requests().len() as f64;
    for _ in 0..4 {
        assert_eq!(ask().await, first);
    }
    let seen = samples(&world).await;
    assert_eq!((seen.sum("upstream_calls_total"), seen.get(&saved("list"))), (calls, 4.0), "{}", seen.text);
    world.end().await;
}

#[tokio::test]
async fn a_call_that_fails_is_counted_as_what_came_of_it() {
    let world = watched("vak-sms", "").await;
    for (mishap, result) in [
        (Mishap::DropBefore, "broken"),
        (Mishap::ServerError, "not_the_upstream"),
        (Mishap::BadGateway, "not_the_upstream"),
        (Mishap::TooManyRequests, "too_often"),
    ] {
        let before = samples(&world).await.get(&call("list", result));
        upstream(&world).fault(FaultPlan::once(mishap).on("getBalance"));
        world.bridge.ask("action=getBalance").await;
        assert_eq!(samples(&world).await.get(&call("list", result)), before + 1.0, "{mishap:?}");
    }
    world.end().await;
}

#[tokio::test]
async fn messages_are_counted_until_they_are_sent() {
    let receiver = Receiver::answering(|_, before| Answer::Status(if before == 0 { 500 } else { 200 })).await;
    let world = watched("sandbox", &sent_to(&[receiver.url("/")])).await;
    world.bridge.order(ORDER).await;
    world.let_message_come();
    world.bridge.poll_for_webhooks().await;
    let delivered = |result: &str| format!("webhook_deliveries_total{{result=\"{result}\"}}");
    world.bridge.deliver().await;
    crate::webhooks::until("the first try", async || samples(&world).await.get(&delivered("refused")) == 1.0)
        .await;
    assert_eq!(samples(&world).await.get("webhook_queue"), 1.0);
    world.bridge.advance(15);
    world.bridge.deliver().await;
    crate::webhooks::until("the second try", async || samples(&world).await.get("webhook_queue") == 0.0)
        .await;
    let seen = samples(&world).await;
    assert_eq!(
        (seen.get(&delivered("taken")), seen.get(&delivered("given_up"))),
        (1.0, 0.0),
        "{}",
        seen.text
    );
    world.end().await;
}
