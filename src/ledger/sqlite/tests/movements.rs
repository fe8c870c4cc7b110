//! What moved the money of an account, by which doubts are settled.

use super::*;
use crate::domain::{Currency, Rent, Sms};
use crate::ledger::{Doubts, Movement};

fn main() -> String {
    "main".into()
}

fn rub(amount: &str) -> Option<Money> {
    Some(Money::rub(amount.parse().unwrap()))
}

async fn of_main(ledger: &SqliteLedger, since: Timestamp) -> Vec<Movement> {
    let mut numbers = ledger.movements(main(), since).await.unwrap().numbers;
    numbers.sort_by_key(|one| (one.bought, one.ended, one.price.map(|price| price.amount), one.count));
    numbers
}

#[tokio::test]
async fn what_is_alike_is_counted_together_and_nothing_twice() {
    let ledger = memory();
    for _ in 0..3 {
        bought(&ledger, |it| (it.price, it.bought_at) = (rub("5.50"), at(20))).await;
    }
    bought(&ledger, |it| (it.price, it.bought_at) = (rub("7"), at(20))).await;
    let dollars = Money { amount: "5.50".parse().unwrap(), currency: Currency::USD };
    bought(&ledger, |it| (it.price, it.bought_at) = (Some(dollars), at(20))).await;
    bought(&ledger, |it| (it.price, it.bought_at) = (rub("5.50"), at(10))).await;
    bought(&ledger, |it| (it.provider, it.bought_at) = ("other".into(), at(20))).await;
    let end = |it: &mut Activation| (it.price, it.state) = (rub("5.50"), State::Cancelled);
    let mut early = bought(&ledger, |it| (it.price, it.bought_at) = (rub("5.50"), at(10))).await;
    end(&mut early);
    ledger.update(early).await.unwrap();
    let mut late = bought(&ledger, |it| (it.price, it.bought_at) = (rub("5.50"), at(20))).await;
    end(&mut late);
    ledger.update(late).await.unwrap();

    let one = |count, price, bought, ended, state| Movement { count, price, bought, ended, state };
    // The clock stands at 0, when both ended.
    assert_eq!(
        of_main(&ledger, at(-1)).await.iter().map(|one| one.count).sum::<u64>(),
        8,
        "each of the main seller's once"
    );
    let after = of_main(&ledger, at(10)).await;
    let waiting = |count, price| one(count, price, true, false, State::Waiting);
    let ended_before = one(1, rub("5.50"), true, false, State::Cancelled);
    for expected in [waiting(3, rub("5.50")), waiting(1, rub("7")), waiting(1, Some(dollars)), ended_before] {
        assert!(after.contains(&expected), "{expected:?} in {after:?}");
    }
    assert_eq!(after.len(), 4, "{after:?}");
    assert_eq!(of_main(&ledger, at(20)).await, []);
}

#[tokio::test]
async fn an_end_moves_as_a_purchase_does() {
    let ledger = memory();
    let mut it = bought(&ledger, |it| it.bought_at = at(-50)).await;
    assert!(ledger.has_moved(main(), at(-51)).await.unwrap());
    assert!(!ledger.has_moved(main(), at(-50)).await.unwrap());
    assert!(!ledger.has_moved("other".into(), at(-51)).await.unwrap());
    it.state = State::Finished;
    ledger.update(it).await.unwrap();
    assert!(ledger.has_moved(main(), at(-1)).await.unwrap());
    let ended = Movement { count: 1, price: None, bought: false, ended: true, state: State::Finished };
    assert_eq!(of_main(&ledger, at(-1)).await, [ended]);
    assert!(!ledger.has_moved(main(), at(0)).await.unwrap());
}

#[tokio::test]
async fn a_refund_is_awaited_of_what_has_no_message_or_is_about_to_be_cancelled() {
    let ledger = memory();
    let awaits = async |seller: &str| ledger.awaits_refund(seller.into()).await.unwrap();
    let mut it = bought(&ledger, |_| ()).await;
    assert!(awaits("main").await && !awaits("other").await);
    (it.state, it.messages) = (State::Received, vec![Sms::of_code("1", at(5))]);
    ledger.update(it.clone()).await.unwrap();
    assert!(!awaits("main").await);
    it.state = State::Cancelling;
    ledger.update(it.clone()).await.unwrap();
    assert!(awaits("main").await);
    it.state = State::Cancelled;
    ledger.update(it).await.unwrap();
    assert!(!awaits("main").await);
}

#[tokio::test]
async fn more_time_is_told_from_other_purchases() {
    let ledger = memory();
    let prolonged = async |since| ledger.was_prolonged(main(), since).await.unwrap();
    let terms = |prolongs| Some(Rent { hours: 4, webhook: None, prolongs });
    let it = bought(&ledger, |it| (it.rent, it.bought_at) = (terms(None), at(10))).await;
    assert!(!prolonged(at(0)).await);
    bought(&ledger, |more| {
        (more.rent, more.bought_at, more.state) = (terms(Some(it.id)), at(12), State::Finished);
    })
    .await;
    assert!(prolonged(at(12)).await && !prolonged(at(13)).await);
}
