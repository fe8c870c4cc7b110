//! A configured provider with what the engine needs around it: its key, its timing, its caches. Knows
//! no kind of provider in particular.

use std::sync::Arc;
use std::time::Duration;

use super::Exchange;
use super::lists::Lists;
use super::price_list::PriceLists;
use crate::catalog::{Catalog, Mapping};
use crate::clock::Clock;
use crate::config::{DialectConfig, ProviderConfig};
use crate::domain::{Offer, Secret};
use crate::metrics::{self, Metrics};
use crate::provider::http::{Http, HttpSettings};
use crate::provider::{Capability, Parts, Provider, Spec};

/// A configured provider.
pub struct Upstream {
    /// Its name in the configuration.
    pub name: String,
    /// The mark under which the ledger knows who sold a number: name and kind, the variant where that has
    /// ids of its own, and the host where that is the user's to choose. Its ids mean nothing to anybody
    /// else, so another service under the same name must not be asked about them.
    pub seller: String,
    /// What is fixed about its kind.
    pub spec: &'static Spec,
    /// Its cross-walk.
    pub mapping: Mapping,
    /// From its account's currency to the dialect's.
    pub(super) exchange: Exchange,
    pub(super) provider: Arc<dyn Provider>,
    pub(super) key: Option<Secret>,
    pub(super) poll_interval: Duration,
    pub(super) list_ttl: Duration,
    pub(super) lifetime: Duration,
    pub(super) lists: Arc<Lists>,
    /// What was written of them; with another rate that is something else.
    pub(super) price_lists: PriceLists,
    /// Where what it does is counted.
    pub(super) metrics: Arc<metrics::Upstream>,
    /// What it was made from.
    config: ProviderConfig,
    /// How old a list may be that stands in for one that cannot be had.
    pub(super) stale_for: Duration,
    /// The way on which the provider asks; the sandbox never does.
    pub(super) way: Http,
}

impl Upstream {
    /// Makes a provider from its configuration; its amounts are told as `dialect` says, and what it does is counted
    /// in `metrics`.
    ///
    /// # Errors
    /// When the configuration does not fit the kind; the text names the provider and says why.
    pub fn build(
        config: &ProviderConfig,
        dialect: &DialectConfig,
        catalog: &'static Catalog,
        clock: &Arc<dyn Clock>,
        metrics: &Metrics,
    ) -> Result<Self, String> {
        let metrics = metrics.upstream(&config.name);
        let named = |error: String| format!("[provider.{}]: {error}", config.name);
        if config.spec.speaks_dialect && !(config.services.is_empty() && config.countries.is_empty()) {
            let kind = config.spec.kind;
            return Err(named(format!(
                "kind \"{kind}\" has codes of its own, which are passed on as they are; remove its services and countries"
            )));
        }
        let mapping = config
            .spec
            .codes()
            .with_additions(catalog, &config.services, &config.countries)
            .map_err(|error| named(error.to_string()))?;
        let exchange = Exchange::of(dialect, config.currency)
            .ok_or_else(|| named(format!("there is no rate for {}", config.currency)))?;
        let way = HttpSettings {
            provider: config.name.clone(),
            origins: config.base_urls.clone(),
            lookup: config.lookup.clone(),
            timeout: config.timeout,
            pace: config.rate_limit.clone(),
            max_concurrent: config.guards.max_concurrent,
            read_retries: config.guards.read_retries,
            breaker_failures: config.guards.breaker_failures,
            clock: Arc::clone(clock),
            metrics: Arc::clone(&metrics),
        };
        let way = Http::new(way).map_err(named)?;
        let parts = Parts {
            http: way.clone(),
            path: config.path.clone(),
            mapping: mapping.clone(),
            options: config.options.clone(),
            currency: config.currency,
            catalog,
            clock: Arc::clone(clock),
        };
        Ok(Self {
            name: config.name.clone(),
            seller: seller(config),
            spec: config.spec,
            mapping,
            exchange,
            provider: (config.spec.build)(parts).map_err(named)?,
            key: config.api_key.clone(),
            poll_interval: if config.spec.in_process { Duration::ZERO } else { config.poll_interval },
            list_ttl: if config.spec.in_process { Duration::ZERO } else { config.list_ttl },
            lifetime: config.lifetime,
            lists: Arc::new(Lists::new(clock, &metrics)),
            price_lists: PriceLists::default(),
            metrics,
            config: config.clone(),
            stale_for: config.guards.stale_for,
            way,
        })
    }

    /// The same in place of an earlier one of the same seller. What has not changed stays: all of it, or its lists,
    /// or at least the way there with its turns and pauses (the sandbox's market, too).
    pub(super) fn after(mut self, earlier: &Arc<Self>) -> Arc<Self> {
        let (new, old) = (&self.config, &earlier.config);
        if new == old && self.exchange == earlier.exchange {
            return Arc::clone(earlier);
        }
        // Of these the provider knows nothing: the engine has the key and the times.
        let as_before = ProviderConfig {
            api_key: old.api_key.clone(),
            poll_interval: old.poll_interval,
            list_ttl: old.list_ttl,
            lifetime: old.lifetime,
            ..new.clone()
        };
        if as_before == *old {
            self.provider = Arc::clone(&earlier.provider);
            self.way = earlier.way.clone();
            // Another key may be of an account with prices of its own.
            if new.api_key == old.api_key && new.list_ttl == old.list_ttl {
                self.lists = Arc::clone(&earlier.lists);
            }
        }
        Arc::new(self)
    }

    /// Whether it does this natively: the kind does, and this service of it.
    pub fn can(&self, capability: Capability) -> bool {
        self.spec.can(capability) && !self.provider.lacks(capability)
    }
}

fn seller(config: &ProviderConfig) -> String {
    let variant = config.spec.variant_of(&config.options).filter(|variant| variant.own_ids);
    let variant = variant.map_or_else(String::new, |variant| format!(":{}", variant.name));
    let mark = format!("{}/{}{variant}", config.name, config.spec.kind);
    let host =
        config.base_urls.first().filter(|_| config.spec.base_urls.is_empty()).and_then(|url| url.host_str());
    match host {
        Some(host) => format!("{mark}@{host}"),
        None => mark,
    }
}

/// The provider's name in a seller's mark.
pub(super) fn name_of(seller: &str) -> &str {
    seller.split('/').next().unwrap_or(seller)
}

/// The cheapest of several offers of the same thing.
pub(super) fn cheaper(one: Offer, other: &Offer) -> Offer {
    let count = one.count.saturating_add(other.count);
    let price = if other.count > 0 && (one.count == 0 || other.price.amount < one.price.amount) {
        other.price
    } else {
        one.price
    };
    Offer { price, count, ..one }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::config::Guards;
    use crate::domain::Currency;
    use crate::provider::pace::Pace;

    fn mark(kind: &str, settings: &[(&str, &str)], base_url: &str) -> String {
        let spec = crate::provider::spec(kind).unwrap();
        let given = settings.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let config = ProviderConfig {
            name: "main".to_owned(),
            spec,
            base_urls: vec![base_url.parse().unwrap()],
            lookup: crate::provider::Lookup::default(),
            path: String::new(),
            api_key: None,
            timeout: Duration::from_secs(1),
            poll_interval: Duration::from_secs(1),
            list_ttl: Duration::from_secs(1),
            rate_limit: Pace::off(),
            guards: Guards::default(),
            lifetime: spec.lifetime,
            currency: Currency::RUB,
            services: BTreeMap::new(),
            countries: BTreeMap::new(),
            options: spec.settings(&given),
        };
        seller(&config)
    }

    #[test]
    fn whoever_has_ids_of_its_own_has_a_mark_of_its_own() {
        let url = "https://a.example";
        assert_eq!(mark("vak-sms", &[], url), "main/vak-sms");
        assert_eq!(mark("sms-activate", &[], url), "main/sms-activate@a.example");
        assert_eq!(mark("sms-man", &[], url), "main/sms-man");
        assert_eq!(mark("sms-man", &[("api", "compatible")], url), "main/sms-man");
        assert_eq!(mark("sms-man", &[("api", "v2")], url), "main/sms-man:v2");
        assert_eq!(name_of("main/sms-man:v2"), "main");
    }

    fn built(change: impl FnOnce(&mut ProviderConfig)) -> Arc<Upstream> {
        let spec = crate::provider::spec("vak-sms").unwrap();
        let mut config = ProviderConfig {
            name: "main".to_owned(),
            spec,
            base_urls: vec!["http://127.0.0.1:1".parse().unwrap()],
            lookup: crate::provider::Lookup::default(),
            path: String::new(),
            api_key: Some(Secret::new("one")),
            timeout: Duration::from_secs(1),
            poll_interval: Duration::from_secs(1),
            list_ttl: Duration::from_secs(1),
            rate_limit: Pace::off(),
            guards: Guards::default(),
            lifetime: spec.lifetime,
            currency: Currency::RUB,
            services: BTreeMap::new(),
            countries: BTreeMap::new(),
            options: spec.settings(&BTreeMap::new()),
        };
        change(&mut config);
        let clock: Arc<dyn Clock> = crate::clock::MovableClock::standing();
        let dialect = DialectConfig { currency: Currency::RUB, rates: BTreeMap::new() };
        let metrics = Metrics::new([], []);
        let built = Upstream::build(&config, &dialect, Catalog::builtin(), &clock, &metrics);
        Arc::new(built.unwrap_or_else(|error| panic!("{error}")))
    }

    /// What goes on of an earlier one where this has changed: all of it, the way there, the lists.
    fn kept(change: impl FnOnce(&mut ProviderConfig)) -> (bool, bool, bool) {
        let earlier = built(|_| ());
        let new = Arc::into_inner(built(change)).unwrap().after(&earlier);
        let way = Arc::ptr_eq(&new.provider, &earlier.provider);
        (Arc::ptr_eq(&new, &earlier), way, Arc::ptr_eq(&new.lists, &earlier.lists))
    }

    #[test]
    fn what_has_not_changed_goes_on() {
        assert_eq!(kept(|_| ()), (true, true, true));
        assert_eq!(kept(|config| config.poll_interval = Duration::ZERO), (false, true, true));
        assert_eq!(kept(|config| config.lifetime = Duration::ZERO), (false, true, true));
        assert_eq!(kept(|config| config.list_ttl = Duration::ZERO), (false, true, false));
        assert_eq!(kept(|config| config.api_key = Some(Secret::new("two"))), (false, true, false));
        assert_eq!(kept(|config| config.timeout = Duration::from_secs(2)), (false, false, false));
        let mapped = |config: &mut ProviderConfig| drop(config.services.insert("tg".into(), "zz".into()));
        assert_eq!(kept(mapped), (false, false, false));
    }
}
