//! The border at which amounts change their currency: within, the engine reckons in that of each
//! provider's account; what leaves it is in the dialect's. Knows no rounding and no wire.

use serde_json::Value;

use super::{Caller, Engine, Exchange, Upstream};
use crate::domain::{Activation, Currency, Money, Offer, Order};
use crate::provider::{Fault, FaultKind};

impl Engine {
    /// An activation as clients see it. Its cost is unknown where it was charged in a currency that has
    /// no rate any more; the ledger still has it.
    pub(super) fn shown(&self, mut activation: Activation) -> Activation {
        let Some(account) = self.currency_of(&activation).filter(|account| *account != self.dialect.currency)
        else {
            return activation;
        };
        let exchange = Exchange::of(&self.dialect, account);
        let cost = |price: Money| exchange.and_then(|exchange| exchange.cost(price.amount).ok());
        activation.price = activation.price.and_then(cost);
        say_currency(&mut activation, self.dialect.currency);
        activation
    }

    /// A balance as [`Engine::balance`] tells it, in another currency, rounded down; `None` when there is no
    /// rate for that.
    pub fn balance_in(&self, held: Money, currency: Currency) -> Option<Money> {
        let amount = Exchange::of(&self.dialect, currency)?.balance_back(held.amount)?;
        Some(Money { amount, currency })
    }

    /// A price as [`Engine::prices`] tells it, in another currency, rounded up; `None` when there is no rate
    /// for that.
    pub fn price_in(&self, price: Money, currency: Currency) -> Option<Money> {
        let amount = Exchange::of(&self.dialect, currency)?.cost_back(price.amount)?;
        Some(Money { amount, currency })
    }

    /// What its price is in; without a price, what its provider's amounts are in.
    fn currency_of(&self, activation: &Activation) -> Option<Currency> {
        let charged = activation.price.map(|price| price.currency);
        let account = || self.sellers.get(&activation.provider).map(|seller| seller.exchange.account());
        charged.or_else(account)
    }

    /// The order with its cap in the account's currency. One of which nothing is left there is refused
    /// with the price, as a cap that is no amount is.
    pub(super) async fn in_account(
        &self,
        upstream: &Upstream,
        caller: &Caller,
        order: Order,
    ) -> Result<Order, Fault> {
        let Some(cap) = order.max_price else { return Ok(order) };
        if let Some(cap) = upstream.exchange.cap(cap) {
            return Ok(Order { max_price: Some(cap), ..order });
        }
        let cx = self.cx(upstream, caller);
        let price = self.listed_price(upstream, caller, &cx, &order).await;
        let detail = format!("maxPrice is no usable amount in {}", upstream.exchange.account());
        Err(Fault::new(FaultKind::PriceAboveCap(price.map(|price| price.amount).unwrap_or_default()), detail))
    }

    /// Says of open activations whose currency has no rate any more that their cost is not shown.
    pub(super) fn warn_of_lost_rates(&self) {
        let has_none = |charged| Exchange::of(&self.dialect, charged).is_none();
        let lost = self.book.all(|outline| outline.currency.is_some_and(has_none));
        if let Some(currency) = lost.first().and_then(|entry| entry.outline(|outline| outline.currency)) {
            tracing::warn!(
                "numbers were charged in {currency}, and [dialect.rates] has no {currency} any more: their cost is shown as unknown"
            );
        }
    }
}

/// Offers as clients see them.
pub(super) fn offers(exchange: &Exchange, offers: Vec<Offer>) -> Result<Vec<Offer>, Fault> {
    let shown = |offer: Offer| Ok(Offer { price: exchange.cost(offer.price.amount)?, ..offer });
    offers.into_iter().map(shown).collect()
}

/// The field by which compatible services tell the currency of `getNumberV2`'s cost, as a number that
/// clients want to be an integer (`WIRE.md` section 4, HERO and RS). It must not name the account's.
fn say_currency(activation: &mut Activation, currency: Currency) {
    const FIELD: &str = "currency";
    if !activation.extra.contains_key(FIELD) {
        return;
    }
    match currency.number() {
        Some(number) => drop(activation.extra.insert(FIELD.to_owned(), Value::from(number))),
        None => drop(activation.extra.shift_remove(FIELD)),
    }
}
