//! The files of an upstream: its own lists, and what was decided about each of its services. Knows
//! their columns, not the upstream.

use std::collections::{HashMap, HashSet};

use super::Catalog;
use super::error::{CatalogError, Problem};
use super::tsv::{Row, Source};
use crate::domain::{Country, Service};

pub(super) const SERVICES: &str = "services";
const COUNTRIES: &str = "countries";
const UPSTREAM_SERVICES: &str = "upstream's services";

/// The files of an upstream. They lie in `src/catalog/data/` and are named in the provider's folder.
#[derive(Debug, Clone, Copy)]
pub struct Files<'a> {
    /// Its own services: `code name`.
    pub services: Source<'a>,
    /// Which of the dialect's services is which of them:
    /// `service name upstream upstream_name decided note`.
    pub service_map: Source<'a>,
    /// Its own countries with the dialect's ids, and its own operators: `code name country operators`.
    pub countries: Source<'a>,
    /// Which of the dialect's operators is which of its: `country operator upstream kind note`. None
    /// where no operator can be asked for.
    pub operators: Option<Source<'a>>,
    /// The codes that mean something else there than in the dialect: `code upstream_name name use`.
    /// None where no code is in both lists.
    pub traps: Option<Source<'a>>,
}

/// What was decided about a service of the dialect and one of the upstream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision<'a> {
    /// The dialect's service.
    pub service: Service,
    /// Its name in the dialect.
    pub name: &'a str,
    /// The upstream's code.
    pub upstream: &'a str,
    /// The upstream's name of it.
    pub upstream_name: &'a str,
    /// Whether an order of the one buys the other.
    pub is_same: bool,
    /// Why; empty where the names say it.
    pub note: &'a str,
}

/// A country as an upstream lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnCountry<'a> {
    /// The upstream's code.
    pub code: &'a str,
    /// Which of the dialect's countries it is.
    pub country: Country,
    /// The upstream's names of the operators there.
    pub operators: Vec<&'a str>,
}

impl<'a> Files<'a> {
    /// The upstream's own services, code → name.
    ///
    /// # Errors
    /// When a row is malformed or doubled.
    pub fn own_services(&self) -> Result<HashMap<&'a str, &'a str>, CatalogError> {
        let mut own = HashMap::new();
        for row in self.services.rows(["code", "name"])? {
            let [code, name] = row.fields;
            row.filled(code)?;
            row.filled(name)?;
            row.new_code(own.insert(code, name).is_none(), code)?;
        }
        Ok(own)
    }

    /// What was decided about services, in the order in which several of one service are to be tried.
    ///
    /// # Errors
    /// When a row is malformed, doubled, or about a service that one of the lists does not have under
    /// that name.
    pub fn decisions(&self, catalog: &Catalog) -> Result<Vec<Decision<'a>>, CatalogError> {
        let own = self.own_services()?;
        let mut seen = HashSet::new();
        let mut decisions = Vec::new();
        let columns = ["service", "name", "upstream", "upstream_name", "decided", "note"];
        for row in self.service_map.rows(columns)? {
            let [code, name, upstream, upstream_name, decided, note] = row.fields;
            let service = service_of(&row, catalog, code, name)?;
            named(&row, &own, upstream, upstream_name)?;
            row.new_code(seen.insert((code, upstream)), format!("{code} {upstream}"))?;
            let is_same = row.either(decided, ["yes", "no"], "yes or no")?;
            decisions.push(Decision { service, name, upstream, upstream_name, is_same, note });
        }
        Ok(decisions)
    }

    /// The upstream's countries; no two of them are the same country of the dialect.
    ///
    /// # Errors
    /// When a row is malformed, doubled, or about a country that the dialect does not have.
    pub fn own_countries(&self, catalog: &Catalog) -> Result<Vec<OwnCountry<'a>>, CatalogError> {
        let (mut codes, mut ids) = (HashSet::new(), HashSet::new());
        let mut own = Vec::new();
        for row in self.countries.rows(["code", "name", "country", "operators"])? {
            let [code, _, id, operators] = row.fields;
            row.filled(code)?;
            row.new_code(codes.insert(code), code)?;
            let country = row.parse(id, Country::parse)?;
            catalog.country(country).ok_or_else(|| row.dangling(id, COUNTRIES))?;
            row.new_code(ids.insert(country), id)?;
            let operators = operators.split(',').filter(|name| !name.is_empty()).collect();
            own.push(OwnCountry { code, country, operators });
        }
        Ok(own)
    }
}

/// A service of the dialect, which must have this name.
pub(super) fn service_of<const N: usize>(
    row: &Row<'_, N>,
    catalog: &Catalog,
    code: &str,
    name: &str,
) -> Result<Service, CatalogError> {
    let service = row.parse(code, Service::parse)?;
    let entry = catalog.service(&service).ok_or_else(|| row.dangling(code, SERVICES))?;
    same_name(row, code, &entry.name, name, SERVICES)?;
    Ok(service)
}

/// Holds a code of the upstream to its name.
pub(super) fn named<const N: usize>(
    row: &Row<'_, N>,
    own: &HashMap<&str, &str>,
    upstream: &str,
    name: &str,
) -> Result<(), CatalogError> {
    let listed = own.get(upstream).ok_or_else(|| row.dangling(upstream, UPSTREAM_SERVICES))?;
    same_name(row, upstream, listed, name, UPSTREAM_SERVICES)
}

/// A code alone does not show that it slipped into the wrong row; the name beside it does.
fn same_name<const N: usize>(
    row: &Row<'_, N>,
    code: &str,
    listed: &str,
    found: &str,
    list: &'static str,
) -> Result<(), CatalogError> {
    if listed == found {
        return Ok(());
    }
    let (code, listed, found) = (code.to_owned(), listed.to_owned(), found.to_owned());
    Err(row.error(Problem::Name { code, listed, found, list }))
}
