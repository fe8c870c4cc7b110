//! Renting a number: a purchase like any other, once its terms are such as can be kept. Knows no hours that an
//! upstream rents for.

use std::sync::Arc;

use crate::domain::{Activation, Order};
use crate::engine::{Caller, Engine};
use crate::provider::Fault;

impl Engine {
    /// Rents a number on the terms of `order.rent`, as [`Engine::purchase`] does.
    ///
    /// # Errors
    /// When its messages are to be sent where they may not, and as any purchase.
    pub async fn rent(self: &Arc<Self>, caller: &Caller, mut order: Order) -> Result<Activation, Fault> {
        if let Some(terms) = &mut order.rent
            && let Some(url) = terms.webhook.take()
        {
            terms.webhook = Some(self.allowed_webhook(&url)?);
        }
        self.purchase(caller, order).await
    }
}
