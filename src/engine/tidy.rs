//! What is done now and then though nobody asks: activations whose time is over get their true end, and
//! memory lets go of what it need not hold. Knows no timer: the server says when.

use std::sync::Arc;

use futures_util::stream::{self, StreamExt};
use jiff::SignedDuration;

use super::book::Entry;
use super::flights::Flight;
use super::poll::{Form, Who};
use super::spending::is_long_over;
use super::{Caller, Engine};
use crate::domain::{Activation, ActivationId, Command, Outline, State};
use crate::ledger::LedgerError;
use crate::provider::FaultKind;

/// How long after its time an activation stays in memory that could not be given its end, or given back.
pub(super) const KEPT_AFTER_THE_END: SignedDuration = SignedDuration::from_hours(1);

/// How many upstream questions are asked at a time.
const ASKED_AT_A_TIME: usize = 4;

impl Engine {
    /// Ends what is over, cancels what nobody wanted, forgets what has ended.
    pub async fn tidy(self: &Arc<Self>) {
        let now = self.clock.now();
        self.save_all().await;
        let over = self.book.all(|outline| {
            let ends = outline.is_over(now) || outline.is_of_the_future(now);
            outline.is_handed_out() && !outline.state.is_final() && ends
        });
        stream::iter(over).for_each_concurrent(ASKED_AT_A_TIME, |entry| self.end(entry)).await;
        let left = self.left();
        stream::iter(left).for_each_concurrent(ASKED_AT_A_TIME, |entry| self.dismiss_again(entry)).await;
        let over = self.book.all(|rent| rent.is_rent() && !rent.state.is_final() && rent.is_over(now));
        stream::iter(over).for_each_concurrent(ASKED_AT_A_TIME, |rent| self.end_lapsed_rent(rent)).await;
        for flight in self.flights.stale(self.clock.elapsed()) {
            self.turn_away(&flight).await;
        }
        self.tidy_goods().await;
        self.price_what_has_none().await;
        self.tidy_ledger().await;
        self.guards.forget(now);
        for entry in self.book.all(|one| !one.state.is_final() && is_long_over(one, now)) {
            self.guards.close(entry.outline(|outline| outline.id));
        }
        self.book.forget(now.saturating_sub(KEPT_AFTER_THE_END).unwrap_or(now));
    }

    /// Lets the ledger go of what is long over. That it cannot be written, it says itself.
    async fn tidy_ledger(&self) {
        if let Ok(gone @ 1..) = self.ledger.tidy().await {
            tracing::info!("{gone} purchases that were over long ago are no longer in the ledger");
        }
    }

    /// Writes down what could not be written when it happened.
    pub(super) async fn save_all(&self) {
        self.note_ends().await;
        let unsaved = self.book.unsaved();
        stream::iter(unsaved).for_each_concurrent(ASKED_AT_A_TIME, |entry| self.save(entry)).await;
        self.save_mails().await;
        self.save_products().await;
    }

    async fn save(&self, entry: Arc<Entry>) {
        let _gate = entry.gate().lock_owned().await;
        // If it fails again, it stays among the unsaved.
        let _ = self.write_down(&entry, entry.get()).await;
    }

    /// Writes down where an activation stands, and before that how it was bought where the ledger lacks that. Messages
    /// that came meanwhile are queued for those who are to be sent them; those that it was bought with are not new.
    pub(super) async fn write_down(&self, entry: &Entry, activation: Activation) -> Result<(), LedgerError> {
        if let Some(bought) = entry.unsettled() {
            let id = bought.id;
            self.ledger.settle(bought).await?;
            if let Some(until) = self.shelf.until(id) {
                self.ledger.keep(vec![id], until).await?;
            }
            entry.settled();
        }
        let outbox = self.outbox(&activation);
        self.ledger.update_and_queue(activation, outbox).await?;
        entry.saved_all();
        Ok(())
    }

    /// An activation that was used is finished; of one that waits the upstream is asked a last time, since
    /// a message may have come that nobody read.
    async fn end(self: &Arc<Self>, entry: Arc<Entry>) {
        let owner = entry.outline(|outline| outline.owner.as_ref().clone());
        // Without a key of our own (the clients bring theirs) there is nothing to ask with.
        if self.has_key_for(&entry) {
            let _ = self.refresh(&Caller::new(owner, "tidy"), &entry, Form::Plain, Who::Server).await;
        }
        self.lapse(&entry).await;
    }

    /// Notes the end of what was used and is over.
    pub(super) async fn lapse(&self, entry: &Entry) {
        let _gate = entry.gate().lock_owned().await;
        let mut activation = entry.get();
        if activation.lapse(self.clock.now()) {
            self.keep(entry, activation).await;
        }
    }

    pub(super) fn has_key_for(&self, entry: &Entry) -> bool {
        let upstream = self.seller_of(entry);
        upstream.is_ok_and(|upstream| upstream.key.is_some() || !upstream.spec.needs_key)
    }

    /// Whether whoever sold it is asked with a key of the client's only.
    fn lacks_key_for(&self, entry: &Entry) -> bool {
        self.seller_of(entry).is_ok() && !self.has_key_for(entry)
    }

    /// Cancels a number that was bought for a client which neither waited for it nor came back. A rent that does not
    /// go back, and more time for one, stay for its next identical order a while longer: they are paid for.
    async fn turn_away(self: &Arc<Self>, flight: &Arc<Flight>) {
        let bought = flight.bought().unwrap_or_default();
        let mut done = true;
        let mut stays = false;
        for part in &bought {
            done &= self.turn_away_part(&flight.caller, part.id).await;
            stays |= self.is_rented_for_nobody(part).await;
        }
        if !done || (stays && self.keep_longer(flight, &bought).await) {
            return;
        }
        self.flights.forget(flight);
        self.let_go(&bought.iter().map(|part| part.id).collect::<Vec<_>>()).await;
    }

    /// Whether it is a rent, or more time for one, that its client does not know of.
    async fn is_rented_for_nobody(&self, bought: &Activation) -> bool {
        let Some(entry) = self.book.get(bought.id).filter(|_| bought.is_rent()) else {
            return bought.is_prolongation();
        };
        let found = entry.gate().lock().await.client_asked.is_some();
        !found && entry.outline(|rent| !rent.state.is_final() && rent.state != State::Cancelling)
    }

    /// Says whether nothing is left to be done about it.
    async fn turn_away_part(self: &Arc<Self>, caller: &Caller, id: ActivationId) -> bool {
        let Some(entry) = self.book.get(id) else { return true };
        let found = entry.gate().lock().await.client_asked.is_some();
        let waits = entry.outline(|outline| matches!(outline.state, State::Waiting | State::Cancelling));
        if found || !waits {
            return true;
        }
        if caller.own_key.is_none() && self.lacks_key_for(&entry) {
            tracing::warn!(
                id = id.get(),
                "nobody came for this number, and there is no key to cancel it with: its client brought its own"
            );
            return true;
        }
        if entry.outline(Outline::is_rent) {
            return self.turn_away_rent(caller, id).await;
        }
        match self.change_entry(caller, entry, Command::Cancel, None).await {
            Err(fault) if fault.kind == FaultKind::TooEarlyToCancel || fault.may_ask_again() => false,
            outcome => {
                tracing::info!(
                    id = id.get(),
                    cancelled = outcome.is_ok(),
                    "nobody came for this number, so it was to be cancelled"
                );
                true
            }
        }
    }
}
