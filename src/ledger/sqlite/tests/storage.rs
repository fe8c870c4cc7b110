//! A ledger whose file lets it down while it is open: no room, moved away, replaced, damaged.

use std::fs;

use rusqlite::Connection;

use super::*;

/// Lets the file grow by no page more, as a full disk does; 0 takes that back.
async fn room(ledger: &SqliteLedger, pages: Option<i64>) {
    let set = move |connection: &Connection| {
        let there: i64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0))?;
        let limit = pages.map_or(1_000_000, |more| there + more);
        Ok(connection.query_row(&format!("PRAGMA max_page_count = {limit}"), [], |_| Ok(()))?)
    };
    ledger.writer.read(set).await.unwrap();
}

fn reason<T: std::fmt::Debug>(result: Result<T, LedgerError>) -> String {
    match result {
        Err(LedgerError::Io { reason, .. }) => reason,
        other => panic!("{other:?}"),
    }
}

/// Writes intents until there is no room, and says why there is none.
async fn fill(ledger: &SqliteLedger) -> LedgerError {
    for _ in 0..1000 {
        if let Err(error) = ledger.intend(intent()).await {
            return error;
        }
    }
    panic!("there was room for everything");
}

#[tokio::test]
async fn a_full_disk_is_told_and_is_over_when_there_is_room() {
    let dir = Dir::new();
    let ledger = dir.open().unwrap();
    let it = bought(&ledger, |_| ()).await;
    assert_eq!(ledger.health(), Ok(()));
    room(&ledger, Some(0)).await;
    let full = fill(&ledger).await;
    assert!(reason::<()>(Err(full.clone())).contains("full; make room on its disk"), "{full}");
    assert_eq!(ledger.health(), Err(full));
    assert_eq!(stored(&ledger, it.id).await, it, "what is there is read");

    room(&ledger, None).await;
    assert!(ledger.health().is_err(), "nobody has written yet");
    assert_eq!(ledger.tidy().await, Ok(0));
    assert_eq!(ledger.health(), Ok(()), "it was tried");
    ledger.intend(intent()).await.unwrap();
}

#[tokio::test]
async fn what_contradicts_the_ledger_is_no_trouble_of_its_file() {
    let ledger = memory();
    assert!(ledger.settle(activation(id(5))).await.is_err());
    assert_eq!(ledger.health(), Ok(()));
}

#[cfg(unix)]
#[tokio::test]
async fn nothing_is_ordered_into_a_file_that_nobody_finds_again() {
    let dir = Dir::new();
    let ledger = dir.open().unwrap();
    let mut it = bought(&ledger, |_| ()).await;
    let elsewhere = dir.0.path().join("elsewhere.db");
    fs::rename(dir.file(), &elsewhere).unwrap();
    assert!(reason(ledger.intend(intent()).await).contains("moved or deleted"));
    assert!(reason(ledger.health()).contains("put it back"));
    // What is bought already is safest where it was.
    it.state = State::Received;
    ledger.update(it.clone()).await.unwrap();
    assert!(ledger.health().is_err());

    fs::copy(&elsewhere, dir.file()).unwrap();
    assert!(reason(ledger.intend(intent()).await).contains("another file"));
    fs::rename(&elsewhere, dir.file()).unwrap();
    ledger.intend(intent()).await.unwrap();
    assert_eq!(ledger.health(), Ok(()));
    ledger.close().await;
    assert_eq!(stored(&dir.open().unwrap(), it.id).await, it);
}

#[tokio::test]
async fn nothing_is_ordered_once_damage_was_seen() {
    let dir = Dir::new();
    let ledger = dir.open().unwrap();
    for _ in 0..400 {
        bought(&ledger, |it| it.state = State::Finished).await;
    }
    ledger.close().await;
    drop(ledger);
    let ledger = dir.open().unwrap();
    ledger.intend(intent()).await.unwrap();
    spoil(&dir.file());
    let mut found = None;
    for back in 0..400 {
        found = found.or(ledger.find(id(FIRST + back)).await.err());
    }
    assert!(matches!(found, Some(LedgerError::Damaged { .. })), "{found:?}");
    for _ in 0..2 {
        assert!(matches!(ledger.intend(intent()).await, Err(LedgerError::Damaged { .. })));
    }
    assert!(ledger.health().is_err());
}

/// Overwrites the second half of a file in place.
fn spoil(file: &Path) {
    use std::io::{Seek, SeekFrom, Write};
    let length = fs::metadata(file).unwrap().len();
    let mut file = fs::OpenOptions::new().write(true).open(file).unwrap();
    file.seek(SeekFrom::Start(length / 2 / 4096 * 4096)).unwrap();
    file.write_all(&vec![0xa5; usize::try_from(length / 2).unwrap()]).unwrap();
}

#[cfg(unix)]
#[test]
fn a_file_with_two_names_is_refused_by_both() {
    let dir = Dir::new();
    drop(dir.open().unwrap());
    let link = dir.0.path().join("link.db");
    fs::hard_link(dir.file(), &link).unwrap();
    for name in [&dir.file(), &link] {
        assert!(reason(open(name).map(|_| ())).contains("another name (a hard link)"));
    }
    fs::remove_file(link).unwrap();
    dir.open().unwrap();
}

fn open_with(dir: &Dir, clock: &std::sync::Arc<MovableClock>) -> SqliteLedger {
    SqliteLedger::open(&format!("sqlite:{}", dir.file().display()), clock.clone()).unwrap()
}

#[tokio::test]
async fn a_restored_copy_does_not_give_ids_again_and_no_clock_makes_one_do_so() {
    let (dir, clock) = (Dir::new(), MovableClock::standing());
    let given = open_with(&dir, &clock).intend(intent()).await.unwrap();
    clock.advance(std::time::Duration::from_secs(1000));
    let next = open_with(&dir, &clock).intend(intent()).await.unwrap();
    assert_eq!(next.get(), given.get() + 1000, "as many as may have been given since");
    clock.set(jiff::SignedDuration::from_hours(-24 * 365 * 5));
    let ledger = open_with(&dir, &clock);
    assert_eq!(ledger.intend(intent()).await.unwrap().get(), next.get() + 1);
    drop(ledger);
    clock.set(jiff::SignedDuration::from_hours(24 * 365 * 90));
    let ledger = open_with(&dir, &clock);
    assert_eq!(ledger.intend(intent()).await.unwrap().get(), next.get() + 2, "ids are not used up");
}
