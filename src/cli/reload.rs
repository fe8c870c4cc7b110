//! Another configuration for the running server: read again as at the start, applied as a whole or not at all. Knows
//! no setting.

use std::sync::Arc;

use super::Common;
use super::hangup::{Hangup, Hangups};
use crate::catalog::Catalog;
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::engine::{Renewal, Upstream};
use crate::metrics::Metrics;
use crate::redirect::here::Here;
use crate::server::{Gate, Live, Settled, Status, Tls};
use crate::webhook::Webhooks;

/// What a running server needs to change its configuration.
pub struct Reloader {
    /// Where and what to read.
    pub common: Common,
    /// What it was started with.
    pub started: Config,
    /// What is exchanged.
    pub live: Live,
    /// Where it is noted what came of it.
    pub status: Arc<Status>,
    /// The clock that providers live by.
    pub clock: Arc<dyn Clock>,
}

impl Reloader {
    /// Reloads whenever that is asked for; ends when the terminal is closed.
    pub async fn follow(&self, mut hangups: Hangups) {
        while hangups.next().await == Hangup::Reload {
            self.reload().await;
        }
        tracing::info!("the terminal was closed");
    }

    /// Reads the configuration and applies it, or says everything that stands against that and changes nothing.
    async fn reload(&self) {
        let applied = self.read().and_then(|config| {
            let settled = self.settle(&config)?;
            Ok((config, settled))
        });
        let (config, settled) = match applied {
            Ok(applied) => applied,
            Err(problems) => return self.refuse(problems),
        };
        // Before anything is bought there, so that a purchase in doubt is not older than what is known of the account.
        settled.engine.note_accounts().await;
        self.live.exchange(settled);
        let needs_restart = config::needs_restart(&self.started, &config);
        for warning in &config.warnings {
            tracing::warn!("{warning}");
        }
        for key in &needs_restart {
            tracing::warn!(
                "{key} has changed, which needs a restart; until then it is as it was at the start"
            );
        }
        self.status.apply(&config, needs_restart);
        tracing::info!("the configuration was read again and is in effect");
    }

    fn refuse(&self, problems: Vec<String>) {
        for problem in &problems {
            tracing::error!("{problem}");
        }
        tracing::error!(
            "the configuration was read again and is not applied; the one before stays in effect"
        );
        self.status.refuse(problems);
    }

    fn read(&self) -> Result<Config, Vec<String>> {
        let config = self
            .common
            .read()
            .map_err(|errors| errors.0.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        config::may_follow(&self.started, &config).map_err(|problem| vec![problem])?;
        Ok(config)
    }

    /// What the configuration comes to, over the state of the engine that is in effect.
    fn settle(&self, config: &Config) -> Result<Settled, Vec<String>> {
        let engine = self.live.engine();
        let renewal = Renewal {
            upstreams: upstreams(config, &self.clock, engine.metrics())?,
            dialect: config.dialect.clone(),
            webhooks: Webhooks::new(&config.webhooks, &config.clients),
            spending: config.spending.clone(),
            cancel_unused: config.purchase.cancel_unused,
        };
        let engine = engine.reconfigured(renewal);
        let gate = Gate::new(&config.clients);
        let (flavours, server) = (config.flavours.clone(), config.server.clone());
        let tls = tls(config, &self.clock).map_err(|problem| vec![problem])?;
        Ok(Settled { engine, gate, flavours, server, tls, redirect: Here::of(&config.redirect) })
    }
}

/// How TLS is spoken, be it at listeners that are not configured any more.
///
/// # Errors
/// Why it cannot be.
pub fn tls(config: &Config, clock: &Arc<dyn Clock>) -> Result<Tls, String> {
    let spoken = crate::ca::server_config(&config.tls, &config.redirect.names, clock);
    let config = config.tls.clone();
    spoken.map(|spoken| Tls { spoken, config }).map_err(|error| error.to_string())
}

/// The configured providers.
///
/// # Errors
/// Why they cannot be made, each.
pub fn upstreams(
    config: &Config,
    clock: &Arc<dyn Clock>,
    metrics: &Metrics,
) -> Result<Vec<Upstream>, Vec<String>> {
    let build = |provider| Upstream::build(provider, &config.dialect, Catalog::builtin(), clock, metrics);
    let (mut built, mut problems) = (Vec::new(), Vec::new());
    for one in config.providers.iter().map(build) {
        match one {
            Ok(upstream) => built.push(upstream),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(built) } else { Err(problems) }
}
