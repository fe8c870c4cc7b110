//! The mail part of a market: addresses for sale, the one mail that reaches each, and partner products. Knows
//! no upstream's words; money and clock are the market's.

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::book::Book;
use super::lot::later;
use super::market::Market;
use super::seed::Draw;
use super::want::{BuyError, Special, StepError};

/// Zones that addresses are sold in, and popular domains.
const ZONES: [&str; 3] = ["info", "xyz", "site"];
const POPULAR: [&str; 3] = ["mail.ru", "outlook.com", "gmx.com"];

/// Partner products are numbered from 1 to this.
const PRODUCTS: u32 = 20;

/// Addresses of one domain or zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailShelf {
    /// The domain or the zone.
    pub name: &'static str,
    /// What an address costs.
    pub price: Decimal,
    /// How many there are, of a popular domain.
    pub count: Option<u64>,
}

/// An address that was sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// Its id in the stand-in's own form.
    pub id: String,
    /// The site that its mail comes from.
    pub site: String,
    /// Whether it is of a zone, and not of a popular domain.
    pub zone: bool,
    /// The zone or the domain.
    pub domain: String,
    /// The address.
    pub email: String,
    /// What was charged for it.
    pub price: Decimal,
    /// When it was sold.
    pub bought_at: Timestamp,
    /// Whether it was given back and refunded.
    pub cancelled: bool,
    /// The code in its mail, once that has come.
    pub code: Option<String>,
}

impl Mailbox {
    /// What its mail says.
    pub fn text(&self) -> Option<String> {
        self.code.as_ref().map(|code| format!("Your code is {code}"))
    }
}

/// A partner product that was sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoldProduct {
    /// The key that makes it run.
    pub key: String,
    /// How to come by it.
    pub manual: String,
    /// What was charged.
    pub price: Decimal,
}

/// What was sold.
#[derive(Debug, Default)]
pub(super) struct Post {
    mailboxes: Vec<Mailbox>,
    products: u64,
}

impl Market {
    /// The zones and the popular domains in which there are addresses for a site; those of a site that is out
    /// of stock are none.
    ///
    /// # Errors
    /// When the site is served with none at all.
    pub fn mail_offers(&self, site: &str) -> Result<(Vec<MailShelf>, Vec<MailShelf>), BuyError> {
        let (book, _) = self.open();
        if book.special("", site, &Special::Unsupported) {
            return Err(BuyError::Unsupported);
        }
        if book.special("", site, &Special::OutOfStock) {
            return Ok((Vec::new(), Vec::new()));
        }
        let seed = self.settings().seed;
        let shelves =
            |names: [&'static str; 3], zone| names.map(|name| shelf(seed, site, name, zone)).to_vec();
        Ok((shelves(ZONES, true), shelves(POPULAR, false)))
    }

    /// Sells an address.
    ///
    /// # Errors
    /// When it cannot be had; nothing has changed then.
    pub fn buy_mailbox(&self, site: &str, zone: bool, domain: &str) -> Result<Mailbox, BuyError> {
        let (zones, popular) = self.mail_offers(site)?;
        let shelves = if zone { zones } else { popular };
        let shelf = shelves.into_iter().find(|shelf| shelf.name == domain).ok_or(BuyError::NoStock)?;
        let nth = self.open().0.post.mailboxes.len().to_string();
        let mut draw = Draw::of(self.settings().seed, &["mailbox", site, &nth]);
        let name = draw.digits(8);
        let email = if zone { format!("box{name}@box{nth}.{domain}") } else { format!("box{name}@{domain}") };
        self.hand_out_mailbox((site, zone, domain), email, shelf.price)
    }

    /// Sells an address once more that was sold before.
    ///
    /// # Errors
    /// When there is none of this id, or it cannot be paid for; nothing has changed then.
    pub fn buy_mailbox_again(&self, id: &str) -> Result<Mailbox, BuyError> {
        let Mailbox { site, zone, domain, email, price, .. } = self.mailbox(id).ok_or(BuyError::NoStock)?;
        if self.open().0.special("", &site, &Special::Unsupported) {
            return Err(BuyError::Unsupported);
        }
        self.hand_out_mailbox((&site, zone, &domain), email, price)
    }

    fn hand_out_mailbox(
        &self,
        (site, zone, domain): (&str, bool, &str),
        email: String,
        price: Decimal,
    ) -> Result<Mailbox, BuyError> {
        let (mut book, now) = self.open();
        if book.special("", site, &Special::NoFunds) {
            return Err(BuyError::NoFunds);
        }
        pay(&mut book, price)?;
        let nth = u64::try_from(book.post.mailboxes.len()).unwrap_or(u64::MAX);
        let mailbox = Mailbox {
            id: (self.naming)(self.settings().seed, nth),
            site: site.to_owned(),
            zone,
            domain: domain.to_owned(),
            email,
            price,
            bought_at: now,
            cancelled: false,
            code: None,
        };
        book.post.mailboxes.push(mailbox.clone());
        Ok(mailbox)
    }

    /// An address as it stands now.
    pub fn mailbox(&self, id: &str) -> Option<Mailbox> {
        self.mailboxes().into_iter().find(|mailbox| mailbox.id == id)
    }

    /// Every address as it stands now, oldest first.
    pub fn mailboxes(&self) -> Vec<Mailbox> {
        let (mut book, now) = self.open();
        let silent: Vec<bool> = book
            .post
            .mailboxes
            .iter()
            .map(|mailbox| book.special("", &mailbox.site, &Special::NoMessage))
            .collect();
        for (mailbox, silent) in book.post.mailboxes.iter_mut().zip(silent) {
            let due = later(mailbox.bought_at, self.settings().sms_delay);
            if !silent && !mailbox.cancelled && mailbox.code.is_none() && due <= now {
                mailbox.code = Some(Draw::of(self.settings().seed, &["mail", &mailbox.id]).digits(6));
            }
        }
        book.post.mailboxes.clone()
    }

    /// Takes an address back and refunds it.
    ///
    /// # Errors
    /// When its mail has come, or it is over or unknown.
    pub fn cancel_mailbox(&self, id: &str) -> Result<(), StepError> {
        let standing = self.mailbox(id).ok_or(StepError::Unknown)?;
        if standing.cancelled {
            return Err(StepError::Over);
        }
        if standing.code.is_some() {
            return Err(StepError::HasMessage);
        }
        let (mut book, _) = self.open();
        book.refund(standing.price);
        let found = book.post.mailboxes.iter_mut().find(|mailbox| mailbox.id == id);
        found.ok_or(StepError::Unknown)?.cancelled = true;
        Ok(())
    }

    /// Puts an address back that an earlier market sold, paid for from this one's balance, and gives it as it
    /// stands now; one that is there already stays.
    pub fn adopt_mailbox(&self, mailbox: Mailbox) -> Mailbox {
        let (mut book, _) = self.open();
        if !book.post.mailboxes.iter().any(|known| known.id == mailbox.id) {
            if !mailbox.cancelled {
                book.balance -= mailbox.price;
                book.spent += mailbox.price;
            }
            book.post.mailboxes.push(mailbox.clone());
        }
        drop(book);
        self.mailbox(&mailbox.id).unwrap_or(mailbox)
    }

    /// Sells a partner product.
    ///
    /// # Errors
    /// When there is none of this number, or it cannot be paid for; nothing has changed then.
    pub fn sell_product(&self, number: u32) -> Result<SoldProduct, BuyError> {
        if !(1..=PRODUCTS).contains(&number) {
            return Err(BuyError::NoStock);
        }
        let (mut book, _) = self.open();
        let nth = book.post.products;
        let mut draw = Draw::of(self.settings().seed, &["product", &number.to_string()]);
        let price = Decimal::from(50 + draw.below(450));
        pay(&mut book, price)?;
        book.post.products += 1;
        let mut draw = Draw::of(self.settings().seed, &["key", &number.to_string(), &nth.to_string()]);
        let letter = |_| char::from(b'A' + u8::try_from(draw.below(26)).unwrap_or(0));
        let key = (0..25).map(letter).collect();
        Ok(SoldProduct { key, manual: format!("Download: https://partner.example/{number}"), price })
    }
}

fn shelf(seed: u64, site: &str, name: &'static str, zone: bool) -> MailShelf {
    let mut draw = Draw::of(seed, &["mail", site, name]);
    let kopecks = 100 + i64::try_from(draw.below(900)).unwrap_or(0);
    let count = 1 + draw.below(200_000);
    MailShelf { name, price: Decimal::new(kopecks, 2), count: (!zone).then_some(count) }
}

fn pay(book: &mut Book, price: Decimal) -> Result<(), BuyError> {
    if price > book.balance {
        return Err(BuyError::NoFunds);
    }
    book.balance -= price;
    book.spent += price;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::clock::MovableClock;
    use crate::mock::{Place, Scope, Settings};

    const SITE: &str = "apple.com";

    fn market() -> (Arc<Market>, Arc<MovableClock>) {
        let clock = MovableClock::standing();
        let settings = Settings { balance: Decimal::from(20), ..Settings::default() };
        let naming = |_, nth: u64| nth.to_string();
        (Market::new(settings, clock.clone(), naming, |_: &str| Place::default()), clock)
    }

    #[test]
    fn a_mail_comes_in_its_time_and_then_nothing_is_refunded() {
        let (market, clock) = market();
        let bought = market.buy_mailbox(SITE, false, "mail.ru").unwrap();
        assert!(bought.email.ends_with("@mail.ru"));
        let given_back = market.buy_mailbox(SITE, true, "info").unwrap();
        assert_eq!(market.cancel_mailbox(&given_back.id), Ok(()));
        assert_eq!(market.cancel_mailbox(&given_back.id), Err(StepError::Over));
        clock.advance(Duration::from_secs(5));
        assert_eq!(market.cancel_mailbox(&bought.id), Err(StepError::HasMessage));
        assert!(market.mailbox(&bought.id).unwrap().text().is_some());
        assert_eq!(market.mailbox(&given_back.id).unwrap().code, None);
        assert_eq!(market.totals().charged, bought.price);
        let again = market.buy_mailbox_again(&bought.id).unwrap();
        assert_eq!((again.email, again.code, again.id == bought.id), (bought.email, None, false));
    }

    #[test]
    fn what_cannot_be_had_costs_nothing() {
        let (market, _) = market();
        assert_eq!(market.buy_mailbox(SITE, false, "info"), Err(BuyError::NoStock));
        assert_eq!(market.buy_mailbox_again("7"), Err(BuyError::NoStock));
        assert_eq!(market.sell_product(0), Err(BuyError::NoStock));
        assert_eq!(market.sell_product(3), Err(BuyError::NoFunds));
        market.declare(Scope::Service(SITE.into()), Special::Unsupported);
        assert_eq!(market.buy_mailbox(SITE, false, "mail.ru"), Err(BuyError::Unsupported));
        assert_eq!(market.totals().spent, Decimal::ZERO);
        market.set_balance(Decimal::from(1000));
        let (one, two) = (market.sell_product(3).unwrap(), market.sell_product(3).unwrap());
        assert_eq!((one.price, one.key == two.key), (two.price, false));
    }
}
