//! What is looked at of an activation where all of them are gone through. Knows neither its number nor its messages.

use std::sync::Arc;

use jiff::Timestamp;

use super::activation::was_bought_after;
use super::{Activation, ActivationId, Currency, Owner, State};

/// The part of an activation by which it is sought among many. Owner and seller are shared by all that have them.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    /// The id clients know.
    pub id: ActivationId,
    /// Whose it is.
    pub owner: Arc<Owner>,
    /// The mark of who sold it.
    pub provider: Arc<String>,
    /// When it was bought.
    pub bought_at: Timestamp,
    /// Until when the upstream waits for messages.
    pub expires_at: Timestamp,
    /// Where it stands.
    pub state: State,
    /// How many messages it has.
    pub messages: u32,
    /// What its price is in, where that is known.
    pub currency: Option<Currency>,
    /// What was bought.
    pub kind: Kind,
    /// Whether its client named an address that its messages are sent to.
    pub names_webhook: bool,
    /// Whether it is never to be handed out.
    pub unwanted: bool,
}

/// What was bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A number for a service.
    Number,
    /// A number for a time.
    Rent,
    /// More time for a rent.
    MoreTime,
}

impl Outline {
    /// Of this activation.
    pub fn of(activation: &Activation) -> Self {
        let owner = Arc::new(activation.owner.clone());
        Self::sharing(owner, Arc::new(activation.provider.clone()), activation)
    }

    /// Of this activation, whose owner and seller are these.
    pub fn sharing(owner: Arc<Owner>, provider: Arc<String>, activation: &Activation) -> Self {
        let kind = match &activation.rent {
            None => Kind::Number,
            Some(rent) if rent.prolongs.is_none() => Kind::Rent,
            Some(_) => Kind::MoreTime,
        };
        Self {
            id: activation.id,
            owner,
            provider,
            bought_at: activation.bought_at,
            expires_at: activation.expires_at,
            state: activation.state,
            messages: u32::try_from(activation.messages.len()).unwrap_or(u32::MAX),
            currency: activation.price.map(|price| price.currency),
            kind,
            names_webhook: activation.rent.as_ref().is_some_and(|rent| rent.webhook.is_some()),
            unwanted: activation.unwanted,
        }
    }

    /// Whether clients know it as an activation.
    pub fn is_handed_out(&self) -> bool {
        self.kind == Kind::Number && !self.unwanted
    }

    /// Whether it is a rent that clients know.
    pub fn is_rent(&self) -> bool {
        self.kind == Kind::Rent && !self.unwanted
    }

    /// Whether it counts as open: clients know it, and it has not ended.
    pub fn is_open(&self) -> bool {
        !self.unwanted && self.kind != Kind::MoreTime && !self.state.is_final()
    }

    /// Whether its time is over at `now`.
    pub fn is_over(&self, now: Timestamp) -> bool {
        now >= self.expires_at
    }

    /// Whether it was bought long after `now`, so that the clock was set back since.
    pub fn is_of_the_future(&self, now: Timestamp) -> bool {
        was_bought_after(self.bought_at, now)
    }

    /// Whether it can still receive messages at `now`.
    pub fn is_active(&self, now: Timestamp) -> bool {
        !self.state.is_final() && !self.is_over(now)
    }

    /// Whether at `now` only the upstream can know more than we do ([`Activation::awaits_messages`]).
    pub fn awaits_messages(&self, now: Timestamp) -> bool {
        match self.kind {
            Kind::Number => self.state.awaits_upstream(),
            Kind::Rent => self.is_active(now),
            Kind::MoreTime => false,
        }
    }
}
