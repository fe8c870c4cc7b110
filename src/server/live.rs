//! What requests are answered with: one configuration's engine, clients and flavours, and whom it lets ask, exchanged
//! as a whole while the server runs. Knows neither where a configuration comes from nor what is in it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::auth::Gate;
use super::tongue::Tongue;
use super::visitors::Visitors;
use crate::config::{self, Flavours};
use crate::dialect::Shape;
use crate::engine::Engine;
use crate::redirect::here::Here;

/// What one configuration comes to.
pub struct Settled {
    /// Who does the work.
    pub engine: Arc<Engine>,
    /// Who may use it.
    pub gate: Gate,
    /// Which variants of the dialect are spoken where.
    pub flavours: Flavours,
    /// Where it is listened, whom it lets ask, and how long what is in flight may take at the end.
    pub server: config::Server,
    /// The names that may be made to lead here, and which do.
    pub redirect: Arc<Here>,
    /// How TLS is spoken.
    pub tls: Tls,
}

/// How TLS is spoken at the addresses for HTTPS.
#[derive(Clone)]
pub struct Tls {
    /// Versions, protocols and certificates.
    pub spoken: Arc<rustls::ServerConfig>,
    /// Where the certificates are.
    pub config: config::TlsConfig,
}

/// The configuration that is in effect. A request takes it once and is answered with it to its end.
pub struct Current {
    pub(super) engine: Arc<Engine>,
    pub(super) gate: Gate,
    pub(super) drain: Duration,
    pub(super) tls: Tls,
    /// One for each listener, in their order.
    stands: Vec<Arc<Stand>>,
}

/// What holds at one listener.
pub(super) struct Stand {
    /// What it speaks.
    pub(super) tongue: Tongue,
    /// In which shape it speaks while it is not known under which name.
    pub(super) shape: Shape,
    /// Whom it lets ask.
    pub(super) visitors: Visitors,
}

impl Stand {
    fn at(addr: SocketAddr, settled: &Settled) -> Arc<Self> {
        Arc::new(Self {
            tongue: Tongue::of(&settled.flavours, addr),
            shape: settled.flavours.at(addr),
            visitors: Visitors::of(addr, &settled.server, &settled.flavours, &settled.redirect),
        })
    }
}

impl Current {
    fn new(settled: Settled, stands: Vec<Arc<Stand>>) -> Arc<Self> {
        let Settled { engine, gate, server, tls, .. } = settled;
        Arc::new(Self { engine, gate, drain: server.drain, tls, stands })
    }

    /// What holds at the listener with this number.
    pub(super) fn stand(&self, listener: usize) -> Option<&Stand> {
        self.stands.get(listener).map(Arc::as_ref)
    }
}

/// The way to exchange it.
#[derive(Clone)]
pub struct Live {
    /// Where it is listened, as it was configured at the start.
    listeners: Arc<[SocketAddr]>,
    current: watch::Sender<Arc<Current>>,
}

impl Live {
    pub(super) fn new(settled: Settled) -> Self {
        let listeners: Arc<[_]> = settled.server.addresses().copied().collect();
        let stands = listeners.iter().map(|addr| Stand::at(*addr, &settled)).collect();
        Self { listeners, current: watch::Sender::new(Current::new(settled, stands)) }
    }

    /// What is in effect now.
    pub fn now(&self) -> Arc<Current> {
        Arc::clone(&self.current.borrow())
    }

    /// The engine that is in effect now.
    pub fn engine(&self) -> Arc<Engine> {
        Arc::clone(&self.current.borrow().engine)
    }

    /// Tells when something else has come into effect.
    pub(super) fn changes(&self) -> watch::Receiver<Arc<Current>> {
        self.current.subscribe()
    }

    /// Answers whatever comes from now on with this. A listener that is not among those it names goes on as before,
    /// since it stays until a restart and somebody may be using it.
    pub fn exchange(&self, settled: Settled) {
        let before = self.now();
        let stand = |(addr, earlier): (&SocketAddr, &Arc<Stand>)| {
            let stays = settled.server.addresses().any(|named| named == addr);
            if stays { Stand::at(*addr, &settled) } else { Arc::clone(earlier) }
        };
        let stands = self.listeners.iter().zip(&before.stands).map(stand).collect();
        self.current.send_replace(Current::new(settled, stands));
    }
}
