//! Answers that are kept for a while and fetched once however many ask. Knows nothing of what is kept.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;

use crate::clock::Clock;
use crate::provider::Fault;

/// How long a failure is answered to those who ask next, so that a crowd waiting for an upstream that
/// is down does not ask it one by one.
const FAILURE_TTL: Duration = Duration::from_secs(1);

/// With more keys than this the cache starts anew, so that odd requests cannot fill the memory.
const MAX_KEYS: usize = 4096;

/// From this many keys on, what is out of date is let go before another key is added.
const MANY_KEYS: usize = 64;

struct Kept<V> {
    stale_at: Duration,
    outcome: Result<Arc<V>, Fault>,
}

type Slot<V> = Arc<tokio::sync::Mutex<Option<Kept<V>>>>;

struct Slots<K, V> {
    by_key: HashMap<K, Slot<V>>,
    /// With so many of them it is time to look which are out of date.
    tidy_at: usize,
}

impl<K: Eq + Hash, V> Slots<K, V> {
    /// Lets go what is out of date. Slots in use are held by their callers as well; forgetting one of them costs a
    /// fetch only.
    fn tidy(&mut self, now: Duration) {
        self.by_key.retain(|_, slot| match slot.try_lock() {
            Ok(kept) => kept.as_ref().is_some_and(|kept| now < kept.stale_at),
            Err(_) => true,
        });
        if self.by_key.len() >= MAX_KEYS {
            self.by_key.clear();
        }
        self.tidy_at = (self.by_key.len() * 2).clamp(MANY_KEYS, MAX_KEYS);
    }
}

/// Answers by key, each with the time it was fetched at.
pub struct Cached<K, V> {
    slots: Mutex<Slots<K, V>>,
    clock: Arc<dyn Clock>,
    /// Counts the fetches that were not needed.
    saved: Counter,
}

impl<K: Eq + Hash + Clone, V> Cached<K, V> {
    /// An empty cache.
    pub fn new(clock: &Arc<dyn Clock>) -> Self {
        Self::counting(clock, &Counter::default())
    }

    /// The same, which adds to `saved` for each answer that needed no fetch of its own.
    pub fn counting(clock: &Arc<dyn Clock>, saved: &Counter) -> Self {
        let slots = Slots { by_key: HashMap::new(), tidy_at: MANY_KEYS };
        Self { slots: Mutex::new(slots), clock: Arc::clone(clock), saved: saved.clone() }
    }

    /// The answer for `key` if it is younger than `ttl`, else what `fetch` gets. Callers that come
    /// while it is being fetched wait for that fetch.
    pub async fn get<F>(&self, key: K, ttl: Duration, fetch: F) -> Result<Arc<V>, Fault>
    where
        F: Future<Output = Result<V, Fault>>,
    {
        if ttl.is_zero() {
            return fetch.await.map(Arc::new);
        }
        let slot = self.slot(key);
        let mut kept = slot.lock().await;
        let now = self.clock.elapsed();
        if let Some(kept) = kept.as_ref().filter(|kept| now < kept.stale_at) {
            self.saved.inc();
            return kept.outcome.clone();
        }
        let outcome = fetch.await.map(Arc::new);
        let lasting = if outcome.is_ok() { ttl } else { FAILURE_TTL.min(ttl) };
        let stale_at = self.clock.elapsed().saturating_add(lasting);
        *kept = Some(Kept { stale_at, outcome: outcome.clone() });
        outcome
    }

    fn slot(&self, key: K) -> Slot<V> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.by_key.len() >= slots.tidy_at && !slots.by_key.contains_key(&key) {
            slots.tidy(self.clock.elapsed());
        }
        Arc::clone(slots.by_key.entry(key).or_default())
    }
}

#[cfg(test)]
mod tests {
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
}
