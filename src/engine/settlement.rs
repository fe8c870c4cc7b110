//! What becomes of a purchase in the ledger and in memory: settled, given a price, given back, or
//! written off. Knows no way to buy.

use jiff::{SignedDuration, Timestamp};

use super::outcome::{InDoubt, NotDone};
use super::purchase::Purchase;
use super::unnoted::Note;
use super::{Caller, Engine, Upstream};
use crate::domain::{
    Activation, ActivationId, Bought, Money, Operator, Order, Origin, Rent, Sms, State, Step,
};
use crate::ledger::LedgerError;
use crate::provider::{Cx, Effect, Fault, FaultKind};

/// How much less than what was paid for a rent may last: upstreams round, and answers take their time.
const ROUGHLY: SignedDuration = SignedDuration::from_mins(10);

/// What was bought where by whom, under which ids.
pub(super) struct Sold<'a> {
    pub(super) upstream: &'a Upstream,
    pub(super) caller: &'a Caller,
    pub(super) ids: &'a [ActivationId],
    pub(super) purchase: &'a Purchase,
    /// What it builds on, as that stands now: it may have ended since it was looked at.
    pub(super) parent: Option<Activation>,
}

impl Sold<'_> {
    /// A part of it, as it is written down; `price` is what it was expected to cost.
    pub(super) fn part(
        &self,
        id: ActivationId,
        order: &Order,
        bought: Bought,
        price: Option<Money>,
        now: Timestamp,
    ) -> Activation {
        let has = |prefix: &String| bought.phone.digits().starts_with(prefix.as_str());
        let unwanted = order.excluded.iter().any(has);
        let rent = order.rent.as_ref().map(|terms| Rent {
            hours: terms.hours,
            webhook: terms.webhook.clone(),
            prolongs: self.prolonged(order, &bought),
        });
        let prolongs = rent.as_ref().is_some_and(|rent| rent.prolongs.is_some());
        let earlier = if prolongs { Vec::new() } else { self.earlier_messages(order, &bought) };
        let told = bought.expires_at.filter(|end| self.is_credible(*end, order, prolongs, now));
        let expires_at = told.unwrap_or_else(|| self.ends(order, prolongs, now));
        Activation {
            id,
            owner: self.caller.owner.clone(),
            provider: self.upstream.seller.clone(),
            upstream_id: bought.upstream_id,
            phone: bought.phone,
            service: order.service.clone(),
            country: order.country,
            operator: bought.operator.or_else(|| only(&order.operators)),
            price: bought.price.or(price),
            bought_at: now,
            expires_at,
            state: match (prolongs, earlier.is_empty()) {
                // More time for a rent lives on as that rent.
                (true, _) => State::Finished,
                (false, true) => State::Waiting,
                (false, false) if order.rent.is_some() => State::Received,
                (false, false) => State::Retry,
            },
            asked_at: if order.rent.is_some() { 0 } else { earlier.len() },
            messages: earlier,
            extra: bought.extra,
            rent,
            unwanted,
        }
    }

    /// The messages that the upstream goes on showing where it sold a number once more, or gave an ended rent more
    /// time, under the same id: they must not be taken for new ones.
    fn earlier_messages(&self, order: &Order, bought: &Bought) -> Vec<Sms> {
        let (Origin::Extra(_) | Origin::Continued(_)) = order.origin else { return Vec::new() };
        let parent = self.parent.as_ref().filter(|parent| parent.upstream_id == bought.upstream_id);
        parent.map(|parent| parent.messages.clone()).unwrap_or_default()
    }

    /// Until when it is kept where the upstream does not say so. What gives a rent more time begins where that ends.
    fn ends(&self, order: &Order, prolongs: bool, now: Timestamp) -> Timestamp {
        let Some(terms) = &order.rent else {
            let usual = self.upstream.lifetime;
            let lifetime = self.upstream.provider.lifetime_of(&order.service).unwrap_or(usual);
            return now.saturating_add(lifetime).unwrap_or(now);
        };
        let parent = self.parent.as_ref().filter(|_| prolongs);
        let from = parent.map_or(now, |rent| rent.expires_at.max(now));
        from.saturating_add(SignedDuration::from_hours(i64::from(terms.hours))).unwrap_or(from)
    }

    /// Whether an end that the upstream told can be right: a rent does not end long before the hours that were paid
    /// for, and more time does not leave the end where it was. Times are written there without their zone, and a
    /// rent that was ended hours too early would be lost.
    fn is_credible(&self, end: Timestamp, order: &Order, prolongs: bool, now: Timestamp) -> bool {
        let Some(terms) = &order.rent else { return true };
        if prolongs {
            return self.purchase.parent.as_ref().is_none_or(|before| end > before.expires_at);
        }
        if order.origin != Origin::Shelf {
            return end > now;
        }
        let paid = SignedDuration::from_hours(i64::from(terms.hours));
        end.duration_since(now) >= paid - ROUGHLY
    }

    /// The rent that a part gives more time to, unless the upstream made another rent of it, or that has ended: what
    /// has ended here does not live again.
    fn prolonged(&self, order: &Order, bought: &Bought) -> Option<ActivationId> {
        let Origin::Continued(_) = order.origin else { return None };
        let parent = self.parent.as_ref()?;
        Some(parent.id).filter(|_| parent.upstream_id == bought.upstream_id && !parent.state.is_final())
    }
}

impl Engine {
    /// Notes that the purchase was made, part for part.
    pub(super) async fn settle(
        &self,
        sold: &Sold<'_>,
        bought: Vec<Bought>,
        prices: Vec<Option<Money>>,
    ) -> Vec<Activation> {
        let now = self.clock.now();
        let parts = sold.ids.iter().zip(&sold.purchase.orders).zip(bought.into_iter().zip(prices));
        let activations: Vec<_> =
            parts.map(|((id, order), (bought, price))| sold.part(*id, order, bought, price, now)).collect();
        activations.iter().for_each(|part| sold.upstream.metrics.bought(part.price.as_ref()));
        let wanted = activations.iter().all(|part| !part.unwanted);
        let settled = match self.kept_until(sold.purchase.flight.as_ref()).filter(|_| wanted) {
            Some(until) => {
                self.shelf.put(sold.ids, until);
                self.ledger.settle_unmet(activations.clone(), until).await
            }
            None => self.ledger.settle_all(activations.clone()).await,
        };
        for activation in &activations {
            let entry = self.book.insert(activation);
            if let Err(error) = &settled {
                entry.lacks_all(activation);
                // The number is bought and in memory; the client is better served with it than without,
                // and it is written down as soon as that is possible again.
                tracing::error!(
                    id = activation.id.get(),
                    provider = sold.upstream.name,
                    upstream_id = activation.upstream_id,
                    "a purchase could not be written down: {error}"
                );
            }
            self.prolong_in_memory(activation).await;
        }
        activations
    }

    /// Gives the rent that a purchase prolongs its new end, as the ledger did.
    pub(super) async fn prolong_in_memory(&self, bought: &Activation) {
        let parent = bought.rent.as_ref().and_then(|rent| rent.prolongs);
        let Some(entry) = parent.and_then(|id| self.book.get(id)) else { return };
        let _gate = entry.gate().lock_owned().await;
        let mut rent = entry.get();
        rent.expires_at = rent.expires_at.max(bought.expires_at);
        entry.put(&rent);
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
        let _gate = entry.gate().lock_owned().await;
        // Written down first: after a crash it must be known that this may have happened.
        let before = activation.clone();
        activation.doubt(Step::Cancel);
        self.keep(&entry, activation.clone()).await;
        match upstream.provider.tell(cx, &before, Step::Cancel, None).await {
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
                if fault.effect == Effect::None {
                    activation = before;
                    self.keep(&entry, activation.clone()).await;
                }
                Ok(activation)
            }
        }
    }

    /// Notes of every part of a purchase that it was certainly not made.
    pub(super) async fn release(&self, ids: &[ActivationId], why: &NotDone) {
        for id in ids {
            self.guards.refund(*id);
            self.note_end(Note::released(*id, why)).await;
        }
    }

    /// Notes of every part of a purchase that nobody knows whether it was made.
    pub(super) async fn doubt(&self, ids: &[ActivationId], why: &InDoubt) {
        for id in ids {
            tell_of_doubt(*id, why);
            self.note_end(Note::in_doubt(*id, why)).await;
        }
    }
}

/// Says that a purchase is in doubt.
pub(super) fn tell_of_doubt(id: ActivationId, why: &InDoubt) {
    tracing::error!(
        id = id.get(),
        "nobody knows whether this purchase was made ({}); it is kept as unknown and not sent again",
        why.reason()
    );
}

/// Says if what came of a failed purchase could not be noted.
pub(super) fn note_failed(id: ActivationId, noted: Result<(), LedgerError>) {
    if let Err(error) = noted {
        tracing::error!(id = id.get(), "a failed purchase could not be written down: {error}");
    }
}

fn only(operators: &[Operator]) -> Option<Operator> {
    match operators {
        [operator] => Some(operator.clone()),
        _ => None,
    }
}
