//! Purchases whose answer was lost, and what the upstream then shows of them: settled where it cannot be another's,
//! released where it was certainly not made, and kept as unknown otherwise. Never bought again.

mod balances;
mod lists;
mod rents;
mod strangers;

use std::sync::Arc;
use std::time::Duration;

use rust_decimal::Decimal;
use smsbridge::domain::{Activation, ActivationId, State};
use smsbridge::mock::{Mishap, Running, Settings};

use crate::harness::{Books, World, telegram, trip};

const ORDER: &str = "action=getNumber&service=tg&country=0";

/// What goes wrong after the number was sold.
const SOLD: [Mishap; 3] = [Mishap::DropAfter, Mishap::CutBody, Mishap::EmptyBody];

fn upstream(world: &World) -> &Running {
    world.upstream.as_ref().unwrap()
}

/// No message comes, and a number can be given back at once.
fn calm() -> Settings {
    Settings {
        balance: Decimal::new(1_000_000, 2),
        sms_delay: Duration::from_secs(24 * 3600),
        early_cancel: Some(Duration::ZERO),
        ..Settings::default()
    }
}

/// An upstream that has Telegram in stock in Russia, and more lines for its configuration.
async fn stocked(kind: &'static str, lines: &str) -> World {
    let world = World::market(kind, &[], lines, calm()).await;
    let (country, service) = telegram(kind);
    upstream(&world).market().set_stock(&country, &service, 100);
    world
}

/// Orders, and the answer is lost in this way.
async fn lose(world: &World, mishap: Mishap) {
    trip(upstream(world), mishap, upstream(world).names().order);
    assert_eq!(world.bridge.ask(ORDER).await, "ERROR_SQL", "{}", world.kind);
}

/// Minutes go by, at each of which the server looks into what is in doubt.
async fn wait(world: &World, minutes: u64) {
    for _ in 0..minutes {
        world.bridge.advance(60);
        world.bridge.settle_doubts().await;
        world.bridge.tidy().await;
    }
}

/// What the ledger has in the end: its doubts, and what became of `ids`.
struct End {
    books: Books,
    found: Vec<Option<Activation>>,
    upstream: Running,
}

impl End {
    /// Stops the server and reads; the upstream was never asked for what its document does not allow.
    async fn of(world: World, ids: &[i64]) -> Self {
        let clock = Arc::clone(&world.bridge.clock);
        let home = world.bridge.stop().await.unwrap();
        let upstream = world.upstream.unwrap();
        assert_eq!(upstream.violations(), Vec::<String>::new(), "{}", world.kind);
        let found = Books::found(home.path(), &clock, ids).await;
        Self { books: Books::read(home.path(), &clock).await, found, upstream }
    }

    /// What all of these cost by the ledger.
    fn paid(&self) -> Decimal {
        let kept = |one: &&Activation| !matches!(one.state, State::Cancelled | State::Expired);
        let prices = self.found.iter().flatten().filter(kept).filter_map(|one| one.price);
        prices.map(|price| price.amount).sum()
    }
}

/// The first id of a fresh ledger on the standing clock.
const FIRST: i64 = 2192 * 86_400;

fn id(raw: i64) -> ActivationId {
    ActivationId::new(raw).unwrap()
}
