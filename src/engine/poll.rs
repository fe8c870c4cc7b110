//! Reading an activation: from memory where memory suffices, else by one upstream call for any number
//! of waiting callers and at most one per poll interval. Knows nothing of how a state is printed.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::OwnedMutexGuard;

use super::book::{Entry, Pulse};
use super::last_known::or_last_known;
use super::upstream::name_of;
use super::{Caller, Engine, Upstream, ledger_fault};
use crate::domain::{Activation, ActivationId, Inbox, Outline, Progress, Standing, State, Step};
use crate::provider::{Capability, Cx, Effect, Fault, FaultKind};

/// An activation, and the upstream's own second form of its state where it has one.
#[derive(Debug, Clone)]
pub struct Detailed {
    /// The activation.
    pub activation: Activation,
    /// The answer to `getStatusV2` as the upstream gave it.
    pub native: Option<Arc<Value>>,
}

/// Whether an upstream that shows only the newest message shows the one we have.
fn is_old_news(activation: &Activation, progress: &Progress) -> bool {
    matches!(progress, Progress::Received(Inbox::Newest(sms) | Inbox::Last(sms))
        if activation.last().is_some_and(|last| last.code == sms.code))
}

/// Takes a message for the old one where an upstream goes on showing that until another comes: the same
/// code is a new message only after it was seen to wait for one. Once its time is over `now` nothing else is to
/// come, and what is shown is what it ended with.
fn without_old_news(
    activation: &Activation,
    pulse: &mut Pulse,
    progress: Progress,
    now: Timestamp,
) -> Progress {
    if progress == Progress::Waiting {
        pulse.waits_for_another = true;
    }
    let may_be_old = activation.state == State::Retry && !pulse.waits_for_another && !activation.is_over(now);
    match &progress {
        Progress::Received(Inbox::Last(_)) if may_be_old && is_old_news(activation, &progress) => {
            Progress::Waiting
        }
        _ => progress,
    }
}

/// For whom the upstream is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    Client,
    /// Nobody asked, but somebody is to be sent what comes.
    Server,
}

/// In which form the upstream is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Plain,
    Second,
}

impl Engine {
    /// The activation as it stands now.
    pub async fn status(self: &Arc<Self>, caller: &Caller, id: ActivationId) -> Result<Activation, Fault> {
        let entry = self.entry(caller, id).await?;
        self.refresh_if_possible(caller, &entry, Form::Plain).await?;
        Ok(self.shown(entry.get()))
    }

    /// What `look` finds in where the activation stands now.
    pub async fn standing<T>(
        self: &Arc<Self>,
        caller: &Caller,
        id: ActivationId,
        look: impl FnOnce(Standing<'_>) -> T,
    ) -> Result<T, Fault> {
        let entry = self.entry(caller, id).await?;
        self.refresh_if_possible(caller, &entry, Form::Plain).await?;
        Ok(entry.standing(look))
    }

    /// The same where memory suffices and nobody is waited for. `None` where it is not as simple as that: somebody is to be
    /// asked, it is another's, or anything is wrong.
    pub fn standing_at_once<T>(
        &self,
        caller: &Caller,
        id: ActivationId,
        look: impl FnOnce(Standing<'_>) -> T,
    ) -> Option<T> {
        let entry = self.book.get(id)?;
        let is_own = |outline: &Outline| *outline.owner == caller.owner && outline.is_handed_out();
        if !entry.outline(is_own) || self.is_kept_for_somebody(id) {
            return None;
        }
        if entry.outline(|outline| outline.state.awaits_upstream()) {
            let (upstream, gate) = (self.seller_of(&entry).ok()?, entry.gate());
            let mut pulse = gate.try_lock().ok()?;
            self.just_answered(upstream, &entry, &pulse)?.ok()?;
            pulse.client_asked = Some(self.clock.elapsed());
        }
        self.count_saved_poll(&entry, Who::Client);
        entry.outline(|outline| caller.meter.concerns(name_of(&outline.provider)));
        Some(entry.standing(look))
    }

    /// The activation as it stands now, with the upstream's own second form where it has one.
    pub async fn status_detailed(
        self: &Arc<Self>,
        caller: &Caller,
        id: ActivationId,
    ) -> Result<Detailed, Fault> {
        let entry = self.entry(caller, id).await?;
        self.refresh_if_possible(caller, &entry, Form::Second).await?;
        let has_text = entry.read(|activation| activation.last().is_none_or(|sms| sms.text.is_some()));
        if !has_text {
            self.fetch_text(caller, &entry).await;
        }
        let native = entry.gate().lock().await.detailed.clone();
        Ok(Detailed { activation: self.shown(entry.get()), native })
    }

    /// The activation with the full text of its newest message, where the upstream gives it.
    pub async fn full_text(self: &Arc<Self>, caller: &Caller, id: ActivationId) -> Result<Activation, Fault> {
        let entry = self.entry(caller, id).await?;
        self.refresh_if_possible(caller, &entry, Form::Plain).await?;
        if entry.read(|activation| activation.last().is_some_and(|sms| sms.text.is_none())) {
            self.fetch_text(caller, &entry).await;
        }
        Ok(self.shown(entry.get()))
    }

    /// The caller's activation with this id.
    pub(super) async fn entry(&self, caller: &Caller, id: ActivationId) -> Result<Arc<Entry>, Fault> {
        self.found(caller, id, Outline::is_handed_out).await
    }

    /// The caller's rent with this id.
    pub(super) async fn rent_entry(&self, caller: &Caller, id: ActivationId) -> Result<Arc<Entry>, Fault> {
        self.found(caller, id, Outline::is_rent).await
    }

    /// The entry with this id, if it is the caller's and such; from the ledger if it is no longer in memory.
    async fn found(
        &self,
        caller: &Caller,
        id: ActivationId,
        such: impl Fn(&Outline) -> bool,
    ) -> Result<Arc<Entry>, Fault> {
        let unknown =
            || Fault::new(FaultKind::UnknownActivation, format!("no activation {id} of this client"));
        let entry = match self.book.get(id) {
            Some(entry) => entry,
            None => {
                let found = self.ledger.find(id).await.map_err(|error| ledger_fault(&error))?;
                let activation = found.ok_or_else(unknown)?;
                if activation.owner != caller.owner || !such(&Outline::of(&activation)) {
                    return Err(unknown());
                }
                self.book.insert(&activation)
            }
        };
        if !entry.outline(|outline| *outline.owner == caller.owner && such(outline)) {
            return Err(unknown());
        }
        entry.outline(|outline| caller.meter.concerns(name_of(&outline.provider)));
        Ok(entry)
    }

    /// Brings an entry up to date, or says that it is as last known.
    async fn refresh_if_possible(
        self: &Arc<Self>,
        caller: &Caller,
        entry: &Arc<Entry>,
        form: Form,
    ) -> Result<(), Fault> {
        match self.refresh(caller, entry, form, Who::Client).await {
            Ok(()) => Ok(()),
            Err(fault) => or_last_known(caller, self.seller_of(entry), fault),
        }
    }

    /// Brings an entry up to date, unless memory suffices or somebody just did.
    pub(super) async fn refresh(
        self: &Arc<Self>,
        caller: &Caller,
        entry: &Arc<Entry>,
        form: Form,
        who: Who,
    ) -> Result<(), Fault> {
        if who == Who::Client {
            self.found_by_client(entry).await;
        }
        if !entry.outline(|outline| outline.state.awaits_upstream()) {
            self.count_saved_poll(entry, who);
            return Ok(());
        }
        let upstream = Arc::clone(self.seller_of(entry)?);
        let mut pulse = match entry.gate().try_lock_owned() {
            Ok(pulse) => pulse,
            Err(_) => caller.meter.waiting(entry.gate().lock_owned()).await,
        };
        if who == Who::Client {
            pulse.client_asked = Some(self.clock.elapsed());
        }
        if let Some(answered) = self.just_answered(&upstream, entry, &pulse) {
            self.count_saved_poll(entry, who);
            return answered;
        }
        let (engine, entry, cx) = (Arc::clone(self), Arc::clone(entry), self.cx(&upstream, caller));
        let work = async move { engine.ask(&upstream, &cx, &entry, pulse, form).await };
        self.to_the_end(work).await?
    }

    /// What to answer without asking: somebody asked less than a poll interval ago.
    fn just_answered(&self, upstream: &Upstream, entry: &Entry, pulse: &Pulse) -> Option<Result<(), Fault>> {
        if !entry.outline(|outline| outline.state.awaits_upstream()) {
            return Some(Ok(()));
        }
        let age = self.clock.elapsed().saturating_sub(pulse.polled_at?);
        (age < upstream.poll_interval).then(|| pulse.fault.as_deref().cloned().map_or(Ok(()), Err))
    }

    async fn ask(
        &self,
        upstream: &Upstream,
        cx: &Cx,
        entry: &Entry,
        mut pulse: OwnedMutexGuard<Pulse>,
        form: Form,
    ) -> Result<(), Fault> {
        let outcome = self.look(upstream, cx, entry, &mut pulse, form).await;
        pulse.polled_at = Some(self.clock.elapsed());
        pulse.fault = outcome.clone().err().map(Box::new);
        outcome
    }

    /// Asks the upstream and takes over what it says.
    pub(super) async fn look(
        &self,
        upstream: &Upstream,
        cx: &Cx,
        entry: &Entry,
        pulse: &mut Pulse,
        form: Form,
    ) -> Result<(), Fault> {
        let activation = entry.get();
        let (progress, native) = self.question(upstream, cx, &activation, form).await?;
        pulse.detailed = native.map(Arc::new);
        let gone = progress == Progress::Gone;
        let waits = matches!(progress, Progress::Waiting | Progress::Resend);
        self.observe(entry, pulse, progress).await;
        if gone && !entry.outline(|outline| outline.state.is_final()) {
            return Err(Fault::new(
                FaultKind::UnknownActivation,
                "the upstream does not know this activation now",
            ));
        }
        let unused = waits && activation.messages.is_empty();
        if unused && self.is_to_go_back(upstream, &activation, pulse) {
            self.give_up(upstream, cx, entry).await;
        }
        Ok(())
    }

    /// The time is over by our reckoning, or all but over with nobody there, while the upstream still waits: the
    /// number is given back. Only if the upstream agrees is it cancelled; else it lives on.
    async fn give_up(&self, upstream: &Upstream, cx: &Cx, entry: &Entry) {
        let before = entry.get();
        let mut activation = before.clone();
        // Written down first: after a crash it must be known that this may have happened.
        activation.doubt(Step::Cancel);
        self.keep(entry, activation.clone()).await;
        match upstream.provider.tell(cx, &before, Step::Cancel, None).await {
            Ok(()) => activation.told(Step::Cancel),
            // There is nothing to be given back, whatever it answers to the question how it stands.
            Err(fault) if fault.kind == FaultKind::UnknownActivation => {
                activation = before;
                activation.observe(Progress::Gone, self.clock.now());
            }
            Err(fault) => {
                tracing::debug!(id = before.id.get(), %fault, "a number that nobody uses was not taken back");
                if fault.effect == Effect::Unknown {
                    return;
                }
                activation = before;
            }
        }
        self.keep(entry, activation).await;
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
        if second && upstream.can(Capability::StatusV2) {
            match upstream.provider.poll_v2(cx, activation).await {
                Ok((progress, value)) => return Ok((progress, Some(value))),
                // Not every service of this kind has the second form.
                Err(Fault { kind: FaultKind::Word(_) | FaultKind::Unsupported(_), .. }) => {}
                Err(fault) => return Err(fault),
            }
        }
        upstream.provider.poll(cx, activation).await.map(|progress| (progress, None))
    }

    /// Takes over what the upstream said, durably before anybody is answered.
    pub(super) async fn observe(&self, entry: &Entry, pulse: &mut Pulse, progress: Progress) {
        let is_nothing_new = |outline: &Outline| !matches!(outline.state, State::Resend | State::Cancelling);
        if progress == Progress::Waiting && entry.outline(is_nothing_new) {
            // As nearly every poll hears, so it is not looked at whole.
            (pulse.waits_for_another, pulse.another_in_doubt) = (true, false);
            return;
        }
        let mut activation = entry.get();
        if pulse.another_in_doubt && is_old_news(&activation, &progress) {
            // Another message was asked for, the answer was lost, and nothing shows that it arrived.
            activation.asked_at = 0;
            activation.state = State::Received;
            self.keep(entry, activation).await;
            return;
        }
        pulse.another_in_doubt = false;
        let now = self.clock.now();
        let progress = without_old_news(&activation, pulse, progress, now);
        if activation.observe(progress, now) {
            self.keep(entry, activation).await;
        }
    }

    /// Writes an activation's new state down, then into memory. A message is never withheld because
    /// the disk failed.
    pub(super) async fn keep(&self, entry: &Entry, activation: Activation) {
        self.count_refund(entry, &activation);
        if let Err(error) = self.write_down(entry, activation.clone()).await
            && !entry.lacks()
        {
            tracing::error!(
                id = activation.id.get(),
                "an activation's state could not be written down: {error}"
            );
        }
        if activation.state.is_final() {
            self.shelf.remove(&[activation.id]);
        }
        self.note_standing(&activation);
        entry.put(&activation);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Country, Extra, Owner, Phone, Service, Sms};

    fn retried() -> Activation {
        Activation {
            id: ActivationId::new(7).unwrap(),
            owner: Owner("any".into()),
            provider: "main".into(),
            upstream_id: "u".into(),
            phone: Phone::parse("79991112233").unwrap(),
            service: Service::parse("tg").unwrap(),
            country: Country(0),
            operator: None,
            price: None,
            bought_at: Timestamp::UNIX_EPOCH,
            expires_at: Timestamp::MAX,
            state: State::Retry,
            asked_at: 1,
            messages: vec![Sms::of_code("1", Timestamp::UNIX_EPOCH)],
            extra: Extra::new(),
            rent: None,
            unwanted: false,
        }
    }

    fn shown(code: &str) -> Progress {
        Progress::Received(Inbox::Last(Sms::of_code(code, Timestamp::UNIX_EPOCH)))
    }

    #[test]
    fn the_old_code_is_new_only_after_the_upstream_was_seen_to_wait() {
        let (activation, mut pulse) = (retried(), Pulse::default());
        let mut seen = |progress| without_old_news(&activation, &mut pulse, progress, Timestamp::UNIX_EPOCH);
        assert_eq!(seen(shown("1")), Progress::Waiting);
        assert_eq!(seen(shown("2")), shown("2"));
        assert_eq!(seen(Progress::Waiting), Progress::Waiting);
        assert_eq!(seen(shown("1")), shown("1"));
    }
}
