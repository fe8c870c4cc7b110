//! More time for a rent, and what that would cost. Buying it is a purchase like any other, which is asked for once
//! and never again where its answer is lost. Knows no tariff.

use std::sync::Arc;

use crate::domain::{Activation, ActivationId, Money, Order, Origin, RentTerms, State};
use crate::engine::book::Entry;
use crate::engine::poll::Who;
use crate::engine::{Caller, Engine, Upstream};
use crate::provider::{Capability, Fault, FaultKind};

impl Engine {
    /// Buys so many hours more. The rent that lives on is this one, or another that the upstream made of it.
    ///
    /// # Errors
    /// [`FaultKind::RentOver`] when it was cancelled; whether one that has ended can be had again is for the upstream
    /// to say.
    pub async fn continue_rent(
        self: &Arc<Self>,
        caller: &Caller,
        id: ActivationId,
        hours: u32,
    ) -> Result<Activation, Fault> {
        let (entry, _) = self.continuable(caller, id).await?;
        let rent = entry.get();
        let webhook = rent.rent.and_then(|terms| terms.webhook);
        let order = Order {
            operators: rent.operator.into_iter().collect(),
            origin: Origin::Continued(id),
            rent: Some(RentTerms { hours, webhook }),
            ..Order::new(rent.service, rent.country)
        };
        let bought = self.purchase(caller, order).await?;
        Ok(if bought.is_prolongation() { self.shown(entry.get()) } else { bought })
    }

    /// What so many hours more would cost.
    ///
    /// # Errors
    /// As [`Engine::continue_rent`].
    pub async fn price_of_more_rent(
        self: &Arc<Self>,
        caller: &Caller,
        id: ActivationId,
        hours: u32,
    ) -> Result<Money, Fault> {
        let (entry, upstream) = self.continuable(caller, id).await?;
        let cx = self.cx(&upstream, caller);
        let price = upstream.provider.rentals().price_of_more(&cx, &entry.get(), hours).await?;
        upstream.exchange.cost(price.amount)
    }

    /// A rent of the caller's, as it stands now, that may get more time, and who sold it.
    async fn continuable(
        self: &Arc<Self>,
        caller: &Caller,
        id: ActivationId,
    ) -> Result<(Arc<Entry>, Arc<Upstream>), Fault> {
        let entry = self.rent_entry(caller, id).await?;
        let upstream = Arc::clone(self.selling(&entry.get())?);
        if !upstream.can(Capability::RentContinue) {
            return Err(Fault::unsupported(Capability::RentContinue));
        }
        if entry.outline(|rent| rent.is_over(self.clock.now())) {
            self.refresh_rent(caller, &entry, Who::Client).await?;
        }
        if entry.outline(|rent| matches!(rent.state, State::Cancelled | State::Cancelling)) {
            return Err(Fault::new(FaultKind::RentOver, format!("rent {id} was cancelled")));
        }
        Ok((entry, upstream))
    }
}
