//! Purchases that build on an activation: its number once more, or another service on it. Knows neither how
//! they are written on the wire nor who fulfils them.

use std::sync::Arc;

use super::{Caller, Engine};
use crate::domain::{Activation, ActivationId, Money, Order, Origin, Service};
use crate::provider::{Capability, Fault, FaultKind};

impl Engine {
    /// Buys the number of a used activation once more, for the same service.
    pub async fn buy_again(self: &Arc<Self>, caller: &Caller, id: ActivationId) -> Result<Activation, Fault> {
        let parent = self.entry(caller, id).await?.get();
        let order = Order { origin: Origin::Extra(id), ..Order::new(parent.service, parent.country) };
        self.purchase(caller, order).await
    }

    /// What that would cost, and the activation that it would build on.
    pub async fn price_again(
        self: &Arc<Self>,
        caller: &Caller,
        id: ActivationId,
    ) -> Result<(Activation, Money), Fault> {
        let parent = self.entry(caller, id).await?.get();
        let upstream = self.selling(&parent)?;
        if !upstream.can(Capability::ExtraActivation) {
            return Err(Fault::unsupported(Capability::ExtraActivation));
        }
        let price = upstream.provider.price_again(&self.cx(upstream, caller), &parent).await;
        let cost = price.and_then(|price| upstream.exchange.cost(price.amount));
        let cost = cost.map_err(|fault| upstream.exchange.fault(fault))?;
        Ok((self.shown(parent), cost))
    }

    /// Buys a further service on the number of an activation with call forwarding. One that has ended has no
    /// number any more to add it to.
    pub async fn buy_additional(
        self: &Arc<Self>,
        caller: &Caller,
        id: ActivationId,
        service: Service,
    ) -> Result<Activation, Fault> {
        let parent = self.entry(caller, id).await?.get();
        if !self.selling(&parent)?.can(Capability::AdditionalService) {
            return Err(Fault::unsupported(Capability::AdditionalService));
        }
        if !parent.is_active(self.clock.now()) {
            return Err(Fault::new(FaultKind::NotForwarding, format!("activation {id} has ended")));
        }
        let order = Order { origin: Origin::Additional(id), ..Order::new(service, parent.country) };
        self.purchase(caller, order).await
    }
}
