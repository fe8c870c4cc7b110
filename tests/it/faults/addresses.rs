//! One upstream at several addresses: whoever answers first is asked, but a purchase that may have reached
//! one address is never taken to the next.

use smsbridge::clock::MovableClock;
use smsbridge::mock::{FaultPlan, Mishap, Running};

use super::{dead, kinds, orders, stock, toml};
use crate::harness::{Books, Bridge, World, trip};
use crate::providers::easy;

struct Pair {
    first: Running,
    second: Running,
    bridge: Bridge,
}

impl Pair {
    async fn of(kind: &str) -> Self {
        let clock = MovableClock::standing();
        let first = World::stand_in(kind, &[], easy(), &clock).await;
        let second = World::stand_in(kind, &[], easy(), &clock).await;
        stock(&first);
        stock(&second);
        let bridge = Bridge::at(&toml(kind, &[first.url(), second.url()]), clock).await;
        Self { first, second, bridge }
    }
}

#[tokio::test]
async fn a_dead_address_is_passed_over_by_questions_and_by_purchases() {
    for kind in kinds() {
        let clock = MovableClock::standing();
        let alive = World::stand_in(kind, &[], easy(), &clock).await;
        stock(&alive);
        for question_first in [true, false] {
            let bridge = Bridge::at(&toml(kind, &[dead(), alive.url()]), clock.clone()).await;
            if question_first {
                assert!(bridge.ask("action=getBalance").await.starts_with("ACCESS_BALANCE:"), "{kind}");
            }
            let before = orders(&alive);
            let (id, _) = bridge.order("service=tg&country=0").await;
            assert_eq!(orders(&alive), before + 1, "{kind}");
            assert_eq!(bridge.status(&id).await, "STATUS_WAIT_CODE", "{kind}");
            assert_eq!(bridge.set(&id, "8").await, "ACCESS_CANCEL", "{kind}");
            bridge.stop().await;
        }
        assert_eq!(alive.violations(), Vec::<String>::new(), "{kind}");
    }
}

#[tokio::test]
async fn a_purchase_that_may_have_arrived_is_not_taken_to_the_next_address() {
    for kind in kinds() {
        for mishap in [
            Mishap::DropBefore,
            Mishap::DropAfter,
            Mishap::ServerError,
            Mishap::BadGateway,
            Mishap::CutBody,
            Mishap::EmptyBody,
        ] {
            let place = format!("{kind} {mishap:?}");
            let pair = Pair::of(kind).await;
            trip(&pair.first, mishap, pair.first.names().order);
            let answer = pair.bridge.ask("action=getNumber&service=tg&country=0").await;
            assert_eq!(answer, "ERROR_SQL", "{place}");
            assert_eq!((orders(&pair.first), orders(&pair.second)), (1, 0), "{place}");
            let clock = pair.bridge.clock.clone();
            let home = pair.bridge.stop().await.unwrap();
            assert_eq!(Books::read(home.path(), &clock).await.doubts.len(), 1, "{place}");
        }
    }
}

#[tokio::test]
async fn a_change_that_may_have_arrived_is_not_taken_to_the_next_address() {
    for kind in kinds() {
        let pair = Pair::of(kind).await;
        let (id, _) = pair.bridge.order("service=tg&country=0").await;
        trip(&pair.first, Mishap::DropAfter, pair.first.names().change);
        assert_eq!(pair.bridge.set(&id, "8").await, "ERROR_SQL", "{kind}");
        assert_eq!((pair.first.changes(), pair.second.changes()), (1, 0), "{kind}");
    }
}

#[tokio::test]
async fn a_question_goes_to_the_next_address_and_stays_there() {
    for kind in kinds() {
        let pair = Pair::of(kind).await;
        pair.first.fault(FaultPlan::once(Mishap::DropBefore));
        for _ in 0..3 {
            assert!(pair.bridge.ask("action=getBalance").await.starts_with("ACCESS_BALANCE:"), "{kind}");
        }
        assert_eq!(
            (pair.first.calls(pair.first.names().balance), pair.second.calls(pair.second.names().balance)),
            (1, 3),
            "{kind}"
        );
    }
}

#[tokio::test]
async fn a_gateways_page_is_no_answer_to_a_question_but_ends_a_purchase() {
    for kind in kinds() {
        for mishap in [Mishap::BadGateway, Mishap::ServerError] {
            let pair = Pair::of(kind).await;
            trip(&pair.first, mishap, &[pair.first.names().balance]);
            assert!(pair.bridge.ask("action=getBalance").await.starts_with("ACCESS_BALANCE:"), "{kind}");
            assert_eq!(
                (
                    pair.first.calls(pair.first.names().balance),
                    pair.second.calls(pair.second.names().balance)
                ),
                (1, 1),
                "{kind}"
            );
            trip(&pair.second, mishap, pair.second.names().order);
            assert_eq!(pair.bridge.ask("action=getNumber&service=tg&country=0").await, "ERROR_SQL", "{kind}");
            assert_eq!((orders(&pair.first), orders(&pair.second)), (0, 1), "{kind}");
        }
    }
}

#[tokio::test]
async fn all_addresses_dead_is_an_error_of_the_server() {
    for kind in kinds() {
        let bridge = Bridge::start(&toml(kind, &[dead(), dead()])).await;
        for query in ["getBalance", "getPrices&country=0", "getNumber&service=tg"] {
            assert_eq!(bridge.ask(&format!("action={query}")).await, "ERROR_SQL", "{kind} {query}");
        }
    }
}
