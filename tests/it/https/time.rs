//! How long a handshake may take, how many there may be, and what becomes of those under way at the end.

use std::time::Duration;

use smsbridge::clock::MovableClock;
use smsbridge::mock::{FaultPlan, Mishap};
use smsbridge::server::{DIALECT_PATH, Turned};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{BALANCE, BOTH, LISTEN, asked, bridge, request};
use crate::harness::{Bridge, World, tls};

const SOON: Duration = Duration::from_millis(60);

/// Reads to the end, which has to come by itself.
async fn end_of(mut stream: impl AsyncReadExt + Unpin) -> Vec<u8> {
    let mut rest = Vec::new();
    // A reset is an end too.
    let _ = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut rest)).await.unwrap();
    rest
}

/// A handshake has the time of a head, and the first head what is left of it.
#[tokio::test]
async fn a_handshake_is_waited_for_as_a_head_is() {
    let home = TempDir::new().unwrap();
    let slow = |config: &mut smsbridge::config::Config| config.limits.header_timeout = SOON;
    let bridge = Bridge::altered(LISTEN, MovableClock::standing(), home.path(), slow).await;
    let addr = bridge.addrs[1];
    // Nothing, the beginning of a record, and bytes that dribble.
    for sent in [&b""[..], b"\x16\x03\x01\x02\x00", b"\x16"] {
        let mut stream = TcpStream::connect(addr).await.unwrap();
        stream.write_all(sent).await.unwrap();
        end_of(stream).await;
    }
    // One that says nothing after the handshake.
    let stream = tls::connect(addr, tls::client(BOTH)).await.unwrap();
    assert_eq!(end_of(stream).await, b"");
    assert_eq!(bridge.turned_away(Turned::Slow), 4);
    bridge.stop().await;
}

/// A connection has its place before the handshake, and who has none is closed at once.
#[tokio::test]
async fn a_connection_has_a_place_before_its_handshake() {
    let (bridge, addr) = bridge("[limits]\nconnections = 2\n").await;
    let silent = TcpStream::connect(addr).await.unwrap();
    let mut within = tls::connect(addr, tls::client(BOTH)).await.unwrap();
    assert_eq!(bridge.open_connections(), 2);
    for _ in 0..3 {
        let error = tls::connect(addr, tls::client(BOTH)).await.map(drop);
        assert!(error.is_err(), "there is no place for a third");
    }
    assert_eq!(bridge.turned_away(Turned::Full), 3);
    within.write_all(request(tls::NAME, "Connection: close\r\n").as_bytes()).await.unwrap();
    assert!(String::from_utf8(end_of(within).await).unwrap().ends_with(BALANCE));
    drop(silent);
    while bridge.open_connections() > 0 {
        tokio::task::yield_now().await;
    }
    assert!(asked(addr, tls::client(BOTH)).await.ends_with(BALANCE));
    bridge.stop().await;
}

#[tokio::test]
async fn what_is_in_flight_is_answered_before_the_end() {
    // Longer than the end may take, so that no handshake is over by itself.
    let patient = "[limits]\nheader_timeout = \"5m\"\n";
    let world = World::with("vak-sms", &[], &format!("\n{LISTEN}{patient}")).await;
    let addr = world.bridge.addrs[1];
    let upstream = world.upstream.as_ref().unwrap();
    upstream.fault(FaultPlan::once(Mishap::Latency(Duration::from_millis(300))).on("getNumber"));
    let order = format!(
        "GET {DIALECT_PATH}?api_key=any&action=getNumber&service=tg&country=0 HTTP/1.1\r\nHost: localhost\r\n\r\n"
    );
    let order = tokio::spawn(async move { tls::raw(addr, tls::client(BOTH), &order).await });
    // Two that hold up nothing: one that waits for a next request, one in the middle of its handshake.
    let idle = tls::connect(addr, tls::client(BOTH)).await.unwrap();
    let mut half = TcpStream::connect(addr).await.unwrap();
    half.write_all(b"\x16\x03\x01").await.unwrap();
    while upstream.calls("getNumber") == 0 {
        tokio::task::yield_now().await;
    }
    let ended = tokio::time::timeout(Duration::from_secs(10), world.bridge.stop()).await;
    assert!(ended.is_ok(), "the end was held up");
    let answer = order.await.unwrap();
    assert!(answer.contains("\r\n\r\nACCESS_NUMBER:"), "{answer}");
    drop((idle, half));
}
