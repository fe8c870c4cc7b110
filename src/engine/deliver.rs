//! Sending messages to those who want them without asking: what is due in the ledger, one try each, and what
//! becomes of it. Knows no timer, and nothing of how a message is written or signed.
//!
//! Source: `api/sms-activate.txt`, "Webhooks": until the address answers 200, at most 8 times within 2 hours.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use super::book::Entry;
use super::{Caller, Engine};
use crate::domain::{Activation, ActivationId};
use crate::ledger::{Delivery, DueQuery, LedgerError, Outbox};
use crate::metrics::Delivered;
use crate::provider::{Fault, FaultKind};
use crate::webhook::address::host_of;
use crate::webhook::{Address, NotTaken, written};

/// How long after a try that failed the next one follows; after the last of them is given up.
const PAUSES: [SignedDuration; 7] = [
    SignedDuration::from_secs(15),
    SignedDuration::from_secs(60),
    SignedDuration::from_mins(3),
    SignedDuration::from_mins(8),
    SignedDuration::from_mins(15),
    SignedDuration::from_mins(30),
    SignedDuration::from_mins(60),
];

/// Nothing is tried again later than this after the message came.
const GIVEN_UP_AFTER: SignedDuration = SignedDuration::from_hours(2);

/// How much one address is sent at a time.
const OF_ONE_ADDRESS: u32 = 4;

/// How much is sent at a time.
const AT_A_TIME: u32 = 64;

/// What is under way. It is locked while the ledger is asked for what is due, so that nothing is taken up twice.
#[derive(Default)]
pub(super) struct Underway(Mutex<HashMap<Key, Option<Tried>>>);

/// An address, and an activation whose messages go there one after the other.
type Key = (ActivationId, String);

/// What came of a try: when it is due again, if it is.
struct Tried {
    delivery: Delivery,
    again: Option<Timestamp>,
}

impl Engine {
    /// The address that a client named for the messages of its rent, if it may name it.
    ///
    /// # Errors
    /// A fault of the client's that says why it may not.
    pub fn allowed_webhook(&self, url: &str) -> Result<String, Fault> {
        let allowed = self.webhooks.allowed(url).map(String::from);
        // As with everything else that cannot be had along with a number.
        allowed.map_err(|refused| Fault::new(FaultKind::NoStock, refused.to_string()))
    }

    /// Who is to be sent an activation's new messages, from now on.
    pub(super) fn outbox(&self, activation: &Activation) -> Outbox {
        let urls = self.webhooks.of(activation).into_iter().map(|address| address.url.into()).collect();
        Outbox { urls, at: self.clock.now() }
    }

    /// Sends what is due, and what becomes due by that; returns when all of it was tried. Called again
    /// meanwhile it takes up what is not under way.
    pub async fn deliver(self: &Arc<Self>) {
        self.note_what_could_not_be_noted().await;
        loop {
            let due = self.take_up().await;
            if due.is_empty() {
                return;
            }
            let sending: Vec<_> = due.into_iter().map(|delivery| Arc::clone(self).send(delivery)).collect();
            join_all(sending).await;
        }
    }

    /// What is due and not under way; from now on it is.
    async fn take_up(&self) -> Vec<Delivery> {
        let mut underway = self.underway.0.lock().await;
        let query = DueQuery { now: self.clock.now(), per_address: OF_ONE_ADDRESS, limit: AT_A_TIME };
        let mut due = match self.ledger.due_deliveries(query).await {
            Ok(due) => due,
            Err(error) => {
                tracing::error!("what is to be sent could not be read: {error}");
                return Vec::new();
            }
        };
        due.retain(|delivery| !underway.contains_key(&key(delivery)));
        underway.extend(due.iter().map(|delivery| (key(delivery), None)));
        due
    }

    /// A try is not cut off when the server stops: what it came to is noted first.
    async fn send(self: Arc<Self>, delivery: Delivery) {
        let (engine, of) = (Arc::clone(&self), key(&delivery));
        let work = async move {
            let tried = engine.try_once(delivery).await;
            engine.note(tried).await;
        };
        if self.to_the_end(work).await.is_err() {
            self.underway.0.lock().await.remove(&of);
        }
    }

    /// One try.
    async fn try_once(&self, delivery: Delivery) -> Tried {
        let found = match self.with_text(&delivery).await {
            Ok(found) => found,
            Err(error) => {
                tracing::error!("what is to be sent could not be read: {error}");
                let again = self.clock.now().saturating_add(PAUSES[0]).ok();
                return Tried { delivery, again };
            }
        };
        let message = found.as_ref().and_then(|found| Some((found, found.messages.get(delivery.seq)?)));
        let Some((activation, sms)) = message else { return Tried { delivery, again: None } };
        let wants = |one: &Address| one.url.as_str() == delivery.url;
        let Some(address) = self.webhooks.of(activation).into_iter().find(wants) else {
            tracing::info!(
                id = activation.id.get(),
                "a message is not sent: its address is no longer configured"
            );
            return Tried { delivery, again: None };
        };
        let taken = self.webhooks.sender.post(&address, written(activation, sms)).await;
        self.judge(delivery, &address, taken)
    }

    fn judge(&self, delivery: Delivery, address: &Address, taken: Result<(), NotTaken>) -> Tried {
        let delivery = Delivery { tries: delivery.tries + 1, ..delivery };
        // The rest of an address may be a secret.
        let (id, host, tries) = (delivery.activation.get(), host_of(&address.url), delivery.tries);
        let Err(why) = taken else {
            tracing::debug!(id, host, tries, "a message was sent");
            self.metrics.delivered(Delivered::Taken);
            return Tried { delivery, again: None };
        };
        let again = next_try(&delivery, self.clock.now());
        if again.is_some() {
            tracing::debug!(id, host, tries, "a message was not taken: {why}");
            self.metrics.delivered(Delivered::Refused);
        } else {
            self.metrics.delivered(Delivered::GivenUp);
            tracing::warn!(id, host, tries, "a message was not taken, and is given up: {why}");
        }
        Tried { delivery, again }
    }

    /// The activation with the message; its full text is fetched first where there is one to be had.
    async fn with_text(&self, delivery: &Delivery) -> Result<Option<Activation>, LedgerError> {
        let known = self.book.get(delivery.activation);
        // A message is in the ledger a moment earlier than in memory.
        let has_it = |entry: &Arc<Entry>| entry.outline(|outline| outline.messages as usize > delivery.seq);
        let Some(entry) = known.filter(has_it) else {
            return self.ledger.find(delivery.activation).await;
        };
        let lacks_text = entry.read(|activation| {
            let newest = activation.messages.len() == delivery.seq + 1;
            newest && activation.rent.is_none() && activation.last().is_some_and(|sms| sms.text.is_none())
        });
        if lacks_text && self.has_key_for(&entry) {
            let owner = entry.outline(|outline| outline.owner.as_ref().clone());
            self.fetch_text(&Caller::new(owner, "webhooks"), &entry).await;
        }
        Ok(Some(entry.get()))
    }

    /// Writes down what came of a try. What cannot be is not tried again before it is.
    async fn note(&self, tried: Tried) {
        let delivery = tried.delivery.clone();
        let noted = match tried.again {
            Some(at) => self.ledger.postpone(delivery, at).await,
            None => self.ledger.close_delivery(delivery).await,
        };
        let (of, mut underway) = (key(&tried.delivery), self.underway.0.lock().await);
        if let Err(error) = noted {
            tracing::error!(id = of.0.get(), "what came of sending could not be written down: {error}");
            underway.insert(of, Some(tried));
        } else {
            underway.remove(&of);
        }
    }

    async fn note_what_could_not_be_noted(&self) {
        let unnoted: Vec<Tried> =
            self.underway.0.lock().await.values_mut().filter_map(Option::take).collect();
        for tried in unnoted {
            self.note(tried).await;
        }
    }
}

fn key(delivery: &Delivery) -> Key {
    (delivery.activation, delivery.url.clone())
}

/// When what was tried so often is tried again, if it is. What waited long behind another message is tried once
/// at least.
fn next_try(delivery: &Delivery, now: Timestamp) -> Option<Timestamp> {
    let tried = usize::try_from(delivery.tries).ok()?;
    let pause = PAUSES.get(tried.checked_sub(1)?)?;
    let at = now.saturating_add(*pause).ok()?;
    let end = delivery.queued_at.saturating_add(GIVEN_UP_AFTER).ok()?;
    (at <= end).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(tries: u32) -> Delivery {
        let activation = ActivationId::new(7).unwrap();
        let queued_at = Timestamp::UNIX_EPOCH;
        Delivery { activation, seq: 0, url: "https://a.example/".into(), queued_at, tries }
    }

    #[test]
    fn a_message_is_tried_eight_times_within_two_hours_with_growing_pauses() {
        let (mut now, mut pauses) = (Timestamp::UNIX_EPOCH, Vec::new());
        let mut tries = 1;
        while let Some(at) = next_try(&tried(tries), now) {
            pauses.push(at.duration_since(now));
            (now, tries) = (at, tries + 1);
        }
        assert_eq!(tries, 8);
        assert!(pauses.is_sorted_by(|one, next| one < next), "{pauses:?}");
        let whole = now.duration_since(Timestamp::UNIX_EPOCH);
        assert!(whole <= GIVEN_UP_AFTER && whole > SignedDuration::from_mins(100), "{whole:?}");
    }

    #[test]
    fn nothing_is_tried_again_after_two_hours() {
        let at = |seconds| Timestamp::from_second(seconds).unwrap();
        assert!(next_try(&tried(1), at(7185)).is_some());
        assert_eq!(next_try(&tried(1), at(7186)), None);
    }
}
