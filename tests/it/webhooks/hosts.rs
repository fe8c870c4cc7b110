//! Addresses that clients name for their rents: which are allowed, and that no other is ever connected to.

use std::path::Path;
use std::sync::Arc;

use smsbridge::clock::{Clock, MovableClock};
use smsbridge::domain::{Activation, Country, Extra, Order, Owner, Phone, Rent, Service, Sms, State};
use smsbridge::ledger::sqlite::SqliteLedger;
use smsbridge::ledger::{Intent, Ledger, Outbox};
use tempfile::TempDir;

use super::{Receiver, until};
use crate::harness::Bridge;

const SANDBOX: &str = "[provider.main]\nkind = \"sandbox\"\n";

/// Puts a rent with this address and one message that is to be sent there into the ledger.
async fn rent_with_a_message(folder: &Path, clock: &Arc<MovableClock>, url: &str) {
    let ledger =
        SqliteLedger::open(&format!("sqlite:{}", folder.join("ledger.db").display()), clock.clone()).unwrap();
    let (owner, service, at) = (Owner("*".into()), Service::parse("tg").unwrap(), clock.now());
    let order = Order::new(service.clone(), Country(0));
    let intent = Intent { owner: owner.clone(), provider: "main/sandbox".into(), order, stake: None, at };
    let mut rent = Activation {
        id: ledger.intend(intent).await.unwrap(),
        owner,
        provider: "main/sandbox".into(),
        upstream_id: "u".into(),
        phone: Phone::parse("79991112233").unwrap(),
        service,
        country: Country(0),
        operator: None,
        price: None,
        bought_at: at,
        expires_at: "2026-01-02T00:00:00Z".parse().unwrap(),
        state: State::Waiting,
        asked_at: 0,
        messages: Vec::new(),
        extra: Extra::new(),
        rent: Some(Rent { hours: 24, webhook: Some(url.to_owned()), prolongs: None }),
        unwanted: false,
    };
    ledger.settle(rent.clone()).await.unwrap();
    rent.messages.push(Sms { text: Some("Your code is 1234".into()), ..Sms::of_code("1234", at) });
    ledger.update_and_queue(rent, Outbox { urls: vec![url.to_owned()], at }).await.unwrap();
    ledger.close().await;
}

#[tokio::test]
async fn a_rents_message_is_sent_where_its_client_wants_it() {
    let (home, clock, receiver) =
        (TempDir::new().unwrap(), MovableClock::standing(), Receiver::content().await);
    let url = receiver.url("/mine?token=1").replace("127.0.0.1", "localhost");
    rent_with_a_message(home.path(), &clock, &url).await;
    let toml = format!("{SANDBOX}[webhooks]\nallow = [\"localhost:{}\"]\n", receiver.port());
    let bridge = Bridge::over(&toml, clock, home.path()).await;
    bridge.deliver().await;
    until("the message", async || receiver.count() == 1).await;
    let post = receiver.posts("/mine?token=1").remove(0);
    assert_eq!((&post.json()["text"], &post.json()["code"]), (&"Your code is 1234".into(), &"1234".into()));
}

#[tokio::test]
async fn what_is_not_allowed_any_more_is_not_connected_to() {
    let receiver = Receiver::content().await;
    for (url, allow) in [
        (receiver.url("/"), "[]".to_owned()),
        (receiver.url("/"), "[\"127.0.0.1\", \"localhost\"]".to_owned()),
        (receiver.url("/").replace("127.0.0.1", "[::ffff:127.0.0.1]"), "[\"example.com\"]".to_owned()),
        (receiver.url("/").replace("127.0.0.1", "localhost"), format!("[\"127.0.0.1:{}\"]", receiver.port())),
    ] {
        let (home, clock) = (TempDir::new().unwrap(), MovableClock::standing());
        rent_with_a_message(home.path(), &clock, &url).await;
        let bridge =
            Bridge::over(&format!("{SANDBOX}[webhooks]\nallow = {allow}\n"), clock, home.path()).await;
        bridge.deliver().await;
        for _ in 0..10 {
            bridge.advance(900);
            bridge.deliver().await;
        }
        assert_eq!(receiver.count(), 0, "{url} {allow}");
    }
}

#[tokio::test]
async fn an_address_is_refused_unless_its_host_is_allowed() {
    let allow = "allow = [\"hooks.example.com\", \"10.0.0.5\", \"localhost:9000\", \"[fd00::5]\"]";
    let bridge = Bridge::start(&format!("{SANDBOX}[webhooks]\n{allow}\n")).await;
    for url in [
        "https://hooks.example.com/sms?token=1",
        "http://hooks.example.com",
        "http://10.0.0.5/x",
        "http://localhost:9000/x",
        "http://[fd00::5]/",
    ] {
        assert!(bridge.allowed_webhook(url).is_ok(), "{url}");
    }
    assert_eq!(bridge.allowed_webhook("HTTP://Hooks.Example.com").unwrap(), "http://hooks.example.com/");
    for url in [
        "",
        "hooks.example.com/sms",
        "https://example.com/",
        "https://hooks.example.com.evil.example/",
        "https://hooks.example.com:22/",
        "https://user@hooks.example.com/",
        "https://user:topsecret@hooks.example.com/",
        "ftp://hooks.example.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://localhost/",
        "http://127.0.0.1:9000/",
        "http://127.1:9000/",
        "http://2130706433:9000/",
        "http://0.0.0.0:9000/",
        "http://[::1]:9000/",
        "http://[::ffff:127.0.0.1]:9000/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.6/",
        "http://192.168.1.1/",
        "http://[fe80::1]/",
        "http://224.0.0.1/",
    ] {
        let fault = bridge.allowed_webhook(url).expect_err(url);
        assert!(!fault.detail.contains("topsecret"), "{fault}");
    }
    let bridge = Bridge::start(SANDBOX).await;
    assert!(bridge.allowed_webhook("https://hooks.example.com/").is_err(), "nothing is allowed by itself");
}
