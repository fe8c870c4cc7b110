//! `smsbridge health`: asks the configured listener whether it is ready, for a container's health check.
//! Knows nothing but `/healthz`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use reqwest::header::HOST;

use super::say::say;
use super::{Common, fail};

const PATIENCE: Duration = Duration::from_secs(5);

/// Asks; the exit code is the answer.
pub async fn run(common: Common) -> ExitCode {
    let config = match common.load() {
        Ok(config) => config,
        Err(code) => return code,
    };
    let server = &config.server;
    let secure = || Some(("https", server.listen_tls.first()?));
    let Some((scheme, addr)) = server.listen.first().map(|addr| ("http", addr)).or_else(secure) else {
        return fail("there is no address, neither in [server] listen nor in listen_tls");
    };
    let url = format!("{scheme}://{}/healthz", reachable(*addr));
    match ask(&url).await {
        Ok(()) => {
            say("ok");
            ExitCode::SUCCESS
        }
        Err(error) => fail(&format!("{url}: {error}")),
    }
}

async fn ask(url: &str) -> Result<(), String> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    // The certificate is for the redirected names, and not for this machine's address. Nothing secret is said here, and
    // whoever answers at the server's address can say that it is well.
    let client =
        reqwest::Client::builder().no_proxy().timeout(PATIENCE).tls_danger_accept_invalid_certs(true);
    let client = client.build().map_err(|error| error.to_string())?;
    // A name that is answered at every listener, whatever [server] allow_hosts has.
    let answer = client.get(url).header(HOST, "localhost").send().await;
    let answer = answer.map_err(|_| match url.starts_with("https") {
        true => "no answer; is the server running, and has it a CA (`smsbridge ca init`)?",
        false => "no answer; is the server running?",
    })?;
    if answer.status().is_success() { Ok(()) } else { Err(format!("HTTP {}", answer.status())) }
}

/// Where a listener on every address can be reached from this machine.
pub(super) fn reachable(addr: SocketAddr) -> SocketAddr {
    let ip = match addr.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, addr.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_asked_as_this_machine() {
        let asked = |text: &str| reachable(text.parse().unwrap()).to_string();
        assert_eq!(asked("0.0.0.0:80"), "127.0.0.1:80");
        assert_eq!(asked("[::]:80"), "[::1]:80");
        assert_eq!(asked("127.0.0.2:80"), "127.0.0.2:80");
    }
}
