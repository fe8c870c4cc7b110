//! Holds the cross-walk of every kind that has files of its own to what must be true of any. Knows no
//! kind, but how much of the catalog those that there are reach.

use std::collections::{BTreeMap, BTreeSet};

use super::PROVIDERS;
use crate::catalog::{Catalog, Coverage, Files, Mapping};
use crate::domain::{Operator, Service};

/// How many services, countries and operators a kind reaches at least.
const FLOORS: &[(&str, [usize; 3])] =
    &[("vak-sms", [167, 33, 104]), ("smsak", [22, 10, 0]), ("sms-service-online", [219, 110, 195])];

struct Kind {
    name: &'static str,
    mapping: Mapping,
    files: &'static Files<'static>,
}

/// The kinds whose codes are their own.
fn kinds() -> Vec<Kind> {
    let kinds = PROVIDERS.iter().map(|spec| (spec.kind, spec.codes()));
    let kinds = kinds.filter_map(|(name, mapping)| Some(Kind { name, files: mapping.files()?, mapping }));
    let kinds: Vec<_> = kinds.collect();
    assert!(!kinds.is_empty());
    kinds
}

impl Kind {
    /// The codes that an order of `service` becomes.
    fn bought(&self, service: &Service) -> Vec<String> {
        self.mapping.services(service).into_owned()
    }

    /// The codes that are in both lists.
    fn shared(&self) -> BTreeSet<&'static str> {
        let own = self.files.own_services().unwrap();
        let all = Catalog::builtin().services().iter();
        all.filter_map(|entry| own.get_key_value(entry.code.as_str()).map(|(code, _)| *code)).collect()
    }
}

/// Whether two names are the same letters and digits, with or without a domain's last part.
fn alike(one: &str, other: &str) -> bool {
    plain(one) == plain(other) || plain(undomained(one)) == plain(undomained(other))
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn undomained(name: &str) -> &str {
    let short = |end: &str| (2..=3).contains(&end.len()) && end.chars().all(|c| c.is_ascii_lowercase());
    name.rsplit_once('.').filter(|(_, end)| short(end)).map_or(name, |(name, _)| name)
}

#[test]
fn no_order_falls_into_a_trap() {
    for kind in kinds() {
        let name = kind.name;
        for trap in kind.files.traps(Catalog::builtin()).unwrap() {
            let code = trap.code.as_str();
            let bought = kind.bought(&trap.code);
            assert!(!bought.iter().any(|own| own == code), "{name}: {code} ({}) buys {bought:?}", trap.name);
            let right: BTreeSet<_> = trap.instead.iter().collect();
            let found = kind.mapping.services_of(code).into_owned();
            assert_eq!(
                found.iter().collect::<BTreeSet<_>>(),
                right,
                "{name}: what buys the upstream's {code}"
            );
        }
    }
}

#[test]
fn a_code_in_both_lists_is_the_same_service_or_a_trap() {
    for kind in kinds() {
        let traps = kind.files.traps(Catalog::builtin()).unwrap();
        let traps: BTreeSet<_> = traps.iter().map(|trap| trap.code.to_string()).collect();
        let same = |code: &str| kind.bought(&Service::parse(code).unwrap()).iter().any(|own| own == code);
        for code in kind.shared() {
            assert_ne!(same(code), traps.contains(code), "{}: {code}", kind.name);
        }
    }
}

#[test]
fn a_service_under_two_names_and_a_refusal_have_their_reason() {
    for kind in kinds() {
        for row in kind.files.decisions(Catalog::builtin()).unwrap() {
            let alike = alike(row.name, row.upstream_name);
            assert!(
                row.is_same && alike || !row.note.is_empty(),
                "{}: {} {} is {} {}",
                kind.name,
                row.service,
                row.name,
                row.upstream,
                row.upstream_name
            );
        }
    }
}

#[test]
fn every_country_and_operator_of_the_upstream_can_be_asked_for() {
    for Kind { name, mapping, files } in kinds() {
        for own in files.own_countries(Catalog::builtin()).unwrap() {
            assert_eq!(mapping.country(own.country).as_deref(), Some(own.code), "{name}");
            assert_eq!(mapping.country_of(own.code), Some(own.country), "{name}");
            let operators = mapping.operators(own.country);
            let spelled = |operator: &Operator| mapping.operator(own.country, operator).map(str::to_owned);
            let reached: BTreeSet<_> = operators.iter().filter_map(spelled).collect();
            let all: BTreeSet<_> = own.operators.iter().map(|operator| (*operator).to_owned()).collect();
            assert_eq!(reached, all, "{name}: {}", own.code);
        }
    }
}

#[test]
fn what_a_user_maps_goes_before_the_files() {
    let catalog = Catalog::builtin();
    for kind in kinds() {
        let before = kind.mapping.mapped_services().count();
        let service = kind.mapping.mapped_services().next().unwrap().clone();
        let additions = BTreeMap::from([(service.to_string(), "theirs".to_owned())]);
        let countries = BTreeMap::from([("12".to_owned(), "there".to_owned())]);
        let after = kind.mapping.with_additions(catalog, &additions, &countries).unwrap();
        assert_eq!(after.services(&service).as_ref(), ["theirs"], "{}", kind.name);
        assert_eq!(after.country_of("there").map(|country| country.0), Some(12), "{}", kind.name);
        assert_eq!(after.mapped_services().count(), before, "{}", kind.name);
    }
}

#[test]
fn coverage_does_not_sink() {
    for kind in kinds() {
        let coverage = Coverage::of(Catalog::builtin(), &kind.mapping);
        let mapped = [coverage.services.0, coverage.countries.0, coverage.operators.0];
        let floor = FLOORS.iter().find(|(name, _)| *name == kind.name).map_or([1, 1, 0], |(_, floor)| *floor);
        assert!(mapped.iter().zip(floor).all(|(mapped, floor)| *mapped >= floor), "{} {mapped:?}", kind.name);
    }
}
