//! Prints the configuration that is in effect, as TOML that could itself be one, with keys masked
//! and with who said what. Knows no rule of the configuration.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use super::say::say;
use super::{Common, fail};
use crate::catalog::Catalog;
use crate::clock::{Clock, SystemClock};
use crate::config::{
    Config, DialectConfig, DnsConfig, Flavours, Guards, LimitsConfig, Origin, ProviderConfig, PurchaseConfig,
    SpendingLimits, TlsConfig, WebhooksConfig, duration_text, keep_text,
};
use crate::engine::Upstream;
use crate::metrics::Metrics;
use crate::provider::OptionKind;

const MASK: &str = "\"***\"";

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
    let mut page = Page { text: String::new(), origins: &config.origins };
    page.head(config);
    page.table("server");
    page.sockets("listen", &config.server.listen);
    page.sockets("listen_tls", &config.server.listen_tls);
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

struct Page<'a> {
    text: String,
    origins: &'a BTreeMap<String, Origin>,
}

impl Page<'_> {
    fn head(&mut self, config: &Config) {
        let read = match &config.source {
            Some(path) => format!("read from {}", path.display()),
            None => "no file was read".to_owned(),
        };
        self.comment(&format!("The configuration in effect; {read}."));
        for warning in &config.warnings {
            self.comment(&format!("warning: {warning}"));
        }
    }

    fn comment(&mut self, text: &str) {
        self.push(&format!("# {}", text.replace(['\n', '\r'], " ")));
    }

    fn push(&mut self, line: &str) {
        // Writing to a String does not fail.
        let _ = writeln!(self.text, "{line}");
    }

    fn table(&mut self, name: &str) {
        self.push(&format!("\n[{name}]"));
    }

    /// One setting. Who said it stands behind it, unless it was the file.
    fn line(&mut self, table: &str, name: &str, value: &str) {
        let said = match self.origins.get(&format!("{table}.{name}")) {
            Some(Origin::File(_)) => String::new(),
            None | Some(Origin::Default) => "  # default".to_owned(),
            Some(other) => format!("  # {other}"),
        };
        self.push(&format!("{} = {value}{said}", word(name)));
    }

    fn words(&mut self, table: &str, name: &str, words: &[String]) {
        let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
        self.line(table, name, &list(&words));
    }

    fn sockets(&mut self, name: &str, addresses: &[SocketAddr]) {
        let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
        self.words("server", name, &addresses);
    }

    fn dns(&mut self, dns: &DnsConfig) {
        self.table("dns");
        let servers: Vec<String> = dns.servers.iter().map(|server| quoted(&server.to_string())).collect();
        self.line("dns", "servers", &list(&servers));
    }

    fn limits(&mut self, limits: &LimitsConfig) {
        self.table("limits");
        for (name, size) in [
            ("max_header", limits.max_header),
            ("max_body", limits.max_body),
            ("connections", limits.connections),
            ("connections_per_address", limits.connections_per_address),
            ("requests", limits.requests),
        ] {
            self.line("limits", name, &size.to_string());
        }
        for (name, number) in [
            ("requests_per_second", limits.requests_per_second),
            ("requests_burst", limits.requests_burst),
            ("wrong_keys_per_minute", limits.wrong_keys_per_minute),
        ] {
            self.line("limits", name, &number.to_string());
        }
        self.duration("limits", "header_timeout", limits.header_timeout);
        self.duration("limits", "body_timeout", limits.body_timeout);
        self.duration("limits", "idle_timeout", limits.idle_timeout);
    }

    /// A key, with what it was read from, if it does not stand there itself.
    fn key(&mut self, table: &str) {
        match self.origins.get(&format!("{table}.api_key_sha256")) {
            Some(origin) => self.push(&format!("api_key = {MASK}  # api_key_sha256, {origin}")),
            None => self.secret(table, "api_key"),
        }
    }

    fn secret(&mut self, table: &str, name: &str) {
        let file = self.origins.get(&format!("{table}.{name}_file"));
        match file {
            Some(origin) => self.push(&format!("{name} = {MASK}  # {name}_file, {origin}")),
            None => self.line(table, name, MASK),
        }
    }

    fn webhooks(&mut self, webhooks: &WebhooksConfig) {
        self.table("webhooks");
        self.line("webhooks", "urls", &addresses(&webhooks.urls));
        let hosts: Vec<String> = webhooks.allow.iter().map(|host| quoted(&host.to_string())).collect();
        self.line("webhooks", "allow", &list(&hosts));
        if webhooks.secret.is_some() {
            self.secret("webhooks", "secret");
        }
        self.duration("webhooks", "timeout", webhooks.timeout);
    }

    fn tls(&mut self, tls: &TlsConfig) {
        self.table("tls");
        self.line("tls", "folder", &quoted(&tls.folder.display().to_string()));
        if let Some(pair) = &tls.ready {
            self.line("tls", "cert", &quoted(&pair.cert.display().to_string()));
            self.line("tls", "key", &quoted(&pair.key.display().to_string()));
        }
    }

    fn purchase(&mut self, purchase: PurchaseConfig) {
        self.table("purchase");
        self.duration("purchase", "adopt_within", purchase.adopt_within);
        self.line("purchase", "cancel_unused", &purchase.cancel_unused.to_string());
    }

    /// What is limited, and nothing of what is not.
    fn spending(&mut self, table: &str, limits: Option<&SpendingLimits>) {
        let Some(limits) = limits else { return };
        let amounts =
            [("max_price", limits.max_price), ("per_hour", limits.per_hour), ("per_day", limits.per_day)];
        for (name, amount) in amounts {
            if let Some(amount) = amount {
                self.line(table, name, &quoted(&amount.to_string()));
            }
        }
        if let Some(count) = limits.open_activations {
            self.line(table, "open_activations", &count.to_string());
        }
    }

    fn dialect(&mut self, dialect: &DialectConfig, flavours: &Flavours) {
        self.table("dialect");
        self.line("dialect", "currency", &quoted(dialect.currency.as_str()));
        self.line("dialect", "flavour", &quoted(flavours.default.name));
        let rates = dialect.rates.iter().map(|(currency, rate)| (currency.as_str(), rate.to_string()));
        self.texts("dialect.rates", rates);
        let listeners = flavours.listeners.iter().map(|one| (one.text.as_str(), one.flavour.name));
        self.texts("dialect.listeners", listeners);
        self.texts(
            "dialect.hosts",
            flavours.hosts.iter().map(|(host, flavour)| (host.as_str(), flavour.name)),
        );
        // Not the forms that come from a flavour: written down, they would go above every other one's.
        self.texts("dialect.shape", flavours.forms.iter().copied());
    }

    fn provider(&mut self, provider: &ProviderConfig) {
        let table = format!("provider.{}", provider.name);
        self.table(&table);
        self.line(&table, "kind", &quoted(provider.spec.kind));
        if !provider.base_urls.is_empty() {
            let origin = |url: &reqwest::Url| quoted(url.as_str().trim_end_matches('/'));
            let origins: Vec<String> = provider.base_urls.iter().map(origin).collect();
            self.line(&table, "base_url", &list(&origins));
        }
        if !provider.lookup.pinned.is_empty() {
            let pinned = provider.lookup.pinned.iter().map(|ip| quoted(&ip.to_string()));
            self.line(&table, "resolve", &list(&pinned.collect::<Vec<_>>()));
        }
        if !provider.path.is_empty() {
            self.line(&table, "path", &quoted(&provider.path));
        }
        if provider.api_key.is_some() {
            self.key(&table);
        }
        self.duration(&table, "timeout", provider.timeout);
        self.duration(&table, "poll_interval", provider.poll_interval);
        self.duration(&table, "list_ttl", provider.list_ttl);
        if !provider.spec.in_process {
            self.line(&table, "rate_limit", &quoted(&provider.rate_limit.to_string()));
            self.guards(&table, provider.guards);
        }
        self.duration(&table, "lifetime", provider.lifetime);
        self.line(&table, "currency", &quoted(provider.currency.as_str()));
        self.options(&table, provider);
        self.texts(&format!("{table}.services"), &provider.services);
        self.texts(&format!("{table}.countries"), &provider.countries);
    }

    fn guards(&mut self, table: &str, guards: Guards) {
        self.line(table, "max_concurrent", &guards.max_concurrent.to_string());
        self.line(table, "read_retries", &guards.read_retries.to_string());
        self.line(table, "breaker_failures", &guards.breaker_failures.to_string());
        self.duration(table, "stale_for", guards.stale_for);
    }

    fn duration(&mut self, table: &str, name: &str, value: Duration) {
        self.line(table, name, &quoted(&duration_text(value)));
    }

    fn options(&mut self, table: &str, provider: &ProviderConfig) {
        for option in provider.spec.options {
            let Some(value) = provider.options.text(option.name) else { continue };
            let bare = matches!(option.kind, OptionKind::Integer | OptionKind::Bool);
            let value = if bare { value.to_owned() } else { quoted(value) };
            self.line(table, option.name, &value);
        }
    }

    /// A table of texts, unless it is empty.
    fn texts<N: AsRef<str>, T: AsRef<str>>(&mut self, table: &str, texts: impl IntoIterator<Item = (N, T)>) {
        let mut texts = texts.into_iter().peekable();
        if texts.peek().is_some() {
            self.table(table);
        }
        for (name, text) in texts {
            self.line(table, name.as_ref(), &quoted(text.as_ref()));
        }
    }
}

/// Addresses of webhooks, without what stands behind their host: it may be a secret.
fn addresses(urls: &[reqwest::Url]) -> String {
    let shown = |url: &reqwest::Url| {
        let mut url = url.clone();
        if url.path() != "/" || url.query().is_some() {
            url.set_path("***");
            url.set_query(None);
        }
        url.set_fragment(None);
        quoted(url.as_str())
    };
    list(&urls.iter().map(shown).collect::<Vec<_>>())
}

fn list(items: &[String]) -> String {
    format!("[{}]", items.join(", "))
}

/// A key of TOML, in quotes where it needs them.
fn word(name: &str) -> String {
    let bare = |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'_' | b'-');
    if !name.is_empty() && name.bytes().all(bare) { name.to_owned() } else { quoted(name) }
}

/// A text of TOML on one line, which a key must be.
fn quoted(text: &str) -> String {
    let escaped: String = text.chars().map(escaped).collect();
    format!("\"{escaped}\"")
}

fn escaped(letter: char) -> String {
    match letter {
        '"' | '\\' => format!("\\{letter}"),
        control if control.is_control() => format!("\\u{:04X}", u32::from(control)),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::{Overrides, load};

    const TEXT: &str = r#"
        [server]
        listen = ["127.0.0.1:1"]
        [clients.key.shop]
        api_key = "topsecret"
        webhooks = ["https://shop.example/sms?topsecret"]
        [webhooks]
        urls = ["http://localhost:9000/sms", "https://a.example"]
        allow = ["Hooks.example.com", "localhost:9000"]
        secret = "topsecret"
        [dialect.rates]
        USD = "92.50"
        [dialect.listeners]
        "127.0.0.1:1" = "smsak"
        [dialect.hosts]
        "Api.example.org" = "sms-man"
        [dialect.shape]
        counts = "text"
        [provider.main]
        kind = "sandbox"
        timeout = "90s"
        [provider.main.services]
        "a \"b\"\n" = "tg"
        [provider.main.countries]
        0 = "ru"
    "#;

    fn rendered(folder: &Path, text: &str) -> String {
        let path = folder.join("proxy.toml");
        std::fs::write(&path, text).unwrap();
        let env = [("SMSBRIDGE_PROVIDER__MAIN__LIST_TTL".to_owned(), "0s".to_owned())];
        render(&load(Some(&path), env.into_iter(), &Overrides::default()).unwrap())
    }

    #[test]
    fn it_shows_values_and_who_said_them_but_no_key() {
        let folder = tempfile::tempdir().unwrap();
        let shown = rendered(folder.path(), TEXT);
        for line in [
            "listen = [\"127.0.0.1:1\"]",
            "listen = \"127.0.0.1:9464\"  # default",
            "mode = \"any\"  # default",
            "api_key = \"***\"",
            "webhooks = [\"https://shop.example/***\"]",
            "urls = [\"http://localhost:9000/***\", \"https://a.example/\"]",
            "allow = [\"hooks.example.com\", \"localhost:9000\"]",
            "secret = \"***\"",
            "timeout = \"10s\"  # default",
            "[dialect.rates]",
            "USD = \"92.50\"",
            "flavour = \"sms-activate\"  # default",
            "\"127.0.0.1:1\" = \"smsak\"",
            "\"Api.example.org\" = \"sms-man\"",
            "[dialect.shape]",
            "counts = \"text\"",
            "timeout = \"1m 30s\"",
            "poll_interval = \"1s\"  # default",
            "list_ttl = \"0s\"  # SMSBRIDGE_PROVIDER__MAIN__LIST_TTL",
            "\"a \\\"b\\\"\\u000A\" = \"tg\"",
            "0 = \"ru\"",
            "url = \"sqlite:smsbridge.db\"  # default",
        ] {
            assert!(shown.lines().any(|other| other == line), "{line}\n{shown}");
        }
        assert!(
            shown.lines().any(|line| line.starts_with("# warning: ") && line.contains("not looked at")),
            "{shown}"
        );
        assert!(!shown.contains("topsecret"), "{shown}");
    }

    #[test]
    fn what_it_shows_is_a_configuration_with_the_same_values() {
        let folder = tempfile::tempdir().unwrap();
        let shown = rendered(folder.path(), TEXT);
        let again = rendered(folder.path(), &shown);
        let values = |text: &str| toml::from_str::<toml::Table>(text).unwrap();
        assert_eq!(values(&shown), values(&again));
    }
}
