//! Environment variables over the file, flags over both (`proxy.toml`'s own words), in the real process.

use std::net::TcpListener;

use tempfile::TempDir;

use super::child::{Program, address, ask_at};
use super::upstream::{self, KEY};

#[tokio::test]
async fn a_container_needs_no_file_at_all() {
    let home = TempDir::new().unwrap();
    let upstream = upstream::start("vak-sms").await;
    let mut child = Program::within(home.path())
        .env("SMSBRIDGE_SERVER__LISTEN", "127.0.0.1:0,localhost:0")
        .env("SMSBRIDGE_PROVIDER__MAIN__KIND", "vak-sms")
        .env("SMSBRIDGE_PROVIDER__MAIN__BASE_URL", &upstream.url())
        .env("SMSBRIDGE_PROVIDER__MAIN__API_KEY", KEY)
        .env("SMSBRIDGE_CLIENTS__MODE", "listed")
        .env("SMSBRIDGE_CLIENTS__KEY__SHOP__API_KEY", "client-key-1")
        .env("SMSBRIDGE_LEDGER__URL", "sqlite:elsewhere.db")
        .start();
    let ledger = child.said("  ledger    ").await;
    assert!(ledger.ends_with("elsewhere.db") && home.path().join("elsewhere.db").is_file(), "{ledger}");
    let said = child.heard();
    let bases: Vec<_> = said.lines().filter_map(|line| line.strip_prefix("  base URL  ")).collect();
    assert_eq!(bases.len(), 2, "{said}");
    for addr in bases.into_iter().map(address) {
        assert_eq!(ask_at(addr, "client-key-1", "action=getBalance").await, "ACCESS_BALANCE:100000.00");
        assert_eq!(ask_at(addr, "any", "action=getBalance").await, "BAD_KEY");
    }
    assert_eq!(upstream.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn the_environment_is_stronger_than_the_file() {
    let home = TempDir::new().unwrap();
    let upstream = upstream::start("sms-activate").await;
    upstream::configure(home.path(), "sms-activate", &upstream, "api_key = \"an-old-one\"\n");
    let without = Program::within(home.path()).serve().await;
    assert_eq!(without.ask("action=getBalance").await, "BAD_KEY");
    without.child.kill().await;
    let with = Program::within(home.path()).env("SMSBRIDGE_PROVIDER__MAIN__API_KEY", KEY).serve().await;
    assert_eq!(with.ask("action=getBalance").await, "ACCESS_BALANCE:100000.00");
}

#[tokio::test]
async fn a_flag_is_stronger_than_the_environment() {
    let home = TempDir::new().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    let by_variable = || Program::within(home.path()).env("SMSBRIDGE_SERVER__LISTEN", &addr);
    let ended = by_variable().end().await;
    assert!(ended.stderr.contains(&addr), "{}", ended.stderr);
    let served = by_variable().serve().await;
    assert!(served.ask("action=getBalance").await.starts_with("ACCESS_BALANCE:"));
}

#[tokio::test]
async fn a_setting_with_single_underscores_is_told_but_harms_nothing() {
    let home = TempDir::new().unwrap();
    let mut served = Program::within(home.path()).env("SMSBRIDGE_SERVER_LISTEN", "nonsense").serve().await;
    served.child.logged("did you mean SMSBRIDGE_SERVER__LISTEN?").await;
    assert!(served.ask("action=getBalance").await.starts_with("ACCESS_BALANCE:"));
}
