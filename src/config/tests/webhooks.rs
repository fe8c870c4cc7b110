//! `[webhooks]`, and those of single clients.

use std::fs;

use super::{complaint, read};

const SHOP: &str = "[clients]\nmode = 'listed'\n[clients.key.shop]\napi_key = 'k'\n";

#[test]
fn nobody_is_sent_anything_unless_it_is_said() {
    let webhooks = read("", &[]).unwrap().webhooks;
    assert!(webhooks.urls.is_empty() && webhooks.allow.is_empty() && webhooks.secret.is_none());
    assert_eq!(webhooks.timeout.as_secs(), 10);
}

#[test]
fn addresses_of_all_and_of_one_client() {
    let text = format!(
        "{SHOP}webhooks = 'https://shop.example/x?token=1'\n[webhooks]\nurls = ['http://10.0.0.5:8080/sms', 'https://a.example']\nallow = ['b.example']\ntimeout = '3s'\n"
    );
    let config = read(&text, &[("SMSBRIDGE_WEBHOOKS__ALLOW", "c.example, localhost:9000")]).unwrap();
    let texts: Vec<_> = config.webhooks.urls.iter().map(|url| url.as_str()).collect();
    assert_eq!(texts, ["http://10.0.0.5:8080/sms", "https://a.example/"]);
    assert_eq!(config.clients.keys[0].webhooks[0].as_str(), "https://shop.example/x?token=1");
    let allow: Vec<_> = config.webhooks.allow.iter().map(ToString::to_string).collect();
    assert_eq!(allow, ["c.example", "localhost:9000"]);
    assert_eq!(config.webhooks.timeout.as_secs(), 3);
    assert_eq!(config.warnings, [""; 0]);
}

#[test]
fn what_does_not_fit_is_told_what_would_and_is_not_repeated() {
    for (lines, right) in [
        (
            "urls = ['a.example/topsecret']",
            "webhooks.urls: is not an address to send messages to; write it as \"https://hooks.example.com/sms\"",
        ),
        (
            "urls = ['https://me:topsecret@a.example/']",
            "webhooks.urls: is not an address to send messages to; leave user and password away; a secret may stand in the path or behind a ?",
        ),
        (
            "allow = ['https://a.example/topsecret']",
            "webhooks.allow: `a.example` is not a host; write a host without scheme and path, as hooks.example.com, 10.0.0.5 or localhost:9000",
        ),
        ("timeout = '31s'", "webhooks.timeout: is 31s; it must be from 1s to 30s"),
        ("url = 'https://a.example'", "webhooks.url: there is no such setting; did you mean `urls`?"),
        (
            "secret = 'a'\nsecret_file = 'b'",
            "webhooks.secret: secret (proxy.toml) and secret_file (proxy.toml) are both set; keep one",
        ),
        (
            "secret = 'top secret'",
            "webhooks.secret: contains blanks or control characters; a key is one word",
        ),
    ] {
        let complaint = complaint(&format!("[webhooks]\n{lines}\n"), &[]);
        assert_eq!(complaint, format!("proxy.toml: {right}"));
    }
    let complaint = complaint(&format!("{SHOP}webhooks = ['topsecret']\n"), &[]);
    assert!(complaint.starts_with("proxy.toml: clients.key.shop.webhooks: is not an address"), "{complaint}");
    assert!(!complaint.contains("topsecret"), "{complaint}");
}

#[test]
fn the_secret_may_be_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    fs::write(&path, "topsecret\n").unwrap();
    let env = [("SMSBRIDGE_WEBHOOKS__SECRET_FILE", path.to_str().unwrap())];
    let secret = read("", &env).unwrap().webhooks.secret.unwrap();
    assert_eq!(secret.expose(), "topsecret");
}

#[test]
fn where_nobody_can_look_and_where_everybody_can_read_that_is_said() {
    let about = |text: &str| read(text, &[]).unwrap().warnings;
    let passthrough = "[clients]\nmode = 'passthrough'\n[provider.p]\nkind = 'paid'\n[webhooks]\n";
    for (lines, key) in
        [("urls = ['https://a.example/']", "webhooks.urls"), ("allow = ['a.example']", "webhooks.allow")]
    {
        let warnings = about(&format!("{passthrough}{lines}\n"));
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].starts_with(&format!("proxy.toml: {key}: with clients.mode = \"passthrough\"")));
    }
    assert_eq!(about(passthrough), [""; 0]);
    let warnings = about("[webhooks]\nurls = ['http://a.example/topsecret', 'http://10.0.0.5/']\n");
    assert_eq!(
        warnings,
        [
            "proxy.toml: webhooks.urls: messages travel to a.example without encryption; use https if it can be had"
        ]
    );
}
