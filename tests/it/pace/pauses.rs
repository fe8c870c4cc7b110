//! HTTP 429: a question is asked again when the pause is over, a purchase is not, and nobody else asks
//! meanwhile.

use std::sync::Arc;

use super::{HELD, Paced};
use crate::harness::Books;

const BALANCE: &str = "action=getBalance";
const ORDER: &str = "action=getNumber&service=tg&country=0";
const PACE: &str = "rate_limit = \"10/s burst 20\"";

/// Refuses an action the first so many times, with these headers.
fn refusing(
    action: &'static str,
    times: usize,
    headers: &'static str,
) -> impl Fn(&str, usize) -> Option<(u16, String)> + Send + Sync {
    move |asked, before| (asked == action && before < times).then(|| (429, headers.to_owned()))
}

#[tokio::test]
async fn a_question_is_asked_again_when_the_pause_is_over() {
    // 2026-01-01 00:00:00 is the time at which the clock stands.
    for (headers, millis) in [
        ("Retry-After: 3\r\n", 3000),
        ("Retry-After: Thu, 01 Jan 2026 00:00:05 GMT\r\n", 5000),
        ("", 1000),
        ("Retry-After: 0\r\n", 1000),
        ("Retry-After: soon\r\n", 1000),
    ] {
        let paced = Paced::answering(PACE, refusing("getBalance", 1, headers)).await;
        let answer = paced.ask(BALANCE);
        paced.log.says(HELD, 1).await;
        paced.advance(millis);
        assert_eq!(answer.await.unwrap(), "ACCESS_BALANCE:5.00", "{headers}");
        let times: Vec<_> = paced.calls().into_iter().map(|(_, at)| at).collect();
        assert_eq!(times, [0, u128::from(millis)], "{headers}");
    }
}

#[tokio::test]
async fn pauses_grow_while_nothing_else_is_answered() {
    let paced = Paced::answering(&format!("{PACE}\ntimeout = \"1m\""), refusing("getBalance", 3, "")).await;
    let answer = paced.ask(BALANCE);
    for (nth, pause) in [1000, 2000, 4000].into_iter().enumerate() {
        paced.log.says(HELD, nth + 1).await;
        paced.advance(pause);
    }
    assert_eq!(answer.await.unwrap(), "ACCESS_BALANCE:5.00");
    let times: Vec<_> = paced.calls().into_iter().map(|(_, at)| at).collect();
    assert_eq!(times, [0, 1000, 3000, 7000]);
    assert_eq!(paced.log.lines("HTTP 429").len(), 1);
}

#[tokio::test]
async fn a_pause_longer_than_a_question_may_wait_is_answered_at_once() {
    let paced = Paced::answering(PACE, refusing("getBalance", 1, "Retry-After: 30\r\n")).await;
    let refused = paced.bridge.get(BALANCE).await;
    assert_eq!(refused.body, "ERROR_SQL");
    assert!(refused.header("x-smsbridge-detail").unwrap().contains("HTTP 429"), "{refused:?}");
    // Until it is over nobody asks, and then somebody does.
    paced.bridge.advance(20);
    assert_eq!(paced.ask(BALANCE).await.unwrap(), "ERROR_SQL");
    assert_eq!(paced.calls().len(), 1);
    paced.bridge.advance(10);
    assert_eq!(paced.ask(BALANCE).await.unwrap(), "ACCESS_BALANCE:5.00");
}

#[tokio::test]
async fn a_refused_purchase_is_not_sent_again_and_leaves_no_doubt() {
    let paced = Paced::answering(PACE, refusing("getNumber", 1, "Retry-After: 1\r\n")).await;
    assert_eq!(paced.ask(ORDER).await.unwrap(), "ERROR_SQL");
    let orders = |paced: &Paced| paced.actions().into_iter().filter(|action| action == "getNumber").count();
    assert_eq!(orders(&paced), 1);
    // The next order waits for the end of the pause.
    let next = paced.ask(ORDER);
    paced.log.says(HELD, 1).await;
    assert_eq!(orders(&paced), 1);
    paced.advance(1000);
    assert!(next.await.unwrap().starts_with("ACCESS_NUMBER:"));
    assert_eq!(orders(&paced), 2);
    let clock = paced.bridge.clock.clone();
    let home = Arc::into_inner(paced.bridge).unwrap().stop().await.unwrap();
    let books = Books::read(home.path(), &clock).await;
    assert_eq!((books.activations.len(), books.doubts), (1, Vec::new()));
}

#[tokio::test]
async fn who_already_waits_is_told_at_once_of_a_pause_that_is_too_long() {
    let lines = "rate_limit = \"1/s burst 1\"\ntimeout = \"20s\"";
    let paced = Paced::answering(lines, refusing("getBalance", 1, "Retry-After: 60\r\n")).await;
    assert_eq!(paced.ask("action=getCountries").await.unwrap(), "BAD_ACTION");
    let waiting: Vec<_> = (0..3).map(|_| paced.ask(BALANCE)).collect();
    paced.log.says(HELD, 3).await;
    paced.advance(1000);
    for answer in waiting {
        assert_eq!(answer.await.unwrap(), "ERROR_SQL");
    }
    assert_eq!(paced.actions().into_iter().filter(|action| action == "getBalance").count(), 1);
}

#[tokio::test]
async fn no_pause_is_kept_to_when_the_pace_is_off() {
    let paced =
        Paced::answering("rate_limit = \"off\"", refusing("getBalance", 1, "Retry-After: 9\r\n")).await;
    assert_eq!(paced.ask(BALANCE).await.unwrap(), "ERROR_SQL");
    assert_eq!(paced.ask(BALANCE).await.unwrap(), "ACCESS_BALANCE:5.00");
}
