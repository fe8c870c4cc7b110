//! What a stopped server left in its ledger, read as its next start would read it.

use std::path::Path;
use std::sync::Arc;

use rust_decimal::Decimal;
use smsbridge::clock::MovableClock;
use smsbridge::domain::{Activation, ActivationId, Owner, State};
use smsbridge::ledger::sqlite::SqliteLedger;
use smsbridge::ledger::{Doubt, HistoryQuery, Ledger};

/// The owner of everything while every key is accepted.
const ANYBODY: &str = "*";

/// A ledger's content.
pub struct Books {
    /// What was bought, newest first.
    pub activations: Vec<Activation>,
    /// What may have been bought. An intent that was neither settled nor released is among them.
    pub doubts: Vec<Doubt>,
}

impl Books {
    /// Reads the ledger in a folder; its server must have stopped.
    pub async fn read(folder: &Path, clock: &Arc<MovableClock>) -> Self {
        let url = format!("sqlite:{}", folder.join("ledger.db").display());
        let ledger = SqliteLedger::open(&url, clock.clone()).unwrap();
        let query = HistoryQuery { owner: Owner(ANYBODY.into()), from: None, to: None, limit: 1000 };
        let activations = ledger.history(query).await.unwrap();
        let doubts = ledger.take_up_doubts().await.unwrap();
        ledger.close().await;
        Self { activations, doubts }
    }

    /// The purchases of these ids in the ledger of a folder; its server must have stopped.
    pub async fn found(folder: &Path, clock: &Arc<MovableClock>, ids: &[i64]) -> Vec<Option<Activation>> {
        let url = format!("sqlite:{}", folder.join("ledger.db").display());
        let ledger = SqliteLedger::open(&url, clock.clone()).unwrap();
        let mut found = Vec::new();
        for id in ids {
            found.push(ledger.find(ActivationId::new(*id).unwrap()).await.unwrap());
        }
        ledger.close().await;
        found
    }

    /// What all this cost: of everything that was not given back.
    pub fn paid(&self) -> Decimal {
        let kept = |activation: &&Activation| !matches!(activation.state, State::Cancelled | State::Expired);
        self.activations
            .iter()
            .filter(kept)
            .filter_map(|activation| activation.price)
            .map(|price| price.amount)
            .sum()
    }
}
