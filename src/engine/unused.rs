//! Numbers that nobody uses, given back shortly before their time is over: where the end of the time alone refunds
//! nothing, that is the last moment. Knows no timer: the server says when.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use jiff::{SignedDuration, Timestamp};

use super::book::{Entry, Pulse};
use super::poll::{Form, Who};
use super::{Caller, Engine, Upstream};
use crate::domain::{Activation, State};

/// How long before the end of its time an unused number is given back: enough for a call that takes its time, and
/// for clocks that differ a little.
const BEFORE_THE_END: SignedDuration = SignedDuration::from_secs(30);

/// A number that a client has asked about, or has bought, within so long is in use.
const IN_USE: Duration = Duration::from_secs(60);

/// How many upstream questions are asked at a time.
const ASKED_AT_A_TIME: usize = 4;

impl Engine {
    /// Looks at what nobody uses and whose time is nearly over, and gives back what still waits.
    pub async fn last_call(self: &Arc<Self>) {
        if !self.cancel_unused {
            return;
        }
        let now = self.clock.now();
        let due = self.book.all(|outline| {
            let waits = matches!(outline.state, State::Waiting | State::Resend | State::Cancelling);
            let nearly = now >= last_moment(outline.expires_at) && !outline.is_over(now);
            waits && nearly && outline.is_handed_out() && outline.messages == 0
        });
        let asked = due.into_iter().filter(|entry| self.has_key_for(entry) && self.needs_a_word(entry));
        stream::iter(asked).for_each_concurrent(ASKED_AT_A_TIME, |entry| self.call_last(entry)).await;
    }

    async fn call_last(self: &Arc<Self>, entry: Arc<Entry>) {
        let (owner, id) = entry.outline(|outline| (outline.owner.as_ref().clone(), outline.id));
        if self.is_in_use(&entry.get(), &*entry.gate().lock().await) {
            return;
        }
        // The look itself gives it back, if the upstream still waits.
        let caller = Caller::new(owner, "tidy");
        if let Err(fault) = self.refresh(&caller, &entry, Form::Plain, Who::Server).await {
            tracing::debug!(id = id.get(), %fault, "not known whether a number that nobody uses still waits");
        }
    }

    /// Whether its upstream refunds nothing by itself, as far as its document says.
    fn needs_a_word(&self, entry: &Entry) -> bool {
        self.seller_of(entry).is_ok_and(|upstream| !upstream.spec.expiry_refunds)
    }

    /// Whether a number that still waits without a message is to be given back now.
    pub(super) fn is_to_go_back(&self, upstream: &Upstream, waiting: &Activation, pulse: &Pulse) -> bool {
        let now = self.clock.now();
        let nearly = now >= last_moment(waiting.expires_at) && waiting.is_handed_out();
        let unused = nearly && !upstream.spec.expiry_refunds && !self.is_in_use(waiting, pulse);
        self.cancel_unused && (waiting.is_over(now) || unused)
    }

    /// Whether somebody may be waiting for its message. Who asked an earlier process gets the time to ask this one.
    fn is_in_use(&self, activation: &Activation, pulse: &Pulse) -> bool {
        let since = self.clock.elapsed().saturating_sub(pulse.client_asked.unwrap_or(self.started));
        let age = self.clock.now().duration_since(activation.bought_at);
        since < IN_USE || Duration::try_from(age).is_ok_and(|age| age < IN_USE)
    }
}

fn last_moment(expires_at: Timestamp) -> Timestamp {
    expires_at.saturating_sub(BEFORE_THE_END).unwrap_or(expires_at)
}
