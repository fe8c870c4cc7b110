//! `kill -9` and a new start on the same ledger, with activations in every state: nothing is forgotten, and
//! nothing is bought, told or charged twice.

use std::path::Path;
use std::time::Duration;

use rust_decimal::Decimal;
use smsbridge::mock::{FaultPlan, Mishap, Running};
use tempfile::TempDir;

use super::child::{Program, Served, attempt};
use super::rows::{Row, rows};
use super::upstream;
use crate::harness::hides_old_codes;

/// A server, its stand-in, and the two questions that are asked of both.
struct Scene {
    upstream: Running,
    served: Served,
    kind: &'static str,
}

impl Scene {
    async fn expect(&self, query: &str, answer: &str) {
        assert_eq!(self.served.ask(query).await, answer, "{} {query}", self.kind);
    }

    async fn expect_status(&self, id: i64, status: &str) {
        self.expect(&format!("action=getStatus&id={id}"), status).await;
    }

    async fn set(&self, id: i64, status: &str, answer: &str) {
        self.expect(&format!("action=setStatus&id={id}&status={status}"), answer).await;
    }

    fn deliver(&self, phone: &str, code: &str) {
        let lot = upstream::lot_of(&self.upstream, phone);
        self.upstream.market().deliver(&lot, code, &format!("Your code is {code}")).unwrap();
    }

    /// Kills the server, lets `meanwhile` happen, and starts it again.
    async fn crash(self, home: &Path, meanwhile: impl FnOnce(&Running)) -> Self {
        let Self { upstream, served, kind } = self;
        served.child.kill().await;
        meanwhile(&upstream);
        Self { upstream, served: Program::within(home).serve().await, kind }
    }
}

#[tokio::test]
async fn every_activation_is_where_it_was() {
    for kind in upstream::all() {
        let home = TempDir::new().unwrap();
        let upstream = upstream::start(kind).await;
        upstream::configure_with_key(home.path(), kind, &upstream);
        let scene = Scene { upstream, served: Program::within(home.path()).serve().await, kind };

        let (read, read_phone) = scene.served.order("any").await;
        let (retry, retry_phone) = scene.served.order("any").await;
        let (waiting, waiting_phone) = scene.served.order("any").await;
        let (cancelled, _) = scene.served.order("any").await;
        let (finished, finished_phone) = scene.served.order("any").await;
        for (id, phone, code) in
            [(read, &read_phone, "1111"), (retry, &retry_phone, "2222"), (finished, &finished_phone, "3333")]
        {
            scene.deliver(phone, code);
            scene.expect_status(id, &format!("STATUS_OK:{code}")).await;
        }
        scene.set(retry, "3", "ACCESS_RETRY_GET").await;
        scene.expect_status(retry, "STATUS_WAIT_RETRY:2222").await;
        scene.expect_status(waiting, "STATUS_WAIT_CODE").await;
        scene.set(cancelled, "8", "ACCESS_CANCEL").await;
        scene.set(finished, "6", "ACCESS_ACTIVATION").await;

        let told = scene.upstream.changes();
        let scene = scene.crash(home.path(), |_| ()).await;
        scene.expect_status(read, "STATUS_OK:1111").await;
        scene.expect_status(retry, "STATUS_WAIT_RETRY:2222").await;
        scene.expect_status(waiting, "STATUS_WAIT_CODE").await;
        scene.expect_status(cancelled, "STATUS_CANCEL").await;
        scene.expect_status(finished, "STATUS_OK:3333").await;
        // Who lost the answer asks again and gets it; asked for twice, another message costs twice.
        scene.set(retry, "3", "ACCESS_RETRY_GET").await;
        scene.set(cancelled, "8", "ACCESS_CANCEL").await;
        assert_eq!(scene.upstream.changes(), told, "{kind}");

        // The next messages come while nobody is there; one of them has the code of the last.
        let again = if hides_old_codes(kind) { "2222" } else { "6666" };
        let messages = [(&waiting_phone, "4444"), (&retry_phone, again)];
        let scene = scene
            .crash(home.path(), |upstream| {
                for (phone, code) in messages {
                    let lot = upstream::lot_of(upstream, phone);
                    upstream.market().deliver(&lot, code, &format!("Your code is {code}")).unwrap();
                }
            })
            .await;
        scene.expect_status(waiting, "STATUS_OK:4444").await;
        scene.expect_status(retry, &format!("STATUS_OK:{again}")).await;
        scene.set(read, "3", "ACCESS_RETRY_GET").await;
        scene.expect_status(read, "STATUS_WAIT_RETRY:1111").await;
        scene.deliver(&read_phone, "5555");
        scene.expect_status(read, "STATUS_OK:5555").await;
        scene.set(retry, "6", "ACCESS_ACTIVATION").await;

        let (newest, _) = scene.served.order("any").await;
        assert!(newest > [read, retry, waiting, cancelled, finished].into_iter().max().unwrap(), "{kind}");
        assert_eq!(scene.upstream.violations(), Vec::<String>::new(), "{kind}");
        the_money_is_accounted_for(&scene, home.path()).await;
    }
}

/// The upstream took a number back, and the server was gone before it heard so.
#[tokio::test]
async fn a_cancellation_cut_in_half_is_seen_after_the_crash() {
    for kind in upstream::all() {
        let home = TempDir::new().unwrap();
        let upstream = upstream::start(kind).await;
        upstream::configure_with_key(home.path(), kind, &upstream);
        let scene = Scene { upstream, served: Program::within(home.path()).serve().await, kind };
        let (id, _) = scene.served.order("any").await;
        let slow = Mishap::LateAnswer(Duration::from_secs(10));
        let changes = scene.upstream.names().change;
        scene.upstream.fault(FaultPlan::once(slow).on_any(changes));
        let addr = scene.served.addr;
        let cancel = format!("action=setStatus&id={id}&status=8");
        let cancelling = tokio::spawn(async move { attempt(addr, &cancel).await });
        upstream::asked(&scene.upstream, changes, 1).await;
        let scene = scene.crash(home.path(), |_| ()).await;
        assert_eq!(cancelling.await.unwrap(), None, "{kind}: nobody was told of it");
        scene.expect_status(id, "STATUS_CANCEL").await;
        scene.set(id, "8", "ACCESS_CANCEL").await;
        scene.expect("action=getBalance", "ACCESS_BALANCE:100000.00").await;
        let active = scene.served.ask("action=getActiveActivations").await;
        assert_eq!(active, r#"{"status":"error","error":"NO_ACTIVATIONS"}"#, "{kind}");
        assert_eq!(scene.upstream.violations(), Vec::<String>::new(), "{kind}");
    }
}

/// What is gone from the account is what the ledger says was bought and not given back.
async fn the_money_is_accounted_for(scene: &Scene, home: &Path) {
    let totals = scene.upstream.market().totals();
    scene.expect("action=getBalance", &format!("ACCESS_BALANCE:{:.2}", totals.balance)).await;
    let rows = rows(home);
    assert_eq!(rows.len(), 6, "{rows:?}");
    assert!(rows.iter().all(Row::is_settled), "{rows:?}");
    let kept = rows.iter().filter(|row| row.state.as_deref() != Some("cancelled"));
    let paid: Decimal = kept.map(|row| row.price.unwrap()).sum();
    assert!(paid > Decimal::ZERO);
    assert_eq!(paid, totals.credited - totals.balance);
}
