//! What happens when an address does not take a message: again with pauses, over restarts, and at last no more.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use smsbridge::clock::MovableClock;
use tempfile::TempDir;

use super::{Answer, Receiver, sent_to, until};
use crate::harness::{Bridge, Log, World};

const ORDER: &str = "service=tg&country=0";

/// A server on a sandbox with a message that is to be sent to these, and was not tried yet or once.
async fn with_a_message(lines: &str) -> World {
    let world = World::with("sandbox", &[], lines).await;
    world.bridge.order(ORDER).await;
    world.let_message_come();
    world.bridge.poll_for_webhooks().await;
    world.bridge.deliver().await;
    world
}

/// Moves the clock minute by minute, and lets everything that is due be sent.
async fn pass(bridge: &Bridge, minutes: u64) {
    for _ in 0..minutes * 4 {
        bridge.advance(15);
        bridge.deliver().await;
    }
}

#[tokio::test]
async fn only_200_is_an_answer() {
    let elsewhere = Receiver::content().await;
    let there = elsewhere.url("/elsewhere");
    let answers = [
        Answer::Status(201),
        Answer::Status(204),
        Answer::Redirect(there),
        Answer::Status(500),
        Answer::Endless,
    ];
    let last = answers.len();
    let receiver = Receiver::answering(move |_, before| answers[before].clone()).await;
    let world = with_a_message(&sent_to(&[receiver.url("/")])).await;
    pass(&world.bridge, 130).await;
    until("the last try", async || receiver.count() == last).await;
    assert_eq!(elsewhere.count(), 0, "a redirect was followed");
}

#[tokio::test]
async fn a_message_is_tried_eight_times_within_two_hours() {
    let log = Log::of("smsbridge::engine");
    let receiver = Receiver::answering(|_, _| Answer::Status(500)).await;
    let world = with_a_message(&sent_to(&[receiver.url("/hook?token=topsecret")])).await;
    until("the first try", async || receiver.count() == 1).await;
    let mut tries = vec![0];
    for minute in 1..=240 {
        pass(&world.bridge, 1).await;
        if receiver.count() > tries.len() {
            tries.push(minute);
        }
    }
    let times: Vec<_> = receiver.posts("/hook?token=topsecret");
    assert_eq!(times.len(), 8, "{tries:?}");
    assert!(*tries.last().unwrap() < 120, "{tries:?}");
    assert!(times.iter().all(|post| post.body == times[0].body));
    log.says("is given up", 1).await;
    let given_up = log.lines("is given up").remove(0);
    assert!(given_up.contains("127.0.0.1"), "{given_up}");
    assert!(log.lines("topsecret").is_empty() && log.lines("/hook").is_empty(), "{:?}", log.lines("hook"));
    let code = times[0].json()["code"].as_str().unwrap().to_owned();
    assert!(log.lines(&code).is_empty(), "{:?}", log.lines(&code));
}

#[tokio::test]
async fn one_dead_address_holds_up_no_other() {
    let receiver = Receiver::answering(|path, _| match path {
        "/dead" => Answer::Silence,
        _ => Answer::Status(200),
    })
    .await;
    let urls = [receiver.url("/dead"), "http://127.0.0.1:1/closed".to_owned(), receiver.url("/good")];
    let world = World::with("sandbox", &[], &format!("{}timeout = \"30s\"\n", sent_to(&urls))).await;
    for count in 1..=7 {
        world.bridge.order(ORDER).await;
        world.let_message_come();
        world.bridge.poll_for_webhooks().await;
        // The silent one would take half a minute each time: nothing here waits for it.
        let delivered = async || receiver.posts("/good").len() == count;
        tokio::select! {
            () = world.bridge.deliver() => {}
            () = until("the good address's message", delivered) => {}
        }
    }
    until("the last message", async || receiver.posts("/good").len() == 7).await;
    let tried = receiver.posts("/dead").len();
    assert!((1..=4).contains(&tried), "{tried} connections wait at the silent address");
}

async fn over(toml: &str, clock: &Arc<MovableClock>, folder: &Path) -> Bridge {
    Bridge::over(toml, clock.clone(), folder).await
}

#[tokio::test]
async fn what_is_to_be_sent_outlives_a_restart_with_its_tries() {
    let home = TempDir::new().unwrap();
    let clock = MovableClock::standing();
    let receiver = Receiver::answering(|_, before| Answer::Status(if before < 9 { 500 } else { 200 })).await;
    let toml =
        format!("[provider.main]\nkind = \"sandbox\"\nsms_delay = \"1s\"\n{}", sent_to(&[receiver.url("/")]));
    let first = over(&toml, &clock, home.path()).await;
    first.order(ORDER).await;
    first.advance(2);
    first.poll_for_webhooks().await;
    first.deliver().await;
    until("the first try", async || receiver.count() == 1).await;
    pass(&first, 1).await;
    until("the second try", async || receiver.count() == 2).await;
    first.stop().await;

    let second = over(&toml, &clock, home.path()).await;
    second.deliver().await;
    assert_eq!(receiver.count(), 2, "it is not due yet");
    pass(&second, 1).await;
    until("the third try", async || receiver.count() == 3).await;
    second.stop().await;

    // Down for longer than anything is tried: what is left gets one more chance.
    clock.advance(Duration::from_secs(5 * 3600));
    let third = over(&toml, &clock, home.path()).await;
    third.deliver().await;
    until("the fourth try", async || receiver.count() == 4).await;
    pass(&third, 240).await;
    assert_eq!(receiver.count(), 4);
}

#[tokio::test]
async fn an_address_that_is_no_longer_configured_gets_nothing_more() {
    let home = TempDir::new().unwrap();
    let clock = MovableClock::standing();
    let receiver = Receiver::answering(|_, _| Answer::Status(500)).await;
    let toml = "[provider.main]\nkind = \"sandbox\"\nsms_delay = \"1s\"\n";
    let first = over(&format!("{toml}{}", sent_to(&[receiver.url("/")])), &clock, home.path()).await;
    first.order(ORDER).await;
    first.advance(2);
    first.poll_for_webhooks().await;
    first.deliver().await;
    until("the first try", async || receiver.count() == 1).await;
    first.stop().await;
    let second = over(toml, &clock, home.path()).await;
    pass(&second, 10).await;
    second.stop().await;
    let third = over(&format!("{toml}{}", sent_to(&[receiver.url("/")])), &clock, home.path()).await;
    pass(&third, 10).await;
    assert_eq!(receiver.count(), 1);
}
