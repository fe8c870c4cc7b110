//! What was bought for a client that was gone by then, so that it outlives the process: written down in the same
//! transaction as the purchase or as soon as the client is gone, and struck out before anybody gets it. A crash
//! between the two hands it out to nobody: it waits unused until its time is over, but no id is given twice. Knows
//! neither upstreams nor how an order is compared with another.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::runtime::Handle;

use super::book::Entry;
use super::flights::Flight;
use super::{Caller, Engine, ledger_fault};
use crate::domain::{Activation, ActivationId, Order};
use crate::ledger::Unmet;
use crate::provider::Fault;

/// For how long after its purchase that is kept which is paid for and cannot go back: nobody but that client has
/// any use for it.
const KEPT_LONGER: SignedDuration = SignedDuration::from_mins(20);

/// What the ledger has as kept, and until when.
#[derive(Default)]
pub(super) struct Shelf(Mutex<HashMap<ActivationId, Timestamp>>);

impl Shelf {
    /// Until when this is kept.
    pub(super) fn until(&self, id: ActivationId) -> Option<Timestamp> {
        self.lock().get(&id).copied()
    }

    /// Takes these in.
    pub(super) fn put(&self, ids: &[ActivationId], until: Timestamp) {
        self.lock().extend(ids.iter().map(|id| (*id, until)));
    }

    fn has(&self, id: ActivationId) -> bool {
        self.lock().contains_key(&id)
    }

    /// Lets these go.
    pub(super) fn remove(&self, ids: &[ActivationId]) {
        self.lock().retain(|id, _| !ids.contains(id));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ActivationId, Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sees to it that what its client went away from is kept. It is dropped after whatever says that nobody waits.
pub(super) struct Attendance {
    engine: Arc<Engine>,
    flight: Arc<Flight>,
    met: bool,
}

impl Attendance {
    /// Somebody waits for this.
    pub(super) fn at(engine: &Arc<Engine>, flight: &Arc<Flight>) -> Self {
        Self { engine: Arc::clone(engine), flight: Arc::clone(flight), met: false }
    }

    /// Somebody has it.
    pub(super) fn met(mut self) {
        self.met = true;
    }
}

impl Drop for Attendance {
    fn drop(&mut self) {
        if self.met || self.flight.bought().is_none() {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            let (engine, flight) = (Arc::clone(&self.engine), Arc::clone(&self.flight));
            // While the server stops, the ledger is closed only after this.
            let running = engine.stay_open().ok();
            runtime.spawn(async move {
                engine.keep_unmet(&flight).await;
                drop(running);
            });
        }
    }
}

impl Engine {
    /// Until when that is kept which is bought for an order now, if nobody waits for it.
    pub(super) fn kept_until(&self, flight: Option<&Arc<Flight>>) -> Option<Timestamp> {
        flight.filter(|flight| flight.is_unclaimed()).map(|_| self.keeping_ends())
    }

    fn keeping_ends(&self) -> Timestamp {
        let kept = SignedDuration::try_from(self.flights.kept()).unwrap_or(SignedDuration::ZERO);
        self.clock.now().saturating_add(kept).unwrap_or(Timestamp::MAX)
    }

    /// Writes down that nobody waited for what an order came to, unless its settlement did.
    pub(super) async fn keep_if_unmet(&self, flight: &Arc<Flight>) {
        let noted = |bought: Vec<Activation>| bought.iter().all(|part| self.shelf.has(part.id));
        if !flight.bought().is_none_or(noted) {
            self.keep_unmet(flight).await;
        }
    }

    async fn keep_unmet(&self, flight: &Arc<Flight>) {
        let _desk = flight.desk.lock().await;
        let Some(bought) = flight.bought().filter(|_| flight.is_unclaimed()) else { return };
        self.keep_these(&ids_of(&bought), self.keeping_ends()).await;
    }

    async fn keep_these(&self, ids: &[ActivationId], until: Timestamp) {
        self.shelf.put(ids, until);
        if let Err(error) = self.ledger.keep(ids.to_vec(), until).await {
            tracing::error!("that nobody received a purchase could not be written down: {error}");
        }
    }

    /// Strikes out what is about to be handed out.
    ///
    /// # Errors
    /// When that cannot be written down: then nobody may have it, for after a crash somebody would get it again.
    pub(super) async fn hand_out(&self, flight: &Flight, bought: &[Activation]) -> Result<(), Fault> {
        let _desk = flight.desk.lock().await;
        let mut ids = ids_of(bought);
        ids.retain(|id| self.shelf.has(*id));
        if ids.is_empty() {
            return Ok(());
        }
        self.ledger.let_go(ids.clone()).await.map_err(|error| ledger_fault(&error))?;
        self.shelf.remove(&ids);
        Ok(())
    }

    /// A client asks about this by its id, so that it has it.
    pub(super) async fn found_by_client(&self, entry: &Entry) {
        let id = entry.outline(|outline| outline.id);
        if self.is_kept_for_somebody(id) {
            self.let_go(&[id]).await;
        }
    }

    /// Whether its client has not been seen to know it yet.
    pub(super) fn is_kept_for_somebody(&self, id: ActivationId) -> bool {
        self.shelf.has(id)
    }

    /// These are kept no longer: somebody has them, or nothing is left to be done about them.
    pub(super) async fn let_go(&self, ids: &[ActivationId]) {
        let mut kept = ids.to_vec();
        kept.retain(|id| self.shelf.has(*id));
        if kept.is_empty() {
            return;
        }
        match self.ledger.let_go(kept.clone()).await {
            Ok(()) => self.shelf.remove(&kept),
            // It is tried again when somebody asks the next time.
            Err(error) => {
                tracing::error!("that a purchase is no longer kept could not be written down: {error}");
            }
        }
    }

    /// Keeps longer what cannot go back; says whether there is time left for that.
    pub(super) async fn keep_longer(&self, flight: &Flight, bought: &[Activation]) -> bool {
        let Some(first) = bought.first().filter(|_| !self.flights.kept().is_zero()) else { return false };
        let until = first.bought_at.saturating_add(KEPT_LONGER).unwrap_or(Timestamp::MAX);
        let left = left_until(until, self.clock.now());
        if left.is_zero() {
            return false;
        }
        flight.keep_until(self.clock.elapsed() + left);
        self.keep_these(&ids_of(bought), until).await;
        true
    }

    /// Takes up what an earlier process kept: for its client's next identical order, and what is over to be given
    /// back.
    pub(super) fn take_up_unmet(&self, unmet: Vec<Unmet>) {
        let now = self.clock.now();
        for parts in together(unmet) {
            let Some(first) = parts.first() else { continue };
            let caller = Caller::new(first.activation.owner.clone(), &first.activation.owner.0);
            let longest = match first.activation.rent {
                Some(_) => left_until(Timestamp::UNIX_EPOCH + KEPT_LONGER, Timestamp::UNIX_EPOCH),
                None => self.flights.kept(),
            };
            // A clock that was set back makes nothing wait for ever.
            let left = left_until(first.until, now).min(longest);
            let left = if parts.iter().any(is_too_dear) { Duration::ZERO } else { left };
            tracing::info!(
                id = first.activation.id.get(),
                "nobody received this purchase; it is kept {left:?} for its client's next identical order"
            );
            let (wish, bought): (Vec<Order>, Vec<Activation>) =
                parts.into_iter().map(|part| (part.intent.order, part.activation)).unzip();
            self.shelf.put(&ids_of(&bought), now);
            self.flights.take_up(&caller, &wish, bought, self.clock.elapsed() + left);
        }
    }
}

fn ids_of(bought: &[Activation]) -> Vec<ActivationId> {
    bought.iter().map(|part| part.id).collect()
}

fn left_until(until: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(until.duration_since(now)).unwrap_or_default()
}

/// The parts of each purchase. They were intended at once, with ids that follow each other, and are one number.
fn together(unmet: Vec<Unmet>) -> Vec<Vec<Unmet>> {
    let mut purchases: Vec<Vec<Unmet>> = Vec::new();
    for part in unmet {
        match purchases.last_mut().filter(|parts| parts.last().is_some_and(|last| goes_on(last, &part))) {
            Some(parts) => parts.push(part),
            None => purchases.push(vec![part]),
        }
    }
    purchases
}

fn goes_on(last: &Unmet, next: &Unmet) -> bool {
    let intent = |one: &Unmet| (one.intent.owner.clone(), one.intent.provider.clone(), one.intent.at);
    let follows = next.activation.id.get() == last.activation.id.get() + 1;
    follows && intent(last) == intent(next) && last.activation.phone == next.activation.phone
}

/// Whether it cost more than its client would pay: the process ended before it went back for that.
fn is_too_dear(part: &Unmet) -> bool {
    let cap = part.intent.order.max_price;
    part.activation.price.is_some_and(|price| cap.is_some_and(|cap| price.amount > cap))
}
