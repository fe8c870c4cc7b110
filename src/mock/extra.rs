//! What a market does with a number that it sold before: charges for another message or for more time, and lets
//! messages go on. Knows no upstream's prices.

use std::time::Duration;

use rust_decimal::Decimal;

use super::lot::{Lot, LotState};
use super::market::Market;
use super::want::BuyError;

/// How many messages come to a rented number by themselves.
const MESSAGES: usize = 3;

impl Market {
    /// Sends a rented number its next message on its way, now that those before it were shown.
    pub fn go_on(&self, lot: &Lot) {
        if lot.state == LotState::Received && lot.messages.len() < MESSAGES {
            // One that is over takes none.
            let _ = self.another(&lot.id);
        }
    }

    /// Charges `amount` for a living lot once more.
    ///
    /// # Errors
    /// When the balance does not reach, or there is no such lot; nothing has changed then.
    pub fn charge(&self, id: &str, amount: Decimal) -> Result<Lot, BuyError> {
        self.prolong(id, Duration::ZERO, amount)
    }

    /// Charges `amount`, and keeps a living lot longer.
    ///
    /// # Errors
    /// When the balance does not reach, or there is no such lot; nothing has changed then.
    pub fn prolong(&self, id: &str, by: Duration, amount: Decimal) -> Result<Lot, BuyError> {
        let (mut book, now) = self.open();
        let index = book.find(id, now).ok_or(BuyError::NoStock)?;
        if !book.lots[index].is_active() {
            return Err(BuyError::NoStock);
        }
        book.charge(index, amount)?;
        book.prolong(index, by);
        Ok(book.lots[index].clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::MovableClock;
    use crate::mock::want::{Scope, Special, Want};
    use crate::mock::{LotState, Place, Settings};

    const DAY: Duration = Duration::from_secs(24 * 3600);

    #[test]
    fn a_rented_number_is_paid_for_to_its_end() {
        let clock = MovableClock::standing();
        let settings = Settings { balance: Decimal::from(400), ..Settings::default() };
        let market =
            Market::new(settings, clock.clone(), |_, nth| nth.to_string(), |_: &str| Place::default());
        market.set_stock("RU", "full", 1);
        market.declare(Scope::Service("full".into()), Special::NoMessage);
        let rental = Some(Decimal::from(150));
        let lot = market.buy(Want { rental, lifetime: Some(DAY), ..Want::new("RU", "full") }).unwrap();
        assert_eq!(lot.price, Decimal::from(150));
        let longer = market.prolong(&lot.id, DAY, Decimal::from(150)).unwrap();
        assert_eq!(longer.price, Decimal::from(300));
        assert_eq!(market.prolong(&lot.id, DAY, Decimal::from(150)).unwrap_err(), BuyError::NoFunds);
        clock.advance(DAY);
        assert!(market.lot(&lot.id).unwrap().is_active());
        clock.advance(DAY);
        assert_eq!(market.lot(&lot.id).unwrap().state, LotState::Finished);
        assert_eq!(market.charge(&lot.id, Decimal::ONE).unwrap_err(), BuyError::NoStock);
        let totals = market.totals();
        assert_eq!((totals.charged, totals.balance), (Decimal::from(300), Decimal::from(100)));
    }
}
