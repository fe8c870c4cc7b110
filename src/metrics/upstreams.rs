//! Of each provider: its calls and how long they took, the calls that were saved, purchases, the breaker and the
//! line in which calls wait for their turn. Knows neither what is called nor when a breaker opens.

use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use super::amounts::Amounts;
use crate::domain::Money;

/// In seconds: from a stand-in on this machine to the longest time-outs that are usual.
const SECONDS: [f64; 13] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0];

/// What came of sending a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// The upstream answered, be it with a refusal of its own.
    Answered,
    /// It said that it is asked too often (HTTP 429).
    TooOften,
    /// Something else answered: a gateway, a web server, an error of HTTP.
    NotTheUpstream,
    /// No connection could be made.
    Unreachable,
    /// No whole answer came in time.
    TimedOut,
    /// The connection broke, or the answer cannot be read.
    Broken,
}

impl Sent {
    fn word(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::TooOften => "too_often",
            Self::NotTheUpstream => "not_the_upstream",
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::Broken => "broken",
        }
    }
}

/// How a provider's breaker stands. The numbers are what is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breaker {
    /// The upstream works, as far as is known.
    Closed = 0,
    /// It is being tried out whether it works again.
    HalfOpen = 1,
    /// It does not work, and is not asked.
    Open = 2,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Provider {
    provider: Arc<str>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Call {
    provider: Arc<str>,
    purpose: &'static str,
    result: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Saved {
    provider: Arc<str>,
    what: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Purchase {
    provider: Arc<str>,
    outcome: &'static str,
}

type Histograms = Family<Provider, Histogram, fn() -> Histogram>;

/// What all providers are counted in.
pub(super) struct Families {
    calls: Family<Call, Counter>,
    seconds: Histograms,
    saved: Family<Saved, Counter>,
    purchases: Family<Purchase, Counter>,
    breaker: Family<Provider, Gauge>,
    waiting: Family<Provider, Gauge>,
    held_back: Family<Provider, Counter>,
    amounts: Arc<Amounts>,
}

impl Families {
    pub(super) fn register(amounts: Arc<Amounts>, registry: &mut Registry) -> Self {
        let new = Self {
            calls: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(SECONDS)),
            saved: Family::default(),
            purchases: Family::default(),
            breaker: Family::default(),
            waiting: Family::default(),
            held_back: Family::default(),
            amounts,
        };
        let help = "Calls sent to upstreams, by provider, what they were for, and what came back";
        registry.register("upstream_calls", help, new.calls.clone());
        let help = "How long calls to upstreams took, from connect to last byte";
        registry.register_with_unit("upstream_duration", help, Unit::Seconds, new.seconds.clone());
        let help = "Questions of clients answered from memory, for which no upstream was asked";
        registry.register("upstream_calls_saved", help, new.saved.clone());
        let help = "Purchases, by provider and by whether they were made";
        registry.register("purchases", help, new.purchases.clone());
        let help = "How a provider's breaker stands: 0 closed, 1 half open, 2 open";
        registry.register("breaker_state", help, new.breaker.clone());
        let help = "Calls that wait for their turn, so that a provider's rate_limit is kept to";
        registry.register("upstream_calls_waiting", help, new.waiting.clone());
        let help = "Calls that were not sent because their turn would have come too late";
        registry.register("upstream_calls_held_back", help, new.held_back.clone());
        new
    }

    /// The counts of one provider. All but those of its calls begin at zero and not with their first event, so
    /// that the first one shows as a rise.
    pub(super) fn upstream(&self, name: &str) -> Upstream {
        let name: Arc<str> = name.into();
        let provider = || Provider { provider: Arc::clone(&name) };
        let saved = |what| self.saved.get_or_create_owned(&Saved { provider: Arc::clone(&name), what });
        let purchases =
            |outcome| self.purchases.get_or_create_owned(&Purchase { provider: Arc::clone(&name), outcome });
        Upstream {
            calls: self.calls.clone(),
            seconds: self.seconds.get_or_create_owned(&provider()),
            saved_polls: saved("poll"),
            saved_lists: saved("list"),
            done: purchases("done"),
            not_done: purchases("not_done"),
            unknown: purchases("unknown"),
            breaker: self.breaker.get_or_create_owned(&provider()),
            waiting: self.waiting.get_or_create_owned(&provider()),
            held_back: self.held_back.get_or_create_owned(&provider()),
            amounts: Arc::clone(&self.amounts),
            name,
        }
    }
}

/// The counts of one provider.
pub struct Upstream {
    name: Arc<str>,
    calls: Family<Call, Counter>,
    seconds: Histogram,
    saved_polls: Counter,
    saved_lists: Counter,
    done: Counter,
    not_done: Counter,
    unknown: Counter,
    breaker: Gauge,
    waiting: Gauge,
    held_back: Counter,
    amounts: Arc<Amounts>,
}

impl Upstream {
    /// Its name in the configuration.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn label(&self) -> Arc<str> {
        Arc::clone(&self.name)
    }

    /// Counts a call that was sent, whatever came of it; `purpose` is one of a few words.
    pub fn called(&self, purpose: &'static str, sent: Sent, took: Duration) {
        let labels = Call { provider: Arc::clone(&self.name), purpose, result: sent.word() };
        self.calls.get_or_create(&labels).inc();
        self.seconds.observe(took.as_secs_f64());
    }

    /// Counts a client's poll that was answered from memory.
    pub fn poll_saved(&self) {
        self.saved_polls.inc();
    }

    /// The count of lists that were answered from memory.
    pub fn saved_lists(&self) -> Counter {
        self.saved_lists.clone()
    }

    /// Counts a purchase that was made, and what it cost, if that is known.
    pub fn bought(&self, price: Option<&Money>) {
        self.done.inc();
        if let Some(price) = price {
            self.amounts.spend(&self.name, price);
        }
    }

    /// Counts a purchase that was certainly not made.
    pub fn not_bought(&self) {
        self.not_done.inc();
    }

    /// Counts a purchase of which nobody knows whether it was made.
    pub fn doubted(&self) {
        self.unknown.inc();
    }

    /// Counts what was given back for a purchase, if that is known.
    pub fn refunded(&self, price: Option<&Money>) {
        if let Some(price) = price {
            self.amounts.refund(&self.name, price);
        }
    }

    /// Notes how its breaker stands from now on.
    pub fn set_breaker(&self, stands: Breaker) {
        self.breaker.set(stands as i64);
    }

    /// Notes that a call waits for its turn, until this is dropped.
    pub fn wait(&self) -> Waiting<'_> {
        self.waiting.inc();
        Waiting(&self.waiting)
    }

    /// Counts a call that was not sent because its turn would have come too late.
    pub fn held_back(&self) {
        self.held_back.inc();
    }
}

/// A call that waits for its turn.
pub struct Waiting<'a>(&'a Gauge);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.dec();
    }
}
