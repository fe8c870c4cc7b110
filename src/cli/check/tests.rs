//! What is printed of a configuration, and what is not.

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
