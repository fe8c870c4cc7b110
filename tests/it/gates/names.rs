//! Under which names a listener answers: DNS rebinding leads a page's own name to this machine, and `Host` shows it.

use smsbridge::clock::MovableClock;
use smsbridge::server::{DIALECT_PATH, Turned};

use super::{ASK, BALANCE};
use crate::harness::{Bridge, Response};

async fn under(bridge: &Bridge, head: &str) -> Response {
    let target = format!("{DIALECT_PATH}?{ASK}");
    bridge.raw(format!("GET {target} HTTP/1.1\r\n{head}Connection: close\r\n\r\n").as_bytes()).await
}

const EVIL: [&str; 14] = [
    "evil.example",
    "evil.example:8080",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "sms-activate.ru.evil.example",
    "evilsms-activate.ru",
    // Whoever owns these next may lead them to this machine.
    "api.sms-activate.org",
    "foo.localhost",
    // Browsers lead these to this machine, and do not say which page asks.
    "0.0.0.0:8080",
    "[::]:8080",
    "[::ffff:127.0.0.1]:8080",
    "10.0.0.1",
    "not a name",
    "localhost, evil.example",
];

#[tokio::test]
async fn a_loopback_listener_answers_under_its_own_names_only() {
    let bridge = Bridge::start("").await;
    for host in EVIL {
        let response = under(&bridge, &format!("Host: {host}\r\n")).await;
        assert_eq!(response.status, 403, "{host}");
        let way = if host.starts_with("api.") { "smsbridge redirect on" } else { "allow_hosts" };
        assert!(response.body.contains(way), "{}", response.body);
    }
    assert_eq!(bridge.turned_away(Turned::Host), EVIL.len() as u64);
    let own = ["localhost", "LocalHost:8080", "localhost.", "127.0.0.1:1", "127.8.9.1", "[::1]:8080", ""];
    for host in own {
        assert_eq!(under(&bridge, &format!("Host: {host}\r\n")).await.body, BALANCE, "{host}");
    }
    // Old clients say no name; every browser does.
    assert_eq!(under(&bridge, "").await.body, BALANCE);
    bridge.stop().await;
}

#[tokio::test]
async fn every_name_that_is_named_counts() {
    let bridge = Bridge::start("").await;
    let ask = async |target: &str, hosts: &str| {
        let sent = format!("GET {target}{DIALECT_PATH}?{ASK} HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n");
        bridge.raw(sent.as_bytes()).await.status
    };
    assert_eq!(ask("http://localhost", "Host: localhost\r\n").await, 200);
    assert_eq!(ask("http://evil.example", "Host: localhost\r\n").await, 403);
    assert_eq!(ask("http://localhost", "Host: evil.example\r\n").await, 403);
    assert_eq!(ask("", "Host: localhost\r\nHost: evil.example\r\n").await, 403);
    // Nothing at all is told, and nothing is bought.
    for path in ["/", "/healthz", "/stubs/handler_api"] {
        let sent = format!("GET {path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
        assert_eq!(bridge.raw(sent.as_bytes()).await.status, 403, "{path}");
    }
    let order = "POST /stubs/handler_api.php?api_key=any&action=getNumber&service=tg HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    assert_eq!(bridge.raw(order.as_bytes()).await.status, 403);
    assert_eq!(bridge.ask("action=getHistory").await, "[]");
    bridge.stop().await;
}

/// In containers, on a network of one's own, and of the world.
const NETWORK: [&str; 11] = [
    "localhost",
    "smsbridge",
    "smsbridge:8080",
    "10.0.0.5",
    "[fd00::5]:8080",
    "nas.local",
    "smsbridge.default.svc.cluster.local",
    "sms.example.com",
    "example.com",
    "local.example.com",
    "notlocal.alien",
];

/// Whoever asks under a name that nobody configured is no client that acts on words of the dialect, but somebody who
/// wonders why.
#[tokio::test]
async fn a_foreign_name_is_answered_with_what_would_let_it_in() {
    let bridge = Bridge::start("").await;
    let response = under(&bridge, "Host: sms.example.com:8080\r\n").await;
    assert_eq!(response.header("content-type"), Some("text/plain; charset=utf-8"));
    for part in ["\"sms.example.com\"", "allow_hosts", "[dialect.hosts]", "[redirect]"] {
        assert!(response.body.contains(part), "{part}: {}", response.body);
    }
    let odd = under(&bridge, "Host: <script>alert(1)</script>\r\n").await;
    assert!(odd.status == 403 && !odd.body.contains("script"), "{}", odd.body);
    bridge.stop().await;
}

/// While the hosts file leads a name here, no page of another machine can have it.
#[tokio::test]
async fn a_legacy_name_is_answered_while_the_hosts_file_leads_it_here() {
    let folder = tempfile::tempdir().unwrap();
    let hosts = folder.path().join("hosts");
    let toml = "[redirect]\nhosts = [\"smshub.org\"]\n";
    let bridge = Bridge::over(toml, MovableClock::standing(), folder.path()).await;
    let seen = async || {
        let mut seen = Vec::new();
        for host in ["api.sms-activate.org:443", "SMSHUB.org", "evil.example"] {
            seen.push(under(&bridge, &format!("Host: {host}\r\n")).await.status);
        }
        seen
    };
    assert_eq!(seen().await, [403, 403, 403]);
    std::fs::write(&hosts, "127.0.0.1 api.sms-activate.org smshub.org evil.example\n").unwrap();
    assert_eq!(seen().await, [200, 200, 403]);
    std::fs::write(&hosts, "127.0.0.1 smshub.org\n10.0.0.1 api.sms-activate.org\n").unwrap();
    assert_eq!(seen().await, [403, 200, 403]);
    // A page is a page under whatever name it asks.
    let page = "Host: smshub.org\r\nOrigin: http://evil.example\r\n";
    assert_eq!(under(&bridge, page).await.status, 403);
    assert_eq!(under(&bridge, "Host: smshub.org\r\nSec-Fetch-Site: cross-site\r\n").await.status, 403);
    std::fs::remove_file(&hosts).unwrap();
    assert_eq!(seen().await, [403, 403, 403]);
    bridge.stop().await;
}

#[tokio::test]
async fn names_can_be_added() {
    let toml = "[server]\nlisten = [\"127.0.0.1:0\"]\nallow_hosts = [\"Proxy.example\"]\n[dialect.hosts]\n\"Sms-man.example\" = \"sms-activate\"\n";
    let bridge = Bridge::start(toml).await;
    for (host, status) in [
        ("proxy.example:80", 200),
        ("PROXY.EXAMPLE", 200),
        ("sms-man.example", 200),
        ("localhost", 200),
        ("www.proxy.example", 403),
    ] {
        assert_eq!(under(&bridge, &format!("Host: {host}\r\n")).await.status, status, "{host}");
    }
    bridge.stop().await;
}

/// Who reaches a listener of the network needs a key, and has names for it that nobody here knows; but a name that
/// anybody in the world may own is somebody's wish only if it was named.
#[tokio::test]
async fn a_listener_of_the_network_answers_under_names_of_the_network_until_some_are_named() {
    let ask = async |allow: &str| {
        let toml = format!("[server]\nlisten = [\"0.0.0.0:0\"]\n{allow}");
        let bridge = Bridge::start(&toml).await;
        let at = std::net::SocketAddr::from(([127, 0, 0, 1], bridge.addr.port()));
        let target = format!("{DIALECT_PATH}?{ASK}");
        let mut seen = Vec::new();
        for host in NETWORK {
            let sent = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            seen.push(crate::harness::raw(at, sent.as_bytes()).await.status);
        }
        bridge.stop().await;
        seen
    };
    let near = [200, 200, 200, 200, 200, 200, 200, 403, 403, 403, 403];
    assert_eq!(ask("").await, near);
    let named = [200, 403, 403, 403, 403, 403, 403, 200, 403, 403, 403];
    assert_eq!(ask("allow_hosts = [\"sms.example.com\"]\n").await, named);
    let flavoured = [200, 200, 200, 200, 200, 200, 200, 200, 403, 403, 403];
    assert_eq!(ask("[dialect.hosts]\n\"sms.example.com\" = \"smsak\"\n").await, flavoured);
    let redirected = "allow_hosts = [\"sms.example.com\"]\n[redirect]\nhosts = [\"example.com\"]\n";
    assert_eq!(ask(redirected).await[7..], [200, 200, 403, 403], "it was led here by somebody's resolver");
}
