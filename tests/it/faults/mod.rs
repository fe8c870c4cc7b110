//! Upstreams that fail in every way: what the client hears, what the upstream was asked, and what the
//! ledger says afterwards. Source: `UPSTREAMS.md` section 6a, "time-out, connection refused, 5xx, HTML, cut
//! JSON", and `api/sms-activate.txt` for the words.

mod addresses;
mod again;
mod broken;
mod changes;
mod closed_doors;
mod other_orders;
mod purchases;
mod reads;
mod troubles;

use std::net::TcpListener;
use std::sync::Arc;

use smsbridge::mock::{self, Mishap, Running, STAND_INS, StandIn};
use smsbridge::provider;

use crate::harness::{Books, World, telegram};

/// What can go wrong at once, and whether the upstream did what it was asked nevertheless.
const MISHAPS: [(Mishap, bool); 7] = [
    (Mishap::DropBefore, false),
    (Mishap::DropAfter, true),
    (Mishap::ServerError, false),
    (Mishap::BadGateway, false),
    (Mishap::TooManyRequests, false),
    (Mishap::CutBody, true),
    (Mishap::EmptyBody, true),
];

/// Every stand-in for a kind that there is.
fn kinds() -> impl Iterator<Item = &'static str> {
    STAND_INS.iter().filter(|one| provider::spec(one.kind).is_some()).map(|one| one.name)
}

/// A world whose upstream has telegram in stock in Russia.
async fn stocked(kind: &'static str, lines: &str) -> World {
    let world = World::with(kind, &[], lines).await;
    stock(upstream(&world));
    world
}

fn stock(upstream: &Running) {
    for kind in kinds() {
        let (russia, telegram) = telegram(kind);
        upstream.market().set_stock(&russia, &telegram, 100);
    }
}

fn upstream(world: &World) -> &Running {
    world.upstream.as_ref().unwrap()
}

/// How many purchases an upstream was asked for.
fn orders(upstream: &Running) -> u64 {
    upstream.orders()
}

/// Stops everything; gives the ledger's content, and the upstream to be looked at.
async fn books(world: World) -> (Books, Running) {
    let clock = Arc::clone(&world.bridge.clock);
    let home = world.bridge.stop().await.unwrap();
    let upstream = world.upstream.unwrap();
    assert_eq!(upstream.violations(), Vec::<String>::new());
    (Books::read(home.path(), &clock).await, upstream)
}

/// A configuration with these addresses.
fn toml(name: &str, addresses: &[String]) -> String {
    let StandIn { kind, settings, .. } = mock::stand_in(name).unwrap();
    format!(
        "[provider.main]\nkind = \"{kind}\"\n{settings}\nbase_url = {addresses:?}\napi_key = \"mock-key\"\n"
    )
}

/// An address that nobody listens on.
fn dead() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}
