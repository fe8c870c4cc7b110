//! The codes of SMS-Service-Online: mostly the dialect's, but not everywhere. Knows no call of its API.

use crate::catalog::{Catalog, Files, Mapping, Source};

/// Its services, countries and operators (`api/sms-service-online.txt`, annexes 1 and 2), and which of
/// the dialect's each is.
const FILES: Files<'static> = Files {
    services: Source {
        name: "sms_service_online_services.tsv",
        text: include_str!("../../catalog/data/sms_service_online_services.tsv"),
    },
    service_map: Source {
        name: "sms_service_online_service_map.tsv",
        text: include_str!("../../catalog/data/sms_service_online_service_map.tsv"),
    },
    countries: Source {
        name: "sms_service_online_countries.tsv",
        text: include_str!("../../catalog/data/sms_service_online_countries.tsv"),
    },
    operators: Some(Source {
        name: "sms_service_online_operators.tsv",
        text: include_str!("../../catalog/data/sms_service_online_operators.tsv"),
    }),
    traps: Some(Source {
        name: "sms_service_online_traps.tsv",
        text: include_str!("../../catalog/data/sms_service_online_traps.tsv"),
    }),
};

/// Its cross-walk to the catalog.
pub(super) fn mapping(catalog: &Catalog) -> Mapping {
    Mapping::of_files(catalog, &FILES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Country, Operator, Service};

    #[test]
    fn a_code_that_is_printed_under_another_name_is_refused() {
        let mapping = mapping(Catalog::builtin());
        let bought = |code| mapping.services(&Service::parse(code).unwrap()).into_owned();
        // LinkedIN and QQ (UPSTREAMS.md section 3), X5ID, BitcoinBon, dbrUA, YandexGo.
        for code in ["tn", "qq", "bd", "ny", "tj", "wf"] {
            assert!(bought(code).is_empty(), "{code}");
        }
        assert_eq!(bought("zl"), ["zl"], "one of two codes printed as Airtel");
        // The names that the document leaves blank (UPSTREAMS.md section 3).
        for code in ["wa", "wb", "fb", "tw", "ig", "kf"] {
            assert_eq!(bought(code), [code]);
        }
    }

    #[test]
    fn countries_are_the_dialects_but_for_those_it_has_not() {
        let mapping = mapping(Catalog::builtin());
        assert!(mapping.mapped_countries().all(|id| mapping.country(id) == Some(id.to_string().into())));
        assert_eq!(mapping.country(Country(187)), None, "it has the virtual USA only, which is 12");
        assert_eq!(mapping.country(Country(99)).as_deref(), Some("99"), "Togo");
    }

    #[test]
    fn three_is_asked_for_by_either_name() {
        let mapping = mapping(Catalog::builtin());
        for name in ["three", "threeuk"] {
            let operator = Operator::parse(name).unwrap();
            assert_eq!(mapping.operator(Country(16), &operator), Some("threeuk"), "{name}");
        }
        assert_eq!(mapping.operator(Country(16), &Operator::parse("giffgaff").unwrap()), None);
        assert!(mapping.operators(Country(0)).iter().all(|operator| operator.as_str() != "any"));
    }
}
