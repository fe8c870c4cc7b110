//! What a newcomer sees: the first run with nothing configured, what it prints, and what it says when it
//! cannot start.

use std::net::TcpListener;
use std::process::Command;
use std::time::UNIX_EPOCH;

use smsbridge::server::DIALECT_PATH;
use tempfile::TempDir;

use super::child::{Program, address, bought};
use super::upstream;
use crate::harness;

#[tokio::test]
async fn the_first_run_needs_no_file_and_says_all_that_a_newcomer_needs() {
    let home = TempDir::new().unwrap();
    let mut served = Program::within(home.path()).serve().await;
    let port = served.addr.port();
    assert_ne!(port, 0, "the address that it really has");
    let base = format!("http://127.0.0.1:{port}{DIALECT_PATH}");
    assert_eq!(served.child.said("  base URL  ").await, base);
    let provider = served.child.said("  provider  ").await;
    assert!(provider.starts_with("main (sandbox"), "{provider}");
    let ledger = served.child.said("  ledger    ").await;
    assert_eq!(ledger, home.path().canonicalize().unwrap().join("smsbridge.db").display().to_string());
    assert!(home.path().join("smsbridge.db").is_file());

    let line = served.child.said("  try       ").await;
    let url = the_one_argument_of(&line);
    assert_eq!(address(&url), served.addr);
    let target = &url[url.find(DIALECT_PATH).unwrap()..];
    let answer = harness::get(served.addr, target, &[]).await.body;
    let (id, _) = bought(&answer).unwrap_or_else(|| panic!("{line}: {answer}"));
    // A fresh ledger does not give ids again that a lost one gave: it begins at the seconds since 2020.
    let since_2020 = UNIX_EPOCH.elapsed().unwrap().as_secs() - 1_577_836_800;
    assert!(u64::try_from(id).unwrap().abs_diff(since_2020) < 60, "{id} at {since_2020}");
}

#[tokio::test]
async fn the_first_call_is_one_that_the_flavour_answers() {
    let home = TempDir::new().unwrap();
    let program = Program::within(home.path()).env("SMSBRIDGE_DIALECT__FLAVOUR", "sms-service-online");
    let mut served = program.serve().await;
    let line = served.child.said("  try       ").await;
    let url = the_one_argument_of(&line);
    let answer = harness::get(served.addr, &url[url.find(DIALECT_PATH).unwrap()..], &[]).await.body;
    assert!(bought(&answer).is_some(), "{line}: {answer}");
}

/// The URL that a shell hands to `curl`; cmd.exe knows no quotes but these.
fn the_one_argument_of(line: &str) -> String {
    let url = line.strip_prefix("curl \"").and_then(|rest| rest.strip_suffix('"'));
    let url = url.unwrap_or_else(|| panic!("{line}"));
    assert!(!url.contains(['"', '$', '`', '%', '!', '\\']), "means something else in some shell: {line}");
    if cfg!(unix) {
        let script = format!("curl() {{ printf '%s|' \"$@\"; }}; {line}");
        let heard = Command::new("sh").args(["-c", &script]).output().unwrap().stdout;
        assert_eq!(String::from_utf8(heard).unwrap(), format!("{url}|"));
    }
    url.to_owned()
}

#[tokio::test]
async fn every_listener_and_the_configured_provider_are_named() {
    let home = TempDir::new().unwrap();
    let upstream = upstream::start("vak-sms").await;
    upstream::configure_with_key(home.path(), "vak-sms", &upstream);
    let mut child = Program::within(home.path())
        .args(&["serve", "--listen", "127.0.0.1:0", "--listen", "localhost:0"])
        .start();
    let url = the_one_argument_of(&child.said("  try       ").await);
    let provider = child.said("  provider  ").await;
    assert!(provider.starts_with("main (vak-sms"), "{provider}");
    let said = child.kill().await.stdout;
    let bases: Vec<_> = said.lines().filter_map(|line| line.strip_prefix("  base URL  ")).collect();
    assert_eq!(bases.len(), 2, "{said}");
    assert_ne!(address(bases[0]), address(bases[1]));
    assert!(url.starts_with(bases[0]), "{said}");
    assert!(!said.contains(upstream::KEY), "{said}");
}

#[tokio::test]
async fn a_file_that_was_named_must_be_there() {
    let home = TempDir::new().unwrap();
    for command in ["serve", "check", "health"] {
        let ended = Program::within(home.path()).args(&[command, "--config", "absent.toml"]).end().await;
        assert_eq!(ended.code, Some(1), "{command}");
        assert!(ended.stderr.starts_with("absent.toml: there is no such file"), "{}", ended.stderr);
        assert_eq!(ended.stdout, "");
    }
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0, "and no ledger is made meanwhile");
}

#[tokio::test]
async fn a_taken_address_is_named_with_the_way_out() {
    let home = TempDir::new().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    let ended = Program::within(home.path()).args(&["--listen", &addr]).end().await;
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains(&addr) && ended.stderr.contains("--listen"), "{}", ended.stderr);
    assert_eq!(ended.stdout, "", "nobody is told of a server that does not run");
}

#[tokio::test]
async fn what_the_command_line_does_not_know_is_refused() {
    let home = TempDir::new().unwrap();
    for args in [&["serv"][..], &["--prot", "80"], &["--log", "xml"]] {
        let ended = Program::within(home.path()).args(args).end().await;
        assert_eq!(ended.code, Some(2), "{args:?}");
        assert!(ended.stderr.contains(args.last().unwrap()) || ended.stderr.contains(args[0]), "{args:?}");
    }
}
