//! Doubts settled by what became of an account's balance: what it held before, less what is written down as bought
//! since, more what is written down as given back, is what it should hold. Knows no list.
//!
//! It is reckoned only while nothing else could move it: nothing under way, nothing that was bought or has ended
//! lately, nothing that waits and may have been refunded unseen, every price known, and nothing bought beside numbers.
//! If it is exact to the last digit, nothing was charged. If exactly what is at stake is missing, it was charged: then
//! the doubt stays, for its number is not known, until the upstream has refunded what nobody used. Anything else may
//! be anybody's doing, and says nothing.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use super::Case;
use crate::domain::{Outline, State};
use crate::engine::{Engine, Upstream};
use crate::ledger::{Checkpoint, Doubt, Movements};
use crate::provider::Capability;

/// How long a refund may take to be seen in a balance.
const QUIET: SignedDuration = SignedDuration::from_mins(2);

/// For how long a doubt is looked into by the balance.
const LOOKED_INTO: SignedDuration = SignedDuration::from_hours(24);

/// How often the balance is looked at for no other reason than to know it.
const EVERY: SignedDuration = SignedDuration::from_mins(10);

/// How the reason of a doubt begins of which the balance showed that it was charged.
const CHARGED: &str = "the balance shows that it was charged";

impl Engine {
    pub(super) async fn settle_by_balance(self: &Arc<Self>, case: &Case<'_>) {
        let Some(before) = case.account.last else { return };
        let now = self.clock.now();
        let doubts = self.judged_by_balance(case).await;
        let old = |doubt: &Doubt| doubt.intent.at > before.at && self.doubts.is_old(doubt.id, now);
        if doubts.is_empty() || !doubts.iter().all(old) || self.may_be_refunded(case).await {
            return;
        }
        let Some((after, movements)) = self.moved_balance(case, before.at).await else { return };
        let Some(missing) = missing(before, after, &movements, case.upstream.spec.expiry_refunds) else {
            return;
        };
        let at_stake: Option<Decimal> =
            doubts.iter().map(|doubt| doubt.intent.stake.map(|stake| stake.amount)).sum();
        for doubt in &doubts {
            let is_over = now >= case.ends(&doubt.intent.order, doubt.intent.at);
            let was_charged = was_charged(doubt);
            if missing.is_zero() && (is_over || !was_charged) {
                let why = match was_charged {
                    true => "the balance shows that it was given back",
                    false => "the balance shows that nothing is charged for it",
                };
                self.release_doubt(doubt, why).await;
            } else if Some(missing) == at_stake && !was_charged {
                self.note_charged(doubt).await;
            }
        }
    }

    /// Those that a balance can tell of.
    async fn judged_by_balance(&self, case: &Case<'_>) -> Vec<Doubt> {
        let now = self.clock.now();
        let recent = |doubt: &Doubt| now.duration_since(doubt.intent.at) < LOOKED_INTO;
        self.open_doubts(case).await.into_iter().filter(recent).collect()
    }

    async fn note_charged(&self, doubt: &Doubt) {
        let Some(stake) = doubt.intent.stake else { return };
        let reason = format!("{CHARGED} {stake}; {}", doubt.reason);
        tracing::warn!(
            id = doubt.id.get(),
            "a purchase in doubt: {CHARGED} {stake}, and its number is not known"
        );
        if let Err(error) = self.ledger.doubt(doubt.id, reason).await {
            tracing::error!(id = doubt.id.get(), "this could not be written down: {error}");
        }
    }

    /// Whether the upstream may have given something back that is not known here.
    /// Memory lets go of what is long over and was given no end; the ledger has it.
    async fn may_be_refunded(&self, case: &Case<'_>) -> bool {
        self.ledger.awaits_refund(case.upstream.seller.clone()).await.unwrap_or(true)
    }

    /// The balance; `None` unless nothing moved it just now.
    async fn quiet_balance(&self, case: &Case<'_>) -> Option<Checkpoint> {
        let at = self.clock.now();
        if !self.is_quiet(case, at).await {
            return None;
        }
        let balance = case.upstream.provider.balance(&case.cx).await.ok()?;
        self.is_quiet(case, at).await.then_some(Checkpoint { balance, at })
    }

    /// The balance, and what moved it after `since`; `None` unless nothing moved it just now.
    async fn moved_balance(&self, case: &Case<'_>, since: Timestamp) -> Option<(Checkpoint, Movements)> {
        let after = self.quiet_balance(case).await?;
        let movements = self.ledger.movements(case.upstream.seller.clone(), since).await.ok()?;
        // What moved while these were read is in them and not in the balance.
        self.is_quiet(case, after.at).await.then_some((after, movements))
    }

    /// Whether nothing is under way that could move the account, and nothing has moved it shortly before `at` or since.
    async fn is_quiet(&self, case: &Case<'_>, at: Timestamp) -> bool {
        let seller = &case.upstream.seller;
        let is_cancelled = |one: &Outline| *one.provider == *seller && one.state == State::Cancelling;
        if !self.doubts.under_way.is_none(seller) || !self.book.all(is_cancelled).is_empty() {
            return false;
        }
        let lately = at.saturating_sub(QUIET).unwrap_or(at);
        self.ledger.has_moved(seller.clone(), lately).await.is_ok_and(|moved| !moved)
    }

    /// Notes what accounts hold, so that there is something to hold a later balance against: at quiet moments, now and
    /// then, if something was bought or has ended since, and where no doubt waits to be held against the last one.
    pub async fn note_balances(self: &Arc<Self>) {
        for upstream in &self.upstreams {
            if upstream.can(Capability::Balance) && !upstream.spec.in_process {
                self.note_balance(upstream).await;
            }
        }
    }

    async fn note_balance(self: &Arc<Self>, upstream: &Arc<Upstream>) {
        let Some(case) = self.case(upstream).await else { return };
        let now = self.clock.now();
        if let Some(Checkpoint { at, .. }) = case.account.last {
            let early = now.duration_since(at) < EVERY;
            if early || !self.ledger.has_moved(upstream.seller.clone(), at).await.unwrap_or(true) {
                return;
            }
        }
        if !self.judged_by_balance(&case).await.is_empty() {
            return;
        }
        if let Some(checkpoint) = self.quiet_balance(&case).await {
            let noted = self.ledger.note_balance(upstream.seller.clone(), checkpoint).await;
            if let Err(error) = noted {
                tracing::error!(provider = upstream.name, "the balance could not be written down: {error}");
            }
        }
    }
}

/// Whether the balance showed that a doubt was charged.
pub(super) fn was_charged(doubt: &Doubt) -> bool {
    doubt.reason.starts_with(CHARGED)
}

/// How much less the account holds than it should, by what has moved after `before`; `None` where that cannot be
/// reckoned.
/// What ran out was refunded or not; only of some upstreams is that known.
fn missing(
    before: Checkpoint,
    after: Checkpoint,
    movements: &Movements,
    expiry_refunds: bool,
) -> Option<Decimal> {
    let currency = before.balance.currency;
    if movements.goods > 0 || after.balance.currency != currency {
        return None;
    }
    let mut should = before.balance.amount;
    for one in &movements.numbers {
        let price = one.price.filter(|price| price.currency == currency)?.amount;
        let sum = price.checked_mul(one.count.into())?;
        if one.bought {
            should -= sum;
        }
        if one.ended {
            match one.state {
                State::Expired if !expiry_refunds => return None,
                State::Cancelled | State::Expired => should += sum,
                _ => {}
            }
        }
    }
    Some(should - after.balance.amount)
}

#[cfg(test)]
#[path = "by_balance_tests.rs"]
mod tests;
