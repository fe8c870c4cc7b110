//! A large ledger is looked at while it is used: what is damaged gets no order, and everything else is answered.

use std::io::{Seek, SeekFrom, Write};

use super::*;
use crate::ledger::sqlite::check::Check;

fn open_at_once(path: &Path) -> SqliteLedger {
    SqliteLedger::open_within(&format!("sqlite:{}", path.display()), MovableClock::standing(), 0).unwrap()
}

/// A ledger of several pages.
async fn filled(dir: &Dir) {
    let ledger = dir.open().unwrap();
    for _ in 0..200 {
        bought(&ledger, |_| ()).await;
    }
}

#[tokio::test]
async fn a_sound_one_takes_orders_once_it_was_looked_at() {
    let dir = Dir::new();
    filled(&dir).await;
    let ledger = open_at_once(&dir.file());
    assert!(ledger.check.is_some());
    assert_eq!(open_ones(&ledger).await.len(), 200);
    assert_eq!(ledger.intend(intent()).await.map(ActivationId::get), Ok(FIRST + 200));
    assert!(ledger.health().is_ok());
    ledger.close().await;
    assert!(dir.open().unwrap().check.is_none(), "a short one is looked at before it is used");
}

#[tokio::test]
async fn a_damaged_one_is_read_as_far_as_it_goes_and_takes_no_order() {
    let dir = Dir::new();
    filled(&dir).await;
    let length = std::fs::metadata(dir.file()).unwrap().len();
    let mut file = std::fs::OpenOptions::new().write(true).open(dir.file()).unwrap();
    file.seek(SeekFrom::Start(length - 4096)).unwrap();
    file.write_all(&[0xa5; 4096]).unwrap();
    drop(file);
    assert!(matches!(dir.open().err(), Some(LedgerError::Damaged { .. })));
    let ledger = open_at_once(&dir.file());
    assert!(matches!(ledger.intend(intent()).await, Err(LedgerError::Damaged { .. })));
    assert!(ledger.health().is_err());
}

#[tokio::test]
async fn an_order_waits_for_the_look() {
    let dir = Dir::new();
    filled(&dir).await;
    let mut ledger = open_at_once(&dir.file());
    ledger.check.as_ref().unwrap().over().await;
    let (done, endless) = Check::never_over(&dir.file());
    ledger.check = Some(endless);
    let mut order = Box::pin(ledger.intend(intent()));
    let mut context = Context::from_waker(Waker::noop());
    assert!(order.as_mut().poll(&mut context).is_pending());
    assert_eq!(open_ones(&ledger).await.len(), 200, "everything else goes on");
    assert!(order.as_mut().poll(&mut context).is_pending());
    done.send(true).unwrap();
    assert!(order.await.is_ok());
}

#[tokio::test]
async fn the_end_does_not_wait_for_the_look() {
    let dir = Dir::new();
    filled(&dir).await;
    let ledger = open_at_once(&dir.file());
    ledger.close().await;
    drop(ledger);
    assert_eq!(open_ones(&dir.open().unwrap()).await.len(), 200);
}
