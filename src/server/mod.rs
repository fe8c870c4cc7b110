//! Listeners, routes and layers around the dialect: what is HTTP and nothing else. Knows no provider.

mod activation;
mod admin;
mod auth;
mod ca_page;
mod chores;
mod circle;
mod handshake;
mod limits;
mod listen;
mod live;
mod log;
mod packed;
mod patience;
pub(crate) mod request;
mod response;
mod router;
mod shed;
mod site;
mod socket;
mod status;
mod tongue;
mod visitors;

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderMap;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

pub use activation::{ActivationError, Handed};
pub use admin::Admin;
pub use auth::Gate;
pub use limits::{Limits, Turned};
pub use live::{Current, Live, Settled, Tls};
pub use response::DETAIL;
pub use site::{DIALECT_PATH, Site};
pub use socket::ListenError;
pub use status::Status;

use crate::config::duration_text;
use crate::dialect::{self, Params, Shape};
use handshake::Greeting;
use listen::{Door, Manner};
use response::response;
use shed::Shed;
use socket::{listen, of_system};

/// A server that has its addresses and answers as soon as it runs.
pub struct Server {
    /// Those for HTTPS behind the others.
    listeners: Vec<TcpListener>,
    /// How many of them are not for HTTPS.
    plain: usize,
    live: Live,
    limits: Arc<Limits>,
    admin: Option<(Admin, Arc<Status>)>,
}

impl Server {
    /// Takes the addresses, within these limits; port 0 takes any free port.
    ///
    /// # Errors
    /// When one of them cannot be had.
    pub async fn bind(settled: Settled, limits: Arc<Limits>) -> Result<Self, ListenError> {
        let server = &settled.server;
        let plain = server.listen.iter().map(|addr| (*addr, "listen"));
        let tls = server.listen_tls.iter().map(|addr| (*addr, "listen_tls"));
        let take = |(addr, setting)| listen(addr).map_err(|source| ListenError::at(addr, setting, source));
        let listeners = plain.chain(tls).map(take).collect::<Result<_, _>>()?;
        Ok(Self::with(listeners, settled, limits))
    }

    /// The same with sockets that were taken already, at the very addresses that are configured.
    ///
    /// # Errors
    /// When one of them cannot be used.
    pub async fn handed(settled: Settled, limits: Arc<Limits>, sockets: Handed) -> Result<Self, ListenError> {
        let take = |(socket, addr): (_, &SocketAddr)| {
            of_system(socket).map_err(|source| ListenError::with(*addr, "", source))
        };
        let sockets = sockets.plain.into_iter().chain(sockets.tls).zip(settled.server.addresses());
        let listeners = sockets.map(take).collect::<Result<_, _>>()?;
        Ok(Self::with(listeners, settled, limits))
    }

    fn with(listeners: Vec<TcpListener>, settled: Settled, limits: Arc<Limits>) -> Self {
        let plain = settled.server.listen.len();
        Self { listeners, plain, live: Live::new(settled), limits, admin: None }
    }

    /// The way to exchange what requests are answered with.
    pub fn live(&self) -> Live {
        self.live.clone()
    }

    /// The same, watched at another listener, where it says this of itself.
    #[must_use]
    pub fn watched(self, admin: Option<Admin>, status: Arc<Status>) -> Self {
        Self { admin: admin.map(|admin| (admin, status)), ..self }
    }

    /// The addresses it really has, those for HTTPS behind the others.
    pub fn addrs(&self) -> Vec<SocketAddr> {
        addrs(&self.listeners)
    }

    /// Those for HTTPS.
    pub fn tls_addrs(&self) -> Vec<SocketAddr> {
        addrs(self.listeners.get(self.plain..).unwrap_or_default())
    }

    /// What answers at its first address, for whoever asks without a connection.
    #[cfg(any(test, feature = "fuzzing"))]
    pub fn site(&self) -> Site {
        Site::new(self.live.clone(), 0, Arc::clone(&self.limits))
    }

    /// The address at which it is watched, if it is.
    pub fn admin(&self) -> Option<SocketAddr> {
        self.admin.as_ref().map(|(admin, _)| admin.addr())
    }

    /// Answers until `stop`; then lets requests in flight finish, settles purchases in flight and closes
    /// the ledger.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        self.run_until(stop, std::future::pending()).await;
    }

    /// The same; what is in flight is waited for no longer than until `hurry`, and not longer than configured.
    /// Purchases that have no answer then are noted as unknown.
    pub async fn run_until(self, stop: impl Future<Output = ()>, hurry: impl Future<Output = ()>) {
        let (stopping, stopped) = watch::channel(false);
        let mut watching = JoinSet::new();
        if let Some((admin, status)) = self.admin {
            let (live, limits, stopped) = (self.live.clone(), Arc::clone(&self.limits), stopped.clone());
            watching.spawn(async move { admin.serve(live, status, &limits, stopped).await });
        }
        let mut serving = JoinSet::new();
        let greeting = Greeting::new(self.live.clone(), Arc::clone(&self.limits));
        for (number, listener) in self.listeners.into_iter().enumerate() {
            let limits = Arc::clone(&self.limits);
            let app = Site::new(self.live.clone(), number, Arc::clone(&limits));
            let live = self.live.clone();
            let full = |turned| too_many(live.now().stand(number).map(|stand| stand.shape), turned);
            let manner = match number < self.plain {
                true => Manner::Plain(Shed::new(full)),
                false => Manner::Tls(greeting.clone()),
            };
            serving.spawn(Door::new(listener, app, limits, manner).keep(stopped.clone()));
        }
        tokio::select! {
            () = stop => {}
            () = chores::run(&self.live) => {}
        }
        tracing::info!("stopping: requests and purchases in flight are finished first");
        let _ = stopping.send(true);
        let current = self.live.now();
        let mut bound = pin!(until_bound(current.drain, hurry));
        tokio::select! {
            biased;
            () = async { while serving.join_next().await.is_some() {} } => current.engine.close(bound).await,
            () = &mut bound => {
                serving.shutdown().await;
                current.engine.close(std::future::ready(())).await;
            }
        }
    }
}

/// What a client is told for whom there is no place, before anything is read of it: the word for what cannot be done
/// now, as HTTP/1 writes it.
fn too_many(shape: Option<Shape>, turned: Turned) -> Vec<u8> {
    let shape = shape.unwrap_or_default();
    let reply = dialect::too_much(&Params::default().in_shape(shape), turned.meaning());
    let body = reply.body.clone();
    let answer = response(reply, &HeaderMap::new(), shape.json_type);
    let mut bytes = format!(
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncache-control: no-store\r\ncontent-length: {}\r\n",
        body.len()
    )
    .into_bytes();
    for (name, value) in answer.headers() {
        bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    bytes.extend([b"\r\n", body.as_bytes()].concat());
    bytes
}

/// Resolves when nothing in flight is waited for any longer, and says why.
async fn until_bound(drain: Duration, hurry: impl Future<Output = ()>) {
    tokio::select! {
        () = tokio::time::sleep(drain) => {
            tracing::warn!("not everything in flight was finished within {}: it is cut off", duration_text(drain));
        }
        () = hurry => tracing::warn!("asked to stop once more: what is in flight is cut off"),
    }
}

fn addrs(listeners: &[TcpListener]) -> Vec<SocketAddr> {
    listeners.iter().filter_map(|listener| listener.local_addr().ok()).collect()
}
