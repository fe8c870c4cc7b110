//! Where a connection comes from, as far as it is told apart. Knows nothing of what comes.

use std::net::{IpAddr, Ipv6Addr};

/// An IPv4 address, or the network of an IPv6 one: a single customer of a provider has a network of 2^64 of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Source(IpAddr);

impl Source {
    /// That of an address.
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(ip) if !ip.is_loopback() => {
                Self(IpAddr::V6(Ipv6Addr::from(u128::from(ip) >> 64 << 64)))
            }
            other => Self(other),
        }
    }

    /// Whether it is this machine.
    pub fn is_own(self) -> bool {
        self.0.is_loopback()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_of_ipv6_are_one_source() {
        let of = |text: &str| Source::of(text.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:10.0.0.1"), of("10.0.0.1"));
        assert_ne!(of("10.0.0.2"), of("10.0.0.1"));
        assert!(of("::1").is_own() && of("127.8.0.1").is_own() && !of("10.0.0.1").is_own());
    }
}
