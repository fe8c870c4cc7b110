//! Rents whose client names an address: every message is sent there, though nobody asks for it.

use smsbridge::clock::MovableClock;
use tempfile::TempDir;

use super::{Receiver, until};
use crate::harness::{Bridge, World};

/// Every upstream that rents, and what can be rented there.
const RENTABLE: [(&str, &str); 4] = [
    ("sandbox", "service=tg&rent_time=4"),
    ("vak-sms", "service=tg&rent_time=4"),
    ("smsak", "service=full&rent_time=24"),
    ("sms-activate", "service=tg&rent_time=4"),
];

/// `[webhooks]` that lets clients name the receiver.
fn allowing(receiver: &Receiver) -> String {
    format!("\n[webhooks]\nallow = [\"127.0.0.1:{}\"]\n", receiver.port())
}

/// The query's value that names the receiver.
fn named(receiver: &Receiver) -> String {
    receiver.url("/mine?token=1").replace('&', "%26").replace('?', "%3F").replace('=', "%3D")
}

async fn rent(bridge: &Bridge, query: &str) -> String {
    let rented = bridge.json(&format!("action=getRentNumber&{query}")).await;
    assert_eq!(rented["status"], "success", "{query}: {rented}");
    rented["phone"]["id"].to_string()
}

/// What the server does by itself in six seconds.
async fn let_time_pass(bridge: &Bridge) {
    bridge.advance(6);
    bridge.poll_for_webhooks().await;
    bridge.deliver().await;
}

/// The texts that were sent, oldest first.
fn sent(receiver: &Receiver) -> Vec<String> {
    let posts = receiver.posts("/mine?token=1");
    posts.iter().map(|post| post.json()["text"].as_str().unwrap().to_owned()).collect()
}

/// The texts that a client is shown, oldest first.
async fn shown(bridge: &Bridge, id: &str) -> Vec<String> {
    let status = bridge.json(&format!("action=getRentStatus&id={id}")).await;
    let rows = status["values"].as_object().unwrap_or_else(|| panic!("{status}"));
    rows.values().rev().map(|row| row["text"].as_str().unwrap().to_owned()).collect()
}

fn asked(world: &World) -> usize {
    world.upstream.as_ref().map_or(0, |upstream| upstream.requests().len())
}

#[tokio::test]
async fn each_message_of_a_rent_is_sent_where_its_client_named() {
    for (kind, terms) in RENTABLE {
        let receiver = Receiver::content().await;
        let world = World::with(kind, &[], &allowing(&receiver)).await;
        let bridge = &world.bridge;
        let id = rent(bridge, &format!("{terms}&url={}", named(&receiver))).await;
        for many in 1..=3 {
            let_time_pass(bridge).await;
            until("the message", async || receiver.count() == many).await;
        }
        assert_eq!(sent(&receiver), shown(bridge, &id).await, "{kind}");
        let first = receiver.posts("/mine?token=1").remove(0).json();
        assert_eq!((first["activationId"].to_string(), &first["country"]), (id.clone(), &0.into()), "{kind}");
        if let Some(upstream) = &world.upstream {
            let passed_on = upstream.requests().into_iter().find(|line| line.contains("mine"));
            assert_eq!(passed_on, None, "{kind}: the address is the client's");
        }

        let ended = bridge.ask(&format!("action=setRentStatus&id={id}&status=1")).await;
        assert_eq!(ended, r#"{"status":"success"}"#, "{kind}");
        let asked_before = asked(&world);
        let_time_pass(bridge).await;
        assert_eq!((asked(&world), receiver.count()), (asked_before, 3), "{kind}: it has ended");
        world.end().await;
    }
}

#[tokio::test]
async fn a_rent_without_an_address_is_asked_about_by_its_client_alone() {
    for (kind, terms) in RENTABLE {
        let receiver = Receiver::content().await;
        let world = World::with(kind, &[], &allowing(&receiver)).await;
        let id = rent(&world.bridge, terms).await;
        let asked_before = asked(&world);
        let_time_pass(&world.bridge).await;
        assert_eq!(asked(&world), asked_before, "{kind}");
        assert_eq!(shown(&world.bridge, &id).await.len(), 1, "{kind}");
        world.bridge.deliver().await;
        assert_eq!(receiver.count(), 0, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn an_address_that_a_client_may_not_name_rents_nothing() {
    for (kind, terms) in RENTABLE {
        let receiver = Receiver::content().await;
        let world = World::of(kind).await;
        let asked_before = asked(&world);
        let answer =
            world.bridge.get(&format!("action=getRentNumber&{terms}&url={}", named(&receiver))).await;
        assert_eq!(answer.body, r#"{"status":"error","message":"NO_NUMBERS"}"#, "{kind}");
        assert!(answer.header("x-smsbridge-detail").is_some_and(|why| why.contains("allow")), "{kind}");
        assert_eq!(asked(&world), asked_before, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn a_rents_address_outlives_a_restart_and_more_time() {
    let (home, clock, receiver) =
        (TempDir::new().unwrap(), MovableClock::standing(), Receiver::content().await);
    let toml = format!("[provider.main]\nkind = \"sandbox\"\nsms_delay = \"5s\"\n{}", allowing(&receiver));
    let bridge = Bridge::over(&toml, clock.clone(), home.path()).await;
    let id = rent(&bridge, &format!("service=tg&url={}", named(&receiver))).await;
    let_time_pass(&bridge).await;
    until("the message", async || receiver.count() == 1).await;
    let longer = bridge.json(&format!("action=continueRentNumber&id={id}&rent_time=4")).await;
    assert_eq!(longer["phone"]["id"].to_string(), id, "{longer}");
    bridge.stop().await;

    let bridge = Bridge::over(&toml, clock, home.path()).await;
    bridge.advance(4 * 3600);
    for many in 2..=3 {
        let_time_pass(&bridge).await;
        // The next message is on its way once the one before was seen.
        let_time_pass(&bridge).await;
        until("later messages", async || receiver.count() >= many).await;
    }
    assert_eq!(sent(&receiver), shown(&bridge, &id).await, "none twice");
}
