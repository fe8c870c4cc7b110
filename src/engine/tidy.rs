//! What is done now and then though nobody asks: activations whose time is over get their true end, and
//! memory lets go of what it need not hold. Knows no timer: the server says when.

use std::sync::Arc;

use futures_util::stream::{self, StreamExt};
use jiff::SignedDuration;

use super::book::Entry;
use super::{Caller, Engine};
use crate::domain::Owner;
use crate::provider::Meter;

/// How long after its time an activation stays in memory that could not be given its end.
const KEPT_AFTER_THE_END: SignedDuration = SignedDuration::from_hours(1);

/// How many upstream questions are asked at a time.
const ASKED_AT_A_TIME: usize = 4;

impl Engine {
    /// Ends what is over and forgets what has ended.
    pub async fn tidy(self: &Arc<Self>) {
        let now = self.clock.now();
        let over = self.book.all(|activation| !activation.state.is_final() && activation.is_over(now));
        stream::iter(over).for_each_concurrent(ASKED_AT_A_TIME, |entry| self.end(entry)).await;
        self.book.forget(now.saturating_sub(KEPT_AFTER_THE_END).unwrap_or(now));
    }

    /// An activation that was used is finished; of one that waits the upstream is asked a last time, since
    /// a message may have come that nobody read.
    async fn end(self: &Arc<Self>, entry: Arc<Entry>) {
        let caller = Caller {
            owner: Owner(entry.read(|activation| activation.owner.0.clone())),
            name: "tidy".to_owned(),
            own_key: None,
            meter: Arc::new(Meter::default()),
        };
        let id = entry.read(|activation| activation.id);
        // Without a key of our own (the clients bring theirs) there is nothing to ask with.
        if self.has_key_for(&entry) {
            let _ = self.status(&caller, id).await;
        }
        let _gate = entry.gate.lock().await;
        let mut activation = entry.get();
        if activation.lapse(self.clock.now()) {
            self.keep(&entry, activation).await;
        }
    }

    fn has_key_for(&self, entry: &Entry) -> bool {
        let upstream = self.seller(&entry.get());
        upstream.is_ok_and(|upstream| upstream.key.is_some() || !upstream.spec.needs_key)
    }
}
