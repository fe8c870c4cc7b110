//! `smsbridge backup`: a copy of a ledger that is being written to, from which a server can start.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tempfile::TempDir;
use tokio::task::JoinSet;

use super::child::{Ended, ORDER, Program, attempt, bought};

const CLIENTS: usize = 4;

async fn backup(home: &TempDir, args: &[&str]) -> Ended {
    let args: Vec<_> = ["backup"].iter().chain(args).copied().collect();
    Program::within(home.path()).args(&args).end().await
}

fn refused(ended: &Ended, told: &str) {
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{}", ended.stderr);
    assert!(ended.stderr.contains(told), "{told}: {}", ended.stderr);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_starts_from_a_copy_that_was_made_amidst_orders() {
    let (home, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let served = Program::within(home.path()).serve().await;
    let told: Arc<Mutex<BTreeMap<i64, String>>> = Arc::default();
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let (addr, told) = (served.addr, Arc::clone(&told));
        clients.spawn(async move {
            while let Some((id, phone)) = attempt(addr, ORDER).await.as_deref().and_then(bought) {
                told.lock().unwrap().insert(id, phone);
            }
        });
    }
    let target = other.path().join("smsbridge.db");
    let target = target.to_str().unwrap();
    let mut before = BTreeMap::new();
    for copy in 0..3 {
        while told.lock().unwrap().len() <= before.len() + 10 {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
        before = told.lock().unwrap().clone();
        let args: &[&str] = if copy == 0 { &[target] } else { &["--force", target] };
        let ended = backup(&home, args).await;
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
        let count = ended.stdout.split(": ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
        let count: usize = count.parse().unwrap_or_else(|_| panic!("{}", ended.stdout));
        assert!(count >= before.len(), "{}", ended.stdout);
        assert!(ended.stdout.contains("is a checked copy of smsbridge.db"), "{}", ended.stdout);
    }
    served.child.kill().await;
    clients.join_all().await;

    let served = Program::within(other.path()).serve().await;
    for id in before.keys() {
        let status = served.ask(&format!("action=getStatus&id={id}")).await;
        assert!(status.starts_with("STATUS_"), "{id}: {status}");
    }
    let newest = *told.lock().unwrap().last_key_value().unwrap().0;
    let (next, _) = served.order("any").await;
    assert!(next > *before.last_key_value().unwrap().0, "{next}, and {newest} was given");
}

#[tokio::test]
async fn what_cannot_be_copied_is_said() {
    let home = TempDir::new().unwrap();
    refused(&backup(&home, &["copy.db"]).await, "there is no ledger at");
    let served = Program::within(home.path()).serve().await;
    let (id, phone) = served.order("any").await;
    std::fs::write(home.path().join("copy.db"), "mine").unwrap();
    refused(&backup(&home, &["copy.db"]).await, "say --force");
    refused(&backup(&home, &["--force", "smsbridge.db"]).await, "is the ledger itself");
    refused(&backup(&home, &["none/copy.db"]).await, "there is no directory");
    let pipe = home.path().join("pipe");
    if std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()) {
        refused(&backup(&home, &["--force", "pipe"]).await, "it is a device or the like");
    }
    let ended = backup(&home, &["--force", "copy.db"]).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stdout.ends_with(": 1 activations, 0 purchases in doubt\n"), "{}", ended.stdout);
    assert!(!ended.stdout.contains(&phone));
    served.child.kill().await;
    let served = Program::within(home.path()).env("SMSBRIDGE_LEDGER__URL", "sqlite:copy.db").serve().await;
    assert!(served.ask(&format!("action=getStatus&id={id}")).await.starts_with("STATUS_"));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_copy_that_finds_no_room_leaves_nothing() {
    let home = TempDir::new().unwrap();
    Program::within(home.path()).serve().await.child.kill().await;
    // No file may become longer than this.
    let limited = Program::after("trap '' XFSZ; ulimit -f 8", home.path());
    let ended = limited.args(&["backup", "copy.db"]).end().await;
    assert_eq!(ended.code, Some(1), "{}", ended.stdout);
    assert!(!ended.stderr.is_empty());
    let entries = std::fs::read_dir(home.path()).unwrap();
    let names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
    assert!(!names.iter().any(|name| name.to_string_lossy().starts_with("copy")), "{names:?}");
}
