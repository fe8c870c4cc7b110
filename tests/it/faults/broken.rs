//! An upstream that fails again and again is left alone: what clients hear meanwhile, what it is asked, and how it comes
//! back. Nothing is bought by the way.

use std::time::Duration;

use smsbridge::clock::MovableClock;
use smsbridge::mock::{FaultPlan, Mishap, Running};
use smsbridge::provider::Phase;

use super::{kinds, orders, stock, toml};
use crate::harness::{Books, Bridge, Gateway, Log, Response, Wire, World};
use crate::providers::easy;

const ORDER: &str = "action=getNumber&service=tg&country=0";
const PRICES: &str = "action=getPrices&service=tg&country=0";

struct Broken {
    upstream: Running,
    gateway: Gateway,
    bridge: Bridge,
    log: Log,
}

impl Broken {
    /// Before anything is broken. It takes three failures in a row.
    async fn at(kind: &str, more: &str) -> Self {
        let log = Log::of("smsbridge::provider::breaker");
        let clock = MovableClock::standing();
        let upstream = World::stand_in(kind, &[], easy(), &clock).await;
        stock(&upstream);
        let gateway = Gateway::before(upstream.addr).await;
        let lines = format!("breaker_failures = 3\nlist_ttl = \"1s\"\n{more}");
        let mut toml = format!("{}{lines}", toml(kind, &[gateway.url()]));
        if more.contains("passthrough") {
            toml = toml.replace("api_key = \"mock-key\"\n", "");
        }
        let bridge = Bridge::at(&toml, clock).await;
        Self { upstream, gateway, bridge, log }
    }

    async fn break_it(&self) {
        self.gateway.trouble(Some(Wire::ResetAtOnce));
        for _ in 0..3 {
            assert_eq!(self.phase(), Phase::Closed);
            assert_eq!(self.bridge.ask("action=getBalance").await, "ERROR_SQL");
        }
        assert_eq!(self.phase(), Phase::Open);
    }

    fn phase(&self) -> Phase {
        self.bridge.main_upstream().breaker().phase
    }

    /// Lets so much time pass and one look be taken, by whomever.
    async fn look(&self, seconds: u64) {
        self.bridge.advance(seconds);
        let looked = async {
            while self.phase() == Phase::HalfOpen {
                self.bridge.look_whether_back().await;
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), looked).await.unwrap();
    }
}

fn detail(response: &Response) -> &str {
    response.header("x-smsbridge-detail").unwrap_or_default()
}

#[tokio::test]
async fn while_it_is_left_alone_everything_is_answered_without_it() {
    for kind in kinds() {
        let broken = Broken::at(kind, "").await;
        let bridge = &broken.bridge;
        let (id, _) = bridge.order("service=tg&country=0").await;
        let (prices, bought) = (bridge.ask(PRICES).await, orders(&broken.upstream));
        broken.break_it().await;
        bridge.advance(1);
        let connections = broken.gateway.connections();
        let refused = bridge.get(ORDER).await;
        assert_eq!(refused.body, "ERROR_SQL", "{kind}");
        assert!(detail(&refused).contains("the breaker of [provider.main] is open"), "{}", detail(&refused));
        assert_eq!(bridge.set(&id, "8").await, "ERROR_SQL", "{kind}");
        let polled = bridge.get(&format!("action=getStatus&id={id}")).await;
        assert_eq!(polled.body, "STATUS_WAIT_CODE", "{kind}");
        assert!(detail(&polled).starts_with("as last known, since"), "{kind}: {}", detail(&polled));
        let listed = bridge.get(PRICES).await;
        assert_eq!(listed.body, prices, "{kind}");
        assert!(detail(&listed).starts_with("as of 1s ago, since"), "{kind}: {}", detail(&listed));
        assert_eq!(bridge.ask("action=getBalance").await, "ERROR_SQL", "{kind}");
        let sent = (broken.gateway.connections(), orders(&broken.upstream));
        assert_eq!(sent, (connections, bought), "{kind}");
        let Broken { upstream, gateway, bridge, log } = broken;
        assert_eq!(log.lines("WARN").len(), 1, "{kind}: {:#?}", log.lines(""));
        let clock = bridge.clock.clone();
        let home = bridge.stop().await.unwrap();
        drop(gateway);
        let books = Books::read(home.path(), &clock).await;
        assert_eq!((books.activations.len(), books.doubts.len()), (1, 0), "{kind}");
        assert_eq!(books.paid(), upstream.market().totals().charged, "{kind}");
        assert_eq!(books.activations[0].state.as_str(), "waiting", "{kind}: a cancel is not claimed");
    }
}

#[tokio::test]
async fn one_question_for_the_balance_brings_it_back_and_an_order_is_never_that() {
    for kind in kinds() {
        let broken = Broken::at(kind, "").await;
        let bridge = &broken.bridge;
        let (id, _) = bridge.order("service=tg&country=0").await;
        broken.break_it().await;
        let asked = broken.gateway.connections();
        broken.look(3).await;
        assert_eq!((broken.phase(), broken.gateway.connections()), (Phase::Open, asked + 1), "{kind}");
        // It is there again, and nobody has seen it yet.
        broken.gateway.trouble(None);
        let (bought, balances) =
            (orders(&broken.upstream), broken.upstream.calls(broken.upstream.names().balance));
        assert_eq!(bridge.ask(ORDER).await, "ERROR_SQL", "{kind}");
        broken.look(5).await;
        assert_eq!(broken.phase(), Phase::Closed, "{kind}");
        let balance = broken.upstream.calls(broken.upstream.names().balance);
        assert_eq!((orders(&broken.upstream), balance), (bought, balances + 1), "{kind}");
        // A message that came meanwhile is there.
        bridge.advance(1);
        assert!(bridge.status(&id).await.starts_with("STATUS_OK:"), "{kind}");
        bridge.order("service=tg&country=0").await;
        let said: Vec<_> = [" WARN ", " INFO "].map(|level| broken.log.lines(level).len()).into();
        assert_eq!(said, [1, 1], "{kind}: {:#?}", broken.log.lines(""));
    }
}

#[tokio::test]
async fn where_clients_bring_their_keys_the_next_one_looks_even_with_a_wrong_key() {
    for kind in kinds() {
        let broken = Broken::at(kind, "[clients]\nmode = \"passthrough\"\n").await;
        let ask = async |key: &str| {
            let target = format!("{}?api_key={key}&action=getBalance", smsbridge::server::DIALECT_PATH);
            crate::harness::get(broken.bridge.addr, &target, &[]).await.body
        };
        broken.gateway.trouble(Some(Wire::ResetAtOnce));
        for _ in 0..3 {
            assert_eq!(ask("mock-key").await, "ERROR_SQL", "{kind}");
        }
        broken.gateway.trouble(None);
        broken.bridge.advance(3);
        // There is no key to look with by itself.
        broken.bridge.look_whether_back().await;
        assert_eq!(broken.phase(), Phase::HalfOpen, "{kind}");
        assert_eq!(ask("another-key").await, "ERROR_SQL", "{kind}");
        let closed = async {
            while broken.phase() != Phase::Closed {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), closed).await.unwrap();
        assert!(ask("mock-key").await.starts_with("ACCESS_BALANCE:"), "{kind}");
    }
}

#[tokio::test]
async fn refusals_do_not_open_it() {
    for kind in kinds() {
        let broken = Broken::at(kind, "").await;
        let (russia, telegram) = crate::harness::telegram(kind);
        broken.upstream.market().set_stock(&russia, &telegram, 0);
        for _ in 0..10 {
            assert_eq!(broken.bridge.ask(ORDER).await, "NO_NUMBERS", "{kind}");
        }
        broken.upstream.fault(FaultPlan::once(Mishap::TooManyRequests).times(10));
        for _ in 0..10 {
            assert_eq!(broken.bridge.ask("action=getBalance").await, "ERROR_SQL", "{kind}");
        }
        assert_eq!(broken.phase(), Phase::Closed, "{kind}");
    }
}
