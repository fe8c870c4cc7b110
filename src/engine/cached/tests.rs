use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::clock::MovableClock;
use crate::provider::FaultKind;

const TTL: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_crowd_fetches_once_and_age_is_respected() {
    let clock = MovableClock::standing();
    let cached: Cached<u8, usize> = Cached::new(&(clock.clone() as Arc<dyn Clock>));
    let fetched = AtomicUsize::new(0);
    let ask = || {
        cached.get(1, TTL, async {
            tokio::task::yield_now().await;
            Ok(fetched.fetch_add(1, Ordering::SeqCst) + 1)
        })
    };
    let crowd = futures_util::future::join_all((0..50).map(|_| ask())).await;
    assert!(crowd.into_iter().all(|answer| *answer.unwrap() == 1));
    clock.advance(TTL - Duration::from_millis(1));
    assert_eq!(*ask().await.unwrap(), 1);
    clock.advance(Duration::from_millis(1));
    assert_eq!(*ask().await.unwrap(), 2);
}

#[tokio::test]
async fn a_failure_is_shared_but_soon_forgotten() {
    let clock = MovableClock::standing();
    let cached: Cached<u8, usize> = Cached::new(&(clock.clone() as Arc<dyn Clock>));
    let fault = Fault::new(FaultKind::TimedOut, "late");
    assert_eq!(cached.get(1, TTL, async { Err(fault.clone()) }).await, Err(fault.clone()));
    assert_eq!(cached.get(1, TTL, async { Ok(5) }).await, Err(fault));
    clock.advance(FAILURE_TTL);
    assert_eq!(cached.get(1, TTL, async { Ok(5) }).await, Ok(Arc::new(5)));
}
#[tokio::test]
async fn what_is_out_of_date_does_not_fill_the_memory() {
    let clock = MovableClock::standing();
    let cached: Cached<u32, Vec<u8>> = Cached::new(&(clock.clone() as Arc<dyn Clock>));
    let kept = || cached.slots.lock().unwrap().by_key.len();
    for key in 0..1000 {
        cached.get(key, TTL, async { Ok(vec![0; 100]) }).await.unwrap();
        clock.advance(TTL / 10);
        assert!(kept() <= MANY_KEYS, "{}", kept());
    }
    for key in 0..1000 {
        cached.get(key, TTL, async { Ok(Vec::new()) }).await.unwrap();
    }
    assert!(kept() >= 1000, "what is young is kept: {}", kept());
    let again = cached.get(0, TTL, async { Ok(vec![1]) }).await.unwrap();
    assert!(again.is_empty());
}

#[tokio::test]
async fn the_last_good_answer_stands_in_while_a_failure_may_pass_and_not_for_ever() {
    let clock = MovableClock::standing();
    let cached: Cached<u8, usize> = Cached::new(&(clock.clone() as Arc<dyn Clock>));
    let keeping = Keeping { ttl: TTL, stale_for: TTL * 10 };
    let down = Fault::new(FaultKind::Unreachable, "down");
    let refused = Fault::new(FaultKind::WrongKey, "no");
    let ask = async |outcome| cached.find(1, keeping, async { outcome }).await;
    assert_eq!(ask(Err(down.clone())).await, Err(down.clone()), "there is none yet");
    clock.advance(FAILURE_TTL);
    assert_eq!(ask(Ok(5)).await.unwrap().source, Source::Fetched);
    assert_eq!(ask(Ok(6)).await, Ok(Found { value: Arc::new(5), source: Source::Kept }));
    clock.advance(TTL);
    let old = |age| Ok(Found { value: Arc::new(5), source: Source::StandIn(age, down.clone()) });
    assert_eq!(ask(Err(down.clone())).await, old(TTL));
    assert_eq!(ask(Ok(6)).await, old(TTL), "a failure is shared, and so is what stands in");
    clock.advance(TTL);
    assert_eq!(ask(Err(refused.clone())).await, Err(refused), "this will not pass");
    clock.advance(TTL * 8 - Duration::from_millis(1));
    assert_eq!(ask(Err(down.clone())).await, old(TTL * 10 - Duration::from_millis(1)));
    clock.advance(FAILURE_TTL);
    assert_eq!(ask(Err(down.clone())).await, Err(down.clone()), "too old");
    clock.advance(FAILURE_TTL);
    assert_eq!(ask(Ok(7)).await.unwrap(), Found { value: Arc::new(7), source: Source::Fetched });
}

#[tokio::test]
async fn what_may_have_to_stand_in_does_not_fill_the_memory() {
    let clock = MovableClock::standing();
    let cached: Cached<u32, Vec<u8>> = Cached::new(&(clock.clone() as Arc<dyn Clock>));
    let keeping = Keeping { ttl: TTL, stale_for: TTL * 1000 };
    let kept = || cached.slots.lock().unwrap().by_key.len();
    for key in 0..2000 {
        cached.find(key, keeping, async { Ok(vec![0; 100]) }).await.unwrap();
        clock.advance(TTL / 10);
        assert!(kept() <= MANY_STAND_INS * 2, "{}", kept());
    }
    assert!(kept() >= 16, "{}", kept());
}
