//! A sum over the last so long, from which what has become too old falls out. Knows nothing of what is summed up.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use crate::domain::ActivationId;

/// Amounts by when and under which id they were spent.
pub(super) struct Window {
    length: SignedDuration,
    amounts: BTreeMap<(Timestamp, ActivationId), Decimal>,
    sum: Decimal,
}

impl Window {
    /// An empty one.
    pub(super) fn of(length: SignedDuration) -> Self {
        Self { length, amounts: BTreeMap::new(), sum: Decimal::ZERO }
    }

    /// Takes an amount in; one that is there under the same time and id is replaced.
    pub(super) fn add(&mut self, at: Timestamp, id: ActivationId, amount: Decimal) {
        self.remove(at, id);
        self.amounts.insert((at, id), amount);
        self.sum += amount;
    }

    /// Lets an amount go, if it is still there.
    pub(super) fn remove(&mut self, at: Timestamp, id: ActivationId) {
        if let Some(amount) = self.amounts.remove(&(at, id)) {
            self.sum -= amount;
        }
    }

    /// The sum at `now`.
    pub(super) fn sum(&mut self, now: Timestamp) -> Decimal {
        let begin = now.saturating_sub(self.length).unwrap_or(Timestamp::MIN);
        while let Some(oldest) = self.amounts.first_entry().filter(|oldest| oldest.key().0 <= begin) {
            self.sum -= oldest.remove();
        }
        self.sum
    }

    /// Whether nothing was spent.
    pub(super) fn is_empty(&self) -> bool {
        self.amounts.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn id(raw: i64) -> ActivationId {
        ActivationId::new(raw).unwrap()
    }

    #[test]
    fn what_is_too_old_counts_no_more_and_nothing_counts_twice() {
        let mut window = Window::of(SignedDuration::from_secs(60));
        window.add(at(0), id(1), 5.into());
        window.add(at(0), id(1), 7.into());
        window.add(at(30), id(2), 10.into());
        assert_eq!(window.sum(at(59)), 17.into());
        assert_eq!(window.sum(at(60)), 10.into());
        window.remove(at(0), id(1));
        assert_eq!(window.sum(at(60)), 10.into());
        window.remove(at(30), id(2));
        assert!(window.is_empty() && window.sum(at(60)).is_zero());
    }
}
