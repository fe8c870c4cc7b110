//! A `setStatus` whose answer was lost: nothing is claimed that may not have happened, and the next
//! question gets a true answer.

use smsbridge::mock::{LotState, Mishap};

use super::{MISHAPS, books, kinds, stocked, upstream};
use crate::harness::{World, trip};

async fn open(kind: &'static str, with_code: bool) -> (World, String) {
    let world = stocked(kind, "").await;
    let (id, _) = world.bridge.order("service=tg&country=0").await;
    if with_code {
        world.let_message_come();
        assert!(world.bridge.status(&id).await.starts_with("STATUS_OK:"), "{kind}");
    }
    (world, id)
}

fn lot_state(world: &World) -> LotState {
    upstream(world).market().lots()[0].state
}

#[tokio::test]
async fn a_cancel_whose_answer_was_lost_is_not_claimed_and_its_repetition_tells_the_truth() {
    for kind in kinds() {
        for (mishap, done) in MISHAPS {
            for status in ["8", "-1", "6"] {
                let place = format!("{kind} {mishap:?} {status}");
                let (world, id) = open(kind, false).await;
                trip(upstream(&world), mishap, upstream(&world).names().change);
                assert_eq!(world.bridge.set(&id, status).await, "ERROR_SQL", "{place}");
                assert_eq!(lot_state(&world) == LotState::Cancelled, done, "{place}");
                assert_eq!(world.bridge.set(&id, status).await, "ACCESS_CANCEL", "{place}");
                assert_eq!(lot_state(&world), LotState::Cancelled, "{place}");
                assert_eq!(world.bridge.status(&id).await, "STATUS_CANCEL", "{place}");
                let (books, upstream) = books(world).await;
                assert_eq!(books.paid(), upstream.market().totals().charged, "{place}");
            }
        }
    }
}

#[tokio::test]
async fn a_cancel_whose_answer_was_lost_shows_in_the_next_poll() {
    for kind in kinds() {
        for (mishap, done) in MISHAPS {
            let place = format!("{kind} {mishap:?}");
            let (world, id) = open(kind, false).await;
            assert_eq!(world.bridge.status(&id).await, "STATUS_WAIT_CODE", "{place}");
            trip(upstream(&world), mishap, upstream(&world).names().change);
            assert_eq!(world.bridge.set(&id, "8").await, "ERROR_SQL", "{place}");
            let expected = if done { "STATUS_CANCEL" } else { "STATUS_WAIT_CODE" };
            assert_eq!(world.bridge.status(&id).await, expected, "{place}");
            if done {
                assert_eq!(world.bridge.set(&id, "8").await, "ACCESS_CANCEL", "{place}");
            }
            let (books, upstream) = books(world).await;
            assert_eq!(books.paid(), upstream.market().totals().charged, "{place}");
        }
    }
}

#[tokio::test]
async fn a_code_that_came_after_a_lost_cancel_is_given_out() {
    for kind in kinds() {
        let (world, id) = open(kind, false).await;
        trip(upstream(&world), Mishap::DropBefore, upstream(&world).names().change);
        assert_eq!(world.bridge.set(&id, "8").await, "ERROR_SQL", "{kind}");
        world.let_message_come();
        assert_eq!(world.bridge.set(&id, "8").await, "BAD_STATUS", "{kind}");
        assert!(world.bridge.status(&id).await.starts_with("STATUS_OK:"), "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn another_message_may_be_asked_for_again() {
    for kind in kinds() {
        for (mishap, _) in MISHAPS {
            let place = format!("{kind} {mishap:?}");
            let (world, id) = open(kind, true).await;
            trip(upstream(&world), mishap, upstream(&world).names().change);
            assert_eq!(world.bridge.set(&id, "3").await, "ERROR_SQL", "{place}");
            assert_eq!(world.bridge.set(&id, "3").await, "ACCESS_RETRY_GET", "{place}");
            assert!(world.bridge.status(&id).await.starts_with("STATUS_WAIT_RETRY:"), "{place}");
            world.let_message_come();
            let answer = world.bridge.status(&id).await;
            let second = upstream(&world).market().lots()[0].messages[1].code.clone();
            assert_eq!(answer, format!("STATUS_OK:{second}"), "{place}");
            world.end().await;
        }
    }
}

#[tokio::test]
async fn a_finish_whose_answer_was_lost_can_be_repeated() {
    for (mishap, _) in MISHAPS {
        let (world, id) = open("sms-activate", true).await;
        trip(upstream(&world), mishap, upstream(&world).names().change);
        assert_eq!(world.bridge.set(&id, "6").await, "ERROR_SQL", "{mishap:?}");
        assert_eq!(world.bridge.set(&id, "6").await, "ACCESS_ACTIVATION", "{mishap:?}");
        assert_eq!(lot_state(&world), LotState::Finished, "{mishap:?}");
        let cost = world.bridge.json("action=getHistory").await[0]["cost"].to_string();
        assert_ne!(cost, "0", "{mishap:?}");
        world.end().await;
    }
}
