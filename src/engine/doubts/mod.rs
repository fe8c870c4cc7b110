//! Purchases of which nobody knows whether they were made: found out by what their upstream shows, or kept. Never
//! buys anything, and concludes nothing from what may have another cause.
//!
//! | what shows it | where |
//! |---|---|
//! | the list of living activations, or of rents | `by_list`, `sought` |
//! | the end of a rent that was to get more time | `longer` |
//! | what became of the account's balance | `by_balance` |
//!
//! Only a purchase from the account that is asked with now is looked for: one by a client's own key, or by a key that
//! was changed since, stays as it is.

mod by_balance;
mod by_list;
mod count;
mod longer;
mod sought;
mod under_way;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};

pub use count::UnknownPurchases;

use super::{Engine, Upstream};
use crate::domain::{ActivationId, Order, Origin, Secret};
use crate::ledger::{Account, Doubt};
use crate::provider::{Capability, Cx};
use by_list::List;
use under_way::UnderWay;

/// How long after a doubt was first seen an upstream may still be carrying the order out.
const GRACE: SignedDuration = SignedDuration::from_mins(2);

/// How long it is waited before an upstream is asked once more about the same doubts: at first, and at most.
const PAUSES: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(10 * 60));

/// What is in memory of doubts.
#[derive(Default)]
pub(super) struct DoubtBook {
    pub(super) under_way: UnderWay,
    /// Since when each doubt is known to this process.
    seen: Mutex<HashMap<ActivationId, Timestamp>>,
    /// Until when each seller is left alone, and for how long then.
    pauses: Mutex<HashMap<String, (Duration, Duration)>>,
}

impl DoubtBook {
    fn seen(&self) -> MutexGuard<'_, HashMap<ActivationId, Timestamp>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pauses(&self) -> MutexGuard<'_, HashMap<String, (Duration, Duration)>> {
        self.pauses.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes which doubts there are; those that are new have their sellers asked at once.
    fn note(&self, doubts: &[Doubt], now: Timestamp) {
        let mut seen = self.seen();
        let earlier = std::mem::take(&mut *seen);
        for doubt in doubts {
            if !earlier.contains_key(&doubt.id) {
                self.pauses().remove(&doubt.intent.provider);
            }
            seen.insert(doubt.id, earlier.get(&doubt.id).copied().unwrap_or(now));
        }
    }

    /// Whether a doubt has been known for so long at `now` that the order is certainly not under way any more.
    fn is_old(&self, id: ActivationId, now: Timestamp) -> bool {
        self.seen().get(&id).is_some_and(|since| now.duration_since(*since) >= GRACE)
    }

    /// Whether a seller is to be asked now; the next time is later each time.
    fn is_due(&self, seller: &str, now: Duration) -> bool {
        let mut pauses = self.pauses();
        let (first, most) = PAUSES;
        let pause = match pauses.get(seller) {
            Some((until, _)) if now < *until => return false,
            Some((_, last)) => (*last * 2).min(most),
            None => first,
        };
        pauses.insert(seller.to_owned(), (now.saturating_add(pause), pause));
        true
    }
}

/// An account whose doubts are looked into.
struct Case<'a> {
    upstream: &'a Arc<Upstream>,
    cx: Cx,
    account: Account,
}

impl Case<'_> {
    /// Those of these doubts that this account can tell of.
    fn own(&self, doubts: Vec<Doubt>) -> Vec<Doubt> {
        let seller = &self.upstream.seller;
        let is_own = |doubt: &Doubt| {
            let intent = &doubt.intent;
            intent.provider == *seller && !intent.owner.has_own_account() && intent.at >= self.account.since
        };
        doubts.into_iter().filter(is_own).collect()
    }

    /// When what was ordered then is over at the latest, and with it what a list could tell.
    fn ends(&self, order: &Order, at: Timestamp) -> Timestamp {
        let usual = self.upstream.lifetime;
        let lasts = match &order.rent {
            Some(terms) => Duration::from_secs(u64::from(terms.hours) * 3600),
            None => self.upstream.provider.lifetime_of(&order.service).unwrap_or(usual),
        };
        at.saturating_add(lasts).unwrap_or(Timestamp::MAX)
    }
}

impl Engine {
    /// Looks into every purchase in doubt that can be looked into. Whoever has nothing in doubt is asked nothing, and
    /// without any doubt nothing is written.
    pub async fn settle_doubts(self: &Arc<Self>) {
        let doubts = match self.ledger.unknown().await {
            Ok(unknown) => unknown.numbers,
            Err(error) => return tracing::error!("the purchases in doubt cannot be read: {error}"),
        };
        self.doubts.note(&doubts, self.clock.now());
        let all = self.upstreams.iter().map(|upstream| self.settle_doubts_at(upstream, doubts.clone()));
        join_all(all).await;
    }

    async fn settle_doubts_at(self: &Arc<Self>, upstream: &Arc<Upstream>, doubts: Vec<Doubt>) {
        if !doubts.iter().any(|doubt| doubt.intent.provider == upstream.seller) {
            return;
        }
        let Some(case) = self.case(upstream).await else { return };
        let doubts = case.own(doubts);
        if doubts.is_empty() || !self.doubts.is_due(&upstream.seller, self.clock.elapsed()) {
            return;
        }
        let any = |such: fn(&Order) -> bool| doubts.iter().any(|doubt| such(&doubt.intent.order));
        if any(|order| order.rent.is_none()) && upstream.can(Capability::Holdings) {
            self.settle_by_list(&case, List::Activations).await;
        }
        if any(|order| order.rent.is_some()) && upstream.can(Capability::RentHoldings) {
            self.settle_by_list(&case, List::Rents).await;
        }
        self.settle_by_balance(&case).await;
    }

    /// An upstream's account, if there is one of our own to ask with.
    async fn case<'a>(&self, upstream: &'a Arc<Upstream>) -> Option<Case<'a>> {
        let key = match &upstream.key {
            Some(key) => key.clone(),
            None if upstream.spec.needs_key => return None,
            None => Secret::new(""),
        };
        let account =
            self.ledger.account(upstream.seller.clone(), mark(&key), self.clock.now()).await.ok()?;
        Some(Case { upstream, cx: Cx::new(key), account })
    }

    /// Notes by which key each account is asked from now on.
    pub async fn note_accounts(&self) {
        for upstream in &self.upstreams {
            let _ = self.case(upstream).await;
        }
    }

    /// What is still in doubt at this account.
    async fn open_doubts(&self, case: &Case<'_>) -> Vec<Doubt> {
        let unknown = self.ledger.unknown().await;
        let own = unknown.map(|unknown| case.own(unknown.numbers));
        own.unwrap_or_default()
    }

    /// Notes that a purchase was certainly not made, or costs nothing any more.
    async fn release_doubt(&self, doubt: &Doubt, why: &str) {
        match self.ledger.release(doubt.id, format!("{}; {why}", doubt.reason)).await {
            Ok(()) => {
                self.guards.refund(doubt.id);
                tracing::info!(id = doubt.id.get(), "a purchase in doubt is settled: {why}");
            }
            Err(error) => tracing::error!(id = doubt.id.get(), "a doubt could not be settled: {error}"),
        }
    }
}

/// Whether it is more time for a rent.
fn is_more_time(order: &Order) -> bool {
    matches!(order.origin, Origin::Continued(_))
}

/// By which a key is known again, and from which it cannot be had.
fn mark(key: &Secret) -> String {
    key.digest()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}
