//! Prices of purchases that nobody could say when they were made: the upstream does not tell what it charges, and its
//! price list could not be had just then. They are looked up afterwards, so that no amount goes unaccounted for.

use std::sync::Arc;

use jiff::SignedDuration;
use tokio::time::timeout;

use super::expected::PRICE_PATIENCE;
use super::spending::cost;
use super::{Caller, Engine, Upstream};
use crate::domain::{ActivationId, Money, Order, Origin};

/// For how long a price is looked for; a list of tomorrow says nothing of today.
const LOOKED_FOR: SignedDuration = SignedDuration::from_hours(24);

impl Engine {
    /// Looks for the prices that are missing, where there is a key to ask with. They are those of the list now.
    pub(super) async fn price_what_has_none(&self) {
        let since = self.clock.now().saturating_sub(LOOKED_FOR).unwrap_or_default();
        let unpriced = match self.ledger.unpriced(since).await {
            Ok(unpriced) => unpriced,
            Err(error) => return tracing::error!("missing prices could not be read: {error}"),
        };
        let mut silent = Vec::new();
        for (id, intent) in unpriced {
            let upstream = self.sellers.get(&intent.provider).cloned();
            let Some(upstream) = upstream.filter(|one| one.key.is_some() && !one.spec.in_process) else {
                continue;
            };
            let caller = Caller::new(intent.owner.clone(), "prices");
            if silent.contains(&intent.provider) {
                continue;
            }
            let listed = timeout(PRICE_PATIENCE, self.listed_now(&upstream, &caller, &intent.order)).await;
            match listed.ok().flatten() {
                Some(price) => {
                    self.guards.reprice(id, cost(upstream.exchange, price.amount));
                    self.note_price(id, price).await;
                }
                // Whoever cannot say this one's price is not asked for those of all others as well.
                None => silent.push(intent.provider),
            }
        }
    }

    /// Only what was sold from the shelf has a price in a list.
    async fn listed_now(&self, upstream: &Arc<Upstream>, caller: &Caller, order: &Order) -> Option<Money> {
        let cx = self.cx(upstream, caller);
        match (order.origin, &order.rent) {
            (Origin::Shelf, None) => self.listed_price(upstream, caller, &cx, order).await,
            (Origin::Shelf, Some(_)) => self.expected_rent_price(upstream, caller, &cx, order, None).await,
            _ => None,
        }
    }

    async fn note_price(&self, id: ActivationId, price: Money) {
        if let Err(error) = self.ledger.note_price(id, price).await {
            return tracing::error!(id = id.get(), "a price could not be written down: {error}");
        }
        let Some(entry) = self.book.get(id) else { return };
        let _gate = entry.gate().lock_owned().await;
        let mut activation = entry.get();
        activation.price = activation.price.or(Some(price));
        entry.put(&activation);
    }
}
