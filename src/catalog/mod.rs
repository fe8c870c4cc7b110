//! Services, countries and operators as data, checked when they are loaded, and the cross-walks from
//! them to each upstream's own codes. Knows no provider's API and no wire format.
//!
//! The data files lie in `data/`; each says in its first lines where its rows come from. Which of them
//! are an upstream's is said by its provider, as [`Files`]. A code that
//! exists at an upstream with another meaning buys the wrong service, so nothing here compares codes
//! of two systems: which code means which service is written down row by row.

mod additions;
mod coverage;
mod crosswalk;
mod error;
mod files;
mod load;
mod mapping;
mod names;
mod normal;
mod pairs;
#[cfg(test)]
mod sample;
mod traps;
mod tsv;

use std::collections::HashMap;
use std::sync::LazyLock;

pub use additions::MappingError;
pub use coverage::Coverage;
pub use error::{CatalogError, Problem};
pub use files::{Decision, Files, OwnCountry};
pub use mapping::Mapping;
pub use names::Names;
pub use traps::Trap;
pub use tsv::Source;

use crate::domain::{Country, Operator, Service};

/// The code of the service that stands for renting a number for every service.
const FULL_RENT: &str = "full";

/// A service of the dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceEntry {
    /// Its code.
    pub code: Service,
    /// Its name as sms-activate printed it.
    pub name: String,
    /// Whether its calls and messages can be forwarded to another number.
    pub forwardable: bool,
}

impl ServiceEntry {
    /// Whether it can only be rented: no activation is sold for it.
    pub fn is_rent_only(&self) -> bool {
        self.code.as_str() == FULL_RENT
    }
}

/// A country of the dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountryEntry {
    /// Its number.
    pub id: Country,
    /// Its two letters of ISO 3166; not unique, since the dialect has the USA twice.
    pub iso2: String,
    /// Its name in Russian.
    pub rus: String,
    /// Its name in English.
    pub eng: String,
    /// Its name in Chinese.
    pub chn: String,
}

/// The dialect's services, countries and operators.
#[derive(Debug)]
pub struct Catalog {
    services: Vec<ServiceEntry>,
    service_at: HashMap<Service, usize>,
    countries: Vec<CountryEntry>,
    country_at: HashMap<Country, usize>,
    operators: HashMap<Country, Vec<Operator>>,
}

impl Catalog {
    /// Reads and checks the files that are built in.
    ///
    /// # Errors
    /// When one of them is malformed, has a code twice, or refers to one that is not there.
    pub fn load() -> Result<Self, CatalogError> {
        load::load(load::FILES)
    }

    /// The catalog, read once.
    pub fn builtin() -> &'static Self {
        #[expect(clippy::expect_used, reason = "the files are compiled in, and a test loads them")]
        static BUILTIN: LazyLock<Catalog> =
            LazyLock::new(|| Catalog::load().expect("built-in files are sound"));
        &BUILTIN
    }

    /// Every service, in the order of sms-activate's own list; the rent-only one included.
    pub fn services(&self) -> &[ServiceEntry] {
        &self.services
    }

    /// The service of a code.
    pub fn service(&self, code: &Service) -> Option<&ServiceEntry> {
        self.service_at.get(code).and_then(|at| self.services.get(*at))
    }

    /// Every country, by id.
    pub fn countries(&self) -> &[CountryEntry] {
        &self.countries
    }

    /// The country of an id.
    pub fn country(&self, id: Country) -> Option<&CountryEntry> {
        self.country_at.get(&id).and_then(|at| self.countries.get(*at))
    }

    /// The operators of a country; empty where none are known.
    pub fn operators(&self, country: Country) -> &[Operator] {
        self.operators.get(&country).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every key of `getNumbersStatus` that smsactivateru 1.2.6 indexes without asking whether it is
    /// there (`services.py`, `ServiceStorage.names`; WIRE.md section 1, item 7).
    const INDEXED_KEYS: &str = "vk_0 ok_0 wa_0 vi_0 tg_0 wb_0 go_0 av_0 av_1 fb_0 tw_0 ot_0 ot_1 ub_0 qw_0 gt_0 \
        sn_0 ig_0 ss_0 ym_0 ym_1 ma_0 mm_0 uk_0 me_0 mb_0 we_0 bd_0 kp_0 dt_0 ya_0 ya_1 mt_0 oi_0 fd_0 zz_0 kt_0 \
        pm_0 tn_0";

    fn entry(code: &str) -> &'static ServiceEntry {
        let code = Service::parse(code).unwrap();
        Catalog::builtin().service(&code).unwrap_or_else(|| panic!("{code} is not in the catalog"))
    }

    #[test]
    fn the_built_in_files_are_sound() {
        let catalog = Catalog::load().unwrap();
        assert_eq!((catalog.services().len(), catalog.countries().len()), (1934, 200));
        assert_eq!(catalog.services().iter().filter(|entry| entry.is_rent_only()).count(), 1);
    }

    #[test]
    fn every_key_that_a_client_indexes_is_there() {
        assert_eq!(INDEXED_KEYS.split_whitespace().count(), 39);
        for key in INDEXED_KEYS.split_whitespace() {
            let (code, forward) = key.split_once('_').unwrap();
            let entry = entry(code);
            assert!(forward == "0" || entry.forwardable, "{key}");
            assert!(!entry.is_rent_only(), "{key}");
        }
    }

    #[test]
    fn countries_have_their_names_in_three_languages() {
        let russia = Catalog::builtin().country(Country(0)).unwrap();
        assert_eq!(
            (&*russia.iso2, &*russia.rus, &*russia.eng, &*russia.chn),
            ("RU", "Россия", "Russia", "俄罗斯")
        );
        let usa: Vec<_> = Catalog::builtin().countries().iter().filter(|entry| entry.iso2 == "US").collect();
        assert_eq!(usa.iter().map(|entry| entry.id.0).collect::<Vec<_>>(), [12, 187]);
    }

    #[test]
    fn operators_are_both_lists_without_any() {
        let names =
            |id| Catalog::builtin().operators(Country(id)).iter().map(Operator::as_str).collect::<Vec<_>>();
        assert!(names(0).contains(&"yota") && names(0).contains(&"megafon"));
        assert!(Catalog::builtin().countries().iter().all(|entry| !names(entry.id.0).contains(&"any")));
        assert!(names(12).is_empty());
    }
}
