//! What a purchase in doubt would look like in its upstream's list, and which row of it is which purchase. Asks
//! nobody and writes nothing.
//!
//! A row is taken for a purchase only if everything it says fits: the service, the country, the number where one was
//! asked for, and the time (bought from two minutes before the intent to ten minutes after it; of a rent, an end that
//! is the hours after that). A row that says no time is taken for none. That a purchase is not in a list is concluded
//! more carefully: times are written without their zone, so a row stands against it that fits but for some hours.

use jiff::{SignedDuration, Timestamp};

use crate::domain::{ActivationId, Held, Order, Origin, Owner, Phone};

/// How much earlier than the intent a purchase may be dated: clocks differ.
const BEFORE: SignedDuration = SignedDuration::from_mins(2);

/// How much later: an upstream takes its time, and so does the way to it.
const AFTER: SignedDuration = SignedDuration::from_mins(10);

/// By how much a time may be off that is written in another zone.
const ZONES: SignedDuration = SignedDuration::from_hours(15);

/// A purchase in doubt.
#[derive(Debug, Clone)]
pub struct Sought {
    /// Its reserved id.
    pub id: ActivationId,
    /// Who wanted it.
    pub owner: Owner,
    /// What.
    pub order: Order,
    /// When it was intended.
    pub at: Timestamp,
    /// The number that it builds on, where it builds on one and that is known.
    pub phone: Option<Phone>,
}

impl Sought {
    /// Whether the row is as this purchase would be, in everything.
    pub fn looks_like(&self, row: &Held) -> bool {
        let number = match self.order.origin {
            Origin::Shelf => row.phone.is_some(),
            _ => row.phone.is_some() && row.phone == self.phone,
        };
        let what = self.order.rent.is_some() || row.service.is_some();
        let when = self.dated(row).is_some_and(|off| (-BEFORE..=AFTER).contains(&off));
        number && what && when && self.may_be(row)
    }

    /// Whether nothing that the row says is against it.
    pub fn may_be(&self, row: &Held) -> bool {
        let service = row.service.as_ref().is_none_or(|service| *service == self.order.service);
        let country = row.country.is_none_or(|country| country == self.order.country);
        let phone = self.phone.as_ref().zip(row.phone.as_ref()).is_none_or(|(wanted, its)| wanted == its);
        let when = self.dated(row).is_none_or(|off| off.abs() <= ZONES);
        service && country && phone && when
    }

    /// How much later than this was intended the row was bought, as far as it says so.
    fn dated(&self, row: &Held) -> Option<SignedDuration> {
        let Some(terms) = &self.order.rent else {
            return row.bought_at.map(|bought| bought.duration_since(self.at));
        };
        let hours = SignedDuration::from_hours(i64::from(terms.hours));
        row.ends_at.map(|end| end.duration_since(self.at) - hours)
    }

    /// Whether it is for the same, so that it makes no difference which of the two was carried out.
    fn is_same(&self, other: &Self) -> bool {
        self.owner == other.owner && self.order == other.order
    }
}

/// Which row is which purchase, by their places: only where it cannot be another one, or makes no difference.
///
/// Purchases and rows that look alike are taken together. If the purchases are the same one's for the same and there
/// are no more rows than purchases, each row is one of them: in the order of time where there are as many, and where
/// there are fewer, only if each could be any.
pub fn pairs(sought: &[Sought], rows: &[Held]) -> Vec<(usize, usize)> {
    let fits = |one: usize, row: usize| sought[one].looks_like(&rows[row]);
    let mut left: Vec<_> = (0..sought.len()).collect();
    let mut found = Vec::new();
    while let Some(first) = left.pop() {
        let (mut ones, mut theirs) = (vec![first], Vec::<usize>::new());
        loop {
            let fresh: Vec<_> = (0..rows.len())
                .filter(|row| !theirs.contains(row) && ones.iter().any(|one| fits(*one, *row)))
                .collect();
            theirs.extend(fresh);
            let (joined, rest): (Vec<_>, Vec<_>) =
                left.iter().partition(|one| theirs.iter().any(|row| fits(**one, *row)));
            left = rest;
            if joined.is_empty() {
                break;
            }
            ones.extend(joined);
        }
        ones.sort_by_key(|one| (sought[*one].at, sought[*one].id));
        theirs.sort_by_key(|row| (rows[*row].bought_at.or(rows[*row].ends_at), *row));
        let same = ones.iter().all(|one| sought[*one].is_same(&sought[first]));
        let as_many = ones.len() == theirs.len();
        let any = ones.iter().all(|one| theirs.iter().all(|row| fits(*one, *row)));
        let in_order = ones.iter().zip(&theirs).all(|(one, row)| fits(*one, *row));
        if same && theirs.len() <= ones.len() && (any || as_many && in_order) {
            found.extend(ones.into_iter().zip(theirs));
        }
    }
    found
}

#[cfg(test)]
#[path = "sought_tests.rs"]
mod tests;
