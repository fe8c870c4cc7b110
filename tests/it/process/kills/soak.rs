//! The long run, by hand: tens of thousands of purchases over every kind with everything that goes wrong, kills
//! included, and a stretch without kills; at one kind that stretch is so long that memory must stay where it is.
//!
//! ```sh
//! cargo test --release --test it soak -- --ignored --nocapture
//! ```
//!
//! `SMSBRIDGE_SOAK_ORDERS` is how many orders are placed in all, `SMSBRIDGE_SOAK_MINUTES` how long the long stretch is,
//! `SMSBRIDGE_TEST_SEED` another run.

use std::io::Write;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::chance::Calls;
use super::judge::Verdict;
use super::last::settle;
use super::load::Client;
use super::site::Site;
use super::{MOST, chance, clients, draw, seed, work_and_kill};
use crate::process::child::Served;
use crate::process::upstream;

/// Orders in all, where nothing else is said.
const ORDERS: usize = 24_000;

/// Of these so many are placed without a kill between them, at each kind.
const STEADY_SHARE: usize = 2;

/// How often memory is looked at in that time, at least.
const LOOKS: usize = 12;

/// How long the stretch without kills is at least at one kind: the server lets go of what has ended once a minute, so that
/// only a stretch of many minutes shows whether memory grows. In minutes, where nothing else is said.
const LONG: u64 = 10;

/// By how much memory may be larger in the last third of that time than in the one before, in percent. In the first the
/// ledger's caches fill, and the allocator takes what it uses again and again later.
const GROWTH: u64 = 10;

/// What one kind came to.
struct Outcome {
    kind: &'static str,
    kills: u64,
    verdict: Verdict,
    /// Resident memory in KiB, over the time without kills.
    memory: Vec<u64>,
    spent: Duration,
    orders: u64,
    requests: u64,
    hang_ups: u64,
    posts: usize,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes many minutes; the README says how it is run"]
async fn soak() {
    let each = said("SMSBRIDGE_SOAK_ORDERS").unwrap_or(ORDERS) / upstream::all().count();
    say(&format!("seed {}, {each} orders at each kind", seed()));
    say(
        "kind                 orders  sold settled released unknown at-stake kills hang-ups requests webhooks  KiB by thirds       seconds wrong",
    );
    let mut wrong = Vec::new();
    for kind in upstream::all() {
        let outcome = soak_one(kind, each).await;
        say(&line(&outcome));
        wrong.extend(outcome.verdict.wrong.iter().map(|text| format!("{kind}: {text}")));
        wrong.extend(grown(&outcome).map(|text| format!("{kind}: {text}")));
    }
    assert!(wrong.is_empty(), "seed {}: {wrong:#?}", seed());
}

async fn soak_one(kind: &'static str, orders: usize) -> Outcome {
    let started = Instant::now();
    let site = Arc::new(Site::of(kind, "").await);
    let steady = orders / STEADY_SHARE;
    let (mut working, mut kills) = (clients(&site, 9), 0);
    while site.told.words().orders < (orders - steady) as u64 {
        working = work_and_kill(&site, working, site.serve().await, kills).await;
        kills += 1;
    }
    let served = site.serve().await;
    let at_least = if kind == MOST { long() } else { Duration::ZERO };
    let memory = work_steadily(&site, working, &served, (steady, at_least)).await;
    served.child.signal("TERM");
    served.child.end().await;
    let verdict = settle(&site).await;
    let words = site.told.words();
    Outcome {
        kind,
        kills,
        verdict,
        memory,
        spent: started.elapsed(),
        orders: words.orders,
        requests: words.requests,
        hang_ups: words.hang_ups,
        posts: site.receiver.count(),
    }
}

/// Lets clients place so many orders without a kill and without losing what became of one, and work at least so long, and
/// looks at the server's memory meanwhile.
async fn work_steadily(
    site: &Arc<Site>,
    clients: Vec<Client>,
    served: &Served,
    (orders, at_least): (usize, Duration),
) -> Vec<u64> {
    let mut around = JoinSet::new();
    around.spawn(chance::deliver(Arc::clone(site), draw(0, 4, u64::MAX), Duration::from_millis(2)));
    let pause = Duration::from_millis(20);
    // What is not known is kept and takes its place in memory, and much less of it comes about in years than here in minutes.
    around.spawn(chance::trouble(Arc::clone(site), draw(0, 5, u64::MAX), pause, Calls::ButNoPurchases));
    let (addr, each) = (served.addr, orders / clients.len() / LOOKS);
    let (mut memory, mut clients, started) = (Vec::new(), clients, Instant::now());
    while memory.len() < LOOKS || started.elapsed() < at_least {
        let mut working = JoinSet::new();
        for mut client in clients {
            working.spawn(async move {
                client.work(addr, each).await;
                client
            });
        }
        clients = working.join_all().await;
        memory.extend(served.child.resident());
    }
    around.shutdown().await;
    memory
}

fn long() -> Duration {
    Duration::from_secs(60 * said("SMSBRIDGE_SOAK_MINUTES").unwrap_or(LONG))
}

fn said<T: FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// What is wrong with how memory went, if anything is.
fn grown(outcome: &Outcome) -> Option<String> {
    let [_, middle, last] = thirds(&outcome.memory);
    (outcome.kind == MOST && last * 100 > middle * (100 + GROWTH))
        .then(|| format!("memory went from {middle} to {last} KiB: {:?}", outcome.memory))
}

/// The median of each third.
fn thirds(memory: &[u64]) -> [u64; 3] {
    let third = memory.len() / 3;
    let median = |part: &[u64]| {
        let mut sorted = part.to_vec();
        sorted.sort_unstable();
        sorted.get(sorted.len() / 2).copied().unwrap_or_default()
    };
    let last = memory.len() - third;
    [&memory[..third], &memory[third..last], &memory[last..]].map(median)
}

fn line(outcome: &Outcome) -> String {
    let Outcome { kind, kills, verdict, memory, spent, orders, requests, hang_ups, posts } = outcome;
    let [first, middle, last] = thirds(memory);
    let Verdict { sold, settled, released, unknown, at_stake, wrong, .. } = verdict;
    format!(
        "{kind:<20} {orders:>6} {sold:>5} {settled:>7} {released:>8} {unknown:>7} {at_stake:>8} {kills:>5} {hang_ups:>8} {requests:>8} {posts:>8} {first:>7} {middle:>6} {last:>6} {:>8} {:>5}",
        spent.as_secs(),
        wrong.len(),
    )
}

fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
