//! `smsbridge status`: what a running server says of its configuration and of what is open, and nothing secret.

use std::path::Path;

use smsbridge::mock::{FaultPlan, Mishap};
use tempfile::TempDir;

use super::child::{ORDER, Program, Served, address};
use super::upstream::{self, KEY};

const CLIENT_KEY: &str = "client-key-77ab";

/// A server that can be watched, and where.
async fn watched(home: &Path) -> (Served, String) {
    let mut served = Program::within(home).env("SMSBRIDGE_ADMIN__LISTEN", "127.0.0.1:0").serve().await;
    let admin = address(&served.child.said("  metrics   ").await).to_string();
    (served, admin)
}

/// What `smsbridge status` prints, with what differs from run to run left out.
async fn status(home: &Path, admin: &str, served: &Served) -> String {
    let ended = Program::within(home).args(&["status", "--at", admin]).end().await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let (listener, folder) = (served.addr.to_string(), format!("{}/", home.display()));
    let masked = |line: &str| {
        let words = line.replace(&listener, "LISTENER").replace(&folder, "");
        let words = words.split(' ').map(|word| {
            let word = word.trim_end_matches([',', ':']);
            let time = word.len() == 20 && word.starts_with("20") && word.ends_with('Z');
            if time { "TIME" } else { word }
        });
        words.collect::<Vec<_>>().join(" ")
    };
    let (head, rest) = ended.stdout.split_once('\n').unwrap();
    assert!(head.starts_with(concat!("smsbridge ", env!("CARGO_PKG_VERSION"), ", process ")), "{head}");
    rest.lines().map(masked).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn it_says_what_is_in_effect_what_is_not_and_what_is_open() {
    let home = TempDir::new().unwrap();
    let (old, new) = (upstream::start("vak-sms").await, upstream::start("smsak").await);
    let clients = format!("[clients]\nmode = \"listed\"\n[clients.key.shop]\napi_key = \"{CLIENT_KEY}\"\n");
    upstream::configure(home.path(), "vak-sms", &old, &format!("api_key = \"{KEY}\"\n{clients}"));
    let (mut served, admin) = watched(home.path()).await;
    served.order(CLIENT_KEY).await;
    old.fault(FaultPlan::once(Mishap::DropAfter).on("getNumber"));
    assert_eq!(served.ask_as(CLIENT_KEY, ORDER).await, "ERROR_SQL");
    let listening = "  listener  LISTENER\n  clients   listed keys 1";
    let end = "  ledger    smsbridge.db\n  open      1\n  unknown   1";
    let said = status(home.path(), &admin, &served).await;
    let provider = "  provider  main (vak-sms) gets orders open 1";
    let config = "  config    proxy.toml in effect since TIME reloads 0";
    assert_eq!(said, format!("{config}\n{listening}\n{provider}\n{end}"));

    let more = format!(
        "api_key = \"{KEY}\"\n{clients}[ledger]\nurl = \"sqlite:other.db\"\n[provider.spare]\nkind = \"sandbox\"\napi_key = \"unused\"\n"
    );
    upstream::configure(home.path(), "smsak", &new, &more);
    served.child.signal("HUP");
    served.child.logged("is in effect").await;
    std::fs::write(
        home.path().join("proxy.toml"),
        format!("[clients]\nkeys = \"{CLIENT_KEY}\"\nmode = \"none\"\n"),
    )
    .unwrap();
    served.child.signal("HUP");
    served.child.logged("is not applied").await;
    let said = status(home.path(), &admin, &served).await;
    let config = "  config    proxy.toml in effect since TIME reloads 1
  ERROR     not applied at TIME proxy.toml clients.keys there is no such setting; did you mean `key`?
  ERROR     not applied at TIME proxy.toml clients.mode `none` is not one of them; known here any listed passthrough
  restart   ledger.url has changed and is not in effect before a restart
  warning   proxy.toml provider.spare.api_key is not used the sandbox asks nobody and buys nothing; to use a real service set provider.spare.kind";
    let providers = "  provider  main (smsak) gets orders open 0
  provider  spare (sandbox) configured open 0
  provider  main (vak-sms) kept for what it sold open 1";
    assert_eq!(said, format!("{config}\n{listening}\n{providers}\n{end}"));
}

#[tokio::test]
async fn nothing_secret_is_in_it_and_json_says_the_same() {
    let home = TempDir::new().unwrap();
    let market = upstream::start("vak-sms").await;
    upstream::configure_with_key(home.path(), "vak-sms", &market);
    let (served, admin) = watched(home.path()).await;
    let (id, phone) = served.order("any").await;
    market.market().deliver(&upstream::lot_of(&market, &phone), "730915", "Your code is 730915").unwrap();
    assert_eq!(served.ask(&format!("action=getStatus&id={id}")).await, "STATUS_OK:730915");
    let ended = Program::within(home.path()).args(&["status", "--json", "--at", &admin]).end().await;
    let said: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(said["providers"][0]["openActivations"], 1, "{said}");
    assert_eq!(said["config"]["lastError"], serde_json::Value::Null);
    let plain = Program::within(home.path()).args(&["status", "--at", &admin]).end().await;
    for secret in [KEY, phone.as_str(), "730915"] {
        assert!(!ended.stdout.contains(secret) && !plain.stdout.contains(secret), "{}", ended.stdout);
    }
}

#[tokio::test]
async fn without_a_server_it_fails_and_says_why() {
    let home = TempDir::new().unwrap();
    let ended = Program::within(home.path()).args(&["status"]).end().await;
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("[admin] listen is empty"), "{}", ended.stderr);
    let ended = Program::within(home.path()).args(&["status", "--at", "127.0.0.1:9"]).end().await;
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("is the server running"), "{}", ended.stderr);
}
