//! Mail addresses and partner products: the same stages, and ids of the one numbering.

use rusqlite::Connection;

use super::*;
use crate::domain::{
    BoughtProduct, Email, Letter, Mail, MailKind, MailOrder, MailState, Money, Product, ProductNumber,
};
use crate::ledger::sqlite::schema::APPLICATION_ID;
use crate::ledger::{Goods, GoodsIntent, MailQuery};

fn order() -> MailOrder {
    MailOrder { site: "apple.com".into(), kind: MailKind::Zone, domain: "info".into(), again: None }
}

fn of<W>(wish: W) -> GoodsIntent<W> {
    GoodsIntent { owner: Owner("anna".into()), provider: "main".into(), wish, at: at(0) }
}

fn mail(id: ActivationId) -> Mail {
    Mail {
        id,
        owner: Owner("anna".into()),
        provider: "main".into(),
        upstream_id: format!("m{id}"),
        order: order(),
        email: Email::parse(&format!("Box{id}@a.info")).unwrap(),
        price: Some(Money::rub("2.50".parse().unwrap())),
        bought_at: at(1),
        state: MailState::Waiting,
        letter: None,
    }
}

fn product(id: ActivationId) -> Product {
    Product {
        id,
        owner: Owner("anna".into()),
        provider: "main".into(),
        number: ProductNumber(7),
        bought_at: at(1),
        bought: BoughtProduct { key: "F5".into(), manual: "m".into(), price: None },
    }
}

async fn bought_mail(ledger: &SqliteLedger) -> Mail {
    let mail = mail(ledger.intend_mail(of(order())).await.unwrap());
    ledger.settle_mail(mail.clone()).await.unwrap();
    mail
}

fn everything() -> MailQuery {
    let owner = Owner("anna".into());
    MailQuery { owner, search: String::new(), oldest_first: false, skip: 0, limit: 10 }
}

#[tokio::test]
async fn no_id_is_given_twice_whatever_it_is_for() {
    let dir = Dir::new();
    let ledger = dir.open().unwrap();
    assert_eq!(ledger.intend(intent()).await, Ok(id(FIRST)));
    assert_eq!(ledger.intend_mail(of(order())).await, Ok(id(FIRST + 1)));
    assert_eq!(ledger.intend_product(of(ProductNumber(7))).await, Ok(id(FIRST + 2)));
    assert_eq!(ledger.intend(intent()).await, Ok(id(FIRST + 3)));
    drop(ledger);
    let ledger = dir.open().unwrap();
    assert_eq!(ledger.intend_mail(of(order())).await, Ok(id(FIRST + 4)));
    assert_eq!(ledger.intend(intent()).await, Ok(id(FIRST + 5)));
}

#[tokio::test]
async fn what_was_bought_is_read_back_after_a_restart() {
    let dir = Dir::new();
    let ledger = dir.open().unwrap();
    let first = bought_mail(&ledger).await;
    let wish = MailOrder { again: Some(first.id), kind: MailKind::Popular, ..order() };
    let letter = Some(Letter { value: "12\n34".into(), full: Some("all of it".into()) });
    let second =
        Mail { order: wish.clone(), price: None, ..mail(ledger.intend_mail(of(wish)).await.unwrap()) };
    ledger.settle_mail(second.clone()).await.unwrap();
    let second = Mail { state: MailState::Received, letter, ..second };
    ledger.update_mail(second.clone()).await.unwrap();
    let key = product(ledger.intend_product(of(ProductNumber(7))).await.unwrap());
    ledger.settle_product(key.clone()).await.unwrap();
    drop(ledger);
    let ledger = dir.open().unwrap();
    assert_eq!(ledger.find_mail(first.id).await, Ok(Some(first.clone())));
    assert_eq!(ledger.mails(everything()).await.unwrap().mails, [second, first.clone()]);
    assert_eq!(ledger.find_product(key.id).await, Ok(Some(key)));
    assert_eq!(ledger.find(first.id).await, Ok(None), "a mail is no activation");
}

#[tokio::test]
async fn a_page_is_a_part_of_what_is_found() {
    let ledger = memory();
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(bought_mail(&ledger).await.id);
    }
    // What was not bought is not listed, nor what is another's.
    ledger.intend_mail(of(order())).await.unwrap();
    let page = |query: MailQuery| async {
        let page = ledger.mails(query).await.unwrap();
        (page.mails.iter().map(|mail| mail.id).collect::<Vec<_>>(), page.count)
    };
    assert_eq!(page(MailQuery { skip: 1, limit: 2, ..everything() }).await, (vec![ids[3], ids[2]], 5));
    let oldest = MailQuery { oldest_first: true, skip: 4, ..everything() };
    assert_eq!(page(oldest).await, (vec![ids[4]], 5));
    let search = |text: &str| MailQuery { search: text.into(), ..everything() };
    assert_eq!(page(search(&format!("bOX{}@", ids[0]))).await, (vec![ids[0]], 1));
    assert_eq!(page(search("apple")).await.1, 5);
    for odd in ["%", "'", "_", "zz"] {
        assert_eq!(page(search(odd)).await, (Vec::new(), 0), "{odd}");
    }
    assert_eq!(page(MailQuery { owner: Owner("bob".into()), ..everything() }).await.1, 0);
}

#[tokio::test]
async fn stages_go_one_way() {
    let ledger = memory();
    let is_conflict = |outcome| matches!(outcome, Err(LedgerError::Conflict { .. }));
    let it = bought_mail(&ledger).await;
    assert_eq!(ledger.settle_mail(it.clone()).await, Ok(()), "said twice");
    assert!(is_conflict(ledger.settle_mail(Mail { upstream_id: "other".into(), ..it.clone() }).await));
    assert!(is_conflict(ledger.release_goods(it.id, "no".into()).await));
    assert!(is_conflict(ledger.doubt_goods(it.id, "perhaps".into()).await));
    let cancelled = Mail { state: MailState::Cancelled, ..it.clone() };
    ledger.update_mail(cancelled).await.unwrap();
    assert!(is_conflict(ledger.update_mail(it).await), "what was given back stays so");

    let released = ledger.intend_mail(of(order())).await.unwrap();
    ledger.release_goods(released, "out of stock".into()).await.unwrap();
    assert!(is_conflict(ledger.settle_mail(mail(released)).await));
    assert!(is_conflict(ledger.update_mail(mail(released)).await));
    let doubted = ledger.intend_product(of(ProductNumber(7))).await.unwrap();
    ledger.doubt_goods(doubted, "lost".into()).await.unwrap();
    assert_eq!(ledger.settle_product(product(doubted)).await, Ok(()), "a doubt may be settled");
    assert!(is_conflict(ledger.settle_product(product(released)).await));
    assert!(is_conflict(ledger.release_goods(id(1), "nobody's".into()).await));
}

#[tokio::test]
async fn what_a_crash_left_without_a_result_is_in_doubt_and_what_is_under_way_is_not() {
    let dir = Dir::new();
    let ledger = dir.open().unwrap();
    let left = ledger.intend_mail(of(order())).await.unwrap();
    let lost = ledger.intend_product(of(ProductNumber(7))).await.unwrap();
    ledger.doubt_goods(lost, "the answer was lost".into()).await.unwrap();
    bought_mail(&ledger).await;
    drop(ledger);
    let ledger = dir.open().unwrap();
    ledger.intend_mail(of(order())).await.unwrap();
    let doubts = ledger.take_up_doubtful_goods().await.unwrap();
    let found: Vec<_> = doubts.iter().map(|doubt| (doubt.id, doubt.what.as_str())).collect();
    assert_eq!(found, [(left, "a mail address for apple.com"), (lost, "the partner product 7")]);
    assert!(doubts[0].reason.contains("ended") && doubts[1].reason.contains("lost"));
    assert_eq!(ledger.take_up_doubts().await, Ok(Vec::new()));
}

#[tokio::test]
async fn a_ledger_without_mails_is_brought_up_to_date() {
    let dir = Dir::new();
    let old = Connection::open(dir.file()).unwrap();
    old.execute_batch(include_str!("../migrations/0001.sql")).unwrap();
    old.execute_batch(include_str!("../migrations/0002.sql")).unwrap();
    old.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('activations', 41)", []).unwrap();
    old.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
    old.pragma_update(None, "user_version", 2).unwrap();
    old.pragma_update(None, "journal_mode", "wal").unwrap();
    drop(old);
    assert_eq!(bought_mail(&dir.open().unwrap()).await.id, id(FIRST), "numbering goes on");
}

#[tokio::test]
async fn what_is_not_waited_for_any_longer_is_in_doubt() {
    let dir = Dir::new();
    let ledger = dir.open().unwrap();
    let settled = bought_mail(&ledger).await;
    let mail = ledger.intend_mail(of(order())).await.unwrap();
    let product = ledger.intend_product(of(ProductNumber(7))).await.unwrap();
    assert_eq!(ledger.give_up_waiting("stopped".into()).await, Ok(vec![mail, product]));
    let doubts = ledger.take_up_doubtful_goods().await.unwrap();
    let found: Vec<_> = doubts.iter().map(|doubt| (doubt.id, doubt.reason.as_str())).collect();
    assert_eq!(found, [(mail, "stopped"), (product, "stopped")]);
    assert_eq!(ledger.find_mail(settled.id).await, Ok(Some(settled)));
}
