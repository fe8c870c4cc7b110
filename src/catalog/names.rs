//! Finds services and countries by name, for an upstream that says what its numbers stand for only when
//! it is asked. Knows no upstream.
//!
//! A wrong service costs money and one that is not found costs nothing: what two entries could be
//! called is neither of them.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::error::CatalogError;
use super::normal::{form, stem};
use super::tsv::Source;
use super::{Catalog, CountryEntry, ServiceEntry};
use crate::domain::{Country, Service};

const ALIASES: Source<'static> = Source { name: "aliases.tsv", text: include_str!("data/aliases.tsv") };

/// The catalog by name.
#[derive(Debug, Clone)]
pub struct Names {
    services: Index<Service>,
    countries: Index<Country>,
}

impl Names {
    /// The names of the built-in catalog, and its aliases; read once.
    pub fn builtin() -> &'static Self {
        #[expect(clippy::expect_used, reason = "the file is compiled in, and a test loads it")]
        static BUILTIN: LazyLock<Names> =
            LazyLock::new(|| Names::load(Catalog::builtin(), ALIASES).expect("built-in files are sound"));
        &BUILTIN
    }

    /// Reads aliases (`kind code alias`; a row without a code makes a name match nothing).
    ///
    /// # Errors
    /// When a row is malformed, is about something that the catalog does not have, or gives a name that
    /// is taken.
    pub fn load(catalog: &Catalog, aliases: Source<'_>) -> Result<Self, CatalogError> {
        let mut names = Self::of(catalog);
        for row in aliases.rows(["kind", "code", "alias"])? {
            let [kind, code, alias] = row.fields;
            let is_service = row.either(kind, ["service", "country"], "service or country")?;
            row.filled(&form(alias))?;
            let fresh = match (is_service, code) {
                (true, "") => names.services.bar(alias),
                (false, "") => names.countries.bar(alias),
                (true, code) => {
                    let service = row.parse(code, Service::parse)?;
                    catalog.service(&service).ok_or_else(|| row.dangling(code, "services"))?;
                    names.services.add_alias(alias, &service)
                }
                (false, code) => {
                    let country = row.parse(code, Country::parse)?;
                    catalog.country(country).ok_or_else(|| row.dangling(code, "countries"))?;
                    names.countries.add_alias(alias, &country)
                }
            };
            row.new_code(fresh, alias)?;
        }
        Ok(names)
    }

    /// The names that the catalog itself has. What can only be rented is not found: no activation is
    /// sold for it.
    fn of(catalog: &Catalog) -> Self {
        let mut names = Self { services: Index::default(), countries: Index::default() };
        for ServiceEntry { code, name, .. } in catalog.services().iter().filter(|entry| !entry.is_rent_only())
        {
            names.services.add(name, code);
        }
        for CountryEntry { id, eng, rus, .. } in catalog.countries() {
            names.countries.add(eng, id);
            names.countries.add(rus, id);
        }
        names
    }

    /// The one service that is called so.
    pub fn service(&self, name: &str) -> Option<Service> {
        self.services.find(name)
    }

    /// The one country that is called so, in English or Russian.
    pub fn country(&self, name: &str) -> Option<Country> {
        self.countries.find(name)
    }
}

/// Entries by the forms of their names; none where a form is that of several.
#[derive(Debug, Clone)]
struct Index<T> {
    /// Every name in full.
    whole: HashMap<String, Option<T>>,
    /// The names without a domain.
    plain: HashMap<String, Option<T>>,
    /// The names with a domain, without it.
    stems: HashMap<String, Option<T>>,
}

impl<T> Default for Index<T> {
    fn default() -> Self {
        Self { whole: HashMap::new(), plain: HashMap::new(), stems: HashMap::new() }
    }
}

impl<T: Clone + PartialEq> Index<T> {
    fn add(&mut self, name: &str, entry: &T) {
        put(&mut self.whole, form(name), entry);
        match stem(name) {
            Some(stem) => put(&mut self.stems, form(stem), entry),
            None => put(&mut self.plain, form(name), entry),
        }
    }

    /// Adds another name, and says whether it is new.
    fn add_alias(&mut self, name: &str, entry: &T) -> bool {
        let fresh = !self.whole.contains_key(&form(name));
        self.add(name, entry);
        fresh
    }

    /// Makes a name match nothing, and says whether that is new.
    fn bar(&mut self, name: &str) -> bool {
        self.plain.insert(form(name), None);
        !matches!(self.whole.insert(form(name), None), Some(None))
    }

    /// A name in full; else one with a domain by those without, or the other way round. Two different
    /// domains are two different services.
    fn find(&self, name: &str) -> Option<T> {
        if let Some(found) = self.whole.get(&form(name)) {
            return found.clone();
        }
        let found = match stem(name) {
            Some(stem) => self.plain.get(&form(stem)),
            None => self.stems.get(&form(name)),
        };
        found.cloned().flatten()
    }
}

fn put<T: Clone + PartialEq>(map: &mut HashMap<String, Option<T>>, form: String, entry: &T) {
    map.entry(form)
        .and_modify(|found| {
            if found.as_ref() != Some(entry) {
                *found = None;
            }
        })
        .or_insert_with(|| Some(entry.clone()));
}

#[cfg(test)]
mod tests;
