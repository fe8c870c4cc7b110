//! Upstreams that list what lives: a number that was sold is found and given back, one that was not is released.
//! Source of the lists: `api/sms-activate.txt`, "Запрос активных активаций".

use std::time::Duration;

use smsbridge::clock::MovableClock;
use smsbridge::domain::State;
use smsbridge::mock::{self, FaultPlan, LotState, Mishap, Setup};
use tempfile::TempDir;

use super::{End, FIRST, ORDER, SOLD, calm, id, lose, stocked, upstream, wait};
use crate::harness::{Books, Bridge, World, trip};

const KIND: &str = "sms-activate";

#[tokio::test]
async fn a_number_that_was_sold_is_found_and_given_back() {
    for mishap in SOLD {
        let world = stocked(KIND, "").await;
        lose(&world, mishap).await;
        world.bridge.settle_doubts().await;
        assert_eq!(upstream(&world).market().lots()[0].state, LotState::Cancelled, "{mishap:?}");
        // Nobody was told of it, and nobody is.
        assert_eq!(world.bridge.ask("action=getHistory").await, "[]", "{mishap:?}");
        assert_eq!(upstream(&world).orders(), 1, "{mishap:?}");
        let end = End::of(world, &[FIRST]).await;
        assert_eq!(end.books.doubts, [], "{mishap:?}");
        let found = end.found[0].as_ref().unwrap();
        let lot = &end.upstream.market().lots()[0];
        assert_eq!((&found.upstream_id, found.phone.digits()), (&lot.id, lot.phone.as_str()), "{mishap:?}");
        assert_eq!((found.state, found.unwanted), (State::Cancelled, true), "{mishap:?}");
        assert_eq!(found.price.unwrap().amount, lot.price, "{mishap:?}");
        assert_eq!((end.paid(), end.upstream.market().totals().charged), (0.into(), 0.into()), "{mishap:?}");
    }
}

#[tokio::test]
async fn a_number_that_cannot_go_back_at_once_goes_back_later() {
    let early = mock::Settings { early_cancel: Some(Duration::from_secs(120)), ..calm() };
    let world = World::market(KIND, &[], "", early).await;
    lose(&world, Mishap::DropAfter).await;
    world.bridge.settle_doubts().await;
    assert_eq!(upstream(&world).market().lots()[0].state, LotState::Waiting);
    wait(&world, 3).await;
    assert_eq!(upstream(&world).market().lots()[0].state, LotState::Cancelled);
    assert_eq!(upstream(&world).market().totals().charged, 0.into());
    drop(world.bridge.stop().await);
}

#[tokio::test]
async fn what_is_not_listed_was_not_bought_once_it_cannot_be_under_way_any_more() {
    for mishap in [Mishap::DropBefore, Mishap::ServerError, Mishap::BadGateway] {
        let world = stocked(KIND, "").await;
        lose(&world, mishap).await;
        world.bridge.settle_doubts().await;
        wait(&world, 1).await;
        let asked = upstream(&world).calls_of(&["getActiveActivations"]);
        assert!(asked > 0, "{mishap:?}");
        assert_eq!(world.bridge.unknown().await, 1, "{mishap:?}: it may be under way");
        wait(&world, 3).await;
        assert_eq!(world.bridge.unknown().await, 0, "{mishap:?}");
        // Who has nothing in doubt asks nothing.
        let asked = upstream(&world).calls_of(&["getActiveActivations"]);
        wait(&world, 5).await;
        assert_eq!(upstream(&world).calls_of(&["getActiveActivations"]), asked, "{mishap:?}");
        let end = End::of(world, &[FIRST]).await;
        assert_eq!((end.books.doubts.len(), end.found[0].is_none()), (0, true), "{mishap:?}");
        assert_eq!(end.upstream.orders(), 1, "{mishap:?}: never sent again");
    }
}

#[tokio::test]
async fn a_list_that_cannot_be_had_or_comes_too_late_settles_nothing() {
    let world = stocked(KIND, "").await;
    lose(&world, Mishap::DropBefore).await;
    let bad = FaultPlan::once(Mishap::CutBody).on("getActiveActivations").times(100);
    upstream(&world).fault(bad);
    wait(&world, 10).await;
    assert_eq!(world.bridge.unknown().await, 1);
    drop(world.bridge.stop().await);

    let world = stocked(KIND, "").await;
    lose(&world, Mishap::DropAfter).await;
    // Nobody looked while the number lived: whether there was one, a list cannot tell any more.
    world.bridge.advance(21 * 60);
    wait(&world, 10).await;
    assert_eq!(world.bridge.unknown().await, 1);
    drop(world.bridge.stop().await);
}

#[tokio::test]
async fn it_is_found_after_a_restart_too() {
    let clock = MovableClock::standing();
    let stand_in = World::stand_in(KIND, &[], calm(), &clock).await;
    let toml = World::toml(KIND, &[], &stand_in, "");
    let home = TempDir::new().unwrap();
    let bridge = Bridge::over(&toml, clock.clone(), home.path()).await;
    for mishap in [Mishap::DropAfter, Mishap::DropBefore] {
        trip(&stand_in, mishap, stand_in.names().order);
        assert_eq!(bridge.ask(ORDER).await, "ERROR_SQL");
    }
    drop(bridge.stop().await);
    clock.advance(Duration::from_secs(300));
    let bridge = Bridge::over(&toml, clock.clone(), home.path()).await;
    // The start itself looks; this is the time after it.
    for _ in 0..5 {
        bridge.settle_doubts().await;
        clock.advance(Duration::from_secs(60));
    }
    bridge.tidy().await;
    drop(bridge.stop().await);
    let books = Books::read(home.path(), &clock).await;
    assert_eq!(books.doubts, []);
    let lots = stand_in.market().lots();
    assert_eq!((lots.len(), lots[0].state), (1, LotState::Cancelled));
    // Which of the two it was makes no difference.
    let found = Books::found(home.path(), &clock, &[FIRST, FIRST + 1]).await;
    let found: Vec<_> = found.into_iter().flatten().collect();
    assert_eq!((found.len(), &found[0].upstream_id), (1, &lots[0].id));
}

#[tokio::test]
async fn of_another_key_s_account_nothing_is_concluded() {
    let clock = MovableClock::standing();
    let stand_in = World::stand_in(KIND, &[], calm(), &clock).await;
    let toml = World::toml(KIND, &[], &stand_in, "");
    let home = TempDir::new().unwrap();
    let bridge = Bridge::over(&toml, clock.clone(), home.path()).await;
    trip(&stand_in, Mishap::DropAfter, stand_in.names().order);
    assert_eq!(bridge.ask(ORDER).await, "ERROR_SQL");
    drop(bridge.stop().await);
    clock.advance(Duration::from_secs(1));
    // Another account, where nothing lives.
    let setup = Setup { key: "other-key".into(), clock: clock.clone(), market: calm(), ..Setup::default() };
    let other = mock::start(KIND, "127.0.0.1:0".parse().unwrap(), setup).await.unwrap();
    let url = |stand_in: &mock::Running| stand_in.url().clone();
    let toml =
        toml.replace("mock-key", "other-key").replace(&url(&stand_in).to_string(), &url(&other).to_string());
    let bridge = Bridge::over(&toml, clock.clone(), home.path()).await;
    for _ in 0..5 {
        bridge.settle_doubts().await;
        clock.advance(Duration::from_secs(60));
    }
    assert_eq!(bridge.unknown().await, 1);
    assert_eq!(other.violations(), Vec::<String>::new());
    drop(bridge.stop().await);
}

#[tokio::test]
async fn each_part_of_a_lost_purchase_is_found() {
    let world = stocked(KIND, "").await;
    for service in ["tg", "wa"] {
        upstream(&world).market().set_stock("0", service, 100);
    }
    trip(upstream(&world), Mishap::DropAfter, &["getMultiServiceNumber"]);
    let query = "action=getMultiServiceNumber&country=0&multiService=tg,wa";
    assert_eq!(world.bridge.ask(query).await, "ERROR_SQL");
    assert_eq!(world.bridge.unknown().await, 2);
    world.bridge.settle_doubts().await;
    assert_eq!(world.bridge.unknown().await, 0);
    let end = End::of(world, &[FIRST, FIRST + 1]).await;
    let services: Vec<_> = end.found.iter().flatten().map(|one| one.service.as_str()).collect();
    assert_eq!(services, ["tg", "wa"]);
    assert_eq!(end.upstream.market().totals().charged, 0.into());
    assert!(end.found.iter().flatten().all(|one| one.unwanted && one.state == State::Cancelled));
    assert_eq!(end.found[0].as_ref().unwrap().id, id(FIRST));
}
