//! How things stand, for those who watch: what is open, what nobody knows, what is still to be sent. Knows no
//! metric's name and no format.

use std::collections::BTreeMap;

use super::Engine;
use super::upstream::name_of;
use crate::ledger::LedgerError;
use crate::metrics::{Backlog, Census};

impl Engine {
    /// Every metric, in the format that Prometheus reads. Asks no upstream.
    pub async fn measures(&self) -> String {
        let backlog = self.backlog().await;
        if let Err(error) = &backlog {
            tracing::debug!("the ledger could not be read for the metrics: {error}");
        }
        let census =
            Census { ready: self.ready().await.is_ok(), open: self.open_now(), backlog: backlog.ok() };
        self.metrics.render(&census)
    }

    fn open_now(&self) -> BTreeMap<String, u64> {
        self.book.tally(|activation| {
            let open = !activation.state.is_final() && !activation.is_prolongation();
            open.then(|| name_of(&activation.provider).to_owned())
        })
    }

    async fn backlog(&self) -> Result<Backlog, LedgerError> {
        let left = self.ledger.backlog().await?;
        let mut backlog = Backlog { deliveries: left.deliveries, ..Backlog::default() };
        for doubt in left.doubts {
            let provider = name_of(&doubt.provider).to_owned();
            if let Some(price) = doubt.price {
                let stake = backlog.stakes.entry((provider.clone(), price.currency)).or_default();
                *stake = stake.saturating_add(price.amount);
            }
            *backlog.unknown.entry(provider).or_default() += 1;
        }
        Ok(backlog)
    }
}
