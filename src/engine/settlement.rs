//! What becomes of a purchase in the ledger and in memory: settled, given a price, given back, or
//! written off. Knows no way to buy.

use std::sync::atomic::Ordering;

use super::{Caller, Engine, Upstream};
use crate::domain::{Activation, ActivationId, Bought, Money, Operator, Order, State, Step};
use crate::provider::{Cx, Effect, Fault, FaultKind};

/// What was bought where by whom, under which id.
pub(super) struct Sold<'a> {
    pub(super) upstream: &'a Upstream,
    pub(super) caller: &'a Caller,
    pub(super) id: ActivationId,
    pub(super) order: &'a Order,
}

impl Engine {
    /// Notes that the purchase was made.
    pub(super) async fn settle(&self, sold: &Sold<'_>, bought: Bought, price: Option<Money>) -> Activation {
        let Sold { upstream, caller, id, order } = *sold;
        let now = self.clock.now();
        let lifetime = upstream.provider.lifetime_of(&order.service).unwrap_or(upstream.lifetime);
        let activation = Activation {
            id,
            owner: caller.owner.clone(),
            provider: upstream.seller.clone(),
            upstream_id: bought.upstream_id,
            phone: bought.phone,
            service: order.service.clone(),
            country: order.country,
            operator: bought.operator.or_else(|| only(&order.operators)),
            price,
            bought_at: now,
            expires_at: bought.expires_at.unwrap_or_else(|| now.saturating_add(lifetime).unwrap_or(now)),
            state: State::Waiting,
            asked_at: 0,
            messages: Vec::new(),
            extra: bought.extra,
        };
        let settled = self.ledger.settle(activation.clone()).await;
        let entry = self.book.insert(activation.clone());
        if let Err(error) = settled {
            entry.unsaved.store(true, Ordering::Relaxed);
            // The number is bought and in memory; the client is better served with it than without, and
            // it is written down as soon as that is possible again.
            tracing::error!(
                id = id.get(),
                provider = upstream.name,
                upstream_id = activation.upstream_id,
                "a purchase could not be written down: {error}"
            );
        }
        activation
    }

    /// The price rose above the client's cap between the look at it and the purchase: the number goes
    /// back. If it cannot, the client gets it after all, since it is paid for.
    pub(super) async fn give_back(
        &self,
        upstream: &Upstream,
        cx: &Cx,
        mut activation: Activation,
        price: Money,
    ) -> Result<Activation, Fault> {
        let Some(entry) = self.book.get(activation.id) else { return Ok(activation) };
        let _gate = entry.gate.lock().await;
        match upstream.provider.tell(cx, &activation, Step::Cancel, None).await {
            Ok(()) => {
                activation.told(Step::Cancel);
                self.keep(&entry, activation).await;
                Err(Fault::new(
                    FaultKind::PriceAboveCap(price.amount),
                    "the price rose above the cap; the number went back",
                ))
            }
            Err(fault) => {
                tracing::warn!(
                    id = activation.id.get(),
                    "the upstream charged {price}, more than the client's cap, and did not take the number back: {fault}"
                );
                if fault.effect == Effect::Unknown {
                    activation.doubt(Step::Cancel);
                    self.keep(&entry, activation.clone()).await;
                }
                Ok(activation)
            }
        }
    }

    /// Notes a purchase that failed, as what it is.
    pub(super) async fn write_off(&self, id: ActivationId, fault: &Fault) {
        let noted = match fault.effect {
            Effect::None => self.ledger.release(id, fault.to_string()).await,
            Effect::Unknown => {
                tracing::error!(
                    id = id.get(),
                    "nobody knows whether this purchase was made ({fault}); it is kept as unknown and not sent again"
                );
                self.ledger.doubt(id, fault.to_string()).await
            }
        };
        if let Err(error) = noted {
            tracing::error!(id = id.get(), "a failed purchase could not be written down: {error}");
        }
    }
}

fn only(operators: &[Operator]) -> Option<Operator> {
    match operators {
        [operator] => Some(operator.clone()),
        _ => None,
    }
}
