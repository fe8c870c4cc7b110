//! Guards over what is spent, of each client and in total: an order holds what it is expected to cost before
//! anything is asked for, so that orders at once do not exceed a limit together. Knows neither upstreams nor the
//! dialect; every amount is in the currency of the dialect.
//!
//! `window` sums up, `account` holds sums against limits, `guard` has the names; `orders` and `goods` are where
//! purchases come by.

mod account;
mod goods;
mod guard;
mod orders;
mod window;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::Caller;
use crate::config::{SpendingConfig, SpendingLimits};
use crate::domain::{ActivationId, Currency, Owner};
use crate::provider::{Fault, FaultKind};
use account::{Account, DAY, Reached, Wanted};
use guard::Refusals;

pub use guard::{Guard, Limit, Scope};
pub(super) use orders::{Allowed, cost, is_long_over};

/// Beyond all reason, and few enough digits for every sum to be exact.
const MOST: Decimal = Decimal::from_parts(2_764_472_320, 232_830, 0, false, 0);

/// What was spent under one id.
struct Charged {
    owner: Owner,
    at: Timestamp,
}

/// Every account, and what is needed to correct them.
#[derive(Default)]
struct Books {
    total: Account,
    clients: HashMap<Owner, Account>,
    charges: HashMap<ActivationId, Charged>,
    open: HashMap<ActivationId, Owner>,
}

impl Books {
    fn both(&mut self, owner: &Owner, mut change: impl FnMut(&mut Account)) {
        change(&mut self.total);
        change(self.clients.entry(owner.clone()).or_default());
    }

    fn charge(&mut self, spent: Spent) {
        let Spent { id, owner, amount, at, opens } = spent;
        self.refund(id);
        self.both(&owner, |account| account.charge(at, id, amount.clamp(Decimal::ZERO, MOST)));
        if opens {
            self.open(id, &owner);
        }
        self.charges.insert(id, Charged { owner, at });
    }

    fn open(&mut self, id: ActivationId, owner: &Owner) {
        if self.open.insert(id, owner.clone()).is_none() {
            self.both(owner, |account| account.count(true));
        }
    }

    fn refund(&mut self, id: ActivationId) {
        if let Some(Charged { owner, at }) = self.charges.remove(&id) {
            self.both(&owner, |account| account.refund(at, id));
        }
    }

    fn close(&mut self, id: ActivationId) {
        if let Some(owner) = self.open.remove(&id) {
            self.both(&owner, |account| account.count(false));
        }
    }
}

/// What was bought, or may have been.
#[derive(Debug, Clone)]
pub(super) struct Spent {
    pub(super) id: ActivationId,
    pub(super) owner: Owner,
    pub(super) amount: Decimal,
    pub(super) at: Timestamp,
    /// Whether it is an open activation or rent.
    pub(super) opens: bool,
}

/// Watches over spending. Where nothing is limited at the start it remembers nothing.
pub(super) struct Guards {
    /// Whether anything was limited at the start; else what was spent is not known, and nothing can be limited later.
    remembers: bool,
    config: RwLock<Arc<SpendingConfig>>,
    currency: Currency,
    books: Mutex<Books>,
    refusals: Refusals,
}

impl Guards {
    /// Guards that hold these limits; amounts are told in `currency`.
    pub(super) fn new(config: SpendingConfig, currency: Currency) -> Arc<Self> {
        let remembers = !config.is_off();
        Arc::new(Self {
            remembers,
            config: RwLock::new(Arc::new(config)),
            currency,
            books: Mutex::default(),
            refusals: Refusals::default(),
        })
    }

    /// Holds these limits from now on.
    pub(super) fn limit(&self, config: SpendingConfig) {
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(config);
    }

    fn config(&self) -> Arc<SpendingConfig> {
        Arc::clone(&self.config.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether there are none.
    pub(super) fn is_off(&self) -> bool {
        !self.remembers
    }

    /// Notes what was spent, in place of what was noted under the same id.
    pub(super) fn note(&self, spent: Spent) {
        if !self.is_off() {
            self.lock().charge(spent);
        }
    }

    /// Notes what something cost of which that was not known.
    pub(super) fn reprice(&self, id: ActivationId, amount: Decimal) {
        let mut books = self.lock();
        let charged = books.charges.get(&id).map(|charged| (charged.owner.clone(), charged.at));
        if let Some((owner, at)) = charged {
            books.charge(Spent { id, owner, amount, at, opens: false });
        }
    }

    /// Notes that what was spent under this id came back, or was never spent.
    pub(super) fn refund(&self, id: ActivationId) {
        if !self.is_off() {
            let mut books = self.lock();
            books.refund(id);
            books.close(id);
        }
    }

    /// Notes that this is open, of which what it cost is noted elsewhere or counts no more.
    pub(super) fn open(&self, (id, owner): (ActivationId, Owner)) {
        self.lock().open(id, &owner);
    }

    /// Notes that this is open no more.
    pub(super) fn close(&self, id: ActivationId) {
        if !self.is_off() {
            self.lock().close(id);
        }
    }

    /// Lets go of what counts no more.
    pub(super) fn forget(&self, now: Timestamp) {
        let begin = now.saturating_sub(DAY).unwrap_or(Timestamp::MIN);
        let mut books = self.lock();
        books.charges.retain(|_, charged| charged.at > begin);
        books.clients.retain(|_, account| !account.is_empty(now));
    }

    /// How often each guard refused an order since the start.
    pub(super) fn refusals(&self) -> Vec<(Guard, u64)> {
        self.refusals.counts()
    }

    /// Holds what an order is expected to cost, if no limit stands against it.
    fn hold(
        self: &Arc<Self>,
        owner: &Owner,
        wanted: Wanted,
        now: Timestamp,
    ) -> Result<Held, (Guard, Reached)> {
        let limits = self.config().of(&owner.0);
        let mut books = self.lock();
        if let Some(reached) = books.total.against(&self.config().total, wanted, now) {
            return Err((Guard::of(reached.limit, Scope::Total), reached));
        }
        let client = books.clients.entry(owner.clone()).or_default();
        if let Some(reached) = client.against(&limits, wanted, now) {
            return Err((Guard::of(reached.limit, Scope::Client), reached));
        }
        books.both(owner, |account| account.hold(wanted));
        Ok(Held { guards: Arc::clone(self), owner: owner.clone(), wanted, over: false })
    }

    /// What is left to spend, by the limit that leaves least.
    fn left(&self, owner: &Owner, now: Timestamp) -> Option<(Decimal, Guard)> {
        let limits = self.config().of(&owner.0);
        let mut books = self.lock();
        let total = books.total.left(&self.config().total, now);
        let client = books.clients.entry(owner.clone()).or_default().left(&limits, now);
        let of = |scope| move |(left, limit)| (left, Guard::of(limit, scope));
        total
            .map(of(Scope::Total))
            .into_iter()
            .chain(client.map(of(Scope::Client)))
            .min_by_key(|(left, _)| *left)
    }

    /// The most that one purchase may cost.
    fn max_price(&self, owner: &Owner) -> Option<(Decimal, Guard)> {
        let of = |limits: &SpendingLimits, scope| {
            limits.max_price.map(|most| (most, Guard::of(Limit::MaxPrice, scope)))
        };
        let (total, client) =
            (of(&self.config().total, Scope::Total), of(&self.config().of(&owner.0), Scope::Client));
        total.into_iter().chain(client).min_by_key(|(most, _)| *most)
    }

    /// The limit that is exceeded as things stand.
    fn exceeded(&self, owner: &Owner, now: Timestamp) -> Option<(Guard, Reached)> {
        let limits = self.config().of(&owner.0);
        let mut books = self.lock();
        let total = books.total.exceeded(&self.config().total, now);
        let client = books.clients.entry(owner.clone()).or_default().exceeded(&limits, now);
        let of = |scope| move |reached: Reached| (Guard::of(reached.limit, scope), reached);
        total.map(of(Scope::Total)).or_else(|| client.map(of(Scope::Client)))
    }

    /// What an order is refused with, counted and said.
    fn refuse(&self, caller: &Caller, guard: Guard, used: Option<Decimal>, now: Duration) -> Fault {
        let owner = &caller.owner;
        let place = self.place(owner, guard);
        let (key, most) = (guard.limit.name(), self.most(owner, guard));
        let unit = if guard.limit == Limit::OpenActivations { "" } else { self.currency.as_str() };
        if self.refusals.note(guard, now) {
            let used = used.map(|used| used.to_string());
            tracing::warn!(
                client = caller.name,
                used,
                "the spending limit {place} {key} = {most} {unit} refuses orders"
            );
        }
        let detail = format!("the spending limit {place} {key} = {most} {unit}");
        Fault::new(FaultKind::SpendingLimit, format!("{} is reached", detail.trim_end()))
    }

    /// The section that sets a limit.
    fn place(&self, owner: &Owner, guard: Guard) -> String {
        let own = self.config().clients.get(&owner.0).is_some_and(|own| most_of(own, guard.limit).is_some());
        match guard.scope {
            Scope::Total => "[spending]".to_owned(),
            Scope::Client if own => format!("[clients.key.{owner}]"),
            Scope::Client => "[spending.each_client]".to_owned(),
        }
    }

    fn most(&self, owner: &Owner, guard: Guard) -> Decimal {
        let limits = match guard.scope {
            Scope::Total => self.config().total.clone(),
            Scope::Client => self.config().of(&owner.0),
        };
        most_of(&limits, guard.limit).unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn most_of(limits: &SpendingLimits, limit: Limit) -> Option<Decimal> {
    match limit {
        Limit::MaxPrice => limits.max_price,
        Limit::PerHour => limits.per_hour,
        Limit::PerDay => limits.per_day,
        Limit::OpenActivations => limits.open_activations.map(Decimal::from),
    }
}

/// What an order under way is expected to cost; it counts until this is dropped or becomes what was spent.
pub(super) struct Held {
    guards: Arc<Guards>,
    owner: Owner,
    wanted: Wanted,
    over: bool,
}

impl Held {
    /// The order came to this: from now on that counts instead, with no moment between.
    pub(super) fn becomes(mut self, spent: Vec<Spent>) {
        let mut books = self.guards.lock();
        books.both(&self.owner, |account| account.release(self.wanted));
        spent.into_iter().for_each(|one| books.charge(one));
        self.over = true;
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if !self.over {
            self.guards.lock().both(&self.owner, |account| account.release(self.wanted));
        }
    }
}

#[cfg(test)]
mod tests;
