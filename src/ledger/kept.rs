//! What must outlive the process of purchases whose client was gone by then: until when each is kept for that
//! client's next identical order. Knows no rule of how long that is.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Intent, LedgerError};
use crate::domain::{Activation, ActivationId};

/// A purchase that its client has not received. One of several parts has a row for each.
#[derive(Debug, Clone, PartialEq)]
pub struct Unmet {
    /// What was ordered, and when. Where an upstream takes one operator at a time, it is the one that was asked for.
    pub intent: Intent,
    /// What was bought.
    pub activation: Activation,
    /// Until when it is kept; what is past is still to be given back.
    pub until: Timestamp,
}

/// The part of a ledger that keeps what nobody received. Every method returns only when what it wrote is durable.
/// Each has a default that keeps nothing and takes nothing.
#[async_trait]
pub trait Kept: Send + Sync {
    /// As [`super::Ledger::settle_all`], and that the client is gone: all of it or nothing.
    async fn settle_unmet(&self, activations: Vec<Activation>, until: Timestamp) -> Result<(), LedgerError> {
        let _ = (activations, until);
        Err(LedgerError::None)
    }

    /// Notes that the client did not receive what was settled under these ids; all or none.
    async fn keep(&self, ids: Vec<ActivationId>, until: Timestamp) -> Result<(), LedgerError> {
        let _ = (ids, until);
        Err(LedgerError::None)
    }

    /// Notes that these are kept no longer, because somebody gets them or nothing is left to be done; all or none.
    async fn let_go(&self, ids: Vec<ActivationId>) -> Result<(), LedgerError> {
        let _ = ids;
        Err(LedgerError::None)
    }

    /// Everything that is kept, by id.
    async fn unmet(&self) -> Result<Vec<Unmet>, LedgerError> {
        Ok(Vec::new())
    }
}
