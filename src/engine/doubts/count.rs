//! How many purchases are in doubt, and what they may have cost. Asks the ledger only.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::domain::{Currency, Money};
use crate::engine::Engine;
use crate::ledger::{LedgerError, Unknown};

/// What is in doubt at a seller.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UnknownPurchases {
    /// How many purchases.
    pub count: u64,
    /// What they may have cost in all, a sum for each currency; what one may have cost is not always known.
    pub at_stake: BTreeMap<Currency, Decimal>,
}

impl UnknownPurchases {
    /// What is in doubt at each seller.
    pub fn of(unknown: &Unknown) -> BTreeMap<String, Self> {
        let mut all = BTreeMap::<String, Self>::new();
        for doubt in &unknown.numbers {
            all.entry(doubt.intent.provider.clone()).or_default().add(doubt.intent.stake);
        }
        for doubt in &unknown.goods {
            all.entry(doubt.provider.clone()).or_default().add(None);
        }
        all
    }

    fn add(&mut self, stake: Option<Money>) {
        self.count += 1;
        if let Some(Money { amount, currency }) = stake {
            *self.at_stake.entry(currency).or_default() += amount;
        }
    }
}

impl Engine {
    /// What is in doubt at each seller, by the seller's mark. One read of the ledger, over an index.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn unknown_purchases(&self) -> Result<BTreeMap<String, UnknownPurchases>, LedgerError> {
        Ok(UnknownPurchases::of(&self.ledger.unknown().await?))
    }
}
