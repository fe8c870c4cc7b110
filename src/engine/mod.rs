//! The use cases: the only place that knows both what clients want and what providers can do. Knows
//! no wire: neither the dialect's words nor any upstream's.

mod again;
mod book;
mod cached;
mod calls;
mod census;
mod change;
mod close;
mod counted;
mod deliver;
mod doubts;
mod exchange;
mod expected;
mod flights;
mod glance;
mod goods;
mod last_known;
mod listed;
mod lists;
mod look;
mod mail;
mod mail_orders;
mod mailbook;
mod messages;
mod outcome;
mod own_lists;
mod poll;
mod popular;
mod price_list;
mod products;
mod purchase;
mod ranking;
mod ready;
mod reconfigure;
mod records;
mod relay;
mod rent;
mod settlement;
mod shown;
mod spending;
mod text;
mod tidy;
mod to_the_end;
mod too_dear;
mod unmet;
mod unnoted;
mod unpriced;
mod unused;
mod unwanted;
mod upstream;
mod watch;
mod written;

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::{OwnedRwLockReadGuard, RwLock};
use tracing::Instrument;

pub use doubts::UnknownPurchases;
pub use exchange::Exchange;
pub use lists::CountryLine;
pub use mail::MailSearch;
pub use own_lists::OwnList;
pub use poll::Detailed;
pub use popular::Popular;
pub use price_list::PriceList;
pub use reconfigure::{Renewal, SellerState};
pub use rent::Ended;
pub use spending::{Guard, Limit, Scope};
pub use upstream::Upstream;
pub use written::Written;

use crate::catalog::Catalog;
use crate::clock::Clock;
use crate::config::{DialectConfig, PurchaseConfig, SpendingConfig};
use crate::domain::{Activation, ActivationId, Owner, Secret};
use crate::ledger::{Ledger, LedgerError};
use crate::metrics::Metrics;
use crate::provider::{Cx, Fault, FaultKind, Meter};
use crate::webhook::Webhooks;

use book::{Book, Entry};
use deliver::Underway;
use doubts::DoubtBook;
use flights::Flights;
use goods::Goods;
use ready::Readiness;
use spending::Guards;
use to_the_end::ToTheEnd;
use unmet::Shelf;
use unnoted::Unnoted;
use unwanted::Buyers;

/// An authenticated caller: only the server, having checked a key, makes one.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Whose activations these are.
    pub owner: Owner,
    /// The name that may stand in a log.
    pub name: String,
    /// The caller's own key, where it is the one the upstream is asked with.
    pub own_key: Option<Secret>,
    /// Whether other clients use the same account upstream, so that what belongs to the whole account is
    /// not to be shown or touched.
    pub shares_account: bool,
    /// Where this request's upstream time is added up.
    pub meter: Arc<Meter>,
}

impl Caller {
    /// A caller with the account to itself and no key of its own.
    pub fn new(owner: Owner, name: &str) -> Self {
        Self { owner, name: name.to_owned(), own_key: None, shares_account: false, meter: Arc::default() }
    }
}

/// The engine: the settings of one configuration, and what is shared with the engines of those before and after it
/// ([`Engine::reconfigured`]).
pub struct Engine {
    upstreams: Vec<Arc<Upstream>>,
    sellers: HashMap<String, Arc<Upstream>>,
    /// The currency that clients are told amounts in, and what others are worth.
    dialect: DialectConfig,
    catalog: &'static Catalog,
    ledger: Arc<dyn Ledger>,
    book: Arc<Book>,
    flights: Arc<Flights>,
    /// Who watches over spending.
    guards: Arc<Guards>,
    /// What nobody has received yet.
    shelf: Arc<Shelf>,
    /// Whether what nobody uses is given back before its time is over.
    cancel_unused: bool,
    /// When this process began, by the clock's intervals.
    started: Duration,
    buyers: Arc<Buyers>,
    /// Who is sent messages without asking.
    webhooks: Webhooks,
    underway: Arc<Underway>,
    goods: Arc<Goods>,
    metrics: Arc<Metrics>,
    readiness: Arc<Readiness>,
    unnoted: Arc<Unnoted>,
    doubts: Arc<DoubtBook>,
    clock: Arc<dyn Clock>,
    /// Read-held by everything that must not be cut off; write-taken once, by `close`.
    running: Arc<RwLock<Phase>>,
}

/// What an engine is made from.
pub struct Setup {
    /// The providers, the first of which gets new orders.
    pub upstreams: Vec<Upstream>,
    /// The currency that clients are told amounts in, and what others are worth.
    pub dialect: DialectConfig,
    /// Who is sent messages without asking.
    pub webhooks: Webhooks,
    /// What becomes of what was bought and not received, or not used.
    pub purchase: PurchaseConfig,
    /// How much may be spent.
    pub spending: SpendingConfig,
    /// The catalog.
    pub catalog: &'static Catalog,
    /// Where purchases are written down.
    pub ledger: Arc<dyn Ledger>,
    /// Where everything is counted.
    pub metrics: Arc<Metrics>,
    /// By which clock.
    pub clock: Arc<dyn Clock>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Open,
    Closing,
}

impl Engine {
    /// An engine of these parts. Takes every open activation from the ledger into memory.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn start(parts: Setup) -> Result<Arc<Self>, LedgerError> {
        let Setup { upstreams, dialect, webhooks, purchase, spending, catalog, ledger, metrics, clock } =
            parts;
        ledger.count_writes(metrics.writes());
        let upstreams: Vec<_> = upstreams.into_iter().map(Arc::new).collect();
        let sellers =
            upstreams.iter().map(|upstream| (upstream.seller.clone(), Arc::clone(upstream))).collect();
        for doubt in ledger.take_up_doubts().await? {
            tracing::warn!(
                id = doubt.id.get(),
                provider = doubt.intent.provider,
                service = %doubt.intent.order.service,
                country = doubt.intent.order.country.0,
                at = %doubt.intent.at,
                "nobody knows whether this purchase was made ({}); look for it in the provider's own history",
                doubt.reason
            );
        }
        goods::warn_of_doubts(ledger.as_ref()).await?;
        let unmet = ledger.unmet().await?;
        let book = Arc::<Book>::default();
        take_in(&book, ledger.as_ref()).await?;
        let engine = Self {
            upstreams,
            sellers,
            guards: Guards::new(spending, dialect.currency),
            dialect,
            catalog,
            ledger,
            book,
            flights: Arc::new(Flights::kept_for(purchase.adopt_within)),
            shelf: Arc::default(),
            cancel_unused: purchase.cancel_unused,
            started: clock.elapsed(),
            buyers: Arc::default(),
            webhooks,
            underway: Arc::default(),
            goods: Arc::new(Goods::kept_for(purchase.adopt_within)),
            metrics,
            readiness: Arc::default(),
            unnoted: Arc::default(),
            doubts: Arc::default(),
            clock,
            running: Arc::new(RwLock::new(Phase::Open)),
        };
        engine.warn_of_lost_rates();
        engine.note_accounts().await;
        engine.take_up_unmet(unmet);
        engine.take_up_spending().await?;
        Ok(Arc::new(engine))
    }

    /// The provider that gets new orders and answers for lists.
    pub fn main_upstream(&self) -> Result<&Arc<Upstream>, Fault> {
        self.upstreams.first().ok_or_else(|| Fault::new(FaultKind::Unreachable, "no provider is configured"))
    }

    /// Where everything is counted.
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.metrics
    }

    /// The catalog.
    pub fn catalog(&self) -> &'static Catalog {
        self.catalog
    }

    /// Whether orders can be written down, as far as is known; without that none is taken.
    pub fn ledger_ok(&self) -> bool {
        self.ledger.health().is_ok()
    }

    /// The provider that sold an activation.
    fn seller(&self, activation: &Activation) -> Result<&Arc<Upstream>, Fault> {
        self.seller_named(activation.id, &activation.provider)
    }

    /// The provider that sold what is in memory.
    fn seller_of(&self, entry: &Entry) -> Result<&Arc<Upstream>, Fault> {
        entry.outline(|outline| self.seller_named(outline.id, &outline.provider))
    }

    fn seller_named(&self, id: ActivationId, seller: &str) -> Result<&Arc<Upstream>, Fault> {
        self.sellers.get(seller).ok_or_else(|| {
            let detail = format!(
                "activation {id} was sold by {seller} (provider/kind), which is no longer configured"
            );
            Fault::new(FaultKind::Unreachable, detail)
        })
    }

    /// What accompanies this caller's calls to `upstream`.
    fn cx(&self, upstream: &Upstream, caller: &Caller) -> Cx {
        caller.meter.concerns(&upstream.name);
        let key = caller.own_key.clone().or_else(|| upstream.key.clone());
        let key = key.unwrap_or_else(|| Secret::new(""));
        let cx = Cx { key, meter: Arc::clone(&caller.meter), looks: false };
        upstream.look_if_due(&cx);
        cx
    }

    /// What must be held while something runs that must not be cut off.
    fn stay_open(&self) -> Result<OwnedRwLockReadGuard<Phase>, Fault> {
        let closing = || Fault::new(FaultKind::Closing, "the server is shutting down");
        let running = Arc::clone(&self.running).try_read_owned().map_err(|_| closing())?;
        if *running == Phase::Closing { Err(closing()) } else { Ok(running) }
    }

    /// Runs `work` to its end, even if the caller goes away meanwhile, and even while the server shuts down. Where it
    /// panicked, nobody knows what came of it.
    fn to_the_end<T, F>(&self, work: F) -> impl Future<Output = Result<T, Fault>> + Send + use<T, F>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        // Boxed before all else: it is large, and would be copied into each layer around it.
        let (work, running) = (work.boxed(), self.stay_open());
        async move {
            let running = running?;
            let task = async move {
                let result = work.await;
                drop(running);
                result
            };
            let ended = ToTheEnd::new(task.in_current_span()).await;
            ended.map_err(|_| Fault::new(FaultKind::Closing, "the task ended early").in_doubt())
        }
    }
}

/// How many activations are read from the ledger at a time.
const PIECE: u32 = 1000;

/// Takes every open activation from the ledger into memory.
async fn take_in(book: &Book, ledger: &dyn Ledger) -> Result<(), LedgerError> {
    let mut last = None;
    loop {
        let piece = ledger.open_after(last, PIECE).await?;
        let Some(end) = piece.last() else { return Ok(()) };
        last = Some(end.id);
        for activation in &piece {
            book.insert(activation);
        }
    }
}

/// A ledger's failure, as a fault of this side.
fn ledger_fault(error: &LedgerError) -> Fault {
    Fault::new(FaultKind::Ledger, error.to_string())
}
