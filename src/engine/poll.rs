//! Reading an activation: from memory where memory suffices, else by one upstream call for any number
//! of waiting callers and at most one per poll interval. Knows nothing of how a state is printed.

use std::sync::Arc;

use serde_json::Value;
use tokio::sync::OwnedMutexGuard;

use super::book::{Entry, Pulse};
use super::upstream::name_of;
use super::{Caller, Engine, Upstream, ledger_fault};
use crate::domain::{Activation, ActivationId, Progress, State};
use crate::provider::{Capability, Cx, Fault, FaultKind};

/// An activation, and the upstream's own second form of its state where it has one.
#[derive(Debug, Clone)]
pub struct Detailed {
    /// The activation.
    pub activation: Activation,
    /// The answer to `getStatusV2` as the upstream gave it.
    pub native: Option<Arc<Value>>,
}

/// In which form the upstream is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Plain,
    Second,
}

impl Engine {
    /// The activation as it stands now.
    pub async fn status(self: &Arc<Self>, caller: &Caller, id: ActivationId) -> Result<Activation, Fault> {
        let entry = self.entry(caller, id).await?;
        self.refresh(caller, &entry, Form::Plain).await?;
        Ok(entry.get())
    }

    /// The activation as it stands now, with the upstream's own second form where it has one.
    pub async fn status_detailed(
        self: &Arc<Self>,
        caller: &Caller,
        id: ActivationId,
    ) -> Result<Detailed, Fault> {
        let entry = self.entry(caller, id).await?;
        self.refresh(caller, &entry, Form::Second).await?;
        let has_text = entry.read(|activation| activation.last().is_none_or(|sms| sms.text.is_some()));
        if !has_text {
            self.fetch_text(caller, &entry).await;
        }
        let native = entry.gate.lock().await.detailed.clone();
        Ok(Detailed { activation: entry.get(), native })
    }

    /// The activation with the full text of its newest message, where the upstream gives it.
    pub async fn full_text(self: &Arc<Self>, caller: &Caller, id: ActivationId) -> Result<Activation, Fault> {
        let entry = self.entry(caller, id).await?;
        self.refresh(caller, &entry, Form::Plain).await?;
        if entry.read(|activation| activation.last().is_some_and(|sms| sms.text.is_none())) {
            self.fetch_text(caller, &entry).await;
        }
        Ok(entry.get())
    }

    /// The entry with this id, if it is the caller's; from the ledger if it is no longer in memory.
    pub(super) async fn entry(&self, caller: &Caller, id: ActivationId) -> Result<Arc<Entry>, Fault> {
        let unknown =
            || Fault::new(FaultKind::UnknownActivation, format!("no activation {id} of this client"));
        let entry = match self.book.get(id) {
            Some(entry) => entry,
            None => {
                let found = self.ledger.find(id).await.map_err(|error| ledger_fault(&error))?;
                let activation = found.ok_or_else(unknown)?;
                if activation.owner != caller.owner {
                    return Err(unknown());
                }
                self.book.insert(activation)
            }
        };
        if !entry.read(|activation| activation.owner == caller.owner) {
            return Err(unknown());
        }
        entry.read(|activation| caller.meter.concerns(name_of(&activation.provider)));
        Ok(entry)
    }

    /// Brings an entry up to date, unless memory suffices or somebody just did.
    async fn refresh(self: &Arc<Self>, caller: &Caller, entry: &Arc<Entry>, form: Form) -> Result<(), Fault> {
        if !entry.read(|activation| activation.state.awaits_upstream()) {
            return Ok(());
        }
        let upstream = Arc::clone(self.seller(&entry.get())?);
        let pulse = Arc::clone(&entry.gate).lock_owned().await;
        if let Some(answered) = self.just_answered(&upstream, entry, &pulse) {
            return answered;
        }
        let (engine, entry, cx) = (Arc::clone(self), Arc::clone(entry), self.cx(&upstream, caller));
        let work = async move { engine.ask(&upstream, &cx, &entry, pulse, form).await };
        self.to_the_end(work, |_| {}).await?
    }

    /// What to answer without asking: somebody asked less than a poll interval ago.
    fn just_answered(&self, upstream: &Upstream, entry: &Entry, pulse: &Pulse) -> Option<Result<(), Fault>> {
        if !entry.read(|activation| activation.state.awaits_upstream()) {
            return Some(Ok(()));
        }
        let age = self.clock.elapsed().saturating_sub(pulse.polled_at?);
        (age < upstream.poll_interval).then(|| pulse.fault.clone().map_or(Ok(()), Err))
    }

    async fn ask(
        &self,
        upstream: &Upstream,
        cx: &Cx,
        entry: &Entry,
        mut pulse: OwnedMutexGuard<Pulse>,
        form: Form,
    ) -> Result<(), Fault> {
        let activation = entry.get();
        let answer = self.question(upstream, cx, &activation, form).await;
        pulse.polled_at = Some(self.clock.elapsed());
        match answer {
            Ok((progress, native)) => {
                pulse.fault = None;
                pulse.detailed = native.map(Arc::new);
                self.observe(entry, &pulse, progress).await;
                Ok(())
            }
            Err(fault) => {
                pulse.fault = Some(fault.clone());
                Err(fault)
            }
        }
    }

    async fn question(
        &self,
        upstream: &Upstream,
        cx: &Cx,
        activation: &Activation,
        form: Form,
    ) -> Result<(Progress, Option<Value>), Fault> {
        // While another message is awaited only the first form tells the old one from a new one.
        let second = form == Form::Second && activation.state != State::Retry;
        if second && upstream.spec.can(Capability::StatusV2) {
            match upstream.provider.poll_v2(cx, activation).await {
                Ok((progress, value)) => return Ok((progress, Some(value))),
                // Not every service of this kind has the second form.
                Err(Fault { kind: FaultKind::Word(_), .. }) => {}
                Err(fault) => return Err(fault),
            }
        }
        upstream.provider.poll(cx, activation).await.map(|progress| (progress, None))
    }

    /// Takes over what the upstream said, durably before anybody is answered.
    pub(super) async fn observe(&self, entry: &Entry, pulse: &Pulse, progress: Progress) {
        let mut activation = entry.get();
        let gone = progress == Progress::Gone;
        if !activation.observe(progress, self.clock.now()) {
            return;
        }
        if gone && pulse.cancel_in_doubt && activation.state == State::Expired {
            // It was there, we cancelled it, the answer was lost, and now it is gone.
            activation.state = State::Cancelled;
        }
        self.keep(entry, activation).await;
    }

    /// Writes an activation's new state down, then into memory. A message is never withheld because
    /// the disk failed.
    pub(super) async fn keep(&self, entry: &Entry, activation: Activation) {
        if let Err(error) = self.ledger.update(activation.clone()).await {
            tracing::error!(
                id = activation.id.get(),
                "an activation's state could not be written down: {error}"
            );
        }
        entry.put(activation);
    }

    /// Adds the newest message's full text, if the upstream gives it; without it the code must do.
    async fn fetch_text(&self, caller: &Caller, entry: &Entry) {
        let _gate = entry.gate.lock().await;
        let mut activation = entry.get();
        let Ok(upstream) = self.seller(&activation) else { return };
        if !upstream.spec.can(Capability::FullText) {
            return;
        }
        match upstream.provider.full_text(&self.cx(upstream, caller), &activation).await {
            Ok(text) => {
                if let Some(sms) = activation.messages.last_mut() {
                    // Asked once: a service without full texts is not asked again for this message.
                    sms.text = Some(text.unwrap_or_else(|| sms.code.clone()));
                    entry.put(activation);
                }
            }
            Err(fault) => tracing::debug!(id = activation.id.get(), %fault, "no full text"),
        }
    }
}
