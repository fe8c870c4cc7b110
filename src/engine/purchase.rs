//! Buying a number: intend, buy, then settle, release or doubt. Knows that a purchase has three
//! outcomes, and never sends one again that may have reached its upstream.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{MaybeDone, maybe_done};
use rust_decimal::Decimal;
use tokio::time::timeout;

use super::settlement::Sold;
use super::{Caller, Engine, Upstream, ledger_fault};
use crate::domain::{Activation, Money, Operator, Order, State};
use crate::ledger::Intent;
use crate::provider::{Capability, Cx, Fault, FaultKind};

/// How long a buyer waits for a price that neither the purchase nor a kept list told.
const PRICE_PATIENCE: Duration = Duration::from_secs(2);

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

    /// One purchase: the intent on disk, then the upstream, then the result on disk.
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
            provider: upstream.seller.clone(),
            order: order.clone(),
            at: self.clock.now(),
        };
        let id = self.ledger.intend(intent).await.map_err(|error| ledger_fault(&error))?;
        // Where the upstream does not tell what it charged, the list that is kept anyway does, unless the
        // price was asked for just now. It is looked at meanwhile, but what was bought is written down
        // without waiting for it.
        let look = async {
            match quoted {
                Some(price) => Some(price),
                None => self.listed_price(upstream, caller, cx, &order).await,
            }
        };
        let mut listed = pin!(maybe_done(look));
        let mut buying = upstream.provider.buy(cx, &order);
        let outcome = poll_fn(|task| {
            let _ = listed.as_mut().poll(task);
            buying.as_mut().poll(task)
        })
        .await;
        let bought = match outcome {
            Ok(bought) => bought,
            Err(fault) => {
                self.write_off(id, &fault).await;
                return Err(fault);
            }
        };
        let charged = bought.price;
        let price = charged.or_else(|| listed.as_mut().take_output().flatten());
        let sold = Sold { upstream, caller, id, order: &order };
        let mut activation = self.settle(&sold, bought, price).await;
        // A look that is over and found nothing is not to be polled again.
        if activation.price.is_none() && matches!(*listed, MaybeDone::Future(_)) {
            let _ = timeout(PRICE_PATIENCE, listed.as_mut()).await;
            activation = self.add_price(activation, listed.as_mut().take_output().flatten()).await;
        }
        let dearer = charged.filter(|price| order.max_price.is_some_and(|cap| price.amount > cap));
        match dearer.filter(|_| !upstream.spec.can(Capability::MaxPrice)) {
            Some(price) => self.give_back(upstream, cx, activation, price).await,
            None => Ok(activation),
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
