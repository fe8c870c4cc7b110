//! What happens though nobody asks: orders whose client went away, and activations whose time is over.

use std::time::Duration;

use smsbridge::mock::{FaultPlan, LotState, Mishap, Running, Settings};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::harness::World;

const ORDER: &str = "service=tg&country=0";

/// The kinds that have an upstream to be counted at.
const KINDS: [&str; 4] = ["vak-sms", "sms-activate", "sms-man", "sms-man-v2"];

fn upstream(world: &World) -> &Running {
    world.upstream.as_ref().unwrap()
}

fn lot_state(world: &World) -> LotState {
    upstream(world).market().lots()[0].state
}

/// Sends an order and hangs up while the upstream takes its time over it.
async fn hang_up_on_a_slow_order(world: &World) {
    let slow = Mishap::Latency(Duration::from_millis(500));
    upstream(world).fault(FaultPlan::once(slow).on_any(upstream(world).names().order));
    let mut stream = TcpStream::connect(world.bridge.addr).await.unwrap();
    let request = format!(
        "GET /stubs/handler_api.php?api_key=any&action=getNumber&{ORDER} HTTP/1.1\r\nHost: localhost\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    while upstream(world).orders() == 0 {
        tokio::task::yield_now().await;
    }
    drop(stream);
    // The server notices the closed connection before it reads what comes after it.
    world.bridge.ask("action=getBalance").await;
}

#[tokio::test]
async fn an_order_repeated_while_the_first_is_under_way_is_the_same_order() {
    for kind in KINDS {
        let world = World::of(kind).await;
        hang_up_on_a_slow_order(&world).await;
        let (_, phone) = world.bridge.order(ORDER).await;
        assert_eq!(upstream(&world).orders(), 1, "{kind}");
        assert_eq!(upstream(&world).market().lots()[0].phone, phone, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn a_number_that_nobody_comes_back_for_is_cancelled() {
    for kind in KINDS {
        let market = Settings {
            sms_delay: Duration::from_secs(900),
            early_cancel: Some(Duration::ZERO),
            ..Settings::default()
        };
        let world = World::market(kind, &[], "", market).await;
        hang_up_on_a_slow_order(&world).await;
        while world.bridge.ask("action=getHistory").await == "[]" {
            tokio::task::yield_now().await;
        }
        world.bridge.tidy().await;
        assert_eq!(lot_state(&world), LotState::Waiting, "{kind}: it may still be asked for");
        world.bridge.advance(61);
        world.bridge.tidy().await;
        // On its way into the ledger the purchase may have been a moment behind the clock.
        world.bridge.advance(61);
        world.bridge.tidy().await;
        assert_eq!(lot_state(&world), LotState::Cancelled, "{kind}");
        assert_eq!(upstream(&world).market().totals().charged, 0.into(), "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn what_the_upstream_still_waits_for_at_the_end_of_the_time_is_given_back() {
    for kind in KINDS {
        let market = Settings {
            sms_delay: Duration::from_secs(900),
            early_cancel: Some(Duration::ZERO),
            ..Settings::default()
        };
        let world = World::market(kind, &[], "lifetime = \"2m\"", market).await;
        let (id, _) = world.bridge.order(ORDER).await;
        world.bridge.advance(119);
        assert_eq!(world.bridge.status(&id).await, "STATUS_WAIT_CODE", "{kind}");
        world.bridge.advance(2);
        assert_eq!(world.bridge.status(&id).await, "STATUS_CANCEL", "{kind}");
        assert_eq!(lot_state(&world), LotState::Cancelled, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn what_the_upstream_does_not_take_back_lives_on() {
    let market = Settings {
        sms_delay: Duration::from_secs(300),
        early_cancel: Some(Duration::from_secs(3600)),
        ..Settings::default()
    };
    let world = World::market("sms-activate", &[], "lifetime = \"2m\"", market).await;
    let (id, _) = world.bridge.order(ORDER).await;
    world.bridge.advance(121);
    assert_eq!(world.bridge.status(&id).await, "STATUS_WAIT_CODE");
    world.bridge.advance(200);
    assert!(world.bridge.status(&id).await.starts_with("STATUS_OK:"));
    // The upstream was asked to take it back too early on purpose.
    drop(world.bridge.stop().await);
}

#[tokio::test]
async fn what_nobody_polls_gets_its_true_end() {
    for kind in KINDS.into_iter().chain(["sandbox"]) {
        let world = World::of(kind).await;
        let (used, _) = world.bridge.order(ORDER).await;
        world.let_message_come();
        assert!(world.bridge.status(&used).await.starts_with("STATUS_OK:"), "{kind}");
        let (unread, _) = world.bridge.order(ORDER).await;
        world.bridge.advance(19 * 60);
        world.bridge.advance(120);
        world.bridge.tidy().await;
        let history = world.bridge.json("action=getHistory").await;
        let row = |id: &str| {
            let rows = history.as_array().unwrap();
            rows.iter().find(|row| row["id"].as_i64() == id.parse().ok()).unwrap().clone()
        };
        assert_eq!(row(&used)["status"], "6", "{kind}");
        assert_ne!(row(&used)["cost"].to_string(), "0", "{kind}");
        assert_ne!(row(&unread)["status"], "4", "{kind}");
        world.end().await;
    }
}
