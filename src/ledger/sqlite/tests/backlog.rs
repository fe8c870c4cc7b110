//! What is left to be done is counted from the rows, and a probe reaches the disk.

use std::sync::Arc;

use rusqlite::Connection;

use super::super::backlog::DOUBTS;
use super::{Dir, activation, at, bought, intent, memory};
use crate::domain::{MailKind, MailOrder, Sms};
use crate::ledger::{Goods, GoodsIntent, Ledger, Outbox, Stake};
use crate::metrics::{Census, Metrics};

#[tokio::test]
async fn what_is_in_doubt_or_to_be_sent_is_left_and_nothing_else() {
    let ledger = memory();
    assert_eq!(ledger.backlog().await.unwrap(), Default::default());
    ledger.intend(intent()).await.unwrap();
    let settled = ledger.intend(intent()).await.unwrap();
    ledger.doubt(settled, "no answer".into()).await.unwrap();
    ledger.settle(activation(settled)).await.unwrap();
    let doubt = ledger.intend(intent()).await.unwrap();
    ledger.doubt(doubt, "no answer".into()).await.unwrap();
    let wish =
        MailOrder { site: "a.example".into(), kind: MailKind::Zone, domain: "com".into(), again: None };
    let mail = GoodsIntent { owner: intent().owner, provider: "other".into(), wish, at: at(0) };
    let mail = ledger.intend_mail(mail).await.unwrap();
    ledger.doubt_goods(mail, "no answer".into()).await.unwrap();
    let mut it = bought(&ledger, |_| ()).await;
    it.messages.push(Sms::of_code("1", at(5)));
    let urls = vec!["http://a.example".into(), "http://b.example".into()];
    ledger.update_and_queue(it, Outbox { urls, at: at(5) }).await.unwrap();
    let left = ledger.backlog().await.unwrap();
    let stake = |provider: &str, price| Stake { provider: provider.into(), price };
    let doubts = vec![stake("main", intent().stake), stake("other", None)];
    assert_eq!((left.deliveries, left.doubts), (2, doubts));
}

#[tokio::test]
async fn doubts_are_found_without_reading_every_purchase() {
    let dir = Dir::new();
    dir.open().unwrap().close().await;
    let connection = Connection::open(dir.file()).unwrap();
    let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {DOUBTS}")).unwrap();
    let steps = plan.query_map([], |row| row.get::<_, String>(3)).unwrap();
    let steps: Vec<String> = steps.map(Result::unwrap).filter(|step| !step.contains("UNION")).collect();
    let looks: Vec<_> = steps.iter().filter(|step| step.contains("_undecided")).collect();
    assert!(looks.len() == 3 && !steps.iter().any(|step| step.starts_with("SCAN activations")), "{steps:?}");
}

#[tokio::test]
async fn a_probe_reaches_the_disk_and_changes_nothing() {
    let dir = Dir::new();
    let ledger = dir.open().unwrap();
    let it = bought(&ledger, |_| ()).await;
    let log = dir.file().with_file_name("ledger.db-wal");
    let before = std::fs::metadata(&log).unwrap().len();
    ledger.probe().await.unwrap();
    assert!(std::fs::metadata(&log).unwrap().len() > before, "nothing was written");
    assert_eq!(ledger.find(it.id).await.unwrap(), Some(it));
    ledger.close().await;
    dir.open().unwrap().close().await;
}

#[tokio::test]
async fn writes_and_failures_are_counted_and_refusals_are_neither() {
    let (ledger, metrics) = (memory(), Metrics::new([], []));
    ledger.count_writes(&Arc::clone(metrics.writes()));
    let id = ledger.intend(intent()).await.unwrap();
    ledger.release(id, "?".into()).await.unwrap();
    assert!(ledger.settle(activation(id)).await.is_err(), "it was released");
    ledger.close().await;
    assert!(ledger.probe().await.is_err(), "it is closed");
    let text = metrics.render(&Census::default());
    for line in ["smsbridge_ledger_write_duration_seconds_count 2", "smsbridge_ledger_write_failures_total 1"]
    {
        assert!(text.lines().any(|other| other == line), "{line}\n{text}");
    }
}
