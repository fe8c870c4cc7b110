//! The activations in memory: what polls are answered from. Knows neither upstreams nor the ledger.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use crate::domain::{Activation, ActivationId, Owner};
use crate::provider::Fault;

/// An activation and what is known of the last time the upstream was asked about it.
pub struct Entry {
    activation: Mutex<Activation>,
    /// Held while the upstream is asked or told something about this activation, so that a poll and a
    /// change never cross each other.
    pub gate: Arc<tokio::sync::Mutex<Pulse>>,
    /// Whether the ledger lacks what is here, because it could not be written.
    pub unsaved: AtomicBool,
    /// It as it was bought, where not even that could be written.
    unsettled: Mutex<Option<Activation>>,
    /// How many purchases are under way that give it more time.
    prolonging: AtomicUsize,
    /// Held while something is bought that builds on it: more time begins where that ends which was bought before.
    /// Taken before the gate, never after it.
    pub turn: tokio::sync::Mutex<()>,
}

/// The last question to the upstream.
#[derive(Default)]
pub struct Pulse {
    /// When it was answered.
    pub polled_at: Option<Duration>,
    /// When a client last asked about it, which therefore knows its id.
    pub client_asked: Option<Duration>,
    /// Why it was not answered.
    pub fault: Option<Fault>,
    /// The upstream's own `getStatusV2` answer, where it was asked in that form.
    pub detailed: Option<Arc<Value>>,
    /// Another message was asked for and the answer lost.
    pub another_in_doubt: bool,
    /// Since another message was asked for, the upstream has shown that it waits: what it shows next is new.
    pub waits_for_another: bool,
    /// It was finished and the answer lost.
    pub finish_in_doubt: bool,
}

impl Entry {
    fn new(activation: Activation) -> Self {
        Self {
            activation: Mutex::new(activation),
            gate: Arc::default(),
            unsaved: AtomicBool::new(false),
            unsettled: Mutex::default(),
            prolonging: AtomicUsize::new(0),
            turn: tokio::sync::Mutex::default(),
        }
    }

    /// A copy of the activation as it stands.
    pub fn get(&self) -> Activation {
        self.read(Clone::clone)
    }

    /// Looks at the activation without copying it.
    pub fn read<T>(&self, look: impl FnOnce(&Activation) -> T) -> T {
        look(&self.activation.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts a newer state in its place.
    pub fn put(&self, activation: Activation) {
        *self.activation.lock().unwrap_or_else(PoisonError::into_inner) = activation;
    }

    /// Notes that the ledger lacks it altogether; it was bought as `bought`.
    pub fn lacks_all(&self, bought: &Activation) {
        *self.unsettled.lock().unwrap_or_else(PoisonError::into_inner) = Some(bought.clone());
        self.unsaved.store(true, Ordering::Relaxed);
    }

    /// It as it was bought, if the ledger lacks that too.
    pub fn unsettled(&self) -> Option<Activation> {
        self.unsettled.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes that the ledger has it as it was bought.
    pub fn settled(&self) {
        *self.unsettled.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Notes that more time is being bought for it, until what this gives is dropped.
    pub fn prolong(self: Arc<Self>) -> Prolonging {
        self.prolonging.fetch_add(1, Ordering::SeqCst);
        Prolonging(self)
    }

    /// Whether more time is being bought for it, so that it must not be ended by its time.
    pub fn is_being_prolonged(&self) -> bool {
        self.prolonging.load(Ordering::SeqCst) > 0
    }
}

/// More time is being bought for this.
pub struct Prolonging(Arc<Entry>);

impl Drop for Prolonging {
    fn drop(&mut self) {
        self.0.prolonging.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Every open activation, and those that ended while this process ran.
#[derive(Default)]
pub struct Book {
    entries: RwLock<HashMap<ActivationId, Arc<Entry>>>,
}

impl Book {
    /// Takes an activation in; one that is there already stays.
    pub fn insert(&self, activation: Activation) -> Arc<Entry> {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        let id = activation.id;
        Arc::clone(entries.entry(id).or_insert_with(|| Arc::new(Entry::new(activation))))
    }

    /// The activation with this id, if it is in memory.
    pub fn get(&self, id: ActivationId) -> Option<Arc<Entry>> {
        self.entries.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    /// Every entry of one owner.
    pub fn of(&self, owner: &Owner) -> Vec<Arc<Entry>> {
        self.all(|activation| activation.owner == *owner)
    }

    /// Every entry whose activation is such.
    pub fn all(&self, such: impl Fn(&Activation) -> bool) -> Vec<Arc<Entry>> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        entries.values().filter(|entry| entry.read(&such)).cloned().collect()
    }

    /// How many entries have which name; those with none are not counted.
    pub fn tally(&self, name: impl Fn(&Activation) -> Option<String>) -> BTreeMap<String, u64> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        let mut tally = BTreeMap::new();
        for name in entries.values().filter_map(|entry| entry.read(&name)) {
            *tally.entry(name).or_default() += 1;
        }
        tally
    }

    /// Every entry that the ledger lacks.
    pub fn unsaved(&self) -> Vec<Arc<Entry>> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        entries.values().filter(|entry| entry.unsaved.load(Ordering::Relaxed)).cloned().collect()
    }

    /// Lets go of activations that have ended, and of those whose time was over before `long_ago`; the
    /// ledger still has them.
    pub fn forget(&self, long_ago: Timestamp) {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        let ended = |activation: &Activation| activation.state.is_final() || activation.is_over(long_ago);
        // An entry that somebody is working with stays until the next time, and so does one that exists
        // nowhere else.
        let needed =
            |entry: &Arc<Entry>| Arc::strong_count(entry) > 1 || entry.unsaved.load(Ordering::Relaxed);
        entries.retain(|_, entry| needed(entry) || !entry.read(ended));
    }
}
