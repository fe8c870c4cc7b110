//! The fault matrix: everything that can go wrong with a call that buys, by one table, at every kind of upstream. What the
//! client hears, what the fault says of itself, what the ledger says, how often the upstream was asked to sell, and whose
//! money is where. Never is it asked a second time once a byte may have arrived.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use smsbridge::clock::{MovableClock, SystemClock};
use smsbridge::domain::Secret;
use smsbridge::metrics::Metrics;
use smsbridge::mock::{Mishap, Running};
use smsbridge::provider::http::{Http, HttpSettings, Purpose, Route};
use smsbridge::provider::pace::Pace;
use smsbridge::provider::{Cx, Effect, FaultKind, Lookup, Side};

use super::closed_doors::{Closed, ClosedDoor};
use super::{kinds, orders, stock, toml};
use crate::harness::{Books, Bridge, Gateway, Wire, World, trip};
use crate::providers::easy;

const ORDER: &str = "action=getNumber&service=tg&country=0";

/// Where something goes wrong.
#[derive(Debug, Clone, Copy)]
enum Trouble {
    /// Nobody listens any more.
    Gone,
    /// On the way.
    On(Wire),
    /// At the upstream.
    At(Mishap),
}

/// What goes wrong, whether the upstream sells nevertheless, what kind of fault that is where no answer is left to be
/// read, and whether anybody can tell that nothing was bought.
struct Row {
    trouble: Trouble,
    sells: bool,
    fault: Option<FaultKind>,
    effect: Effect,
}

/// Longer than a call may take.
const LATE: Duration = Duration::from_secs(30);

const fn row(trouble: Trouble, sells: bool, fault: Option<FaultKind>, effect: Effect) -> Row {
    Row { trouble, sells, fault, effect }
}

const TABLE: [Row; 16] = [
    row(Trouble::Gone, false, Some(FaultKind::Unreachable), Effect::None),
    row(Trouble::On(Wire::ResetAtOnce), false, Some(FaultKind::UpstreamFailed), Effect::Unknown),
    row(Trouble::On(Wire::ResetAmid), false, Some(FaultKind::UpstreamFailed), Effect::Unknown),
    row(Trouble::On(Wire::ResetAfter), true, Some(FaultKind::UpstreamFailed), Effect::Unknown),
    row(Trouble::On(Wire::CutHead), true, Some(FaultKind::UpstreamFailed), Effect::Unknown),
    row(Trouble::On(Wire::CutShort), true, Some(FaultKind::UpstreamFailed), Effect::Unknown),
    row(Trouble::On(Wire::Endless), true, Some(FaultKind::Malformed), Effect::Unknown),
    row(Trouble::On(Wire::Drip), true, Some(FaultKind::TimedOut), Effect::Unknown),
    row(Trouble::At(Mishap::DropBefore), false, Some(FaultKind::UpstreamFailed), Effect::Unknown),
    row(Trouble::At(Mishap::DropAfter), true, Some(FaultKind::UpstreamFailed), Effect::Unknown),
    row(Trouble::At(Mishap::LateAnswer(LATE)), true, Some(FaultKind::TimedOut), Effect::Unknown),
    // These are answers: what they mean, each kind reads for itself.
    row(Trouble::At(Mishap::TooManyRequests), false, None, Effect::None),
    row(Trouble::At(Mishap::ServerError), false, None, Effect::Unknown),
    row(Trouble::At(Mishap::BadGateway), false, None, Effect::Unknown),
    row(Trouble::At(Mishap::CutBody), true, None, Effect::Unknown),
    row(Trouble::At(Mishap::EmptyBody), true, None, Effect::Unknown),
];

/// A server, and a gateway between it and its upstream.
struct Stage {
    upstream: Running,
    gateway: Gateway,
    bridge: Bridge,
}

impl Stage {
    async fn of(kind: &str) -> Self {
        let clock = MovableClock::standing();
        let upstream = World::stand_in(kind, &[], easy(), &clock).await;
        stock(&upstream);
        let gateway = Gateway::before(upstream.addr).await;
        let lines = "timeout = \"1s\"\n";
        let bridge = Bridge::at(&format!("{}{lines}", toml(kind, &[gateway.url()])), clock).await;
        Self { upstream, gateway, bridge }
    }

    async fn suffer(&mut self, trouble: Trouble, actions: &[&str]) {
        match trouble {
            Trouble::Gone => self.gateway.close().await,
            Trouble::On(wire) => self.gateway.trouble(Some(wire)),
            Trouble::At(mishap) => trip(&self.upstream, mishap, actions),
        }
    }
}

#[tokio::test]
async fn a_purchase_in_any_trouble_is_asked_for_once_and_accounted_for() {
    for row in &TABLE {
        join_all(kinds().map(|kind| one_purchase(kind, row))).await;
    }
}

async fn one_purchase(kind: &str, row: &Row) {
    let place = format!("{kind} {:?}", row.trouble);
    let mut stage = Stage::of(kind).await;
    // What is kept of lists and numbers is had by now: the next connection is the purchase.
    stage.bridge.order("service=tg&country=0").await;
    let (asked, connected) = (orders(&stage.upstream), stage.gateway.connections());
    let order = stage.upstream.names().order;
    stage.suffer(row.trouble, order).await;
    let response = stage.bridge.get(ORDER).await;
    assert_eq!(response.body, "ERROR_SQL", "{place}");
    let why = response.header("x-smsbridge-detail").unwrap();
    assert!(!why.is_empty() && !why.contains("mock-key") && !why.contains("api_key"), "{place}: {why}");
    let reached = u64::from(row.sells || matches!(row.trouble, Trouble::At(_)));
    assert_eq!(orders(&stage.upstream) - asked, reached, "{place}");
    let connections = u64::from(!matches!(row.trouble, Trouble::Gone));
    assert_eq!(stage.gateway.connections() - connected, connections, "{place}");
    if connections > 0 {
        // The next order is a new one.
        stage.gateway.trouble(None);
        stage.bridge.advance(1);
        stage.bridge.order("service=tg&country=0").await;
    }
    let Stage { upstream, gateway, bridge } = stage;
    let clock = bridge.clock.clone();
    let home = bridge.stop().await.unwrap();
    drop(gateway);
    let books = Books::read(home.path(), &clock).await;
    assert_eq!(books.activations.len() as u64, 1 + connections, "{place}");
    assert_eq!(books.doubts.len(), usize::from(row.effect == Effect::Unknown), "{place}");
    let (lots, charged) = (upstream.market().lots(), upstream.market().totals().charged);
    let known = |id: &str| books.activations.iter().any(|activation| activation.upstream_id == id);
    let lost: Vec<_> = lots.iter().filter(|lot| !known(&lot.id)).collect();
    assert_eq!(lost.len(), usize::from(row.sells), "{place}");
    // What was charged for is in the ledger, or is what the doubt is about.
    let in_doubt: rust_decimal::Decimal = lost.iter().map(|lot| lot.price).sum();
    assert_eq!(charged, books.paid() + in_doubt, "{place}");
    assert_eq!(upstream.violations(), Vec::<String>::new(), "{place}");
}

fn way(url: &str, timeout: Duration) -> Http {
    let settings = HttpSettings {
        provider: "main".to_owned(),
        origins: vec![url.parse().unwrap()],
        lookup: Lookup::default(),
        timeout,
        pace: Pace::off(),
        max_concurrent: 0,
        read_retries: 0,
        breaker_failures: 0,
        clock: SystemClock::new(),
        metrics: Metrics::new([], []).upstream("main"),
    };
    Http::new(settings).unwrap()
}

#[tokio::test]
async fn every_trouble_says_whose_it_is_and_whether_a_retry_is_legal() {
    for row in TABLE.iter().filter(|row| row.fault.is_some()) {
        let place = format!("{:?}", row.trouble);
        let mut stage = Stage::of("sms-activate").await;
        stage.suffer(row.trouble, &["getBalance"]).await;
        // Only what never ends by itself is waited for so long.
        let ends = !matches!(row.fault, Some(FaultKind::TimedOut));
        let timeout = Duration::from_secs(if ends { 60 } else { 1 });
        let (way, cx) = (way(&stage.gateway.url(), timeout), Cx::new(Secret::new("mock-key")));
        let query = [("api_key", "mock-key"), ("action", "getBalance")];
        let route = Route::to("/stubs/handler_api.php");
        let from = Instant::now();
        let fault = way.get(&cx, Purpose::Act, route, &query).await.unwrap_err();
        assert!(ends || from.elapsed() < Duration::from_secs(20), "{place}: the deadline is kept to");
        assert_eq!(Some(&fault.kind), row.fault.as_ref(), "{place}: {fault}");
        assert_eq!((fault.side, fault.effect), (Side::Upstream, row.effect), "{place}");
        assert_eq!(fault.may_buy_again(), row.effect == Effect::None, "{place}");
        assert!(fault.may_ask_again(), "{place}");
        assert!(!fault.detail.contains("mock-key"), "{place}: {fault}");
    }
}

#[tokio::test]
async fn where_not_a_byte_can_be_sent_certainly_nothing_is_bought() {
    for closed in Closed::ALL {
        let door = ClosedDoor::of(closed).await;
        let (way, cx) = (way(&door.url, Duration::from_secs(1)), Cx::new(Secret::new("mock-key")));
        for purpose in [Purpose::Act, Purpose::List] {
            let fault = way.get(&cx, purpose, Route::to("/"), &[("k", "mock-key")]).await.unwrap_err();
            assert_eq!(fault.kind, FaultKind::Unreachable, "{closed:?}: {fault}");
            assert_eq!((fault.side, fault.effect), (Side::Upstream, Effect::None), "{closed:?}");
            assert!(fault.may_buy_again() && fault.may_ask_again(), "{closed:?}");
        }
        join_all(kinds().map(|kind| no_order(kind, &door.url))).await;
    }
}

async fn no_order(kind: &str, url: &str) {
    let bridge = Bridge::start(&format!("{}timeout = \"1s\"\n", toml(kind, &[url.to_owned()]))).await;
    assert_eq!(bridge.ask(ORDER).await, "ERROR_SQL", "{kind} {url}");
    let clock = bridge.clock.clone();
    let home = bridge.stop().await.unwrap();
    let books = Books::read(home.path(), &clock).await;
    assert_eq!((books.activations, books.doubts), (Vec::new(), Vec::new()), "{kind} {url}");
}

#[tokio::test]
async fn what_could_not_be_sent_is_sent_to_the_next_address() {
    for closed in [Closed::NoTls, Closed::Untrusted, Closed::MuteTls] {
        let door = ClosedDoor::of(closed).await;
        join_all(kinds().map(|kind| bought_at_the_next(kind, &door.url))).await;
    }
}

async fn bought_at_the_next(kind: &str, url: &str) {
    let clock = MovableClock::standing();
    let alive = World::stand_in(kind, &[], easy(), &clock).await;
    stock(&alive);
    let addresses = [url.to_owned(), alive.url()];
    let bridge = Bridge::at(&format!("{}timeout = \"6s\"\n", toml(kind, &addresses)), clock).await;
    bridge.order("service=tg&country=0").await;
    assert_eq!(orders(&alive), 1, "{kind}");
}

#[tokio::test]
async fn a_connection_that_the_upstream_closed_costs_neither_a_purchase_nor_an_answer() {
    for kind in kinds() {
        let clock = MovableClock::over(SystemClock::new());
        let upstream = World::stand_in(kind, &[], easy(), &clock).await;
        stock(&upstream);
        let gateway = Gateway::before(upstream.addr).await;
        let bridge =
            Bridge::at(&format!("{}read_retries = 1\n", toml(kind, &[gateway.url()])), Arc::clone(&clock))
                .await;
        for nth in 1..=10 {
            assert!(bridge.ask("action=getBalance").await.starts_with("ACCESS_BALANCE:"), "{kind}");
            bridge.order("service=tg&country=0").await;
            assert_eq!(orders(&upstream), nth, "{kind}");
        }
    }
}
