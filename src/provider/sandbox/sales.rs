//! How the sandbox sells: a number, one for several services, a used one once more, a service beside that of
//! a number that forwards. Knows neither messages nor how a number ends.
//!
//! The rules are those of `api/sms-activate.txt`, "Дополнительная активация номера" and "Дополнительный сервис
//! для номеров с переадресацией".

use rust_decimal::Decimal;

use super::Sandbox;
use crate::domain::{Activation, Bought, Extra, Money, Operator, Order, Phone, Service};
use crate::mock::{BuyError, Lot, Want};
use crate::provider::{Fault, FaultKind};

/// What a further service costs: "всего 5р".
const ADDITIONAL_COSTS: i64 = 5;

/// Ends the ids of numbers that forward. The market is made anew at every start, so that what it must know of a
/// number again stands in its id.
pub(super) const FORWARDS: &str = "-f";

/// The market's id of a number, and whether it forwards, by the id under which it was sold.
pub(super) fn read_id(upstream_id: &str) -> (&str, bool) {
    match upstream_id.strip_suffix(FORWARDS) {
        Some(id) => (id, true),
        None => (upstream_id, false),
    }
}

impl Sandbox {
    pub(super) fn sell(&self, order: &Order) -> Result<Bought, Fault> {
        let want = self.want(order)?;
        let lot = self.market.buy(want).map_err(fault_of_buying)?;
        if order.verification {
            self.switchboard.expect(&lot.id);
        }
        self.bought(lot)
    }

    pub(super) fn sell_together(&self, orders: &[Order]) -> Result<Vec<Bought>, Fault> {
        let wants = orders.iter().map(|order| self.want(order)).collect::<Result<_, _>>()?;
        let lots = self.market.buy_together(wants).map_err(fault_of_buying)?;
        lots.into_iter().map(|lot| self.bought(lot)).collect()
    }

    /// The number of one that had its message; it must not be in use any more.
    pub(super) fn sell_again(&self, parent: &Activation) -> Result<Bought, Fault> {
        self.require_used(parent)?;
        let want = Want {
            phone: Some(parent.phone.digits().to_owned()),
            ..Want::new(&parent.country.to_string(), parent.service.as_str())
        };
        let sold = self.market.buy(want).map_err(|error| match error {
            BuyError::NoStock => Fault::new(FaultKind::NotRenewable, "sandbox: the number is in use"),
            other => fault_of_buying(other),
        });
        self.bought(sold?)
    }

    pub(super) fn price_of_more(&self, parent: &Activation) -> Result<Money, Fault> {
        self.require_used(parent)?;
        Ok(self.offer(&parent.service, parent.country, &[]).price)
    }

    /// A further service on a living number that forwards and had its first message.
    pub(super) fn sell_additional(&self, parent: &Activation, service: &Service) -> Result<Bought, Fault> {
        if !self.can_forward(service) {
            return Err(Fault::new(FaultKind::NotAddable, format!("sandbox: {service} does not forward")));
        }
        let lot = self.lot(parent).filter(|lot| lot.forwards && lot.is_active() && !lot.messages.is_empty());
        let Some(lot) = lot else {
            let detail = "sandbox: the number does not forward, has ended, or waits for its first message";
            return Err(Fault::new(FaultKind::NotForwarding, detail));
        };
        let same =
            |other: &Lot| other.phone == lot.phone && other.service == service.as_str() && other.is_active();
        if self.market.lots().iter().any(same) {
            return Err(Fault::new(FaultKind::AlreadyAdded, format!("sandbox: {service} is on it already")));
        }
        let want = Want {
            phone: Some(lot.phone),
            beside: true,
            price: Some(Decimal::from(ADDITIONAL_COSTS)),
            ..Want::new(&lot.country, service.as_str())
        };
        self.bought(self.market.buy(want).map_err(fault_of_buying)?)
    }

    fn want(&self, order: &Order) -> Result<Want, Fault> {
        self.known(order.country)?;
        if order.forward && !self.can_forward(&order.service) {
            let detail = format!("sandbox: no number forwards for {}", order.service);
            return Err(Fault::new(FaultKind::NoStock, detail));
        }
        Ok(Want {
            operators: order.operators.iter().map(|operator| operator.as_str().to_owned()).collect(),
            max_price: order.max_price,
            excluded: order.excluded.clone(),
            forwards: order.forward,
            ..Want::new(&order.country.to_string(), order.service.as_str())
        })
    }

    fn bought(&self, lot: Lot) -> Result<Bought, Fault> {
        let phone = Phone::parse(&lot.phone);
        Ok(Bought {
            phone: phone.map_err(|error| Fault::new(FaultKind::Malformed, error.to_string()).in_doubt())?,
            upstream_id: if lot.forwards { format!("{}{FORWARDS}", lot.id) } else { lot.id },
            price: Some(self.money(lot.price)),
            operator: lot.operator.and_then(|name| Operator::parse(&name).ok()),
            expires_at: Some(lot.expires_at),
            extra: Extra::new(),
        })
    }

    /// Refuses what had no message. After a restart the ledger's word is all there is, and a number that lives
    /// is put back on the market, where it is seen to be in use.
    fn require_used(&self, parent: &Activation) -> Result<(), Fault> {
        let has_message = self.lot(parent).is_some_and(|lot| !lot.messages.is_empty());
        if has_message || !parent.messages.is_empty() {
            return Ok(());
        }
        Err(Fault::new(FaultKind::NotRenewable, "sandbox: no message has come to this number"))
    }

    fn can_forward(&self, service: &Service) -> bool {
        self.catalog.service(service).is_some_and(|entry| entry.forwardable)
    }
}

pub(super) fn fault_of_buying(error: BuyError) -> Fault {
    let kind = match error {
        BuyError::Unsupported => FaultKind::UnknownService,
        BuyError::NoStock => FaultKind::NoStock,
        BuyError::NoFunds => FaultKind::NoFunds,
        BuyError::TooDear(price) => FaultKind::PriceAboveCap(price),
    };
    Fault::new(kind, format!("sandbox: {error}"))
}
