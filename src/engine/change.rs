//! Changing an activation: asks the state machine what a command comes to, tells the upstream first
//! where it has to be told, and answers only what has happened. Knows no number of `setStatus`.

use std::sync::Arc;

use tokio::sync::OwnedMutexGuard;

use super::book::{Entry, Pulse};
use super::{Caller, Engine, Upstream};
use crate::domain::status::{Verdict, decide};
use crate::domain::{ActivationId, Command, Phone, Progress, State, Step};
use crate::provider::{Cx, Effect, Fault, FaultKind};

impl Engine {
    /// Carries out a client's command; `Ok` says which step has happened.
    pub async fn change(
        self: &Arc<Self>,
        caller: &Caller,
        id: ActivationId,
        command: Command,
        forward: Option<Phone>,
    ) -> Result<Step, Fault> {
        let entry = self.entry(caller, id).await?;
        // Polls of the same activation wait, so that none of them sees the upstream before and the
        // ledger after the change.
        let pulse = Arc::clone(&entry.gate).lock_owned().await;
        let state = entry.read(|activation| activation.state);
        match decide(state, command) {
            Verdict::Answer(step) => Ok(step),
            Verdict::Refuse => {
                let detail =
                    format!("activation {id} is {}, where this status cannot be set", state.as_str());
                Err(Fault::new(FaultKind::BadStatus, detail))
            }
            Verdict::Tell(step) => {
                let upstream = Arc::clone(self.seller(&entry.get())?);
                let (engine, cx) = (Arc::clone(self), self.cx(&upstream, caller));
                let work = async move {
                    engine.carry_out(&upstream, &cx, &entry, pulse, step, forward.as_ref()).await
                };
                self.to_the_end(work, |_| {}).await?
            }
        }
    }

    async fn carry_out(
        &self,
        upstream: &Upstream,
        cx: &Cx,
        entry: &Entry,
        mut pulse: OwnedMutexGuard<Pulse>,
        step: Step,
        forward: Option<&Phone>,
    ) -> Result<Step, Fault> {
        let mut activation = entry.get();
        let told = upstream.provider.tell(cx, &activation, step, forward).await;
        // Whatever was answered, the next poll shall see what it led to.
        pulse.polled_at = None;
        match told {
            Ok(()) => {}
            // It was used and its time is over: there is nothing left to finish there.
            Err(fault) if step == Step::Finish && fault.kind == FaultKind::UnknownActivation => {}
            // It was done the first time, when the answer was lost; therefore it is refused now.
            Err(fault)
                if step == Step::Finish && pulse.finish_in_doubt && fault.kind == FaultKind::BadStatus => {}
            Err(fault) => return self.not_told(upstream, cx, entry, &mut pulse, step, fault).await,
        }
        activation.told(step);
        if step != Step::Ready {
            self.keep(entry, activation).await;
        }
        Ok(step)
    }

    async fn not_told(
        &self,
        upstream: &Upstream,
        cx: &Cx,
        entry: &Entry,
        pulse: &mut Pulse,
        step: Step,
        fault: Fault,
    ) -> Result<Step, Fault> {
        let cancelling = matches!(step, Step::Cancel | Step::Reject);
        if fault.effect == Effect::Unknown {
            pulse.cancel_in_doubt |= cancelling;
            pulse.finish_in_doubt |= step == Step::Finish;
        }
        if cancelling && pulse.cancel_in_doubt && fault.kind == FaultKind::BadStatus {
            // Refused because a message came, or because it was cancelled when the answer was lost.
            let progress = upstream.provider.poll(cx, &entry.get()).await?;
            self.observe(entry, pulse, progress).await;
            return match entry.read(|activation| activation.state) {
                State::Cancelled => Ok(step),
                _ => Err(fault),
            };
        }
        if fault.kind == FaultKind::UnknownActivation {
            self.observe(entry, pulse, Progress::Gone).await;
            let state = entry.read(|activation| activation.state);
            if cancelling && state == State::Cancelled {
                return Ok(step);
            }
            if state.is_final() {
                // The upstream has forgotten it, but here it is known: its time was over, and it is
                // answered now as it will be from now on.
                let detail = "the upstream no longer has it: its time is over";
                return Err(Fault { detail: detail.to_owned(), kind: FaultKind::BadStatus, ..fault });
            }
        }
        Err(fault)
    }
}
