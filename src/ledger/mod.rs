//! What must outlive the process: every purchase from its intent on, and every activation with its
//! state and messages. Knows no provider and no wire; where the rows are kept is its
//! implementations' business.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::domain::{Activation, ActivationId, Order, Owner};

mod goods;
pub mod none;
pub mod sqlite;

pub use goods::{Goods, GoodsDoubt, GoodsIntent, MailPage, MailQuery};

/// A purchase that is about to be made. It is on disk before the upstream is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Intent {
    /// Who wants it.
    pub owner: Owner,
    /// From which configured provider.
    pub provider: String,
    /// What.
    pub order: Order,
    /// When.
    pub at: Timestamp,
}

/// A purchase of which nobody knows whether it was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Doubt {
    /// The id that was reserved for it.
    pub id: ActivationId,
    /// What was intended.
    pub intent: Intent,
    /// Why it is not known.
    pub reason: String,
}

/// Which past activations are asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryQuery {
    /// Whose.
    pub owner: Owner,
    /// Bought at or after.
    pub from: Option<Timestamp>,
    /// Bought at or before.
    pub to: Option<Timestamp>,
    /// At most this many, newest first.
    pub limit: u32,
}

/// Why the ledger could not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// Another process has it open.
    #[error(
        "the ledger {0} is in use by another smsbridge; stop that one, or give this one a ledger of its own ([ledger] url)"
    )]
    InUse(String),
    /// It was written by a newer version.
    #[error(
        "the ledger {path} was written by a newer smsbridge (its format is {found}, this program knows up to {known}); use that version, or another [ledger] url. Nothing was changed"
    )]
    Newer {
        /// Where it is.
        path: String,
        /// Its format's number.
        found: i64,
        /// The newest number this program knows.
        known: i64,
    },
    /// It is not a ledger, or it is damaged.
    #[error(
        "the ledger {path} cannot be read ({reason}); restore a copy, or name another file in [ledger] url. Nothing was changed"
    )]
    Damaged {
        /// Where it is.
        path: String,
        /// What was found.
        reason: String,
    },
    /// It cannot be opened or written.
    #[error("the ledger {path}: {reason}")]
    Io {
        /// Where it is.
        path: String,
        /// What failed.
        reason: String,
    },
    /// What was to be written contradicts what it holds. Nothing was written.
    #[error("the ledger refuses this of activation {id}: {reason}")]
    Conflict {
        /// Of which activation.
        id: ActivationId,
        /// In which way.
        reason: String,
    },
    /// There is none, so that nothing can be bought.
    #[error("nothing is written down here, so nothing is bought")]
    None,
    /// Its address is not understood.
    #[error("[ledger] url = {0:?} is not understood; write \"sqlite:FILE\"")]
    Url(String),
}

/// The ledger. Every method returns only when what it wrote is durable.
#[async_trait]
pub trait Ledger: Goods + 'static {
    /// Reserves an id for each part of a purchase, in their order, and notes the intents: all or none.
    async fn intend_all(&self, intents: Vec<Intent>) -> Result<Vec<ActivationId>, LedgerError>;

    /// The same for a purchase of one part.
    async fn intend(&self, intent: Intent) -> Result<ActivationId, LedgerError> {
        // There are as many ids as intents.
        self.intend_all(vec![intent]).await?.pop().ok_or(LedgerError::None)
    }

    /// Notes that the purchase was made: each of `activations` has its reserved id; all or none. A doubt
    /// may be settled too; what was released may not ([`LedgerError::Conflict`]). Where one prolongs a rent,
    /// that has the new end as well.
    async fn settle_all(&self, activations: Vec<Activation>) -> Result<(), LedgerError>;

    /// The same for a purchase of one part.
    async fn settle(&self, activation: Activation) -> Result<(), LedgerError> {
        self.settle_all(vec![activation]).await
    }

    /// Notes that the purchase was certainly not made; also that a doubt came to this.
    async fn release(&self, id: ActivationId, reason: String) -> Result<(), LedgerError>;

    /// Notes that nobody knows whether the purchase was made.
    async fn doubt(&self, id: ActivationId, reason: String) -> Result<(), LedgerError>;

    /// Notes an activation's state and the messages it has beyond those already noted. A final state stays ([`LedgerError::Conflict`]). Updates of one activation must not overtake each other.
    async fn update(&self, activation: Activation) -> Result<(), LedgerError>;

    /// Every activation that is not in a final state: what must be in memory after a start.
    async fn open_activations(&self) -> Result<Vec<Activation>, LedgerError>;

    /// One activation, whatever its state.
    async fn find(&self, id: ActivationId) -> Result<Option<Activation>, LedgerError>;

    /// Past and present activations, newest first.
    async fn history(&self, query: HistoryQuery) -> Result<Vec<Activation>, LedgerError>;

    /// Turns intents that an earlier process left without a result into doubts, and returns every
    /// doubt there is. What this process intends is under way and is not touched.
    async fn take_up_doubts(&self) -> Result<Vec<Doubt>, LedgerError>;

    /// Writes everything out and lets go of the file.
    async fn close(&self);

    /// Where it is, for people.
    fn place(&self) -> String;
}
