//! Buying mail addresses: intend, buy, then settle, release or doubt. Knows no wire.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::time::timeout;

use super::expected::PRICE_PATIENCE;
use super::flights::Flight;
use super::lists::owner_of;
use super::outcome::Outcome;
use super::{Caller, Engine, Upstream, ledger_fault};
use crate::domain::{ActivationId, BoughtMail, Mail, MailOffer, MailOffers, MailOrder, MailState, Money};
use crate::ledger::GoodsIntent;
use crate::provider::{Capability, Cx, Fault, FaultKind};

impl Engine {
    /// The domains in which there are addresses for a site.
    pub async fn mail_domains(&self, caller: &Caller, site: &str) -> Result<MailOffers, Fault> {
        let upstream = self.mail_upstream()?;
        let offers = domains(upstream, caller, &self.cx(upstream, caller), site).await?;
        let shown = |offer: &MailOffer| {
            Ok(MailOffer { price: upstream.exchange.cost(offer.price.amount)?, ..offer.clone() })
        };
        Ok(MailOffers {
            zones: offers.zones.iter().map(shown).collect::<Result<_, Fault>>()?,
            popular: offers.popular.iter().map(shown).collect::<Result<_, Fault>>()?,
        })
    }

    /// Buys an address. Runs to its end even if the caller goes away; the address is then kept for the caller's
    /// next identical order.
    pub async fn buy_mail(self: &Arc<Self>, caller: &Caller, order: MailOrder) -> Result<Mail, Fault> {
        let upstream = Arc::clone(self.mail_upstream()?);
        self.acquire_mail(caller, upstream, order, None).await
    }

    /// Buys the address of one of the caller's mails once more, from whom sold it.
    pub async fn buy_mail_again(self: &Arc<Self>, caller: &Caller, id: ActivationId) -> Result<Mail, Fault> {
        let parent = match self.mail_entry(caller, id).await {
            Ok(entry) => entry.get(),
            // Whoever has none is told whether there could be any.
            Err(unknown) => return Err(self.require_mail().err().unwrap_or(unknown)),
        };
        let upstream = Arc::clone(self.still_sells(self.mail_seller(&parent)?)?);
        if !upstream.can(Capability::Mail) {
            return Err(Fault::unsupported(Capability::Mail));
        }
        let order = MailOrder { again: Some(id), ..parent.order.clone() };
        self.acquire_mail(caller, upstream, order, Some(parent)).await
    }

    /// Refuses where whoever gets new orders sells no mail addresses.
    ///
    /// # Errors
    /// When it has none, or nobody gets any.
    pub fn require_mail(&self) -> Result<(), Fault> {
        self.mail_upstream().map(drop)
    }

    /// Who gets new orders, if mail addresses are sold there.
    pub(super) fn mail_upstream(&self) -> Result<&Arc<Upstream>, Fault> {
        let upstream = self.main_upstream()?;
        if upstream.can(Capability::Mail) { Ok(upstream) } else { Err(Fault::unsupported(Capability::Mail)) }
    }

    async fn acquire_mail(
        self: &Arc<Self>,
        caller: &Caller,
        upstream: Arc<Upstream>,
        order: MailOrder,
        parent: Option<Mail>,
    ) -> Result<Mail, Fault> {
        let (engine, buyer, wish) = (Arc::clone(self), caller.clone(), order.clone());
        let work = async move { engine.attempt_mail(&upstream, &buyer, wish, parent).await };
        let as_new = |mail: &Mail| self.mail_now(mail).state == MailState::Waiting;
        let mail = self.obtain(caller, (|engine| &engine.goods.mail_orders, &order), as_new, work).await?;
        Ok(self.shown_mail(self.mail_now(&mail)))
    }

    /// A mail as it stands in memory now.
    fn mail_now(&self, mail: &Mail) -> Mail {
        self.goods.book.get(mail.id).map_or_else(|| mail.clone(), |entry| entry.get())
    }

    /// One purchase: the intent on disk, then the upstream, then the result on disk.
    async fn attempt_mail(
        &self,
        upstream: &Upstream,
        caller: &Caller,
        wish: MailOrder,
        parent: Option<Mail>,
    ) -> Result<Mail, Fault> {
        let cx = self.cx(upstream, caller);
        upstream.refuse_if_broken()?;
        let price = expected_price(upstream, caller, &cx, &wish).await;
        let held = self.hold_for_goods(caller, upstream, price)?;
        let intent = GoodsIntent {
            owner: caller.owner.clone(),
            provider: upstream.seller.clone(),
            wish: wish.clone(),
            at: self.clock.now(),
        };
        let id = self.ledger.intend_mail(intent).await.map_err(|error| ledger_fault(&error))?;
        let mailboxes = upstream.provider.mail();
        let bought = match &parent {
            Some(parent) => mailboxes.buy_again(&cx, parent).await,
            None => mailboxes.buy(&cx, &wish).await,
        };
        match Outcome::of(bought) {
            Outcome::Done(BoughtMail { upstream_id, email, price: charged }) => {
                let mail = Mail {
                    id,
                    owner: caller.owner.clone(),
                    provider: upstream.seller.clone(),
                    upstream_id,
                    order: wish,
                    email,
                    price: charged.or(price),
                    bought_at: self.clock.now(),
                    state: MailState::Waiting,
                    letter: None,
                };
                self.settle_mail(upstream, &mail).await;
                let (by, what) = ((caller, upstream), (id, mail.bought_at));
                self.note_spent_on_goods(held, by, what, mail.price);
                Ok(mail)
            }
            Outcome::NotDone(why) => {
                upstream.metrics.not_bought();
                Err(self.release_goods(id, why).await)
            }
            Outcome::Unknown(why) => {
                upstream.metrics.doubted();
                self.note_spent_on_goods(held, (caller, upstream), (id, self.clock.now()), None);
                Err(self.doubt_goods(id, why).await)
            }
        }
    }

    async fn settle_mail(&self, upstream: &Upstream, mail: &Mail) {
        upstream.metrics.bought(mail.price.as_ref());
        let settled = self.ledger.settle_mail(mail.clone()).await;
        let entry = self.goods.book.insert(mail.clone());
        if let Err(error) = settled {
            entry.unsaved.store(true, Ordering::Relaxed);
            // The address is bought and in memory; it is written down as soon as that is possible again.
            tracing::error!(
                id = mail.id.get(),
                provider = upstream.name,
                upstream_id = mail.upstream_id,
                "a purchase could not be written down: {error}"
            );
        }
    }

    /// Cancels an address that was bought for a client which neither waited for it nor came back.
    pub(super) async fn turn_mail_away(self: &Arc<Self>, order: &Arc<Flight<MailOrder, Mail>>) {
        let done = match order.landed().await {
            Some(Ok(mail)) => self.turn_away_mail(&order.caller, mail.id).await,
            _ => true,
        };
        if done {
            self.goods.mail_orders.forget(order);
        }
    }

    /// Says whether nothing is left to be done about it.
    async fn turn_away_mail(self: &Arc<Self>, caller: &Caller, id: ActivationId) -> bool {
        let Ok(entry) = self.mail_entry(caller, id).await else { return true };
        let found = entry.gate.lock().await.is_some();
        if found || entry.get().state != MailState::Waiting {
            return true;
        }
        match self.cancel_mail(caller, id).await {
            Err(fault) if fault.kind == FaultKind::TooEarlyToCancel || fault.may_ask_again() => false,
            outcome => {
                let cancelled = outcome.is_ok();
                tracing::info!(
                    id = id.get(),
                    cancelled,
                    "nobody came for this mail address, so it was to be cancelled"
                );
                true
            }
        }
    }
}

async fn domains(
    upstream: &Upstream,
    caller: &Caller,
    cx: &Cx,
    site: &str,
) -> Result<Arc<MailOffers>, Fault> {
    let fetch = upstream.provider.mail().domains(cx, site);
    upstream.listed(&upstream.lists.mail, (owner_of(caller), site.to_owned()), cx, fetch).await
}

/// What an address costs by the list that is kept anyway, where the upstream does not say what it charges; looked
/// up beforehand, so that nothing stands between the purchase and the ledger.
async fn expected_price(upstream: &Upstream, caller: &Caller, cx: &Cx, wish: &MailOrder) -> Option<Money> {
    if upstream.spec.in_process {
        return None;
    }
    let offers = timeout(PRICE_PATIENCE, domains(upstream, caller, cx, &wish.site)).await.ok()?.ok()?;
    let found = offers.of(wish.kind).iter().find(|offer| offer.name == wish.domain)?;
    // What some print for what is out of stock is no price.
    Some(found.price).filter(|price| !price.amount.is_zero())
}
