//! Which addresses are this machine's own. Knows no name.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket};

/// The port of a service that throws away whatever it gets; nothing is sent there.
const DISCARD: u16 = 9;

/// Whether a connection to this address ends on this machine.
pub(super) fn is_own(ip: IpAddr) -> bool {
    let ip = ip.to_canonical();
    ip.is_loopback() || ip.is_unspecified() || is_of_an_interface(ip)
}

/// What goes to an address of one's own also comes from it: a socket says so before anything is sent.
fn is_of_an_interface(ip: IpAddr) -> bool {
    let any: IpAddr = match ip {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let Ok(socket) = UdpSocket::bind((any, 0)) else { return false };
    socket.connect((ip, DISCARD)).is_ok() && socket.local_addr().is_ok_and(|own| own.ip() == ip)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_own_in_every_spelling_and_the_internet_is_not() {
        for own in ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1", "0.0.0.0", "::"] {
            assert!(is_own(own.parse().unwrap()), "{own}");
        }
        for other in ["1.1.1.1", "192.0.2.1", "2606:4700::1111"] {
            assert!(!is_own(other.parse().unwrap()), "{other}");
        }
    }

    #[test]
    fn what_this_machine_sends_from_is_own() {
        let socket = UdpSocket::bind("0.0.0.0:0").unwrap();
        // Where there is no way out there is no such address either.
        if socket.connect(("192.0.2.1", DISCARD)).is_ok() {
            let own = socket.local_addr().unwrap().ip();
            assert!(is_own(own), "{own}");
        }
    }
}
