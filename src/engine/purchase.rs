//! Buying a number: intend, buy, then settle, release or doubt. Knows that a purchase has three
//! outcomes, and never sends one again that may have reached its upstream.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{Caller, Engine, Upstream, ledger_fault};
use crate::domain::{Activation, ActivationId, Bought, Money, Operator, Order, State, Step};
use crate::ledger::Intent;
use crate::provider::{Capability, Cx, Effect, Fault, FaultKind};

impl Engine {
    /// Buys a number. Runs to its end even if the caller goes away; the number is then in the ledger
    /// and among the caller's active activations.
    pub async fn purchase(self: &Arc<Self>, caller: &Caller, order: Order) -> Result<Activation, Fault> {
        let upstream = Arc::clone(self.main_upstream()?);
        refuse_unfit(&upstream, &order)?;
        if let Some(kept) = self.unreceived(caller, &order) {
            tracing::info!(
                id = kept.id.get(),
                "handing out the number that this client's last order did not wait for"
            );
            return Ok(kept);
        }
        let (engine, buyer, wish) = (Arc::clone(self), caller.clone(), order.clone());
        let work = async move { engine.attempts(&upstream, &buyer, wish).await };
        let (engine, owner) = (Arc::clone(self), caller.owner.clone());
        self.to_the_end(work, move |result: Result<Activation, Fault>| {
            if let Ok(activation) = result {
                tracing::warn!(
                    id = activation.id.get(),
                    "the client went away before its number came; it is kept"
                );
                engine.orphans.keep(owner, order, activation.id, engine.clock.elapsed());
            }
        })
        .await?
    }

    /// The number of an identical order that this client lately made and did not wait for.
    fn unreceived(&self, caller: &Caller, order: &Order) -> Option<Activation> {
        let id = self.orphans.take(&caller.owner, order, self.clock.elapsed())?;
        let activation = self.book.get(id)?.get();
        (activation.state == State::Waiting && activation.is_active(self.clock.now())).then_some(activation)
    }

    /// One order after another over the acceptable operators, until one is not merely out of stock.
    async fn attempts(
        &self,
        upstream: &Upstream,
        caller: &Caller,
        order: Order,
    ) -> Result<Activation, Fault> {
        let cx = self.cx(upstream, caller);
        let mut last = Fault::new(FaultKind::NoStock, "no acceptable operator exists there");
        let mut lowest: Option<Decimal> = None;
        for order in by_operator(upstream, order) {
            let outcome = match self.within_cap(upstream, &cx, &order).await {
                Ok(quoted) => self.buy_one(upstream, caller, &cx, order, quoted).await,
                Err(fault) => Err(fault),
            };
            match outcome {
                Err(Fault { kind: FaultKind::PriceAboveCap(price), .. }) => {
                    lowest = Some(lowest.map_or(price, |lowest| lowest.min(price)));
                }
                Err(fault) if matches!(fault.kind, FaultKind::NoStock | FaultKind::UnknownOperator) => {
                    last = fault
                }
                outcome => return outcome,
            }
        }
        match lowest {
            Some(price) => {
                let detail = format!("the lowest price is {price}");
                Err(Fault::new(FaultKind::PriceAboveCap(price), detail))
            }
            None => Err(last),
        }
    }

    /// Holds the client's cap against the price of the moment, where the upstream cannot do that itself,
    /// and gives that price.
    async fn within_cap(&self, upstream: &Upstream, cx: &Cx, order: &Order) -> Result<Option<Money>, Fault> {
        let Some(cap) = order.max_price.filter(|_| !upstream.spec.can(Capability::MaxPrice)) else {
            return Ok(None);
        };
        let operator = order.operators.first();
        let offer = upstream.provider.quote(cx, &order.service, order.country, operator).await?;
        if offer.price.amount > cap {
            return Err(Fault::new(
                FaultKind::PriceAboveCap(offer.price.amount),
                "the price is above the cap",
            ));
        }
        Ok(Some(offer.price))
    }

    async fn buy_one(
        &self,
        upstream: &Upstream,
        caller: &Caller,
        cx: &Cx,
        order: Order,
        quoted: Option<Money>,
    ) -> Result<Activation, Fault> {
        let intent = Intent {
            owner: caller.owner.clone(),
            provider: upstream.name.clone(),
            order: order.clone(),
            at: self.clock.now(),
        };
        let id = self.ledger.intend(intent).await.map_err(|error| ledger_fault(&error))?;
        // The price is looked up meanwhile, from the list that is kept anyway unless it was asked for just
        // now, so that the ledger has it even where the upstream does not tell what it charged.
        let price = async {
            match quoted {
                Some(price) => Some(price),
                None => self.listed_price(upstream, cx, &order).await,
            }
        };
        let (outcome, listed) = tokio::join!(upstream.provider.buy(cx, &order), price);
        match outcome {
            Ok(bought) => {
                let charged = bought.price;
                let activation = self.settle(upstream, caller, id, &order, bought, listed).await;
                let dearer = charged.filter(|price| order.max_price.is_some_and(|cap| price.amount > cap));
                match dearer.filter(|_| !upstream.spec.can(Capability::MaxPrice)) {
                    Some(price) => self.give_back(upstream, cx, activation, price).await,
                    None => Ok(activation),
                }
            }
            Err(fault) => {
                self.write_off(id, &fault).await;
                Err(fault)
            }
        }
    }

    async fn settle(
        &self,
        upstream: &Upstream,
        caller: &Caller,
        id: ActivationId,
        order: &Order,
        bought: Bought,
        listed: Option<Money>,
    ) -> Activation {
        let now = self.clock.now();
        let lifetime = upstream.provider.lifetime_of(&order.service).unwrap_or(upstream.lifetime);
        let activation = Activation {
            id,
            owner: caller.owner.clone(),
            provider: upstream.name.clone(),
            upstream_id: bought.upstream_id,
            phone: bought.phone,
            service: order.service.clone(),
            country: order.country,
            operator: bought.operator.or_else(|| only(&order.operators)),
            price: bought.price.or(listed),
            bought_at: now,
            expires_at: bought.expires_at.unwrap_or_else(|| now.saturating_add(lifetime).unwrap_or(now)),
            state: State::Waiting,
            asked_at: 0,
            messages: Vec::new(),
            extra: bought.extra,
        };
        self.book.insert(activation.clone());
        if let Err(error) = self.ledger.settle(activation.clone()).await {
            // The number is bought and in memory; the client is better served with it than without.
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
    async fn give_back(
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
                Ok(activation)
            }
        }
    }

    /// Notes a purchase that failed, as what it is.
    async fn write_off(&self, id: ActivationId, fault: &Fault) {
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

/// Refuses before anything is asked what this provider cannot do: a client that asked for forwarding
/// and got an ordinary number has lost money.
fn refuse_unfit(upstream: &Upstream, order: &Order) -> Result<(), Fault> {
    let wanted = [
        (order.forward, Capability::Forward),
        (order.verification, Capability::Verification),
        (!order.excluded.is_empty(), Capability::PhoneException),
    ];
    if upstream.mapping.services(&order.service).is_empty() && !upstream.spec.speaks_dialect {
        let detail = format!("service {} has no counterpart at [provider.{}]", order.service, upstream.name);
        return Err(Fault::new(FaultKind::UnknownService, detail));
    }
    for (wanted, capability) in wanted {
        if wanted && !upstream.spec.can(capability) {
            return Err(Fault::unsupported(capability));
        }
    }
    Ok(())
}

/// The order as it is where the upstream takes several operators, else one order an operator.
fn by_operator(upstream: &Upstream, order: Order) -> Vec<Order> {
    if order.operators.len() < 2 || upstream.spec.can(Capability::OperatorList) {
        return vec![order];
    }
    let single = |operator: &Operator| Order { operators: vec![operator.clone()], ..order.clone() };
    order.operators.iter().map(single).collect()
}

fn only(operators: &[Operator]) -> Option<Operator> {
    match operators {
        [operator] => Some(operator.clone()),
        _ => None,
    }
}
