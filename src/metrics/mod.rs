//! What is counted and measured while the program runs, and how that is written for Prometheus. Knows no HTTP, no
//! action and no provider in particular: what may stand in a label is told at the start, so that nothing a client
//! or an upstream writes can make a series of its own.
//!
//! | file | what it counts |
//! |---|---|
//! | `requests` | clients' requests: outcome, time, own overhead |
//! | `upstreams` | of each provider: calls and calls saved, purchases, the breaker, the line |
//! | `amounts` | what was spent and given back, in exact decimals |
//! | `writes` | writes of the ledger |
//! | `events` | messages sent, requests turned away by limits |
//! | `census` | what is so at the moment of the question: open, unknown, still to be sent |
//! | `process` | this process: its start, its memory, its files |

mod amounts;
mod census;
mod events;
mod process;
mod requests;
#[cfg(test)]
mod tests;
mod upstreams;
mod writes;

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

pub use census::{Backlog, Census};
pub use events::Delivered;
pub use requests::{Answered, InFlight};
pub use upstreams::{Breaker, Sent, Upstream, Waiting};
pub use writes::Writes;

use amounts::Amounts;
use census::Shown;
use events::Events;
use requests::Requests;
use upstreams::Families;

/// What every name begins with, but for those of the process.
const PREFIX: &str = "smsbridge";

/// The label of what has no name that may stand in one.
const OTHER: &str = "other";

/// The media type of what [`Metrics::render`] writes: OpenMetrics, which Prometheus asks for by itself.
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The version, as a label: not as the format's own kind for that, which those who read Prometheus's older text
/// do not know.
fn build() -> Family<[(&'static str, &'static str); 1], Gauge> {
    let family = Family::<_, Gauge>::default();
    family.get_or_create_owned(&[("version", env!("CARGO_PKG_VERSION"))]).set(1);
    family
}

/// Everything that is counted, for the whole process. To count costs a few look-ups and an addition.
pub struct Metrics {
    registry: Registry,
    requests: Requests,
    events: Events,
    writes: Arc<Writes>,
    families: Families,
    /// One a provider. They are few: looking through them is quicker than a map.
    upstreams: RwLock<Vec<Arc<Upstream>>>,
    /// Locked until what is shown is written, so that two questions at once do not mix.
    shown: Mutex<Shown>,
}

impl Metrics {
    /// Counts that can name these actions and outcomes, and call every other one `other`.
    pub fn new(
        actions: impl IntoIterator<Item = &'static str>,
        outcomes: impl IntoIterator<Item = &'static str>,
    ) -> Arc<Self> {
        let mut registry = Registry::default();
        // Dashboards look for these by the names that they have everywhere.
        process::register(&mut registry);
        let own = registry.sub_registry_with_prefix(PREFIX);
        own.register("build_info", "Which program runs, and always 1", build());
        let requests = Requests::register(actions, outcomes, own);
        let events = Events::register(own);
        let writes = Arc::new(Writes::register(own));
        let amounts = Arc::new(Amounts::default());
        own.register_collector(Box::new(Arc::clone(&amounts)));
        let families = Families::register(amounts, own);
        let shown = Mutex::new(Shown::register(own));
        Arc::new(Self { registry, requests, events, writes, families, upstreams: RwLock::default(), shown })
    }

    /// The counts of the provider with this name in the configuration, which is a label from now on. Whoever asks
    /// again gets the same, so that nothing begins anew where a configuration is read again.
    pub fn upstream(&self, name: &str) -> Arc<Upstream> {
        let mut upstreams = self.upstreams.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = upstreams.iter().find(|upstream| upstream.name() == name) {
            return Arc::clone(known);
        }
        let made = Arc::new(self.families.upstream(name));
        upstreams.push(Arc::clone(&made));
        made
    }

    /// The writes of the ledger.
    pub fn writes(&self) -> &Arc<Writes> {
        &self.writes
    }

    /// Everything, with what is so at this moment.
    pub fn render(&self, census: &Census) -> String {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.show(census, &self.names());
        let mut text = String::new();
        // Writing to a String does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }

    /// The names of all providers.
    fn names(&self) -> Vec<Arc<str>> {
        let upstreams = self.upstreams.read().unwrap_or_else(PoisonError::into_inner);
        upstreams.iter().map(|upstream| upstream.label()).collect()
    }

    /// The label of a provider: its name, if it is one.
    fn label_of(&self, provider: &str) -> Option<Arc<str>> {
        let upstreams = self.upstreams.read().unwrap_or_else(PoisonError::into_inner);
        upstreams.iter().find(|upstream| upstream.name() == provider).map(|upstream| upstream.label())
    }
}
