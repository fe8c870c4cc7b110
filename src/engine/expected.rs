//! What a purchase is expected to cost: held against the cap where the upstream knows no caps,
//! and written down where the upstream does not say what it charged. Buys nothing.

use std::time::Duration;

use rust_decimal::Decimal;
use tokio::time::timeout;

use super::purchase::Purchase;
use super::{Caller, Engine, Upstream};
use crate::domain::{Money, Order, Origin};
use crate::provider::{Capability, Cx, Fault, FaultKind};

/// How long an order waits for a price that is in no kept list.
pub(super) const PRICE_PATIENCE: Duration = Duration::from_secs(2);

impl Engine {
    /// The price of each part where it is known. They are looked up before the purchase, so that nothing
    /// stands between that and the ledger; without them the order goes on all the same.
    ///
    /// # Errors
    /// When a price is above the cap, or no price can be had to hold the cap against.
    pub(super) async fn expected_prices(
        &self,
        caller: &Caller,
        cx: &Cx,
        purchase: &Purchase,
    ) -> Result<Vec<Option<Money>>, Fault> {
        let Purchase { upstream, orders, .. } = purchase;
        let mut prices = Vec::with_capacity(orders.len());
        for order in orders {
            let quoted = within_cap(upstream, cx, order, purchase.cap(order)).await?;
            prices.push(self.expected_price(purchase, caller, cx, order, quoted).await);
        }
        Ok(prices)
    }

    /// As asked for just now, else as in the list that is kept anyway; a number once more costs what the upstream
    /// says of it.
    async fn expected_price(
        &self,
        purchase: &Purchase,
        caller: &Caller,
        cx: &Cx,
        order: &Order,
        quoted: Option<Money>,
    ) -> Option<Money> {
        let Purchase { upstream, parent, .. } = purchase;
        // The sandbox says what it charges; only guards want to know it before.
        if quoted.is_some() || (upstream.spec.in_process && self.guards.is_off()) {
            return quoted;
        }
        let looked_up = async {
            match (order.origin, parent) {
                _ if order.rent.is_some() => {
                    self.expected_rent_price(upstream, caller, cx, order, parent.as_ref()).await
                }
                (Origin::Shelf, _) => self.listed_price(upstream, caller, cx, order).await,
                (Origin::Extra(_), Some(parent)) => upstream.provider.price_again(cx, parent).await.ok(),
                _ => None,
            }
        };
        timeout(PRICE_PATIENCE, looked_up).await.ok().flatten()
    }
}

/// Holds a cap against the price of the moment, where the upstream cannot do that itself, and gives
/// that price.
async fn within_cap(
    upstream: &Upstream,
    cx: &Cx,
    order: &Order,
    cap: Option<Decimal>,
) -> Result<Option<Money>, Fault> {
    let Some(cap) = cap.filter(|_| !upstream.can(Capability::MaxPrice)) else {
        return Ok(None);
    };
    let operator = order.operators.first();
    let offer = upstream.provider.quote(cx, &order.service, order.country, operator).await?;
    if offer.price.amount.is_zero() {
        // What some print for what is out of stock. It may be in stock the next moment, at any price.
        return Err(Fault::new(FaultKind::NoStock, "the upstream names no price to hold the cap against"));
    }
    if offer.price.amount > cap {
        return Err(Fault::new(FaultKind::PriceAboveCap(offer.price.amount), "the price is above the cap"));
    }
    Ok(Some(offer.price))
}
