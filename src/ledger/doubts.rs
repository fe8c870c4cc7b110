//! What is needed to find out whether a purchase in doubt was made: the doubts, what is known of an account, and
//! what became of its money. Knows no provider and no wire.

use std::collections::HashSet;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Doubt, GoodsDoubt, LedgerError};
use crate::domain::{Held, Money, State};

/// The account at a seller, as far as the ledger knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// Since when it is this account. What was bought earlier may have been bought with another key.
    pub since: Timestamp,
    /// What it held at a moment when nothing was under way.
    pub last: Option<Checkpoint>,
}

/// What an account held, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// How much.
    pub balance: Money,
    /// When.
    pub at: Timestamp,
}

/// Purchases that were made or have ended after a moment, as many as are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Movement {
    /// How many they are.
    pub count: u64,
    /// What each of them cost, where that is known.
    pub price: Option<Money>,
    /// Whether they were made after that moment.
    pub bought: bool,
    /// Whether they have ended after it.
    pub ended: bool,
    /// Where they stand.
    pub state: State,
}

/// What moved an account's money.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Movements {
    /// Numbers that were bought or have ended. Many of them are few groups, since few prices differ.
    pub numbers: Vec<Movement>,
    /// How many purchases beside numbers there ever were: when what they cost came back is not written down.
    pub goods: u64,
}

/// What an owner has at stake, or a provider: how many purchases in doubt, and what they may have cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Unknown {
    /// The doubts about numbers, oldest first.
    pub numbers: Vec<Doubt>,
    /// Those about purchases beside numbers, oldest first.
    pub goods: Vec<GoodsDoubt>,
}

/// The part of a ledger by which doubts are settled. Every method returns only when what it wrote is durable. Each
/// has a default that knows nothing.
#[async_trait]
pub trait Doubts: Send + Sync {
    /// Every purchase in doubt. What is under way is not among them.
    async fn unknown(&self) -> Result<Unknown, LedgerError> {
        Ok(Unknown { numbers: Vec::new(), goods: Vec::new() })
    }

    /// Which of these the ledger knows to have been bought: by their id at this seller, or by id and number at any,
    /// since one account may be configured under two names. Their ids are returned.
    async fn known(&self, seller: String, held: Vec<Held>) -> Result<HashSet<String>, LedgerError> {
        let _ = (seller, held);
        Ok(HashSet::new())
    }

    /// The account that `mark` is the mark of; one with another mark than before is another account, `since` now.
    async fn account(&self, seller: String, mark: String, now: Timestamp) -> Result<Account, LedgerError> {
        let _ = (seller, mark);
        Ok(Account { since: now, last: None })
    }

    /// Notes what the account at a seller held.
    async fn note_balance(&self, seller: String, checkpoint: Checkpoint) -> Result<(), LedgerError> {
        let _ = (seller, checkpoint);
        Err(LedgerError::None)
    }

    /// Whether a number was bought at a seller, or one of its numbers has ended, after `since`.
    async fn has_moved(&self, seller: String, since: Timestamp) -> Result<bool, LedgerError> {
        let _ = (seller, since);
        Ok(false)
    }

    /// Whether a number of a seller's is open for which its price may yet come back: without a message, or about to be
    /// cancelled.
    async fn awaits_refund(&self, seller: String) -> Result<bool, LedgerError> {
        let _ = seller;
        Ok(false)
    }

    /// Whether more time for a rent was bought at a seller at or after `since`.
    async fn was_prolonged(&self, seller: String, since: Timestamp) -> Result<bool, LedgerError> {
        let _ = (seller, since);
        Ok(false)
    }

    /// What was bought at a seller, or has ended, after `since`.
    async fn movements(&self, seller: String, since: Timestamp) -> Result<Movements, LedgerError> {
        let _ = (seller, since);
        Ok(Movements::default())
    }
}
