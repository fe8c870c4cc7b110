//! Ledgers that cannot be had: in use, newer, damaged, somebody else's, nowhere. The process says so and
//! changes nothing.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use smsbridge::clock::{Clock, SystemClock};
use smsbridge::ledger::sqlite::SqliteLedger;
use tempfile::TempDir;

use super::child::{Ended, Program};

async fn refused(folder: &Path) -> Ended {
    let ended = Program::within(folder).args(&["--listen", "127.0.0.1:0"]).end().await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{}", ended.stderr);
    assert!(ended.stderr.contains("smsbridge.db"), "{}", ended.stderr);
    assert!(ended.stderr.contains("[ledger] url"), "it says what can be done: {}", ended.stderr);
    ended
}

#[tokio::test]
async fn a_second_process_is_refused_and_the_first_goes_on() {
    let home = TempDir::new().unwrap();
    let first = Program::within(home.path()).serve().await;
    let (id, _) = first.order("any").await;
    let ended = refused(home.path()).await;
    assert!(ended.stderr.contains("in use by another smsbridge"), "{}", ended.stderr);
    let (next, _) = first.order("any").await;
    assert!(next > id);
    first.child.kill().await;
    let third = Program::within(home.path()).serve().await;
    let active = third.ask("action=getActiveActivations").await;
    assert!(active.contains(&id.to_string()) && active.contains(&next.to_string()), "{active}");
}

/// A whole and empty ledger.
fn make(folder: &Path) -> std::path::PathBuf {
    let file = folder.join("smsbridge.db");
    let clock: Arc<dyn Clock> = SystemClock::new();
    drop(SqliteLedger::open(&format!("sqlite:{}", file.display()), clock).unwrap());
    file
}

/// Every file but the lock, byte by byte.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .filter(|(name, _)| !name.ends_with(".lock"))
        .collect()
}

/// What is done to a ledger, and what the message has to hold.
type Harm = (&'static str, fn(&Path), &'static [&'static str]);
const HARMS: [Harm; 5] = [
    ("newer", of_the_future, &["newer", "its format is 99", "Nothing was changed"]),
    (
        "text",
        |file| std::fs::write(file, "id;phone\n1;7999\n").unwrap(),
        &["cannot be read", "Nothing was changed"],
    ),
    ("cut", cut, &["cannot be read", "Nothing was changed"]),
    ("garbled", garble, &["cannot be read", "Nothing was changed"]),
    ("foreign", foreign, &["another program's", "Nothing was changed"]),
];

fn of_the_future(file: &Path) {
    Connection::open(file).unwrap().pragma_update(None, "user_version", 99).unwrap();
}

fn cut(file: &Path) {
    let bytes = std::fs::read(file).unwrap();
    std::fs::write(file, &bytes[..bytes.len() / 2 + 100]).unwrap();
}

fn garble(file: &Path) {
    let mut bytes = std::fs::read(file).unwrap();
    bytes[4096..8192].fill(0xa5);
    std::fs::write(file, bytes).unwrap();
}

fn foreign(file: &Path) {
    std::fs::remove_file(file).unwrap();
    Connection::open(file)
        .unwrap()
        .execute_batch("CREATE TABLE orders (id INTEGER); INSERT INTO orders VALUES (1);")
        .unwrap();
}

#[tokio::test]
async fn a_ledger_that_cannot_be_used_stays_as_it_is() {
    for (what, harm, told) in HARMS {
        let home = TempDir::new().unwrap();
        harm(&make(home.path()));
        let before = files(home.path());
        let ended = refused(home.path()).await;
        for part in told {
            assert!(ended.stderr.contains(part), "{what}: {part}\n{}", ended.stderr);
        }
        assert!(files(home.path()) == before, "{what}: something was changed");
    }
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_named() {
    let home = TempDir::new().unwrap();
    let program = Program::within(home.path()).env("SMSBRIDGE_LEDGER__URL", "sqlite:absent/smsbridge.db");
    let ended = program.args(&["--listen", "127.0.0.1:0"]).end().await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
    assert!(ended.stderr.contains("no directory") && ended.stderr.contains("absent"), "{}", ended.stderr);
    assert_eq!(files(home.path()).len(), 0);
}
