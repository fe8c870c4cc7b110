//! The settings there are, by section, and what a mistyped one was probably meant to be. Knows
//! neither what a setting does nor where it was written.

use crate::provider::Spec;

/// The sections of the configuration.
pub(super) const SECTIONS: &[&str] = &[
    "server", "admin", "clients", "webhooks", "purchase", "spending", "dialect", "redirect", "provider",
    "dns", "limits", "tls", "ledger",
];
/// The settings of `[server]`.
pub(super) const SERVER: &[&str] =
    &["listen", "listen_tls", "workers", "drain", "allow_origins", "allow_hosts"];
/// The settings of `[admin]`.
pub(super) const ADMIN: &[&str] = &["listen"];
/// The settings of `[clients]`.
pub(super) const CLIENTS: &[&str] = &["mode", "key"];
/// The settings of `[clients.key.NAME]`.
pub(super) const CLIENT_KEY: &[&str] = &[
    "api_key",
    "api_key_file",
    "api_key_sha256",
    "webhooks",
    "max_price",
    "per_hour",
    "per_day",
    "open_activations",
];
/// The settings of `[webhooks]`.
pub(super) const WEBHOOKS: &[&str] = &["urls", "allow", "secret", "secret_file", "timeout"];
/// The settings of `[purchase]`.
pub(super) const PURCHASE: &[&str] = &["adopt_within", "cancel_unused"];
/// The settings of `[spending]`.
pub(super) const SPENDING: &[&str] = &["max_price", "per_hour", "per_day", "open_activations", "each_client"];
/// The settings of `[spending.each_client]`, which a client may have for itself too.
pub(super) const SPENDING_LIMITS: &[&str] = &["max_price", "per_hour", "per_day", "open_activations"];
/// The settings of `[dialect]`.
pub(super) const DIALECT: &[&str] = &["currency", "rates", "flavour", "listeners", "hosts", "shape"];
/// The settings of `[redirect]`.
pub(super) const REDIRECT: &[&str] = &["hosts"];
/// The settings of `[limits]`.
pub(super) const LIMITS: &[&str] = &[
    "max_header",
    "max_body",
    "header_timeout",
    "body_timeout",
    "idle_timeout",
    "connections",
    "connections_per_address",
    "requests",
    "requests_per_second",
    "requests_burst",
    "wrong_keys_per_minute",
];
/// The settings of `[dns]`.
pub(super) const DNS: &[&str] = &["servers"];
/// The settings of `[tls]`.
pub(super) const TLS: &[&str] = &["folder", "cert", "key"];
/// The settings of `[ledger]`.
pub(super) const LEDGER: &[&str] = &["url", "keep"];
/// The settings of `[provider.NAME]` that every kind has.
pub(super) const PROVIDER: &[&str] = &[
    "kind",
    "base_url",
    "resolve",
    "path",
    "api_key",
    "api_key_file",
    "timeout",
    "poll_interval",
    "list_ttl",
    "rate_limit",
    "max_concurrent",
    "read_retries",
    "breaker_failures",
    "stale_for",
    "lifetime",
    "currency",
    "services",
    "countries",
];

/// What begins the name of every environment variable that is a setting.
pub(super) const PREFIX: &str = "SMSBRIDGE_";

/// The environment variable of a setting, as `SMSBRIDGE_SERVER__LISTEN` of `server.listen`.
pub(super) fn variable_of(path: &[&str]) -> String {
    format!("{PREFIX}{}", path.join("__").to_ascii_uppercase())
}

/// The settings of a provider: those of every kind, and those of the given kinds.
pub(super) fn of_provider(kinds: &[&'static Spec]) -> Vec<&'static str> {
    let own = kinds.iter().flat_map(|spec| spec.options).map(|option| option.name);
    PROVIDER.iter().copied().chain(own).collect()
}

/// What `text` was probably meant to be.
pub(super) fn nearest<'a>(text: &str, known: &[&'a str]) -> Option<&'a str> {
    let text = text.to_lowercase();
    known
        .iter()
        .map(|word| (strsim::damerau_levenshtein(&text, word), *word))
        .filter(|(distance, word)| *distance <= (word.len() / 3).clamp(1, 2))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::PROVIDERS;

    #[test]
    fn a_slip_of_the_finger_is_recognised_and_another_word_is_not() {
        assert_eq!(nearest("apikey", PROVIDER), Some("api_key"));
        assert_eq!(nearest("API_KEY", PROVIDER), Some("api_key"));
        assert_eq!(nearest("providers", SECTIONS), Some("provider"));
        assert_eq!(nearest("lsiten", SERVER), Some("listen"));
        assert_eq!(nearest("port", SERVER), None);
        assert_eq!(nearest("usl", LEDGER), Some("url"));
    }

    #[test]
    fn the_settings_of_every_kind_have_defaults_that_fit() {
        for option in PROVIDERS.iter().flat_map(|spec| spec.options) {
            let fits = option.default.is_empty() || option.kind.complaint(option.default).is_none();
            assert!(fits, "{}: {}", option.name, option.default);
        }
    }

    #[test]
    fn no_kind_calls_a_setting_of_its_own_as_one_that_all_have() {
        for spec in PROVIDERS {
            for option in spec.options {
                assert!(!PROVIDER.contains(&option.name), "{}: {}", spec.kind, option.name);
            }
        }
    }
}
