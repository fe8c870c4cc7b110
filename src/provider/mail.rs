//! What an upstream that sells mail addresses can do: a family of its own, for most upstreams have none of
//! it. Knows no wire and no ledger.

use async_trait::async_trait;

use super::{Capability, Cx, Fault};
use crate::domain::{BoughtMail, Mail, MailOffers, MailOrder, MailProgress};

/// An upstream that sells mail addresses. Each method has a default that says it is not there.
#[async_trait]
pub trait Mailboxes: Send + Sync {
    /// The domains in which there are addresses for a site.
    async fn domains(&self, cx: &Cx, site: &str) -> Result<MailOffers, Fault> {
        let _ = (cx, site);
        Err(Fault::unsupported(Capability::Mail))
    }

    /// Buys an address. The fault's effect says whether it may have been bought after all. A domain that is
    /// not on offer for the site is [`NoStock`](super::FaultKind::NoStock).
    async fn buy(&self, cx: &Cx, order: &MailOrder) -> Result<BoughtMail, Fault> {
        let _ = (cx, order);
        Err(Fault::unsupported(Capability::Mail))
    }

    /// Buys an address once more. The answer has an id of its own. The fault's effect says whether it may
    /// have been bought after all.
    async fn buy_again(&self, cx: &Cx, mail: &Mail) -> Result<BoughtMail, Fault> {
        let _ = (cx, mail);
        Err(Fault::unsupported(Capability::Mail))
    }

    /// Whether the mail has come.
    async fn look(&self, cx: &Cx, mail: &Mail) -> Result<MailProgress, Fault> {
        let _ = (cx, mail);
        Err(Fault::unsupported(Capability::Mail))
    }

    /// Gives an address back. `Ok` means that the upstream agreed.
    async fn cancel(&self, cx: &Cx, mail: &Mail) -> Result<(), Fault> {
        let _ = (cx, mail);
        Err(Fault::unsupported(Capability::Mail))
    }
}

/// Of an upstream that sells none.
#[derive(Debug)]
pub struct NoMailboxes;

impl Mailboxes for NoMailboxes {}
