//! When it is time to let go of what is over, and for how long it is kept. Knows no row.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::clock::Clock;

/// How often it is time.
const EVERY: Duration = Duration::from_secs(3600);

/// How much the time of day may go differently from the time that passes before it counts as having been set.
const SET: SignedDuration = SignedDuration::from_mins(5);

/// What is kept, and when that was last seen to.
pub(super) struct Retention {
    /// For how long what was bought is kept once it is over; `None` for ever.
    pub(super) keep: Option<SignedDuration>,
    since: Mutex<Option<Moment>>,
}

/// A moment by both clocks.
#[derive(Debug, Clone, Copy)]
struct Moment {
    now: Timestamp,
    elapsed: Duration,
}

impl Retention {
    /// Keeps everything for ever that was bought.
    pub(super) fn forever() -> Self {
        Self { keep: None, since: Mutex::default() }
    }

    /// Whether it is time: an hour after the start, the last time, or the clock was set. By a clock that was set
    /// forward by mistake everything would be long over.
    pub(super) fn is_due(&self, clock: &dyn Clock) -> bool {
        let moment = Moment { now: clock.now(), elapsed: clock.elapsed() };
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(last) = *since else {
            *since = Some(moment);
            return false;
        };
        let passed = moment.elapsed.saturating_sub(last.elapsed);
        let shown = moment.now.duration_since(last.now);
        let apart = shown - SignedDuration::try_from(passed).unwrap_or(SignedDuration::MAX);
        if apart.abs() > SET {
            tracing::warn!("the clock was set; nothing is let go of the ledger within the next hour");
            *since = Some(moment);
            return false;
        }
        let due = passed >= EVERY;
        if due {
            *since = Some(moment);
        }
        due
    }
}
