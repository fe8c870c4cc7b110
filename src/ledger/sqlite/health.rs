//! Whether the ledger can be written, and since when it cannot: said in the log when it begins and when it is
//! over, not at every try. Knows no statement and no caller.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::identity::Identity;
use crate::ledger::LedgerError;

/// What stands against writing, as last seen.
#[derive(Default)]
struct Ills {
    /// The file is damaged. That does not pass: the next start looks at all of it.
    damage: Option<LedgerError>,
    /// Its name leads to another file, or to none.
    away: Option<LedgerError>,
    /// The last write failed.
    failure: Option<LedgerError>,
}

/// The state of a ledger's file, as its threads and callers find it.
pub(super) struct Health {
    place: Arc<str>,
    /// Which file it is, where it is one.
    file: Option<Identity>,
    ills: Mutex<Ills>,
}

impl Health {
    /// Of a ledger that was just opened, and is well.
    pub(super) fn new(place: Arc<str>, file: Option<Identity>) -> Self {
        Self { place, file, ills: Mutex::default() }
    }

    /// Where the ledger is, for people.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// Notes that something was written.
    pub(super) fn wrote(&self) {
        let mut ills = self.ills();
        let before = ills.failure.take();
        self.tell_of_end(before, &ills);
    }

    /// Notes why something could not be written; of what could not be read, whether that is damage.
    pub(super) fn failed(&self, error: &LedgerError, reading: bool) {
        let mut ills = self.ills();
        if matches!(error, LedgerError::Damaged { .. }) {
            if ills.damage.is_none() {
                tracing::error!(
                    "{error}. It was found while the ledger is in use: no order is taken any more; stop smsbridge, and start it again on a copy"
                );
            }
            ills.damage.get_or_insert_with(|| error.clone());
        } else if !reading {
            if ills.failure.is_none() {
                tracing::error!(
                    "{error}. No order is taken until it can be written again; what is bought goes on, and is written down then"
                );
            }
            ills.failure = Some(error.clone());
        }
    }

    /// Whether an order may be written down at all. A write that failed is no reason not to try again.
    ///
    /// # Errors
    /// When the file is damaged, or its name no longer leads to it: what is written then would be lost with
    /// the process.
    pub(super) fn may_order(&self) -> Result<(), LedgerError> {
        let found = self.file.as_ref().map_or(Ok(()), |file| file.check(&self.place));
        let mut ills = self.ills();
        let before = ills.away.take();
        match found {
            Ok(()) => self.tell_of_end(before, &ills),
            Err(error) => {
                if before.is_none() {
                    tracing::error!("{error}. No order is taken until then");
                }
                ills.away = Some(error);
            }
        }
        ills.damage.clone().or(ills.away.clone()).map_or(Ok(()), Err)
    }

    /// Whether everything can be written, as far as is known.
    ///
    /// # Errors
    /// What stands against it.
    pub(super) fn check(&self) -> Result<(), LedgerError> {
        self.may_order()?;
        self.ills().failure.clone().map_or(Ok(()), Err)
    }

    fn tell_of_end(&self, before: Option<LedgerError>, now: &Ills) {
        let well = now.damage.is_none() && now.away.is_none() && now.failure.is_none();
        if before.is_some() && well {
            tracing::info!("the ledger {} can be written again; orders are taken", self.place);
        }
    }

    fn ills(&self) -> MutexGuard<'_, Ills> {
        self.ills.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
