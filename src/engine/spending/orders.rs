//! Where orders for numbers and rents come by the guards: before anything is asked for, and when something came of
//! it. Knows no limit by its amount.

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::{Guard, Held, MOST, Spent, Wanted};
use crate::domain::{Activation, ActivationId, Money, Order, Origin, Outline, State};
use crate::engine::purchase::Purchase;
use crate::engine::tidy::KEPT_AFTER_THE_END;
use crate::engine::{Caller, Engine, Exchange};
use crate::ledger::{Charge, LedgerError};
use crate::provider::{Fault, FaultKind};

/// The cap that the guards put on an order, in the currency of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) struct Allowed {
    pub(in crate::engine) cap: Decimal,
    guard: Guard,
}

impl Engine {
    /// How often each guard refused an order since the start.
    pub fn guard_refusals(&self) -> Vec<(Guard, u64)> {
        self.guards.refusals()
    }

    /// The cap that the guards put on an order, where an upstream can be held to one. What is left to spend is no
    /// cap where nobody else sets one: an upstream with several prices would take that for a wish.
    ///
    /// # Errors
    /// When nothing may be bought at all.
    pub(in crate::engine) fn allowed(
        &self,
        caller: &Caller,
        purchase: &Purchase,
    ) -> Result<Option<Allowed>, Fault> {
        let Some(order) = cappable(purchase).filter(|_| !self.guards.is_off()) else { return Ok(None) };
        let max_price = self.guards.max_price(&caller.owner);
        let is_capped = max_price.is_some() || order.max_price.is_some();
        let left = self.guards.left(&caller.owner, self.clock.now()).filter(|_| is_capped);
        let tightest = max_price.into_iter().chain(left).min_by_key(|(most, _)| *most);
        let Some((most, guard)) = tightest else { return Ok(None) };
        match purchase.upstream.exchange.cap(most).filter(|cap| *cap > Decimal::ZERO) {
            Some(cap) => Ok(Some(Allowed { cap, guard })),
            None => Err(self.refuse_spending(caller, guard, None)),
        }
    }

    /// Holds what an order is expected to cost.
    ///
    /// # Errors
    /// When it would exceed a limit, together with what was spent and what is under way.
    pub(in crate::engine) fn hold_spending(
        &self,
        caller: &Caller,
        purchase: &Purchase,
        prices: &[Option<Money>],
    ) -> Result<Option<Held>, Fault> {
        let exchange = purchase.upstream.exchange;
        let amounts = purchase.orders.iter().zip(prices).map(|(order, price)| {
            // Above the client's own cap nothing is bought, and it is that cap which refuses.
            let own = cappable(purchase).and(order.max_price);
            let price = price.map(|price| price.amount).filter(|price| own.is_none_or(|own| *price <= own));
            let expected = price.or_else(|| purchase.cap(order));
            expected.map_or_else(|| self.at_most(caller), |amount| cost(exchange, amount))
        });
        let amounts: Vec<Decimal> = amounts.collect();
        let opens = purchase.orders.iter().filter(|order| !matches!(order.origin, Origin::Continued(_)));
        self.hold_amounts(caller, &amounts, u32::try_from(opens.count()).unwrap_or(u32::MAX))
    }

    /// What is held for something of which nobody can say what it costs: all that it may cost, so that nothing else is
    /// bought until that is known.
    pub(super) fn at_most(&self, caller: &Caller) -> Decimal {
        let max_price = self.guards.max_price(&caller.owner);
        let left = self.guards.left(&caller.owner, self.clock.now());
        let most = max_price.into_iter().chain(left).map(|(most, _)| most).min();
        most.map_or(Decimal::ZERO, |most| most.max(Decimal::ZERO))
    }

    /// Holds these amounts, for the parts of one purchase.
    pub(super) fn hold_amounts(
        &self,
        caller: &Caller,
        amounts: &[Decimal],
        opens: u32,
    ) -> Result<Option<Held>, Fault> {
        if self.guards.is_off() {
            return Ok(None);
        }
        let dearest = amounts.iter().copied().max().unwrap_or_default();
        let wanted = Wanted { amount: amounts.iter().sum(), dearest, opens };
        let held = self.guards.hold(&caller.owner, wanted, self.clock.now());
        let refused = |(guard, reached): (Guard, super::Reached)| {
            self.refuse_spending(caller, guard, Some(reached.used))
        };
        held.map(Some).map_err(refused)
    }

    /// What was held was spent.
    pub(in crate::engine) fn note_spent(
        &self,
        held: Option<Held>,
        purchase: &Purchase,
        prices: &[Option<Money>],
        bought: &[Activation],
    ) {
        let Some(held) = held else { return };
        let upstream = &purchase.upstream;
        let each = each_of(&held, bought.len());
        let known = if prices.iter().any(Option::is_some) { each } else { Decimal::ZERO };
        // What nobody can say ever is not counted; what is from the shelf has a price in a list, as soon as that is had.
        let each =
            if purchase.orders.iter().all(|order| order.origin == Origin::Shelf) { each } else { known };
        let spent = bought.iter().filter_map(|part| {
            let now = self.book.get(part.id).map_or_else(|| part.clone(), |entry| entry.get());
            let amount = now.price.map_or(each, |price| cost(upstream.exchange, price.amount));
            (!self.is_refunded(&now)).then(|| spent_on(&now, amount))
        });
        held.becomes(spent.collect());
    }

    /// Nobody knows whether what was held was spent.
    pub(in crate::engine) fn note_doubtful_spending(
        &self,
        held: Option<Held>,
        caller: &Caller,
        ids: &[ActivationId],
    ) {
        let Some(held) = held else { return };
        let (amount, at, owner) = (each_of(&held, ids.len()), self.clock.now(), &caller.owner);
        let spent = |id: &ActivationId| Spent { id: *id, owner: owner.clone(), amount, at, opens: false };
        held.becomes(ids.iter().map(spent).collect());
    }

    /// An activation or a rent stands elsewhere now.
    pub(in crate::engine) fn note_standing(&self, activation: &Activation) {
        if !activation.state.is_final() || self.guards.is_off() {
            return;
        }
        if self.is_refunded(activation) {
            self.guards.refund(activation.id);
        } else {
            self.guards.close(activation.id);
        }
    }

    /// What ran out was refunded only where that is known of its seller.
    fn is_refunded(&self, activation: &Activation) -> bool {
        let seller = self.sellers.get(&activation.provider);
        let expired =
            activation.state == State::Expired && seller.is_some_and(|seller| seller.spec.expiry_refunds);
        activation.state == State::Cancelled || expired
    }

    /// The refusal of an order that cost more than it was expected to, so that a limit is exceeded; it is to go back.
    pub(in crate::engine) fn overspent(
        &self,
        caller: &Caller,
        purchase: &Purchase,
        expected: &[Option<Money>],
        charged: Money,
    ) -> Option<Fault> {
        let rose =
            expected.first().is_none_or(|price| price.is_none_or(|price| charged.amount > price.amount));
        cappable(purchase).filter(|_| rose && !self.guards.is_off())?;
        let (guard, reached) = self.guards.exceeded(&caller.owner, self.clock.now())?;
        Some(self.refuse_spending(caller, guard, Some(reached.used)))
    }

    /// Says of a price above the cap whose cap it is: the client's own has a word of its own.
    pub(in crate::engine) fn by_whose_cap(
        &self,
        caller: &Caller,
        purchase: &Purchase,
        fault: Fault,
    ) -> Fault {
        let FaultKind::PriceAboveCap(price) = fault.kind else { return fault };
        let (Some(allowed), Some(order)) = (purchase.allowed, cappable(purchase)) else { return fault };
        match order.max_price {
            Some(own) if own <= allowed.cap || price > own => fault,
            _ => self.refuse_spending(caller, allowed.guard, None),
        }
    }

    fn refuse_spending(&self, caller: &Caller, guard: Guard, used: Option<Decimal>) -> Fault {
        self.metrics.shed(guard.limit.name());
        self.guards.refuse(caller, guard, used, self.clock.elapsed())
    }

    /// Takes up what counts of what earlier processes spent.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub(in crate::engine) async fn take_up_spending(&self) -> Result<(), LedgerError> {
        if self.guards.is_off() {
            return Ok(());
        }
        let from = self.clock.now().saturating_sub(super::DAY).unwrap_or(Timestamp::MIN);
        for charge in self.ledger.charges(from).await? {
            let refunds = self.sellers.get(&charge.provider).is_some_and(|seller| seller.spec.expiry_refunds);
            if !(charge.expired && refunds) {
                self.guards.note(self.spent_before(charge));
            }
        }
        // What was opened long ago is open still.
        let now = self.clock.now();
        for entry in self.book.all(|one| one.is_open() && !is_long_over(one, now)) {
            self.guards.open(entry.outline(|one| (one.id, one.owner.as_ref().clone())));
        }
        Ok(())
    }

    fn spent_before(&self, charge: Charge) -> Spent {
        let exchange =
            |money: Money| Exchange::of(&self.dialect, money.currency).map(|rate| (rate, money.amount));
        let amount =
            charge.amount.and_then(exchange).map_or(Decimal::ZERO, |(rate, amount)| cost(rate, amount));
        Spent { id: charge.id, owner: charge.owner, amount, at: charge.at, opens: false }
    }
}

/// The order of a purchase that can be capped: of several parts none could go back alone, and the prices of what is
/// not from the shelf are not those of the list.
fn cappable(purchase: &Purchase) -> Option<&Order> {
    match purchase.orders.as_slice() {
        [only] if only.origin == Origin::Shelf && only.rent.is_none() => Some(only),
        _ => None,
    }
}

/// An amount of the account as it counts here.
pub(in crate::engine) fn cost(exchange: Exchange, amount: Decimal) -> Decimal {
    exchange.cost(amount).map_or(MOST, |cost| cost.amount.clamp(Decimal::ZERO, MOST))
}

fn each_of(held: &Held, parts: usize) -> Decimal {
    held.wanted.amount / Decimal::from(parts.max(1))
}

fn spent_on(activation: &Activation, amount: Decimal) -> Spent {
    let opens = activation.is_open();
    Spent { id: activation.id, owner: activation.owner.clone(), amount, at: activation.bought_at, opens }
}

/// Whether it can be given no end: nobody can be asked about it, and its time was over long ago.
pub(in crate::engine) fn is_long_over(outline: &Outline, now: Timestamp) -> bool {
    now.saturating_sub(KEPT_AFTER_THE_END).is_ok_and(|then| outline.is_over(then))
}
