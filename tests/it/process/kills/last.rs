//! The last start: everything that can be decided is, and everybody gets what is due. What stays open then is judged.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::judge::{Verdict, due, judge};
use super::site::{CLIENTS, Site, key_of};
use crate::process::child::Served;
use crate::process::rows::{Row, rows};

/// If for so long none of the messages that are due is sent, none will be.
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
    let all_sent = all_sent(site).await;
    served.child.signal("TERM");
    let ended = served.child.end().await;
    let mut verdict = judge(site);
    if !all_sent {
        verdict.wrong.push("some messages are not sent on".to_owned());
    }
    if ended.code != Some(0) {
        verdict.wrong.push(format!("it ended with {:?}: {}", ended.code, ended.stderr));
    }
    verdict
}

/// Waits until nothing is due any more, for as long as it goes forward.
async fn all_sent(site: &Site) -> bool {
    let (mut sent, mut moved) = (site.receiver.count(), Instant::now());
    while !due(site.home()).is_empty() {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let now = site.receiver.count();
        if now > sent {
            (sent, moved) = (now, Instant::now());
        }
        if moved.elapsed() > PATIENCE {
            return false;
        }
    }
    true
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
