//! Call forwarding where the upstream sets it up after the first message only (`api/smsak.txt`, setstatus 2):
//! a number to forward to is told or refused, and never dropped.

use smsbridge::mock::{LotState, Mishap};

use crate::harness::{World, trip};

const TO: &str = "79001234567";

/// A world, and an order of Avito's, whose numbers forward.
async fn ordered() -> (World, String) {
    let world = World::of("smsak").await;
    let (id, _) = world.bridge.order("service=av&country=0&forward=1").await;
    (world, id)
}

async fn forward(world: &World, id: &str, status: &str) -> String {
    world.bridge.ask(&format!("action=setStatus&id={id}&status={status}&forward=%2B{TO}")).await
}

/// The changes that the upstream was asked for, without their path.
fn asked(world: &World) -> Vec<String> {
    let requests = world.upstream.as_ref().unwrap().requests();
    let changes = requests.into_iter().filter(|line| line.contains("/setstatus/") || line.contains("/play/"));
    changes.map(|line| line.split_once('?').unwrap().1.to_owned()).collect()
}

fn sold(world: &World) -> String {
    world.upstream.as_ref().unwrap().market().lots()[0].id.clone()
}

#[tokio::test]
async fn a_number_to_forward_to_is_told_after_the_first_message_and_refused_before() {
    let (world, id) = ordered().await;
    assert_eq!(forward(&world, &id, "1").await, "BAD_STATUS");
    assert_eq!(world.bridge.set(&id, "1").await, "ACCESS_READY");
    assert_eq!(asked(&world), Vec::<String>::new());
    world.let_message_come();
    assert!(world.bridge.status(&id).await.starts_with("STATUS_OK:"));
    assert_eq!(forward(&world, &id, "1").await, "ACCESS_READY");
    let told = format!("id={}&status=2&forward={TO}", sold(&world));
    assert_eq!(asked(&world), [told.as_str()]);
    // Without one there is nothing to be told.
    assert_eq!(world.bridge.set(&id, "1").await, "ACCESS_READY");
    assert_eq!(asked(&world).len(), 1);
    world.end().await;
}

#[tokio::test]
async fn it_goes_along_with_every_step_and_with_one_that_was_made_already() {
    let (world, id) = ordered().await;
    world.let_message_come();
    world.bridge.status(&id).await;
    assert_eq!(forward(&world, &id, "3").await, "ACCESS_RETRY_GET");
    assert_eq!(forward(&world, &id, "3").await, "ACCESS_RETRY_GET");
    assert_eq!(forward(&world, &id, "6").await, "ACCESS_ACTIVATION");
    let lot = sold(&world);
    let told = format!("id={lot}&status=2&forward={TO}");
    assert_eq!(asked(&world), [told.clone(), format!("id={lot}"), told.clone(), told]);
    world.end().await;
}

#[tokio::test]
async fn where_forwarding_cannot_be_set_no_step_is_made() {
    for mishap in [Mishap::DropBefore, Mishap::DropAfter, Mishap::CutBody, Mishap::BadGateway] {
        let (world, id) = ordered().await;
        world.let_message_come();
        let code = world.bridge.status(&id).await;
        for status in ["1", "3", "6"] {
            trip(world.upstream.as_ref().unwrap(), mishap, &["setstatus"]);
            assert_eq!(forward(&world, &id, status).await, "ERROR_SQL", "{mishap:?} {status}");
            assert_eq!(world.bridge.status(&id).await, code, "{mishap:?} {status}");
        }
        assert_eq!(forward(&world, &id, "3").await, "ACCESS_RETRY_GET", "{mishap:?}");
        world.end().await;
    }
}

#[tokio::test]
async fn an_unused_number_is_given_back_whatever_comes_with_it() {
    let (world, id) = ordered().await;
    assert_eq!(forward(&world, &id, "8").await, "ACCESS_CANCEL");
    assert_eq!(asked(&world), [format!("id={}&status=1", sold(&world))]);
    assert_eq!(world.upstream.as_ref().unwrap().market().lots()[0].state, LotState::Cancelled);
    // It is over, and nothing is forwarded any more.
    assert_eq!(forward(&world, &id, "8").await, "ACCESS_CANCEL");
    assert_eq!(world.upstream.as_ref().unwrap().changes(), 1);
    world.end().await;
}

#[tokio::test]
async fn what_the_dialect_never_forwards_is_not_sold_for_forwarding() {
    let world = World::of("smsak").await;
    for action in ["getNumber", "getNumberV2"] {
        let order = format!("action={action}&service=tg&country=0&forward=1");
        assert_eq!(world.bridge.ask(&order).await, "NO_NUMBERS");
    }
    assert_eq!(world.upstream.as_ref().unwrap().market().totals().purchases, 0);
    world.end().await;
}

#[tokio::test]
async fn where_the_upstream_takes_it_with_a_status_it_is_passed_on_after_a_message_too() {
    let world = World::of("sms-activate").await;
    let (id, _) = world.bridge.order("service=tg&country=0").await;
    world.let_message_come();
    assert!(world.bridge.status(&id).await.starts_with("STATUS_OK:"));
    forward(&world, &id, "1").await;
    let requests = world.upstream.as_ref().unwrap().requests().join("\n");
    assert!(requests.contains(&format!("forward={TO}")), "{requests}");
}
