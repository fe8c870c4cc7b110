//! What was spent and what was given back, by provider and currency. The sums are exact decimals; only what is
//! shown of them is a float, since the format has no other number. Knows no purchase.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::domain::{Currency, Money};

type Sums = BTreeMap<(Arc<str>, Currency), Decimal>;

/// Sums since the start of the process.
#[derive(Debug, Default)]
pub(super) struct Amounts {
    spent: Mutex<Sums>,
    refunded: Mutex<Sums>,
}

impl Amounts {
    pub(super) fn spend(&self, provider: &Arc<str>, money: &Money) {
        add(&self.spent, provider, money);
    }

    pub(super) fn refund(&self, provider: &Arc<str>, money: &Money) {
        add(&self.refunded, provider, money);
    }
}

fn add(sums: &Mutex<Sums>, provider: &Arc<str>, money: &Money) {
    let mut sums = sums.lock().unwrap_or_else(PoisonError::into_inner);
    let sum = sums.entry((Arc::clone(provider), money.currency)).or_default();
    *sum = sum.saturating_add(money.amount);
}

/// The number that the format has for an amount.
pub(super) fn shown(amount: Decimal) -> f64 {
    amount.to_f64().unwrap_or(f64::NAN)
}

impl Collector for Amounts {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let tables = [
            ("spent", "Money spent on purchases that were made, in the account's currency", &self.spent),
            ("refunded", "Money given back for purchases that were cancelled or got nothing", &self.refunded),
        ];
        for (name, help, sums) in tables {
            let sums = sums.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let kind = ConstCounter::new(0.0).metric_type();
            let mut family = encoder.encode_descriptor(name, help, None, kind)?;
            for ((provider, currency), amount) in &sums {
                let labels = [("provider", provider.as_ref()), ("currency", currency.as_str())];
                ConstCounter::new(shown(*amount)).encode(family.encode_family(&labels)?)?;
            }
        }
        Ok(())
    }
}
