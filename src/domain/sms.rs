//! Messages, and what an upstream can say about an activation's progress. Knows no provider's words.

use std::fmt;

use jiff::Timestamp;

use super::Service;

/// One received message. `Debug` hides its contents.
#[derive(Clone, PartialEq, Eq)]
pub struct Sms {
    /// The code taken from it.
    pub code: String,
    /// The full text, where the upstream gives more than the code.
    pub text: Option<String>,
    /// The sender, where the upstream says so.
    pub sender: Option<String>,
    /// Which service it is from, where the number is for those of several.
    pub service: Option<Service>,
    /// When it arrived, or when this server first saw it.
    pub received_at: Timestamp,
}

impl Sms {
    /// A message of which only the code is known.
    pub fn of_code(code: impl Into<String>, received_at: Timestamp) -> Self {
        Self { code: code.into(), text: None, sender: None, service: None, received_at }
    }

    /// The full text; where only the code is known, the code: no text is invented.
    pub fn text_or_code(&self) -> &str {
        self.text.as_deref().unwrap_or(&self.code)
    }
}

impl fmt::Debug for Sms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sms").field("received_at", &self.received_at).finish_non_exhaustive()
    }
}

/// The messages an upstream showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inbox {
    /// Every message so far, oldest first: new ones are told by their number.
    All(Vec<Sms>),
    /// The newest message, at an upstream that says by its own state that it is a new one.
    Newest(Sms),
    /// The message shown now, at an upstream that may go on showing the old one while another is awaited.
    Last(Sms),
}

/// What an upstream says about an activation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// No (further) message yet.
    Waiting,
    /// The upstream wants the message to be sent once more (`STATUS_WAIT_RESEND`).
    Resend,
    /// Messages.
    Received(Inbox),
    /// The upstream says it is cancelled.
    Cancelled,
    /// The upstream no longer knows it: its time is over, or it never was.
    Gone,
}
