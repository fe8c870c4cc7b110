//! The guards by name: which limit, and whose. Counts how often each refused, and says so in the log, but not for
//! every order. Knows no amount.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How often one guard is named in the log at most.
const AT_MOST_EVERY: Duration = Duration::from_secs(60);

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// The price of one purchase.
    MaxPrice,
    /// What is spent in any hour.
    PerHour,
    /// What is spent in any 24 hours.
    PerDay,
    /// How many activations and rents are open at a time.
    OpenActivations,
}

impl Limit {
    /// Its name in `proxy.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::MaxPrice => "max_price",
            Self::PerHour => "per_hour",
            Self::PerDay => "per_day",
            Self::OpenActivations => "open_activations",
        }
    }
}

/// Whose limit it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// That of all clients together.
    Total,
    /// That of one client.
    Client,
}

impl Scope {
    /// A word for it, for metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Client => "client",
        }
    }
}

/// One guard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guard {
    /// What it limits.
    pub limit: Limit,
    /// Whose spending.
    pub scope: Scope,
}

impl Guard {
    /// Every guard there can be.
    pub const ALL: [Self; 8] = [
        Self::of(Limit::MaxPrice, Scope::Total),
        Self::of(Limit::PerHour, Scope::Total),
        Self::of(Limit::PerDay, Scope::Total),
        Self::of(Limit::OpenActivations, Scope::Total),
        Self::of(Limit::MaxPrice, Scope::Client),
        Self::of(Limit::PerHour, Scope::Client),
        Self::of(Limit::PerDay, Scope::Client),
        Self::of(Limit::OpenActivations, Scope::Client),
    ];

    /// The guard of this limit.
    pub const fn of(limit: Limit, scope: Scope) -> Self {
        Self { limit, scope }
    }

    fn index(self) -> usize {
        Self::ALL.iter().position(|guard| *guard == self).unwrap_or_default()
    }
}

/// How often each guard refused, and when it was last said.
#[derive(Default)]
pub(super) struct Refusals {
    counts: [AtomicU64; 8],
    said: Mutex<[Option<Duration>; 8]>,
}

impl Refusals {
    /// Counts a refusal; whether it is time to say so.
    pub(super) fn note(&self, guard: Guard, now: Duration) -> bool {
        let index = guard.index();
        if let Some(count) = self.counts.get(index) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(last) = said.get_mut(index) else { return true };
        let due = last.is_none_or(|last| now.saturating_sub(last) >= AT_MOST_EVERY);
        if due {
            *last = Some(now);
        }
        due
    }

    /// How often each guard refused an order since the start.
    pub(super) fn counts(&self) -> Vec<(Guard, u64)> {
        let counts = self.counts.iter().map(|count| count.load(Ordering::Relaxed));
        Guard::ALL.into_iter().zip(counts).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_counts_and_one_a_minute_is_said() {
        let refusals = Refusals::default();
        let guard = Guard::of(Limit::PerDay, Scope::Client);
        let said = [0, 59, 60, 61].map(|second| refusals.note(guard, Duration::from_secs(second)));
        assert_eq!(said, [true, false, true, false]);
        assert!(refusals.note(Guard::of(Limit::PerDay, Scope::Total), Duration::ZERO));
        let count = |of: Guard| refusals.counts().into_iter().find(|(guard, _)| *guard == of).unwrap().1;
        assert_eq!((count(guard), count(Guard::of(Limit::MaxPrice, Scope::Total))), (4, 0));
    }
}
