//! The cross-walk between the dialect's codes and one upstream's: what an order becomes upstream, and
//! which of the dialect's codes an upstream's answer is about. Knows no provider's API.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use super::pairs::Pairs;
use super::{Catalog, Files, crosswalk};
use crate::domain::{Country, Operator, Service};

/// A cross-walk. Cheap to clone.
#[derive(Clone)]
pub struct Mapping {
    pub(super) tables: Arc<Tables>,
    /// Whether what no table knows is the same code on both sides.
    pub(super) open: bool,
    files: Option<&'static Files<'static>>,
}

/// The pairs of a cross-walk.
#[derive(Debug, Clone, Default)]
pub(super) struct Tables {
    pub(super) services: Pairs<Service>,
    pub(super) countries: Pairs<Country>,
    pub(super) operators: HashMap<Country, Pairs<Operator>>,
}

impl Mapping {
    /// An upstream that uses the dialect's own codes: everything in the catalog, and nothing else.
    pub fn identity(catalog: &Catalog) -> Self {
        let mut mapping = Self::same_codes(catalog);
        let tables = Arc::make_mut(&mut mapping.tables);
        for entry in catalog.countries() {
            let operators = tables.operators.entry(entry.id).or_default();
            for operator in catalog.operators(entry.id) {
                operators.add(operator, operator.as_str());
            }
        }
        mapping
    }

    /// The same for an upstream that knows no operators.
    pub fn same_codes(catalog: &Catalog) -> Self {
        let mut tables = Tables::default();
        for entry in catalog.services() {
            tables.services.add(&entry.code, entry.code.as_str());
        }
        for entry in catalog.countries() {
            tables.countries.add(&entry.id, &entry.id.to_string());
        }
        Self { tables: Arc::new(tables), open: false, files: None }
    }

    /// An upstream that speaks the dialect itself: its codes are the dialect's even where the catalog
    /// does not have them yet.
    pub fn open(catalog: &Catalog) -> Self {
        Self { open: true, ..Self::identity(catalog) }
    }

    /// An upstream whose codes are its own, as its files say.
    ///
    /// # Panics
    /// When the files are not sound. They are compiled in, and a test loads those of every kind.
    pub fn of_files(catalog: &Catalog, files: &'static Files<'static>) -> Self {
        #[expect(clippy::expect_used, reason = "the files are compiled in, and a test loads them")]
        let tables = crosswalk::load(files, catalog).expect("built-in files are sound");
        Self { tables: Arc::new(tables), open: false, files: Some(files) }
    }

    /// The files it was read from; none where the codes are the dialect's own.
    pub fn files(&self) -> Option<&'static Files<'static>> {
        self.files
    }

    /// The upstream's codes for a service, in the order in which they are to be tried; empty where it
    /// is not mapped and must be refused.
    pub fn services(&self, service: &Service) -> Cow<'_, [String]> {
        let code = service.as_str();
        if self.open && self.tables.services.knows_neither(service, code) {
            return Cow::Owned(vec![code.to_owned()]);
        }
        Cow::Borrowed(self.tables.services.upstream(service))
    }

    /// The services that one code of the upstream stands for; empty where none is mapped to it.
    pub fn services_of(&self, upstream: &str) -> Cow<'_, [Service]> {
        if self.open
            && let Ok(service) = Service::parse(upstream)
            && self.tables.services.knows_neither(&service, upstream)
        {
            return Cow::Owned(vec![service]);
        }
        Cow::Borrowed(self.tables.services.dialect(upstream))
    }

    /// The upstream's code for a country.
    pub fn country(&self, country: Country) -> Option<Cow<'_, str>> {
        if self.open {
            let code = country.to_string();
            if self.tables.countries.knows_neither(&country, &code) {
                return Some(Cow::Owned(code));
            }
        }
        self.tables.countries.upstream(&country).first().map(|code| Cow::Borrowed(code.as_str()))
    }

    /// The country that a code of the upstream stands for. Where several do (a user may buy the
    /// virtual USA's numbers at an upstream that has but one USA), the one that was mapped first.
    pub fn country_of(&self, upstream: &str) -> Option<Country> {
        if self.open
            && let Ok(country) = Country::parse(upstream)
            && self.tables.countries.knows_neither(&country, upstream)
        {
            return Some(country);
        }
        self.tables.countries.dialect(upstream).first().copied()
    }

    /// The upstream's spelling of an operator in a country.
    pub fn operator<'a>(&'a self, country: Country, operator: &'a Operator) -> Option<&'a str> {
        let mapped = self.tables.operators.get(&country).and_then(|pairs| pairs.upstream(operator).first());
        match mapped {
            Some(name) => Some(name),
            None if self.open => Some(operator.as_str()),
            None => None,
        }
    }

    /// The operators of a country that the upstream has, as the dialect spells them.
    pub fn operators(&self, country: Country) -> Vec<Operator> {
        self.tables.operators.get(&country).map(|pairs| pairs.codes().to_vec()).unwrap_or_default()
    }

    /// Every service that is mapped: in the order of its file, what a user changed or added last.
    pub fn mapped_services(&self) -> impl Iterator<Item = &Service> {
        self.tables.services.codes().iter()
    }

    /// Every country that is mapped: in the order of its file, what a user changed or added last.
    pub fn mapped_countries(&self) -> impl Iterator<Item = Country> {
        self.tables.countries.codes().iter().copied()
    }
}

impl fmt::Debug for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mapping")
            .field("services", &self.tables.services.codes().len())
            .field("countries", &self.tables.countries.codes().len())
            .field("open", &self.open)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn service(code: &str) -> Service {
        Service::parse(code).unwrap()
    }

    #[test]
    fn identity_is_the_catalog_and_nothing_else() {
        let catalog = Catalog::builtin();
        let mapping = Mapping::identity(catalog);
        assert_eq!(mapping.mapped_services().count(), catalog.services().len());
        assert_eq!(mapping.mapped_countries().count(), catalog.countries().len());
        assert_eq!(mapping.services(&service("tg")).as_ref(), ["tg"]);
        assert_eq!(mapping.services_of("tg").as_ref(), [service("tg")]);
        assert_eq!(
            (mapping.country(Country(187)).as_deref(), mapping.country_of("187")),
            (Some("187"), Some(Country(187)))
        );
        assert_eq!(mapping.operators(Country(0)), catalog.operators(Country(0)));
        assert!(mapping.services(&service("zzzz")).is_empty() && mapping.services_of("zzzz").is_empty());
        assert_eq!((mapping.country(Country(999)), mapping.country_of("999")), (None, None));
        assert_eq!(mapping.operator(Country(0), &Operator::parse("nosuch").unwrap()), None);
    }

    #[test]
    fn same_codes_are_the_identity_without_operators() {
        let catalog = Catalog::builtin();
        let mapping = Mapping::same_codes(catalog);
        assert_eq!(mapping.mapped_services().count(), catalog.services().len());
        assert_eq!(mapping.country(Country(187)).as_deref(), Some("187"));
        assert!(mapping.operators(Country(0)).is_empty());
        assert_eq!(mapping.operator(Country(0), &Operator::parse("mts").unwrap()), None);
    }

    #[test]
    fn open_passes_on_what_the_catalog_does_not_know() {
        let mapping = Mapping::open(Catalog::builtin());
        assert_eq!(mapping.services(&service("zzzz")).as_ref(), ["zzzz"]);
        assert_eq!(mapping.services_of("zzzz").as_ref(), [service("zzzz")]);
        assert_eq!(
            (mapping.country(Country(999)).as_deref(), mapping.country_of("999")),
            (Some("999"), Some(Country(999)))
        );
        let operator = Operator::parse("nosuch").unwrap();
        assert_eq!(mapping.operator(Country(0), &operator), Some("nosuch"));
        assert!(mapping.services_of("not a code").is_empty());
        assert_eq!(mapping.country_of("ru"), None);
    }

    #[test]
    fn open_never_passes_a_code_on_that_the_user_gave_another_meaning() {
        let additions = BTreeMap::from([("tg".to_owned(), "zzzz".to_owned())]);
        let catalog = Catalog::builtin();
        let mapping = Mapping::open(catalog).with_additions(catalog, &additions, &BTreeMap::new()).unwrap();
        assert_eq!(mapping.services(&service("tg")).as_ref(), ["zzzz"]);
        assert!(mapping.services(&service("zzzz")).is_empty());
        assert_eq!(mapping.services_of("zzzz").as_ref(), [service("tg")]);
        assert!(mapping.services_of("tg").is_empty());
    }
}
