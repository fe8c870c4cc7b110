//! Orders whose client was gone when they came to something: kept for its next identical order, also across
//! restarts and crashes, else given back; and handed out once.

use std::sync::Arc;
use std::time::Duration;

use smsbridge::clock::MovableClock;
use smsbridge::mock::{FaultPlan, LotState, Mishap, Running, STAND_INS, Settings};
use smsbridge::server::DIALECT_PATH;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::harness::{Bridge, World, get};

const ORDER: &str = "action=getNumber&service=tg&country=0";
const CLIENTS: &str =
    "\n[clients]\nmode = \"listed\"\nkey.shop.api_key = \"any\"\nkey.rival.api_key = \"rival\"\n";

/// A server whose ledger outlives it, and its upstream.
struct Scene {
    home: TempDir,
    clock: Arc<MovableClock>,
    upstream: Running,
    toml: String,
    bridge: Bridge,
}

impl Scene {
    async fn of(kind: &str, lines: &str) -> Self {
        Self::with(kind, lines, Duration::ZERO).await
    }

    /// The same where cancelling is denied for some time.
    async fn with(kind: &str, lines: &str, early_cancel: Duration) -> Self {
        let (home, clock) = (TempDir::new().unwrap(), MovableClock::standing());
        let market = Settings {
            sms_delay: Duration::from_secs(3600),
            early_cancel: Some(early_cancel),
            ..Settings::default()
        };
        let upstream = World::stand_in(kind, &[], market, &clock).await;
        let toml = World::toml(kind, &[], &upstream, lines);
        let bridge = Bridge::over(&toml, clock.clone(), home.path()).await;
        Self { home, clock, upstream, toml, bridge }
    }

    /// The same after a crash; other lines of configuration are for after it.
    async fn crashed(self) -> Self {
        let Self { home, clock, upstream, toml, bridge } = self;
        bridge.crash().await;
        let bridge = Bridge::over(&toml, clock.clone(), home.path()).await;
        Self { home, clock, upstream, toml, bridge }
    }

    /// Orders, hangs up while the upstream takes its time, and waits until the number is in the ledger.
    async fn hang_up(&self) {
        let known = self.bridge.json("action=getHistory").await.as_array().unwrap().len();
        let slow = Mishap::Latency(Duration::from_millis(300));
        self.upstream.fault(FaultPlan::once(slow).on_any(self.upstream.names().order));
        let asked = self.upstream.orders();
        let mut stream = TcpStream::connect(self.bridge.addr).await.unwrap();
        let request = format!("GET {DIALECT_PATH}?api_key=any&{ORDER} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        while self.upstream.orders() == asked {
            tokio::task::yield_now().await;
        }
        drop(stream);
        while self.bridge.json("action=getHistory").await.as_array().unwrap().len() == known {
            tokio::task::yield_now().await;
        }
    }

    async fn phone(&self) -> String {
        self.bridge.order("service=tg&country=0").await.1
    }

    fn sold(&self) -> Vec<(String, LotState)> {
        self.upstream.market().lots().into_iter().map(|lot| (lot.phone, lot.state)).collect()
    }

    /// Lets a minute go by, as the server counts them.
    async fn minute(&self) {
        self.bridge.advance(60);
        self.bridge.tidy().await;
    }
}

#[tokio::test]
async fn the_same_order_after_a_crash_gets_the_number_that_is_kept_and_buys_none() {
    for kind in STAND_INS.iter().map(|stand_in| stand_in.name) {
        let scene = Scene::of(kind, "").await;
        scene.hang_up().await;
        let scene = scene.crashed().await;
        scene.bridge.tidy().await;
        scene.bridge.advance(50);
        scene.bridge.tidy().await;
        let phone = scene.phone().await;
        assert_eq!(scene.sold(), [(phone, LotState::Waiting)], "{kind}");
        // It is handed out once; whoever asks once more buys.
        scene.phone().await;
        assert_eq!(scene.sold().len(), 2, "{kind}");
    }
}

#[tokio::test]
async fn what_was_handed_out_is_handed_out_to_nobody_else_after_a_crash() {
    for kind in ["vak-sms", "sms-activate"] {
        let scene = Scene::of(kind, "").await;
        scene.hang_up().await;
        let kept = scene.phone().await;
        let scene = scene.crashed().await;
        assert_ne!(scene.phone().await, kept, "{kind}");
        for _ in 0..3 {
            scene.minute().await;
        }
        let states: Vec<_> = scene.sold().into_iter().map(|(_, state)| state).collect();
        assert_eq!(states, [LotState::Waiting, LotState::Waiting], "{kind}: somebody has it");
        // The same of one that was taken up from an earlier process.
        scene.hang_up().await;
        let scene = scene.crashed().await;
        let kept = scene.phone().await;
        let scene = scene.crashed().await;
        assert_ne!(scene.phone().await, kept, "{kind}");
    }
}

#[tokio::test]
async fn what_a_client_waited_for_is_its_own_after_a_crash() {
    let scene = Scene::of("sms-activate", "").await;
    let first = scene.phone().await;
    let scene = scene.crashed().await;
    assert_ne!(scene.phone().await, first);
    for _ in 0..3 {
        scene.minute().await;
    }
    assert!(scene.sold().iter().all(|(_, state)| *state == LotState::Waiting));
}

#[tokio::test]
async fn what_nobody_comes_back_for_is_cancelled_after_a_crash_too() {
    for kind in STAND_INS.iter().map(|stand_in| stand_in.name) {
        let scene = Scene::of(kind, "").await;
        scene.hang_up().await;
        let scene = scene.crashed().await;
        scene.bridge.advance(61);
        scene.bridge.tidy().await;
        assert!(matches!(scene.sold()[..], [(_, LotState::Cancelled)]), "{kind}: {:?}", scene.sold());
        assert_eq!(scene.upstream.market().totals().charged, 0.into(), "{kind}");
        let scene = scene.crashed().await;
        scene.phone().await;
        assert_eq!(scene.sold().len(), 2, "{kind}");
    }
}

#[tokio::test]
async fn a_cancellation_that_is_denied_is_tried_again_after_a_crash_too() {
    let scene = Scene::with("sms-activate", "", Duration::from_secs(150)).await;
    scene.hang_up().await;
    scene.bridge.advance(61);
    scene.bridge.tidy().await;
    let scene = scene.crashed().await;
    scene.bridge.tidy().await;
    assert!(matches!(scene.sold()[..], [(_, LotState::Waiting)]));
    // It is nobody's next order any more.
    scene.phone().await;
    assert_eq!(scene.sold().len(), 2);
    scene.bridge.advance(90);
    scene.bridge.tidy().await;
    let states: Vec<_> = scene.sold().into_iter().map(|(_, state)| state).collect();
    assert_eq!(states, [LotState::Cancelled, LotState::Waiting]);
}

#[tokio::test]
async fn nobody_else_and_no_other_order_gets_it() {
    let scene = Scene::of("sms-activate", CLIENTS).await;
    scene.hang_up().await;
    let scene = scene.crashed().await;
    let kept = scene.sold()[0].0.clone();
    let target = format!("{DIALECT_PATH}?api_key=rival&{ORDER}");
    let rivals = get(scene.bridge.addr, &target, &[]).await.body;
    assert!(rivals.starts_with("ACCESS_NUMBER:") && !rivals.contains(&kept), "{rivals}");
    let other = scene.bridge.order("service=tg&country=0&maxPrice=999").await.1;
    assert_ne!(other, kept);
    assert_eq!(scene.phone().await, kept);
    assert_eq!(scene.sold().len(), 3);
}

#[tokio::test]
async fn a_client_that_found_it_keeps_it_over_a_crash() {
    let scene = Scene::of("sms-activate", "").await;
    scene.hang_up().await;
    let history = scene.bridge.json("action=getHistory").await;
    let id = history[0]["id"].to_string();
    assert_eq!(scene.bridge.status(&id).await, "STATUS_WAIT_CODE");
    let scene = scene.crashed().await;
    for _ in 0..3 {
        scene.minute().await;
    }
    assert_eq!(scene.bridge.status(&id).await, "STATUS_WAIT_CODE");
}

#[tokio::test]
async fn kept_for_no_time_it_is_given_back_at_once() {
    let scene = Scene::of("sms-activate", "[purchase]\nadopt_within = \"0s\"").await;
    scene.hang_up().await;
    scene.phone().await;
    let scene = scene.crashed().await;
    scene.phone().await;
    scene.bridge.tidy().await;
    let states: Vec<_> = scene.sold().into_iter().map(|(_, state)| state).collect();
    assert_eq!(states, [LotState::Cancelled, LotState::Waiting, LotState::Waiting]);
}

#[tokio::test]
async fn who_asks_twice_at_once_and_waits_gets_two_numbers() {
    let scene = Scene::of("sms-activate", "").await;
    let (one, other) = tokio::join!(scene.phone(), scene.phone());
    assert_ne!(one, other);
    assert_eq!(scene.sold().len(), 2);
}
