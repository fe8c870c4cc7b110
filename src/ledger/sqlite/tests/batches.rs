//! Group commit: many at once, one transaction, and nobody suffers for a neighbour.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use rusqlite::Connection;

use super::*;

#[tokio::test]
async fn what_waits_together_is_committed_together() {
    let dir = Dir::new();
    let ledger = dir.open().unwrap();
    let (_caller, held) = hold(&ledger);
    let intents = join_all((0..100).map(|_| ledger.intend(intent())));
    let (ids, ()) = tokio::join!(intents, async move { drop(held) });
    let ids: BTreeSet<_> = ids.into_iter().map(Result::unwrap).collect();
    assert_eq!(ids.len(), 100);
    assert_eq!(ledger.transactions(), 1);
}

#[tokio::test]
async fn one_that_fails_leaves_nothing_and_harms_nobody() {
    let ledger = memory();
    let (_caller, held) = hold(&ledger);
    let good = || ledger.intend(intent());
    // Fails only after it has written something.
    let bad = ledger.writer.write(|connection| {
        connection.execute("UPDATE activations SET provider = 'spoiled'", [])?;
        connection.execute("INSERT INTO messages VALUES (1, 0, '', NULL, NULL, 0, NULL)", [])?;
        Ok(())
    });
    let (one, bad, refused, two, ()) =
        tokio::join!(good(), bad, ledger.settle(activation(id(1))), good(), async move { drop(held) });
    assert_eq!((one, two), (Ok(id(FIRST)), Ok(id(FIRST + 1))));
    assert!(matches!(bad, Err(LedgerError::Io { .. })), "{bad:?}");
    assert!(matches!(refused, Err(LedgerError::Conflict { .. })), "{refused:?}");
    assert_eq!(ledger.transactions(), 1);
    ledger.doubt(id(FIRST), String::new()).await.unwrap();
    assert_eq!(ledger.take_up_doubts().await.unwrap()[0].intent, intent());
}

#[tokio::test]
async fn when_the_transaction_is_lost_everybody_in_it_is_told() {
    let ledger = memory();
    let (_caller, held) = hold(&ledger);
    // As a full disk does.
    let lost = ledger.writer.write(|connection| Ok(connection.execute_batch("ROLLBACK")?));
    let (one, lost, two, ()) =
        tokio::join!(ledger.intend(intent()), lost, ledger.intend(intent()), async move { drop(held) });
    for told in [one.map(drop), lost, two.map(drop)] {
        assert!(matches!(told, Err(LedgerError::Io { .. })), "{told:?}");
    }
    assert_eq!(ledger.intend(intent()).await, Ok(id(FIRST)), "and the next one finds it in order");
}

#[tokio::test]
async fn what_cannot_be_committed_is_not_claimed() {
    let ledger = memory();
    // Passes as a statement and fails at the commit.
    let broken = ledger.writer.write(|connection: &Connection| {
        connection.pragma_update(None, "defer_foreign_keys", true)?;
        connection.execute("INSERT INTO messages VALUES (1, 0, '', NULL, NULL, 0, NULL)", [])?;
        Ok(())
    });
    let (_caller, held) = hold(&ledger);
    let (intended, broken, ()) = tokio::join!(ledger.intend(intent()), broken, async move { drop(held) });
    assert!(matches!(broken, Err(LedgerError::Io { .. })), "{broken:?}");
    assert!(matches!(intended, Err(LedgerError::Io { .. })), "{intended:?}");
    assert_eq!(ledger.intend(intent()).await, Ok(id(FIRST)));
}

#[tokio::test]
async fn a_caller_that_goes_away_is_written_for() {
    let ledger = memory();
    let it = activation(ledger.intend(intent()).await.unwrap());
    let (_caller, held) = hold(&ledger);
    let mut settle = ledger.settle(it.clone());
    assert!(settle.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    drop(settle);
    drop(held);
    assert_eq!(stored(&ledger, it.id).await, it);
}
