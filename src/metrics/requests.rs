//! Clients' requests: how many came to what, how many are being answered, how long they took and how much of that
//! was this program's own. Knows neither actions nor words: those that may be named are told to it.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use super::{Metrics, OTHER};

/// The provider of a request that concerned none: it was turned away before.
const NONE: &str = "none";

/// In seconds. Answers from memory take microseconds, purchases as long as their upstream.
const TOTAL: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0];

/// In seconds. What is above a millisecond is mostly the ledger's disk.
const OVERHEAD: [f64; 13] =
    [0.000_05, 0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    action: &'static str,
    provider: Arc<str>,
    outcome: &'static str,
}

/// A request that was answered.
#[derive(Debug, Clone, Copy)]
pub struct Answered<'a> {
    /// What was asked for, as it was written.
    pub action: &'a str,
    /// Which provider it concerned, by its name in the configuration; `None` where it was turned away.
    pub provider: Option<&'a str>,
    /// The first word of the answer.
    pub outcome: &'a str,
    /// How long it took.
    pub total: Duration,
    /// How much of that an upstream took, be it for this request or for one that this waited for. The calls of a
    /// request that asks several at once are added up, so that it can be more than the whole.
    pub elsewhere: Duration,
}

/// The counts of requests.
pub(super) struct Requests {
    actions: HashSet<&'static str>,
    outcomes: HashSet<&'static str>,
    none: Arc<str>,
    other: Arc<str>,
    answered: Family<Labels, Counter>,
    in_flight: Gauge,
    total: Histogram,
    overhead: Histogram,
}

impl Requests {
    pub(super) fn register(
        actions: impl IntoIterator<Item = &'static str>,
        outcomes: impl IntoIterator<Item = &'static str>,
        registry: &mut Registry,
    ) -> Self {
        let new = Self {
            actions: actions.into_iter().collect(),
            outcomes: outcomes.into_iter().collect(),
            none: NONE.into(),
            other: OTHER.into(),
            answered: Family::default(),
            in_flight: Gauge::default(),
            total: Histogram::new(TOTAL),
            overhead: Histogram::new(OVERHEAD),
        };
        registry.register(
            "requests",
            "Requests answered, by action, provider and the word of the answer",
            new.answered.clone(),
        );
        registry.register("requests_in_flight", "Requests being answered now", new.in_flight.clone());
        registry.register_with_unit(
            "request_duration",
            "How long requests took",
            Unit::Seconds,
            new.total.clone(),
        );
        registry.register_with_unit(
            "overhead",
            "How much of a request's time was smsbridge's own: the whole less calls to upstreams and waiting for them",
            Unit::Seconds,
            new.overhead.clone(),
        );
        new
    }
}

/// A request that is being answered, until this is dropped.
pub struct InFlight(Arc<Metrics>);

impl InFlight {
    /// Counts what the request came to.
    pub fn answered(&self, answered: &Answered<'_>) {
        let requests = &self.0.requests;
        let known = |names: &HashSet<&'static str>, name| names.get(name).copied().unwrap_or(OTHER);
        let provider = match answered.provider {
            None => Arc::clone(&requests.none),
            Some(name) => self.0.label_of(name).unwrap_or_else(|| Arc::clone(&requests.other)),
        };
        let labels = Labels {
            action: known(&requests.actions, answered.action),
            provider,
            outcome: known(&requests.outcomes, answered.outcome),
        };
        requests.answered.get_or_create(&labels).inc();
        requests.total.observe(answered.total.as_secs_f64());
        requests.overhead.observe(answered.total.saturating_sub(answered.elsewhere).as_secs_f64());
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.requests.in_flight.dec();
    }
}

impl Metrics {
    /// Notes that a request is being answered.
    pub fn begin(self: &Arc<Self>) -> InFlight {
        self.requests.in_flight.inc();
        InFlight(Arc::clone(self))
    }
}
