//! Which layer wins, which provider is the first, and what becomes of a file that is no TOML.

use std::path::{Path, PathBuf};

use super::super::{Mode, Origin, Overrides, Sockets, check, load};
use super::{KINDS, complaint, read, read_with};

#[test]
fn without_anything_the_sandbox_listens_on_this_machine_only() {
    let config = read("", &[]).unwrap();
    assert_eq!(config.server.listen, ["127.0.0.1:8080".parse().unwrap()]);
    assert_eq!(config.clients.mode, Mode::Any);
    assert_eq!(config.ledger.path(), Path::new("smsbridge.db"));
    assert_eq!(config.providers.len(), 1);
    assert_eq!((config.providers[0].name.as_str(), config.providers[0].spec.kind), ("main", "sandbox"));
    assert_eq!((config.warnings, config.source), (vec![], None));
}

#[test]
fn flags_win_over_variables_and_those_over_the_file() {
    let file = "[server]\nlisten = ['127.0.0.1:1']";
    let env = [("SMSBRIDGE_SERVER__LISTEN", "127.0.0.1:2")];
    let port = |config: super::super::Config| config.server.listen[0].port();
    assert_eq!(port(read(file, &[]).unwrap()), 1);
    assert_eq!(port(read(file, &env).unwrap()), 2);
    let config = read_with(file, &env, &["127.0.0.1:3"]).unwrap();
    assert_eq!(config.origins["server.listen"], Origin::Flag("--listen"));
    assert_eq!(port(config), 3);
}

#[test]
fn a_wrong_flag_is_named() {
    let error = read_with("", &[], &["nonsense"]).unwrap_err().to_string();
    assert!(error.starts_with("--listen: server.listen: `nonsense` is not an address"), "{error}");
}

#[test]
fn the_order_of_providers_is_that_of_the_file_and_then_of_the_names() {
    let file = "[provider.zebra]\nkind = 'sandbox'\n[provider.ant]\nkind = 'sandbox'";
    let env = [("SMSBRIDGE_PROVIDER__B__KIND", "sandbox"), ("SMSBRIDGE_PROVIDER__A__KIND", "sandbox")];
    let names: Vec<String> = read(file, &env).unwrap().providers.into_iter().map(|one| one.name).collect();
    assert_eq!(names, ["zebra", "ant", "a", "b"]);
}

#[test]
fn the_built_in_provider_is_there_only_while_nobody_names_another() {
    let names = |text, env: &[(&str, &str)]| -> Vec<String> {
        read(text, env).unwrap().providers.into_iter().map(|one| one.name).collect()
    };
    assert_eq!(names("[provider.toy]\nkind = 'sandbox'", &[]), ["toy"]);
    assert_eq!(names("", &[("SMSBRIDGE_PROVIDER__TOY__KIND", "sandbox")]), ["toy"]);
    assert_eq!(names("[server]\nlisten = '127.0.0.1:1'", &[]), ["main"]);
    let toy = read("[provider.toy]\nkind = 'sandbox'", &[]).unwrap();
    assert!(!toy.origins.contains_key("provider.main.kind"));
    // Naming it changes it.
    let paid = [("SMSBRIDGE_PROVIDER__MAIN__KIND", "paid"), ("SMSBRIDGE_PROVIDER__MAIN__API_KEY", "k")];
    assert_eq!(read("", &paid).unwrap().providers[0].spec.kind, "paid");
}

#[test]
fn a_key_for_the_built_in_sandbox_is_told_to_be_of_no_use() {
    let config = read("", &[("SMSBRIDGE_PROVIDER__MAIN__API_KEY", "k")]).unwrap();
    assert_eq!(config.providers[0].spec.kind, "sandbox");
    let [warning] = config.warnings.as_slice() else { panic!("{:?}", config.warnings) };
    assert!(
        warning.starts_with("SMSBRIDGE_PROVIDER__MAIN__API_KEY: provider.main.api_key: is not used"),
        "{warning}"
    );
    assert!(warning.contains("set provider.main.kind"), "{warning}");
}

#[test]
fn a_syntax_error_is_placed_and_does_not_quote_the_line() {
    let error = complaint("[clients.key.shop]\napi_key = topsecret\n", &[]);
    assert!(error.starts_with("proxy.toml: line 2, column 11: "), "{error}");
    assert!(!error.contains("topsecret"), "{error}");
    let error = complaint("[server]\nlisten = []\nlisten = []\n", &[]);
    assert!(error.starts_with("proxy.toml: line 3, column 1: duplicate key `listen`"), "{error}");
}

#[test]
fn a_byte_order_mark_is_no_mistake() {
    assert!(read("\u{feff}[server]\nlisten = '127.0.0.1:1'", &[]).is_ok());
}

#[test]
fn a_file_that_was_named_must_be_there() {
    let path = Path::new("/nowhere/proxy.toml");
    let error = load(Some(path), std::iter::empty(), &Overrides::default()).unwrap_err().to_string();
    assert!(error.starts_with("/nowhere/proxy.toml: there is no such file"), "{error}");
}

#[test]
fn a_file_that_is_no_text_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.toml");
    std::fs::write(&path, [0xff, 0xfe]).unwrap();
    let error = load(Some(&path), std::iter::empty(), &Overrides::default()).unwrap_err().to_string();
    assert!(error.ends_with("cannot be read: it is not UTF-8 text; save it as UTF-8"), "{error}");
    let error = load(Some(folder.path()), std::iter::empty(), &Overrides::default()).unwrap_err().to_string();
    assert!(error.contains("cannot be read"), "{error}");
}

#[test]
fn the_file_that_was_read_is_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("p.toml");
    std::fs::write(&path, "[server]\nlisten = '127.0.0.1:7'").unwrap();
    let config = load(Some(&path), std::iter::empty(), &Overrides::default()).unwrap();
    assert_eq!(config.origins["server.listen"], Origin::File(path.clone()));
    assert_eq!(config.source, Some(path));
}

#[test]
fn addresses_for_https_are_a_list_of_their_own() {
    let text = "[server]\nlisten_tls = ['127.0.0.1:8443', '[::1]:8443']\n";
    let config = read(text, &[]).unwrap();
    assert_eq!(config.server.listen, ["127.0.0.1:8080".parse().unwrap()]);
    let all: Vec<String> = config.server.addresses().map(ToString::to_string).collect();
    assert_eq!(all, ["127.0.0.1:8080", "127.0.0.1:8443", "[::1]:8443"]);
    let only = read("[server]\nlisten = []\nlisten_tls = ['127.0.0.1:8443']\n", &[]).unwrap();
    assert_eq!(only.server.addresses().count(), 1);
    let env = [("SMSBRIDGE_SERVER__LISTEN_TLS", "127.0.0.1:1,127.0.0.1:2")];
    assert_eq!(read("", &env).unwrap().server.listen_tls.len(), 2);
}

#[test]
fn what_holds_for_a_listener_holds_for_one_of_https() {
    for (text, right) in [
        ("listen = []\n", "server.listen: "),
        ("listen_tls = ['443']\n", "server.listen_tls: `443` is not an address to listen at"),
        ("listen_tls = ['127.0.0.1:8080']\n", "server.listen_tls: "),
        ("listen_tls = ['127.0.0.1:1', '127.0.0.1:1']\n", "server.listen_tls: "),
        ("listen_tls = ['0.0.0.0:1']\n[provider.main]\nkind = 'paid'\napi_key = 'k'\n", "clients.mode: "),
        ("listen_tls = ['127.0.0.1:9464']\n[admin]\nlisten = '127.0.0.1:9464'\n", "admin.listen: "),
    ] {
        let error = complaint(&format!("[server]\n{text}"), &[]);
        let error = error
            .strip_prefix("proxy.toml: ")
            .or(error.strip_prefix("built-in settings: "))
            .unwrap_or(&error);
        assert!(error.starts_with(right), "{error}");
    }
    let own = "[server]\nlisten_tls = ['127.0.0.1:2']\n[dialect.listeners]\n'127.0.0.1:2' = 'smsak'\n";
    assert_eq!(read(own, &[]).unwrap().flavours.listeners.len(), 1);
}

#[test]
fn sockets_that_are_handed_over_go_above_flags() {
    let sockets = Sockets { plain: Vec::new(), tls: vec!["127.0.0.1:443".to_owned()] };
    let overrides = Overrides {
        listen: vec!["127.0.0.1:1".to_owned()],
        listen_tls: vec!["127.0.0.1:2".to_owned()],
        sockets: Some(sockets),
    };
    let config = check(KINDS, None, std::iter::empty(), &overrides).unwrap();
    let all: Vec<String> = config.server.addresses().map(ToString::to_string).collect();
    assert_eq!(all, ["127.0.0.1:443"]);
    assert_eq!(config.origins["server.listen_tls"], Origin::Variable("LISTEN_FDS".to_owned()));
    let flags = Overrides { sockets: None, ..overrides };
    let config = check(KINDS, None, std::iter::empty(), &flags).unwrap();
    assert_eq!(config.origins["server.listen_tls"], Origin::Flag("--listen-tls"));
}
