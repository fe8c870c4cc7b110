//! What a provider is built from, as a configuration gives it, for tests that call one without a server.

use std::sync::Arc;

use smsbridge::catalog::Catalog;
use smsbridge::clock::MovableClock;
use smsbridge::config::{self, Overrides};
use smsbridge::metrics::Metrics;
use smsbridge::provider::http::{Http, HttpSettings};
use smsbridge::provider::{Parts, Spec};

/// The parts of the only provider in `toml`, which is of this kind.
pub fn parts(spec: &Spec, toml: &str, clock: Arc<MovableClock>) -> Parts {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("proxy.toml");
    std::fs::write(&file, toml).unwrap();
    let config = config::load(Some(&file), std::iter::empty(), &Overrides::default()).unwrap();
    let config = config.providers.into_iter().next().unwrap();
    let catalog = Catalog::builtin();
    let metrics = Metrics::new([], []).upstream(&config.name);
    let way = HttpSettings {
        provider: config.name,
        origins: config.base_urls,
        lookup: config.lookup,
        timeout: config.timeout,
        pace: config.rate_limit,
        max_concurrent: 0,
        read_retries: 0,
        breaker_failures: 0,
        clock: clock.clone(),
        metrics,
    };
    Parts {
        http: Http::new(way).unwrap(),
        path: config.path,
        mapping: spec.codes(),
        options: config.options,
        currency: config.currency,
        catalog,
        clock,
    }
}
