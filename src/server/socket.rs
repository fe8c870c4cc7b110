//! Taking an address to listen at, and what there is to do about one that cannot be had. Knows nothing of what is
//! answered there.

use std::io;
use std::net::SocketAddr;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpListener;

/// How many connections wait to be accepted; the system may have less.
const WAITING: i32 = 1024;

/// Below this a port needs rights.
const COMMON: u16 = 1024;

/// An address that could not be listened on.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {addr}: {source}{hint}")]
pub struct ListenError {
    addr: SocketAddr,
    source: io::Error,
    hint: String,
}

impl ListenError {
    /// One of a setting, which is also a flag: `listen`, or another one that begins so.
    pub(super) fn at(addr: SocketAddr, setting: &str, source: io::Error) -> Self {
        Self { addr, hint: hint(addr, setting, source.kind()), source }
    }

    /// One about which there is this to be done.
    pub(super) fn with(addr: SocketAddr, hint: &str, source: io::Error) -> Self {
        Self { addr, hint: hint.to_owned(), source }
    }
}

/// Takes an address; port 0 takes any free port.
///
/// One of IPv6 is of IPv6 alone, whatever the system's own habit is, so that `0.0.0.0:443` and `[::]:443` can stand
/// side by side.
pub(super) fn listen(addr: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
    if addr.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    // So that a restart need not wait for the connections of the run before. On Windows this would let two programs
    // have the same address.
    if cfg!(not(windows)) {
        socket.set_reuse_address(true)?;
    }
    socket.bind(&addr.into())?;
    socket.listen(WAITING)?;
    of_system(socket.into())
}

/// A socket that was taken already.
pub(super) fn of_system(socket: std::net::TcpListener) -> io::Result<TcpListener> {
    socket.set_nonblocking(true)?;
    TcpListener::from_std(socket)
}

fn hint(addr: SocketAddr, setting: &str, kind: io::ErrorKind) -> String {
    let flag = setting.replace('_', "-");
    match kind {
        io::ErrorKind::AddrInUse => format!(
            "; another program has this address, so stop it or choose another with --{flag} or [server] {setting}"
        ),
        io::ErrorKind::PermissionDenied if addr.port() < COMMON || cfg!(windows) => {
            let program = std::env::current_exe().ok();
            let program = program.map_or_else(|| "smsbridge".to_owned(), |path| path.display().to_string());
            format!(
                "; {}, or choose another port with --{flag} or [server] {setting}",
                rights(&program, addr)
            )
        }
        io::ErrorKind::AddrNotAvailable => {
            "; no interface of this machine has this address (IPv6 may be off)".to_owned()
        }
        _ => String::new(),
    }
}

/// How a program may have a port below 1024.
fn rights(program: &str, addr: SocketAddr) -> String {
    let port = addr.port();
    if cfg!(windows) {
        return "Windows keeps this port for something else: `netsh interface ipv4 show excludedportrange protocol=tcp` and `netsh http show servicestate` say for what".to_owned();
    }
    if cfg!(target_os = "macos") {
        return format!(
            "ports below {COMMON} need rights: run it with sudo (macOS gives them away only at 0.0.0.0, which others reach too)"
        );
    }
    format!(
        "ports below {COMMON} need rights: `sudo setcap 'cap_net_bind_service=+ep' {program}` gives them to this program; or let systemd hand the socket over (examples/systemd), or Docker map the port (`-p {port}:8{port:0>3}`), or run it with sudo"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn both_families_have_the_same_port_side_by_side() {
        let of_four = listen("0.0.0.0:0".parse().unwrap()).unwrap();
        let port = of_four.local_addr().unwrap().port();
        match listen(format!("[::]:{port}").parse().unwrap()) {
            Ok(of_six) => assert_eq!(of_six.local_addr().unwrap().port(), port),
            // There are machines without IPv6.
            Err(error) => assert_ne!(error.kind(), io::ErrorKind::AddrInUse, "{error}"),
        }
        let again = listen(of_four.local_addr().unwrap()).unwrap_err();
        assert_eq!(again.kind(), io::ErrorKind::AddrInUse);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_port_that_needs_rights_says_how_to_have_them() {
        let addr: SocketAddr = "127.0.0.1:443".parse().unwrap();
        let error = ListenError::at(addr, "listen_tls", io::ErrorKind::PermissionDenied.into()).to_string();
        for part in ["setcap 'cap_net_bind_service=+ep' /", "examples/systemd", "-p 443:8443", "sudo"] {
            assert!(error.contains(part), "{part}: {error}");
        }
        assert!(error.ends_with("choose another port with --listen-tls or [server] listen_tls"), "{error}");
        let high = "127.0.0.1:8080".parse().unwrap();
        let error = ListenError::at(high, "listen", io::ErrorKind::PermissionDenied.into()).to_string();
        assert!(!error.contains("setcap"), "{error}");
    }
}
