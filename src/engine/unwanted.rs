//! Numbers with an excluded prefix: seen when they are bought, never handed out, and given back; and so are those
//! that were found when nobody waited for them any more. Where the upstream cannot keep a prefix away, another number
//! is bought, a few times at most. Knows no way to buy.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::book::Entry;
use super::purchase::Purchase;
use super::{Caller, Engine};
use crate::domain::{Activation, ActivationId, Command, Kind, Outline, State, Step};
use crate::provider::{Cx, Fault, FaultKind};

/// How many numbers one order may look at, and how many that are yet to be given back a client may have at an
/// upstream: each ties up what it cost.
pub(super) const TRIES: usize = 5;

/// Who bought numbers that are to be given back, for as long as this process runs: where clients bring their
/// own keys, it takes theirs.
#[derive(Default)]
pub(super) struct Buyers(Mutex<HashMap<ActivationId, Caller>>);

impl Buyers {
    fn note(&self, id: ActivationId, caller: &Caller) {
        self.lock().insert(id, caller.clone());
    }

    fn get(&self, id: ActivationId) -> Option<Caller> {
        self.lock().get(&id).cloned()
    }

    /// Lets go of those whose number is such.
    fn forget(&self, such: impl Fn(ActivationId) -> bool) {
        self.lock().retain(|id, _| !such(*id));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<ActivationId, Caller>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine {
    /// One purchase after another until a number may be handed out; `tries` says how many there may be.
    ///
    /// # Errors
    /// When a purchase fails, and [`FaultKind::NoStock`] when no number fitted.
    pub(super) async fn fitting(
        self: &Arc<Self>,
        caller: &Caller,
        cx: &Cx,
        purchase: &Purchase,
        tries: &mut usize,
    ) -> Result<Vec<Activation>, Fault> {
        if !purchase.excludes() {
            return self.attempt(caller, cx, purchase).await;
        }
        if caller.own_key.is_some() {
            // After a restart nobody else has a key to give them back with.
            self.dismiss_all(caller, self.rejected(caller, purchase)).await;
        }
        while *tries > 0 && self.rejected(caller, purchase).len() < TRIES {
            let bought = self.attempt(caller, cx, purchase).await?;
            if bought.iter().all(|part| !part.unwanted) {
                return Ok(bought);
            }
            *tries -= 1;
            let entries = bought.iter().filter_map(|part| self.book.get(part.id));
            self.dismiss_all(caller, entries.collect()).await;
            // While the server shuts down nothing is given back any more, so nothing is bought to look at.
            drop(self.stay_open()?);
        }
        Err(Fault::new(FaultKind::NoStock, "every number that was looked at has an excluded prefix"))
    }

    /// The caller's numbers of this upstream that are yet to be given back.
    fn rejected(&self, caller: &Caller, purchase: &Purchase) -> Vec<Arc<Entry>> {
        let seller = &purchase.upstream.seller;
        let mut left = self.book.of(&caller.owner);
        left.retain(|entry| entry.outline(|outline| is_left(outline) && outline.provider.as_str() == seller));
        left
    }

    async fn dismiss_all(self: &Arc<Self>, caller: &Caller, entries: Vec<Arc<Entry>>) {
        for entry in entries {
            self.buyers.note(entry.outline(|outline| outline.id), caller);
            self.dismiss(caller, entry).await;
        }
    }

    /// Numbers that could not be given back yet.
    pub(super) fn left(&self) -> Vec<Arc<Entry>> {
        self.buyers.forget(|id| self.book.get(id).is_none());
        self.book.all(is_left)
    }

    /// Tries again to give one back.
    pub(super) async fn dismiss_again(self: &Arc<Self>, entry: Arc<Entry>) {
        let (owner, id) = entry.outline(|outline| (outline.owner.as_ref().clone(), outline.id));
        let buyer = self.buyers.get(id);
        let ours = || self.has_key_for(&entry).then(|| Caller::new(owner, "tidy"));
        if let Some(caller) = buyer.or_else(ours) {
            self.dismiss(&caller, entry).await;
        }
    }

    /// Gives a number back, if the upstream takes it now; else it stays for the next time. One that has its
    /// message is paid for, and only finished.
    async fn dismiss(self: &Arc<Self>, caller: &Caller, entry: Arc<Entry>) {
        let (id, state) = entry.outline(|outline| (outline.id, outline.state));
        // To finish means to cancel what has no message, but for a number whose message is to be sent again.
        let command = if state == State::Resend { Command::Cancel } else { Command::Finish };
        match self.change_entry(caller, Arc::clone(&entry), command, None).await {
            Ok(Step::Finish) => tracing::warn!(
                id = id.get(),
                "a number that is not to be handed out got a message before it could be given back, and is paid for"
            ),
            Ok(_) => tracing::info!(id = id.get(), "a number that is not to be handed out was given back"),
            Err(fault) => {
                tracing::debug!(id = id.get(), %fault, "a number that is not to be handed out is yet to be given back");
                self.lapse(&entry).await;
            }
        }
        if entry.outline(|outline| outline.state.is_final()) {
            self.buyers.forget(|other| other == id);
        }
    }
}

fn is_left(outline: &Outline) -> bool {
    outline.unwanted && outline.kind == Kind::Number && !outline.state.is_final()
}
