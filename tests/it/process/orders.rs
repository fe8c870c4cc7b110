//! `smsbridge orders`, beside a running server and after it; and what a killed one left in doubt, settled by the next.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use smsbridge::mock::{FaultPlan, LotState, Mishap, Running};
use tempfile::TempDir;

use super::child::{ORDER, Program, Served, attempt};
use super::rows::rows;
use super::upstream;

async fn orders(home: &Path, args: &[&str]) -> String {
    let ended = Program::within(home).args(&["orders"]).args(args).end().await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{args:?}");
    ended.stdout
}

async fn json(home: &Path, args: &[&str]) -> Value {
    serde_json::from_str(&orders(home, args).await).unwrap()
}

/// Kills a server while the answer to an order is on its way, and starts it again.
async fn kill_amidst_an_order(home: &Path, upstream: &Running) -> Served {
    let served = Program::within(home).serve().await;
    served.order("any").await;
    let orders = upstream.names().order;
    upstream.fault(FaultPlan::once(Mishap::LateAnswer(Duration::from_secs(10))).on_any(orders));
    let before = upstream.calls_of(orders);
    let addr = served.addr;
    let ordering = tokio::spawn(async move { attempt(addr, ORDER).await });
    upstream::asked(upstream, orders, before + 1).await;
    served.child.kill().await;
    assert_eq!(ordering.await.unwrap(), None);
    Program::within(home).serve().await
}

#[tokio::test]
async fn what_is_in_doubt_is_listed_whether_or_not_the_server_runs() {
    let home = TempDir::new().unwrap();
    let upstream = upstream::start("vak-sms").await;
    upstream::configure_with_key(home.path(), "vak-sms", &upstream);
    let served = kill_amidst_an_order(home.path(), &upstream).await;
    let price = upstream.market().lots()[1].price;
    let running = json(home.path(), &["--unknown", "--json"]).await;
    assert_eq!(running["count"], 1, "{running}");
    let order = &running["orders"][0];
    assert_eq!(
        (&order["provider"], &order["what"], &order["owner"]),
        (&"main".into(), &"tg".into(), &"*".into())
    );
    assert_eq!((&order["kind"], &order["stage"]), (&"number".into(), &"unknown".into()), "{order}");
    let at_stake = running["at_stake"]["RUB"].as_str().unwrap();
    assert_eq!(at_stake.parse(), Ok(price), "{running}");
    // The server is not disturbed, nor are others.
    let (_, phone) = served.order("any").await;
    let all = orders(home.path(), &[]).await;
    assert_eq!(all.lines().filter(|line| line.contains("  number tg in 0  ")).count(), 3, "{all}");
    assert!(!all.contains(&phone) && all.contains(&phone[phone.len() - 4..]), "{all}");
    served.child.kill().await;
    assert_eq!(json(home.path(), &["--unknown", "--json"]).await, running);
    let text = orders(home.path(), &["--unknown"]).await;
    assert!(text.ends_with(&format!("in doubt: 1, at stake: {at_stake} RUB\n")), "{text}");
    assert_eq!(json(home.path(), &["--json", "--limit", "1"]).await["count"], 1);
}

#[tokio::test]
async fn without_a_ledger_there_is_nothing_to_list_and_none_is_made() {
    let home = TempDir::new().unwrap();
    let ended = Program::within(home.path()).args(&["orders"]).end().await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
    assert!(ended.stderr.contains("there is no ledger yet"), "{}", ended.stderr);
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_number_that_a_killed_server_had_bought_is_found_and_given_back() {
    let home = TempDir::new().unwrap();
    let upstream = upstream::start("sms-activate").await;
    upstream::configure_with_key(home.path(), "sms-activate", &upstream);
    let served = kill_amidst_an_order(home.path(), &upstream).await;
    let given_back = async {
        while upstream.market().lots()[1].state != LotState::Cancelled {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), given_back).await.expect("it is not given back");
    assert_eq!(orders(home.path(), &["--unknown"]).await, "no purchase is in doubt\n");
    served.child.kill().await;
    let rows = rows(home.path());
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row.is_settled()), "{rows:?}");
    assert_eq!(rows[1].upstream_id.as_ref(), Some(&upstream.market().lots()[1].id));
    assert_eq!(upstream.orders(), 2);
    assert_eq!(upstream.violations(), Vec::<String>::new());
}
