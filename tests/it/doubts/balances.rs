//! Upstreams that list nothing: what the balance shows.

use smsbridge::mock::{LotState, Mishap};

use super::{End, FIRST, ORDER, SOLD, lose, stocked, upstream, wait};

/// The kinds whose only sign is the balance.
const KINDS: [&str; 5] = ["vak-sms", "smsak", "sms-service-online", "sms-man", "sms-man-v2"];

#[tokio::test]
async fn what_was_not_charged_was_not_bought() {
    for kind in KINDS {
        let world = stocked(kind, "").await;
        world.bridge.note_balances().await;
        world.bridge.advance(60);
        lose(&world, Mishap::DropBefore).await;
        wait(&world, 2).await;
        assert_eq!(world.bridge.unknown().await, 1, "{kind}: it may be under way");
        wait(&world, 4).await;
        assert_eq!(world.bridge.unknown().await, 0, "{kind}");
        let end = End::of(world, &[FIRST]).await;
        assert_eq!((end.books.doubts.len(), end.upstream.orders()), (0, 1), "{kind}");
    }
}

#[tokio::test]
async fn what_was_charged_stays_in_doubt_until_it_was_given_back() {
    for kind in KINDS {
        for mishap in SOLD {
            let world = stocked(kind, "").await;
            world.bridge.note_balances().await;
            world.bridge.advance(60);
            lose(&world, mishap).await;
            wait(&world, 18).await;
            let reasons = world.bridge.reasons().await;
            assert_eq!(reasons.len(), 1, "{kind} {mishap:?}");
            let price = upstream(&world).market().lots()[0].price;
            let charged = format!("the balance shows that it was charged {price}");
            assert!(reasons[0].starts_with(&charged), "{kind} {mishap:?}: {reasons:?}");
            assert_eq!(upstream(&world).market().lots()[0].state, LotState::Waiting, "{kind} {mishap:?}");
            wait(&world, 15).await;
            assert_eq!(upstream(&world).market().lots()[0].state, LotState::Expired, "{kind} {mishap:?}");
            assert_eq!(world.bridge.unknown().await, 0, "{kind} {mishap:?}");
            let end = End::of(world, &[FIRST]).await;
            assert_eq!((end.books.doubts.len(), end.upstream.orders()), (0, 1), "{kind} {mishap:?}");
        }
    }
}

#[tokio::test]
async fn without_an_earlier_balance_nothing_is_known() {
    let world = stocked("vak-sms", "").await;
    lose(&world, Mishap::DropBefore).await;
    wait(&world, 30).await;
    assert_eq!(world.bridge.unknown().await, 1);
    drop(world.bridge.stop().await);
}

#[tokio::test]
async fn what_else_moves_the_balance_leaves_it_open() {
    let world = stocked("vak-sms", "").await;
    world.bridge.note_balances().await;
    world.bridge.advance(60);
    lose(&world, Mishap::DropBefore).await;
    let balance = upstream(&world).market().balance();
    upstream(&world).market().set_balance(balance + rust_decimal::Decimal::from(500));
    wait(&world, 10).await;
    assert_eq!(world.bridge.unknown().await, 1);
    drop(world.bridge.stop().await);
}

/// A number that waits may be given back unseen, and what that refunds would hide what was charged.
#[tokio::test]
async fn while_a_number_waits_the_balance_tells_nothing() {
    let world = stocked("vak-sms", "").await;
    world.bridge.note_balances().await;
    world.bridge.advance(60);
    let (id, _) = world.bridge.order("service=tg&country=0").await;
    lose(&world, Mishap::DropAfter).await;
    let lot = upstream(&world).market().lots()[0].id.clone();
    upstream(&world).market().cancel(&lot).unwrap();
    // What came back is what was charged, so that the balance is as it should be.
    for _ in 0..5 {
        world.bridge.advance(60);
        world.bridge.settle_doubts().await;
    }
    assert_eq!(world.bridge.unknown().await, 1);
    // Whether what ran out was given back no document says, so that the sum tells nothing either.
    wait(&world, 40).await;
    assert_eq!(world.bridge.status(&id).await, "STATUS_CANCEL");
    assert_eq!(world.bridge.unknown().await, 1);
    assert_eq!(upstream(&world).market().totals().charged, 0.into());
    drop(world.bridge.stop().await);
}

#[tokio::test]
async fn balances_are_asked_for_seldom() {
    let world = stocked("vak-sms", "").await;
    let asked = || upstream(&world).calls_of(&["getBalance"]);
    for _ in 0..30 {
        world.bridge.note_balances().await;
        world.bridge.advance(60);
    }
    assert_eq!(asked(), 1, "nothing was bought");
    assert!(world.bridge.ask(ORDER).await.starts_with("ACCESS_NUMBER:"));
    world.bridge.note_balances().await;
    assert_eq!(asked(), 1, "something was bought just now");
    for _ in 0..30 {
        world.bridge.note_balances().await;
        world.bridge.advance(60);
    }
    assert_eq!(asked(), 2);
    drop(world.bridge.stop().await);
}
