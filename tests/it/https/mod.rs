//! Listeners that speak HTTPS: who is understood there, who is not, and that all else holds that holds for HTTP.

mod ca_page;
mod listeners;
mod speech;
mod time;
mod trust;

use std::net::SocketAddr;

use rustls::SupportedProtocolVersion;
use rustls::version::{TLS12, TLS13};
use smsbridge::server::DIALECT_PATH;

use crate::harness::{Bridge, tls};

/// A question that the sandbox answers, and the answer.
const ASK: &str = "api_key=any&action=getBalance";
const BALANCE: &str = "ACCESS_BALANCE:1000.00";

/// Every version that is spoken.
const BOTH: &[&SupportedProtocolVersion] = &[&TLS12, &TLS13];

/// One listener for HTTP, and one for HTTPS.
const LISTEN: &str = "[server]\nlisten = [\"127.0.0.1:0\"]\nlisten_tls = [\"127.0.0.1:0\"]\nallow_hosts = [\"api.sms-activate.org\"]\n";

/// A server with both, and the address for HTTPS.
async fn bridge(more: &str) -> (Bridge, SocketAddr) {
    let bridge = Bridge::start(&format!("{LISTEN}{more}")).await;
    let addr = bridge.addrs[1];
    (bridge, addr)
}

/// The question as a request under this name, on a connection that is kept or not.
fn request(host: &str, more: &str) -> String {
    format!("GET {DIALECT_PATH}?{ASK} HTTP/1.1\r\nHost: {host}\r\n{more}\r\n")
}

/// The whole answer to the question, asked at once.
async fn asked(addr: SocketAddr, config: rustls::ClientConfig) -> String {
    tls::raw(addr, config, &request(tls::NAME, "Connection: close\r\n")).await
}

/// How often the server counted that, by its own metrics.
async fn counted(bridge: &Bridge, reason: &str) -> u64 {
    let metrics = bridge.watch("/metrics").await.body;
    let line = format!("smsbridge_tls_handshakes_failed_total{{reason=\"{reason}\"}} ");
    let found = metrics.lines().find_map(|text| text.strip_prefix(&line));
    found.map_or(0, |count| count.parse().unwrap())
}

/// Waits until it was counted so often.
async fn counted_until(bridge: &Bridge, reason: &str, times: u64) {
    let counted = async {
        while counted(bridge, reason).await < times {
            tokio::task::yield_now().await;
        }
    };
    let patience = std::time::Duration::from_secs(20);
    tokio::time::timeout(patience, counted).await.unwrap_or_else(|_| panic!("{reason} was not counted"));
}
