//! Why somebody is turned away, in words, and how often it happened. Knows nobody.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// No reason is told of in the log more often than this.
const AGAIN: Duration = Duration::from_secs(60);

/// Why somebody is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turned {
    /// Too many connections.
    Full,
    /// Too many connections from one address.
    AddressFull,
    /// Too many requests at once.
    Busy,
    /// Too many requests with one key.
    TooFast,
    /// Too many wrong keys from one address.
    WrongKeys,
    /// A web page of another site.
    Page,
    /// Another host's name.
    Host,
    /// A request or an answer that took too long on its way.
    Slow,
}

impl Turned {
    /// Every reason.
    pub const ALL: [Self; 8] = [
        Self::Full,
        Self::AddressFull,
        Self::Busy,
        Self::TooFast,
        Self::WrongKeys,
        Self::Page,
        Self::Host,
        Self::Slow,
    ];

    /// In one word, for the log and for metrics.
    pub fn word(self) -> &'static str {
        match self {
            Self::Full => "connections",
            Self::AddressFull => "connections_per_address",
            Self::Busy => "requests",
            Self::TooFast => "requests_per_second",
            Self::WrongKeys => "wrong_keys",
            Self::Page => "origin",
            Self::Host => "host",
            Self::Slow => "slow",
        }
    }

    /// In plain words, for the log and for who is turned away.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Full => "too many connections are open ([limits] connections); nothing was done, try again",
            Self::AddressFull => {
                "too many connections from this address ([limits] connections_per_address); nothing was done, try again"
            }
            Self::Busy => {
                "too many requests are being answered ([limits] requests); nothing was done, try again"
            }
            Self::TooFast => {
                "too many requests with this api_key ([limits] requests_per_second); nothing was done, try again in a second"
            }
            Self::WrongKeys => {
                "too many wrong keys from this address ([limits] wrong_keys_per_minute); nothing was done, try again in a minute"
            }
            Self::Page => {
                "a web page may not use this server, unless [server] allow_origins names its origin"
            }
            Self::Host => {
                "this server does not answer under this name, unless [server] allow_hosts or [dialect.hosts] has it, or the hosts file leads a name of [redirect] here"
            }
            Self::Slow => {
                "a request did not come in time, or its answer was not taken ([limits] header_timeout, body_timeout, idle_timeout)"
            }
        }
    }
}

/// How often each happened, and when it was told of last.
#[derive(Debug, Default)]
pub(super) struct Tally {
    counts: [AtomicU64; Turned::ALL.len()],
    /// In milliseconds, 0 for never.
    told: [AtomicU64; Turned::ALL.len()],
}

impl Tally {
    /// Counts one; the count so far, if it is to be told of.
    pub(super) fn note(&self, turned: Turned, now: Duration) -> Option<u64> {
        let so_far = self.counts[turned as usize].fetch_add(1, Ordering::Relaxed) + 1;
        let now = u64::try_from(now.as_millis()).unwrap_or(u64::MAX).max(1);
        let told = &self.told[turned as usize];
        let last = told.load(Ordering::Relaxed);
        let due = last == 0 || u128::from(now.saturating_sub(last)) >= AGAIN.as_millis();
        let ours = due && told.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        ours.then_some(so_far)
    }

    /// How often each happened.
    pub(super) fn counts(&self) -> Vec<(Turned, u64)> {
        let count = |turned: Turned| (turned, self.counts[turned as usize].load(Ordering::Relaxed));
        Turned::ALL.into_iter().map(count).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_is_counted_always_and_told_of_now_and_then() {
        let tally = Tally::default();
        let told = [0, 1, 59, 61, 62].map(|second| tally.note(Turned::Busy, Duration::from_secs(second)));
        assert_eq!(told, [Some(1), None, None, Some(4), None]);
        assert_eq!(tally.note(Turned::Full, Duration::from_secs(62)), Some(1));
        for (index, (turned, count)) in tally.counts().into_iter().enumerate() {
            assert_eq!(turned, Turned::ALL[index]);
            assert_eq!(turned as usize, index);
            assert_eq!(count, [1, 0, 5, 0, 0, 0, 0, 0][index]);
        }
    }
}
