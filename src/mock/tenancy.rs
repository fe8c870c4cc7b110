//! How a number that was rented at the market ends before its time. Knows no upstream's rules for it.

use super::lot::{Lot, LotState};
use super::market::Market;
use super::want::StepError;

impl Market {
    /// Ends a living lot at its buyer's word, whether or not a message came; nothing is refunded.
    ///
    /// # Errors
    /// When the lot is over or unknown.
    pub fn vacate(&self, id: &str) -> Result<Lot, StepError> {
        let (mut book, now) = self.open();
        let index = book.find(id, now).ok_or(StepError::Unknown)?;
        if !book.lots[index].is_active() {
            return Err(StepError::Over);
        }
        book.end(index, LotState::Finished, now);
        Ok(book.lots[index].clone())
    }

    /// Takes a living lot back and refunds it, however early that is.
    ///
    /// # Errors
    /// When a message has come, or the lot is over or unknown.
    pub fn evict(&self, id: &str) -> Result<Lot, StepError> {
        let (mut book, now) = self.open();
        let index = book.find(id, now).ok_or(StepError::Unknown)?;
        let lot = &book.lots[index];
        if !lot.is_active() {
            return Err(StepError::Over);
        }
        if !lot.messages.is_empty() {
            return Err(StepError::HasMessage);
        }
        book.end(index, LotState::Cancelled, now);
        Ok(book.lots[index].clone())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rust_decimal::Decimal;

    use super::*;
    use crate::clock::MovableClock;
    use crate::mock::want::Want;
    use crate::mock::{Place, Settings};

    #[test]
    fn a_rented_number_ends_with_a_refund_or_without() {
        let clock = MovableClock::standing();
        let market = Market::new(
            Settings::default(),
            clock.clone(),
            |_, nth| nth.to_string(),
            |_: &str| Place::default(),
        );
        market.set_stock("0", "tg", 9);
        let rental = Some(Decimal::from(150));
        let rent = || market.buy(Want { rental, ..Want::new("0", "tg") }).unwrap().id;
        let (kept, returned, used) = (rent(), rent(), rent());
        assert_eq!(market.vacate(&kept).unwrap().state, LotState::Finished);
        assert_eq!(market.evict(&kept).unwrap_err(), StepError::Over);
        assert_eq!(market.evict(&returned).unwrap().state, LotState::Cancelled);
        assert_eq!(market.totals().charged, Decimal::from(300));
        clock.advance(Duration::from_secs(6));
        assert_eq!(market.evict(&used).unwrap_err(), StepError::HasMessage);
        assert_eq!(market.vacate("nobody's").unwrap_err(), StepError::Unknown);
    }
}
