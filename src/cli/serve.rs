//! `smsbridge serve`: puts the parts together, says what a newcomer needs, and runs until it is asked to
//! stop. Knows no action and no provider.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use super::say::say;
use super::stop::asked_to_stop;
use super::{Common, fail};
use crate::catalog::Catalog;
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, Mode};
use crate::dialect::shape::Lang;
use crate::engine::{Engine, Setup, Upstream};
use crate::ledger::Ledger;
use crate::ledger::sqlite::SqliteLedger;
use crate::server::{DIALECT_PATH, Gate, Server};
use crate::webhook::Webhooks;

/// Runs the server.
pub async fn run(common: Common) -> ExitCode {
    let config = match common.load() {
        Ok(config) => config,
        Err(code) => return code,
    };
    match start(&config).await {
        Ok((server, place)) => {
            let stop = asked_to_stop();
            say(&welcome(&config, &server.addrs(), &place));
            for warning in &config.warnings {
                tracing::warn!("{warning}");
            }
            server.run(stop).await;
            ExitCode::SUCCESS
        }
        Err(error) => fail(&error),
    }
}

async fn start(config: &Config) -> Result<(Server, String), String> {
    let clock: Arc<dyn Clock> = SystemClock::new();
    let catalog = Catalog::builtin();
    let upstreams = config
        .providers
        .iter()
        .map(|provider| Upstream::build(provider, &config.dialect, catalog, &clock))
        .collect::<Result<_, _>>()?;
    let ledger =
        SqliteLedger::open(&config.ledger.url, Arc::clone(&clock)).map_err(|error| error.to_string())?;
    let place = ledger.place();
    let parts = Setup {
        upstreams,
        dialect: config.dialect.clone(),
        webhooks: Webhooks::new(&config.webhooks, &config.clients),
        purchase: config.purchase,
        spending: config.spending.clone(),
        catalog,
        ledger: Arc::new(ledger),
        clock,
    };
    let engine = Engine::start(parts).await.map_err(|error| error.to_string())?;
    let server = Server::bind(&config.server.listen, engine, Gate::new(&config.clients)).await;
    let server = server.map_err(|error| error.to_string())?.speaking(config.flavours.clone());
    Ok((server, place))
}

/// What a newcomer needs: where to point existing software, who does the work, and a first call.
fn welcome(config: &Config, addrs: &[SocketAddr], ledger: &str) -> String {
    // An address that means all of them is none that software can be pointed at.
    let base = |addr: &SocketAddr| format!("http://{}{DIALECT_PATH}", super::health::reachable(*addr));
    let (clients, key) = match config.clients.mode {
        Mode::Any => ("any api_key is accepted", "any"),
        Mode::Listed => ("the listed api_keys are accepted", "YOUR_KEY"),
        Mode::Passthrough => ("the api_key is passed through to the provider", "YOUR_KEY"),
    };
    let mut lines = vec![format!("smsbridge {}", env!("CARGO_PKG_VERSION"))];
    lines.extend(addrs.iter().map(|addr| format!("  base URL  {}", base(addr))));
    lines.extend(config.providers.first().map(|provider| {
        format!("  provider  {} ({}: {})", provider.name, provider.spec.kind, provider.spec.summary)
    }));
    lines.push(format!("  clients   {clients}"));
    lines.push(format!("  ledger    {ledger}"));
    // The first call must not spend money unasked.
    let costs = config.providers.first().is_some_and(|provider| !provider.spec.in_process);
    let call = if costs { "getBalance" } else { "getNumber&service=tg&country=0" };
    let first = config.server.listen.first().map(|address| config.flavours.at(*address));
    let lang = if first.is_some_and(|shape| shape.lang == Lang::Required) { "&lang=ru" } else { "" };
    lines.extend(addrs.first().map(|addr| {
        // Double quotes, which every shell knows; cmd.exe would cut the line at the first &.
        format!("  try       curl \"{}?api_key={key}&action={call}{lang}\"", base(addr))
    }));
    lines.join("\n")
}
