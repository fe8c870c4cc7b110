use tokio::task::JoinHandle;

use super::*;
use crate::clock::MovableClock;
use crate::provider::Effect;

const MINUTE: Duration = Duration::from_secs(60);

/// A line at one call a second, whose first call is used up.
async fn line() -> (Arc<Turns>, Arc<MovableClock>) {
    let clock = MovableClock::standing();
    let turns = Turns::new("main".to_owned(), &Pace::parse("1/s").unwrap(), 9, clock.clone());
    drop(turns.wait(Purpose::Act, MINUTE).await.unwrap());
    (Arc::new(turns), clock)
}

/// Somebody who waits, and already stands in the line.
async fn waiting(turns: &Arc<Turns>, purpose: Purpose, deadline: Duration) -> JoinHandle<Result<(), Fault>> {
    let turns = Arc::clone(turns);
    let waiting = tokio::spawn(async move { turns.wait(purpose, deadline).await.map(drop) });
    settle().await;
    waiting
}

/// Lets everybody do what is to be done without time passing.
async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn one_goes_when_its_turn_comes_and_not_before() {
    let (turns, clock) = line().await;
    let [list, poll] =
        [waiting(&turns, Purpose::List, MINUTE).await, waiting(&turns, Purpose::Poll, MINUTE).await];
    clock.advance(Duration::from_millis(999));
    settle().await;
    assert!(!list.is_finished() && !poll.is_finished());
    clock.advance(Duration::from_millis(1));
    settle().await;
    assert!(!list.is_finished() && poll.is_finished());
    clock.advance(Duration::from_secs(1));
    assert_eq!(list.await.unwrap(), Ok(()));
}

#[tokio::test]
async fn who_goes_away_leaves_the_turn_to_the_next() {
    let (turns, clock) = line().await;
    let gone = waiting(&turns, Purpose::Poll, MINUTE).await;
    let next = waiting(&turns, Purpose::Poll, MINUTE).await;
    gone.abort();
    settle().await;
    clock.advance(Duration::from_secs(1));
    settle().await;
    assert!(next.is_finished());
    assert_eq!(turns.lock().line.len(), 0);
    assert!(turns.lock().bells.is_empty());
}

#[tokio::test]
async fn a_wait_that_would_be_too_long_is_refused_at_once_and_takes_no_place() {
    let (turns, _clock) = line().await;
    let _first = waiting(&turns, Purpose::Poll, MINUTE).await;
    let fault = turns.wait(Purpose::Poll, Duration::from_millis(1999)).await.err().unwrap();
    assert_eq!((&fault.kind, fault.effect), (&FaultKind::RateLimited, Effect::None));
    assert_eq!(turns.lock().line.len(), 1);
    let second = waiting(&turns, Purpose::Poll, Duration::from_secs(2)).await;
    assert!(!second.is_finished());
}

#[tokio::test]
async fn who_is_overtaken_gives_up_at_the_deadline() {
    let (turns, clock) = line().await;
    let list = waiting(&turns, Purpose::List, Duration::from_millis(1500)).await;
    let _act = waiting(&turns, Purpose::Act, MINUTE).await;
    clock.advance(Duration::from_millis(500));
    settle().await;
    assert!(!list.is_finished());
    clock.advance(Duration::from_secs(1));
    assert_eq!(list.await.unwrap().unwrap_err().kind, FaultKind::RateLimited);
}

#[tokio::test]
async fn a_pause_wakes_who_cannot_wait_for_its_end() {
    let (turns, clock) = line().await;
    let short = waiting(&turns, Purpose::Poll, Duration::from_secs(4)).await;
    let long = waiting(&turns, Purpose::List, MINUTE).await;
    turns.refused(Duration::ZERO, Some(Duration::from_secs(5)));
    settle().await;
    assert!(short.await.unwrap().unwrap_err().detail.contains("HTTP 429"));
    clock.advance(Duration::from_millis(4999));
    settle().await;
    assert!(!long.is_finished());
    clock.advance(Duration::from_millis(1));
    assert_eq!(long.await.unwrap(), Ok(()));
}

#[tokio::test]
async fn as_many_as_may_be_are_under_way_and_the_most_urgent_gets_the_room_that_is_made() {
    let clock = MovableClock::standing();
    let turns = Arc::new(Turns::new("main".to_owned(), &Pace::off(), 2, clock.clone()));
    let [one, other] =
        [turns.wait(Purpose::List, MINUTE).await.unwrap(), turns.wait(Purpose::List, MINUTE).await.unwrap()];
    let list = waiting(&turns, Purpose::List, Duration::from_secs(5)).await;
    let act = waiting(&turns, Purpose::Act, MINUTE).await;
    assert!(!list.is_finished() && !act.is_finished());
    drop(one);
    settle().await;
    // The purchase went and is over, and so the list went too.
    assert!(act.is_finished() && list.is_finished());
    let _third = turns.wait(Purpose::List, MINUTE).await.unwrap();
    let late = waiting(&turns, Purpose::Act, Duration::from_secs(5)).await;
    clock.advance(Duration::from_secs(5));
    let fault = late.await.unwrap().unwrap_err();
    assert_eq!((fault.kind, fault.side, fault.effect), (FaultKind::RateLimited, Side::Us, Effect::None));
    assert!(fault.detail.contains("max_concurrent of [provider.main]"), "{}", fault.detail);
    drop(other);
}
