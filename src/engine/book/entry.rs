//! One activation in memory, with what is known of the last time the upstream was asked about it. Knows neither
//! upstreams nor the ledger.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;

use super::folded::Folded;
use crate::domain::{Activation, Outline, Standing};
use crate::provider::Fault;

/// An activation and what is known of the last time the upstream was asked about it.
pub struct Entry(Mutex<Kept>);

/// Most entries are never asked about and always written down: what few of them need is made when it is needed.
struct Kept {
    outline: Outline,
    rest: Folded,
    gate: Option<Gate>,
    beside: Option<Arc<Beside>>,
}

/// Held while the upstream is asked or told something about an activation, so that a poll and a change never cross
/// each other.
pub type Gate = Arc<tokio::sync::Mutex<Pulse>>;

/// The last question to the upstream.
#[derive(Default)]
pub struct Pulse {
    /// When it was answered.
    pub polled_at: Option<Duration>,
    /// When a client last asked about it, which therefore knows its id.
    pub client_asked: Option<Duration>,
    /// Why it was not answered.
    pub fault: Option<Box<Fault>>,
    /// The upstream's own `getStatusV2` answer, where it was asked in that form.
    pub detailed: Option<Arc<Value>>,
    /// Another message was asked for and the answer lost.
    pub another_in_doubt: bool,
    /// Since another message was asked for, the upstream has shown that it waits: what it shows next is new.
    pub waits_for_another: bool,
    /// It was finished and the answer lost.
    pub finish_in_doubt: bool,
}

/// What few entries need.
#[derive(Default)]
struct Beside {
    saved: Mutex<Saved>,
    /// How many purchases are under way that give it more time.
    prolonging: AtomicUsize,
    turn: Arc<tokio::sync::Mutex<()>>,
}

/// What the ledger lacks of it, because it could not be written.
#[derive(Default)]
struct Saved {
    lacks_something: bool,
    /// It as it was bought, where not even that could be written.
    unsettled: Option<Activation>,
}

impl Entry {
    /// `outline` is the activation's, with owner and seller as others share them.
    pub(super) fn new(outline: Outline, activation: &Activation) -> Self {
        Self(Mutex::new(Kept { outline, rest: Folded::of(activation), gate: None, beside: None }))
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A copy of the activation as it stands.
    pub fn get(&self) -> Activation {
        let kept = self.lock();
        kept.rest.unfold(&kept.outline)
    }

    /// Looks at the whole activation, which takes as long as [`Entry::get`].
    pub fn read<T>(&self, look: impl FnOnce(&Activation) -> T) -> T {
        look(&self.get())
    }

    /// Looks at where it stands, which need not be unfolded for that.
    pub fn standing<T>(&self, look: impl FnOnce(Standing<'_>) -> T) -> T {
        let kept = self.lock();
        look(kept.rest.standing(&kept.outline))
    }

    /// Looks at what need not be unfolded.
    pub fn outline<T>(&self, look: impl FnOnce(&Outline) -> T) -> T {
        look(&self.lock().outline)
    }

    /// Puts a newer state in its place. Owner and seller never change.
    pub fn put(&self, activation: &Activation) {
        let rest = Folded::of(activation);
        let mut kept = self.lock();
        let (owner, provider) = (Arc::clone(&kept.outline.owner), Arc::clone(&kept.outline.provider));
        kept.outline = Outline::sharing(owner, provider, activation);
        kept.rest = rest;
    }

    /// What is held while the upstream is asked or told something about it.
    pub fn gate(&self) -> Gate {
        Arc::clone(self.lock().gate.get_or_insert_default())
    }

    fn beside(&self) -> Arc<Beside> {
        Arc::clone(self.lock().beside.get_or_insert_default())
    }

    /// What is held while something is bought that builds on it: more time begins where that ends which was bought
    /// before. Taken before the gate, never after it.
    pub fn turn(&self) -> Arc<tokio::sync::Mutex<()>> {
        Arc::clone(&self.beside().turn)
    }

    /// Looks at what the ledger lacks, if that was ever anything.
    fn saved<T>(&self, look: impl FnOnce(&mut Saved) -> T) -> Option<T> {
        let beside = self.lock().beside.clone()?;
        let mut saved = beside.saved.lock().unwrap_or_else(PoisonError::into_inner);
        Some(look(&mut saved))
    }

    /// Whether the ledger lacks what is here.
    pub fn is_unsaved(&self) -> bool {
        self.saved(|saved| saved.lacks_something).unwrap_or_default()
    }

    /// Notes that the ledger lacks what is here, and says whether it did so before.
    pub fn lacks(&self) -> bool {
        self.beside();
        self.saved(|saved| std::mem::replace(&mut saved.lacks_something, true)).unwrap_or_default()
    }

    /// Notes that the ledger lacks it altogether; it was bought as `bought`.
    pub fn lacks_all(&self, bought: &Activation) {
        self.lacks();
        self.saved(|saved| saved.unsettled = Some(bought.clone()));
    }

    /// It as it was bought, if the ledger lacks that too.
    pub fn unsettled(&self) -> Option<Activation> {
        self.saved(|saved| saved.unsettled.clone()).flatten()
    }

    /// Notes that the ledger has it as it was bought.
    pub fn settled(&self) {
        self.saved(|saved| saved.unsettled = None);
    }

    /// Notes that the ledger lacks nothing.
    pub fn saved_all(&self) {
        self.saved(|saved| saved.lacks_something = false);
    }

    /// Notes that more time is being bought for it, until what this gives is dropped.
    pub fn prolong(self: Arc<Self>) -> Prolonging {
        self.beside().prolonging.fetch_add(1, Ordering::SeqCst);
        Prolonging(self)
    }

    /// Whether more time is being bought for it, so that it must not be ended by its time.
    pub fn is_being_prolonged(&self) -> bool {
        let beside = self.lock().beside.clone();
        beside.is_some_and(|beside| beside.prolonging.load(Ordering::SeqCst) > 0)
    }
}

/// More time is being bought for an entry.
pub struct Prolonging(Arc<Entry>);

impl Drop for Prolonging {
    fn drop(&mut self) {
        self.0.beside().prolonging.fetch_sub(1, Ordering::SeqCst);
    }
}
