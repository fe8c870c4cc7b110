//! `setRentStatus`: finishing and cancelling, what is refunded, and each documented word of refusal.

use std::time::Duration;

use smsbridge::mock::Settings;

use super::{balance, golden, refuse, rent, rent_error, rent_status};
use crate::harness::World;

const DONE: &str = r#"{"status":"success"}"#;

fn end(id: &str, status: &str) -> String {
    format!("action=setRentStatus&id={id}&status={status}")
}

#[tokio::test]
async fn what_is_cancelled_is_refunded_and_what_is_finished_is_not() {
    let world = World::of("sandbox").await;
    let before = balance(&world.bridge).await;
    let (cancelled, _, _) = rent(&world.bridge, "service=tg").await;
    let paid = before - balance(&world.bridge).await;
    golden(&world.bridge, &[(&end(&cancelled, "2"), DONE)]).await;
    assert_eq!(balance(&world.bridge).await, before);
    let (finished, _, _) = rent(&world.bridge, "service=tg").await;
    golden(&world.bridge, &[(&end(&finished, "1"), DONE)]).await;
    assert_eq!(balance(&world.bridge).await, before - paid);
    for (id, word, state) in
        [(&cancelled, "ALREADY_CANCEL", "STATUS_CANCEL"), (&finished, "ALREADY_FINISH", "STATUS_FINISH")]
    {
        for status in ["1", "2"] {
            refuse(&world.bridge, &end(id, status), &rent_error(word)).await;
        }
        assert_eq!(rent_status(&world.bridge, id).await, rent_error(state));
    }
    world.end().await;
}

#[tokio::test]
async fn a_rent_can_be_cancelled_for_twenty_minutes() {
    let market = Settings { sms_delay: Duration::from_secs(9000), ..super::rich() };
    let world = World::market("sandbox", &[], "", market).await;
    let before = balance(&world.bridge).await;
    let (in_time, _, _) = rent(&world.bridge, "service=tg").await;
    let (late, _, _) = rent(&world.bridge, "service=wa").await;
    world.bridge.advance(20 * 60);
    golden(&world.bridge, &[(&end(&in_time, "2"), DONE)]).await;
    world.bridge.advance(1);
    refuse(&world.bridge, &end(&late, "2"), &rent_error("CANT_CANCEL")).await;
    assert_eq!(rent_status(&world.bridge, &late).await, rent_error("STATUS_WAIT_CODE"));
    assert!(balance(&world.bridge).await < before);
    golden(&world.bridge, &[(&end(&late, "1"), DONE)]).await;
    world.end().await;
}

#[tokio::test]
async fn a_rent_that_was_used_or_prolonged_is_not_taken_back() {
    let world = World::of("sandbox").await;
    let (used, _, _) = rent(&world.bridge, "service=tg").await;
    world.let_message_come();
    // Nobody has read the message yet; it is there all the same.
    refuse(&world.bridge, &end(&used, "2"), &rent_error("CANT_CANCEL")).await;
    assert!(rent_status(&world.bridge, &used).await.contains("success"));
    let (prolonged, _, _) = rent(&world.bridge, "service=zz").await;
    world.bridge.ask(&format!("action=continueRentNumber&id={prolonged}&rent_time=4")).await;
    let paid = balance(&world.bridge).await;
    refuse(&world.bridge, &end(&prolonged, "2"), &rent_error("CANT_CANCEL")).await;
    assert_eq!(rent_status(&world.bridge, &prolonged).await, rent_error("STATUS_WAIT_CODE"));
    assert_eq!(balance(&world.bridge).await, paid);
    world.end().await;
}

#[tokio::test]
async fn each_refusal_has_its_word() {
    let world = World::of("sandbox").await;
    let (id, _, _) = rent(&world.bridge, "service=zz").await;
    for (query, word) in [
        ("", "NO_ID_RENT"),
        ("&status=1", "NO_ID_RENT"),
        ("&id=&status=9", "NO_ID_RENT"),
        (&format!("&id={id}"), "INCORECT_STATUS"),
        (&format!("&id={id}&status="), "INCORECT_STATUS"),
        (&format!("&id={id}&status=3"), "INCORECT_STATUS"),
        (&format!("&id={id}&status=8"), "INCORECT_STATUS"),
        (&format!("&id={id}&status=01"), "INCORECT_STATUS"),
        ("&id=1&status=1", "INVALID_PHONE"),
        ("&id=1&status=2", "INVALID_PHONE"),
        ("&id=abc&status=2", "INVALID_PHONE"),
    ] {
        refuse(&world.bridge, &format!("action=setRentStatus{query}"), &rent_error(word)).await;
    }
    assert_eq!(rent_status(&world.bridge, &id).await, rent_error("STATUS_WAIT_CODE"));
    world.end().await;
}
