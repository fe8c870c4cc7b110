//! The listener for those who watch: metrics, and whether the server is well. Knows no dialect; what there is to be
//! seen, the engine says.

mod guard;
mod router;

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;

use super::limits::{Limits, Turned};
use super::listen::{Door, Manner};
use super::shed::Shed;
use super::socket::listen;
use super::{ListenError, Live, Status};
use crate::config;

/// What there is to do about an address that cannot be had.
const HINT: &str = "; choose another in [admin] listen, or \"\" for none";

/// How many may watch at once: a few, for whom nothing that clients need is used up.
const CONNECTIONS: usize = 32;

/// A listener that has its address.
pub struct Admin {
    listener: TcpListener,
    addr: SocketAddr,
}

impl Admin {
    /// Takes the address that is configured, if one is.
    ///
    /// # Errors
    /// When it cannot be had, though somebody asked for it. Where nobody did, the log says so and there is none: a
    /// second server on the same machine is to start as the first one did.
    pub async fn bind(config: &config::Admin) -> Result<Option<Self>, ListenError> {
        let Some(addr) = config.listen else { return Ok(None) };
        let bound = match listen(addr) {
            Ok(listener) => listener.local_addr().map(|addr| Self { listener, addr }),
            Err(error) => Err(error),
        };
        match bound {
            Ok(admin) => Ok(Some(admin)),
            Err(source) if config.is_wanted => Err(ListenError::with(addr, HINT, source)),
            Err(error) => {
                tracing::warn!(
                    "there are no metrics at {addr}: {error}; choose another address in [admin] listen, or \"\" for none"
                );
                Ok(None)
            }
        }
    }

    /// The address that it really has.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Answers until it is dropped, also while the server stops: then it is not ready. Clients' `limits` hold here
    /// too, but for the number of connections, which is its own.
    pub(super) async fn serve(
        self,
        live: Live,
        status: Arc<Status>,
        limits: &Limits,
        stopped: watch::Receiver<bool>,
    ) {
        let app = router::router(live, status, stopped, self.addr);
        let limits = Arc::new(limits.of_connections(CONNECTIONS));
        // Nobody ever says so.
        let (_sender, until_dropped) = watch::channel(false);
        Door::new(self.listener, app, limits, Manner::Plain(Shed::new(full))).keep(until_dropped).await;
    }
}

/// What is said to those for whom there is no place.
fn full(_: Turned) -> Vec<u8> {
    let why = format!("{CONNECTIONS} connections are open here, and there is no place for more\n");
    format!(
        "HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: {}\r\n\r\n{why}",
        why.len()
    )
    .into_bytes()
}
