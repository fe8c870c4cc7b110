//! Holds the rows of VAK-SMS's cross-walk to what is known of the two systems.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::crosswalk::VAK_SMS;
use super::tsv::Source;
use super::{Catalog, Coverage, Mapping};
use crate::domain::{Country, Operator, Service};

const TRAPS: Source<'static> =
    Source { name: "vak_sms_traps.tsv", text: include_str!("data/vak_sms_traps.tsv") };

static VAK: LazyLock<Mapping> = LazyLock::new(|| Mapping::vak_sms(Catalog::builtin()));

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
fn no_order_falls_into_a_trap() {
    let catalog = Catalog::builtin();
    let traps = TRAPS.rows(["code", "upstream_name", "name", "use"]).unwrap();
    assert_eq!(traps.len(), 189);
    for row in traps {
        let [code, _, name, right] = row.fields;
        assert_eq!(catalog.service(&service(code)).unwrap().name, name, "the trap is out of date");
        let bought = bought_with(code);
        assert!(!bought.iter().any(|upstream| upstream == code), "{code} ({name}) buys {bought:?}");
        let right: BTreeSet<_> =
            right.split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect();
        assert_eq!(dialect_codes(code), right, "what buys VAK-SMS's {code}");
    }
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
fn every_operator_of_the_upstream_can_be_asked_for() {
    let mapping = &*VAK;
    for row in VAK_SMS.countries.rows(["code", "name", "country", "operators"]).unwrap() {
        let [code, _, _, own] = row.fields;
        let country = mapping.country_of(code).unwrap();
        let reached: BTreeSet<_> = mapping
            .operators(country)
            .iter()
            .map(|operator| mapping.operator(country, operator).unwrap().to_owned())
            .collect();
        assert_eq!(reached, own.split(',').map(str::to_owned).collect(), "{code}");
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

#[test]
fn coverage_does_not_sink() {
    let coverage = Coverage::of(Catalog::builtin(), &VAK);
    let mapped = (coverage.services.0, coverage.countries.0, coverage.operators.0);
    assert!(mapped.0 >= 168 && mapped.1 >= 33 && mapped.2 >= 104, "{mapped:?}");
}
