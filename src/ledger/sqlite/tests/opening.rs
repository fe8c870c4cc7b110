//! Which files are opened, which are refused, and that a refused file is left as it was.

use std::fs;

use rusqlite::Connection;

use super::*;
use crate::ledger::sqlite::address::beside;
use crate::ledger::sqlite::schema::FORMAT;

/// The file and its log, byte for byte.
fn bytes(dir: &Dir) -> [Option<Vec<u8>>; 2] {
    ["", "-wal"].map(|suffix| fs::read(beside(&dir.file(), suffix)).ok())
}

/// What opening says; the file must be as before.
fn refused(dir: &Dir) -> LedgerError {
    let before = bytes(dir);
    let error = dir.open().err().expect("it must be refused");
    assert!(bytes(dir) == before, "the file was changed");
    assert!(dir.open().err().is_some(), "the first refusal changed something");
    error
}

fn damaged(dir: &Dir) -> String {
    match refused(dir) {
        LedgerError::Damaged { reason, .. } => reason,
        other => panic!("{other:?}"),
    }
}

fn unusable(dir: &Dir) -> String {
    match refused(dir) {
        LedgerError::Io { reason, .. } => reason,
        other => panic!("{other:?}"),
    }
}

/// A closed ledger with some pages.
async fn filled() -> Dir {
    let dir = Dir::new();
    let ledger = dir.open().unwrap();
    for _ in 0..100 {
        bought(&ledger, |_| ()).await;
    }
    ledger.close().await;
    dir
}

/// A ledger as a killed process leaves it: the last writes are in the log alone.
async fn killed() -> Dir {
    let (running, dir) = (Dir::new(), Dir::new());
    let ledger = running.open().unwrap();
    for _ in 0..100 {
        bought(&ledger, |_| ()).await;
    }
    for suffix in ["", "-wal"] {
        fs::copy(beside(&running.file(), suffix), beside(&dir.file(), suffix)).unwrap();
    }
    dir
}

#[tokio::test]
async fn a_ledger_has_one_process() {
    let dir = Dir::new();
    let ledger = dir.open().unwrap();
    let place = dir.file().display().to_string();
    assert_eq!(dir.open().err(), Some(LedgerError::InUse(place.clone())));
    assert_eq!(ledger.place(), place);
    ledger.close().await;
    drop(dir.open().unwrap());
    dir.open().unwrap();
}

#[cfg(unix)]
#[test]
fn another_name_of_the_same_file_is_the_same_ledger() {
    let dir = Dir::new();
    let _ledger = dir.open().unwrap();
    let link = dir.0.path().join("link.db");
    std::os::unix::fs::symlink(dir.file(), &link).unwrap();
    assert!(matches!(open(&link), Err(LedgerError::InUse(_))));
}

#[cfg(unix)]
#[test]
fn its_files_are_its_users_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = Dir::new();
    let _ledger = dir.open().unwrap();
    for suffix in ["", "-wal", "-shm", ".lock"] {
        let mode = fs::metadata(beside(&dir.file(), suffix)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{suffix}");
    }
}

#[tokio::test]
async fn a_newer_ledger_is_left_alone() {
    for dir in [filled().await, killed().await] {
        let newer = Connection::open(dir.file()).unwrap();
        newer.pragma_update(None, "user_version", 99).unwrap();
        drop(newer);
        let path = dir.file().display().to_string();
        assert_eq!(refused(&dir), LedgerError::Newer { path, found: 99, known: FORMAT });
    }
}

#[tokio::test]
async fn a_newer_format_that_is_still_in_the_log_is_seen() {
    let (running, dir) = (filled().await, Dir::new());
    let newer = Connection::open(running.file()).unwrap();
    newer.pragma_update(None, "user_version", 7).unwrap();
    for suffix in ["", "-wal"] {
        fs::copy(beside(&running.file(), suffix), beside(&dir.file(), suffix)).unwrap();
    }
    assert!(matches!(refused(&dir), LedgerError::Newer { found: 7, .. }));
}

#[tokio::test]
async fn what_is_no_ledger_is_left_alone() {
    let dir = Dir::new();
    for (text, reason) in [("hello", "not an SQLite file"), ("SQLite format 3\0", "cut off")] {
        fs::write(dir.file(), text).unwrap();
        assert!(damaged(&dir).contains(reason));
    }
    let noise: Vec<u8> = (0..20_000u32).map(|i| i.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
    fs::write(dir.file(), noise).unwrap();
    assert!(damaged(&dir).contains("not an SQLite file"));

    fs::remove_file(dir.file()).unwrap();
    Connection::open(dir.file()).unwrap().execute_batch("CREATE TABLE cookies (id)").unwrap();
    assert!(damaged(&dir).contains("another program's"));
}

#[tokio::test]
async fn a_damaged_ledger_is_left_alone() {
    let whole = fs::read(filled().await.file()).unwrap();
    let dir = Dir::new();
    for length in [1, 99, 100, 4096, whole.len() / 2, whole.len() - 1] {
        fs::write(dir.file(), &whole[..length]).unwrap();
        damaged(&dir);
    }
    for page in 1..whole.len() / 4096 {
        let mut spoiled = whole.clone();
        spoiled[page * 4096..][..64].fill(0xa5);
        fs::write(dir.file(), spoiled).unwrap();
        damaged(&dir);
    }
    fs::write(dir.file(), &whole).unwrap();
    dir.open().unwrap();
}

#[tokio::test]
async fn a_log_that_does_not_fit_is_left_alone() {
    let dir = filled().await;
    fs::write(beside(&dir.file(), "-wal"), [0x5a; 8192]).unwrap();
    assert!(damaged(&dir).contains("log"));

    let dir = killed().await;
    fs::write(dir.file(), "").unwrap();
    assert!(damaged(&dir).contains("empty or missing"));
    fs::remove_file(dir.file()).unwrap();
    assert!(damaged(&dir).contains("empty or missing"));
}

#[tokio::test]
async fn the_log_of_a_killed_process_is_read() {
    let dir = killed().await;
    let ledger = dir.open().unwrap();
    assert_eq!(open_ones(&ledger).await.len(), 100);
    ledger.close().await;
    // What a loss of power leaves of a log that was just begun.
    for piece in [&[0; 4096][..], &[0x37, 0x7f]] {
        fs::write(beside(&dir.file(), "-wal"), piece).unwrap();
        assert_eq!(open_ones(&dir.open().unwrap()).await.len(), 100);
    }
}

#[tokio::test]
async fn an_empty_file_becomes_a_ledger() {
    let dir = Dir::new();
    fs::write(dir.file(), "").unwrap();
    assert_eq!(dir.open().unwrap().intend(intent()).await, Ok(id(FIRST)));
}

#[tokio::test]
async fn a_file_that_was_begun_and_not_finished_becomes_a_ledger() {
    let dir = Dir::new();
    let begun = Connection::open(dir.file()).unwrap();
    begun.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).unwrap();
    drop(begun);
    assert!(fs::metadata(dir.file()).unwrap().len() > 0);
    assert_eq!(dir.open().unwrap().intend(intent()).await, Ok(id(FIRST)));
}

#[tokio::test]
async fn a_rollback_journal_is_only_there_while_a_ledger_is_made() {
    let dir = Dir::new();
    Connection::open(dir.file()).unwrap().pragma_update(None, "user_version", 0).unwrap();
    fs::write(beside(&dir.file(), "-journal"), "begun").unwrap();
    drop(dir.open().unwrap());

    fs::write(beside(&dir.file(), "-journal"), "begun").unwrap();
    assert!(damaged(&dir).contains("rollback journal"));
}

#[test]
fn a_file_that_cannot_be_used_is_named_with_the_reason() {
    let dir = Dir::new();
    let below = dir.0.path().join("none/ledger.db");
    let missing = open(&below).err().unwrap().to_string();
    assert!(missing.contains("there is no directory"), "{missing}");
    assert!(missing.contains(&dir.0.path().join("none").display().to_string()), "{missing}");

    fs::create_dir(dir.file()).unwrap();
    assert!(unusable(&dir).contains("it is a directory"));
    fs::remove_dir(dir.file()).unwrap();

    drop(dir.open().unwrap());
    let mut permissions = fs::metadata(dir.file()).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(dir.file(), permissions).unwrap();
    assert!(unusable(&dir).contains("read-only"));
}

#[test]
fn a_name_may_hold_any_character() {
    let dir = Dir::new();
    let path = dir.0.path().join("имя #1 100%?a=b&c.db");
    for _ in 0..2 {
        open(&path).unwrap();
    }
    assert!(path.exists());
}

#[test]
fn a_clock_that_is_not_set_yet_is_no_obstacle() {
    let connection = Connection::open_in_memory().unwrap();
    super::super::schema::migrate(&connection, 0, Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(super::super::schema::last_id(&connection).unwrap(), 0);
}
