//! `kill -9` at any moment of a load of orders, again and again on one ledger: whatever the upstream sold is
//! in the ledger, as bought or as not known, and whoever was told an id finds it again.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use rust_decimal::Decimal;
use smsbridge::mock::{FaultPlan, Lot, Mishap, Running, hex32};
use tempfile::TempDir;
use tokio::task::JoinSet;

use super::child::{ORDER, Program, Served, attempt, bought};
use super::rows::{Row, rows};
use super::upstream;
use crate::harness::telegram;

/// The one that is killed most; what differs between the others is mapping, so a few will do.
const MOST: &str = "vak-sms";
const KILLS: u64 = 20;
const KILLS_OF_OTHERS: u64 = 3;
const CLIENTS: usize = 4;
const SEED: u64 = 20_200_101;

/// A number below `limit` that depends on the seed, the kill and what it is for.
fn draw(kill: u64, what: u64, limit: u64) -> u64 {
    u64::from_str_radix(&hex32(SEED + what, kill)[..12], 16).unwrap() % limit
}

/// Orders until the server is gone; what was sold to it.
async fn order_on(addr: SocketAddr) -> Vec<(i64, String)> {
    let mut got = Vec::new();
    while let Some(answer) = attempt(addr, ORDER).await {
        got.push(bought(&answer).unwrap_or_else(|| panic!("{answer}")));
    }
    got
}

/// Lets clients order, kills the server somewhere amidst it, and gives what the clients were told.
async fn load_and_kill(served: Served, upstream: &Running, kill: u64) -> Vec<(i64, String)> {
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        clients.spawn(order_on(served.addr));
    }
    upstream::asked(upstream, upstream.names().order, upstream.orders() + draw(kill, 0, 12)).await;
    // Where within an order it strikes is left to the moment: nothing waits for this.
    tokio::time::sleep(Duration::from_micros(draw(kill, 1, 12_000))).await;
    served.child.kill().await;
    clients.join_all().await.concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_kill_loses_a_number_or_an_id() {
    for kind in upstream::all() {
        kill_amidst_orders(kind, if kind == MOST { KILLS } else { KILLS_OF_OTHERS }).await;
    }
}

async fn kill_amidst_orders(kind: &str, kills: u64) {
    let home = TempDir::new().unwrap();
    let upstream = upstream::start(kind).await;
    upstream::configure_with_key(home.path(), kind, &upstream);
    let (country, service) = telegram(kind);
    upstream.market().set_stock(&country, &service, 1_000_000);
    // While an answer is on its way, the number is bought and the ledger does not know it yet.
    let slow = Mishap::LateAnswer(Duration::from_millis(4));
    upstream.fault(FaultPlan::once(slow).on_any(upstream.names().order).times(u32::MAX));
    let mut told: BTreeMap<i64, String> = BTreeMap::new();
    let mut doubts: BTreeSet<i64> = BTreeSet::new();

    for kill in 0..kills {
        let mut served = Program::within(home.path()).serve().await;
        for id in &doubts {
            served.child.logged(&format!("id={id} ")).await;
        }
        let newest = told.last_key_value().map_or(0, |(id, _)| *id);
        for (id, phone) in load_and_kill(served, &upstream, kill).await {
            assert!(id > newest, "kill {kill}: {id} after {newest}");
            assert_eq!(told.insert(id, phone), None, "kill {kill}: {id} was given twice");
        }
        let rows = rows(home.path());
        compare(&rows, &told, &upstream.market().lots());
        doubts = rows.iter().filter(|row| row.is_open()).map(|row| row.id).collect();
    }

    assert!(!doubts.is_empty(), "{kind}: no kill struck while an order was under way");
    assert!(told.len() > usize::try_from(kills).unwrap(), "{kind}: there was hardly any load: {told:?}");
    everything_is_known_again(home.path(), &told).await;
    assert_eq!(upstream.violations(), Vec::<String>::new(), "{kind}");
}

/// Holds the ledger against what clients were told and what the stand-in sold.
fn compare(rows: &[Row], told: &BTreeMap<i64, String>, lots: &[Lot]) {
    let settled: BTreeMap<_, _> =
        rows.iter().filter(|row| row.is_settled()).map(|row| (row.id, row)).collect();
    for (id, phone) in told {
        assert_eq!(settled[id].phone.as_ref(), Some(phone), "{id}");
    }
    let sold: BTreeMap<_, _> = lots.iter().map(|lot| (lot.id.as_str(), lot)).collect();
    let known: BTreeSet<_> = settled.values().map(|row| row.upstream_id.as_deref().unwrap()).collect();
    assert_eq!(known.len(), settled.len(), "a purchase was noted twice");
    for row in settled.values() {
        let lot = sold[row.upstream_id.as_deref().unwrap()];
        assert_eq!(row.phone.as_ref(), Some(&lot.phone), "{}", row.id);
        assert_eq!(row.price, Some(lot.price), "{}", row.id);
    }
    let open = rows.iter().filter(|row| row.is_open()).count();
    let unnoted: Vec<_> = lots.iter().filter(|lot| !known.contains(lot.id.as_str())).collect();
    assert!(unnoted.len() <= open, "{} were sold that nobody knows of; {open} are in doubt", unnoted.len());
    let spent: Decimal = lots.iter().map(|lot| lot.price).sum();
    let noted: Decimal = settled.values().filter_map(|row| row.price).sum();
    assert_eq!(noted + unnoted.iter().map(|lot| lot.price).sum::<Decimal>(), spent);
}

/// After the last start clients see what the ledger has, and nothing is under way any more.
async fn everything_is_known_again(home: &Path, told: &BTreeMap<i64, String>) {
    let served = Program::within(home).serve().await;
    for id in told.keys() {
        assert_eq!(served.ask(&format!("action=getStatus&id={id}")).await, "STATUS_WAIT_CODE");
    }
    let list: serde_json::Value =
        serde_json::from_str(&served.ask("action=getActiveActivations").await).unwrap();
    let active = list["activeActivations"].as_array().unwrap().iter().map(|row| {
        let text = |name: &str| row[name].as_str().unwrap().to_owned();
        (text("activationId").parse().unwrap(), text("phoneNumber"))
    });
    let active: BTreeMap<i64, String> = active.collect();
    let rows = rows(home);
    // What was found later, nobody was told of: it is given back.
    let settled = rows.iter().filter(|row| row.is_settled() && !row.unwanted);
    assert_eq!(active, settled.map(|row| (row.id, row.phone.clone().unwrap())).collect());
    assert!(rows.iter().all(|row| row.stage != "intended"), "{rows:?}");
}
