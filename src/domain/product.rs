//! Partner products: software that is sold by its number, as a key. Knows no provider and no wire.

use std::fmt;

use jiff::Timestamp;

use super::{ActivationId, Money, Owner};

/// A product's number, which is the upstream's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProductNumber(pub u32);

/// What was sold. `Debug` hides the key.
#[derive(Clone, PartialEq, Eq)]
pub struct BoughtProduct {
    /// The key that makes the product run.
    pub key: String,
    /// How to come by the product, in the upstream's words.
    pub manual: String,
    /// What was charged, where the upstream says so.
    pub price: Option<Money>,
}

impl fmt::Debug for BoughtProduct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BoughtProduct").field("price", &self.price).finish_non_exhaustive()
    }
}

/// A product that was bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// The id of the purchase here; no activation has the same. Clients are not told it.
    pub id: ActivationId,
    /// Whose it is.
    pub owner: Owner,
    /// The mark of the provider that sold it.
    pub provider: String,
    /// Which product.
    pub number: ProductNumber,
    /// When it was bought.
    pub bought_at: Timestamp,
    /// What was sold.
    pub bought: BoughtProduct,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_stays_out_of_logs() {
        let bought = BoughtProduct { key: "F5qrz".into(), manual: "m".into(), price: None };
        assert!(!format!("{bought:?}").contains("F5qrz"));
    }
}
