//! What the program never says, though its upstream does: a key that is repeated in pages, errors and answers, at
//! the finest level of the log; and a key among its arguments, which everybody on the machine can read.

use std::collections::BTreeSet;

use tempfile::TempDir;

use super::child::Program;
use super::upstream;
use crate::harness::{Canned, secrets};

const CLIENT_KEY: &str = "client-key-Qw7Rt";
const UPSTREAM_KEY: &str = "upstream-key-Zx9Cv";
const CODE: &str = "QXZW-code-of-nobody";

/// What a client may ask that comes to the upstream, in one way or another.
const ASKED: [&str; 9] = [
    "action=getBalance",
    "action=getPrices",
    "action=getNumbersStatus&country=0",
    "action=getCountries",
    "action=getOperators&country=0",
    "action=getNumber&service=tg&country=0",
    "action=getNumberV2&service=tg&country=0",
    "action=getRentServicesAndCountries&rent_time=24",
    "action=somethingElse",
];

/// An answer that repeats all it was asked, the key among it, and a code besides.
fn echo(target: &str, nth: usize) -> (u16, String) {
    let key = if target.contains(CLIENT_KEY) { CLIENT_KEY } else { UPSTREAM_KEY };
    match nth % 8 {
        0 => (502, format!("<html><h1>{target}</h1>{CODE}</html>")),
        1 => (200, format!("<html><h1>{target}</h1>{CODE}</html>")),
        2 => (401, format!(r#"{{"title":"{key}","details":"{target}"}}"#)),
        3 => (200, format!(r#"{{"error":"{key}","message":"{CODE}"}}"#)),
        4 => (200, format!("BAD_KEY:{key}")),
        5 => (200, format!("WRONG_MAX_PRICE:{key}")),
        6 => (400, format!(r#"{{"statusCode":400,"message":"x {{\"error\":\"{key}\"}}"}}"#)),
        _ => (500, format!("{key} {CODE}")),
    }
}

/// Asks everything of a server on an upstream that repeats its key, as this client.
async fn ask_all(name: &str, key: &str, clients: &str) {
    let home = TempDir::new().unwrap();
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let upstream = Canned::answering(move |target| {
        echo(target, asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
    })
    .await;
    let stand_in = smsbridge::mock::stand_in(name).unwrap();
    let toml = format!(
        "[provider.main]\nkind = \"{}\"\n{}\nbase_url = \"{}\"\nrate_limit = \"off\"\n{clients}",
        stand_in.kind,
        stand_in.settings,
        upstream.url()
    );
    std::fs::write(home.path().join("proxy.toml"), toml).unwrap();
    secrets::keep(CODE);
    let served = Program::within(home.path()).env("RUST_LOG", "trace").serve().await;
    for query in ASKED.iter().cycle().take(ASKED.len() * 3) {
        let answer = served.ask_as(key, query).await;
        assert!(!answer.contains(UPSTREAM_KEY), "{name}: {query} is answered with the key: {answer}");
    }
    assert!(!upstream.asked().is_empty(), "{name} was not asked");
    // It is held against what is secret.
    let ended = served.child.kill().await;
    assert!(ended.stderr.contains("TRACE"), "{name}");
}

#[tokio::test]
async fn a_key_that_an_upstream_repeats_is_said_nowhere() {
    let listed = format!(
        "api_key = \"{UPSTREAM_KEY}\"\n[clients]\nmode = \"listed\"\n[clients.key.shop]\napi_key = \"{CLIENT_KEY}\"\n"
    );
    secrets::keep(CLIENT_KEY);
    for name in upstream::all() {
        ask_all(name, CLIENT_KEY, &listed).await;
        ask_all(name, CLIENT_KEY, "[clients]\nmode = \"passthrough\"\n").await;
    }
}

#[tokio::test]
async fn no_argument_takes_a_secret() {
    let home = TempDir::new().unwrap();
    let mut flags = BTreeSet::new();
    let top = Program::within(home.path()).args(&["--help"]).end().await.stdout;
    let commands = top.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands: Vec<_> = commands
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(commands.contains(&"check"), "{top}");
    // What a stand-in takes for a key is made up.
    for command in commands.iter().filter(|command| !["help", "mock"].contains(*command)) {
        let help = Program::within(home.path()).args(&[command, "--help"]).end().await.stdout;
        flags.extend(help.split_whitespace().filter(|word| word.starts_with("--")).map(str::to_owned));
    }
    flags.extend(top.split_whitespace().filter(|word| word.starts_with("--")).map(str::to_owned));
    assert!(flags.iter().any(|flag| flag.starts_with("--listen")), "{flags:?}");
    let secret = ["key", "secret", "token", "password"];
    let odd: Vec<_> = flags.iter().filter(|flag| secret.iter().any(|what| flag.contains(what))).collect();
    assert_eq!(odd, Vec::<&String>::new());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_running_server_shows_no_key_among_its_arguments() {
    let home = TempDir::new().unwrap();
    let upstream = upstream::start("vak-sms").await;
    upstream::configure_with_key(home.path(), "vak-sms", &upstream);
    let served = Program::within(home.path()).serve().await;
    let shown = std::fs::read(format!("/proc/{}/cmdline", served.child.id())).unwrap();
    let shown = String::from_utf8_lossy(&shown).replace('\0', " ");
    assert!(shown.contains("--listen") && !shown.contains(upstream::KEY), "{shown}");
}
