//! Services that speak the dialect, by their presets: each difference that a preset declares, driven against an
//! upstream that has it.

mod lacks;
mod settings;
mod words;

use std::sync::Arc;
use std::time::Duration;

use smsbridge::clock::MovableClock;
use smsbridge::mock::{Running, Settings};

use crate::harness::{Bridge, Canned, World};

/// Accounts there are in dollars.
const HERO: &str = "preset = \"hero-sms\"\n[dialect.rates]\nUSD = 90";

fn provider(url: &str, key: &str, lines: &str) -> String {
    format!(
        "[provider.main]\nkind = \"sms-activate\"\nbase_url = \"{url}\"\napi_key = \"{key}\"\nlist_ttl = \"0s\"\npoll_interval = \"0s\"\n{lines}\n"
    )
}

/// A stand-in with quirks, with telegram in stock, and a server on it.
async fn on(stand_in: &str, quirks: &[&str], lines: &str) -> (Running, Bridge) {
    let clock = MovableClock::standing();
    let market = Settings {
        sms_delay: Duration::from_secs(5),
        early_cancel: Some(Duration::ZERO),
        ..Settings::default()
    };
    let upstream = World::stand_in(stand_in, quirks, market, &clock).await;
    upstream.market().set_stock("0", "tg", 100);
    upstream.market().set_price("0", "tg", "12.50".parse().unwrap());
    let bridge = Bridge::at(&provider(&upstream.url(), "mock-key", lines), clock).await;
    (upstream, bridge)
}

async fn canned(
    lines: &str,
    answer: impl Fn(&str) -> &'static str + Send + Sync + 'static,
) -> (Canned, Bridge) {
    let upstream = Canned::answering(move |target| (200, answer(target).to_owned())).await;
    let bridge = Bridge::start(&provider(&upstream.url(), "mock-key", lines)).await;
    (upstream, bridge)
}

const ORDER: &str = "service=tg&country=0";

/// The same ledger with another key at the service.
async fn with_key(bridge: Bridge, upstream: &Running, key: &str, lines: &str) -> (Bridge, tempfile::TempDir) {
    let clock = Arc::clone(&bridge.clock);
    let home = bridge.stop().await.unwrap();
    let bridge = Bridge::over(&provider(&upstream.url(), key, lines), clock, home.path()).await;
    (bridge, home)
}
