//! What there is to rent and at which price: fetched once per time to live however many ask. Knows neither an
//! upstream's tariffs nor the dialect's shapes.

use std::sync::Arc;

use crate::domain::{Activation, Money, Order};
use crate::engine::lists::owner_of;
use crate::engine::{Caller, Engine, Upstream, shown};
use crate::provider::{Capability, Cx, Fault, RentOffers, RentQuery};

impl Engine {
    /// What there is to rent.
    pub async fn rent_offers(&self, caller: &Caller, query: RentQuery) -> Result<RentOffers, Fault> {
        let upstream = self.main_upstream()?;
        if !upstream.can(Capability::RentOffers) {
            return Err(Fault::unsupported(Capability::RentOffers));
        }
        let cx = self.cx(upstream, caller);
        let listed = listed_rents(upstream, caller, &cx, query).await?;
        let services = shown::offers(&upstream.exchange, listed.services.clone())?;
        Ok(RentOffers { services, ..listed.as_ref().clone() })
    }

    /// What a rent, or more time for one, is expected to cost; `None` when nobody knows.
    pub(in crate::engine) async fn expected_rent_price(
        &self,
        upstream: &Upstream,
        caller: &Caller,
        cx: &Cx,
        order: &Order,
        parent: Option<&Activation>,
    ) -> Option<Money> {
        let hours = order.rent.as_ref()?.hours;
        let price = match parent {
            Some(rent) => upstream.provider.rentals().price_of_more(cx, rent, hours).await.ok()?,
            None if upstream.can(Capability::RentOffers) => {
                let query = RentQuery {
                    country: order.country,
                    operators: order.operators.clone(),
                    hours,
                    incoming_call: order.verification,
                };
                let listed = listed_rents(upstream, caller, cx, query).await.ok()?;
                listed.services.iter().find(|offer| offer.service == order.service)?.price
            }
            None => return None,
        };
        // Nobody rents for nothing.
        Some(price).filter(|price| !price.amount.is_zero())
    }
}

/// The list of the account's currency.
async fn listed_rents(
    upstream: &Upstream,
    caller: &Caller,
    cx: &Cx,
    query: RentQuery,
) -> Result<Arc<RentOffers>, Fault> {
    let key = (owner_of(caller), query.clone());
    let fetch = upstream.provider.rentals().offers(cx, &query);
    upstream.listed(&upstream.lists.rents, key, cx, fetch).await
}
