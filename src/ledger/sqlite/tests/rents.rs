//! Rents, purchases of several parts, and ledgers that were written before there were any.

use rusqlite::Connection;

use super::*;
use crate::domain::{Origin, Rent, RentTerms, Sms};
use crate::ledger::HistoryQuery;
use crate::ledger::sqlite::schema::APPLICATION_ID;

fn rent(hours: u32) -> Option<Rent> {
    Some(Rent { hours, webhook: Some("https://shop.example/sms".into()), prolongs: None })
}

#[tokio::test]
async fn a_rent_is_kept_with_its_terms_and_whose_messages_it_took() {
    let dir = Dir::new();
    let ledger = dir.open().unwrap();
    let mut it = bought(&ledger, |it| it.rent = rent(4)).await;
    let service = Some(Service::parse("vk").unwrap());
    it.messages.push(Sms { service, ..Sms::of_code("1", at(7)) });
    ledger.update(it.clone()).await.unwrap();
    assert_eq!(stored(&ledger, it.id).await, it);
    assert_eq!(open_ones(&ledger).await, [it.clone()]);
    let everything = HistoryQuery { owner: it.owner.clone(), from: None, to: None, limit: 10 };
    assert_eq!(ledger.history(everything).await.unwrap(), [], "a rent is no activation");
}

#[tokio::test]
async fn more_time_is_a_purchase_of_its_own_and_moves_the_end_of_the_rent() {
    let ledger = memory();
    let it = bought(&ledger, |it| it.rent = rent(4)).await;
    let more = bought(&ledger, |more| {
        more.rent = Some(Rent { prolongs: Some(it.id), ..rent(24).unwrap() });
        more.expires_at = at(9000);
        more.state = State::Finished;
    })
    .await;
    assert_eq!(stored(&ledger, it.id).await.expires_at, at(9000));
    assert_eq!(open_ones(&ledger).await.len(), 1);
    // Said again after a crash, it stays as it was, and a shorter time takes nothing away.
    ledger.settle(more).await.unwrap();
    assert_eq!(stored(&ledger, it.id).await.expires_at, at(9000));
}

#[tokio::test]
async fn what_was_ordered_is_read_back() {
    let dir = Dir::new();
    let ledger = dir.open().unwrap();
    let terms = RentTerms { hours: 24, webhook: Some("https://shop.example/sms".into()) };
    let origins = [Origin::Shelf, Origin::Extra(id(5)), Origin::Additional(id(6)), Origin::Continued(id(7))];
    let orders = origins.map(|origin| Order { origin, rent: Some(terms.clone()), ..intent().order });
    let intents = orders.iter().map(|order| Intent { order: order.clone(), ..intent() }).collect();
    ledger.intend_all(intents).await.unwrap();
    drop(ledger);
    let doubts = dir.open().unwrap().take_up_doubts().await.unwrap();
    let found: Vec<_> = doubts.into_iter().map(|doubt| doubt.intent.order).collect();
    assert_eq!(found, orders);
}

#[tokio::test]
async fn the_parts_of_a_purchase_are_settled_together_or_not_at_all() {
    let ledger = memory();
    let ids = ledger.intend_all(vec![intent(), intent()]).await.unwrap();
    assert_eq!(ids, [id(FIRST), id(FIRST + 1)]);
    ledger.release(ids[1], "it was not bought".into()).await.unwrap();
    let parts: Vec<_> = ids.iter().map(|id| activation(*id)).collect();
    assert!(ledger.settle_all(parts).await.is_err());
    assert_eq!(ledger.find(ids[0]).await, Ok(None));
}

#[tokio::test]
async fn an_older_ledger_is_brought_up_to_date_with_all_that_is_in_it() {
    let dir = Dir::new();
    let old = Connection::open(dir.file()).unwrap();
    old.execute_batch(include_str!("../migrations/0001.sql")).unwrap();
    old.execute_batch(
        "INSERT INTO activations VALUES (41, 'settled', NULL, 'anna', 'main', 'tg', 0, '{}', 0, 'u41',
             '79991112233', NULL, '12.50', 'RUB', 0, 1200000, 'received', 0, '{}');
         INSERT INTO messages VALUES (41, 0, '1234', NULL, NULL, 0);",
    )
    .unwrap();
    old.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    old.pragma_update(None, "journal_mode", "wal").unwrap();
    drop(old);
    let ledger = dir.open().unwrap();
    let kept = stored(&ledger, id(41)).await;
    assert_eq!(
        (kept.state, kept.messages.len(), kept.rent, kept.unwanted),
        (State::Received, 1, None, false)
    );
    assert_eq!(ledger.intend(intent()).await, Ok(id(FIRST)), "numbering goes on");
}
