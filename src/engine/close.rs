//! The end of an engine: what must not be cut off is waited for within a bound, and what is still under way then is
//! noted as what it is. Knows no signal and no timer: the server says when the bound is reached.

use std::pin::pin;

use super::{Engine, Phase};

/// Why a purchase is in doubt whose answer was not waited for.
const NOT_WAITED_FOR: &str = "the program was stopped before the upstream answered";

impl Engine {
    /// Refuses anything new, waits for everything that must not be cut off, though no longer than `bound`, and closes
    /// the ledger. Purchases that are then without an answer are noted there as unknown.
    pub async fn close(&self, bound: impl Future<Output = ()>) {
        // As long as somebody waits to write, nobody else gets in; so it must not be dropped before the ledger is
        // closed.
        let mut everything_ended = pin!(self.running.write());
        let phase = tokio::select! {
            biased;
            phase = &mut everything_ended => Some(phase),
            () = bound => None,
        };
        match phase {
            Some(mut phase) => *phase = Phase::Closing,
            None => self.note_what_is_under_way().await,
        }
        self.save_all().await;
        let (lacking, unnoted) = (self.book.unsaved().len(), self.unnoted.count());
        if lacking + unnoted > 0 {
            tracing::error!(
                "the ledger lacks the last of {lacking} activations and how {unnoted} purchases failed: it could not be written until the end"
            );
        }
        self.ledger.close().await;
    }

    async fn note_what_is_under_way(&self) {
        match self.ledger.give_up_waiting(NOT_WAITED_FOR.to_owned()).await {
            Ok(ids) => {
                for id in ids {
                    tracing::error!(
                        id = id.get(),
                        "nobody knows whether this purchase was made ({NOT_WAITED_FOR}); it is kept as unknown and not sent again"
                    );
                }
            }
            Err(error) => tracing::error!("what is under way could not be written down: {error}"),
        }
    }
}
