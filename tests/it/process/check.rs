//! `smsbridge check`: whether a configuration is good, what it comes to, and what is wrong with it by
//! file, key and what would be right.

use std::path::Path;

use tempfile::TempDir;

use super::child::{Ended, Program};

async fn check(folder: &Path, toml: &str, env: &[(&str, &str)]) -> Ended {
    std::fs::write(folder.join("proxy.toml"), toml).unwrap();
    let program = Program::within(folder).args(&["check"]);
    env.iter().fold(program, |program, (name, value)| program.env(name, value)).end().await
}

#[tokio::test]
async fn a_good_configuration_is_printed_with_its_keys_masked() {
    let home = TempDir::new().unwrap();
    std::fs::write(home.path().join("key.txt"), "key-from-a-file\n").unwrap();
    let toml = "[server]\nlisten = [\"127.0.0.1:8099\"]\n[clients]\nmode = \"listed\"\n\
        [clients.key.shop]\napi_key = \"key-of-a-client\"\n\
        [provider.main]\nkind = \"vak-sms\"\napi_key_file = \"key.txt\"\ntimeout = \"7s\"\n\
        [provider.second]\nkind = \"sms-activate\"\nbase_url = \"https://example.com\"\n";
    let env = [("SMSBRIDGE_PROVIDER__SECOND__API_KEY", "key-from-the-environment")];
    let ended = check(home.path(), toml, &env).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{}", ended.stdout);
    for line in [
        "[clients.key.shop]",
        "mode = \"listed\"",
        "[provider.main]",
        "kind = \"vak-sms\"",
        "timeout = \"7s\"",
        "[provider.second]",
        "base_url = [\"https://example.com\"]",
    ] {
        assert!(ended.stdout.lines().any(|other| other == line), "{line}\n{}", ended.stdout);
    }
    assert_eq!(ended.stdout.matches("api_key = \"***\"").count(), 3, "{}", ended.stdout);
    for key in ["key-from-a-file", "key-of-a-client", "key-from-the-environment"] {
        assert!(!ended.stdout.contains(key), "{key}\n{}", ended.stdout);
    }
    assert_eq!(names_in(home.path()), ["key.txt", "proxy.toml"], "a check makes no ledger");
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    names
}

/// What is wrong, and what stderr has to hold for it, all on one line.
const WRONG: [(&str, &[&str]); 10] = [
    (
        "[provider.main]\nkind = \"vak-sms\"\napi_key = \"k\"\napikey = \"hidden\"\n",
        &["proxy.toml", "provider.main.apikey", "did you mean `api_key`?"],
    ),
    ("[sever]\nlisten = []\n", &["proxy.toml", "sever", "did you mean `server`?"]),
    ("[server]\nlisten = [\"8080\"]\n", &["proxy.toml", "server.listen", "127.0.0.1:8080"]),
    ("[clients]\nmode = \"lsted\"\n", &["proxy.toml", "clients.mode", "did you mean `listed`?"]),
    ("[clients]\nmode = \"listed\"\n", &["proxy.toml", "clients.mode", "[clients.key.shop]"]),
    (
        "[provider.main]\nkind = \"vaksms\"\n",
        &["proxy.toml", "provider.main.kind", "did you mean `vak-sms`?"],
    ),
    (
        "[provider.main]\nkind = \"vak-sms\"\n",
        &["proxy.toml", "provider.main", "api_key", "SMSBRIDGE_PROVIDER__MAIN__API_KEY"],
    ),
    (
        "[provider.main]\nkind = \"sms-activate\"\napi_key = \"hidden\"\n",
        &["proxy.toml", "provider.main.base_url", "https://"],
    ),
    ("[ledger]\nurl = \"smsbridge.db\"\n", &["proxy.toml", "ledger.url", "sqlite:smsbridge.db"]),
    ("[provider.main]\nkind = \"sandbox\"\napi_key = hidden\n", &["proxy.toml", "line 3"]),
];

#[tokio::test]
async fn what_is_wrong_is_named_by_file_and_key_with_what_would_be_right() {
    let home = TempDir::new().unwrap();
    for (toml, told) in WRONG {
        let ended = check(home.path(), toml, &[]).await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{toml}");
        let holds = |line: &str| told.iter().all(|part| line.contains(part));
        assert!(ended.stderr.lines().any(holds), "{told:?}\n{}", ended.stderr);
        assert!(!ended.stderr.contains("hidden"), "{}", ended.stderr);
    }
}

#[tokio::test]
async fn a_file_of_another_name_is_named_by_it() {
    let home = TempDir::new().unwrap();
    std::fs::write(home.path().join("other.toml"), "[server]\nlisen = []\n").unwrap();
    let ended = Program::within(home.path()).args(&["check", "--config", "other.toml"]).end().await;
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.starts_with("other.toml: server.lisen: "), "{}", ended.stderr);
    assert!(ended.stderr.contains("did you mean `listen`?"), "{}", ended.stderr);
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once() {
    let home = TempDir::new().unwrap();
    let toml = "[server]\nlisten = [\"nowhere\"]\nport = 80\n[provider.main]\nkind = \"vak-sms\"\n\
        api_key = \"k\"\ntimeout = \"soon\"\n";
    let env = [("SMSBRIDGE_PROVIDER__MAIN__POLL_INTERVAL", "often")];
    let ended = check(home.path(), toml, &env).await;
    assert_eq!(ended.code, Some(1));
    let lines: Vec<_> = ended.stderr.lines().collect();
    assert_eq!(lines.len(), 4, "{}", ended.stderr);
    for place in [
        "proxy.toml: server.listen: ",
        "proxy.toml: server.port: ",
        "proxy.toml: provider.main.timeout: ",
        "SMSBRIDGE_PROVIDER__MAIN__POLL_INTERVAL: provider.main.poll_interval: ",
    ] {
        assert_eq!(lines.iter().filter(|line| line.starts_with(place)).count(), 1, "{place}\n{lines:?}");
    }
}

#[tokio::test]
async fn a_mistyped_variable_is_named_and_its_value_is_not() {
    let home = TempDir::new().unwrap();
    let right = "SMSBRIDGE_PROVIDER__MAIN__API_KEY";
    for name in ["SMSBRIDGE_PROVIDER__MAIN__APIKEY", "SMSBRIDGE_PROVDER__MAIN__API_KEY"] {
        let ended = check(home.path(), "[provider.main]\nkind = \"sandbox\"\n", &[(name, "hidden")]).await;
        assert_eq!(ended.code, Some(1), "{name}");
        assert!(ended.stderr.starts_with(name), "{}", ended.stderr);
        assert!(ended.stderr.contains(&format!("did you mean `{right}`?")), "{}", ended.stderr);
        assert!(!ended.stderr.contains("hidden"), "{}", ended.stderr);
    }
}

/// A server that takes any key is for its own machine, unless there is nothing to be spent.
#[tokio::test]
async fn a_server_that_takes_any_key_is_not_open_to_others() {
    let home = TempDir::new().unwrap();
    let open = "[server]\nlisten = [\"0.0.0.0:0\"]\n[clients]\nmode = \"any\"\n";
    let paid = format!("{open}[provider.main]\nkind = \"vak-sms\"\napi_key = \"k\"\n");
    let refused = check(home.path(), &paid, &[]).await;
    let served = Program::within(home.path()).args(&["serve"]).end().await;
    let by_flag = [("SMSBRIDGE_SERVER__LISTEN", "127.0.0.1:0")];
    for ended in [&refused, &served] {
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
        for told in ["clients.mode", "0.0.0.0:0", "mode = \"listed\"", "[clients.key.shop]", "127.0.0.1"] {
            assert!(ended.stderr.contains(told), "{told}\n{}", ended.stderr);
        }
    }
    let mixed = format!(
        "{open}[provider.main]\nkind = \"sandbox\"\n[provider.paid]\nkind = \"vak-sms\"\napi_key = \"k\"\n"
    );
    for (toml, env, code) in [
        (open, &[][..], 0),
        (&mixed, &[], 1),
        (&paid, &by_flag, 0),
        (&paid, &[("SMSBRIDGE_CLIENTS__MODE", "passthrough")], 0),
    ] {
        let ended = check(home.path(), toml, env).await;
        assert_eq!(ended.code, Some(code), "{toml}{env:?}\n{}", ended.stderr);
    }
}

#[tokio::test]
async fn codes_of_a_service_that_has_its_own_are_not_mapped() {
    let home = TempDir::new().unwrap();
    let toml = "[provider.main]\nkind = \"sms-activate\"\nbase_url = \"http://127.0.0.1:9\"\n\
                api_key = \"k\"\n[provider.main.services]\nwa = \"vi\"";
    let ended = check(home.path(), toml, &[]).await;
    assert_eq!(ended.code, Some(1));
    assert!(
        ended.stderr.contains("[provider.main]") && ended.stderr.contains("services"),
        "{}",
        ended.stderr
    );
}

#[tokio::test]
async fn the_documented_configuration_is_a_good_one() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let ended = Program::within(folder).args(&["check"]).end().await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{}", ended.stdout);
    assert!(!ended.stdout.contains("warning"), "{}", ended.stdout);
}
