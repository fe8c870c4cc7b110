//! Rents whose answer was lost. Sources of the lists: `api/smsak.txt`, getallfullnumbers, which shows until when each
//! is rented; `api/sms-activate.txt`, "Вывести список текущих активаций", which shows ids and numbers only.

use smsbridge::mock::{Mishap, Scope, Special, Want};

use super::{End, FIRST, calm, upstream, wait};
use crate::harness::{World, trip};

const SMSAK: &str = "smsak";

async fn world(kind: &'static str) -> World {
    let world = World::market(kind, &[], "", calm()).await;
    for (country, service) in [("RU", "full"), ("0", "full")] {
        upstream(&world).market().set_stock(country, service, 10);
        upstream(&world).market().declare(Scope::Service(service.into()), Special::NoMessage);
    }
    world
}

async fn rent(world: &World) -> String {
    world.bridge.ask("action=getRentNumber&service=full&country=0&rent_time=24").await
}

#[tokio::test]
async fn a_rent_is_found_by_its_end_and_is_its_client_s() {
    let world = world(SMSAK).await;
    trip(upstream(&world), Mishap::DropAfter, &["getfullnumber"]);
    assert!(rent(&world).await.contains("SQL_ERROR"));
    world.bridge.settle_doubts().await;
    assert_eq!(world.bridge.unknown().await, 0);
    let lot = upstream(&world).market().lots()[0].clone();
    let list = world.bridge.json("action=getRentList").await;
    assert_eq!(list["values"]["0"]["phone"].as_str(), Some(lot.phone.as_str()), "{list}");
    let end = End::of(world, &[FIRST]).await;
    assert_eq!(end.paid(), end.upstream.market().totals().charged);
    assert_eq!(end.found[0].as_ref().unwrap().expires_at, lot.expires_at);
}

#[tokio::test]
async fn a_rent_that_is_not_listed_was_not_made() {
    for (kind, call) in [(SMSAK, "getfullnumber"), ("sms-activate", "getRentNumber")] {
        let world = world(kind).await;
        trip(upstream(&world), Mishap::DropBefore, &[call]);
        assert!(rent(&world).await.contains("SQL_ERROR"), "{kind}");
        world.bridge.settle_doubts().await;
        wait(&world, 4).await;
        assert_eq!(world.bridge.unknown().await, 0, "{kind}");
        assert_eq!(upstream(&world).market().lots().len(), 0, "{kind}");
        world.end().await;
    }
}

/// It may have been rented by hand long ago.
#[tokio::test]
async fn a_rent_of_which_only_the_number_is_shown_is_nobody_s() {
    let world = world("sms-activate").await;
    trip(upstream(&world), Mishap::DropAfter, &["getRentNumber"]);
    assert!(rent(&world).await.contains("SQL_ERROR"));
    wait(&world, 10).await;
    assert_eq!(world.bridge.unknown().await, 1);
    assert!(world.bridge.ask("action=getRentList").await.contains("NO_NUMBERS"));
    drop(world.bridge.stop().await);
}

/// If it was charged, it is in the list; if there is but one that is not known, it is that.
#[tokio::test]
async fn the_only_rent_that_is_not_known_is_the_one_that_was_charged() {
    for by_hand in [false, true] {
        let world = world("sms-activate").await;
        if by_hand {
            let rental = Some(1.into());
            let lifetime = Some(std::time::Duration::from_secs(7 * 24 * 3600));
            upstream(&world).market().buy(Want { rental, lifetime, ..Want::new("0", "full") }).unwrap();
        }
        world.bridge.note_balances().await;
        world.bridge.advance(60);
        trip(upstream(&world), Mishap::DropAfter, &["getRentNumber"]);
        assert!(rent(&world).await.contains("SQL_ERROR"));
        wait(&world, 30).await;
        if by_hand {
            let reasons = world.bridge.reasons().await;
            assert!(reasons[0].starts_with("the balance shows that it was charged"), "{reasons:?}");
            drop(world.bridge.stop().await);
            continue;
        }
        assert_eq!(world.bridge.unknown().await, 0);
        let phone = upstream(&world).market().lots()[0].phone.clone();
        assert!(world.bridge.ask("action=getRentList").await.contains(&phone));
        let end = End::of(world, &[FIRST]).await;
        assert_eq!(end.paid(), end.upstream.market().totals().charged);
    }
}

#[tokio::test]
async fn more_time_shows_in_the_rent_s_end() {
    for (mishap, charged) in [(Mishap::DropAfter, true), (Mishap::DropBefore, false)] {
        let world = world(SMSAK).await;
        let answer: serde_json::Value = serde_json::from_str(&rent(&world).await).unwrap();
        let id = answer["phone"]["id"].to_string();
        trip(upstream(&world), mishap, &["rebuynumber"]);
        let more = format!("action=continueRentNumber&id={id}&rent_time=24");
        assert!(world.bridge.ask(&more).await.contains("SERVER_ERROR"), "{mishap:?}");
        world.bridge.settle_doubts().await;
        wait(&world, 4).await;
        assert_eq!(world.bridge.unknown().await, 0, "{mishap:?}");
        let end = End::of(world, &[FIRST, FIRST + 1]).await;
        let lot = &end.upstream.market().lots()[0];
        assert_eq!(end.found[0].as_ref().unwrap().expires_at, lot.expires_at, "{mishap:?}");
        assert_eq!(end.found[1].is_some(), charged, "{mishap:?}");
        assert_eq!(end.paid(), end.upstream.market().totals().charged, "{mishap:?}");
    }
}

/// The rent's end then shows that more time was bought, and not how often.
#[tokio::test]
async fn more_time_that_was_asked_for_once_more_leaves_the_first_in_doubt() {
    for (mishap, times) in [(Mishap::DropAfter, 2), (Mishap::DropBefore, 1)] {
        let world = world(SMSAK).await;
        let answer: serde_json::Value = serde_json::from_str(&rent(&world).await).unwrap();
        let more = format!("action=continueRentNumber&id={}&rent_time=24", answer["phone"]["id"]);
        let before = upstream(&world).market().totals().charged;
        trip(upstream(&world), mishap, &["rebuynumber"]);
        assert!(world.bridge.ask(&more).await.contains("SERVER_ERROR"), "{mishap:?}");
        assert!(world.bridge.ask(&more).await.contains("success"), "{mishap:?}");
        world.bridge.settle_doubts().await;
        wait(&world, 4).await;
        assert_eq!(world.bridge.unknown().await, 1, "{mishap:?}");
        let end = End::of(world, &[FIRST, FIRST + 2]).await;
        let charged = end.upstream.market().totals().charged - before;
        let once = end.found[1].as_ref().unwrap().price.unwrap().amount;
        assert_eq!(charged, once * rust_decimal::Decimal::from(times), "{mishap:?}");
        assert_eq!(end.paid(), before + once, "{mishap:?}: the other is at stake");
    }
}
