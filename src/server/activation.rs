//! Sockets that a supervisor (systemd) has taken for this process, by `LISTEN_FDS`, `LISTEN_PID` and
//! `LISTEN_FDNAMES`, and which of them are for HTTPS. Knows nothing of what is answered there.

use std::io;
use std::net::{SocketAddr, TcpListener};

use crate::config;

/// The names of sockets that say what is spoken there; the unit's own name, where no other is given, ends so too.
const PLAIN: [&str; 2] = ["smsbridge-http", "smsbridge-http.socket"];
const TLS: [&str; 2] = ["smsbridge-https", "smsbridge-https.socket"];

/// The port of HTTPS, at which a socket with another name speaks that.
const HTTPS: u16 = 443;

/// Sockets that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("LISTEN_FDS: {0}; hand over sockets of TCP that listen (ListenStream=ADDRESS:PORT)")]
pub struct ActivationError(io::Error);

/// The sockets that this process was handed.
#[derive(Debug, Default)]
pub struct Handed {
    /// Those for HTTP.
    pub(super) plain: Vec<TcpListener>,
    /// Those for HTTPS.
    pub(super) tls: Vec<TcpListener>,
}

impl Handed {
    /// Takes them out of the environment; `None` when there are none. To be called once, before there are other
    /// threads.
    ///
    /// # Errors
    /// When one of them is no socket of TCP.
    pub fn take() -> Result<Option<Self>, ActivationError> {
        let names = std::env::var("LISTEN_FDNAMES").unwrap_or_default();
        let sockets = taken().map_err(ActivationError)?;
        Self::sorted(sockets, &names).map_err(ActivationError)
    }

    fn sorted(sockets: Vec<TcpListener>, names: &str) -> io::Result<Option<Self>> {
        let mut handed = Self::default();
        let mut names = names.split(':');
        for socket in sockets {
            let name = names.next().unwrap_or_default();
            let list = match speaks_tls(name, socket.local_addr()?) {
                true => &mut handed.tls,
                false => &mut handed.plain,
            };
            list.push(socket);
        }
        let none = handed.plain.is_empty() && handed.tls.is_empty();
        Ok((!none).then_some(handed))
    }

    /// Their addresses, as the configuration has them.
    pub fn addresses(&self) -> config::Sockets {
        let of = |sockets: &[TcpListener]| {
            sockets
                .iter()
                .filter_map(|socket| socket.local_addr().ok())
                .map(|addr| addr.to_string())
                .collect()
        };
        config::Sockets { plain: of(&self.plain), tls: of(&self.tls) }
    }
}

/// By its name, else by its port.
fn speaks_tls(name: &str, addr: SocketAddr) -> bool {
    TLS.contains(&name) || (addr.port() == HTTPS && !PLAIN.contains(&name))
}

#[cfg(unix)]
fn taken() -> io::Result<Vec<TcpListener>> {
    let mut handed = listenfd::ListenFd::from_env();
    (0..handed.len()).filter_map(|index| handed.take_tcp_listener(index).transpose()).collect()
}

/// There is nobody who would.
#[cfg(not(unix))]
fn taken() -> io::Result<Vec<TcpListener>> {
    Ok(Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_is_spoken_and_else_the_port() {
        for (name, addr, tls) in [
            ("smsbridge-https", "127.0.0.1:8443", true),
            ("smsbridge-https.socket", "[::1]:1", true),
            ("smsbridge-http", "127.0.0.1:443", false),
            ("smsbridge.socket", "127.0.0.1:443", true),
            ("smsbridge.socket", "127.0.0.1:80", false),
            ("", "[::]:443", true),
            ("unknown", "0.0.0.0:8080", false),
        ] {
            assert_eq!(speaks_tls(name, addr.parse().unwrap()), tls, "{name} {addr}");
        }
    }

    #[test]
    fn names_belong_to_sockets_by_their_order() {
        let sockets = || (0..3).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect::<Vec<_>>();
        let handed = Handed::sorted(sockets(), "a:smsbridge-https:b").unwrap().unwrap();
        assert_eq!((handed.plain.len(), handed.tls.len()), (2, 1));
        assert_eq!(handed.addresses().tls, [handed.tls[0].local_addr().unwrap().to_string()]);
        assert_eq!(Handed::sorted(sockets(), "").unwrap().unwrap().plain.len(), 3);
        assert!(Handed::sorted(Vec::new(), "a").unwrap().is_none());
    }
}
