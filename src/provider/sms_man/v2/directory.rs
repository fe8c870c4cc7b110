//! Which of API v2.0's numbers stands for which country and service: read from its own lists, which say
//! what each is called, and kept for a day. Knows no price and no order.
//!
//! A number that is taken for another's buys the wrong service, so what is not one thing by its name for
//! certain has none (`catalog::Names`), nor has a service that two applications are called as. What a user
//! maps to a number goes before all names.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;

use super::wire::Id;
use crate::catalog::{Mapping, Names};
use crate::clock::Clock;
use crate::domain::{Country, Service};
use crate::provider::{Cx, Effect, Fault};

/// New countries and services are rare, and numbers are not given another meaning.
const TTL: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a failure is answered to those who ask next with the same key, so that a crowd that waits for
/// an upstream that is down does not ask it one by one.
const FAILURE_TTL: Duration = Duration::from_secs(1);

/// The upstream's numbers.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Directory {
    services: BTreeMap<Service, Entry>,
    countries: BTreeMap<Country, Id>,
}

/// An application that is one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub id: Id,
    /// What the upstream calls it; the code where it does not list it.
    pub name: String,
}

impl Directory {
    /// The numbers by their names in the upstream's lists, and by what the user mapped: there the code is
    /// not the dialect's own.
    pub fn new(
        names: &Names,
        mapping: &Mapping,
        countries: &BTreeMap<Id, String>,
        applications: &BTreeMap<Id, String>,
    ) -> Self {
        let mut found = Self {
            services: only(applications, |name| names.service(name))
                .into_iter()
                .map(|(service, id)| (service, Entry { id, name: applications[&id].clone() }))
                .collect(),
            countries: only(countries, |name| names.country(name)),
        };
        for service in mapping.mapped_services() {
            let codes = mapping.services(service);
            let Some(code) = codes.first().filter(|code| code.as_str() != service.as_str()) else { continue };
            found.services.remove(service);
            if let Ok(id) = code.trim().parse() {
                let name = applications.get(&id).cloned().unwrap_or_else(|| service.to_string());
                found.services.insert(service.clone(), Entry { id, name });
            }
        }
        for country in mapping.mapped_countries() {
            let Some(code) = mapping.country(country).filter(|code| **code != country.to_string()) else {
                continue;
            };
            found.countries.remove(&country);
            found.countries.extend(code.trim().parse().ok().map(|id: Id| (country, id)));
        }
        found
    }

    /// The application that is a service.
    pub fn application(&self, service: &Service) -> Option<Id> {
        self.services.get(service).map(|entry| entry.id)
    }

    /// The number of a country.
    pub fn country(&self, country: Country) -> Option<Id> {
        self.countries.get(&country).copied()
    }

    /// Every service, with the application that it is.
    pub fn services(&self) -> impl Iterator<Item = (&Service, &Entry)> {
        self.services.iter()
    }

    /// Every country.
    pub fn countries(&self) -> impl Iterator<Item = (Country, Id)> {
        self.countries.iter().map(|(country, id)| (*country, *id))
    }
}

/// What the names stand for, where one number only is called so.
fn only<T: Ord + Clone>(named: &BTreeMap<Id, String>, find: impl Fn(&str) -> Option<T>) -> BTreeMap<T, Id> {
    let mut ids: BTreeMap<T, Vec<Id>> = BTreeMap::new();
    for (id, name) in named {
        if let Some(found) = find(name) {
            ids.entry(found).or_default().push(*id);
        }
    }
    ids.into_iter()
        .filter_map(|(found, ids)| Some((found, *ids.first().filter(|_| ids.len() == 1)?)))
        .collect()
}

/// The directory as it was read last.
pub struct Kept {
    slot: Mutex<Slot>,
    clock: Arc<dyn Clock>,
}

#[derive(Default)]
struct Slot {
    read: Option<(Duration, Arc<Directory>)>,
    failed: Option<(Duration, [u8; 32], Fault)>,
}

impl Kept {
    /// Nothing yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { slot: Mutex::default(), clock }
    }

    /// The directory, if it was read within a day, else what `fetch` gets: once, however many wait for it.
    /// Nothing is bought by reading it, so no failure of that leaves a purchase in doubt.
    pub async fn get(
        &self,
        cx: &Cx,
        fetch: impl Future<Output = Result<Directory, Fault>>,
    ) -> Result<Arc<Directory>, Fault> {
        let mut slot = self.slot.lock().await;
        let now = self.clock.elapsed();
        if let Some((_, kept)) = slot.read.as_ref().filter(|(at, _)| now.saturating_sub(*at) < TTL) {
            return Ok(Arc::clone(kept));
        }
        let key = cx.key.digest();
        let is_recent = |at: Duration| now.saturating_sub(at) < FAILURE_TTL;
        if let Some((.., fault)) = slot.failed.as_ref().filter(|(at, by, _)| *by == key && is_recent(*at)) {
            return Err(fault.clone());
        }
        let outcome = fetch.await.map(Arc::new).map_err(|fault| Fault { effect: Effect::None, ..fault });
        let now = self.clock.elapsed();
        match &outcome {
            Ok(read) => *slot = Slot { read: Some((now, Arc::clone(read))), failed: None },
            Err(fault) => slot.failed = Some((now, key, fault.clone())),
        }
        outcome
    }
}

#[cfg(test)]
mod tests;
