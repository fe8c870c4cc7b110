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
use super::{sms_activate, sms_man, sms_man_v2, sms_service_online, smsak, vak_sms};
use crate::clock::{MovableClock, SystemClock};

/// A way in which real upstreams differ from their document, to be switched on.
#[derive(Debug)]
pub struct Quirk {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub doc: &'static str,
}

/// What an upstream calls what every one of them can do: for the faults and counters of tests that hold for
/// all.
#[derive(Debug, Clone, Copy)]
pub struct Calls {
    /// Those that buy a number.
    pub order: &'static [&'static str],
    /// Those that ask how an activation stands.
    pub poll: &'static [&'static str],
    /// Those that change one.
    pub change: &'static [&'static str],
    /// Those that list prices and stock.
    pub prices: &'static [&'static str],
    /// The one that tells the balance.
    pub balance: &'static str,
    /// Those that go along with others and decide nothing.
    pub aside: &'static [&'static str],
}

/// One stand-in.
pub struct StandIn {
    /// What it is called: as the upstream's kind, unless that kind has several APIs.
    pub name: &'static str,
    /// The upstream's kind, as in the configuration.
    pub kind: &'static str,
    /// The settings that a `[provider.NAME]` needs for it beside kind, address and key, as lines of TOML.
    pub settings: &'static str,
    /// What it stands in for.
    pub summary: &'static str,
    /// What of its upstream's quirks it can show.
    pub quirks: &'static [Quirk],
    /// The settings that a `[provider.NAME]` needs besides where a quirk is on that its answers do not show:
    /// the quirk's name, and a line of TOML.
    pub quirk_settings: &'static [(&'static str, &'static str)],
    /// What its calls are called.
    pub calls: Calls,
    build: fn(&Setup) -> Built,
}

impl fmt::Debug for StandIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl StandIn {
    /// The settings that a `[provider.NAME]` needs for it with these quirks on, as lines of TOML.
    pub fn settings_with(&self, quirks: &[&str]) -> String {
        let wanted = self.quirk_settings.iter().filter(|(quirk, _)| quirks.contains(quirk));
        let lines = wanted.map(|(_, line)| *line);
        std::iter::once(self.settings).chain(lines).collect::<Vec<_>>().join("\n")
    }
}

/// What the calls of the dialect itself are called.
const DIALECT: Calls = Calls {
    order: &[
        "getNumber",
        "getNumberV2",
        "getMultiServiceNumber",
        "getExtraActivation",
        "getAdditionalService",
        "getRentNumber",
        "continueRentNumber",
    ],
    poll: &["getStatus", "getStatusV2", "getRentStatus"],
    change: &["setStatus", "setRentStatus"],
    prices: &["getPrices"],
    balance: "getBalance",
    aside: &[],
};

/// Every stand-in; several may stand in for one kind.
pub static STAND_INS: &[StandIn] = &[
    StandIn {
        name: "vak-sms",
        kind: "vak-sms",
        settings: "",
        summary: "VAK-SMS: GET /api/<method>/ with JSON",
        quirks: vak_sms::QUIRKS,
        quirk_settings: &[],
        calls: Calls {
            poll: &["getSmsCode"],
            order: &["getNumber", "prolongNumber"],
            prices: &["getCountNumberList", "getCountNumber"],
            ..DIALECT
        },
        build: vak_sms::build,
    },
    StandIn {
        name: "sms-activate",
        kind: "sms-activate",
        settings: "",
        summary: "sms-activate: /stubs/handler_api.php with words and JSON",
        quirks: sms_activate::QUIRKS,
        quirk_settings: sms_activate::QUIRK_SETTINGS,
        calls: Calls { change: &["setStatus", "setRentStatus", "createTaskForCall"], ..DIALECT },
        build: sms_activate::build,
    },
    StandIn {
        name: "smsak",
        kind: "smsak",
        settings: "",
        summary: "SMSAK: GET /api/<method>/<key> with JSON and bare scalars",
        quirks: smsak::QUIRKS,
        quirk_settings: &[],
        calls: Calls {
            order: &["getnumber", "getfullnumber", "rebuynumber"],
            poll: &["getstatus", "all-sms", "getallsmsofnumber"],
            change: &["setstatus", "play"],
            prices: &["numbersstatus"],
            balance: "getbalance",
            aside: &["send-enable-sim"],
        },
        build: smsak::build,
    },
    StandIn {
        name: "sms-service-online",
        kind: "sms-service-online",
        settings: "",
        summary: "sms-service-online: /stubs/handler_api with words, JSON and two currencies",
        quirks: sms_service_online::QUIRKS,
        quirk_settings: &[],
        calls: Calls {
            order: &["getNumber"],
            poll: &["getStatus"],
            prices: &["getServicesAndCost"],
            ..DIALECT
        },
        build: sms_service_online::build,
    },
    StandIn {
        name: "sms-man",
        kind: "sms-man",
        settings: "",
        summary: "SMS-Man's compatible API: /stubs/handler_api.php with words and JSON",
        quirks: sms_man::QUIRKS,
        quirk_settings: &[],
        calls: Calls { order: &["getNumber"], poll: &["getStatus"], ..DIALECT },
        build: sms_man::build,
    },
    StandIn {
        name: "sms-man-v2",
        kind: "sms-man",
        settings: "api = \"v2\"",
        summary: "SMS-Man's API v2.0: /control/<call> with JSON and ids of its own",
        quirks: sms_man_v2::QUIRKS,
        quirk_settings: &[],
        calls: Calls {
            order: &["get-number"],
            poll: &["get-sms"],
            change: &["set-status"],
            prices: &["get-prices", "limits"],
            balance: "get-balance",
            aside: &[],
        },
        build: sms_man_v2::build,
    },
];

/// The stand-in called `name`.
pub fn stand_in(name: &str) -> Option<&'static StandIn> {
    STAND_INS.iter().find(|stand_in| stand_in.name == name)
}

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
    /// Names of its quirks.
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
    /// There is none of this name.
    #[error("there is no stand-in {0:?}")]
    UnknownName(String),
    /// It has no such quirk.
    #[error("the stand-in {name} has no quirk {quirk:?}")]
    UnknownQuirk {
        /// Which one.
        name: &'static str,
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

/// Starts the stand-in called `name`; port 0 takes any free one.
///
/// # Errors
/// When name or quirk are unknown, or the address is taken.
pub async fn start(name: &str, listen: SocketAddr, setup: Setup) -> Result<Running, MockError> {
    let found = stand_in(name);
    let stand_in = found.ok_or_else(|| MockError::UnknownName(name.to_owned()))?;
    let is_known = |quirk: &String| stand_in.quirks.iter().any(|known| known.name == quirk);
    if let Some(quirk) = setup.quirks.iter().find(|quirk| !is_known(quirk)) {
        return Err(MockError::UnknownQuirk { name: stand_in.name, quirk: quirk.clone() });
    }
    let Built { market, upstream } = (stand_in.build)(&setup);
    for (scope, special) in setup.specials {
        market.declare(scope, special);
    }
    let (journal, faults) = (Journal::default(), Faults::default());
    let shared = Shared { market, clock: setup.clock, journal, faults, upstream, calls: stand_in.calls };
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
        assert!(matches!(unknown.err(), Some(MockError::UnknownName(_))));
        for stand_in in STAND_INS {
            let odd = Setup { quirks: vec!["odd".into()], ..setup() };
            let refused = start(stand_in.name, anywhere, odd).await;
            assert!(matches!(refused.err(), Some(MockError::UnknownQuirk { .. })), "{stand_in:?}");
            let quirks = stand_in.quirks.iter().map(|quirk| quirk.name.to_owned()).collect();
            assert!(start(stand_in.name, anywhere, Setup { quirks, ..setup() }).await.is_ok());
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
