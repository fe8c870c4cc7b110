//! A running server inside the test's process, configured by the same TOML that people write.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use smsbridge::catalog::Catalog;
use smsbridge::clock::{Clock, MovableClock};
use smsbridge::config::{self, Config, Origin, Overrides};
use smsbridge::dialect::{ACTIONS, outcomes};
use smsbridge::engine::{Engine, Setup, Upstream};
use smsbridge::ledger::Doubts;
use smsbridge::ledger::sqlite::SqliteLedger;
use smsbridge::metrics::Metrics;
use smsbridge::provider::Fault;
use smsbridge::provider::pace::Pace;
use smsbridge::redirect::here::Here;
use smsbridge::server::{Admin, DIALECT_PATH, Gate, Limits, Server, Settled, Status, Tls, Turned};
use smsbridge::webhook::Webhooks;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::client::{self, Response};
use super::{said, secrets};

/// A running server. Dropping it stops it as a crash would; `stop` ends it in order.
pub struct Bridge {
    /// Where it listens.
    pub addr: SocketAddr,
    /// All of its addresses, where the configuration gives it several.
    pub addrs: Vec<SocketAddr>,
    /// Where it is watched, if the configuration says so.
    pub admin: Option<SocketAddr>,
    /// Its clock, which stands still until it is moved.
    pub clock: Arc<MovableClock>,
    engine: Arc<Engine>,
    limits: Arc<Limits>,
    ledger: Arc<SqliteLedger>,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<()>,
    home: Option<TempDir>,
}

impl Bridge {
    /// A server with this configuration; `[server]`, unless it is there, and `[ledger]` are filled in.
    pub async fn start(toml: &str) -> Self {
        Self::at(toml, MovableClock::standing()).await
    }

    /// The same on a given clock, which an upstream may share.
    pub async fn at(toml: &str, clock: Arc<MovableClock>) -> Self {
        let home = TempDir::new().unwrap();
        let folder = home.path().to_owned();
        let mut bridge = Self::over(toml, clock, &folder).await;
        bridge.home = Some(home);
        bridge
    }

    /// The same over the ledger in a folder that outlives it.
    pub async fn over(toml: &str, clock: Arc<MovableClock>, folder: &Path) -> Self {
        Self::altered(toml, clock, folder, |_| {}).await
    }

    /// The same with what no file can say.
    pub async fn altered(
        toml: &str,
        clock: Arc<MovableClock>,
        folder: &Path,
        alter: impl FnOnce(&mut Config),
    ) -> Self {
        let file = folder.join("proxy.toml");
        let ledger = folder.join("ledger.db");
        let server = if toml.contains("[server]") { "" } else { "[server]\nlisten = [\"127.0.0.1:0\"]\n" };
        // Everybody at the same port would be nobody: a test that watches says so.
        let admin = if toml.contains("[admin]") { "" } else { "[admin]\nlisten = \"\"\n" };
        let whole = format!("{server}{admin}[ledger]\nurl = 'sqlite:{}'\n{toml}", ledger.display());
        std::fs::write(&file, whole).unwrap();
        said::listen();
        secrets::keep_those_of(toml);
        let mut config = config::load(Some(&file), std::iter::empty(), &Overrides::default()).unwrap();
        for provider in &mut config.providers {
            // Time stands still here, so nobody would let a call go that is held back: that is for the tests
            // that ask for it.
            if !config.origins.contains_key(&format!("provider.{}.rate_limit", provider.name)) {
                provider.rate_limit = Pace::off();
            }
            // Nor would anybody end the pause before a question is asked again, or the time an upstream is left alone.
            for (name, value) in [
                ("read_retries", &mut provider.guards.read_retries),
                ("breaker_failures", &mut provider.guards.breaker_failures),
            ] {
                if !config.origins.contains_key(&format!("provider.{}.{name}", provider.name)) {
                    *value = 0;
                }
            }
        }
        // For the same reason nobody is too fast here, or wrong too often.
        for (name, limit) in [
            ("limits.requests_per_second", &mut config.limits.requests_per_second),
            ("limits.wrong_keys_per_minute", &mut config.limits.wrong_keys_per_minute),
        ] {
            if matches!(config.origins.get(name), None | Some(Origin::Default)) {
                *limit = 0;
            }
        }
        alter(&mut config);
        let shared: Arc<dyn Clock> = clock.clone();
        let catalog = Catalog::builtin();
        let metrics = Metrics::new(ACTIONS.iter().map(|action| action.name), outcomes());
        let build = |one| Upstream::build(one, &config.dialect, catalog, &shared, &metrics).unwrap();
        let upstreams = config.providers.iter().map(build).collect();
        let ledger = SqliteLedger::open(&config.ledger.url, shared.clone()).unwrap();
        let ledger = Arc::new(ledger.keeping(config.ledger.keep));
        let webhooks = Webhooks::new(&config.webhooks, &config.clients);
        let dialect = config.dialect.clone();
        let parts = Setup {
            upstreams,
            dialect,
            webhooks,
            purchase: config.purchase,
            spending: config.spending.clone(),
            catalog,
            ledger: ledger.clone(),
            metrics,
            clock: Arc::clone(&shared),
        };
        let engine = Engine::start(parts).await.unwrap();
        let settled = Settled {
            engine: Arc::clone(&engine),
            gate: Gate::new(&config.clients),
            flavours: config.flavours.clone(),
            server: config.server.clone(),
            // The machine's own says nothing of a test's.
            redirect: Arc::new(Here::new(config.redirect.names.clone(), folder.join("hosts"))),
            tls: Tls { spoken: super::tls::server(), config: config.tls.clone() },
        };
        let limits =
            Arc::new(Limits::new(config.limits.clone(), clock.clone(), Arc::clone(engine.metrics())));
        let server = Server::bind(settled, Arc::clone(&limits)).await.unwrap();
        let admin = Admin::bind(&config.admin).await.unwrap();
        let admin_addr = admin.as_ref().map(Admin::addr);
        let status = Status::new(&config, &server, shared);
        let server = server.watched(admin, Arc::new(status));
        let addrs = server.addrs();
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(server.run(async {
            let _ = stopped.await;
        }));
        Self {
            addr: addrs[0],
            addrs,
            clock,
            engine,
            limits,
            ledger,
            stop: Some(stop),
            running,
            home: None,
            admin: admin_addr,
        }
    }

    /// The answer to a request in its commonest form: GET, the key `any`, no special headers.
    pub async fn ask(&self, query: &str) -> String {
        self.get(query).await.body
    }

    /// The same with everything that came back.
    pub async fn get(&self, query: &str) -> Response {
        client::get(self.addr, &format!("{DIALECT_PATH}?api_key=any&{query}"), &[]).await
    }

    /// What those who watch get at this path.
    pub async fn watch(&self, path: &str) -> Response {
        client::get(self.admin.expect("[admin] in the configuration"), path, &[]).await
    }

    /// Bytes in, bytes out.
    pub async fn raw(&self, request: &[u8]) -> Response {
        client::raw(self.addr, request).await
    }

    /// The same JSON as a value.
    pub async fn json(&self, query: &str) -> serde_json::Value {
        let body = self.ask(query).await;
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{query}: {error}: {body}"))
    }

    /// Orders a number and gives its id and phone.
    pub async fn order(&self, query: &str) -> (String, String) {
        let answer = self.ask(&format!("action=getNumber&{query}")).await;
        let fields: Vec<_> = answer.split(':').collect();
        assert_eq!((fields.len(), fields[0]), (3, "ACCESS_NUMBER"), "{answer}");
        (fields[1].to_owned(), fields[2].to_owned())
    }

    /// `getStatus`.
    pub async fn status(&self, id: &str) -> String {
        self.ask(&format!("action=getStatus&id={id}")).await
    }

    /// `setStatus`.
    pub async fn set(&self, id: &str, status: &str) -> String {
        self.ask(&format!("action=setStatus&id={id}&status={status}")).await
    }

    /// What the server does once a minute by itself.
    pub async fn tidy(&self) {
        self.engine.tidy().await;
    }

    /// Looks into the purchases in doubt, as the server does once a minute.
    pub async fn settle_doubts(&self) {
        self.engine.settle_doubts().await;
    }

    /// Notes what accounts hold, as the server does once a minute.
    pub async fn note_balances(&self) {
        self.engine.note_balances().await;
    }

    /// How many purchases are in doubt.
    pub async fn unknown(&self) -> u64 {
        self.engine.unknown_purchases().await.unwrap().values().map(|of_one| of_one.count).sum()
    }

    /// Why each of them is.
    pub async fn reasons(&self) -> Vec<String> {
        let unknown = self.ledger.unknown().await.unwrap();
        unknown.numbers.into_iter().map(|doubt| doubt.reason).collect()
    }

    /// Looks at what nobody uses and whose time is nearly over, as the server does every ten seconds.
    pub async fn last_call(&self) {
        self.engine.last_call().await;
    }

    /// Asks about what somebody is to be sent messages of, as the server does every second.
    pub async fn poll_for_webhooks(&self) {
        self.engine.poll_for_webhooks().await;
    }

    /// Sends what is due, as the server does every second.
    pub async fn deliver(&self) {
        self.engine.deliver().await;
    }

    /// What comes of an address that a client names for a rent.
    pub fn allowed_webhook(&self, url: &str) -> Result<String, Fault> {
        self.engine.allowed_webhook(url)
    }

    /// Looks whether an upstream is back that was left alone, as the server does now and then.
    pub async fn look_whether_back(&self) {
        self.engine.look_whether_back().await;
    }

    /// The upstream that gets new orders.
    pub fn main_upstream(&self) -> &Upstream {
        self.engine.main_upstream().unwrap()
    }

    /// How often somebody was turned away for this.
    pub fn turned_away(&self, reason: Turned) -> u64 {
        self.limits
            .turned_away()
            .into_iter()
            .find(|(turned, _)| *turned == reason)
            .map_or(0, |(_, many)| many)
    }

    /// How many connections are open.
    pub fn open_connections(&self) -> usize {
        self.limits.open_connections()
    }

    /// Moves the clock.
    pub fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// Stops it at once, as a crash would: nobody is answered any more, and what is under way goes nowhere. Returns
    /// when its ledger is free.
    pub async fn crash(self) {
        self.running.abort();
        while Arc::strong_count(&self.engine) > 1 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Stops it in order: what is in flight is finished.
    pub async fn stop(mut self) -> Option<TempDir> {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        (&mut self.running).await.unwrap();
        self.home.take()
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        self.running.abort();
        said::hold_this_thread();
    }
}
