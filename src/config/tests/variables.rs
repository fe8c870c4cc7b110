//! The environment: what is a setting, what is not, and that text stays text.

use super::super::Origin;
use super::{complaint, read};
use crate::domain::{KeyDigest, Secret};

#[test]
fn text_stays_text() {
    for key in ["0123456", "12345678901234567890123", "true", "1e5", "[a]", "{a}", "k\"q", "1.0"] {
        let env = [("SMSBRIDGE_PROVIDER__P__KIND", "paid"), ("SMSBRIDGE_PROVIDER__P__API_KEY", key)];
        let config = read("", &env).unwrap();
        assert_eq!(config.providers[0].api_key.as_ref().unwrap().expose(), key);
    }
}

#[test]
fn several_addresses_stand_between_commas_or_in_an_array() {
    for value in ["127.0.0.1:1, [::1]:2", "[\"127.0.0.1:1\", '[::1]:2']"] {
        let listen = read("", &[("SMSBRIDGE_SERVER__LISTEN", value)]).unwrap().server.listen;
        assert_eq!(listen, ["127.0.0.1:1".parse().unwrap(), "[::1]:2".parse().unwrap()], "{value}");
    }
}

#[test]
fn every_type_can_be_said() {
    let env = [
        ("SMSBRIDGE_PROVIDER__P__KIND", "paid"),
        ("SMSBRIDGE_PROVIDER__P__API_KEY", "k"),
        ("SMSBRIDGE_PROVIDER__P__BASE_URL", "https://a.example,https://b.example"),
        ("SMSBRIDGE_PROVIDER__P__TIMEOUT", "2m"),
        ("SMSBRIDGE_PROVIDER__P__EAGER", "true"),
        ("SMSBRIDGE_PROVIDER__P__SEED", "7"),
        ("SMSBRIDGE_PROVIDER__P__LIMIT", "1000.50"),
        ("SMSBRIDGE_PROVIDER__P__SERVICES__TG", "telegram"),
        ("SMSBRIDGE_PROVIDER__P__COUNTRIES__0", "ru"),
    ];
    let config = read("", &env).unwrap();
    let provider = &config.providers[0];
    assert_eq!(provider.base_urls.len(), 2);
    assert_eq!(provider.timeout.as_secs(), 120);
    assert!(provider.options.is_on("eager"));
    assert_eq!(provider.options.integer("seed"), Some(7));
    assert_eq!(provider.options.amount("limit").unwrap().to_string(), "1000.50");
    assert_eq!(provider.services["tg"], "telegram");
    assert_eq!(provider.countries["0"], "ru");
    let said = Origin::Variable("SMSBRIDGE_PROVIDER__P__TIMEOUT".to_owned());
    assert_eq!(config.origins["provider.p.timeout"], said);
}

#[test]
fn what_somebody_else_put_there_is_left_alone() {
    let injected = [
        ("SMSBRIDGE_PORT", "tcp://10.0.0.1:8080"),
        ("SMSBRIDGE_SERVICE_HOST", "10.0.0.1"),
        ("SMSBRIDGE_PORT_8080_TCP_ADDR", "10.0.0.1"),
        ("SMSBRIDGE_CONFIG", "x"),
        ("OTHER__LISTEN", "x"),
    ];
    assert_eq!(read("", &injected).unwrap().warnings, [""; 0]);
    let warnings = read("", &[("SMSBRIDGE_PORT__8080", "x")]).unwrap().warnings;
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].starts_with(
        "SMSBRIDGE_PORT__8080: is not a setting and is ignored; settings begin with SMSBRIDGE_SERVER__"
    ));
}

#[test]
fn one_underscore_too_few_is_pointed_out() {
    for (name, meant) in [
        ("SMSBRIDGE_SERVER_LISTEN", "SMSBRIDGE_SERVER__LISTEN"),
        ("SMSBRIDGE_LEDGER_URL", "SMSBRIDGE_LEDGER__URL"),
        ("SMSBRIDGE_PROVIDER_MAIN_API_KEY", "SMSBRIDGE_PROVIDER__MAIN__API_KEY"),
        ("SMSBRIDGE_PROVIDER_MY_VAK_KIND", "SMSBRIDGE_PROVIDER__MY_VAK__KIND"),
    ] {
        let warnings = read("", &[(name, "x")]).unwrap().warnings;
        assert_eq!(warnings, [format!("{name}: is not a setting and is ignored; did you mean {meant}?")]);
    }
}

#[test]
fn a_slip_is_an_error_and_names_the_variable() {
    for (name, right) in [
        (
            "SMSBRIDGE_SERVR__LISTEN",
            "servr: there is no such setting; did you mean `SMSBRIDGE_SERVER__LISTEN`?",
        ),
        (
            "SMSBRIDGE_PROVIDERS__MAIN__KIND",
            "providers: there is no such setting; did you mean `SMSBRIDGE_PROVIDER__MAIN__KIND`?",
        ),
        (
            "SMSBRIDGE_SERVER__LISTN",
            "server.listn: there is no such setting; did you mean `SMSBRIDGE_SERVER__LISTEN`?",
        ),
        (
            "SMSBRIDGE_PROVIDER__MAIN__APIKEY",
            "provider.main.apikey: there is no such setting; did you mean `SMSBRIDGE_PROVIDER__MAIN__API_KEY`?",
        ),
        (
            "SMSBRIDGE_LEDGER__PATH",
            "ledger.path: there is no such setting; known here: SMSBRIDGE_LEDGER__URL",
        ),
        ("SMSBRIDGE_SERVER__LISTEN__X", "server.listen: is a table"),
        ("SMSBRIDGE_PROVIDER__MAIN", "provider.main: is a text; it must be a table"),
    ] {
        let error = complaint("", &[(name, "x")]);
        assert!(error.starts_with(&format!("{name}: {right}")), "{error}");
    }
    assert!(complaint("", &[("SMSBRIDGE_SERVER__", "x")]).contains("the name has an empty part"));
    assert!(complaint("", &[("SMSBRIDGE_SERVER__LISTEN", "")]).contains("server.listen: is empty"));
}

#[test]
fn a_name_with_a_hyphen_is_reached_by_an_underscore() {
    let file = "[provider.my-vak]\nkind = 'paid'\n[clients.key.my-shop]\napi_key = 'old'\n[clients]\nmode = 'listed'\n";
    let env =
        [("SMSBRIDGE_PROVIDER__MY_VAK__API_KEY", "k"), ("SMSBRIDGE_CLIENTS__KEY__MY_SHOP__API_KEY", "new")];
    let config = read(file, &env).unwrap();
    assert_eq!(config.providers.len(), 1);
    assert_eq!(config.providers[0].api_key.as_ref().unwrap().expose(), "k");
    assert_eq!(config.clients.keys.len(), 1);
    assert_eq!(config.clients.keys[0].digest, KeyDigest::of(&Secret::new("new")));
    // Where both spellings exist, each variable means the one it spells.
    let both = format!("{file}[provider.my_vak]\nkind = 'sandbox'\n");
    assert!(complaint(&both, &env).contains("provider.my-vak.api_key: kind \"paid\" needs"));
}
