//! What a running server says of itself: since when it runs, which configuration is in effect and since when, why
//! another one is not, and what is open. Never a key, a number or a text. Knows neither who asks nor how it is shown.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Server;
use super::live::Live;
use crate::clock::Clock;
use crate::config::{Config, Mode};

/// The configuration that is in effect, and what became of others.
#[derive(Debug, Clone)]
struct Applied {
    at: Timestamp,
    source: Option<PathBuf>,
    mode: Mode,
    keys: usize,
    warnings: Vec<String>,
    needs_restart: Vec<&'static str>,
    /// Since the start, this one included.
    reloads: u64,
    /// The last one since then that could not be applied.
    refused: Option<Refused>,
}

#[derive(Debug, Clone)]
struct Refused {
    at: Timestamp,
    problems: Vec<String>,
}

/// What is known of a server beside what it does.
pub struct Status {
    clock: Arc<dyn Clock>,
    started_at: Timestamp,
    started: Duration,
    listeners: Vec<SocketAddr>,
    tls: Vec<SocketAddr>,
    applied: Mutex<Applied>,
}

impl Status {
    /// That of a server that starts now with `config`.
    pub fn new(config: &Config, server: &Server, clock: Arc<dyn Clock>) -> Self {
        let (started_at, started) = (clock.now(), clock.elapsed());
        let applied = Mutex::new(applied(config, Vec::new(), started_at, 0));
        Self { clock, started_at, started, listeners: server.addrs(), tls: server.tls_addrs(), applied }
    }

    /// Notes that this came into effect, but for what needs a restart.
    pub fn apply(&self, config: &Config, needs_restart: Vec<&'static str>) {
        let mut current = self.lock();
        *current = applied(config, needs_restart, self.clock.now(), current.reloads + 1);
    }

    /// Notes that a configuration could not be applied, and why.
    pub fn refuse(&self, problems: Vec<String>) {
        self.lock().refused = Some(Refused { at: self.clock.now(), problems });
    }

    /// All of it. Times are of RFC 3339 and in UTC.
    ///
    /// ```json
    /// {"version": "0.1.0", "pid": 7, "startedAt": "…", "uptimeSeconds": 60,
    ///  "config": {"file": "proxy.toml", "appliedAt": "…", "reloads": 1, "warnings": ["…"],
    ///             "needsRestart": ["server.listen"], "lastError": {"at": "…", "problems": ["…"]}},
    ///  "clients": {"mode": "listed", "keys": 2}, "listeners": ["127.0.0.1:8080"], "listenersTls": [],
    ///  "ledger": "smsbridge.db",
    ///  "providers": [{"name": "main", "kind": "vak-sms", "state": "gets orders", "openActivations": 3}],
    ///  "openActivations": 3, "unknownPurchases": 0}
    /// ```
    ///
    /// `file` is null where none was read, `lastError` where the last configuration was applied, `unknownPurchases`
    /// where the ledger cannot be read; `listenersTls` are those among the listeners that speak HTTPS. A provider's state is `gets orders`, `configured`, or `kept for what it sold`.
    pub async fn json(&self, live: &Live) -> Value {
        let engine = live.engine();
        let unknown = engine.unknown_purchases().await;
        let unknown = unknown.map(|all| all.values().map(|one| one.count).sum::<u64>());
        let sellers = engine.seller_states();
        let open: usize = sellers.iter().map(|seller| seller.open).sum();
        let providers = sellers.into_iter().map(|seller| {
            let state = match (seller.gets_orders, seller.configured) {
                (true, _) => "gets orders",
                (false, true) => "configured",
                (false, false) => "kept for what it sold",
            };
            json!({"name": seller.name, "kind": seller.kind, "state": state, "openActivations": seller.open})
        });
        let providers: Vec<Value> = providers.collect();
        let applied = self.lock().clone();
        let refused =
            applied.refused.map(|refused| json!({"at": told(refused.at), "problems": refused.problems}));
        json!({
            "version": env!("CARGO_PKG_VERSION"),
            "pid": std::process::id(),
            "startedAt": told(self.started_at),
            "uptimeSeconds": self.clock.elapsed().saturating_sub(self.started).as_secs(),
            "config": {
                "file": applied.source.map(|path| path.display().to_string()),
                "appliedAt": told(applied.at),
                "reloads": applied.reloads,
                "warnings": applied.warnings,
                "needsRestart": applied.needs_restart,
                "lastError": refused,
            },
            "clients": {"mode": applied.mode.word(), "keys": applied.keys},
            "listeners": texts(&self.listeners),
            "listenersTls": texts(&self.tls),
            "ledger": engine.place_of_ledger(),
            "providers": providers,
            "openActivations": open,
            "unknownPurchases": unknown.ok(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Applied> {
        self.applied.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn applied(config: &Config, needs_restart: Vec<&'static str>, at: Timestamp, reloads: u64) -> Applied {
    Applied {
        at,
        source: config.source.clone(),
        mode: config.clients.mode,
        // In other modes the keys that are listed are not looked at.
        keys: if config.clients.mode == Mode::Listed { config.clients.keys.len() } else { 0 },
        warnings: config.warnings.clone(),
        needs_restart,
        reloads,
        refused: None,
    }
}

fn texts(addrs: &[SocketAddr]) -> Vec<String> {
    addrs.iter().map(SocketAddr::to_string).collect()
}

/// A time to the second.
fn told(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
