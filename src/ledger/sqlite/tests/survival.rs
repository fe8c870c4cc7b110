//! What was answered stays: after closing, after dropping, after being killed.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use rusqlite::Connection;

use super::*;
use crate::clock::Clock;

/// Where the process that is to be killed keeps its ledger.
const VICTIM: &str = "SMSBRIDGE_TEST_LEDGER";

/// Not a test by itself: it buys until it is killed, and prints every id that it was given.
#[tokio::test]
#[ignore = "runs as the process that another test kills"]
async fn victim() {
    let Some(path) = std::env::var_os(VICTIM) else { return };
    let ledger = open(Path::new(&path)).unwrap();
    loop {
        let it = bought(&ledger, |_| ()).await;
        writeln!(std::io::stdout().lock(), "id {}", it.id).unwrap();
    }
}

#[tokio::test]
async fn what_a_process_claimed_is_there_after_it_was_killed() {
    let dir = Dir::new();
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "ledger::sqlite::tests::survival::victim", "--ignored", "--nocapture"])
        .env(VICTIM, dir.file())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(victim.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut ids = lines.filter_map(|line| ActivationId::parse(line.strip_prefix("id ")?));
    let mut claimed: Vec<_> = ids.by_ref().take(20).collect();
    assert!(matches!(dir.open(), Err(LedgerError::InUse(_))));
    victim.kill().unwrap();
    victim.wait().unwrap();
    claimed.extend(ids);

    let ledger = dir.open().unwrap();
    assert!(claimed.len() >= 20);
    for id in claimed {
        assert_eq!(stored(&ledger, id).await, activation(id));
    }
}

#[tokio::test]
async fn a_killed_process_loses_nothing_that_was_answered() {
    let dir = Dir::new();
    let ledger = dir.open().unwrap();
    let it = bought(&ledger, |_| ()).await;
    let left = ledger.intend(intent()).await.unwrap();
    // The files as they are at this moment are what a kill leaves.
    let after = Dir::new();
    for suffix in ["", "-wal"] {
        let [from, to] = [&dir, &after].map(|dir| super::super::address::beside(&dir.file(), suffix));
        std::fs::copy(from, to).unwrap();
    }
    std::mem::forget(ledger);

    let ledger = after.open().unwrap();
    assert_eq!(stored(&ledger, it.id).await, it);
    assert_eq!(ledger.take_up_doubts().await.unwrap()[0].id, left);
    assert_eq!(ledger.intend(intent()).await, Ok(id(left.get() + 1)));
}

#[tokio::test]
async fn dropping_it_keeps_everything_in_the_file_alone() {
    let dir = Dir::new();
    let ledger = dir.open().unwrap();
    let it = bought(&ledger, |_| ()).await;
    drop(ledger);
    let mut left: Vec<_> =
        std::fs::read_dir(dir.0.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["ledger.db", "ledger.db.lock"]);
    assert_eq!(stored(&dir.open().unwrap(), it.id).await, it);
}

#[tokio::test]
async fn closing_empties_the_log_even_while_somebody_looks_on() {
    let dir = Dir::new();
    let ledger = dir.open().unwrap();
    bought(&ledger, |_| ()).await;
    let onlooker = Connection::open(dir.file()).unwrap();
    onlooker.query_row("SELECT count(*) FROM activations", [], |_| Ok(())).unwrap();
    ledger.close().await;
    let log = super::super::address::beside(&dir.file(), "-wal");
    assert_eq!(std::fs::metadata(log).unwrap().len(), 0);
}

#[tokio::test]
async fn closing_does_first_what_was_asked_before() {
    let dir = Dir::new();
    let ledger = dir.open().unwrap();
    let it = activation(ledger.intend(intent()).await.unwrap());
    let (_caller, held) = hold(&ledger);
    let (settled, (), ()) =
        tokio::join!(ledger.settle(it.clone()), ledger.close(), async move { drop(held) });
    settled.unwrap();
    assert_eq!(stored(&dir.open().unwrap(), it.id).await, it);
}

#[tokio::test]
async fn a_closed_ledger_says_so_and_can_be_closed_again() {
    for ledger in [memory(), Dir::new().open().unwrap()] {
        ledger.close().await;
        ledger.close().await;
        let closed = Err(LedgerError::Io { path: ledger.place(), reason: "it is closed".into() });
        assert_eq!(ledger.intend(intent()).await, closed);
        assert_eq!(ledger.find(id(1)).await.map(|_| id(1)), closed);
        assert_eq!(ledger.release(id(1), String::new()).await.map(|()| id(1)), closed);
    }
}

#[tokio::test]
async fn reading_waits_for_no_writer() {
    let dir = Dir::new();
    let ledger = dir.open().unwrap();
    let it = bought(&ledger, |_| ()).await;
    let (_caller, held) = hold(&ledger);
    assert_eq!(stored(&ledger, it.id).await, it);
    drop(held);
}

#[tokio::test]
async fn an_end_is_dated_once() {
    let clock = MovableClock::standing();
    let ledger = SqliteLedger::open("sqlite::memory:", clock.clone()).unwrap();
    let mut it = activation(ledger.intend(intent()).await.unwrap());
    ledger.settle(it.clone()).await.unwrap();
    assert_eq!(ended_at(&ledger, it.id).await, Ok(None));
    let now = clock.now().as_millisecond();
    it.state = State::Cancelled;
    ledger.update(it.clone()).await.unwrap();
    clock.advance(std::time::Duration::from_secs(60));
    ledger.update(it.clone()).await.unwrap();
    assert_eq!(ended_at(&ledger, it.id).await, Ok(Some(now)));
}

async fn ended_at(ledger: &SqliteLedger, id: ActivationId) -> Result<Option<i64>, LedgerError> {
    let look = move |connection: &Connection| {
        let query = "SELECT ended_at FROM activations WHERE id = ?1";
        Ok(connection.query_row(query, [id.get()], |row| row.get(0))?)
    };
    ledger.writer.write(look).await
}

#[tokio::test]
async fn what_is_not_waited_for_any_longer_is_in_doubt_and_can_still_be_noted() {
    let dir = Dir::new();
    let ledger = dir.open().unwrap();
    let bought = bought(&ledger, |_| ()).await;
    let [late, lost, not_made] = {
        let ids = ledger.intend_all(vec![intent(), intent(), intent()]).await.unwrap();
        [ids[0], ids[1], ids[2]]
    };
    ledger.doubt(lost, "the answer was lost".into()).await.unwrap();
    assert_eq!(ledger.give_up_waiting("stopped".into()).await, Ok(vec![late, not_made]));
    assert_eq!(ledger.give_up_waiting("stopped".into()).await, Ok(Vec::new()));
    let doubts = ledger.take_up_doubts().await.unwrap();
    let reasons: Vec<_> = doubts.iter().map(|doubt| (doubt.id, doubt.reason.as_str())).collect();
    assert_eq!(reasons, [(late, "stopped"), (lost, "the answer was lost"), (not_made, "stopped")]);
    // The answers came after all.
    ledger.settle(activation(late)).await.unwrap();
    ledger.release(not_made, "no stock".into()).await.unwrap();
    assert_eq!(stored(&ledger, late).await, activation(late));
    assert_eq!(stored(&ledger, bought.id).await, bought);
    assert_eq!(ledger.take_up_doubts().await.unwrap().len(), 1);
}
