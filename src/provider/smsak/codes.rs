//! SMSAK's codes: whole numbers for services, letters for countries, and no operators. Knows no call
//! of its API.

use crate::catalog::{Catalog, Files, Mapping, Source};

/// Its services and countries (`api/smsak.txt`, getservices and getcountries), and which of the
/// dialect's each is. No code of a service is in both lists, so there are no traps.
const FILES: Files<'static> = Files {
    services: Source {
        name: "smsak_services.tsv",
        text: include_str!("../../catalog/data/smsak_services.tsv"),
    },
    service_map: Source {
        name: "smsak_service_map.tsv",
        text: include_str!("../../catalog/data/smsak_service_map.tsv"),
    },
    countries: Source {
        name: "smsak_countries.tsv",
        text: include_str!("../../catalog/data/smsak_countries.tsv"),
    },
    operators: None,
    traps: None,
};

/// Its cross-walk to the catalog.
pub(super) fn mapping(catalog: &Catalog) -> Mapping {
    Mapping::of_files(catalog, &FILES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Country, Service};

    #[test]
    fn services_are_ordered_by_number() {
        let mapping = mapping(Catalog::builtin());
        let bought = |code| mapping.services(&Service::parse(code).unwrap()).into_owned();
        for (code, id) in [("vk", "2"), ("tg", "6"), ("wb", "8"), ("go", "9"), ("mb", "11"), ("we", "17")] {
            assert_eq!(bought(code), [id]);
            assert_eq!(mapping.services_of(id).as_ref(), [Service::parse(code).unwrap()]);
        }
        for (code, why) in [("wm", "99Speed is not WebMoney"), ("rk", "Fotka is not Fotostrana")] {
            assert!(bought(code).is_empty(), "{why}");
        }
        assert_eq!(bought("ya"), ["15"], "Yandex, and not Uber");
    }

    #[test]
    fn belarus_is_bl() {
        let mapping = mapping(Catalog::builtin());
        assert_eq!(mapping.country(Country(51)).as_deref(), Some("BL"));
        assert_eq!((mapping.country_of("BL"), mapping.country_of("BY")), (Some(Country(51)), None));
        assert_eq!(mapping.country_of("GB"), Some(Country(16)));
        assert!(mapping.mapped_countries().all(|country| mapping.operators(country).is_empty()));
    }
}
