//! What happens beside requests and calls: messages sent to those who want them, and what limits turn away.
//! Knows no address and no limit.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use super::Metrics;

/// What became of a try to send a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivered {
    /// The address took it.
    Taken,
    /// It did not, and is tried again.
    Refused,
    /// It did not, and is not tried again.
    GivenUp,
}

impl Delivered {
    const ALL: [Self; 3] = [Self::Taken, Self::Refused, Self::GivenUp];

    fn word(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Refused => "refused",
            Self::GivenUp => "given_up",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Result {
    result: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Limit {
    limit: &'static str,
}

pub(super) struct Events {
    deliveries: Family<Result, Counter>,
    shed: Family<Limit, Counter>,
    handshakes: Family<Reason, Counter>,
}

impl Events {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let new =
            Self { deliveries: Family::default(), shed: Family::default(), handshakes: Family::default() };
        let deliveries = new.deliveries.clone();
        registry.register(
            "webhook_deliveries",
            "Tries to send a message to an address, by result",
            deliveries,
        );
        for result in Delivered::ALL {
            new.deliveries.get_or_create_owned(&Result { result: result.word() });
        }
        registry.register("shed", "Requests and connections that a limit turned away", new.shed.clone());
        registry.register(
            "tls_handshakes_failed",
            "Connections for HTTPS that did not come about, by reason",
            new.handshakes.clone(),
        );
        new
    }
}

impl Metrics {
    /// Counts a try to send a message.
    pub fn delivered(&self, delivered: Delivered) {
        self.events.deliveries.get_or_create(&Result { result: delivered.word() }).inc();
    }

    /// Counts a connection for HTTPS that did not come about.
    pub fn handshake_failed(&self, reason: &'static str) {
        self.events.handshakes.get_or_create(&Reason { reason }).inc();
    }

    /// Counts a request or a connection that the limit of this name turned away.
    pub fn shed(&self, limit: &'static str) {
        self.events.shed.get_or_create(&Limit { limit }).inc();
    }
}
