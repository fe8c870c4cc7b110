//! Reading rents: how often the upstream is asked, and that no message is lost.

use std::time::Duration;

use smsbridge::domain::Progress;
use smsbridge::provider::{Fault, FaultKind};

use super::{House, error, rent, status};

#[tokio::test]
async fn a_crowd_asks_once_and_once_an_interval() {
    let house = House::new().await;
    let id = rent(&house).await;
    let crowd = futures_util::future::join_all((0..50).map(|_| status(&house, &id))).await;
    assert!(crowd.iter().all(|answer| *answer == error("STATUS_WAIT_CODE")));
    assert_eq!(house.landlord.asked("messages"), 1);
    house.landlord.shows_codes(&["11"]);
    house.bridge.clock.advance(Duration::from_millis(999));
    assert_eq!(status(&house, &id).await, error("STATUS_WAIT_CODE"));
    house.bridge.clock.advance(Duration::from_millis(1));
    assert!(status(&house, &id).await.contains(r#""quantity":"1""#));
    assert_eq!(house.landlord.asked("messages"), 2);
}

#[tokio::test]
async fn messages_are_asked_for_as_long_as_it_lives_and_every_one_is_kept() {
    let house = House::new().await;
    let id = rent(&house).await;
    for (codes, many) in [
        (&["11"][..], 1),
        (&["11", "11"], 2),
        (&["11", "11", "12"], 3),
        // It shows the last three only.
        (&["11", "12", "13"], 4),
        (&["12", "13", "14"], 5),
        (&["12", "13"], 5),
    ] {
        house.landlord.shows_codes(codes);
        house.bridge.advance(1);
        let answer = status(&house, &id).await;
        assert!(answer.contains(&format!(r#""quantity":"{many}""#)), "{codes:?}: {answer}");
    }
    // What the upstream forgets, the ledger remembers.
    house.landlord.shows(Progress::Waiting);
    house.bridge.advance(1);
    let before = status(&house, &id).await;
    let texts: Vec<_> = before.split(r#""text":""#).skip(1).map(|rest| &rest[..2]).collect();
    assert_eq!(texts, ["14", "13", "12", "11", "11"]);
    let house = house.restarted().await;
    assert_eq!(status(&house, &id).await, before);
}

#[tokio::test]
async fn a_failure_that_may_pass_is_shared_and_answered_as_last_known_and_any_other_is_told() {
    let house = House::new().await;
    let id = rent(&house).await;
    house.landlord.shows_codes(&["11"]);
    assert!(status(&house, &id).await.contains("success"));
    house.bridge.advance(1);
    house.landlord.fails("messages", Fault::new(FaultKind::UpstreamFailed, "down"));
    for _ in 0..3 {
        assert!(status(&house, &id).await.contains("success"));
    }
    assert_eq!(house.landlord.asked("messages"), 2);
    house.bridge.advance(1);
    house.landlord.fails("messages", Fault::new(FaultKind::WrongKey, "no"));
    assert_eq!(status(&house, &id).await, "BAD_KEY");
    house.bridge.advance(1);
    assert!(status(&house, &id).await.contains("success"));
}

#[tokio::test]
async fn what_the_upstream_does_not_know_is_not_given_up_before_its_time() {
    let house = House::new().await;
    let id = rent(&house).await;
    house.landlord.shows(Progress::Gone);
    assert_eq!(status(&house, &id).await, error("INVALID_PHONE"));
    house.landlord.shows_codes(&["11"]);
    house.bridge.advance(1);
    assert!(status(&house, &id).await.contains("success"));
    house.landlord.shows(Progress::Gone);
    house.bridge.advance(4 * 3600 - 31);
    assert_eq!(status(&house, &id).await, error("STATUS_FINISH"));
}
