//! A server and its upstream on one clock: the sandbox, or a strict stand-in.

use std::sync::Arc;
use std::time::Duration;

use smsbridge::clock::MovableClock;
use smsbridge::mock::{self, Running, Settings, Setup};

use super::{Bridge, secrets};

/// Every upstream there is: the sandbox, and the stand-ins by name.
pub const KINDS: [&str; 7] =
    ["sandbox", "vak-sms", "smsak", "sms-service-online", "sms-man", "sms-man-v2", "sms-activate"];

/// How long after an order the upstreams here let a message come.
const SMS_DELAY: Duration = Duration::from_secs(5);

/// A server and its upstream.
pub struct World {
    /// Which kind of provider it is.
    pub kind: &'static str,
    /// The server.
    pub bridge: Bridge,
    /// The stand-in; the sandbox has none.
    pub upstream: Option<Running>,
}

impl World {
    /// A server on an upstream of this kind.
    pub async fn of(kind: &'static str) -> Self {
        Self::with(kind, &[], "").await
    }

    /// The same, with quirks of the stand-in and more lines in `[provider.main]`. Cancelling is allowed
    /// at once.
    pub async fn with(kind: &'static str, quirks: &[&str], lines: &str) -> Self {
        let market =
            Settings { sms_delay: SMS_DELAY, early_cancel: Some(Duration::ZERO), ..Settings::default() };
        Self::market(kind, quirks, lines, market).await
    }

    /// The same with the upstream's market set up as a test wants it.
    pub async fn market(kind: &'static str, quirks: &[&str], lines: &str, market: Settings) -> Self {
        let clock = MovableClock::standing();
        let (upstream, toml) = if kind == "sandbox" {
            let early = market.early_cancel.unwrap_or_default().as_secs();
            let toml = format!(
                "[provider.main]\nkind = \"sandbox\"\nsms_delay = \"{}s\"\nbalance = \"{}\"\nearly_cancel = \"{early}s\"\n{lines}",
                market.sms_delay.as_secs(),
                market.balance,
            );
            (None, toml)
        } else {
            let upstream = Self::stand_in(kind, quirks, market, &clock).await;
            let toml = Self::toml(kind, quirks, &upstream, lines);
            (Some(upstream), toml)
        };
        Self { kind, bridge: Bridge::at(&toml, clock).await, upstream }
    }

    /// A stand-in on this clock.
    pub async fn stand_in(
        kind: &str,
        quirks: &[&str],
        market: Settings,
        clock: &Arc<MovableClock>,
    ) -> Running {
        let quirks = quirks.iter().map(|quirk| (*quirk).to_owned()).collect();
        let setup = Setup { clock: clock.clone(), quirks, market, ..Setup::default() };
        let upstream = mock::start(kind, "127.0.0.1:0".parse().unwrap(), setup).await.unwrap();
        secrets::keep_those_sold_by(&upstream);
        upstream
    }

    /// The configuration of a server on this stand-in with these quirks.
    pub fn toml(kind: &str, quirks: &[&str], upstream: &Running, lines: &str) -> String {
        let stand_in = mock::stand_in(kind).unwrap();
        let (kind, settings) = (stand_in.kind, stand_in.settings_with(quirks));
        format!(
            "[provider.main]\nkind = \"{kind}\"\n{settings}\nbase_url = \"{}\"\napi_key = \"mock-key\"\n{lines}",
            upstream.url()
        )
    }

    /// Lets the message that is due come.
    pub fn let_message_come(&self) {
        self.bridge.clock.advance(SMS_DELAY + Duration::from_secs(1));
    }

    /// Ends the server in order and makes sure that the upstream was never asked for what its document
    /// does not allow.
    pub async fn end(self) {
        drop(self.bridge.stop().await);
        if let Some(upstream) = self.upstream {
            assert_eq!(upstream.violations(), Vec::<String>::new(), "{}", self.kind);
            upstream.stop().await;
        }
    }
}
