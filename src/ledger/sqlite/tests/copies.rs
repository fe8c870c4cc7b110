//! Copies of a ledger, whoever has it open, and what is never copied over.

use std::fs;

use rusqlite::Connection;

use super::*;
use crate::ledger::sqlite::address::beside;
use crate::ledger::sqlite::backup::{BackupError, Copied, copy};

fn copied(dir: &Dir, target: &Path, overwrite: bool) -> Result<Copied, BackupError> {
    copy(&format!("sqlite:{}", dir.file().display()), target, overwrite)
}

fn names(dir: &Dir) -> Vec<String> {
    let entries = fs::read_dir(dir.0.path()).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

async fn two_and_a_doubt(dir: &Dir) -> (SqliteLedger, ActivationId) {
    let ledger = dir.open().unwrap();
    bought(&ledger, |_| ()).await;
    let it = bought(&ledger, |_| ()).await;
    ledger.intend(intent()).await.unwrap();
    (ledger, it.id)
}

const TWO: Copied = Copied { activations: 2, doubts: 1 };

#[tokio::test]
async fn a_ledger_is_copied_while_it_is_open_and_while_it_is_not() {
    let dir = Dir::new();
    let target = dir.0.path().join("copy.db");
    let (ledger, newest) = two_and_a_doubt(&dir).await;
    assert_eq!(copied(&dir, &target, false), Ok(TWO));
    ledger.close().await;
    drop(ledger);
    fs::remove_file(&target).unwrap();
    let before = fs::read(dir.file()).unwrap();
    assert_eq!(copied(&dir, &target, false), Ok(TWO));
    assert_eq!(names(&dir), ["copy.db", "ledger.db", "ledger.db.lock"], "nothing else is left");
    assert!(fs::read(dir.file()).unwrap() == before);
    let copy = open(&target).unwrap();
    assert_eq!(stored(&copy, newest).await, activation(newest));
    assert_eq!(copy.intend(intent()).await, Ok(id(newest.get() + 2)));
}

#[tokio::test]
async fn what_a_killed_process_left_in_its_log_is_copied() {
    let (running, dir) = (Dir::new(), Dir::new());
    let (_ledger, newest) = two_and_a_doubt(&running).await;
    for suffix in ["", "-wal"] {
        fs::copy(beside(&running.file(), suffix), beside(&dir.file(), suffix)).unwrap();
    }
    let target = dir.0.path().join("copy.db");
    assert_eq!(copied(&dir, &target, false), Ok(TWO));
    assert_eq!(stored(&open(&target).unwrap(), newest).await, activation(newest));
    assert_eq!(stored(&dir.open().unwrap(), newest).await, activation(newest));
}

#[cfg(unix)]
#[tokio::test]
async fn a_copy_is_its_users_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = Dir::new();
    two_and_a_doubt(&dir).await;
    let target = dir.0.path().join("copy.db");
    copied(&dir, &target, false).unwrap();
    assert_eq!(fs::metadata(target).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn what_is_there_is_replaced_only_if_that_is_said() {
    let dir = Dir::new();
    let target = dir.0.path().join("copy.db");
    fs::write(&target, "mine").unwrap();
    two_and_a_doubt(&dir).await;
    assert!(matches!(copied(&dir, &target, false), Err(BackupError::Exists(_))));
    assert_eq!(fs::read(&target).unwrap(), b"mine");
    assert_eq!(copied(&dir, &target, true), Ok(TWO));
    open(&target).unwrap();
}

#[tokio::test]
async fn nothing_is_copied_over_a_ledger_that_may_be_in_use() {
    let (dir, other) = (Dir::new(), Dir::new());
    let (_open, _) = two_and_a_doubt(&dir).await;
    let _other = two_and_a_doubt(&other).await;
    for overwrite in [false, true] {
        let itself = [dir.file(), beside(&dir.file(), "-wal"), beside(&dir.file(), ".lock")];
        for target in itself {
            assert!(matches!(copied(&dir, &target, overwrite), Err(BackupError::Itself(_))), "{target:?}");
        }
        let in_use = copied(&dir, &other.file(), overwrite).unwrap_err();
        assert!(matches!(in_use, BackupError::InUse { .. }), "{in_use}");
    }
    #[cfg(unix)]
    {
        let link = dir.0.path().join("link.db");
        std::os::unix::fs::symlink(dir.file(), &link).unwrap();
        assert!(matches!(copied(&dir, &link, true), Err(BackupError::Itself(_))));
    }
}

#[tokio::test]
async fn what_is_no_ledger_is_not_copied_and_nothing_is_left_behind() {
    let dir = Dir::new();
    let target = dir.0.path().join("copy.db");
    assert!(matches!(copied(&dir, &target, false), Err(BackupError::NoLedger(_))));
    Connection::open(dir.file()).unwrap().execute_batch("CREATE TABLE cookies (id)").unwrap();
    let foreign = copied(&dir, &target, false).unwrap_err().to_string();
    assert!(foreign.contains("another program's"), "{foreign}");
    fs::write(dir.file(), "hello, this is not a ledger at all").unwrap();
    let text = copied(&dir, &target, false).unwrap_err().to_string();
    assert!(text.contains("cannot be read"), "{text}");
    assert_eq!(names(&dir), ["ledger.db"]);

    fs::remove_file(dir.file()).unwrap();
    two_and_a_doubt(&dir).await;
    let nowhere = copied(&dir, &dir.0.path().join("none/copy.db"), false).unwrap_err().to_string();
    assert!(nowhere.contains("there is no directory"), "{nowhere}");
    let folder = copied(&dir, dir.0.path(), true).unwrap_err().to_string();
    assert!(folder.contains("it is a directory"), "{folder}");
}

#[tokio::test]
async fn a_damaged_ledger_is_not_copied() {
    let dir = Dir::new();
    let ledger = dir.open().unwrap();
    for _ in 0..200 {
        bought(&ledger, |_| ()).await;
    }
    drop(ledger);
    let mut bytes = fs::read(dir.file()).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 64].fill(0xa5);
    fs::write(dir.file(), bytes).unwrap();
    let target = dir.0.path().join("copy.db");
    let error = copied(&dir, &target, false).unwrap_err();
    assert!(matches!(error, BackupError::Ledger(LedgerError::Damaged { .. })), "{error}");
    assert!(!target.exists());
}
