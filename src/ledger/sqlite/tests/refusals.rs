//! Purchases: their ids, their stages, and what is refused because it contradicts the ledger.

use super::*;
use crate::domain::{Operator, Sms};

fn conflict<T: std::fmt::Debug>(result: Result<T, LedgerError>) -> String {
    match result {
        Err(LedgerError::Conflict { reason, .. }) => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn ids_begin_at_the_seconds_since_2020_and_go_on() {
    let dir = Dir::new();
    let ledger = dir.open().unwrap();
    assert_eq!(ledger.intend(intent()).await, Ok(id(FIRST)));
    ledger.release(id(FIRST), "NO_NUMBERS".into()).await.unwrap();
    assert_eq!(ledger.intend(intent()).await, Ok(id(FIRST + 1)), "a released id is not given again");
    drop(ledger);
    assert_eq!(dir.open().unwrap().intend(intent()).await, Ok(id(FIRST + 2)));
}

#[tokio::test]
async fn no_id_is_too_large_for_clients() {
    let ledger = memory();
    let seq = i64::from(i32::MAX) - 1;
    let set = move |connection: &rusqlite::Connection| {
        Ok(connection.execute("UPDATE sqlite_sequence SET seq = ?1", [seq])?)
    };
    ledger.writer.write(set).await.unwrap();
    assert_eq!(ledger.intend(intent()).await, Ok(id(seq + 1)));
    for _ in 0..2 {
        let refused = ledger.intend(intent()).await.unwrap_err();
        assert!(matches!(&refused, LedgerError::Io { reason, .. } if reason.contains("no ids")), "{refused}");
    }
}

#[tokio::test]
async fn an_intent_is_not_an_activation() {
    let ledger = memory();
    let given = ledger.intend(intent()).await.unwrap();
    assert_eq!(ledger.find(given).await, Ok(None));
    let reason = conflict(ledger.update(activation(given)).await);
    assert!(reason.contains("never noted as bought"), "{reason}");
    ledger.release(given, "NO_NUMBERS".into()).await.unwrap();
    assert_eq!(ledger.find(given).await, Ok(None));
}

#[tokio::test]
async fn only_what_was_intended_is_settled_and_only_once() {
    let ledger = memory();
    assert!(conflict(ledger.settle(activation(id(5))).await).contains("never intended"));

    let mut it = bought(&ledger, |_| ()).await;
    it.state = State::Received;
    ledger.update(it.clone()).await.unwrap();
    ledger.settle(activation(it.id)).await.unwrap();
    assert_eq!(stored(&ledger, it.id).await, it, "settled again, it keeps its progress");
    let other = Activation { upstream_id: "other".into(), ..it.clone() };
    assert!(conflict(ledger.settle(other).await).contains("settled before"));
    assert!(conflict(ledger.release(it.id, "?".into()).await).contains("settled before"));
    assert!(conflict(ledger.doubt(it.id, "?".into()).await).contains("settled before"));
    assert_eq!(stored(&ledger, it.id).await, it);

    let released = ledger.intend(intent()).await.unwrap();
    ledger.release(released, "NO_NUMBERS".into()).await.unwrap();
    ledger.release(released, "NO_NUMBERS".into()).await.unwrap();
    assert!(conflict(ledger.settle(activation(released)).await).contains("released before"));
    assert!(conflict(ledger.doubt(released, "?".into()).await).contains("released before"));
}

#[tokio::test]
async fn nothing_leaves_a_final_state() {
    let ledger = memory();
    let mut it = bought(&ledger, |it| it.state = State::Cancelled).await;
    ledger.update(it.clone()).await.unwrap();
    it.state = State::Received;
    it.messages.push(Sms::of_code("1", at(5)));
    assert!(conflict(ledger.update(it.clone()).await).contains("cancelled"));
    let kept = stored(&ledger, it.id).await;
    assert_eq!((kept.state, kept.messages.len()), (State::Cancelled, 0));
}

#[tokio::test]
async fn doubts_are_those_noted_and_those_left_behind() {
    let dir = Dir::new();
    let ledger = dir.open().unwrap();
    let mut order = Order::new(Service::parse("vk").unwrap(), Country(187));
    order.operators = ["mts", "теле2"].map(|name| Operator::parse(name).unwrap()).into();
    order.max_price = Some("15.50".parse().unwrap());
    order.excluded = vec!["7900".into(), "7901".into()];
    order.forward = true;
    let left = Intent { order, ..intent() };
    let left_id = ledger.intend(left.clone()).await.unwrap();
    let noted_id = ledger.intend(intent()).await.unwrap();
    ledger.doubt(noted_id, "no answer: \"timeout\"".into()).await.unwrap();
    bought(&ledger, |_| ()).await;
    let doubts = ledger.take_up_doubts().await.unwrap();
    assert_eq!(doubts.len(), 1, "what this process intends is under way, not in doubt");
    assert_eq!((doubts[0].id, &*doubts[0].reason), (noted_id, "no answer: \"timeout\""));
    ledger.close().await;

    let ledger = dir.open().unwrap();
    let under_way = ledger.intend(intent()).await.unwrap();
    for _ in 0..2 {
        let doubts = ledger.take_up_doubts().await.unwrap();
        assert_eq!(doubts.iter().map(|doubt| doubt.id).collect::<Vec<_>>(), [left_id, noted_id]);
        assert_eq!(doubts[0].intent, left);
        assert!(doubts[0].reason.contains("ended before"), "{}", doubts[0].reason);
    }
    let (verification, free_price) = (true, true);
    let flags = Order { verification, free_price, ..intent().order };
    let flagged = ledger.intend(Intent { order: flags.clone(), ..intent() }).await.unwrap();
    ledger.doubt(flagged, String::new()).await.unwrap();

    ledger.settle(activation(left_id)).await.unwrap();
    ledger.release(noted_id, "not in the upstream's list".into()).await.unwrap();
    let doubts = ledger.take_up_doubts().await.unwrap();
    assert_eq!(doubts.len(), 1);
    assert_eq!((doubts[0].id, &doubts[0].intent.order), (flagged, &flags));
    assert_eq!(stored(&ledger, left_id).await, activation(left_id));
    ledger.settle(activation(under_way)).await.unwrap();
}
