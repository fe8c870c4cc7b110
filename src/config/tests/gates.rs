//! `[limits]`, and who may ask at all.

use std::time::Duration;

use super::super::LimitsConfig;
use super::{complaint, complaints, read};

#[test]
fn what_is_built_in_is_the_default() {
    assert_eq!(read("", &[]).unwrap().limits, LimitsConfig::default());
}

#[test]
fn limits_are_read_from_file_and_environment() {
    let env = [("SMSBRIDGE_LIMITS__CONNECTIONS", "7"), ("SMSBRIDGE_LIMITS__IDLE_TIMEOUT", "5m")];
    let limits = read("[limits]\nconnections = 5\nrequests_per_second = 0\n", &env).unwrap().limits;
    assert_eq!((limits.connections, limits.requests_per_second), (7, 0));
    assert_eq!(limits.idle_timeout, Duration::from_secs(300));
}

#[test]
fn a_limit_that_is_none_is_told_its_range() {
    for (line, right) in [
        ("max_header = 100", "max_header: does not fit; it must be a whole number from 1024 to 1048576"),
        ("max_body = 99999999999", "max_body: does not fit; it must be a whole number from 1024 to 16777216"),
        ("connections = 0", "connections: does not fit; it must be a whole number from 1 to 1000000"),
        ("requests_burst = 0", "requests_burst: does not fit; it must be a whole number from 1 to 1000000"),
        ("requests = \"many\"", "requests: does not fit; it must be a whole number, 0 or more"),
        ("header_timeout = \"0s\"", "header_timeout: is 0s; it must be from 1s to 1h"),
        ("conections = 5", "conections: there is no such setting; did you mean `connections`?"),
    ] {
        assert_eq!(complaint(&format!("[limits]\n{line}\n"), &[]), format!("proxy.toml: limits.{right}"));
    }
    assert_eq!(complaints("[limits]\nmax_header = 1\nmax_body = 1\nbody_timeout = \"2h\"\n", &[]).len(), 3);
}

#[test]
fn origins_and_hosts_are_kept_in_small_letters_and_refused_when_they_are_none() {
    let text = "[server]\nallow_origins = ['https://Shop.example']\nallow_hosts = ['Proxy.Example', 'b']\n";
    let server = read(text, &[]).unwrap().server;
    assert_eq!(server.allow_origins, ["https://shop.example"]);
    assert_eq!(server.allow_hosts, ["proxy.example", "b"]);
    for (line, right) in [
        ("allow_origins = ['null']", "server.allow_origins: does not fit; it must be an origin as a browser"),
        ("allow_origins = ['*']", "server.allow_origins: does not fit"),
        ("allow_hosts = ['https://a.example']", "server.allow_hosts: does not fit; it must be a host's name"),
        ("allow_hosts = ['a.example:80']", "server.allow_hosts: does not fit"),
    ] {
        let error = complaint(&format!("[server]\n{line}\n"), &[]);
        assert!(error.starts_with(&format!("proxy.toml: {right}")), "{error}");
    }
}

#[test]
fn the_sandbox_alone_may_be_open_to_all_and_it_is_said() {
    let open = [("SMSBRIDGE_SERVER__LISTEN", "0.0.0.0:8080")];
    let warnings = read("", &open).unwrap().warnings;
    assert!(
        warnings.iter().any(|text| text.contains("only because the sandbox has no money")),
        "{warnings:?}"
    );
    assert_eq!(read("", &[]).unwrap().warnings, Vec::<String>::new());
}
