//! A ledger whose file lets the program down, at its start and while it runs: what is said, what is refused, and
//! what goes on.

use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use smsbridge::mock::{FaultPlan, Mishap};
use tempfile::TempDir;

use super::child::{Child, ORDER, Program, bought};
use super::rows::rows;
use super::upstream;

/// No file of this process may grow beyond so many bytes. `false` where nobody can say so.
fn limit(child: &Child, bytes: &str) -> bool {
    let (pid, limit) = (child.id().to_string(), format!("--fsize={bytes}:"));
    Command::new("prlimit").args(["--pid", &pid, &limit]).status().is_ok_and(|status| status.success())
}

fn times(text: &str, part: &str) -> usize {
    text.matches(part).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_fills_up_stops_orders_and_nothing_else() {
    let home = TempDir::new().unwrap();
    let upstream = upstream::start("vak-sms").await;
    upstream::configure_with_key(home.path(), "vak-sms", &upstream);
    let mut served = Program::after("trap '' XFSZ", home.path()).serve().await;
    let (read, phone) = served.order("any").await;
    let (given_back, _) = served.order("any").await;
    // This one is bought while there is room for its intent and none for its number.
    let slow = Mishap::LateAnswer(Duration::from_millis(1500));
    upstream.fault(FaultPlan::once(slow).on_any(upstream.names().order));
    let addr = served.addr;
    let late = tokio::spawn(async move { super::child::ask_at(addr, "any", ORDER).await });
    upstream::asked(&upstream, upstream.names().order, 3).await;
    if !limit(&served.child, "1") {
        return;
    }
    let (late, _) = bought(&late.await.unwrap()).unwrap();

    for _ in 0..3 {
        assert_eq!(served.ask(ORDER).await, "ERROR_SQL");
    }
    assert_eq!(upstream.orders(), 3, "the upstream was not asked");
    let lot = upstream::lot_of(&upstream, &phone);
    upstream.market().deliver(&lot, "4321", "Your code is 4321").unwrap();
    assert_eq!(served.ask(&format!("action=getStatus&id={read}")).await, "STATUS_OK:4321");
    let cancel = format!("action=setStatus&id={given_back}&status=8");
    assert_eq!(served.ask(&cancel).await, "ACCESS_CANCEL");

    assert!(limit(&served.child, "unlimited"));
    served.order("any").await;
    served.child.logged("can be written again").await;
    served.child.signal("TERM");
    let ended = served.child.end().await;
    assert_eq!(
        times(&ended.stderr, "No order is taken until it can be written again"),
        1,
        "{}",
        ended.stderr
    );
    assert_eq!(times(&ended.stderr, "can be written again; orders are taken"), 1, "{}", ended.stderr);

    let rows = rows(home.path());
    let state = |id: i64| rows.iter().find(|row| row.id == id).and_then(|row| row.state.clone());
    assert_eq!(state(read).as_deref(), Some("received"));
    assert_eq!(state(given_back).as_deref(), Some("cancelled"));
    assert_eq!(state(late).as_deref(), Some("waiting"));
    assert!(rows.iter().all(super::rows::Row::is_settled), "{rows:?}");
    let served = Program::within(home.path()).serve().await;
    assert_eq!(served.ask(&format!("action=getStatus&id={read}")).await, "STATUS_OK:4321");
}

#[tokio::test]
async fn a_ledger_that_was_moved_away_takes_no_order_until_it_is_back() {
    let home = TempDir::new().unwrap();
    let mut served = Program::within(home.path()).serve().await;
    let (id, _) = served.order("any").await;
    let [here, there] = ["smsbridge.db", "elsewhere.db"].map(|name| home.path().join(name));
    std::fs::rename(&here, &there).unwrap();
    for _ in 0..2 {
        assert_eq!(served.ask(ORDER).await, "ERROR_SQL");
    }
    served.child.logged("moved or deleted while smsbridge runs; put it back").await;
    assert!(served.ask(&format!("action=getStatus&id={id}")).await.starts_with("STATUS_"));
    std::fs::rename(&there, &here).unwrap();
    served.order("any").await;
    served.child.logged("can be written again").await;
    assert_eq!(times(&served.child.complained(), "No order is taken until then"), 1);
}

/// What somebody without rights is told who starts here.
async fn told(home: &Path) -> Option<String> {
    let ended = Program::as_nobody(home)?.args(&["--listen", "127.0.0.1:0"]).end().await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{}", ended.stderr);
    Some(ended.stderr)
}

#[tokio::test]
async fn a_ledger_that_may_not_be_written_is_named_with_the_reason() {
    let home = TempDir::new().unwrap();
    Program::within(home.path()).serve().await.child.kill().await;
    let file = home.path().join("smsbridge.db");
    let lock = home.path().join("smsbridge.db.lock");
    let mode = |path: &Path, mode: u32| set_permissions(path, Permissions::from_mode(mode)).unwrap();
    for suffix in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(home.path().join(format!("smsbridge.db{suffix}")));
    }
    mode(&file, 0o444);
    mode(&lock, 0o666);
    mode(home.path(), 0o777);
    let before = std::fs::read(&file).unwrap();
    let Some(text) = told(home.path()).await else { return };
    assert!(text.contains("smsbridge.db: the file is read-only"), "{text}");

    std::fs::remove_file(&lock).unwrap();
    mode(home.path(), 0o555);
    let text = told(home.path()).await.unwrap();
    mode(home.path(), 0o755);
    assert!(text.contains("smsbridge.db.lock cannot be used") && text.contains("denied"), "{text}");
    assert!(std::fs::read(&file).unwrap() == before);
}
