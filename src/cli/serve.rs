//! `smsbridge serve`: puts the parts together, says what a newcomer needs, and runs until it is asked to
//! stop. Knows no action and no provider.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use super::hangup::Hangups;
use super::reload::{self, Reloader};
use super::say::say;
use super::stop::asked_twice;
use super::{Common, fail};
use crate::catalog::Catalog;
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, Mode};
use crate::dialect::shape::Lang;
use crate::dialect::{ACTIONS, outcomes};
use crate::engine::{Engine, Setup};
use crate::ledger::Ledger;
use crate::ledger::sqlite::SqliteLedger;
use crate::metrics::Metrics;
use crate::redirect::here::Here;
use crate::server::{Admin, DIALECT_PATH, Gate, Handed, Limits, Server, Settled, Status};
use crate::webhook::Webhooks;

/// Runs the server with what was read, at the sockets that it was handed, if any.
pub async fn run(common: Common, config: Config, handed: Option<Handed>) -> ExitCode {
    let clock: Arc<dyn Clock> = SystemClock::new();
    // A signal that comes before the server runs waits until it does.
    let hangups = Hangups::caught();
    match start(&config, &clock, handed).await {
        Ok((server, status, place)) => {
            let (stop, hurry) = asked_twice();
            say(&welcome(&config, &server, &place));
            for warning in &config.warnings {
                tracing::warn!("{warning}");
            }
            let reloader = Reloader { common, started: config, live: server.live(), status, clock };
            let stop = async {
                tokio::select! {
                    () = stop => {}
                    () = reloader.follow(hangups) => {}
                }
            };
            server.run_until(stop, hurry).await;
            ExitCode::SUCCESS
        }
        Err(error) => fail(&error),
    }
}

async fn start(
    config: &Config,
    clock: &Arc<dyn Clock>,
    handed: Option<Handed>,
) -> Result<(Server, Arc<Status>, String), String> {
    let catalog = Catalog::builtin();
    let metrics = Metrics::new(ACTIONS.iter().map(|action| action.name), outcomes());
    let upstreams = reload::upstreams(config, clock, &metrics).map_err(|problems| problems.join("\n"))?;
    let ledger =
        SqliteLedger::open(&config.ledger.url, Arc::clone(clock)).map_err(|error| error.to_string())?;
    let ledger = ledger.keeping(config.ledger.keep);
    let place = ledger.place();
    let parts = Setup {
        upstreams,
        dialect: config.dialect.clone(),
        webhooks: Webhooks::new(&config.webhooks, &config.clients),
        purchase: config.purchase,
        spending: config.spending.clone(),
        catalog,
        ledger: Arc::new(ledger),
        metrics,
        clock: Arc::clone(clock),
    };
    let engine = Engine::start(parts).await.map_err(|error| error.to_string())?;
    let gate = Gate::new(&config.clients);
    let (server, flavours) = (config.server.clone(), config.flavours.clone());
    let limits =
        Arc::new(Limits::new(config.limits.clone(), Arc::clone(clock), Arc::clone(engine.metrics())));
    let redirect = Here::of(&config.redirect);
    let settled = Settled { engine, gate, flavours, server, tls: reload::tls(config, clock)?, redirect };
    let server = match handed {
        Some(sockets) => Server::handed(settled, limits, sockets).await,
        None => Server::bind(settled, limits).await,
    };
    let server = server.map_err(|error| error.to_string())?;
    let admin = Admin::bind(&config.admin).await.map_err(|error| error.to_string())?;
    let status = Arc::new(Status::new(config, &server, Arc::clone(clock)));
    Ok((server.watched(admin, Arc::clone(&status)), status, place))
}

/// What a newcomer needs: where to point existing software, who does the work, and a first call.
fn welcome(config: &Config, server: &Server, ledger: &str) -> String {
    let (mut addrs, tls) = (server.addrs(), server.tls_addrs());
    addrs.retain(|addr| !tls.contains(addr));
    // An address that means all of them is none that software can be pointed at.
    let base = |addr: &SocketAddr| format!("http://{}{DIALECT_PATH}", super::health::reachable(*addr));
    let (clients, key) = match config.clients.mode {
        Mode::Any => ("any api_key is accepted", "any"),
        Mode::Listed => ("the listed api_keys are accepted", "YOUR_KEY"),
        Mode::Passthrough => ("the api_key is passed through to the provider", "YOUR_KEY"),
    };
    let mut lines = vec![format!("smsbridge {}", env!("CARGO_PKG_VERSION"))];
    lines.extend(addrs.iter().map(|addr| format!("  base URL  {}", base(addr))));
    lines
        .extend(tls.iter().map(|addr| format!("  HTTPS     {addr}, for the names that are redirected here")));
    lines.extend(config.providers.first().map(|provider| {
        format!("  provider  {} ({}: {})", provider.name, provider.spec.kind, provider.spec.summary)
    }));
    lines.push(format!("  clients   {clients}"));
    lines.push(format!("  ledger    {ledger}"));
    lines.extend(
        server.admin().map(|addr| format!("  metrics   http://{}/metrics", super::health::reachable(addr))),
    );
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
