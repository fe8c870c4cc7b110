//! Mail addresses and partner products of the sandbox: every site has some domains, a mail comes some seconds
//! after the order, keys are made up. Knows no network.

use async_trait::async_trait;

use super::Sandbox;
use crate::domain::{
    BoughtMail, BoughtProduct, Email, Letter, Mail, MailKind, MailOffer, MailOffers, MailOrder, MailProgress,
    MailState, ProductNumber,
};
use crate::mock::{BuyError, MailShelf, Mailbox, StepError};
use crate::provider::{Cx, Fault, FaultKind, Mailboxes};

#[async_trait]
impl Mailboxes for Sandbox {
    async fn domains(&self, _: &Cx, site: &str) -> Result<MailOffers, Fault> {
        let (zones, popular) = self.market.mail_offers(site).map_err(fault_of_buying)?;
        let offer = |shelf: MailShelf| MailOffer {
            name: shelf.name.to_owned(),
            price: self.money(shelf.price),
            count: shelf.count,
        };
        Ok(MailOffers {
            zones: zones.into_iter().map(offer).collect(),
            popular: popular.into_iter().map(offer).collect(),
        })
    }

    async fn buy(&self, _: &Cx, order: &MailOrder) -> Result<BoughtMail, Fault> {
        let zone = order.kind == MailKind::Zone;
        let sold = self.market.buy_mailbox(&order.site, zone, &order.domain).map_err(fault_of_buying)?;
        self.bought_mail(sold)
    }

    async fn buy_again(&self, _: &Cx, mail: &Mail) -> Result<BoughtMail, Fault> {
        let known = self.mailbox(mail);
        self.bought_mail(self.market.buy_mailbox_again(&known.id).map_err(fault_of_buying)?)
    }

    async fn look(&self, _: &Cx, mail: &Mail) -> Result<MailProgress, Fault> {
        let text = self.mailbox(mail).text();
        Ok(text.map_or(MailProgress::Waiting, |value| {
            let full = format!("From: no-reply@{}\nSubject: Your code\n\n{value}", mail.order.site);
            MailProgress::Received(Letter { value, full: Some(full) })
        }))
    }

    async fn cancel(&self, _: &Cx, mail: &Mail) -> Result<(), Fault> {
        let known = self.mailbox(mail);
        self.market.cancel_mailbox(&known.id).map_err(|error| {
            let kind = match error {
                StepError::HasMessage => FaultKind::BadStatus,
                _ => FaultKind::UnknownActivation,
            };
            Fault::new(kind, format!("sandbox: {error}"))
        })
    }
}

impl Sandbox {
    /// The address of a mail. After a restart the market is new, and what the ledger still has is put back.
    fn mailbox(&self, mail: &Mail) -> Mailbox {
        let code =
            mail.letter.as_ref().map(|letter| letter.value.rsplit(' ').next().unwrap_or_default().to_owned());
        self.market.mailbox(&mail.upstream_id).unwrap_or_else(|| {
            self.market.adopt_mailbox(Mailbox {
                id: mail.upstream_id.clone(),
                site: mail.order.site.clone(),
                zone: mail.order.kind == MailKind::Zone,
                domain: mail.order.domain.clone(),
                email: mail.email.as_str().to_owned(),
                price: mail.price.map(|price| price.amount).unwrap_or_default(),
                bought_at: mail.bought_at,
                cancelled: mail.state == MailState::Cancelled,
                code,
            })
        })
    }

    fn bought_mail(&self, mailbox: Mailbox) -> Result<BoughtMail, Fault> {
        let email = Email::parse(&mailbox.email);
        Ok(BoughtMail {
            email: email.map_err(|error| Fault::new(FaultKind::Malformed, error.to_string()).in_doubt())?,
            upstream_id: mailbox.id,
            price: Some(self.money(mailbox.price)),
        })
    }

    /// Sells a partner product.
    pub(super) fn product(&self, number: ProductNumber) -> Result<BoughtProduct, Fault> {
        let sold = self.market.sell_product(number.0).map_err(fault_of_buying)?;
        Ok(BoughtProduct { key: sold.key, manual: sold.manual, price: Some(self.money(sold.price)) })
    }
}

fn fault_of_buying(error: BuyError) -> Fault {
    let kind = match error {
        BuyError::NoFunds => FaultKind::NoFunds,
        BuyError::NoStock | BuyError::TooDear(_) | BuyError::Unsupported => FaultKind::NoStock,
    };
    Fault::new(kind, format!("sandbox: {error}"))
}
