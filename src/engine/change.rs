//! Changing an activation: asks the state machine what a command comes to, tells the upstream first
//! where it has to be told, and answers only what has happened. Knows no number of `setStatus`.

use std::sync::Arc;

use tokio::sync::OwnedMutexGuard;

use super::book::{Entry, Pulse};
use super::poll::Form;
use super::{Caller, Engine, Upstream};
use crate::domain::status::{Verdict, decide};
use crate::domain::{Activation, ActivationId, Command, Phone, Progress, State, Step};
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
        self.found_by_client(&entry).await;
        entry.gate().lock().await.client_asked = Some(self.clock.elapsed());
        self.change_entry(caller, entry, command, forward).await
    }

    /// The same of an entry that was found before.
    pub(super) async fn change_entry(
        self: &Arc<Self>,
        caller: &Caller,
        entry: Arc<Entry>,
        command: Command,
        forward: Option<Phone>,
    ) -> Result<Step, Fault> {
        // Polls of the same activation wait, so that none of them sees the upstream before and the
        // ledger after the change.
        let pulse = entry.gate().lock_owned().await;
        let (id, state) = entry.outline(|outline| (outline.id, outline.state));
        match decide(state, command) {
            Verdict::Answer(Step::Another) if pulse.another_in_doubt => {
                self.ask_again(caller, Change { entry, command, forward }, pulse).await
            }
            // A number to forward to is news even where the step is not.
            Verdict::Answer(step) if forward.is_some() && !state.is_final() => {
                self.undertake(caller, Change { entry, command, forward }, pulse, Step::Ready).await?;
                Ok(step)
            }
            Verdict::Answer(step) => Ok(step),
            Verdict::Refuse => {
                let detail =
                    format!("activation {id} is {}, where this status cannot be set", state.as_str());
                Err(Fault::new(FaultKind::BadStatus, detail))
            }
            Verdict::Tell(step) => {
                self.undertake(caller, Change { entry, command, forward }, pulse, step).await
            }
        }
    }

    /// Another message was asked for, and whether that arrived is not known. Some upstreams charge for it, so
    /// it is asked for again only if nothing shows that it was the first time.
    async fn ask_again(
        self: &Arc<Self>,
        caller: &Caller,
        change: Change,
        mut pulse: OwnedMutexGuard<Pulse>,
    ) -> Result<Step, Fault> {
        let upstream = Arc::clone(self.seller_of(&change.entry)?);
        let (engine, cx) = (Arc::clone(self), self.cx(&upstream, caller));
        let work = async move {
            let before = change.entry.outline(|outline| outline.messages);
            engine.look(&upstream, &cx, &change.entry, &mut pulse, Form::Plain).await?;
            let has_come = change.entry.outline(|outline| outline.messages) > before;
            if has_come || pulse.waits_for_another {
                return Ok(Step::Another);
            }
            if change.entry.outline(|outline| outline.state.is_final()) {
                return Err(Fault::new(FaultKind::BadStatus, "it has ended meanwhile"));
            }
            engine.carry_out(&upstream, &cx, change, pulse, Step::Another).await
        };
        self.to_the_end(work).await?
    }

    /// Carries out a step on a task of its own.
    async fn undertake(
        self: &Arc<Self>,
        caller: &Caller,
        change: Change,
        pulse: OwnedMutexGuard<Pulse>,
        step: Step,
    ) -> Result<Step, Fault> {
        let upstream = Arc::clone(self.seller_of(&change.entry)?);
        let (engine, cx) = (Arc::clone(self), self.cx(&upstream, caller));
        let work = async move { engine.carry_out(&upstream, &cx, change, pulse, step).await };
        self.to_the_end(work).await?
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
            let state = entry.outline(|outline| outline.state);
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
            let state = entry.outline(|outline| outline.state);
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
        let before = change.entry.get();
        let mut activation = before.clone();
        if matches!(step, Step::Cancel | Step::Reject) {
            // Written down first: after a crash it must be known that this may have happened.
            activation.doubt(step);
            self.keep(&change.entry, activation.clone()).await;
        }
        let told = upstream.provider.tell(cx, &before, step, change.forward.as_ref()).await;
        // Whatever was answered, the next poll shall see what it led to.
        pulse.polled_at = None;
        let in_doubt = matches!(&told, Err(fault) if fault.effect == Effect::Unknown);
        pulse.another_in_doubt = in_doubt && step == Step::Another;
        pulse.waits_for_another &= step != Step::Another;
        pulse.finish_in_doubt |= in_doubt && step == Step::Finish;
        let done = match &told {
            Ok(()) => true,
            Err(fault) => step == Step::Finish && self.is_finished(&before, pulse, fault),
        };
        if done {
            activation.told(step);
        } else if in_doubt {
            activation.doubt(step);
        } else {
            activation = before.clone();
        }
        if activation != change.entry.get() {
            self.keep(&change.entry, activation).await;
        }
        if done { Ok(()) } else { told }
    }

    /// Whether a refusal to finish means that it is finished: by the end of its time, or by a first attempt
    /// whose answer was lost.
    fn is_finished(&self, activation: &Activation, pulse: &Pulse, fault: &Fault) -> bool {
        match fault.kind {
            FaultKind::UnknownActivation => true,
            FaultKind::BadStatus => pulse.finish_in_doubt || activation.is_over(self.clock.now()),
            _ => false,
        }
    }
}

/// What a client wants of which activation.
struct Change {
    entry: Arc<Entry>,
    command: Command,
    forward: Option<Phone>,
}
