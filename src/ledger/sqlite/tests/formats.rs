//! From format 4 to format 5: with everything that is in it, or not at all.

use std::fs;

use rusqlite::Connection;

use super::*;
use crate::ledger::Goods;
use crate::ledger::sqlite::address::beside;
use crate::ledger::sqlite::schema::{APPLICATION_ID, FORMAT};

/// A ledger as the program wrote it that knew format 4.
fn of_format_4(dir: &Dir, more: &str) -> Connection {
    let old = Connection::open(dir.file()).unwrap();
    for step in [
        include_str!("../migrations/0001.sql"),
        include_str!("../migrations/0002.sql"),
        include_str!("../migrations/0003.sql"),
        include_str!("../migrations/0004.sql"),
    ] {
        old.execute_batch(step).unwrap();
    }
    old.execute_batch(
        "INSERT INTO activations
             (id, stage, owner, provider, service, country, wish, intended_at, upstream_id, phone, price, currency,
              bought_at, expires_at, state, asked_at, extra, rent, unwanted)
         VALUES
             (41, 'settled', 'anna', 'main', 'tg', 0, '{}', 0, 'u41', '79991112233', '12.50', 'RUB',
              1577836800000, 1577838000000, 'finished', 0, '{}', NULL, 0),
             (42, 'settled', 'anna', 'main', 'vk', 0, '{}', 0, 'u42', '79991112244', NULL, NULL,
              1577836800000, 1577923200000, 'received', 0, '{}', '{\"hours\":24}', 0);
         INSERT INTO activations (id, stage, reason, owner, provider, service, country, wish, intended_at)
         VALUES (43, 'unknown', 'lost', 'anna', 'main', 'tg', 0,
             '{\"operators\":[],\"max_price\":null,\"excluded\":[],\"forward\":false,\"verification\":false,
               \"free_price\":false,\"use_cashback\":false,\"detailed\":false}', 1577836800000);
         INSERT INTO messages VALUES (41, 0, '1234', NULL, NULL, 1577836860000, NULL);
         INSERT INTO messages VALUES (42, 0, '5678', 'Code 5678', 'VK', 1577836860000, 'vk');
         INSERT INTO deliveries VALUES (42, 'https://shop.example/sms', 0, 1577836860000, 1577836860000, 2);
         INSERT INTO mails VALUES (44, 'settled', NULL, 'anna', 'main', 0, 'apple.com', 'zone', 'info', NULL, 'm44',
             'box@a.info', '2.50', 'RUB', 1577836800000, 'received', '9876', NULL);
         INSERT INTO products VALUES (45, 'settled', NULL, 'anna', 'main', 0, 7, NULL, NULL, 1577836800000, 'F5', 'm');
         UPDATE sqlite_sequence SET seq = 45;",
    )
    .unwrap();
    old.execute_batch(more).unwrap();
    old.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
    old.pragma_update(None, "user_version", 4).unwrap();
    old.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).unwrap();
    old
}

async fn check(dir: &Dir) {
    let ledger = dir.open().unwrap();
    let (used, rent) = (stored(&ledger, id(41)).await, stored(&ledger, id(42)).await);
    assert_eq!((used.state, used.messages.len()), (State::Finished, 1));
    assert_eq!(used.price, Some(Money::rub("12.50".parse().unwrap())));
    assert_eq!((rent.rent.unwrap().hours, rent.messages[0].text.as_deref()), (24, Some("Code 5678")));
    let doubts = ledger.take_up_doubts().await.unwrap();
    assert_eq!(
        doubts.iter().map(|doubt| (doubt.id, doubt.intent.stake)).collect::<Vec<_>>(),
        [(id(43), None)]
    );
    let due = crate::ledger::DueQuery { now: at(0), per_address: 9, limit: 9 };
    assert_eq!(ledger.due_deliveries(due).await.unwrap()[0].tries, 2);
    assert_eq!(ledger.find_mail(id(44)).await.unwrap().unwrap().letter.unwrap().value, "9876");
    assert_eq!(ledger.find_product(id(45)).await.unwrap().unwrap().bought.key, "F5");
    assert_eq!(ledger.intend(intent()).await, Ok(id(FIRST)));
    ledger.close().await;
    drop(ledger);
    let format: i64 =
        Connection::open(dir.file()).unwrap().query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    assert_eq!(format, FORMAT);
}

#[tokio::test]
async fn a_ledger_of_format_4_keeps_everything() {
    let dir = Dir::new();
    drop(of_format_4(&dir, ""));
    check(&dir).await;
}

#[tokio::test]
async fn a_step_that_was_cut_off_is_taken_again() {
    const MANY: &str = "WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
        INSERT INTO activations (id, stage, owner, provider, service, country, wish, intended_at)
        SELECT i, 'released', 'anna', 'main', 'tg', 0, '{}', 0 FROM n;
        UPDATE sqlite_sequence SET seq = 4000;";
    let (running, dir) = (Dir::new(), Dir::new());
    let old = of_format_4(&running, MANY);
    old.pragma_update(None, "cache_size", 2).unwrap();
    old.execute_batch("BEGIN").unwrap();
    old.execute_batch(include_str!("../migrations/0005.sql")).unwrap();
    // So much of the step is in the log already, and its end is not.
    old.execute_batch("UPDATE activations SET ended_at = 1 WHERE stage = 'released'").unwrap();
    for suffix in ["", "-wal"] {
        fs::copy(beside(&running.file(), suffix), beside(&dir.file(), suffix)).unwrap();
    }
    assert!(fs::metadata(beside(&dir.file(), "-wal")).unwrap().len() > 100_000);
    check(&dir).await;
}
