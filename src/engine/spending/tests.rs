//! SpendingLimits over orders that are made at once, one after another, and over time.

use super::*;
use crate::config::SpendingLimits;

fn owner(name: &str) -> Owner {
    Owner(name.into())
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_767_225_600 + second).unwrap()
}

fn id(raw: i64) -> ActivationId {
    ActivationId::new(raw).unwrap()
}

fn wanted(amount: i64) -> Wanted {
    Wanted { amount: amount.into(), dearest: amount.into(), opens: 1 }
}

fn guards(change: impl FnOnce(&mut SpendingConfig)) -> Arc<Guards> {
    let mut config = SpendingConfig::default();
    change(&mut config);
    Guards::new(config, Currency::RUB)
}

fn spent(raw: i64, name: &str, amount: i64, second: i64) -> Spent {
    Spent { id: id(raw), owner: owner(name), amount: amount.into(), at: at(second), opens: true }
}

/// The guard that refuses an order.
fn refused(guards: &Arc<Guards>, name: &str, amount: i64, second: i64) -> Option<Guard> {
    guards.hold(&owner(name), wanted(amount), at(second)).err().map(|(guard, _)| guard)
}

#[test]
fn a_sum_of_the_largest_amounts_is_exact() {
    assert_eq!(MOST, Decimal::from(1_000_000_000_000_000_u64));
    let guards = guards(|config| config.total.per_day = Some(MOST));
    for raw in 1..4 {
        guards.note(Spent { amount: Decimal::MAX, ..spent(raw, "a", 0, 0) });
    }
    assert!(refused(&guards, "a", 1, 1).is_some());
}

#[test]
fn orders_under_way_count_and_no_more_when_nothing_came_of_them() {
    let guards = guards(|config| config.total.per_hour = Some(10.into()));
    let first = guards.hold(&owner("a"), wanted(6), at(0)).unwrap_or_else(|_| panic!("refused"));
    let hour = Some(Guard::of(Limit::PerHour, Scope::Total));
    assert_eq!(refused(&guards, "b", 5, 0), hour);
    assert_eq!(refused(&guards, "b", 4, 0), None, "and what was held for that is let go at once");
    drop(first);
    assert_eq!(refused(&guards, "b", 10, 0), None);
    assert_eq!(refused(&guards, "b", 11, 0), hour);
}

#[test]
fn what_an_order_came_to_counts_in_its_place_until_it_is_refunded_or_too_old() {
    let guards = guards(|config| {
        config.each_client.per_hour = Some(10.into());
        config.each_client.per_day = Some(15.into());
    });
    let held = guards.hold(&owner("a"), wanted(9), at(0)).unwrap_or_else(|_| panic!("refused"));
    held.becomes(vec![spent(1, "a", 8, 0)]);
    assert_eq!(refused(&guards, "a", 3, 1), Some(Guard::of(Limit::PerHour, Scope::Client)));
    assert_eq!(refused(&guards, "b", 3, 1), None, "another client");
    assert_eq!(refused(&guards, "a", 3, 3600), None, "an hour later");
    guards.note(spent(2, "a", 7, 3600));
    assert_eq!(refused(&guards, "a", 1, 7300), Some(Guard::of(Limit::PerDay, Scope::Client)));
    assert_eq!(refused(&guards, "a", 0, 7300), Some(Guard::of(Limit::PerDay, Scope::Client)), "used up");
    guards.refund(id(1));
    assert_eq!(refused(&guards, "a", 8, 7300), None);
    assert_eq!(refused(&guards, "a", 9, 7300), Some(Guard::of(Limit::PerDay, Scope::Client)));
}

#[test]
fn a_client_has_limits_of_its_own_and_none_are_larger_than_the_total() {
    let guards = guards(|config| {
        config.total.max_price = Some(50.into());
        config.each_client.max_price = Some(20.into());
        let own = SpendingLimits { max_price: Some(90.into()), ..SpendingLimits::default() };
        config.clients.insert("rich".to_owned(), own);
    });
    assert_eq!(
        guards.max_price(&owner("poor")),
        Some((20.into(), Guard::of(Limit::MaxPrice, Scope::Client)))
    );
    assert_eq!(guards.max_price(&owner("rich")), Some((50.into(), Guard::of(Limit::MaxPrice, Scope::Total))));
    assert_eq!(refused(&guards, "rich", 51, 0), Some(Guard::of(Limit::MaxPrice, Scope::Total)));
    assert_eq!(refused(&guards, "rich", 50, 0), None);
}

#[test]
fn what_is_open_counts_until_it_has_ended_however_often_it_is_said() {
    let guards = guards(|config| config.total.open_activations = Some(2));
    guards.note(spent(1, "a", 1, 0));
    guards.open((id(1), owner("a")));
    let held = guards.hold(&owner("b"), wanted(1), at(0)).unwrap_or_else(|_| panic!("refused"));
    let full = Some(Guard::of(Limit::OpenActivations, Scope::Total));
    assert_eq!(refused(&guards, "a", 1, 0), full);
    let more_time = Wanted { opens: 0, ..wanted(1) };
    assert!(guards.hold(&owner("a"), more_time, at(0)).is_ok(), "it opens nothing");
    drop(held);
    guards.close(id(1));
    guards.close(id(1));
    let _first = guards.hold(&owner("b"), wanted(1), at(0));
    assert_eq!(refused(&guards, "a", 1, 0), None);
}

#[test]
fn what_counts_no_more_is_forgotten() {
    let guards = guards(|config| config.each_client.per_day = Some(10.into()));
    guards.note(Spent { opens: false, ..spent(1, "a", 1, 0) });
    guards.forget(at(86_399));
    assert_eq!(guards.lock().clients.len(), 1);
    guards.forget(at(86_400));
    let books = guards.lock();
    assert!(books.clients.is_empty() && books.charges.is_empty());
}

#[test]
fn a_refusal_names_the_setting() {
    let guards = guards(|config| {
        config.total.per_day = Some(5.into());
        config.each_client.per_hour = Some(4.into());
        let own = SpendingLimits { open_activations: Some(3), ..SpendingLimits::default() };
        config.clients.insert("shop".to_owned(), own);
    });
    let said = |limit, scope| {
        guards
            .refuse(&Caller::new(owner("shop"), "shop"), Guard::of(limit, scope), None, Duration::ZERO)
            .detail
    };
    assert_eq!(said(Limit::PerDay, Scope::Total), "the spending limit [spending] per_day = 5 RUB is reached");
    assert_eq!(
        said(Limit::PerHour, Scope::Client),
        "the spending limit [spending.each_client] per_hour = 4 RUB is reached"
    );
    assert_eq!(
        said(Limit::OpenActivations, Scope::Client),
        "the spending limit [clients.key.shop] open_activations = 3 is reached"
    );
}
