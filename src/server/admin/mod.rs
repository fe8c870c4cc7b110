//! The listener for those who watch: metrics, and whether the server is well. Knows no dialect; what there is to be
//! seen, the engine says.

mod guard;
mod router;

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;

use super::{ListenError, Live, Status};
use crate::config;

/// What there is to do about an address that cannot be had.
const HINT: &str = "; choose another in [admin] listen, or \"\" for none";

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
        let bound = match TcpListener::bind(addr).await {
            Ok(listener) => listener.local_addr().map(|addr| Self { listener, addr }),
            Err(error) => Err(error),
        };
        match bound {
            Ok(admin) => Ok(Some(admin)),
            Err(source) if config.is_wanted => Err(ListenError { addr, source, hint: HINT }),
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

    /// Answers until it is dropped, also while the server stops: then it is not ready.
    pub(super) async fn serve(self, live: Live, status: Arc<Status>, stopped: watch::Receiver<bool>) {
        let app = router::router(live, status, stopped, self.addr);
        if let Err(error) = axum::serve(self.listener, app).await {
            tracing::error!("the metrics cannot be asked for any more: {error}");
        }
    }
}
