//! The simulated market that every stand-in sells from: a balance, shelves, sold numbers and the
//! messages that reach them as the clock goes on. Knows no HTTP, no provider's words, and runs no
//! timer: whatever is due by now happens when somebody looks.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::book::Book;
use super::lot::{Lot, LotState, Message, later, sender_of};
use super::stock::{Place, Places, Quote, Stock};
use super::want::{BuyError, Scope, Special, StepError, Want};
use crate::clock::Clock;

/// How a market is set up.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What the buyer has at the start.
    pub balance: Decimal,
    /// How long after the purchase, and after another was asked for, a message comes.
    pub sms_delay: Duration,
    /// How long a number is kept, where the purchase does not say otherwise.
    pub lifetime: Duration,
    /// How long after the purchase a number cannot be given back; `None` for what the kind documents.
    pub early_cancel: Option<Duration>,
    /// Where prices, stock, numbers and codes come from.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            balance: Decimal::new(100_000, 2),
            sms_delay: Duration::from_secs(5),
            lifetime: Duration::from_secs(20 * 60),
            early_cancel: None,
            seed: 1,
        }
    }
}

/// Gives the `nth` lot under a seed its id.
pub type Naming = Box<dyn Fn(u64, u64) -> String + Send + Sync>;

/// Where the money is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// What the buyer was given, at the start and by [`Market::set_balance`].
    pub credited: Decimal,
    /// What the buyer has.
    pub balance: Decimal,
    /// The sum of all purchases.
    pub spent: Decimal,
    /// What came back of it.
    pub refunded: Decimal,
    /// What did not: spent less refunded.
    pub charged: Decimal,
    /// How many numbers were sold.
    pub purchases: u64,
}

/// The market.
pub struct Market {
    settings: Settings,
    clock: Arc<dyn Clock>,
    pub(super) naming: Naming,
    book: Mutex<Book>,
}

impl Market {
    /// A market; `places` says how numbers of a country look and which operators it has.
    pub fn new(
        settings: Settings,
        clock: Arc<dyn Clock>,
        naming: impl Fn(u64, u64) -> String + Send + Sync + 'static,
        places: impl Fn(&str) -> Place + Send + Sync + 'static,
    ) -> Arc<Self> {
        let places: Places = Box::new(places);
        let book = Book::new(&settings, Stock::new(settings.seed, places));
        Arc::new(Self { settings, clock, naming: Box::new(naming), book: Mutex::new(book) })
    }

    /// How it was set up.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What time it is here.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What the buyer has.
    pub fn balance(&self) -> Decimal {
        self.open().0.balance
    }

    /// Where the money is.
    pub fn totals(&self) -> Totals {
        let (book, _) = self.open();
        Totals {
            credited: book.credited,
            balance: book.balance,
            spent: book.spent,
            refunded: book.refunded,
            charged: book.spent - book.refunded,
            purchases: u64::try_from(book.lots.len()).unwrap_or(u64::MAX),
        }
    }

    /// What is offered, at these operators or, if none is named, at any.
    pub fn quote(&self, country: &str, service: &str, operators: &[String]) -> Quote {
        let (book, _) = self.open();
        let mut quote = book.stock.quote(country, service, operators);
        let none = [Special::Unsupported, Special::OutOfStock];
        if none.iter().any(|special| book.special(country, service, special)) {
            quote.count = 0;
        }
        quote
    }

    /// Sells one number.
    ///
    /// # Errors
    /// When it cannot be had; nothing has changed then.
    pub fn buy(&self, want: Want) -> Result<Lot, BuyError> {
        let mut lots = self.buy_together(vec![want])?;
        lots.pop().ok_or(BuyError::NoStock)
    }

    /// Sells the same number for several services of one country, all or none. Operators, price cap,
    /// exclusions and number are the first one's.
    ///
    /// # Errors
    /// When any of them cannot be had; nothing has changed then.
    pub fn buy_together(&self, wants: Vec<Want>) -> Result<Vec<Lot>, BuyError> {
        let (mut book, now) = self.open();
        book.sell(&self.naming, wants, now)
    }

    /// A lot as it stands now.
    pub fn lot(&self, id: &str) -> Option<Lot> {
        let (mut book, now) = self.open();
        let index = book.find(id, now)?;
        Some(book.lots[index].clone())
    }

    /// Puts a lot back that an earlier market sold, paid for from this one's balance; a message is on
    /// its way if the lot waits for one. `None` when its id is taken or its time is over.
    pub fn adopt(&self, lot: Lot) -> Option<Lot> {
        let (mut book, now) = self.open();
        let index = book.adopt(lot, now)?;
        Some(book.lots[index].clone())
    }

    /// Every lot as it stands now, oldest first.
    pub fn lots(&self) -> Vec<Lot> {
        let (mut book, now) = self.open();
        for lot in &mut book.lots {
            lot.catch_up(self.settings.seed, now);
        }
        book.lots.clone()
    }

    /// The newest lots as they stand now, at most so many, newest first.
    pub fn newest(&self, count: usize) -> Vec<Lot> {
        let (mut book, now) = self.open();
        let newest = book.lots.iter_mut().rev().take(count);
        newest
            .map(|lot| {
                lot.catch_up(self.settings.seed, now);
                lot.clone()
            })
            .collect()
    }

    /// Notes that the buyer was shown every message there is.
    pub fn shown(&self, id: &str) {
        let _ = self.step(id, |_, lot, _| {
            lot.seen = lot.messages.len();
            Ok(())
        });
    }

    /// The buyer says that the message was sent.
    ///
    /// # Errors
    /// When the lot is over or unknown.
    pub fn ready(&self, id: &str) -> Result<Lot, StepError> {
        self.step(id, |_, lot, _| {
            lot.ready = true;
            living(lot)
        })
    }

    /// The buyer asks for another message; asking again while it is on its way changes nothing.
    ///
    /// # Errors
    /// When no message has come yet, or the lot is over or unknown.
    pub fn another(&self, id: &str) -> Result<Lot, StepError> {
        self.step(id, |market, lot, now| {
            living(lot)?;
            if lot.messages.is_empty() {
                return Err(StepError::NoMessage);
            }
            if lot.state == LotState::Received {
                lot.state = LotState::Another;
                lot.next_at = Some(later(now, market.settings.sms_delay));
            }
            Ok(())
        })
    }

    /// From now on the service has to send its message once more.
    ///
    /// # Errors
    /// When a message has come already, or the lot is over or unknown.
    pub fn hold_for_resend(&self, id: &str) -> Result<Lot, StepError> {
        self.step(id, |_, lot, _| {
            living(lot)?;
            if !lot.messages.is_empty() {
                return Err(StepError::HasMessage);
            }
            lot.state = LotState::Resend;
            lot.next_at = None;
            Ok(())
        })
    }

    /// The service was made to send its message once more.
    ///
    /// # Errors
    /// When that was not wanted, or the lot is over or unknown.
    pub fn resent(&self, id: &str) -> Result<Lot, StepError> {
        self.step(id, |market, lot, now| {
            living(lot)?;
            if lot.state != LotState::Resend {
                return Err(StepError::NotHeld);
            }
            lot.state = LotState::Waiting;
            lot.next_at = Some(later(now, market.settings.sms_delay));
            Ok(())
        })
    }

    /// Ends a lot that was used; nothing is refunded.
    ///
    /// # Errors
    /// When no message has come yet, or the lot is over or unknown.
    pub fn finish(&self, id: &str) -> Result<Lot, StepError> {
        let (mut book, now) = self.open();
        let index = book.find(id, now).ok_or(StepError::Unknown)?;
        living(&book.lots[index])?;
        if book.lots[index].messages.is_empty() {
            return Err(StepError::NoMessage);
        }
        book.end(index, LotState::Finished, now);
        Ok(book.lots[index].clone())
    }

    /// Takes a lot back and refunds it.
    ///
    /// # Errors
    /// When a message has come, when it is too early, or when the lot is over or unknown.
    pub fn cancel(&self, id: &str) -> Result<Lot, StepError> {
        let (mut book, now) = self.open();
        let index = book.find(id, now).ok_or(StepError::Unknown)?;
        living(&book.lots[index])?;
        if !book.lots[index].messages.is_empty() {
            return Err(StepError::HasMessage);
        }
        if now < later(book.lots[index].bought_at, self.settings.early_cancel.unwrap_or_default()) {
            return Err(StepError::TooEarly);
        }
        book.end(index, LotState::Cancelled, now);
        Ok(book.lots[index].clone())
    }

    /// Lets a message arrive now; its code and text are what the caller says.
    ///
    /// # Errors
    /// When the lot is over or unknown.
    pub fn deliver(&self, id: &str, code: &str, text: &str) -> Result<Lot, StepError> {
        self.step(id, |market, lot, now| {
            living(lot)?;
            let sender = sender_of(market.settings.seed, &lot.id);
            lot.receive(Message { code: code.into(), text: text.into(), sender, arrived_at: now });
            Ok(())
        })
    }

    /// From now on something holds for a service or a country.
    pub fn declare(&self, scope: Scope, special: Special) {
        self.open().0.specials.push((scope, special));
    }

    /// From now on there are `count` numbers, spread evenly over the country's operators.
    pub fn set_stock(&self, country: &str, service: &str, count: u64) {
        self.open().0.stock.set_count(country, service, count);
    }

    /// From now on a number costs this.
    pub fn set_price(&self, country: &str, service: &str, price: Decimal) {
        self.open().0.stock.set_price(country, service, price);
    }

    /// The buyer has this now; the difference counts as credited.
    pub fn set_balance(&self, balance: Decimal) {
        let (mut book, _) = self.open();
        let difference = balance - book.balance;
        book.credited += difference;
        book.balance = balance;
    }

    /// Locks it, with everything done that was due by now.
    pub(super) fn open(&self) -> (MutexGuard<'_, Book>, Timestamp) {
        // Nothing panics while it is locked; were it so, the numbers are still the truth.
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        book.settle(now);
        (book, now)
    }

    /// Changes one lot.
    fn step(
        &self,
        id: &str,
        change: impl FnOnce(&Self, &mut Lot, Timestamp) -> Result<(), StepError>,
    ) -> Result<Lot, StepError> {
        let (mut book, now) = self.open();
        let index = book.find(id, now).ok_or(StepError::Unknown)?;
        let lot = &mut book.lots[index];
        change(self, lot, now)?;
        Ok(lot.clone())
    }
}

fn living(lot: &Lot) -> Result<(), StepError> {
    if lot.is_active() { Ok(()) } else { Err(StepError::Over) }
}

#[cfg(test)]
#[path = "market_tests.rs"]
mod tests;
