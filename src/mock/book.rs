//! The books of a market: who has which number until when, and where the money is. Everything here
//! happens at a given time under the market's lock; knows no clock of its own.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::lot::{Lot, LotState, later};
use super::market::{Naming, Settings};
use super::post::Post;
use super::seed::Draw;
use super::stock::Stock;
use super::want::{BuyError, Scope, Special, Want};

/// The state of a market.
pub(super) struct Book {
    settings: Settings,
    pub(super) stock: Stock,
    draw: Draw,
    pub(super) specials: Vec<(Scope, Special)>,
    pub(super) lots: Vec<Lot>,
    by_id: HashMap<String, usize>,
    /// Living lots by the end of their time.
    due: BTreeSet<(Timestamp, usize)>,
    /// How many living lots a number has.
    phones: HashMap<String, u32>,
    pub(super) balance: Decimal,
    pub(super) credited: Decimal,
    pub(super) spent: Decimal,
    pub(super) refunded: Decimal,
    pub(super) post: Post,
}

impl Book {
    pub(super) fn new(settings: &Settings, stock: Stock) -> Self {
        Self {
            settings: settings.clone(),
            stock,
            draw: Draw::of(settings.seed, &["numbers"]),
            specials: Vec::new(),
            lots: Vec::new(),
            by_id: HashMap::new(),
            due: BTreeSet::new(),
            phones: HashMap::new(),
            balance: settings.balance,
            credited: settings.balance,
            spent: Decimal::ZERO,
            refunded: Decimal::ZERO,
            post: Post::default(),
        }
    }

    pub(super) fn find(&mut self, id: &str, now: Timestamp) -> Option<usize> {
        let index = *self.by_id.get(id)?;
        self.lots[index].catch_up(self.settings.seed, now);
        Some(index)
    }

    pub(super) fn special(&self, country: &str, service: &str, special: &Special) -> bool {
        self.specials.iter().any(|(scope, held)| scope.covers(country, service) && held == special)
    }

    /// Ends every lot whose time is over by now.
    pub(super) fn settle(&mut self, now: Timestamp) {
        let seed = self.settings.seed;
        while let Some(&(at, index)) = self.due.first()
            && at <= now
        {
            self.lots[index].catch_up(seed, now);
            let state = self.lots[index].state_at_end();
            self.end(index, state, at);
        }
    }

    pub(super) fn end(&mut self, index: usize, state: LotState, at: Timestamp) {
        let lot = &mut self.lots[index];
        lot.state = state;
        lot.ended_at = Some(at);
        lot.next_at = None;
        self.due.remove(&(lot.expires_at, index));
        if let Some(count) = self.phones.get_mut(&lot.phone) {
            *count -= 1;
            if *count == 0 {
                self.phones.remove(&lot.phone);
            }
        }
        if lot.was_refunded() {
            let price = lot.price;
            self.refund(price);
        }
    }

    /// Gives money back.
    pub(super) fn refund(&mut self, amount: Decimal) {
        self.refunded += amount;
        self.balance += amount;
    }

    /// All checks first, then all changes: a purchase happens wholly or not at all.
    pub(super) fn sell(
        &mut self,
        naming: &Naming,
        wants: Vec<Want>,
        now: Timestamp,
    ) -> Result<Vec<Lot>, BuyError> {
        let first = wants.first().ok_or(BuyError::NoStock)?;
        let country = first.country.clone();
        let operators = first.operators.clone();
        let services: Vec<&str> = wants.iter().map(|want| want.service.as_str()).collect();
        let is = |special| services.iter().any(|service| self.special(&country, service, &special));
        let (sold_out, broke) = (is(Special::OutOfStock), is(Special::NoFunds));
        if is(Special::Unsupported) {
            return Err(BuyError::Unsupported);
        }
        if sold_out {
            return Err(BuyError::NoStock);
        }
        let operator = if first.phone.is_some() {
            // A number that was sold before is not taken from a shelf.
            None
        } else {
            let found = self.stock.operator_for(&country, &services, &operators, &mut self.draw);
            found.ok_or(BuyError::NoStock)?
        };
        let mut prices = Vec::with_capacity(wants.len());
        for want in &wants {
            let shelf = || self.stock.quote(&country, &want.service, &[]).price * Decimal::from(want.times);
            prices.push(want.rental.or(want.price).unwrap_or_else(shelf));
        }
        let sum: Decimal = prices.iter().sum();
        if first.max_price.is_some_and(|most| sum > most) {
            return Err(BuyError::TooDear(sum));
        }
        if broke || sum > self.balance {
            return Err(BuyError::NoFunds);
        }
        let phone = self.number(first)?;
        self.balance -= sum;
        self.spent += sum;
        let sold = wants.into_iter().zip(prices);
        Ok(sold
            .map(|(want, price)| self.hand_out(naming, want, price, operator.clone(), &phone, now))
            .collect())
    }

    /// The number that was asked for, or a fresh one that is not excluded.
    fn number(&mut self, want: &Want) -> Result<String, BuyError> {
        if let Some(phone) = &want.phone {
            let is_free = want.beside || !self.phones.contains_key(phone);
            return if is_free { Ok(phone.clone()) } else { Err(BuyError::NoStock) };
        }
        let place = self.stock.place(&want.country);
        let length = if place.length == 0 { 11 } else { place.length };
        let missing = length.saturating_sub(place.prefix.len()).max(4);
        for _ in 0..1000 {
            let phone = format!("{}{}", place.prefix, self.draw.digits(missing));
            let excluded = want.excluded.iter().any(|prefix| phone.starts_with(prefix.as_str()));
            if !excluded && !self.phones.contains_key(&phone) {
                return Ok(phone);
            }
        }
        Err(BuyError::NoStock)
    }

    fn hand_out(
        &mut self,
        naming: &Naming,
        want: Want,
        price: Decimal,
        operator: Option<String>,
        phone: &str,
        now: Timestamp,
    ) -> Lot {
        self.stock.take(&want.country, &want.service, operator.as_deref());
        let index = self.lots.len();
        let id = (naming)(self.settings.seed, u64::try_from(index).unwrap_or(0));
        let delay = self.first_delay(&want);
        let lot = Lot {
            id,
            phone: phone.to_owned(),
            forwards: want.forwards,
            rented: want.rental.is_some(),
            price,
            operator,
            bought_at: now,
            expires_at: later(now, want.lifetime.unwrap_or(self.settings.lifetime)),
            ended_at: None,
            state: LotState::Waiting,
            ready: false,
            messages: Vec::new(),
            seen: 0,
            next_at: delay.map(|delay| later(now, delay)),
            country: want.country,
            service: want.service,
        };
        self.enter(lot.clone());
        lot
    }

    fn enter(&mut self, lot: Lot) -> usize {
        let index = self.lots.len();
        self.by_id.insert(lot.id.clone(), index);
        self.due.insert((lot.expires_at, index));
        *self.phones.entry(lot.phone.clone()).or_default() += 1;
        self.lots.push(lot);
        index
    }

    /// Charges for a lot once more.
    pub(super) fn charge(&mut self, index: usize, amount: Decimal) -> Result<(), BuyError> {
        let lot = &self.lots[index];
        if self.special(&lot.country, &lot.service, &Special::NoFunds) || amount > self.balance {
            return Err(BuyError::NoFunds);
        }
        self.lots[index].price += amount;
        self.balance -= amount;
        self.spent += amount;
        Ok(())
    }

    /// Moves the end of a living lot's time.
    pub(super) fn prolong(&mut self, index: usize, by: Duration) {
        let lot = &mut self.lots[index];
        self.due.remove(&(lot.expires_at, index));
        lot.expires_at = later(lot.expires_at, by);
        self.due.insert((lot.expires_at, index));
    }

    /// Takes in a lot of an earlier market.
    pub(super) fn adopt(&mut self, mut lot: Lot, now: Timestamp) -> Option<usize> {
        if self.by_id.contains_key(&lot.id) || lot.expires_at <= now {
            return None;
        }
        let want = Want::new(&lot.country, &lot.service);
        lot.next_at = match lot.state {
            LotState::Waiting if lot.messages.is_empty() => {
                self.first_delay(&want).map(|delay| later(lot.bought_at, delay))
            }
            LotState::Another => Some(later(now, self.settings.sms_delay)),
            _ => None,
        };
        self.balance -= lot.price;
        self.spent += lot.price;
        let index = self.enter(lot);
        self.lots[index].catch_up(self.settings.seed, now);
        Some(index)
    }

    /// How long the first message takes; `None` for ever.
    fn first_delay(&self, want: &Want) -> Option<Duration> {
        let held = self.specials.iter().filter(|(scope, _)| scope.covers(&want.country, &want.service));
        let mut delay = Some(self.settings.sms_delay);
        for (_, special) in held {
            match special {
                Special::NoMessage => return None,
                Special::FirstAfter(after) => delay = Some(*after),
                Special::Unsupported | Special::OutOfStock | Special::NoFunds => {}
            }
        }
        delay
    }
}
