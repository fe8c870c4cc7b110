//! What those who watch see, over the wire: numbers that move as they should, nothing secret, and no client.

mod counts;
mod examples;
mod labels;
mod listener;
mod money;
mod readiness;
mod samples;
mod time;

use smsbridge::mock::Running;

use crate::harness::{World, telegram};
use samples::Samples;

/// The section that has a server watched, at a free port.
const WATCHED: &str = "\n[admin]\nlisten = \"127.0.0.1:0\"\n";

/// An order that every upstream here can fill.
const ORDER: &str = "service=tg&country=0";

/// A watched server on an upstream of this kind that has what is ordered here in stock.
async fn watched(kind: &'static str, lines: &str) -> World {
    let world = World::with(kind, &[], &format!("{lines}{WATCHED}")).await;
    if let Some(upstream) = &world.upstream {
        let (country, service) = telegram(kind);
        upstream.market().set_stock(&country, &service, 100);
    }
    world
}

fn upstream(world: &World) -> &Running {
    world.upstream.as_ref().unwrap()
}

async fn samples(world: &World) -> Samples {
    Samples::of(&world.bridge).await
}
