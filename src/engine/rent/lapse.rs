//! What becomes of rents though nobody asks: those whose time is over get their end, and those that nobody waited
//! for go back while that refunds. Knows no timer.

use std::sync::Arc;

use jiff::SignedDuration;

use super::status::has_ended;
use crate::domain::ActivationId;
use crate::engine::book::Entry;
use crate::engine::poll::Who;
use crate::engine::{Caller, Engine};
use crate::provider::{Ending, FaultKind};

/// How long after its time a rent is finished that the upstream could not be asked about.
const PATIENCE: SignedDuration = SignedDuration::from_hours(1);

impl Engine {
    /// Ends a rent whose time is over, after a last look for messages.
    pub(in crate::engine) async fn end_lapsed_rent(self: &Arc<Self>, entry: Arc<Entry>) {
        let owner = entry.outline(|rent| rent.owner.as_ref().clone());
        // Without a key of our own (the clients bring theirs) there is nothing to ask with.
        if self.has_key_for(&entry) {
            let _ = self.refresh_rent(&Caller::new(owner, "tidy"), &entry, Who::Server).await;
        }
        let _gate = entry.gate().lock_owned().await;
        let long_ago = self.clock.now().saturating_sub(PATIENCE).unwrap_or_default();
        let mut rent = entry.get();
        if !has_ended(&entry) && rent.is_over(long_ago) && !entry.is_being_prolonged() {
            rent.lapse_rent();
            self.keep(&entry, rent).await;
        }
    }

    /// Cancels a rent that was bought for a client which neither waited for it nor came back. Says whether nothing
    /// is left to be done about it.
    pub(in crate::engine) async fn turn_away_rent(
        self: &Arc<Self>,
        caller: &Caller,
        id: ActivationId,
    ) -> bool {
        match self.end_rent(caller, id, Ending::Cancel).await {
            Err(fault) if fault.kind == FaultKind::TooEarlyToCancel || fault.may_ask_again() => false,
            outcome => {
                tracing::info!(
                    id = id.get(),
                    cancelled = outcome.is_ok(),
                    "nobody came for this rent, so it was to be cancelled"
                );
                true
            }
        }
    }
}
