//! Ending a rent: the upstream first, then the state, then the answer. A cancellation is written down before it is
//! told, and claimed only when the upstream agreed. Knows no number of `setRentStatus`.

use std::sync::Arc;

use super::status::has_ended;
use crate::domain::{ActivationId, Progress, State};
use crate::engine::book::{Entry, Pulse};
use crate::engine::{Caller, Engine, Upstream};
use crate::provider::{Cx, Effect, Ending, Fault, FaultKind};

/// How a rent came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// As was asked for, now.
    Now,
    /// It was finished before, or its time is over.
    FinishedBefore,
    /// It was cancelled before.
    CancelledBefore,
}

/// A rent that is to be ended, with what is needed for it.
struct Task {
    upstream: Arc<Upstream>,
    cx: Cx,
    entry: Arc<Entry>,
    ending: Ending,
}

impl Engine {
    /// Ends a rent as the client wants it.
    ///
    /// # Errors
    /// [`FaultKind::BadStatus`] when it cannot be cancelled any more.
    pub async fn end_rent(
        self: &Arc<Self>,
        caller: &Caller,
        id: ActivationId,
        ending: Ending,
    ) -> Result<Ended, Fault> {
        let entry = self.rent_entry(caller, id).await?;
        let mut pulse = entry.gate().lock_owned().await;
        if let Some(ended) = ended_before(&entry) {
            return Ok(ended);
        }
        let upstream = Arc::clone(self.seller(&entry.get())?);
        let cx = self.cx(&upstream, caller);
        let (engine, task) = (Arc::clone(self), Task { upstream, cx, entry, ending });
        self.to_the_end(async move { engine.bring_to_its_end(&task, &mut pulse).await }).await?
    }

    async fn bring_to_its_end(&self, task: &Task, pulse: &mut Pulse) -> Result<Ended, Fault> {
        let Task { upstream, cx, entry, ending } = task;
        let now = self.clock.now();
        if entry.outline(|rent| rent.is_over(now)) {
            self.look_at_rent(upstream, cx, entry, pulse).await?;
            if let Some(ended) = ended_before(entry) {
                return Ok(ended);
            }
        }
        let (state, in_time) = entry.read(|rent| (rent.state, rent.is_cancellable_rent(now)));
        if *ending == Ending::Cancel && !in_time {
            if state == State::Cancelling {
                // Whether it arrived in time is for the upstream to say.
                self.look_at_rent(upstream, cx, entry, pulse).await?;
            }
            let detail = "a rent can be cancelled in its first 20 minutes only";
            let late = Fault::new(FaultKind::BadStatus, detail);
            return if has_ended(entry) { Ok(self.outcome(entry, *ending)) } else { Err(late) };
        }
        match self.tell_end(task, pulse).await {
            Ok(()) => Ok(Ended::Now),
            Err(fault) => self.understand(task, pulse, fault).await,
        }
    }

    /// Tells the upstream, and notes what has come of it.
    async fn tell_end(&self, task: &Task, pulse: &mut Pulse) -> Result<(), Fault> {
        let Task { upstream, cx, entry, ending } = task;
        let before = entry.get();
        let mut rent = before.clone();
        if *ending == Ending::Cancel && rent.state != State::Cancelling {
            // Written down first: after a crash it must be known that this may have happened.
            rent.state = State::Cancelling;
            self.keep(entry, rent.clone()).await;
        }
        let told = upstream.provider.rentals().end(cx, &before, *ending).await;
        // Whatever was answered, the next poll shall see what it led to.
        pulse.polled_at = None;
        let in_doubt = matches!(&told, Err(fault) if fault.effect == Effect::Unknown);
        pulse.finish_in_doubt |= in_doubt && *ending == Ending::Finish;
        if told.is_ok() {
            rent.state = if *ending == Ending::Cancel { State::Cancelled } else { State::Finished };
        } else if !in_doubt {
            rent = before;
        }
        if rent != entry.get() {
            self.keep(entry, rent).await;
        }
        told
    }

    /// What a failure means: that it has ended already, by its time or by a first attempt whose answer was lost, or
    /// that nothing happened.
    async fn understand(&self, task: &Task, pulse: &mut Pulse, fault: Fault) -> Result<Ended, Fault> {
        let Task { upstream, cx, entry, ending } = task;
        let refused = matches!(fault.kind, FaultKind::UnknownActivation | FaultKind::BadStatus);
        if !refused {
            return Err(fault);
        }
        let mut rent = entry.get();
        if *ending == Ending::Finish && pulse.finish_in_doubt {
            rent.lapse_rent();
            self.keep(entry, rent).await;
            return Ok(Ended::Now);
        }
        if fault.kind == FaultKind::BadStatus {
            // What it stands at is better known there; that it cannot be told changes no refusal.
            let _ = self.look_at_rent(upstream, cx, entry, pulse).await;
        } else if rent.observe_rent(Progress::Gone, self.clock.now()) {
            self.keep(entry, rent).await;
        }
        if has_ended(entry) { Ok(self.outcome(entry, *ending)) } else { Err(fault) }
    }

    /// What to answer of a rent that turned out to have ended: one that is cancelled as it was to be was so by a first
    /// attempt.
    fn outcome(&self, entry: &Entry, ending: Ending) -> Ended {
        match entry.outline(|rent| rent.state) {
            State::Cancelled if ending == Ending::Cancel => Ended::Now,
            State::Cancelled => Ended::CancelledBefore,
            _ => Ended::FinishedBefore,
        }
    }
}

fn ended_before(entry: &Entry) -> Option<Ended> {
    match entry.outline(|rent| rent.state) {
        State::Cancelled => Some(Ended::CancelledBefore),
        state => state.is_final().then_some(Ended::FinishedBefore),
    }
}
