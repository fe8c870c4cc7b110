//! What a client may have this server connect to: hosts that the operator named, and of the own network only
//! what was named itself. Knows no activation.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use reqwest::Url;

use super::address::{self, AllowedHost, host_of, ip_of};
use super::reach::is_public;

/// The name by which every machine means itself.
const LOCALHOST: &str = "localhost";

/// Why an address that a client named is refused. Nothing of it is repeated but its host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is none.
    #[error("the url is no address for a webhook; {0}")]
    Form(&'static str),
    /// Nobody allowed its host.
    #[error(
        "clients may not name {0} as a webhook; the operator allows it by [webhooks] allow, with its port unless that is 80 for http or 443 for https"
    )]
    Host(String),
}

/// The hosts that clients may name.
#[derive(Clone)]
pub struct Guard(Arc<[AllowedHost]>);

impl Guard {
    /// One that lets these pass.
    pub fn new(allow: Vec<AllowedHost>) -> Self {
        Self(allow.into())
    }

    /// Reads an address, and lets it pass if its host is allowed. Where its name leads is judged anew at every
    /// connection ([`Guard::reachable`]).
    pub fn admit(&self, text: &str) -> Result<Url, Refused> {
        let url = address::parse(text).map_err(Refused::Form)?;
        let allowed = self.0.iter().any(|host| host.is_of(&url));
        if allowed { Ok(url) } else { Err(Refused::Host(host_of(&url))) }
    }

    /// Those of the addresses that a name leads to which may be connected to.
    pub fn reachable(&self, url: &Url, found: Vec<SocketAddr>) -> Vec<SocketAddr> {
        found.into_iter().filter(|found| self.may_reach(url, found.ip())).collect()
    }

    fn may_reach(&self, url: &Url, ip: IpAddr) -> bool {
        let host = host_of(url);
        // Whoever wrote an IP has been admitted for that.
        is_public(ip)
            || ip_of(&host) == Some(ip.to_canonical())
            || (host == LOCALHOST && ip.to_canonical().is_loopback())
            || self.0.iter().any(|allowed| allowed.names(ip, url))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(hosts: &[&str]) -> Guard {
        Guard::new(hosts.iter().map(|host| AllowedHost::parse(host).unwrap()).collect())
    }

    #[test]
    fn only_what_the_operator_named_is_admitted() {
        let guard = guard(&["hooks.example.com", "10.0.0.5", "localhost:9000"]);
        for url in [
            "https://hooks.example.com/a?b=c",
            "http://10.0.0.5/",
            "http://167772165/",
            "http://localhost:9000",
        ] {
            assert!(guard.admit(url).is_ok(), "{url}");
        }
        for url in [
            "https://example.com/",
            "https://hooks.example.com:8080/",
            "http://10.0.0.6/",
            "http://127.0.0.1:9000/",
            "http://localhost/",
            "http://localhost:22/",
            "http://169.254.169.254/latest/meta-data",
            "http://[::1]:9000/",
            "http://hooks.example.com@127.0.0.1/",
            "http://hooks.example.com#@127.0.0.1:1/",
            "gopher://hooks.example.com/",
            "",
        ] {
            // What stands before the # is an allowed host, and nothing behind it is ever sent.
            let harmless = url.contains('#');
            assert_eq!(guard.admit(url).is_ok(), harmless, "{url}");
        }
        let text = guard.admit("https://evil.example/?secret=1").unwrap_err().to_string();
        assert!(text.contains("evil.example") && !text.contains("secret"), "{text}");
    }

    #[test]
    fn a_name_that_leads_into_the_own_network_leads_nowhere() {
        let guard = guard(&["a.example", "localhost:9000", "10.0.0.5", "192.168.1.1:8080"]);
        for (url, ip, may) in [
            ("https://a.example/", "93.184.216.34", true),
            ("https://a.example/", "127.0.0.1", false),
            ("https://a.example/", "::ffff:127.0.0.1", false),
            ("https://a.example/", "169.254.169.254", false),
            ("https://a.example/", "fd00::1", false),
            ("https://a.example/", "10.0.0.5", true),
            ("https://a.example/", "::ffff:10.0.0.5", true),
            ("https://a.example/", "192.168.1.1", false),
            ("http://localhost:9000/", "127.0.0.1", true),
            ("http://localhost:9000/", "::1", true),
            ("http://localhost:9000/", "192.168.1.7", false),
            ("http://10.0.0.5/", "10.0.0.5", true),
        ] {
            let found = vec![SocketAddr::new(ip.parse().unwrap(), 443)];
            let url = guard.admit(url).unwrap();
            assert_eq!(!guard.reachable(&url, found).is_empty(), may, "{url} {ip}");
        }
    }
}
