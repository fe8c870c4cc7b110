//! `setStatus` where money hangs on it: what is refunded, when cancelling is denied, and that nothing is
//! called cancelled before it is.

use std::time::Duration;

use smsbridge::mock::{LotState, Settings};

use super::{balance, last_lot, price, refuse, rich, upstream};
use crate::harness::{KINDS, World, denies_early_cancels};

#[tokio::test]
async fn an_unused_number_is_refunded_by_8_by_minus_1_and_by_6() {
    for kind in KINDS {
        let world = World::of(kind).await;
        for status in ["8", "-1", "6"] {
            let before = balance(&world.bridge).await;
            let (id, _) = world.bridge.order("service=tg&country=0").await;
            assert_eq!(world.bridge.set(&id, "1").await, "ACCESS_READY", "{kind} {status}");
            assert_eq!(world.bridge.set(&id, status).await, "ACCESS_CANCEL", "{kind} {status}");
            assert_eq!(balance(&world.bridge).await, before, "{kind} {status}");
            assert_eq!(world.bridge.status(&id).await, "STATUS_CANCEL", "{kind} {status}");
            if kind != "sandbox" {
                assert_eq!(last_lot(&world).state, LotState::Cancelled, "{kind} {status}");
            }
        }
        world.end().await;
    }
}

#[tokio::test]
async fn a_used_number_stays_paid() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let (before, cost) = (balance(&world.bridge).await, price(&world.bridge, "tg", 0).await);
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        world.let_message_come();
        let code = world.bridge.status(&id).await;
        for status in ["8", "-1"] {
            refuse(&world.bridge, &format!("action=setStatus&id={id}&status={status}"), "BAD_STATUS").await;
        }
        assert_eq!(world.bridge.status(&id).await, code, "{kind}");
        assert_eq!(world.bridge.set(&id, "6").await, "ACCESS_ACTIVATION", "{kind}");
        assert_eq!(balance(&world.bridge).await, before - cost, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn a_code_that_nobody_has_seen_yet_cannot_be_cancelled_away() {
    // The client did not ask since; the message is at the upstream, and the number is not refundable.
    for kind in KINDS {
        let world = World::of(kind).await;
        for status in ["8", "-1"] {
            let (id, _) = world.bridge.order("service=tg&country=0").await;
            world.let_message_come();
            refuse(&world.bridge, &format!("action=setStatus&id={id}&status={status}"), "BAD_STATUS").await;
            assert!(world.bridge.status(&id).await.starts_with("STATUS_OK:"), "{kind} {status}");
        }
        world.end().await;
    }
}

#[tokio::test]
async fn cancelling_too_early_is_denied_and_later_allowed() {
    // "EARLY_CANCEL_DENIED - Нельзя отменить номер в первые 2 минуты"; VAK-SMS says waitSMS.
    for kind in KINDS.into_iter().filter(|kind| denies_early_cancels(kind)) {
        let market = Settings {
            early_cancel: Some(Duration::from_secs(120)),
            sms_delay: Duration::from_secs(300),
            ..rich()
        };
        let world = World::market(kind, &[], "", market).await;
        let before = balance(&world.bridge).await;
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        let paid = balance(&world.bridge).await;
        assert!(paid < before, "{kind}");
        for seconds in [0, 60, 59] {
            world.bridge.advance(seconds);
            for status in ["8", "-1", "6"] {
                let query = format!("action=setStatus&id={id}&status={status}");
                refuse(&world.bridge, &query, "EARLY_CANCEL_DENIED").await;
            }
            assert_eq!(world.bridge.status(&id).await, "STATUS_WAIT_CODE", "{kind}");
            assert_eq!(balance(&world.bridge).await, paid, "{kind}");
        }
        world.bridge.advance(1);
        assert_eq!(world.bridge.set(&id, "8").await, "ACCESS_CANCEL", "{kind}");
        assert_eq!(balance(&world.bridge).await, before, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn what_ran_out_of_time_is_not_called_cancelled_and_the_same_whenever_it_is_noticed() {
    for kind in ["sandbox", "vak-sms"] {
        let market = Settings { sms_delay: Duration::from_secs(9000), ..rich() };
        let world = World::market(kind, &[], "", market).await;
        // Expiry is noticed by a poll, or by the command itself.
        for (status, polled) in ["1", "3", "6", "8", "-1"].iter().flat_map(|one| [(one, true), (one, false)])
        {
            // VAK-SMS has no notion of 1, so nobody says there that it comes too late.
            if kind == "vak-sms" && *status == "1" && !polled {
                continue;
            }
            let (id, _) = world.bridge.order("service=tg&country=0").await;
            world.bridge.advance(20 * 60);
            if polled {
                assert_eq!(world.bridge.status(&id).await, "STATUS_CANCEL", "{kind}");
            }
            let answer = world.bridge.set(&id, status).await;
            assert_eq!(answer, "BAD_STATUS", "{kind}: {status}, polled: {polled}");
            assert_eq!(world.bridge.status(&id).await, "STATUS_CANCEL", "{kind} {status}");
        }
        world.end().await;
    }
}

#[tokio::test]
async fn a_finished_number_that_upstream_forgot_is_finished() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        world.let_message_come();
        let code = world.bridge.status(&id).await;
        world.bridge.advance(20 * 60);
        assert_eq!(world.bridge.set(&id, "6").await, "ACCESS_ACTIVATION", "{kind}");
        assert_eq!(world.bridge.status(&id).await, code, "{kind}");
        world.end().await;
    }
}

#[tokio::test]
async fn asking_for_another_message_is_free() {
    for kind in KINDS {
        let world = World::of(kind).await;
        let (id, _) = world.bridge.order("service=tg&country=0").await;
        let paid = balance(&world.bridge).await;
        for _ in 0..3 {
            world.let_message_come();
            assert!(world.bridge.status(&id).await.starts_with("STATUS_OK:"), "{kind}");
            assert_eq!(world.bridge.set(&id, "3").await, "ACCESS_RETRY_GET", "{kind}");
        }
        assert_eq!(balance(&world.bridge).await, paid, "{kind}");
        if let Some(upstream) = &world.upstream {
            assert_eq!((upstream.market().totals().purchases, upstream.changes()), (1, 3), "{kind}");
        }
        world.end().await;
    }
}

#[tokio::test]
async fn a_number_for_forwarding_is_passed_on_and_a_switch_is_not() {
    let world = World::of("sms-activate").await;
    let (id, _) = world.bridge.order("service=tg&country=0").await;
    world.bridge.ask(&format!("action=setStatus&id={id}&status=1&forward=%2B79991112233")).await;
    let asked = upstream(&world).requests().join("\n");
    assert!(asked.contains("forward=79991112233"), "{asked}");
    world.end().await;
}
