//! `[server]`, `[clients]`, `[ledger]`, and what does not exist.

use super::super::Mode;
use super::{complaint, complaints, read};

const LISTED: &str = "[clients]\nmode = 'listed'\n";
const PAID: &str = "[provider.p]\nkind = 'paid'\napi_key = 'k'\n";

#[test]
fn a_setting_that_does_not_exist_is_refused_at_every_level() {
    for (text, right) in [
        ("[servers]\n", "servers: there is no such setting; did you mean `server`?"),
        (
            "colour = 1\n",
            "colour: there is no such setting; known here: server, admin, clients, webhooks, purchase, spending, dialect, redirect, provider, dns, limits, tls, ledger",
        ),
        ("[server]\nlsiten = []\n", "server.lsiten: there is no such setting; did you mean `listen`?"),
        ("[clients]\nmod = 'any'\n", "clients.mod: there is no such setting; did you mean `mode`?"),
        ("[ledger]\nuri = 'x'\n", "ledger.uri: there is no such setting; did you mean `url`?"),
        (
            "[clients.key.shop]\napi_key = 'k'\nrate = 1\n",
            "clients.key.shop.rate: there is no such setting; known here: api_key, api_key_file, api_key_sha256, webhooks, max_price, per_hour, per_day, open_activations",
        ),
        (
            "[provider.main]\napikey = 'k'\n",
            "provider.main.apikey: there is no such setting; did you mean `api_key`?",
        ),
    ] {
        assert_eq!(complaint(text, &[]), format!("proxy.toml: {right}"));
    }
}

#[test]
fn everything_wrong_is_said_at_once_a_line_each() {
    let text = "[server]\nlisten = ['8080', 'x']\n[clients]\nmode = 'some'\n[ledger]\nurl = 'db'\n[provider.main]\ntimeout = 15\n";
    let keys: Vec<String> = complaints(text, &[("SMSBRIDGE_SERVR__LISTEN", "x")])
        .iter()
        .map(|line| line.split(": ").take(2).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        keys,
        [
            "SMSBRIDGE_SERVR__LISTEN servr",
            "proxy.toml server.listen",
            "proxy.toml server.listen",
            "proxy.toml clients.mode",
            "proxy.toml provider.main.timeout",
            "proxy.toml ledger.url",
        ]
    );
}

#[test]
fn a_value_of_another_type_is_refused() {
    for (text, right) in [
        ("[[provider]]\nkind = 'paid'\n", "provider: is a list; it must be a table"),
        (
            "[provider]\nkind = 'paid'\n",
            "provider.kind: is a text; it must be a table with settings, as [server], [provider.NAME]",
        ),
        ("[ledger]\nurl = 2020-01-01\n", "ledger.url: is not a ledger"),
        ("server = 8080\n", "server: is a number; it must be a table"),
        ("[server]\nlisten = 8080\n", "server.listen: is a number; it must be a text in quotes or a list"),
        ("[server]\nlisten = [8080]\n", "server.listen: is a list; it must be a text in quotes or a list"),
        ("[clients]\nmode = true\n", "clients.mode: is true or false; it must be a text in quotes"),
        ("[clients]\nkey = 'k'\n", "clients.key: is a text; it must be a table"),
        ("[ledger]\nurl = ''\n", "ledger.url: is empty"),
    ] {
        let error = complaint(text, &[]);
        assert!(error.starts_with(&format!("proxy.toml: {right}")), "{error}");
    }
}

#[test]
fn what_is_over_is_kept_for_ever_or_for_some_days() {
    let keep = |text: &str| read(&format!("[ledger]\nkeep = {text}\n"), &[]).unwrap().ledger.keep;
    assert_eq!(read("", &[]).unwrap().ledger.keep, None);
    assert_eq!(keep("'forever'"), None);
    assert_eq!(keep("'90d'"), Some(std::time::Duration::from_secs(90 * 24 * 3600)));
    for (text, right) in [
        ("'always'", "ledger.keep: does not fit; it must be \"forever\", or a duration as \"90d\""),
        ("'1d'", "ledger.keep: is 24h; it must be from 2d to 3650d"),
        ("90", "ledger.keep: is a number; it must be a text in quotes"),
    ] {
        let error = complaint(&format!("[ledger]\nkeep = {text}\n"), &[]);
        assert!(error.starts_with(&format!("proxy.toml: {right}")), "{error}");
    }
}

#[test]
fn somewhere_must_be_listened_at_and_nowhere_twice() {
    assert!(complaint("[server]\nlisten = []\n", &[]).contains("name at least one address"));
    let twice = "[server]\nlisten = ['127.0.0.1:1', 'localhost:1']\n";
    assert!(complaint(twice, &[]).contains("`localhost:1` is named twice"));
    assert!(read("[server]\nlisten = ['127.0.0.1:0', '127.0.0.1:0']\n", &[]).is_ok());
}

#[test]
fn a_mode_is_one_of_three_words() {
    let error = complaint("[clients]\nmode = 'lsited'\n", &[]);
    assert_eq!(error, "proxy.toml: clients.mode: `lsited` is not one of them; did you mean `listed`?");
    for mode in Mode::ALL {
        let text = format!("[clients]\nmode = '{}'\nkey.a.api_key = 'k'\n", mode.word());
        assert_eq!(read(&text, &[]).unwrap().clients.mode, mode);
    }
}

#[test]
fn listed_needs_keys_and_the_other_modes_do_not_look_at_them() {
    let error = complaint(LISTED, &[]);
    assert!(error.starts_with("proxy.toml: clients.mode: is \"listed\", but no key is listed"), "{error}");
    assert!(error.contains("[clients.key.shop] api_key = "), "{error}");
    let config = read("[clients.key.shop]\napi_key = 'k'\n", &[]).unwrap();
    let [warning] = config.warnings.as_slice() else { panic!("{:?}", config.warnings) };
    assert!(warning.contains("not looked at while mode = \"any\"; set mode = \"listed\""), "{warning}");
    // A key that was refused is one complaint, not two.
    assert!(complaint(&format!("{LISTED}[clients.key.shop]\napi_key = ''\n"), &[]).contains("is empty"));
}

#[test]
fn clients_have_names_and_keys_of_their_own() {
    let same = format!("{LISTED}[clients.key.a]\napi_key = 'same'\n[clients.key.b]\napi_key = ' same '\n");
    assert_eq!(
        complaint(&same, &[]),
        "proxy.toml: clients.key.b: is the same key as clients.key.a; give each client its own"
    );
    let long = "n".repeat(33);
    for name in ["Shop", "a b", "ä", long.as_str()] {
        let text = format!("{LISTED}[clients.key.\"{name}\"]\napi_key = 'k'\n");
        assert!(complaint(&text, &[]).contains("does not do as a name"), "{name}");
    }
    assert!(
        complaint(&format!("{LISTED}[clients.key.a]\n"), &[])
            .contains("has no key; set api_key or api_key_file")
    );
}

#[test]
fn who_is_open_to_others_must_list_keys_unless_there_is_nothing_to_lose() {
    let open = [("SMSBRIDGE_SERVER__LISTEN", "127.0.0.1:1,0.0.0.0:8080")];
    let error = complaint(PAID, &open);
    assert!(
        error.starts_with("built-in settings: clients.mode: \"any\" accepts every api_key, and 0.0.0.0:8080")
    );
    assert!(error.contains("set mode = \"listed\" and add a key ([clients.key.shop]"), "{error}");
    assert!(read("", &open).is_ok());
    assert!(read(PAID, &[]).is_ok());
    assert!(read(&format!("{PAID}[clients]\nmode = 'passthrough'\n"), &open).is_ok());
    assert!(read(&format!("{PAID}[clients]\nmode = 'listed'\nkey.a.api_key = 'k'\n"), &open).is_ok());
    // One that costs money is enough, and a mistake elsewhere in it hides nothing.
    let both = "[provider.main]\n[provider.p]\nkind = 'paid'\n";
    assert_eq!(complaints(both, &open).len(), 2);
}

#[test]
fn the_server_is_not_waited_for_longer_than_somebody_waits() {
    let read = |text: &str| complaint(text, &[]);
    assert_eq!(
        read("[server]\ndrain = '11m'\n"),
        "proxy.toml: server.drain: is 11m; it must be from 0s to 10m"
    );
    for (text, seconds) in [("", 30), ("[server]\ndrain = '0s'\n", 0), ("[server]\ndrain = '10m'\n", 600)] {
        assert_eq!(super::read(text, &[]).unwrap().server.drain, std::time::Duration::from_secs(seconds));
    }
}

#[test]
fn so_many_threads_answer_as_is_said_and_at_least_one() {
    for (text, workers) in [("", 1), ("[server]\nworkers = 4\n", 4), ("[server]\nworkers = '64'\n", 64)] {
        assert_eq!(read(text, &[]).unwrap().server.workers, workers);
    }
    for wrong in ["0", "65", "1000000"] {
        assert_eq!(
            complaint(&format!("[server]\nworkers = {wrong}\n"), &[]),
            "proxy.toml: server.workers: does not fit; it must be a whole number from 1 to 64"
        );
    }
}
