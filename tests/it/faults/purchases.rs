//! A purchase is asked for at most once, and nothing that may have been bought is forgotten.

use std::time::Duration;

use smsbridge::mock::{FaultPlan, Mishap};

use super::{MISHAPS, books, dead, kinds, orders, stocked, toml, upstream};
use crate::harness::{Books, Bridge, trip};

#[tokio::test]
async fn a_purchase_that_went_wrong_is_asked_for_once_and_written_down_as_what_it_is() {
    for kind in kinds() {
        for action in ["getNumber", "getNumberV2"] {
            for (mishap, done) in MISHAPS {
                let place = format!("{kind} {action} {mishap:?}");
                let world = stocked(kind, "").await;
                trip(upstream(&world), mishap, upstream(&world).names().order);
                let answer = world.bridge.ask(&format!("action={action}&service=tg&country=0")).await;
                assert_eq!(answer, "ERROR_SQL", "{place}");
                assert_eq!(orders(upstream(&world)), 1, "{place}");
                let (books, upstream) = books(world).await;
                assert_eq!(upstream.market().lots().len(), usize::from(done), "{place}");
                assert_eq!(books.activations, Vec::new(), "{place}");
                // Only "asked too often" says for certain that nothing was done.
                let in_doubt = mishap != Mishap::TooManyRequests;
                assert_eq!(books.doubts.len(), usize::from(in_doubt), "{place}");
                for doubt in &books.doubts {
                    let order = &doubt.intent.order;
                    assert_eq!((order.service.as_str(), order.country.0), ("tg", 0), "{place}");
                    assert!(doubt.intent.provider.starts_with("main"), "{place}");
                    assert!(!doubt.reason.is_empty() && !doubt.reason.contains("mock-key"), "{place}");
                }
            }
        }
    }
}

#[tokio::test]
async fn the_next_order_is_a_new_one() {
    for kind in kinds() {
        let world = stocked(kind, "").await;
        trip(upstream(&world), Mishap::DropAfter, upstream(&world).names().order);
        assert_eq!(world.bridge.ask("action=getNumber&service=tg&country=0").await, "ERROR_SQL", "{kind}");
        let (id, phone) = world.bridge.order("service=tg&country=0").await;
        assert_eq!(orders(upstream(&world)), 2, "{kind}");
        let (books, upstream) = books(world).await;
        let lots = upstream.market().lots();
        assert_eq!(lots.len(), 2, "{kind}");
        assert_eq!((books.activations.len(), books.doubts.len()), (1, 1), "{kind}");
        assert_eq!(books.activations[0].id.to_string(), id, "{kind}");
        assert_eq!((&lots[1].phone, lots[1].price), (&phone, books.paid()), "{kind}");
    }
}

#[tokio::test]
async fn a_purchase_in_doubt_is_not_tried_at_the_next_operator() {
    let world = stocked("vak-sms", "").await;
    upstream(&world).fault(FaultPlan::once(Mishap::DropBefore).on_any(upstream(&world).names().order));
    let answer = world.bridge.ask("action=getNumber&service=tg&country=0&operator=mts,beeline").await;
    assert_eq!((answer.as_str(), orders(upstream(&world))), ("ERROR_SQL", 1));
    let (books, _upstream) = books(world).await;
    assert_eq!(books.doubts.len(), 1);
}

#[tokio::test]
async fn a_failing_look_at_the_price_buys_nothing() {
    let world = stocked("vak-sms", "").await;
    for (mishap, _) in MISHAPS {
        upstream(&world).fault(FaultPlan::once(mishap).on("getCountNumber"));
        let answer = world.bridge.ask("action=getNumber&service=tg&country=0&maxPrice=500").await;
        assert_eq!((answer.as_str(), orders(upstream(&world))), ("ERROR_SQL", 0), "{mishap:?}");
    }
    // Without a cap the price is only for the record.
    upstream(&world).fault(FaultPlan::once(Mishap::ServerError).on("getCountNumberList"));
    world.bridge.order("service=tg&country=0").await;
    world.end().await;
}

#[tokio::test]
async fn who_does_not_even_listen_has_sold_nothing() {
    for kind in kinds() {
        let bridge = Bridge::start(&toml(kind, &[dead()])).await;
        for action in ["getNumber", "getNumberV2"] {
            let answer = bridge.ask(&format!("action={action}&service=tg&country=0")).await;
            assert_eq!(answer, "ERROR_SQL", "{kind}");
        }
        assert_eq!(bridge.ask("action=getBalance").await, "ERROR_SQL", "{kind}");
        let clock = bridge.clock.clone();
        let home = bridge.stop().await.unwrap();
        let books = Books::read(home.path(), &clock).await;
        assert_eq!((books.activations, books.doubts), (Vec::new(), Vec::new()), "{kind}");
    }
}

/// The one test that takes real time: a timeout is real.
#[tokio::test]
async fn an_answer_that_comes_too_late_leaves_a_doubt() {
    for kind in kinds() {
        let world = stocked(kind, "timeout = \"1s\"").await;
        let late = Mishap::LateAnswer(Duration::from_secs(30));
        trip(upstream(&world), late, upstream(&world).names().order);
        assert_eq!(world.bridge.ask("action=getNumber&service=tg&country=0").await, "ERROR_SQL", "{kind}");
        assert_eq!(orders(upstream(&world)), 1, "{kind}");
        let (books, upstream) = books(world).await;
        assert_eq!(upstream.market().lots().len(), 1, "{kind}");
        assert_eq!((books.activations.len(), books.doubts.len()), (0, 1), "{kind}");
    }
}
