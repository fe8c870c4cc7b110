//! How much of this server anybody may take up, while it runs: connections, requests at once, requests a key,
//! wrong keys an address. What it keeps is bounded, whoever comes. Knows neither actions nor the wire.

mod connections;
mod known;
mod pace;
mod source;
mod tally;
mod turned;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub(super) use connections::Place;
pub(super) use source::Source;
pub(super) use tally::Tally;
pub use turned::Turned;

use crate::clock::Clock;
use crate::config::LimitsConfig;
use crate::domain::Owner;
use crate::metrics::Metrics;
use connections::Connections;
use known::Known;
use pace::Paces;

/// How many owners or addresses are told apart; a few hundred bytes each at most.
const TOLD_APART: usize = 16 * 1024;

/// The limits, and what stands against them.
pub struct Limits {
    settings: LimitsConfig,
    clock: Arc<dyn Clock>,
    connections: Connections,
    requests: Arc<Semaphore>,
    owners: Option<Mutex<Paces<Owner>>>,
    wrong_keys: Option<Mutex<Paces<Source>>>,
    known: Mutex<Known>,
    /// Wrong keys by their marks, which are no guesses when they come again: software with an old key goes on asking.
    refused: Mutex<Known>,
    tally: Tally<{ Turned::ALL.len() }>,
    metrics: Arc<Metrics>,
}

impl Limits {
    /// Nothing stands against them yet.
    pub fn new(settings: LimitsConfig, clock: Arc<dyn Clock>, metrics: Arc<Metrics>) -> Self {
        let per = |many: u32, span: Duration| span.checked_div(many);
        let owners = per(settings.requests_per_second, Duration::from_secs(1))
            .map(|pause| Mutex::new(Paces::new(pause, settings.requests_burst, TOLD_APART)));
        let wrong_keys = per(settings.wrong_keys_per_minute, Duration::from_secs(60))
            .map(|pause| Mutex::new(Paces::new(pause, settings.wrong_keys_per_minute, TOLD_APART)));
        Self {
            connections: Connections::new(settings.connections, settings.connections_per_address),
            requests: Arc::new(Semaphore::new(settings.requests.min(Semaphore::MAX_PERMITS))),
            owners,
            wrong_keys,
            known: Mutex::new(Known::new(TOLD_APART)),
            refused: Mutex::new(Known::new(TOLD_APART)),
            tally: Tally::default(),
            metrics,
            settings,
            clock,
        }
    }

    /// The same with other connections, so many, against which nothing stands yet; what is counted is counted with these.
    pub(super) fn of_connections(&self, connections: usize) -> Self {
        let settings = LimitsConfig { connections, ..self.settings.clone() };
        Self::new(settings, Arc::clone(&self.clock), Arc::clone(&self.metrics))
    }

    /// What was set.
    pub fn settings(&self) -> &LimitsConfig {
        &self.settings
    }

    /// Where it is counted what happens.
    pub(super) fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The time, as the log's lines are counted by.
    pub(super) fn now(&self) -> Duration {
        self.clock.elapsed()
    }

    /// How often somebody was turned away since the start, by reason.
    pub fn turned_away(&self) -> Vec<(Turned, u64)> {
        Turned::ALL.into_iter().zip(self.tally.counts()).collect()
    }

    /// How many connections are open.
    pub fn open_connections(&self) -> usize {
        self.connections.open()
    }

    /// How many requests are being answered.
    pub fn requests_underway(&self) -> usize {
        self.settings.requests.saturating_sub(self.requests.available_permits())
    }

    /// A place for a connection, held until it is dropped.
    pub(super) fn connection(&self, source: Source) -> Result<Place, Turned> {
        self.connections.place(source)
    }

    /// A place for a request, held until it is dropped.
    pub(super) fn request(&self) -> Result<OwnedSemaphorePermit, Turned> {
        Arc::clone(&self.requests).try_acquire_owned().map_err(|_| Turned::Busy)
    }

    /// Whether this owner's key may make one more request now.
    pub(super) fn paced(&self, owner: &Owner) -> Result<(), Turned> {
        let Some(owners) = &self.owners else { return Ok(()) };
        let mut owners = owners.lock().unwrap_or_else(PoisonError::into_inner);
        if owners.take(owner, self.clock.elapsed()) { Ok(()) } else { Err(Turned::TooFast) }
    }

    /// Whether so many wrong keys came from there that a key which never came from there before is not looked at.
    pub(super) fn suspects(&self, source: Source) -> bool {
        let Some(wrong_keys) = &self.wrong_keys else { return false };
        let wrong_keys = wrong_keys.lock().unwrap_or_else(PoisonError::into_inner);
        wrong_keys.is_used_up(&source, self.clock.elapsed())
    }

    /// Notes that a wrong key, known again by this mark, came from there.
    pub(super) fn wrong_key(&self, mark: Owner, source: Source) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if refused.has(&mark, source) {
            return;
        }
        refused.note(&mark, source);
        if let Some(wrong_keys) = &self.wrong_keys {
            let mut wrong_keys = wrong_keys.lock().unwrap_or_else(PoisonError::into_inner);
            wrong_keys.take(&source, self.clock.elapsed());
        }
    }

    /// Notes that a right key came from there.
    pub(super) fn right_key(&self, owner: &Owner, source: Source) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.note(owner, source);
    }

    /// Whether this owner's key was right from there before.
    pub(super) fn knows(&self, owner: &Owner, source: Source) -> bool {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).has(owner, source)
    }

    /// Counts somebody who was turned away, and says so in the log now and then.
    pub(super) fn note(&self, turned: Turned) {
        self.metrics.shed(turned.word());
        if let Some(so_far) = self.tally.note(turned as usize, self.now()) {
            tracing::warn!(reason = turned.word(), so_far, "{}", turned.meaning());
        }
    }
}
