//! What requests are answered with: one configuration's engine, clients and flavours, exchanged as a whole while the
//! server runs. Knows neither where a configuration comes from nor what is in it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::auth::Gate;
use super::tongue::Tongue;
use crate::config::Flavours;
use crate::engine::Engine;

/// What one configuration comes to.
pub struct Settled {
    /// Who does the work.
    pub engine: Arc<Engine>,
    /// Who may use it.
    pub gate: Gate,
    /// Which variants of the dialect are spoken where.
    pub flavours: Flavours,
    /// How long what is in flight may take once the server is asked to stop.
    pub drain: Duration,
}

/// The configuration that is in effect. A request takes it once and is answered with it to its end.
pub struct Current {
    pub(super) engine: Arc<Engine>,
    pub(super) gate: Gate,
    pub(super) drain: Duration,
    /// What each listener speaks, in the order of the listeners.
    tongues: Vec<Arc<Tongue>>,
}

impl Current {
    /// What the listener with this number speaks.
    pub(super) fn tongue(&self, listener: usize) -> Option<&Tongue> {
        self.tongues.get(listener).map(Arc::as_ref)
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
    pub(super) fn new(listeners: Arc<[SocketAddr]>, settled: Settled) -> Self {
        let Settled { engine, gate, flavours, drain } = settled;
        let tongues = listeners.iter().map(|addr| Arc::new(Tongue::of(&flavours, *addr))).collect();
        let current = watch::Sender::new(Arc::new(Current { engine, gate, drain, tongues }));
        Self { listeners, current }
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

    /// Answers whatever comes from now on with this. `listen` says where it would be listened: a listener that is not
    /// among it speaks as before, since it stays until a restart and somebody may be using it.
    pub fn exchange(&self, settled: Settled, listen: &[SocketAddr]) {
        let Settled { engine, gate, flavours, drain } = settled;
        let before = self.now();
        let tongue = |(addr, earlier): (&SocketAddr, &Arc<Tongue>)| match listen.contains(addr) {
            true => Arc::new(Tongue::of(&flavours, *addr)),
            false => Arc::clone(earlier),
        };
        let tongues = self.listeners.iter().zip(&before.tongues).map(tongue).collect();
        self.current.send_replace(Arc::new(Current { engine, gate, drain, tongues }));
    }
}
