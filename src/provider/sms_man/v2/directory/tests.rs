use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::catalog::Catalog;
use crate::clock::MovableClock;
use crate::domain::Secret;
use crate::provider::FaultKind;

fn named(rows: &[(Id, &str)]) -> BTreeMap<Id, String> {
    rows.iter().map(|(id, name)| (*id, (*name).to_owned())).collect()
}

fn service(code: &str) -> Service {
    Service::parse(code).unwrap()
}

fn directory(mapping: &Mapping, countries: &[(Id, &str)], applications: &[(Id, &str)]) -> Directory {
    Directory::new(Names::builtin(), mapping, &named(countries), &named(applications))
}

fn plain() -> Mapping {
    Mapping::same_codes(Catalog::builtin())
}

fn mapped(services: &[(&str, &str)], countries: &[(&str, &str)]) -> Mapping {
    let table = |rows: &[(&str, &str)]| rows.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect();
    plain().with_additions(Catalog::builtin(), &table(services), &table(countries)).unwrap()
}

#[test]
fn numbers_are_found_by_name() {
    let found =
        directory(&plain(), &[(1, "Russia"), (5, "USA"), (14, "India")], &[(3, "Telegram"), (2, "WeChat")]);
    assert_eq!(found.application(&service("tg")), Some(3));
    assert_eq!(found.application(&service("wb")), Some(2));
    assert_eq!(found.application(&service("vk")), None);
    assert_eq!(found.country(Country(0)), Some(1));
    assert_eq!(found.country(Country(187)), Some(5));
    assert_eq!(found.country(Country(22)), Some(14));
    assert_eq!(found.country(Country(5)), None, "their 5 is not our 5");
}

#[test]
fn what_two_are_called_is_neither_of_them() {
    let found = directory(
        &plain(),
        &[(1, "Russia"), (9, "russia ")],
        &[(3, "Telegram"), (33, "telegram"), (2, "WeChat")],
    );
    assert_eq!((found.application(&service("tg")), found.country(Country(0))), (None, None));
    assert_eq!(found.application(&service("wb")), Some(2));
}

#[test]
fn what_the_user_maps_goes_before_all_names() {
    let mapping = mapped(&[("tg", "33"), ("vk", "3"), ("wb", "none")], &[("0", "9"), ("187", "X")]);
    let found = directory(
        &mapping,
        &[(1, "Russia"), (5, "USA")],
        &[(3, "Telegram"), (33, "Telegram"), (2, "WeChat")],
    );
    assert_eq!(found.application(&service("tg")), Some(33));
    assert_eq!(found.application(&service("vk")), Some(3));
    assert_eq!(found.country(Country(0)), Some(9));
    // What can be no number of theirs is not looked for by name instead.
    assert_eq!((found.application(&service("wb")), found.country(Country(187))), (None, None));
}

fn cx(key: &str) -> Cx {
    Cx::new(Secret::new(key))
}

#[tokio::test]
async fn it_is_read_once_a_day_however_many_wait() {
    let clock = MovableClock::standing();
    let kept = Kept::new(clock.clone());
    let reads = AtomicUsize::new(0);
    let ask = async || {
        let fetch = async {
            tokio::task::yield_now().await;
            reads.fetch_add(1, Ordering::SeqCst);
            Ok(Directory::default())
        };
        kept.get(&cx("k"), fetch).await.unwrap();
        reads.load(Ordering::SeqCst)
    };
    let crowd = futures_util::future::join_all((0..50).map(|_| ask())).await;
    assert_eq!(crowd.into_iter().max(), Some(1));
    clock.advance(TTL - Duration::from_millis(1));
    assert_eq!(ask().await, 1);
    clock.advance(Duration::from_millis(1));
    assert_eq!(ask().await, 2);
}

#[tokio::test]
async fn a_failure_bought_nothing_and_is_soon_forgotten() {
    let clock = MovableClock::standing();
    let kept = Kept::new(clock.clone());
    let late = async || Err(Fault::new(FaultKind::TimedOut, "late").in_doubt());
    let fault = kept.get(&cx("k"), late()).await.unwrap_err();
    assert_eq!((&fault.kind, fault.effect), (&FaultKind::TimedOut, Effect::None));
    let good = async || Ok(Directory::default());
    assert_eq!(kept.get(&cx("k"), good()).await, Err(fault));
    // Another one's key may be right where this one's was wrong.
    assert!(kept.get(&cx("other"), good()).await.is_ok());
    assert!(kept.get(&cx("k"), late()).await.is_ok());
    clock.advance(TTL);
    assert!(kept.get(&cx("k"), late()).await.is_err());
    clock.advance(FAILURE_TTL);
    assert!(kept.get(&cx("k"), good()).await.is_ok());
}
