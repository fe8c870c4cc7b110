//! The activations in memory: what polls are answered from. Knows neither upstreams nor the ledger.
//!
//! They stand on several shelves, so that going through all of them holds up nobody for longer than one shelf takes.

mod entry;
mod folded;
mod owners;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use jiff::Timestamp;

pub use entry::{Entry, Pulse};

use crate::domain::{Activation, ActivationId, Outline, Owner};
use owners::Owners;

/// How many shelves there are.
const SHELVES: usize = 16;

type Shelf = HashMap<ActivationId, Arc<Entry>>;

/// Every open activation, and those that ended while this process ran.
#[derive(Default)]
pub struct Book {
    shelves: [RwLock<Shelf>; SHELVES],
    owners: Owners,
}

impl Book {
    fn shelf(&self, id: ActivationId) -> &RwLock<Shelf> {
        &self.shelves[id.get().unsigned_abs() as usize % SHELVES]
    }

    /// Takes an activation in; one that is there already stays.
    pub fn insert(&self, activation: &Activation) -> Arc<Entry> {
        let mut shelf = write(self.shelf(activation.id));
        let new = || Arc::new(Entry::new(self.owners.outline_of(activation), activation));
        Arc::clone(shelf.entry(activation.id).or_insert_with(new))
    }

    /// The activation with this id, if it is in memory.
    pub fn get(&self, id: ActivationId) -> Option<Arc<Entry>> {
        read(self.shelf(id)).get(&id).cloned()
    }

    /// Every entry of one owner.
    pub fn of(&self, owner: &Owner) -> Vec<Arc<Entry>> {
        self.owners.ids_of(owner).into_iter().filter_map(|id| self.get(id)).collect()
    }

    /// Every entry whose activation is such.
    pub fn all(&self, such: impl Fn(&Outline) -> bool) -> Vec<Arc<Entry>> {
        self.every(|entry| entry.outline(&such))
    }

    /// Every entry that the ledger lacks.
    pub fn unsaved(&self) -> Vec<Arc<Entry>> {
        self.every(Entry::is_unsaved)
    }

    fn every(&self, such: impl Fn(&Entry) -> bool) -> Vec<Arc<Entry>> {
        let mut found = Vec::new();
        for shelf in &self.shelves {
            found.extend(read(shelf).values().filter(|entry| such(entry)).cloned());
        }
        found
    }

    /// Whether the client of any that is or was here named an address that its messages are sent to.
    pub fn named_webhooks(&self) -> bool {
        self.owners.named_webhooks()
    }

    /// How many entries there are of each seller, of those that are such.
    pub fn tally(&self, such: impl Fn(&Outline) -> bool) -> BTreeMap<String, u64> {
        let mut tally: BTreeMap<Arc<String>, u64> = BTreeMap::new();
        for shelf in &self.shelves {
            for entry in read(shelf).values() {
                let seller = entry.outline(|outline| such(outline).then(|| Arc::clone(&outline.provider)));
                if let Some(seller) = seller {
                    *tally.entry(seller).or_default() += 1;
                }
            }
        }
        tally.into_iter().map(|(seller, count)| (seller.as_ref().clone(), count)).collect()
    }

    /// Lets go of activations that have ended, and of those whose time was over before `long_ago`; the
    /// ledger still has them.
    pub fn forget(&self, long_ago: Timestamp) {
        let ended = |outline: &Outline| outline.state.is_final() || outline.is_over(long_ago);
        // An entry that somebody is working with stays until the next time, and so does one that exists
        // nowhere else.
        let needed = |entry: &Arc<Entry>| Arc::strong_count(entry) > 1 || entry.is_unsaved();
        for shelf in &self.shelves {
            let (mut gone, mut shelf) = (Vec::new(), write(shelf));
            shelf.retain(|id, entry| {
                let stays = needed(entry) || !entry.outline(ended);
                if !stays {
                    gone.push((*id, entry.outline(|outline| Arc::clone(&outline.owner))));
                }
                stays
            });
            // Before anybody can take one of them in again.
            self.owners.forget(&gone);
        }
    }
}

fn read(shelf: &RwLock<Shelf>) -> RwLockReadGuard<'_, Shelf> {
    shelf.read().unwrap_or_else(PoisonError::into_inner)
}

fn write(shelf: &RwLock<Shelf>) -> RwLockWriteGuard<'_, Shelf> {
    shelf.write().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
