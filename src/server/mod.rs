//! Listeners, routes and layers around the dialect: what is HTTP and nothing else. Knows no provider.

mod auth;
mod log;
mod request;
mod response;
mod router;
mod tongue;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt;
use futures_util::future::join_all;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

pub use auth::Gate;
pub use router::DIALECT_PATH;

use crate::config::Flavours;
use crate::dialect::shape::SMS_ACTIVATE;
use crate::engine::Engine;
use router::router;
use tongue::Tongue;

/// How long requests in flight may take once the server is asked to stop.
const DRAIN: Duration = Duration::from_secs(30);

/// How often memory is tidied up.
const TIDY: Duration = Duration::from_secs(60);

/// How often it is looked whether an unused number's time is nearly over.
const LAST_CALL: Duration = Duration::from_secs(10);

/// How often it is looked whether messages came that somebody is to be sent, and whether some are to be sent.
/// How often an upstream is asked is its own setting.
const WEBHOOKS: Duration = Duration::from_secs(1);

/// An address that could not be listened on.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {addr}: {source}{hint}")]
pub struct ListenError {
    addr: SocketAddr,
    source: io::Error,
    hint: &'static str,
}

/// A server that has its addresses and answers as soon as it runs.
pub struct Server {
    /// Each with the address that was asked for.
    listeners: Vec<(SocketAddr, TcpListener)>,
    engine: Arc<Engine>,
    gate: Gate,
    flavours: Flavours,
}

impl Server {
    /// Takes the addresses; port 0 takes any free port.
    ///
    /// # Errors
    /// When one of them cannot be had.
    pub async fn bind(addrs: &[SocketAddr], engine: Arc<Engine>, gate: Gate) -> Result<Self, ListenError> {
        let mut listeners = Vec::new();
        for &addr in addrs {
            let bound = TcpListener::bind(addr).await;
            let bound = bound.map_err(|source| ListenError { addr, hint: hint(source.kind()), source })?;
            listeners.push((addr, bound));
        }
        let flavours = Flavours::only(&SMS_ACTIVATE);
        Ok(Self { listeners, engine, gate, flavours })
    }

    /// The same, speaking these flavours; before it was sms-activate's everywhere.
    #[must_use]
    pub fn speaking(self, flavours: Flavours) -> Self {
        Self { flavours, ..self }
    }

    /// The addresses it really has.
    pub fn addrs(&self) -> Vec<SocketAddr> {
        self.listeners.iter().filter_map(|(_, listener)| listener.local_addr().ok()).collect()
    }

    /// Answers until `stop`; then lets requests in flight finish, settles purchases in flight and closes
    /// the ledger.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let gate = Arc::new(self.gate);
        let (stopping, stopped) = watch::channel(false);
        let mut serving = JoinSet::new();
        for (addr, listener) in self.listeners {
            let tongue = Tongue::of(&self.flavours, addr);
            let app = router(Arc::clone(&self.engine), Arc::clone(&gate), tongue);
            // Answers are short: waiting to fill a packet only delays them.
            let listener = listener.tap_io(|stream| {
                let _ = stream.set_nodelay(true);
            });
            let mut stopped = stopped.clone();
            let until = async move {
                let _ = stopped.wait_for(|stop| *stop).await;
            };
            serving.spawn(axum::serve(listener, app).with_graceful_shutdown(until).into_future());
        }
        tokio::select! {
            () = stop => {}
            () = tidy(&self.engine) => {}
            () = last_calls(&self.engine) => {}
            () = watch(&self.engine) => {}
            () = deliver(&self.engine) => {}
        }
        tracing::info!("stopping: requests and purchases in flight are finished first");
        let _ = stopping.send(true);
        let drained = tokio::time::timeout(DRAIN, async { while serving.join_next().await.is_some() {} });
        if drained.await.is_err() {
            tracing::warn!("some clients did not finish within {DRAIN:?} and are cut off");
        }
        serving.shutdown().await;
        self.engine.close().await;
    }
}

async fn tidy(engine: &Arc<Engine>) {
    let mut due = tokio::time::interval(TIDY);
    loop {
        due.tick().await;
        engine.tidy().await;
    }
}

async fn last_calls(engine: &Arc<Engine>) {
    let mut due = tokio::time::interval(LAST_CALL);
    due.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        due.tick().await;
        engine.last_call().await;
    }
}

/// Each upstream for itself, so that one that does not answer holds up no other's messages.
async fn watch(engine: &Arc<Engine>) {
    join_all(engine.sellers().into_iter().map(|seller| watch_seller(engine, seller))).await;
    // That nobody is to be asked is no reason to stop.
    std::future::pending().await
}

async fn watch_seller(engine: &Arc<Engine>, seller: &str) {
    let mut due = tokio::time::interval(WEBHOOKS);
    due.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        due.tick().await;
        engine.poll_seller_for_webhooks(seller).await;
    }
}

/// Each time on a task of its own, so that one slow address holds up nothing that becomes due meanwhile.
async fn deliver(engine: &Arc<Engine>) {
    let mut due = tokio::time::interval(WEBHOOKS);
    due.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut sending = JoinSet::new();
    loop {
        due.tick().await;
        while sending.try_join_next().is_some() {}
        let engine = Arc::clone(engine);
        sending.spawn(async move { engine.deliver().await });
    }
}

fn hint(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::AddrInUse => {
            "; another program has this address, so stop it or choose another with --listen or [server] listen"
        }
        io::ErrorKind::PermissionDenied => {
            "; ports below 1024 need rights, so choose a higher one with --listen or [server] listen"
        }
        _ => "",
    }
}
