//! Where which flavour is spoken: by the request's host, else by the listener, else the default.

use super::sandbox;
use crate::harness::{Bridge, get};
use smsbridge::server::DIALECT_PATH;

/// What each flavour answers to [`ASK`].
const ASK: &str = "api_key=k&action=getBalance&lang=ru";
const WORD: &str = "ACCESS_BALANCE:463.02";
const BARE: &str = "463.02";

async fn under(bridge: &Bridge, host: &str) -> String {
    let request = format!("GET {DIALECT_PATH}?{ASK} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    bridge.raw(request.as_bytes()).await.body
}

#[tokio::test]
async fn a_listener_has_its_own() {
    let dialect = "[server]\nlisten = ['127.0.0.1:0', '127.0.0.2:0']\n[dialect.listeners]\n'127.0.0.2:0' = 'sms-service-online'";
    let bridge = sandbox(dialect).await;
    let mut answers = Vec::new();
    for addr in &bridge.addrs {
        answers.push(get(*addr, &format!("{DIALECT_PATH}?{ASK}"), &[]).await.body);
    }
    assert_eq!(answers, [WORD, BARE]);
    bridge.stop().await;
}

#[tokio::test]
async fn a_host_has_its_own_whatever_its_port_and_capitals() {
    let dialect = "[server]\nlisten = ['127.0.0.1:0', '127.0.0.2:0']\nallow_hosts = ['api.sms-service-online.com']\n[dialect.listeners]\n'127.0.0.2:0' = 'sms-service-online'\n\
        [dialect.hosts]\n'Sms-Service-Online.com' = 'sms-service-online'\n'api.sms-activate.org' = 'sms-activate'";
    let bridge = sandbox(dialect).await;
    for (host, expected) in [
        ("sms-service-online.com", BARE),
        ("SMS-Service-Online.COM:8080", BARE),
        ("sms-service-online.com.", BARE),
        ("api.sms-service-online.com", WORD),
        ("api.sms-activate.org", WORD),
        ("127.0.0.1", WORD),
        ("[::1]:8080", WORD),
        ("", WORD),
    ] {
        assert_eq!(under(&bridge, host).await, expected, "{host}");
    }
    // A host goes above the listener.
    let target = format!("http://api.sms-activate.org{DIALECT_PATH}?{ASK}");
    assert_eq!(get(bridge.addrs[1], &target, &[]).await.body, WORD);
    let target = format!("{DIALECT_PATH}?{ASK}");
    assert_eq!(get(bridge.addrs[1], &target, &[]).await.body, BARE);
    bridge.stop().await;
}

#[tokio::test]
async fn one_activation_can_be_seen_in_several_flavours() {
    let bridge = sandbox("[dialect.hosts]\n'online' = 'sms-service-online'").await;
    let (id, _) = bridge.order("service=tg&country=0").await;
    bridge.advance(6);
    let code = bridge.status(&id).await;
    assert!(code.starts_with("STATUS_OK:"), "{code}");
    assert_eq!(bridge.set(&id, "3").await, "ACCESS_RETRY_GET");
    assert_eq!(bridge.status(&id).await, code.replace("OK", "WAIT_RETRY"));
    let request = format!(
        "GET {DIALECT_PATH}?api_key=any&action=getStatus&id={id}&lang=ru HTTP/1.1\r\nHost: online\r\nConnection: close\r\n\r\n"
    );
    assert_eq!(bridge.raw(request.as_bytes()).await.body, "STATUS_WAIT_CODE");
    bridge.stop().await;
}
