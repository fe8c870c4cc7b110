//! Prices and stock as they are kept of an upstream, with what was written of them. Knows neither the upstreams' calls
//! nor the dialect's shapes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::Exchange;
use super::lists::{ByOwner, Wanted, wanted};
use super::shown;
use super::written::{Writings, Written};
use crate::aside::aside;
use crate::domain::Offer;
use crate::provider::{Fault, FaultKind};

/// More lists than these are not kept in writing.
const MOST_LISTS: usize = 64;

/// Nor more bytes than these, but for those of one list.
const MOST_BYTES: usize = 32 << 20;

/// From so many offers on, writing takes long enough to hold up others.
const MANY: usize = 5000;

/// Prices and stock, as they were fetched.
pub struct PriceList {
    /// As an upstream tells them: all together, or country by country.
    parts: Vec<Arc<Vec<Offer>>>,
    wanted: Wanted,
    exchange: Exchange,
    writings: Arc<Writings>,
}

impl PriceList {
    pub(super) fn new(
        parts: Vec<Arc<Vec<Offer>>>,
        wanted: Wanted,
        exchange: Exchange,
        writings: Arc<Writings>,
    ) -> Self {
        Self { parts, wanted, exchange, writings }
    }

    /// The offers as clients see them.
    ///
    /// # Errors
    /// When an amount is beyond all reason.
    pub fn offers(self) -> Result<Vec<Offer>, Fault> {
        let exchange = self.exchange;
        shown::offers(&exchange, self.charged())
    }

    /// The same in the account's currency.
    pub(super) fn charged(self) -> Vec<Offer> {
        let (service, country) = self.wanted;
        let is_wanted = |offer: &Offer| wanted(offer, service.as_ref(), country);
        let mut offers = Vec::new();
        for part in self.parts {
            match Arc::try_unwrap(part) {
                // A list that is not kept is not copied either.
                Ok(own) if offers.is_empty() => {
                    offers = own;
                    offers.retain(is_wanted);
                }
                Ok(own) => offers.extend(own.into_iter().filter(is_wanted)),
                Err(kept) => offers.extend(kept.iter().filter(|offer| is_wanted(offer)).cloned()),
            }
        }
        offers
    }

    /// What `make` makes of the offers; of many where that holds up nobody.
    ///
    /// # Errors
    /// When an amount is beyond all reason.
    pub async fn made<T: Send + 'static>(
        self,
        make: impl FnOnce(Vec<Offer>) -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let many = self.parts.iter().map(|part| part.len()).sum::<usize>() >= MANY;
        let lost = || Fault::new(FaultKind::Closing, "the list was not written to its end");
        aside(many, || self.offers().map(make)).await.ok_or_else(lost)?
    }

    /// What `write` makes of the offers in this form; while the list is the same, what it made of them before.
    ///
    /// # Errors
    /// As those of [`PriceList::made`].
    pub async fn written(
        self,
        form: &'static str,
        write: impl FnOnce(Vec<Offer>) -> String + Send + 'static,
    ) -> Result<Arc<Written>, Fault> {
        let slot = self.writings.slot(form);
        let work = || async { Ok(Arc::new(Written::new(self.made(write).await?))) };
        slot.get_or_try_init(work).await.cloned()
    }
}

/// What was written of an upstream's price lists.
#[derive(Default)]
pub(super) struct PriceLists(Mutex<HashMap<ByOwner<Wanted>, Kept>>);

/// Of which lists. They are not held: when they are forgotten, so may be what was written of them.
struct Kept {
    parts: Vec<Weak<Vec<Offer>>>,
    writings: Arc<Writings>,
}

impl Kept {
    fn is_of(&self, parts: &[Arc<Vec<Offer>>]) -> bool {
        let same = |(kept, part): (&Weak<Vec<Offer>>, &Arc<Vec<Offer>>)| kept.as_ptr() == Arc::as_ptr(part);
        self.parts.len() == parts.len() && self.parts.iter().zip(parts).all(same)
    }

    fn is_gone(&self) -> bool {
        self.parts.iter().any(|part| part.strong_count() == 0)
    }
}

impl PriceLists {
    /// What was written of exactly these lists for this key, or a place for it.
    pub(super) fn of(&self, key: ByOwner<Wanted>, parts: &[Arc<Vec<Offer>>]) -> Arc<Writings> {
        let mut lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = lists.get(&key).filter(|kept| kept.is_of(parts)) {
            return Arc::clone(&kept.writings);
        }
        lists.retain(|_, kept| !kept.is_gone());
        let bytes: usize = lists.values().map(|kept| kept.writings.size()).sum();
        if lists.len() >= MOST_LISTS || bytes >= MOST_BYTES {
            lists.clear();
        }
        let writings = Arc::<Writings>::default();
        let parts = parts.iter().map(Arc::downgrade).collect();
        lists.insert(key, Kept { parts, writings: Arc::clone(&writings) });
        writings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Country, Currency, Owner};

    fn list() -> Vec<Arc<Vec<Offer>>> {
        vec![Arc::default(), Arc::default()]
    }

    fn key(owner: &str, country: u16) -> ByOwner<Wanted> {
        (Some(Owner(owner.into())), (None, Some(Country(country))))
    }

    #[test]
    fn what_was_written_is_found_for_the_same_lists_only() {
        let (lists, parts) = (PriceLists::default(), list());
        let first = lists.of(key("a", 0), &parts);
        assert!(Arc::ptr_eq(&first, &lists.of(key("a", 0), &parts)));
        assert!(!Arc::ptr_eq(&first, &lists.of(key("b", 0), &parts)), "another client's");
        assert!(!Arc::ptr_eq(&first, &lists.of(key("a", 1), &parts)), "another country's");
        let renewed = vec![Arc::clone(&parts[0]), Arc::default()];
        assert!(!Arc::ptr_eq(&first, &lists.of(key("a", 0), &renewed)), "one of them was fetched anew");
        assert!(!Arc::ptr_eq(&first, &lists.of(key("a", 0), &parts[..1])), "one is missing");
    }

    #[test]
    fn there_are_never_many() {
        let (lists, parts) = (PriceLists::default(), list());
        for country in 0..1000 {
            lists.of(key("a", country), &parts);
            assert!(lists.0.lock().unwrap().len() <= MOST_LISTS);
        }
        let (lists, gone) = (PriceLists::default(), list());
        lists.of(key("a", 0), &gone);
        drop(gone);
        lists.of(key("a", 1), &parts);
        assert_eq!(
            lists.0.lock().unwrap().len(),
            1,
            "what was written of lists that are gone goes with them"
        );
    }

    #[tokio::test]
    async fn bytes_are_bounded_too() {
        let (lists, parts) = (PriceLists::default(), list());
        for country in 0..8 {
            let writings = lists.of(key("a", country), &parts);
            let text = move || async { Arc::new(Written::new(" ".repeat(MOST_BYTES / 3))) };
            writings.slot("form").get_or_init(text).await;
        }
        let bytes: usize = lists.0.lock().unwrap().values().map(|kept| kept.writings.size()).sum();
        assert!(bytes <= MOST_BYTES + MOST_BYTES / 3, "{bytes}");
    }

    #[tokio::test]
    async fn a_list_is_written_once_and_packed_once() {
        let (lists, parts) = (PriceLists::default(), list());
        let dialect = crate::config::DialectConfig { currency: Currency::RUB, rates: [].into() };
        let exchange = Exchange::of(&dialect, Currency::RUB).unwrap();
        let asked = || PriceList::new(parts.clone(), (None, None), exchange, lists.of(key("a", 0), &parts));
        let first = asked().written("form", |_| "{}".to_owned()).await.unwrap();
        let again = asked().written("form", |_| panic!("it was written before")).await.unwrap();
        assert!(Arc::ptr_eq(&first, &again) && again.text() == "{}");
        let other = asked().written("other form", |_| "[]".to_owned()).await.unwrap();
        assert_eq!(other.text(), "[]");
        assert_eq!(first.packed(|text| [text, b"!"].concat()).await, "{}!");
        assert_eq!(again.packed(|_| panic!("it was packed before")).await, "{}!");
    }
}
