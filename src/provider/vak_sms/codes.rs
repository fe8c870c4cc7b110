//! VAK-SMS's codes: which files say what they are, and the tests that hold those to what is known of
//! them. Knows no call of its API.

use crate::catalog::{Catalog, Files, Mapping, Source};

/// Its services, countries and operators (`api/vak-sms.txt`, the tables at its end), and which of the
/// dialect's each is.
const FILES: Files<'static> = Files {
    services: Source {
        name: "vak_sms_services.tsv",
        text: include_str!("../../catalog/data/vak_sms_services.tsv"),
    },
    service_map: Source {
        name: "vak_sms_service_map.tsv",
        text: include_str!("../../catalog/data/vak_sms_service_map.tsv"),
    },
    countries: Source {
        name: "vak_sms_countries.tsv",
        text: include_str!("../../catalog/data/vak_sms_countries.tsv"),
    },
    operators: Some(Source {
        name: "vak_sms_operators.tsv",
        text: include_str!("../../catalog/data/vak_sms_operators.tsv"),
    }),
    traps: Some(Source {
        name: "vak_sms_traps.tsv",
        text: include_str!("../../catalog/data/vak_sms_traps.tsv"),
    }),
};

/// Its cross-walk to the catalog.
pub(super) fn mapping(catalog: &Catalog) -> Mapping {
    Mapping::of_files(catalog, &FILES)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::LazyLock;

    use super::*;
    use crate::domain::{Country, Operator, Service};

    static VAK: LazyLock<Mapping> = LazyLock::new(|| mapping(Catalog::builtin()));

    fn service(code: &str) -> Service {
        Service::parse(code).unwrap()
    }

    fn bought_with(code: &str) -> Vec<String> {
        VAK.services(&service(code)).into_owned()
    }

    fn dialect_codes(upstream: &str) -> BTreeSet<String> {
        VAK.services_of(upstream).iter().map(Service::to_string).collect()
    }

    #[test]
    fn a_code_is_the_same_on_both_sides_only_where_the_service_is() {
        // UPSTREAMS.md section 7, and the rest as compared by name in both lists.
        let same = "tg wa vi fb ig tw ub ya am nf qw qq av nv dr fu kt bz rl zm hz qz \
            ae dl fi fk im kj mg sb xa";
        let same: BTreeSet<_> = same.split_whitespace().map(str::to_owned).collect();
        let catalog = Catalog::builtin();
        let found: BTreeSet<_> = catalog
            .services()
            .iter()
            .map(|entry| entry.code.to_string())
            .filter(|code| bought_with(code).contains(code))
            .collect();
        assert_eq!(found, same);
    }

    #[test]
    fn one_service_upstream_may_be_several_here_and_the_other_way_round() {
        for code in ["vk", "ma", "lb"] {
            assert_eq!(bought_with(code), ["mr"]);
        }
        assert_eq!(dialect_codes("mr"), ["lb", "ma", "vk"].map(str::to_owned).into());
        assert!(bought_with("mr").is_empty(), "the dialect's mr is Fastmail");
        assert_eq!(bought_with("co"), ["mrf", "rdf"]);
        assert_eq!(bought_with("hw"), ["ap"], "AliPay, and not 1688");
        assert!(bought_with("full").is_empty(), "no service of VAK-SMS is all of them");
    }

    #[test]
    fn every_country_of_the_upstream_is_one_of_the_dialect() {
        let mapping = &*VAK;
        let same = |code: &str, id| {
            assert_eq!(mapping.country_of(code), Some(Country(id)));
            assert_eq!(mapping.country(Country(id)).as_deref(), Some(code));
        };
        same("ru", 0);
        same("gb", 16);
        same("us", 187);
        assert_eq!(mapping.country(Country(12)), None, "12 is the virtual USA");
        for country in mapping.mapped_countries() {
            let code = mapping.country(country).unwrap().to_uppercase();
            assert_eq!(Catalog::builtin().country(country).unwrap().iso2, code);
        }
    }

    #[test]
    fn operators_are_asked_for_by_the_dialects_names() {
        let mapping = &*VAK;
        let upstream = |country, name: &str| {
            let operator = Operator::parse(name).unwrap();
            mapping.operator(Country(country), &operator).map(str::to_owned)
        };
        assert_eq!(upstream(1, "life").as_deref(), Some("lifecell"));
        assert_eq!(upstream(1, "lifecell").as_deref(), Some("lifecell"));
        assert_eq!(upstream(4, "globe_telecom").as_deref(), Some("globe telecom"));
        assert_eq!(upstream(83, "max_telecom").as_deref(), Some("max telecom"));
        assert_eq!(upstream(0, "vtb_mobile").as_deref(), Some("vtbmobile"));
        assert_eq!(upstream(0, "sber"), None);
        assert_eq!(upstream(3, "unicom"), None, "a country that VAK-SMS has not");
    }
}
