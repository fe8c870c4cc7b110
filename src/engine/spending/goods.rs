//! Where orders for mail addresses and partner products come by the guards. Knows neither mail nor product.

use jiff::Timestamp;

use super::orders::cost;
use super::{Held, Spent};
use crate::domain::{ActivationId, Money};
use crate::engine::{Caller, Engine, Upstream};
use crate::provider::Fault;

impl Engine {
    /// Holds what a purchase beside numbers is expected to cost, where that is known.
    ///
    /// # Errors
    /// When it would exceed a limit, together with what was spent and what is under way.
    pub(in crate::engine) fn hold_for_goods(
        &self,
        caller: &Caller,
        upstream: &Upstream,
        price: Option<Money>,
    ) -> Result<Option<Held>, Fault> {
        let amount =
            price.map_or_else(|| self.at_most(caller), |price| cost(upstream.exchange, price.amount));
        self.hold_amounts(caller, &[amount], 0)
    }

    /// What was held was spent, or nobody knows whether it was.
    pub(in crate::engine) fn note_spent_on_goods(
        &self,
        held: Option<Held>,
        (caller, upstream): (&Caller, &Upstream),
        (id, at): (ActivationId, Timestamp),
        charged: Option<Money>,
    ) {
        let Some(held) = held else { return };
        let amount = charged.map_or(held.wanted.amount, |price| cost(upstream.exchange, price.amount));
        held.becomes(vec![Spent { id, owner: caller.owner.clone(), amount, at, opens: false }]);
    }
}
