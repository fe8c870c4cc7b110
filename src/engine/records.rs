//! What a client bought: its active activations and its history, from the ledger's own records. Numbers
//! bought elsewhere on the same account are not visible here. Knows no shape of the wire.

use std::sync::Arc;

use futures_util::stream::{self, StreamExt};
use jiff::Timestamp;

use super::{Caller, Engine, ledger_fault};
use crate::domain::Activation;
use crate::ledger::HistoryQuery;
use crate::provider::Fault;

/// How many activations are polled at a time for a list of them.
const POLLS_AT_A_TIME: usize = 8;

/// The history is at most this long; the original's was paged.
const HISTORY_LIMIT: u32 = 1000;

impl Engine {
    /// The caller's active activations, newest first, each as fresh as a poll of its own would be.
    pub async fn active(self: &Arc<Self>, caller: &Caller) -> Result<Vec<Activation>, Fault> {
        let now = self.clock.now();
        let entries = self.book.of(&caller.owner);
        let open = entries
            .into_iter()
            .filter(|entry| entry.outline(|outline| outline.is_handed_out() && outline.is_active(now)));
        let mut active: Vec<_> = stream::iter(open)
            .map(|entry| async move {
                let id = entry.outline(|outline| outline.id);
                // What cannot be asked just now is shown as last known.
                let known = |_| self.shown(entry.get());
                self.status(caller, id).await.unwrap_or_else(known)
            })
            .buffer_unordered(POLLS_AT_A_TIME)
            .filter(|activation| std::future::ready(activation.is_active(now)))
            .collect()
            .await;
        active.sort_by_key(|activation| std::cmp::Reverse(activation.id));
        Ok(active)
    }

    /// The caller's activations bought between two times, newest first.
    pub async fn history(
        &self,
        caller: &Caller,
        from: Option<Timestamp>,
        to: Option<Timestamp>,
    ) -> Result<Vec<Activation>, Fault> {
        let query = HistoryQuery { owner: caller.owner.clone(), from, to, limit: HISTORY_LIMIT };
        let mut found = self.ledger.history(query).await.map_err(|error| ledger_fault(&error))?;
        let now = self.clock.now();
        for activation in &mut found {
            // It may be over since it was last written down.
            activation.lapse(now);
        }
        Ok(found.into_iter().map(|activation| self.shown(activation)).collect())
    }
}
