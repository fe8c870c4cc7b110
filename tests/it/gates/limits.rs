//! How long a request may be, and how long it may take.

use std::time::Duration;

use smsbridge::clock::MovableClock;
use smsbridge::config::LimitsConfig;
use smsbridge::server::{DIALECT_PATH, Turned};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{ASK, BALANCE, kept, until_closed};
use crate::harness::Bridge;

/// Soon enough for a test, which waits for real connections to be closed.
const SOON: Duration = Duration::from_millis(60);
const NEVER: Duration = Duration::from_secs(3600);

async fn bridge(home: &TempDir, limit: impl FnOnce(&mut LimitsConfig)) -> Bridge {
    let alter = |config: &mut smsbridge::config::Config| {
        config.limits.header_timeout = NEVER;
        config.limits.body_timeout = NEVER;
        config.limits.idle_timeout = NEVER;
        limit(&mut config.limits);
    };
    Bridge::altered("", MovableClock::standing(), home.path(), alter).await
}

#[tokio::test]
async fn a_head_has_its_length() {
    let bridge = Bridge::start("[limits]\nmax_header = 1024\nmax_body = 1024\n").await;
    let with = |length: usize| {
        let head =
            format!("GET {DIALECT_PATH}?{ASK}&ref= HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        head.replace("ref=", &format!("ref={}", "x".repeat(length - head.len())))
    };
    assert_eq!(bridge.raw(with(1024).as_bytes()).await.body, BALANCE);
    assert_eq!(bridge.raw(with(1025).as_bytes()).await.status, 431);
    let many = format!("GET {DIALECT_PATH}?{ASK} HTTP/1.1\r\n{}", "x: y\r\n".repeat(200));
    assert!(until_closed(bridge.addr, &many).await.starts_with("HTTP/1.1 431 "));

    let form = |length: usize| {
        let body = format!("{ASK}&ref={}", "x".repeat(length - ASK.len() - 5));
        format!(
            "POST {DIALECT_PATH} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        )
    };
    assert_eq!(bridge.raw(form(1024).as_bytes()).await.body, BALANCE);
    assert_eq!(bridge.raw(form(1025).as_bytes()).await.status, 413);
    bridge.stop().await;
}

#[tokio::test]
async fn a_head_that_does_not_come_ends_the_connection() {
    let home = TempDir::new().unwrap();
    let bridge = bridge(&home, |limits| limits.header_timeout = SOON).await;
    for sent in ["", "GET", &kept()[..40]] {
        assert_eq!(until_closed(bridge.addr, sent).await, "", "{sent}");
    }
    assert_eq!(bridge.turned_away(Turned::Slow), 3);
    // One that dribbles is no better.
    let mut stream = TcpStream::connect(bridge.addr).await.unwrap();
    let dribble = async {
        for byte in std::iter::repeat_n(b'x', 1_000_000) {
            if stream.write_all(&[byte]).await.is_err() {
                return true;
            }
            tokio::time::sleep(SOON / 10).await;
        }
        false
    };
    assert!(tokio::time::timeout(Duration::from_secs(20), dribble).await.unwrap());
    assert_eq!(bridge.ask("action=getBalance").await, BALANCE);
    bridge.stop().await;
}

/// Clients that poll keep their connection (`WIRE.md` section 1, item 19).
#[tokio::test]
async fn a_kept_connection_is_not_held_to_the_time_of_a_head() {
    let home = TempDir::new().unwrap();
    let bridge = bridge(&home, |limits| limits.header_timeout = SOON).await;
    let mut kept_one = TcpStream::connect(bridge.addr).await.unwrap();
    for _ in 0..3 {
        kept_one.write_all(kept().as_bytes()).await.unwrap();
        let mut answer = [0; 4096];
        let read = kept_one.read(&mut answer).await.unwrap();
        assert!(String::from_utf8_lossy(&answer[..read]).ends_with(BALANCE));
        // By the time that another one is closed, so much time has passed.
        assert_eq!(until_closed(bridge.addr, "").await, "");
    }
    // But a second head that is begun is.
    kept_one.write_all(b"GET /").await.unwrap();
    assert_eq!(kept_one.read(&mut [0; 10]).await.unwrap_or(0), 0);
    bridge.stop().await;
}

#[tokio::test]
async fn a_connection_that_says_nothing_more_is_closed() {
    let home = TempDir::new().unwrap();
    let bridge = bridge(&home, |limits| limits.idle_timeout = SOON).await;
    let answer = until_closed(bridge.addr, &kept()).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with(BALANCE), "{answer}");
    assert_eq!(bridge.turned_away(Turned::Slow), 0, "that is nobody's fault");
    bridge.stop().await;
}

#[tokio::test]
async fn a_body_that_does_not_come_is_answered() {
    let home = TempDir::new().unwrap();
    let bridge = bridge(&home, |limits| limits.body_timeout = SOON).await;
    let kinds = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"];
    for kind in kinds {
        let sent = format!(
            "POST {DIALECT_PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\nContent-Length: 500\r\n\r\n{ASK}"
        );
        let answer = until_closed(bridge.addr, &sent).await;
        assert!(answer.starts_with("HTTP/1.1 408 "), "{kind}: {answer}");
    }
    assert_eq!(bridge.turned_away(Turned::Slow), 2);
    assert_eq!(bridge.ask("action=getBalance").await, BALANCE);
    bridge.stop().await;
}
