//! What is fixed about a kind of provider, and what one is built from. Knows no kind.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::http::Http;
use super::{Capability, OptionKey, Options, Provider, Variant, Variants};
use crate::catalog::{Catalog, Mapping};
use crate::clock::Clock;
use crate::domain::Currency;

/// What is fixed about a kind of provider.
pub struct Spec {
    /// The word for it in `proxy.toml`.
    pub kind: &'static str,
    /// One line for people.
    pub summary: &'static str,
    /// What it can do natively; everything else is emulated from these or refused. Of a kind with many
    /// services, one may lack some of it ([`Provider::lacks`]).
    pub capabilities: &'static [Capability],
    /// Whether it speaks the dialect itself, so that codes are its own and nothing is unmapped.
    pub speaks_dialect: bool,
    /// Whether it works inside this process, with no upstream to be asked and nothing to be saved by
    /// keeping its answers.
    pub in_process: bool,
    /// Whether it needs an account's key.
    pub needs_key: bool,
    /// Its documented addresses (origins), first choice first; empty where the user must name one.
    pub base_urls: &'static [&'static str],
    /// The path below the origin, where the kind has a single one.
    pub path: Option<&'static str>,
    /// The currency of its accounts, where neither a variant nor the user says otherwise.
    pub currency: Currency,
    /// How long an activation waits for messages unless the provider says otherwise at the purchase.
    pub lifetime: Duration,
    /// Whether an activation that got no message is refunded when its time is over, without a word from us. Where
    /// the document does not say so, it is cancelled in time.
    pub expiry_refunds: bool,
    /// Settings that only this kind has.
    pub options: &'static [OptionKey],
    /// What one of these settings decides for the others.
    pub variants: Option<Variants>,
    /// The other API of the same account, where there is one.
    pub counterpart: Option<fn(&Options) -> Counterpart>,
    /// Its cross-walk to the catalog.
    pub mapping: fn(&Catalog) -> Mapping,
    /// Makes one from its settings.
    pub build: fn(Parts) -> Result<Arc<dyn Provider>, String>,
}

/// Kinds are told apart by their words.
impl PartialEq for Spec {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl Spec {
    /// Whether the kind does this natively.
    pub fn can(&self, capability: Capability) -> bool {
        self.capabilities.contains(&capability)
    }

    /// The kind's cross-walk to the built-in catalog. Read once a process: there are thousands of rows.
    pub fn codes(&self) -> Mapping {
        static READ: Mutex<BTreeMap<&str, Mapping>> = Mutex::new(BTreeMap::new());
        let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
        read.entry(self.kind).or_insert_with(|| (self.mapping)(Catalog::builtin())).clone()
    }

    /// The variant that these settings of the user's choose, if the kind has any.
    pub fn variant(&self, given: &BTreeMap<String, String>) -> Option<&'static Variant> {
        let variants = self.variants.as_ref()?;
        let option = self.options.iter().find(|option| option.name == variants.option)?;
        let name = given.get(option.name).map_or(option.default, String::as_str);
        variants.list.iter().find(|variant| variant.name == name)
    }

    /// The variant that complete settings choose, if the kind has any.
    pub fn variant_of(&self, options: &Options) -> Option<&'static Variant> {
        let variants = self.variants.as_ref()?;
        let name = options.text(variants.option)?;
        variants.list.iter().find(|variant| variant.name == name)
    }

    /// The settings that only this kind has: its defaults, those of the variant that `given` chooses, and
    /// `given` itself.
    pub fn settings(&self, given: &BTreeMap<String, String>) -> Options {
        Options::new(self.options, self.variant(given).map_or(&[], |variant| variant.options), given)
    }
}

impl std::fmt::Debug for Spec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.kind)
    }
}

/// Another API of the same service and account: as which kind it is asked, and with which settings.
#[derive(Debug, Clone, Copy)]
pub struct Counterpart {
    /// The kind.
    pub kind: &'static str,
    /// Its own settings, as they would be written.
    pub options: &'static [(&'static str, &'static str)],
}

/// What a provider is built from.
pub struct Parts {
    /// The way to its upstream; unused by a provider without one.
    pub http: Http,
    /// The path that requests go to, for a kind that has a single one.
    pub path: String,
    /// The cross-walk, the user's additions included.
    pub mapping: Mapping,
    /// The settings that only this kind has.
    pub options: Options,
    /// The currency of the account, in which every amount is.
    pub currency: Currency,
    /// The catalog, for names.
    pub catalog: &'static Catalog,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
}
