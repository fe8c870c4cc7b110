//! The last start: everything that can be decided is, and everybody gets what is due. What stays open then is judged.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::judge::{Verdict, due, judge};
use super::site::{CLIENTS, Site, key_of};
use crate::process::child::Served;
use crate::process::rows::{Row, rows};

/// If for so long nothing of what is to be done is done, nothing will be.
const PATIENCE: Duration = Duration::from_secs(40);

/// Starts the server once more, asks after everything that is open, waits for what is to be sent, stops in order, and
/// judges.
pub async fn settle(site: &Arc<Site>) -> Verdict {
    // From now on the upstream works.
    site.upstream.forgive();
    let served = site.serve().await;
    for row in rows(site.home()).iter().filter(|row| is_open(row)) {
        ask_after(&served, row).await;
    }
    let all_done = all_done(site).await;
    served.child.signal("TERM");
    let ended = served.child.end().await;
    let mut verdict = judge(site);
    if !all_done {
        verdict.wrong.push("some messages are not sent on, or some prices not looked up".to_owned());
    }
    if ended.code != Some(0) {
        verdict.wrong.push(format!("it ended with {:?}: {}", ended.code, ended.stderr));
    }
    verdict
}

/// Waits until nothing is to be done any more, for as long as it goes forward.
async fn all_done(site: &Site) -> bool {
    let (mut left, mut moved) = (left(site), Instant::now());
    while left > 0 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let now = self::left(site);
        if now != left {
            (left, moved) = (now, Instant::now());
        }
        if moved.elapsed() > PATIENCE {
            return false;
        }
    }
    true
}

/// How many messages are to be sent, and how many prices to be looked up.
fn left(site: &Site) -> usize {
    let unpriced = |row: &&Row| row.is_settled() && row.price.is_none();
    due(site.home()).len() + rows(site.home()).iter().filter(unpriced).count()
}

fn is_open(row: &Row) -> bool {
    row.is_settled() && !matches!(row.state.as_deref(), Some("finished" | "cancelled" | "expired"))
}

/// Its owner asks how it stands.
async fn ask_after(served: &Served, row: &Row) {
    let owner: usize = row.owner.trim_start_matches('c').parse().unwrap();
    assert!(owner < CLIENTS);
    let action = if row.rented { "getRentStatus" } else { "getStatus" };
    served.ask_as(&key_of(owner), &format!("action={action}&id={}", row.id)).await;
}
