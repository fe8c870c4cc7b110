//! Numbers that nobody uses: given back shortly before their time is over, unless somebody waits for their message.

use std::time::Duration;

use smsbridge::mock::{LotState, STAND_INS, Settings};

use crate::harness::{Bridge, World};

const ORDER: &str = "service=tg&country=0";
/// The usual lifetime.
const LIFETIME: u64 = 20 * 60;

async fn silent(kind: &'static str, lines: &str) -> World {
    let market = Settings {
        sms_delay: Duration::from_secs(24 * 3600),
        early_cancel: Some(Duration::ZERO),
        ..Settings::default()
    };
    World::market(kind, &[], lines, market).await
}

fn states(world: &World) -> Vec<LotState> {
    world.upstream.as_ref().unwrap().market().lots().iter().map(|lot| lot.state).collect()
}

#[tokio::test]
async fn what_nobody_asks_about_is_cancelled_before_its_time_is_over() {
    for kind in STAND_INS.iter().map(|stand_in| stand_in.name) {
        let world = silent(kind, "").await;
        let (id, _) = world.bridge.order(ORDER).await;
        world.bridge.advance(LIFETIME - 31);
        world.bridge.last_call().await;
        assert_eq!(states(&world), [LotState::Waiting], "{kind}: it is not time yet");
        world.bridge.advance(2);
        world.bridge.last_call().await;
        assert_eq!(states(&world), [LotState::Cancelled], "{kind}");
        assert_eq!(world.bridge.status(&id).await, "STATUS_CANCEL", "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn what_a_client_asks_about_waits_to_the_end() {
    let world = silent("sms-activate", "").await;
    let (id, _) = world.bridge.order(ORDER).await;
    world.bridge.advance(LIFETIME - 70);
    assert_eq!(world.bridge.status(&id).await, "STATUS_WAIT_CODE");
    world.bridge.advance(55);
    world.bridge.last_call().await;
    assert_eq!(world.bridge.status(&id).await, "STATUS_WAIT_CODE");
    assert_eq!(states(&world), [LotState::Waiting]);
    world.end().await;
}

#[tokio::test]
async fn what_has_a_message_is_never_cancelled() {
    for kind in STAND_INS.iter().map(|stand_in| stand_in.name) {
        let world = World::of(kind).await;
        let (id, _) = world.bridge.order(ORDER).await;
        world.bridge.advance(LIFETIME - 20);
        world.bridge.last_call().await;
        assert_eq!(states(&world), [LotState::Received], "{kind}");
        assert!(world.bridge.status(&id).await.starts_with("STATUS_OK:"), "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn where_it_is_not_wanted_nothing_is_cancelled_by_itself() {
    let world = silent("sms-activate", "lifetime = \"2m\"\n[purchase]\ncancel_unused = false").await;
    let (id, _) = world.bridge.order(ORDER).await;
    for seconds in [100, 30, 300] {
        world.bridge.advance(seconds);
        world.bridge.last_call().await;
        world.bridge.tidy().await;
    }
    assert_eq!(world.bridge.status(&id).await, "STATUS_WAIT_CODE");
    assert_eq!(states(&world), [LotState::Waiting]);
    world.end().await;
}

#[tokio::test]
async fn it_is_cancelled_after_a_restart_too_but_not_before_its_client_could_ask() {
    let (home, clock) = (tempfile::TempDir::new().unwrap(), smsbridge::clock::MovableClock::standing());
    let market = Settings {
        sms_delay: Duration::from_secs(24 * 3600),
        early_cancel: Some(Duration::ZERO),
        ..Settings::default()
    };
    let upstream = World::stand_in("vak-sms", &[], market, &clock).await;
    let toml = World::toml("vak-sms", &[], &upstream, "");
    let bridge = Bridge::over(&toml, clock.clone(), home.path()).await;
    bridge.order(ORDER).await;
    bridge.advance(60);
    bridge.order(ORDER).await;
    let state = || upstream.market().lots().iter().map(|lot| lot.state).collect::<Vec<_>>();
    bridge.crash().await;
    clock.advance(Duration::from_secs(LIFETIME - 85));
    let bridge = Bridge::over(&toml, clock.clone(), home.path()).await;
    bridge.last_call().await;
    assert_eq!(state(), [LotState::Waiting, LotState::Waiting]);
    bridge.advance(61);
    bridge.last_call().await;
    assert_eq!(state()[1], LotState::Cancelled);
}
