//! Other settings for a running engine: a new engine over the same activations, orders under way and ledger. Knows
//! neither where settings come from nor who asks for the new one.

use std::sync::Arc;

use super::{Engine, Upstream};
use crate::config::{DialectConfig, SpendingConfig};
use crate::domain::Activation;
use crate::provider::{Fault, FaultKind};
use crate::webhook::Webhooks;

/// The settings that a running engine can change.
pub struct Renewal {
    /// The providers, the first of which gets new orders.
    pub upstreams: Vec<Upstream>,
    /// The currency that clients are told amounts in, and what others are worth.
    pub dialect: DialectConfig,
    /// Who is sent messages without asking.
    pub webhooks: Webhooks,
    /// What may be spent.
    pub spending: SpendingConfig,
    /// Whether what nobody uses is given back before its time is over.
    pub cancel_unused: bool,
}

/// A provider as a running engine has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SellerState {
    /// Its name in the configuration.
    pub name: String,
    /// Its kind.
    pub kind: &'static str,
    /// Whether it is configured; else it is kept for what it sold.
    pub configured: bool,
    /// Whether it gets new orders.
    pub gets_orders: bool,
    /// How many of its activations and rents are open.
    pub open: usize,
}

impl Engine {
    /// An engine with other settings over the same state. Whatever is under way ends with the engine it began with.
    ///
    /// A provider whose settings have not changed goes on as it is. One that is configured no longer sells nothing
    /// more, but stays, for as long as the process runs, for what it sold.
    pub fn reconfigured(&self, renewal: Renewal) -> Arc<Self> {
        let Renewal { upstreams, dialect, webhooks, spending, cancel_unused } = renewal;
        self.guards.limit(spending);
        let follow = |upstream: Upstream| match self.sellers.get(&upstream.seller) {
            Some(earlier) => upstream.after(earlier),
            None => Arc::new(upstream),
        };
        let upstreams: Vec<_> = upstreams.into_iter().map(follow).collect();
        let mut sellers = self.sellers.clone();
        sellers.extend(upstreams.iter().map(|upstream| (upstream.seller.clone(), Arc::clone(upstream))));
        let engine = Self {
            upstreams,
            sellers,
            dialect,
            catalog: self.catalog,
            ledger: Arc::clone(&self.ledger),
            book: Arc::clone(&self.book),
            flights: Arc::clone(&self.flights),
            guards: Arc::clone(&self.guards),
            shelf: Arc::clone(&self.shelf),
            cancel_unused,
            started: self.started,
            buyers: Arc::clone(&self.buyers),
            webhooks,
            underway: Arc::clone(&self.underway),
            goods: Arc::clone(&self.goods),
            metrics: Arc::clone(&self.metrics),
            readiness: Arc::clone(&self.readiness),
            unnoted: Arc::clone(&self.unnoted),
            doubts: Arc::clone(&self.doubts),
            clock: Arc::clone(&self.clock),
            running: Arc::clone(&self.running),
        };
        engine.warn_of_lost_rates();
        Arc::new(engine)
    }

    /// Every provider: those configured in their order, then those that are kept for what they sold and is open.
    pub fn seller_states(&self) -> Vec<SellerState> {
        let open = self.book.tally(|outline| !outline.state.is_final());
        let state = |upstream: &Arc<Upstream>| SellerState {
            name: upstream.name.clone(),
            kind: upstream.spec.kind,
            configured: self.is_configured(upstream),
            gets_orders: self.upstreams.first().is_some_and(|first| first.seller == upstream.seller),
            open: open.get(&upstream.seller).map_or(0, |count| usize::try_from(*count).unwrap_or(usize::MAX)),
        };
        let mut kept: Vec<_> = self.sellers.values().filter(|one| !self.is_configured(one)).collect();
        kept.sort_by(|one, other| one.seller.cmp(&other.seller));
        let kept = kept.into_iter().map(state).filter(|state| state.open > 0);
        self.upstreams.iter().map(state).chain(kept).collect()
    }

    /// Where the ledger is, for people.
    pub fn place_of_ledger(&self) -> String {
        self.ledger.place()
    }

    /// The provider that sold an activation, where more is to be bought of it.
    pub(super) fn selling(&self, activation: &Activation) -> Result<&Arc<Upstream>, Fault> {
        self.still_sells(self.seller(activation)?)
    }

    /// This provider, unless it is only kept for what it sold.
    pub(super) fn still_sells<'a>(&self, upstream: &'a Arc<Upstream>) -> Result<&'a Arc<Upstream>, Fault> {
        if self.is_configured(upstream) {
            return Ok(upstream);
        }
        let detail = format!(
            "{} (provider/kind) is no longer configured, so nothing is bought there",
            upstream.seller
        );
        Err(Fault::new(FaultKind::Unreachable, detail))
    }

    fn is_configured(&self, upstream: &Upstream) -> bool {
        self.upstreams.iter().any(|one| one.seller == upstream.seller)
    }
}
