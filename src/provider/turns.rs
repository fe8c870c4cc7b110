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
    pub(super) fn new(provider: String, pace: &Pace, clock: Arc<dyn Clock>) -> Self {
        let state = State { line: Line::new(pace), bells: HashMap::new(), held: None, aloud_at: None };
        Self { provider, clock, state: Mutex::new(state) }
    }

    /// Returns when a call of this purpose may be sent; who no longer waits for that gives up the place.
    ///
    /// # Errors
    /// When that will not be before `deadline`, in time since the clock's start: at once where it can be
    /// foreseen.
    pub(super) async fn wait(&self, purpose: Purpose, deadline: Duration) -> Result<(), Fault> {
        let place = self.enter(purpose);
        let mut held = false;
        loop {
            match self.look(&place, deadline)? {
                Next::Go => return Ok(()),
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

    fn enter(&self, purpose: Purpose) -> Place<'_> {
        let bell = Arc::new(Notify::new());
        let mut state = self.lock();
        let ticket = state.line.join(purpose);
        state.bells.insert(ticket.number(), Arc::clone(&bell));
        Place { turns: self, ticket, bell }
    }

    fn look(&self, place: &Place<'_>, deadline: Duration) -> Result<Next, Fault> {
        let mut state = self.lock();
        let now = self.clock.elapsed();
        let is_next = state.line.before(place.ticket) == 0;
        let turn = state.line.turn_of(place.ticket, now);
        if is_next && turn <= now {
            state.line.take(now);
            return Ok(Next::Go);
        }
        if turn > deadline || now >= deadline {
            return Err(self.too_late(state.line.pause.end() > now));
        }
        // Who is not the next is woken by whoever leaves the line before.
        Ok(Next::SleepUntil(if is_next { turn } else { deadline }))
    }

    fn too_late(&self, paused: bool) -> Fault {
        let name = &self.provider;
        if paused {
            let detail = format!(
                "not asked: [provider.{name}] answered HTTP 429, and the pause lasts longer than a call may wait"
            );
            return Fault::new(FaultKind::RateLimited, detail);
        }
        let detail =
            format!("not asked: rate_limit of [provider.{name}] holds calls back longer than one may wait");
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
        if aloud {
            state.aloud_at = Some(now);
            tracing::info!(
                provider = self.provider,
                waiting,
                "calls are held back so as not to ask too often"
            );
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
mod tests {
    use tokio::task::JoinHandle;

    use super::*;
    use crate::clock::MovableClock;
    use crate::provider::Effect;

    const MINUTE: Duration = Duration::from_secs(60);

    /// A line at one call a second, whose first call is used up.
    async fn line() -> (Arc<Turns>, Arc<MovableClock>) {
        let clock = MovableClock::standing();
        let turns = Turns::new("main".to_owned(), &Pace::parse("1/s").unwrap(), clock.clone());
        turns.wait(Purpose::Act, MINUTE).await.unwrap();
        (Arc::new(turns), clock)
    }

    /// Somebody who waits, and already stands in the line.
    async fn waiting(
        turns: &Arc<Turns>,
        purpose: Purpose,
        deadline: Duration,
    ) -> JoinHandle<Result<(), Fault>> {
        let turns = Arc::clone(turns);
        let waiting = tokio::spawn(async move { turns.wait(purpose, deadline).await });
        settle().await;
        waiting
    }

    /// Lets everybody do what is to be done without time passing.
    async fn settle() {
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn one_goes_when_its_turn_comes_and_not_before() {
        let (turns, clock) = line().await;
        let [list, poll] =
            [waiting(&turns, Purpose::List, MINUTE).await, waiting(&turns, Purpose::Poll, MINUTE).await];
        clock.advance(Duration::from_millis(999));
        settle().await;
        assert!(!list.is_finished() && !poll.is_finished());
        clock.advance(Duration::from_millis(1));
        settle().await;
        assert!(!list.is_finished() && poll.is_finished());
        clock.advance(Duration::from_secs(1));
        assert_eq!(list.await.unwrap(), Ok(()));
    }

    #[tokio::test]
    async fn who_goes_away_leaves_the_turn_to_the_next() {
        let (turns, clock) = line().await;
        let gone = waiting(&turns, Purpose::Poll, MINUTE).await;
        let next = waiting(&turns, Purpose::Poll, MINUTE).await;
        gone.abort();
        settle().await;
        clock.advance(Duration::from_secs(1));
        settle().await;
        assert!(next.is_finished());
        assert_eq!(turns.lock().line.len(), 0);
        assert!(turns.lock().bells.is_empty());
    }

    #[tokio::test]
    async fn a_wait_that_would_be_too_long_is_refused_at_once_and_takes_no_place() {
        let (turns, _clock) = line().await;
        let _first = waiting(&turns, Purpose::Poll, MINUTE).await;
        let fault = turns.wait(Purpose::Poll, Duration::from_millis(1999)).await.unwrap_err();
        assert_eq!((&fault.kind, fault.effect), (&FaultKind::RateLimited, Effect::None));
        assert_eq!(turns.lock().line.len(), 1);
        let second = waiting(&turns, Purpose::Poll, Duration::from_secs(2)).await;
        assert!(!second.is_finished());
    }

    #[tokio::test]
    async fn who_is_overtaken_gives_up_at_the_deadline() {
        let (turns, clock) = line().await;
        let list = waiting(&turns, Purpose::List, Duration::from_millis(1500)).await;
        let _act = waiting(&turns, Purpose::Act, MINUTE).await;
        clock.advance(Duration::from_millis(500));
        settle().await;
        assert!(!list.is_finished());
        clock.advance(Duration::from_secs(1));
        assert_eq!(list.await.unwrap().unwrap_err().kind, FaultKind::RateLimited);
    }

    #[tokio::test]
    async fn a_pause_wakes_who_cannot_wait_for_its_end() {
        let (turns, clock) = line().await;
        let short = waiting(&turns, Purpose::Poll, Duration::from_secs(4)).await;
        let long = waiting(&turns, Purpose::List, MINUTE).await;
        turns.refused(Duration::ZERO, Some(Duration::from_secs(5)));
        settle().await;
        assert!(short.await.unwrap().unwrap_err().detail.contains("HTTP 429"));
        clock.advance(Duration::from_millis(4999));
        settle().await;
        assert!(!long.is_finished());
        clock.advance(Duration::from_millis(1));
        assert_eq!(long.await.unwrap(), Ok(()));
    }
}
