//! Which of the activations in memory are whose, so that a client's own are found without going through those of all
//! others; owners and sellers are here once and shared by their activations. Knows nothing else of an activation.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::{Activation, ActivationId, Outline, Owner};

/// Whose what is.
#[derive(Default)]
pub struct Owners {
    names: Mutex<Names>,
    named_webhooks: AtomicBool,
}

#[derive(Default)]
struct Names {
    owners: HashMap<Arc<Owner>, HashSet<ActivationId>>,
    /// As many as were ever configured, so none is let go.
    sellers: HashSet<Arc<String>>,
}

impl Owners {
    /// Notes whose an activation is that is taken in, and gives its outline.
    pub fn outline_of(&self, activation: &Activation) -> Outline {
        let mut names = self.lock();
        let seller = match names.sellers.get(&activation.provider) {
            Some(known) => Arc::clone(known),
            None => {
                let new = Arc::new(activation.provider.clone());
                names.sellers.insert(Arc::clone(&new));
                new
            }
        };
        let known = names.owners.get_key_value(&activation.owner).map(|(owner, _)| Arc::clone(owner));
        let owner = known.unwrap_or_else(|| Arc::new(activation.owner.clone()));
        names.owners.entry(Arc::clone(&owner)).or_default().insert(activation.id);
        let outline = Outline::sharing(owner, seller, activation);
        self.named_webhooks.fetch_or(outline.names_webhook, Ordering::Relaxed);
        outline
    }

    /// Whether any client named an address that its messages are sent to.
    pub fn named_webhooks(&self) -> bool {
        self.named_webhooks.load(Ordering::Relaxed)
    }

    /// What is this owner's.
    pub fn ids_of(&self, owner: &Owner) -> Vec<ActivationId> {
        self.lock().owners.get(owner).map(|ids| ids.iter().copied().collect()).unwrap_or_default()
    }

    /// Notes that these are let go.
    pub fn forget(&self, gone: &[(ActivationId, Arc<Owner>)]) {
        let mut names = self.lock();
        for (id, owner) in gone {
            let Some(ids) = names.owners.get_mut(owner) else { continue };
            ids.remove(id);
            if ids.is_empty() {
                names.owners.remove(owner);
            } else if ids.len() < ids.capacity() / 4 {
                ids.shrink_to_fit();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Names> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
