//! Changing an activation: asks the state machine what a command comes to, tells the upstream first
//! where it has to be told, and answers only what has happened. Knows no number of `setStatus`.

use std::sync::Arc;

use tokio::sync::OwnedMutexGuard;

use super::book::{Entry, Pulse};
use super::poll::Form;
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
                let change = Change { entry, command, forward };
                let work = async move { engine.carry_out(&upstream, &cx, change, pulse, step).await };
                self.to_the_end(work).await?
            }
        }
    }

    async fn carry_out(
        &self,
        upstream: &Upstream,
        cx: &Cx,
        change: Change,
        mut pulse: OwnedMutexGuard<Pulse>,
        step: Step,
    ) -> Result<Step, Fault> {
        let told = self.tell(upstream, cx, &change, &mut pulse, step).await;
        let Err(fault) = told else { return Ok(step) };
        let entry = &change.entry;
        let cancelling = matches!(step, Step::Cancel | Step::Reject);
        if fault.kind == FaultKind::UnknownActivation {
            self.observe(entry, &mut pulse, Progress::Gone).await;
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
        if cancelling && fault.kind == FaultKind::BadStatus {
            // Most likely a message has come that nobody has read. Who wanted to finish then can.
            let seen = self.look(upstream, cx, entry, &mut pulse, Form::Plain).await;
            let state = entry.read(|activation| activation.state);
            if state == State::Cancelled {
                // It was done the first time, when the answer was lost.
                return Ok(step);
            }
            if seen.is_ok() && state == State::Received && change.command == Command::Finish {
                return self
                    .tell(upstream, cx, &change, &mut pulse, Step::Finish)
                    .await
                    .map(|()| Step::Finish);
            }
        }
        Err(fault)
    }

    /// Tells the upstream a step, and notes what has come of it.
    async fn tell(
        &self,
        upstream: &Upstream,
        cx: &Cx,
        change: &Change,
        pulse: &mut Pulse,
        step: Step,
    ) -> Result<(), Fault> {
        let mut activation = change.entry.get();
        let told = upstream.provider.tell(cx, &activation, step, change.forward.as_ref()).await;
        // Whatever was answered, the next poll shall see what it led to.
        pulse.polled_at = None;
        let in_doubt = matches!(&told, Err(fault) if fault.effect == Effect::Unknown);
        match (&told, step) {
            (Ok(()), Step::Ready) => return told,
            (Ok(()), _) => {}
            // It was used and its time is over: there is nothing left to finish there.
            (Err(fault), Step::Finish) if fault.kind == FaultKind::UnknownActivation => {}
            // The end of its time has finished it, or the first attempt whose answer was lost.
            (Err(Fault { kind: FaultKind::BadStatus, .. }), Step::Finish)
                if pulse.finish_in_doubt || activation.is_over(self.clock.now()) => {}
            (Err(_), Step::Finish) => {
                pulse.finish_in_doubt |= in_doubt;
                return told;
            }
            // It may have arrived, and a message that came of it must not be missed.
            (Err(_), Step::Another) if in_doubt => pulse.another_in_doubt = true,
            (Err(_), Step::Cancel | Step::Reject) => {
                pulse.cancel_in_doubt |= in_doubt;
                return told;
            }
            (Err(_), _) => return told,
        }
        activation.told(step);
        self.keep(&change.entry, activation).await;
        if in_doubt { told } else { Ok(()) }
    }
}

/// What a client wants of which activation.
struct Change {
    entry: Arc<Entry>,
    command: Command,
    forward: Option<Phone>,
}
