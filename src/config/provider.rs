//! What is configured of one upstream. Knows neither how it is read nor what its kind does with it.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::Url;

use super::Guards;
use crate::domain::{Currency, Secret};
use crate::provider::pace::Pace;
use crate::provider::{Lookup, Options, Spec};

/// One upstream.
#[derive(Debug, Clone, PartialEq)]
pub struct ProviderConfig {
    /// Its name.
    pub name: String,
    /// What is fixed about its kind.
    pub spec: &'static Spec,
    /// Where it is, first choice first; empty for the sandbox.
    pub base_urls: Vec<Url>,
    /// How their names become addresses.
    pub lookup: Lookup,
    /// The path below that; empty for a kind that has several.
    pub path: String,
    /// The account's key; `None` where none is needed, or where the client's is used.
    pub api_key: Option<Secret>,
    /// How long a call may take.
    pub timeout: Duration,
    /// How often an activation is asked for at most.
    pub poll_interval: Duration,
    /// How long price lists are kept.
    pub list_ttl: Duration,
    /// How often it may be asked; off for the sandbox.
    pub rate_limit: Pace,
    /// What it is met with when it is in trouble.
    pub guards: Guards,
    /// How long an activation waits for messages.
    pub lifetime: Duration,
    /// The currency of the account.
    pub currency: Currency,
    /// Additions to the cross-walk of services: sms-activate's code to the upstream's.
    pub services: BTreeMap<String, String>,
    /// Additions to the cross-walk of countries: sms-activate's number to the upstream's code.
    pub countries: BTreeMap<String, String>,
    /// The settings that only its kind has.
    pub options: Options,
}

impl ProviderConfig {
    /// The other API of the same account at the same addresses, where the kind has one.
    pub fn counterpart(&self) -> Option<Self> {
        let other = self.spec.counterpart?(&self.options);
        let spec = crate::provider::spec(other.kind)?;
        let given =
            other.options.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let path = spec.variant(&given).and_then(|variant| variant.path).or(spec.path).unwrap_or_default();
        let options = spec.settings(&given);
        let own = |spec: &Spec, options| spec.variant_of(options).is_some_and(|variant| variant.own_ids);
        // What is mapped to one's codes may be mapped to nothing, or to something else, by the other's.
        let ours = spec.kind == self.spec.kind && !own(spec, &options) && !own(self.spec, &self.options);
        let additions =
            |ours_are: &BTreeMap<String, String>| if ours { ours_are.clone() } else { BTreeMap::new() };
        Some(Self {
            name: format!("{}, the other API", self.name),
            spec,
            path: path.to_owned(),
            options,
            services: additions(&self.services),
            countries: additions(&self.countries),
            ..self.clone()
        })
    }
}
