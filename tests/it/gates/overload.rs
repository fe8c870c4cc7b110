//! More than there is a place for: those within go on being answered, and the others are told at once.

use std::time::Duration;

use smsbridge::mock::{FaultPlan, Mishap};
use smsbridge::server::Turned;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{BALANCE, kept, until_closed};
use crate::harness::{Bridge, World};

/// A connection within the limit, and its next answer.
async fn answered(stream: &mut TcpStream) -> String {
    stream.write_all(kept().as_bytes()).await.unwrap();
    let mut answer = [0; 4096];
    let read = stream.read(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer[..read]).into_owned()
}

#[tokio::test]
async fn those_within_are_answered_and_the_others_told() {
    let bridge = Bridge::start("[limits]\nconnections = 3\n").await;
    let mut within = Vec::new();
    for _ in 0..3 {
        let mut stream = TcpStream::connect(bridge.addr).await.unwrap();
        assert!(answered(&mut stream).await.ends_with(BALANCE));
        within.push(stream);
    }
    let answer = until_closed(bridge.addr, &kept()).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("connection: close\r\n") && answer.ends_with("\r\n\r\nERROR_SQL"), "{answer}");
    assert!(answer.contains("\r\nx-smsbridge-detail: too many connections"), "{answer}");

    // A flood, of which some say nothing. It comes in waves, or the system would forget some that wait to be accepted,
    // and never tell them.
    for _ in 0..6 {
        let wave: Vec<_> = (0..50)
            .map(|turn| {
                let sent = if turn % 3 == 0 { String::new() } else { kept() };
                tokio::spawn(async move { until_closed(bridge.addr, &sent).await })
            })
            .collect();
        for stream in &mut within {
            assert!(answered(stream).await.ends_with(BALANCE));
        }
        for one in wave {
            let answer = one.await.unwrap();
            assert!(answer.is_empty() || answer.ends_with("ERROR_SQL"), "{answer}");
        }
    }
    for stream in &mut within {
        assert!(answered(stream).await.ends_with(BALANCE));
    }
    assert_eq!(bridge.open_connections(), 3);
    assert_eq!(bridge.turned_away(Turned::Full), 301);

    // A place that is given up is another one's.
    drop(within.pop());
    while bridge.open_connections() == 3 {
        tokio::task::yield_now().await;
    }
    assert_eq!(bridge.ask("action=getBalance").await, BALANCE);
    drop(within);
    bridge.stop().await;
}

#[tokio::test]
async fn too_many_requests_at_once_are_refused_before_anything_is_done() {
    let world = World::with("vak-sms", &[], "\n[limits]\nrequests = 1\n").await;
    let upstream = world.upstream.as_ref().unwrap();
    upstream.fault(FaultPlan::once(Mishap::Latency(Duration::from_millis(400))).on("getNumber"));
    let order = world.bridge.get("action=getNumber&service=tg&country=0");
    let meanwhile = async {
        while upstream.calls("getNumber") == 0 {
            tokio::task::yield_now().await;
        }
        let mut refused = Vec::new();
        for query in ["action=getNumber&service=tg&country=0", "action=getRentList"] {
            refused.push(world.bridge.get(query).await);
        }
        refused
    };
    let (order, refused) = tokio::join!(order, meanwhile);
    assert!(order.body.starts_with("ACCESS_NUMBER:"), "{}", order.body);
    let words: Vec<_> = refused.iter().map(|answer| answer.body.as_str()).collect();
    assert_eq!(words, ["ERROR_SQL", r#"{"status":"error","message":"SQL_ERROR"}"#]);
    for answer in &refused {
        assert!(answer.header("x-smsbridge-detail").unwrap().contains("[limits] requests"));
    }
    assert_eq!(world.bridge.turned_away(Turned::Busy), 2);
    assert_eq!(upstream.orders(), 1);
    assert!(world.bridge.ask("action=getBalance").await.starts_with("ACCESS_BALANCE:"));
    world.end().await;
}
