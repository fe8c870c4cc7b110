//! Messages that addresses have still to get: noted with the message, in order, and until they are closed.

use super::{Dir, activation, at, bought, memory};
use crate::domain::{Activation, Sms, State};
use crate::ledger::sqlite::SqliteLedger;
use crate::ledger::{Delivery, DueQuery, Ledger, Outbox};

const ALL: DueQuery = DueQuery { now: jiff::Timestamp::MAX, per_address: 100, limit: 100 };

fn outbox(urls: &[&str]) -> Outbox {
    Outbox { urls: urls.iter().map(|url| (*url).to_owned()).collect(), at: at(5) }
}

/// One more message for an activation, which is sent to these.
async fn message(ledger: &SqliteLedger, activation: &mut Activation, urls: &[&str]) {
    activation.state = State::Received;
    activation.messages.push(Sms::of_code("1234", at(5)));
    ledger.update_and_queue(activation.clone(), outbox(urls)).await.unwrap();
}

async fn due(ledger: &SqliteLedger, query: DueQuery) -> Vec<Delivery> {
    ledger.due_deliveries(query).await.unwrap()
}

fn places(due: &[Delivery]) -> Vec<(i64, &str, usize)> {
    due.iter().map(|one| (one.activation.get(), one.url.as_str(), one.seq)).collect()
}

#[tokio::test]
async fn a_message_is_queued_once_for_each_address() {
    let ledger = memory();
    let mut it = bought(&ledger, |_| ()).await;
    let id = it.id.get();
    message(&ledger, &mut it, &["a", "b"]).await;
    ledger.update_and_queue(it.clone(), outbox(&["a", "b", "c"])).await.unwrap();
    let due = due(&ledger, ALL).await;
    assert_eq!(places(&due), [(id, "a", 0), (id, "b", 0)]);
    assert_eq!((due[0].queued_at, due[0].tries), (at(5), 0));
    assert!(!format!("{due:?}").contains("\"a\""), "an address may hold a secret");
}

#[tokio::test]
async fn what_is_refused_queues_nothing() {
    let ledger = memory();
    let mut it = bought(&ledger, |_| ()).await;
    it.state = State::Finished;
    ledger.update(it.clone()).await.unwrap();
    it.state = State::Received;
    it.messages.push(Sms::of_code("1234", at(5)));
    assert!(ledger.update_and_queue(it, outbox(&["a"])).await.is_err());
    let unknown = activation(super::id(7));
    assert!(ledger.update_and_queue(unknown, outbox(&["a"])).await.is_err());
    assert_eq!(due(&ledger, ALL).await, []);
}

#[tokio::test]
async fn the_second_message_waits_for_the_first_one_at_each_address() {
    let ledger = memory();
    let mut it = bought(&ledger, |_| ()).await;
    let id = it.id.get();
    message(&ledger, &mut it, &["a", "b"]).await;
    message(&ledger, &mut it, &["a", "b"]).await;
    let first = due(&ledger, ALL).await;
    assert_eq!(places(&first), [(id, "a", 0), (id, "b", 0)]);
    ledger.close_delivery(first[0].clone()).await.unwrap();
    let tried = Delivery { tries: 1, ..first[1].clone() };
    ledger.postpone(tried, at(60)).await.unwrap();
    let soon = due(&ledger, DueQuery { now: at(59), ..ALL }).await;
    assert_eq!(places(&soon), [(id, "a", 1)]);
    let later = due(&ledger, DueQuery { now: at(60), ..ALL }).await;
    assert_eq!(places(&later), [(id, "a", 1), (id, "b", 0)]);
    assert_eq!(later[1].tries, 1);
}

#[tokio::test]
async fn an_address_with_much_to_get_does_not_crowd_out_another() {
    let ledger = memory();
    for _ in 0..5 {
        let mut it = bought(&ledger, |_| ()).await;
        message(&ledger, &mut it, &["a"]).await;
    }
    let mut last = bought(&ledger, |_| ()).await;
    message(&ledger, &mut last, &["b"]).await;
    let urls = |due: &[Delivery]| due.iter().map(|one| one.url.clone()).collect::<Vec<_>>();
    assert_eq!(urls(&due(&ledger, DueQuery { per_address: 2, ..ALL }).await), ["a", "b", "a"]);
    assert_eq!(urls(&due(&ledger, DueQuery { limit: 2, ..ALL }).await), ["a", "b"]);
}

#[tokio::test]
async fn what_is_to_be_sent_outlives_the_process() {
    let dir = Dir::new();
    let ledger = dir.open().unwrap();
    let mut it = bought(&ledger, |_| ()).await;
    message(&ledger, &mut it, &["a"]).await;
    let tried = Delivery { tries: 3, ..due(&ledger, ALL).await.remove(0) };
    ledger.postpone(tried.clone(), at(60)).await.unwrap();
    ledger.close().await;
    drop(ledger);
    let ledger = dir.open().unwrap();
    assert_eq!(due(&ledger, ALL).await, std::slice::from_ref(&tried));
    ledger.close_delivery(tried).await.unwrap();
    assert_eq!(due(&ledger, ALL).await, []);
}

#[tokio::test]
async fn what_was_put_off_before_the_clock_was_set_back_is_due() {
    let ledger = memory();
    let mut it = bought(&ledger, |_| ()).await;
    message(&ledger, &mut it, &["a"]).await;
    let query = |second| DueQuery { now: at(second), ..ALL };
    let first = due(&ledger, query(5)).await.remove(0);
    ledger.postpone(first, at(3605)).await.unwrap();
    assert_eq!(due(&ledger, query(5)).await, [], "an hour is as long as it gets");
    assert_eq!(due(&ledger, query(-365 * 86_400)).await.len(), 1);
}
