//! DNS without the hosts file: asks the DNS servers of the system, or those it is given, and keeps answers for as long
//! as they say. Knows no rule of when to ask.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{
    ConnectionConfig, LookupIpStrategy, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts,
};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::system_conf::read_system_conf;

use super::find::{Find, Missing};
use crate::clock::Clock;

/// How long one server is waited for; a call has 10 s at most to find its way.
const PATIENCE: Duration = Duration::from_secs(3);

/// How often it is looked whether the system has other servers now, as a laptop has in another network.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// Where systemd-resolved answers on a machine, which it does from the hosts file as well.
#[cfg(target_os = "linux")]
const STUB: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(127, 0, 0, 53));

/// Where it writes down the servers that it asks itself.
#[cfg(target_os = "linux")]
const BEHIND_STUB: &str = "/run/systemd/resolve/resolv.conf";

/// Asks DNS servers.
pub(super) struct Dns {
    servers: Vec<SocketAddr>,
    clock: Arc<dyn Clock>,
    held: Mutex<Option<Held>>,
}

/// A resolver, with its cache, and what it was made from when.
struct Held {
    made: Duration,
    servers: Vec<SocketAddr>,
    resolver: TokioResolver,
}

impl Dns {
    /// One that asks these servers; the system's own where none is given.
    pub(super) fn new(servers: Vec<SocketAddr>, clock: Arc<dyn Clock>) -> Self {
        Self { servers, clock, held: Mutex::new(None) }
    }

    fn resolver(&self) -> Result<TokioResolver, String> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.elapsed();
        if let Some(held) = held.as_ref().filter(|held| now.saturating_sub(held.made) < LOOK_AGAIN) {
            return Ok(held.resolver.clone());
        }
        let servers = match self.servers.is_empty() {
            true => of_the_system()?,
            false => self.servers.clone(),
        };
        let resolver = match held.take() {
            Some(held) if held.servers == servers => held.resolver,
            _ => made(&servers)?,
        };
        *held = Some(Held { made: now, servers, resolver: resolver.clone() });
        Ok(resolver)
    }
}

#[async_trait]
impl Find for Dns {
    async fn find(&self, name: &str) -> Result<Vec<IpAddr>, Missing> {
        let resolver = self.resolver().map_err(Missing::failed)?;
        // With a dot at its end a name is whole: no search domain is tried.
        let found = resolver.lookup_ip(format!("{name}.")).await.map_err(|error| {
            if error.is_no_records_found() { Missing::Unknown } else { Missing::failed(error) }
        })?;
        let found: Vec<IpAddr> = found.iter().collect();
        if found.is_empty() { Err(Missing::Unknown) } else { Ok(found) }
    }
}

fn made(servers: &[SocketAddr]) -> Result<TokioResolver, String> {
    let servers = servers.iter().copied().map(server).collect();
    let config = ResolverConfig::from_name_servers(servers);
    let mut builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
    *builder.options_mut() = options();
    builder.build().map_err(|error| error.to_string())
}

fn options() -> ResolverOpts {
    let mut options = ResolverOpts::default();
    options.use_hosts_file = ResolveHosts::Never;
    // Many a container has no IPv6, and what cannot be connected to is tried last.
    options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
    options.timeout = PATIENCE;
    options.attempts = 1;
    options
}

fn server(address: SocketAddr) -> NameServerConfig {
    let at = |mut way: ConnectionConfig| {
        way.port = address.port();
        way
    };
    let ways = vec![at(ConnectionConfig::udp()), at(ConnectionConfig::tcp())];
    // The next one may be one that knows more.
    NameServerConfig::new(address.ip(), false, ways)
}

/// The DNS servers that the system is set up with.
fn of_the_system() -> Result<Vec<SocketAddr>, String> {
    let (config, _) = read_system_conf().map_err(|error| format!("no DNS server is known: {error}"))?;
    let servers = addresses(&config);
    #[cfg(target_os = "linux")]
    if servers.iter().all(|server| server.ip() == STUB)
        && let Some(behind) = std::fs::read(BEHIND_STUB).ok().and_then(|text| listed(&text))
    {
        return Ok(behind);
    }
    Ok(servers)
}

#[cfg(target_os = "linux")]
fn listed(text: &[u8]) -> Option<Vec<SocketAddr>> {
    let (config, _) = hickory_resolver::system_conf::parse_resolv_conf(text).ok()?;
    Some(addresses(&config))
}

fn addresses(config: &ResolverConfig) -> Vec<SocketAddr> {
    let port = |server: &NameServerConfig| server.connections.first().map_or(53, |way| way.port);
    config.name_servers().iter().map(|server| SocketAddr::new(server.ip, port(server))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// This is what the file is for: everything else that is asked past the hosts file would come back here.
    #[test]
    fn the_hosts_file_is_never_read() {
        assert!(matches!(options().use_hosts_file, ResolveHosts::Never));
    }
}
