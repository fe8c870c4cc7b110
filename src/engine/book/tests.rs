//! What is promised of the book.

use super::*;
use crate::domain::{Country, Extra, Phone, Rent, Service, State};

fn activation(id: i64, owner: &str) -> Activation {
    Activation {
        id: ActivationId::new(id).unwrap(),
        owner: Owner(owner.into()),
        provider: "main/vak-sms".into(),
        upstream_id: "u".into(),
        phone: Phone::parse("79991112233").unwrap(),
        service: Service::parse("tg").unwrap(),
        country: Country(0),
        operator: None,
        price: None,
        bought_at: Timestamp::UNIX_EPOCH,
        expires_at: Timestamp::MAX,
        state: State::Waiting,
        asked_at: 0,
        messages: Vec::new(),
        extra: Extra::new(),
        rent: None,
        unwanted: false,
    }
}

fn ids(entries: &[Arc<Entry>]) -> Vec<i64> {
    let mut ids: Vec<_> = entries.iter().map(|entry| entry.outline(|outline| outline.id.get())).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn each_owner_has_its_own_and_what_is_let_go_is_nobodys() {
    let book = Book::default();
    for id in 1..=100 {
        book.insert(&activation(id, if id % 2 == 0 { "anna" } else { "boris" }));
    }
    let anna = Owner("anna".into());
    assert_eq!(ids(&book.of(&anna)), (1..=50).map(|half| half * 2).collect::<Vec<_>>());
    assert!(book.of(&Owner("nobody".into())).is_empty());
    for entry in book.of(&anna) {
        let ended = Activation { state: State::Finished, ..entry.get() };
        entry.put(&ended);
    }
    book.forget(Timestamp::MIN);
    assert_eq!((book.of(&anna).len(), book.all(|_| true).len()), (0, 50));
    assert!(!book.owners.ids_of(&Owner("boris".into())).is_empty() && book.owners.ids_of(&anna).is_empty());
}

#[test]
fn what_somebody_works_with_or_the_ledger_lacks_is_not_let_go() {
    let book = Book::default();
    let ended = |id| Activation { state: State::Finished, ..activation(id, "anna") };
    let (held, lacking) = (book.insert(&ended(1)), book.insert(&ended(2)));
    book.insert(&ended(3));
    assert!(!lacking.lacks() && lacking.lacks() && lacking.is_unsaved());
    drop(lacking);
    book.forget(Timestamp::MIN);
    assert_eq!(ids(&book.all(|_| true)), [1, 2]);
    assert_eq!(ids(&book.unsaved()), [2]);
    book.unsaved().iter().for_each(|entry| entry.saved_all());
    drop(held);
    book.forget(Timestamp::MIN);
    assert!(book.all(|_| true).is_empty());
}

#[test]
fn owners_and_sellers_are_in_memory_once() {
    let book = Book::default();
    let names = |id| {
        let entry = book.insert(&activation(id, "anna"));
        entry.outline(|outline| (Arc::clone(&outline.owner), Arc::clone(&outline.provider)))
    };
    let ((owner, seller), (same_owner, same_seller)) = (names(1), names(2));
    assert!(Arc::ptr_eq(&owner, &same_owner) && Arc::ptr_eq(&seller, &same_seller));
    let entry = book.get(ActivationId::new(1).unwrap()).unwrap();
    entry.put(&Activation { unwanted: true, ..entry.get() });
    assert!(entry.outline(|outline| outline.unwanted && Arc::ptr_eq(&outline.owner, &owner)));
}

#[test]
fn an_entry_is_small() {
    assert!(size_of::<Entry>() + 16 <= 120, "{}", size_of::<Entry>());
}

#[test]
fn that_an_address_was_named_is_remembered() {
    let book = Book::default();
    book.insert(&activation(1, "anna"));
    assert!(!book.named_webhooks());
    let rent = Rent { hours: 4, webhook: Some("https://a.example/".into()), prolongs: None };
    book.insert(&Activation { rent: Some(rent), ..activation(2, "anna") });
    assert!(book.named_webhooks());
}
