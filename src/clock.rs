//! Time, and waiting for it, injected wherever logic depends on it. Knows nothing of who waits for what.

use std::future;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// Where the time comes from.
pub trait Clock: Send + Sync + 'static {
    /// The time of day, for what is written down.
    fn now(&self) -> Timestamp;

    /// Time that only goes forward, since an arbitrary start: for intervals.
    fn elapsed(&self) -> Duration;

    /// Is over when [`elapsed`](Self::elapsed) has come to `at`; at once when it already has.
    fn sleep_until(&self, at: Duration) -> BoxFuture<'_, ()>;
}

/// The machine's own clock.
pub struct SystemClock {
    started: Instant,
}

impl SystemClock {
    /// A clock that starts now.
    pub fn new() -> Arc<Self> {
        Arc::new(Self { started: Instant::now() })
    }
}

impl Clock for SystemClock {
    /// To the millisecond, which is as fine as the ledger keeps it.
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    fn sleep_until(&self, at: Duration) -> BoxFuture<'_, ()> {
        match self.started.checked_add(at) {
            Some(at) => Box::pin(tokio::time::sleep_until(at.into())),
            None => Box::pin(future::pending()),
        }
    }
}

/// A clock that runs along with another and can be moved forward: for stand-ins and for tests, which
/// would otherwise sleep.
pub struct MovableClock {
    base: Arc<dyn Clock>,
    moved_millis: watch::Sender<i64>,
    /// How far the time of day was set, apart from the time that passes.
    set_millis: AtomicI64,
}

impl MovableClock {
    /// A clock that shows what `base` shows, until it is moved.
    pub fn over(base: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self { base, moved_millis: watch::Sender::new(0), set_millis: AtomicI64::new(0) })
    }

    /// A clock that stands still at a fixed time until it is moved.
    pub fn standing() -> Arc<Self> {
        Self::over(Arc::new(Standing))
    }

    /// Moves it forward, and wakes whoever waited for that.
    pub fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.moved_millis.send_modify(|moved| *moved = moved.saturating_add(millis));
    }

    /// Sets the time of day forward or back, as people and time servers do; no time passes by that.
    pub fn set(&self, by: SignedDuration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.set_millis.fetch_add(millis, Ordering::Relaxed);
    }

    fn moved(&self) -> i64 {
        *self.moved_millis.borrow()
    }
}

impl Clock for MovableClock {
    fn now(&self) -> Timestamp {
        let set = self.set_millis.load(Ordering::Relaxed);
        let moved = SignedDuration::from_millis(self.moved().saturating_add(set));
        self.base.now().saturating_add(moved).unwrap_or(if set < 0 { Timestamp::MIN } else { Timestamp::MAX })
    }

    fn elapsed(&self) -> Duration {
        self.base.elapsed() + forward(self.moved())
    }

    fn sleep_until(&self, at: Duration) -> BoxFuture<'_, ()> {
        let mut moves = self.moved_millis.subscribe();
        Box::pin(async move {
            loop {
                let moved = forward(*moves.borrow_and_update());
                tokio::select! {
                    () = self.base.sleep_until(at.saturating_sub(moved)) => return,
                    // It cannot be gone: it belongs to this clock.
                    _ = moves.changed() => {}
                }
            }
        })
    }
}

fn forward(millis: i64) -> Duration {
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}

/// 2026-01-01 00:00:00 UTC for ever.
struct Standing;

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_767_225_600).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep_until(&self, at: Duration) -> BoxFuture<'_, ()> {
        if at.is_zero() { Box::pin(future::ready(())) } else { Box::pin(future::pending()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_waits_is_woken_when_the_time_has_come_and_not_before() {
        let clock = MovableClock::standing();
        clock.sleep_until(Duration::ZERO).await;
        let waiting = tokio::spawn({
            let clock = clock.clone();
            async move {
                clock.sleep_until(Duration::from_secs(5)).await;
                clock.elapsed()
            }
        });
        for _ in 0..2 {
            tokio::task::yield_now().await;
            clock.advance(Duration::from_secs(2));
        }
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        clock.advance(Duration::from_secs(1));
        assert_eq!(waiting.await.unwrap(), Duration::from_secs(5));
    }

    #[tokio::test]
    async fn the_machines_clock_sleeps_too() {
        let clock = SystemClock::new();
        let at = clock.elapsed() + Duration::from_millis(3);
        clock.sleep_until(at).await;
        assert!(clock.elapsed() >= at);
    }
}
