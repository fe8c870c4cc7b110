//! Writes of the ledger: how long they took, how many failed. Knows neither what is written nor where to.

use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// In seconds: from an SSD that has a cache of its own to a disk that is about to fail.
const BUCKETS: [f64; 12] = [0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 5.0];

/// The counts of writes.
#[derive(Debug)]
pub struct Writes {
    seconds: Histogram,
    failures: Counter,
}

impl Writes {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let new = Self { seconds: Histogram::new(BUCKETS), failures: Counter::default() };
        registry.register_with_unit(
            "ledger_write_duration",
            "How long writes of the ledger took until they were durable, waiting for others included",
            Unit::Seconds,
            new.seconds.clone(),
        );
        registry.register("ledger_write_failures", "Writes of the ledger that failed", new.failures.clone());
        new
    }

    /// Counts a write that is durable.
    pub fn written(&self, took: Duration) {
        self.seconds.observe(took.as_secs_f64());
    }

    /// Counts a write that failed.
    pub fn failed(&self) {
        self.failures.inc();
    }
}
