//! What must outlive the process of purchases beside numbers: mail addresses and partner products. Their ids
//! are of the same numbering as activations'. Knows no provider and no wire.

use async_trait::async_trait;
use jiff::Timestamp;

use super::LedgerError;
use crate::domain::{ActivationId, Mail, MailOrder, Owner, Product, ProductNumber};

/// A purchase that is about to be made. It is on disk before the upstream is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct GoodsIntent<W> {
    /// Who wants it.
    pub owner: Owner,
    /// From which configured provider.
    pub provider: String,
    /// What.
    pub wish: W,
    /// When.
    pub at: Timestamp,
}

/// A purchase of which nobody knows whether it was made.
#[derive(Debug, Clone, PartialEq)]
pub struct GoodsDoubt {
    /// The id that was reserved for it.
    pub id: ActivationId,
    /// Who wanted it.
    pub owner: Owner,
    /// From which configured provider.
    pub provider: String,
    /// What, for people.
    pub what: String,
    /// When.
    pub at: Timestamp,
    /// Why it is not known.
    pub reason: String,
}

/// Which mails are asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct MailQuery {
    /// Whose.
    pub owner: Owner,
    /// A part of the address or of the site, in any case; empty for all.
    pub search: String,
    /// In the order in which they were bought, instead of newest first.
    pub oldest_first: bool,
    /// How many are passed over.
    pub skip: u64,
    /// At most this many.
    pub limit: u32,
}

/// Some of a client's mails.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MailPage {
    /// Those that were asked for.
    pub mails: Vec<Mail>,
    /// How many there are in all.
    pub count: u64,
}

/// The part of a ledger that keeps mail addresses and partner products. Every method returns only when what it
/// wrote is durable. Each has a default that keeps nothing and takes nothing.
#[async_trait]
pub trait Goods: Send + Sync {
    /// Reserves an id for an address, and notes the intent.
    async fn intend_mail(&self, intent: GoodsIntent<MailOrder>) -> Result<ActivationId, LedgerError> {
        let _ = intent;
        Err(LedgerError::None)
    }

    /// Notes that an address was bought under its reserved id. A doubt may be settled too; what was released
    /// may not ([`LedgerError::Conflict`]). Said twice of the same purchase, it is noted once.
    async fn settle_mail(&self, mail: Mail) -> Result<(), LedgerError> {
        let _ = mail;
        Err(LedgerError::None)
    }

    /// Notes where an address stands, and the mail if it has come.
    async fn update_mail(&self, mail: Mail) -> Result<(), LedgerError> {
        let _ = mail;
        Err(LedgerError::None)
    }

    /// Reserves an id for a partner product, and notes the intent.
    async fn intend_product(&self, intent: GoodsIntent<ProductNumber>) -> Result<ActivationId, LedgerError> {
        let _ = intent;
        Err(LedgerError::None)
    }

    /// Notes that a partner product was bought, as [`Goods::settle_mail`] does.
    async fn settle_product(&self, product: Product) -> Result<(), LedgerError> {
        let _ = product;
        Err(LedgerError::None)
    }

    /// Notes that a purchase was certainly not made; also that a doubt came to this.
    async fn release_goods(&self, id: ActivationId, reason: String) -> Result<(), LedgerError> {
        let _ = (id, reason);
        Err(LedgerError::None)
    }

    /// Notes that nobody knows whether a purchase was made.
    async fn doubt_goods(&self, id: ActivationId, reason: String) -> Result<(), LedgerError> {
        let _ = (id, reason);
        Err(LedgerError::None)
    }

    /// One mail, whatever its state.
    async fn find_mail(&self, id: ActivationId) -> Result<Option<Mail>, LedgerError> {
        let _ = id;
        Ok(None)
    }

    /// A client's mails.
    async fn mails(&self, query: MailQuery) -> Result<MailPage, LedgerError> {
        let _ = query;
        Ok(MailPage::default())
    }

    /// One partner product.
    async fn find_product(&self, id: ActivationId) -> Result<Option<Product>, LedgerError> {
        let _ = id;
        Ok(None)
    }

    /// Turns intents that an earlier process left without a result into doubts, and returns every doubt there
    /// is.
    async fn take_up_doubtful_goods(&self) -> Result<Vec<GoodsDoubt>, LedgerError> {
        Ok(Vec::new())
    }
}
