//! HTTPS as people meet it: a CA that comes after the server, names that are added, and a reload between them.

use std::net::SocketAddr;
use std::path::Path;

use smsbridge::ca::{Authority, Certificate};
use smsbridge::clock::{Clock, SystemClock};
use smsbridge::config::{self, Overrides};
use tempfile::TempDir;

use super::child::Program;
use crate::harness::tls;

const QUESTION: &str = "api_key=any&action=getBalance";

/// A CA in this folder for the names that are configured there, in place of any that is there.
fn make(home: &Path) -> Certificate {
    let file = home.join("proxy.toml");
    let names = config::load(Some(&file), std::iter::empty(), &Overrides::default()).unwrap().redirect.names;
    let folder = home.join("smsbridge-ca");
    Authority::renew(&folder, &names, SystemClock::new().now()).unwrap();
    Certificate::load(&folder).unwrap()
}

/// The last line of the answer to a client that trusts this CA and asks under this name; `None` without a handshake.
async fn asked(addr: SocketAddr, name: &'static str, ca: &Certificate) -> Option<String> {
    let stream = tls::connect_as(addr, name, tls::trusting(ca.der())).await.ok()?;
    let request = format!(
        "GET {}?{QUESTION} HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n",
        smsbridge::server::DIALECT_PATH
    );
    let answer = tls::whole(stream, &request).await;
    answer.rsplit("\r\n").next().map(str::to_owned)
}

#[tokio::test]
async fn health_is_asked_for_where_there_is_nothing_but_https() {
    let home = TempDir::new().unwrap();
    let toml = "[server]\nlisten = []\nlisten_tls = [\"127.0.0.1:0\"]\nallow_hosts = [\"sms.example.com\"]\n";
    std::fs::write(home.path().join("proxy.toml"), toml).unwrap();
    let mut child = Program::within(home.path()).start();
    let said = child.said("  HTTPS     ").await;
    let addr = said.split(',').next().unwrap();
    let ask = || Program::within(home.path()).args(&["health", "--listen-tls", addr]).end();
    let without = ask().await;
    assert_eq!(without.code, Some(1), "nobody is served before there is a CA");
    assert!(without.stderr.contains("smsbridge ca init"), "{}", without.stderr);
    make(home.path());
    let with = ask().await;
    assert_eq!((with.code, with.stdout.as_str()), (Some(0), "ok\n"), "{}", with.stderr);
    child.kill().await;
    let down = ask().await;
    assert_eq!(down.code, Some(1));
    assert!(down.stderr.contains(&format!("https://{addr}/healthz")), "{}", down.stderr);
}

#[cfg(unix)]
#[tokio::test]
async fn a_ca_and_names_come_while_the_server_runs() {
    const BALANCE: Option<&str> = Some("ACCESS_BALANCE:1000.00");
    let home = TempDir::new().unwrap();
    let toml =
        "[server]\nlisten_tls = [\"127.0.0.1:0\"]\nallow_hosts = [\"sms-activate.ru\", \"smshub.org\"]\n";
    std::fs::write(home.path().join("proxy.toml"), toml).unwrap();
    // What is elsewhere, which nobody here has.
    let other = TempDir::new().unwrap();
    std::fs::write(other.path().join("proxy.toml"), toml).unwrap();
    let foreign = make(other.path());
    let served = Program::within(home.path()).serve().await;
    let mut child = served.child;
    let said = child.said("  HTTPS     ").await;
    let addr: SocketAddr = said.split(',').next().unwrap().parse().unwrap();
    assert_eq!(asked(addr, "sms-activate.ru", &foreign).await, None, "there is no CA yet");

    let first = make(home.path());
    assert_eq!(asked(addr, "sms-activate.ru", &first).await.as_deref(), BALANCE);
    assert_eq!(asked(addr, "smshub.org", &first).await, None, "it is not redirected");
    assert_eq!(asked(addr, "sms-activate.ru", &foreign).await, None);
    child.logged("smsbridge ca env").await;

    let more = format!("{toml}[redirect]\nhosts = [\"smshub.org\", \"smspva.com\"]\n");
    std::fs::write(home.path().join("proxy.toml"), more).unwrap();
    let second = make(home.path());
    child.signal("HUP");
    child.logged("the configuration was read again and is in effect").await;
    assert_eq!(asked(addr, "smshub.org", &second).await.as_deref(), BALANCE);
    assert_eq!(asked(addr, "sms-activate.ru", &second).await.as_deref(), BALANCE);
    assert_eq!(asked(addr, "sms-activate.ru", &first).await, None, "it is another CA now");
    let not_led = asked(addr, "smspva.com", &second).await.unwrap();
    assert!(not_led.contains("smsbridge redirect on"), "it is one of the names now: {not_led}");
    child.signal("TERM");
    assert_eq!(child.end().await.code, Some(0));
}
