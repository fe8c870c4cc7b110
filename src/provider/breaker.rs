//! Whether an upstream is asked at all: one that failed several times in a row is left alone for a while, then
//! looked at by a single call, and asked again once that is answered. Knows neither what is asked nor what counts
//! as a failure.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::jitter::Jitter;
use super::{Fault, FaultKind};
use crate::clock::Clock;

/// How long an upstream is left alone first; this doubles with every look that fails.
const SHORTEST: Duration = Duration::from_secs(2);

/// How long at most.
const LONGEST: Duration = Duration::from_secs(60);

/// A failure is not one more in a row when it was sent so long after the last one.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(60);

/// Whether an upstream is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It is asked.
    Closed,
    /// It is left alone.
    Open,
    /// It was left alone long enough: one look at it is under way, or may be taken.
    HalfOpen,
}

impl Phase {
    /// Its name, for people and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half-open",
        }
    }
}

/// How a breaker stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerState {
    /// Whether the upstream is asked.
    pub phase: Phase,
    /// Since when it is asked, or is not.
    pub since: Timestamp,
    /// How often it stopped being asked since the process started.
    pub opened: u64,
}

/// The breaker of one provider.
pub(super) struct Breaker {
    provider: String,
    /// After so many failures in a row; never if it is 0.
    failures: u32,
    clock: Arc<dyn Clock>,
    jitter: Jitter,
    state: Mutex<State>,
}

struct State {
    /// Changes whenever it opens or closes: what was sent before says nothing of what is now.
    epoch: u64,
    since: Timestamp,
    opened: u64,
    /// How many failures there were in a row, and when the last of them came back.
    failed: u32,
    failed_at: Duration,
    /// How often in a row it was left alone, and when it was last asked again.
    pauses: u32,
    closed_at: Duration,
    open: Option<Open>,
}

struct Open {
    until: Duration,
    looking: bool,
    why: String,
}

/// Leave to send a call. What came of it is to be said; dropped without, nothing is known.
pub(super) struct Pass<'a> {
    breaker: &'a Breaker,
    epoch: u64,
    sent: Duration,
    looks: bool,
}

impl Breaker {
    pub(super) fn new(provider: String, failures: u32, jitter: Jitter, clock: Arc<dyn Clock>) -> Self {
        let state = State {
            epoch: 0,
            since: clock.now(),
            opened: 0,
            failed: 0,
            failed_at: Duration::ZERO,
            pauses: 0,
            closed_at: Duration::ZERO,
            open: None,
        };
        Self { provider, failures, clock, jitter, state: Mutex::new(state) }
    }

    /// Leave to send a call; `looks` says that it is the one by which to see whether the upstream is back.
    ///
    /// # Errors
    /// While the upstream is left alone: certainly nothing was sent.
    pub(super) fn admit(&self, looks: bool) -> Result<Pass<'_>, Fault> {
        let mut state = self.lock();
        let (now, epoch) = (self.clock.elapsed(), state.epoch);
        let Some(open) = &mut state.open else {
            return Ok(Pass { breaker: self, epoch, sent: now, looks: false });
        };
        if !looks || open.looking || now < open.until {
            return Err(self.left_alone(open, now));
        }
        open.looking = true;
        Ok(Pass { breaker: self, epoch, sent: now, looks: true })
    }

    /// The same without sending anything.
    pub(super) fn check(&self) -> Result<(), Fault> {
        match &self.lock().open {
            Some(open) => Err(self.left_alone(open, self.clock.elapsed())),
            None => Ok(()),
        }
    }

    /// Whether it is time to look whether the upstream is back.
    pub(super) fn is_due(&self) -> bool {
        let now = self.clock.elapsed();
        self.lock().open.as_ref().is_some_and(|open| !open.looking && open.until <= now)
    }

    /// How it stands.
    pub(super) fn state(&self) -> BreakerState {
        let (state, now) = (self.lock(), self.clock.elapsed());
        let phase = match &state.open {
            None => Phase::Closed,
            Some(open) if open.looking || open.until <= now => Phase::HalfOpen,
            Some(_) => Phase::Open,
        };
        BreakerState { phase, since: state.since, opened: state.opened }
    }

    fn left_alone(&self, open: &Open, now: Duration) -> Fault {
        let (name, why) = (&self.provider, &open.why);
        let when = match open.until.saturating_sub(now).as_secs_f64().ceil() {
            0.0 => "it is just being looked at".to_owned(),
            seconds => format!("it is looked at again in {seconds}s"),
        };
        let detail = format!("not asked: the breaker of [provider.{name}] is open, {when}; it failed: {why}");
        Fault::new(FaultKind::Unreachable, detail)
    }

    fn answered(&self, pass: &Pass<'_>) {
        let mut state = self.lock();
        if state.epoch != pass.epoch {
            return;
        }
        state.failed = 0;
        if !pass.looks {
            return;
        }
        state.open = None;
        state.epoch += 1;
        state.closed_at = self.clock.elapsed();
        let seconds = self.clock.now().duration_since(state.since).as_secs();
        state.since = self.clock.now();
        drop(state);
        tracing::info!(
            provider = self.provider,
            seconds,
            "the upstream answers again: it is asked as before"
        );
    }

    fn failed(&self, pass: &Pass<'_>, why: &str) {
        let mut state = self.lock();
        if state.epoch != pass.epoch || self.failures == 0 {
            return;
        }
        let now = self.clock.elapsed();
        if let Some(open) = &mut state.open {
            // Only a look gets here: nothing else was admitted since it opened.
            open.looking = false;
            why.clone_into(&mut open.why);
            state.pauses = state.pauses.saturating_add(1);
            let pause = self.pause(state.pauses);
            if let Some(open) = &mut state.open {
                open.until = now + pause;
            }
            drop(state);
            tracing::debug!(provider = self.provider, why, "the upstream still does not answer");
            return;
        }
        let in_a_row = pass.sent.saturating_sub(state.failed_at) <= FORGOTTEN_AFTER;
        state.failed = if in_a_row { state.failed + 1 } else { 1 };
        state.failed_at = now;
        if state.failed < self.failures {
            return;
        }
        // One that breaks again as soon as it is asked again is left alone for longer.
        let again = state.pauses > 0 && now.saturating_sub(state.closed_at) <= FORGOTTEN_AFTER;
        state.pauses = if again { state.pauses.saturating_add(1) } else { 1 };
        let pause = self.pause(state.pauses);
        state.open = Some(Open { until: now + pause, looking: false, why: why.to_owned() });
        state.epoch += 1;
        state.opened += 1;
        state.since = self.clock.now();
        let failures = std::mem::take(&mut state.failed);
        drop(state);
        tracing::warn!(
            provider = self.provider,
            failures,
            why,
            "the upstream failed several times in a row: it is left alone until it answers a question for the balance"
        );
    }

    /// How long it is left alone the `nth` time in a row, give or take a fifth.
    fn pause(&self, nth: u32) -> Duration {
        let doubled = SHORTEST.saturating_mul(2_u32.saturating_pow(nth.saturating_sub(1)));
        let length = doubled.min(LONGEST * 5 / 6);
        self.jitter.between(length * 4 / 5, length * 6 / 5)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pass<'_> {
    /// The upstream answered, whatever it said.
    pub(super) fn answered(self) {
        self.breaker.answered(&self);
    }

    /// It did not, and why.
    pub(super) fn failed(self, why: &str) {
        self.breaker.failed(&self, why);
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if !self.looks {
            return;
        }
        // A look that was given up: the next one may be taken at once.
        let mut state = self.breaker.lock();
        if state.epoch == self.epoch
            && let Some(open) = &mut state.open
        {
            open.looking = false;
        }
    }
}

#[cfg(test)]
mod tests;
