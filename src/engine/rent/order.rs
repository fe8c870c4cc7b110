//! Renting a number: a purchase like any other, once its terms are such as can be kept. Knows no hours that an
//! upstream rents for.

use std::sync::Arc;

use super::webhook::allowed_webhook;
use crate::domain::{Activation, Order};
use crate::engine::{Caller, Engine};
use crate::provider::Fault;

impl Engine {
    /// Rents a number on the terms of `order.rent`, as [`Engine::purchase`] does.
    ///
    /// # Errors
    /// When its messages are to be sent where they may not, and as any purchase.
    pub async fn rent(self: &Arc<Self>, caller: &Caller, order: Order) -> Result<Activation, Fault> {
        if let Some(url) = order.rent.as_ref().and_then(|terms| terms.webhook.as_deref()) {
            allowed_webhook(url)?;
        }
        self.purchase(caller, order).await
    }
}
