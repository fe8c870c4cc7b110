//! `kill -9` at any moment of a day's work, again and again on one ledger, with an upstream that fails in every way
//! meanwhile: whatever the upstream sold is in the ledger, as bought or as not known, the money is the same on both
//! sides, and every word that a client was told holds.
//!
//! | file | what is in it |
//! |---|---|
//! | `site` | the stand-in, the server's folder, the receiver of messages |
//! | `load`, `chance` | what clients do, and what befalls the upstream |
//! | `told`, `judge` | what clients were told, and whether all of it is so |
//! | `last` | the last start, after which nothing is left undecided |
//! | `soak` | the same for many minutes, by hand |

mod chance;
mod judge;
mod last;
mod load;
mod site;
mod soak;
mod told;

use std::sync::Arc;
use std::time::Duration;

use smsbridge::mock::hex32;
use tokio::task::JoinSet;

use super::child::Served;
use super::upstream;
use chance::Calls;
use load::Client;
use site::{CLIENTS, Site};

/// The one that is killed most; what differs between the others is mapping, so fewer will do.
const MOST: &str = "vak-sms";
const KILLS: u64 = 80;
const KILLS_OF_OTHERS: u64 = 25;

/// Another seed than the usual one, to repeat a run that failed.
const SEED: &str = "SMSBRIDGE_TEST_SEED";

/// The seed of this run.
fn seed() -> u64 {
    std::env::var(SEED).ok().and_then(|text| text.parse().ok()).unwrap_or(20_200_101)
}

/// A number below `limit` that depends on the seed, the kill and what it is for.
fn draw(kill: u64, what: u64, limit: u64) -> u64 {
    u64::from_str_radix(&hex32(seed() + what, kill)[..12], 16).unwrap() % limit
}

/// Each kind on its own, side by side: most of the time each waits for its processes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_kill_loses_doubles_or_belies_anything() {
    for kind in upstream::all() {
        kill_amidst_work(kind, if kind == MOST { KILLS } else { KILLS_OF_OTHERS }).await;
    }
}

async fn kill_amidst_work(kind: &'static str, kills: u64) {
    let site = Arc::new(Site::of(kind, "").await);
    let mut clients = clients(&site, 9);
    for kill in 0..kills {
        let served = site.serve().await;
        clients = work_and_kill(&site, clients, served, kill).await;
    }
    let verdict = last::settle(&site).await;
    let words = site.told.words();
    assert!(verdict.wrong.is_empty(), "{kind}, seed {}: {:#?}", seed(), verdict.wrong);
    let enough = usize::try_from(kills).unwrap();
    assert!(words.bought.len() > enough && words.hang_ups > 0, "{kind}: there was hardly any load");
    assert!(!words.cancelled.is_empty() && !words.codes.is_empty(), "{kind}: {verdict:?}");
}

fn clients(site: &Arc<Site>, hangs_up: usize) -> Vec<Client> {
    (0..CLIENTS).map(|number| Client::new(number, site, seed(), hangs_up)).collect()
}

/// Lets clients work while things go wrong, and kills the server somewhere amidst it.
async fn work_and_kill(site: &Arc<Site>, clients: Vec<Client>, served: Served, kill: u64) -> Vec<Client> {
    let addr = served.addr;
    let mut around = JoinSet::new();
    around.spawn(chance::deliver(Arc::clone(site), draw(kill, 2, u64::MAX), Duration::from_millis(3)));
    let pause = Duration::from_millis(15);
    around.spawn(chance::trouble(Arc::clone(site), draw(kill, 3, u64::MAX), pause, Calls::All));
    let mut working = JoinSet::new();
    for mut client in clients {
        working.spawn(async move {
            client.work(addr, usize::MAX).await;
            client
        });
    }
    let until = site.told.words().requests + draw(kill, 0, 60);
    while site.told.words().requests < until {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    // Where within a call it strikes is left to the moment: nothing waits for this.
    tokio::time::sleep(Duration::from_micros(draw(kill, 1, 12_000))).await;
    served.child.kill().await;
    let clients = working.join_all().await;
    around.shutdown().await;
    clients
}
