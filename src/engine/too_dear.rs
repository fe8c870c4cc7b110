//! Numbers that turned out dearer than they were to be, above a cap or beyond a limit of spending: given back. Knows
//! no way to buy.

use super::Engine;
use super::purchase::Purchase;
use crate::domain::{Activation, Money};
use crate::provider::{Capability, Cx, Fault, FaultKind};

impl Engine {
    /// What was bought, unless its price is a reason to give it back; `limit` is what to answer where that is a limit
    /// of spending.
    pub(super) async fn unless_too_dear(
        &self,
        cx: &Cx,
        purchase: &Purchase,
        (charged, limit): (Option<Money>, Option<Fault>),
        activations: Vec<Activation>,
    ) -> Result<Vec<Activation>, Fault> {
        match (charged, limit) {
            (Some(price), Some(limit)) => self.undo(cx, purchase, (price, limit), activations).await,
            _ => self.within_cap_after_all(cx, purchase, charged, activations).await,
        }
    }

    /// Gives a number back that turned out so dear that a limit of spending is exceeded.
    async fn undo(
        &self,
        cx: &Cx,
        purchase: &Purchase,
        (price, limit): (Money, Fault),
        mut activations: Vec<Activation>,
    ) -> Result<Vec<Activation>, Fault> {
        if activations.iter().any(|part| part.unwanted) {
            return Ok(activations);
        }
        let Some(only) = activations.pop() else { return Ok(activations) };
        let kept = self.give_back(&purchase.upstream, cx, only, price).await;
        let limited = |fault: Fault| {
            if matches!(fault.kind, FaultKind::PriceAboveCap(_)) { limit } else { fault }
        };
        kept.map(|kept| vec![kept]).map_err(limited)
    }

    /// Gives a number back that turned out dearer than the cap, where the upstream knows no caps.
    async fn within_cap_after_all(
        &self,
        cx: &Cx,
        purchase: &Purchase,
        charged: Option<Money>,
        mut activations: Vec<Activation>,
    ) -> Result<Vec<Activation>, Fault> {
        // Of several parts none could go back alone, and no action lets a client cap them.
        let cap = match purchase.orders.as_slice() {
            [only] => purchase.cap(only),
            _ => None,
        };
        // What is not handed out goes back anyway.
        let wanted = activations.iter().all(|part| !part.unwanted);
        let dearer = charged.filter(|price| wanted && cap.is_some_and(|cap| price.amount > cap));
        let upstream = &purchase.upstream;
        let Some(price) = dearer.filter(|_| !upstream.can(Capability::MaxPrice)) else {
            return Ok(activations);
        };
        match activations.pop() {
            Some(only) => self.give_back(upstream, cx, only, price).await.map(|kept| vec![kept]),
            None => Ok(activations),
        }
    }
}
