//! Whether new orders could be carried out: the ledger can be written, and at least one upstream is not broken.
//! Knows neither who asks nor how the ledger is written.

use std::time::Duration;

use tokio::sync::Mutex;

use super::Engine;
use crate::metrics::Breaker;
use crate::provider::Phase;

/// The ledger is not tried more often than this, however often somebody asks.
const AT_MOST_EVERY: Duration = Duration::from_secs(1);

/// When the ledger was tried last, and what came of it.
#[derive(Default)]
pub(super) struct Readiness(Mutex<Option<(Duration, Result<(), String>)>>);

impl Engine {
    /// Whether new orders could be carried out.
    ///
    /// # Errors
    /// Why not, in plain words without a secret.
    pub async fn ready(&self) -> Result<(), String> {
        self.note_breakers();
        self.ledger_works().await?;
        if self.upstreams.iter().all(|upstream| upstream.breaker().phase == Phase::Open) {
            return Err("no upstream works".to_owned());
        }
        Ok(())
    }

    /// Shows those who watch how every provider's breaker stands.
    fn note_breakers(&self) {
        for upstream in self.sellers.values() {
            upstream.metrics.set_breaker(match upstream.breaker().phase {
                Phase::Closed => Breaker::Closed,
                Phase::HalfOpen => Breaker::HalfOpen,
                Phase::Open => Breaker::Open,
            });
        }
    }

    /// What came of a write that changes nothing.
    async fn ledger_works(&self) -> Result<(), String> {
        let mut tried = self.readiness.0.lock().await;
        let now = self.clock.elapsed();
        if let Some((at, outcome)) = tried.as_ref()
            && now.saturating_sub(*at) < AT_MOST_EVERY
        {
            return outcome.clone();
        }
        let outcome =
            self.ledger.probe().await.map_err(|error| format!("the ledger cannot be written: {error}"));
        *tried = Some((now, outcome.clone()));
        outcome
    }
}
