//! Numbers in an upstream's list that are not ours, or that nobody can tell whose they are.

use std::time::Duration;

use smsbridge::mock::{LotState, Mishap, Want};

use super::{End, ORDER, lose, stocked, upstream, wait};
use crate::harness::{World, get, trip};

const KIND: &str = "sms-activate";
const CLIENTS: &str = "\n[clients]\nmode = \"listed\"\n[clients.key.shop]\napi_key = \"0123456789abcdef0123456789abcdef\"\n[clients.key.rival]\napi_key = \"fedcba9876543210fedcba9876543210\"\n";
const SHOP: &str = "0123456789abcdef0123456789abcdef";
const RIVAL: &str = "fedcba9876543210fedcba9876543210";

async fn lose_as(world: &World, key: &str, mishap: Mishap) {
    trip(upstream(world), mishap, upstream(world).names().order);
    let path = format!("/stubs/handler_api.php?api_key={key}&{ORDER}");
    assert_eq!(get(world.bridge.addr, &path, &[]).await.body, "ERROR_SQL");
}

#[tokio::test]
async fn what_may_be_either_client_s_is_neither_s() {
    let world = stocked(KIND, CLIENTS).await;
    lose_as(&world, SHOP, Mishap::DropAfter).await;
    lose_as(&world, RIVAL, Mishap::DropBefore).await;
    wait(&world, 10).await;
    assert_eq!(world.bridge.unknown().await, 2);
    assert_eq!(upstream(&world).market().lots()[0].state, LotState::Waiting);
    drop(world.bridge.stop().await);
}

#[tokio::test]
async fn what_is_bought_for_other_things_is_each_client_s_own() {
    let world = stocked(KIND, CLIENTS).await;
    upstream(&world).market().set_stock("0", "wa", 100);
    lose_as(&world, SHOP, Mishap::DropAfter).await;
    trip(upstream(&world), Mishap::DropAfter, upstream(&world).names().order);
    let path = format!("/stubs/handler_api.php?api_key={RIVAL}&action=getNumber&service=wa&country=0");
    assert_eq!(get(world.bridge.addr, &path, &[]).await.body, "ERROR_SQL");
    world.bridge.settle_doubts().await;
    assert_eq!(world.bridge.unknown().await, 0);
    let end = End::of(world, &[super::FIRST, super::FIRST + 1]).await;
    let owners: Vec<_> =
        end.found.iter().flatten().map(|one| (one.owner.0.as_str(), one.service.as_str())).collect();
    assert_eq!(owners, [("shop", "tg"), ("rival", "wa")]);
}

#[tokio::test]
async fn a_number_that_was_bought_by_hand_at_another_time_is_left_alone() {
    let world = stocked(KIND, "").await;
    upstream(&world).market().buy(Want::new("0", "tg")).unwrap();
    world.bridge.advance(5 * 60);
    lose(&world, Mishap::DropBefore).await;
    wait(&world, 10).await;
    // It may be ours as far as its time can be trusted, so nothing is concluded while it lives.
    assert_eq!(world.bridge.unknown().await, 1);
    assert_eq!(upstream(&world).market().lots()[0].state, LotState::Waiting);
    wait(&world, 8).await;
    assert_eq!(upstream(&world).market().lots()[0].state, LotState::Expired);
    assert_eq!(world.bridge.unknown().await, 0);
    drop(world.bridge.stop().await);
}

#[tokio::test]
async fn a_number_for_something_else_stands_against_nothing() {
    let world = stocked(KIND, "").await;
    upstream(&world).market().set_stock("0", "wa", 100);
    upstream(&world).market().buy(Want::new("0", "wa")).unwrap();
    lose(&world, Mishap::DropBefore).await;
    world.bridge.settle_doubts().await;
    wait(&world, 4).await;
    assert_eq!(world.bridge.unknown().await, 0);
    assert_eq!(upstream(&world).market().lots()[0].state, LotState::Waiting);
    drop(world.bridge.stop().await);
}

/// The list has a number that was just sold to somebody whose answer is on its way.
#[tokio::test]
async fn a_number_that_is_just_being_bought_is_its_buyer_s() {
    let world = stocked(KIND, "").await;
    lose(&world, Mishap::DropBefore).await;
    trip(upstream(&world), Mishap::LateAnswer(Duration::from_millis(600)), upstream(&world).names().order);
    let looking = async {
        while upstream(&world).market().lots().is_empty() {
            tokio::task::yield_now().await;
        }
        world.bridge.settle_doubts().await;
    };
    let (answer, ()) = tokio::join!(world.bridge.ask(ORDER), looking);
    assert!(answer.starts_with("ACCESS_NUMBER:"), "{answer}");
    assert_eq!(upstream(&world).market().lots()[0].state, LotState::Waiting);
    assert_eq!(world.bridge.unknown().await, 1);
    wait(&world, 4).await;
    assert_eq!(world.bridge.unknown().await, 0);
    assert_eq!(upstream(&world).market().lots()[0].state, LotState::Waiting);
    drop(world.bridge.stop().await);
}
