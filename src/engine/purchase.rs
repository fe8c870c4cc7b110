//! Buying a number: intend, buy, then settle, release or doubt. Knows that a purchase has three
//! outcomes, and never sends one again that may have reached its upstream.

use std::sync::Arc;
use std::time::Duration;

use rust_decimal::Decimal;
use tokio::time::timeout;
use tracing::Instrument;

use super::flights::Flight;
use super::settlement::Sold;
use super::{Caller, Engine, Upstream, ledger_fault};
use crate::domain::{Activation, Money, Operator, Order, State};
use crate::ledger::Intent;
use crate::provider::{Capability, Cx, Fault, FaultKind};

/// How long an order waits for a price that is in no kept list.
const PRICE_PATIENCE: Duration = Duration::from_secs(2);

impl Engine {
    /// Buys a number. Runs to its end even if the caller goes away; the number is then kept for the
    /// caller's next identical order.
    pub async fn purchase(self: &Arc<Self>, caller: &Caller, order: Order) -> Result<Activation, Fault> {
        let upstream = Arc::clone(self.main_upstream()?);
        caller.meter.concerns(&upstream.name);
        refuse_unfit(&upstream, &order)?;
        let exchange = upstream.exchange;
        let bought = match self.in_account(&upstream, caller, order).await {
            Ok(order) => self.acquire(caller, upstream, order).await,
            Err(fault) => Err(fault),
        };
        bought.map(|activation| self.shown(activation)).map_err(|fault| exchange.fault(fault))
    }

    /// The same, all in the account's currency.
    async fn acquire(
        self: &Arc<Self>,
        caller: &Caller,
        upstream: Arc<Upstream>,
        order: Order,
    ) -> Result<Activation, Fault> {
        if let Some(flight) = self.flights.claim(caller, &order, self.clock.elapsed()) {
            tracing::info!(
                "this client's last order was the same and was not waited for: its number is handed out"
            );
            match self.meet(flight).await {
                // Meanwhile it was used or cancelled: this is a new order after all.
                Ok(kept) if kept.state != State::Waiting => {}
                outcome => return outcome,
            }
        }
        let running = self.stay_open()?;
        let flight = self.flights.start(caller, &order);
        let (engine, landing, buyer) = (Arc::clone(self), Arc::clone(&flight), caller.clone());
        let task = async move {
            let work = {
                let engine = Arc::clone(&engine);
                async move { engine.attempts(&upstream, &buyer, order).await }
            };
            let lost = |_| Err(Fault::new(FaultKind::Closing, "the purchase ended early").in_doubt());
            let outcome = tokio::spawn(work.in_current_span()).await.unwrap_or_else(lost);
            engine.flights.land(&landing, outcome, engine.clock.elapsed());
            drop(running);
        };
        tokio::spawn(task.in_current_span());
        self.meet(flight).await
    }

    /// Waits for an order, and gives its number as it now stands.
    async fn meet(&self, flight: Arc<Flight>) -> Result<Activation, Fault> {
        let lost = || Err(Fault::new(FaultKind::Closing, "the purchase ended early").in_doubt());
        let bought = self.flights.wait(flight).meet().await.unwrap_or_else(lost)?;
        Ok(self.book.get(bought.id).map_or(bought, |entry| entry.get()))
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

    /// Holds the cap against the price of the moment, where the upstream cannot do that itself,
    /// and gives that price.
    async fn within_cap(&self, upstream: &Upstream, cx: &Cx, order: &Order) -> Result<Option<Money>, Fault> {
        let Some(cap) = order.max_price.filter(|_| !upstream.can(Capability::MaxPrice)) else {
            return Ok(None);
        };
        let operator = order.operators.first();
        let offer = upstream.provider.quote(cx, &order.service, order.country, operator).await?;
        if offer.price.amount.is_zero() {
            // What some print for what is out of stock. It may be in stock the next moment, at any price.
            return Err(Fault::new(
                FaultKind::NoStock,
                "the upstream names no price to hold the cap against",
            ));
        }
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
        let price = self.expected_price(upstream, caller, cx, &order, quoted).await;
        let intent = Intent {
            owner: caller.owner.clone(),
            provider: upstream.seller.clone(),
            order: order.clone(),
            at: self.clock.now(),
        };
        let id = self.ledger.intend(intent).await.map_err(|error| ledger_fault(&error))?;
        let bought = match upstream.provider.buy(cx, &order).await {
            Ok(bought) => bought,
            Err(fault) => {
                self.write_off(id, &fault).await;
                return Err(fault);
            }
        };
        let charged = bought.price;
        let sold = Sold { upstream, caller, id, order: &order };
        let activation = self.settle(&sold, bought, charged.or(price)).await;
        let dearer = charged.filter(|price| order.max_price.is_some_and(|cap| price.amount > cap));
        match dearer.filter(|_| !upstream.can(Capability::MaxPrice)) {
            Some(price) => self.give_back(upstream, cx, activation, price).await,
            None => Ok(activation),
        }
    }

    /// The price to be written down where the upstream does not tell what it charged: as asked for just
    /// now, else as in the list that is kept anyway. It is looked up before the purchase, so that nothing
    /// stands between that and the ledger; without it the order goes on all the same.
    async fn expected_price(
        &self,
        upstream: &Upstream,
        caller: &Caller,
        cx: &Cx,
        order: &Order,
        quoted: Option<Money>,
    ) -> Option<Money> {
        if quoted.is_some() || upstream.spec.in_process {
            return quoted;
        }
        timeout(PRICE_PATIENCE, self.listed_price(upstream, caller, cx, order)).await.ok().flatten()
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
        if wanted && !upstream.can(capability) {
            return Err(Fault::unsupported(capability));
        }
    }
    Ok(())
}

/// The order as it is where the upstream takes several operators, else one order an operator.
fn by_operator(upstream: &Upstream, order: Order) -> Vec<Order> {
    if order.operators.len() < 2 || upstream.can(Capability::OperatorList) {
        return vec![order];
    }
    let single = |operator: &Operator| Order { operators: vec![operator.clone()], ..order.clone() };
    order.operators.iter().map(single).collect()
}
