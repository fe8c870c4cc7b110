//! `[provider.NAME]`: the common settings, a kind's own, and what is missing.

use std::time::Duration;

use super::{complaint, complaints, read};
use crate::config::Guards;

const PAID: &str = "[provider.p]\nkind = 'paid'\napi_key = 'k'\n";

fn paid_with(lines: &str) -> String {
    format!("{PAID}{lines}\n")
}

#[test]
fn what_is_not_set_is_the_kinds_own_or_built_in() {
    let config = read(PAID, &[]).unwrap();
    let provider = &config.providers[0];
    let urls: Vec<&str> = provider.base_urls.iter().map(|url| url.as_str()).collect();
    assert_eq!(urls, ["https://paid.example/", "https://paid.example.net/"]);
    assert_eq!(provider.lifetime, Duration::from_secs(600));
    assert_eq!(provider.timeout, Duration::from_secs(15));
    assert_eq!(provider.poll_interval, Duration::from_secs(1));
    assert_eq!(provider.list_ttl, Duration::from_secs(60));
    assert_eq!(provider.options.duration("delay"), Duration::from_secs(5));
    assert_eq!(provider.path, "");
    assert_eq!(config.warnings, [""; 0]);
}

#[test]
fn what_is_set_is_taken() {
    let text = paid_with(
        "base_url = ['https://a.example']\ntimeout = '1m 30s'\npoll_interval = '0s'\nlist_ttl = '5m'\nlifetime = '25m'\nsoft_id = '007'\nlimit = 5\neager = true\nseed = 3",
    );
    let config = read(&text, &[]).unwrap();
    let provider = &config.providers[0];
    assert_eq!(provider.base_urls.len(), 1);
    assert_eq!(provider.timeout, Duration::from_secs(90));
    assert_eq!(provider.poll_interval, Duration::ZERO);
    assert_eq!(provider.list_ttl, Duration::from_secs(300));
    assert_eq!(provider.lifetime, Duration::from_secs(1500));
    assert_eq!(provider.options.text("soft_id"), Some("007"));
    assert_eq!(provider.options.amount("limit").unwrap().to_string(), "5");
    assert!(provider.options.is_on("eager"));
    let dialect = "[provider.d]\nkind = 'dialect'\napi_key = 'k'\nbase_url = 'http://127.0.0.1:9'\n";
    assert_eq!(read(dialect, &[]).unwrap().providers[0].path, "/stubs/handler_api.php");
    let moved = format!("{dialect}path = '/api/v1'\n");
    assert_eq!(read(&moved, &[]).unwrap().providers[0].path, "/api/v1");
}

#[test]
fn a_kind_is_one_of_those_there_are() {
    let error = complaint("[provider.p]\nkind = 'payd'\n", &[]);
    assert_eq!(error, "proxy.toml: provider.p.kind: `payd` is not one of them; did you mean `paid`?");
    let error = complaint("[provider.p]\ntimeout = '5s'\n", &[]);
    assert_eq!(error, "proxy.toml: provider.p.kind: is missing; set it to one of sandbox, paid, dialect");
}

#[test]
fn durations_stay_within_reason() {
    for (line, right) in [
        ("timeout = '500ms'", "provider.p.timeout: is 500ms; it must be from 1s to 5m"),
        ("timeout = '10m'", "provider.p.timeout: is 10m; it must be from 1s to 5m"),
        ("poll_interval = '2m'", "provider.p.poll_interval: is 2m; it must be from 0s to 1m"),
        ("list_ttl = '2h'", "provider.p.list_ttl: is 2h; it must be from 0s to 1h"),
        ("lifetime = '5s'", "provider.p.lifetime: is 5s; it must be from 1m to 24h"),
        ("timeout = '15'", "provider.p.timeout: does not fit; it must be a duration as"),
        ("timeout = '-15s'", "provider.p.timeout: does not fit; it must be a duration as"),
        ("timeout = 15", "provider.p.timeout: is a number; it must be a duration as"),
    ] {
        let error = complaint(&paid_with(line), &[]);
        assert!(error.starts_with(&format!("proxy.toml: {right}")), "{error}");
    }
}

#[test]
fn a_kinds_own_settings_are_checked_as_it_lists_them() {
    for (line, right) in [
        ("delay = 'soon'", "delay: does not fit; it must be a duration"),
        ("limit = 'much'", "limit: does not fit; it must be a decimal amount"),
        (
            "limit = 1000.50",
            "limit: is a decimal number; it must be a whole number, or a decimal one in quotes",
        ),
        ("eager = 'yes'", "eager: does not fit; it must be true or false"),
        ("eager = 1", "eager: is a number; it must be true or false"),
        ("seed = -1", "seed: does not fit; it must be a whole number, 0 or more"),
        ("soft_id = 7", "soft_id: is a number; it must be a text"),
        ("softid = '7'", "softid: there is no such setting; did you mean `soft_id`?"),
        ("ref = '7'", "ref: this is a setting of kind \"dialect\", and this provider is of kind \"paid\""),
    ] {
        let error = complaint(&paid_with(line), &[]);
        assert!(error.starts_with(&format!("proxy.toml: provider.p.{right}")), "{error}");
    }
    // Without a kind nobody knows whose they are.
    assert!(complaint("[provider.p]\nsoft_id = '7'\n", &[]).contains("kind: is missing"));
}

#[test]
fn an_upstream_has_an_origin() {
    let bare = "[provider.d]\nkind = 'dialect'\napi_key = 'k'\n";
    assert!(
        complaint(bare, &[])
            .starts_with("proxy.toml: provider.d.base_url: kind \"dialect\" has no address of its own")
    );
    let error = complaint(&paid_with("base_url = 'https://a.example/api?apiKey=topsecret'"), &[]);
    assert!(error.contains("leave everything from ? or # on away"), "{error}");
    assert!(!error.contains("topsecret"), "{error}");
    let error = complaint(&paid_with("base_url = 'https://a.example/api'"), &[]);
    assert!(error.contains("the path belongs to the kind (`path` overrides it)"), "{error}");
    assert_eq!(complaints(&paid_with("base_url = ['a', 'b']"), &[]).len(), 2);
    assert!(complaint(&paid_with("base_url = []"), &[]).contains("base_url: is empty"));
    let warnings = read(&paid_with("base_url = 'http://a.example'"), &[]).unwrap().warnings;
    assert!(warnings[0].contains("the key travels to a.example without encryption"), "{warnings:?}");
    assert_eq!(read(&paid_with("base_url = 'http://mock:9'"), &[]).unwrap().warnings, [""; 0]);
}

#[test]
fn a_path_is_for_kinds_that_have_one() {
    assert!(complaint(&paid_with("path = '/x'"), &[]).contains("kind \"paid\" asks at several paths"));
    for path in ["x", "/a b", "/a?b", "/a#b"] {
        let text = format!(
            "[provider.d]\nkind = 'dialect'\napi_key = 'k'\nbase_url = 'https://a.example'\npath = '{path}'\n"
        );
        assert!(complaint(&text, &[]).contains("is not a path"), "{path}");
    }
}

#[test]
fn a_kind_that_needs_a_key_gets_one_unless_the_clients_bring_theirs() {
    let bare = "[provider.my-vak]\nkind = 'paid'\n";
    let error = complaint(bare, &[]);
    assert!(
        error.starts_with("proxy.toml: provider.my-vak.api_key: kind \"paid\" needs an account's key"),
        "{error}"
    );
    assert!(error.ends_with("SMSBRIDGE_PROVIDER__MY_VAK__API_KEY"), "{error}");
    let passing = format!("{bare}[clients]\nmode = 'passthrough'\n");
    assert!(read(&passing, &[]).unwrap().providers[0].api_key.is_none());
    let idle = read(&passing, &[("SMSBRIDGE_PROVIDER__MY_VAK__API_KEY", "k")]).unwrap().warnings;
    assert!(
        idle[0]
            .starts_with("SMSBRIDGE_PROVIDER__MY_VAK__API_KEY: provider.my-vak.api_key: is not used: with"),
        "{idle:?}"
    );
}

#[test]
fn a_clients_key_can_go_to_one_upstream_only() {
    let two = format!("{PAID}[provider.q]\nkind = 'sandbox'\n[clients]\nmode = 'passthrough'\n");
    let error = complaint(&two, &[]);
    assert!(error.starts_with("proxy.toml: clients.mode: \"passthrough\" uses the client's key"), "{error}");
    assert!(error.contains("(p, q)"), "{error}");
}

#[test]
fn names_and_additions_are_sound() {
    assert!(complaint("[provider.Main]\nkind = 'sandbox'\n", &[]).contains("`Main` does not do as a name"));
    let text = paid_with("[provider.p.services]\ntg = 'telegram'\nwa = ''\n[provider.p.countries]\n0 = 7");
    let all = complaints(&text, &[]);
    assert!(all[0].starts_with("proxy.toml: provider.p.services.wa: is empty"), "{all:?}");
    assert!(
        all[1].starts_with("proxy.toml: provider.p.countries.0: is a number; it must be a text"),
        "{all:?}"
    );
    assert_eq!(all.len(), 2);
}

#[test]
fn what_an_upstream_in_trouble_is_met_with_has_defaults_and_bounds() {
    let guards = |lines: &str| read(&paid_with(lines), &[]).unwrap().providers[0].guards;
    assert_eq!(guards(""), Guards::default());
    let said = "max_concurrent = 0\nread_retries = '3'\nbreaker_failures = 9\nstale_for = '0s'";
    let right = Guards { max_concurrent: 0, read_retries: 3, breaker_failures: 9, stale_for: Duration::ZERO };
    assert_eq!(guards(said), right);
    for (line, right) in [
        ("read_retries = 4", "read_retries: does not fit; it must be a whole number from 0 to 3"),
        ("max_concurrent = 10001", "max_concurrent: does not fit; it must be a whole number from 0 to 10000"),
        ("breaker_failures = -1", "breaker_failures: does not fit; it must be a whole number"),
        ("breaker_failures = 'no'", "breaker_failures: does not fit; it must be a whole number"),
        ("stale_for = '25h'", "stale_for: is 25h; it must be from 0s to 24h"),
    ] {
        let error = read(&paid_with(line), &[]).unwrap_err().to_string();
        assert!(error.starts_with(&format!("proxy.toml: provider.p.{right}")), "{error}");
    }
    let sandbox = read("[provider.p]\nkind = 'sandbox'\nstale_for = '1h'\n", &[]).unwrap();
    assert!(sandbox.warnings[0].contains("provider.p.stale_for: is not used"), "{:?}", sandbox.warnings);
}

#[test]
fn a_rate_limit_is_a_pace_or_off_and_the_sandbox_has_none() {
    let limit = |text: &str| read(text, &[]).unwrap().providers[0].rate_limit.to_string();
    assert_eq!(limit(PAID), "10/s burst 20");
    assert_eq!(limit(&paid_with("rate_limit = ' 10/s   300/min '")), "10/s 300/min");
    assert_eq!(limit(&paid_with("rate_limit = 'off'")), "off");
    let sandbox = read("[provider.p]\nkind = 'sandbox'\nrate_limit = '1/h'\n", &[]).unwrap();
    assert!(sandbox.providers[0].rate_limit.is_off());
    assert!(sandbox.warnings[0].contains("provider.p.rate_limit: is not used"), "{:?}", sandbox.warnings);
    for (line, right) in [
        (
            "rate_limit = '10/m'",
            "does not fit; it must be calls a unit of time (s, min or h) as \"10/s burst 20\"",
        ),
        ("rate_limit = '0/s'", "does not fit; it must be calls a unit of time"),
        ("rate_limit = ''", "is empty"),
        ("rate_limit = 10", "is a number; it must be a text"),
    ] {
        let error = complaint(&paid_with(line), &[]);
        assert!(error.starts_with(&format!("proxy.toml: provider.p.rate_limit: {right}")), "{error}");
    }
}
