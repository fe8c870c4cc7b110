//! How often each of several things happened, and when the log has a line of it again. Knows nothing of what they are.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Nothing is told of in the log more often than this.
const AGAIN: Duration = Duration::from_secs(60);

/// How often each happened, and when it was told of last.
#[derive(Debug)]
pub struct Tally<const N: usize> {
    counts: [AtomicU64; N],
    /// In milliseconds, 0 for never.
    told: [AtomicU64; N],
}

impl<const N: usize> Default for Tally<N> {
    fn default() -> Self {
        let zeros = || std::array::from_fn(|_| AtomicU64::new(0));
        Self { counts: zeros(), told: zeros() }
    }
}

impl<const N: usize> Tally<N> {
    /// Counts one; the count so far, if it is to be told of.
    pub fn note(&self, index: usize, now: Duration) -> Option<u64> {
        let so_far = self.counts.get(index)?.fetch_add(1, Ordering::Relaxed) + 1;
        let now = u64::try_from(now.as_millis()).unwrap_or(u64::MAX).max(1);
        let told = self.told.get(index)?;
        let last = told.load(Ordering::Relaxed);
        let due = last == 0 || u128::from(now.saturating_sub(last)) >= AGAIN.as_millis();
        let ours = due && told.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        ours.then_some(so_far)
    }

    /// How often each happened.
    pub fn counts(&self) -> [u64; N] {
        std::array::from_fn(|index| self.counts[index].load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_counted_always_and_told_of_now_and_then() {
        let tally = Tally::<3>::default();
        let told = [0, 1, 59, 61, 62].map(|second| tally.note(2, Duration::from_secs(second)));
        assert_eq!(told, [Some(1), None, None, Some(4), None]);
        assert_eq!(tally.note(0, Duration::from_secs(62)), Some(1));
        assert_eq!(tally.note(3, Duration::from_secs(62)), None, "there is no such thing");
        assert_eq!(tally.counts(), [1, 0, 5]);
    }
}
