//! Answers that are kept for a while and fetched once however many ask; the last good one may stand in for one that
//! cannot be had. Knows nothing of what is kept.

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

/// More than so many of them are not kept beyond their time to live only because they may have to stand in.
const MANY_STAND_INS: usize = 256;

/// How long an answer is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keeping {
    /// So long nothing else is fetched.
    pub ttl: Duration,
    /// At this age at most it stands in for an answer that cannot be had.
    pub stale_for: Duration,
}

/// An answer, and where it is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<V> {
    /// What was answered.
    pub value: Arc<V>,
    /// Where it is from.
    pub source: Source,
}

/// Where an answer is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// It was fetched for this.
    Fetched,
    /// It is kept.
    Kept,
    /// It is so old, and stands in for one that failed like this.
    StandIn(Duration, Fault),
}

struct Kept<V> {
    stale_at: Duration,
    outcome: Result<Arc<V>, Fault>,
    good: Option<Good<V>>,
}

/// The last good answer.
struct Good<V> {
    at: Duration,
    until: Duration,
    value: Arc<V>,
}

impl<V> Kept<V> {
    /// The answer, or what may stand in for it: only where the failure may pass.
    fn found(&self, source: Source, now: Duration) -> Result<Found<V>, Fault> {
        let fault = match &self.outcome {
            Ok(value) => return Ok(Found { value: Arc::clone(value), source }),
            Err(fault) => fault.clone(),
        };
        match &self.good {
            Some(good) if fault.may_ask_again() && now < good.until => {
                let source = Source::StandIn(now.saturating_sub(good.at), fault);
                Ok(Found { value: Arc::clone(&good.value), source })
            }
            _ => Err(fault),
        }
    }

    fn may_stand_in(&self, now: Duration) -> bool {
        self.good.as_ref().is_some_and(|good| now < good.until)
    }
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
        self.keep(|kept| now < kept.stale_at || kept.may_stand_in(now));
        if self.by_key.len() >= MANY_STAND_INS {
            self.keep(|kept| now < kept.stale_at);
        }
        if self.by_key.len() >= MAX_KEYS {
            self.by_key.clear();
        }
        self.tidy_at = (self.by_key.len() * 2).clamp(MANY_KEYS, MAX_KEYS);
    }

    fn keep(&mut self, such: impl Fn(&Kept<V>) -> bool) {
        self.by_key.retain(|_, slot| match slot.try_lock() {
            Ok(kept) => kept.as_ref().is_some_and(&such),
            Err(_) => true,
        });
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
        let keeping = Keeping { ttl, stale_for: Duration::ZERO };
        self.find(key, keeping, fetch).await.map(|found| found.value)
    }

    /// The same with where it is from; while it cannot be had, the last good one stands in. Nothing is kept where
    /// the time to live is none.
    pub async fn find<F>(&self, key: K, keeping: Keeping, fetch: F) -> Result<Found<V>, Fault>
    where
        F: Future<Output = Result<V, Fault>>,
    {
        let Keeping { ttl, stale_for } = keeping;
        if ttl.is_zero() {
            return fetch.await.map(|value| Found { value: Arc::new(value), source: Source::Fetched });
        }
        let slot = self.slot(key);
        let mut kept = slot.lock().await;
        let now = self.clock.elapsed();
        if let Some(kept) = kept.as_ref().filter(|kept| now < kept.stale_at) {
            self.saved.inc();
            return kept.found(Source::Kept, now);
        }
        let outcome = fetch.await.map(Arc::new);
        let now = self.clock.elapsed();
        let lasting = if outcome.is_ok() { ttl } else { FAILURE_TTL.min(ttl) };
        let good = match &outcome {
            Ok(value) => {
                Some(Good { at: now, until: now.saturating_add(stale_for), value: Arc::clone(value) })
            }
            Err(_) => kept.take().and_then(|kept| kept.good),
        };
        let stale_at = now.saturating_add(lasting);
        kept.insert(Kept { stale_at, outcome, good }).found(Source::Fetched, now)
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
mod tests;
