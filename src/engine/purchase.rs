//! Buying a number: intend, buy, then settle, release or doubt. Knows that a purchase has three
//! outcomes, and never sends one again that may have reached its upstream.
//!
//! A purchase has one part, or several that are bought together; each part has an id of its own.

use std::borrow::Cow;
use std::sync::Arc;

use rust_decimal::Decimal;
use tracing::Instrument;

use super::book::Entry;
use super::flights::Flight;
use super::outcome::Outcome;
use super::settlement::Sold;
use super::spending::Allowed;
use super::unmet::Attendance;
use super::unwanted::TRIES;
use super::{Caller, Engine, Upstream, ledger_fault};
use crate::domain::{Activation, Bought, Money, Operator, Order, Origin, State};
use crate::ledger::Intent;
use crate::provider::{Capability, Cx, Fault, FaultKind};

/// What is bought where.
#[derive(Clone)]
pub(super) struct Purchase {
    pub(super) upstream: Arc<Upstream>,
    /// Its parts; at least one.
    pub(super) orders: Vec<Order>,
    /// What it builds on.
    pub(super) parent: Option<Activation>,
    /// The cap that the guards put on it.
    pub(super) allowed: Option<Allowed>,
    /// As what it is under way, which knows whether anybody waits for it.
    pub(super) flight: Option<Arc<Flight>>,
}

impl Purchase {
    /// Whether some numbers would not do.
    pub(super) fn excludes(&self) -> bool {
        self.orders.iter().any(|order| !order.excluded.is_empty())
    }

    /// The most that a part of it may cost: what the client would pay, and what the guards allow.
    pub(super) fn cap(&self, order: &Order) -> Option<Decimal> {
        let allowed = self.allowed.map(|allowed| allowed.cap);
        order.max_price.into_iter().chain(allowed).min()
    }

    /// Its parts as the upstream is asked for them: what it cannot keep away is seen to afterwards.
    fn as_asked(&self) -> Cow<'_, [Order]> {
        let keeps_away = !self.excludes() || self.upstream.can(Capability::PhoneException);
        if keeps_away && self.allowed.is_none() {
            return Cow::Borrowed(&self.orders);
        }
        let asked = |order: &Order| {
            let excluded = if keeps_away { order.excluded.clone() } else { Vec::new() };
            Order { excluded, max_price: self.cap(order), ..order.clone() }
        };
        Cow::Owned(self.orders.iter().map(asked).collect())
    }
}

impl Engine {
    /// Buys a number. Runs to its end even if the caller goes away; the number is then kept for the
    /// caller's next identical order.
    pub async fn purchase(self: &Arc<Self>, caller: &Caller, order: Order) -> Result<Activation, Fault> {
        let mut bought = self.purchase_together(caller, vec![order]).await?;
        bought.pop().ok_or_else(|| Fault::new(FaultKind::Malformed, "nothing was ordered"))
    }

    /// Buys a number for several services, an order each: an activation for each, or none.
    pub async fn purchase_together(
        self: &Arc<Self>,
        caller: &Caller,
        orders: Vec<Order>,
    ) -> Result<Vec<Activation>, Fault> {
        let parent = self.parent(caller, &orders).await?;
        let upstream = match &parent {
            Some(parent) => Arc::clone(self.selling(parent)?),
            None => Arc::clone(self.main_upstream()?),
        };
        caller.meter.concerns(&upstream.name);
        let several = orders.len() > 1;
        orders.iter().try_for_each(|order| refuse_unfit(&upstream, order, several))?;
        let exchange = upstream.exchange;
        let bought = match self.all_in_account(&upstream, caller, orders).await {
            Ok(orders) => {
                self.acquire(caller, Purchase { upstream, orders, parent, allowed: None, flight: None }).await
            }
            Err(fault) => Err(fault),
        };
        let shown = |all: Vec<_>| all.into_iter().map(|activation| self.shown(activation)).collect();
        bought.map(shown).map_err(|fault| exchange.fault(fault))
    }

    /// The caller's purchase that these orders build on.
    async fn parent(&self, caller: &Caller, orders: &[Order]) -> Result<Option<Activation>, Fault> {
        let parent = match orders.first().map(|order| order.origin) {
            None | Some(Origin::Shelf) => return Ok(None),
            Some(Origin::Extra(id) | Origin::Additional(id)) => self.entry(caller, id).await?,
            Some(Origin::Continued(id)) => self.rent_entry(caller, id).await?,
        };
        Ok(Some(parent.get()))
    }

    async fn all_in_account(
        &self,
        upstream: &Upstream,
        caller: &Caller,
        orders: Vec<Order>,
    ) -> Result<Vec<Order>, Fault> {
        let mut converted = Vec::with_capacity(orders.len());
        for order in orders {
            converted.push(self.in_account(upstream, caller, order).await?);
        }
        Ok(converted)
    }

    /// The same, all in the account's currency.
    async fn acquire(
        self: &Arc<Self>,
        caller: &Caller,
        purchase: Purchase,
    ) -> Result<Vec<Activation>, Fault> {
        if let Some(flight) = self.flights.claim(caller, &purchase.orders, self.clock.elapsed()) {
            tracing::info!(
                "this client's last order was the same and was not waited for: its number is handed out"
            );
            let outcome = self.meet(Arc::clone(&flight)).await;
            let as_bought = flight.landed().await.and_then(Result::ok).unwrap_or_default();
            match outcome {
                // Meanwhile it was used or cancelled: this is a new order after all.
                Ok(kept) if kept.iter().zip(&as_bought).any(|(now, before)| is_used(now, before)) => {}
                // It found them by itself: this is for others.
                Ok(kept) if self.any_was_found(&kept).await => {}
                outcome => return outcome,
            }
        }
        let running = self.stay_open()?;
        let flight = self.flights.start(caller, &purchase.orders);
        let purchase = Purchase { flight: Some(Arc::clone(&flight)), ..purchase };
        let (engine, landing, buyer) = (Arc::clone(self), Arc::clone(&flight), caller.clone());
        let task = async move {
            let work = {
                let engine = Arc::clone(&engine);
                async move { engine.attempts(&buyer, purchase).await }
            };
            let lost = |_| Err(Fault::new(FaultKind::Closing, "the purchase ended early").in_doubt());
            let outcome = tokio::spawn(work.in_current_span()).await.unwrap_or_else(lost);
            engine.flights.land(&landing, outcome, engine.clock.elapsed());
            engine.keep_if_unmet(&landing).await;
            drop(running);
        };
        tokio::spawn(task.in_current_span());
        self.meet(flight).await
    }

    /// Waits for an order, and gives its numbers as they now stand. Who goes away before it has them leaves them to
    /// be kept.
    async fn meet(self: &Arc<Self>, flight: Arc<Flight>) -> Result<Vec<Activation>, Fault> {
        let lost = || Err(Fault::new(FaultKind::Closing, "the purchase ended early").in_doubt());
        let attendance = Attendance::at(self, &flight);
        let waiter = self.flights.wait(Arc::clone(&flight));
        let outcome = flight.landed().await.unwrap_or_else(lost);
        if let Ok(bought) = &outcome {
            self.hand_out(&flight, bought).await?;
        }
        waiter.met();
        attendance.met();
        let bought = outcome?;
        let now = |part: Activation| self.book.get(part.id).map_or(part, |entry| entry.get());
        Ok(bought.into_iter().map(now).collect())
    }

    /// One order after another over the acceptable operators, until one is not merely out of stock.
    async fn attempts(
        self: &Arc<Self>,
        caller: &Caller,
        purchase: Purchase,
    ) -> Result<Vec<Activation>, Fault> {
        let cx = self.cx(&purchase.upstream, caller);
        let mut last = Fault::new(FaultKind::NoStock, "no acceptable operator exists there");
        let mut lowest: Option<Decimal> = None;
        let mut limit: Option<Fault> = None;
        let mut tries = TRIES;
        for purchase in by_operator(purchase) {
            match self.fitting(caller, &cx, &purchase, &mut tries).await {
                Err(Fault { kind: FaultKind::PriceAboveCap(price), .. }) => {
                    lowest = Some(lowest.map_or(price, |lowest| lowest.min(price)));
                }
                // Another operator may be cheaper.
                Err(fault) if fault.kind == FaultKind::SpendingLimit => limit = Some(fault),
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
            None => Err(limit.unwrap_or(last)),
        }
    }

    /// One purchase: the intents on disk, then the upstream, then the results on disk.
    pub(super) async fn attempt(
        &self,
        caller: &Caller,
        cx: &Cx,
        purchase: &Purchase,
    ) -> Result<Vec<Activation>, Fault> {
        // A rent that gets more time is not ended by its time meanwhile.
        let parent = purchase.parent.as_ref().and_then(|parent| self.book.get(parent.id));
        let _longer = parent.clone().map(Entry::prolong);
        let _turn = match &parent {
            Some(parent) => Some(parent.turn().lock_owned().await),
            None => None,
        };
        let now = || parent.as_ref().map(|entry| entry.get()).or_else(|| purchase.parent.clone());
        let allowed = self.allowed(caller, purchase)?;
        let purchase = &Purchase { parent: now(), allowed, ..purchase.clone() };
        let bought = self.attempt_within(caller, cx, purchase, &now).await;
        bought.map_err(|fault| self.by_whose_cap(caller, purchase, fault))
    }

    /// The same within the guards; `parent` gives what it builds on as that stands by then.
    async fn attempt_within(
        &self,
        caller: &Caller,
        cx: &Cx,
        purchase: &Purchase,
        parent: &(impl Fn() -> Option<Activation> + Sync),
    ) -> Result<Vec<Activation>, Fault> {
        let Purchase { upstream, orders, .. } = purchase;
        upstream.refuse_if_broken()?;
        let prices = self.expected_prices(caller, cx, purchase).await?;
        let held = self.hold_spending(caller, purchase, &prices)?;
        let intent = |(order, price): (&Order, &Option<Money>)| Intent {
            owner: caller.owner.clone(),
            provider: upstream.seller.clone(),
            order: order.clone(),
            stake: *price,
            at: self.clock.now(),
        };
        let intents = orders.iter().zip(&prices).map(intent).collect();
        let _begun = self.doubts.under_way.begin(&upstream.seller);
        let ids = self.ledger.intend_all(intents).await.map_err(|error| ledger_fault(&error))?;
        let bought = match Outcome::of(ask(cx, purchase).await) {
            Outcome::Done(bought) => bought,
            Outcome::NotDone(why) => {
                ids.iter().for_each(|_| upstream.metrics.not_bought());
                self.release(&ids, &why).await;
                return Err(why.fault());
            }
            Outcome::Unknown(why) => {
                ids.iter().for_each(|_| upstream.metrics.doubted());
                self.note_doubtful_spending(held, caller, &ids);
                self.doubt(&ids, &why).await;
                return Err(why.fault());
            }
        };
        let charged = bought.first().and_then(|part| part.price);
        let sold = Sold { upstream, caller, ids: &ids, purchase, parent: parent() };
        let activations = self.settle(&sold, bought, prices.clone()).await;
        self.note_spent(held, purchase, &prices, &activations);
        for rent in activations.iter().filter(|part| part.is_rent()) {
            upstream.provider.rentals().begin(cx, rent).await;
        }
        let overspent = charged.and_then(|price| self.overspent(caller, purchase, &prices, price));
        self.unless_too_dear(cx, purchase, (charged, overspent), activations).await
    }
}

impl Engine {
    /// Whether their client has asked about any of these by its id. A rent is looked for again and again, and is dear: that
    /// makes no new order of it.
    async fn any_was_found(&self, kept: &[Activation]) -> bool {
        let parts = kept.iter().filter(|part| !part.is_rent());
        for entry in parts.filter_map(|part| self.book.get(part.id)) {
            if entry.gate().lock().await.client_asked.is_some() {
                return true;
            }
        }
        false
    }
}

/// Whether what was kept for a client is no longer what it ordered. Messages come to a rent by and by, and more time
/// for one is had at once; a number once more may have had messages from the first.
fn is_used(kept: &Activation, as_bought: &Activation) -> bool {
    match kept.rent {
        None => kept.state != as_bought.state,
        Some(_) => !kept.is_prolongation() && (kept.state.is_final() || kept.state == State::Cancelling),
    }
}

/// Asks the upstream. The answer has a part for each order.
async fn ask(cx: &Cx, purchase: &Purchase) -> Result<Vec<Bought>, Fault> {
    let Purchase { upstream, parent, .. } = purchase;
    let (provider, orders) = (&upstream.provider, purchase.as_asked());
    let [order] = orders.as_ref() else {
        let bought = provider.buy_together(cx, &orders).await?;
        let fits = bought.len() == orders.len();
        let wrong =
            || Fault::new(FaultKind::Malformed, "the answer has other parts than the order").in_doubt();
        return if fits { Ok(bought) } else { Err(wrong()) };
    };
    let bought = match (order.origin, parent, &order.rent) {
        (Origin::Extra(_), Some(parent), _) => provider.buy_again(cx, parent).await,
        (Origin::Additional(_), Some(parent), _) => provider.buy_additional(cx, parent, &order.service).await,
        (Origin::Continued(_), Some(rent), Some(terms)) => {
            provider.rentals().prolong(cx, rent, terms.hours).await
        }
        (_, _, Some(_)) => provider.rentals().rent(cx, order).await,
        _ => provider.buy(cx, order).await,
    };
    bought.map(|only| vec![only])
}

/// What an order needs of its provider. Excluded prefixes are not among it: they can be seen to without.
fn needs(order: &Order, several: bool) -> [(bool, Capability); 6] {
    let is =
        |origin: fn(_) -> Origin| order.origin.parent().is_some_and(|parent| order.origin == origin(parent));
    [
        (order.forward, Capability::Forward),
        (order.verification && order.rent.is_none(), Capability::Verification),
        (several, Capability::MultiService),
        (is(Origin::Extra), Capability::ExtraActivation),
        (is(Origin::Additional), Capability::AdditionalService),
        (
            order.rent.is_some(),
            if is(Origin::Continued) { Capability::RentContinue } else { Capability::Rent },
        ),
    ]
}

/// Refuses before anything is asked what this provider cannot do: a client that asked for forwarding
/// and got an ordinary number has lost money.
fn refuse_unfit(upstream: &Upstream, order: &Order, several: bool) -> Result<(), Fault> {
    let unmapped = upstream.mapping.services(&order.service).is_empty() && !upstream.spec.speaks_dialect;
    // What is rented may be the number as a whole, for no service; the provider knows.
    if unmapped && order.rent.is_none() {
        let detail = format!("service {} has no counterpart at [provider.{}]", order.service, upstream.name);
        return Err(Fault::new(FaultKind::UnknownService, detail));
    }
    for (wanted, capability) in needs(order, several) {
        if wanted && !upstream.can(capability) {
            return Err(Fault::unsupported(capability));
        }
    }
    Ok(())
}

/// The purchase as it is where the upstream takes several operators, else one an operator.
fn by_operator(purchase: Purchase) -> Vec<Purchase> {
    let operators = purchase.orders.first().map_or(&[][..], |order| order.operators.as_slice());
    if operators.len() < 2 || purchase.upstream.can(Capability::OperatorList) {
        return vec![purchase];
    }
    let single = |operator: &Operator| {
        let order = |order: &Order| Order { operators: vec![operator.clone()], ..order.clone() };
        Purchase { orders: purchase.orders.iter().map(order).collect(), ..purchase.clone() }
    };
    operators.iter().map(single).collect()
}
