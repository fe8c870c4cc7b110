//! How rents end: nothing is claimed that the upstream did not agree to, and no rent stays open for ever.

use std::sync::atomic::Ordering;

use smsbridge::domain::Progress;
use smsbridge::provider::{Fault, FaultKind};

use super::{DONE, House, error, more, rent, set, status};

fn lost() -> Fault {
    Fault::new(FaultKind::TimedOut, "no answer came").in_doubt()
}

fn refused(kind: FaultKind) -> Fault {
    Fault::new(kind, "as the test wants it")
}

#[tokio::test]
async fn a_cancellation_is_claimed_when_the_upstream_agreed() {
    let house = House::new().await;
    let id = rent(&house).await;
    house.landlord.fails("cancel", refused(FaultKind::BadStatus));
    assert_eq!(set(&house, &id, 2).await, error("CANT_CANCEL"));
    assert_eq!(status(&house, &id).await, error("STATUS_WAIT_CODE"));
    house.landlord.fails("cancel", refused(FaultKind::Unreachable));
    assert_eq!(set(&house, &id, 2).await, error("SQL_ERROR"));
    assert_eq!(set(&house, &id, 2).await, DONE);
    assert_eq!(house.landlord.asked("cancel"), 3);
    assert_eq!(status(&house, &id).await, error("STATUS_CANCEL"));
}

#[tokio::test]
async fn after_twenty_minutes_the_upstream_is_not_asked_to_cancel() {
    let house = House::new().await;
    let id = rent(&house).await;
    house.bridge.advance(20 * 60 + 1);
    assert_eq!(set(&house, &id, 2).await, error("CANT_CANCEL"));
    assert_eq!(house.landlord.asked("cancel"), 0);
}

#[tokio::test]
async fn a_cancellation_whose_answer_was_lost_is_what_the_upstream_shows() {
    for (shown, word, again) in [
        (Progress::Cancelled, "STATUS_CANCEL", error("ALREADY_CANCEL")),
        (Progress::Gone, "STATUS_CANCEL", error("ALREADY_CANCEL")),
        (Progress::Waiting, "STATUS_WAIT_CODE", DONE.to_owned()),
    ] {
        let house = House::new().await;
        let id = rent(&house).await;
        house.landlord.fails("cancel", lost());
        assert_eq!(set(&house, &id, 2).await, error("SQL_ERROR"));
        // Also after a crash it is known that it may have happened.
        let house = house.restarted().await;
        house.landlord.shows(shown.clone());
        assert_eq!(status(&house, &id).await, error(word), "{shown:?}");
        assert_eq!(set(&house, &id, 2).await, again, "{shown:?}");
    }
}

#[tokio::test]
async fn a_cancellation_that_is_repeated_is_told_that_it_was_done() {
    for refusal in [FaultKind::UnknownActivation, FaultKind::BadStatus] {
        let house = House::new().await;
        let id = rent(&house).await;
        house.landlord.fails("cancel", lost());
        assert_eq!(set(&house, &id, 2).await, error("SQL_ERROR"));
        house.landlord.shows(Progress::Cancelled);
        house.landlord.fails("cancel", refused(refusal.clone()));
        assert_eq!(set(&house, &id, 2).await, DONE, "{refusal:?}");
        assert_eq!(status(&house, &id).await, error("STATUS_CANCEL"), "{refusal:?}");
    }
}

#[tokio::test]
async fn a_cancellation_in_doubt_is_looked_for_when_it_is_too_late_for_another() {
    for (shown, answer) in [(Progress::Cancelled, DONE.to_owned()), (Progress::Waiting, error("CANT_CANCEL"))]
    {
        let house = House::new().await;
        let id = rent(&house).await;
        house.landlord.fails("cancel", lost());
        assert_eq!(set(&house, &id, 2).await, error("SQL_ERROR"));
        house.bridge.advance(20 * 60 + 1);
        house.landlord.shows(shown);
        assert_eq!(set(&house, &id, 2).await, answer);
        assert_eq!(house.landlord.asked("cancel"), 1);
    }
}

#[tokio::test]
async fn a_finish_whose_answer_was_lost_is_finished_by_the_next() {
    for refusal in [FaultKind::UnknownActivation, FaultKind::BadStatus] {
        let house = House::new().await;
        let id = rent(&house).await;
        house.landlord.fails("finish", lost());
        assert_eq!(set(&house, &id, 1).await, error("SQL_ERROR"));
        assert_eq!(status(&house, &id).await, error("STATUS_WAIT_CODE"));
        house.landlord.fails("finish", refused(refusal.clone()));
        assert_eq!(set(&house, &id, 1).await, DONE, "{refusal:?}");
        assert_eq!(set(&house, &id, 1).await, error("ALREADY_FINISH"));
    }
}

#[tokio::test]
async fn what_was_ended_elsewhere_is_said_to_be_so() {
    let house = House::new().await;
    let id = rent(&house).await;
    house.landlord.shows(Progress::Cancelled);
    house.landlord.fails("finish", refused(FaultKind::BadStatus));
    assert_eq!(set(&house, &id, 1).await, error("ALREADY_CANCEL"));
}

#[tokio::test]
async fn a_rent_that_nobody_polls_is_looked_at_once_more_and_finished() {
    let house = House::new().await;
    let id = rent(&house).await;
    house.landlord.shows_codes(&["11"]);
    house.bridge.advance(4 * 3600);
    house.bridge.tidy().await;
    assert_eq!(house.landlord.asked("messages"), 1);
    house.bridge.tidy().await;
    assert_eq!(status(&house, &id).await, error("STATUS_FINISH"));
    assert_eq!(house.landlord.asked("messages"), 1);
    let id: i64 = id.parse().unwrap();
    let found = house.purchases(&[id]).await;
    assert_eq!(found[0].as_ref().unwrap().messages.len(), 1, "the last message is kept");
}

#[tokio::test]
async fn a_rent_whose_upstream_is_down_at_its_end_waits_an_hour_for_it() {
    let house = House::new().await;
    let id = rent(&house).await;
    house.bridge.advance(4 * 3600);
    for _ in 0..2 {
        house.landlord.fails("messages", refused(FaultKind::Unreachable));
    }
    house.bridge.tidy().await;
    assert_eq!(status(&house, &id).await, error("STATUS_WAIT_CODE"), "as last known");
    house.bridge.advance(3600);
    house.bridge.tidy().await;
    assert_eq!(status(&house, &id).await, error("STATUS_FINISH"));
}

/// No document says in which zone ends are written: a rent must not be lost by that.
#[tokio::test]
async fn a_rent_lasts_as_long_as_was_paid_for_whatever_clock_its_upstream_writes_by() {
    let house = House::new().await;
    house.landlord.behind.store(5, Ordering::SeqCst);
    let id = rent(&house).await;
    house.bridge.advance(4 * 3600 - 61);
    assert_eq!(status(&house, &id).await, error("STATUS_WAIT_CODE"));
    assert!(more(&house, &id).await.contains("T08:00:00"));
    house.bridge.advance(4 * 3600);
    assert_eq!(status(&house, &id).await, error("STATUS_WAIT_CODE"));
    house.bridge.advance(61);
    assert_eq!(status(&house, &id).await, error("STATUS_FINISH"));
}
