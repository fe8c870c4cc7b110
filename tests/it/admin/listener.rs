//! Where the metrics are and where they are not: no client reaches them, no web page, and no second server fails
//! because a first one has them.

use std::net::TcpListener;

use tempfile::TempDir;

use super::{ORDER, WATCHED, watched};
use crate::harness::{Bridge, get};
use crate::process::Program;

#[tokio::test]
async fn clients_and_those_who_watch_never_meet() {
    let world = watched("sandbox", "").await;
    for path in ["/metrics", "/readyz", "/metrics/", "/admin/metrics"] {
        assert_eq!(get(world.bridge.addr, path, &[]).await.status, 404, "{path}");
    }
    // A container's health check asks there.
    assert_eq!(get(world.bridge.addr, "/healthz", &[]).await.status, 200);
    let admin = world.bridge.admin.unwrap();
    let order = format!("{}?api_key=any&action=getNumber&{ORDER}", smsbridge::server::DIALECT_PATH);
    for path in [order.as_str(), "/", "/metrics/x"] {
        let answer = get(admin, path, &[]).await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (404, "there are /metrics, /healthz, /readyz and /status")
        );
    }
    assert_eq!(world.bridge.ask("action=getHistory").await, "[]");
    world.end().await;
}

#[tokio::test]
async fn a_web_page_or_another_name_for_this_machine_gets_nothing() {
    let world = watched("sandbox", "").await;
    for path in ["/metrics", "/readyz", "/healthz"] {
        for header in [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")] {
            assert_eq!(world.bridge.watch(path).await.status, 200);
            let answer = get(world.bridge.admin.unwrap(), path, &[header]).await;
            assert_eq!((answer.status, answer.body.as_str()), (403, "a web page may not read this"));
        }
        let mut bytes = format!("GET {path} HTTP/1.1\r\nHost: evil.example:9464\r\n").into_bytes();
        bytes.extend_from_slice(b"Connection: close\r\n\r\n");
        let answer = crate::harness::raw(world.bridge.admin.unwrap(), &bytes).await;
        assert_eq!(answer.status, 403, "{path}: {}", answer.body);
    }
    world.end().await;
}

/// Whoever opens connections here uses up nothing that clients need, nor can anybody keep one for nothing.
#[tokio::test]
async fn there_is_a_place_for_a_few() {
    let world = watched("sandbox", "").await;
    let admin = world.bridge.admin.unwrap();
    let mut silent = Vec::new();
    for _ in 0..32 {
        silent.push(tokio::net::TcpStream::connect(admin).await.unwrap());
    }
    let refused = world.bridge.watch("/healthz").await;
    assert_eq!(refused.status, 503, "{}", refused.body);
    assert!(world.bridge.ask("action=getBalance").await.starts_with("ACCESS_BALANCE:"));
    assert_eq!(world.bridge.open_connections(), 0);
    drop(silent);
    while world.bridge.watch("/healthz").await.status == 503 {
        tokio::task::yield_now().await;
    }
    assert_eq!(world.bridge.watch("/healthz").await.body, "ok");
    world.end().await;
}

#[tokio::test]
async fn it_may_be_switched_off() {
    let bridge = Bridge::start("[admin]\nlisten = \"\"\n").await;
    assert_eq!(bridge.admin, None);
    bridge.stop().await;
}

#[tokio::test]
async fn the_program_says_where_its_metrics_are() {
    let home = TempDir::new().unwrap();
    std::fs::write(home.path().join("proxy.toml"), WATCHED).unwrap();
    let program = Program::within(home.path()).without("SMSBRIDGE_ADMIN__LISTEN");
    let mut child = program.args(&["--listen", "127.0.0.1:0"]).start();
    let url = child.said("  metrics   ").await;
    let addr = url.strip_prefix("http://").and_then(|rest| rest.strip_suffix("/metrics")).unwrap();
    let answer = get(addr.parse().unwrap(), "/metrics", &[]).await;
    let version = format!("smsbridge_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION"));
    assert!(answer.body.lines().any(|line| line == version), "{}", answer.body);
    for name in ["process_start_time_seconds ", "process_resident_memory_bytes ", "process_open_fds "] {
        let found = answer.body.lines().any(|line| line.starts_with(name));
        assert!(found || !cfg!(target_os = "linux"), "{name}");
    }
    child.kill().await;
}

#[tokio::test]
async fn a_server_whose_usual_port_is_taken_goes_without() {
    let home = TempDir::new().unwrap();
    // Whoever else has it, it is taken.
    let _taken = TcpListener::bind("127.0.0.1:9464");
    let mut served = Program::within(home.path()).without("SMSBRIDGE_ADMIN__LISTEN").serve().await;
    served.child.logged("there are no metrics at 127.0.0.1:9464").await;
    assert!(served.ask("action=getBalance").await.starts_with("ACCESS_BALANCE:"));
    assert!(!served.child.heard().contains("metrics"), "{}", served.child.heard());
}

#[tokio::test]
async fn a_port_that_somebody_asked_for_and_that_is_taken_ends_the_start() {
    let home = TempDir::new().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    let program = Program::within(home.path()).env("SMSBRIDGE_ADMIN__LISTEN", &addr);
    let ended = program.args(&["--listen", "127.0.0.1:0"]).end().await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{}", ended.stderr);
    assert!(ended.stderr.contains(&format!("cannot listen on {addr}")), "{}", ended.stderr);
    assert!(ended.stderr.contains("choose another in [admin] listen"), "{}", ended.stderr);
}
