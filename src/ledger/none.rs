//! No ledger: for what only asks. Whatever would have to be written down is refused, so that with this one
//! nothing can be bought.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    Charges, Delivery, Doubt, Doubts, DueQuery, Goods, HistoryQuery, Intent, Kept, Ledger, LedgerError,
    Outbox, Tally,
};
use crate::domain::{Activation, ActivationId, Service};

/// A ledger that keeps nothing and takes nothing.
#[derive(Debug)]
pub struct NoLedger;

impl Goods for NoLedger {}

impl Doubts for NoLedger {}

impl Kept for NoLedger {}

impl Charges for NoLedger {}

#[async_trait]
impl Ledger for NoLedger {
    async fn intend_all(&self, _: Vec<Intent>) -> Result<Vec<ActivationId>, LedgerError> {
        Err(LedgerError::None)
    }

    async fn settle_all(&self, _: Vec<Activation>) -> Result<(), LedgerError> {
        Err(LedgerError::None)
    }

    async fn release(&self, _: ActivationId, _: String) -> Result<(), LedgerError> {
        Err(LedgerError::None)
    }

    async fn doubt(&self, _: ActivationId, _: String) -> Result<(), LedgerError> {
        Err(LedgerError::None)
    }

    async fn update_and_queue(&self, _: Activation, _: Outbox) -> Result<(), LedgerError> {
        Err(LedgerError::None)
    }

    async fn due_deliveries(&self, _: DueQuery) -> Result<Vec<Delivery>, LedgerError> {
        Ok(Vec::new())
    }

    async fn postpone(&self, _: Delivery, _: Timestamp) -> Result<(), LedgerError> {
        Err(LedgerError::None)
    }

    async fn close_delivery(&self, _: Delivery) -> Result<(), LedgerError> {
        Err(LedgerError::None)
    }

    async fn open_after(&self, _: Option<ActivationId>, _: u32) -> Result<Vec<Activation>, LedgerError> {
        Ok(Vec::new())
    }

    async fn find(&self, _: ActivationId) -> Result<Option<Activation>, LedgerError> {
        Ok(None)
    }

    async fn history(&self, _: HistoryQuery) -> Result<Vec<Activation>, LedgerError> {
        Ok(Vec::new())
    }

    async fn tally(&self, _: Service) -> Result<Vec<Tally>, LedgerError> {
        Ok(Vec::new())
    }

    async fn take_up_doubts(&self) -> Result<Vec<Doubt>, LedgerError> {
        Ok(Vec::new())
    }

    async fn close(&self) {}

    fn place(&self) -> String {
        "none".to_owned()
    }
}
