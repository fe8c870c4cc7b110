//! What is so at the moment of the question, and is not counted up as it happens. Knows neither memory nor
//! ledger: whoever is asked brings the numbers along.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use rust_decimal::Decimal;

use super::amounts::shown;
use crate::domain::Currency;

/// How things stand. Providers are those of the configuration, and those that sold what is still in the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Census {
    /// Whether new orders could be carried out.
    pub ready: bool,
    /// Open activations and rents, by provider.
    pub open: BTreeMap<String, u64>,
    /// What the ledger has; `None` if it could not be read, and then what was shown last stays.
    pub backlog: Option<Backlog>,
}

/// What is left to be done, by the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Messages that are still to be sent.
    pub deliveries: u64,
    /// Purchases of which nobody knows whether they were made, by provider.
    pub unknown: BTreeMap<String, u64>,
    /// What they cost if they were made, by provider and currency, as far as that is known.
    pub stakes: BTreeMap<(String, Currency), Decimal>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Provider {
    provider: Arc<str>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Account {
    provider: Arc<str>,
    currency: String,
}

pub(super) struct Shown {
    ready: Gauge,
    open: Family<Provider, Gauge>,
    unknown: Family<Provider, Gauge>,
    stakes: Family<Account, Gauge<f64, AtomicU64>>,
    deliveries: Gauge,
}

impl Shown {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let new = Self {
            ready: Gauge::default(),
            open: Family::default(),
            unknown: Family::default(),
            stakes: Family::default(),
            deliveries: Gauge::default(),
        };
        let help =
            "Whether /readyz says so: the ledger can be written, and at least one upstream is not broken";
        registry.register("ready", help, new.ready.clone());
        registry.register("open_activations", "Activations and rents that are open now", new.open.clone());
        let help = "Purchases of which nobody knows now whether they were made";
        registry.register("unknown_purchases", help, new.unknown.clone());
        let help = "What unknown purchases cost if they were made, as far as that is known, in the account's currency";
        registry.register("unknown_amount", help, new.stakes.clone());
        registry.register("webhook_queue", "Messages that are still to be sent", new.deliveries.clone());
        new
    }

    /// Takes the census over; the providers of these names are there even with nothing to count.
    pub(super) fn show(&self, census: &Census, names: &[Arc<str>]) {
        self.ready.set(census.ready.into());
        counted(&self.open, &census.open, names);
        let Some(backlog) = &census.backlog else { return };
        counted(&self.unknown, &backlog.unknown, names);
        self.stakes.clear();
        for ((provider, currency), stake) in &backlog.stakes {
            let account =
                Account { provider: provider.as_str().into(), currency: currency.as_str().to_owned() };
            self.stakes.get_or_create(&account).set(shown(*stake));
        }
        self.deliveries.set(whole(backlog.deliveries));
    }
}

fn counted(family: &Family<Provider, Gauge>, counts: &BTreeMap<String, u64>, names: &[Arc<str>]) {
    family.clear();
    for name in names {
        family.get_or_create(&Provider { provider: Arc::clone(name) }).set(0);
    }
    for (name, count) in counts {
        family.get_or_create(&Provider { provider: name.as_str().into() }).set(whole(*count));
    }
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
