//! SIGTERM and Ctrl-C: what is in flight is finished, what was bought is settled, the ledger is closed, and
//! the exit code says that all is well.

use std::path::Path;
use std::time::{Duration, Instant};

use smsbridge::mock::{FaultPlan, Mishap, Running};
use smsbridge::server::DIALECT_PATH;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::child::{ORDER, Program, Served, attempt, bought};
use super::rows::rows;
use super::upstream;

/// Long enough for a signal to arrive meanwhile.
const SLOW: Duration = Duration::from_millis(600);

/// Longer than anybody waits here, and less than the time-out of a call.
const ENDLESS: Duration = Duration::from_secs(12);

/// Less than a request's head may take to come.
const HALF: Duration = Duration::from_secs(8);

/// A server at whose stand-in an order takes long.
async fn slow_market(home: &Path, mishap: Mishap) -> (Running, Served) {
    let upstream = upstream::start("vak-sms").await;
    upstream::configure_with_key(home, "vak-sms", &upstream);
    upstream.fault(FaultPlan::once(mishap).on("getNumber"));
    let served = Program::within(home).serve().await;
    (upstream, served)
}

/// One purchase, settled, in a ledger that was closed in order.
fn one_settled(home: &Path) -> (i64, String) {
    assert!(!home.join("smsbridge.db-wal").exists(), "the ledger was not closed");
    let rows = rows(home);
    assert!(rows.len() == 1 && rows[0].is_settled(), "{rows:?}");
    (rows[0].id, rows[0].phone.clone().unwrap())
}

#[tokio::test]
async fn a_purchase_in_flight_is_answered_before_the_end() {
    for (signal, mishap) in [("TERM", Mishap::Latency(SLOW)), ("INT", Mishap::LateAnswer(SLOW))] {
        let home = TempDir::new().unwrap();
        let (upstream, served) = slow_market(home.path(), mishap).await;
        let addr = served.addr;
        let order = tokio::spawn(async move { attempt(addr, ORDER).await });
        upstream::asked(&upstream, &["getNumber"], 1).await;
        served.child.signal(signal);
        let answer = order.await.unwrap().unwrap_or_else(|| panic!("{signal}: no answer"));
        let told = bought(&answer).unwrap_or_else(|| panic!("{signal}: {answer}"));
        let ended = served.child.end().await;
        assert_eq!(ended.code, Some(0), "{signal}: {}", ended.stderr);
        assert_eq!(one_settled(home.path()), told, "{signal}");
        assert_eq!(upstream.market().totals().purchases, 1, "{signal}");
        let again = Program::within(home.path()).serve().await;
        assert_eq!(again.ask(&format!("action=getStatus&id={}", told.0)).await, "STATUS_WAIT_CODE");
    }
}

/// Not only what costs money is finished.
#[tokio::test]
async fn a_question_in_flight_is_answered_before_the_end() {
    let home = TempDir::new().unwrap();
    let (upstream, served) = slow_market(home.path(), Mishap::Latency(Duration::ZERO)).await;
    upstream.fault(FaultPlan::once(Mishap::Latency(SLOW)).on("getBalance"));
    let addr = served.addr;
    let question = tokio::spawn(async move { attempt(addr, "action=getBalance").await });
    upstream::asked(&upstream, &["getBalance"], 1).await;
    served.child.signal("TERM");
    assert_eq!(question.await.unwrap().as_deref(), Some("ACCESS_BALANCE:100000.00"));
    assert_eq!(served.child.end().await.code, Some(0));
}

/// Law of money 3: a client that hangs up does not cancel a purchase half-way, nor does the end.
#[tokio::test]
async fn a_purchase_whose_client_hung_up_is_settled_before_the_end() {
    let home = TempDir::new().unwrap();
    let (upstream, served) = slow_market(home.path(), Mishap::LateAnswer(SLOW)).await;
    let mut client = TcpStream::connect(served.addr).await.unwrap();
    let request = format!("GET {DIALECT_PATH}?api_key=any&{ORDER} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    client.write_all(request.as_bytes()).await.unwrap();
    upstream::asked(&upstream, &["getNumber"], 1).await;
    drop(client);
    served.child.signal("TERM");
    let ended = served.child.end().await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let (_, phone) = one_settled(home.path());
    let again = Program::within(home.path()).serve().await;
    let active = again.ask("action=getActiveActivations").await;
    assert!(active.contains(&phone), "{active}");
}

/// Clients keep connections open, and some open them before they need them.
#[tokio::test]
async fn idle_connections_do_not_hold_up_the_end() {
    let home = TempDir::new().unwrap();
    let served = Program::within(home.path()).serve().await;
    let silent = TcpStream::connect(served.addr).await.unwrap();
    let mut half = TcpStream::connect(served.addr).await.unwrap();
    half.write_all(b"GET /stubs/handler_api.php?api_key=any&act").await.unwrap();
    let mut kept = TcpStream::connect(served.addr).await.unwrap();
    kept.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut first = [0; 12];
    kept.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    let started = Instant::now();
    served.child.signal("TERM");
    let ended = served.child.end().await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(!ended.stderr.contains("cut off"), "{}", ended.stderr);
    // What has come half is not waited for as long as a request may take to come.
    assert!(started.elapsed() < HALF, "{:?}", started.elapsed());
    drop((silent, half, kept));
}

/// The one purchase, of which nobody knows whether it was made, in a ledger that was closed in order.
fn one_unknown(home: &Path) -> i64 {
    assert!(!home.join("smsbridge.db-wal").exists(), "the ledger was not closed");
    let rows = rows(home);
    assert!(rows.len() == 1 && rows[0].stage == "unknown", "{rows:?}");
    rows[0].id
}

#[tokio::test]
async fn a_purchase_that_takes_longer_than_the_bound_is_noted_as_unknown() {
    for hangs_up in [false, true] {
        let home = TempDir::new().unwrap();
        let upstream = upstream::start("vak-sms").await;
        let more = format!("api_key = {:?}\n[server]\ndrain = \"150ms\"\n", upstream::KEY);
        upstream::configure(home.path(), "vak-sms", &upstream, &more);
        upstream.fault(FaultPlan::once(Mishap::LateAnswer(ENDLESS)).on("getNumber"));
        let served = Program::within(home.path()).serve().await;
        let addr = served.addr;
        let order = tokio::spawn(async move { attempt(addr, ORDER).await });
        upstream::asked(&upstream, &["getNumber"], 1).await;
        if hangs_up {
            order.abort();
        }
        let started = Instant::now();
        served.child.signal("TERM");
        let ended = served.child.end().await;
        assert!(started.elapsed() < ENDLESS / 2, "it was waited for");
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        assert!(ended.stderr.contains("within 150ms: it is cut off"), "{}", ended.stderr);
        let id = one_unknown(home.path());
        assert!(ended.stderr.contains(&format!("id={id}")), "{}", ended.stderr);
        assert_eq!(order.await.ok().flatten(), None, "no answer claims what nobody knows");
        let mut again = Program::within(home.path()).serve().await;
        again.child.logged("the program was stopped before the upstream answered").await;
    }
}

#[tokio::test]
async fn a_second_signal_ends_the_waiting_at_once() {
    for (first, second) in [("TERM", "TERM"), ("INT", "TERM"), ("TERM", "INT")] {
        let home = TempDir::new().unwrap();
        let (upstream, mut served) = slow_market(home.path(), Mishap::LateAnswer(ENDLESS)).await;
        let addr = served.addr;
        let order = tokio::spawn(async move { attempt(addr, ORDER).await });
        upstream::asked(&upstream, &["getNumber"], 1).await;
        served.child.signal(first);
        served.child.logged("stopping").await;
        let started = Instant::now();
        served.child.signal(second);
        let ended = served.child.end().await;
        assert!(started.elapsed() < ENDLESS / 2, "it was waited for");
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        assert!(ended.stderr.contains("asked to stop once more"), "{}", ended.stderr);
        one_unknown(home.path());
        order.abort();
    }
}

/// While what is in flight is finished, nobody else is let in; who just slipped in is served.
#[tokio::test]
async fn what_comes_while_it_stops_is_turned_away_and_buys_nothing() {
    let home = TempDir::new().unwrap();
    let (upstream, mut served) = slow_market(home.path(), Mishap::LateAnswer(SLOW * 2)).await;
    let addr = served.addr;
    let order = tokio::spawn(async move { attempt(addr, ORDER).await });
    upstream::asked(&upstream, &["getNumber"], 1).await;
    served.child.signal("TERM");
    served.child.logged("stopping").await;
    let mut bought_late = 0;
    while let Some(answer) = attempt(addr, ORDER).await {
        assert!(bought(&answer).is_some() || answer == "ERROR_SQL", "{answer}");
        bought_late += u64::from(bought(&answer).is_some());
    }
    assert!(order.await.unwrap().is_some_and(|answer| bought(&answer).is_some()));
    assert_eq!(served.child.end().await.code, Some(0));
    assert_eq!(upstream.market().totals().purchases, 1 + bought_late);
}

#[tokio::test]
async fn a_stand_in_ends_in_order_too() {
    let home = TempDir::new().unwrap();
    let mut mock = Program::within(home.path()).args(&["mock", "vak-sms", "--listen", "127.0.0.1:0"]).start();
    mock.said("stand-in for vak-sms").await;
    mock.signal("TERM");
    assert_eq!(mock.end().await.code, Some(0));
}
