//! Several listeners, of both families, and what is spoken at each and under each name.

use std::net::SocketAddr;

use smsbridge::server::DIALECT_PATH;

use super::{ASK, BALANCE, BOTH, asked, request};
use crate::harness::{Bridge, raw, tls};

/// Whether this machine has IPv6.
fn has_ipv6() -> bool {
    let has = std::net::TcpListener::bind("[::1]:0").is_ok();
    if !has {
        crate::harness::skip("this machine has no IPv6");
    }
    has
}

#[tokio::test]
async fn there_may_be_several_of_each_family() {
    let six = if has_ipv6() { ", \"[::1]:0\"" } else { "" };
    let two = format!("[\"127.0.0.1:0\", \"127.0.0.2:0\"{six}]");
    let names = "allow_hosts = [\"api.sms-activate.org\"]";
    let bridge = Bridge::start(&format!("[server]\nlisten = {two}\nlisten_tls = {two}\n{names}\n")).await;
    let (plain, secure) = bridge.addrs.split_at(bridge.addrs.len() / 2);
    for addr in plain {
        let answer = raw(*addr, request("localhost", "Connection: close\r\n").as_bytes()).await;
        assert_eq!(answer.body, BALANCE, "{addr}");
    }
    for addr in secure {
        assert!(asked(*addr, tls::client(BOTH)).await.ends_with(BALANCE), "{addr}");
    }
    bridge.stop().await;
}

/// Every address of both families at one port, as software expects that asks at 443.
#[tokio::test]
async fn wildcards_of_both_families_stand_side_by_side() {
    if !has_ipv6() {
        return;
    }
    // A port that is free now; somebody else may take it, but seldom.
    let port = std::net::TcpListener::bind("0.0.0.0:0").unwrap().local_addr().unwrap().port();
    let listen = format!(
        "[server]\nlisten = [\"127.0.0.1:0\"]\nlisten_tls = [\"0.0.0.0:{port}\", \"[::]:{port}\"]\nallow_hosts = [\"api.sms-activate.org\"]\n"
    );
    let bridge = Bridge::start(&listen).await;
    for text in ["127.0.0.1", "[::1]"] {
        let addr: SocketAddr = format!("{text}:{port}").parse().unwrap();
        assert!(asked(addr, tls::client(BOTH)).await.ends_with(BALANCE), "{text}");
    }
    bridge.stop().await;
}

/// A name's flavour goes above a listener's, and both hold over TLS as without.
#[tokio::test]
async fn flavours_are_spoken_by_name_and_by_listener() {
    // Port 0 would be the address of both: the one for HTTPS is another of this machine's.
    let toml = "[server]\nlisten = [\"127.0.0.1:0\"]\nlisten_tls = [\"127.0.0.2:0\"]\nallow_hosts = [\"api.sms-activate.org\"]\n\
         [dialect.listeners]\n\"127.0.0.2:0\" = \"sms-service-online\"\n\
         [dialect.hosts]\n\"sms-activate.ru\" = \"sms-activate\"\n\"sms-service-online.com\" = \"sms-service-online\"\n";
    let bridge = Bridge::start(toml).await;
    for (host, secure, plain) in [
        ("api.sms-activate.org", "1000.00", BALANCE),
        ("sms-activate.ru", BALANCE, BALANCE),
        ("SMS-activate.ru:443", BALANCE, BALANCE),
        ("sms-service-online.com", "1000.00", "1000.00"),
    ] {
        let sent =
            format!("GET {DIALECT_PATH}?{ASK}&lang=ru HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let answer = tls::raw(bridge.addrs[1], tls::client(BOTH), &sent).await;
        assert!(answer.ends_with(&format!("\r\n\r\n{secure}")), "{host}: {answer}");
        assert_eq!(raw(bridge.addr, sent.as_bytes()).await.body, plain, "{host}");
    }
    bridge.stop().await;
}

#[tokio::test]
async fn a_foreign_name_is_refused_over_tls_too() {
    let (bridge, addr) = super::bridge("").await;
    // Whatever the handshake was for: the request says what is asked.
    for host in ["example.com", "evil.example:443"] {
        let answer = tls::raw(addr, tls::client(BOTH), &request(host, "Connection: close\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 403 ") && answer.contains("allow_hosts"), "{answer}");
    }
    bridge.stop().await;
}
