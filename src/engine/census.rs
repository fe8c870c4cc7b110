//! How things stand, for those who watch: what is open, what nobody knows, what is still to be sent. Knows no
//! metric's name and no format.

use std::collections::BTreeMap;

use super::Engine;
use super::upstream::name_of;
use crate::domain::{Kind, Outline};
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
        let open = |outline: &Outline| !outline.state.is_final() && outline.kind != Kind::MoreTime;
        let mut by_name = BTreeMap::new();
        for (seller, count) in self.book.tally(open) {
            *by_name.entry(name_of(&seller).to_owned()).or_default() += count;
        }
        by_name
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
