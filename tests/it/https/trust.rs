//! Clients that do not trust the certificate: a legacy program says so nowhere else than here.

use rustls::version::{TLS12, TLS13};

use super::{BOTH, bridge, counted, counted_until};
use crate::harness::{Log, tls};

#[tokio::test]
async fn a_client_that_does_not_trust_is_told_of_once_a_minute() {
    let log = Log::of("smsbridge::server");
    let (bridge, addr) = bridge("[admin]\nlisten = \"127.0.0.1:0\"\n").await;
    for versions in [&[&TLS12][..], &[&TLS13]] {
        assert!(tls::connect(addr, tls::distrustful(versions)).await.is_err());
    }
    counted_until(&bridge, "unknown_ca", 2).await;
    let told = "smsbridge ca env";
    log.says(told, 1).await;
    let lines = log.lines(told);
    assert!(lines[0].contains("WARN") && lines[0].contains("unknown_ca"), "{lines:?}");
    bridge.advance(61);
    assert!(tls::connect(addr, tls::distrustful(BOTH)).await.is_err());
    log.says(told, 2).await;
    assert_eq!(log.lines("so_far=3").len(), 1);
    assert_eq!(counted(&bridge, "unknown_ca").await, 3);
    bridge.stop().await;
}

#[tokio::test]
async fn other_troubles_are_counted_and_no_noise() {
    let log = Log::of("smsbridge::server");
    let (bridge, addr) = bridge("[admin]\nlisten = \"127.0.0.1:0\"\n").await;
    drop(tokio::net::TcpStream::connect(addr).await.unwrap());
    counted_until(&bridge, "hung_up", 1).await;
    let mut config = tls::client(BOTH);
    config.alpn_protocols = vec![b"h2".to_vec()];
    assert!(tls::connect(addr, config).await.is_err());
    counted_until(&bridge, "protocol", 1).await;
    assert_eq!(log.lines("WARN").len(), 0, "{:?}", log.lines("WARN"));
    bridge.stop().await;
}
