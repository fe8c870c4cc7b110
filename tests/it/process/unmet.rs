//! `kill -9` between an order whose client hung up and the same order again: the number is handed out, and once.

use std::time::Duration;

use smsbridge::mock::{FaultPlan, Mishap};
use smsbridge::server::DIALECT_PATH;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::child::{ORDER, Program};
use super::upstream;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_received_is_handed_out_after_a_kill_and_only_once() {
    for kind in ["vak-sms", "sms-activate"] {
        let home = TempDir::new().unwrap();
        let upstream = upstream::start(kind).await;
        upstream::configure_with_key(home.path(), kind, &upstream);
        let slow = Mishap::LateAnswer(Duration::from_millis(300));
        upstream.fault(FaultPlan::once(slow).on_any(upstream.names().order));
        let served = Program::within(home.path()).serve().await;
        let mut stream = TcpStream::connect(served.addr).await.unwrap();
        let request =
            format!("GET {DIALECT_PATH}?api_key=any&{ORDER} HTTP/1.1\r\nHost: {}\r\n\r\n", served.addr);
        stream.write_all(request.as_bytes()).await.unwrap();
        upstream::asked(&upstream, upstream.names().order, 1).await;
        drop(stream);
        while served.ask("action=getHistory").await == "[]" {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        served.child.kill().await;

        let served = Program::within(home.path()).serve().await;
        let (_, phone) = served.order("any").await;
        let lots = upstream.market().lots();
        assert_eq!((lots.len(), &lots[0].phone), (1, &phone), "{kind}");
        served.child.kill().await;

        let served = Program::within(home.path()).serve().await;
        assert_ne!(served.order("any").await.1, phone, "{kind}");
        assert_eq!(upstream.market().lots().len(), 2, "{kind}");
        served.child.kill().await;
    }
}
