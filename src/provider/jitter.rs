//! Seeded pseudo-randomness for pauses, so that not everybody who failed at once tries again at once. Knows
//! nothing of what is waited for, and is no source of secrets.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The step of the splitmix64 generator.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A sequence of pauses that its seed determines.
#[derive(Debug)]
pub(super) struct Jitter(AtomicU64);

impl Jitter {
    pub(super) fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// A pause from `low` up to `high`, to the millisecond.
    pub(super) fn between(&self, low: Duration, high: Duration) -> Duration {
        let span = u64::try_from(high.saturating_sub(low).as_millis()).unwrap_or(u64::MAX);
        low + Duration::from_millis(self.next() % span.saturating_add(1))
    }

    fn next(&self) -> u64 {
        let mut z = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_pauses_and_they_differ_within_their_bounds() {
        let (low, high) = (Duration::from_millis(100), Duration::from_millis(300));
        let pauses = |seed| {
            let jitter = Jitter::new(seed);
            (0..100).map(|_| jitter.between(low, high)).collect::<Vec<_>>()
        };
        assert_eq!(pauses(1), pauses(1));
        assert_ne!(pauses(1), pauses(2));
        assert!(pauses(3).iter().all(|pause| (low..=high).contains(pause)));
        assert!(pauses(4).iter().any(|pause| *pause < Duration::from_millis(150)));
        assert!(pauses(4).iter().any(|pause| *pause > Duration::from_millis(250)));
        assert_eq!(Jitter::new(5).between(high, low), high);
    }
}
