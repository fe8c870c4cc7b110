//! Where the contract is held: every kind of provider, on a stand-in without quirks, with each of its
//! quirks, and with all of them at once.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use rust_decimal::Decimal;
use smsbridge::catalog::Mapping;
use smsbridge::domain::{Country, Service};
use smsbridge::mock::{Lot, Market, Running, STAND_INS, Scope, Settings, Special};
use smsbridge::provider::{PROVIDERS, Spec};

use crate::harness::{Books, Bridge, World, gives_texts, has_operators};

/// How often at most an upstream is asked about one activation, unless configured otherwise.
const POLL_INTERVAL: u64 = 1;

/// A server on one kind of provider, and what a test wants to know of that kind.
pub struct Stage {
    pub world: World,
    pub spec: &'static Spec,
    /// The stand-in it runs on; the sandbox has none.
    pub stand_in: &'static str,
    pub quirks: Vec<&'static str>,
    mapping: Mapping,
    credited: Decimal,
}

/// A kind of provider on one of its stand-ins, with quirks.
pub struct Cast {
    pub spec: &'static Spec,
    /// The stand-in's name, or the kind's own where it needs none.
    pub stand_in: &'static str,
    pub quirks: Vec<&'static str>,
}

/// Every kind on each of its stand-ins with every set of quirks. A kind that has neither a stand-in nor
/// its market in this process cannot be tested, which is a defect of the suite.
pub fn casts() -> Vec<Cast> {
    let mut casts = Vec::new();
    for &spec in PROVIDERS {
        let stand_ins: Vec<_> = STAND_INS.iter().filter(|stand_in| stand_in.kind == spec.kind).collect();
        if spec.in_process {
            casts.push(Cast { spec, stand_in: spec.kind, quirks: Vec::new() });
        } else {
            assert!(!stand_ins.is_empty(), "there is no stand-in for {}", spec.kind);
        }
        for stand_in in stand_ins {
            let names: Vec<_> = stand_in.quirks.iter().map(|quirk| quirk.name).collect();
            let singles = names.iter().map(|name| vec![*name]);
            for quirks in [vec![]].into_iter().chain(singles).chain([names.clone()]) {
                casts.push(Cast { spec, stand_in: stand_in.name, quirks });
            }
        }
    }
    casts
}

/// Upstreams that let a message come after five seconds and a number go back at once.
pub fn easy() -> Settings {
    Settings {
        balance: Decimal::from(100_000),
        sms_delay: Duration::from_secs(5),
        early_cancel: Some(Duration::ZERO),
        ..Settings::default()
    }
}

/// Holds `test` against every cast; at the end of each the money must be right, and the upstream not
/// asked for anything that its document does not allow.
pub async fn everywhere(test: impl AsyncFn(&Stage)) {
    on_market(easy(), test).await;
}

/// The same on a market of the test's own.
pub async fn on_market(market: Settings, test: impl AsyncFn(&Stage)) {
    for cast in casts() {
        let stage = Stage::new(cast, market.clone()).await;
        let name = format!("{} with {:?}", stage.stand_in, stage.quirks);
        let played = AssertUnwindSafe(async {
            test(&stage).await;
            stage.close().await;
        });
        if let Err(reason) = played.catch_unwind().await {
            let text = reason.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| reason.downcast_ref::<&str>().copied());
            panic!("on {name}: {}", text.unwrap_or("failed"));
        }
    }
}

impl Stage {
    async fn new(cast: Cast, market: Settings) -> Self {
        let Cast { spec, stand_in, quirks } = cast;
        let credited = market.balance;
        let world = World::market(stand_in, &quirks, "", market).await;
        let mapping = spec.codes();
        let stage = Self { world, spec, stand_in, quirks, mapping, credited };
        if let Some(market) = stage.market() {
            market.set_stock(&stage.country(0), &stage.service("tg"), 100);
        }
        stage
    }

    pub fn bridge(&self) -> &Bridge {
        &self.world.bridge
    }

    pub fn has(&self, quirk: &str) -> bool {
        self.quirks.contains(&quirk)
    }

    pub fn is(&self, kind: &str) -> bool {
        self.spec.kind == kind
    }

    /// Whether it says of what ended by itself that it is cancelled.
    pub fn calls_the_end_cancelled(&self) -> bool {
        self.spec.speaks_dialect || ["sms-service-online", "sms-man"].contains(&self.stand_in)
    }

    /// The operator of Russia that has its last number, by the tables of the stand-ins.
    pub fn first_operator(&self) -> &'static str {
        if self.is("sms-service-online") { "aiva" } else { "beeline" }
    }

    pub fn upstream(&self) -> Option<&Running> {
        self.world.upstream.as_ref()
    }

    /// The stand-in's market; nobody can look into the sandbox's.
    pub fn market(&self) -> Option<&Arc<Market>> {
        self.upstream().map(Running::market)
    }

    /// The upstream's first code for a service.
    pub fn service(&self, code: &str) -> String {
        self.mapping.services(&Service::parse(code).unwrap())[0].clone()
    }

    /// Whether it tells the operators of Russia apart; where it does not, none can be ordered from.
    pub fn has_operators(&self) -> bool {
        has_operators(self.stand_in)
    }

    /// Whether it gives the text of a message beside the code.
    pub fn gives_texts(&self) -> bool {
        gives_texts(self.stand_in) || self.text_comes_along()
    }

    /// Whether it gives the text of a message at the same time as the code.
    pub fn text_comes_along(&self) -> bool {
        self.is("smsak") || self.stand_in == "sms-man-v2" && self.has("extra-fields")
    }

    /// The upstream's code for a country.
    pub fn country(&self, id: u16) -> String {
        self.mapping.country(Country(id)).unwrap().into_owned()
    }

    /// From now on no message comes by itself to numbers of Russia; a service of which that is true.
    pub fn silence(&self) -> &'static str {
        match self.market() {
            Some(market) => {
                market.declare(Scope::Country(self.country(0)), Special::NoMessage);
                "tg"
            }
            // The sandbox's own service without any code, by its documentation.
            None => "zz",
        }
    }

    /// How many purchases were asked for, whatever came of them.
    pub fn orders(&self) -> u64 {
        self.upstream().map_or(0, Running::orders)
    }

    /// How many requests there were at all.
    pub fn requests(&self) -> usize {
        self.upstream().map_or(0, |upstream| upstream.requests().len())
    }

    /// The number that was sold last.
    pub fn last_lot(&self) -> Option<Lot> {
        self.market()?.lots().pop()
    }

    /// Lets a poll interval pass.
    pub fn tick(&self) {
        self.bridge().advance(POLL_INTERVAL);
    }

    /// Asks, and compares every byte.
    pub async fn expect(&self, query: &str, answer: &str) {
        assert_eq!(self.bridge().ask(query).await, answer, "{query}");
    }

    /// The balance as the client sees it.
    pub async fn balance(&self) -> Decimal {
        let answer = self.bridge().ask("action=getBalance").await;
        let amount = answer.strip_prefix("ACCESS_BALANCE:").unwrap_or_else(|| panic!("{answer}"));
        assert_eq!(amount.split_once('.').map(|(_, kopecks)| kopecks.len()), Some(2), "{answer}");
        amount.parse().unwrap()
    }

    /// The listed price and stock of a service in Russia.
    pub async fn listed(&self, service: &str) -> (Decimal, u64) {
        let prices = self.bridge().json(&format!("action=getPrices&service={service}&country=0")).await;
        let row = &prices["0"][service];
        let number = |field: &str| match &row[field] {
            serde_json::Value::Number(number) => number.to_string(),
            other => panic!("{field} is {other} in {prices}"),
        };
        (number("cost").parse().unwrap(), number("count").parse().unwrap())
    }

    /// Stops the server and holds what its ledger says against what the upstream charged.
    async fn close(self) {
        let spent = self.credited - self.balance().await;
        let clock = Arc::clone(&self.bridge().clock);
        let home = self.world.bridge.stop().await.unwrap();
        let books = Books::read(home.path(), &clock).await;
        assert_eq!(books.doubts, Vec::new());
        if let Some(upstream) = self.world.upstream {
            assert_eq!(upstream.violations(), Vec::<String>::new());
            let totals = upstream.market().totals();
            assert_eq!(totals.charged, totals.credited - totals.balance);
            if self.quirks.contains(&"retry-paid") {
                // What another message costs is told nowhere, so it is in no ledger.
                assert!(books.paid() <= totals.charged, "the ledger knows of more than was charged");
            } else {
                assert_eq!(books.paid(), totals.charged, "the ledger and the upstream disagree");
            }
            upstream.stop().await;
        } else {
            assert_eq!(books.paid(), spent, "the ledger and the sandbox disagree");
        }
    }
}
