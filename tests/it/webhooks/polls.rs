//! How the upstream is asked where somebody is to be sent what comes: seldom, together with clients, and only then.

use std::time::Duration;

use smsbridge::mock::{FaultPlan, LotState, Mishap, Settings};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::{Receiver, sent_to, until};
use crate::harness::{World, get};

const ORDER: &str = "service=tg&country=0";

fn polls(world: &World) -> u64 {
    world.upstream.as_ref().unwrap().polls()
}

/// `[clients]` with one that has an address and one that has none. Keys: `any` and `other`.
fn one_of_two(receiver: &Receiver) -> String {
    format!(
        "[clients]\nmode = \"listed\"\n[clients.key.shop]\napi_key = \"any\"\nwebhooks = {:?}\n[clients.key.other]\napi_key = \"other\"\n",
        receiver.url("/")
    )
}

async fn order_of_the_other(world: &World) -> String {
    let target = format!("/stubs/handler_api.php?api_key=other&action=getNumber&{ORDER}");
    get(world.bridge.addr, &target, &[]).await.body
}

#[tokio::test]
async fn only_what_somebody_is_sent_is_asked_about_and_once_an_interval() {
    for kind in ["vak-sms", "smsak", "sms-man-v2", "sms-activate"] {
        let receiver = Receiver::content().await;
        let world =
            World::with(kind, &[], &format!("poll_interval = \"3s\"\n{}", one_of_two(&receiver))).await;
        assert!(order_of_the_other(&world).await.starts_with("ACCESS_NUMBER"), "{kind}");
        world.bridge.poll_for_webhooks().await;
        world.bridge.advance(3);
        world.bridge.poll_for_webhooks().await;
        assert_eq!(polls(&world), 0, "{kind}: the other has no address");

        let (id, _) = world.bridge.order(ORDER).await;
        world.bridge.poll_for_webhooks().await;
        assert_eq!(polls(&world), 1, "{kind}");
        for _ in 0..3 {
            world.bridge.poll_for_webhooks().await;
            assert_eq!(world.bridge.status(&id).await, "STATUS_WAIT_CODE", "{kind}");
        }
        assert_eq!(polls(&world), 1, "{kind}: within the interval nobody asks again");
        world.bridge.advance(7);
        assert!(world.bridge.status(&id).await.starts_with("STATUS_OK"), "{kind}");
        let asked = polls(&world);
        for _ in 0..3 {
            world.bridge.advance(30);
            world.bridge.poll_for_webhooks().await;
        }
        assert_eq!(polls(&world), asked, "{kind}: it has its message");
        assert_eq!(world.bridge.set(&id, "3").await, "ACCESS_RETRY_GET", "{kind}");
        world.bridge.poll_for_webhooks().await;
        assert!(polls(&world) > asked, "{kind}: another one was asked for");
        world.end().await;
    }
}

#[tokio::test]
async fn what_no_client_was_handed_out_is_neither_asked_about_nor_sent() {
    for kind in ["vak-sms", "smsak"] {
        let receiver = Receiver::content().await;
        let market = Settings {
            early_cancel: Some(Duration::from_secs(30)),
            sms_delay: Duration::from_secs(20),
            ..Settings::default()
        };
        let world = World::market(kind, &[], &sent_to(&[receiver.url("/")]), market).await;
        let every: Vec<String> = (0..100).map(|nth| format!("79{nth:02}")).collect();
        let order = format!("action=getNumber&{ORDER}&phoneException={}", every.join(","));
        assert_eq!(world.bridge.ask(&order).await, "NO_NUMBERS", "{kind}");
        assert!(world.upstream.as_ref().unwrap().orders() > 0, "{kind}");
        let asked = polls(&world);
        world.bridge.advance(25);
        world.bridge.poll_for_webhooks().await;
        assert_eq!(polls(&world), asked, "{kind}");
        // Its message was quicker than the moment from which on it can be given back.
        world.bridge.advance(6);
        world.bridge.tidy().await;
        for _ in 0..3 {
            world.bridge.deliver().await;
            world.bridge.advance(60);
        }
        assert_eq!(receiver.count(), 0, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn our_own_question_and_a_clients_are_one() {
    let receiver = Receiver::content().await;
    let world = World::with("vak-sms", &[], &sent_to(&[receiver.url("/")])).await;
    let (id, _) = world.bridge.order(ORDER).await;
    let upstream = world.upstream.as_ref().unwrap();
    let slow = Mishap::Latency(Duration::from_millis(200));
    upstream.fault(FaultPlan::once(slow).on_any(upstream.names().poll));
    let (_, status) = tokio::join!(world.bridge.poll_for_webhooks(), world.bridge.status(&id));
    assert_eq!(status, "STATUS_WAIT_CODE");
    assert_eq!(polls(&world), 1);
    world.end().await;
}

#[tokio::test]
async fn what_has_ended_is_not_asked_about() {
    let receiver = Receiver::content().await;
    let world = World::with("vak-sms", &[], &sent_to(&[receiver.url("/")])).await;
    let (id, _) = world.bridge.order(ORDER).await;
    assert_eq!(world.bridge.set(&id, "8").await, "ACCESS_CANCEL");
    let asked = polls(&world);
    world.bridge.advance(60);
    world.bridge.poll_for_webhooks().await;
    assert_eq!(polls(&world), asked);
    world.end().await;
}

#[tokio::test]
async fn with_the_clients_own_keys_only_what_they_find_is_sent() {
    let receiver = Receiver::content().await;
    let clock = smsbridge::clock::MovableClock::standing();
    let market = Settings { sms_delay: Duration::from_secs(5), ..Settings::default() };
    let upstream = World::stand_in("vak-sms", &[], market, &clock).await;
    let toml = World::toml("vak-sms", &[], &upstream, "").replace("api_key = \"mock-key\"\n", "");
    let toml = format!("[clients]\nmode = \"passthrough\"\n{toml}{}", sent_to(&[receiver.url("/")]));
    let bridge = crate::harness::Bridge::at(&toml, clock).await;
    let ask = async |query: &str| {
        let target = format!("/stubs/handler_api.php?api_key=mock-key&{query}");
        get(bridge.addr, &target, &[]).await.body
    };
    let bought = ask(&format!("action=getNumber&{ORDER}")).await;
    let id = bought.split(':').nth(1).unwrap_or_else(|| panic!("{bought}"));
    bridge.advance(6);
    bridge.poll_for_webhooks().await;
    assert_eq!(upstream.polls(), 0);
    assert!(ask(&format!("action=getStatus&id={id}")).await.starts_with("STATUS_OK"));
    bridge.deliver().await;
    until("the message", async || receiver.count() == 1).await;
}

#[tokio::test]
async fn a_number_that_nobody_came_for_is_cancelled_though_it_was_asked_about() {
    let receiver = Receiver::content().await;
    let market = Settings {
        sms_delay: Duration::from_secs(900),
        early_cancel: Some(Duration::ZERO),
        ..Settings::default()
    };
    let world = World::market("vak-sms", &[], &sent_to(&[receiver.url("/")]), market).await;
    let upstream = world.upstream.as_ref().unwrap();
    let slow = Mishap::Latency(Duration::from_millis(500));
    upstream.fault(FaultPlan::once(slow).on_any(upstream.names().order));
    let mut stream = TcpStream::connect(world.bridge.addr).await.unwrap();
    let request = format!(
        "GET /stubs/handler_api.php?api_key=any&action=getNumber&{ORDER} HTTP/1.1\r\nHost: localhost\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    until("the order", async || upstream.orders() == 1).await;
    drop(stream);
    until("the purchase", async || world.bridge.ask("action=getHistory").await != "[]").await;
    world.bridge.advance(2);
    world.bridge.poll_for_webhooks().await;
    assert!(polls(&world) >= 1);
    until("the cancellation", async || {
        world.bridge.advance(61);
        world.bridge.tidy().await;
        upstream.market().lots()[0].state == LotState::Cancelled
    })
    .await;
}
