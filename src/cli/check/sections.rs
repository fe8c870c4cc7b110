//! The sections of a configuration, each as it would stand in `proxy.toml`. Knows neither rules nor who said what.

use std::net::SocketAddr;

use super::page::{Page, list, quoted};
use crate::config::{
    Config, DialectConfig, DnsConfig, Flavours, Guards, LimitsConfig, ProviderConfig, PurchaseConfig,
    SpendingLimits, TlsConfig, WebhooksConfig,
};
use crate::provider::OptionKind;

impl Page<'_> {
    pub(super) fn head(&mut self, config: &Config) {
        let read = match &config.source {
            Some(path) => format!("read from {}", path.display()),
            None => "no file was read".to_owned(),
        };
        self.comment(&format!("The configuration in effect; {read}."));
        for warning in &config.warnings {
            self.comment(&format!("warning: {warning}"));
        }
    }

    pub(super) fn sockets(&mut self, name: &str, addresses: &[SocketAddr]) {
        let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
        self.words("server", name, &addresses);
    }

    pub(super) fn dns(&mut self, dns: &DnsConfig) {
        self.table("dns");
        let servers: Vec<String> = dns.servers.iter().map(|server| quoted(&server.to_string())).collect();
        self.line("dns", "servers", &list(&servers));
    }

    pub(super) fn limits(&mut self, limits: &LimitsConfig) {
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

    pub(super) fn webhooks(&mut self, webhooks: &WebhooksConfig) {
        self.table("webhooks");
        self.line("webhooks", "urls", &addresses(&webhooks.urls));
        let hosts: Vec<String> = webhooks.allow.iter().map(|host| quoted(&host.to_string())).collect();
        self.line("webhooks", "allow", &list(&hosts));
        if webhooks.secret.is_some() {
            self.secret("webhooks", "secret");
        }
        self.duration("webhooks", "timeout", webhooks.timeout);
    }

    pub(super) fn tls(&mut self, tls: &TlsConfig) {
        self.table("tls");
        self.line("tls", "folder", &quoted(&tls.folder.display().to_string()));
        if let Some(pair) = &tls.ready {
            self.line("tls", "cert", &quoted(&pair.cert.display().to_string()));
            self.line("tls", "key", &quoted(&pair.key.display().to_string()));
        }
    }

    pub(super) fn purchase(&mut self, purchase: PurchaseConfig) {
        self.table("purchase");
        self.duration("purchase", "adopt_within", purchase.adopt_within);
        self.line("purchase", "cancel_unused", &purchase.cancel_unused.to_string());
    }

    /// What is limited, and nothing of what is not.
    pub(super) fn spending(&mut self, table: &str, limits: Option<&SpendingLimits>) {
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

    pub(super) fn dialect(&mut self, dialect: &DialectConfig, flavours: &Flavours) {
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

    pub(super) fn provider(&mut self, provider: &ProviderConfig) {
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

    pub(super) fn guards(&mut self, table: &str, guards: Guards) {
        self.line(table, "max_concurrent", &guards.max_concurrent.to_string());
        self.line(table, "read_retries", &guards.read_retries.to_string());
        self.line(table, "breaker_failures", &guards.breaker_failures.to_string());
        self.duration(table, "stale_for", guards.stale_for);
    }

    pub(super) fn options(&mut self, table: &str, provider: &ProviderConfig) {
        for option in provider.spec.options {
            let Some(value) = provider.options.text(option.name) else { continue };
            let bare = matches!(option.kind, OptionKind::Integer | OptionKind::Bool);
            let value = if bare { value.to_owned() } else { quoted(value) };
            self.line(table, option.name, &value);
        }
    }
}

/// Addresses of webhooks, without what stands behind their host: it may be a secret.
pub(super) fn addresses(urls: &[reqwest::Url]) -> String {
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
