//! Guards over what is spent: an order that would exceed a limit is answered `NO_BALANCE` before anything is bought,
//! with the setting that stands against it.

mod limits;
mod prices;
mod sums;

use rust_decimal::Decimal;
use smsbridge::mock::Running;
use smsbridge::server::DIALECT_PATH;

use crate::harness::{Bridge, World, get, telegram};

const ORDER: &str = "action=getNumber&service=tg&country=0";
const REFUSED: &str = "NO_BALANCE";

/// Two clients; their names, and these limits of theirs.
fn clients(of_shop: &str) -> String {
    format!(
        "\n[clients]\nmode = \"listed\"\n[clients.key.rival]\napi_key = \"rival\"\n[clients.key.shop]\napi_key = \"any\"\n{of_shop}\n"
    )
}

/// A world where Telegram in Russia costs 10 rubles.
async fn selling(kind: &'static str, lines: &str) -> World {
    let world = World::with(kind, &[], lines).await;
    priced(kind, upstream(&world));
    world
}

fn priced(kind: &str, upstream: &Running) {
    let (country, service) = telegram(kind);
    upstream.market().set_price(&country, &service, Decimal::from(10));
    upstream.market().set_stock(&country, &service, 1000);
}

fn upstream(world: &World) -> &Running {
    world.upstream.as_ref().unwrap()
}

/// The id of a number that is sold.
async fn buys(bridge: &Bridge) -> String {
    bridge.order("service=tg&country=0").await.0
}

/// An order is refused for the sake of this limit.
async fn is_refused(bridge: &Bridge, limit: &str) {
    let answer = bridge.get(ORDER).await;
    let detail = answer.header("x-smsbridge-detail").unwrap_or_default().to_owned();
    assert_eq!(answer.body, REFUSED, "{limit}: {detail}");
    assert_eq!(detail, format!("the spending limit {limit} is reached"));
}

/// The answer to another client's order.
async fn rival(bridge: &Bridge) -> String {
    get(bridge.addr, &format!("{DIALECT_PATH}?api_key=rival&{ORDER}"), &[]).await.body
}
