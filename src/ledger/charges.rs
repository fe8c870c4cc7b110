//! What purchases of every kind have cost, for those who watch over spending. Knows no limit and no rate.

use async_trait::async_trait;
use jiff::Timestamp;

use super::LedgerError;
use crate::domain::{ActivationId, Money, Owner};

/// What one purchase costs, or one part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// The id that was reserved for it.
    pub id: ActivationId,
    /// Who bought it.
    pub owner: Owner,
    /// From which configured provider.
    pub provider: String,
    /// What was charged, else what is at stake, in the currency of the account; `None` when nobody knows.
    pub amount: Option<Money>,
    /// When it was bought, or intended where nobody knows whether it was.
    pub at: Timestamp,
    /// Whether its time ended without a message, so that the upstream may have refunded it.
    pub expired: bool,
}

/// The part of a ledger that adds up.
#[async_trait]
pub trait Charges: Send + Sync {
    /// Everything that was bought at or after `from` and not cancelled, and everything intended since then of which
    /// nobody knows whether it was bought. An intent that is under way is not among it.
    async fn charges(&self, from: Timestamp) -> Result<Vec<Charge>, LedgerError> {
        let _ = from;
        Ok(Vec::new())
    }
}
