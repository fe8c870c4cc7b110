//! What one client, or all together, have spent, have under way and have open. Knows neither clients nor a currency.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use super::guard::Limit;
use super::window::Window;
use crate::config::SpendingLimits;
use crate::domain::ActivationId;

/// The longer of the two times for which there are limits.
pub(super) const DAY: SignedDuration = SignedDuration::from_hours(24);

/// An account of spending.
pub(super) struct Account {
    hour: Window,
    day: Window,
    /// What orders under way are expected to cost.
    held: Decimal,
    /// How many activations and rents they would open.
    opening: u32,
    /// How many are open.
    open: u32,
}

/// A limit that would be exceeded, and what stands against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reached {
    pub(super) limit: Limit,
    /// As it is set.
    pub(super) most: Decimal,
    /// What counts against it already.
    pub(super) used: Decimal,
}

/// What an order would come to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wanted {
    /// What it is expected to cost in all; zero where nobody knows.
    pub(super) amount: Decimal,
    /// The price of its dearest part.
    pub(super) dearest: Decimal,
    /// How many activations and rents it would open.
    pub(super) opens: u32,
}

impl Default for Account {
    fn default() -> Self {
        let hour = Window::of(SignedDuration::from_hours(1));
        Self { hour, day: Window::of(DAY), held: Decimal::ZERO, opening: 0, open: 0 }
    }
}

impl Account {
    /// The first limit that an order would exceed. A limit of what is spent that is used up lets nothing pass, not
    /// even what has no known price.
    pub(super) fn against(
        &mut self,
        limits: &SpendingLimits,
        wanted: Wanted,
        now: Timestamp,
    ) -> Option<Reached> {
        let reached = |limit, most: Option<Decimal>, used: Decimal, more: Decimal| {
            let most = most?;
            let spends = limit != Limit::MaxPrice && limit != Limit::OpenActivations;
            let exceeded = used + more > most || (used >= most && (spends || most.is_zero()));
            exceeded.then_some(Reached { limit, most, used })
        };
        let (hour, day) = (self.hour.sum(now) + self.held, self.day.sum(now) + self.held);
        let count = limits.open_activations.filter(|_| wanted.opens > 0).map(Decimal::from);
        let open = Decimal::from(self.open) + Decimal::from(self.opening);
        reached(Limit::MaxPrice, limits.max_price, Decimal::ZERO, wanted.dearest)
            .or_else(|| reached(Limit::PerHour, limits.per_hour, hour, wanted.amount))
            .or_else(|| reached(Limit::PerDay, limits.per_day, day, wanted.amount))
            .or_else(|| reached(Limit::OpenActivations, count, open, wanted.opens.into()))
    }

    /// What is left, by each limit of what is spent.
    pub(super) fn left(&mut self, limits: &SpendingLimits, now: Timestamp) -> Option<(Decimal, Limit)> {
        let hour = limits.per_hour.map(|most| (most - self.hour.sum(now) - self.held, Limit::PerHour));
        let day = limits.per_day.map(|most| (most - self.day.sum(now) - self.held, Limit::PerDay));
        hour.into_iter().chain(day).min_by_key(|(left, _)| *left)
    }

    /// The limit of what is spent that is exceeded as things stand.
    pub(super) fn exceeded(&mut self, limits: &SpendingLimits, now: Timestamp) -> Option<Reached> {
        let (left, limit) = self.left(limits, now)?;
        let most = if limit == Limit::PerHour { limits.per_hour } else { limits.per_day }?;
        (left < Decimal::ZERO).then_some(Reached { limit, most, used: most - left })
    }

    /// An order is under way.
    pub(super) fn hold(&mut self, wanted: Wanted) {
        self.held += wanted.amount;
        self.opening += wanted.opens;
    }

    /// It is no more.
    pub(super) fn release(&mut self, wanted: Wanted) {
        self.held -= wanted.amount;
        self.opening = self.opening.saturating_sub(wanted.opens);
    }

    /// Something was bought.
    pub(super) fn charge(&mut self, at: Timestamp, id: ActivationId, amount: Decimal) {
        self.hour.add(at, id, amount);
        self.day.add(at, id, amount);
    }

    /// It costs nothing after all.
    pub(super) fn refund(&mut self, at: Timestamp, id: ActivationId) {
        self.hour.remove(at, id);
        self.day.remove(at, id);
    }

    /// One more is open, or one less.
    pub(super) fn count(&mut self, opened: bool) {
        self.open = if opened { self.open.saturating_add(1) } else { self.open.saturating_sub(1) };
    }

    /// Whether nothing counts at `now`.
    pub(super) fn is_empty(&mut self, now: Timestamp) -> bool {
        let _ = (self.hour.sum(now), self.day.sum(now));
        self.day.is_empty() && self.open == 0 && self.opening == 0 && self.held.is_zero()
    }
}
