//! What one part of a pace still allows: when the next call may go, and the one after it. Pure
//! arithmetic on times since an arbitrary start; knows no clock and no caller.

use std::collections::VecDeque;
use std::time::Duration;

use super::pace::Part;

/// What one part still allows.
#[derive(Debug)]
pub(super) enum Allowance {
    /// At most `most` calls within any `span`.
    Strict {
        most: usize,
        span: Duration,
        /// When the last `most` of them went, oldest first.
        gone: VecDeque<Duration>,
    },
    /// One call an `interval`, but `ahead` of that after a pause.
    Average {
        interval: Duration,
        ahead: Duration,
        /// When the next one would go at an even pace.
        even: Duration,
    },
}

impl Allowance {
    pub(super) fn new(part: &Part) -> Self {
        let (calls, span) = (part.calls.get(), part.unit.length());
        match part.burst {
            None => Self::Strict { most: calls as usize, span, gone: VecDeque::new() },
            Some(burst) => {
                let interval = span / calls;
                Self::Average { interval, ahead: interval * (burst.get() - 1), even: Duration::ZERO }
            }
        }
    }

    /// The earliest time at which a call may go when `before` others go first, each as early as it may.
    pub(super) fn earliest(&self, now: Duration, before: usize) -> Duration {
        match self {
            Self::Strict { most, span, gone } => {
                // It goes a span after the call that is `most` earlier, which has gone, or is one of
                // those before it and itself goes a span after another, or is so early that there is none.
                let (mut before, mut later) = (before, Duration::ZERO);
                loop {
                    match (gone.len() + before).checked_sub(*most) {
                        None => return now + later,
                        Some(place) if place < gone.len() => return (gone[place] + *span).max(now) + later,
                        Some(_) => (before, later) = (before - *most, later + *span),
                    }
                }
            }
            Self::Average { interval, ahead, even } => {
                let from = (*even).max(now) + *interval * saturated(before);
                from.saturating_sub(*ahead).max(now)
            }
        }
    }

    /// A call goes.
    pub(super) fn take(&mut self, now: Duration) {
        match self {
            Self::Strict { most, gone, .. } => {
                if gone.len() == *most {
                    gone.pop_front();
                }
                gone.push_back(now);
            }
            Self::Average { interval, even, .. } => *even = (*even).max(now) + *interval,
        }
    }
}

fn saturated(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::pace::Pace;

    fn allowance(text: &str) -> Allowance {
        Allowance::new(&Pace::parse(text).unwrap().parts()[0])
    }

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    /// When `calls` calls go that all want to go at `now`.
    fn times(allowance: &mut Allowance, now: Duration, calls: usize) -> Vec<Duration> {
        let foreseen: Vec<_> = (0..calls).map(|before| allowance.earliest(now, before)).collect();
        let mut at = now;
        let gone: Vec<_> = (0..calls)
            .map(|_| {
                at = allowance.earliest(at, 0);
                allowance.take(at);
                at
            })
            .collect();
        assert_eq!(foreseen, gone, "what was foreseen is what happens");
        gone
    }

    #[test]
    fn an_average_lets_a_burst_go_and_then_one_at_a_time() {
        let mut ten = allowance("10/s burst 3");
        assert_eq!(times(&mut ten, ms(0), 6), [0, 0, 0, 100, 200, 300].map(ms));
        // A pause of two calls gives two back, and a long one not more than the burst.
        assert_eq!(times(&mut ten, ms(500), 4), [500, 500, 600, 700].map(ms));
        assert_eq!(times(&mut ten, ms(60_000), 5), [60_000, 60_000, 60_000, 60_100, 60_200].map(ms));
    }

    #[test]
    fn a_strict_part_is_kept_within_any_span() {
        let mut three = allowance("3/s");
        assert_eq!(times(&mut three, ms(0), 1), [0].map(ms));
        assert_eq!(times(&mut three, ms(900), 5), [900, 900, 1000, 1900, 1900].map(ms));
        assert_eq!(times(&mut three, ms(1950), 8)[..4], [2000, 2900, 2900, 3000].map(ms));
        let mut one = allowance("1/s");
        assert_eq!(times(&mut one, ms(5), 4), [5, 1005, 2005, 3005].map(ms));
    }

    #[test]
    fn no_window_of_a_strict_part_holds_more_than_it_names() {
        let mut seven = allowance("7/min");
        let mut gone = Vec::new();
        for start in [0, 10_000, 59_999, 61_000, 200_000] {
            let now = ms(start).max(gone.last().copied().unwrap_or_default());
            gone.extend(times(&mut seven, now, 9));
        }
        for (nth, first) in gone.iter().enumerate() {
            let within = gone[nth..].iter().filter(|at| **at < *first + Duration::from_secs(60)).count();
            assert!(within <= 7, "{within} from {first:?}");
        }
    }
}
