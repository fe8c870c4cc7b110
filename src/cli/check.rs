//! Prints the configuration that is in effect, as TOML that could itself be one, with keys masked
//! and with who said what. Knows no rule of the configuration.

mod page;
mod sections;
#[cfg(test)]
mod tests;

use std::process::ExitCode;
use std::sync::Arc;

use super::say::say;
use super::{Common, fail};
use crate::catalog::Catalog;
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, keep_text};
use crate::engine::Upstream;
use crate::metrics::Metrics;
use page::{Page, quoted};
use sections::addresses;

/// Checks the configuration as the server would, and prints it.
pub(super) fn run(common: &Common) -> ExitCode {
    let config = match common.load() {
        Ok(config) => config,
        Err(code) => return code,
    };
    let clock: Arc<dyn Clock> = SystemClock::new();
    let metrics = Metrics::new([], []);
    for provider in &config.providers {
        if let Err(error) = Upstream::build(provider, &config.dialect, Catalog::builtin(), &clock, &metrics) {
            return fail(&error);
        }
    }
    say(render(&config).trim_end());
    ExitCode::SUCCESS
}

/// The effective values, and what is odd about them.
pub fn render(config: &Config) -> String {
    let mut page = Page::with(&config.origins);
    page.head(config);
    page.table("server");
    page.sockets("listen", &config.server.listen);
    page.sockets("listen_tls", &config.server.listen_tls);
    page.line("server", "workers", &config.server.workers.to_string());
    page.duration("server", "drain", config.server.drain);
    page.words("server", "allow_origins", &config.server.allow_origins);
    page.words("server", "allow_hosts", &config.server.allow_hosts);
    page.table("admin");
    let admin = config.admin.listen.map_or_else(String::new, |address| address.to_string());
    page.line("admin", "listen", &quoted(&admin));
    page.table("clients");
    page.line("clients", "mode", &quoted(config.clients.mode.word()));
    for key in &config.clients.keys {
        let table = format!("clients.key.{}", key.name);
        page.table(&table);
        page.key(&table);
        if !key.webhooks.is_empty() {
            page.line(&table, "webhooks", &addresses(&key.webhooks));
        }
        page.spending(&table, config.spending.clients.get(&key.name));
    }
    page.webhooks(&config.webhooks);
    page.purchase(config.purchase);
    page.table("spending");
    page.spending("spending", Some(&config.spending.total));
    page.table("spending.each_client");
    page.spending("spending.each_client", Some(&config.spending.each_client));
    page.dialect(&config.dialect, &config.flavours);
    page.table("redirect");
    page.words("redirect", "hosts", &config.redirect.added);
    for provider in &config.providers {
        page.provider(provider);
    }
    page.dns(&config.dns);
    page.limits(&config.limits);
    page.tls(&config.tls);
    page.table("ledger");
    page.line("ledger", "url", &quoted(&config.ledger.url));
    page.line("ledger", "keep", &quoted(&keep_text(config.ledger.keep)));
    page.text
}
