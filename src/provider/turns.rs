//! Waiting for one's turn to ask an upstream: lets callers sleep and wakes them, and says in the log
//! when it holds back. Knows nothing of what is asked; whose turn it is, `line` decides.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::http::Purpose;
use super::line::{Line, Ticket};
use super::pace::Pace;
use super::{Fault, FaultKind, Side};
use crate::clock::Clock;

/// What was said aloud is said aloud again only after so long: a load at the very limit begins and ends
/// to be held back with every other call.
const ALOUD_EVERY: Duration = Duration::from_secs(10);

/// The waiting line of one provider.
pub(super) struct Turns {
    provider: String,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

struct State {
    line: Line,
    /// What wakes each who waits, by number.
    bells: HashMap<u64, Arc<Notify>>,
    /// While calls are held back: since when, how many, and whether the log was told aloud.
    held: Option<Held>,
    aloud_at: Option<Duration>,
}

struct Held {
    since: Duration,
    calls: u64,
    aloud: bool,
}

/// What is to be done now.
enum Next {
    Go,
    SleepUntil(Duration),
}

impl Turns {
    /// A line at this pace, in which `most` calls may be under way at once.
    pub(super) fn new(provider: String, pace: &Pace, most: usize, clock: Arc<dyn Clock>) -> Self {
        let state = State { line: Line::new(pace, most), bells: HashMap::new(), held: None, aloud_at: None };
        Self { provider, clock, state: Mutex::new(state) }
    }

    /// Returns when a call of this purpose may be sent, which is under way until what this gives is dropped; who no
    /// longer waits for that gives up the place.
    ///
    /// # Errors
    /// When that will not be before `deadline`, in time since the clock's start: at once where it can be
    /// foreseen.
    pub(super) async fn wait(&self, purpose: Purpose, deadline: Duration) -> Result<Turn<'_>, Fault> {
        let Some(place) = self.enter(purpose) else { return Ok(Turn(self)) };
        let mut held = false;
        loop {
            match self.look(&place, deadline)? {
                Next::Go => return Ok(Turn(self)),
                Next::SleepUntil(at) => {
                    if !held {
                        held = true;
                        self.note_held(purpose);
                    }
                    tokio::select! {
                        () = self.clock.sleep_until(at) => {}
                        () = place.bell.notified() => {}
                    }
                }
            }
        }
    }

    /// The upstream refused, by HTTP 429, a call that was sent at `sent`, and asked for a pause or not.
    pub(super) fn refused(&self, sent: Duration, asked: Option<Duration>) {
        let mut state = self.lock();
        let pause = state.line.pause.refused(sent, self.clock.elapsed(), asked);
        // Whoever cannot wait so long is told at once.
        state.bells.values().for_each(|bell| bell.notify_one());
        drop(state);
        if let Some(pause) = pause {
            let seconds = pause.as_secs();
            tracing::info!(
                provider = self.provider,
                seconds,
                "the upstream says that it is asked too often (HTTP 429); nothing is sent to it for a while"
            );
        }
    }

    /// The upstream answered otherwise.
    pub(super) fn answered(&self, sent: Duration) {
        self.lock().line.pause.answered(sent);
    }

    /// A place in the line; none where the turn is there at once, as it nearly always is.
    fn enter(&self, purpose: Purpose) -> Option<Place<'_>> {
        let mut state = self.lock();
        let ticket = state.line.join(purpose);
        if state.line.goes(ticket, self.clock.elapsed()) {
            return None;
        }
        let bell = Arc::new(Notify::new());
        state.bells.insert(ticket.number(), Arc::clone(&bell));
        Some(Place { turns: self, ticket, bell })
    }

    fn look(&self, place: &Place<'_>, deadline: Duration) -> Result<Next, Fault> {
        let mut state = self.lock();
        let now = self.clock.elapsed();
        if state.line.goes(place.ticket, now) {
            return Ok(Next::Go);
        }
        let turn = state.line.turn_of(place.ticket, now);
        if turn > deadline || now >= deadline {
            return Err(self.too_late(&state.line, now));
        }
        // Who is not the next is woken by whoever leaves the line before, or makes room.
        Ok(Next::SleepUntil(if state.line.is_next(place.ticket) { turn } else { deadline }))
    }

    fn too_late(&self, line: &Line, now: Duration) -> Fault {
        let name = &self.provider;
        if line.pause.end() > now {
            let detail = format!(
                "not asked: [provider.{name}] answered HTTP 429, and the pause lasts longer than a call may wait"
            );
            return Fault::new(FaultKind::RateLimited, detail);
        }
        let setting = if line.has_room() { "rate_limit" } else { "max_concurrent" };
        let detail =
            format!("not asked: {setting} of [provider.{name}] holds calls back longer than one may wait");
        Fault { side: Side::Us, ..Fault::new(FaultKind::RateLimited, detail) }
    }

    fn note_held(&self, purpose: Purpose) {
        let mut state = self.lock();
        let (now, waiting) = (self.clock.elapsed(), state.line.len());
        tracing::debug!(provider = self.provider, ?purpose, waiting, "a call is held back");
        if let Some(held) = &mut state.held {
            held.calls += 1;
            return;
        }
        let aloud = state.aloud_at.is_none_or(|at| now.saturating_sub(at) >= ALOUD_EVERY);
        state.held = Some(Held { since: now, calls: 1, aloud });
        if !aloud {
            return;
        }
        state.aloud_at = Some(now);
        if state.line.has_room() {
            let text = "calls are held back so as not to ask too often";
            tracing::info!(provider = self.provider, waiting, "{text}");
        } else {
            let text = "calls are held back: as many as may be are under way";
            tracing::info!(provider = self.provider, waiting, "{text}");
        }
    }

    fn note_free(&self, held: &Held) {
        let ms = self.clock.elapsed().saturating_sub(held.since).as_millis();
        if held.aloud {
            tracing::info!(provider = self.provider, calls = held.calls, %ms, "calls are no longer held back");
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call that may be sent. Dropping it says that the call is over.
#[must_use]
pub(super) struct Turn<'a>(&'a Turns);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.line.done();
        if let Some(bell) = state.line.next().and_then(|next| state.bells.get(&next)) {
            bell.notify_one();
        }
    }
}

/// A place in the line. Dropping it leaves the line, whether its turn came or not.
struct Place<'a> {
    turns: &'a Turns,
    ticket: Ticket,
    bell: Arc<Notify>,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut state = self.turns.lock();
        state.line.leave(self.ticket);
        state.bells.remove(&self.ticket.number());
        if let Some(bell) = state.line.next().and_then(|next| state.bells.get(&next)) {
            bell.notify_one();
            return;
        }
        let held = state.held.take();
        drop(state);
        if let Some(held) = held {
            self.turns.note_free(&held);
        }
    }
}

#[cfg(test)]
mod tests;
