//! Calls: what an upstream can do whose numbers are called, or call. A family of its own, since most
//! upstreams have none of it. Knows no wire and no activation id but the upstream's.
//!
//! Source: `api/sms-activate.txt`, "Получить статус входящего звонка" and "Позвонить на сервис".

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;

use super::{Cx, Fault};
use crate::domain::{Activation, Phone};

/// Where an activation that waits for a call stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallState {
    /// It lives.
    New,
    /// Closed with success.
    Closed,
    /// Cancelled.
    Cancelled,
    /// Given back.
    Returned,
}

/// What there is to know of the call that a number waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncomingCall {
    /// Where the activation stands, where the upstream says so.
    pub state: Option<CallState>,
    /// Who called, if anybody has.
    pub caller: Option<Phone>,
}

/// A call that was ordered from a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingCall {
    /// The upstream's id of the activation.
    pub upstream_id: String,
    /// When it was ordered.
    pub ordered_at: Timestamp,
    /// From which number.
    pub from: Phone,
    /// How it stands, in the upstream's own word.
    pub status: String,
}

/// What became of the wish to have a voice message read once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reread {
    /// It is being read.
    Begun,
    /// The activation is cancelled.
    Cancelled,
}

/// The calls of an upstream. What it refuses in a word of its own is a fault with that word.
#[async_trait]
pub trait Calls: Send + Sync {
    /// Who called the number.
    async fn incoming(&self, cx: &Cx, activation: &Activation) -> Result<IncomingCall, Fault>;

    /// Orders a call from the number to another one.
    async fn order(&self, cx: &Cx, activation: &Activation, to: &Phone) -> Result<(), Fault>;

    /// The calls ordered on a day, or today; of one activation, or of the whole account.
    async fn outgoing(
        &self,
        cx: &Cx,
        activation: Option<&Activation>,
        day: Option<Date>,
    ) -> Result<Vec<OutgoingCall>, Fault>;

    /// Has the voice message read once more, in another language.
    async fn reread(&self, cx: &Cx, activation: &Activation, language: Option<&str>)
    -> Result<Reread, Fault>;
}
