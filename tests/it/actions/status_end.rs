//! `getStatus` at the end and after it: expiry after twenty minutes, cancelling, finishing. An activation
//! that was is never `NO_ACTIVATION` (`WIRE.md` section 1, item 20).

use std::time::Duration;

use smsbridge::mock::Settings;

use super::{balance, golden, last_lot, rich, upstream};
use crate::harness::{KINDS, World};

/// A world where messages come only when a test says so.
async fn silent(kind: &'static str) -> World {
    World::market(kind, &[], "", Settings { sms_delay: Duration::from_secs(9000), ..rich() }).await
}

#[tokio::test]
async fn without_a_code_it_is_over_after_twenty_minutes_to_the_second() {
    for kind in KINDS {
        let world = silent(kind).await;
        let before = balance(&world.bridge).await;
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        world.bridge.advance(20 * 60 - 1);
        assert_eq!(world.bridge.status(&id).await, "STATUS_WAIT_CODE", "{kind}");
        world.bridge.advance(1);
        assert_eq!(world.bridge.status(&id).await, "STATUS_CANCEL", "{kind}");
        assert_eq!(balance(&world.bridge).await, before, "{kind}");
        let ids = [
            ("getStatusV2", "STATUS_CANCEL"),
            ("getFullSms", "STATUS_CANCEL"),
            ("getStatus", "STATUS_CANCEL"),
        ];
        world.bridge.advance(24 * 3600);
        for (action, expected) in ids {
            golden(&world.bridge, &[(&format!("action={action}&id={id}"), expected)]).await;
        }
        world.end().await;
    }
}

#[tokio::test]
async fn a_code_outlives_its_activation() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        world.let_message_come();
        let code = world.bridge.status(&id).await;
        assert!(code.starts_with("STATUS_OK:"), "{kind}");
        for seconds in [20 * 60, 24 * 3600] {
            world.bridge.advance(seconds);
            assert_eq!(world.bridge.status(&id).await, code, "{kind}");
        }
        world.end().await;
    }
}

#[tokio::test]
async fn an_old_code_is_not_given_for_the_new_one_that_never_came() {
    for kind in ["sandbox", "vak-sms"] {
        let world = World::of(kind).await;
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        world.let_message_come();
        assert!(world.bridge.status(&id).await.starts_with("STATUS_OK:"), "{kind}");
        // Late enough that the second message cannot come in time.
        world.bridge.advance(20 * 60 - 8);
        assert_eq!(world.bridge.set(&id, "3").await, "ACCESS_RETRY_GET", "{kind}");
        assert!(world.bridge.status(&id).await.starts_with("STATUS_WAIT_RETRY:"), "{kind}");
        world.bridge.advance(600);
        assert_eq!(world.bridge.status(&id).await, "STATUS_CANCEL", "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn after_cancelling_it_is_cancelled_for_ever() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        assert_eq!(world.bridge.set(&id, "8").await, "ACCESS_CANCEL", "{kind}");
        for seconds in [0, 10, 20 * 60, 24 * 3600] {
            world.bridge.advance(seconds);
            for action in ["getStatus", "getStatusV2", "getFullSms"] {
                golden(&world.bridge, &[(&format!("action={action}&id={id}"), "STATUS_CANCEL")]).await;
            }
        }
        world.end().await;
    }
}

#[tokio::test]
async fn after_finishing_the_last_code_stays() {
    for kind in ["vak-sms", "sms-activate"] {
        // Finished with its code, and finished while another was awaited: it is the last one in both.
        for asked_again in [false, true] {
            let world = silent(kind).await;
            let (id, _) = world.bridge.order("service=tg&country=0").await;
            upstream(&world).market().deliver(&last_lot(&world).id, "4242", "text").unwrap();
            assert_eq!(world.bridge.status(&id).await, "STATUS_OK:4242", "{kind}");
            if asked_again {
                assert_eq!(world.bridge.set(&id, "3").await, "ACCESS_RETRY_GET", "{kind}");
            }
            assert_eq!(world.bridge.set(&id, "6").await, "ACCESS_ACTIVATION", "{kind}");
            for seconds in [0, 10, 24 * 3600] {
                world.bridge.advance(seconds);
                assert_eq!(world.bridge.status(&id).await, "STATUS_OK:4242", "{kind}");
            }
            world.end().await;
        }
    }
}
