//! What accompanies a call to an upstream: the key, the time spent, and what is to be said of an answer that is made
//! of it. Knows no upstream.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::via::Passed;
use crate::domain::Secret;

/// What accompanies every call to an upstream.
#[derive(Debug, Clone)]
pub struct Cx {
    /// The key the upstream is to be asked with.
    pub key: Secret,
    /// Where the time spent at upstreams is added up.
    pub meter: Arc<Meter>,
    /// Whether this call is to show if an upstream that failed too often is back.
    pub looks: bool,
}

impl Cx {
    /// A context with a fresh meter.
    pub fn new(key: Secret) -> Self {
        Self { key, meter: Arc::default(), looks: false }
    }
}

/// Adds up the time one request spent at upstreams, and holds what is to be said of its answer.
#[derive(Debug, Default)]
pub struct Meter {
    micros: AtomicU64,
    waited_micros: AtomicU64,
    provider: OnceLock<String>,
    remark: Mutex<Option<(Duration, String)>>,
    passed: OnceLock<Passed>,
    calls: AtomicU32,
    came_back: AtomicU32,
    came_back_to: OnceLock<String>,
}

impl Meter {
    /// Notes one call.
    pub fn add(&self, spent: Duration) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let micros = u64::try_from(spent.as_micros()).unwrap_or(u64::MAX);
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// Notes the time for which the request waited: for its turn, or for a call that another one made.
    pub async fn waiting<T>(&self, work: impl Future<Output = T>) -> T {
        let began = Instant::now();
        let done = work.await;
        let micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.waited_micros.fetch_add(micros, Ordering::Relaxed);
        done
    }

    /// The time for which the request waited.
    pub fn waited(&self) -> Duration {
        Duration::from_micros(self.waited_micros.load(Ordering::Relaxed))
    }

    /// Notes which configured provider the request concerns; the first one stays.
    pub fn concerns(&self, provider: &str) {
        self.provider.get_or_init(|| provider.to_owned());
    }

    /// Which configured provider the request concerned.
    pub fn provider(&self) -> Option<&str> {
        self.provider.get().map(String::as_str)
    }

    /// Notes which servers of this kind the request has passed before.
    pub fn came_by(&self, passed: Passed) {
        let _ = self.passed.set(passed);
    }

    /// Which servers of this kind the request has passed before.
    pub fn passed(&self) -> Passed {
        self.passed.get().cloned().unwrap_or_default()
    }

    /// Notes that a call came back to the server with this mark.
    pub(super) fn note_return(&self, mark: String) {
        self.came_back.fetch_add(1, Ordering::Relaxed);
        self.came_back_to.get_or_init(|| mark);
    }

    /// To whom the calls came back, if there were some and all of them did: then nothing was done anywhere.
    pub fn all_came_back(&self) -> Option<&str> {
        let (calls, came_back) = (self.calls.load(Ordering::Relaxed), self.came_back.load(Ordering::Relaxed));
        self.came_back_to.get().filter(|_| calls == came_back).map(String::as_str)
    }

    /// Notes that a part of the answer is so old, and why; of several the oldest stays.
    pub fn remark(&self, age: Duration, text: String) {
        let mut remark = self.remark.lock().unwrap_or_else(PoisonError::into_inner);
        if remark.as_ref().is_none_or(|(known, _)| *known < age) {
            *remark = Some((age, text));
        }
    }

    /// What is to be said of the answer.
    pub fn remarked(&self) -> Option<String> {
        self.remark.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|(_, text)| text.clone())
    }

    /// The time of all calls.
    pub fn spent(&self) -> Duration {
        Duration::from_micros(self.micros.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a server in the middle tells the one before it, by which that one knows that nothing was bought.
    #[test]
    fn all_came_back_only_if_nothing_else_was_called() {
        let meter = Meter::default();
        assert_eq!(meter.all_came_back(), None, "nothing was called");
        for _ in 0..2 {
            meter.note_return("mark".to_owned());
            meter.add(Duration::ZERO);
            assert_eq!(meter.all_came_back(), Some("mark"));
        }
        meter.add(Duration::ZERO);
        assert_eq!(meter.all_came_back(), None, "one may have been carried out");
    }
}
