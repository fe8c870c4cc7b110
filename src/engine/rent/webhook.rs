//! Whether a rent's messages may be sent to an address of the client's. Knows no way to send them.

use crate::engine::Engine;
use crate::provider::{Fault, FaultKind, Side};

impl Engine {
    /// The address that a client named for the messages of its rent, if it may name it. Nothing here sends messages
    /// to anybody, so none is allowed: a rent that was to tell of its messages and does not is not what was ordered.
    ///
    /// # Errors
    /// A fault of the client's that says why it may not.
    pub fn allowed_webhook(&self, url: &str) -> Result<String, Fault> {
        let _ = url;
        let detail = "this server sends no webhooks; order without url, and ask with getRentStatus";
        // As with everything else that cannot be had along with a number.
        Err(Fault { side: Side::Client, ..Fault::new(FaultKind::NoStock, detail) })
    }
}
