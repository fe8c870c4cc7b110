//! What befalls the upstream while clients work: messages come, and calls go wrong in every way.

use std::sync::Arc;
use std::time::Duration;

use smsbridge::mock::{FaultPlan, Lot, Mishap};

use super::load::may_lose_race;
use super::site::Site;
use crate::harness::Draw;

/// What goes wrong by chance; whether it was done nevertheless is for the judge to find out.
const MISHAPS: [Mishap; 9] = [
    Mishap::DropBefore,
    Mishap::DropAfter,
    Mishap::ServerError,
    Mishap::BadGateway,
    Mishap::TooManyRequests,
    Mishap::CutBody,
    Mishap::EmptyBody,
    Mishap::Latency(Duration::from_millis(20)),
    Mishap::LateAnswer(Duration::from_millis(20)),
];

/// Lets messages come to numbers that wait, until it is dropped. Their codes are all different.
pub async fn deliver(site: Arc<Site>, seed: u64, pause: Duration) {
    let mut draw = Draw(seed);
    loop {
        tokio::time::sleep(pause).await;
        let newest = site.upstream.market().newest(40);
        let takes = |lot: &&Lot| lot.is_active() && takes_messages(&site, &lot.phone);
        let open: Vec<_> = newest.iter().filter(takes).collect();
        if !open.is_empty() {
            let lot = open[draw.below(open.len())];
            let code = format!("{:06}", draw.below(1_000_000));
            let _ = site.upstream.market().deliver(&lot.id, &code, &format!("Your code is {code}"));
        }
    }
}

fn takes_messages(site: &Site, phone: &str) -> bool {
    site.kind != "smsak" || may_lose_race(site, phone)
}

/// Which calls go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Calls {
    All,
    /// Each purchase of which nobody knows is kept, and looked into again and again.
    ButNoPurchases,
}

/// Lets a call go wrong now and then, until it is dropped.
pub async fn trouble(site: Arc<Site>, seed: u64, pause: Duration, calls: Calls) {
    let mut draw = Draw(seed);
    loop {
        tokio::time::sleep(pause).await;
        let names = site.upstream.names();
        let all = match calls {
            Calls::All => [names.order, names.poll, names.change, names.prices],
            Calls::ButNoPurchases => [names.poll, names.poll, names.change, names.prices],
        };
        let mishap = MISHAPS[draw.below(MISHAPS.len())];
        site.upstream.fault(FaultPlan::once(mishap).on_any(all[draw.below(all.len())]));
    }
}
