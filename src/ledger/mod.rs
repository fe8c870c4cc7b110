//! What must outlive the process: every purchase from its intent on, and every activation with its
//! state and messages. Knows no provider and no wire; where the rows are kept is its
//! implementations' business.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use crate::domain::{Activation, ActivationId, Country, Money, Order, Owner, Service};
use crate::metrics::Writes;

mod charges;
mod doubts;
mod goods;
mod kept;
pub mod none;
pub mod sqlite;

pub use charges::{Charge, Charges};
pub use doubts::{Account, Checkpoint, Doubts, Movement, Movements, Unknown};
pub use goods::{Goods, GoodsDoubt, GoodsIntent, MailPage, MailQuery};
pub use kept::{Kept, Unmet};

/// A purchase that is about to be made. It is on disk before the upstream is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Intent {
    /// Who wants it.
    pub owner: Owner,
    /// From which configured provider.
    pub provider: String,
    /// What.
    pub order: Order,
    /// What it is expected to cost, in the currency of the account, where that is known.
    pub stake: Option<Money>,
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

/// What is left to be done, for those who watch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Left {
    /// Messages that are still to be sent.
    pub deliveries: u64,
    /// Purchases of any kind of which nobody knows whether they were made.
    pub doubts: Vec<Stake>,
}

/// What is at stake with one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stake {
    /// The mark of the provider that it was to be bought from.
    pub provider: String,
    /// What it costs if it was made, where that is known.
    pub price: Option<Money>,
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

/// What was bought of one service in one country, by all clients together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// In which country.
    pub country: Country,
    /// How many numbers.
    pub purchases: u64,
    /// To how many of them a message came.
    pub answered: u64,
}

/// To which addresses the new messages of an activation are to be sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outbox {
    /// The addresses, each once.
    pub urls: Vec<String>,
    /// Since when they are to be.
    pub at: Timestamp,
}

/// A message that is still to be sent to an address.
#[derive(Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Whose message.
    pub activation: ActivationId,
    /// Which of its messages, counted from 0.
    pub seq: usize,
    /// Where to. It may hold a secret, and is in no log.
    pub url: String,
    /// Since when.
    pub queued_at: Timestamp,
    /// How often it was tried.
    pub tries: u32,
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { activation, seq, tries, .. } = self;
        f.debug_struct("Delivery")
            .field("activation", activation)
            .field("seq", seq)
            .field("tries", tries)
            .finish_non_exhaustive()
    }
}

/// Which deliveries are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueQuery {
    /// Due at or before.
    pub now: Timestamp,
    /// At most this many of one address.
    pub per_address: u32,
    /// At most this many.
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
pub trait Ledger: Goods + Doubts + Kept + Charges + 'static {
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

    /// Notes an activation's state and the messages it has beyond those already noted; these are queued for the
    /// addresses of `outbox`, all or none. A final state stays ([`LedgerError::Conflict`]), and what has one is kept
    /// for nobody ([`Kept`]). Updates of one
    /// activation must not overtake each other.
    async fn update_and_queue(&self, activation: Activation, outbox: Outbox) -> Result<(), LedgerError>;

    /// The same where nobody is to be sent anything.
    async fn update(&self, activation: Activation) -> Result<(), LedgerError> {
        self.update_and_queue(activation, Outbox::default()).await
    }

    /// Deliveries that are due: of each activation and address only the oldest.
    async fn due_deliveries(&self, query: DueQuery) -> Result<Vec<Delivery>, LedgerError>;

    /// Notes how often a delivery was tried; it is due again at `due_at`.
    async fn postpone(&self, delivery: Delivery, due_at: Timestamp) -> Result<(), LedgerError>;

    /// Notes that a delivery is done, or given up.
    async fn close_delivery(&self, delivery: Delivery) -> Result<(), LedgerError>;

    /// What was bought at or after `since` at a price that is not known, with what was ordered.
    async fn unpriced(&self, since: Timestamp) -> Result<Vec<(ActivationId, Intent)>, LedgerError> {
        let _ = since;
        Ok(Vec::new())
    }

    /// Notes what something cost of which that was not known.
    async fn note_price(&self, id: ActivationId, price: Money) -> Result<(), LedgerError> {
        let _ = (id, price);
        Err(LedgerError::None)
    }

    /// Activations that are not in a final state, at most `limit`, from the first id behind `after` on: what must be in
    /// memory after a start, a piece at a time, since there may be any number.
    async fn open_after(
        &self,
        after: Option<ActivationId>,
        limit: u32,
    ) -> Result<Vec<Activation>, LedgerError>;

    /// One activation, whatever its state.
    async fn find(&self, id: ActivationId) -> Result<Option<Activation>, LedgerError>;

    /// Past and present activations that clients know, newest first.
    async fn history(&self, query: HistoryQuery) -> Result<Vec<Activation>, LedgerError>;

    /// What was bought of a service, country by country, whoever bought it.
    async fn tally(&self, service: Service) -> Result<Vec<Tally>, LedgerError>;

    /// Turns intents that an earlier process left without a result into doubts, and returns every
    /// doubt there is. What this process intends is under way and is not touched.
    async fn take_up_doubts(&self) -> Result<Vec<Doubt>, LedgerError>;

    /// Turns every intent that has no result yet into a doubt, for `reason`, and returns their ids: when the process
    /// ends before its upstreams answered. What they answer meanwhile can still be noted.
    async fn give_up_waiting(&self, reason: String) -> Result<Vec<ActivationId>, LedgerError> {
        let _ = reason;
        Ok(Vec::new())
    }

    /// What is left to be done; what is under way is not among it.
    async fn backlog(&self) -> Result<Left, LedgerError> {
        Ok(Left::default())
    }

    /// Makes a write that is as durable as any other and changes nothing.
    ///
    /// # Errors
    /// When nothing could be written down now.
    async fn probe(&self) -> Result<(), LedgerError> {
        Ok(())
    }

    /// Has the writes from now on counted here.
    fn count_writes(&self, _: &Arc<Writes>) {}

    /// What is to be done now and then: looks whether it can be written again after it could not, and lets go of what
    /// is long over; says how many purchases that were. Never one that is open, in doubt, kept for a client, or
    /// with a message that is still to be sent.
    async fn tidy(&self) -> Result<u64, LedgerError> {
        Ok(0)
    }

    /// Whether orders can be written down, as far as is known.
    ///
    /// # Errors
    /// What stands against it.
    fn health(&self) -> Result<(), LedgerError> {
        Ok(())
    }

    /// Writes everything out and lets go of the file.
    async fn close(&self);

    /// Where it is, for people.
    fn place(&self) -> String;
}
