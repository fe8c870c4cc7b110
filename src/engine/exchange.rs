//! Amounts of a provider's account in the currency of the dialect, and a client's cap the other way.
//! Knows no provider and no list; the rate is the user's own, from `[dialect.rates]`.
//!
//! Roundings are such that nobody is misled: a cost is never shown too low nor a balance too high, a cap
//! equal to a shown cost suffices for what costs that, and no cap becomes more than the client said.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::config::DialectConfig;
use crate::domain::{Currency, Money};
use crate::provider::{Fault, FaultKind};

/// With how many decimals amounts are shown.
const SHOWN: u32 = 2;
/// With how many decimals a cap is sent. Prices are rounded up to as many before they are converted: one
/// with more could otherwise be above a cap that equals what is shown for it.
const SENT: u32 = 4;

/// From an account's currency to the dialect's; where the two are one, nothing is touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exchange {
    rate: Decimal,
    from: Currency,
    to: Currency,
}

impl Exchange {
    /// From the currency of an account to the dialect's; `None` when there is no rate for it.
    pub fn of(dialect: &DialectConfig, account: Currency) -> Option<Self> {
        let (from, to) = (account, dialect.currency);
        let rate = if from == to { Decimal::ONE } else { dialect.rates.get(&from)?.normalize() };
        Some(Self { rate, from, to })
    }

    /// The account's currency.
    pub fn account(&self) -> Currency {
        self.from
    }

    /// Whether the two differ.
    pub fn is_needed(&self) -> bool {
        self.from != self.to
    }

    /// What something costs, rounded up.
    ///
    /// # Errors
    /// When the amount is beyond all reason.
    pub fn cost(&self, price: Decimal) -> Result<Money, Fault> {
        if !self.is_needed() {
            return Ok(Money { amount: price, currency: self.to });
        }
        let price = price.round_dp_with_strategy(SENT, RoundingStrategy::ToPositiveInfinity);
        self.shown(price, RoundingStrategy::ToPositiveInfinity)
    }

    /// What an account holds, rounded down.
    ///
    /// # Errors
    /// When the amount is beyond all reason.
    pub fn balance(&self, held: Decimal) -> Result<Money, Fault> {
        if !self.is_needed() {
            return Ok(Money { amount: held, currency: self.to });
        }
        self.shown(held, RoundingStrategy::ToNegativeInfinity)
    }

    /// A client's cap in the account's currency, rounded down. `None` when nothing is left of it or when
    /// it is beyond all reason: some upstreams take a cap of nothing for none.
    pub fn cap(&self, cap: Decimal) -> Option<Decimal> {
        if !self.is_needed() {
            return Some(cap);
        }
        let quotient = cap.checked_div(self.rate)?;
        let mut sent = quotient.round_dp_with_strategy(SENT, RoundingStrategy::ToNegativeInfinity);
        // A quotient has but 28 digits, and may have been rounded up to the last of them.
        if product(sent, self.rate)? > cap {
            sent -= Decimal::new(1, SENT);
        }
        (sent > Decimal::ZERO).then(|| sent.normalize())
    }

    /// The way back for what an account holds: of an amount in the currency of the dialect, how much that
    /// is in the account's, rounded down. `None` when it is beyond all reason.
    pub fn balance_back(&self, held: Decimal) -> Option<Decimal> {
        self.back(held, RoundingStrategy::ToNegativeInfinity)
    }

    /// The same for what something costs, rounded up.
    pub fn cost_back(&self, cost: Decimal) -> Option<Decimal> {
        self.back(cost, RoundingStrategy::ToPositiveInfinity)
    }

    fn back(&self, amount: Decimal, strategy: RoundingStrategy) -> Option<Decimal> {
        if !self.is_needed() {
            return Some(amount);
        }
        // A rate has at most twelve digits: no quotient is so near to the next hundredth that its 28 digits
        // would reach it.
        let mut shown = amount.checked_div(self.rate)?.round_dp_with_strategy(SHOWN, strategy);
        shown.rescale(SHOWN);
        Some(shown)
    }

    /// A fault as it leaves the engine: the price it names, if any, is a cost.
    pub fn fault(&self, fault: Fault) -> Fault {
        let FaultKind::PriceAboveCap(min) = fault.kind else { return fault };
        if !self.is_needed() {
            return fault;
        }
        match self.cost(min) {
            Ok(cost) => {
                let detail = format!("{} ({min} {} there, {cost} here)", fault.detail, self.from);
                Fault { kind: FaultKind::PriceAboveCap(cost.amount), detail, ..fault }
            }
            Err(beyond) => beyond,
        }
    }

    fn shown(&self, amount: Decimal, strategy: RoundingStrategy) -> Result<Money, Fault> {
        let mut amount = product(amount, self.rate)
            .ok_or_else(|| Fault::new(FaultKind::Malformed, "the upstream: an amount is beyond all reason"))?
            .round_dp_with_strategy(SHOWN, strategy);
        amount.rescale(SHOWN);
        Ok(Money { amount, currency: self.to })
    }
}

/// The exact product, if 28 digits suffice for it.
fn product(amount: Decimal, rate: Decimal) -> Option<Decimal> {
    let amount = amount.normalize();
    let digits = amount.mantissa().checked_mul(rate.mantissa())?;
    Decimal::try_from_i128_with_scale(digits, amount.scale() + rate.scale()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn dialect(rates: &[(&str, &str)]) -> DialectConfig {
        let rate = |(name, rate): &(&str, &str)| (Currency::parse(name).unwrap(), decimal(rate));
        DialectConfig { currency: Currency::RUB, rates: rates.iter().map(rate).collect() }
    }

    fn at(rate: &str) -> Exchange {
        Exchange::of(&dialect(&[("USD", rate)]), Currency::parse("USD").unwrap()).unwrap()
    }

    fn cost(exchange: &Exchange, price: &str) -> String {
        exchange.cost(decimal(price)).unwrap().amount.to_string()
    }

    #[test]
    fn costs_are_rounded_up_and_balances_down() {
        let exchange = at("92.50");
        assert_eq!(cost(&exchange, "10"), "925.00");
        assert_eq!(cost(&exchange, "0.1234"), "11.42");
        assert_eq!(cost(&exchange, "0"), "0.00");
        let balance = |held: &str| exchange.balance(decimal(held)).unwrap().to_string();
        assert_eq!(balance("0.1234"), "11.41 RUB");
        assert_eq!(balance("100"), "9250.00 RUB");
        // A debt is not shown smaller than it is.
        assert_eq!(balance("-0.1234"), "-11.42 RUB");
    }

    #[test]
    fn a_cap_is_rounded_down_and_never_to_none_at_all() {
        let exchange = at("92.50");
        assert_eq!(exchange.cap(decimal("925")), Some(decimal("10")));
        assert_eq!(exchange.cap(decimal("11.41")), Some(decimal("0.1233")));
        assert_eq!(exchange.cap(decimal("0.009")), None);
        assert_eq!(at("0.000000000001").cap(Decimal::MAX), None);
    }

    #[test]
    fn the_way_back_misleads_nobody_either() {
        let exchange = at("92.50");
        let shown = |amount: Option<Decimal>| amount.unwrap().to_string();
        for (amount, balance, cost) in [
            ("925", "10.00", "10.00"),
            ("100", "1.08", "1.09"),
            ("0", "0.00", "0.00"),
            ("-1", "-0.02", "-0.01"),
        ] {
            assert_eq!(shown(exchange.balance_back(decimal(amount))), balance, "{amount}");
            assert_eq!(shown(exchange.cost_back(decimal(amount))), cost, "{amount}");
        }
        assert_eq!(at("0.000000000001").balance_back(Decimal::MAX), None);
        let same = Exchange::of(&dialect(&[]), Currency::RUB).unwrap();
        assert_eq!(shown(same.balance_back(decimal("1.234"))), "1.234");
    }

    #[test]
    fn one_currency_is_left_alone_to_the_last_digit() {
        let same = Exchange::of(&dialect(&[]), Currency::RUB).unwrap();
        let odd = decimal("1.234567890123");
        assert_eq!(same.cost(odd).unwrap().amount.to_string(), "1.234567890123");
        assert_eq!(same.balance(odd).unwrap().amount, odd);
        assert_eq!(same.cap(Decimal::MAX), Some(Decimal::MAX));
        let fault = Fault::new(FaultKind::PriceAboveCap(odd), "dear");
        assert_eq!(same.fault(fault.clone()), fault);
        assert_eq!(Exchange::of(&dialect(&[]), Currency::parse("USD").unwrap()), None);
    }

    #[test]
    fn what_is_beyond_all_reason_is_a_fault_and_no_panic() {
        let exchange = at("92.50");
        for price in [Decimal::MAX, Decimal::MAX - Decimal::ONE, decimal("9999999999999999999999999999")] {
            assert!(exchange.cost(price).is_err() && exchange.balance(price).is_err(), "{price}");
            let fault = Fault::new(FaultKind::PriceAboveCap(price), "dear");
            assert_eq!(exchange.fault(fault).kind, FaultKind::Malformed, "{price}");
        }
        assert!(exchange.balance(Decimal::MIN).is_err());
    }

    #[test]
    fn a_refusal_names_the_price_in_both_currencies() {
        let fault = at("92.5").fault(Fault::new(FaultKind::PriceAboveCap(decimal("0.1234")), "too dear"));
        assert_eq!(fault.kind, FaultKind::PriceAboveCap(decimal("11.42")));
        assert_eq!(fault.detail, "too dear (0.1234 USD there, 11.42 RUB here)");
        let other = Fault::new(FaultKind::NoStock, "none");
        assert_eq!(at("92.5").fault(other.clone()), other);
    }

    /// Numbers that look random and are the same each time.
    fn numbers() -> impl FnMut(u64) -> u64 {
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        move |below| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 20) % below
        }
    }

    /// An amount of at most `digits` digits, so many of them behind the point that it may be tiny.
    fn amount(next: &mut impl FnMut(u64) -> u64, digits: u32, decimals: u64) -> Decimal {
        let digits = 10_u64.pow(1 + u32::try_from(next(u64::from(digits))).unwrap());
        Decimal::new(i64::try_from(1 + next(digits - 1)).unwrap(), u32::try_from(next(decimals + 1)).unwrap())
    }

    #[test]
    fn a_cap_equal_to_a_shown_cost_suffices_and_no_cap_becomes_more() {
        let mut next = numbers();
        for _ in 0..20_000 {
            // As fine as the configuration allows a rate to be; prices with more than four decimals too.
            let rate = amount(&mut next, 12, 12);
            let (price, said) = (amount(&mut next, 9, 9), amount(&mut next, 9, 6));
            let exchange = at(&rate.to_string());
            let exact = |amount: Decimal| amount.checked_mul(exchange.rate).unwrap();
            let Ok(shown) = exchange.cost(price) else { panic!("{price} at {rate}") };
            assert!(shown.amount >= exact(price), "{price} at {rate}: {shown}");
            assert!(exchange.balance(price).unwrap().amount <= exact(price), "{price} at {rate}");
            let cap = exchange.cap(shown.amount);
            assert!(cap.is_some_and(|cap| cap >= price), "{price} at {rate}: {shown}, {cap:?}");
            if let Some(cap) = exchange.cap(said) {
                assert!(cap.scale() <= SENT && exact(cap) <= said, "{said} at {rate}: {cap}");
            }
        }
    }
}
