//! What nobody received is remembered until somebody has it, and what purchases cost is told of those that cost.

use super::*;
use crate::domain::{Mail, MailKind, MailOrder, MailState};
use crate::ledger::{Charges, Goods, GoodsIntent, Kept};

async fn unmet(ledger: &SqliteLedger) -> Vec<(ActivationId, Timestamp)> {
    let all = ledger.unmet().await.unwrap();
    all.iter().map(|one| (one.activation.id, one.until)).collect()
}

#[tokio::test]
async fn what_nobody_received_is_kept_across_a_restart_with_its_wish_until_it_is_let_go() {
    let dir = Dir::new();
    let ledger = dir.open().unwrap();
    let wish = Intent { order: Order { forward: true, ..intent().order }, ..intent() };
    let ids = ledger.intend_all(vec![wish.clone(), wish.clone()]).await.unwrap();
    let parts: Vec<_> = ids.iter().map(|id| activation(*id)).collect();
    ledger.settle_unmet(parts.clone(), at(60)).await.unwrap();
    let met = bought(&ledger, |_| {}).await;
    drop(ledger);

    let ledger = dir.open().unwrap();
    let all = ledger.unmet().await.unwrap();
    assert_eq!(all.iter().map(|one| &one.activation).collect::<Vec<_>>(), parts.iter().collect::<Vec<_>>());
    assert!(all.iter().all(|one| one.intent == wish && one.until == at(60)));
    ledger.let_go(ids).await.unwrap();
    ledger.keep(vec![met.id], at(70)).await.unwrap();
    assert_eq!(unmet(&ledger).await, [(met.id, at(70))]);
}

#[tokio::test]
async fn what_cannot_be_settled_is_not_kept_either() {
    let ledger = memory();
    let id = ledger.intend(intent()).await.unwrap();
    ledger.release(id, "no".into()).await.unwrap();
    assert!(ledger.settle_unmet(vec![activation(id)], at(60)).await.is_err());
    assert_eq!(unmet(&ledger).await, []);
}

#[tokio::test]
async fn what_has_ended_is_kept_for_nobody() {
    let ledger = memory();
    let id = ledger.intend(intent()).await.unwrap();
    ledger.settle_unmet(vec![activation(id)], at(60)).await.unwrap();
    ledger.update(Activation { state: State::Cancelling, ..activation(id) }).await.unwrap();
    assert_eq!(unmet(&ledger).await, [(id, at(60))]);
    ledger.update(Activation { state: State::Cancelled, ..activation(id) }).await.unwrap();
    assert_eq!(unmet(&ledger).await, []);
}

#[tokio::test]
async fn charges_are_what_was_bought_and_not_cancelled_and_what_may_have_been() {
    let ledger = memory();
    let price = |amount: i64| Some(Money::rub(amount.into()));
    let kept = bought(&ledger, |one| one.price = price(5)).await;
    let cancelled = bought(&ledger, |one| one.price = price(6)).await;
    ledger.update(Activation { state: State::Cancelled, ..cancelled }).await.unwrap();
    let expired = bought(&ledger, |one| one.price = price(7)).await;
    ledger.update(Activation { state: State::Expired, ..expired.clone() }).await.unwrap();
    bought(&ledger, |one| one.bought_at = at(0)).await;
    let doubt = ledger.intend(Intent { at: at(1), ..intent() }).await.unwrap();
    ledger.doubt(doubt, "lost".into()).await.unwrap();
    ledger.intend(Intent { at: at(1), ..intent() }).await.unwrap();
    let wish = MailOrder { site: "s".into(), kind: MailKind::Zone, domain: "info".into(), again: None };
    let order = GoodsIntent { owner: intent().owner, provider: "main".into(), wish: wish.clone(), at: at(1) };
    let id = ledger.intend_mail(order).await.unwrap();
    let mail = Mail {
        id,
        owner: intent().owner,
        provider: "main".into(),
        upstream_id: "m".into(),
        order: wish,
        email: crate::domain::Email::parse("a@b.info").unwrap(),
        price: price(9),
        bought_at: at(1),
        state: MailState::Waiting,
        letter: None,
    };
    ledger.settle_mail(mail.clone()).await.unwrap();

    let told = async || {
        let charges = ledger.charges(at(1)).await.unwrap();
        let all = charges.into_iter().map(|charge| (charge.id, charge.amount, charge.expired));
        all.collect::<Vec<_>>()
    };
    let stake = intent().stake;
    let numbers = [(kept.id, price(5), false), (expired.id, price(7), true), (doubt, stake, false)];
    assert_eq!(told().await, [&numbers[..], &[(id, price(9), false)]].concat());
    ledger.update_mail(Mail { state: MailState::Cancelled, ..mail }).await.unwrap();
    assert_eq!(told().await, numbers);
}
