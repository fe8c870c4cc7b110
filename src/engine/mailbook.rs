//! The mails in memory: those that somebody asks about, and those that the ledger lacks. Knows neither upstreams
//! nor the ledger.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::domain::{ActivationId, Mail};
use crate::provider::Fault;

/// A mail and what is known of the last time the upstream was asked about it.
pub(super) struct MailEntry {
    mail: Mutex<Mail>,
    /// Held while the upstream is asked or told something about this mail, so that a look and a cancellation
    /// never cross each other.
    pub(super) gate: Arc<tokio::sync::Mutex<Option<Asked>>>,
    /// Whether the ledger lacks what is here, because it could not be written.
    pub(super) unsaved: AtomicBool,
}

/// The last question to the upstream.
pub(super) struct Asked {
    /// When it was answered.
    pub(super) at: Duration,
    /// Why it was not.
    pub(super) fault: Option<Fault>,
}

impl MailEntry {
    /// A copy of the mail as it stands.
    pub(super) fn get(&self) -> Mail {
        self.mail.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts a newer state in its place.
    pub(super) fn put(&self, mail: Mail) {
        *self.mail.lock().unwrap_or_else(PoisonError::into_inner) = mail;
    }
}

/// The mails in memory.
#[derive(Default)]
pub(super) struct MailBook(Mutex<HashMap<ActivationId, Arc<MailEntry>>>);

impl MailBook {
    /// Takes a mail in; one that is there already stays.
    pub(super) fn insert(&self, mail: Mail) -> Arc<MailEntry> {
        let entry = |mail| MailEntry {
            mail: Mutex::new(mail),
            gate: Arc::default(),
            unsaved: AtomicBool::new(false),
        };
        Arc::clone(self.lock().entry(mail.id).or_insert_with(|| Arc::new(entry(mail))))
    }

    /// The mail with this id, if it is in memory.
    pub(super) fn get(&self, id: ActivationId) -> Option<Arc<MailEntry>> {
        self.lock().get(&id).cloned()
    }

    /// Every mail that the ledger lacks.
    pub(super) fn unsaved(&self) -> Vec<Arc<MailEntry>> {
        self.lock().values().filter(|entry| entry.unsaved.load(Ordering::Relaxed)).cloned().collect()
    }

    /// Lets go of what the ledger has and nobody is working with.
    pub(super) fn forget(&self) {
        self.lock().retain(|_, entry| {
            Arc::strong_count(entry) > 1
                || Arc::strong_count(&entry.gate) > 1
                || entry.unsaved.load(Ordering::Relaxed)
        });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ActivationId, Arc<MailEntry>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
