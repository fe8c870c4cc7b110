//! Who goes first, who waits too long, and who goes away.

use std::sync::Arc;

use super::{HELD, Paced};
use crate::harness::Books;

const BALANCE: &str = "action=getBalance";
const ORDER: &str = "action=getNumber&service=tg&country=0";

/// One call a second. The first two, a look at the prices and an order, are used up; gives the order's id.
async fn narrow(timeout: &str) -> (Paced, String) {
    let paced = Paced::with(&format!("rate_limit = \"1/s burst 2\"\ntimeout = \"{timeout}\"")).await;
    let (id, _) = paced.bridge.order("service=tg&country=0").await;
    (paced, id)
}

#[tokio::test]
async fn a_purchase_overtakes_polls_and_polls_overtake_lists() {
    let (paced, id) = narrow("1m").await;
    let before = paced.calls().len();
    let mut waiting = Vec::new();
    for (nth, query) in [BALANCE, &format!("action=getStatus&id={id}"), ORDER].into_iter().enumerate() {
        waiting.push(paced.ask(query));
        // Each comes after the one before it is known to wait.
        paced.log.says(HELD, nth + 1).await;
    }
    for nth in 1..=3 {
        paced.advance(1000);
        paced.asked(before + nth).await;
    }
    assert_eq!(paced.actions()[before..], ["getNumber", "getStatus", "getBalance"]);
    for answer in waiting {
        let answer = answer.await.unwrap();
        assert!(!answer.starts_with("ERROR"), "{answer}");
    }
}

#[tokio::test]
async fn a_purchase_that_cannot_go_in_time_is_refused_at_once_and_nothing_is_written_down_as_bought() {
    let paced = Paced::with("rate_limit = \"1/min\"\ntimeout = \"10s\"").await;
    paced.ask(BALANCE).await.unwrap();
    let refused = paced.bridge.get(ORDER).await;
    assert_eq!(refused.body, "ERROR_SQL");
    assert!(refused.header("x-smsbridge-detail").unwrap().contains("rate_limit of [provider.main]"));
    assert_eq!(paced.actions(), ["getBalance"]);
    let clock = paced.bridge.clock.clone();
    let home = Arc::into_inner(paced.bridge).unwrap().stop().await.unwrap();
    let books = Books::read(home.path(), &clock).await;
    assert_eq!((books.activations, books.doubts), (Vec::new(), Vec::new()));
}

#[tokio::test]
async fn who_is_overtaken_until_the_deadline_is_refused_then() {
    let (paced, _) = narrow("4s").await;
    let before = paced.calls().len();
    let overtaken = paced.ask(BALANCE);
    paced.log.says(HELD, 1).await;
    let mut orders = Vec::new();
    for nth in 0..2 {
        orders.push(paced.ask(&format!("{ORDER}&operator=any&ref={nth}")));
        paced.log.says(HELD, nth + 2).await;
    }
    for nth in 1..=2 {
        paced.advance(1000);
        paced.asked(before + nth).await;
    }
    assert_eq!(overtaken.await.unwrap(), "ERROR_SQL");
    assert_eq!(paced.actions()[before..], ["getNumber", "getNumber"]);
}

#[tokio::test]
async fn the_price_that_an_order_waits_for_overtakes_polls_and_lists() {
    let paced = Paced::with("rate_limit = \"1/s burst 2\"\ntimeout = \"1m\"\nlacks = \"maxPrice\"").await;
    let (id, _) = paced.bridge.order("service=tg&country=0").await;
    let before = paced.calls().len();
    let mut waiting = Vec::new();
    let capped = format!("{ORDER}&maxPrice=10");
    for (nth, query) in [BALANCE, &format!("action=getStatus&id={id}"), &capped].into_iter().enumerate() {
        waiting.push(paced.ask(query));
        paced.log.says(HELD, nth + 1).await;
    }
    paced.advance(1000);
    paced.asked(before + 1).await;
    paced.log.says(HELD, 4).await;
    for nth in 2..=4 {
        paced.advance(1000);
        paced.asked(before + nth).await;
    }
    assert_eq!(paced.actions()[before..], ["getPrices", "getNumber", "getStatus", "getBalance"]);
    for answer in waiting {
        let answer = answer.await.unwrap();
        assert!(!answer.starts_with("ERROR"), "{answer}");
    }
}
