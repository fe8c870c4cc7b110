//! A server inside this process, on the sandbox, with everything on that is on in one that is started: its log's lines
//! are made and thrown away, its ledger is a file. Knows nothing of what it is asked.

use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::Request;
use axum::http::header::{ACCEPT, ACCEPT_ENCODING, CONNECTION, HOST, USER_AGENT};
use rustls::ServerConfig;
use rustls::server::ResolvesServerCertUsingSni;
use smsbridge::catalog::Catalog;
use smsbridge::cli::{LogForm, telemetry};
use smsbridge::clock::Clock;
use smsbridge::config::{self, Config, Overrides};
use smsbridge::dialect::{ACTIONS, outcomes};
use smsbridge::engine::{Engine, Setup, Upstream};
use smsbridge::ledger::sqlite::SqliteLedger;
use smsbridge::metrics::Metrics;
use smsbridge::redirect::here::Here;
use smsbridge::server::{DIALECT_PATH, Gate, Limits, Server, Settled, Site, Tls};
use smsbridge::webhook::Webhooks;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt;

use crate::Done;

/// A sandbox whose money does not run out; further settings of it may follow.
const SANDBOX: &str = r#"
[provider.main]
kind = "sandbox"
balance = "10000000"
"#;

/// The setting by which messages come at once.
pub const AT_ONCE: &str = "sms_delay = \"0s\"\n";

/// The only client's key.
pub const KEY: &str = "instructions-0123456789abcdef";

/// A server that has its address.
pub struct Bridge {
    /// It does not run by itself: whoever wants a connection runs it.
    pub server: Server,
    /// One thread for everything, so that all of it is counted.
    pub runtime: Runtime,
    site: Site,
    _home: TempDir,
}

impl Bridge {
    /// One with these lines in its configuration, the sandbox's settings first, on this clock.
    pub fn start(lines: &str, clock: Arc<dyn Clock>) -> Done<Self> {
        // Another one may have been started before.
        let _ = telemetry::log(LogForm::Human, EnvFilter::new("info"), false, std::io::sink).try_init();
        let home = tempfile::tempdir()?;
        let file = home.path().join("proxy.toml");
        let ledger = home.path().join("ledger.db");
        let place = format!("[ledger]\nurl = 'sqlite:{}'\n", ledger.display());
        let server = "[server]\nlisten = [\"127.0.0.1:0\"]\n[admin]\nlisten = \"\"\n";
        std::fs::write(&file, format!("{server}{place}{SANDBOX}{lines}"))?;
        let config = config::load(Some(&file), std::iter::empty(), &Overrides::default());
        let config = config.map_err(|errors| errors.to_string())?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let server = runtime.block_on(server_of(&config, clock, &home))?;
        Ok(Self { site: server.site(), server, runtime, _home: home })
    }

    /// The answer to a request without a connection.
    pub async fn answer(&self, request: Request<Body>) -> Done<Bytes> {
        let answer = self.site.ask(request, Ipv4Addr::LOCALHOST.into()).await;
        Ok(to_bytes(answer.into_body(), usize::MAX).await?)
    }

    /// The same in words.
    pub async fn ask(&self, query: &str) -> Done<String> {
        let answer = self.answer(request(query, None)?).await?;
        Ok(String::from_utf8(answer.to_vec())?)
    }
}

/// What Python's most common library sends, which packs its answers or does not.
pub fn request(query: &str, encoding: Option<&'static str>) -> Done<Request<Body>> {
    let asked = Request::get(format!("{DIALECT_PATH}?api_key={KEY}&{query}"))
        .header(HOST, "127.0.0.1:8080")
        .header(USER_AGENT, "python-requests/2.31.0")
        .header(ACCEPT, "*/*")
        .header(CONNECTION, "keep-alive");
    let asked = encoding.into_iter().fold(asked, |asked, encoding| asked.header(ACCEPT_ENCODING, encoding));
    Ok(asked.body(Body::empty())?)
}

async fn server_of(config: &Config, clock: Arc<dyn Clock>, home: &TempDir) -> Done<Server> {
    let catalog = Catalog::builtin();
    let metrics = Metrics::new(ACTIONS.iter().map(|action| action.name), outcomes());
    let built = |one| Upstream::build(one, &config.dialect, catalog, &clock, &metrics);
    let upstreams = config.providers.iter().map(built).collect::<Result<_, _>>()?;
    let ledger = SqliteLedger::open(&config.ledger.url, Arc::clone(&clock))?;
    let parts = Setup {
        upstreams,
        dialect: config.dialect.clone(),
        webhooks: Webhooks::new(&config.webhooks, &config.clients),
        purchase: config.purchase,
        spending: config.spending.clone(),
        catalog,
        ledger: Arc::new(ledger.keeping(config.ledger.keep)),
        metrics,
        clock: Arc::clone(&clock),
    };
    let engine = Engine::start(parts).await?;
    let limits = Limits::new(config.limits.clone(), clock, Arc::clone(engine.metrics()));
    let settled = Settled {
        engine,
        gate: Gate::new(&config.clients),
        flavours: config.flavours.clone(),
        server: config.server.clone(),
        redirect: Arc::new(Here::new(config.redirect.names.clone(), home.path().join("hosts"))),
        tls: Tls { spoken: no_tls()?, config: config.tls.clone() },
    };
    Ok(Server::bind(settled, Arc::new(limits)).await?)
}

/// Nothing here asks for it.
fn no_tls() -> Done<Arc<ServerConfig>> {
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(ring).with_safe_default_protocol_versions()?;
    let certificates = Arc::new(ResolvesServerCertUsingSni::new());
    Ok(Arc::new(builder.with_no_client_auth().with_cert_resolver(certificates)))
}
