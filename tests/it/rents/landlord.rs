//! An upstream that rents numbers inside the test's process, and does and says what the test wants: what no
//! well-behaved one would.

use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::SignedDuration;
use rust_decimal::Decimal;
use smsbridge::catalog::Mapping;
use smsbridge::clock::{Clock, MovableClock};
use smsbridge::config::Config;
use smsbridge::domain::{
    Activation, Bought, Country, Currency, Extra, Inbox, Money, Offer, Order, Phone, Progress, Service, Sms,
};
use smsbridge::provider::pace::Pace;
use smsbridge::provider::{
    Capability, Cx, Ending, Fault, Parts, Provider, RentOffers, RentQuery, Rentals, Spec,
};
use tempfile::TempDir;
use tokio::sync::Semaphore;

use crate::harness::{Books, Bridge};

/// What a kind with nothing but rents is.
static SPEC: Spec = Spec {
    kind: "landlord",
    summary: "rents, as a test wants it",
    capabilities: &[Capability::Balance, Capability::Rent, Capability::RentOffers, Capability::RentContinue],
    speaks_dialect: false,
    in_process: false,
    needs_key: false,
    base_urls: &[],
    path: None,
    currency: Currency::RUB,
    lifetime: Duration::from_secs(20 * 60),
    expiry_refunds: false,
    options: &[],
    variants: None,
    counterpart: None,
    mapping: Mapping::identity,
    build: |parts: Parts| {
        let all = LANDLORDS.lock().unwrap();
        let found = all.get(&parts.path).cloned().ok_or("no such landlord")?;
        Ok(found as Arc<dyn Provider>)
    },
};

/// Every one that was made, by the path in its configuration.
static LANDLORDS: LazyLock<Mutex<HashMap<String, Arc<Landlord>>>> = LazyLock::new(Mutex::default);

/// The upstream.
pub struct Landlord {
    clock: Arc<MovableClock>,
    /// Every call, oldest first.
    calls: Mutex<Vec<&'static str>>,
    /// What the next call of a name answers instead of doing it.
    faults: Mutex<VecDeque<(&'static str, Fault)>>,
    /// What every rent's messages are, if not the usual.
    progress: Mutex<Progress>,
    /// Whether it says what it charged and until when.
    pub tells: bool,
    /// How many hours behind its clock is by which it writes ends.
    pub behind: AtomicI64,
    /// Held by a test that lets purchases take their time.
    pub door: Semaphore,
    /// The same of what comes after a purchase.
    pub gate: Semaphore,
}

impl Landlord {
    /// How often it was asked this.
    pub fn asked(&self, name: &str) -> usize {
        self.calls.lock().unwrap().iter().filter(|call| **call == name).count()
    }

    /// The next call of this name fails.
    pub fn fails(&self, name: &'static str, fault: Fault) {
        self.faults.lock().unwrap().push_back((name, fault));
    }

    /// From now on this is known of every rent.
    pub fn shows(&self, progress: Progress) {
        *self.progress.lock().unwrap() = progress;
    }

    /// From now on these are the messages of every rent.
    pub fn shows_codes(&self, codes: &[&str]) {
        let all = codes.iter().map(|code| Sms::of_code(*code, self.clock.now())).collect();
        self.shows(Progress::Received(Inbox::All(all)));
    }

    fn call(&self, name: &'static str) -> Result<(), Fault> {
        self.calls.lock().unwrap().push(name);
        let mut faults = self.faults.lock().unwrap();
        match faults.iter().position(|(of, _)| *of == name).and_then(|at| faults.remove(at)) {
            Some((_, fault)) => Err(fault),
            None => Ok(()),
        }
    }

    fn sold(&self, id: String, hours: u32, from: jiff::Timestamp) -> Bought {
        let told = i64::from(hours) - self.behind.load(Ordering::SeqCst);
        let end = from.saturating_add(SignedDuration::from_hours(told)).unwrap();
        Bought {
            upstream_id: id,
            phone: Phone::parse("79990001122").unwrap(),
            price: self.tells.then(|| cost(hours)),
            operator: None,
            expires_at: self.tells.then_some(end),
            extra: Extra::new(),
        }
    }
}

/// What hours cost.
pub fn cost(hours: u32) -> Money {
    Money::rub(Decimal::from(hours) + Decimal::new(50, 2))
}

#[async_trait]
impl Provider for Landlord {
    async fn balance(&self, _: &Cx) -> Result<Money, Fault> {
        Ok(Money::rub(Decimal::from(100)))
    }

    fn rentals(&self) -> &dyn Rentals {
        self
    }
}

#[async_trait]
impl Rentals for Landlord {
    async fn offers(&self, _: &Cx, query: &RentQuery) -> Result<RentOffers, Fault> {
        self.call("offers")?;
        let offer = Offer {
            service: Service::parse("tg").unwrap(),
            country: query.country,
            price: cost(query.hours),
            count: 5,
            extra: Extra::new(),
        };
        Ok(RentOffers { countries: vec![Country(0)], operators: Vec::new(), services: vec![offer] })
    }

    async fn rent(&self, _: &Cx, order: &Order) -> Result<Bought, Fault> {
        self.call("rent")?;
        let _open = self.door.acquire().await.unwrap();
        let hours = order.rent.as_ref().unwrap().hours;
        let id = format!("r{}", self.asked("rent"));
        Ok(self.sold(id, hours, self.clock.now()))
    }

    async fn begin(&self, _: &Cx, _: &Activation) {
        let _ = self.call("begin");
        let _open = self.gate.acquire().await.unwrap();
    }

    async fn messages(&self, _: &Cx, _: &Activation) -> Result<Progress, Fault> {
        self.call("messages")?;
        Ok(self.progress.lock().unwrap().clone())
    }

    async fn end(&self, _: &Cx, _: &Activation, ending: Ending) -> Result<(), Fault> {
        self.call(if ending == Ending::Cancel { "cancel" } else { "finish" })
    }

    async fn price_of_more(&self, _: &Cx, _: &Activation, hours: u32) -> Result<Money, Fault> {
        self.call("price")?;
        Ok(cost(hours))
    }

    async fn prolong(&self, _: &Cx, rent: &Activation, hours: u32) -> Result<Bought, Fault> {
        self.call("prolong")?;
        let _open = self.door.acquire().await.unwrap();
        Ok(self.sold(rent.upstream_id.clone(), hours, rent.expires_at))
    }
}

/// A server on one landlord.
pub struct House {
    pub bridge: Bridge,
    pub landlord: Arc<Landlord>,
    home: TempDir,
}

impl House {
    /// One whose landlord says what it charged.
    pub async fn new() -> Self {
        Self::with("", true).await
    }

    /// The same with more lines of configuration, and a landlord that may be silent.
    pub async fn with(lines: &str, tells: bool) -> Self {
        let (clock, home) = (MovableClock::standing(), tempfile::tempdir().unwrap());
        let landlord = Arc::new(Landlord {
            clock: clock.clone(),
            calls: Mutex::default(),
            faults: Mutex::default(),
            progress: Mutex::new(Progress::Waiting),
            tells,
            behind: AtomicI64::new(0),
            door: Semaphore::new(1),
            gate: Semaphore::new(1),
        });
        let name = home.path().display().to_string();
        LANDLORDS.lock().unwrap().insert(name.clone(), Arc::clone(&landlord));
        let bridge = Self::open(lines, &clock, home.path()).await;
        Self { bridge, landlord, home }
    }

    async fn open(lines: &str, clock: &Arc<MovableClock>, folder: &Path) -> Bridge {
        let toml = format!("[provider.main]\nkind = \"sandbox\"\n{lines}");
        let name = folder.display().to_string();
        Bridge::altered(&toml, clock.clone(), folder, move |config: &mut Config| {
            for provider in &mut config.providers {
                provider.spec = &SPEC;
                provider.path.clone_from(&name);
                provider.poll_interval = Duration::from_secs(1);
                provider.list_ttl = Duration::from_secs(60);
                provider.rate_limit = Pace::off();
            }
        })
        .await
    }

    /// The same server started again, as after a crash.
    pub async fn restarted(self) -> Self {
        let Self { bridge, landlord, home } = self;
        let clock = Arc::clone(&bridge.clock);
        bridge.stop().await;
        let bridge = Self::open("", &clock, home.path()).await;
        Self { bridge, landlord, home }
    }

    /// Stops it; what its ledger has.
    pub async fn books(self) -> Books {
        let clock = Arc::clone(&self.bridge.clock);
        self.bridge.stop().await;
        Books::read(self.home.path(), &clock).await
    }

    /// Stops it; the purchases of these ids in its ledger.
    pub async fn purchases(self, ids: &[i64]) -> Vec<Option<Activation>> {
        let clock = Arc::clone(&self.bridge.clock);
        self.bridge.stop().await;
        Books::found(self.home.path(), &clock, ids).await
    }
}
