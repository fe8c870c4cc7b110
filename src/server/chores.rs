//! What is done now and then though nobody asks, by whichever engine is in effect: tidying up, asking about what
//! somebody is to be sent, sending it. Knows the times, and nothing of what is done.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::task::JoinSet;
use tokio::time::{Interval, MissedTickBehavior};

use super::live::Live;
use crate::engine::Engine;

/// How often memory is tidied up.
const TIDY: Duration = Duration::from_secs(60);

/// How often it is looked whether messages came that somebody is to be sent, and whether some are to be sent.
/// How often an upstream is asked is its own setting.
const WEBHOOKS: Duration = Duration::from_secs(1);

/// How often it is looked whether it is time to look at an upstream that failed too often.
const LOOKS: Duration = Duration::from_millis(500);

/// How often it is looked whether an unused number's time is nearly over.
const LAST_CALL: Duration = Duration::from_secs(10);

/// Does all of it; never ends.
pub async fn run(live: &Live) {
    tokio::join!(tidy(live), settle_doubts(live), last_calls(live), watch(live), deliver(live), look(live));
}

async fn tidy(live: &Live) {
    let mut due = tokio::time::interval(TIDY);
    loop {
        due.tick().await;
        live.engine().tidy().await;
    }
}

/// Purchases in doubt are looked into at once, and then now and then; what accounts hold is noted later, so that a
/// start asks nobody anything for that alone.
async fn settle_doubts(live: &Live) {
    let mut due = every(TIDY);
    due.tick().await;
    loop {
        live.engine().settle_doubts().await;
        due.tick().await;
        live.engine().note_balances().await;
    }
}

/// Begins anew with each configuration, since that may have other providers. What is cut off by that runs to its end
/// on a task of its own.
async fn watch(live: &Live) {
    let mut changes = live.changes();
    loop {
        let engine = Arc::clone(&changes.borrow_and_update().engine);
        tokio::select! {
            () = watch_all(&engine) => {}
            changed = changes.changed() => if changed.is_err() { std::future::pending::<()>().await },
        }
    }
}

/// Each upstream for itself, so that one that does not answer holds up no other's messages.
async fn watch_all(engine: &Arc<Engine>) {
    join_all(engine.sellers().into_iter().map(|seller| watch_seller(engine, seller))).await;
    // That nobody is to be asked is no reason to look again at once.
    std::future::pending().await
}

async fn watch_seller(engine: &Arc<Engine>, seller: &str) {
    let mut due = every_moment();
    loop {
        due.tick().await;
        engine.poll_seller_for_webhooks(seller).await;
    }
}

/// Each time on a task of its own, so that one slow address holds up nothing that becomes due meanwhile.
async fn deliver(live: &Live) {
    let mut due = every_moment();
    let mut sending = JoinSet::new();
    loop {
        due.tick().await;
        while sending.try_join_next().is_some() {}
        let engine = live.engine();
        sending.spawn(async move { engine.deliver().await });
    }
}

async fn last_calls(live: &Live) {
    let mut due = every(LAST_CALL);
    loop {
        due.tick().await;
        live.engine().last_call().await;
    }
}

async fn look(live: &Live) {
    let mut due = every(LOOKS);
    loop {
        due.tick().await;
        live.engine().look_whether_back().await;
    }
}

fn every_moment() -> Interval {
    every(WEBHOOKS)
}

fn every(period: Duration) -> Interval {
    let mut due = tokio::time::interval(period);
    due.set_missed_tick_behavior(MissedTickBehavior::Delay);
    due
}
