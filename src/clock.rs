//! Time, injected wherever logic depends on it. Knows nothing of who waits for what.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

/// Where the time comes from.
pub trait Clock: Send + Sync + 'static {
    /// The time of day, for what is written down.
    fn now(&self) -> Timestamp;

    /// Time that only goes forward, since an arbitrary start: for intervals.
    fn elapsed(&self) -> Duration;
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
}

/// A clock that runs along with another and can be moved forward: for stand-ins and for tests, which
/// would otherwise sleep.
pub struct MovableClock {
    base: Arc<dyn Clock>,
    moved_millis: AtomicI64,
}

impl MovableClock {
    /// A clock that shows what `base` shows, until it is moved.
    pub fn over(base: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self { base, moved_millis: AtomicI64::new(0) })
    }

    /// A clock that stands still at a fixed time until it is moved.
    pub fn standing() -> Arc<Self> {
        Self::over(Arc::new(Standing))
    }

    /// Moves it forward.
    pub fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.moved_millis.fetch_add(millis, Ordering::SeqCst);
    }

    fn moved(&self) -> i64 {
        self.moved_millis.load(Ordering::SeqCst)
    }
}

impl Clock for MovableClock {
    fn now(&self) -> Timestamp {
        let moved = SignedDuration::from_millis(self.moved());
        self.base.now().saturating_add(moved).unwrap_or(Timestamp::MAX)
    }

    fn elapsed(&self) -> Duration {
        let moved = u64::try_from(self.moved()).unwrap_or(0);
        self.base.elapsed() + Duration::from_millis(moved)
    }
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
}
