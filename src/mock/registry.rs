//! Which stand-ins there are and how one is started. Knows nothing of what they answer.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use super::faults::Faults;
use super::journal::Journal;
use super::market::{Market, Settings};
use super::server::{Running, Shared, Upstream};
use super::want::{Scope, Special};
use super::{sms_activate, vak_sms};
use crate::clock::{MovableClock, SystemClock};

/// A way in which real upstreams differ from their document, to be switched on.
#[derive(Debug)]
pub struct Quirk {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub doc: &'static str,
}

/// One kind of stand-in.
pub struct StandIn {
    /// The upstream's kind, as in the configuration.
    pub kind: &'static str,
    /// What it stands in for.
    pub summary: &'static str,
    /// What of its upstream's quirks it can show.
    pub quirks: &'static [Quirk],
    build: fn(&Setup) -> Built,
}

impl fmt::Debug for StandIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind)
    }
}

/// Every kind of stand-in.
pub static STAND_INS: &[StandIn] = &[
    StandIn {
        kind: "vak-sms",
        summary: "VAK-SMS: GET /api/<method>/ with JSON",
        quirks: vak_sms::QUIRKS,
        build: vak_sms::build,
    },
    StandIn {
        kind: "sms-activate",
        summary: "sms-activate: /stubs/handler_api.php with words and JSON",
        quirks: sms_activate::QUIRKS,
        build: sms_activate::build,
    },
];

/// What a kind's constructor makes.
pub(super) struct Built {
    pub(super) market: Arc<Market>,
    pub(super) upstream: Box<dyn Upstream>,
}

/// How a stand-in is set up.
#[derive(Clone)]
pub struct Setup {
    /// The one key it accepts.
    pub key: String,
    /// The clock it goes by.
    pub clock: Arc<MovableClock>,
    /// Names of its kind's quirks.
    pub quirks: Vec<String>,
    /// Balance, delays and the seed of prices, stock, numbers and codes.
    pub market: Settings,
    /// What holds from the start for services or countries.
    pub specials: Vec<(Scope, Special)>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            key: "mock-key".to_owned(),
            clock: MovableClock::over(SystemClock::new()),
            quirks: Vec::new(),
            market: Settings::default(),
            specials: Vec::new(),
        }
    }
}

impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setup")
            .field("quirks", &self.quirks)
            .field("market", &self.market)
            .field("specials", &self.specials)
            .finish_non_exhaustive()
    }
}

/// Why a stand-in did not start.
#[derive(Debug, thiserror::Error)]
pub enum MockError {
    /// There is none of this kind.
    #[error("there is no stand-in for {0:?}")]
    UnknownKind(String),
    /// It has no such quirk.
    #[error("the stand-in for {kind} has no quirk {quirk:?}")]
    UnknownQuirk {
        /// The kind.
        kind: &'static str,
        /// What was asked for.
        quirk: String,
    },
    /// The address could not be listened on.
    #[error("cannot listen on {addr}: {source}")]
    Listen {
        /// The address.
        addr: SocketAddr,
        /// Why.
        source: io::Error,
    },
}

/// Starts a stand-in; port 0 takes any free one.
///
/// # Errors
/// When kind or quirk are unknown, or the address is taken.
pub async fn start(kind: &str, listen: SocketAddr, setup: Setup) -> Result<Running, MockError> {
    let stand_in = STAND_INS.iter().find(|stand_in| stand_in.kind == kind);
    let stand_in = stand_in.ok_or_else(|| MockError::UnknownKind(kind.to_owned()))?;
    let is_known = |quirk: &String| stand_in.quirks.iter().any(|known| known.name == quirk);
    if let Some(quirk) = setup.quirks.iter().find(|quirk| !is_known(quirk)) {
        return Err(MockError::UnknownQuirk { kind: stand_in.kind, quirk: quirk.clone() });
    }
    let Built { market, upstream } = (stand_in.build)(&setup);
    for (scope, special) in setup.specials {
        market.declare(scope, special);
    }
    let (journal, faults) = (Journal::default(), Faults::default());
    let shared = Shared { market, clock: setup.clock, journal, faults, upstream };
    Running::start(listen, shared).await.map_err(|source| MockError::Listen { addr: listen, source })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Bench, setup};
    use super::*;

    #[tokio::test]
    async fn only_known_kinds_and_quirks_start() {
        let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let unknown = start("sms-nobody", anywhere, setup()).await;
        assert!(matches!(unknown.err(), Some(MockError::UnknownKind(_))));
        for stand_in in STAND_INS {
            let odd = Setup { quirks: vec!["odd".into()], ..setup() };
            let refused = start(stand_in.kind, anywhere, odd).await;
            assert!(matches!(refused.err(), Some(MockError::UnknownQuirk { .. })), "{stand_in:?}");
            let quirks = stand_in.quirks.iter().map(|quirk| quirk.name.to_owned()).collect();
            assert!(start(stand_in.kind, anywhere, Setup { quirks, ..setup() }).await.is_ok());
        }
    }

    #[tokio::test]
    async fn a_stopped_one_is_gone_and_its_address_free() {
        let bench = Bench::new("vak-sms", &[]).await;
        let addr = bench.running.addr;
        assert_eq!(bench.get("/_mock/violations").await.0, 200);
        let taken = start("vak-sms", addr, setup()).await;
        assert!(matches!(taken.err(), Some(MockError::Listen { .. })));
        bench.running.stop().await;
        assert!(start("vak-sms", addr, setup()).await.is_ok());
    }
}
