//! `smsbridge health`: asks the configured listener whether it is ready, for a container's health check.
//! Knows nothing but `/healthz`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use super::say::say;
use super::{Common, fail};

const PATIENCE: Duration = Duration::from_secs(5);

/// Asks; the exit code is the answer.
pub async fn run(common: Common) -> ExitCode {
    let config = match common.load() {
        Ok(config) => config,
        Err(code) => return code,
    };
    // Where there is nothing but HTTPS, whose certificate is for other names than this machine's, who watches knows.
    let Some(addr) = config.server.listen.first().or(config.admin.listen.as_ref()).copied().map(reachable)
    else {
        return fail("there is no address for HTTP, in [server] listen or in [admin]");
    };
    match ask(addr).await {
        Ok(()) => {
            say("ok");
            ExitCode::SUCCESS
        }
        Err(error) => fail(&format!("http://{addr}/healthz: {error}")),
    }
}

async fn ask(addr: SocketAddr) -> Result<(), String> {
    // Plain HTTP to this machine, but the client wants its TLS library all the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build();
    let client = client.map_err(|error| error.to_string())?;
    let answer = client.get(format!("http://{addr}/healthz")).send().await;
    let answer = answer.map_err(|_| "no answer; is the server running?".to_owned())?;
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
