//! Versions, names and protocols that clients offer, and what is no TLS at all.

use rustls::ProtocolVersion;
use rustls::version::{TLS12, TLS13};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{BALANCE, BOTH, asked, bridge, counted_until, request};
use crate::harness::tls;

const WATCHED: &str = "[admin]\nlisten = \"127.0.0.1:0\"\n";

#[tokio::test]
async fn old_and_new_versions_are_spoken() {
    let (bridge, addr) = bridge("").await;
    for (versions, spoken) in
        [(&[&TLS12][..], ProtocolVersion::TLSv1_2), (&[&TLS13], ProtocolVersion::TLSv1_3)]
    {
        let stream = tls::connect(addr, tls::client(versions)).await.unwrap();
        assert_eq!(stream.get_ref().1.protocol_version(), Some(spoken));
        let answer = asked(addr, tls::client(versions)).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with(BALANCE), "{answer}");
    }
    bridge.stop().await;
}

#[tokio::test]
async fn http_1_1_is_chosen_from_what_is_offered() {
    let (bridge, addr) = bridge("").await;
    for (offered, chosen) in
        [(vec!["h2", "http/1.1"], Some("http/1.1")), (vec!["http/1.1"], Some("http/1.1")), (vec![], None)]
    {
        let mut config = tls::client(BOTH);
        config.alpn_protocols = offered.iter().map(|name| name.as_bytes().to_vec()).collect();
        let stream = tls::connect(addr, config.clone()).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), chosen.map(str::as_bytes), "{offered:?}");
        assert!(asked(addr, config).await.ends_with(BALANCE), "{offered:?}");
    }
    bridge.stop().await;
}

#[tokio::test]
async fn who_names_no_server_is_answered_too() {
    let (bridge, addr) = bridge("").await;
    let mut config = tls::client(BOTH);
    config.enable_sni = false;
    assert!(asked(addr, config).await.ends_with(BALANCE));
    bridge.stop().await;
}

/// Clients that poll keep their connections, and those of one that ended can be taken up again.
#[tokio::test]
async fn a_connection_serves_many_requests_and_a_session_several_connections() {
    let (bridge, addr) = bridge("").await;
    let config = tls::client(BOTH);
    for _ in 0..2 {
        let mut stream = tls::connect(addr, config.clone()).await.unwrap();
        for _ in 0..3 {
            stream.write_all(request(tls::NAME, "").as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            while !answer.ends_with(BALANCE.as_bytes()) {
                assert_ne!(stream.read_buf(&mut answer).await.unwrap(), 0, "{answer:?}");
            }
        }
    }
    bridge.stop().await;
}

#[tokio::test]
async fn http_at_the_port_for_https_is_told_so() {
    let (bridge, addr) = bridge(WATCHED).await;
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(request("localhost", "").as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(answer.contains("https://") && answer.contains("[server] listen"), "{answer}");
    counted_until(&bridge, "not_tls", 1).await;
    // Anything else is closed without a word.
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(b"\0\x01\x02").await.unwrap();
    let mut answer = Vec::new();
    // A reset is an end too.
    let _ = stream.read_to_end(&mut answer).await;
    assert!(answer.is_empty(), "{answer:?}");
    counted_until(&bridge, "not_tls", 2).await;
    bridge.stop().await;
}

#[tokio::test]
async fn https_at_the_port_for_http_is_closed() {
    let (bridge, _) = bridge("").await;
    let error = tls::connect(bridge.addr, tls::client(BOTH)).await.unwrap_err();
    assert!(error.to_string().contains("corrupt message"), "{error}");
    assert_eq!(bridge.ask("action=getBalance").await, BALANCE);
    bridge.stop().await;
}
