//! The configuration: built-in settings, then `proxy.toml`, then the environment, then flags.
//! Everything that can be checked before the first request is checked here, and everything that is
//! wrong is said at once, with its place and with what would be right. Knows what may be said, not
//! what comes of it.
//!
//! `layers` puts the layers together and lets each value keep who said it; `reader` reads single
//! values from that; `server`, `admin`, `clients`, `webhooks`, `purchase`, `spending`, `dialect` with
//! `flavours`, `redirect`, and `providers` know their sections, `across` what concerns several; `error` has the words.

mod across;
mod address;
mod admin;
mod clients;
mod dialect;
mod dns;
mod env;
mod error;
mod flavours;
mod guards;
mod keys;
mod layers;
mod limits;
mod provider;
mod providers;
mod purchase;
mod reader;
mod redirect;
mod renewal;
mod report;
mod retention;
mod secret_file;
mod server;
mod spending;
mod strangers;
#[cfg(test)]
mod tests;
mod tls;
mod webhooks;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use admin::Admin;
pub use clients::{ClientKey, Clients, Mode};
pub use dialect::DialectConfig;
pub use dns::DnsConfig;
pub use env::process_environment;
pub(crate) use error::duration as duration_text;
pub use error::{ConfigError, ConfigErrors, Origin, Problem};
pub use flavours::{Flavours, Listener};
pub use guards::Guards;
pub use limits::LimitsConfig;
pub use provider::ProviderConfig;
pub use purchase::PurchaseConfig;
pub use redirect::RedirectConfig;
pub use renewal::{may_follow, needs_restart};
pub(crate) use retention::text as keep_text;
pub use server::{LedgerConfig, Server};
pub use spending::{SpendingConfig, SpendingLimits};
pub use tls::{ReadyPair, TlsConfig};
pub use webhooks::WebhooksConfig;

use crate::provider::{PROVIDERS, Spec};
use layers::{File, Layers};
use reader::Table;
use report::Report;

/// A configuration that has been checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen.
    pub server: Server,
    /// Where to listen for those who watch.
    pub admin: Admin,
    /// Who may use it.
    pub clients: Clients,
    /// Who is sent messages.
    pub webhooks: WebhooksConfig,
    /// What becomes of what was bought and not received, or not used.
    pub purchase: PurchaseConfig,
    /// How much may be spent.
    pub spending: SpendingConfig,
    /// The currency that clients are told amounts in, and what others are worth.
    pub dialect: DialectConfig,
    /// Which variants of the dialect are spoken where.
    pub flavours: Flavours,
    /// The names that may be made to lead here.
    pub redirect: RedirectConfig,
    /// The upstreams, the first first; there is at least one. Each has its account in the dialect's
    /// currency or in one with a rate.
    pub providers: Vec<ProviderConfig>,
    /// Whom to ask for names past the hosts file.
    pub dns: DnsConfig,
    /// How much of this server anybody may take up.
    pub limits: LimitsConfig,
    /// What HTTPS clients are shown.
    pub tls: TlsConfig,
    /// Where the ledger is kept.
    pub ledger: LedgerConfig,
    /// What is odd, but not wrong.
    pub warnings: Vec<String>,
    /// The file that was read.
    pub source: Option<PathBuf>,
    /// Who said what, by key (`provider.main.timeout`); what is not here is built in.
    pub origins: BTreeMap<String, Origin>,
}

/// What the command line says over everything else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// Where to listen instead; empty for what is configured.
    pub listen: Vec<String>,
    /// The same for HTTPS.
    pub listen_tls: Vec<String>,
    /// The addresses that somebody has taken for this process already; they go above everything.
    pub sockets: Option<Sockets>,
}

/// Addresses that this process was handed sockets of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sockets {
    /// Those for HTTP.
    pub plain: Vec<String>,
    /// Those for HTTPS.
    pub tls: Vec<String>,
}

/// Reads and checks the configuration: the file at `path` (without one `proxy.toml`, if it is there),
/// the environment `env` (see [`process_environment`]) and the flags.
///
/// # Errors
/// Everything that is wrong, at once.
pub fn load(
    path: Option<&Path>,
    env: impl Iterator<Item = (String, String)>,
    overrides: &Overrides,
) -> Result<Config, ConfigErrors> {
    check(PROVIDERS, File::read(path)?, env, overrides)
}

fn check(
    kinds: &[&'static Spec],
    file: Option<File>,
    env: impl Iterator<Item = (String, String)>,
    overrides: &Overrides,
) -> Result<Config, ConfigErrors> {
    let mut report = Report::default();
    let layers = Layers::assemble(file.as_ref(), env, overrides, &mut report)?;
    let root = Table::root(&layers.figment, &layers.dict);
    root.refuse_unknown(keys::SECTIONS, &mut report);
    let server = server::read(&root, &mut report);
    let admin = admin::read(&root, &mut report);
    let (mode, client_keys) = clients::read(&root, &mut report);
    let webhooks = webhooks::read(&root, &mut report);
    let purchase = purchase::read(&root, &mut report);
    let spending = spending::read(&root, &mut report);
    let dialect = dialect::read(&root, &mut report);
    let flavours = flavours::read(&root, &mut report);
    let redirect = redirect::read(&root, &mut report);
    let dns = dns::read(&root, &mut report);
    let servers = dns.as_ref().map(|dns| dns.servers.clone()).unwrap_or_default();
    let context = providers::Context {
        kinds,
        order: &layers.providers,
        mode,
        redirected: redirect.as_ref().map_or(&[], |redirect| &redirect.names),
        servers: &servers,
    };
    let providers = providers::read(&context, &root, &mut report);
    let limits = limits::read(&root, &mut report);
    let tls = tls::read(&root, &mut report);
    let ledger = server::read_ledger(&root, &mut report);
    if let (Some(server), Some(mode)) = (&server, mode) {
        across::check(mode, server, &layers.providers, &root, &mut report);
    }
    if let Some(dialect) = &dialect {
        across::check_rates(dialect, &providers, &root, &mut report);
    }
    if let (Some(server), Some(flavours)) = (&server, &flavours) {
        flavours::check_listeners(flavours, server, &root, &mut report);
    }
    if let (Some(dialect), Some(flavours)) = (&dialect, &flavours) {
        flavours::check_language(flavours, dialect, &root, &mut report);
    }
    if let (Some(server), Some(admin)) = (&server, &admin) {
        admin::check_listeners(admin, server, &root, &mut report);
    }
    if let (Some(mode), Some(webhooks)) = (mode, &webhooks) {
        across::check_webhooks(mode, webhooks, &root, &mut report);
    }
    if let Some(file) = &file {
        secret_file::warn_of_open(file, &root, &mut report);
    }
    // Whoever answers `None` has reported why.
    let (Some(server), Some(admin), Some(mode), Some(webhooks), Some(purchase)) =
        (server, admin, mode, webhooks, purchase)
    else {
        return Err(ConfigErrors(report.errors));
    };
    let (Some(dialect), Some(flavours), Some(ledger)) = (dialect, flavours, ledger) else {
        return Err(ConfigErrors(report.errors));
    };
    let (Some(limits), Some(dns)) = (limits, dns) else { return Err(ConfigErrors(report.errors)) };
    let Some(redirect) = redirect else { return Err(ConfigErrors(report.errors)) };
    let Some(tls) = tls else { return Err(ConfigErrors(report.errors)) };
    let warnings = report.finish()?;
    let clients = Clients { mode, keys: client_keys };
    let source = file.map(|file| file.path);
    let origins = root.origins();
    Ok(Config {
        server,
        admin,
        clients,
        webhooks,
        purchase,
        spending,
        dialect,
        flavours,
        redirect,
        providers,
        dns,
        limits,
        tls,
        ledger,
        warnings,
        source,
        origins,
    })
}

/// Whether a name does for logs, metrics and environment variables.
fn is_name(name: &str) -> bool {
    let good =
        |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, b'_' | b'-');
    (1..=32).contains(&name.len()) && name.bytes().all(good)
}
