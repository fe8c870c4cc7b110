//! One number that the market sold: its life, its messages and what it cost. Knows neither the
//! balance it was paid from nor any wire.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use super::seed::Draw;

/// Where a lot stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LotState {
    /// Sold; no message yet.
    Waiting,
    /// The service has to send its message once more.
    Resend,
    /// A message came, and no other was asked for.
    Received,
    /// Another message was asked for and has not come.
    Another,
    /// Used and paid for, by the buyer's word or by the end of its time.
    Finished,
    /// Given back and refunded.
    Cancelled,
    /// Its time ended without a message; refunded.
    Expired,
}

impl LotState {
    /// Whether nothing can change any more.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Finished | Self::Cancelled | Self::Expired)
    }
}

/// A message as the number received it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The code in it.
    pub code: String,
    /// All of it.
    pub text: String,
    /// The sender's number.
    pub sender: String,
    /// When it came.
    pub arrived_at: Timestamp,
}

/// A number that was sold.
#[derive(Debug, Clone)]
pub struct Lot {
    /// Its id in the stand-in's own form.
    pub id: String,
    /// The country it was asked for.
    pub country: String,
    /// The service it was asked for.
    pub service: String,
    /// The operator it belongs to, where the country has operators.
    pub operator: Option<String>,
    /// The number, digits only.
    pub phone: String,
    /// Whether its calls and messages are forwarded.
    pub forwards: bool,
    /// Whether it was rented as a whole, so that its price stays paid whether or not a message comes.
    pub rented: bool,
    /// What was charged for it.
    pub price: Decimal,
    /// When it was sold.
    pub bought_at: Timestamp,
    /// Until when messages are taken.
    pub expires_at: Timestamp,
    /// When it ended, if it has.
    pub ended_at: Option<Timestamp>,
    /// Where it stands.
    pub state: LotState,
    /// Whether the buyer said that the message was sent.
    pub ready: bool,
    /// Every message, oldest first.
    pub messages: Vec<Message>,
    /// How many messages the buyer was shown.
    pub seen: usize,
    /// When the next message comes, if one is on its way.
    pub next_at: Option<Timestamp>,
}

impl Lot {
    /// The newest message.
    pub fn last(&self) -> Option<&Message> {
        self.messages.last()
    }

    /// Whether it still lives.
    pub fn is_active(&self) -> bool {
        !self.state.is_final()
    }

    /// Whether what was paid for it stays paid, so far as is known now.
    pub fn was_refunded(&self) -> bool {
        matches!(self.state, LotState::Cancelled | LotState::Expired)
    }

    /// Takes in the message that was on its way, if it has arrived by `now` and in time.
    pub(super) fn catch_up(&mut self, seed: u64, now: Timestamp) {
        if let Some(at) = self.next_at
            && at <= now
            && self.is_active()
        {
            self.next_at = None;
            if at < self.expires_at {
                let message = invent(seed, &self.id, self.messages.len(), at);
                self.receive(message);
            }
        }
    }

    /// Takes in a message.
    pub(super) fn receive(&mut self, message: Message) {
        self.messages.push(message);
        self.next_at = None;
        self.state = LotState::Received;
    }

    /// What it becomes when its time is over.
    pub(super) fn state_at_end(&self) -> LotState {
        if self.messages.is_empty() && !self.rented { LotState::Expired } else { LotState::Finished }
    }
}

/// `by` after `from`.
pub(super) fn later(from: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    from.saturating_add(by).unwrap_or(Timestamp::MAX)
}

/// A sender's number, which the documents show as digits ("phoneFrom": "79180230628").
pub(super) fn sender_of(seed: u64, id: &str) -> String {
    format!("7918{}", Draw::of(seed, &["sender", id]).digits(7))
}

fn invent(seed: u64, id: &str, nth: usize, arrived_at: Timestamp) -> Message {
    let mut draw = Draw::of(seed, &["message", id, &nth.to_string()]);
    let length = 4 + usize::try_from(draw.below(3)).unwrap_or(0);
    let code = draw.digits(length);
    Message { text: format!("Your code is {code}"), code, sender: sender_of(seed, id), arrived_at }
}
