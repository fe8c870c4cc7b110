//! Webhooks of the program itself: sent by its own timers, and by none lost to `kill -9`.

use std::path::Path;

use jiff::Timestamp;
use smsbridge::clock::SystemClock;
use smsbridge::ledger::sqlite::SqliteLedger;
use smsbridge::ledger::{DueQuery, Ledger};
use smsbridge::mock::Running;
use tempfile::TempDir;

use super::child::{Program, Served};
use super::upstream;
use crate::webhooks::{Answer, Receiver, until};

const CODE: &str = "730915";
const TOKEN: &str = "token-8c1f0a";

async fn start(home: &Path) -> Served {
    Program::within(home).env("RUST_LOG", "trace").serve().await
}

/// A server that sends to this receiver, and its upstream.
async fn serve(home: &Path, kind: &str, receiver: &Receiver) -> (Served, Running) {
    let upstream = upstream::start(kind).await;
    let url = receiver.url(&format!("/sms?{TOKEN}"));
    let more = format!("api_key = {:?}\n[webhooks]\nurls = [{url:?}]\nsecret = \"{TOKEN}\"\n", upstream::KEY);
    upstream::configure(home, kind, &upstream, &more);
    (start(home).await, upstream)
}

fn let_message_come(upstream: &Running, phone: &str) {
    let lot = upstream::lot_of(upstream, phone);
    upstream.market().deliver(&lot, CODE, &format!("Your code is {CODE}")).unwrap();
}

#[tokio::test]
async fn a_message_is_sent_by_itself_and_again_after_a_kill_amidst_sending() {
    for kind in ["vak-sms", "sms-activate"] {
        let home = TempDir::new().unwrap();
        let receiver = Receiver::answering(|_, before| match before {
            0 => Answer::Silence,
            _ => Answer::Status(200),
        })
        .await;
        let (served, upstream) = serve(home.path(), kind, &receiver).await;
        let (id, phone) = served.order("any").await;
        let_message_come(&upstream, &phone);
        until("the first try", async || receiver.count() == 1).await;
        let first = served.child.kill().await;

        let second = start(home.path()).await;
        until("the second try", async || receiver.count() == 2).await;
        let posts = receiver.posts(&format!("/sms?{TOKEN}"));
        assert_eq!(posts[0].body, posts[1].body, "{kind}");
        assert_eq!(posts[1].json()["activationId"], id, "{kind}");
        assert_eq!(posts[1].json()["code"], CODE, "{kind}");
        assert_eq!(second.ask(&format!("action=getStatus&id={id}")).await, format!("STATUS_OK:{CODE}"));
        let second = second.child.kill().await;
        for ended in [first, second] {
            let said = format!("{}{}", ended.stdout, ended.stderr);
            assert!(!said.contains(CODE) && !said.contains(TOKEN), "{kind}: {said}");
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_server_that_is_asked_to_stop_notes_first_what_it_is_sending() {
    let home = TempDir::new().unwrap();
    let receiver = Receiver::content().await;
    let (served, upstream) = serve(home.path(), "vak-sms", &receiver).await;
    let (_, phone) = served.order("any").await;
    let_message_come(&upstream, &phone);
    until("the message", async || receiver.count() == 1).await;
    served.child.signal("TERM");
    assert_eq!(served.child.end().await.code, Some(0));
    let url = format!("sqlite:{}", home.path().join("smsbridge.db").display());
    let ledger = SqliteLedger::open(&url, SystemClock::new()).unwrap();
    let all = DueQuery { now: Timestamp::MAX, per_address: 9, limit: 9 };
    assert_eq!(ledger.due_deliveries(all).await, Ok(Vec::new()));
}
