//! What becomes of a mail address: whether its mail has come, asked by one upstream call for any number of
//! waiting callers and at most once per poll interval; cancelling it; the client's list. Knows no wire.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use futures_util::stream::{self, StreamExt};
use jiff::SignedDuration;
use tokio::sync::OwnedMutexGuard;

use super::last_known::or_last_known;
use super::mailbook::{Asked, MailEntry};
use super::upstream::name_of;
use super::{Caller, Engine, Exchange, Upstream, ledger_fault};
use crate::domain::{ActivationId, Mail, MailState, Money};
use crate::ledger::{MailPage, MailQuery};
use crate::provider::{Cx, Effect, Fault, FaultKind};

/// How many mails are asked about at a time for a list of them.
const ASKED_AT_A_TIME: usize = 4;

/// How long after its purchase the upstream is still asked about a mail for a list of them; by its id it is
/// asked about however old it is.
const FRESH: SignedDuration = SignedDuration::from_hours(24);

/// Which of a client's mails are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailSearch {
    /// A part of the address or of the site; empty for all.
    pub text: String,
    /// In the order in which they were bought, instead of newest first.
    pub oldest_first: bool,
    /// How many are passed over.
    pub skip: u64,
    /// At most this many.
    pub limit: u32,
}

impl Engine {
    /// A mail as it stands now.
    pub async fn mail(self: &Arc<Self>, caller: &Caller, id: ActivationId) -> Result<Mail, Fault> {
        let entry = self.mail_entry(caller, id).await?;
        let asked = self.refresh_mail(caller, &entry).await;
        if let Err(fault) = asked {
            or_last_known(caller, self.mail_seller(&entry.get()), fault)?;
        }
        Ok(self.shown_mail(entry.get()))
    }

    /// Gives an address back. `Ok` only if the upstream agreed, now or before.
    pub async fn cancel_mail(self: &Arc<Self>, caller: &Caller, id: ActivationId) -> Result<(), Fault> {
        let entry = self.mail_entry(caller, id).await?;
        let gate = Arc::clone(&entry.gate).lock_owned().await;
        match entry.get().state {
            MailState::Cancelled => return Ok(()),
            MailState::Received => {
                return Err(Fault::new(FaultKind::BadStatus, format!("the mail of {id} has come")));
            }
            MailState::Waiting | MailState::Cancelling => {}
        }
        let upstream = Arc::clone(self.mail_seller(&entry.get())?);
        let (engine, cx) = (Arc::clone(self), self.cx(&upstream, caller));
        let work = async move { engine.tell_cancelled(&upstream, &cx, &entry, gate).await };
        self.to_the_end(work).await?
    }

    /// The caller's mails from the ledger's own records, as fresh as the upstream says; those that cannot be
    /// asked about just now are shown as last known.
    pub async fn mail_history(
        self: &Arc<Self>,
        caller: &Caller,
        search: MailSearch,
    ) -> Result<MailPage, Fault> {
        let MailSearch { text, oldest_first, skip, limit } = search;
        let query = MailQuery { owner: caller.owner.clone(), search: text, oldest_first, skip, limit };
        let found = self.ledger.mails(query).await.map_err(|error| ledger_fault(&error))?;
        if found.count == 0 {
            // Whoever has none is told whether there could be any.
            self.mail_upstream()?;
        }
        let now = self.clock.now();
        let fresh = |mail: Mail| async move {
            let awaited = mail.state.awaits_upstream() && now.duration_since(mail.bought_at) < FRESH;
            let known = self.shown_mail(mail.clone());
            if awaited { self.mail(caller, mail.id).await.unwrap_or(known) } else { known }
        };
        let mails = stream::iter(found.mails).map(fresh).buffered(ASKED_AT_A_TIME).collect().await;
        Ok(MailPage { mails, count: found.count })
    }

    /// The caller's mail with this id.
    pub(super) async fn mail_entry(
        &self,
        caller: &Caller,
        id: ActivationId,
    ) -> Result<Arc<MailEntry>, Fault> {
        let unknown = || Fault::new(FaultKind::UnknownActivation, format!("no mail {id} of this client"));
        let entry = match self.goods.book.get(id) {
            Some(entry) => entry,
            None => {
                let found = self.ledger.find_mail(id).await.map_err(|error| ledger_fault(&error))?;
                let mail = found.filter(|mail| mail.owner == caller.owner).ok_or_else(unknown)?;
                self.goods.book.insert(mail)
            }
        };
        let mail = entry.get();
        if mail.owner != caller.owner {
            return Err(unknown());
        }
        caller.meter.concerns(name_of(&mail.provider));
        Ok(entry)
    }

    /// The provider that sold a mail.
    pub(super) fn mail_seller(&self, mail: &Mail) -> Result<&Arc<Upstream>, Fault> {
        self.sellers.get(&mail.provider).ok_or_else(|| {
            let detail = format!(
                "mail {} was sold by {} (provider/kind), which is no longer configured",
                mail.id, mail.provider
            );
            Fault::new(FaultKind::Unreachable, detail)
        })
    }

    /// A mail as clients see it. Its cost is unknown where it was charged in a currency that has no rate.
    pub(super) fn shown_mail(&self, mail: Mail) -> Mail {
        let shown = |price: Money| {
            Exchange::of(&self.dialect, price.currency).and_then(|exchange| exchange.cost(price.amount).ok())
        };
        Mail { price: mail.price.and_then(shown), ..mail }
    }

    /// Brings a mail up to date, unless memory suffices or somebody just did.
    async fn refresh_mail(self: &Arc<Self>, caller: &Caller, entry: &Arc<MailEntry>) -> Result<(), Fault> {
        if !entry.get().state.awaits_upstream() {
            self.count_saved_mail(&entry.get());
            return Ok(());
        }
        let upstream = Arc::clone(self.mail_seller(&entry.get())?);
        let gate = caller.meter.waiting(Arc::clone(&entry.gate).lock_owned()).await;
        if !entry.get().state.awaits_upstream() {
            upstream.metrics.poll_saved();
            return Ok(());
        }
        if let Some(asked) = gate.as_ref()
            && self.clock.elapsed().saturating_sub(asked.at) < upstream.poll_interval
        {
            upstream.metrics.poll_saved();
            return asked.fault.clone().map_or(Ok(()), Err);
        }
        let (engine, entry, cx) = (Arc::clone(self), Arc::clone(entry), self.cx(&upstream, caller));
        let work = async move { engine.look_at_mail(&upstream, &cx, &entry, gate).await };
        self.to_the_end(work).await?
    }

    async fn look_at_mail(
        &self,
        upstream: &Upstream,
        cx: &Cx,
        entry: &MailEntry,
        mut gate: OwnedMutexGuard<Option<Asked>>,
    ) -> Result<(), Fault> {
        let mut mail = entry.get();
        let looked = upstream.provider.mail().look(cx, &mail).await;
        *gate = Some(Asked { at: self.clock.elapsed(), fault: looked.as_ref().err().cloned() });
        match looked {
            Ok(progress) => {
                if mail.observe(progress) {
                    self.keep_mail(entry, mail).await;
                }
                Ok(())
            }
            // It was cancelled when the answer to that was lost.
            Err(fault)
                if fault.kind == FaultKind::UnknownActivation && mail.state == MailState::Cancelling =>
            {
                mail.state = MailState::Cancelled;
                self.keep_mail(entry, mail).await;
                Ok(())
            }
            Err(fault) => Err(fault),
        }
    }

    /// Tells the upstream that an address is given back, and notes what has come of it.
    async fn tell_cancelled(
        &self,
        upstream: &Upstream,
        cx: &Cx,
        entry: &MailEntry,
        mut gate: OwnedMutexGuard<Option<Asked>>,
    ) -> Result<(), Fault> {
        let before = entry.get();
        // Written down first: after a crash it must be known that this may have happened.
        self.keep_mail(entry, Mail { state: MailState::Cancelling, ..before.clone() }).await;
        let told = upstream.provider.mail().cancel(cx, &before).await;
        // Whatever was answered, the next look shall see what it led to.
        *gate = None;
        let was_in_doubt = before.state == MailState::Cancelling;
        let state = match &told {
            Ok(()) => MailState::Cancelled,
            Err(fault) if fault.effect == Effect::Unknown => return told,
            // It was done the first time, when the answer was lost.
            Err(fault) if was_in_doubt && fault.kind == FaultKind::UnknownActivation => MailState::Cancelled,
            Err(_) => before.state,
        };
        self.keep_mail(entry, Mail { state, ..before }).await;
        if state == MailState::Cancelled { Ok(()) } else { told }
    }

    /// Writes a mail's new state down, then into memory. A mail is never withheld because the disk failed.
    async fn keep_mail(&self, entry: &MailEntry, mail: Mail) {
        self.count_mail_refund(&entry.get(), &mail);
        if let Err(error) = self.ledger.update_mail(mail.clone()).await {
            entry.unsaved.store(true, Ordering::Relaxed);
            tracing::error!(id = mail.id.get(), "a mail's state could not be written down: {error}");
        }
        if mail.state == MailState::Cancelled {
            self.guards.refund(mail.id);
        }
        entry.put(mail);
    }

    /// Writes down what could not be written when it happened.
    pub(super) async fn save_mails(&self) {
        for entry in self.goods.book.unsaved() {
            let _gate = entry.gate.lock().await;
            let mail = entry.get();
            let settled = self.ledger.settle_mail(mail.clone()).await.is_ok();
            if settled && self.ledger.update_mail(mail).await.is_ok() {
                entry.unsaved.store(false, Ordering::Relaxed);
            }
        }
    }
}
