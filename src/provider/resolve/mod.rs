//! From the names of an upstream to addresses, past the hosts file where that leads to this machine: software that is
//! to find this server by an upstream's name must not make this server find itself. Knows neither what is asked nor
//! which names are redirected.

mod dns;
mod find;
mod own;
#[cfg(test)]
mod tests;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use self::dns::Dns;
use self::find::{Find, Missing, System};
use self::own::is_own;
use crate::clock::Clock;
use crate::domain::near::is_near;

/// How the names of an upstream become addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lookup {
    /// Where it is, whatever its names lead to; empty where its names say it.
    pub pinned: Vec<IpAddr>,
    /// Names that are made to lead to this server, in small letters.
    pub redirected: Vec<String>,
    /// Whom to ask past the hosts file; empty for the system's own DNS servers.
    pub servers: Vec<SocketAddr>,
    /// Whether it is a service that is known not to be on this machine.
    pub is_elsewhere: bool,
}

/// Why there is no address to connect to. The texts name the host and say what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Lost {
    #[error("the system knows no address of it: {0}")]
    System(String),
    #[error(
        "the name is redirected to this server, so that DNS is asked past the hosts file, and that knows no address of it ({0}); {1}"
    )]
    Dns(String, String),
    #[error("the name leads to this machine itself ({0}); {1}")]
    Here(IpAddr, String),
}

/// The resolver of one upstream.
#[derive(Clone)]
pub(super) struct Names {
    inner: Arc<Inner>,
}

struct Inner {
    /// Its name in the configuration, for the log and for advice.
    provider: String,
    lookup: Lookup,
    system: Arc<dyn Find>,
    dns: Arc<dyn Find>,
    /// Whether it was said that the hosts file is passed by.
    said: AtomicBool,
}

impl Names {
    /// That of the provider with this name.
    pub(super) fn new(provider: &str, lookup: Lookup, clock: Arc<dyn Clock>) -> Self {
        let dns = Arc::new(Dns::new(lookup.servers.clone(), clock));
        Self::over(provider, lookup, Arc::new(System), dns)
    }

    fn over(provider: &str, lookup: Lookup, system: Arc<dyn Find>, dns: Arc<dyn Find>) -> Self {
        let provider = provider.to_owned();
        Self { inner: Arc::new(Inner { provider, lookup, system, dns, said: AtomicBool::new(false) }) }
    }

    #[cfg(test)]
    async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, Lost> {
        self.inner.addresses(name).await
    }
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let inner = Arc::clone(&self.inner);
        Box::pin(async move {
            let found = inner.addresses(name.as_str()).await?;
            // Port 0 is the one that the URL says.
            let found: Addrs = Box::new(found.into_iter().map(|ip| SocketAddr::new(ip, 0)));
            Ok(found)
        })
    }
}

impl Inner {
    async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, Lost> {
        if !self.lookup.pinned.is_empty() {
            return Ok(self.lookup.pinned.clone());
        }
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        if self.lookup.redirected.contains(&name) {
            return self.elsewhere(&name).await;
        }
        let found = self.system.find(&name).await.map_err(|missing| Lost::System(missing.to_string()))?;
        match found.iter().find(|ip| is_own(**ip)) {
            Some(own) if self.lookup.is_elsewhere || !is_near(&name) => {
                self.past_hosts(&name, *own, &found).await
            }
            _ => Ok(found),
        }
    }

    /// Where a name leads that is redirected to this server: what DNS says, as long as that is not this machine.
    async fn elsewhere(&self, name: &str) -> Result<Vec<IpAddr>, Lost> {
        let found = self.dns.find(name).await;
        let found = found.map_err(|missing| Lost::Dns(missing.to_string(), self.advice()))?;
        self.not_here(found)
    }

    /// The hosts file, or whoever answers in its place, leads to this machine: DNS may know better. Where it does not,
    /// the user's own name for something on this machine is meant, unless the service is known to be elsewhere.
    async fn past_hosts(&self, name: &str, own: IpAddr, found: &[IpAddr]) -> Result<Vec<IpAddr>, Lost> {
        let better = self.dns.find(name).await.map_err(|missing| missing.to_string());
        match better.map(|better| self.not_here(better)) {
            Ok(Ok(better)) => {
                if !self.said.swap(true, Ordering::Relaxed) {
                    let provider = &self.provider;
                    tracing::warn!(
                        "[provider.{provider}]: {name} leads to this machine ({own}), by the hosts file for example; what DNS says is used instead, unless resolve = \"{own}\" is set"
                    );
                }
                Ok(better)
            }
            _ if self.lookup.is_elsewhere => Err(Lost::Here(own, self.advice())),
            _ => Ok(found.to_vec()),
        }
    }

    fn not_here(&self, mut found: Vec<IpAddr>) -> Result<Vec<IpAddr>, Lost> {
        let own = found.iter().copied().find(|ip| is_own(*ip));
        found.retain(|ip| !is_own(*ip));
        match own {
            Some(own) if found.is_empty() => Err(Lost::Here(own, self.advice())),
            _ => Ok(found),
        }
    }

    fn advice(&self) -> String {
        format!(
            "set [provider.{}] resolve to the service's own IP address, or [dns] servers to a DNS server that is not redirected",
            self.provider
        )
    }
}

impl Missing {
    fn failed(why: impl ToString) -> Self {
        Self::Failed(why.to_string())
    }
}
