//! What came of purchases that failed, where the ledger could not be written when it was known: noted as soon as it
//! can be. What is still not noted when the program ends is in doubt at the next start. Knows no upstream.

use std::sync::{Mutex, PoisonError};

use super::Engine;
use super::outcome::{InDoubt, NotDone};
use super::settlement::note_failed;
use crate::domain::ActivationId;
use crate::ledger::LedgerError;

/// How a purchase failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Released,
    InDoubt,
}

/// What is to be noted of a purchase that failed.
#[derive(Debug, Clone)]
pub(super) struct Note {
    id: ActivationId,
    end: End,
    reason: String,
    /// Whether it was of a mail address or a product.
    of_goods: bool,
}

impl Note {
    /// It was certainly not made.
    pub(super) fn released(id: ActivationId, why: &NotDone) -> Self {
        Self { id, end: End::Released, reason: why.reason(), of_goods: false }
    }

    /// Nobody knows whether it was made.
    pub(super) fn in_doubt(id: ActivationId, why: &InDoubt) -> Self {
        Self { id, end: End::InDoubt, reason: why.reason(), of_goods: false }
    }

    /// The same of a mail address or a product.
    pub(super) fn of_goods(self) -> Self {
        Self { of_goods: true, ..self }
    }
}

/// The notes that the ledger lacks.
#[derive(Default)]
pub(super) struct Unnoted(Mutex<Vec<Note>>);

impl Engine {
    /// Notes how a purchase failed: now, or as soon as that is possible.
    pub(super) async fn note_end(&self, note: Note) {
        let noted = self.write_end(&note).await;
        let later = is_to_be_tried_again(&noted);
        note_failed(note.id, noted);
        if later {
            self.unnoted.lock().push(note);
        }
    }

    /// Notes what could not be noted.
    pub(super) async fn note_ends(&self) {
        let notes = std::mem::take(&mut *self.unnoted.lock());
        for note in notes {
            if is_to_be_tried_again(&self.write_end(&note).await) {
                self.unnoted.lock().push(note);
            }
        }
    }

    async fn write_end(&self, note: &Note) -> Result<(), LedgerError> {
        let (id, reason) = (note.id, note.reason.clone());
        match (note.of_goods, note.end) {
            (false, End::Released) => self.ledger.release(id, reason).await,
            (false, End::InDoubt) => self.ledger.doubt(id, reason).await,
            (true, End::Released) => self.ledger.release_goods(id, reason).await,
            (true, End::InDoubt) => self.ledger.doubt_goods(id, reason).await,
        }
    }
}

impl Unnoted {
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Note>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.lock().len()
    }
}

/// What contradicts the ledger will do so again.
fn is_to_be_tried_again(noted: &Result<(), LedgerError>) -> bool {
    !matches!(noted, Ok(()) | Err(LedgerError::Conflict { .. }))
}
