use std::collections::BTreeSet;

use super::*;
use crate::domain::{Country, RentTerms, Service};

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_767_225_600 + minutes * 60).unwrap()
}

fn sought(owner: &str, service: &str, minutes: i64) -> Sought {
    Sought {
        id: ActivationId::new(1 + minutes).unwrap(),
        owner: Owner(owner.into()),
        order: Order::new(Service::parse(service).unwrap(), Country(0)),
        at: at(minutes),
        phone: None,
    }
}

fn row(id: &str, service: &str, minutes: i64) -> Held {
    Held {
        phone: Phone::parse("79991112233").ok(),
        service: Service::parse(service).ok(),
        country: Some(Country(0)),
        bought_at: Some(at(minutes)),
        ..Held::new(id.to_owned())
    }
}

#[test]
fn a_row_is_a_purchase_if_everything_fits() {
    let one = sought("anna", "tg", 30);
    assert!(one.looks_like(&row("a", "tg", 30)));
    assert!(one.looks_like(&row("a", "tg", 28)) && one.looks_like(&row("a", "tg", 40)));
    let others = [
        row("a", "tg", 27),
        row("a", "tg", 41),
        row("a", "wa", 30),
        Held { country: Some(Country(1)), ..row("a", "tg", 30) },
        Held { bought_at: None, ..row("a", "tg", 30) },
        Held { phone: None, ..row("a", "tg", 30) },
        Held { service: None, ..row("a", "tg", 30) },
    ];
    for other in others {
        assert!(!one.looks_like(&other), "{other:?}");
    }
}

#[test]
fn what_says_too_little_or_another_hour_stands_against_a_release() {
    let one = sought("anna", "tg", 30);
    for other in [row("a", "tg", 30 + 180), Held::new("a".into()), Held { phone: None, ..row("a", "tg", 30) }]
    {
        assert!(one.may_be(&other) && !one.looks_like(&other), "{other:?}");
    }
    for other in [row("a", "wa", 30), row("a", "tg", 30 + 16 * 60)] {
        assert!(!one.may_be(&other), "{other:?}");
    }
}

#[test]
fn a_rent_is_known_by_its_end() {
    let mut one = sought("anna", "full", 0);
    one.order.rent = Some(RentTerms { hours: 24, webhook: None });
    let ending = |minutes| Held {
        service: None,
        country: None,
        bought_at: None,
        ends_at: Some(at(minutes)),
        ..row("a", "full", 0)
    };
    assert!(one.looks_like(&ending(24 * 60)) && one.looks_like(&ending(24 * 60 + 10)));
    assert!(!one.looks_like(&ending(24 * 60 + 11)) && one.may_be(&ending(27 * 60)));
    assert!(!one.may_be(&ending(48 * 60)));
}

#[test]
fn a_number_once_more_is_known_by_its_number() {
    let mut one = sought("anna", "tg", 0);
    one.order.origin = Origin::Extra(ActivationId::new(9).unwrap());
    assert!(!one.looks_like(&row("a", "tg", 0)) && one.may_be(&row("a", "tg", 0)));
    one.phone = Phone::parse("79991112233").ok();
    assert!(one.looks_like(&row("a", "tg", 0)));
    one.phone = Phone::parse("79991112234").ok();
    assert!(!one.may_be(&row("a", "tg", 0)));
}

#[test]
fn what_could_be_another_s_is_nobody_s() {
    let (anna, bert) = (sought("anna", "tg", 0), sought("bert", "tg", 1));
    assert_eq!(pairs(&[anna.clone(), bert.clone()], &[row("a", "tg", 1)]), []);
    assert_eq!(pairs(&[anna.clone(), bert], &[row("a", "tg", 1), row("b", "tg", 1)]), []);
    assert_eq!(pairs(std::slice::from_ref(&anna), &[row("a", "tg", 1), row("b", "tg", 2)]), []);
    assert_eq!(pairs(&[anna.clone(), sought("bert", "wa", 1)], &[row("a", "tg", 1)]), [(0, 0)]);
    // Both of the same client, and for the same: it makes no difference.
    let again = sought("anna", "tg", 1);
    assert_eq!(pairs(&[anna.clone(), again.clone()], &[row("a", "tg", 1)]), [(0, 0)]);
    assert_eq!(pairs(&[again, anna], &[row("b", "tg", 2), row("a", "tg", 1)]), [(1, 1), (0, 0)]);
    // Too far apart to be taken for one another.
    assert_eq!(pairs(&[sought("anna", "tg", 0), sought("anna", "tg", 15)], &[row("a", "tg", 16)]), [(1, 0)]);
}

/// Numbers that look random and are the same each time.
fn numbers() -> impl FnMut(u64) -> u64 {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    }
}

#[test]
fn never_is_more_found_than_there_is_nor_anything_twice() {
    let mut next = numbers();
    let mut draw = |below: u64| i64::try_from(next(below)).unwrap();
    let mut some = 0;
    for _ in 0..3_000 {
        let owners = ["anna", "anna", "bert"];
        let services = ["tg", "tg", "wa"];
        let word = |n: i64| usize::try_from(n).unwrap();
        let all: Vec<_> =
            (0..draw(5)).map(|_| sought(owners[word(draw(3))], services[word(draw(3))], draw(30))).collect();
        let rows: Vec<_> =
            (0..draw(5)).map(|nth| row(&nth.to_string(), services[word(draw(3))], draw(40))).collect();
        let found = pairs(&all, &rows);
        some += found.len();
        let ones: BTreeSet<_> = found.iter().map(|(one, _)| one).collect();
        let theirs: BTreeSet<_> = found.iter().map(|(_, row)| row).collect();
        assert_eq!((ones.len(), theirs.len()), (found.len(), found.len()), "{all:?} {rows:?}");
        for (one, row) in &found {
            assert!(all[*one].looks_like(&rows[*row]), "{all:?} {rows:?}");
            // Whoever else it could be wanted the same.
            let rivals = all.iter().filter(|other| other.looks_like(&rows[*row]));
            assert!(rivals.into_iter().all(|other| other.is_same(&all[*one])), "{all:?} {rows:?}");
        }
    }
    assert!(some > 500, "{some}");
}
